//! Why a command was refused. Closed, with permanent codes: a code is never reused for another meaning.

use crate::area::AreaCode;
use crate::ids::Day;
use crate::subject::State;

/// A reason for which a command changes nothing. The sender still has the command and can mend it.
///
/// When several apply, the first in the order of this list is given (see `decide`'s tests).
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the message says it")]
pub enum Refusal {
    #[error("the same command id was sent with different content")]
    CommandIdReused,
    #[error("no such record")]
    SubjectNotFound,
    #[error("a record with this id exists")]
    SubjectExists,
    #[error("the account may not do this here")]
    NotPermitted,
    #[error("the record was withdrawn")]
    SubjectWithdrawn,
    #[error("the record has changed since it was read (now revision {now})")]
    RevisionConflict { now: u32 },
    #[error("there is no kind {kind} in the catalog")]
    UnknownKind { kind: String },
    #[error("kind {kind} has another shape")]
    WrongShape { kind: String },
    #[error("there is no area {area}")]
    UnknownArea { area: AreaCode },
    #[error("area {area} lies outside this prefecture's journal")]
    OutsidePrefecture { area: AreaCode },
    #[error("the area {area} is registered already")]
    AreaExists { area: AreaCode },
    #[error("field {field}: {problem}")]
    FieldInvalid { field: String, problem: String },
    #[error("{field} is missing")]
    MissingValue { field: String },
    #[error("{field} is too long (at most {max} characters)")]
    TextTooLong { field: String, max: usize },
    #[error("{field} must not be negative or larger than the limit")]
    QuantityOutOfRange { field: String },
    #[error("personal data must be given in its own field, to be sealed: {field}")]
    PersonalDataOpen { field: String },
    #[error("this kind has no personal field {field}")]
    PersonalFieldUnknown { field: String },
    #[error("what everybody reads in {field} must not hold a number, a house, or the words of whoever asked")]
    NotForThePublic { field: String },
    #[error("the record already has as many lines as one record may have")]
    TooManyLines,
    #[error("there is no such line on this record")]
    LineNotFound,
    #[error("a line with this id exists")]
    LineExists,
    #[error("the linked record in {field} does not exist")]
    LinkNotFound { field: String },
    #[error("the linked record in {field} is none that this can be joined to")]
    LinkUnfit { field: String },
    #[error("whoever is named in {field} may not handle a case of this kind in this place")]
    HandlerOutOfReach { field: String },
    #[error("kind {kind} is not on the list of grid tasks, and no admission covers it here today")]
    NotAGridTask { kind: String },
    #[error("{second} lies before {first}")]
    FinishedBeforeFound { first: Day, second: Day },
    #[error("it is claimed by {by}; the claim has to be given back first")]
    ClaimedAlready { by: String },
    #[error("the step is not open in state {}", state.code())]
    StepNotOpen { state: State },
    #[error("there is no checklist {checklist} in that version")]
    UnknownChecklist { checklist: String },
    #[error("the checklist has no item {field}")]
    UnknownItem { field: String },
    #[error("item {field} is not answered, or answered twice")]
    ItemUnanswered { field: String },
    #[error("item {field} does not wait to be looked at again")]
    ItemNotWaiting { field: String },
    #[error("this list is signed by at least {needed} people")]
    TooFewOfficers { needed: usize },
    #[error("what is signed for has a signature: attach it first")]
    SignatureMissing,
    #[error("nothing on this sheet asks for a notice")]
    NothingToNotify,
    #[error("kind {kind} does not end with outcome {outcome}")]
    UnknownOutcome { kind: String, outcome: String },
    #[error("the checker must be somebody other than the one who finished the work")]
    CheckerIsHandler,
    #[error("the work of this kind is done with evidence: attach a picture or a document first")]
    EvidenceMissing,
    #[error("only the one to whom the case was offered signs for it")]
    NotTheReceiver,
    #[error("the work was due on {due}, which is over; more time is given before")]
    AlreadyLate { due: Day },
    #[error("more time is given by somebody other than the handler")]
    ExtenderIsHandler,
    #[error("whoever asked may answer until {until}")]
    AnswerAwaited { until: Day },
    #[error("a revisit is drawn and made by somebody who had no part in the work")]
    RevisitorIsHandler,
    #[error("an appeal is decided by an office above, by somebody who had no part in the case")]
    JudgeIsParty,
    #[error("the stock holds {held}, less than is issued")]
    StockTooSmall { held: i64 },
    #[error("the record ended already")]
    AlreadyEnded,
    #[error("the amount does not fit the figures that sum it")]
    AmountOverflow,
    #[error("the record already has {} files", crate::limits::FILES_MAX)]
    TooManyFiles,
    #[error("there is no such file on this record")]
    FileNotFound,
    #[error("a file with this id is attached already")]
    FileExists,
    #[error("a line {line} stands on the record already, and there is one at most")]
    LineOnce { line: String },
    #[error("a line {needs} has to stand on the record before")]
    LineMissing { needs: String },
    #[error("since the line {by} stands on the record, this is not open")]
    LineBarred { by: String },
    #[error("this had to follow until {until}")]
    LineTooLate { until: Day },
    #[error("papers that others signed as well stand on the record; whoever keeps them is asked")]
    PapersKept,
}

impl Refusal {
    /// Every permanent code, in the order of the list.
    pub const CODES: [&str; 55] = [
        "command_id_reused",
        "subject_not_found",
        "subject_exists",
        "not_permitted",
        "subject_withdrawn",
        "revision_conflict",
        "unknown_kind",
        "wrong_shape",
        "unknown_area",
        "outside_prefecture",
        "area_exists",
        "field_invalid",
        "missing_value",
        "text_too_long",
        "quantity_out_of_range",
        "personal_data_open",
        "personal_field_unknown",
        "not_for_the_public",
        "too_many_lines",
        "line_not_found",
        "line_exists",
        "link_not_found",
        "link_unfit",
        "handler_out_of_reach",
        "not_a_grid_task",
        "finished_before_found",
        "claimed_already",
        "step_not_open",
        "unknown_checklist",
        "unknown_item",
        "item_unanswered",
        "item_not_waiting",
        "too_few_officers",
        "signature_missing",
        "nothing_to_notify",
        "unknown_outcome",
        "checker_is_handler",
        "evidence_missing",
        "not_the_receiver",
        "already_late",
        "extender_is_handler",
        "answer_awaited",
        "revisitor_is_handler",
        "judge_is_party",
        "stock_too_small",
        "already_ended",
        "amount_overflow",
        "too_many_files",
        "file_not_found",
        "file_exists",
        "line_once",
        "line_missing",
        "line_barred",
        "line_too_late",
        "papers_kept",
    ];

    /// Its place in the list: of several refusals that apply, the one with the lowest rank is given.
    pub fn rank(&self) -> usize {
        Self::CODES.iter().position(|code| *code == self.code()).unwrap_or(Self::CODES.len())
    }

    /// The permanent code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CommandIdReused => "command_id_reused",
            Self::SubjectNotFound => "subject_not_found",
            Self::SubjectExists => "subject_exists",
            Self::NotPermitted => "not_permitted",
            Self::SubjectWithdrawn => "subject_withdrawn",
            Self::RevisionConflict { .. } => "revision_conflict",
            Self::UnknownKind { .. } => "unknown_kind",
            Self::WrongShape { .. } => "wrong_shape",
            Self::UnknownArea { .. } => "unknown_area",
            Self::OutsidePrefecture { .. } => "outside_prefecture",
            Self::AreaExists { .. } => "area_exists",
            Self::FieldInvalid { .. } => "field_invalid",
            Self::MissingValue { .. } => "missing_value",
            Self::TextTooLong { .. } => "text_too_long",
            Self::QuantityOutOfRange { .. } => "quantity_out_of_range",
            Self::PersonalDataOpen { .. } => "personal_data_open",
            Self::PersonalFieldUnknown { .. } => "personal_field_unknown",
            Self::NotForThePublic { .. } => "not_for_the_public",
            Self::TooManyLines => "too_many_lines",
            Self::LineNotFound => "line_not_found",
            Self::LineExists => "line_exists",
            Self::LinkNotFound { .. } => "link_not_found",
            Self::LinkUnfit { .. } => "link_unfit",
            Self::HandlerOutOfReach { .. } => "handler_out_of_reach",
            Self::NotAGridTask { .. } => "not_a_grid_task",
            Self::FinishedBeforeFound { .. } => "finished_before_found",
            Self::ClaimedAlready { .. } => "claimed_already",
            Self::StepNotOpen { .. } => "step_not_open",
            Self::UnknownChecklist { .. } => "unknown_checklist",
            Self::UnknownItem { .. } => "unknown_item",
            Self::ItemUnanswered { .. } => "item_unanswered",
            Self::ItemNotWaiting { .. } => "item_not_waiting",
            Self::TooFewOfficers { .. } => "too_few_officers",
            Self::SignatureMissing => "signature_missing",
            Self::NothingToNotify => "nothing_to_notify",
            Self::UnknownOutcome { .. } => "unknown_outcome",
            Self::CheckerIsHandler => "checker_is_handler",
            Self::EvidenceMissing => "evidence_missing",
            Self::NotTheReceiver => "not_the_receiver",
            Self::AlreadyLate { .. } => "already_late",
            Self::ExtenderIsHandler => "extender_is_handler",
            Self::AnswerAwaited { .. } => "answer_awaited",
            Self::RevisitorIsHandler => "revisitor_is_handler",
            Self::JudgeIsParty => "judge_is_party",
            Self::StockTooSmall { .. } => "stock_too_small",
            Self::AlreadyEnded => "already_ended",
            Self::AmountOverflow => "amount_overflow",
            Self::TooManyFiles => "too_many_files",
            Self::FileNotFound => "file_not_found",
            Self::FileExists => "file_exists",
            Self::LineOnce { .. } => "line_once",
            Self::LineMissing { .. } => "line_missing",
            Self::LineBarred { .. } => "line_barred",
            Self::LineTooLate { .. } => "line_too_late",
            Self::PapersKept => "papers_kept",
        }
    }

    /// The field to blame, when one is.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::FieldInvalid { field, .. }
            | Self::MissingValue { field }
            | Self::TextTooLong { field, .. }
            | Self::QuantityOutOfRange { field }
            | Self::PersonalDataOpen { field }
            | Self::PersonalFieldUnknown { field }
            | Self::NotForThePublic { field }
            | Self::LinkNotFound { field }
            | Self::LinkUnfit { field }
            | Self::HandlerOutOfReach { field }
            | Self::UnknownItem { field }
            | Self::ItemUnanswered { field }
            | Self::ItemNotWaiting { field } => Some(field),
            _ => None,
        }
    }
}

/// Of several checks, the refusal that stands first in the list, so that the answer does not depend on the order in
/// which they were made.
#[derive(Default)]
pub(crate) struct First(Option<Refusal>);

impl First {
    pub fn check(&mut self, checked: Result<(), Refusal>) -> &mut Self {
        if let Err(refusal) = checked
            && self.0.as_ref().is_none_or(|first| refusal.rank() < first.rank())
        {
            self.0 = Some(refusal);
        }
        self
    }

    pub fn done(&mut self) -> Result<(), Refusal> {
        self.0.take().map_or(Ok(()), Err)
    }
}
