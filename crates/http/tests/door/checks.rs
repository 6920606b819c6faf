//! Checks by a list: a sheet and the cases that it opens, the second look, the notice, as a client asks for them.

use axum::http::Method;
use serde_json::{Value, json};
use tahuang_domain::{Action, SubjectId};

use crate::files::PNG;
use crate::test_app::{GRID_A, GRID_B, TestApp};

const TOWNSHIP: &str = "542521100000";

/// The command that records a round in the flood season: the slope failed, the drain was cleared at once.
fn record(app: &TestApp, sheet: SubjectId, hazard: SubjectId, area: &str, place: &str) -> Value {
    let list = app.app().knowledge().catalog.checklists.get("flood_round", 1).unwrap();
    let results = list.items.iter().map(|item| match item.code.as_str() {
        "slopes" => json!({ "item": item.code, "result": "failed", "note": "有落石", "hazard": hazard.to_string() }),
        "drains" => json!({ "item": item.code, "result": "corrected", "note": "当场清淤" }),
        "bridges" => json!({ "item": item.code, "result": "not_applicable" }),
        _ => json!({ "item": item.code, "result": "passed" }),
    });
    json!({
        "id": app.app().ids().command().to_string(),
        "subject": sheet.to_string(),
        "type": "record_check",
        "kind": "check_sheet",
        "area": area,
        "day": "2025-08-20",
        "checklist": "flood_round",
        "version": 1,
        "place": place,
        "officers": ["次仁"],
        "results": results.collect::<Vec<_>>(),
        "recheck": "2025-08-22",
    })
}

/// A sheet of a place, entered at the console.
pub fn sheet(app: &TestApp, area: &str, place: &str) -> SubjectId {
    let (sheet, hazard) = (app.app().ids().subject(), app.app().ids().subject());
    let command = record(app, sheet, hazard, area, place);
    let action: Action = serde_json::from_value(command).unwrap();
    app.must(sheet, action);
    sheet
}

async fn send(app: &TestApp, token: &str, command: Value) -> Value {
    let sent = app.post(token, "/api/v1/commands", json!({ "commands": [command] })).await.ok();
    sent["results"][0].clone()
}

fn command(app: &TestApp, subject: SubjectId, mut action: Value) -> Value {
    action["id"] = app.app().ids().command().to_string().into();
    action["subject"] = subject.to_string().into();
    action
}

async fn attach(app: &TestApp, token: &str, subject: SubjectId, more: &str) -> Value {
    let id = app.app().ids().command();
    let path = format!("/api/v1/subjects/{subject}/files?command={id}&{more}");
    let request = axum::http::Request::builder().method(Method::POST).uri(path).header("x-tahuang", "1");
    let request = request.header("authorization", format!("Bearer {token}"));
    app.send(request.body(axum::body::Body::from(PNG.to_vec())).unwrap()).await.json()
}

#[tokio::test]
async fn the_lists_say_what_is_looked_at_also_in_tibetan() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let lists = app.get(&worker, "/api/v1/checklists").await.ok();
    let codes: Vec<&str> =
        lists["items"].as_array().unwrap().iter().map(|list| list["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["fire_small_places", "flood_round"]);
    let fire = &lists["items"][0];
    assert_eq!((fire["officers"].as_u64(), fire["items"].as_array().unwrap().len()), (Some(2), 11));
    assert_eq!(fire["items"][6]["code"], "exits_clear");
    assert_eq!(fire["items"][6]["basis"], "消防法第二十八条");
    assert_eq!(fire["items"][6]["name_bo"], "བྲོས་ལམ་དང་བདེ་འཇགས་ཐོན་སྒོ་བདེ་འགག་མེད་པ།");
}

#[tokio::test]
async fn what_failed_is_a_case_that_is_finished_by_a_second_look_and_closed_by_somebody_else() {
    let app = TestApp::new();
    let (worker, township) = (app.account("grid_worker", GRID_A), app.account("township_officer", TOWNSHIP));
    let (sheet, hazard) = (app.app().ids().subject(), app.app().ids().subject());
    let answer = send(&app, &worker, record(&app, sheet, hazard, GRID_A, "村口边坡")).await;
    assert_eq!(answer["status"], "accepted", "{answer}");

    let path = format!("/api/v1/checks/{sheet}");
    let read = app.get(&worker, &path).await.ok();
    assert_eq!(read["counts"], json!({ "passed": 6, "corrected": 1, "failed": 1, "not_applicable": 1, "waiting": 1 }));
    assert_eq!((&read["state"], &read["state_name"]), (&json!("open"), &json!("待复查")));
    assert_eq!(read["recheck"]["day"], "2025-08-22");
    assert_eq!((&read["rechecks_now"], &read["serves_now"]), (&json!(true), &json!(true)));
    let slope = &read["items"][0];
    assert_eq!(
        (&slope["result"], &slope["waiting"], &slope["note"]),
        (&json!("failed"), &json!(true), &json!("有落石"))
    );
    assert_eq!(slope["hazard"]["id"], hazard.to_string());
    assert_eq!(slope["hazard"]["title"], "村口边坡：边坡有裂缝、落石或滑动迹象");
    assert_eq!(read["items"][6]["result_name"], "当场整改");

    // The case knows its sheet, and stands in the lists as any other.
    let case = app.get(&worker, &format!("/api/v1/subjects/{hazard}")).await.ok();
    assert_eq!(case["related"][0]["id"], sheet.to_string());
    assert_eq!(case["related"][0]["relation_name"], "来自检查单");
    let details = |record: &Value, event: &str| -> Vec<(String, String)> {
        let history = record["history"].as_array().unwrap();
        let found = history.iter().find(|entry| entry["event"] == event).unwrap_or_else(|| panic!("{event}"));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        found["details"].as_array().unwrap().iter().map(|one| (text(&one["name"]), text(&one["value"]))).collect()
    };
    let found = details(&case, "case_found_by_check");
    assert_eq!(found, [("检查项目".to_owned(), "边坡、切坡无裂缝、落石、滑动迹象".to_owned())]);
    let record = app.get(&worker, &format!("/api/v1/subjects/{sheet}")).await.ok();
    let told = details(&record, "check_recorded");
    let said = |name: &str| told.iter().find(|(code, _)| code == name).map(|(_, value)| value.as_str());
    assert_eq!(said("检查表"), Some("汛期安全隐患巡查"));
    assert_eq!(
        said("检查结果"),
        Some("边坡、切坡无裂缝、落石、滑动迹象 · 不合格 (有落石)\n排水沟、山洪沟畅通 · 当场整改 (当场清淤)")
    );
    let steps: Vec<&str> =
        record["steps"].as_array().unwrap().iter().map(|step| step["command"].as_str().unwrap()).collect();
    assert_eq!(steps, ["correct"]);

    let looked = json!({
        "type": "recheck_items", "day": "2025-08-22", "officers": ["次仁"],
        "results": [{ "item": "slopes", "passed": true, "note": "已清除" }],
    });
    let answer = send(&app, &worker, command(&app, sheet, looked)).await;
    assert_eq!(answer["status"], "accepted", "{answer}");
    assert_eq!(answer["positions"].as_array().unwrap().len(), 5, "the look, and four steps of the case");
    let read = app.get(&worker, &path).await.ok();
    assert_eq!((&read["state"], &read["state_name"]), (&json!("completed"), &json!("复查合格")));
    assert_eq!((&read["recheck"], &read["rechecks_now"]), (&Value::Null, &json!(false)));
    assert_eq!(read["items"][0]["looked"], json!({ "day": "2025-08-22", "passed": true, "note": "已清除" }));
    assert_eq!(read["items"][0]["hazard"]["state"], "done");
    assert_eq!(read["rechecks"], json!([{ "day": "2025-08-22", "officers": ["次仁"], "passed": 1, "failed": 0 }]));

    let check = json!({ "type": "check_case", "passed": true });
    let own = send(&app, &worker, command(&app, hazard, check.clone())).await;
    assert_eq!(own["code"], "checker_is_handler");
    assert_eq!(send(&app, &township, command(&app, hazard, check)).await["status"], "accepted");
    let close = json!({ "type": "close_case", "day": "2025-08-23", "outcome": "rectified" });
    assert_eq!(send(&app, &township, command(&app, hazard, close)).await["status"], "accepted");
    let figures = app.get(&township, "/api/v1/figures").await.ok();
    let listed = figures.to_string();
    assert!(listed.contains("hazards_rectified"), "{listed}");
    let counted = app.get(&township, &format!("/api/v1/subjects/{hazard}")).await.ok();
    assert!(counted["counted_in"].as_array().unwrap().iter().any(|one| one["figure"] == "hazards_rectified"));
}

#[tokio::test]
async fn sheets_stand_by_the_day_of_their_next_look_and_on_the_page_of_who_recorded_them() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let places = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|row| row["place"].as_str().unwrap().to_owned()).collect()
    };
    for (place, recheck) in [("甲处", "2025-09-10"), ("乙处", "2025-08-21"), ("丙处", "2025-08-28")] {
        let (sheet, hazard) = (app.app().ids().subject(), app.app().ids().subject());
        let mut sent = record(&app, sheet, hazard, GRID_A, place);
        sent["recheck"] = recheck.into();
        assert_eq!(send(&app, &worker, sent).await["status"], "accepted");
    }
    sheet(&app, GRID_B, "别处");
    let first = app.get(&worker, "/api/v1/checks?limit=2").await.ok();
    assert_eq!(places(&first), ["乙处", "丙处"]);
    let next = first["next"].as_str().unwrap();
    let second = app.get(&worker, &format!("/api/v1/checks?limit=2&cursor={next}")).await.ok();
    assert_eq!((places(&second), &second["next"]), (vec!["甲处".to_owned()], &Value::Null));
    assert_eq!(places(&app.get(&worker, "/api/v1/checks?state=completed").await.ok()).len(), 0);
    assert_eq!(app.get(&worker, "/api/v1/checks?state=merged").await.code(), "invalid_parameter");
    assert_eq!(
        app.get(&worker, &format!("/api/v1/checks?state=completed&cursor={next}")).await.code(),
        "invalid_parameter"
    );

    app.office.clock.pass_days(2);
    let worker = app.sign_in(&format!("grid_worker.{GRID_A}"));
    let todo = app.get(&worker, "/api/v1/todo?page=mine").await.ok();
    let own: Vec<&str> = todo["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect();
    assert_eq!(own, ["乙处", "丙处", "甲处"]);
    assert_eq!(todo["items"][0]["due"]["urgency"], "late");
    let hazard = app.hazard(GRID_A, "电杆倾斜");
    assert_eq!(app.get(&worker, &format!("/api/v1/checks/{hazard}")).await.code(), "not_found");
}

#[tokio::test]
async fn a_notice_is_signed_for_on_the_screen_and_who_signed_is_sealed() {
    let app = TestApp::new();
    let (worker, reader) = (app.account("grid_worker", GRID_A), app.account("reader", GRID_A));
    let (sheet, hazard) = (app.app().ids().subject(), app.app().ids().subject());
    send(&app, &worker, record(&app, sheet, hazard, GRID_A, "村口边坡")).await;
    let serve = json!({ "type": "serve_notice", "day": "2025-08-20", "receipt": "signed", "recipient": "巴桑某" });
    let unsigned = send(&app, &worker, command(&app, sheet, serve.clone())).await;
    assert_eq!(unsigned["code"], "signature_missing");
    let signature = attach(&app, &worker, sheet, "purpose=signature&name=sign.png").await;
    assert_eq!((&signature["purpose"], &signature["personal"]), (&json!("signature"), &json!(true)));
    assert_eq!(send(&app, &worker, command(&app, sheet, serve)).await["status"], "accepted");
    let read = app.get(&worker, &format!("/api/v1/checks/{sheet}")).await.ok();
    assert_eq!(read["receipt"], json!({ "receipt": "signed", "receipt_name": "已签收", "day": "2025-08-20" }));
    assert_eq!(read["serves_now"], false);
    let record = app.get(&worker, &format!("/api/v1/subjects/{sheet}")).await;
    assert!(!record.text().contains("巴桑某"), "{}", record.text());
    assert_eq!(record.json()["sealed"], json!([{ "code": "recipient", "name": "签收人" }]));
    let opened = app.post(&worker, &format!("/api/v1/subjects/{sheet}/unseal"), json!({ "field": "recipient" })).await;
    assert_eq!(opened.ok()["value"], "巴桑某");
    let file = format!("/api/v1/subjects/{sheet}/files/{}", signature["id"].as_str().unwrap());
    assert_eq!(app.get(&reader, &file).await.code(), "not_permitted");
    assert!(app.get(&worker, &file).await.status.is_success());
}

#[tokio::test]
async fn a_picture_shows_an_item_of_the_list() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let sheet = sheet(&app, GRID_A, "村口边坡");
    let shown = attach(&app, &worker, sheet, "purpose=evidence&item=slopes").await;
    assert_eq!(shown["item"], "slopes");
    assert_eq!(attach(&app, &worker, sheet, "purpose=evidence&item=stairs").await["code"], "unknown_item");
    let hazard = app.hazard(GRID_A, "电杆倾斜");
    assert_eq!(attach(&app, &worker, hazard, "purpose=evidence&item=slopes").await["code"], "field_invalid");
}

#[tokio::test]
async fn a_check_opens_cases_only_where_whoever_records_it_may_report_them() {
    let app = TestApp::new();
    let (worker, reader) = (app.account("grid_worker", GRID_A), app.account("reader", GRID_A));
    let ids = || (app.app().ids().subject(), app.app().ids().subject());
    let (sheet, hazard) = ids();
    assert_eq!(send(&app, &worker, record(&app, sheet, hazard, GRID_B, "别处")).await["code"], "not_permitted");
    assert_eq!(send(&app, &reader, record(&app, sheet, hazard, GRID_A, "村口")).await["code"], "not_permitted");
    assert_eq!(send(&app, &worker, record(&app, sheet, hazard, GRID_A, "村口")).await["status"], "accepted");

    // A case that was moved out of reach is not moved further from here.
    let moved = Action::Correct {
        area: Some(GRID_B.parse().unwrap()),
        day: None,
        title: None,
        quantity: None,
        fields: Default::default(),
        reason: "属地有误".to_owned(),
    };
    app.must(hazard, moved);
    let looked = json!({
        "type": "recheck_items", "day": "2025-08-22", "officers": ["次仁"],
        "results": [{ "item": "slopes", "passed": true }],
    });
    assert_eq!(send(&app, &worker, command(&app, sheet, looked)).await["code"], "not_permitted");
    let read = app.get(&worker, &format!("/api/v1/checks/{sheet}")).await.ok();
    assert_eq!(read["items"][0]["hazard"], Value::Null, "of a case out of reach nothing is told");
}
