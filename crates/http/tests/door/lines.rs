//! Lines of cases through the door: the papers of a mediation and their dossier, help for a road and its thanks.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::test_app::{Answer, TestApp};

const VILLAGE: &str = "542521100001";
const PHONE: &str = "19900001234";
const TERMS: &str = "以水渠为界，东侧草场归甲方使用。";

struct Case<'a> {
    app: &'a TestApp,
    cadre: String,
    officer: String,
    id: String,
}

impl<'a> Case<'a> {
    async fn of(app: &'a TestApp, kind: &str) -> Self {
        app.account("village_cadre", VILLAGE);
        app.account("township_officer", "542521100000");
        let cadre = app.sign_in(&format!("village_cadre.{VILLAGE}"));
        let officer = app.sign_in("township_officer.542521100000");
        let case = Case { app, cadre, officer, id: app.app().ids().subject().to_string() };
        let title = "两户草场边界纠纷";
        let report =
            json!({ "type": "report_case", "kind": kind, "area": VILLAGE, "day": case.today(), "title": title });
        case.takes(report).await;
        case
    }

    fn today(&self) -> String {
        tahuang_app::shanghai_day(self.app.app().clock().now_ms()).to_string()
    }

    async fn send(&self, mut command: Value) -> Value {
        command["id"] = json!(self.app.app().ids().command().to_string());
        command["subject"] = json!(self.id);
        let told = self.app.post(&self.cadre, "/api/v1/commands", json!({ "commands": [command] })).await.ok();
        told["results"][0].clone()
    }

    async fn takes(&self, command: Value) {
        let told = self.send(command.clone()).await;
        assert_eq!(told["status"], "accepted", "{command}: {told}");
    }

    fn line(&self, kind: &str, fields: Value, personal: Value) -> Value {
        let id = self.app.app().ids().subject().to_string();
        let day = self.today();
        json!({ "type": "add_line", "line": id, "kind": kind, "day": day, "fields": fields, "personal": personal })
    }

    async fn enters(&self, kind: &str, fields: Value, personal: Value) {
        self.takes(self.line(kind, fields, personal)).await;
    }

    async fn record(&self, who: &str) -> Value {
        self.app.get(who, &format!("/api/v1/subjects/{}", self.id)).await.ok()
    }

    async fn paper(&self, who: &str) -> Answer {
        self.app.get(who, &format!("/api/v1/subjects/{}/paper.pdf", self.id)).await
    }

    /// Everything that a whole dossier needs, for a written agreement in both languages.
    async fn mediated(&self) {
        let party = |side: &str| json!({ "side": side, "document": "identity_card" });
        self.enters("party", party("applicant"), json!({ "name": "扎西", "phone": PHONE })).await;
        self.enters("party", party("respondent"), json!({ "name": "索朗" })).await;
        self.enters("application", json!({ "source": "applied" }), json!({ "facts": "草场边界不清" })).await;
        self.enters("rights_notice", json!({ "language": "both", "way": "read_aloud" }), json!({})).await;
        let record = json!({ "mediators": ["次仁"], "methods": ["by_law", "by_custom"] });
        self.enters("mediation_record", record, json!({ "text": "双方各自陈述。" })).await;
        let agreement = json!({ "form": "written", "manner": "at_once", "mediators": ["次仁"] });
        self.enters("agreement", agreement, json!({ "facts": "草场边界不清", "terms": TERMS })).await;
    }
}

/// What a PDF says, without the spaces and line ends of its layout.
pub fn said(pdf: &[u8]) -> String {
    // Tests run side by side, each with a file of its own.
    let path = std::env::temp_dir().join(format!(
        "tahuang-paper-{}-{:?}.pdf",
        std::process::id(),
        std::thread::current().id()
    ));
    std::fs::write(&path, pdf).unwrap();
    let output = std::process::Command::new("pdftotext").args(["-layout", path.to_str().unwrap(), "-"]).output();
    let text = String::from_utf8(output.expect("pdftotext of poppler-utils").stdout).unwrap();
    std::fs::remove_file(&path).unwrap();
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[tokio::test]
async fn a_mediation_becomes_a_dossier_of_which_the_record_says_what_is_lacking() {
    let app = TestApp::new();
    let case = Case::of(&app, "dispute").await;
    let missing = |record: &Value| record["lines"]["missing"].as_array().unwrap().len();
    assert_eq!(missing(&case.record(&case.cadre).await), 5, "party, application, notice, record, agreement");
    let told = case.send(case.line("rights_notice", json!({ "language": "bo", "way": "read_aloud" }), json!({}))).await;
    assert_eq!(told["code"], "line_missing", "{told}");
    case.mediated().await;
    let record = case.record(&case.cadre).await;
    assert_eq!(missing(&record), 0);
    let lines = record["lines"]["entered"].as_array().unwrap();
    assert!(lines.iter().all(|line| !line.to_string().contains(PHONE)), "numbers are sealed");
    let agreed = lines.iter().find(|line| line["kind"] == "agreement").unwrap();
    assert_eq!(agreed["awaits"]["name"], "申请司法确认");
    case.enters(
        "filing",
        json!({ "number": "（2026）吉人调字第3号", "filed_by": "次仁", "retention": "long_term" }),
        json!({}),
    )
    .await;

    let paper = case.paper(&case.officer).await;
    assert_eq!(paper.status, StatusCode::OK, "{}", paper.text());
    assert_eq!(paper.headers[header::CONTENT_TYPE], "application/pdf");
    let text = said(&paper.bytes);
    for part in [
        "人民调解卷宗",
        "（2026）吉人调字第3号",
        "扎西、索朗",
        "长期",
        "卷内目录",
        "人民调解受理登记表",
        PHONE,
        "当事人申请",
        "权利义务告知书",
        "依法明责、村规民约",
        "双方各自陈述。",
        "人民调解协议书",
        TERMS,
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let order = ["人民调解受理登记表", "权利义务告知书", "人民调解记录", "人民调解协议书"]
        .map(|title| text.rfind(title).unwrap());
    assert!(order.is_sorted(), "{order:?}");
}

#[tokio::test]
async fn a_dossier_is_for_those_who_handle_the_case_and_says_what_was_erased() {
    let app = TestApp::new();
    let case = Case::of(&app, "dispute").await;
    case.mediated().await;
    app.account("reader", VILLAGE);
    let reader = app.sign_in(&format!("reader.{VILLAGE}"));
    let paper = case.paper(&reader).await;
    assert_eq!((paper.status, paper.json()["code"].as_str()), (StatusCode::FORBIDDEN, Some("not_permitted")));
    let record = case.record(&case.cadre).await;
    let party = record["lines"]["entered"].as_array().unwrap().iter().find(|line| line["kind"] == "party").unwrap();
    let door = &app;
    let unseal = |who: String| {
        let (path, asked) =
            (format!("/api/v1/subjects/{}/unseal", case.id), json!({ "field": "phone", "line": party["id"] }));
        async move { door.post(&who, &path, asked).await }
    };
    assert_eq!(unseal(case.cadre.clone()).await.ok()["value"], PHONE);
    assert_eq!(unseal(reader).await.json()["code"], "not_permitted");
    app.account("administrator", "542500000000");
    let administrator = app.sign_in("administrator.542500000000");
    let erase = json!({
        "id": app.app().ids().command().to_string(), "subject": case.id, "type": "erase_personal_data", "reason": "本人申请",
    });
    app.post(&administrator, "/api/v1/commands", json!({ "commands": [erase] })).await.ok();
    let text = said(&case.paper(&case.cadre).await.bytes);
    assert!(!text.contains(PHONE) && !text.contains(TERMS) && text.contains("个人信息已依申请删除"), "{text}");
    assert_eq!(unseal(case.cadre.clone()).await.ok()["value"], Value::Null);
}

#[tokio::test]
async fn a_record_without_a_paper_has_none() {
    let app = TestApp::new();
    let case = Case::of(&app, "hazard").await;
    assert_eq!(case.paper(&case.officer).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn outcomes_say_what_they_need() {
    let app = TestApp::new();
    let case = Case::of(&app, "dispute").await;
    case.takes(json!({ "type": "accept_case" })).await;
    case.takes(json!({ "type": "assign_case", "handler": "吉让居委会" })).await;
    case.takes(json!({ "type": "take_case_in_hand" })).await;
    case.takes(json!({ "type": "finish_case", "day": case.today() })).await;
    let outcomes = |record: &Value| -> Vec<String> {
        let steps = record["steps"].as_array().unwrap();
        let close = steps.iter().find(|step| step["command"] == "close_case").unwrap();
        let needs = close["needs"].as_array().unwrap();
        let outcome = needs.iter().find(|need| need["code"] == "outcome").unwrap();
        outcome["choices"]
            .as_array()
            .unwrap()
            .iter()
            .map(|choice| choice["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        outcomes(&case.record(&case.officer).await),
        [
            "已化解（须先登记：调解协议）",
            "调解不成（须先登记：告知其他途径）",
            "已移交公安机关（须先登记：移交公安机关）"
        ]
    );
    case.enters("refusal", json!({ "side": "respondent" }), json!({})).await;
    case.enters("other_ways", json!({ "ways": ["court"] }), json!({})).await;
    let names = outcomes(&case.record(&case.officer).await);
    assert_eq!(names[1], "调解不成");
    let told = case.send(json!({ "type": "close_case", "day": case.today(), "outcome": "settled" })).await;
    assert_eq!(told["code"], "line_missing");
}

#[tokio::test]
async fn whoever_helps_with_a_road_is_thanked_where_they_agree() {
    let app = TestApp::new();
    let case = Case::of(&app, "road_repair").await;
    let help = |giver: &str, thanks: bool| json!({ "what": "fuel", "amount": "柴油 800 升", "giver": giver, "receipt": "0017", "thanks": thanks });
    case.enters("help", help("惠民建筑有限公司", true), json!({})).await;
    case.enters("help", help("不愿留名的商户", false), json!({})).await;
    case.enters("progress", json!({ "text": "已平整三公里", "percent": 60 }), json!({})).await;
    let page = app.open(&format!("/t/{VILLAGE}")).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(text.contains("惠民建筑有限公司") && text.contains("油料 柴油 800 升"), "{text}");
    assert!(!text.contains("不愿留名") && !text.contains("草场"), "only who agreed, and not what the case is called");
    let bo = app.open(&format!("/t/{VILLAGE}?lang=bo")).await;
    let bo = bo.text();
    assert!(bo.contains("lang=\"bo\"") && bo.contains("惠民建筑有限公司"));
    // Withdrawn, it is thanked for no more.
    let record = case.record(&case.officer).await;
    let line = &record["lines"]["entered"][0]["id"];
    let taken = json!({
        "id": app.app().ids().command().to_string(), "subject": case.id, "type": "withdraw_line", "line": line, "reason": "记错",
    });
    let told = app.post(&case.officer, "/api/v1/commands", json!({ "commands": [taken] })).await.ok();
    assert_eq!(told["results"][0]["status"], "accepted", "{told}");
    assert!(!app.open(&format!("/t/{VILLAGE}")).await.text().contains("惠民建筑有限公司"));
    assert_eq!(app.open("/t/540000").await.status, StatusCode::NOT_FOUND);
}
