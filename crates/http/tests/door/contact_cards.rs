//! Contact cards: a PDF that says what was asked for and leads residents to the page of their place.

use std::io::Write as _;
use std::process::{Command, Stdio};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use tahuang_http::Settings;

use crate::test_app::{GRID_A, TestApp};

const TOWNSHIP: &str = "542521100000";

fn path(query: &str) -> String {
    format!("/api/v1/areas/{TOWNSHIP}/contact-cards.pdf?{query}")
}

/// The text of a PDF, as poppler reads it.
fn text(bytes: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-raw", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("pdftotext (Debian: poppler-utils): {error}"));
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

#[tokio::test]
async fn cards_say_place_office_and_telephone_and_are_saved_under_the_places_name() {
    let app = TestApp::new();
    let token = app.account("township_officer", TOWNSHIP);
    let asked = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("count", "25"),
            ("organisation", "便民服务站"),
            ("duty", "顿珠、卓玛"),
            ("telephone", "199-0897-1234"),
        ])
        .finish();
    let answer = app.get(&token, &path(&asked)).await;
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.headers);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/pdf");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "private, no-store");
    let name = answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(name.starts_with("attachment; filename*=UTF-8''%E4%BE%BF%E6%B0%91") && name.ends_with(".pdf"), "{name}");
    let said = text(&answer.bytes);
    assert_eq!(said.matches('\u{c}').count(), 3, "25 cards are three sheets");
    let place = app.app().areas().path(TOWNSHIP.parse().unwrap()).replace(" › ", "");
    for part in [place.as_str(), "便民服务站", "值班：顿珠、卓玛", "199-0897-1234", "扫码提意见", "བཤེར་རོགས།"]
    {
        assert_eq!(said.matches(part).count(), 25, "{part}");
    }
    let chinese = app.get(&token, &path("count=1&tibetan=false")).await;
    assert!(!text(&chinese.bytes).contains("བཤེར"));
}

#[tokio::test]
async fn what_no_card_can_say_is_refused_by_name() {
    let app = TestApp::new();
    let token = app.account("township_officer", TOWNSHIP);
    let long = "x".repeat(61);
    for (query, field) in [
        ("count=0".to_owned(), "count"),
        ("count=1001".to_owned(), "count"),
        ("count=many".to_owned(), "count"),
        (format!("organisation={long}"), "organisation"),
        (format!("duty={long}"), "duty"),
        (format!("telephone={long}"), "telephone"),
    ] {
        let answer = app.get(&token, &path(&query)).await;
        assert_eq!(answer.code(), "invalid_parameter", "{query}");
        assert_eq!(answer.json()["errors"][0]["path"], field, "{query}");
    }
    assert_eq!(app.get(&token, &path("cuont=10")).await.code(), "invalid_parameter");
}

#[tokio::test]
async fn a_place_without_a_page_for_residents_has_no_cards() {
    let app = TestApp::new();
    let token = app.account("county_officer", "542521000000");
    for code in ["542521000000", "542521999000"] {
        let answer = app.get(&token, &format!("/api/v1/areas/{code}/contact-cards.pdf")).await;
        assert_eq!(answer.code(), "not_found", "{code}");
        let area = app.get(&token, &format!("/api/v1/areas?parent={code}")).await.json();
        assert!(area["residents_page"].is_null(), "{area}");
    }
}

#[tokio::test]
async fn the_code_leads_to_the_configured_address_or_else_to_the_one_that_was_asked() {
    let page = async |app: &TestApp| {
        let token = app.account("grid_worker", GRID_A);
        let request = Request::get(format!("/api/v1/areas?parent={GRID_A}"));
        let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        let request = request.header(header::HOST, "10.0.0.7:8080").body(Body::empty()).unwrap();
        app.send(request).await.json()["residents_page"].as_str().unwrap().to_owned()
    };
    assert_eq!(page(&TestApp::new()).await, format!("http://10.0.0.7:8080/r/{GRID_A}"));
    let configured = Settings { address: Some("https://tahuang.example.cn/".to_owned()), ..Settings::default() };
    assert_eq!(page(&TestApp::with(configured)).await, format!("https://tahuang.example.cn/r/{GRID_A}"));
    let secure = Settings { secure_cookies: true, ..Settings::default() };
    assert_eq!(page(&TestApp::with(secure)).await, format!("https://10.0.0.7:8080/r/{GRID_A}"));
}
