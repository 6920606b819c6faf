//! Commands: what somebody asks to happen. One command concerns one subject.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::area::AreaCode;
use crate::attachment::{MediaType, Purpose};
use crate::ids::{CommandId, Day, Fen, Fields, Sealed, SubjectId};
use crate::subject::{CheckedItem, Receipt, RecheckedItem};

/// A request to change one subject.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Command {
    /// The sender's UUIDv7. Sent again, the command gets its first answer and changes nothing.
    pub id: CommandId,
    /// The record it concerns; a new record's id is made by the sender.
    pub subject: SubjectId,
    /// The revision the sender saw, when the command must not land on a newer one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// The ledger row it was typed in, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What is asked.
    #[serde(flatten)]
    pub action: Action,
}

/// Where a record came from: a row of a sheet of a workbook.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Source {
    /// The workbook's file name.
    pub file: String,
    /// The sheet's name.
    pub sheet: String,
    /// The row as Excel counts it, from 1.
    pub row: u32,
    /// Heading and text of each cell, personal cells left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<(String, String)>,
}

/// A value of a personal field: open on its way in, sealed from the door on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PersonalValue {
    /// Sealed under the subject's own key.
    Sealed(Sealed),
    /// As the sender typed it. [`crate::decide()`] refuses it: the door has to seal it first.
    Open(String),
}

/// Personal fields by name.
pub type Personal = BTreeMap<String, PersonalValue>;

/// Who handles a case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Handler {
    /// A person or department.
    pub name: String,
    /// The account that it signs in with, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<SubjectId>,
}

/// Whether something is solved, in the words of whoever asked for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Solved {
    /// It is (已解决).
    Resolved,
    /// A part of it is (部分解决).
    Partly,
    /// It is not (未解决).
    Unresolved,
}

/// How somebody finds what was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Satisfaction {
    /// Satisfied (满意).
    Satisfied,
    /// Fairly satisfied (基本满意).
    Fairly,
    /// Not satisfied (不满意).
    Dissatisfied,
    /// Not said (未评价).
    #[default]
    Unrated,
}

impl Satisfaction {
    /// Whether nothing was said of it.
    pub fn is_unrated(&self) -> bool {
        *self == Self::Unrated
    }
}

/// Which way goods move.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// Bought, made or given: the stock grows.
    Received,
    /// Handed out: the stock shrinks, never below zero.
    Issued,
    /// Counted on the shelf: the stock is what was counted.
    Counted,
}

/// What is asked of a subject.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    /// Enters something that exists from a day on: an area, an organisation, a posting, a pair, a hall.
    RegisterEntry {
        /// Kind from the catalog, of shape `entry`.
        kind: String,
        /// Where it is; an area's or grid's own code.
        area: AreaCode,
        /// What it is called.
        name: String,
        /// The first day, if known.
        #[serde(default)]
        from: Option<Day>,
        /// Extra fields of the kind.
        #[serde(default)]
        fields: Fields,
        /// Personal fields of the kind.
        #[serde(default)]
        personal: Personal,
    },
    /// Ends an entry on a day.
    EndEntry {
        /// The last day.
        day: Day,
        /// Why.
        reason: String,
    },
    /// Adds a dated line to a record: a course result, a place a unit reported to, an agreement in a dispute, help that was
    /// given for a road.
    AddLine {
        /// The line's own id.
        line: SubjectId,
        /// Line kind from the catalog.
        kind: String,
        /// The day it is about.
        day: Day,
        /// Where, when not at the record's own area.
        #[serde(default)]
        area: Option<AreaCode>,
        /// Extra fields.
        #[serde(default)]
        fields: Fields,
        /// Personal fields.
        #[serde(default, skip_serializing_if = "Personal::is_empty")]
        personal: Personal,
    },
    /// Takes a line out again.
    WithdrawLine {
        /// The line's id.
        line: SubjectId,
        /// Why.
        reason: String,
    },
    /// Records what was done on a day, with a quantity.
    RecordFact {
        /// Kind of shape `fact`.
        kind: String,
        /// Where.
        area: AreaCode,
        /// When.
        day: Day,
        /// What it is about.
        title: String,
        /// How many (of the kind's unit).
        quantity: i64,
        /// Extra fields.
        #[serde(default)]
        fields: Fields,
    },
    /// Records an activity with people.
    RecordActivity {
        /// Kind of shape `activity`.
        kind: String,
        /// Where.
        area: AreaCode,
        /// The first day.
        day: Day,
        /// The last day, when it took longer.
        #[serde(default)]
        until: Option<Day>,
        /// What it is about.
        title: String,
        /// How many people took part, if counted.
        #[serde(default)]
        people: Option<i64>,
        /// Extra fields.
        #[serde(default)]
        fields: Fields,
    },
    /// Plans an activity: it stands in the calendar, and counts once it was held.
    PlanActivity {
        /// Kind of shape `activity`.
        kind: String,
        /// Where.
        area: AreaCode,
        /// The first day.
        day: Day,
        /// The last day, when it takes longer.
        #[serde(default)]
        until: Option<Day>,
        /// What it is about.
        title: String,
        /// Extra fields.
        #[serde(default)]
        fields: Fields,
    },
    /// A planned activity was held.
    HoldActivity {
        /// The first day on which it was.
        day: Day,
        /// The last day, when it took longer.
        #[serde(default)]
        until: Option<Day>,
        /// How many people took part, if counted.
        #[serde(default)]
        people: Option<i64>,
    },
    /// A planned activity is not held.
    CancelActivity {
        /// Why.
        reason: String,
    },
    /// Opens a case.
    ReportCase {
        /// Kind of shape `case`.
        kind: String,
        /// Where.
        area: AreaCode,
        /// The day it was found or received.
        day: Day,
        /// What it is about.
        title: String,
        /// Extra fields.
        #[serde(default)]
        fields: Fields,
        /// Personal fields.
        #[serde(default)]
        personal: Personal,
    },
    /// Enters from a ledger a case that was handled before this system kept it: its handler and, when the ledger
    /// says so, its end. Sent for an open case that exists, it adds what the ledger says anew.
    TranscribeCase {
        /// Kind of shape `case`.
        kind: String,
        /// Where.
        area: AreaCode,
        /// The day it was found or received.
        day: Day,
        /// What it is about.
        title: String,
        /// Extra fields.
        #[serde(default)]
        fields: Fields,
        /// Who handled it, if the ledger says.
        #[serde(default)]
        handler: Option<String>,
        /// How it ended, if it did.
        #[serde(default)]
        ended: Option<Ended>,
    },
    /// Takes the case on (受理).
    AcceptCase,
    /// Sends the case back with a reason (不予受理).
    DeclineCase {
        /// Why.
        reason: String,
    },
    /// Names who handles the case (派遣), and who assists (协办).
    AssignCase {
        /// A person or department, the one that leads (主办).
        handler: String,
        /// The account that it signs in with, if it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<SubjectId>,
        /// Who assists.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        assisting: Vec<Handler>,
    },
    /// The handler begins (处置).
    TakeCaseInHand,
    /// Stops the clock with a reason.
    PauseCase {
        /// Why.
        reason: String,
    },
    /// Goes on after a pause.
    ResumeCase,
    /// The handler says the work is done.
    FinishCase {
        /// The day it was done.
        day: Day,
        /// What was done.
        #[serde(default)]
        note: String,
    },
    /// Somebody else checks the work (核查).
    CheckCase {
        /// Whether it holds.
        passed: bool,
        /// What was seen.
        #[serde(default)]
        note: String,
    },
    /// Ends the case with an outcome (结案/销号).
    CloseCase {
        /// The day of closing.
        day: Day,
        /// An outcome of the kind.
        outcome: String,
    },
    /// Opens a closed, declined or merged case again.
    ReopenCase {
        /// Why.
        reason: String,
    },
    /// The case tells of the same thing as another, which goes on for both (并案). Both keep their numbers.
    MergeCase {
        /// The other case.
        into: SubjectId,
        /// How it was recognised.
        reason: String,
    },
    /// Offers the case to another handler (移交). Until they sign for it, whoever has it keeps it.
    HandOverCase {
        /// A person or department.
        handler: String,
        /// The account that it signs in with, if it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<SubjectId>,
        /// Why, and where the work stands.
        reason: String,
    },
    /// The other handler takes the case over (签收).
    SignHandover,
    /// The other handler does not take it (拒收), or the offer is taken back.
    RefuseHandover {
        /// Why.
        reason: String,
    },
    /// Gives the work more time (延期).
    ExtendCase {
        /// By when it is due now.
        due: Day,
        /// Why.
        reason: String,
    },
    /// Reminds whoever the case waits for (催办).
    RemindCase {
        /// What is asked, if anything beside going on.
        #[serde(default)]
        note: String,
    },
    /// A day has come or gone: reminds and escalates as the catalog says. Sent by the clock.
    ChaseCase,
    /// The resident who asked says whether it is solved (群众评价).
    AnswerCase {
        /// Whether it is.
        solved: Solved,
        /// How they find it.
        #[serde(default)]
        satisfaction: Satisfaction,
        /// In their words.
        #[serde(default)]
        note: String,
    },
    /// A draw takes the closed case for a revisit (回访抽查). Only the server's own draw says this of one.
    DrawCase {
        /// The draw's register entry.
        draw: SubjectId,
    },
    /// Whoever asked was called on by somebody who had no part in the work (回访).
    RevisitCase {
        /// Whether somebody was reached.
        reached: bool,
        /// In their words, whether it is solved; needed when somebody was reached.
        #[serde(default)]
        solved: Option<Solved>,
        /// How they find it.
        #[serde(default)]
        satisfaction: Satisfaction,
        /// What they said.
        #[serde(default)]
        note: String,
    },
    /// An office asks that the poor ratings of the case be taken out of the rates (申诉).
    AppealRating {
        /// Why.
        reason: String,
    },
    /// An office above decides of the appeal.
    DecideAppeal {
        /// Whether the ratings are taken out.
        granted: bool,
        /// Why.
        reason: String,
    },
    /// Records the check of a place by a list (检查). Of each item that failed a case is opened.
    RecordCheck {
        /// Kind of shape `check`.
        kind: String,
        /// Where.
        area: AreaCode,
        /// When.
        day: Day,
        /// The list, and its version.
        checklist: String,
        /// The version of the list.
        version: u16,
        /// Which place, exactly.
        place: String,
        /// The unit that keeps the place, if one does.
        #[serde(default)]
        unit: String,
        /// Who looked.
        officers: Vec<String>,
        /// What was found of each item of the list. What failed names the id of the case that it opens.
        results: Vec<CheckedItem>,
        /// When what failed is looked at again.
        #[serde(default)]
        recheck: Option<Day>,
    },
    /// Looks again at what failed (复查). The case of what passes is finished by it.
    RecheckItems {
        /// When.
        day: Day,
        /// Who looked.
        officers: Vec<String>,
        /// What was found of the items that were looked at.
        results: Vec<RecheckedItem>,
        /// When what still waits is looked at again.
        #[serde(default)]
        next: Option<Day>,
    },
    /// Says that the notice of what failed was handed over (送达).
    ServeNotice {
        /// When.
        day: Day,
        /// Whether it was signed for.
        receipt: Receipt,
        /// Who received it or would not sign.
        recipient: PersonalValue,
        /// Why not, for instance.
        #[serde(default)]
        note: String,
    },
    /// Puts the case on the public board of its place (公示), in words that the office writes for it.
    PublishCase {
        /// What is needed, as everybody may read it.
        title: String,
        /// More of it, as everybody may read it.
        #[serde(default)]
        text: String,
    },
    /// Takes the case off the public board.
    UnpublishCase {
        /// Why.
        reason: String,
    },
    /// Somebody takes on what stands on the board (认领), and nobody else can until they give it back.
    ClaimCase {
        /// Who; the unit's own name when absent.
        #[serde(default)]
        claimant: String,
        /// The register entry of the unit that takes it on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit_id: Option<SubjectId>,
        /// The account that the claimant signs in with, if they have one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<SubjectId>,
        /// By when they mean to have done it; the last day that the kind allows when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
    },
    /// The claim is given back, and the case stands on the board as free (取消认领).
    ReleaseClaim {
        /// Why.
        reason: String,
    },
    /// Moves goods in or out of a stock; the first movement opens the stock.
    MoveSupply {
        /// Kind of shape `stock`.
        kind: String,
        /// Where the stock is kept.
        area: AreaCode,
        /// What it holds.
        item: String,
        /// In which unit it is counted.
        unit: String,
        /// The movement's own id.
        movement: SubjectId,
        /// Which way.
        direction: Movement,
        /// How many.
        quantity: i64,
        /// When.
        #[serde(default)]
        day: Option<Day>,
        /// Extra fields.
        #[serde(default)]
        fields: Fields,
    },
    /// Corrects a movement that was entered wrongly.
    CorrectMovement {
        /// The movement's id.
        movement: SubjectId,
        /// The right quantity.
        quantity: i64,
        /// The right day.
        #[serde(default)]
        day: Option<Day>,
        /// Why.
        reason: String,
    },
    /// Enters the result of one organisation in an assessment round.
    EnterAssessment {
        /// Kind of shape `assessment`.
        kind: String,
        /// Where the organisation is.
        area: AreaCode,
        /// The round's name.
        round: String,
        /// The organisation's name.
        organisation: String,
        /// The day of the result.
        day: Day,
        /// Points by item, in hundredths of a point.
        scores: BTreeMap<String, i64>,
        /// The grade given.
        grade: String,
    },
    /// Closes the round for this organisation: the public notice is over and the grade stands.
    FinaliseAssessment {
        /// The day.
        day: Day,
    },
    /// Opens a project with money.
    OpenProject {
        /// Kind of shape `project`.
        kind: String,
        /// Where.
        area: AreaCode,
        /// Its name.
        name: String,
        /// The day it was opened.
        day: Day,
        /// Extra fields.
        #[serde(default)]
        fields: Fields,
    },
    /// Allocates money to a project.
    AllocateFunds {
        /// The allocation's own id.
        allocation: SubjectId,
        /// How much, in fen.
        fen: Fen,
        /// When.
        day: Day,
    },
    /// Corrects an allocation that was entered wrongly.
    CorrectAllocation {
        /// The allocation's id.
        allocation: SubjectId,
        /// The right amount, in fen.
        fen: Fen,
        /// The right day.
        day: Day,
        /// Why.
        reason: String,
    },
    /// The project's work is complete.
    CompleteProject {
        /// When.
        day: Day,
    },
    /// Corrects what was entered wrongly. What is absent stays.
    Correct {
        /// The right area.
        #[serde(default)]
        area: Option<AreaCode>,
        /// The right day.
        #[serde(default)]
        day: Option<Day>,
        /// The right title or name.
        #[serde(default)]
        title: Option<String>,
        /// The right quantity (fact) or number of people (activity).
        #[serde(default)]
        quantity: Option<i64>,
        /// Fields to set; `null` takes one out.
        #[serde(default)]
        fields: Fields,
        /// Why.
        reason: String,
    },
    /// Attaches a file whose bytes are kept beside the journal already. Only the server's own door for files says this of
    /// one: it has seen the bytes.
    AttachFile {
        /// The file's own id.
        file: SubjectId,
        /// What it is for.
        purpose: Purpose,
        /// A short file name. It stands open in the journal.
        #[serde(default)]
        name: Option<String>,
        /// What it is, by inspection.
        media_type: MediaType,
        /// How many bytes it has.
        bytes: u64,
        /// SM3 of its bytes, in hexadecimal.
        hash: String,
        /// The item of a checklist that it shows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<String>,
        /// The key that the bytes are encrypted with, in hexadecimal; sealed on its way in like any personal value.
        key: PersonalValue,
    },
    /// Takes a file off the record; its bytes are destroyed.
    RemoveFile {
        /// The file's id.
        file: SubjectId,
        /// Why.
        reason: String,
    },
    /// Withdraws the whole record: it stays in the journal and no longer counts.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// Notes that the key of this subject's personal data was destroyed (PIPL art. 47).
    ErasePersonalData {
        /// Why, or at whose request.
        reason: String,
    },
    /// Keeps a ledger row that could not be accepted.
    RefuseRow {
        /// The area in whose name the ledger was handed in.
        area: AreaCode,
        /// The ledger format, if it was recognised.
        ledger: Option<String>,
        /// The permanent code of the refusal.
        code: String,
        /// The heading of the cell to blame, if one is.
        #[serde(default)]
        column: Option<String>,
        /// What is wrong, for a person to read.
        message: String,
        /// All cells, as JSON, sealed: anything may stand in a wrong row.
        cells: PersonalValue,
    },
    /// The refused row was mended and is now this record.
    FixRow {
        /// The record it became.
        record: SubjectId,
    },
    /// The refused row is no record; a person says why.
    SetRowAside {
        /// Why.
        reason: String,
    },
}

/// How a transcribed case ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ended {
    /// The day of closing.
    pub day: Day,
    /// An outcome of the kind.
    pub outcome: String,
}

impl Action {
    /// The `type` of the command, as it is sent.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RegisterEntry { .. } => "register_entry",
            Self::EndEntry { .. } => "end_entry",
            Self::AddLine { .. } => "add_line",
            Self::WithdrawLine { .. } => "withdraw_line",
            Self::RecordFact { .. } => "record_fact",
            Self::RecordActivity { .. } => "record_activity",
            Self::PlanActivity { .. } => "plan_activity",
            Self::HoldActivity { .. } => "hold_activity",
            Self::CancelActivity { .. } => "cancel_activity",
            Self::ReportCase { .. } => "report_case",
            Self::TranscribeCase { .. } => "transcribe_case",
            Self::AcceptCase => "accept_case",
            Self::DeclineCase { .. } => "decline_case",
            Self::AssignCase { .. } => "assign_case",
            Self::TakeCaseInHand => "take_case_in_hand",
            Self::PauseCase { .. } => "pause_case",
            Self::ResumeCase => "resume_case",
            Self::FinishCase { .. } => "finish_case",
            Self::CheckCase { .. } => "check_case",
            Self::CloseCase { .. } => "close_case",
            Self::ReopenCase { .. } => "reopen_case",
            Self::MergeCase { .. } => "merge_case",
            Self::HandOverCase { .. } => "hand_over_case",
            Self::SignHandover => "sign_handover",
            Self::RefuseHandover { .. } => "refuse_handover",
            Self::ExtendCase { .. } => "extend_case",
            Self::RemindCase { .. } => "remind_case",
            Self::ChaseCase => "chase_case",
            Self::AnswerCase { .. } => "answer_case",
            Self::DrawCase { .. } => "draw_case",
            Self::RevisitCase { .. } => "revisit_case",
            Self::AppealRating { .. } => "appeal_rating",
            Self::DecideAppeal { .. } => "decide_appeal",
            Self::RecordCheck { .. } => "record_check",
            Self::RecheckItems { .. } => "recheck_items",
            Self::ServeNotice { .. } => "serve_notice",
            Self::PublishCase { .. } => "publish_case",
            Self::UnpublishCase { .. } => "unpublish_case",
            Self::ClaimCase { .. } => "claim_case",
            Self::ReleaseClaim { .. } => "release_claim",
            Self::MoveSupply { .. } => "move_supply",
            Self::CorrectMovement { .. } => "correct_movement",
            Self::EnterAssessment { .. } => "enter_assessment",
            Self::FinaliseAssessment { .. } => "finalise_assessment",
            Self::OpenProject { .. } => "open_project",
            Self::AllocateFunds { .. } => "allocate_funds",
            Self::CorrectAllocation { .. } => "correct_allocation",
            Self::CompleteProject { .. } => "complete_project",
            Self::Correct { .. } => "correct",
            Self::AttachFile { .. } => "attach_file",
            Self::RemoveFile { .. } => "remove_file",
            Self::Withdraw { .. } => "withdraw",
            Self::ErasePersonalData { .. } => "erase_personal_data",
            Self::RefuseRow { .. } => "refuse_row",
            Self::FixRow { .. } => "fix_row",
            Self::SetRowAside { .. } => "set_row_aside",
        }
    }

    /// The kind and area that a command which opens a subject names; `None` for commands on an existing one.
    pub fn opens(&self) -> Option<(&str, AreaCode)> {
        match self {
            Self::RegisterEntry { kind, area, .. }
            | Self::RecordFact { kind, area, .. }
            | Self::RecordActivity { kind, area, .. }
            | Self::PlanActivity { kind, area, .. }
            | Self::ReportCase { kind, area, .. }
            | Self::TranscribeCase { kind, area, .. }
            | Self::RecordCheck { kind, area, .. }
            | Self::MoveSupply { kind, area, .. }
            | Self::EnterAssessment { kind, area, .. }
            | Self::OpenProject { kind, area, .. } => Some((kind, *area)),
            Self::RefuseRow { area, .. } => Some((crate::catalog::LEDGER_ROW, *area)),
            _ => None,
        }
    }

    /// Every value that is sealed on its way in, with the field to blame for it.
    pub fn sealable(&self) -> Vec<(&str, &PersonalValue)> {
        match self {
            Self::RegisterEntry { personal, .. }
            | Self::ReportCase { personal, .. }
            | Self::AddLine { personal, .. } => personal.iter().map(|(field, value)| (field.as_str(), value)).collect(),
            Self::RefuseRow { cells, .. } => vec![("cells", cells)],
            Self::AttachFile { key, .. } => vec![("key", key)],
            Self::ServeNotice { recipient, .. } => vec![("recipient", recipient)],
            _ => Vec::new(),
        }
    }

    /// The same command without those values: what may be remembered of it, since from a digest of a telephone number the
    /// number could be guessed back.
    #[must_use]
    pub fn without_sealable(&self) -> Self {
        let mut open = self.clone();
        match &mut open {
            Self::RegisterEntry { personal, .. }
            | Self::ReportCase { personal, .. }
            | Self::AddLine { personal, .. } => personal.clear(),
            other => other.sealable_mut().into_iter().for_each(|value| *value = PersonalValue::Open(String::new())),
        }
        open
    }

    /// The same, to be replaced.
    pub fn sealable_mut(&mut self) -> Vec<&mut PersonalValue> {
        match self {
            Self::RegisterEntry { personal, .. }
            | Self::ReportCase { personal, .. }
            | Self::AddLine { personal, .. } => personal.values_mut().collect(),
            Self::RefuseRow { cells, .. } => vec![cells],
            Self::AttachFile { key, .. } => vec![key],
            Self::ServeNotice { recipient, .. } => vec![recipient],
            _ => Vec::new(),
        }
    }
}
