//! Who may do what: one function for every door.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::area::AreaCode;
use crate::catalog::{Catalog, CatalogError, Kind, Names, REVISIT_DRAW};
use crate::command::Action;
use crate::ids::{Day, SubjectId};
use crate::refusal::Refusal;
use crate::subject::{State, Subject};

/// The kind of an account's register entry.
pub const ACCOUNT: &str = "account";
/// The kind of the entries that admit something to grid workers for a time.
pub const GRID_TASK_ADMISSION: &str = "grid_task_admission";

/// What is done to a record, as roles name it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// See it.
    Read,
    /// Enter a new record.
    Record,
    /// Walk a case through its steps.
    Handle,
    /// Correct what was entered.
    Correct,
    /// Withdraw it.
    Withdraw,
    /// Bring in ledgers, and mend or set aside their refused rows.
    Import,
    /// Verify the journal.
    Verify,
    /// Keep accounts and areas.
    Administer,
    /// Say as the resident who asked whether it is solved. No role of the catalog has it: the resident's own link gives it.
    Answer,
    /// Draw closed cases for revisits, call on whoever asked, and decide appeals against ratings.
    Oversee,
    /// Remind and escalate when a day has come or gone. Only the clock does.
    Chase,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 11] = [
        Self::Read,
        Self::Record,
        Self::Handle,
        Self::Correct,
        Self::Withdraw,
        Self::Import,
        Self::Verify,
        Self::Administer,
        Self::Answer,
        Self::Oversee,
        Self::Chase,
    ];

    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Record => "record",
            Self::Handle => "handle",
            Self::Correct => "correct",
            Self::Withdraw => "withdraw",
            Self::Import => "import",
            Self::Verify => "verify",
            Self::Administer => "administer",
            Self::Answer => "answer",
            Self::Oversee => "oversee",
            Self::Chase => "chase",
        }
    }

    /// The verb that a command needs.
    pub fn of(action: &Action) -> Self {
        match action {
            Action::RegisterEntry { kind, .. } if kind == REVISIT_DRAW => Self::Oversee,
            Action::RegisterEntry { .. }
            | Action::EndEntry { .. }
            | Action::AddLine { .. }
            | Action::RecordFact { .. }
            | Action::RecordActivity { .. }
            | Action::PlanActivity { .. }
            | Action::HoldActivity { .. }
            | Action::CancelActivity { .. }
            | Action::ReportCase { .. }
            | Action::MoveSupply { .. }
            | Action::EnterAssessment { .. }
            | Action::FinaliseAssessment { .. }
            | Action::OpenProject { .. }
            | Action::AllocateFunds { .. }
            | Action::CompleteProject { .. }
            | Action::RecordCheck { .. }
            | Action::ServeNotice { .. }
            | Action::AttachFile { .. } => Self::Record,
            Action::AcceptCase
            | Action::DeclineCase { .. }
            | Action::AssignCase { .. }
            | Action::TakeCaseInHand
            | Action::PauseCase { .. }
            | Action::ResumeCase
            | Action::FinishCase { .. }
            | Action::CheckCase { .. }
            | Action::CloseCase { .. }
            | Action::ReopenCase { .. }
            | Action::MergeCase { .. }
            | Action::HandOverCase { .. }
            | Action::SignHandover
            | Action::RefuseHandover { .. }
            | Action::ExtendCase { .. }
            | Action::RemindCase { .. }
            | Action::AppealRating { .. }
            | Action::RecheckItems { .. }
            | Action::PublishCase { .. }
            | Action::UnpublishCase { .. }
            | Action::ClaimCase { .. }
            | Action::ReleaseClaim { .. } => Self::Handle,
            Action::DrawCase { .. } | Action::RevisitCase { .. } | Action::DecideAppeal { .. } => Self::Oversee,
            Action::AnswerCase { .. } => Self::Answer,
            Action::ChaseCase => Self::Chase,
            Action::Correct { .. } | Action::CorrectMovement { .. } | Action::CorrectAllocation { .. } => Self::Correct,
            Action::Withdraw { .. } | Action::WithdrawLine { .. } | Action::RemoveFile { .. } => Self::Withdraw,
            Action::TranscribeCase { .. }
            | Action::RefuseRow { .. }
            | Action::FixRow { .. }
            | Action::SetRowAside { .. } => Self::Import,
            Action::ErasePersonalData { .. } => Self::Administer,
        }
    }
}

/// A role of the catalog.
#[derive(Debug)]
pub struct Role {
    /// The permanent code.
    pub code: String,
    /// What it is called.
    pub names: Names,
    /// What it may do.
    pub verbs: Vec<Verb>,
    /// The kinds it is about; empty for every kind that is not reserved.
    pub kinds: Vec<String>,
    /// Reserved kinds that it may touch besides.
    pub also: Vec<String>,
    /// Whoever holds it is given only what stands on the published list of grid tasks (网格事项准入).
    pub only_grid_tasks: bool,
    /// It is held by API keys alone: nobody signs in with it.
    pub of_keys: bool,
}

/// A role held in an area: what an account may do, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// The role's code.
    pub role: String,
    /// The area, with everything below it.
    pub scope: AreaCode,
}

impl Grant {
    /// What the register entry of an account grants.
    pub fn of_account(entry: &Subject) -> Option<Self> {
        let role = entry.fields.get("role")?.as_str()?;
        (entry.kind == ACCOUNT).then(|| Self { role: role.to_owned(), scope: entry.area })
    }
}

/// What may be put on grid workers for a time, beside the published list: each approved by an office, with its last day.
#[derive(Clone, Debug, Default)]
pub struct Admissions {
    by_entry: BTreeMap<SubjectId, Admission>,
}

#[derive(Clone, Debug)]
struct Admission {
    area: AreaCode,
    kind: String,
    from: Option<Day>,
    until: Option<Day>,
}

impl Admissions {
    /// Takes over the new state of an admission's register entry.
    pub fn note(&mut self, id: SubjectId, entry: &Subject) {
        let text = |field: &str| entry.fields.get(field).and_then(serde_json::Value::as_str);
        if entry.withdrawn || entry.state == State::Ended {
            self.by_entry.remove(&id);
            return;
        }
        let kind = text("case_kind").unwrap_or_default().to_owned();
        let until = text("until").and_then(|day| day.parse().ok());
        self.by_entry.insert(id, Admission { area: entry.area, kind, from: entry.day, until });
    }

    /// Whether a case of that kind may be given to whoever holds `grant` there on that day (网格事项准入): what is not on the
    /// published list of grid tasks is put on a grid worker only by an admission that ends on a day.
    ///
    /// # Refusals
    /// `NotAGridTask`.
    pub fn check(&self, roles: &Roles, grant: &Grant, kind: &Kind, area: AreaCode, day: Day) -> Result<(), Refusal> {
        let only_listed = roles.get(&grant.role).is_some_and(|role| role.only_grid_tasks);
        if only_listed && !kind.grid_task && !self.admit(&kind.code, area, day) {
            return Err(Refusal::NotAGridTask { kind: kind.code.clone() });
        }
        Ok(())
    }

    /// Whether cases of that kind may be given to grid workers there on that day. Without a last day nothing is admitted.
    fn admit(&self, kind: &str, area: AreaCode, day: Day) -> bool {
        self.by_entry.values().any(|admission| {
            admission.kind == kind
                && admission.area.contains(area)
                && admission.from.is_none_or(|from| from <= day)
                && admission.until.is_some_and(|until| day <= until)
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RolesFile {
    /// Kinds that only roles which name them under `also` may touch (accounts, for instance).
    reserved: Vec<Spanned<String>>,
    role: Vec<RoleText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleText {
    code: Spanned<String>,
    name: Names,
    verbs: Vec<Verb>,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    only_grid_tasks: bool,
    #[serde(default)]
    of_keys: bool,
}

/// All roles of the catalog.
#[derive(Debug)]
pub struct Roles {
    reserved: Vec<String>,
    /// Kinds of which the whole prefecture's entries are shared.
    shared: Vec<String>,
    roles: BTreeMap<String, Role>,
}

impl Roles {
    /// Reads and checks `catalog/roles.toml`.
    ///
    /// # Errors
    /// The first mistake, with file and line.
    pub fn parse(file: &str, text: &str, catalog: &Catalog) -> Result<Self, CatalogError> {
        let read: RolesFile = toml::from_str(text).map_err(|error| CatalogError::toml(file, text, &error))?;
        // A misspelt reserved kind would leave the real one open to everybody.
        if let Some(kind) = read.reserved.iter().find(|kind| catalog.kind(kind.as_ref()).is_err()) {
            let message = format!("reserved: there is no kind {}", kind.as_ref());
            return Err(CatalogError::at(file, text, kind.span().start, message));
        }
        let mut roles = BTreeMap::new();
        for role in read.role {
            let offset = role.code.span().start;
            let code = role.code.into_inner();
            if let Some(kind) = role.kinds.iter().chain(&role.also).find(|kind| catalog.kind(kind).is_err()) {
                return Err(CatalogError::at(file, text, offset, format!("role {code}: there is no kind {kind}")));
            }
            let role = Role {
                code: code.clone(),
                names: role.name,
                verbs: role.verbs,
                kinds: role.kinds,
                also: role.also,
                only_grid_tasks: role.only_grid_tasks,
                of_keys: role.of_keys,
            };
            if roles.insert(code.clone(), role).is_some() {
                return Err(CatalogError::at(file, text, offset, format!("role {code} stands twice")));
            }
        }
        let reserved = read.reserved.into_iter().map(Spanned::into_inner).collect();
        let shared = catalog.kinds().filter(|kind| kind.shared).map(|kind| kind.code.clone()).collect();
        Ok(Self { reserved, shared, roles })
    }

    /// The role with this code.
    pub fn get(&self, code: &str) -> Option<&Role> {
        self.roles.get(code)
    }

    /// All roles, in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &Role> {
        self.roles.values()
    }

    /// Whether whoever holds `grant` may do `verb` to a record of `kind` in `area`.
    ///
    /// # Refusals
    /// `NotPermitted`, without saying which part failed: that would tell about records out of reach.
    pub fn permit(&self, grant: &Grant, verb: Verb, kind: &str, area: AreaCode) -> Result<(), Refusal> {
        // What is shared stands above the places that share it. It is read and written on from below, not changed.
        let shared = matches!(verb, Verb::Read | Verb::Record)
            && area.contains(grant.scope)
            && self.shared.iter().any(|shared| shared == kind);
        if (grant.scope.contains(area) || shared) && self.may(grant, verb) && self.reaches(grant, kind) {
            Ok(())
        } else {
            Err(Refusal::NotPermitted)
        }
    }

    /// Whether the role of `grant` has the verb at all.
    pub fn may(&self, grant: &Grant, verb: Verb) -> bool {
        self.get(&grant.role).is_some_and(|role| role.verbs.contains(&verb))
    }

    /// Whether the role of `grant` is about records of that kind.
    pub fn reaches(&self, grant: &Grant, kind: &str) -> bool {
        let Some(role) = self.get(&grant.role) else { return false };
        let named = |kinds: &[String]| kinds.iter().any(|named| named == kind);
        if named(&self.reserved) { named(&role.also) } else { role.kinds.is_empty() || named(&role.kinds) }
    }
}
