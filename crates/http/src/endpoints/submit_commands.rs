use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tahuang_app::Answered;
use tahuang_domain::catalog::REVISIT_DRAW;
use tahuang_domain::{Action, AreaCode, Command, CommandId, Prefecture, Refusal};
use tahuang_store::Outcome;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::door::Door;
use crate::input::{Json, json_bytes};
use crate::limits;
use crate::problem::ApiError;
use crate::session::SignedIn;

/// Commands, to be done in this order.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes what `Batch` reads")]
pub struct Commands {
    /// The prefecture whose journal they concern; the account's own when absent.
    prefecture: Option<String>,
    /// At most 1,000. What a command of a type needs is described in the guide to commands.
    commands: Vec<CommandText>,
}

/// A command: its inputs stand beside these fields.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes what a command has in common")]
pub struct CommandText {
    /// The sender's own UUIDv7.
    id: Uuid,
    /// For instance `report_case`.
    #[schema(rename = "type")]
    kind: String,
    /// The record it concerns; of a new record, an id of the sender's own.
    subject: Uuid,
    /// The revision that the sender saw.
    revision: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch<'b> {
    prefecture: Option<AreaCode>,
    #[serde(borrow)]
    commands: Vec<&'b RawValue>,
}

/// The answers, in the order of the commands.
#[derive(Serialize, ToSchema)]
pub struct CommandResults {
    pub results: Vec<CommandResult>,
    /// The highest journal position among them; 0 when none was accepted.
    pub position: u64,
}

/// What one command was told.
#[derive(Serialize, ToSchema)]
pub struct CommandResult {
    /// `null` when the command could not be read and named no id.
    pub id: Option<Uuid>,
    /// `accepted`: done now. `known`: done when it was sent before. `refused`: nothing changed.
    pub status: Status,
    /// The positions of the journal that it became; none when nothing was new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub positions: Option<Vec<u64>>,
    /// Why it was refused: a permanent code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The same in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The field to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Accepted,
    Known,
    Refused,
}

/// Sends commands, many at a time
///
/// Each command is accepted or refused on its own. When the answer arrives, what was accepted is on disk. A command that was
/// sent before gets its first answer again.
#[utoipa::path(post, path = "/commands", tag = "commands", request_body = Commands,
    responses((status = 200, body = CommandResults, description = "One answer for each command")))]
pub async fn submit_commands(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    request: Request,
) -> Result<Json<CommandResults>, ApiError> {
    let body = json_bytes(request, &()).await?;
    let read = if body.len() <= limits::COMMANDS_INLINE_BYTES_MAX {
        read(&body)
    } else {
        door.read(move |_| read(&body)).await
    };
    let (prefecture, slots, commands) = read?;
    let own = asker.account.prefecture;
    let prefecture = match prefecture {
        None => own,
        Some(area) => Prefecture::new(area).ok_or_else(|| ApiError::InvalidField {
            field: "prefecture".to_owned(),
            problem: "not a prefecture's code".to_owned(),
        })?,
    };
    if prefecture != own {
        return Err(Refusal::NotPermitted.into());
    }
    let answers = if commands.is_empty() { Vec::new() } else { door.submit(prefecture, asker.asker, commands).await? };
    Ok(Json(answer(&door, slots, answers)))
}

/// A command's place in the request: read, or refused already.
enum Slot {
    Read,
    Malformed(CommandResult),
}

type Parsed = (Option<AreaCode>, Vec<Slot>, Vec<Command>);

/// Reads the request. A command that cannot be read is refused by itself, and the others are done.
fn read(body: &Bytes) -> Result<Parsed, ApiError> {
    let batch: Batch<'_> = serde_json::from_slice(body).map_err(|error| ApiError::MalformedBody(error.to_string()))?;
    if batch.commands.len() > tahuang_app::limits::BATCH_COMMANDS_MAX {
        return Err(ApiError::TooManyCommands);
    }
    let mut commands = Vec::with_capacity(batch.commands.len());
    let slots = batch.commands.into_iter().map(|text| match serde_json::from_str::<Command>(text.get()) {
        // Where a row came from, and what became of it, is said by the import alone.
        Ok(command) if command.source.is_some() || is_of_the_import(&command.action) => {
            Slot::Malformed(refused_here(text, "what an import says of its rows is not sent as a command"))
        }
        // The door for files has seen the bytes and written them; a command could say anything.
        Ok(command) if matches!(command.action, Action::AttachFile { .. }) => {
            Slot::Malformed(refused_here(text, "a file is sent to POST /subjects/{id}/files"))
        }
        // Nobody picks what is called about.
        Ok(command) if is_of_a_draw(&command.action) => {
            Slot::Malformed(refused_here(text, "cases are drawn by lot: POST /revisit-draws"))
        }
        // Derived from what a row says (UUIDv8): taken by somebody else, the row could never be brought in.
        Ok(command) if command.id.0.get_version_num() == 8 => {
            Slot::Malformed(refused_here(text, "ids of version 8 are those of imports; make one of version 7"))
        }
        Ok(command) => {
            commands.push(command);
            Slot::Read
        }
        Err(error) => Slot::Malformed(refused_here(text, &error.to_string())),
    });
    Ok((batch.prefecture, slots.collect(), commands))
}

fn is_of_the_import(action: &Action) -> bool {
    matches!(action, Action::RefuseRow { .. } | Action::FixRow { .. } | Action::SetRowAside { .. })
}

fn is_of_a_draw(action: &Action) -> bool {
    let registers = matches!(action, Action::RegisterEntry { kind, .. } if kind == REVISIT_DRAW);
    registers || matches!(action, Action::DrawCase { .. })
}

fn refused_here(text: &RawValue, problem: &str) -> CommandResult {
    #[derive(Deserialize)]
    struct Named {
        id: CommandId,
    }
    CommandResult {
        id: serde_json::from_str::<Named>(text.get()).ok().map(|named| named.id.0),
        status: Status::Refused,
        positions: None,
        code: Some("malformed_command".to_owned()),
        message: Some(problem.to_owned()),
        field: None,
    }
}

fn answer(door: &Door, slots: Vec<Slot>, answers: Vec<Answered>) -> CommandResults {
    let mut answers = answers.into_iter();
    let results: Vec<CommandResult> = slots
        .into_iter()
        .filter_map(|slot| match slot {
            Slot::Malformed(result) => Some(result),
            Slot::Read => answers.next().map(result_of),
        })
        .collect();
    let count = |status| results.iter().filter(|result| result.status == status).count() as u64;
    door.metrics.commands(count(Status::Accepted), count(Status::Known), count(Status::Refused));
    let position = results.iter().filter_map(|result| result.positions.as_ref()?.last().copied()).max();
    CommandResults { position: position.unwrap_or(0), results }
}

fn result_of(answered: Answered) -> CommandResult {
    let id = Some(answered.id.0);
    match answered.outcome {
        Outcome::Accepted { first, count } => CommandResult {
            id,
            status: if answered.repeated { Status::Known } else { Status::Accepted },
            positions: Some((first..first + u64::from(count)).collect()),
            code: None,
            message: None,
            field: None,
        },
        Outcome::Refused { code, message, field } => CommandResult {
            id,
            status: Status::Refused,
            positions: None,
            code: Some(code),
            message: Some(message),
            field,
        },
    }
}
