//! Files in a directory, as they stand on disk.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use tahuang_store::conformance::files::{self, place};
use tahuang_store::{FileStore as _, KEPT_BYTES_MAX, StoreError};
use tahuang_store_files::DirectoryFiles;

const NGARI: &str = "542500000000";

fn on_an_empty_directory(test: impl FnOnce(&DirectoryFiles)) {
    let folder = tempfile::tempdir().unwrap();
    test(&DirectoryFiles::new(folder.path().join("files")));
}

#[test]
fn what_was_put_is_got_and_listed_until_it_is_deleted() {
    on_an_empty_directory(|store| files::what_was_put_is_got_and_listed_until_it_is_deleted(store));
}

#[test]
fn a_file_is_written_once() {
    on_an_empty_directory(|store| files::a_file_is_written_once(store));
}

#[test]
fn files_of_other_records_and_prefectures_never_mix() {
    on_an_empty_directory(|store| files::files_of_other_records_and_prefectures_never_mix(store));
}

#[test]
fn listing_ends_with_the_first_error() {
    on_an_empty_directory(|store| files::listing_ends_with_the_first_error(store));
}

#[test]
fn a_file_lies_below_its_prefecture_and_record_and_nothing_unfinished_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("files");
    let (store, at) = (DirectoryFiles::new(&root), place(NGARI, 0xab, 10));
    store.put(at, b"bytes").unwrap();
    let below = root.join(NGARI).join("ab").join(at.subject.to_string());
    assert_eq!(std::fs::read(below.join(at.file.to_string())).unwrap(), b"bytes");
    assert_eq!(std::fs::read_dir(&below).unwrap().count(), 1);
}

#[test]
fn what_an_interrupted_writing_left_is_listed_got_by_nobody_and_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("files");
    let (store, whole, half) = (DirectoryFiles::new(&root), place(NGARI, 1, 10), place(NGARI, 1, 11));
    store.put(whole, b"whole").unwrap();
    let below = root.join(NGARI).join("01").join(half.subject.to_string());
    let left = below.join(format!("{}.part", half.file));
    std::fs::write(&left, b"ha").unwrap();
    assert_eq!(store.get(half), Ok(None));
    let mut listed = Vec::new();
    store
        .list(&mut |place| {
            listed.push(place);
            Ok(())
        })
        .unwrap();
    assert!(listed.contains(&half) && listed.contains(&whole), "{listed:?}");
    // Written anew, it takes the place of what was left.
    store.put(half, b"half").unwrap();
    assert_eq!(store.get(half), Ok(Some(b"half".to_vec())));
    std::fs::write(&left, b"ha").unwrap();
    store.delete(half).unwrap();
    assert!(!left.exists());
    assert_eq!(store.get(whole), Ok(Some(b"whole".to_vec())));
}

#[test]
fn what_does_not_belong_there_is_passed_over_and_what_is_too_large_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("files");
    let (store, at) = (DirectoryFiles::new(&root), place(NGARI, 1, 10));
    store.put(at, b"bytes").unwrap();
    let below = root.join(NGARI).join("01").join(at.subject.to_string());
    std::fs::write(root.join("note.txt"), b"").unwrap();
    std::fs::write(below.join("note.txt"), b"").unwrap();
    std::fs::create_dir_all(root.join("999999999999").join("00")).unwrap();
    let mut listed = Vec::new();
    store
        .list(&mut |place| {
            listed.push(place);
            Ok(())
        })
        .unwrap();
    assert_eq!(listed, [at]);
    let file = std::fs::File::options().write(true).open(below.join(at.file.to_string())).unwrap();
    file.set_len(KEPT_BYTES_MAX + 1).unwrap();
    assert!(matches!(store.get(at), Err(StoreError::Corrupt { table: "files", .. })));
}

#[test]
fn a_directory_that_cannot_be_written_is_unavailable_and_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // A file stands where the directory should be.
    std::fs::write(folder.path().join("files"), b"").unwrap();
    let (store, at) = (DirectoryFiles::new(folder.path().join("files")), place(NGARI, 1, 10));
    assert!(matches!(store.put(at, b"bytes"), Err(StoreError::Unavailable(_))));
}
