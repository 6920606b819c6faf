//! `cargo xtask test`: every test there is.

use std::process::Command;
use std::time::Instant;

use crate::setup::{self, root};
use crate::tidy;

pub fn run(rest: &[String]) -> Result<(), String> {
    let started = Instant::now();
    setup::compiler()?;
    setup::web()?;
    setup::browser()?;
    setup::paper()?;
    setup::run("web: types", setup::npm().args(["run", "check"]))?;
    setup::run("Rust: every crate", setup::cargo().args(["test", "--workspace", "--quiet"]).args(rest))?;
    tidy::run(false)?;
    setup::run("building the server", setup::cargo().args(["build", "--package", "tahuang-server"]))?;
    let mut pages = Command::new("node");
    pages.current_dir(root().join("web")).args(["e2e/run.mjs"]);
    pages.env("TAHUANG", root().join("target/debug/tahuang"));
    setup::run("the pages in a real browser", &mut pages)?;
    println!("── everything passed in {:.0} s", started.elapsed().as_secs_f64());
    Ok(())
}
