//! What every place for files passes. Its tests call each sentence with an empty one.

use tahuang_domain::{Prefecture, SubjectId};
use uuid::Uuid;

use crate::{FilePlace, FileStore, StoreError};

/// A place in one of two prefectures.
pub fn place(prefecture: &str, subject: u128, file: u128) -> FilePlace {
    let id = |number: u128| SubjectId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000 + number));
    let prefecture = Prefecture::new(prefecture.parse().unwrap()).unwrap();
    FilePlace { prefecture, subject: id(subject), file: id(file) }
}

const NGARI: &str = "542500000000";
const LHASA: &str = "540100000000";

fn listed(files: &dyn FileStore) -> Vec<FilePlace> {
    let mut found = Vec::new();
    files
        .list(&mut |place| {
            found.push(place);
            Ok(())
        })
        .unwrap();
    found.sort_unstable();
    found
}

pub fn what_was_put_is_got_and_listed_until_it_is_deleted(files: &dyn FileStore) {
    let (one, two) = (place(NGARI, 1, 10), place(NGARI, 1, 11));
    assert_eq!(files.get(one), Ok(None));
    assert_eq!(listed(files), []);
    files.put(one, b"one").unwrap();
    files.put(two, &[]).unwrap();
    assert_eq!(files.get(one), Ok(Some(b"one".to_vec())));
    assert_eq!(files.get(two), Ok(Some(Vec::new())));
    assert_eq!(listed(files), [one, two]);
    files.delete(one).unwrap();
    files.delete(one).unwrap();
    assert_eq!(files.get(one), Ok(None));
    assert_eq!(listed(files), [two]);
}

pub fn a_file_is_written_once(files: &dyn FileStore) {
    let one = place(NGARI, 1, 10);
    files.put(one, b"one").unwrap();
    assert_eq!(files.put(one, b"two"), Err(StoreError::Conflict));
    assert_eq!(files.get(one), Ok(Some(b"one".to_vec())));
}

pub fn files_of_other_records_and_prefectures_never_mix(files: &dyn FileStore) {
    let places = [place(NGARI, 1, 10), place(NGARI, 2, 10), place(LHASA, 1, 10), place(NGARI, 1, 0x0100_0010)];
    for (number, at) in (0u8..).zip(places) {
        files.put(at, &[number]).unwrap();
    }
    for (number, at) in (0u8..).zip(places) {
        assert_eq!(files.get(at), Ok(Some(vec![number])), "{at:?}");
    }
    files.delete(places[0]).unwrap();
    let mut left = places[1..].to_vec();
    left.sort_unstable();
    assert_eq!(listed(files), left);
}

pub fn listing_ends_with_the_first_error(files: &dyn FileStore) {
    for number in 10..13 {
        files.put(place(NGARI, 1, number), b"x").unwrap();
    }
    let mut told = 0;
    let ended = files.list(&mut |_| {
        told += 1;
        Err(StoreError::Conflict)
    });
    assert_eq!((ended, told), (Err(StoreError::Conflict), 1));
}
