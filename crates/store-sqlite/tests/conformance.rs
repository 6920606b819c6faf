//! The suite that every store passes, on SQLite.

use std::path::Path;
use std::sync::Arc;

use tahuang_store::Store;
use tahuang_store_sqlite::SqliteStore;

tahuang_store::conformance!(|folder: &Path| -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(&folder.join("tahuang.db")).unwrap())
});
