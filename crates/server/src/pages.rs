//! The office's pages, built into the program. A build without `web/dist/office` serves the API alone.

use rust_embed::RustEmbed;
use tahuang_http::{Asset, Assets};

#[derive(RustEmbed)]
#[folder = "../../web/dist/office"]
#[allow_missing = true]
struct Office;

/// The pages that are built in.
pub struct Embedded;

impl Assets for Embedded {
    fn get(&self, path: &str) -> Option<Asset> {
        let file = Office::get(path)?;
        let content_type = file.metadata.mimetype();
        let is_text = content_type.starts_with("text/") || content_type.ends_with("javascript");
        let content_type = if is_text { format!("{content_type}; charset=utf-8") } else { content_type.to_owned() };
        let hash = file.metadata.sha256_hash();
        let tag = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        Some(Asset { bytes: file.data, content_type, tag })
    }
}

/// Whether the program was built with the pages.
pub fn are_built_in() -> bool {
    Office::get("index.html").is_some()
}
