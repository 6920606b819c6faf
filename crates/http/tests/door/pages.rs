//! The pages and the description, and the headers that every answer has.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::{Method, StatusCode, header};
use tahuang_http::{Asset, Assets, Door, Settings};

use crate::test_app::{TestApp, ledgers, request};

struct TwoFiles;

impl Assets for TwoFiles {
    fn get(&self, path: &str) -> Option<Asset> {
        let (text, content_type) = match path {
            "index.html" => ("<!doctype html>", "text/html; charset=utf-8"),
            "assets/main-abc.js" => ("let a = 1", "text/javascript"),
            _ => return None,
        };
        Some(Asset {
            bytes: Cow::Borrowed(text.as_bytes()),
            content_type: content_type.to_owned(),
            tag: path.to_owned(),
        })
    }
}

fn with_pages() -> TestApp {
    let mut app = TestApp::new();
    app.door = Door::new(Arc::clone(&app.office.app), ledgers(&app.office), Settings::default(), Box::new(TwoFiles));
    app.router = tahuang_http::router(Arc::clone(&app.door));
    app
}

#[tokio::test]
async fn addresses_inside_the_office_give_its_page_and_files_that_are_not_there_give_none() {
    let app = with_pages();
    for path in ["/", "/figures", "/records/0198-abc", "/sign-in?next=/cases"] {
        let page = app.ask(None, Method::GET, path, None).await;
        assert_eq!((page.status, page.text()), (StatusCode::OK, "<!doctype html>"), "{path}");
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-cache");
    }
    let script = app.ask(None, Method::GET, "/assets/main-abc.js", None).await;
    assert_eq!(script.headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    for path in ["/assets/main-old.js", "/favicon.ico", "/api", "/api/v2/figures"] {
        assert_eq!(app.ask(None, Method::GET, path, None).await.code(), "not_found", "{path}");
    }
    assert_eq!(app.ask(None, Method::POST, "/figures", None).await.code(), "method_not_allowed");
}

#[tokio::test]
async fn a_page_that_the_browser_has_already_is_not_sent_again() {
    let app = with_pages();
    let page = app.ask(None, Method::GET, "/", None).await;
    let mut again = request(None, Method::GET, "/", None);
    again.headers_mut().insert(header::IF_NONE_MATCH, page.headers[header::ETAG].clone());
    let answer = app.send(again).await;
    assert_eq!((answer.status, answer.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn every_answer_keeps_the_browser_to_our_own_pages() {
    let app = with_pages();
    for path in
        ["/", "/assets/main-abc.js", "/api/docs", "/api/openapi.json", "/api/v1/session", "/api/v1/nothing", "/healthz"]
    {
        let answer = app.ask(None, Method::GET, path, None).await;
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("script-src 'self' 'unsafe"), "{path}");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(answer.headers[header::REFERRER_POLICY], "no-referrer", "{path}");
        assert_eq!(
            answer.headers.get(header::CACHE_CONTROL).is_some_and(|value| value == "no-store"),
            path.starts_with("/api/v1/")
        );
    }
}

#[tokio::test]
async fn the_description_and_its_page_are_served_without_a_session_and_need_nothing_from_elsewhere() {
    let app = TestApp::new();
    let api = app.ask(None, Method::GET, "/api/openapi.json", None).await.ok();
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
    for path in ["/api/docs", "/api/docs.js", "/api/docs.css"] {
        let file = app.ask(None, Method::GET, path, None).await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(!file.text().contains("://"), "{path} names an outside address");
    }
}

#[tokio::test]
async fn large_answers_are_compressed_for_those_who_can_read_them() {
    let app = TestApp::new();
    let mut asked = request(None, Method::GET, "/api/openapi.json", None);
    asked.headers_mut().insert(header::ACCEPT_ENCODING, "gzip".parse().unwrap());
    let answer = app.send(asked).await;
    assert_eq!(answer.headers[header::CONTENT_ENCODING], "gzip");
}
