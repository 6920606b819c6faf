//! Residents' pages, from outside: no account, no script, forms and links.

use std::collections::HashMap;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tahuang_domain::{Action, SubjectId};

use crate::test_app::{Answer, GRID_A, GRID_B, TestApp, hidden};

const PLACE: &str = "/r/542521100001";
/// A telephone number of no network.
const PHONE: &str = "19900001234";

/// A browser without scripts.
struct Resident<'a> {
    app: &'a TestApp,
}

type Fields<'f> = HashMap<&'f str, String>;

impl Resident<'_> {
    async fn get(&self, path: &str) -> Answer {
        self.app.open(path).await
    }

    async fn post(&self, path: &str, fields: &Fields<'_>) -> Answer {
        self.app.post_form(path, fields.iter().map(|(name, value)| (*name, value.as_str()))).await
    }

    /// Opens the form of a place and fills it in, which takes a few seconds.
    async fn filled_in(&self, place: &str, text: &str) -> Fields<'static> {
        let ticket = self.app.ticket(place).await;
        HashMap::from([("kind", "suggestion".to_owned()), ("text", text.to_owned()), ("ticket", ticket)])
    }

    /// Asks for something, and gives the address of the receipt.
    async fn ask(&self, fields: &Fields<'_>) -> String {
        let answer = self.post(PLACE, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        answer.headers[header::LOCATION].to_str().unwrap().split('?').next().unwrap().to_owned()
    }

    fn seconds(&self, count: usize) {
        for _ in 0..count {
            self.app.app().clock().now_ms();
        }
    }
}

/// What a browser's script finds.
fn proof(ticket: &str) -> String {
    let is_found = |number: &u32| {
        let hash = Sha256::digest(format!("{ticket}:{number}"));
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]) >> 18 == 0
    };
    (0..).find(is_found).unwrap().to_string()
}

async fn cases(app: &TestApp) -> Vec<serde_json::Value> {
    let officer = app.sign_in("township_officer.542521100000");
    app.get(&officer, "/api/v1/cases").await.ok()["items"].as_array().unwrap().clone()
}

fn with_officer() -> TestApp {
    let app = TestApp::new();
    app.account("township_officer", "542521100000");
    app
}

#[tokio::test]
async fn what_is_asked_becomes_a_case_and_its_receipt_leads_back_to_it() {
    let app = with_officer();
    let resident = Resident { app: &app };
    let mut form = resident.filled_in(PLACE, "三组的水渠漏了，我的电话199 0000 1234").await;
    form.insert("phone", PHONE.to_owned());
    let receipt = resident.ask(&form).await;
    let page = resident.get(&receipt).await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in ["5425-", "三组的水渠漏了，我的电话〔号码已隐去〕", "已收到，等待受理", "199****1234"]
    {
        assert!(page.text().contains(shown), "{shown} in {}", page.text());
    }
    assert!(!page.text().contains(PHONE));
    let listed = cases(&app).await;
    assert_eq!((listed.len(), &listed[0]["title"]), (1, &json!("三组的水渠漏了，我的电话〔号码已隐去〕")));
    let officer = app.sign_in("township_officer.542521100000");
    let record = app.get(&officer, &format!("/api/v1/subjects/{}", listed[0]["id"].as_str().unwrap())).await;
    assert!(!record.text().contains(PHONE) && !record.text().contains("199 0000"), "{}", record.text());
    let record = record.ok();
    assert_eq!(record["history"][0]["actor_name"], "群众");
    assert_eq!(
        record["sealed"],
        json!([{ "code": "phone", "name": "联系电话" }, { "code": "words", "name": "原话（含号码）" }])
    );
}

#[tokio::test]
async fn a_form_that_is_sent_twice_has_one_receipt_and_another_text_needs_another_form() {
    let app = with_officer();
    let resident = Resident { app: &app };
    let mut form = resident.filled_in(PLACE, "路灯不亮").await;
    let receipt = resident.ask(&form).await;
    assert_eq!(resident.ask(&form).await, receipt);
    form.insert("text", "水渠漏了".to_owned());
    let again = resident.post(PLACE, &form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("已经提交成功") && again.text().contains("水渠漏了"), "{}", again.text());
    assert_eq!(cases(&app).await.len(), 1);
    // The form that came back is a new one and takes it.
    form.insert("ticket", hidden(again.text(), "ticket"));
    resident.seconds(3);
    assert_ne!(resident.ask(&form).await, receipt);
}

#[tokio::test]
async fn a_text_of_several_lines_is_taken_as_browsers_send_it() {
    let app = with_officer();
    let resident = Resident { app: &app };
    resident.ask(&resident.filled_in(PLACE, "三组水渠漏水\r\n路面\t结冰\u{202d}！").await).await;
    assert_eq!(cases(&app).await[0]["title"], "三组水渠漏水\n路面 结冰！");
}

#[tokio::test]
async fn a_corrected_telephone_number_is_not_taken_for_the_same_form() {
    let app = with_officer();
    let resident = Resident { app: &app };
    let mut form = resident.filled_in(PLACE, "路灯不亮").await;
    form.insert("phone", "19900001111".to_owned());
    let receipt = resident.ask(&form).await;
    assert_eq!(resident.ask(&form).await, receipt);
    form.insert("phone", PHONE.to_owned());
    let answer = resident.post(PLACE, &form).await;
    assert!(answer.text().contains("已经提交成功") && answer.text().contains(PHONE), "{}", answer.text());
    // Over midnight it is the same form still.
    form.insert("phone", "19900001111".to_owned());
    app.office.clock.pass_hours(9);
    assert_eq!(resident.ask(&form).await, receipt);
}

#[tokio::test]
async fn a_form_that_is_wrong_comes_back_with_what_was_typed_and_what_is_wrong() {
    let app = with_officer();
    let resident = Resident { app: &app };
    let long = "长".repeat(401);
    let wrong: [(&str, &str, &str); 6] = [
        ("kind", "practical_deed", "请选择是哪方面的事"),
        ("kind", "", "请选择是哪方面的事"),
        ("text", "  ", "请写明情况"),
        ("text", &long, "写得太长了"),
        ("phone", "没有", "电话号码好像不对"),
        ("website", "https://example.org", "页面已失效"),
    ];
    for (field, value, said) in wrong {
        let mut form = resident.filled_in(PLACE, "水管<b>冻裂</b>").await;
        form.insert(field, value.to_owned());
        let answer = resident.post(PLACE, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(answer.text().contains(said), "{field}: {}", answer.text());
        assert!(field == "text" || answer.text().contains("水管&lt;b&gt;冻裂&lt;/b&gt;"), "{field}");
        assert!(!answer.text().contains("<b>冻裂"), "what is typed is text");
    }
    assert_eq!(cases(&app).await.len(), 0);
}

#[tokio::test]
async fn a_forged_a_hasty_and_an_old_form_are_turned_away() {
    let app = with_officer();
    let resident = Resident { app: &app };
    let said = async |form: &Fields<'_>| {
        let answer = resident.post(PLACE, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        ["页面已失效", "提交得太快", "打开太久"].into_iter().find(|said| answer.text().contains(said)).unwrap()
    };
    let good = resident.filled_in(PLACE, "路灯不亮").await;
    let mut forged = good.clone();
    for ticket in ["", "AAAA", &"A".repeat(38), &good["ticket"].replace(|c: char| c.is_ascii_digit(), "Z")] {
        forged.insert("ticket", ticket.to_owned());
        assert_eq!(said(&forged).await, "页面已失效", "{ticket}");
    }
    // Before a machine is told no more than that it sends too often, a person has their page back a few times.
    for more in 0..3 {
        let status = resident.post(PLACE, &forged).await.status;
        assert_eq!(status == StatusCode::TOO_MANY_REQUESTS, more == 2, "{more}");
    }
    app.office.clock.pass_hours(1);
    let good = resident.filled_in(PLACE, "路灯不亮").await;
    let elsewhere = resident.filled_in(&format!("/r/{GRID_B}"), "路灯不亮").await;
    assert_eq!(said(&elsewhere).await, "页面已失效", "a form is of one place");
    let page = resident.get(PLACE).await;
    let hasty = HashMap::from([
        ("kind", "suggestion".to_owned()),
        ("text", "快".to_owned()),
        ("ticket", hidden(page.text(), "ticket")),
    ]);
    assert_eq!(said(&hasty).await, "提交得太快");
    app.office.clock.pass_days(1);
    assert_eq!(said(&good).await, "打开太久");
    app.account("reader", "542521100000");
    let reader = app.sign_in("reader.542521100000");
    assert_eq!(app.get(&reader, "/api/v1/cases").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn without_proof_of_work_a_few_forms_are_taken_and_with_it_more() {
    let app = with_officer();
    let resident = Resident { app: &app };
    let mut refused = None;
    for number in 0..8 {
        let form = resident.filled_in(PLACE, &format!("第{number}件")).await;
        let answer = resident.post(PLACE, &form).await;
        if answer.status != StatusCode::SEE_OTHER {
            refused.get_or_insert((number, answer.status, answer.text().contains("提交得太频繁"), form));
        }
    }
    let (number, status, said, mut form) = refused.unwrap();
    assert_eq!((number, status, said), (6, StatusCode::TOO_MANY_REQUESTS, true));
    // The same form with work behind it is taken at once.
    form.insert("proof", "1".to_owned());
    assert_eq!(resident.post(PLACE, &form).await.status, StatusCode::TOO_MANY_REQUESTS, "a wrong proof is none");
    form.insert("proof", proof(&form["ticket"]));
    assert_eq!(resident.post(PLACE, &form).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_asked_follows_it_and_says_whether_it_is_solved() {
    let app = with_officer();
    let resident = Resident { app: &app };
    let form = resident.filled_in(PLACE, "牧道上有落石").await;
    let form = Fields::from_iter(form.into_iter().chain([("kind", "hazard".to_owned()), ("phone", PHONE.to_owned())]));
    let receipt = resident.ask(&form).await;
    let id: SubjectId = cases(&app).await[0]["id"].as_str().unwrap().parse().unwrap();
    assert!(!resident.get(&receipt).await.text().contains("问题解决了吗"), "nothing is done yet");
    let answer = |solved: &str| HashMap::from([("solved", solved.to_owned()), ("note", "电话19900001234".to_owned())]);
    assert_eq!(resident.post(&receipt, &answer("resolved")).await.status, StatusCode::CONFLICT);
    let day = "2025-08-21".parse().unwrap();
    let finish = || Action::FinishCase { day, note: "已清理".to_owned() };
    for action in [
        Action::AcceptCase,
        Action::AssignCase { handler: "吉让居委会".to_owned(), account: None, assisting: Vec::new() },
        Action::TakeCaseInHand,
        finish(),
    ] {
        app.must(id, action);
    }
    let officer = app.sign_in("township_officer.542521100000");
    let check = async || {
        let mut check = json!({ "type": "check_case", "passed": true, "subject": id.to_string() });
        check["id"] = json!(app.app().ids().command().to_string());
        let told = app.post(&officer, "/api/v1/commands", json!({ "commands": [check] })).await.ok();
        assert_eq!(told["results"][0]["status"], "accepted", "{told}");
    };
    check().await;
    let page = resident.get(&receipt).await;
    for shown in ["问题解决了吗", "交由 吉让居委会 办理", "办理完成。已清理"] {
        assert!(page.text().contains(shown), "{shown} in {}", page.text());
    }
    // Not solved: it is worked on again.
    assert_eq!(resident.post(&receipt, &answer("unresolved")).await.status, StatusCode::SEE_OTHER);
    assert!(resident.get(&receipt).await.text().contains("正在办理"));
    app.must(id, finish());
    check().await;
    assert_eq!(resident.post(&receipt, &answer("resolved")).await.status, StatusCode::SEE_OTHER);
    app.must(id, Action::CloseCase { day, outcome: "rectified".to_owned() });
    let page = resident.get(&receipt).await;
    for shown in ["已办结", "您的评价：未解决", "您的评价：已解决", "谢谢"] {
        assert!(page.text().contains(shown), "{shown} in {}", page.text());
    }
    let record = app.get(&officer, &format!("/api/v1/subjects/{id}")).await;
    assert!(!record.text().contains(PHONE), "numbers in an answer are hidden too");
    let field = |code: &str| {
        let record = record.json();
        let fields = record["fields"].as_array().unwrap().clone();
        fields.into_iter().find(|field| field["code"] == code).unwrap()["value"].clone()
    };
    assert_eq!((field("solved"), field("satisfaction")), (json!("已解决"), json!("未评价")));
}

#[tokio::test]
async fn whoever_asked_has_their_data_erased_and_the_case_goes_on() {
    let app = with_officer();
    let resident = Resident { app: &app };
    let mut form = resident.filled_in(PLACE, "路灯不亮").await;
    form.insert("phone", PHONE.to_owned());
    let receipt = resident.ask(&form).await;
    let listed = cases(&app).await;
    let id = listed[0]["id"].as_str().unwrap();
    let officer = app.sign_in("township_officer.542521100000");
    let unseal = format!("/api/v1/subjects/{id}/unseal");
    let opened = async || app.post(&officer, &unseal, json!({ "field": "phone" })).await.ok()["value"].clone();
    assert_eq!(opened().await, json!(PHONE));
    let erase = HashMap::from([("erase", "yes".to_owned())]);
    assert_eq!(resident.post(&receipt, &erase).await.status, StatusCode::SEE_OTHER);
    let page = resident.get(&receipt).await;
    assert!(page.text().contains("没有保存您的任何个人信息"), "{}", page.text());
    let gone = app.post(&officer, &unseal, json!({ "field": "phone" })).await;
    assert!(!gone.text().contains(PHONE), "{}", gone.text());
    assert_eq!(cases(&app).await.len(), 1);
    assert_eq!(app.app().verify(app.office.prefecture, &mut |_| ()).unwrap().first_bad, None);
}

async fn send_photo(resident: &Resident<'_>, receipt: &str, bytes: &[u8]) -> Answer {
    let head = "--cut\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"IMG_0001.jpg\"\r\n\r\n";
    let body = [head.as_bytes(), bytes, b"\r\n--cut--\r\n"].concat();
    let request =
        Request::post(format!("{receipt}/photos")).header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    resident.app.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn whoever_asked_adds_pictures_and_nothing_else() {
    let app = with_officer();
    let resident = Resident { app: &app };
    let receipt = resident.ask(&resident.filled_in(PLACE, "路灯不亮").await).await;
    let picture = crate::files::PNG;
    for _ in 0..2 {
        assert_eq!(send_photo(&resident, &receipt, picture).await.status, StatusCode::SEE_OTHER);
    }
    let page = resident.get(&receipt).await;
    assert!(page.text().contains("已收到照片 1 张"), "sent again it is the same picture: {}", page.text());
    let listed = cases(&app).await;
    let officer = app.sign_in("township_officer.542521100000");
    let id = listed[0]["id"].as_str().unwrap();
    let record = app.get(&officer, &format!("/api/v1/subjects/{id}")).await.ok();
    let file = record["files"][0]["id"].as_str().unwrap();
    assert_eq!(record["files"][0]["purpose"], "report");
    let opened = app.get(&officer, &format!("/api/v1/subjects/{id}/files/{file}")).await;
    assert_eq!((opened.status, &opened.headers[header::CONTENT_TYPE]), (StatusCode::OK, &"image/png".parse().unwrap()));
    for (bytes, said) in [
        (&b"<html>"[..], "不是能用的照片"),
        (b"", "不是能用的照片"),
        (b"%PDF-1.7\n%%EOF\n", "不是能用的照片"),
        (&[7; 9 << 20], "照片太大了"),
    ] {
        let answer = send_photo(&resident, &receipt, bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(said), "{said} in {}", answer.text());
    }
    assert_eq!(send_photo(&resident, "/c/AAAA", picture).await.status, StatusCode::NOT_FOUND, "a link that is none");
    app.must(id.parse().unwrap(), Action::DeclineCase { reason: "重复".to_owned() });
    assert!(!resident.get(&receipt).await.text().contains("上传照片"), "what is over takes none");
    // Erased with everything else that is theirs.
    let erase = HashMap::from([("erase", "yes".to_owned())]);
    resident.post(&receipt, &erase).await;
    assert!(!app.get(&officer, &format!("/api/v1/subjects/{id}/files/{file}")).await.status.is_success());
}

#[tokio::test]
async fn a_link_opens_its_own_case_and_no_other() {
    let app = with_officer();
    let resident = Resident { app: &app };
    let receipt = resident.ask(&resident.filled_in(PLACE, "路灯不亮").await).await;
    let hazard = app.hazard(GRID_A, "不是群众反映的");
    let mut changed = receipt.clone().into_bytes();
    for at in 3..changed.len() {
        let before = changed[at];
        changed[at] = if before == b'A' { b'B' } else { b'A' };
        let path = String::from_utf8(changed.clone()).unwrap();
        let status = resident.get(&path).await.status;
        // The last letter holds two bits that say nothing; a strict reader refuses them too.
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        changed[at] = before;
    }
    for path in
        ["/c/", "/c/x", &format!("/c/{hazard}"), "/r/999999999999", "/r/540000000000", "/r/542500000000", "/r/x"]
    {
        let answer = resident.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_page_is_whole_in_ten_kibibytes_and_lets_nothing_else_in() {
    let app = with_officer();
    let resident = Resident { app: &app };
    let receipt = resident.ask(&resident.filled_in(PLACE, &"路灯不亮。".repeat(60)).await).await;
    for path in [PLACE, &receipt, "/b/542521100001", "/t/542521100001"] {
        for (language, word) in [("zh-CN", "语言"), ("bo", "སྐད་ཡིག"), ("en", "Language")] {
            let request = Request::get(format!("{path}?lang={language}")).header(header::ACCEPT_ENCODING, "gzip");
            let answer = app.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.headers[header::CONTENT_ENCODING], "gzip");
            assert!(answer.bytes.len() <= 10 * 1024, "{path} in {language} has {} bytes", answer.bytes.len());
            let open = resident.get(&format!("{path}?lang={language}")).await;
            assert!(open.text().contains(word), "{language}");
            assert!(!open.text().contains("http"), "no address outside");
            let policy = open.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
            assert_eq!(open.headers[header::CACHE_CONTROL], "no-store");
            assert!(open.headers.get(header::SET_COOKIE).is_none());
        }
    }
}

#[tokio::test]
async fn every_word_of_the_pages_is_there_in_three_languages() {
    let words: toml::Table = include_str!("../../../../catalog/words.toml").parse().unwrap();
    let sources = ["ask.rs", "board.rs", "follow.rs", "page.rs", "photo.rs", "report.rs", "thanks.rs"]
        .map(|file| std::fs::read_to_string(format!("{}/src/residents/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap());
    let resident = words["resident"].as_table().unwrap();
    for (code, names) in resident {
        for language in ["zh-CN", "bo", "en"] {
            assert!(names.get(language).is_some_and(|name| !name.as_str().unwrap().is_empty()), "{code} in {language}");
        }
        assert!(sources.iter().any(|source| source.contains(&format!("\"{code}\""))), "{code} is said nowhere");
    }
}

#[tokio::test]
async fn a_withdrawn_case_is_not_shown_as_being_worked_on() {
    let app = with_officer();
    let resident = Resident { app: &app };
    let receipt = resident.ask(&resident.filled_in(PLACE, "路灯不亮").await).await;
    let id: SubjectId = cases(&app).await[0]["id"].as_str().unwrap().parse().unwrap();
    app.must(id, Action::Withdraw { reason: "重复登记".to_owned() });
    let page = resident.get(&receipt).await;
    for shown in ["工作人员已撤回，不再办理", "已撤回：重复登记"] {
        assert!(page.text().contains(shown), "{shown} in {}", page.text());
    }
    assert!(!page.text().contains("上传照片") && !page.text().contains("最晚办到哪天"), "{}", page.text());
}
