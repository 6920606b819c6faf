//! The binary `tahuang`: command line, configuration, and the wiring of store, application and doors.
//!
//! Deliberately absent: rules of any kind. Each subcommand is a file under [`cli`]; [`data`] opens a data directory, [`config`]
//! says every key of the configuration.

/// Commands are many small allocations on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod cli;
mod config;
mod data;
mod pages;
mod timer;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    // A file that may not grow any more is then an error that can be said in a line, and no silent death.
    _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Default::default());
    let arguments = match cli::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors; everything else is, with exit code 2.
            _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match cli::run(arguments) {
        Ok(code) => code,
        Err(error) if cli::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let line = format!("{error:#}").replace('\n', " ");
            _ = writeln!(std::io::stderr(), "tahuang: {line}");
            ExitCode::from(2)
        }
    }
}
