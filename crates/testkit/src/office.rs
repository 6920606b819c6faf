//! An application on an empty store in a folder of its own.

use std::path::Path;
use std::sync::Arc;

use tahuang_app::{App, Asker, Ids, Knowledge, MasterKey};
use tahuang_domain::{Action, AreaCode, Command, Fields, Prefecture, SubjectId};
use tahuang_intake::Ledgers;
use tahuang_store::{Outcome, Store};
use tahuang_store_sqlite::SqliteStore;
use tempfile::TempDir;

use crate::random::{SeededIds, SteppingClock};

/// The prefecture of the tests.
pub const PREFECTURE: &str = "542500000000";

/// An application on an empty store, with a few areas.
pub struct Office {
    /// The application.
    pub app: Arc<App>,
    /// Its clock.
    pub clock: Arc<SteppingClock>,
    /// Its ids, which go on after a restart.
    pub ids: Arc<SeededIds>,
    /// Its prefecture.
    pub prefecture: Prefecture,
    /// The folder with the database; deleted when dropped.
    pub folder: TempDir,
}

/// Areas of the tests: a prefecture with two counties, three townships, four villages and six grids.
const AREAS: [(&str, &str, &str); 17] = [
    ("area", "540000000000", "西藏自治区"),
    ("area", "542500000000", "阿里地区"),
    ("area", "542521000000", "普兰县"),
    ("area", "542526000000", "措勤县"),
    ("area", "542521100000", "普兰镇"),
    ("area", "542521200000", "巴嘎乡"),
    ("area", "542526100000", "措勤镇"),
    ("area", "542521100001", "吉让居委会"),
    ("area", "542521100201", "多油村"),
    ("area", "542521200201", "岗莎村"),
    ("area", "542526100001", "门东居委会"),
    ("grid", "542521100001001", "吉让居第一网格"),
    ("grid", "542521100001002", "吉让居第二网格"),
    ("grid", "542521100201001", "多油村第一网格"),
    ("grid", "542521200201001", "岗莎村第一网格"),
    ("grid", "542526100001001", "门东居第一网格"),
    ("grid", "542526100001002", "门东居第二网格"),
];

/// An area code.
pub fn area(code: &str) -> AreaCode {
    code.parse().unwrap()
}

/// A command on a subject.
pub fn command(ids: &dyn Ids, subject: SubjectId, action: Action) -> Command {
    Command { id: ids.command(), subject, revision: None, source: None, action }
}

impl Office {
    /// A new office that knows no areas yet.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (clock, ids) = (Arc::new(SteppingClock::default()), Arc::new(SeededIds::default()));
        let app = Self::open_with(&folder.path().join("tahuang.db"), Arc::clone(&clock), Arc::clone(&ids));
        let prefecture = Prefecture::new(area(PREFECTURE)).unwrap();
        Self { app, clock, ids, prefecture, folder }
    }

    /// A new office with the areas of the tests.
    pub fn new() -> Self {
        let office = Self::empty();
        let commands: Vec<Command> = AREAS
            .iter()
            .map(|(kind, code, name)| {
                let action = Action::RegisterEntry {
                    kind: (*kind).to_owned(),
                    area: area(code),
                    name: (*name).to_owned(),
                    from: None,
                    fields: Fields::new(),
                    personal: Default::default(),
                };
                command(office.app.ids(), office.app.ids().subject(), action)
            })
            .collect();
        for outcome in office.submit(commands) {
            assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
        }
        office
    }

    /// The same office after its server was stopped and started again.
    #[must_use]
    pub fn restarted(self) -> Self {
        let Self { app, clock, ids, prefecture, folder } = self;
        drop(app);
        let app = Self::open_with(&folder.path().join("tahuang.db"), Arc::clone(&clock), Arc::clone(&ids));
        Self { app, clock, ids, prefecture, folder }
    }

    /// An application on the database in this file.
    pub fn open(file: &Path) -> Arc<App> {
        Self::open_with(file, Arc::default(), Arc::default())
    }

    fn open_with(file: &Path, clock: Arc<SteppingClock>, ids: Arc<SeededIds>) -> Arc<App> {
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(file).unwrap());
        let knowledge = Knowledge::bundled().unwrap();
        let ledgers = Ledgers::bundled(&knowledge.catalog).unwrap();
        let knowledge = Arc::new(knowledge.with_ledgers(ledgers.makes()));
        Arc::new(App::start(store, knowledge, clock, ids, MasterKey([7; 16])).unwrap())
    }

    /// Sends commands from the console.
    pub fn submit(&self, commands: Vec<Command>) -> Vec<Outcome> {
        let answers = self.app.submit(self.prefecture, &Asker::Console, commands).unwrap();
        answers.into_iter().map(|answer| answer.outcome).collect()
    }

    /// Sends one action on a subject from the console.
    pub fn act(&self, subject: SubjectId, action: Action) -> Outcome {
        self.submit(vec![command(self.app.ids(), subject, action)]).remove(0)
    }

    /// The derived tables, row by row.
    pub fn derived(&self) -> Vec<String> {
        let mut rows = Vec::new();
        self.app.store().derived_dump(self.prefecture, &mut |row| rows.push(row.to_owned())).unwrap();
        rows
    }
}

impl Default for Office {
    fn default() -> Self {
        Self::new()
    }
}
