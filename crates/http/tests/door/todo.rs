//! What is due: in which order, how urgent, and how it moves with the days and the steps.

use serde_json::{Value, json};
use tahuang_domain::Action;

use crate::test_app::{GRID_A, GRID_B, TestApp};

fn titles(todo: &Value) -> Vec<&str> {
    todo["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_is_due_comes_most_urgent_first_and_grows_late_with_the_days() {
    // Wednesday, 20 August 2025.
    let app = TestApp::new();
    let officer = app.account("prefecture_officer", "542500000000");
    let grid = app.account("grid_worker", GRID_A);
    let accepted = app.hazard(GRID_A, "已受理");
    app.must(accepted, Action::AcceptCase);
    app.hazard(GRID_A, "刚上报");
    app.hazard(GRID_B, "别处的");
    let todo = app.get(&officer, "/api/v1/todo").await.ok();
    assert_eq!(titles(&todo), ["刚上报", "别处的", "已受理"]);
    assert_eq!(todo["counts"], json!({ "late": 0, "soon": 2, "later": 1 }));
    let due = |index: usize| todo["items"][index]["due"].clone();
    assert_eq!(due(0), json!({ "day": "2025-08-21", "urgency": "soon", "working_days": 1 }));
    assert_eq!(due(2), json!({ "day": "2025-08-29", "urgency": "later", "working_days": 7 }));
    let own = app.get(&grid, "/api/v1/todo").await.ok();
    assert_eq!(titles(&own), ["刚上报", "已受理"], "a grid worker's list is the grid's");
    assert_eq!(own["counts"], json!({ "late": 0, "soon": 1, "later": 1 }));

    // Monday, 25 August: the weekend is not counted.
    app.office.clock.pass_days(5);
    let officer = app.sign_in("prefecture_officer.542500000000");
    let todo = app.get(&officer, "/api/v1/todo?urgency=late").await.ok();
    assert_eq!(titles(&todo), ["刚上报", "别处的"]);
    assert_eq!(todo["items"][0]["due"], json!({ "day": "2025-08-21", "urgency": "late", "working_days": 2 }));
    assert_eq!(
        todo["counts"],
        json!({ "late": 2, "soon": 0, "later": 1 }),
        "the counts are of all, whatever is listed"
    );
}

#[tokio::test]
async fn what_is_paused_done_or_withdrawn_is_due_no_more() {
    let app = TestApp::new();
    let officer = app.account("prefecture_officer", "542500000000");
    let hazard = app.hazard(GRID_A, "墙体裂缝");
    let withdrawn = app.hazard(GRID_A, "重复上报");
    app.must(withdrawn, Action::Withdraw { reason: "重复".to_owned() });
    app.must(hazard, Action::AcceptCase);
    app.must(hazard, Action::AssignCase { handler: "住建局".to_owned() });
    app.must(hazard, Action::TakeCaseInHand);
    let count = async || titles(&app.get(&officer, "/api/v1/todo").await.ok()).len();
    assert_eq!(count().await, 1);
    app.must(hazard, Action::PauseCase { reason: "等待化冻".to_owned() });
    assert_eq!(count().await, 0);
    app.must(hazard, Action::ResumeCase);
    assert_eq!(count().await, 1);
    let day = "2025-08-20".parse().unwrap();
    app.must(hazard, Action::FinishCase { day, note: String::new() });
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn pages_follow_each_other_and_a_wrong_urgency_is_refused() {
    let app = TestApp::new();
    let officer = app.account("prefecture_officer", "542500000000");
    for index in 0..5 {
        app.hazard(GRID_A, &format!("隐患{index}"));
    }
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.get(&officer, &format!("/api/v1/todo?limit=2{cursor}")).await.ok();
        all.extend(titles(&page).into_iter().map(str::to_owned));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(all, ["隐患0", "隐患1", "隐患2", "隐患3", "隐患4"]);
    assert_eq!(app.get(&officer, "/api/v1/todo?urgency=urgent").await.code(), "invalid_parameter");
    assert_eq!(app.get(&officer, "/api/v1/todo?cursor=x").await.code(), "invalid_parameter");
}
