//! `cargo xtask bench`: the system's rates beside raw SQLite's and a bare reference's, in one run on one machine.
//!
//! Everything is measured from outside, over loopback, with the client on the same cores. What is compared is a ratio:
//! absolute rates are the machine's.
#![allow(clippy::unwrap_used, missing_docs, reason = "a measurement that cannot go on stops")]

mod bare;
mod client;
mod generate;
mod ours;
mod raw;

use std::time::Instant;

use client::Rate;

/// As in the server.
#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Commands that one rate is taken of.
const WINDOW: usize = 100_000;

fn main() {
    let records = argument("--records").unwrap_or(1_000_000);
    // On a real disk: a temporary file system would make every commit free.
    let folder = tempfile::tempdir_in("target").unwrap();
    println!("records {records}, cores {}", std::thread::available_parallelism().map_or(1, usize::from));

    let raw = raw::insert(&folder.path().join("raw.db"), 400_000);
    line("raw SQLite, one table, 1,000 rows a transaction", raw, "rows/s", raw);

    let bare = bare::measure(&folder.path().join("bare.db"), WINDOW * 2);
    line("bare axum + SQLite: journal, unique key, counters", bare.per_second, "records/s", raw);

    let office = ours::Office::open(&folder.path().join("ours.db"));
    let windows: Vec<Rate> = (0..records / WINDOW).map(|_| office.ingest(WINDOW)).collect();
    for (behind, rate) in windows.iter().enumerate() {
        let what = format!("tahuang, POST /api/v1/commands, {} records behind", behind * WINDOW);
        line(&what, rate.per_second, "commands/s", raw);
    }
    if let [first, second, .., last] = windows.as_slice() {
        println!(
            "   last ÷ first {:.2}, last ÷ second {:.2}; last ÷ bare {:.2}; of 100 commands, 32 at a time: p50 {:.1} ms, p99 {:.1} ms",
            last.per_second / first.per_second,
            last.per_second / second.per_second,
            last.per_second / bare.per_second,
            last.p50_ms,
            last.p99_ms
        );
    }
    office.settle();
    for (what, rate) in office.reads() {
        latency(&what, &rate);
    }
    let started = Instant::now();
    let office = office.reopen();
    println!(
        "{:<58}{:>10.0} ms",
        "server start on this journal, until the first answer",
        started.elapsed().as_secs_f64() * 1e3
    );
    drop(office);
    println!(
        "{:<58}{:>10.2} s",
        "import of the 12 workbooks (divisions known)",
        ours::import(&folder.path().join("import.db"))
    );
}

fn argument(name: &str) -> Option<usize> {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|argument| argument == name)?;
    arguments.get(at + 1)?.parse().ok()
}

fn line(what: &str, per_second: f64, unit: &str, raw: f64) {
    println!("{what:<58}{per_second:>10.0} {unit:<11} {:.3} of raw", per_second / raw);
}

fn latency(what: &str, rate: &Rate) {
    println!("{what:<58}  p50 {:>7.2} ms  p99 {:>7.2} ms  {:>8.0}/s", rate.p50_ms, rate.p99_ms, rate.per_second);
}
