//! Files of a record: told by their bytes, kept without what the camera added, given to those who may read them.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode, header};
use futures_util::stream::pending;
use serde_json::{Value, json};
use tahuang_domain::{Action, SubjectId};
use tahuang_testkit::{PLACE_OF_PHOTOGRAPH, photograph};

use crate::log;
use crate::test_app::{Answer, GRID_A, GRID_B, TestApp};

/// A PNG of one pixel.
pub const PNG: &[u8] =
    b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\
    \x00\x00\x00\x0cIDATx\x9cc\x90\x8e\x0b\x02\x00\x01c\x00\xcc\x223qE\x00\x00\x00\x00IEND\xaeB`\x82";
const PDF: &[u8] = b"%PDF-1.7\n%%EOF\n";

fn path(app: &TestApp, subject: SubjectId, more: &str) -> String {
    format!("/api/v1/subjects/{subject}/files?command={}&{more}", app.app().ids().command())
}

fn upload(token: &str, path: &str, media_type: &str, bytes: &[u8]) -> Request<Body> {
    let request = Request::builder().method(Method::POST).uri(path).header("x-tahuang", "1");
    let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    request.header(header::CONTENT_TYPE, media_type).body(Body::from(bytes.to_vec())).unwrap()
}

/// Attaches evidence.
pub async fn send(app: &TestApp, token: &str, subject: SubjectId, media_type: &str, bytes: &[u8]) -> Answer {
    app.send(upload(token, &path(app, subject, "purpose=evidence"), media_type, bytes)).await
}

async fn read(app: &TestApp, token: &str, subject: SubjectId, file: &Value) -> Answer {
    app.get(token, &format!("/api/v1/subjects/{subject}/files/{}", file["id"].as_str().unwrap())).await
}

fn says(answer: &Answer, name: &str) -> String {
    answer.headers[name].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_is_what_its_bytes_say_whatever_the_sender_calls_it() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let subject = app.hazard(GRID_A, "电杆倾斜");
    let page = b"<!doctype html><script>alert(1)</script>";
    /// A query, the header's media type, the bytes, and what they are or why they are refused.
    type Case<'c> = (&'c str, &'c str, &'c [u8], Result<&'c str, (u16, &'c str)>);
    let table: [Case<'_>; 9] = [
        ("purpose=evidence&name=a.jpg", "image/jpeg", PNG, Ok("image/png")),
        ("purpose=evidence&name=a.html", "text/html", &photograph("x"), Ok("image/jpeg")),
        ("purpose=document&name=a.png", "application/octet-stream", PDF, Ok("application/pdf")),
        ("purpose=evidence&name=a.png", "image/png", page, Err((415, "file_type_refused"))),
        ("purpose=evidence&name=a.svg", "image/svg+xml", b"<svg/>", Err((415, "file_type_refused"))),
        ("purpose=evidence", "image/png", &PNG[..40], Err((422, "file_damaged"))),
        ("purpose=evidence", "image/png", b"", Err((422, "file_empty"))),
        ("purpose=portrait", "image/png", PNG, Err((400, "invalid_parameter"))),
        ("purpose=evidence&size=3", "image/png", PNG, Err((400, "invalid_parameter"))),
    ];
    for (query, media_type, bytes, expected) in table {
        let answer = app.send(upload(&worker, &path(&app, subject, query), media_type, bytes)).await;
        match expected {
            Ok(told) => {
                let file = answer.ok();
                assert_eq!(file["media_type"], told, "{query}");
                assert_eq!(says(&read(&app, &worker, subject, &file).await, "content-type"), told);
            }
            Err((status, code)) => {
                assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{query}")
            }
        }
    }
    let eighth = "00000000-0000-8000-8000-000000000001";
    let derived = format!("/api/v1/subjects/{subject}/files?command={eighth}&purpose=evidence");
    assert_eq!(app.send(upload(&worker, &derived, "image/png", PNG)).await.code(), "invalid_parameter");
}

#[tokio::test]
async fn more_than_eight_mebibytes_are_refused_and_exactly_eight_are_not() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let subject = app.hazard(GRID_A, "电杆倾斜");
    let paper = |bytes: usize| [PDF, &vec![b' '; bytes - 2 * PDF.len()], PDF].concat();
    let answer = send(&app, &worker, subject, "application/pdf", &paper((8 << 20) + 1)).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "file_too_large"));
    let file = send(&app, &worker, subject, "application/pdf", &paper(8 << 20)).await.ok();
    assert_eq!(read(&app, &worker, subject, &file).await.bytes.len(), 8 << 20);
}

#[tokio::test]
async fn a_photograph_does_not_say_where_it_was_taken() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let subject = app.hazard(GRID_A, "电杆倾斜");
    let photo = photograph("the picture itself");
    let holds = |bytes: &[u8], needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(holds(&photo, PLACE_OF_PHOTOGRAPH) && holds(&photo, b"in front of the house"));
    let file = send(&app, &worker, subject, "image/jpeg", &photo).await.ok();
    let kept = read(&app, &worker, subject, &file).await;
    assert!(holds(&kept.bytes, b"the picture itself"));
    assert!(!holds(&kept.bytes, PLACE_OF_PHOTOGRAPH) && !holds(&kept.bytes, b"in front of the house"));
    // It was taken upside down, which alone is still said.
    assert!(holds(&kept.bytes, b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03"));
    assert_eq!(file["bytes"], kept.bytes.len());
}

#[tokio::test]
async fn pictures_are_shown_papers_are_saved_and_nothing_in_them_runs_or_is_kept() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let subject = app.hazard(GRID_A, "电杆倾斜");
    let named = path(&app, subject, "purpose=document&name=C:%5C%E6%95%B4%E6%94%B9%2019912345678.pdf");
    let paper = app.send(upload(&worker, &named, "application/pdf", PDF)).await.ok();
    assert_eq!((&paper["name"], &paper["purpose_name"]), (&json!("整改 （密封）.pdf"), &json!("文书材料")));
    let picture = send(&app, &worker, subject, "image/png", PNG).await.ok();
    assert_eq!(picture["name"], Value::Null);
    let (paper, picture) = (read(&app, &worker, subject, &paper).await, read(&app, &worker, subject, &picture).await);
    assert_eq!((&paper.bytes[..], &picture.bytes[..]), (PDF, PNG));
    assert!(says(&paper, "content-disposition").starts_with("attachment; filename*=UTF-8''%E6%95%B4%E6%94%B9%20"));
    assert_eq!(says(&picture, "content-disposition"), "inline");
    for answer in [paper, picture] {
        assert_eq!(says(&answer, "x-content-type-options"), "nosniff");
        assert_eq!(says(&answer, "cache-control"), "private, no-store");
        let policy = says(&answer, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("sandbox"), "{policy}");
        assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1);
    }
}

#[tokio::test]
async fn a_file_that_is_sent_again_is_attached_once() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let subject = app.hazard(GRID_A, "电杆倾斜");
    let path = path(&app, subject, "purpose=evidence");
    let first = app.send(upload(&worker, &path, "image/png", PNG)).await.ok();
    assert_eq!(app.send(upload(&worker, &path, "image/png", PNG)).await.ok(), first);
    assert_eq!(app.send(upload(&worker, &path, "image/png", PDF)).await.code(), "command_id_reused");
    let record = app.get(&worker, &format!("/api/v1/subjects/{subject}")).await.ok();
    assert_eq!(record["files"], json!([first]));
}

#[tokio::test]
async fn the_record_tells_its_files_and_who_may_do_what_with_them() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let officer = app.account("township_officer", "542521100000");
    let reader = app.account("reader", "542521100000");
    let subject = app.hazard(GRID_A, "电杆倾斜");
    let file = send(&app, &worker, subject, "image/png", PNG).await.ok();
    let path = format!("/api/v1/subjects/{subject}");
    let may = |record: &Value| (record["attaches"].as_bool().unwrap(), record["removes_files"].as_bool().unwrap());
    let record = app.get(&worker, &path).await.ok();
    assert_eq!(may(&record), (true, false));
    assert_eq!(record["files"], json!([file]));
    assert_eq!((&file["actor_name"], &file["personal"]), (&json!("旦增"), &json!(false)));
    let told = &record["history"][1];
    assert_eq!(told["event_name"], "上传附件");
    let details = [("附件用途", "办理佐证"), ("文件格式", "PNG"), ("文件大小", "1 KB")];
    assert_eq!(told["details"], json!(details.map(|(name, value)| json!({ "name": name, "value": value }))));
    assert!(!record.to_string().contains("sm4-gcm"), "the sealed key is nobody's business");
    assert_eq!(may(&app.get(&officer, &path).await.ok()), (true, true));
    assert_eq!(may(&app.get(&reader, &path).await.ok()), (false, false));
    let denied = send(&app, &reader, subject, "image/png", PNG).await;
    assert_eq!((denied.status, denied.code().as_str()), (StatusCode::FORBIDDEN, "not_permitted"));

    let remove = |app: &TestApp| {
        json!({ "commands": [{ "id": app.app().ids().command().to_string(), "type": "remove_file",
        "subject": subject.to_string(), "file": file["id"], "reason": "拍错了" }] })
    };
    let told = app.post(&worker, "/api/v1/commands", remove(&app)).await.ok();
    assert_eq!(told["results"][0]["code"], "not_permitted", "a grid worker removes nothing");
    assert_eq!(read(&app, &worker, subject, &file).await.status, StatusCode::OK);
    let told = app.post(&officer, "/api/v1/commands", remove(&app)).await.ok();
    assert_eq!(told["results"][0]["status"], "accepted", "{told}");
    assert_eq!(read(&app, &officer, subject, &file).await.code(), "not_found");
    let record = app.get(&officer, &path).await.ok();
    assert_eq!((&record["files"], &record["history"][2]["event_name"]), (&json!([]), &json!("删除附件")));

    app.must(subject, Action::Withdraw { reason: "误报".to_owned() });
    assert_eq!(may(&app.get(&officer, &path).await.ok()), (false, false));
    assert_eq!(send(&app, &officer, subject, "image/png", PNG).await.code(), "subject_withdrawn");
    let posting = app.posting(GRID_A, "德吉", "19912345678");
    assert_eq!(may(&app.get(&officer, &format!("/api/v1/subjects/{posting}")).await.ok()), (false, false));
    assert_eq!(send(&app, &officer, posting, "image/png", PNG).await.code(), "wrong_shape");
}

#[tokio::test]
async fn what_came_with_a_report_is_opened_by_those_who_handle_it_and_the_log_says_so() {
    let app = TestApp::new();
    // A name of its own: the log is shared by all tests.
    let subject = app.hazard("542521200201001", "电杆倾斜");
    let worker = app.account("grid_worker", "542521200201001");
    let reader = app.account("reader", "542521200201001");
    let lines = log::of("grid_worker.542521200201001");
    let sent = app.send(upload(&worker, &path(&app, subject, "purpose=report"), "image/png", PNG)).await.ok();
    let evidence = send(&app, &worker, subject, "image/png", PNG).await.ok();
    assert_eq!(sent["personal"], true);
    assert_eq!(read(&app, &reader, subject, &sent).await.code(), "not_permitted");
    assert_eq!(read(&app, &reader, subject, &evidence).await.status, StatusCode::OK);
    assert_eq!(read(&app, &worker, subject, &evidence).await.status, StatusCode::OK);
    let opened = |lines: &dyn Fn() -> Vec<String>| {
        lines().into_iter().filter(|line| line.contains("personal file")).collect::<Vec<_>>()
    };
    assert_eq!(opened(&lines), Vec::<String>::new());
    assert_eq!(read(&app, &worker, subject, &sent).await.status, StatusCode::OK);
    let said = opened(&lines);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains(&subject.to_string()) && said[0].contains(sent["id"].as_str().unwrap()), "{said:?}");

    app.must(subject, Action::ErasePersonalData { reason: "本人要求".to_owned() });
    assert_eq!(read(&app, &worker, subject, &sent).await.code(), "not_found");
    assert_eq!(app.get(&worker, &format!("/api/v1/subjects/{subject}")).await.ok()["files"], json!([]));
}

#[tokio::test]
async fn another_villages_account_finds_neither_the_record_nor_its_files() {
    let app = TestApp::new();
    let (own, other) = (app.account("grid_worker", GRID_B), app.account("grid_worker", GRID_A));
    let subject = app.hazard(GRID_B, "滑坡");
    let file = send(&app, &own, subject, "image/png", PNG).await.ok();
    let answers = [read(&app, &other, subject, &file).await, send(&app, &other, subject, "image/png", PNG).await];
    for answer in answers {
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"));
    }
    // Nor through a record of their own.
    let theirs = app.hazard(GRID_A, "护栏松动");
    assert_eq!(read(&app, &other, theirs, &file).await.code(), "not_found");
    for wrong in ["x", "../../../etc/passwd", "%2e%2e"] {
        let answer = app.get(&own, &format!("/api/v1/subjects/{subject}/files/{wrong}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn a_file_is_not_attached_by_a_command() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let subject = app.hazard(GRID_A, "电杆倾斜");
    let attach = json!({ "id": app.app().ids().command().to_string(), "type": "attach_file", "subject": subject.to_string(),
        "file": app.app().ids().subject().to_string(), "purpose": "evidence", "media_type": "image/png", "bytes": 3,
        "hash": "0".repeat(64), "key": "0".repeat(32) });
    let told = app.post(&worker, "/api/v1/commands", json!({ "commands": [attach] })).await.ok();
    assert_eq!(told["results"][0]["code"], "malformed_command", "{told}");
    assert_eq!(app.get(&worker, &format!("/api/v1/subjects/{subject}")).await.ok()["files"], json!([]));
}

#[tokio::test]
async fn a_body_that_never_ends_holds_one_place_and_whoever_may_not_attach_sends_none() {
    let app = TestApp::new();
    let worker = app.account("grid_worker", GRID_A);
    let subject = app.hazard(GRID_A, "电杆倾斜");
    let endless = |token: &str| {
        let mut request = upload(token, &path(&app, subject, "purpose=evidence"), "image/png", b"");
        *request.body_mut() = Body::from_stream(pending::<Result<Bytes, std::io::Error>>());
        request
    };
    // Permission is asked before the body: this answer comes although the body never does.
    let reader = app.account("reader", GRID_A);
    assert_eq!(app.send(endless(&reader)).await.code(), "not_permitted");
    let mut waiting = pin!(app.send(endless(&worker)));
    let waits = poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context).is_pending())).await;
    assert!(waits);
    assert_eq!(send(&app, &worker, subject, "image/png", PNG).await.status, StatusCode::OK);
}
