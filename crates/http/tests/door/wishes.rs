//! Wishes and the units that take them on: from the resident who asks to the board that everybody reads, and back.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tahuang_domain::{Action, SubjectId};
use tahuang_testkit::area;

use crate::test_app::TestApp;

const VILLAGE: &str = "542521100001";
const BOARD: &str = "/b/542521100001";
const WISH: &str = "卓玛家里老人眼睛不好想要老花镜";
const PHONE: &str = "19900001234";

struct Desk {
    app: TestApp,
    officer: String,
}

impl Desk {
    fn new() -> Self {
        let app = TestApp::new();
        let officer = app.account("township_officer", "542521100000");
        Self { app, officer }
    }

    /// Signs in anew: what was signed in before may have waited too long.
    fn sign_in(&mut self) {
        self.officer = self.app.sign_in("township_officer.542521100000");
    }

    async fn send(&self, subject: &str, mut command: Value) -> Value {
        command["id"] = json!(self.app.app().ids().command().to_string());
        command["subject"] = json!(subject);
        let told = self.app.post(&self.officer, "/api/v1/commands", json!({ "commands": [command] })).await.ok();
        told["results"][0].clone()
    }

    async fn takes(&self, subject: &str, command: Value) {
        let told = self.send(subject, command.clone()).await;
        assert_eq!(told["status"], "accepted", "{command}: {told}");
    }

    async fn get(&self, path: &str) -> Value {
        self.app.get(&self.officer, path).await.ok()
    }

    async fn stage(&self, stage: &str) -> Value {
        self.get(&format!("/api/v1/board?stage={stage}")).await
    }

    async fn board(&self, part: &str) -> String {
        let page = self.app.open(&format!("{BOARD}?show={part}")).await;
        assert_eq!(page.status, StatusCode::OK);
        page.text().to_owned()
    }

    fn unit(&self, name: &str) -> String {
        let id = self.app.app().ids().subject();
        let action = Action::RegisterEntry {
            kind: "unit".to_owned(),
            area: area("542500000000"),
            name: name.to_owned(),
            from: None,
            fields: Default::default(),
            personal: Default::default(),
        };
        self.app.must(id, action);
        id.to_string()
    }

    /// A wish of a resident: the address of the receipt, and the case.
    async fn asked(&self) -> (String, String) {
        let place = format!("/r/{VILLAGE}");
        let ticket = self.app.ticket(&place).await;
        let form = [("kind", "wish"), ("text", WISH), ("phone", PHONE), ("ticket", &*ticket)];
        let answer = self.app.post_form(&place, form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let receipt = answer.headers[header::LOCATION].to_str().unwrap().split('?').next().unwrap().to_owned();
        let listed = self.stage("review").await;
        (receipt, listed["items"][0]["id"].as_str().unwrap().to_owned())
    }

    fn report(&self, kind: &str) -> SubjectId {
        let id = self.app.app().ids().subject();
        let action = Action::ReportCase {
            kind: kind.to_owned(),
            area: area(VILLAGE),
            day: "2025-08-20".parse().unwrap(),
            title: "干部走访中了解到的难处".to_owned(),
            fields: Default::default(),
            personal: Default::default(),
        };
        self.app.must(id, action);
        self.app.must(id, Action::AcceptCase);
        id
    }

    fn publish(&self, case: SubjectId, title: &str, text: &str) {
        self.app.must(case, Action::PublishCase { title: title.to_owned(), text: text.to_owned() });
    }

    fn today(&self) -> String {
        tahuang_app::shanghai_day(self.app.app().clock().now_ms()).to_string()
    }
}

fn publish() -> Value {
    json!({ "type": "publish_case", "title": "一副老花镜", "text": "村里一位老人读报用，200度左右" })
}

#[tokio::test]
async fn a_wish_is_masked_claimed_released_by_its_day_claimed_again_and_fulfilled() {
    let mut desk = Desk::new();
    let (first, second) = (desk.unit("普兰县水利局"), desk.unit("普兰县文旅局"));
    let (receipt, wish) = desk.asked().await;
    let stands = async |desk: &Desk, place: &str, said: &str| {
        for part in ["free", "claimed", "fulfilled"] {
            let page = desk.board(part).await;
            assert_eq!(page.contains("一副老花镜"), part == place, "{said}: {part}");
            for secret in [WISH, "卓玛", PHONE, "1234", &wish, &receipt] {
                assert!(!page.contains(secret), "{said}: the board tells {secret}");
            }
        }
    };
    stands(&desk, "", "asked").await;
    desk.takes(&wish, json!({ "type": "accept_case" })).await;
    assert_eq!(desk.stage("publish").await["counts"]["publish"], 1);
    let bad =
        desk.send(&wish, json!({ "type": "publish_case", "title": "老花镜", "text": format!("电话{PHONE}") })).await;
    assert_eq!((&bad["code"], &bad["field"]), (&json!("not_for_the_public"), &json!("text")));
    desk.takes(&wish, publish()).await;
    stands(&desk, "free", "published").await;
    assert!(desk.board("free").await.contains("待认领 1"));

    desk.takes(&wish, json!({ "type": "claim_case", "unit_id": first })).await;
    let late = desk.send(&wish, json!({ "type": "claim_case", "unit_id": second })).await;
    assert_eq!(late["code"], "claimed_already");
    assert!(late["message"].as_str().unwrap().contains("普兰县水利局"), "{late}");
    stands(&desk, "claimed", "claimed").await;
    assert!(desk.board("claimed").await.contains("由普兰县水利局认领"));
    let listed = desk.stage("claimed").await;
    assert_eq!(listed["items"][0]["claim"]["unit_name"], "普兰县水利局");
    assert_eq!(listed["items"][0]["due"]["working_days"], 15);
    let follows = desk.app.open(&receipt).await;
    assert!(follows.text().contains("由 普兰县水利局 认领"), "{}", follows.text());

    desk.app.office.clock.pass_days(30);
    assert!(desk.app.app().chase().unwrap() > 0);
    assert_eq!(desk.app.app().chase().unwrap(), 0, "once");
    desk.sign_in();
    stands(&desk, "free", "released").await;
    let record = desk.get(&format!("/api/v1/subjects/{wish}")).await;
    let last = record["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["event"], &last["actor_name"]), (&json!("claim_released"), &json!("系统自动办理")));
    assert_eq!(desk.stage("free").await["items"][0]["released"], 1);

    desk.takes(&wish, json!({ "type": "claim_case", "unit_id": second, "claimant": "丹增（文旅局党员）" })).await;
    stands(&desk, "claimed", "claimed again").await;
    assert!(!desk.board("claimed").await.contains("丹增"), "a member's name is not for everybody");
    desk.takes(&wish, json!({ "type": "take_case_in_hand" })).await;
    desk.takes(&wish, json!({ "type": "finish_case", "day": desk.today(), "note": "已送到" })).await;
    let rated = desk.app.post_form(&receipt, [("solved", "resolved"), ("satisfaction", "satisfied")]).await;
    assert_eq!(rated.status, StatusCode::SEE_OTHER, "{}", rated.text());
    let other = desk.send(&wish, json!({ "type": "close_case", "day": desk.today(), "outcome": "released" })).await;
    assert_eq!(other["code"], "claimed_already", "what is claimed ends as fulfilled, or is given back first");
    desk.takes(&wish, json!({ "type": "close_case", "day": desk.today(), "outcome": "fulfilled" })).await;
    stands(&desk, "fulfilled", "closed").await;

    let figures = desk.get("/api/v1/figures").await;
    let all = figures["figures"].as_array().unwrap();
    let figure = all.iter().find(|figure| figure["code"] == "wishes_fulfilled").unwrap();
    assert_eq!(figure["value"], "1", "a wish that was walked here counts as one of a ledger does");

    // The board shows what was done for ninety days.
    desk.app.office.clock.pass_days(91);
    stands(&desk, "", "long done").await;

    desk.sign_in();
    let unit = desk.get(&format!("/api/v1/units/{first}?quarter=2025-Q3")).await;
    assert_eq!(unit["claims"][0]["stands"], "overdue");
    assert_eq!(unit["sheet"]["claimed"].as_array().unwrap().len(), 1);
    assert_eq!(unit["sheet"]["released"].as_array().unwrap().len(), 1);
    assert_eq!(unit["sheet"]["fulfilled"], json!([]));
}

#[tokio::test]
async fn a_board_is_small_in_every_language_and_has_pages() {
    let desk = Desk::new();
    // Words that do not repeat, as long as they may be: what a page can weigh at most.
    let mut letter = 0x4e00_u32;
    let mut words = |count: usize| -> String {
        (0..count)
            .map(|_| {
                letter += 3;
                char::from_u32(letter).unwrap()
            })
            .collect()
    };
    for _ in 0..23 {
        let wish = desk.report("practical_deed");
        desk.publish(wish, &words(40), &words(200));
    }
    for language in ["zh-CN", "bo", "en"] {
        let page = desk.app.open(&format!("{BOARD}?lang={language}")).await;
        let asked = Request::get(format!("{BOARD}?lang={language}")).header(header::ACCEPT_ENCODING, "gzip");
        let packed = desk.app.send(asked.body(Body::empty()).unwrap()).await;
        assert_eq!(packed.headers[header::CONTENT_ENCODING], "gzip");
        let bytes = packed.bytes.len();
        assert!(bytes <= 10 * 1024, "{language}: {bytes} bytes");
        assert_eq!(page.text().matches("<li>").count(), 10, "{language}");
        assert!(!page.text().contains("干部走访中了解到的难处"));
    }
    let last = desk.app.open(&format!("{BOARD}?show=free&page=3")).await;
    assert_eq!(last.text().matches("<li>").count(), 3);
    assert!(last.text().contains("rel=\"prev\"") && !last.text().contains("rel=\"next\""));
    // An address that somebody wrote down leads to the board all the same.
    for odd in ["?show=nothing", "?page=0", "?page=99999", "?page=-1"] {
        let page = desk.app.open(&format!("{BOARD}{odd}")).await;
        assert_eq!((page.status, page.text().matches("<li>").count()), (StatusCode::OK, 10), "{odd}");
    }
    assert_eq!(desk.app.open("/b/542599100001").await.status, StatusCode::NOT_FOUND);
    assert!(desk.app.open(&format!("/r/{VILLAGE}")).await.text().contains(BOARD), "the form leads to it");
}

#[tokio::test]
async fn a_board_says_whom_to_call_once_the_office_has_a_public_telephone() {
    let desk = Desk::new();
    assert!(desk.board("free").await.contains("便民服务点登记"));
    let town = area("542521100000");
    let rows = desk.app.app().store().all_of_kind(desk.app.office.prefecture, tahuang_domain::Shape::Entry, "area");
    let entry = rows.unwrap().into_iter().find(|row| row.area == town).unwrap().id;
    let fields = json!({ "contact": "199-0000-0000" }).as_object().unwrap().clone();
    let reason = "公开办公电话".to_owned();
    let action = Action::Correct { area: None, day: None, title: None, quantity: None, fields, reason };
    desk.app.must(entry, action);
    assert!(desk.board("free").await.contains("199-0000-0000"), "the township's stands in for the village's");
}

#[tokio::test]
async fn a_unit_has_its_slip_with_a_receipt_the_needs_of_its_communities_and_what_it_did() {
    let desk = Desk::new();
    let unit = desk.unit("普兰县水利局");
    let line = desk.app.app().ids().subject().to_string();
    let add = |line: &str, kind: &str, fields: Value| json!({ "type": "add_line", "line": line, "kind": kind, "day": "2025-08-20", "area": VILLAGE, "fields": fields });
    desk.takes(&unit, add(&line, "registration", json!({}))).await;
    let page = desk.get(&format!("/api/v1/units/{unit}")).await;
    assert_eq!(
        (&page["registrations"][0]["receipt"], &page["registrations"][0]["may_sign"]),
        (&Value::Null, &json!(true))
    );
    let receipt = desk.app.app().ids().subject().to_string();
    desk.takes(&unit, add(&receipt, "receipt", json!({ "registration": line, "signed_by": "吉让居委会" }))).await;
    let forged = desk.app.app().ids().subject().to_string();
    let by_hand = desk.send(&unit, add(&forged, "claim", json!({}))).await;
    assert_eq!(by_hand["code"], "field_invalid", "a claim is made on the case");

    let (claimed, free) = (desk.report("wish"), desk.report("practical_deed"));
    desk.publish(claimed, "一副老花镜", "");
    desk.publish(free, "活动室缺桌椅", "八套");
    desk.takes(&claimed.to_string(), json!({ "type": "claim_case", "unit_id": unit })).await;
    let held = |title: &str, day: &str, fields: Value| Action::RecordActivity {
        kind: "double_report_activity".to_owned(),
        area: area(VILLAGE),
        day: day.parse().unwrap(),
        until: None,
        title: title.to_owned(),
        people: Some(9),
        fields: fields.as_object().unwrap().clone(),
    };
    for (title, day, fields) in [
        ("环境整治", "2025-08-21", json!({ "unit_id": unit })),
        ("上门理发", "2025-07-02", json!({ "unit": "普兰县水利局" })),
        ("去年的活动", "2024-08-01", json!({ "unit_id": unit })),
        ("别的单位的活动", "2025-08-21", json!({ "unit": "普兰县文旅局" })),
    ] {
        desk.app.must(desk.app.app().ids().subject(), held(title, day, fields));
    }
    let page = desk.get(&format!("/api/v1/units/{unit}?quarter=2025-Q3")).await;
    assert_eq!(page["registrations"][0]["receipt"], json!({ "day": "2025-08-20", "signed_by": "吉让居委会" }));
    let titles = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(titles(&page["needs"]), ["活动室缺桌椅"], "what is claimed is needed no more");
    assert_eq!(titles(&page["claims"]), ["一副老花镜"]);
    assert_eq!(titles(&page["sheet"]["activities"]), ["环境整治", "上门理发"]);
    assert_eq!(titles(&page["sheet"]["claimed"]), ["一副老花镜"]);
    let before = desk.get(&format!("/api/v1/units/{unit}?quarter=2024-Q3")).await;
    assert_eq!(titles(&before["card"]["activities"]), ["去年的活动"]);
    assert_eq!(before["card"]["claimed"], json!([]));
    let listed = desk.get(&format!("/api/v1/units?area={VILLAGE}&q=水利")).await;
    assert_eq!((&listed["items"][0]["name"], &listed["items"][0]["claims"]), (&json!("普兰县水利局"), &json!(1)));
    assert_eq!(desk.get("/api/v1/units?area=542526100001").await["total"], 0);
    let bad = desk.app.get(&desk.officer, &format!("/api/v1/units/{unit}?quarter=2025-Q5")).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);

    for (paper, name) in [("slip", "报到单"), ("quarter", "季度情况表"), ("card", "服务卡")] {
        let printed = desk.app.get(&desk.officer, &format!("/api/v1/units/{unit}/{paper}.pdf")).await;
        assert_eq!(printed.status, StatusCode::OK, "{name}: {}", String::from_utf8_lossy(&printed.bytes));
        assert_eq!(printed.headers[header::CONTENT_TYPE], "application/pdf");
        assert!(printed.bytes.starts_with(b"%PDF-"), "{name}");
    }
    let nowhere = desk.unit("没有报到的单位");
    let slip = desk.app.get(&desk.officer, &format!("/api/v1/units/{nowhere}/slip.pdf")).await;
    assert_eq!(slip.code(), "not_found", "there is nothing to print a slip of");

    // Somebody elsewhere sees the unit, which is shared, and nothing of what it did here.
    let stranger = desk.app.account("township_officer", "542526100000");
    let page = desk.app.get(&stranger, &format!("/api/v1/units/{unit}?quarter=2025-Q3")).await.ok();
    assert_eq!((&page["claims"], &page["sheet"]["activities"]), (&json!([]), &json!([])));
}
