//! `cargo xtask demo`: from a fresh clone to a running server with the page's figures.

use crate::setup::{self, root};

pub fn run(rest: &[String]) -> Result<(), String> {
    setup::compiler()?;
    setup::web()?;
    setup::run("building the server", setup::cargo().args(["build", "--release", "--package", "tahuang-server"]))?;
    let program = root().join("target/release/tahuang");
    let data = root().join("target/demo");
    let tahuang = || {
        let mut command = std::process::Command::new(&program);
        command.current_dir(root()).arg("--data").arg(&data);
        command
    };
    setup::run(
        "loading the divisions and the 12 ledgers",
        tahuang().args(["import", "demo/ledgers", "--divisions", "demo/divisions-tibet.csv"]),
    )?;
    setup::run("the figures, each computed from records", tahuang().arg("figures"))?;
    let mut serve = tahuang();
    serve.args(["serve", "--demo"]).args(rest);
    setup::run("serving (Ctrl-C ends it)", &mut serve)
}
