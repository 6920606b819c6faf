//! Commands: many in a request, each answered by itself.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::test_app::{GRID_A, GRID_B, TestApp};

const PATH: &str = "/api/v1/commands";

#[tokio::test]
async fn a_batch_is_answered_command_by_command_in_its_order() {
    let app = TestApp::new();
    let token = app.account("grid_worker", GRID_A);
    let good = app.report(GRID_A, "电杆倾斜");
    let elsewhere = app.report(GRID_B, "别处的事");
    let mut untitled = app.report(GRID_A, "");
    untitled["fields"] = json!({});
    let mut broken = app.report(GRID_A, "缺类型");
    broken.as_object_mut().unwrap().remove("type");
    let nameless = json!({ "type": "accept_case" });
    // Such ids are made of what a ledger's row says; whoever takes one first keeps the row out.
    let mut derived = app.report(GRID_A, "占号");
    derived["id"] = json!("29b46264-4aaf-8924-9cc2-ea808d2555af");
    let last = app.report(GRID_A, "消火栓无水");
    let commands = json!([good, elsewhere, untitled, broken, nameless, derived, last]);
    let answer = app.post(&token, PATH, json!({ "prefecture": "542500000000", "commands": commands })).await.ok();
    let results = answer["results"].as_array().unwrap();
    let said: Vec<(&str, Value)> =
        results.iter().map(|result| (result["status"].as_str().unwrap(), result["code"].clone())).collect();
    assert_eq!(
        said,
        [
            ("accepted", Value::Null),
            ("refused", json!("not_permitted")),
            ("refused", json!("missing_value")),
            ("refused", json!("malformed_command")),
            ("refused", json!("malformed_command")),
            ("refused", json!("malformed_command")),
            ("accepted", Value::Null),
        ]
    );
    assert_eq!(results[0]["id"], commands[0]["id"]);
    assert_eq!(results[2]["field"], "title");
    assert_eq!(results[3]["id"], commands[3]["id"], "its id could still be read");
    assert_eq!(results[4]["id"], Value::Null);
    assert_eq!(results[6]["positions"], json!([answer["position"]]));
}

#[tokio::test]
async fn a_command_sent_again_is_known_and_changes_nothing() {
    let app = TestApp::new();
    let token = app.account("grid_worker", GRID_A);
    let body = json!({ "commands": [app.report(GRID_A, "电杆倾斜")] });
    let first = app.post(&token, PATH, body.clone()).await.ok();
    let head = app.app().store().head(app.office.prefecture).unwrap();
    let again = app.post(&token, PATH, body.clone()).await.ok();
    assert_eq!(again["results"][0]["status"], "known");
    assert_eq!(again["results"][0]["positions"], first["results"][0]["positions"]);
    assert_eq!(app.app().store().head(app.office.prefecture).unwrap(), head);

    let mut other = body;
    other["commands"][0]["title"] = json!("消火栓无水");
    let reused = app.post(&token, PATH, other).await.ok();
    assert_eq!(reused["results"][0]["code"], "command_id_reused");
}

#[tokio::test]
async fn a_step_taken_on_an_old_revision_is_refused() {
    let app = TestApp::new();
    let token = app.account("township_officer", "542521100000");
    let subject = app.hazard(GRID_A, "电杆倾斜");
    let step = |command: &str, revision: u32| json!({ "id": app.app().ids().command().to_string(), "type": command, "subject": subject.to_string(), "revision": revision });
    let commands = json!([step("accept_case", 1), step("accept_case", 1), step("accept_case", 2)]);
    let answer = app.post(&token, PATH, json!({ "commands": commands })).await.ok();
    assert_eq!(answer["results"][0]["status"], "accepted");
    assert_eq!(answer["results"][1]["code"], "revision_conflict");
    assert_eq!(answer["results"][2]["code"], "step_not_open");
}

#[tokio::test]
async fn too_many_commands_and_a_body_that_is_no_batch_are_refused_whole() {
    let app = TestApp::new();
    let token = app.account("grid_worker", GRID_A);
    let head = app.app().store().head(app.office.prefecture).unwrap();
    let many: Vec<Value> = (0..1_001).map(|_| app.report(GRID_A, "电杆倾斜")).collect();
    let answer = app.post(&token, PATH, json!({ "commands": many })).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_many_commands"));
    assert_eq!(app.post(&token, PATH, json!({ "commands": 1 })).await.code(), "malformed_body");
    assert_eq!(app.post(&token, PATH, json!({ "commands": [], "prefecture": GRID_A })).await.code(), "field_invalid");
    let lhasa = json!({ "commands": [app.report(GRID_A, "电杆倾斜")], "prefecture": "540100000000" });
    assert_eq!(app.post(&token, PATH, lhasa).await.code(), "not_permitted");
    assert_eq!(app.app().store().head(app.office.prefecture).unwrap(), head);
    assert_eq!(app.post(&token, PATH, json!({ "commands": [] })).await.ok(), json!({ "results": [], "position": 0 }));
}

#[tokio::test]
async fn a_thousand_commands_are_one_request() {
    let app = TestApp::new();
    let token = app.account("grid_worker", GRID_A);
    let many: Vec<Value> = (0..1_000).map(|index| app.report(GRID_A, &format!("隐患{index}"))).collect();
    let answer = app.post(&token, PATH, json!({ "commands": many })).await.ok();
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 1_000);
    assert!(results.iter().all(|result| result["status"] == "accepted"));
}
