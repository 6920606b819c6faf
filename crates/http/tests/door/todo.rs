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
async fn what_is_paused_or_withdrawn_is_due_no_more_and_what_is_done_waits_for_its_check() {
    let app = TestApp::new();
    let officer = app.account("prefecture_officer", "542500000000");
    let hazard = app.hazard(GRID_A, "墙体裂缝");
    let withdrawn = app.hazard(GRID_A, "重复上报");
    app.must(withdrawn, Action::Withdraw { reason: "重复".to_owned() });
    app.must(hazard, Action::AcceptCase);
    app.must(hazard, Action::AssignCase { handler: "住建局".to_owned(), account: None, assisting: Vec::new() });
    app.must(hazard, Action::TakeCaseInHand);
    let count = async || titles(&app.get(&officer, "/api/v1/todo").await.ok()).len();
    assert_eq!(count().await, 1);
    app.must(hazard, Action::PauseCase { reason: "等待化冻".to_owned() });
    assert_eq!(count().await, 0);
    app.must(hazard, Action::ResumeCase);
    assert_eq!(count().await, 1);
    let day = "2025-08-20".parse().unwrap();
    app.must(hazard, Action::FinishCase { day, note: String::new() });
    let todo = app.get(&officer, "/api/v1/todo").await.ok();
    assert_eq!((todo["items"][0]["state"].as_str(), titles(&todo).len()), (Some("done"), 1));
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

fn command(app: &TestApp, subject: impl ToString, mut body: Value) -> Value {
    body["id"] = json!(app.app().ids().command().to_string());
    body["subject"] = json!(subject.to_string());
    json!({ "commands": [body] })
}

fn steps(item: &Value) -> Vec<&str> {
    item["steps"].as_array().unwrap().iter().map(|step| step["command"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn everybody_has_a_page_of_their_own_with_what_they_can_do_there() {
    let app = TestApp::new();
    let officer = app.account("township_officer", "542521100000");
    let worker = app.account("grid_worker", GRID_A);
    let hazard = app.hazard(GRID_A, "墙体裂缝");
    let send = async |who: &str, body: Value| {
        let answer = app.post(who, "/api/v1/commands", command(&app, hazard, body)).await.ok();
        assert_eq!(answer["results"][0]["status"], "accepted", "{answer}");
    };
    send(&officer, json!({ "type": "accept_case" })).await;
    let handlers = app.get(&officer, &format!("/api/v1/handlers?kind=hazard&area={GRID_A}")).await.ok();
    let names: Vec<&str> = handlers.as_array().unwrap().iter().map(|who| who["role_name"].as_str().unwrap()).collect();
    assert_eq!(names, ["网格员", "乡镇工作人员"], "the nearest first");
    let given = json!({
        "type": "assign_case",
        "handler": handlers[0]["name"],
        "account": handlers[0]["account"],
        "assisting": [{ "name": handlers[1]["name"], "account": handlers[1]["account"] }],
    });
    send(&officer, given).await;
    let mine = app.get(&worker, "/api/v1/todo?page=mine").await.ok();
    assert_eq!(titles(&mine), ["墙体裂缝"]);
    assert_eq!(
        steps(&mine["items"][0]),
        ["take_case_in_hand", "assign_case", "merge_case", "hand_over_case", "remind_case"]
    );
    let plain = mine["items"][0]["steps"].as_array().unwrap().iter().filter(|step| step["plain"] == true);
    assert_eq!(plain.count(), 2, "to take in hand and to remind need nothing besides");
    assert_eq!(mine["pages"], json!({ "mine": 1, "waiting": 0, "escalated": 0, "area": 1 }));
    let record = app.get(&worker, &format!("/api/v1/subjects/{hazard}")).await.ok();
    assert!(record["number"].as_str().unwrap().starts_with("5425-"), "{}", record["number"]);
    send(&worker, json!({ "type": "take_case_in_hand" })).await;
    send(&officer, json!({ "type": "remind_case" })).await;
    let day = "2025-08-20";
    send(&worker, json!({ "type": "finish_case", "day": day })).await;
    assert_eq!(titles(&app.get(&worker, "/api/v1/todo?page=mine").await.ok()), Vec::<&str>::new());
    assert_eq!(titles(&app.get(&worker, "/api/v1/todo?page=waiting").await.ok()), ["墙体裂缝"]);
    assert_eq!(app.get(&worker, "/api/v1/todo?page=ours").await.code(), "invalid_parameter");
}

#[tokio::test]
async fn merged_cases_name_each_other() {
    let app = TestApp::new();
    let officer = app.account("township_officer", "542521100000");
    let (first, second) = (app.hazard(GRID_A, "墙体裂缝"), app.hazard(GRID_A, "墙裂了"));
    app.must(second, Action::MergeCase { into: first, reason: "同一处".to_owned() });
    let related = async |id: tahuang_domain::SubjectId| {
        let record = app.get(&officer, &format!("/api/v1/subjects/{id}")).await.ok();
        let one = &record["related"][0];
        (one["relation_name"].as_str().unwrap().to_owned(), one["title"].as_str().unwrap().to_owned())
    };
    assert_eq!(related(first).await, ("并入的重复事项".to_owned(), "墙裂了".to_owned()));
    assert_eq!(related(second).await, ("并入到".to_owned(), "墙体裂缝".to_owned()));
}
