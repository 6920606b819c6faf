//! Attached files from outside: verified, backed up, restored, swept.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use tahuang_app::files::NewFile;
use tahuang_app::{App, Asker, Knowledge, MasterKey, SystemClock, SystemIds};
use tahuang_domain::{Action, Prefecture, Purpose, SubjectId};
use tahuang_store::{FilePlace, FileStore as _, Outcome};
use tahuang_store_files::DirectoryFiles;
use tahuang_store_sqlite::SqliteStore;

const GRID: &str = "542521100001";
const PAPER: &[u8] = b"%PDF-1.7\n%%EOF\n";

fn tahuang(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tahuang"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    command.arg("--data").arg(data).args(arguments).env_remove("TAHUANG_MASTER_KEY");
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    tahuang(data, arguments).output().unwrap()
}

fn out(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Opens the data directory as the server does.
fn app(data: &Path) -> App {
    let key = std::fs::read_to_string(data.join("master.key")).unwrap();
    let mut master = [0; 16];
    for (index, byte) in master.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&key[index * 2..index * 2 + 2], 16).unwrap();
    }
    let store = Arc::new(SqliteStore::open(&data.join("tahuang.db")).unwrap());
    let files = Arc::new(DirectoryFiles::new(data.join("files")));
    let (knowledge, ids) = (Arc::new(Knowledge::bundled().unwrap()), Arc::new(SystemIds::default()));
    App::start(store, files, knowledge, Arc::new(SystemClock), ids, MasterKey(master)).unwrap()
}

fn prefecture() -> Prefecture {
    Prefecture::new("542500000000".parse().unwrap()).unwrap()
}

/// A case with so many files on it.
fn attach(data: &Path, count: usize) -> SubjectId {
    let app = app(data);
    let subject = app.ids().subject();
    let action = Action::ReportCase {
        kind: "hazard".to_owned(),
        area: GRID.parse().unwrap(),
        day: "2025-08-01".parse().unwrap(),
        title: "电杆倾斜".to_owned(),
        fields: Default::default(),
        personal: Default::default(),
    };
    let report = tahuang_domain::Command { id: app.ids().command(), subject, revision: None, source: None, action };
    let answer = app.submit(prefecture(), &Asker::Console, vec![report]).unwrap().remove(0);
    assert!(matches!(answer.outcome, Outcome::Accepted { .. }), "{answer:?}");
    for _ in 0..count {
        let command = app.ids().command();
        let new = NewFile { command, purpose: Purpose::Document, name: None, item: None, bytes: PAPER.to_vec() };
        app.attach(&Asker::Console, subject, &new).unwrap();
    }
    subject
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

#[test]
fn a_backup_holds_the_attached_files_and_a_restored_one_that_lacks_any_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    out(&data, &["import", "--divisions", "demo/divisions-tibet.csv"]);
    attach(&data, 2);
    let verified = out(&data, &["verify"]);
    assert!(verified.contains("542500000000\tintact\t2 files"), "{verified}");

    let backup = folder.path().join("backup.db");
    let said = out(&data, &["backup", backup.to_str().unwrap()]);
    assert!(said.contains("2 attached files"), "{said}");
    let beside = folder.path().join("backup.db.files");
    assert_eq!(below(&beside).len(), 2);
    let restored = folder.path().join("restored");
    std::fs::create_dir(&restored).unwrap();
    std::fs::copy(data.join("master.key"), restored.join("master.key")).unwrap();
    assert_eq!(out(&restored, &["restore", backup.to_str().unwrap()]), verified);

    // Without its folder the backup is restored as far as it goes, and what is missing is named.
    std::fs::remove_dir_all(&beside).unwrap();
    let bare = folder.path().join("bare");
    std::fs::create_dir(&bare).unwrap();
    std::fs::copy(data.join("master.key"), bare.join("master.key")).unwrap();
    let output = run(&bare, &["restore", backup.to_str().unwrap()]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!((output.status.code(), said.matches("\tmissing\n").count()), (Some(1), 2), "{said}");
    for file in below(&data.join("files")) {
        assert!(said.contains(file.file_name().unwrap().to_str().unwrap()), "{said}");
    }

    // One changed byte.
    let file = below(&restored.join("files")).remove(0);
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let output = run(&restored, &["verify"]);
    let said = String::from_utf8(output.stdout).unwrap();
    let id = file.file_name().unwrap().to_str().unwrap();
    assert!(said.lines().any(|line| line.contains(id) && line.ends_with("\tchanged")), "{said}");
    assert_eq!((output.status.code(), said.matches("\tFILE\t").count()), (Some(1), 1), "{said}");
}

#[test]
fn a_starting_server_sweeps_away_what_no_record_names() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    out(&data, &["import", "--divisions", "demo/divisions-tibet.csv"]);
    let subject = attach(&data, 1);
    let files = DirectoryFiles::new(data.join("files"));
    // Of the year 2020.
    let old = SubjectId("016f5e66-e800-7000-8000-000000000001".parse().unwrap());
    files.put(FilePlace { prefecture: prefecture(), subject, file: old }, b"orphan").unwrap();
    assert_eq!(below(&data.join("files")).len(), 2);

    let mut server = tahuang(&data, &["serve", "--demo", "--listen", "127.0.0.1:0"]);
    let mut server = server.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
    let swept = log.find(|line| line.as_ref().unwrap().contains("files that no record names were removed"));
    assert!(swept.unwrap().unwrap().contains("removed=1"));
    server.kill().unwrap();
    server.wait().unwrap();
    let left = below(&data.join("files"));
    assert_eq!(left.len(), 1);
    assert!(!left[0].ends_with(old.to_string()));
    out(&data, &["verify"]);
}
