//! Who may do what, as one table: every role of the catalog, every verb, inside and outside its area.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use tahuang_domain::{Action, AreaCode, Catalog, Grant, Roles, Verb};
use world::*;

fn roles() -> Roles {
    let kinds = Catalog::parse("kinds.toml", include_str!("../../../catalog/kinds.toml")).unwrap();
    Roles::parse("roles.toml", include_str!("../../../catalog/roles.toml"), &kinds).unwrap()
}

/// One kind of each class: an ordinary one, a refused row, a frame of the work, two that are reserved.
const KINDS: [&str; 5] = ["hazard", "ledger_row", "grid", "account", "grid_task_admission"];

/// For each role and verb the kinds that it may touch within its area. Whoever changes this table changes who may do what.
const TABLE: &str = "\
administrator           read        hazard ledger_row grid account grid_task_admission
administrator           record      hazard ledger_row grid account grid_task_admission
administrator           handle      hazard ledger_row grid account grid_task_admission
administrator           correct     hazard ledger_row grid account grid_task_admission
administrator           withdraw    hazard ledger_row grid account grid_task_admission
administrator           import      hazard ledger_row grid account grid_task_admission
administrator           verify      hazard ledger_row grid account grid_task_admission
administrator           administer  hazard ledger_row grid account grid_task_admission
administrator           answer      -
administrator           oversee     hazard ledger_row grid account grid_task_admission
administrator           chase       -
audit_administrator     read        account
audit_administrator     record      -
audit_administrator     handle      -
audit_administrator     correct     -
audit_administrator     withdraw    -
audit_administrator     import      -
audit_administrator     verify      account
audit_administrator     administer  -
audit_administrator     answer      -
audit_administrator     oversee     -
audit_administrator     chase       -
county_officer          read        hazard ledger_row grid grid_task_admission
county_officer          record      hazard ledger_row grid grid_task_admission
county_officer          handle      hazard ledger_row grid grid_task_admission
county_officer          correct     hazard ledger_row grid grid_task_admission
county_officer          withdraw    hazard ledger_row grid grid_task_admission
county_officer          import      hazard ledger_row grid grid_task_admission
county_officer          verify      hazard ledger_row grid grid_task_admission
county_officer          administer  -
county_officer          answer      -
county_officer          oversee     hazard ledger_row grid grid_task_admission
county_officer          chase       -
grid_worker             read        hazard ledger_row grid
grid_worker             record      hazard ledger_row grid
grid_worker             handle      hazard ledger_row grid
grid_worker             correct     hazard ledger_row grid
grid_worker             withdraw    -
grid_worker             import      -
grid_worker             verify      -
grid_worker             administer  -
grid_worker             answer      -
grid_worker             oversee     -
grid_worker             chase       -
open311                 read        hazard
open311                 record      hazard
open311                 handle      -
open311                 correct     -
open311                 withdraw    -
open311                 import      -
open311                 verify      -
open311                 administer  -
open311                 answer      -
open311                 oversee     -
open311                 chase       -
open311_hotline         read        hazard
open311_hotline         record      hazard
open311_hotline         handle      -
open311_hotline         correct     -
open311_hotline         withdraw    -
open311_hotline         import      -
open311_hotline         verify      -
open311_hotline         administer  -
open311_hotline         answer      -
open311_hotline         oversee     -
open311_hotline         chase       -
prefecture_officer      read        hazard ledger_row grid grid_task_admission
prefecture_officer      record      hazard ledger_row grid grid_task_admission
prefecture_officer      handle      hazard ledger_row grid grid_task_admission
prefecture_officer      correct     hazard ledger_row grid grid_task_admission
prefecture_officer      withdraw    hazard ledger_row grid grid_task_admission
prefecture_officer      import      hazard ledger_row grid grid_task_admission
prefecture_officer      verify      hazard ledger_row grid grid_task_admission
prefecture_officer      administer  -
prefecture_officer      answer      -
prefecture_officer      oversee     hazard ledger_row grid grid_task_admission
prefecture_officer      chase       -
reader                  read        hazard ledger_row grid
reader                  record      -
reader                  handle      -
reader                  correct     -
reader                  withdraw    -
reader                  import      -
reader                  verify      -
reader                  administer  -
reader                  answer      -
reader                  oversee     -
reader                  chase       -
security_administrator  read        account
security_administrator  record      -
security_administrator  handle      -
security_administrator  correct     -
security_administrator  withdraw    -
security_administrator  import      -
security_administrator  verify      -
security_administrator  administer  -
security_administrator  answer      -
security_administrator  oversee     -
security_administrator  chase       -
system_administrator    read        grid account
system_administrator    record      grid account
system_administrator    handle      -
system_administrator    correct     grid account
system_administrator    withdraw    grid account
system_administrator    import      -
system_administrator    verify      -
system_administrator    administer  grid account
system_administrator    answer      -
system_administrator    oversee     -
system_administrator    chase       -
township_officer        read        hazard ledger_row grid
township_officer        record      hazard ledger_row grid
township_officer        handle      hazard ledger_row grid
township_officer        correct     hazard ledger_row grid
township_officer        withdraw    hazard ledger_row grid
township_officer        import      hazard ledger_row grid
township_officer        verify      -
township_officer        administer  -
township_officer        answer      -
township_officer        oversee     hazard ledger_row grid
township_officer        chase       -
village_cadre           read        hazard ledger_row grid
village_cadre           record      hazard ledger_row grid
village_cadre           handle      hazard ledger_row grid
village_cadre           correct     hazard ledger_row grid
village_cadre           withdraw    -
village_cadre           import      -
village_cadre           verify      -
village_cadre           administer  -
village_cadre           answer      -
village_cadre           oversee     -
village_cadre           chase       -
";

#[test]
fn every_role_may_do_within_its_area_what_the_table_says() {
    let roles = roles();
    let mut table = String::new();
    for role in roles.iter() {
        let grant = Grant { role: role.code.clone(), scope: area(TOWNSHIP) };
        for verb in Verb::ALL {
            let may = |kind: &&str| roles.permit(&grant, verb, kind, area(GRID)).is_ok();
            // System administrators see no case and verify nothing: a verb that reaches no kind is written as none.
            let kinds: Vec<&str> = KINDS.into_iter().filter(may).collect();
            let kinds = if kinds.is_empty() { "-".to_owned() } else { kinds.join(" ") };
            table.push_str(&format!("{:<24}{:<12}{kinds}\n", role.code, verb.code()));
        }
    }
    assert_eq!(table, TABLE);
}

#[test]
fn no_role_may_do_anything_outside_its_area() {
    let roles = roles();
    let outside = ["542500000000", "542521000000", "542521200000", "542526100001001", ELSEWHERE, "540000000000"];
    for role in roles.iter() {
        let grant = Grant { role: role.code.clone(), scope: area(TOWNSHIP) };
        for (verb, kind) in Verb::ALL.into_iter().flat_map(|verb| KINDS.map(|kind| (verb, kind))) {
            for place in outside {
                let told = roles.permit(&grant, verb, kind, area(place)).unwrap_err();
                assert_eq!(told.code(), "not_permitted", "{} {} {kind} in {place}", role.code, verb.code());
            }
        }
    }
}

#[test]
fn a_role_reaches_its_area_and_everything_below_it() {
    let roles = roles();
    let may = |scope: &str, place: AreaCode| {
        let grant = Grant { role: "county_officer".to_owned(), scope: area(scope) };
        roles.permit(&grant, Verb::Read, "hazard", place).is_ok()
    };
    let lineage: Vec<AreaCode> = area(GRID).lineage().collect();
    for (high, scope) in lineage.iter().enumerate() {
        for (low, place) in lineage.iter().enumerate() {
            assert_eq!(may(&scope.to_string(), *place), low <= high, "{scope} over {place}");
        }
    }
}

#[test]
fn a_role_that_is_not_in_the_catalog_may_nothing() {
    let grant = Grant { role: "emperor".to_owned(), scope: area("540000000000") };
    let roles = roles();
    for (verb, kind) in Verb::ALL.into_iter().flat_map(|verb| KINDS.map(|kind| (verb, kind))) {
        assert!(roles.permit(&grant, verb, kind, area(GRID)).is_err());
    }
}

#[test]
fn every_command_needs_the_verb_that_the_table_says() {
    let line = || Action::WithdrawLine { line: LINE, reason: String::new() };
    let table: Vec<(&str, Vec<Action>)> = vec![
        (
            "record",
            vec![
                register("cadre", VILLAGE, "甲"),
                end("2025-01-01"),
                add_line("course_result", LINE),
                fact(),
                activity(),
                report("hazard"),
                supply(tahuang_domain::command::Movement::Received, 1, 1),
                assessment(),
                Action::FinaliseAssessment { day: day("2025-01-01") },
                project(),
                allocate(1, 1),
                Action::CompleteProject { day: day("2025-01-01") },
                record_check(),
                serve(tahuang_domain::subject::Receipt::Refused),
                attach(FILE),
            ],
        ),
        (
            "handle",
            vec![
                Action::AcceptCase,
                decline(),
                assign(),
                Action::TakeCaseInHand,
                pause(),
                Action::ResumeCase,
                finish("2025-01-01"),
                check(true),
                close("2025-01-01", "rectified"),
                reopen(),
                Action::MergeCase { into: RECORD, reason: String::new() },
                Action::HandOverCase { handler: String::new(), account: None, reason: String::new() },
                Action::SignHandover,
                Action::RefuseHandover { reason: String::new() },
                Action::ExtendCase { due: day("2025-01-01"), reason: String::new() },
                Action::RemindCase { note: String::new() },
                recheck("2025-01-01", &[], None),
                publish(),
                Action::UnpublishCase { reason: String::new() },
                claim("", None),
                Action::ReleaseClaim { reason: String::new() },
            ],
        ),
        (
            "answer",
            vec![Action::AnswerCase {
                solved: tahuang_domain::command::Solved::Resolved,
                satisfaction: tahuang_domain::command::Satisfaction::Unrated,
                note: String::new(),
            }],
        ),
        (
            "oversee",
            vec![
                register("revisit_draw", TOWNSHIP, "回访抽查"),
                Action::DrawCase { draw: LINE },
                Action::RevisitCase {
                    reached: false,
                    solved: None,
                    satisfaction: tahuang_domain::command::Satisfaction::Unrated,
                    note: String::new(),
                },
                Action::DecideAppeal { granted: true, reason: String::new() },
            ],
        ),
        ("handle", vec![Action::AppealRating { reason: String::new() }]),
        ("chase", vec![Action::ChaseCase]),
        ("correct", vec![correct()]),
        ("withdraw", vec![withdraw(), line(), remove_file(FILE)]),
        (
            "import",
            vec![
                transcribe("hazard", None),
                refuse_row(),
                Action::FixRow { record: RECORD },
                Action::SetRowAside { reason: String::new() },
            ],
        ),
        ("administer", vec![erase()]),
    ];
    let mut codes = std::collections::BTreeSet::new();
    for (verb, actions) in table {
        for action in actions {
            assert_eq!(Verb::of(&action).code(), verb, "{}", action.code());
            // The code is the `type` that is sent.
            assert_eq!(serde_json::to_value(&action).unwrap()["type"], action.code());
            codes.insert(action.code());
        }
    }
    assert_eq!(codes.len(), 51, "every command stands in the table");
}

#[test]
fn a_mistake_in_the_roles_names_file_and_line() {
    let kinds = Catalog::parse("kinds.toml", world::KINDS).unwrap();
    let role = "[[role]]\ncode = \"clerk\"\nname = { zh-CN = \"文员\", en = \"Clerk\" }\nverbs = [\"read\"]\n";
    let wrong = |text: &str| Roles::parse("roles.toml", text, &kinds).unwrap_err();
    let cases = [
        ("reserved = [\"acount\"]\nrole = []\n".to_owned(), 1, "no kind acount"),
        (format!("reserved = []\n{role}kinds = [\"club\"]\n"), 3, "no kind club"),
        (format!("reserved = []\n{role}also = [\"club\"]\n"), 3, "no kind club"),
        (format!("reserved = []\n{role}{role}"), 7, "stands twice"),
        (format!("reserved = []\n{}", role.replace("read", "fly")), 5, "fly"),
        (format!("reserved = []\n{role}colour = 1\n"), 6, "colour"),
    ];
    for (text, line, says) in cases {
        let error = wrong(&text);
        assert_eq!((error.file.as_str(), error.line), ("roles.toml", line), "{error}");
        assert!(error.message.contains(says), "{error}");
    }
}

#[test]
fn residents_may_fill_in_open_fields_of_a_kind_and_no_others() {
    let kinds = |fields: &str| {
        let text = include_str!("../../../catalog/kinds.toml").replace("fields = [\"category\", \"theme\"]", fields);
        Catalog::parse("kinds.toml", &text)
    };
    assert!(kinds("fields = [\"measure\"]").is_ok());
    for field in ["colour", "phone"] {
        let error = kinds(&format!("fields = [\"{field}\"]")).unwrap_err();
        assert!(error.message.contains(&format!("kind hazard: residents may not fill in {field}")), "{error}");
    }
}
