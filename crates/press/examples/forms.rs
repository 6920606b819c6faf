//! Prints one filled-in paper of each form into a directory, to look at them: `cargo run -p tahuang-press --example forms`.

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args().nth(1).unwrap_or_else(|| "target/forms".to_owned());
    std::fs::create_dir_all(&directory)?;
    let fonts = tahuang_press::Fonts::installed(None);
    for (name, document) in samples::all() {
        let started = Instant::now();
        let bytes = tahuang_press::press(&document, &fonts)?;
        println!("{name}: {} bytes, {} ms", bytes.len(), started.elapsed().as_millis());
        std::fs::write(format!("{directory}/{name}.pdf"), bytes)?;
    }
    Ok(())
}
