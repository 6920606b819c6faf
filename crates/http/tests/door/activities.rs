//! Joint activities through the door: planned, in the calendar, held, with what was found and who came.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::test_app::TestApp;

const VILLAGE: &str = "542521100001";

async fn send(app: &TestApp, who: &str, subject: &str, mut command: Value) -> Value {
    command["id"] = json!(app.app().ids().command().to_string());
    command["subject"] = json!(subject);
    let told = app.post(who, "/api/v1/commands", json!({ "commands": [command] })).await.ok();
    told["results"][0].clone()
}

async fn takes(app: &TestApp, who: &str, subject: &str, command: Value) {
    let told = send(app, who, subject, command.clone()).await;
    assert_eq!(told["status"], "accepted", "{command}: {told}");
}

fn line(app: &TestApp, kind: &str, day: &str, fields: Value) -> Value {
    json!({ "type": "add_line", "line": app.app().ids().subject().to_string(), "kind": kind, "day": day, "fields": fields })
}

#[tokio::test]
async fn an_activity_is_planned_in_the_calendar_held_and_counted_once_it_was() {
    let app = TestApp::new();
    app.account("township_officer", "542521100000");
    let officer = app.sign_in("township_officer.542521100000");
    let today = tahuang_app::shanghai_day(app.app().clock().now_ms());
    let (day, patrol) = (today.plus_days(3).to_string(), app.app().ids().subject().to_string());
    let fields = json!({ "starts": "09:30", "ends": "16:00", "place": "乡政府大院集合", "languages": ["zh", "bo"] });
    let plan = json!({
        "type": "plan_activity", "kind": "patrol", "area": VILLAGE, "day": day, "title": "边境联合巡逻；主题党日", "fields": fields,
    });
    takes(&app, &officer, &patrol, plan).await;
    for (organisation, lead) in [("普兰镇派出所", false), ("吉让居党支部", true)] {
        let who = json!({ "organisation": organisation, "lead": lead, "present": ["次仁", "扎西"] });
        takes(&app, &officer, &patrol, line(&app, "taking_part", &day, who)).await;
    }
    let planned = app.get(&officer, "/api/v1/activities?state=planned").await.ok();
    assert_eq!(
        planned["items"][0]["organisations"],
        json!(["吉让居党支部", "普兰镇派出所"]),
        "whoever leads stands first"
    );
    assert_eq!(planned["items"][0]["starts"], "09:30");

    let link = app.get(&officer, "/api/v1/session/calendar").await.ok()["path"].as_str().unwrap().to_owned();
    let feed = app.open(&link).await;
    assert_eq!(feed.status, StatusCode::OK);
    assert_eq!(feed.headers[header::CONTENT_TYPE], "text/calendar; charset=utf-8");
    let text = feed.text().replace("\r\n ", "");
    let utc = format!("DTSTART:{}T013000Z", day.replace('-', ""));
    for part in ["BEGIN:VCALENDAR", "STATUS:TENTATIVE", "SUMMARY:边境联合巡逻；主题党日", utc.as_str(), &patrol]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("次仁"), "organisations, and nobody by name");

    // Four days later it was held; a day before its finding became a case.
    app.office.clock.pass_days(4);
    let officer = app.sign_in("township_officer.542521100000");
    takes(&app, &officer, &patrol, json!({ "type": "hold_activity", "day": day, "people": 14 })).await;
    let case = app.app().ids().subject().to_string();
    let report =
        json!({ "type": "report_case", "kind": "hazard", "area": VILLAGE, "day": day, "title": "界桩附近塌方" });
    takes(&app, &officer, &case, report).await;
    let found = json!({ "what": "界桩附近塌方", "place": "三号界桩", "case": case });
    takes(&app, &officer, &patrol, line(&app, "finding", &day, found)).await;
    takes(&app, &officer, &patrol, line(&app, "minutes", &day, json!({ "text": "全程约八公里，未见异常。" }))).await;
    let record = app.get(&officer, &format!("/api/v1/subjects/{patrol}")).await.ok();
    assert_eq!((record["state"].as_str(), record["steps"][0]["command"].as_str()), (Some("recorded"), Some("correct")));
    let lines = record["lines"]["entered"].as_array().unwrap();
    let named = lines.iter().find(|line| line["kind"] == "finding").unwrap()["fields"].as_array().unwrap();
    assert!(
        named.iter().any(|field| field["value"] == "界桩附近塌方" && field["code"] == "case"),
        "a case is called by its name"
    );
    let held = app.get(&officer, "/api/v1/activities?kind=patrol&state=recorded").await.ok();
    assert_eq!((&held["items"][0]["findings"], &held["items"][0]["findings_handed_on"]), (&json!(1), &json!(1)));
    let confirmed = app.open(&link).await;
    let confirmed = confirmed.text();
    assert!(confirmed.contains("STATUS:CONFIRMED"), "{confirmed}");

    let paper = app.get(&officer, &format!("/api/v1/subjects/{patrol}/paper.pdf")).await;
    assert_eq!(paper.status, StatusCode::OK, "{}", paper.text());
    let text = crate::lines::said(&paper.bytes);
    for part in
        ["边境联合巡逻；主题党日", "吉让居党支部、普兰镇派出所", "次仁", "三号界桩", "已转为事项办理", "全程约八公里"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn a_calendar_ends_with_its_account_and_opens_for_nobody_else() {
    let app = TestApp::new();
    app.account("township_officer", "542521100000");
    let officer = app.sign_in("township_officer.542521100000");
    let link = app.get(&officer, "/api/v1/session/calendar").await.ok()["path"].as_str().unwrap().to_owned();
    assert_eq!(app.open(&link).await.status, StatusCode::OK);
    for wrong in [link.replace(".ics", ""), format!("{}.ics", &link[..link.len() - 6]), "/calendar/x.ics".to_owned()] {
        assert_eq!(app.open(&wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    app.account("administrator", "542500000000");
    let administrator = app.sign_in("administrator.542500000000");
    app.post(&administrator, "/api/v1/accounts/township_officer.542521100000/disable", json!({})).await.ok();
    assert_eq!(app.open(&link).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_cancelled_activity_says_so_in_the_calendar_and_counts_nowhere() {
    let app = TestApp::new();
    app.account("township_officer", "542521100000");
    let officer = app.sign_in("township_officer.542521100000");
    let day = tahuang_app::shanghai_day(app.app().clock().now_ms()).plus_days(1).to_string();
    let drill = app.app().ids().subject().to_string();
    let figure = |figures: &Value| {
        figures["figures"].as_array().unwrap().iter().find(|one| one["code"] == "flood_drills").unwrap()["value"]
            .clone()
    };
    let plan =
        json!({ "type": "plan_activity", "kind": "flood_drill", "area": VILLAGE, "day": day, "title": "防汛演练" });
    let before = figure(&app.get(&officer, "/api/v1/figures").await.ok());
    takes(&app, &officer, &drill, plan).await;
    assert_eq!(figure(&app.get(&officer, "/api/v1/figures").await.ok()), before, "what is only planned counts nowhere");
    takes(&app, &officer, &drill, json!({ "type": "cancel_activity", "reason": "大雪封路" })).await;
    let told = send(&app, &officer, &drill, json!({ "type": "hold_activity", "day": day })).await;
    assert_eq!(told["code"], "step_not_open");
    let link = app.get(&officer, "/api/v1/session/calendar").await.ok()["path"].as_str().unwrap().to_owned();
    assert!(app.open(&link).await.text().contains("STATUS:CANCELLED"));
}
