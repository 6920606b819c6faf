//! Every operation of the OpenAPI file is tried by those who must not reach what they ask for.
//!
//! Whatever is asked is about grid B: by nobody, by the worker of grid A, by somebody of another township, and by somebody of the
//! whole prefecture with a role that is not about it. An operation without a row here fails the test.

use axum::body::Body;
use axum::http::Method;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tahuang_app::Asker;
use tahuang_app::files::NewFile;
use tahuang_domain::{Event, Purpose};
use tahuang_testkit::area;
use tower::ServiceExt as _;

use crate::test_app::{GRID_A, GRID_B, PASSWORD, TestApp, request};

const ELSEWHERE: &str = "542521200000";
const WHOLE: &str = "542500000000";
const TITLE: &str = "门东居的滑坡隐患";
const PHONE: &str = "19912345678";
const VICTIM: &str = "victim.of.grid.b";

/// What somebody may get.
#[derive(Clone, Copy, Debug)]
enum Gets {
    /// A problem with this code.
    Problem(&'static str),
    /// An answer in which nothing of grid B stands.
    NothingOfB,
    /// An answer in which the only command is refused so.
    Refused(&'static str),
    /// A stream that says nothing of grid B.
    SilentStream,
    /// The same answer as everybody.
    Open,
}

use Gets::{NothingOfB, Open, Problem, Refused, SilentStream};

struct Row {
    operation: &'static str,
    method: Method,
    path: fn(&World) -> String,
    body: fn(&World) -> Option<Value>,
    anonymous: Gets,
    grid_worker: Gets,
    /// Somebody of another township, with this role.
    neighbour: (&'static str, Gets),
    /// Somebody of the whole prefecture, with this role.
    wrong_role: (&'static str, Gets),
}

struct World {
    app: TestApp,
    hazard: String,
    /// What was attached to the hazard.
    file: String,
    posting: String,
    /// A unit of the county of B.
    unit: String,
    /// A workbook that the county office of B sent, and a refused row of it.
    import: String,
    ledger_row: String,
    /// A check of a place in grid B.
    sheet: String,
    /// A message about the hazard.
    delivery: String,
}

fn rows() -> Vec<Row> {
    let nobody = Problem("not_signed_in");
    let no_body: fn(&World) -> Option<Value> = |_| None;
    let empty: fn(&World) -> Option<Value> = |_| Some(json!({}));
    let get = |operation, path: fn(&World) -> String, grid_worker, neighbour, wrong_role| Row {
        operation,
        method: Method::GET,
        path,
        body: no_body,
        anonymous: nobody,
        grid_worker,
        neighbour: ("township_officer", neighbour),
        wrong_role,
    };
    let account = |operation, path: fn(&World) -> String| Row {
        operation,
        method: Method::POST,
        path,
        body: empty,
        anonymous: nobody,
        grid_worker: Problem("not_permitted"),
        neighbour: ("administrator", Problem("not_found")),
        wrong_role: ("prefecture_officer", Problem("not_permitted")),
    };
    let denied = Problem("not_permitted");
    let hidden = Problem("not_found");
    // A workbook on its way in is its sender's alone.
    let import = |operation, method, path: fn(&World) -> String| Row {
        method,
        body: |_| Some(json!({ "headings": {} })),
        ..get(operation, path, hidden, hidden, ("prefecture_officer", hidden))
    };
    let decision = |operation, path: fn(&World) -> String| Row {
        method: Method::POST,
        grid_worker: denied,
        neighbour: ("administrator", hidden),
        ..get(operation, path, denied, hidden, ("audit_administrator", denied))
    };
    let open = |operation, path: fn(&World) -> String| Row {
        anonymous: Open,
        ..get(operation, path, Open, Open, ("reader", Open))
    };
    vec![
        open("read_health", |_| "/healthz".to_owned()),
        open("read_readiness", |_| "/readyz".to_owned()),
        open("read_metrics", |_| "/metrics".to_owned()),
        get("read_session", |_| "/api/v1/session".to_owned(), NothingOfB, NothingOfB, ("reader", NothingOfB)),
        Row {
            method: Method::POST,
            body: |_| Some(json!({ "login": VICTIM, "password": "guessed" })),
            anonymous: Problem("bad_credentials"),
            ..get(
                "create_session",
                |_| "/api/v1/session".to_owned(),
                Problem("bad_credentials"),
                Problem("bad_credentials"),
                ("reader", Problem("bad_credentials")),
            )
        },
        Row {
            method: Method::DELETE,
            ..get("delete_session", |_| "/api/v1/session".to_owned(), NothingOfB, NothingOfB, ("reader", NothingOfB))
        },
        Row {
            method: Method::POST,
            body: |_| Some(json!({ "old": "guessed", "new": "Another-5000" })),
            ..get(
                "change_password",
                |_| "/api/v1/session/password".to_owned(),
                Problem("bad_password"),
                Problem("bad_password"),
                ("reader", Problem("bad_password")),
            )
        },
        get(
            "read_figures",
            |_| format!("/api/v1/figures?area={GRID_B}"),
            denied,
            denied,
            ("system_administrator", denied),
        ),
        get(
            "read_figure_trend",
            |_| format!("/api/v1/figures/posted_staff/trend?area={GRID_B}"),
            denied,
            denied,
            ("system_administrator", denied),
        ),
        get(
            "list_figure_records",
            |_| format!("/api/v1/figures/posted_staff/records?area={GRID_B}"),
            denied,
            denied,
            ("audit_administrator", denied),
        ),
        get(
            "read_subject",
            |world| format!("/api/v1/subjects/{}", world.hazard),
            hidden,
            hidden,
            ("system_administrator", hidden),
        ),
        Row {
            method: Method::POST,
            body: |_| Some(json!({ "field": "phone" })),
            ..get(
                "unseal_subject_field",
                |world| format!("/api/v1/subjects/{}/unseal", world.posting),
                hidden,
                hidden,
                ("reader", denied),
            )
        },
        get(
            "read_subject_file",
            |world| format!("/api/v1/subjects/{}/files/{}", world.hazard, world.file),
            hidden,
            hidden,
            ("system_administrator", hidden),
        ),
        Row {
            method: Method::POST,
            // The body is not looked at before it is known who sends it.
            body: |_| Some(json!("越权上报")),
            ..get(
                "create_subject_file",
                |world| {
                    let command = world.app.app().ids().command();
                    format!("/api/v1/subjects/{}/files?command={command}&purpose=evidence", world.hazard)
                },
                hidden,
                hidden,
                ("reader", denied),
            )
        },
        get(
            "print_subject",
            |world| format!("/api/v1/subjects/{}/paper.pdf", world.hazard),
            hidden,
            hidden,
            ("system_administrator", hidden),
        ),
        get(
            "list_activities",
            |_| format!("/api/v1/activities?area={GRID_B}"),
            denied,
            denied,
            ("system_administrator", NothingOfB),
        ),
        get(
            "read_calendar_link",
            |_| "/api/v1/session/calendar".to_owned(),
            NothingOfB,
            NothingOfB,
            ("audit_administrator", NothingOfB),
        ),
        get(
            "list_cases",
            |_| format!("/api/v1/cases?area={GRID_B}"),
            denied,
            denied,
            ("system_administrator", NothingOfB),
        ),
        get(
            "count_cases",
            |_| format!("/api/v1/cases/counts?area={GRID_B}"),
            denied,
            denied,
            ("system_administrator", NothingOfB),
        ),
        get(
            "list_todo",
            |_| format!("/api/v1/todo?area={GRID_B}"),
            denied,
            denied,
            ("system_administrator", NothingOfB),
        ),
        get(
            "list_revisits",
            |_| format!("/api/v1/revisits?area={GRID_B}"),
            denied,
            denied,
            ("system_administrator", denied),
        ),
        get(
            "list_revisit_draws",
            |_| format!("/api/v1/revisit-draws?area={GRID_B}"),
            denied,
            denied,
            ("reader", denied),
        ),
        Row {
            method: Method::POST,
            body: |world| {
                let id = world.app.app().ids().subject().to_string();
                let days = ("2025-01-01", "2025-12-31");
                Some(json!({ "id": id, "area": GRID_B, "closed_from": days.0, "closed_until": days.1, "wanted": 5 }))
            },
            ..get("create_revisit_draw", |_| "/api/v1/revisit-draws".to_owned(), denied, denied, ("reader", denied))
        },
        get(
            "list_board",
            |_| format!("/api/v1/board?stage=review&area={GRID_B}"),
            denied,
            denied,
            ("system_administrator", NothingOfB),
        ),
        get("list_units", |_| "/api/v1/units".to_owned(), NothingOfB, NothingOfB, ("system_administrator", NothingOfB)),
        get(
            "print_unit_slip",
            |world| format!("/api/v1/units/{}/slip.pdf", world.unit),
            hidden,
            hidden,
            ("system_administrator", hidden),
        ),
        get(
            "print_unit_quarter",
            |world| format!("/api/v1/units/{}/quarter.pdf", world.unit),
            hidden,
            hidden,
            ("system_administrator", hidden),
        ),
        get(
            "print_unit_card",
            |world| format!("/api/v1/units/{}/card.pdf", world.unit),
            hidden,
            hidden,
            ("system_administrator", hidden),
        ),
        get(
            "read_unit",
            |world| format!("/api/v1/units/{}", world.unit),
            hidden,
            hidden,
            ("system_administrator", hidden),
        ),
        get(
            "list_notices",
            |_| "/api/v1/notices".to_owned(),
            NothingOfB,
            NothingOfB,
            ("audit_administrator", NothingOfB),
        ),
        Row {
            method: Method::POST,
            body: |_| Some(json!({ "up_to": 1 })),
            ..get(
                "mark_notices_read",
                |_| "/api/v1/notices/read".to_owned(),
                NothingOfB,
                NothingOfB,
                ("audit_administrator", NothingOfB),
            )
        },
        // An auditor sees that a message went out, and not what it says.
        get(
            "list_deliveries",
            |_| format!("/api/v1/deliveries?area={GRID_B}"),
            denied,
            denied,
            ("audit_administrator", Open),
        ),
        decision("retry_delivery", |world| format!("/api/v1/deliveries/{}/retry", world.delivery)),
        decision("dismiss_delivery", |world| format!("/api/v1/deliveries/{}/dismiss", world.delivery)),
        get(
            "list_handlers",
            |_| format!("/api/v1/handlers?kind=hazard&area={GRID_B}"),
            denied,
            denied,
            ("reader", denied),
        ),
        // The lists are the law's, and the same for everybody.
        get("list_checklists", |_| "/api/v1/checklists".to_owned(), NothingOfB, NothingOfB, ("reader", NothingOfB)),
        get(
            "list_checks",
            |_| format!("/api/v1/checks?area={GRID_B}"),
            denied,
            denied,
            ("system_administrator", NothingOfB),
        ),
        get(
            "read_check",
            |world| format!("/api/v1/checks/{}", world.sheet),
            hidden,
            hidden,
            ("system_administrator", hidden),
        ),
        get(
            "print_check_notice",
            |world| format!("/api/v1/checks/{}/notice.pdf", world.sheet),
            hidden,
            hidden,
            ("system_administrator", hidden),
        ),
        get(
            "print_check_sheet",
            |world| format!("/api/v1/checks/{}/sheet.pdf", world.sheet),
            hidden,
            hidden,
            ("system_administrator", hidden),
        ),
        // What areas are called is no secret inside the prefecture; outside one's own area it is not told.
        get("read_area", |_| format!("/api/v1/areas?parent={GRID_B}"), hidden, hidden, ("reader", Open)),
        get(
            "print_contact_cards",
            |_| format!("/api/v1/areas/{GRID_B}/contact-cards.pdf?count=1"),
            denied,
            denied,
            ("reader", denied),
        ),
        get(
            "search_areas",
            |_| "/api/v1/areas/search?q=%E9%97%A8%E4%B8%9C".to_owned(),
            NothingOfB,
            NothingOfB,
            ("reader", Open),
        ),
        get("read_catalog", |_| "/api/v1/catalog".to_owned(), NothingOfB, NothingOfB, ("reader", NothingOfB)),
        Row {
            method: Method::POST,
            body: |world| Some(json!({ "commands": [world.app.report(GRID_B, "越权上报")] })),
            ..get(
                "submit_commands",
                |_| "/api/v1/commands".to_owned(),
                Refused("not_permitted"),
                Refused("not_permitted"),
                ("reader", Refused("not_permitted")),
            )
        },
        get(
            "follow_changes",
            |_| "/api/v1/changes".to_owned(),
            SilentStream,
            SilentStream,
            ("system_administrator", SilentStream),
        ),
        get("read_journal", |_| "/api/v1/journal".to_owned(), denied, denied, ("reader", denied)),
        Row {
            method: Method::POST,
            body: empty,
            ..get("verify_journal", |_| "/api/v1/journal/verification".to_owned(), denied, denied, ("reader", denied))
        },
        Row {
            neighbour: ("administrator", NothingOfB),
            ..get("list_accounts", |_| "/api/v1/accounts".to_owned(), denied, denied, ("prefecture_officer", denied))
        },
        Row {
            body: |_| Some(json!({ "login": "fresh", "name": "新人", "role": "grid_worker", "area": GRID_B })),
            neighbour: ("administrator", denied),
            ..account("create_account", |_| "/api/v1/accounts".to_owned())
        },
        account("reset_account_password", |_| format!("/api/v1/accounts/{VICTIM}/password")),
        account("disable_account", |_| format!("/api/v1/accounts/{VICTIM}/disable")),
        account("enable_account", |_| format!("/api/v1/accounts/{VICTIM}/enable")),
        get("list_imports", |_| "/api/v1/imports".to_owned(), NothingOfB, NothingOfB, ("reader", NothingOfB)),
        Row {
            method: Method::POST,
            body: empty,
            // Whoever may import in a place of their own gets as far as the form; what is in it is tried in `imports`.
            ..get(
                "create_import",
                |_| "/api/v1/imports".to_owned(),
                denied,
                Problem("unsupported_media_type"),
                ("reader", denied),
            )
        },
        import("read_import", Method::GET, |world| format!("/api/v1/imports/{}", world.import)),
        import("preview_import", Method::POST, |world| format!("/api/v1/imports/{}/preview", world.import)),
        import("run_import", Method::POST, |world| format!("/api/v1/imports/{}/run", world.import)),
        get(
            "list_ledger_rows",
            |_| format!("/api/v1/ledger-rows?area={GRID_B}"),
            denied,
            denied,
            ("system_administrator", denied),
        ),
        Row {
            method: Method::POST,
            body: |_| Some(json!({ "cells": { "隐患描述": "越权上报" } })),
            ..get(
                "fix_ledger_row",
                |world| format!("/api/v1/ledger-rows/{}/fix", world.ledger_row),
                hidden,
                hidden,
                ("reader", denied),
            )
        },
        Row {
            method: Method::POST,
            body: |_| Some(json!({ "reason": "越权上报" })),
            ..get(
                "set_ledger_row_aside",
                |world| format!("/api/v1/ledger-rows/{}/set-aside", world.ledger_row),
                hidden,
                hidden,
                ("reader", denied),
            )
        },
    ]
}

#[test]
fn every_operation_of_the_openapi_file_has_its_row_here() {
    let api = serde_json::to_value(tahuang_http::openapi()).unwrap();
    let mut described: Vec<String> = Vec::new();
    for item in api["paths"].as_object().unwrap().values() {
        described.extend(item.as_object().unwrap().values().map(|one| one["operationId"].as_str().unwrap().to_owned()));
    }
    let mut tried: Vec<String> = rows().iter().map(|row| row.operation.to_owned()).collect();
    described.sort();
    tried.sort();
    assert_eq!(tried, described, "an operation without an authorisation case, or a case without an operation");
}

#[tokio::test]
async fn nobody_reaches_what_is_not_theirs_through_any_operation() {
    let world = world().await;
    let head = world.app.app().store().head(world.app.office.prefecture).unwrap();
    // The same account for all rows, but a session of its own for each: signing out is among the rows.
    for row in rows() {
        let path = (row.path)(&world);
        assert!(matches_description(&row, &path), "{} is not described at {} {path}", row.operation, row.method);
        let askers = [
            ("nobody".to_owned(), None, row.anonymous),
            ("the worker of grid A".to_owned(), Some(session(&world.app, "grid_worker", GRID_A)), row.grid_worker),
            (
                format!("a {} of another township", row.neighbour.0),
                Some(session(&world.app, row.neighbour.0, ELSEWHERE)),
                row.neighbour.1,
            ),
            (
                format!("a {} of the prefecture", row.wrong_role.0),
                Some(session(&world.app, row.wrong_role.0, WHOLE)),
                row.wrong_role.1,
            ),
        ];
        for (who, token, gets) in askers {
            let asked = request(token.as_deref(), row.method.clone(), &path, (row.body)(&world));
            check(&world, asked, gets, &format!("{} as {who}", row.operation)).await;
        }
    }
    let changed = world.app.app().store().journal(world.app.office.prefecture, head.position + 1, 1_000).unwrap();
    for row in changed {
        let text = String::from_utf8(row.bytes).unwrap();
        assert!(!text.contains("越权上报") && !text.contains("新人"), "something was changed: {text}");
    }
    // Neither the password nor the account was touched; four guesses do not lock it.
    world.app.sign_in(VICTIM);
}

async fn world() -> World {
    let app = TestApp::new();
    app.app().create_account(&Asker::Console, VICTIM, "受害者", "grid_worker", area(GRID_B), Some(PASSWORD)).unwrap();
    let follower = crate::notices::follower(&app);
    let hazard = app.hazard(GRID_B, TITLE);
    let new = NewFile {
        command: app.app().ids().command(),
        purpose: Purpose::Evidence,
        name: None,
        item: None,
        bytes: crate::files::PNG.to_vec(),
    };
    let attached = app.app().attach(&Asker::Console, hazard, &new).unwrap();
    let Event::FileAttached { file, .. } = attached.event else { panic!() };
    follower.catch_up().unwrap();
    let delivery = crate::notices::newest_delivery(&app).to_string();
    let (hazard, file) = (hazard.to_string(), file.to_string());
    let posting = app.posting(GRID_B, "措勤的下沉干部", PHONE).to_string();
    let sender = app.account("county_officer", "542526000000");
    let (import, rows) =
        crate::imports::bring_in(&app, &sender, &crate::imports::hazards(&[("没有的村", TITLE)])).await;
    let ledger_row = rows["items"][0]["id"].as_str().unwrap().to_owned();
    let sheet = crate::checks::sheet(&app, GRID_B, "措勤的甜茶馆").to_string();
    let unit = app.app().ids().subject();
    let action = tahuang_domain::Action::RegisterEntry {
        kind: "unit".to_owned(),
        area: area("542526000000"),
        name: "门东水利站".to_owned(),
        from: None,
        fields: Default::default(),
        personal: Default::default(),
    };
    app.must(unit, action);
    let unit = unit.to_string();
    World { app, hazard, file, posting, unit, import, ledger_row, sheet, delivery }
}

fn session(app: &TestApp, role: &str, code: &str) -> String {
    match app.app().sign_in(&format!("{role}.{code}"), PASSWORD) {
        Ok((token, _)) => token,
        Err(_) => app.account(role, code),
    }
}

/// Whether the row asks at the address and with the method that the description gives the operation.
fn matches_description(row: &Row, path: &str) -> bool {
    let api = serde_json::to_value(tahuang_http::openapi()).unwrap();
    let path = path.split('?').next().unwrap();
    api["paths"].as_object().unwrap().iter().any(|(template, item)| {
        let (said, asked): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
        let fits = said.len() == asked.len()
            && said.iter().zip(&asked).all(|(said, asked)| said == asked || said.starts_with('{'));
        fits && item[row.method.as_str().to_lowercase()]["operationId"] == row.operation
    })
}

async fn check(world: &World, asked: axum::http::Request<Body>, gets: Gets, what: &str) {
    if matches!(gets, SilentStream) {
        return silent(world, asked, what).await;
    }
    let answer = world.app.send(asked).await;
    match gets {
        Problem(code) => assert_eq!(answer.code(), code, "{what}"),
        Refused(code) => assert_eq!(answer.json()["results"][0]["code"], code, "{what}: {}", answer.text()),
        NothingOfB | Open | SilentStream => assert!(answer.status.is_success(), "{what}: {}", answer.text()),
    }
    let secrets = [
        TITLE,
        PHONE,
        "措勤的下沉干部",
        "受害者",
        "措勤的甜茶馆",
        &world.sheet,
        &world.hazard,
        &world.file,
        &world.posting,
    ];
    for secret in secrets {
        assert!(!answer.text().contains(secret), "{what} tells {secret}: {}", answer.text());
    }
    if matches!(gets, NothingOfB) {
        for secret in [GRID_B, "542526100001", VICTIM, "门东"] {
            assert!(!answer.text().contains(secret), "{what} tells {secret}: {}", answer.text());
        }
    }
}

/// Listens while something happens in grid B, and then in every asker's own area, until the latter is heard.
async fn silent(world: &World, asked: axum::http::Request<Body>, what: &str) {
    let app = &world.app;
    let response = app.router.clone().oneshot(asked).await.unwrap();
    let mut stream = response.into_body().into_data_stream();
    let secret = app.hazard(GRID_B, "又一处隐患").to_string();
    let own = [app.hazard(GRID_A, "甲").to_string(), app.hazard("542521200201001", "乙").to_string()];
    let grid = app.app().ids().subject();
    let free = app.app().areas().below(area("542521100201")).count() + 1;
    app.must(
        grid,
        tahuang_domain::Action::RegisterEntry {
            kind: "grid".to_owned(),
            area: area(&format!("542521100201{free:03}")),
            name: "新网格".to_owned(),
            from: None,
            fields: Default::default(),
            personal: Default::default(),
        },
    );
    let own = [own[0].clone(), own[1].clone(), grid.to_string()];
    let mut heard = String::new();
    while !own.iter().any(|own| heard.contains(own)) {
        heard.push_str(std::str::from_utf8(&stream.next().await.unwrap().unwrap()).unwrap());
    }
    assert!(!heard.contains(&secret), "{what}: {heard}");
}
