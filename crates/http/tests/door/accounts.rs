//! Accounts: made, listed, given new passwords, disabled and enabled.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::test_app::{GRID_A, TestApp};

fn find<'a>(list: &'a Value, login: &str) -> &'a Value {
    list["items"].as_array().unwrap().iter().find(|account| account["login"] == login).unwrap()
}

async fn sign_in(app: &TestApp, login: &str, password: &str) -> StatusCode {
    let body = json!({ "login": login, "password": password });
    app.ask(None, Method::POST, "/api/v1/session", Some(body)).await.status
}

#[tokio::test]
async fn an_administrator_makes_an_account_whose_password_is_shown_once() {
    let app = TestApp::new();
    let admin = app.account("administrator", "542500000000");
    let new = json!({ "login": "worker", "name": "索朗旺堆", "role": "grid_worker", "area": GRID_A });
    let made = app.post(&admin, "/api/v1/accounts", new.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let password = made.ok()["password"].as_str().unwrap().to_owned();
    assert_eq!(sign_in(&app, "worker", &password).await, StatusCode::OK);
    let list = app.get(&admin, "/api/v1/accounts").await;
    assert!(!list.text().contains(&password));
    let list = list.ok();
    assert_eq!(find(&list, "worker")["role_name"], "网格员");
    assert_eq!(find(&list, "worker")["scope"]["code"], GRID_A);

    let again = app.post(&admin, "/api/v1/accounts", new.clone()).await;
    assert_eq!((again.status, again.code().as_str()), (StatusCode::CONFLICT, "account_exists"));
    let mut wrong = new.clone();
    wrong["role"] = json!("emperor");
    wrong["login"] = json!("other");
    assert_eq!(app.post(&admin, "/api/v1/accounts", wrong).await.code(), "unknown_role");
    let mut wrong = new;
    wrong["login"] = json!("有空格 的");
    assert_eq!(app.post(&admin, "/api/v1/accounts", wrong).await.code(), "field_invalid");
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_an_enabled_one_is_in_again_with_its_password() {
    let app = TestApp::new();
    let admin = app.account("administrator", "542500000000");
    let worker = app.account("grid_worker", GRID_A);
    let login = format!("grid_worker.{GRID_A}");
    let path = |act: &str| format!("/api/v1/accounts/{login}/{act}");
    app.get(&worker, "/api/v1/session").await.ok();
    app.post(&admin, &path("disable"), json!({})).await.ok();
    assert_eq!(app.get(&worker, "/api/v1/session").await.code(), "not_signed_in");
    assert_eq!(sign_in(&app, &login, crate::test_app::PASSWORD).await, StatusCode::UNAUTHORIZED);
    assert_eq!(find(&app.get(&admin, "/api/v1/accounts").await.ok(), &login)["disabled"], true);

    app.post(&admin, &path("enable"), json!({})).await.ok();
    assert_eq!(sign_in(&app, &login, crate::test_app::PASSWORD).await, StatusCode::OK);
    let list = app.get(&admin, "/api/v1/accounts").await.ok();
    assert_eq!(find(&list, &login)["disabled"], false);
    let same = list["items"].as_array().unwrap().iter().filter(|account| account["login"] == login.as_str()).count();
    assert_eq!(same, 1, "the login stands once, whatever it was before");
    app.post(&admin, &path("enable"), json!({})).await.ok();
}

#[tokio::test]
async fn a_new_password_ends_sessions_and_the_lock() {
    let app = TestApp::new();
    let admin = app.account("administrator", "542500000000");
    let worker = app.account("grid_worker", GRID_A);
    let login = format!("grid_worker.{GRID_A}");
    for _ in 0..5 {
        sign_in(&app, &login, "wrong").await;
    }
    let locked = app.get(&admin, "/api/v1/accounts").await.ok();
    assert!(find(&locked, &login)["locked_until"].is_string());
    let reset = app.post(&admin, &format!("/api/v1/accounts/{login}/password"), json!({})).await.ok();
    assert_eq!(app.get(&worker, "/api/v1/session").await.code(), "not_signed_in");
    assert_eq!(sign_in(&app, &login, reset["password"].as_str().unwrap()).await, StatusCode::OK);
}

#[tokio::test]
async fn nobody_shuts_themselves_out_and_an_unknown_login_is_not_found() {
    let app = TestApp::new();
    let admin = app.account("administrator", "542500000000");
    let own = app.post(&admin, "/api/v1/accounts/administrator.542500000000/disable", json!({})).await;
    assert_eq!((own.status, own.code().as_str()), (StatusCode::CONFLICT, "own_account"));
    for act in ["disable", "enable", "password"] {
        assert_eq!(app.post(&admin, &format!("/api/v1/accounts/nobody/{act}"), json!({})).await.code(), "not_found");
    }
}

#[tokio::test]
async fn a_login_that_a_record_claims_is_not_that_account() {
    let app = TestApp::new();
    let township = app.account("administrator", "542521200000");
    let admin = app.account("administrator", "542500000000");
    let login = "administrator.542500000000";
    let body = json!({ "commands": [{
        "id": app.app().ids().command().to_string(),
        "type": "register_entry",
        "subject": app.app().ids().subject().to_string(),
        "kind": "account",
        "area": "542521200000",
        "name": "冒名",
        "fields": { "login": login, "role": "reader" },
    }] });
    assert_eq!(app.post(&township, "/api/v1/commands", body).await.ok()["results"][0]["status"], "accepted");
    let session = app.get(&admin, "/api/v1/session").await.ok();
    assert_eq!(
        (&session["login"], &session["name"], &session["role"]),
        (&json!(login), &json!("旦增"), &json!("administrator"))
    );
    assert_eq!(sign_in(&app, login, crate::test_app::PASSWORD).await, StatusCode::OK);
}

#[tokio::test]
async fn the_journal_is_verified_by_those_who_may_and_its_end_is_waited_for() {
    let app = TestApp::new();
    let auditor = app.account("audit_administrator", "542500000000");
    let journal = app.get(&auditor, "/api/v1/journal").await.ok();
    assert_eq!(journal["verification"], Value::Null);
    assert_eq!(journal["journals"][0]["position"], 18);
    let started = app.post(&auditor, "/api/v1/journal/verification", json!({})).await;
    assert_eq!(started.status, StatusCode::ACCEPTED);
    let done = loop {
        let verification = app.get(&auditor, "/api/v1/journal").await.ok()["verification"].clone();
        if verification["state"] == "done" {
            break verification;
        }
    };
    assert_eq!((&done["checked"], &done["total"], &done["first_bad"]), (&json!(18), &json!(18), &Value::Null));

    let database = rusqlite::Connection::open(app.office.folder.path().join("tahuang.db")).unwrap();
    let changed = "UPDATE journal SET bytes = CAST(replace(CAST(bytes AS TEXT), '普兰县', '普兰城') AS BLOB) WHERE key & 0xffffffffff = 3";
    assert_eq!(database.execute(changed, []).unwrap(), 1);
    app.post(&auditor, "/api/v1/journal/verification", json!({})).await.ok();
    let bad = loop {
        let verification = app.get(&auditor, "/api/v1/journal").await.ok()["verification"].clone();
        if verification["state"] == "done" && !verification["first_bad"].is_null() {
            break verification["first_bad"].clone();
        }
    };
    assert_eq!(bad, json!({ "prefecture": "542500000000", "position": 3, "reason": "hash_mismatch" }));
}
