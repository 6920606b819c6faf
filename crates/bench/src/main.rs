//! `cargo xtask bench`: the system's rates beside raw SQLite's and a bare reference's, in one run on one machine.
//!
//! Everything is measured from outside, over loopback, with the client on the same cores. What is compared is a ratio:
//! absolute rates are the machine's.
#![allow(clippy::unwrap_used, missing_docs, reason = "a measurement that cannot go on stops")]

mod bare;
mod client;
mod forged;
mod generate;
mod ours;
mod raw;

use std::path::Path;
use std::time::Instant;

use client::Rate;

/// As in the server.
#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Commands that one rate is taken of.
const WINDOW: usize = 100_000;
/// Windows over an empty journal and over the full one, in turn.
const PAIRS: usize = 8;

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
    let (mut empty, mut behind) = (Vec::new(), Vec::new());
    for pair in 0..PAIRS {
        // Otherwise the full journal's search index would be written while the empty one is measured.
        office.settle();
        // Each comes first in every other pair: whatever the order gives, it gives to both.
        if pair % 2 == 1 {
            behind.push(office.ingest(WINDOW));
            office.settle();
        }
        empty.push(empty_window(&folder.path().join(format!("empty-{pair}.db"))));
        if pair % 2 == 0 {
            behind.push(office.ingest(WINDOW));
        }
    }
    in_turn(&empty, &behind, raw, &bare);
    println!("{:<58}{:>10.1} s", "search index caught up after", office.settle());
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
    let (office, calm, storm) = office.good_forms();
    latency("a resident's form, alone", &calm);
    latency("the same while 10,000 forged forms come", &storm);
    println!("   storm ÷ alone: p50 {:.2}, p99 {:.2}", storm.p50_ms / calm.p50_ms, storm.p99_ms / calm.p99_ms);
    drop(office);
    println!(
        "{:<58}{:>10.2} s",
        "import of the 12 workbooks (divisions known)",
        ours::import(&folder.path().join("import.db"))
    );
}

/// The rate of the first commands over a journal that holds nothing but the divisions.
fn empty_window(path: &Path) -> Rate {
    let office = ours::Office::open(path);
    let rate = office.ingest(WINDOW);
    drop(office);
    std::fs::remove_file(path).unwrap();
    rate
}

/// What the records behind cost: a machine is not equally fast from one minute to the next, so an empty journal and the
/// full one are measured in turn and compared pair by pair.
fn in_turn(empty: &[Rate], behind: &[Rate], raw: f64, bare: &Rate) {
    for (what, rates) in [("empty", empty), ("full", behind)] {
        let per_second = median(rates.iter().map(|rate| rate.per_second));
        line(&format!("   in turn, over the {what} journal, median of {PAIRS}"), per_second, "commands/s", raw);
    }
    let ratios = || empty.iter().zip(behind).map(|(empty, behind)| behind.per_second / empty.per_second);
    println!(
        "   full ÷ empty {:.2} ({:.2} to {:.2}); full ÷ bare {:.2}; of 100 commands, 32 at a time: p50 {:.1} ms, p99 {:.1} ms",
        median(ratios()),
        ratios().fold(f64::INFINITY, f64::min),
        ratios().fold(0.0, f64::max),
        median(behind.iter().map(|rate| rate.per_second)) / bare.per_second,
        median(behind.iter().map(|rate| rate.p50_ms)),
        median(behind.iter().map(|rate| rate.p99_ms)),
    );
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
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
