//! A data directory: the database, the attached files and the master key beside it, and the lock that keeps a second writer out.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use tahuang_app::{App, Ids as _, Knowledge, MasterKey, SystemClock, SystemIds};
use tahuang_intake::Ledgers;
use tahuang_store::Store as _;
use tahuang_store_files::DirectoryFiles;
use tahuang_store_sqlite::SqliteStore;

/// An opened data directory.
pub struct Data {
    /// The application.
    pub app: Arc<App>,
    /// The ledger formats.
    pub ledgers: Arc<Ledgers>,
    /// Held until the end of the process.
    _lock: Option<File>,
}

/// What a subcommand needs of a data directory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reads; the directory must exist, and a running server does not mind.
    Read,
    /// Writes; the directory is made if need be, and nobody else may write.
    Write,
}

impl Data {
    /// Says so when the figures in the data were computed by other definitions than this program's.
    pub fn must_be_current(&self) -> anyhow::Result<()> {
        if self.app.outdated()?.is_empty() {
            return Ok(());
        }
        bail!("the definitions of the figures have changed since they were computed: run tahuang rebuild")
    }

    /// Opens a data directory. Figures that other definitions computed are computed again before anything is written.
    pub fn open(directory: &Path, access: Access) -> anyhow::Result<Self> {
        let database = directory.join("tahuang.db");
        let lock = match access {
            Access::Read => {
                if !database.exists() {
                    bail!("there is no data in {} (tahuang import makes it)", directory.display());
                }
                None
            }
            Access::Write => Some(lock(directory)?),
        };
        let ledgers = ledgers()?;
        let knowledge = with_calendar(directory, Knowledge::bundled()?)?.with_ledgers(ledgers.makes());
        let store = SqliteStore::open(&database).with_context(|| format!("{}", database.display()))?;
        let ids = Arc::new(SystemIds::default());
        let master = master_key(directory, &ids, access, store.any_seal_key()?.is_some())?;
        let files = Arc::new(files(directory));
        let (store, knowledge, clock) = (Arc::new(store), Arc::new(knowledge), Arc::new(SystemClock));
        let app = match access {
            Access::Write => App::start(store, files, knowledge, clock, ids, master)?,
            Access::Read => App::read_only(store, files, knowledge, clock, ids, master)?,
        };
        let data = Self { app: Arc::new(app), ledgers: Arc::new(ledgers), _lock: lock };
        if access == Access::Write && !data.app.master_key_fits()? {
            bail!(
                "the master key is not the one that this data was sealed with: put that one into {}",
                directory.join("master.key").display()
            );
        }
        if access == Access::Write && !data.app.outdated()?.is_empty() {
            writeln!(std::io::stderr(), "the definitions of the figures have changed: computing them again …")?;
            data.app.rebuild(&mut |_| {})?;
        }
        Ok(data)
    }
}

/// The attached files of a data directory.
pub fn files(directory: &Path) -> DirectoryFiles {
    DirectoryFiles::new(directory.join("files"))
}

/// A prefecture's own calendar stands in for the one that is built into the program.
fn with_calendar(directory: &Path, knowledge: Knowledge) -> anyhow::Result<Knowledge> {
    let path = directory.join("calendar.toml");
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(knowledge.with_calendar(&path.display().to_string(), &text)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(knowledge),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// The ledger formats that are built into the program.
pub fn ledgers() -> anyhow::Result<Ledgers> {
    let catalog = Knowledge::bundled()?.catalog;
    Ok(Ledgers::bundled(&catalog)?)
}

fn lock(directory: &Path) -> anyhow::Result<File> {
    std::fs::create_dir_all(directory).with_context(|| format!("{} cannot be made", directory.display()))?;
    let path = directory.join("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("{} cannot be written", directory.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            bail!("{} is in use by another tahuang (a running server?): stop it, or use its pages", directory.display())
        }
        Err(std::fs::TryLockError::Error(error)) => Err(error).with_context(|| format!("{}", path.display())),
    }
}

/// The master key: from `TAHUANG_MASTER_KEY` (32 hexadecimal digits), or from the file `master.key`, made on first use.
fn master_key(directory: &Path, ids: &SystemIds, access: Access, is_sealed: bool) -> anyhow::Result<MasterKey> {
    if let Ok(text) = std::env::var("TAHUANG_MASTER_KEY") {
        return parse_key(&text).context("TAHUANG_MASTER_KEY must be 32 hexadecimal digits");
    }
    let path = directory.join("master.key");
    match File::open(&path) {
        Ok(mut file) => {
            let mut text = String::new();
            file.read_to_string(&mut text).with_context(|| format!("{}", path.display()))?;
            parse_key(text.trim()).with_context(|| format!("{} must hold 32 hexadecimal digits", path.display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut key = [0; 16];
            ids.random(&mut key);
            // Where something is sealed already, a new key would only hide that the right one is missing.
            if access == Access::Write && !is_sealed {
                write_key(&path, &key).with_context(|| format!("{} cannot be written", path.display()))?;
            }
            Ok(MasterKey(key))
        }
        Err(error) => Err(error).with_context(|| format!("{}", path.display())),
    }
}

fn write_key(path: &Path, key: &[u8; 16]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    file.write_all(format!("{text}\n").as_bytes())?;
    file.sync_all()
}

fn parse_key(text: &str) -> Option<MasterKey> {
    if text.len() != 32 || !text.is_ascii() {
        return None;
    }
    let mut key = [0; 16];
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()?;
    }
    Some(MasterKey(key))
}
