//! Signing in, staying signed in, and requests that other sites would like to make.

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;
use tahuang_app::Asker;
use tahuang_http::Settings;
use tahuang_testkit::area;

use crate::test_app::{Answer, GRID_A, PASSWORD, TestApp, request};

fn sign_in(login: &str, password: &str) -> Request<Body> {
    request(None, Method::POST, "/api/v1/session", Some(json!({ "login": login, "password": password })))
}

fn make(app: &TestApp, login: &str) {
    app.app().create_account(&Asker::Console, login, "索朗旺堆", "grid_worker", area(GRID_A), Some(PASSWORD)).unwrap();
}

fn cookie(answer: &Answer) -> String {
    answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned()
}

/// A request as a browser sends it: with the cookie, and whatever headers are given.
fn browser(method: Method, path: &str, cookie: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let pair = cookie.split(';').next().unwrap();
    let mut request = Request::builder().method(method).uri(path).header(header::COOKIE, format!("other=1; {pair}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn signing_in_gives_a_cookie_that_scripts_cannot_read_and_says_who_one_is() {
    let app = TestApp::new();
    make(&app, "grid");
    let answer = app.send(sign_in("grid", PASSWORD)).await;
    let set = cookie(&answer);
    assert!(set.starts_with("tahuang_session="));
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Secure"), "plain http on an intranet must work: {set}");
    let session = answer.ok();
    assert_eq!(session["scope"]["code"], GRID_A);
    assert_eq!(session["role_name"], "网格员");
    assert_eq!(session["may"], json!(["read", "record", "handle", "correct"]));
    assert_eq!(session["prefecture"]["level"], "prefecture");
    assert_eq!(app.send(browser(Method::GET, "/api/v1/session", &set, &[])).await.ok(), session);

    let english =
        app.send(browser(Method::GET, "/api/v1/session", &set, &[("accept-language", "en-GB,zh;q=0.5")])).await;
    assert_eq!(english.ok()["role_name"], "Grid worker");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_are_told_apart_by_nothing() {
    let app = TestApp::new();
    make(&app, "grid");
    let (wrong, unknown) = (app.send(sign_in("grid", "nonsense")).await, app.send(sign_in("nobody", "nonsense")).await);
    assert_eq!((wrong.status, wrong.code()), (StatusCode::UNAUTHORIZED, "bad_credentials".to_owned()));
    assert_eq!(wrong.bytes, unknown.bytes);
    assert!(!wrong.headers.contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour() {
    let app = TestApp::new();
    make(&app, "grid");
    for _ in 0..4 {
        assert_eq!(app.send(sign_in("grid", "wrong")).await.code(), "bad_credentials");
    }
    let fifth = app.send(sign_in("grid", "wrong")).await;
    assert_eq!((fifth.status, fifth.code()), (StatusCode::TOO_MANY_REQUESTS, "account_locked".to_owned()));
    assert!(fifth.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(app.send(sign_in("grid", PASSWORD)).await.code(), "account_locked", "also with the right one");
    // The tests' clock goes one second further each time it is asked.
    for _ in 0..900 {
        app.app().clock().now_ms();
    }
    app.send(sign_in("grid", PASSWORD)).await.ok();
}

#[tokio::test]
async fn a_login_that_nobody_has_is_locked_like_one_that_somebody_has() {
    let app = TestApp::new();
    make(&app, "grid");
    for attempt in 1..=7 {
        let known = app.send(sign_in("grid", "wrong")).await;
        let unknown = app.send(sign_in("nobody", &"wrong".repeat(1_000))).await;
        let code = if attempt < 5 { "bad_credentials" } else { "account_locked" };
        assert_eq!((known.code().as_str(), unknown.code().as_str()), (code, code), "attempt {attempt}");
    }
}

#[tokio::test]
async fn what_changes_something_needs_the_header_and_our_own_origin_unless_a_bearer_asks() {
    let app = TestApp::new();
    make(&app, "grid");
    let set = cookie(&app.send(sign_in("grid", PASSWORD)).await);
    let delete = |headers: &[(&str, &str)]| browser(Method::DELETE, "/api/v1/session", &set, headers);
    let refused = [
        (vec![], "header_missing"),
        (vec![("x-tahuang", "2")], "header_missing"),
        (vec![("x-tahuang", "1"), ("sec-fetch-site", "cross-site")], "cross_origin"),
        (vec![("x-tahuang", "1"), ("sec-fetch-site", "same-site")], "cross_origin"),
        (vec![("x-tahuang", "1"), ("host", "office.local"), ("origin", "http://evil.example")], "cross_origin"),
        (vec![("x-tahuang", "1"), ("host", "office.local"), ("origin", "null")], "cross_origin"),
    ];
    for (headers, code) in refused {
        let answer = app.send(delete(&headers)).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, code), "{headers:?}");
    }
    let ours = [
        ("x-tahuang", "1"),
        ("host", "office.local"),
        ("origin", "http://office.local"),
        ("sec-fetch-site", "same-origin"),
    ];
    let ended = app.send(delete(&ours)).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert!(cookie(&ended).contains("Max-Age=0"));
    assert_eq!(app.send(browser(Method::GET, "/api/v1/session", &set, &[])).await.code(), "not_signed_in");

    let token = app.sign_in("grid");
    let program = Request::builder().method(Method::DELETE).uri("/api/v1/session");
    let program = program.header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::empty()).unwrap();
    assert_eq!(app.send(program).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn the_cookie_is_secure_when_configured_or_when_a_trusted_proxy_says_https() {
    let app = TestApp::with(Settings { secure_cookies: true, ..Settings::default() });
    make(&app, "grid");
    assert!(cookie(&app.send(sign_in("grid", PASSWORD)).await).contains("; Secure"));

    let proxy = "10.1.1.1".parse().unwrap();
    let app = TestApp::with(Settings { trusted_proxies: vec![proxy], ..Settings::default() });
    make(&app, "grid");
    for (peer, secure) in [("10.1.1.1:40000", true), ("10.1.1.2:40000", false)] {
        let mut request = sign_in("grid", PASSWORD);
        request.headers_mut().insert("x-forwarded-proto", "https".parse().unwrap());
        request.extensions_mut().insert(ConnectInfo(peer.parse::<std::net::SocketAddr>().unwrap()));
        assert_eq!(cookie(&app.send(request).await).contains("; Secure"), secure, "{peer}");
    }
}

#[tokio::test]
async fn a_session_ends_after_half_a_day() {
    let app = TestApp::new();
    let token = app.account("grid_worker", GRID_A);
    app.get(&token, "/api/v1/session").await.ok();
    for _ in 0..12 * 60 * 60 {
        app.app().clock().now_ms();
    }
    assert_eq!(app.get(&token, "/api/v1/session").await.code(), "not_signed_in");
}

#[tokio::test]
async fn a_changed_password_ends_every_session_but_the_one_it_was_changed_in() {
    let app = TestApp::new();
    let here = app.account("grid_worker", GRID_A);
    let login = format!("grid_worker.{GRID_A}");
    let elsewhere = app.sign_in(&login);
    for token in [&here, &elsewhere] {
        app.get(token, "/api/v1/session").await.ok();
    }
    let change = |old: &str, new: &str| json!({ "old": old, "new": new });
    let path = "/api/v1/session/password";
    assert_eq!(app.post(&here, path, change("wrong", "Another-5000")).await.code(), "bad_password");
    assert_eq!(app.post(&here, path, change(PASSWORD, "short")).await.code(), "weak_password");
    app.post(&here, path, change(PASSWORD, "Another-5000")).await.ok();
    app.get(&here, "/api/v1/session").await.ok();
    assert_eq!(app.get(&elsewhere, "/api/v1/session").await.code(), "not_signed_in");
    app.send(sign_in(&login, "Another-5000")).await.ok();
}
