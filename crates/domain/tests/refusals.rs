//! Codes of refusals are permanent.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;

use tahuang_domain::{AreaCode, Day, Refusal, State};

fn every_refusal() -> Vec<Refusal> {
    let text = || "x".to_owned();
    let area: AreaCode = "542500000000".parse().unwrap();
    let day: Day = "2025-01-01".parse().unwrap();
    use Refusal::*;
    vec![
        CommandIdReused,
        SubjectNotFound,
        SubjectExists,
        NotPermitted,
        SubjectWithdrawn,
        RevisionConflict { now: 1 },
        UnknownKind { kind: text() },
        WrongShape { kind: text() },
        UnknownArea { area },
        OutsidePrefecture { area },
        AreaExists { area },
        FieldInvalid { field: text(), problem: text() },
        MissingValue { field: text() },
        TextTooLong { field: text(), max: 1 },
        QuantityOutOfRange { field: text() },
        PersonalDataOpen { field: text() },
        PersonalFieldUnknown { field: text() },
        NotForThePublic { field: text() },
        TooManyLines,
        LineNotFound,
        LineExists,
        LinkNotFound { field: text() },
        LinkUnfit { field: text() },
        HandlerOutOfReach { field: text() },
        NotAGridTask { kind: text() },
        FinishedBeforeFound { first: day, second: day },
        ClaimedAlready { by: text() },
        StepNotOpen { state: State::Closed },
        UnknownChecklist { checklist: text() },
        UnknownItem { field: text() },
        ItemUnanswered { field: text() },
        ItemNotWaiting { field: text() },
        TooFewOfficers { needed: 2 },
        SignatureMissing,
        NothingToNotify,
        UnknownOutcome { kind: text(), outcome: text() },
        CheckerIsHandler,
        EvidenceMissing,
        NotTheReceiver,
        AlreadyLate { due: day },
        ExtenderIsHandler,
        AnswerAwaited { until: day },
        RevisitorIsHandler,
        JudgeIsParty,
        StockTooSmall { held: 1 },
        AlreadyEnded,
        AmountOverflow,
        TooManyFiles,
        FileNotFound,
        FileExists,
        LineOnce { line: "application".to_owned() },
        LineMissing { needs: "agreement".to_owned() },
        LineBarred { by: "refusal".to_owned() },
        LineTooLate { until: day },
        PapersKept,
    ]
}

/// Published codes. A line may be added; none may be changed or taken out.
const GOLDEN: &str = "\
already_ended already_late amount_overflow answer_awaited area_exists checker_is_handler claimed_already \
command_id_reused evidence_missing extender_is_handler field_invalid file_exists file_not_found \
finished_before_found handler_out_of_reach item_not_waiting item_unanswered judge_is_party line_barred \
line_exists line_missing line_not_found line_once line_too_late link_not_found link_unfit missing_value \
not_a_grid_task not_for_the_public not_permitted not_the_receiver nothing_to_notify outside_prefecture \
papers_kept personal_data_open personal_field_unknown quantity_out_of_range revision_conflict revisitor_is_handler \
signature_missing step_not_open stock_too_small subject_exists subject_not_found subject_withdrawn text_too_long \
too_few_officers too_many_files too_many_lines unknown_area unknown_checklist unknown_item unknown_kind \
unknown_outcome wrong_shape";

#[test]
fn every_code_is_unique_and_stands_in_the_golden_list() {
    let refusals = every_refusal();
    let codes: BTreeSet<&str> = refusals.iter().map(Refusal::code).collect();
    assert_eq!(codes.len(), refusals.len(), "no code has two meanings");
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), GOLDEN.split_whitespace().collect::<Vec<_>>());
}

#[test]
fn the_rank_of_a_refusal_is_its_place_in_the_list() {
    let codes: Vec<&str> = every_refusal().iter().map(Refusal::code).collect();
    assert_eq!(codes, Refusal::CODES);
    for (place, refusal) in every_refusal().iter().enumerate() {
        assert_eq!(refusal.rank(), place, "{}", refusal.code());
    }
}

#[test]
fn a_refusal_that_blames_a_field_names_it() {
    for refusal in every_refusal() {
        let names = format!("{refusal:?}").contains("field:");
        assert_eq!(refusal.field(), names.then_some("x"), "{}", refusal.code());
        assert!(!refusal.to_string().is_empty());
    }
}
