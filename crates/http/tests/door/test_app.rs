//! An application behind its door, and somebody who asks.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tahuang_app::{App, Asker};
use tahuang_domain::{Action, Fields, PersonalValue, SubjectId};
use tahuang_http::{Door, NoAssets, Settings};
use tahuang_intake::Ledgers;
use tahuang_store::Outcome;
use tahuang_testkit::{Office, area, command};
use tower::ServiceExt as _;

pub const PASSWORD: &str = "Plateau-4500";
/// Two grids in different counties.
pub const GRID_A: &str = "542521100001001";
pub const GRID_B: &str = "542526100001001";

pub struct TestApp {
    pub office: Office,
    pub door: Arc<Door>,
    pub router: Router,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    /// The problem's code; the answer must be a problem in every respect.
    pub fn code(&self) -> String {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{} {}", self.status, self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        for part in ["type", "title", "detail"] {
            assert!(problem[part].is_string(), "{part}");
        }
        assert!(problem["errors"].is_array());
        problem["code"].as_str().unwrap().to_owned()
    }

    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
        if self.bytes.is_empty() { Value::Null } else { self.json() }
    }
}

/// The ledger formats that are built in.
pub fn ledgers(office: &Office) -> Arc<Ledgers> {
    Arc::new(Ledgers::bundled(&office.app.knowledge().catalog).unwrap())
}

/// The value of a hidden field.
pub fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name} in {page}"));
    page[at..].split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

impl TestApp {
    pub fn new() -> Self {
        Self::with(Settings::default())
    }

    pub fn with(settings: Settings) -> Self {
        let office = Office::new();
        let door = Door::new(Arc::clone(&office.app), ledgers(&office), settings, Box::new(NoAssets));
        let router = tahuang_http::router(Arc::clone(&door));
        Self { office, door, router }
    }

    pub fn app(&self) -> &App {
        &self.office.app
    }

    /// An account, signed in: the token of its session. Its login is the role and the area.
    pub fn account(&self, role: &str, code: &str) -> String {
        let login = format!("{role}.{code}");
        self.app().create_account(&Asker::Console, &login, "旦增", role, area(code), Some(PASSWORD)).unwrap();
        self.sign_in(&login)
    }

    pub fn sign_in(&self, login: &str) -> String {
        self.app().sign_in(login, PASSWORD).unwrap().0
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, bytes }
    }

    pub async fn ask(&self, token: Option<&str>, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.send(request(token, method, path, body)).await
    }

    pub async fn get(&self, token: &str, path: &str) -> Answer {
        self.ask(Some(token), Method::GET, path, None).await
    }

    pub async fn post(&self, token: &str, path: &str, body: Value) -> Answer {
        self.ask(Some(token), Method::POST, path, Some(body)).await
    }

    /// What anybody sees there, without an account.
    pub async fn open(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A form as a browser without scripts sends it.
    pub async fn post_form<'f>(&self, path: &str, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// The ticket of a place's form, once the few seconds have gone that a person needs to fill it in.
    pub async fn ticket(&self, place: &str) -> String {
        let page = self.open(place).await;
        assert_eq!(page.status, StatusCode::OK);
        for _ in 0..3 {
            self.app().clock().now_ms();
        }
        hidden(page.text(), "ticket")
    }

    /// Reports a hazard from the console.
    pub fn hazard(&self, code: &str, title: &str) -> SubjectId {
        let id = self.app().ids().subject();
        let action = Action::ReportCase {
            kind: "hazard".to_owned(),
            area: area(code),
            day: "2025-08-01".parse().unwrap(),
            title: title.to_owned(),
            fields: Fields::new(),
            personal: Default::default(),
        };
        self.must(id, action);
        id
    }

    /// Registers a posted cadre with a telephone number from the console.
    pub fn posting(&self, code: &str, name: &str, phone: &str) -> SubjectId {
        let id = self.app().ids().subject();
        let fields = json!({ "role": "first_secretary", "sex": "female" }).as_object().unwrap().clone();
        let action = Action::RegisterEntry {
            kind: "posting".to_owned(),
            area: area(code),
            name: name.to_owned(),
            from: Some("2025-01-01".parse().unwrap()),
            fields,
            personal: [("phone".to_owned(), PersonalValue::Open(phone.to_owned()))].into(),
        };
        self.must(id, action);
        id
    }

    pub fn must(&self, subject: SubjectId, action: Action) {
        let outcome = self.office.submit(vec![command(self.app().ids(), subject, action)]).remove(0);
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    }

    /// A command that reports a hazard, as a client writes it.
    pub fn report(&self, code: &str, title: &str) -> Value {
        json!({
            "id": self.app().ids().command().to_string(),
            "type": "report_case",
            "subject": self.app().ids().subject().to_string(),
            "kind": "hazard",
            "area": code,
            "day": "2025-08-01",
            "title": title,
        })
    }
}

/// A request that sends a workbook as a form.
pub fn upload(token: Option<&str>, file: &str, workbook: &[u8]) -> Request<Body> {
    let head = format!(
        "--border\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), workbook, b"\r\n--border--\r\n"].concat();
    let mut request = Request::builder().method(Method::POST).uri("/api/v1/imports").header("x-tahuang", "1");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=border").body(Body::from(body)).unwrap()
}

/// A request with a bearer's token.
pub fn request(token: Option<&str>, method: Method, path: &str, body: Option<Value>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header("x-tahuang", "1");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    match body {
        Some(body) => {
            request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())).unwrap()
        }
        None => request.body(Body::empty()).unwrap(),
    }
}
