//! The whole system, as it is served: sessions, permission, rules, journal, search and figures kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tahuang_app::{App, Asker, Knowledge, MasterKey, SystemClock, SystemIds};
use tahuang_domain::Prefecture;
use tahuang_http::{Door, NoAssets, Settings, router};
use tahuang_intake::{Import, Ledgers, Workbook, divisions};
use tahuang_store::Outcome;
use tahuang_store_files::DirectoryFiles;
use tahuang_store_sqlite::SqliteStore;

use crate::client::{self, Rate, Server};
use crate::{forged, generate};

const PREFECTURE: &str = "542500000000";

/// A running office over one database.
pub struct Office {
    path: PathBuf,
    app: Arc<App>,
    server: Server,
    /// Headers of a signed-in program.
    headers: String,
    password: String,
    sent: std::cell::Cell<u64>,
}

fn app(path: &Path) -> Arc<App> {
    let store = Arc::new(SqliteStore::open(path).unwrap());
    let files = Arc::new(DirectoryFiles::new(path.with_file_name("files")));
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds::default()));
    Arc::new(App::start(store, files, Arc::new(Knowledge::bundled().unwrap()), clock, ids, MasterKey([1; 16])).unwrap())
}

fn ledgers(app: &App) -> Arc<Ledgers> {
    Arc::new(Ledgers::bundled(&app.knowledge().catalog).unwrap())
}

fn register_divisions(app: &App) {
    let csv = std::fs::read_to_string("demo/divisions-tibet.csv").unwrap();
    let mut by_prefecture: std::collections::BTreeMap<Prefecture, Vec<_>> = std::collections::BTreeMap::new();
    for (prefecture, command) in divisions::commands(&csv).unwrap() {
        by_prefecture.entry(prefecture).or_default().push(command);
    }
    for (prefecture, commands) in by_prefecture {
        for batch in commands.chunks(1_000) {
            let answers = app.submit(prefecture, &Asker::Console, batch.to_vec()).unwrap();
            assert!(answers.iter().all(|answer| matches!(answer.outcome, Outcome::Accepted { .. })));
        }
    }
}

impl Office {
    pub fn open(path: &Path) -> Self {
        let app = app(path);
        register_divisions(&app);
        let area = PREFECTURE.parse().unwrap();
        let password =
            app.create_account(&Asker::Console, "bench", "测试员", "prefecture_officer", area, None).unwrap();
        Self::serve(path, app, password)
    }

    fn serve(path: &Path, app: Arc<App>, password: String) -> Self {
        let (token, _) = app.sign_in("bench", &password).unwrap();
        let door = Door::new(Arc::clone(&app), ledgers(&app), Settings::default(), Box::new(NoAssets));
        let server = Server::start(router(door));
        let headers = format!("Authorization: Bearer {token}\r\n");
        Self { path: path.to_owned(), app, server, headers, password, sent: std::cell::Cell::new(0) }
    }

    /// Commands a second, acknowledged when durable, in batches of 100 over 32 connections.
    pub fn ingest(&self, commands: usize) -> Rate {
        let seed = self.sent.replace(self.sent.get() + 1) + 1;
        client::load(self.server.address, "/api/v1/commands", &self.headers, generate::bodies(commands, seed))
    }

    /// Waits until the search index has read what was written: seconds.
    pub fn settle(&self) -> f64 {
        let prefecture = Prefecture::new(PREFECTURE.parse().unwrap()).unwrap();
        let started = Instant::now();
        while self.app.search_behind(prefecture).unwrap() > 0 && started.elapsed() < Duration::from_secs(600) {
            std::thread::park_timeout(Duration::from_millis(20));
        }
        started.elapsed().as_secs_f64()
    }

    /// What the pages read.
    pub fn reads(&self) -> Vec<(String, Rate)> {
        let areas = ["542500000000", "542521000000", "542526000000", "542521100000", "542521100201"];
        let of = |what: &str, times: usize, paths: Vec<String>| {
            (what.to_owned(), client::read(self.server.address, &self.headers, &paths, times))
        };
        let each = |path: &str| areas.iter().map(|area| format!("/api/v1{path}area={area}")).collect::<Vec<_>>();
        let words = ["%E6%B0%B4%E6%B8%A0", "%E6%B3%A5%E7%9F%B3%E6%B5%81", "%E8%B7%AF%E7%81%AF"];
        vec![
            of("figures page data", 2_000, each("/figures?")),
            of("figure by day", 1_000, each("/figures/hazards_rectified/trend?")),
            of("records of a figure, first page", 1_000, each("/figures/hazards_rectified/records?")),
            of("case list page", 1_000, each("/cases?")),
            of("case list page, one kind, open", 1_000, each("/cases?kind=hazard&state=reported&")),
            of("case counts", 500, each("/cases/counts?")),
            of(
                "case search, a two-character word",
                300,
                words.iter().map(|word| format!("/api/v1/cases?q={word}")).collect(),
            ),
        ]
    }

    /// How long a good form takes on the residents' pages, alone and while ten thousand forged ones come. Each on a door of
    /// its own, which has seen nobody send before.
    pub fn good_forms(self) -> (Self, Rate, Rate) {
        let office = self.reopen();
        let calm = forged::good_forms(office.server.address, false);
        let office = office.reopen();
        let storm = forged::good_forms(office.server.address, true);
        (office, calm, storm)
    }

    /// Stops and starts again on the same database, until it has answered once.
    pub fn reopen(self) -> Self {
        let Self { path, app: running, server, password, .. } = self;
        drop(server);
        drop(running);
        let office = Self::serve(&path, app(&path), password);
        client::read(office.server.address, &office.headers, &["/api/v1/figures".to_owned()], 1);
        office
    }
}

/// Seconds that the 12 workbooks take, from files to figures.
pub fn import(path: &Path) -> f64 {
    let app = app(path);
    register_divisions(&app);
    let ledgers = ledgers(&app);
    let import = Import { app: &app, ledgers: &ledgers, asker: &Asker::Console, headings: &Default::default() };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir("demo/ledgers").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "xlsx"));
    files.sort();
    let started = Instant::now();
    for file in files {
        import.run(&Workbook::read(&file).unwrap(), &mut |_, _| {}).unwrap();
    }
    started.elapsed().as_secs_f64()
}
