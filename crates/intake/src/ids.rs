//! Ids derived from what a ledger says (UUIDv8), so that the same row always means the same record and the same command.

use tahuang_app::derived_id;
use tahuang_domain::{Action, CommandId, SubjectId};
use uuid::Uuid;

fn derived(purpose: &str, parts: &[&str]) -> Uuid {
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    derived_id(purpose, &parts)
}

/// The record that these parts identify.
pub fn subject(kind: &str, parts: &[&str]) -> SubjectId {
    SubjectId(derived(&format!("subject {kind}"), parts))
}

/// The same at a revision of the record: told again when the record has changed meanwhile, it is another command.
pub fn command_at(subject: SubjectId, action: &Action, revision: u32) -> CommandId {
    CommandId(derived("command at", &[&command(subject, action).to_string(), &revision.to_string()]))
}

/// The command that tells a record this. Personal values stay out: from a digest they could be guessed back.
pub fn command(subject: SubjectId, action: &Action) -> CommandId {
    let said = serde_json::to_string(&action.without_sealable()).unwrap_or_default();
    CommandId(derived("command", &[&subject.to_string(), &said]))
}
