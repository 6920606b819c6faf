//! Whatever goes wrong is a problem with a permanent code.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use serde_json::json;
use tahuang_app::{App, Clock, MasterKey};
use tahuang_http::{Door, NoAssets, Settings};
use tahuang_testkit::{SeededIds, SteppingClock};

use crate::test_app::{GRID_A, TestApp, ledgers, request};

#[tokio::test]
async fn an_unknown_address_and_a_wrong_method_are_problems() {
    let app = TestApp::new();
    let answer = app.ask(None, Method::GET, "/api/v1/nothing", None).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "not_found".to_owned()));
    let answer = app.ask(None, Method::PUT, "/api/v1/figures", None).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed".to_owned()));
    assert_eq!(app.ask(None, Method::POST, "/api/v1/figures", Some(json!({}))).await.code(), "method_not_allowed");
}

#[tokio::test]
async fn a_parameter_that_cannot_be_is_named() {
    let app = TestApp::new();
    let token = app.account("prefecture_officer", "542500000000");
    let cases = [
        ("/api/v1/figures?area=54", "area"),
        ("/api/v1/figures?at=yesterday", "at"),
        ("/api/v1/figures?at=2025-02-30", "at"),
        ("/api/v1/figures/grids/records?limit=0", "limit"),
        ("/api/v1/figures/grids/records?limit=501", "limit"),
        ("/api/v1/figures/grids/records?limit=many", "limit"),
        ("/api/v1/figures/grids/records?part=denominator", "part"),
        ("/api/v1/figures/grids/records?cursor=nonsense", "cursor"),
        ("/api/v1/cases?state=sleeping", "state"),
        ("/api/v1/cases?state=active", "state"),
        ("/api/v1/areas/search?q=%20", "q"),
    ];
    for (path, parameter) in cases {
        let answer = app.get(&token, path).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "invalid_parameter"), "{path}");
        assert_eq!(answer.json()["errors"][0]["path"], parameter, "{path}");
    }
    let misspelt = app.get(&token, "/api/v1/figures?aera=542521000000").await;
    assert_eq!(misspelt.code(), "invalid_parameter");
    assert!(misspelt.json()["detail"].as_str().unwrap().contains("aera"), "{}", misspelt.text());
    assert_eq!(app.get(&token, "/api/v1/cases?kind=ufo").await.code(), "unknown_kind");
    assert_eq!(app.get(&token, "/api/v1/figures/ufo/trend").await.code(), "not_found");
    assert_eq!(app.get(&token, "/api/v1/subjects/not-an-id").await.code(), "not_found");
}

#[tokio::test]
async fn a_body_that_is_no_json_or_of_another_form_is_a_problem() {
    let app = TestApp::new();
    let token = app.account("grid_worker", GRID_A);
    let path = "/api/v1/session/password";
    let mut plain = request(Some(&token), Method::POST, path, Some(json!({})));
    plain.headers_mut().insert(header::CONTENT_TYPE, "text/plain".parse().unwrap());
    let answer = app.send(plain).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"));

    let mut broken = request(Some(&token), Method::POST, path, Some(json!({})));
    *broken.body_mut() = Body::from("{\"old\":");
    assert_eq!(app.send(broken).await.code(), "malformed_body");

    let wrong = app.post(&token, path, json!({ "old": 1, "new": "x" })).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "field_invalid"));
    assert_eq!(wrong.json()["errors"][0]["path"], "old");

    let large = app.post(&token, path, json!({ "old": "x".repeat(300_000), "new": "x" })).await;
    assert_eq!((large.status, large.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"));
}

#[tokio::test]
async fn alive_and_ready_are_answered_to_everybody_and_counters_name_no_address() {
    let app = TestApp::new();
    assert_eq!(app.ask(None, Method::GET, "/healthz", None).await.text(), "ok\n");
    assert_eq!(app.ask(None, Method::GET, "/readyz", None).await.text(), "ready\n");
    let token = app.account("prefecture_officer", "542500000000");
    let subject = app.hazard(GRID_A, "电杆倾斜");
    app.get(&token, &format!("/api/v1/subjects/{subject}")).await.ok();
    let body = json!({ "commands": [app.report(GRID_A, "消火栓无水"), app.report("542529000000", "无此地")] });
    app.post(&token, "/api/v1/commands", body).await.ok();
    let metrics = app.ask(None, Method::GET, "/metrics", None).await;
    let text = metrics.text();
    let lines = [
        "tahuang_http_request_seconds_count{route=\"/api/v1/subjects/{id}\",method=\"GET\",status=\"200\"} 1",
        "tahuang_commands_total{answer=\"accepted\"} 1",
        "tahuang_commands_total{answer=\"refused\"} 1",
        "tahuang_journal_position{prefecture=\"542500000000\"} 20",
        "tahuang_change_listeners 0",
        "tahuang_writer_waiting_requests 0",
    ];
    for line in lines {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains(&subject.to_string()));
    app.door.stop();
    assert_eq!(app.ask(None, Method::GET, "/readyz", None).await.code(), "stopping");
}

/// A clock that stops the writer's thread with a panic once it is told to.
#[derive(Default)]
struct DeadlyClock {
    clock: SteppingClock,
    deadly: AtomicBool,
}

impl Clock for DeadlyClock {
    fn now_ms(&self) -> i64 {
        let here = std::thread::current();
        assert!(here.name() != Some("writer") || !self.deadly.load(Ordering::Relaxed), "as asked for by the test");
        self.clock.now_ms()
    }
}

#[tokio::test]
async fn a_server_whose_writer_has_ended_is_not_ready() {
    let mut app = TestApp::new();
    let clock = Arc::new(DeadlyClock::default());
    let (store, files) = (Arc::clone(app.app().store()), Arc::clone(app.app().files()));
    let knowledge = Arc::clone(app.app().knowledge());
    let ids = Arc::new(SeededIds::default());
    let mortal =
        App::start(store, files, knowledge, Arc::clone(&clock) as Arc<dyn Clock>, ids, MasterKey([7; 16])).unwrap();
    app.office.app = Arc::new(mortal);
    app.door = Door::new(Arc::clone(&app.office.app), ledgers(&app.office), Settings::default(), Box::new(NoAssets));
    app.router = tahuang_http::router(Arc::clone(&app.door));
    let token = app.account("prefecture_officer", "542500000000");
    assert_eq!(app.ask(None, Method::GET, "/readyz", None).await.text(), "ready\n");

    clock.deadly.store(true, Ordering::Relaxed);
    let body = json!({ "commands": [app.report(GRID_A, "消火栓无水")] });
    assert_eq!(app.post(&token, "/api/v1/commands", body).await.code(), "stopping");
    while app.app().is_writing() {
        std::thread::yield_now();
    }
    let answer = app.ask(None, Method::GET, "/readyz", None).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable"));
}

#[tokio::test]
async fn a_failure_inside_is_a_500_that_tells_nothing() {
    let app = TestApp::new();
    let token = app.account("prefecture_officer", "542500000000");
    let subject = app.hazard(GRID_A, "电杆倾斜");
    // A row that cannot be what was written, as a failing disk leaves it.
    let database = rusqlite::Connection::open(app.office.folder.path().join("tahuang.db")).unwrap();
    database.execute("UPDATE subjects SET body = x'00' WHERE id = ?1", [subject.0.as_bytes()]).unwrap();
    let answer = app.get(&token, &format!("/api/v1/subjects/{subject}")).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "internal"));
    for secret in ["subjects", "damaged", &subject.to_string()] {
        assert!(!answer.text().contains(secret), "{}", answer.text());
    }
}
