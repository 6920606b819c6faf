//! A record: its contents, its history, what may be done with it, and what of it is sealed.

use axum::http::StatusCode;
use serde_json::{Value, json};
use tahuang_domain::{Action, Command, Source};
use tahuang_testkit::area;

use crate::test_app::{GRID_A, TestApp};

fn commands(record: &Value) -> Vec<&str> {
    record["steps"].as_array().unwrap().iter().map(|step| step["command"].as_str().unwrap()).collect()
}

fn need<'a>(record: &'a Value, command: &str, code: &str) -> &'a Value {
    let steps = record["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["command"] == command).unwrap();
    step["needs"].as_array().unwrap().iter().find(|need| need["code"] == code).unwrap()
}

#[tokio::test]
async fn a_record_offers_the_steps_that_are_open_and_permitted() {
    let app = TestApp::new();
    let officer = app.account("township_officer", "542521100000");
    let reader = app.account("reader", "542521100000");
    let subject = app.hazard(GRID_A, "电杆倾斜");
    let path = format!("/api/v1/subjects/{subject}");
    let record = app.get(&officer, &path).await.ok();
    assert_eq!(commands(&record), ["accept_case", "decline_case", "merge_case", "remind_case", "correct", "withdraw"]);
    assert_eq!(need(&record, "decline_case", "reason")["required"], true);
    assert_eq!(need(&record, "correct", "title")["value"], "电杆倾斜");
    let theme = need(&record, "correct", "fields.theme");
    assert_eq!(theme["type"], "choice");
    assert_eq!(theme["choices"][0], json!({ "code": "flood", "name": "防汛" }));
    assert_eq!(commands(&app.get(&reader, &path).await.ok()), Vec::<&str>::new());

    for action in [
        Action::AcceptCase,
        Action::AssignCase { handler: "村委会".to_owned(), account: None, assisting: Vec::new() },
        Action::TakeCaseInHand,
    ] {
        app.must(subject, action);
    }
    app.must(subject, Action::FinishCase { day: "2025-08-02".parse().unwrap(), note: "已扶正".to_owned() });
    let mut check =
        json!({ "id": app.app().ids().command().to_string(), "type": "check_case", "subject": subject.to_string() });
    check["passed"] = json!(true);
    app.post(&officer, "/api/v1/commands", json!({ "commands": [check] })).await.ok();
    let record = app.get(&officer, &path).await.ok();
    assert_eq!(commands(&record), ["close_case", "remind_case", "correct", "withdraw"]);
    assert_eq!(need(&record, "close_case", "outcome")["choices"], json!([{ "code": "rectified", "name": "已整改" }]));

    app.must(subject, Action::Withdraw { reason: "误报".to_owned() });
    let record = app.get(&officer, &path).await.ok();
    assert_eq!((commands(&record), &record["withdrawn"]), (Vec::new(), &json!(true)));
}

#[tokio::test]
async fn whoever_finished_the_work_is_not_offered_to_check_it() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let officer = app.account("township_officer", "542521100000");
    let subject = app.hazard(GRID_A, "电杆倾斜");
    for action in [
        Action::AcceptCase,
        Action::AssignCase { handler: "网格员".to_owned(), account: None, assisting: Vec::new() },
        Action::TakeCaseInHand,
    ] {
        app.must(subject, action);
    }
    let mut finish =
        json!({ "id": app.app().ids().command().to_string(), "type": "finish_case", "subject": subject.to_string() });
    finish["day"] = json!("2025-08-02");
    app.post(&worker, "/api/v1/commands", json!({ "commands": [finish] })).await.ok();
    let path = format!("/api/v1/subjects/{subject}");
    assert_eq!(commands(&app.get(&worker, &path).await.ok()), ["remind_case", "correct"]);
    assert_eq!(commands(&app.get(&officer, &path).await.ok()), ["check_case", "remind_case", "correct", "withdraw"]);
}

#[tokio::test]
async fn the_history_tells_who_did_what_and_from_which_ledger_row() {
    let app = TestApp::new();
    let officer = app.account("township_officer", "542521100000");
    let subject = app.app().ids().subject();
    let cells = vec![("隐患".to_owned(), "电杆倾斜".to_owned())];
    let source = Source { file: "隐患台账.xlsx".to_owned(), sheet: "普兰".to_owned(), row: 7, cells };
    let action = Action::TranscribeCase {
        kind: "hazard".to_owned(),
        area: area(GRID_A),
        day: "2025-08-01".parse().unwrap(),
        title: "电杆倾斜".to_owned(),
        fields: json!({ "theme": "flood" }).as_object().unwrap().clone(),
        handler: Some("村委会".to_owned()),
        ended: None,
    };
    let command = Command { id: app.app().ids().command(), subject, revision: None, source: Some(source), action };
    app.office.submit(vec![command]);
    let step = json!({ "id": app.app().ids().command().to_string(), "type": "take_case_in_hand", "subject": subject.to_string() });
    app.post(&officer, "/api/v1/commands", json!({ "commands": [step] })).await.ok();

    let record = app.get(&officer, &format!("/api/v1/subjects/{subject}")).await.ok();
    let history = record["history"].as_array().unwrap();
    let told: Vec<(&str, &str)> = history
        .iter()
        .map(|event| (event["event_name"].as_str().unwrap(), event["actor_name"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("上报事项", "服务器管理台"), ("派遣", "服务器管理台"), ("开始处置", "旦增")]);
    assert_eq!(history[0]["source"]["row"], 7);
    assert_eq!(history[0]["source"]["cells"], json!([{ "heading": "隐患", "text": "电杆倾斜" }]));
    let details = history[0]["details"].as_array().unwrap();
    for detail in [("事由（名称）", "电杆倾斜"), ("日期", "2025-08-01"), ("主题", "防汛")] {
        assert!(details.contains(&json!({ "name": detail.0, "value": detail.1 })), "{detail:?} in {details:?}");
    }
    assert_eq!(history[2]["hash"].as_str().unwrap().len(), 64);
    let fields = record["fields"].as_array().unwrap();
    assert!(fields.contains(&json!({ "code": "handler", "name": "承办人", "value": "村委会" })));
    assert!(fields.contains(&json!({ "code": "theme", "name": "主题", "value": "防汛" })));
}

#[tokio::test]
async fn a_link_shows_the_name_of_the_record_it_leads_to() {
    let app = TestApp::new();
    let officer = app.account("township_officer", "542521100000");
    let rows = app.app().store().journal(app.office.prefecture, 12, 1).unwrap();
    let (grid, organisation) = (rows[0].subject, app.app().ids().subject());
    app.must(
        organisation,
        Action::RegisterEntry {
            kind: "party_organisation".to_owned(),
            area: area(GRID_A),
            name: "第一党小组".to_owned(),
            from: None,
            fields: json!({ "grid": grid.to_string(), "category": "group" }).as_object().unwrap().clone(),
            personal: Default::default(),
        },
    );
    let record = app.get(&officer, &format!("/api/v1/subjects/{organisation}")).await.ok();
    let value = |code: &str| {
        record["fields"].as_array().unwrap().iter().find(|field| field["code"] == code).unwrap()["value"].clone()
    };
    assert_eq!((value("grid"), value("category")), (json!("吉让居第一网格"), json!("党小组")));
    let counted: Vec<&str> =
        record["counted_in"].as_array().unwrap().iter().map(|one| one["figure"].as_str().unwrap()).collect();
    assert_eq!(counted, ["grid_party_organisations"]);
    let grid = app.get(&officer, &format!("/api/v1/subjects/{grid}")).await.ok();
    assert_eq!(grid["lines"]["entered"][0]["kind_name"], "驻格党组织");
    assert_eq!(commands(&grid), Vec::<&str>::new(), "areas are kept by administrators");
}

#[tokio::test]
async fn personal_data_is_opened_one_field_at_a_time_by_those_who_handle_it() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let reader = app.account("reader", "542500000000");
    let subject = app.posting(GRID_A, "德吉", "19912345678");
    let path = format!("/api/v1/subjects/{subject}");
    let record = app.get(&worker, &path).await;
    assert!(!record.text().contains("19912345678"));
    assert_eq!(record.ok()["sealed"], json!([{ "code": "phone", "name": "联系电话" }]));
    let unseal = format!("{path}/unseal");
    let opened = app.post(&worker, &unseal, json!({ "field": "phone" })).await.ok();
    assert_eq!(opened, json!({ "field": "phone", "value": "19912345678" }));
    let refused = app.post(&reader, &unseal, json!({ "field": "phone" })).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "not_permitted"));
    assert_eq!(app.post(&worker, &unseal, json!({ "field": "sex" })).await.code(), "not_found");

    app.must(subject, Action::ErasePersonalData { reason: "本人要求".to_owned() });
    let erased = app.post(&worker, &unseal, json!({ "field": "phone" })).await.ok();
    assert_eq!(erased["value"], Value::Null);
    assert_eq!(app.get(&worker, &path).await.ok()["sealed"], json!([]));
}

#[tokio::test]
async fn the_catalog_holds_what_the_account_is_about() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let system = app.account("system_administrator", "542500000000");
    let kinds = |catalog: &Value| -> Vec<String> {
        catalog["kinds"].as_array().unwrap().iter().map(|kind| kind["code"].as_str().unwrap().to_owned()).collect()
    };
    let catalog = app.get(&worker, "/api/v1/catalog").await.ok();
    let seen = kinds(&catalog);
    assert!(seen.contains(&"hazard".to_owned()) && !seen.contains(&"account".to_owned()), "{seen:?}");
    assert_eq!(kinds(&app.get(&system, "/api/v1/catalog").await.ok()), ["account", "area", "grid"]);
    let posting = catalog["kinds"].as_array().unwrap().iter().find(|kind| kind["code"] == "posting").unwrap();
    let phone = posting["fields"].as_array().unwrap().iter().find(|field| field["code"] == "phone").unwrap();
    assert_eq!((&phone["personal"], &phone["type"]), (&json!(true), &json!("text")));
    let events = catalog["events"].as_array().unwrap();
    assert!(events.contains(&json!({ "code": "movement_corrected", "name": "更正出入库" })), "{events:?}");
}
