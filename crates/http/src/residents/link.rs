//! The secret link to a resident's own case: its place in a journal, and a mark that only this server can make. Nothing
//! is stored for it, so nothing can be stolen but the master key.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tahuang_app::App;
use tahuang_domain::{AreaCode, Prefecture, SubjectId};
use uuid::Uuid;

const PURPOSE: &str = "resident link";
const MARK_BYTES: usize = 12;

/// The link to a case, without the address before it.
pub fn write(app: &App, prefecture: Prefecture, case: SubjectId) -> String {
    let mut bytes = named(prefecture, case);
    let mark = app.mark(PURPOSE, &bytes);
    bytes.extend(&mark[..MARK_BYTES]);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The case to which a link leads; `None` for one that was not made here.
pub fn read(app: &App, link: &str) -> Option<(Prefecture, SubjectId)> {
    let bytes = URL_SAFE_NO_PAD.decode(link).ok()?;
    let (named, mark) = bytes.split_at_checked(2 + 16)?;
    if mark.len() != MARK_BYTES || !app.is_mark(PURPOSE, named, mark) {
        return None;
    }
    let (digits, case) = named.split_at(2);
    let digits = u16::from_be_bytes(digits.try_into().ok()?);
    let area: AreaCode = format!("{digits:04}00000000").parse().ok()?;
    Some((Prefecture::new(area)?, SubjectId(Uuid::from_slice(case).ok()?)))
}

fn named(prefecture: Prefecture, case: SubjectId) -> Vec<u8> {
    let digits: u16 = prefecture.area().to_string()[..4].parse().unwrap_or_default();
    [&digits.to_be_bytes()[..], case.0.as_bytes()].concat()
}
