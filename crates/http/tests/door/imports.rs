//! Workbooks through the door, and the rows that wait to be mended.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use axum::body::Body;
use axum::http::Method;
use futures_util::stream::pending;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use tahuang_app::Asker;

use crate::log;
use crate::test_app::{PASSWORD, TestApp, upload};

/// A ledger of hazards of 措勤县, closed two days later, from villages and descriptions.
pub fn hazards(rows: &[(&str, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("措勤县").unwrap();
    let headings = ["序号", "乡(镇)", "村(社区)", "隐患描述", "发现时间", "整改完成时间", "是否销号"];
    for (column, heading) in headings.iter().enumerate() {
        sheet.write(0, column as u16, *heading).unwrap();
    }
    for (index, (village, what)) in rows.iter().enumerate() {
        let row = index as u32 + 1;
        let township = if village.starts_with("多油") { "普兰镇" } else { "措勤镇" };
        for (column, text) in [township, village, what, "2025-03-01", "2025-03-03", "是"].iter().enumerate() {
            sheet.write(row, column as u16 + 1, *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// Sends a workbook, brings it in, and gives its id and the rows that wait.
pub async fn bring_in(app: &TestApp, token: &str, workbook: &[u8]) -> (String, Value) {
    bring_in_named(app, token, "措勤县隐患.xlsx", workbook).await
}

async fn bring_in_named(app: &TestApp, token: &str, file: &str, workbook: &[u8]) -> (String, Value) {
    let previewed = app.send(upload(Some(token), file, workbook)).await.ok();
    assert_eq!(previewed["state"], "previewed");
    let id = previewed["id"].as_str().unwrap().to_owned();
    app.post(token, &format!("/api/v1/imports/{id}/run"), json!({})).await.ok();
    for _ in 0..100_000 {
        let import = app.get(token, &format!("/api/v1/imports/{id}")).await.ok();
        match import["state"].as_str().unwrap() {
            "running" => tokio::task::yield_now().await,
            "done" => return (id, app.get(token, "/api/v1/ledger-rows").await.ok()),
            other => panic!("{other}: {import}"),
        }
    }
    panic!("the import does not end");
}

async fn rectified(app: &TestApp, token: &str) -> Value {
    let figures = app.get(token, "/api/v1/figures?area=542526000000").await.ok();
    let figures = figures["figures"].as_array().unwrap().clone();
    figures.into_iter().find(|figure| figure["code"] == "hazards_rectified").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_previewed_brought_in_and_its_refused_row_mended_in_place() {
    let app = TestApp::new();
    let token = app.account("county_officer", "542526000000");
    let workbook = hazards(&[("门东居委会", "墙体裂缝"), ("没有的村", "电杆倾斜")]);
    let preview = app.send(upload(Some(&token), "C:\\台账\\措勤县隐患.xlsx", &workbook)).await.ok();
    assert_eq!(preview["file"], "措勤县隐患.xlsx");
    let sheet = &preview["sheets"][0];
    assert_eq!(
        (&sheet["ledger"]["code"], &sheet["accepted"], &sheet["refused"]),
        (&json!("hazards"), &json!(1), &json!(1))
    );
    assert_eq!(sheet["rows"][1]["code"], "unknown_area");
    assert_eq!(rectified(&app, &token).await["value"], "0", "a preview writes nothing");

    let (id, rows) = bring_in(&app, &token, &workbook).await;
    assert_eq!(app.post(&token, &format!("/api/v1/imports/{id}/run"), json!({})).await.code(), "import_started");
    let figure = rectified(&app, &token).await;
    assert_eq!((&figure["value"], &figure["missing"]["refused_rows"]), (&json!("1"), &json!(1)));
    assert_eq!(rows["counts"], json!({ "refused": 1, "fixed": 0, "set_aside": 0 }));
    let row = &rows["items"][0];
    assert_eq!((&row["row"], &row["code"]), (&json!(3), &json!("unknown_area")));

    let path = format!("/api/v1/ledger-rows/{}/fix", row["id"].as_str().unwrap());
    let wrong = app.post(&token, &path, json!({ "cells": { "发现时间": "某日" , "村(社区)": "门东居委会" } })).await;
    assert_eq!((wrong.code(), &wrong.json()["errors"][0]["path"]), ("bad_date".to_owned(), &json!("发现时间")));
    let fixed = app.post(&token, &path, json!({ "cells": { "村(社区)": "门东居委会" } })).await.ok();
    assert_eq!(fixed["state"], "fixed");
    let figure = rectified(&app, &token).await;
    assert_eq!((&figure["value"], &figure["missing"]["refused_rows"]), (&json!("2"), &json!(0)));
    let record = app.get(&token, &format!("/api/v1/subjects/{}", fixed["record"].as_str().unwrap())).await.ok();
    assert_eq!(record["history"][0]["source"]["row"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_says_of_headings_is_kept_and_can_be_taken_back() {
    let app = TestApp::new();
    let token = app.account("county_officer", "542526000000");
    let preview = app.send(upload(Some(&token), "措勤县隐患.xlsx", &hazards(&[("门东居委会", "墙体裂缝")]))).await.ok();
    assert_eq!(preview["headings"], json!({}));
    let heading = preview["sheets"][0]["columns"][0]["heading"].as_str().unwrap();
    let column = preview["sheets"][0]["columns"].as_array().unwrap().iter().find_map(|one| one["column"].as_str());
    let said = json!({ heading: column.unwrap() });
    let path = format!("/api/v1/imports/{}", preview["id"].as_str().unwrap());
    app.post(&token, &format!("{path}/preview"), json!({ "headings": said })).await.ok();
    assert_eq!(app.get(&token, &path).await.ok()["headings"], said);
    let back = app.post(&token, &format!("{path}/preview"), json!({ "headings": {} })).await.ok();
    assert_eq!((&back["headings"], &back["sheets"]), (&json!({}), &preview["sheets"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_another_place_is_refused_and_kept_with_its_sender() {
    let app = TestApp::new();
    let token = app.account("county_officer", "542526000000");
    let (_, rows) = bring_in(&app, &token, &hazards(&[("多油村", "别县的隐患")])).await;
    // 多油村 lies in another county, so by this ledger's county it does not exist.
    assert_eq!(rows["items"][0]["code"], "unknown_area");
    let township = app.account("township_officer", "542521200000");
    let (_, rows) = bring_in(&app, &township, &hazards(&[("门东居委会", "别乡的隐患")])).await;
    assert_eq!((rows["items"].as_array().unwrap().len(), &rows["items"][0]["code"]), (1, &json!("not_permitted")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_no_record_is_set_aside_with_a_reason() {
    let app = TestApp::new();
    let token = app.account("county_officer", "542526000000");
    let (_, rows) = bring_in(&app, &token, &hazards(&[("没有的村", "电杆倾斜")])).await;
    let path = format!("/api/v1/ledger-rows/{}/set-aside", rows["items"][0]["id"].as_str().unwrap());
    assert_eq!(app.post(&token, &path, json!({ "reason": " " })).await.code(), "missing_value");
    let row = app.post(&token, &path, json!({ "reason": "外县的隐患，已转出" })).await.ok();
    assert_eq!((&row["state"], &row["reason"]), (&json!("set_aside"), &json!("外县的隐患，已转出")));
    assert_eq!(app.get(&token, "/api/v1/ledger-rows").await.ok()["counts"]["set_aside"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_workbook_is_refused_with_its_code() {
    let app = TestApp::new();
    let token = app.account("county_officer", "542526000000");
    assert_eq!(app.send(upload(Some(&token), "信.xlsx", b"Dear all")).await.code(), "workbook_not_xlsx");
    assert_eq!(app.send(upload(Some(&token), "", b"PK")).await.code(), "invalid_parameter");
    assert_eq!(app.send(upload(None, "信.xlsx", b"PK")).await.code(), "not_signed_in");
    let unknown = format!("/api/v1/imports/{}", app.app().ids().uuid_v7());
    assert_eq!(app.ask(Some(&token), Method::GET, &unknown, None).await.code(), "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_workbook_that_was_brought_in_counts_and_refused_rows_are_kept_and_no_other_cell() {
    let app = TestApp::new();
    let token = app.account("county_officer", "542526000000");
    let workbook = hazards(&[("门东居委会", "墙体裂缝"), ("没有的村", "电杆倾斜")]);
    let preview = app.send(upload(Some(&token), "措勤县隐患.xlsx", &workbook)).await;
    assert!(preview.text().contains("墙体裂缝"));
    let (id, _) = bring_in(&app, &token, &workbook).await;
    let done = app.get(&token, &format!("/api/v1/imports/{id}")).await;
    assert!(done.text().contains("电杆倾斜") && !done.text().contains("墙体裂缝"), "{}", done.text());
    let sheet = &done.json()["sheets"][0];
    assert_eq!((&sheet["accepted"], &sheet["refused"], &sheet["rows"][0]["row"]), (&json!(1), &json!(1), &json!(3)));
    let listed = &app.get(&token, "/api/v1/imports").await.ok()["items"][0];
    assert_eq!((&listed["accepted"], &listed["refused"], &listed["unchanged"]), (&json!(1), &json!(1), &json!(0)));
}

#[tokio::test]
async fn a_workbook_too_many_is_turned_away_before_it_is_sent() {
    let app = TestApp::new();
    let token = app.account("county_officer", "542526000000");
    app.get(&token, "/api/v1/session").await.ok();
    let mut held = Vec::new();
    let busy = loop {
        let mut request = upload(Some(&token), "措勤县隐患.xlsx", &[]);
        *request.body_mut() = Body::from_stream(pending::<Result<Vec<u8>, std::io::Error>>());
        let mut answer = Box::pin(app.send(request));
        match poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await {
            Poll::Ready(answer) => break answer,
            Poll::Pending => held.push(answer),
        }
        assert!(held.len() < 1_000, "no bound");
    };
    assert_eq!((busy.code().as_str(), held.len()), ("busy", 18));
    let mut mended = pin!(app.send(upload(Some(&token), "措勤县隐患.xlsx", &hazards(&[("门东居委会", "墙体裂缝")]))));
    drop(held);
    mended.as_mut().await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_one_workbooks_rows_holds_no_more_than_its_limit_and_none_is_lost_between_pages() {
    let app = TestApp::new();
    let token = app.account("county_officer", "542526000000");
    for (file, rows) in [("甲.xlsx", 3), ("乙.xlsx", 1)] {
        let rows: Vec<_> =
            ["电杆倾斜", "墙体裂缝", "消火栓无水"].into_iter().take(rows).map(|what| ("没有的村", what)).collect();
        bring_in_named(&app, &token, file, &hazards(&rows)).await;
    }
    let mut path = "/api/v1/ledger-rows?limit=2&file=%E7%94%B2.xlsx".to_owned();
    let mut pages = Vec::new();
    loop {
        let page = app.get(&token, &path).await.ok();
        let rows: Vec<u64> = page["items"].as_array().unwrap().iter().map(|row| row["row"].as_u64().unwrap()).collect();
        assert!(page["items"].as_array().unwrap().iter().all(|row| row["file"] == "甲.xlsx"));
        pages.push(rows);
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/ledger-rows?limit=2&file=%E7%94%B2.xlsx&cursor={next}");
    }
    assert_eq!(pages, [vec![4, 3], vec![2]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn opened_rows_are_counted_in_the_log_without_their_contents_and_fixed_rows_stay_closed() {
    // A login of its own: the log is one for all tests.
    let logged = log::of("opener");
    let app = TestApp::new();
    let county = tahuang_testkit::area("542526000000");
    app.app().create_account(&Asker::Console, "opener", "旦增", "county_officer", county, Some(PASSWORD)).unwrap();
    let token = app.sign_in("opener");
    let (_, rows) = bring_in(&app, &token, &hazards(&[("没有的村", "电杆倾斜"), ("没有的乡", "墙体裂缝")])).await;
    let lines = || logged().into_iter().filter(|line| line.contains("refused rows were opened")).collect::<Vec<_>>();
    let before = lines();
    assert!(before.iter().any(|line| line.contains("rows=2") && !line.contains("电杆")), "{before:?}");

    let path = format!("/api/v1/ledger-rows/{}/fix", rows["items"][0]["id"].as_str().unwrap());
    app.post(&token, &path, json!({ "cells": { "村(社区)": "门东居委会" } })).await.ok();
    let before = lines().len();
    let fixed = app.get(&token, "/api/v1/ledger-rows?state=fixed").await.ok();
    assert_eq!((&fixed["items"][0]["state"], &fixed["items"][0]["cells"]), (&json!("fixed"), &json!([])));
    assert_eq!(lines().len(), before, "nothing was opened");
}
