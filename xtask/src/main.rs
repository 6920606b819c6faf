//! The chores of this repository: `cargo xtask demo | test | tidy | bench`.
//!
//! Only the standard library, so that the first command in a fresh clone starts at once. Each chore does its own set-up
//! ([`setup`]) and says what it is doing.

mod demo;
mod setup;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask demo     build everything, load the divisions and the 12 ledgers, start the server, print the address and the accounts
cargo xtask test     every test: Rust, web, the program from outside, the pages in a real browser, and tidy
cargo xtask tidy     format, clippy, arrows between crates, generated files, no external address in the web build
                     (--fix formats and regenerates instead of complaining)
cargo xtask bench    ingest, pages and import, as ratios against raw SQLite and a bare reference in the same run
                     (--records N, default 1000000)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest = arguments.get(1..).unwrap_or_default();
    let done = match arguments.first().map(String::as_str) {
        Some("demo") => demo::run(rest),
        Some("test") => test::run(rest),
        Some("tidy") => tidy::run(rest.iter().any(|argument| argument == "--fix")),
        Some("bench") => bench(rest),
        _ => {
            print!("{HELP}");
            return ExitCode::from(u8::from(!arguments.is_empty()) * 2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xtask: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn bench(rest: &[String]) -> Result<(), String> {
    setup::compiler()?;
    let mut command = setup::cargo();
    command.args(["run", "--release", "--package", "tahuang-bench", "--"]).args(rest);
    setup::run("bench", &mut command)
}
