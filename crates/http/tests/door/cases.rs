//! Lists of cases, their pages, their search, and their counts.

use serde_json::{Value, json};
use tahuang_domain::Action;

use crate::test_app::{GRID_A, GRID_B, TestApp};

async fn pages(app: &TestApp, token: &str, query: &str) -> Vec<String> {
    let (mut titles, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.get(token, &format!("/api/v1/cases?limit=4&{query}{cursor}")).await.ok();
        titles.extend(page["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return titles,
        }
    }
}

#[tokio::test]
async fn cases_come_newest_first_and_every_one_once() {
    let app = TestApp::new();
    let officer = app.account("prefecture_officer", "542500000000");
    let grid = app.account("grid_worker", GRID_A);
    for index in 0..10 {
        app.hazard(if index < 6 { GRID_A } else { GRID_B }, &format!("隐患{index}"));
    }
    let newest = |range: std::ops::Range<u32>| range.rev().map(|index| format!("隐患{index}")).collect::<Vec<_>>();
    assert_eq!(pages(&app, &officer, "").await, newest(0..10));
    assert_eq!(pages(&app, &officer, "area=542526000000").await, newest(6..10));
    assert_eq!(pages(&app, &grid, "").await, newest(0..6), "a grid worker's list is the grid's");
    assert_eq!(pages(&app, &officer, "state=accepted,closed").await, Vec::<String>::new());
    assert_eq!(pages(&app, &officer, "kind=dispute").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_search_finds_words_in_titles_and_says_how_far_behind_it_is() {
    let app = TestApp::new();
    let token = app.account("prefecture_officer", "542500000000");
    app.hazard(GRID_A, "水渠坍塌");
    app.hazard(GRID_B, "电杆倾斜");
    app.app().index_all().unwrap();
    let found = app.get(&token, "/api/v1/cases?q=%E6%B0%B4%E6%B8%A0").await.ok();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!(found["items"][0]["title"], "水渠坍塌");
    assert_eq!(found["search_behind"], 0);
}

#[tokio::test]
async fn an_item_tells_where_it_stands_in_the_reader_s_language() {
    let app = TestApp::new();
    let token = app.account("prefecture_officer", "542500000000");
    let subject = app.hazard(GRID_A, "电杆倾斜");
    app.must(subject, Action::AcceptCase);
    app.must(subject, Action::AssignCase { handler: "吉让居委会".to_owned(), account: None, assisting: Vec::new() });
    let page = app.get(&token, "/api/v1/cases").await.ok();
    let item = &page["items"][0];
    assert_eq!(item["id"], subject.to_string());
    assert_eq!((&item["kind_name"], &item["state_name"]), (&json!("安全隐患"), &json!("已派遣")));
    assert_eq!(item["area_path"], "普兰县 › 普兰镇 › 吉让居委会 › 吉让居第一网格");
    assert_eq!(
        (&item["handler"], &item["day"], &item["source"]),
        (&json!("吉让居委会"), &json!("2025-08-01"), &Value::Null)
    );
}

fn count(counts: &Value, state: &str) -> u64 {
    let items = counts["items"].as_array().unwrap();
    items.iter().find(|item| item["state"] == state).map_or(0, |item| item["count"].as_u64().unwrap())
}

#[tokio::test]
async fn counts_follow_every_step_correction_and_withdrawal_at_every_level() {
    let app = TestApp::new();
    let token = app.account("prefecture_officer", "542500000000");
    let (first, second, third) = (app.hazard(GRID_A, "一"), app.hazard(GRID_A, "二"), app.hazard(GRID_B, "三"));
    app.must(first, Action::AcceptCase);
    app.must(second, Action::Withdraw { reason: "重复".to_owned() });
    app.must(
        third,
        Action::Correct {
            area: Some(tahuang_testkit::area(GRID_A)),
            day: None,
            title: None,
            quantity: None,
            fields: Default::default(),
            reason: "登记错了地方".to_owned(),
        },
    );
    for (area, reported, accepted) in [
        ("542500000000", 1, 1),
        ("542521000000", 1, 1),
        ("542521100000", 1, 1),
        (GRID_A, 1, 1),
        ("542526000000", 0, 0),
        (GRID_B, 0, 0),
    ] {
        let counts = app.get(&token, &format!("/api/v1/cases/counts?area={area}")).await.ok();
        assert_eq!((count(&counts, "reported"), count(&counts, "accepted")), (reported, accepted), "{area}");
    }
}
