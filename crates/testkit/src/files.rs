//! Files in memory, and a photograph that says where it was taken.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use tahuang_store::{FilePlace, FileStore, StoreError};

/// Files in memory; told to, it fails.
#[derive(Default, Debug)]
pub struct MemoryFiles {
    files: Mutex<BTreeMap<FilePlace, Vec<u8>>>,
    /// Whether whatever is asked fails from now on.
    pub fails: AtomicBool,
}

impl MemoryFiles {
    fn answers(&self) -> Result<(), StoreError> {
        match self.fails.load(Ordering::Relaxed) {
            true => Err(StoreError::Unavailable("as asked for by the test".to_owned())),
            false => Ok(()),
        }
    }
}

impl FileStore for MemoryFiles {
    fn put(&self, place: FilePlace, bytes: &[u8]) -> Result<(), StoreError> {
        self.answers()?;
        let mut files = self.files.lock().unwrap();
        if files.contains_key(&place) {
            return Err(StoreError::Conflict);
        }
        files.insert(place, bytes.to_vec());
        Ok(())
    }

    fn get(&self, place: FilePlace) -> Result<Option<Vec<u8>>, StoreError> {
        self.answers()?;
        Ok(self.files.lock().unwrap().get(&place).cloned())
    }

    fn delete(&self, place: FilePlace) -> Result<(), StoreError> {
        self.answers()?;
        self.files.lock().unwrap().remove(&place);
        Ok(())
    }

    fn list(&self, each: &mut dyn FnMut(FilePlace) -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.answers()?;
        let places: Vec<FilePlace> = self.files.lock().unwrap().keys().copied().collect();
        places.into_iter().try_for_each(each)
    }
}

/// What [`photograph`] says of the place where it was taken: 32 degrees, 30 minutes north.
pub const PLACE_OF_PHOTOGRAPH: &[u8] = b"N\0\0\0\0\x02\0\x05\0\0\0\x03";

/// A JPEG as a telephone makes it: taken upside down, with its place and a comment. `mark` tells one from another.
pub fn photograph(mark: &str) -> Vec<u8> {
    let segment = |marker: u8, body: &[u8]| {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], body].concat()
    };
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let exif = [
        b"Exif\0\0MM\0*\0\0\0\x08\0\x02".to_vec(),
        entry(0x0112, 3, 1, [0, 3, 0, 0]),
        entry(0x8825, 4, 1, 38u32.to_be_bytes()),
        vec![0; 4],
        vec![0, 2],
        entry(1, 2, 2, *b"N\0\0\0"),
        entry(2, 5, 3, 68u32.to_be_bytes()),
        vec![0; 4],
        [32u32, 1, 30, 1, 0, 1].into_iter().flat_map(u32::to_be_bytes).collect(),
    ]
    .concat();
    [
        vec![0xff, 0xd8],
        segment(0xe1, &exif),
        segment(0xfe, b"taken in front of the house"),
        segment(0xdb, &[&[0][..], &[1; 64]].concat()),
        segment(0xc0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
        segment(0xc4, &[&[0][..], &[1], &[0; 15], &[0]].concat()),
        segment(0xc4, &[&[0x10][..], &[1], &[0; 15], &[0]].concat()),
        segment(0xda, &[1, 1, 0, 0, 63, 0]),
        mark.as_bytes().to_vec(),
        vec![0xff, 0xd9],
    ]
    .concat()
}
