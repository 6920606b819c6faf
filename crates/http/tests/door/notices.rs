//! What people are told on the pages, and the log of what went out to them.

use std::path::Path;
use std::sync::Arc;

use axum::http::Method;
use serde_json::{Value, json};
use tahuang_domain::Action;
use tahuang_notify::channel::{Channel, ChannelText, Secrets, channels};
use tahuang_notify::follow::Follower;
use tahuang_notify::rules::Rules;
use tahuang_notify::sender::Sender;
use tahuang_notify::verdict::{Answered, Attempt};
use tahuang_store::DeliveryQuery;
use uuid::Uuid;

use crate::test_app::{GRID_A, GRID_B, TestApp};

fn channel(app: &TestApp) -> Channel {
    #[derive(serde::Deserialize)]
    struct Configured {
        channel: Vec<ChannelText>,
    }
    let text = "[[channel]]\ncode = \"duty\"\ntype = \"wecom\"\nurl = \"http://127.0.0.1:1/send?key=k\"\n\
                area = \"542500000000\"\nquiet = \"none\"";
    let configured: Configured = toml::from_str(text).unwrap();
    let secrets = Secrets { folder: Path::new("."), variable: &|_| None };
    channels(&configured.channel, &app.app().knowledge().catalog, &secrets).unwrap().remove(0)
}

/// Tells of what happens from now on, over one channel.
pub fn follower(app: &TestApp) -> Follower {
    let rules = Arc::new(Rules::bundled(&app.app().knowledge().catalog).unwrap());
    let follower = Follower::new(Arc::clone(&app.office.app), rules, Arc::new(vec![channel(app)]), None);
    follower.catch_up().unwrap();
    follower
}

pub fn newest_delivery(app: &TestApp) -> Uuid {
    let query = DeliveryQuery { limit: 1, ..DeliveryQuery::default() };
    app.app().store().deliveries(app.office.prefecture, &query).unwrap()[0].id
}

fn headings(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["heading"].as_str().unwrap()).collect()
}

fn report(app: &TestApp, kind: &str, title: &str) -> Value {
    let mut command = app.report(GRID_A, title);
    command["kind"] = json!(kind);
    json!({ "commands": [command] })
}

#[tokio::test]
async fn somebody_is_told_of_what_others_do_in_their_area_and_says_up_to_where_it_was_read() {
    let app = TestApp::new();
    let follower = follower(&app);
    let officer = app.account("township_officer", "542521100000");
    let worker = app.account("grid_worker", GRID_A);
    let neighbour = app.account("grid_worker", GRID_B);
    app.post(&worker, "/api/v1/commands", report(&app, "hazard", "墙体裂缝，联系13812345678")).await.ok();
    app.post(&worker, "/api/v1/commands", report(&app, "damage", "河水漫堤")).await.ok();
    follower.catch_up().unwrap();

    let page = app.get(&officer, "/api/v1/notices").await.ok();
    let place = "普兰县 › 普兰镇 › 吉让居委会 › 吉让居第一网格";
    assert_eq!(headings(&page), [format!("【紧急】灾情抢险：{place}"), format!("新上报安全隐患：{place}")]);
    assert_eq!((&page["unread"], &page["items"][0]["emergency"]), (&json!(2), &json!(true)));
    assert_eq!(page["items"][1]["text"], "墙体裂缝，联系***\n状态：待受理\n办理期限：2025-08-21");
    assert_eq!(page["items"][1]["area"]["code"], GRID_A);
    for (who, token) in [("who did it", &worker), ("a neighbour", &neighbour)] {
        let page = app.get(token, "/api/v1/notices").await.ok();
        assert_eq!((headings(&page).len(), &page["unread"]), (0, &json!(0)), "{who}");
    }

    let newest = page["items"][1]["position"].clone();
    let left = app.post(&officer, "/api/v1/notices/read", json!({ "up_to": newest })).await.ok();
    assert_eq!(left, json!({ "unread": 1 }));
    let page = app.get(&officer, "/api/v1/notices?limit=1").await.ok();
    assert_eq!((&page["unread"], &page["items"][0]["read"]), (&json!(1), &json!(false)));
    let next = page["next"].as_str().unwrap();
    let page = app.get(&officer, &format!("/api/v1/notices?limit=1&cursor={next}")).await.ok();
    assert_eq!((&page["next"], &page["items"][0]["read"]), (&Value::Null, &json!(true)));
    assert_eq!(app.post(&officer, "/api/v1/notices/read", json!({ "up_to": 100_000 })).await.code(), "field_invalid");
}

#[tokio::test]
async fn whoever_reported_a_case_is_told_what_became_of_it() {
    let app = TestApp::new();
    let follower = follower(&app);
    let worker = app.account("grid_worker", GRID_A);
    let colleague = app.app().create_account(
        &tahuang_app::Asker::Console,
        "colleague",
        "次仁",
        "grid_worker",
        tahuang_testkit::area(GRID_A),
        Some(crate::test_app::PASSWORD),
    );
    assert!(colleague.is_ok());
    let colleague = app.sign_in("colleague");
    let command = report(&app, "hazard", "墙体裂缝");
    let hazard = command["commands"][0]["subject"].as_str().unwrap().parse().unwrap();
    app.post(&worker, "/api/v1/commands", command).await.ok();
    app.must(hazard, Action::AcceptCase);
    follower.catch_up().unwrap();
    let page = app.get(&worker, "/api/v1/notices").await.ok();
    assert_eq!(headings(&page), ["您上报的安全隐患已受理"]);
    assert_eq!(page["items"][0]["personal"], true);
    let page = app.get(&colleague, "/api/v1/notices").await.ok();
    assert_eq!(headings(&page).len(), 1, "only that it was reported: {page}");
}

#[tokio::test]
async fn the_delivery_log_says_what_became_of_a_message_and_a_person_decides_what_is_open() {
    let app = TestApp::new();
    let follower = follower(&app);
    let officer = app.account("county_officer", "542521000000");
    let auditor = app.account("audit_administrator", "542500000000");
    app.hazard(GRID_A, "墙体裂缝");
    app.hazard(GRID_B, "别处的");
    follower.catch_up().unwrap();
    let store = Arc::clone(app.app().store());
    let mut sender = Sender::open(store, channel(&app), app.app().clock().now_ms()).unwrap();
    let taken = sender.take(app.app().clock().now_ms()).unwrap().unwrap();

    let log = app.get(&officer, "/api/v1/deliveries").await.ok();
    assert_eq!(log["items"].as_array().unwrap().len(), 1, "of one's own area: {log}");
    let item = &log["items"][0];
    assert_eq!((&item["state"], &item["decisions"]), (&json!("sending"), &json!([])));
    let id = item["id"].as_str().unwrap().to_owned();
    let retry = format!("/api/v1/deliveries/{id}/retry");
    let answer = app.ask(Some(&officer), Method::POST, &retry, None).await;
    assert_eq!(answer.code(), "delivery_not_open", "what is on its way is out of reach");

    sender.settle(taken, &Attempt::NoAnswer("timeout: global".to_owned()), app.app().clock().now_ms()).unwrap();
    let item = app.get(&officer, "/api/v1/deliveries?state=uncertain").await.ok()["items"][0].clone();
    assert_eq!((&item["answer"], &item["attempts"]), (&json!("timeout: global"), &json!(1)));
    assert_eq!(item["state_name"], "送达不明");
    assert_eq!(item["decisions"], json!(["retry", "dismiss"]));
    assert!(item["heading"].as_str().unwrap().starts_with("新上报安全隐患") && item["text"].is_string());

    // An auditor sees both messages, not what they say, and decides nothing.
    let log = app.get(&auditor, "/api/v1/deliveries").await.ok();
    assert_eq!(log["items"].as_array().unwrap().len(), 2);
    for item in log["items"].as_array().unwrap() {
        assert_eq!((&item["heading"], &item["subject"], &item["decisions"]), (&Value::Null, &Value::Null, &json!([])));
    }

    let again = app.ask(Some(&officer), Method::POST, &retry, None).await.ok();
    assert_eq!((&again["state"], &again["decisions"]), (&json!("waiting"), &json!(["dismiss"])));
    let now = app.app().clock().now_ms() + 120_000;
    while let Some(taken) = sender.take(now).unwrap() {
        let ok = Answered { status: 200, retry_after_s: None, body: br#"{"errcode":0,"errmsg":"ok"}"#.to_vec() };
        sender.settle(taken, &Attempt::Answered(ok), now).unwrap();
    }
    let log = app.get(&officer, "/api/v1/deliveries?state=delivered&channel=duty&limit=1").await.ok();
    assert_eq!((&log["items"][0]["id"], &log["next"]), (&json!(id), &Value::Null));
    let dismiss = format!("/api/v1/deliveries/{id}/dismiss");
    assert_eq!(app.ask(Some(&officer), Method::POST, &dismiss, None).await.code(), "delivery_not_open");
    assert_eq!(app.get(&officer, "/api/v1/deliveries?state=lost").await.code(), "invalid_parameter");
    let metrics = app.get(&officer, "/metrics").await;
    let line = "tahuang_deliveries{channel=\"duty\",state=\"delivered\"} 2";
    assert!(metrics.text().contains(line), "{}", metrics.text());
}

#[tokio::test]
async fn what_happened_before_there_was_the_account_is_no_news_and_old_notices_are_shown_no_more() {
    let app = TestApp::new();
    let follower = follower(&app);
    app.hazard(GRID_A, "墙体裂缝");
    follower.catch_up().unwrap();
    let newcomer = app.account("township_officer", "542521100000");
    let page = app.get(&newcomer, "/api/v1/notices").await.ok();
    assert_eq!((headings(&page).len(), &page["unread"]), (1, &json!(0)));
    assert_eq!(page["items"][0]["read"], true);
    app.office.clock.pass_days(61);
    // Something has to be written on a later day for that day to be found in the journal.
    app.hazard(GRID_A, "又一处");
    follower.catch_up().unwrap();
    let newcomer = app.sign_in("township_officer.542521100000");
    let page = app.get(&newcomer, "/api/v1/notices").await.ok();
    assert_eq!((headings(&page).len(), &page["unread"]), (1, &json!(1)), "{page}");
    assert_eq!(page["items"][0]["read"], false);
}

#[tokio::test]
async fn a_handler_is_told_of_the_case_and_an_office_of_what_is_late() {
    let app = TestApp::new();
    let follower = follower(&app);
    let worker = app.account("grid_worker", GRID_A);
    let township = app.account("township_officer", "542521100000");
    let county = app.account("county_officer", "542521000000");
    let of = |login: &str| app.app().memory().accounts.values().find(|known| known.login == login).unwrap().id;
    let account = Some(of(&format!("grid_worker.{GRID_A}")));
    let hazard = app.hazard(GRID_A, "墙体裂缝");
    app.must(hazard, Action::AcceptCase);
    app.must(hazard, Action::AssignCase { handler: "旦增".to_owned(), account, assisting: Vec::new() });
    follower.catch_up().unwrap();
    let page = app.get(&worker, "/api/v1/notices").await.ok();
    assert!(headings(&page)[0].starts_with("安全隐患派给您承办或协办："), "{page}");

    app.office.clock.pass_days(40);
    assert!(app.app().chase().unwrap() > 0);
    follower.catch_up().unwrap();
    let worker = app.sign_in(&format!("grid_worker.{GRID_A}"));
    let page = app.get(&worker, "/api/v1/notices").await.ok();
    assert!(headings(&page)[0].starts_with("逾期未办结，已升级督办：安全隐患"), "{page}");
    drop((township, county));
    let late = async |login: &str| {
        let page = app.get(&app.sign_in(login), "/api/v1/notices").await.ok();
        headings(&page).iter().filter(|heading| heading.starts_with("逾期未办结")).count()
    };
    let offices = [late("township_officer.542521100000").await, late("county_officer.542521000000").await];
    assert!(offices.iter().sum::<usize>() > 0, "an office hears of it: {offices:?}");
    let log = app.get(&app.sign_in("county_officer.542521000000"), "/api/v1/deliveries").await.ok();
    let told: Vec<&str> =
        log["items"].as_array().unwrap().iter().map(|item| item["heading"].as_str().unwrap()).collect();
    assert!(told.iter().any(|heading| heading.starts_with("逾期未办结")), "{told:?}");
    assert!(told.iter().all(|heading| !heading.contains("派给您")), "a group is not told what is for one: {told:?}");
}
