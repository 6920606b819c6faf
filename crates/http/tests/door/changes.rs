//! Live changes: only what the listener may see, only while it is signed in.

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, StatusCode, header};
use futures_util::StreamExt as _;
use tahuang_app::Asker;
use tahuang_domain::Action;
use tower::ServiceExt as _;

use crate::test_app::{GRID_A, GRID_B, TestApp, request};

struct Listener {
    stream: BodyDataStream,
    seen: String,
}

impl Listener {
    async fn new(app: &TestApp, token: &str) -> Self {
        let request = request(Some(token), Method::GET, "/api/v1/changes", None);
        let response = app.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        Self { stream: Body::into_data_stream(response.into_body()), seen: String::new() }
    }

    /// Reads until the text is there; what came before it was seen.
    async fn until(&mut self, text: &str) -> &str {
        while !self.seen.contains(text) {
            let chunk =
                self.stream.next().await.unwrap_or_else(|| panic!("ended without {text}: {}", self.seen)).unwrap();
            self.seen.push_str(std::str::from_utf8(&chunk).unwrap());
        }
        &self.seen
    }

    async fn end(mut self) -> String {
        while let Some(chunk) = self.stream.next().await {
            self.seen.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
        self.seen
    }
}

#[tokio::test]
async fn a_listener_hears_of_its_own_area_and_kinds_and_of_no_other() {
    let app = TestApp::new();
    let grid = app.account("grid_worker", GRID_A);
    let township = app.account("township_officer", "542521200000");
    let officer = app.account("prefecture_officer", "542500000000");
    let mut listeners = Vec::new();
    for token in [&grid, &township, &officer] {
        listeners.push(Listener::new(&app, token).await);
    }
    let other = app.hazard(GRID_B, "别处的事");
    app.app()
        .create_account(&Asker::Console, "somebody", "次仁", "reader", tahuang_testkit::area("542500000000"), None)
        .unwrap();
    let near = app.hazard("542521200201001", "岗莎村的事");
    let own = app.hazard(GRID_A, "自己的事");
    let [mut grid, mut township, mut officer] = listeners.try_into().ok().unwrap();

    let heard = grid.until(&own.to_string()).await;
    assert!(!heard.contains(&other.to_string()) && !heard.contains(&near.to_string()), "{heard}");
    assert!(heard.contains("event: change") && heard.contains("\"event\":\"case_reported\""), "{heard}");
    let heard = township.until(&near.to_string()).await;
    assert!(!heard.contains(&other.to_string()), "{heard}");
    let heard = officer.until(&own.to_string()).await;
    assert!(heard.contains(&other.to_string()) && !heard.contains("\"account\""), "{heard}");
    assert!(!heard.contains("别处的事"), "a change names the record and nothing of its contents: {heard}");
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let app = TestApp::new();
    let token = app.account("grid_worker", GRID_A);
    let mut listener = Listener::new(&app, &token).await;
    let before = app.hazard(GRID_A, "之前");
    listener.until(&before.to_string()).await;
    app.app().sign_out(&token).unwrap();
    let after = app.hazard(GRID_A, "之后");
    let heard = listener.end().await;
    assert!(!heard.contains(&after.to_string()), "{heard}");
}

#[tokio::test]
async fn a_stream_ends_when_the_account_is_disabled_and_when_the_server_stops() {
    let app = TestApp::new();
    let (grid, officer) = (app.account("grid_worker", GRID_A), app.account("prefecture_officer", "542500000000"));
    let (first, second) = (Listener::new(&app, &grid).await, Listener::new(&app, &officer).await);
    app.app().disable_account(&Asker::Console, &format!("grid_worker.{GRID_A}")).unwrap();
    app.hazard(GRID_A, "停用之后");
    assert!(!first.end().await.contains("case_reported"));
    app.door.stop();
    second.end().await;
}

#[tokio::test]
async fn of_a_large_commit_a_listener_is_told_the_last_and_to_read_again() {
    let app = TestApp::new();
    let token = app.account("grid_worker", GRID_A);
    let mut listener = Listener::new(&app, &token).await;
    let commands = (0..200)
        .map(|_| {
            let action = Action::RecordFact {
                kind: "idea".to_owned(),
                area: tahuang_testkit::area(GRID_A),
                day: "2025-08-01".parse().unwrap(),
                title: "发展思路".to_owned(),
                quantity: 1,
                fields: Default::default(),
            };
            tahuang_testkit::command(app.app().ids(), app.app().ids().subject(), action)
        })
        .collect();
    app.office.submit(commands);
    let heard = listener.until("event: lagged").await;
    assert_eq!(heard.matches("event: change").count(), 50);
}

#[tokio::test]
async fn one_account_has_room_for_a_bounded_number_of_listeners_and_leaves_room_for_others() {
    let app = TestApp::new();
    let token = app.account("grid_worker", GRID_A);
    let mut held = Vec::new();
    loop {
        let request = request(Some(&token), Method::GET, "/api/v1/changes", None);
        let response = app.router.clone().oneshot(request).await.unwrap();
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            break;
        }
        held.push(response);
        assert!(held.len() <= 20, "no bound");
    }
    assert_eq!(held.len(), 20);
    Listener::new(&app, &app.account("prefecture_officer", "542500000000")).await;
    held.pop();
    Listener::new(&app, &token).await;
}
