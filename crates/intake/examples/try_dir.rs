//! scratch
#![allow(missing_docs, clippy::unwrap_used)]
use std::collections::BTreeMap;
use tahuang_app::{Asker, figures::At};
use tahuang_intake::*;
use tahuang_testkit::Office;
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let office = Office::empty();
    let ledgers = Ledgers::parse("l", include_str!("../../../catalog/ledgers.toml"), &office.app.knowledge().catalog).unwrap();
    let csv = std::fs::read_to_string("demo/divisions-tibet.csv").unwrap();
    let mut by: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (p, c) in divisions::commands(&csv).unwrap() { by.entry(p).or_default().push(c); }
    for (p, c) in by { for b in c.chunks(500) { office.app.submit(p, &Asker::Console, b.to_vec()).unwrap(); } }
    let import = Import { app: &office.app, ledgers: &ledgers, asker: &Asker::Console, headings: &BTreeMap::new() };
    let mut files: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "xlsx")).collect();
    files.sort();
    for f in files {
        for r in import.run(&Workbook::read(&f).unwrap(), &mut |_, _| {}).unwrap() {
            if !r.missing.is_empty() || r.ledger.is_none() { println!("# {} {} {:?} missing {:?} columns {:?}", f.file_name().unwrap().to_string_lossy(), r.sheet, r.ledger, r.missing, r.columns); }
            for row in &r.rows { if let Some((c, m)) = &row.refusal { eprintln!("{}\t{}\t{}\t{c}\t{m}", f.file_name().unwrap().to_string_lossy(), r.sheet, row.row); } }
        }
    }
    println!("code\tarea\tvalue");
    for (f, a, v) in office.app.published(At::Now).unwrap() { println!("{}\t{a}\t{}", f.code, v.unwrap_or_default()); }
}
