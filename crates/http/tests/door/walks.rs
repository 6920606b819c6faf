//! Every kind of case from its report to its close and once again, by the API alone: two offices, and a resident where the
//! kind is open to residents.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};
use tahuang_domain::Shape;

use crate::test_app::TestApp;

const VILLAGE: &str = "542521100001";

struct Walk<'a> {
    app: &'a TestApp,
    case: String,
    kind: String,
    /// What the resident has, when one asked.
    link: Option<String>,
}

impl Walk<'_> {
    async fn send(&self, who: &str, mut command: Value) -> Value {
        command["id"] = json!(self.app.app().ids().command().to_string());
        command["subject"] = json!(self.case);
        let told = self.app.post(who, "/api/v1/commands", json!({ "commands": [command] })).await.ok();
        told["results"][0].clone()
    }

    async fn takes(&self, who: &str, command: Value) {
        let told = self.send(who, command.clone()).await;
        assert_eq!(told["status"], "accepted", "{}: {command}: {told}", self.kind);
    }

    /// The first step that the record offers this account, beside what may be done at any time.
    async fn offered(&self, who: &str) -> Option<String> {
        let record = self.app.get(who, &format!("/api/v1/subjects/{}", self.case)).await.ok();
        let steps = record["steps"].as_array().unwrap().clone();
        steps.into_iter().find(|step| step["beside"] == false).map(|step| step["command"].as_str().unwrap().to_owned())
    }

    async fn state(&self, who: &str) -> String {
        let record = self.app.get(who, &format!("/api/v1/subjects/{}", self.case)).await.ok();
        record["state"].as_str().unwrap().to_owned()
    }

    /// Walks as the offices do it: whatever the record offers first, by whoever it is offered to, until it is closed.
    async fn until_closed(&self, (handler, checker): (&str, &str), outcome: &str) {
        for _ in 0..12 {
            if self.state(handler).await == "closed" {
                return;
            }
            let step = match self.offered(handler).await {
                Some(step) => (handler, step),
                None => {
                    (checker, self.offered(checker).await.unwrap_or_else(|| panic!("{}: nobody goes on", self.kind)))
                }
            };
            let (who, step) = (step.0, step.1.as_str());
            if step == "close_case" && self.link.is_some() {
                let early = self.send(who, json!({ "type": step, "day": self.today(), "outcome": outcome })).await;
                if early["code"] == "answer_awaited" {
                    self.answer("resolved").await;
                }
                if early["status"] == "accepted" {
                    continue;
                }
            }
            let command = match step {
                "assign_case" => json!({ "type": step, "handler": "吉让居委会" }),
                "finish_case" => {
                    self.attach(who).await;
                    self.agree(who).await;
                    json!({ "type": step, "day": self.today(), "note": "已办" })
                }
                "check_case" => json!({ "type": step, "passed": true }),
                "close_case" => json!({ "type": step, "day": self.today(), "outcome": outcome }),
                other => json!({ "type": other }),
            };
            self.takes(who, command).await;
        }
        panic!("{}: it never closed", self.kind);
    }

    fn today(&self) -> String {
        tahuang_app::shanghai_day(self.app.app().clock().now_ms()).to_string()
    }

    /// Evidence, for kinds that need it.
    async fn attach(&self, who: &str) {
        let case = self.case.parse().unwrap();
        let answer = crate::files::send(self.app, who, case, "image/png", crate::files::PNG).await;
        assert_eq!(answer.status, StatusCode::OK, "{}: {}", self.kind, answer.text());
    }

    /// The agreement by which alone a dispute is settled.
    async fn agree(&self, who: &str) {
        if self.kind == "dispute" {
            let fields = json!({ "form": "oral", "manner": "at_once", "mediators": ["次仁"] });
            let personal = json!({ "facts": "草场边界不清", "terms": "以水渠为界" });
            let line = self.app.app().ids().subject().to_string();
            self.takes(
                who,
                json!({
                    "type": "add_line", "line": line, "kind": "agreement", "day": self.today(),
                    "fields": fields, "personal": personal,
                }),
            )
            .await;
        }
    }

    async fn answer(&self, solved: &str) {
        let form = [("solved", solved), ("satisfaction", "satisfied")];
        let answer = self.app.post_form(self.link.as_ref().unwrap(), form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}: {}", self.kind, answer.text());
    }
}

/// The link and the record of what a resident asks for.
async fn asked(app: &TestApp, officer: &str, kind: &str) -> (String, String) {
    let place = format!("/r/{VILLAGE}");
    let ticket = app.ticket(&place).await;
    let answer = app.post_form(&place, [("kind", kind), ("text", "请来看看"), ("ticket", &ticket)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{kind}: {}", answer.text());
    let link = answer.headers[header::LOCATION].to_str().unwrap().split('?').next().unwrap().to_owned();
    let listed = app.get(officer, &format!("/api/v1/cases?kind={kind}")).await.ok();
    (link, listed["items"][0]["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn every_kind_of_case_goes_from_its_report_to_its_close_and_again() {
    let app = TestApp::new();
    app.account("village_cadre", VILLAGE);
    app.account("township_officer", "542521100000");
    let kinds: Vec<(String, String, bool)> = {
        let kinds = app.app().knowledge().catalog.kinds().filter(|kind| kind.shape == Shape::Case);
        kinds.map(|kind| (kind.code.clone(), kind.outcomes[0].code.clone(), kind.residents.is_some())).collect()
    };
    let of_cases = kinds.len();
    assert!(of_cases >= 9, "{kinds:?}");
    let mut walked = Vec::new();
    for (kind, outcome, by_residents) in kinds {
        // The pace of one address would hold up the eighth: each is asked for on a day of its own.
        app.office.clock.pass_days(if by_residents { 1 } else { 0 });
        let worker = app.sign_in(&format!("village_cadre.{VILLAGE}"));
        let officer = app.sign_in("township_officer.542521100000");
        let (link, case) = if by_residents {
            let (link, case) = asked(&app, &officer, &kind).await;
            (Some(link), case)
        } else {
            (None, app.app().ids().subject().to_string())
        };
        let walk = Walk { app: &app, case, kind: kind.clone(), link };
        if walk.link.is_none() {
            let report = json!({ "type": "report_case", "kind": kind, "area": VILLAGE, "day": walk.today(), "title": "请来看看" });
            walk.takes(&worker, report).await;
        }
        walk.until_closed((&worker, &officer), &outcome).await;
        if walk.link.is_some() {
            // The resident says that it is not solved after all.
            walk.answer("unresolved").await;
            assert_ne!(walk.state(&worker).await, "closed", "{kind}");
        } else {
            walk.takes(&officer, json!({ "type": "reopen_case", "reason": "群众反映未解决" })).await;
        }
        walk.until_closed((&worker, &officer), &outcome).await;
        let record = app.get(&officer, &format!("/api/v1/subjects/{}", walk.case)).await.ok();
        let reopened = record["fields"].as_array().unwrap().iter().find(|field| field["code"] == "reopened").unwrap();
        assert_eq!((record["state"].as_str(), reopened["value"].as_str()), (Some("closed"), Some("1")), "{kind}");
        walked.push(kind);
    }
    assert_eq!(walked.len(), of_cases, "{walked:?}");
}
