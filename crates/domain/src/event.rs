//! Events: what happened. The journal keeps them for ever, so a published variant never changes its meaning:
//! a new need is a new variant.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::area::AreaCode;
use crate::attachment::{MediaType, Purpose};
use crate::command::{Handler, Movement, Satisfaction, Solved};
use crate::ids::{Day, Fen, Fields, Sealed, SubjectId};
use crate::subject::{CheckedItem, Receipt, RecheckedItem};

/// Sealed personal fields by name.
pub type SealedFields = BTreeMap<String, Sealed>;

/// What happened to a subject. See [`crate::Action`] for the meaning of the shared fields.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are those of the command of the same name")]
pub enum Event {
    EntryRegistered {
        kind: String,
        area: AreaCode,
        name: String,
        from: Option<Day>,
        #[serde(default, skip_serializing_if = "Fields::is_empty")]
        fields: Fields,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        sealed: SealedFields,
    },
    EntryEnded {
        day: Day,
        reason: String,
    },
    LineAdded {
        line: SubjectId,
        kind: String,
        day: Option<Day>,
        area: Option<AreaCode>,
        #[serde(default, skip_serializing_if = "Fields::is_empty")]
        fields: Fields,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        sealed: SealedFields,
        /// Until when another line has to follow on it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Day>,
        /// The line on which it follows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answers: Option<SubjectId>,
    },
    LineWithdrawn {
        line: SubjectId,
        reason: String,
    },
    /// The day until which another line had to follow on it has gone.
    LineLapsed {
        line: SubjectId,
    },
    FactRecorded {
        kind: String,
        area: AreaCode,
        day: Day,
        title: String,
        quantity: i64,
        #[serde(default, skip_serializing_if = "Fields::is_empty")]
        fields: Fields,
    },
    ActivityRecorded {
        kind: String,
        area: AreaCode,
        day: Day,
        until: Option<Day>,
        title: String,
        people: Option<i64>,
        #[serde(default, skip_serializing_if = "Fields::is_empty")]
        fields: Fields,
    },
    ActivityPlanned {
        kind: String,
        area: AreaCode,
        day: Day,
        until: Option<Day>,
        title: String,
        #[serde(default, skip_serializing_if = "Fields::is_empty")]
        fields: Fields,
    },
    ActivityHeld {
        day: Day,
        until: Option<Day>,
        people: Option<i64>,
    },
    ActivityCancelled {
        reason: String,
    },
    CaseReported {
        kind: String,
        area: AreaCode,
        day: Day,
        title: String,
        #[serde(default, skip_serializing_if = "Fields::is_empty")]
        fields: Fields,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        sealed: SealedFields,
        /// By when the next step is due; absent when the kind has no clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
    },
    CaseAccepted {
        /// By when the work is due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
        /// The first answer came after the day that it was due.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        late: bool,
    },
    CaseDeclined {
        reason: String,
        /// The first answer came after the day that it was due.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        late: bool,
    },
    CaseAssigned {
        handler: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<SubjectId>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        assisting: Vec<Handler>,
        /// By when the work is due, when it was not said before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
        /// The first answer came after the day that it was due.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        late: bool,
    },
    CaseTakenInHand,
    CasePaused {
        reason: String,
        /// Working days that were left; absent when the case was late already, and then its clock does not stop.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left: Option<u16>,
    },
    CaseResumed {
        /// By when the work is due, with the days that were left.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
    },
    CaseFinished {
        day: Day,
        note: String,
        /// By when it is to be checked or closed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
        /// Until when the resident who asked may answer before it is closed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer_until: Option<Day>,
    },
    CaseChecked {
        passed: bool,
        note: String,
        /// By when it is to be closed; when it did not pass, by when the work is due again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
        /// Until when the resident who asked may answer before it is closed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer_until: Option<Day>,
    },
    CaseClosed {
        day: Day,
        outcome: String,
        /// `true` when a ledger says so and nobody walked the steps here.
        #[serde(default)]
        transcribed: bool,
    },
    CaseReopened {
        reason: String,
        /// By when the work is due again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
    },
    CaseMerged {
        into: SubjectId,
        reason: String,
    },
    /// Another case tells of the same thing and goes on here.
    DuplicateJoined {
        case: SubjectId,
    },
    /// The other case is one of its own after all.
    DuplicateParted {
        case: SubjectId,
    },
    HandoverOffered {
        handler: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<SubjectId>,
        reason: String,
    },
    HandoverSigned,
    HandoverRefused {
        reason: String,
    },
    CaseExtended {
        due: Day,
        reason: String,
    },
    CaseReminded {
        /// Of which day; absent when the case has no clock.
        due: Option<Day>,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// It is late, and whoever is above hears of it.
    CaseEscalated {
        /// The area whose office hears of it.
        to: AreaCode,
        /// How many working days it is late.
        late: u16,
    },
    CaseAnswered {
        solved: Solved,
        satisfaction: Satisfaction,
        note: String,
        /// By when the work is due again, when it is not solved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
    },
    CaseDrawn {
        draw: SubjectId,
    },
    /// Somebody was called on; without a word on whether it is solved, nobody was reached.
    CaseRevisited {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        solved: Option<Solved>,
        #[serde(default, skip_serializing_if = "Satisfaction::is_unrated")]
        satisfaction: Satisfaction,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
        /// By when the work is due again, when it is not solved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
    },
    RatingAppealed {
        /// The area in whose office's name.
        office: AreaCode,
        reason: String,
    },
    AppealDecided {
        granted: bool,
        reason: String,
    },
    CasePublished {
        title: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },
    CaseUnpublished {
        reason: String,
    },
    CaseClaimed {
        /// The claim's own id, which is also that of its line on the unit's entry.
        claim: SubjectId,
        day: Day,
        claimant: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit_id: Option<SubjectId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<SubjectId>,
        /// By when it is to be done; after it the claim is released.
        due: Day,
    },
    ClaimReleased {
        day: Day,
        /// Why; empty when the day was over and nobody said anything.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
        /// By when the work is due, with somebody else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
    },
    StockOpened {
        kind: String,
        area: AreaCode,
        item: String,
        unit: String,
        #[serde(default, skip_serializing_if = "Fields::is_empty")]
        fields: Fields,
    },
    SupplyMoved {
        movement: SubjectId,
        direction: Movement,
        quantity: i64,
        day: Option<Day>,
    },
    MovementCorrected {
        movement: SubjectId,
        quantity: i64,
        day: Option<Day>,
        reason: String,
    },
    AssessmentEntered {
        kind: String,
        area: AreaCode,
        round: String,
        organisation: String,
        day: Day,
        scores: BTreeMap<String, i64>,
        grade: String,
    },
    AssessmentFinalised {
        day: Day,
    },
    ProjectOpened {
        kind: String,
        area: AreaCode,
        name: String,
        day: Day,
        #[serde(default, skip_serializing_if = "Fields::is_empty")]
        fields: Fields,
    },
    FundsAllocated {
        allocation: SubjectId,
        fen: Fen,
        day: Day,
    },
    AllocationCorrected {
        allocation: SubjectId,
        fen: Fen,
        day: Day,
        reason: String,
    },
    ProjectCompleted {
        day: Day,
    },
    Corrected {
        area: Option<AreaCode>,
        day: Option<Day>,
        title: Option<String>,
        quantity: Option<i64>,
        #[serde(default, skip_serializing_if = "Fields::is_empty")]
        fields: Fields,
        reason: String,
    },
    Withdrawn {
        reason: String,
    },
    PersonalDataErased {
        reason: String,
    },
    RowRefused {
        area: AreaCode,
        ledger: Option<String>,
        code: String,
        column: Option<String>,
        message: String,
        cells: Sealed,
    },
    RowFixed {
        record: SubjectId,
    },
    RowSetAside {
        reason: String,
    },
    FileAttached {
        file: SubjectId,
        purpose: Purpose,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        media_type: MediaType,
        bytes: u64,
        hash: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<String>,
        /// The file's own key, sealed under the subject's.
        key: Sealed,
    },
    FileRemoved {
        file: SubjectId,
        reason: String,
    },
    CheckRecorded {
        kind: String,
        area: AreaCode,
        day: Day,
        checklist: String,
        version: u16,
        place: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        unit: String,
        officers: Vec<String>,
        results: Vec<CheckedItem>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recheck: Option<Day>,
    },
    ItemsRechecked {
        day: Day,
        officers: Vec<String>,
        results: Vec<RecheckedItem>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<Day>,
    },
    NoticeServed {
        day: Day,
        receipt: Receipt,
        recipient: Sealed,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// The case was found by a check: the sheet says how it was, and that it is looked at again.
    CaseFoundByCheck {
        sheet: SubjectId,
        item: String,
    },
}

impl Event {
    /// The permanent code of the event.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EntryRegistered { .. } => "entry_registered",
            Self::EntryEnded { .. } => "entry_ended",
            Self::LineAdded { .. } => "line_added",
            Self::LineWithdrawn { .. } => "line_withdrawn",
            Self::LineLapsed { .. } => "line_lapsed",
            Self::FactRecorded { .. } => "fact_recorded",
            Self::ActivityRecorded { .. } => "activity_recorded",
            Self::ActivityPlanned { .. } => "activity_planned",
            Self::ActivityHeld { .. } => "activity_held",
            Self::ActivityCancelled { .. } => "activity_cancelled",
            Self::CaseReported { .. } => "case_reported",
            Self::CaseAccepted { .. } => "case_accepted",
            Self::CaseDeclined { .. } => "case_declined",
            Self::CaseAssigned { .. } => "case_assigned",
            Self::CaseTakenInHand => "case_taken_in_hand",
            Self::CasePaused { .. } => "case_paused",
            Self::CaseResumed { .. } => "case_resumed",
            Self::CaseFinished { .. } => "case_finished",
            Self::CaseChecked { .. } => "case_checked",
            Self::CaseClosed { .. } => "case_closed",
            Self::CaseReopened { .. } => "case_reopened",
            Self::CaseMerged { .. } => "case_merged",
            Self::DuplicateJoined { .. } => "duplicate_joined",
            Self::DuplicateParted { .. } => "duplicate_parted",
            Self::HandoverOffered { .. } => "handover_offered",
            Self::HandoverSigned => "handover_signed",
            Self::HandoverRefused { .. } => "handover_refused",
            Self::CaseExtended { .. } => "case_extended",
            Self::CaseReminded { .. } => "case_reminded",
            Self::CaseEscalated { .. } => "case_escalated",
            Self::CaseAnswered { .. } => "case_answered",
            Self::CaseDrawn { .. } => "case_drawn",
            Self::CaseRevisited { .. } => "case_revisited",
            Self::RatingAppealed { .. } => "rating_appealed",
            Self::AppealDecided { .. } => "appeal_decided",
            Self::CasePublished { .. } => "case_published",
            Self::CaseUnpublished { .. } => "case_unpublished",
            Self::CaseClaimed { .. } => "case_claimed",
            Self::ClaimReleased { .. } => "claim_released",
            Self::StockOpened { .. } => "stock_opened",
            Self::SupplyMoved { .. } => "supply_moved",
            Self::MovementCorrected { .. } => "movement_corrected",
            Self::AssessmentEntered { .. } => "assessment_entered",
            Self::AssessmentFinalised { .. } => "assessment_finalised",
            Self::ProjectOpened { .. } => "project_opened",
            Self::FundsAllocated { .. } => "funds_allocated",
            Self::AllocationCorrected { .. } => "allocation_corrected",
            Self::ProjectCompleted { .. } => "project_completed",
            Self::Corrected { .. } => "corrected",
            Self::Withdrawn { .. } => "withdrawn",
            Self::PersonalDataErased { .. } => "personal_data_erased",
            Self::RowRefused { .. } => "row_refused",
            Self::RowFixed { .. } => "row_fixed",
            Self::RowSetAside { .. } => "row_set_aside",
            Self::FileAttached { .. } => "file_attached",
            Self::FileRemoved { .. } => "file_removed",
            Self::CheckRecorded { .. } => "check_recorded",
            Self::ItemsRechecked { .. } => "items_rechecked",
            Self::NoticeServed { .. } => "notice_served",
            Self::CaseFoundByCheck { .. } => "case_found_by_check",
        }
    }
}
