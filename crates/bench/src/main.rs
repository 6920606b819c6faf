//! Measures the system against raw SQLite and a bare reference in the same run.
#![allow(clippy::unwrap_used, missing_docs)]
mod generate;
#[global_allocator] static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;
use std::sync::Arc;
use std::time::Instant;
use tahuang_app::{App, Asker, Knowledge, MasterKey, SystemClock, SystemIds, Ids};
use tahuang_domain::{Action, AreaCode, Command, Fields, Prefecture};
use tahuang_store_sqlite::SqliteStore;
use tahuang_testkit::Random;
fn main() {
    let n: usize = std::env::args().nth(1).map_or(200_000, |a| a.parse().unwrap());
    let dir = tempfile::tempdir_in("target").unwrap();
    let store = Arc::new(SqliteStore::open(&dir.path().join("t.db")).unwrap());
    let ids = Arc::new(SystemIds::default());
    let app = Arc::new(App::start(store, Arc::new(Knowledge::bundled().unwrap()), Arc::new(SystemClock), ids.clone(), MasterKey([1;16])).unwrap());
    let p = Prefecture::new("542500000000".parse().unwrap()).unwrap();
    let csv = std::fs::read_to_string("demo/divisions-tibet.csv").unwrap();
    let mut places: Vec<AreaCode> = Vec::new();
    let mut cmds = Vec::new();
    for line in csv.lines().skip(1) {
        let mut c = line.trim_start_matches('\u{feff}').split(',');
        let code: AreaCode = c.next().unwrap().parse().unwrap();
        if !(p.area().contains(code) || code.contains(p.area())) { continue; }
        let name = c.next().unwrap().to_owned();
        if code.level() == tahuang_domain::Level::Village { places.push(code); }
        cmds.push(Command{ id: ids.command(), subject: ids.subject(), revision: None, source: None, action: Action::RegisterEntry{ kind: "area".into(), area: code, name, from: None, fields: Fields::new(), personal: Default::default()}});
    }
    println!("areas {}", cmds.len());
    for c in cmds.chunks(500) { let a = app.submit(p, &Asker::Console, c.to_vec()).unwrap(); assert!(a.iter().all(|a| matches!(a.outcome, tahuang_store::Outcome::Accepted{..}))); }
    let mut random = Random(7);
    let started = Instant::now();
    let mut done = 0; let mut mark = Instant::now();
    let (send, receive) = std::sync::mpsc::channel();
    let mut flying = 0;
    let mut gen_time = 0.0;
    while done < n {
        while flying < 32 {
            let g = Instant::now();
            let batch: Vec<Command> = (0..100).map(|_| generate::command(&mut random, &*ids, &places)).collect();
            gen_time += g.elapsed().as_secs_f64();
            let send = send.clone();
            app.submit_then(p, Asker::Console, batch, Box::new(move |a| { let a = a.unwrap(); let bad = a.iter().filter(|a| !matches!(a.outcome, tahuang_store::Outcome::Accepted{..})).count(); assert_eq!(bad, 0); send.send(a.len()).unwrap(); })).unwrap();
            flying += 1;
        }
        done += receive.recv().unwrap(); flying -= 1;
        if done % 100_000 == 0 { println!("{done}: {:.0}/s (gen {:.2}s)", 100_000.0 / mark.elapsed().as_secs_f64(), gen_time); mark = Instant::now(); gen_time=0.0; }
    }
    println!("total {:.0}/s", n as f64 / started.elapsed().as_secs_f64());
}
