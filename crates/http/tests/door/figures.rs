//! Figures, now and as of earlier, and the records behind them.

use serde_json::{Value, json};

use crate::test_app::{GRID_A, GRID_B, TestApp};

fn figure<'a>(board: &'a Value, code: &str) -> &'a Value {
    board["figures"].as_array().unwrap().iter().find(|figure| figure["code"] == code).unwrap()
}

async fn close(app: &TestApp, subject: tahuang_domain::SubjectId) {
    use tahuang_domain::Action;
    app.must(subject, Action::AcceptCase);
    app.must(subject, Action::AssignCase { handler: "村委会".to_owned(), account: None, assisting: Vec::new() });
    app.must(subject, Action::TakeCaseInHand);
    let day = "2025-08-02".parse().unwrap();
    app.must(subject, Action::FinishCase { day, note: String::new() });
}

#[tokio::test]
async fn an_area_has_all_41_figures_with_what_stands_behind_them() {
    let app = TestApp::new();
    let token = app.account("prefecture_officer", "542500000000");
    app.posting(GRID_A, "德吉", "19900000001");
    app.posting(GRID_B, "央宗", "19900000002");
    let board = app.get(&token, "/api/v1/figures").await.ok();
    let figures = board["figures"].as_array().unwrap();
    let (quality, page): (Vec<&Value>, Vec<&Value>) = figures.iter().partition(|one| one["group"] == "quality");
    assert_eq!((page.len(), quality.len()), (41, 6));
    assert_eq!(board["groups"].as_array().unwrap().len(), 5);
    assert_eq!(board["position"], board["head_position"]);
    assert_eq!(board["area"], json!({ "code": "542500000000", "name": "阿里地区", "level": "prefecture" }));
    let posted = figure(&board, "posted_staff");
    assert_eq!((&posted["value"], &posted["counted"]), (&json!("2"), &json!(2)));
    assert_eq!(posted["trend"], json!([{ "period": "2025-01", "value": "2" }]));
    assert_eq!(posted["name"], "选派下沉干部");
    assert_eq!(figure(&board, "grid_coverage")["value"], "0.0");

    let county = app.get(&token, "/api/v1/figures?area=542526000000").await.ok();
    assert_eq!(figure(&county, "posted_staff")["value"], "1");
    let nothing = app.get(&token, "/api/v1/figures?area=542521100001001").await.ok();
    assert_eq!(figure(&nothing, "language_pass_rate")["value"], Value::Null);
}

#[tokio::test]
async fn a_figure_as_of_an_earlier_position_or_day_is_what_it_was() {
    let app = TestApp::new();
    let token = app.account("prefecture_officer", "542500000000");
    app.posting(GRID_A, "德吉", "19900000001");
    let then = app.app().store().head(app.office.prefecture).unwrap().position;
    app.posting(GRID_A, "央宗", "19900000002");
    let at = |moment: String| format!("/api/v1/figures?at={moment}");
    let board = app.get(&token, &at(then.to_string())).await.ok();
    assert_eq!(figure(&board, "posted_staff")["value"], "1");
    assert_eq!((&board["position"], &board["at"]), (&json!(then), &json!(then.to_string())));
    assert!(board["head_position"].as_u64().unwrap() > then);
    // The tests' clock stands at 20 August 2025.
    let before = app.get(&token, &at("2025-08-19".to_owned())).await.ok();
    assert_eq!((&figure(&before, "posted_staff")["value"], &before["position"]), (&json!("0"), &json!(0)));
    let after = app.get(&token, &at("2025-08-20".to_owned())).await.ok();
    assert_eq!(figure(&after, "posted_staff")["value"], "2");

    let records = app.get(&token, &format!("/api/v1/figures/posted_staff/records?at={then}")).await.ok();
    assert_eq!((&records["count"], &records["position"]), (&json!(1), &json!(then)));
    assert_eq!(records["items"][0]["title"], "德吉");
    let trend = app.get(&token, &format!("/api/v1/figures/posted_staff/trend?at={then}")).await.ok();
    assert_eq!(trend["points"], json!([{ "day": "2025-01-01", "value": "1" }]));
    let none = app.get(&token, "/api/v1/figures/posted_staff/trend?from=2025-02-01&to=2025-03-01").await.ok();
    assert_eq!(none["points"], json!([]));
}

#[tokio::test]
async fn the_pages_behind_a_figure_hold_every_record_once_even_while_records_arrive() {
    let app = TestApp::new();
    let token = app.account("prefecture_officer", "542500000000");
    for index in 0..7 {
        app.posting(if index % 2 == 0 { GRID_A } else { GRID_B }, &format!("干部{index}"), "19900000001");
    }
    let (mut titles, mut cursor) = (Vec::new(), String::new());
    for page in 0.. {
        let path = format!("/api/v1/figures/posted_staff/records?limit=3{cursor}");
        let answer = app.get(&token, &path).await.ok();
        assert_eq!(answer["count"], 7, "every page is of the moment of the first");
        let items = answer["items"].as_array().unwrap();
        titles.extend(items.iter().map(|item| item["title"].as_str().unwrap().to_owned()));
        app.posting(GRID_A, "后来的人", "19900000001");
        match answer["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => {
                assert_eq!((page, items.len()), (2, 1), "the last page is not empty");
                break;
            }
        }
    }
    titles.sort();
    assert_eq!(titles, (0..7).map(|index| format!("干部{index}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_ratio_lists_what_stands_above_and_below_its_line() {
    let app = TestApp::new();
    let token = app.account("prefecture_officer", "542500000000");
    let path = "/api/v1/figures/grid_coverage/records";
    let above = app.get(&token, path).await.ok();
    assert_eq!(above["figure"]["value"], "0.0");
    let parts: Vec<&str> =
        above["parts"].as_array().unwrap().iter().map(|part| part["code"].as_str().unwrap()).collect();
    assert_eq!(parts, ["numerator", "denominator"]);
    assert_eq!(above["count"], 0);
    let below = app.get(&token, &format!("{path}?part=denominator")).await.ok();
    assert_eq!((&below["count"], below["items"].as_array().unwrap().len()), (&json!(6), 6));
    assert_eq!(below["items"][0]["part"], "denominator");
}

#[tokio::test]
async fn a_record_that_moved_out_of_the_area_keeps_its_present_title_to_itself() {
    let app = TestApp::new();
    let token = app.account("township_officer", "542521100000");
    let subject = app.posting(GRID_A, "德吉", "19900000001");
    let then = app.app().store().head(app.office.prefecture).unwrap().position;
    app.must(
        subject,
        tahuang_domain::Action::Correct {
            area: Some(tahuang_testkit::area(GRID_B)),
            day: None,
            title: Some("措勤县的德吉".to_owned()),
            quantity: None,
            fields: Default::default(),
            reason: "调动".to_owned(),
        },
    );
    let records = app.get(&token, &format!("/api/v1/figures/posted_staff/records?at={then}")).await;
    assert!(!records.text().contains("措勤县的德吉"), "{}", records.text());
    assert_eq!(records.ok()["count"], 1);
}

#[tokio::test]
async fn a_closed_hazard_counts_and_its_record_says_in_which_figures() {
    let app = TestApp::new();
    let token = app.account("township_officer", "542521100000");
    let subject = app.hazard(GRID_A, "电杆倾斜");
    close(&app, subject).await;
    let body = json!({ "commands": [
        { "id": app.app().ids().command().to_string(), "type": "check_case", "subject": subject.to_string(), "passed": true },
        { "id": app.app().ids().command().to_string(), "type": "close_case", "subject": subject.to_string(),
          "day": "2025-08-03", "outcome": "rectified" },
    ] });
    let answer = app.post(&token, "/api/v1/commands", body).await.ok();
    assert!(answer["results"].as_array().unwrap().iter().all(|result| result["status"] == "accepted"), "{answer}");
    let record = app.get(&token, &format!("/api/v1/subjects/{subject}")).await.ok();
    let counted: Vec<&str> =
        record["counted_in"].as_array().unwrap().iter().map(|one| one["figure"].as_str().unwrap()).collect();
    assert!(counted.contains(&"hazards_rectified"), "{counted:?}");
    let board = app.get(&token, "/api/v1/figures").await.ok();
    assert_eq!(figure(&board, "hazards_rectified")["value"], "1");
}
