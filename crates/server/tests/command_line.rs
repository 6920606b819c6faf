//! The program from outside, as an office and an auditor use it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn tahuang(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tahuang"));
    command.current_dir(repository()).arg("--data").arg(data).env_remove("TAHUANG_MASTER_KEY");
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    tahuang(data).args(arguments).output().unwrap()
}

/// Standard output of a run that must succeed.
fn out(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Exit code and the one line that says why.
fn refused(data: &Path, arguments: &[&str]) -> (i32, String) {
    let output = run(data, arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    (output.status.code().unwrap(), said)
}

fn import_demo(data: &Path) -> String {
    out(data, &["import", "demo/ledgers", "--divisions", "demo/divisions-tibet.csv"])
}

fn demo(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(repository().join("demo/ledgers").join(name)).unwrap();
    table(&text)
}

fn table(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn an_office_imports_reads_opens_verifies_rebuilds_backs_up_and_restores() {
    let folder = folder();
    let data = folder.path().join("data");
    let first = import_demo(&data);
    assert_eq!(
        first.lines().filter(|line| line.contains("\taccepted ")).count(),
        45,
        "44 sheets and the total: {first}"
    );
    assert_eq!(table(&out(&data, &["figures", "--format", "tsv"])), demo("expected-figures.tsv"));
    let rejects: Vec<Vec<String>> = table(&std::fs::read_to_string(data.join("rejects.tsv")).unwrap())
        .into_iter()
        .map(|row| row[..4].to_vec())
        .collect();
    assert_eq!(rejects[1..], demo("expected-rejects.tsv")[1..]);

    let verified = out(&data, &["verify"]);
    let again = import_demo(&data);
    assert!(again.contains("(0 new,"), "{again}");
    assert_eq!(out(&data, &["verify"]), verified, "a second import changes nothing");

    every_figure_is_the_sum_of_its_records(&data);

    let figures = out(&data, &["figures", "--format", "json"]);
    assert!(out(&data, &["rebuild"]).starts_with("rebuilt "));
    assert_eq!(out(&data, &["figures", "--format", "json"]), figures);

    let backup = folder.path().join("backup.db");
    out(&data, &["backup", backup.to_str().unwrap()]);
    let restored = folder.path().join("restored");
    std::fs::create_dir(&restored).unwrap();
    std::fs::copy(data.join("master.key"), restored.join("master.key")).unwrap();
    assert_eq!(out(&restored, &["restore", backup.to_str().unwrap()]), verified);
    assert_eq!(out(&restored, &["figures", "--format", "json"]), figures);
    assert_eq!(refused(&restored, &["restore", backup.to_str().unwrap()]).0, 2, "never over data that is there");

    one_changed_byte_is_found(&restored);
}

fn every_figure_is_the_sum_of_its_records(data: &Path) {
    let mut ratios = 0;
    for row in demo("expected-figures.tsv").into_iter().skip(1) {
        let (code, area, value) = (&row[0], &row[1], &row[2]);
        let records = table(&out(data, &["records", code, "--area", area, "--format", "tsv"]));
        let heading = &records[0];
        let column = |name: &str| heading.iter().position(|cell| cell == name).unwrap();
        let (part, amount, subject) = (column("part"), column("amount"), column("subject"));
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        let mut subjects: BTreeSet<&str> = BTreeSet::new();
        for record in &records[1..] {
            *sums.entry(&record[part]).or_default() += record[amount].parse::<f64>().unwrap();
            subjects.insert(&record[subject]);
            assert!(!record[column("file")].is_empty() && !record[column("row")].is_empty(), "{code}: {record:?}");
        }
        let counted = match sums.get("denominator") {
            Some(denominator) => {
                ratios += 1;
                100.0 * sums["numerator"] / denominator
            }
            // A unit that reports to two communities has a record in each and counts once.
            None if code == "units_reported" => subjects.len() as f64,
            None => sums.get("all").copied().unwrap_or_default(),
        };
        assert!((counted - value.parse::<f64>().unwrap()).abs() < 0.005, "{code}: {counted} is not {value}");
    }
    assert_eq!(ratios, 2);
}

fn one_changed_byte_is_found(data: &Path) {
    let database = rusqlite::Connection::open(data.join("tahuang.db")).unwrap();
    let key: i64 = database
        .query_row("SELECT key FROM journal ORDER BY key DESC LIMIT 1 OFFSET 700", [], |row| row.get(0))
        .unwrap();
    let mut bytes: Vec<u8> =
        database.query_row("SELECT bytes FROM journal WHERE key = ?1", [key], |row| row.get(0)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    database.execute("UPDATE journal SET bytes = ?2 WHERE key = ?1", rusqlite::params![key, bytes]).unwrap();
    drop(database);
    let output = run(data, &["verify"]);
    let said = String::from_utf8(output.stdout).unwrap();
    let position = key & ((1 << 40) - 1);
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains(&format!("first bad position {position}\t")), "{said}");
}

#[test]
fn a_hundred_kills_during_import_lose_nothing_acknowledged_and_count_nothing_twice() {
    let folder = folder();
    let data = folder.path().join("data");
    out(&data, &["import", "--divisions", "demo/divisions-tibet.csv"]);
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut killed = 0;
    let mut finished = 0;
    while killed < 100 {
        let mut child = tahuang(&data).args(["import", "demo/ledgers"]).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (send, heard) = std::sync::mpsc::channel();
        let listener =
            std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| send.send(line).unwrap()));
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The moment of the kill is drawn by lot; what is heard until then was acknowledged.
        std::thread::park_timeout(Duration::from_millis(20 + (random >> 33) % 1_200));
        if child.try_wait().unwrap().is_some() {
            finished += 1;
            assert!(finished < 300, "the import ends before it can be killed");
        } else {
            // SIGKILL: nothing is flushed, nothing is tidied.
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        listener.join().unwrap();
        for line in heard.try_iter().filter(|line| line.contains("\taccepted ") && !line.starts_with("total")) {
            let sheet: Vec<&str> = line.splitn(3, '\t').collect();
            let sheet = format!("{} {}", sheet[0], sheet[1]);
            if acknowledged.contains(&sheet) {
                let number = |before: &str| {
                    line.split(before).nth(1).and_then(|rest| rest.split([' ', '\t']).next()).unwrap_or("0")
                };
                assert_eq!(number("accepted "), number("\t("), "acknowledged before and not known now: {line}");
            }
            acknowledged.insert(sheet);
        }
    }
    import_demo(&data);
    assert_eq!(table(&out(&data, &["figures", "--format", "tsv"])), demo("expected-figures.tsv"));
    let verified = out(&data, &["verify"]);
    assert!(!verified.contains("CHANGED"), "{verified}");
    out(&data, &["rebuild"]);
    assert_eq!(table(&out(&data, &["figures", "--format", "tsv"])), demo("expected-figures.tsv"));
}

#[test]
fn what_cannot_be_done_is_said_in_one_line_and_never_panics() {
    let folder = folder();
    let empty = folder.path().join("empty");
    let note = folder.path().join("note.xlsx");
    std::fs::write(&note, "no workbook").unwrap();
    let note = note.to_str().unwrap();
    let not_a_database = folder.path().join("odd");
    std::fs::create_dir(&not_a_database).unwrap();
    std::fs::write(not_a_database.join("tahuang.db"), "this is a letter, not a database, and long enough to be one")
        .unwrap();
    let file_as_folder = folder.path().join("file");
    std::fs::write(&file_as_folder, "").unwrap();
    let cases: &[(&Path, &[&str], &str)] = &[
        (&empty, &["figures"], "there is no data"),
        (&empty, &["verify"], "there is no data"),
        (&empty, &["figures", "--area", "12"], "12 digits"),
        (&empty, &["figures", "--at", "yesterday"], "YYYY-MM-DD"),
        (&empty, &["records"], "FIGURE"),
        (&empty, &["import"], "PATH"),
        (&empty, &["import", "nowhere.xlsx", "--divisions", "nowhere.csv"], "nowhere.csv"),
        (&empty, &["import", "demo/ledgers", "--heading", "x"], "别名=标准列名"),
        (&empty, &["restore", "nowhere.db"], "no such file"),
        (&empty, &["restore", note], "no SQLite database"),
        (&empty, &["serve", "--demo", "--listen", "0.0.0.0:0"], "only on 127.0.0.1"),
        (&not_a_database, &["figures"], "no SQLite database"),
        (&file_as_folder, &["import", "--divisions", "demo/divisions-tibet.csv"], "cannot be made"),
    ];
    for (data, arguments, expected) in cases {
        let (code, said) = refused(data, arguments);
        assert_eq!(code, 2, "{arguments:?}: {said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
    assert!(!empty.join("tahuang.db").exists(), "a refused command leaves no empty database behind");

    let data = folder.path().join("data");
    out(&data, &["import", "--divisions", "demo/divisions-tibet.csv"]);
    let (code, said) = refused(&data, &["import", note, "demo/ledgers/02-软弱涣散党组织整顿台账.xlsx"]);
    assert_eq!((code, said.contains("workbook_not_xlsx")), (2, true), "{said}");
    let figures = out(&data, &["figures", "--format", "tsv"]);
    assert!(figures.contains("rectification_measures\t542500000000\t41"), "the readable workbook came in: {figures}");
    assert_eq!(refused(&data, &["records", "no_such_figure"]).0, 2);

    let database = rusqlite::Connection::open(data.join("tahuang.db")).unwrap();
    database.execute("UPDATE derived_by SET definitions = 'older'", []).unwrap();
    let (code, said) = refused(&data, &["figures"]);
    assert_eq!((code, said.contains("tahuang rebuild")), (2, true), "{said}");
    out(&data, &["rebuild"]);
    assert_eq!(out(&data, &["figures", "--format", "tsv"]), figures);
    database.pragma_update(None, "user_version", 99).unwrap();
    drop(database);
    let (code, said) = refused(&data, &["figures"]);
    assert_eq!((code, said.contains("newer program")), (2, true), "{said}");
}

#[test]
fn no_empty_backup_is_restored_and_no_other_key_is_used() {
    let folder = folder();
    let data = folder.path().join("data");
    out(
        &data,
        &["import", "demo/ledgers/04-下沉干部花名册与办实事台账.xlsx", "--divisions", "demo/divisions-tibet.csv"],
    );
    let empty = folder.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    let restored = folder.path().join("restored");
    let (code, said) = refused(&restored, &["restore", empty.to_str().unwrap()]);
    assert_eq!((code, said.contains("no journal")), (2, true), "{said}");
    assert_eq!(std::fs::read_dir(&restored).unwrap().count(), 0, "nothing is left behind");

    let key = data.join("master.key");
    let right = std::fs::read(&key).unwrap();
    for wrong in [None, Some("0".repeat(32))] {
        std::fs::remove_file(&key).unwrap();
        if let Some(wrong) = &wrong {
            std::fs::write(&key, wrong).unwrap();
        }
        let (code, said) = refused(&data, &["import", "demo/ledgers"]);
        assert_eq!((code, said.contains("master key")), (2, true), "{said}");
        assert_eq!(key.exists(), wrong.is_some(), "no new key is made");
        std::fs::write(&key, &right).unwrap();
    }
    out(&data, &["import", "demo/ledgers/04-下沉干部花名册与办实事台账.xlsx"]);

    let database = rusqlite::Connection::open(data.join("tahuang.db")).unwrap();
    database.execute("DELETE FROM heads WHERE prefecture = 5425", []).unwrap();
    drop(database);
    let output = run(&data, &["verify"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("CHANGED"));
}

#[test]
fn a_ledger_of_another_county_is_read_with_a_mapped_heading() {
    let folder = folder();
    let data = folder.path().join("data");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("普兰县").unwrap();
    let rows = [
        ["普兰县安全隐患排查整治台账", "", "", "", "", ""],
        ["序号", "村(社区)", "险情一览", "发现时间", "整改完成时间", "是否销号"],
        ["1", "多油村", "墙体裂缝", "2025-03-03", "2025-03-09", "是"],
    ];
    for (row, cells) in rows.iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            sheet.write(row as u32, column as u16, *text).unwrap();
        }
    }
    let file = folder.path().join("隐患.xlsx");
    book.save(&file).unwrap();
    let file = file.to_str().unwrap();
    let said = out(&data, &["import", file, "--divisions", "demo/divisions-tibet.csv"]);
    assert!(said.contains("accepted 0\trefused 1") && said.contains("险情一览"), "{said}");
    assert!(std::fs::read_to_string(data.join("rejects.tsv")).unwrap().contains("missing_column"));
    let said = out(&data, &["import", file, "--heading", "险情一览=隐患描述"]);
    assert!(said.contains("accepted 1\trefused 0"), "{said}");
    assert_eq!(std::fs::read_to_string(data.join("rejects.tsv")).unwrap().lines().count(), 1);
    let figures = out(&data, &["figures", "--area", "542521000000", "--format", "tsv"]);
    assert!(figures.contains("hazards_rectified\t542521000000\t1"), "{figures}");
}

#[test]
fn a_calendar_in_the_data_directory_stands_in_for_the_built_in_one_and_a_mistake_in_it_names_its_line() {
    let folder = folder();
    out(
        folder.path(),
        &["import", "demo/ledgers/12-墨竹工卡县防汛救灾台账.xlsx", "--divisions", "demo/divisions-tibet.csv"],
    );
    let calendar = folder.path().join("calendar.toml");
    std::fs::write(&calendar, "[[year]]\nyear = 2027\noff = []\nwork = [\"2027-01-04\"]\n").unwrap();
    let (code, said) = refused(folder.path(), &["figures"]);
    assert_eq!(code, 2);
    assert!(said.contains("calendar.toml:4: 2027-01-04 is no weekend day"), "{said}");
    std::fs::write(&calendar, "[[year]]\nyear = 2027\noff = []\nwork = [\"2027-01-03\"]\n").unwrap();
    out(folder.path(), &["figures"]);
}

#[test]
fn an_api_key_is_printed_once_listed_and_revoked() {
    let folder = folder();
    let data = folder.path().join("data");
    let ledger = "demo/ledgers/11-安全隐患排查整治台账.xlsx";
    out(&data, &["import", ledger, "--divisions", "demo/divisions-tibet.csv"]);
    let key = out(&data, &["admin", "key", "create", "app311", "--area", "542521000000"]);
    let (name, secret) = key.trim().rsplit_once('.').unwrap();
    assert_eq!((name, secret.len()), ("app311", 32), "{key}");
    let file = std::fs::read(data.join("tahuang.db")).unwrap();
    assert!(!file.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()), "only its hash is kept");
    let said = refused(&data, &["admin", "key", "create", "b", "--area", "542521000000", "--role", "administrator"]);
    assert!(said.0 == 2 && said.1.contains("no such role"), "{said:?}");
    let listed = out(&data, &["admin", "key", "list"]);
    assert!(listed.contains("app311") && listed.contains("普兰县") && !listed.contains("disabled"), "{listed}");
    out(&data, &["admin", "key", "revoke", "app311"]);
    assert!(out(&data, &["admin", "key", "list"]).contains("disabled"));
}
