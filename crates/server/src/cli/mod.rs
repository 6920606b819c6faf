//! The command line.

mod admin;
mod backup;
mod figures;
mod import;
mod journal;
mod notify;
mod records;
mod serve;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use tahuang_app::figures::At;
use tahuang_domain::{AreaCode, Day};

/// 塔黄 — record once, where the work happens; everything else is computed, and every figure opens to the records that
/// it counts.
#[derive(Parser)]
#[command(
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  tahuang import demo/ledgers --divisions demo/divisions-tibet.csv
  tahuang figures                            the figures as the prefecture publishes them
  tahuang figures --area 542521000000        those of one county
  tahuang figures --at 2025-08-20            as they stood at the end of that day
  tahuang records hazards_rectified --area 542526000000 --format tsv
  tahuang verify && tahuang backup /backup/tahuang-2025-08-20.db
  tahuang serve --listen 0.0.0.0:8080

Exit codes: 0 done · 1 the journal was changed (verify) · 2 it could not be done, and one line says why."
)]
pub struct Arguments {
    /// The data directory: database, attached files, master key, refused rows
    #[arg(long, global = true, value_name = "DIR", default_value = "data", env = "TAHUANG_DATA")]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring in ledgers (xlsx files, or folders of them): rows become records, bad rows are kept until they are fixed
    Import(import::Import),
    /// Print figures, now or as of an earlier moment
    Figures(figures::Figures),
    /// Print the records behind a figure, each with the file, sheet and row it came from
    Records(records::Records),
    /// Walk the journals and the attached files and say whether anything was changed (exit code 1 and what, if so)
    Verify,
    /// Drop everything that is derived and compute it again from the journals
    Rebuild,
    /// Copy the database to a new file, and the attached files into a folder beside it (FILE.files), also while the server
    /// runs (the master key is not in it: keep it apart)
    Backup {
        /// The file to write; it must not exist
        file: PathBuf,
    },
    /// Put a backup into an empty data directory and verify it
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// Serve the pages and the API
    Serve(serve::Serve),
    /// Print the OpenAPI 3.1 description of the API
    Openapi,
    /// Try the channels over which people are told: list, test
    #[command(subcommand)]
    Notify(notify::Notify),
    /// Keep accounts and API keys: create, list, new password, disable
    #[command(subcommand)]
    Admin(admin::Admin),
}

/// How a list is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, in aligned columns
    Table,
    /// Tab-separated, with a heading line
    Tsv,
    /// JSON
    Json,
}

/// Runs a subcommand.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let data = &arguments.data;
    match arguments.command {
        Command::Import(import) => import.run(data),
        Command::Figures(figures) => figures.run(data),
        Command::Records(records) => records.run(data),
        Command::Verify => journal::verify(data),
        Command::Rebuild => journal::rebuild(data),
        Command::Backup { file } => backup::backup(data, &file),
        Command::Restore { file } => backup::restore(data, &file),
        Command::Serve(serve) => serve.run(data),
        Command::Openapi => {
            let mut out = std::io::stdout().lock();
            writeln!(out, "{}", tahuang_http::openapi().to_pretty_json()?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Notify(notify) => notify.run(data),
        Command::Admin(admin) => admin.run(data),
    }
}

/// Whether the reader of our output went away (`tahuang records … | head`), which is no error of ours.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

fn parse_area(text: &str) -> Result<AreaCode, String> {
    text.parse().map_err(|problem: &str| problem.to_owned())
}

fn parse_at(text: &str) -> Result<At, String> {
    if let Ok(position) = text.parse::<u64>() {
        return Ok(At::Position(position));
    }
    text.parse::<Day>().map(At::Day).map_err(|_| "a journal position (a number) or a day (YYYY-MM-DD)".to_owned())
}

/// Prints rows: aligned (CJK characters are two columns wide), or tab-separated.
fn print_rows(out: &mut impl Write, format: Format, heading: &[&str], rows: &[Vec<String>]) -> anyhow::Result<()> {
    let heading: Vec<String> = heading.iter().map(|&cell| cell.to_owned()).collect();
    let lines = || std::iter::once(&heading).chain(rows);
    if format == Format::Tsv {
        for line in lines() {
            let cells: Vec<String> = line.iter().map(|cell| cell.replace(['\t', '\n', '\r'], " ")).collect();
            writeln!(out, "{}", cells.join("\t"))?;
        }
        return Ok(());
    }
    let columns = heading.len();
    let widths: Vec<usize> =
        (0..columns).map(|column| lines().map(|line| width(&line[column])).max().unwrap_or(0)).collect();
    for line in lines() {
        let mut text = String::new();
        for (cell, wanted) in line.iter().zip(&widths) {
            text.push_str(cell);
            text.push_str(&" ".repeat(wanted - width(cell) + 2));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

fn width(text: &str) -> usize {
    text.chars().map(|character| if ('\u{1100}'..='\u{ffe6}').contains(&character) { 2 } else { 1 }).sum()
}
