//! Whatever is changed in the file behind the program's back, `verify` finds it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use rusqlite::types::Value;
use rusqlite::{Connection, params};
use tahuang_domain::Action;
use tahuang_testkit::{Office, area};

/// An office with some records, and the same file opened from outside.
fn office() -> (Office, Connection) {
    let office = Office::new();
    for title in ["电杆倾斜", "消火栓无水", "墙体裂缝"] {
        let action = Action::ReportCase {
            kind: "hazard".to_owned(),
            area: area("542521100001001"),
            day: "2025-03-01".parse().unwrap(),
            title: title.to_owned(),
            fields: Default::default(),
            personal: Default::default(),
        };
        office.act(office.app.ids().subject(), action);
    }
    let file = Connection::open(office.folder.path().join("tahuang.db")).unwrap();
    (office, file)
}

/// The first bad position and what is wrong there.
fn first_bad(office: &Office) -> Option<(u64, &'static str)> {
    let verification = office.app.verify(office.prefecture, &mut |_| {}).unwrap();
    verification.first_bad.map(|(position, fault)| (position, fault.code()))
}

fn key_at(file: &Connection, position: u64) -> i64 {
    file.query_row("SELECT key FROM journal ORDER BY key LIMIT 1 OFFSET ?1", [position as i64 - 1], |row| row.get(0))
        .unwrap()
}

fn get(file: &Connection, sql: &str) -> Value {
    file.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn an_untouched_journal_is_intact() {
    let (office, _file) = office();
    let verification = office.app.verify(office.prefecture, &mut |_| {}).unwrap();
    assert_eq!((verification.first_bad, verification.checked), (None, 20));
    assert_eq!(verification.hash, office.app.store().head(office.prefecture).unwrap().hash);
}

#[test]
fn a_changed_byte_in_any_column_of_a_journal_row_is_found_at_its_position() {
    let (office, file) = office();
    let position = 18;
    let key = key_at(&file, position);
    let mut tried = 0;
    for column in ["command", "subject", "bytes", "hash"] {
        let Value::Blob(whole) = get(&file, &format!("SELECT {column} FROM journal WHERE key = {key}")) else {
            panic!()
        };
        let write = |bytes: &[u8]| {
            file.execute(&format!("UPDATE journal SET {column} = ?1 WHERE key = ?2"), params![bytes, key]).unwrap();
        };
        let mut wrong: Vec<Vec<u8>> = (0..whole.len())
            .map(|index| {
                let mut bytes = whole.clone();
                bytes[index] ^= 1;
                bytes
            })
            .collect();
        wrong.extend([Vec::new(), whole[..whole.len() - 1].to_vec(), [whole.clone(), vec![0]].concat()]);
        for bytes in wrong {
            write(&bytes);
            let found = first_bad(&office).map(|(position, _)| position);
            assert_eq!(found, Some(position), "{column} {:?}", String::from_utf8_lossy(&bytes));
            tried += 1;
        }
        write(&whole);
        assert_eq!(first_bad(&office), None, "{column} is as it was");
    }
    assert!(tried > 300);
    // The key is the last column: the row stands somewhere else.
    for moved in [1_000, -1_000] {
        file.execute("UPDATE journal SET key = key + ?1 WHERE key = ?2", params![moved, key]).unwrap();
        assert_eq!(first_bad(&office).map(|(position, _)| position), Some(position));
        file.execute("UPDATE journal SET key = ?2 WHERE key = ?2 + ?1", params![moved, key]).unwrap();
    }
    assert_eq!(first_bad(&office), None);
}

#[test]
fn a_changed_head_is_found_whatever_it_says() {
    let (office, file) = office();
    let Value::Blob(hash) = get(&file, "SELECT hash FROM heads") else { panic!() };
    for index in 0..hash.len() {
        let mut wrong = hash.clone();
        wrong[index] ^= 0x40;
        file.execute("UPDATE heads SET hash = ?1", [wrong]).unwrap();
        assert_eq!(first_bad(&office), Some((20, "wrong_head")), "hash byte {index}");
    }
    file.execute("UPDATE heads SET hash = ?1", [hash]).unwrap();
    for (change, found) in [
        ("at = at + 1", (20, "wrong_head")),
        ("at = at - 1", (20, "wrong_head")),
        ("position = position - 1", (19, "wrong_head")),
        ("position = position + 1", (21, "missing")),
        ("position = 0", (1, "wrong_head")),
    ] {
        file.execute_batch("CREATE TEMP TABLE kept AS SELECT * FROM heads").unwrap();
        file.execute_batch(&format!("UPDATE heads SET {change}")).unwrap();
        let told = first_bad(&office).unwrap_or_else(|| panic!("{change} is not found"));
        assert_eq!(told.0, found.0, "{change}");
        file.execute_batch("INSERT OR REPLACE INTO heads SELECT * FROM kept; DROP TABLE kept").unwrap();
        assert_eq!(first_bad(&office), None, "{change} was taken back");
    }
    // Without its head a journal is no journal of ours; it is not passed over in silence.
    file.execute_batch("DELETE FROM heads").unwrap();
    assert_eq!(first_bad(&office), Some((1, "beyond_head")));
    assert!(office.app.store().heads().is_err());
}

#[test]
fn a_head_moved_back_to_an_earlier_record_is_found() {
    let (office, file) = office();
    let hash = get(&file, &format!("SELECT hash FROM journal WHERE key = {}", key_at(&file, 19)));
    let earlier = office.app.store().journal(office.prefecture, 19, 1).unwrap().remove(0);
    let at = tahuang_journal::Record::read(&earlier.bytes).unwrap().at;
    file.execute("UPDATE heads SET position = 19, hash = ?1, at = ?2", params![hash, at]).unwrap();
    assert_eq!(first_bad(&office), Some((20, "beyond_head")));
}

#[test]
fn records_cut_off_at_the_end_with_the_head_moved_back_are_missed_by_their_answers() {
    let (office, file) = office();
    let hash = get(&file, &format!("SELECT hash FROM journal WHERE key = {}", key_at(&file, 19)));
    let earlier = office.app.store().journal(office.prefecture, 19, 1).unwrap().remove(0);
    let at = tahuang_journal::Record::read(&earlier.bytes).unwrap().at;
    file.execute("UPDATE heads SET position = 19, hash = ?1, at = ?2", params![hash, at]).unwrap();
    file.execute("DELETE FROM journal WHERE key = ?1", [key_at(&file, 20)]).unwrap();
    assert_eq!(first_bad(&office).map(|(position, _)| position), Some(20));
}

#[test]
fn a_removed_row_is_found_where_it_stood() {
    for position in [1, 2, 11, 19, 20] {
        let (office, file) = office();
        file.execute("DELETE FROM journal WHERE key = ?1", [key_at(&file, position)]).unwrap();
        assert_eq!(first_bad(&office).map(|(position, _)| position), Some(position));
    }
    let (office, file) = office();
    file.execute_batch("DELETE FROM journal").unwrap();
    assert_eq!(first_bad(&office).map(|(position, _)| position), Some(1));
}

#[test]
fn an_appended_row_is_found() {
    let append =
        "INSERT INTO journal SELECT key + 1, command, subject, bytes, hash FROM journal ORDER BY key DESC LIMIT 1";
    let (office, file) = office();
    file.execute_batch(append).unwrap();
    assert_eq!(first_bad(&office), Some((21, "beyond_head")));
    // Also when the head was moved along.
    file.execute_batch("UPDATE heads SET position = 21").unwrap();
    assert_eq!(first_bad(&office).map(|(position, _)| position), Some(21));
}

#[test]
fn swapped_rows_are_found_whether_their_contents_or_only_their_columns_were_exchanged() {
    for columns in [
        vec!["command", "subject", "bytes", "hash"],
        vec!["command"],
        vec!["subject"],
        vec!["bytes"],
        vec!["hash"],
        vec!["bytes", "hash"],
    ] {
        let (office, file) = office();
        let (first, second) = (key_at(&file, 18), key_at(&file, 20));
        for column in &columns {
            let sql = format!(
                "UPDATE journal SET {column} = (SELECT other.{column} FROM journal other WHERE other.key = ?1 + ?2 - journal.key)
                 WHERE key IN (?1, ?2)"
            );
            // SQLite reads a column before it writes it only within a row, so the exchange goes through a copy.
            file.execute_batch("CREATE TEMP TABLE copied AS SELECT * FROM journal").unwrap();
            let sql = sql.replace("FROM journal other", "FROM copied other");
            file.execute(&sql, params![first, second]).unwrap();
            file.execute_batch("DROP TABLE copied").unwrap();
        }
        assert_eq!(first_bad(&office).map(|(position, _)| position), Some(18), "{columns:?}");
    }
}

#[test]
fn a_journal_moved_to_another_prefecture_is_found() {
    let (office, file) = office();
    file.execute_batch("UPDATE journal SET key = key - (24 << 40); UPDATE heads SET prefecture = 5401").unwrap();
    let lhasa = tahuang_domain::Prefecture::new(area("540100000000")).unwrap();
    let verification = office.app.verify(lhasa, &mut |_| {}).unwrap();
    assert_eq!(verification.first_bad.map(|(position, _)| position), Some(1));
}

#[test]
fn what_is_damaged_is_found_again_after_the_records_that_came_since() {
    let (office, file) = office();
    let key = key_at(&file, 18);
    let Value::Blob(mut bytes) = get(&file, &format!("SELECT bytes FROM journal WHERE key = {key}")) else { panic!() };
    bytes[30] ^= 2;
    file.execute("UPDATE journal SET bytes = ?1 WHERE key = ?2", params![bytes, key]).unwrap();
    let case = office.app.store().journal(office.prefecture, 20, 1).unwrap()[0].subject;
    office.act(case, Action::AcceptCase);
    assert_eq!(office.app.store().head(office.prefecture).unwrap().position, 21);
    assert_eq!(first_bad(&office).map(|(position, _)| position), Some(18));
}
