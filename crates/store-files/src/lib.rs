//! Attached files in a directory: `<prefecture>/<two digits>/<record>/<file>`.
//!
//! A file is written under another name, synced, moved to its own name, and then the directory is synced, so that what
//! was answered with `Ok` survives a loss of power, and a file under its own name is whole. The two digits are the last
//! of the record's id, which are drawn by lot: no directory grows without bound.
//!
//! Deliberately absent: encryption (what comes in is encrypted), knowledge of records, a cache. Another place for files,
//! such as a bucket of a neighbouring machine, is another crate that implements [`FileStore`] and passes
//! `tahuang_store::conformance::files`.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tahuang_domain::{Prefecture, SubjectId};
use tahuang_store::{FilePlace, FileStore, KEPT_BYTES_MAX, StoreError};

/// The ending of a file that is not whole yet.
const UNFINISHED: &str = ".part";

/// Files in a directory.
#[derive(Debug)]
pub struct DirectoryFiles {
    root: PathBuf,
}

impl DirectoryFiles {
    /// Files in this directory; it is made when the first one is put.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn folder(&self, place: FilePlace) -> PathBuf {
        let subject = place.subject.to_string();
        let shelf = &subject[subject.len() - 2..];
        self.root.join(place.prefecture.to_string()).join(shelf).join(&subject)
    }

    fn path(&self, place: FilePlace) -> PathBuf {
        self.folder(place).join(place.file.to_string())
    }
}

impl FileStore for DirectoryFiles {
    fn put(&self, place: FilePlace, bytes: &[u8]) -> Result<(), StoreError> {
        let folder = self.folder(place);
        let path = folder.join(place.file.to_string());
        let unfinished = folder.join(format!("{}{UNFINISHED}", place.file));
        if path.try_exists().map_err(|error| unavailable(&path, &error))? {
            return Err(StoreError::Conflict);
        }
        make_durably(&folder)?;
        let written = write_durably(&unfinished, bytes)
            .and_then(|()| fs::rename(&unfinished, &path))
            .and_then(|()| File::open(&folder)?.sync_all());
        written.map_err(|error| {
            // What cannot be taken back either is an orphan, which the next sweep finds.
            _ = fs::remove_file(&unfinished);
            _ = fs::remove_file(&path);
            unavailable(&path, &error)
        })
    }

    fn get(&self, place: FilePlace) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(place);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unavailable(&path, &error)),
        };
        let mut bytes = Vec::new();
        file.take(KEPT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| unavailable(&path, &error))?;
        if bytes.len() as u64 > KEPT_BYTES_MAX {
            return Err(StoreError::Corrupt { table: "files", key: place.file.to_string() });
        }
        Ok(Some(bytes))
    }

    fn delete(&self, place: FilePlace) -> Result<(), StoreError> {
        let folder = self.folder(place);
        let unfinished = folder.join(format!("{}{UNFINISHED}", place.file));
        let mut gone = false;
        for path in [self.path(place), unfinished] {
            match fs::remove_file(&path) {
                Ok(()) => gone = true,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(unavailable(&path, &error)),
            }
        }
        if gone {
            let synced = File::open(&folder).and_then(|folder| folder.sync_all());
            synced.map_err(|error| unavailable(&folder, &error))?;
        }
        Ok(())
    }

    fn list(&self, each: &mut dyn FnMut(FilePlace) -> Result<(), StoreError>) -> Result<(), StoreError> {
        for (prefecture, shelves) in entries(&self.root)? {
            let Some(prefecture) = prefecture.parse().ok().and_then(Prefecture::new) else { continue };
            for (_, shelf) in entries(&shelves)? {
                for (subject, folder) in entries(&shelf)? {
                    let Ok(subject) = subject.parse::<SubjectId>() else { continue };
                    for (name, _) in entries(&folder)? {
                        let Ok(file) = name.strip_suffix(UNFINISHED).unwrap_or(&name).parse::<SubjectId>() else {
                            continue;
                        };
                        each(FilePlace { prefecture, subject, file })?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// What stands in a directory, by name; nothing when there is none, or when it is a file.
fn entries(directory: &Path) -> Result<Vec<(String, PathBuf)>, StoreError> {
    let read = match fs::read_dir(directory) {
        Ok(read) => read,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(Vec::new()),
        Err(error) => return Err(unavailable(directory, &error)),
    };
    read.map(|entry| {
        let entry = entry.map_err(|error| unavailable(directory, &error))?;
        Ok((entry.file_name().to_string_lossy().into_owned(), entry.path()))
    })
    .collect()
}

/// Makes a directory with those above it, each of them noted on disk in the one that holds it.
fn make_durably(directory: &Path) -> Result<(), StoreError> {
    if directory.is_dir() {
        return Ok(());
    }
    let parent = directory.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        make_durably(parent)?;
    }
    match fs::create_dir(directory) {
        Ok(()) => {}
        // Somebody else was first; whether it is noted on disk already, nobody knows.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(unavailable(directory, &error)),
    }
    let synced = File::open(parent.unwrap_or(Path::new("."))).and_then(|parent| parent.sync_all());
    synced.map_err(|error| unavailable(directory, &error))
}

fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn unavailable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {error}", path.display()))
}
