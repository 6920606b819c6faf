//! `tahuang backup` and `tahuang restore`

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use tahuang_app::files::copy_files;
use tahuang_app::{Clock as _, SystemClock};
use tahuang_notify::sender::keep_back;
use tahuang_store::Store as _;
use tahuang_store_files::DirectoryFiles;
use tahuang_store_sqlite::SqliteStore;

use super::journal;
use crate::data::{Access, Data, files};

/// Where the attached files of a backup are: in a folder beside it.
fn folder_beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".files");
    PathBuf::from(name)
}

pub fn backup(directory: &Path, file: &Path) -> anyhow::Result<ExitCode> {
    let data = Data::open(directory, Access::Read)?;
    let folder = folder_beside(file);
    // Files never change, so what was copied before the database may be a file too many, and never a wrong one. What is
    // attached between the two comes with the second round.
    let copy = DirectoryFiles::new(&folder);
    let before = if file.exists() { 0 } else { data.app.copy_files(&copy)? };
    data.app.store().backup(file).with_context(|| format!("{}", file.display()))?;
    let copied = before + data.app.copy_files(&copy)?;
    let bytes = std::fs::metadata(file)?.len();
    writeln!(std::io::stdout(), "{} written, {bytes} bytes; keep master.key apart from it", file.display())?;
    if folder.exists() {
        writeln!(std::io::stdout(), "{} written, {copied} attached files; it belongs to the backup", folder.display())?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn restore(directory: &Path, file: &Path) -> anyhow::Result<ExitCode> {
    let database = directory.join("tahuang.db");
    if database.exists() {
        bail!("{} exists: restore into an empty data directory", database.display());
    }
    if !file.is_file() {
        bail!("{}: no such file", file.display());
    }
    std::fs::create_dir_all(directory).with_context(|| format!("{} cannot be made", directory.display()))?;
    // Copied under another name and moved when it proves to be a sound database, so that a broken copy is never used.
    let copy = directory.join("tahuang.db.restoring");
    let copied = std::fs::copy(file, &copy)
        .map_err(anyhow::Error::from)
        .and_then(|_| Ok(SqliteStore::open(&copy)?))
        .and_then(|store| {
            if store.heads()?.is_empty() {
                bail!("there is no journal in it: no backup of ours");
            }
            // What waited when the copy was made may have gone out since.
            Ok(keep_back(&store, SystemClock.now_ms())?)
        });
    // Closed, the copy has taken in its log; nothing of it stays behind under the old name.
    let leftovers = || {
        for name in ["tahuang.db.restoring-wal", "tahuang.db.restoring-shm"] {
            _ = std::fs::remove_file(directory.join(name));
        }
    };
    let kept_back = match copied {
        Ok(kept_back) => kept_back,
        Err(error) => {
            _ = std::fs::remove_file(&copy);
            leftovers();
            return Err(error).with_context(|| format!("{}", file.display()));
        }
    };
    if kept_back > 0 {
        writeln!(
            std::io::stderr(),
            "note: {kept_back} messages may have gone out since; decide on the page of deliveries"
        )?;
    }
    // Before the database, which names them.
    copy_files(&DirectoryFiles::new(folder_beside(file)), &files(directory)).context("the attached files")?;
    std::fs::rename(&copy, &database)?;
    leftovers();
    if !directory.join("master.key").exists() {
        writeln!(
            std::io::stderr(),
            "note: put the master.key that belongs to this backup into {}, or sealed data stays closed",
            directory.display()
        )?;
    }
    journal::verify(directory)
}
