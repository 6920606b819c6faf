//! Prints one filled-in paper of each form into a directory, to look at them: `cargo run -p tahuang-press --example forms`.

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args().nth(1).unwrap_or_else(|| "target/forms".to_owned());
    std::fs::create_dir_all(&directory)?;
    let fonts = tahuang_press::Fonts::installed(None);
    let long = tahuang_press::forms::dossier::dossier(&samples::a_long_dossier());
    // Twice, since the first paper reads the fonts.
    let measured = [("long_dossier", long.clone()), ("long_dossier", long)];
    for (name, document) in measured.into_iter().chain(samples::all()) {
        let started = Instant::now();
        let bytes = tahuang_press::press(&document, &fonts)?;
        println!("{name}: {} bytes, {} ms", bytes.len(), started.elapsed().as_millis());
        std::fs::write(format!("{directory}/{name}.pdf"), bytes)?;
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
    Ok(())
}
