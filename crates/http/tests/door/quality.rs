//! Closing is not solving: draws for revisits, what they find, the rates that open to it, and appeals.

use serde_json::{Value, json};
use sm3::{Digest as _, Sm3};
use tahuang_app::Asker;
use tahuang_domain::command::Ended;
use tahuang_domain::{Action, SubjectId};
use tahuang_testkit::area;

use crate::test_app::{GRID_A, GRID_B, PASSWORD, TestApp};

const TOWNSHIP: &str = "542521100000";
const COUNTY: &str = "542521000000";

/// A hazard that was closed on 3 August 2025, as a ledger says: there too a closing may be false.
fn closed(app: &TestApp, place: &str, title: &str) -> SubjectId {
    let hazard = app.app().ids().subject();
    let action = Action::TranscribeCase {
        kind: "hazard".to_owned(),
        area: area(place),
        day: "2025-08-01".parse().unwrap(),
        title: title.to_owned(),
        fields: Default::default(),
        handler: Some("村委会".to_owned()),
        ended: Some(Ended { day: "2025-08-03".parse().unwrap(), outcome: "rectified".to_owned() }),
    };
    app.must(hazard, action);
    hazard
}

fn draw_order(app: &TestApp, wanted: usize) -> Value {
    let id = app.app().ids().subject().to_string();
    json!({ "id": id, "closed_from": "2025-08-01", "closed_until": "2025-08-31", "kinds": ["hazard"], "wanted": wanted })
}

async fn send(app: &TestApp, who: &str, subject: &str, mut command: Value) -> Value {
    command["id"] = json!(app.app().ids().command().to_string());
    command["subject"] = json!(subject);
    app.post(who, "/api/v1/commands", json!({ "commands": [command] })).await.ok()["results"][0].clone()
}

async fn accepted(app: &TestApp, who: &str, subject: &str, command: Value) {
    let told = send(app, who, subject, command.clone()).await;
    assert_eq!(told["status"], "accepted", "{command}: {told}");
}

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// As anybody draws again who has the journal: with the seed and the ids of the cases, and nothing of this program.
fn drawn_again(seed: &str, mut cases: Vec<SubjectId>, wanted: usize) -> Vec<String> {
    let seed: Vec<u8> =
        (0..seed.len()).step_by(2).map(|at| u8::from_str_radix(&seed[at..at + 2], 16).unwrap()).collect();
    cases.sort_by_key(|case| {
        let mut hasher = Sm3::new();
        hasher.update(&seed);
        hasher.update(case.0.as_bytes());
        hex(&hasher.finalize())
    });
    let mut drawn: Vec<String> = cases.into_iter().take(wanted).map(|case| case.to_string()).collect();
    drawn.sort();
    drawn
}

fn rate(board: &Value, code: &str) -> (i64, i64, Value) {
    let figure = board["figures"].as_array().unwrap().iter().find(|figure| figure["code"] == code).unwrap();
    let ratio = &figure["ratio"];
    (ratio["numerator"].as_i64().unwrap(), ratio["denominator"].as_i64().unwrap(), figure["value"].clone())
}

#[tokio::test]
async fn a_draw_can_be_made_again_from_the_seed_that_the_journal_had() {
    let app = TestApp::new();
    let officer = app.account("county_officer", COUNTY);
    let cases: Vec<SubjectId> = (0..12).map(|number| closed(&app, GRID_A, &format!("隐患{number}"))).collect();
    app.hazard(GRID_A, "还在办理");
    closed(&app, GRID_B, "外县的隐患");
    let head = app.app().store().head(app.office.prefecture).unwrap();
    let order = draw_order(&app, 5);
    let draw = app.post(&officer, "/api/v1/revisit-draws", order.clone()).await.ok();
    let said = ["population", "drawn", "waiting", "over", "position"].map(|field| draw[field].as_u64().unwrap());
    assert_eq!(said, [12, 5, 5, 0, head.position]);
    assert_eq!(draw["seed"], head.hash.to_string());
    let listed = app.get(&officer, &format!("/api/v1/revisits?draw={}", draw["id"].as_str().unwrap())).await.ok();
    let mut drawn = ids(&listed);
    drawn.sort();
    assert_eq!(drawn, drawn_again(draw["seed"].as_str().unwrap(), cases, 5));

    let head = app.app().store().head(app.office.prefecture).unwrap();
    let again = app.post(&officer, "/api/v1/revisit-draws", order.clone()).await.ok();
    assert_eq!(again, draw, "sent again, nothing more is drawn");
    assert_eq!(app.app().store().head(app.office.prefecture).unwrap(), head);
    let mut other = order;
    other["wanted"] = json!(6);
    assert_eq!(app.post(&officer, "/api/v1/revisit-draws", other).await.code(), "command_id_reused");
    // What was drawn is not drawn again before it is closed again.
    let rest = app.post(&officer, "/api/v1/revisit-draws", draw_order(&app, 500)).await.ok();
    assert_eq!((&rest["population"], &rest["drawn"]), (&json!(7), &json!(7)));
    let draws = app.get(&officer, "/api/v1/revisit-draws").await.ok();
    assert_eq!(ids(&draws), [rest["id"].as_str().unwrap(), draw["id"].as_str().unwrap()]);
    // In another county nothing of it is seen.
    let elsewhere = app.account("county_officer", "542526000000");
    let others = app.get(&elsewhere, &format!("/api/v1/revisits?draw={}", draw["id"].as_str().unwrap())).await.ok();
    assert_eq!((ids(&others), &others["waiting"]), (Vec::new(), &json!(0)));
}

#[tokio::test]
async fn an_order_that_cannot_be_is_refused_and_nobody_picks_a_case() {
    let app = TestApp::new();
    let officer = app.account("county_officer", COUNTY);
    let hazard = closed(&app, GRID_A, "隐患").to_string();
    for (field, value, code) in [
        ("wanted", json!(0), "quantity_out_of_range"),
        ("wanted", json!(501), "quantity_out_of_range"),
        ("closed_until", json!("2025-07-31"), "finished_before_found"),
        ("kinds", json!(["dragon"]), "unknown_kind"),
        ("kinds", json!(["grid"]), "wrong_shape"),
        ("area", json!("540000000000"), "invalid_parameter"),
        ("id", json!(hazard), "subject_exists"),
        ("id", json!("01980000-0000-8000-8000-000000000001"), "field_invalid"),
    ] {
        let mut order = draw_order(&app, 5);
        order[field] = value.clone();
        assert_eq!(app.post(&officer, "/api/v1/revisit-draws", order).await.code(), code, "{field}: {value}");
    }
    let draw = app.post(&officer, "/api/v1/revisit-draws", draw_order(&app, 1)).await.ok();
    let picked = closed(&app, GRID_A, "挑出来的");
    let told = send(&app, &officer, &picked.to_string(), json!({ "type": "draw_case", "draw": draw["id"] })).await;
    assert_eq!(told["code"], "malformed_command");
    let forged = json!({ "type": "register_entry", "kind": "revisit_draw", "area": COUNTY, "name": "抽查" });
    let told = send(&app, &officer, &app.app().ids().subject().to_string(), forged).await;
    assert_eq!(told["code"], "malformed_command");
    let record = app.get(&officer, &format!("/api/v1/subjects/{}", draw["id"].as_str().unwrap())).await.ok();
    assert_eq!(record["steps"], json!([]), "a draw stays as it was made");
    let field = record["fields"].as_array().unwrap().iter().find(|field| field["code"] == "kinds").unwrap();
    assert_eq!(field["value"], "安全隐患", "kinds are called by their names");
    for (list, parameter) in [("over", "draw"), ("nonsense", "list")] {
        let answer = app.get(&officer, &format!("/api/v1/revisits?list={list}")).await;
        assert_eq!(
            (answer.code(), answer.json()["errors"][0]["path"].as_str()),
            ("invalid_parameter".to_owned(), Some(parameter))
        );
    }
}

#[tokio::test]
async fn whoever_had_a_part_in_a_case_neither_draws_it_nor_is_offered_its_revisit() {
    let app = TestApp::new();
    let (worker, officer) = (app.account("township_officer", TOWNSHIP), app.account("county_officer", COUNTY));
    let hazard = app.hazard(GRID_A, "隐患").to_string();
    let day = "2025-08-20";
    for command in [
        json!({ "type": "accept_case" }),
        json!({ "type": "assign_case", "handler": "村委会" }),
        json!({ "type": "take_case_in_hand" }),
        json!({ "type": "finish_case", "day": day }),
    ] {
        accepted(&app, &worker, &hazard, command).await;
    }
    accepted(&app, &officer, &hazard, json!({ "type": "check_case", "passed": true })).await;
    accepted(&app, &officer, &hazard, json!({ "type": "close_case", "day": day, "outcome": "rectified" })).await;
    let own = app.post(&worker, "/api/v1/revisit-draws", draw_order(&app, 5)).await.ok();
    assert_eq!(own["population"], 0);
    app.post(&officer, "/api/v1/revisit-draws", draw_order(&app, 5)).await.ok();
    let steps = |page: Value| {
        page["items"][0]["steps"].as_array().unwrap().iter().map(|step| step["command"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(steps(app.get(&officer, "/api/v1/revisits").await.ok()), ["revisit_case"]);
    assert_eq!(steps(app.get(&worker, "/api/v1/revisits").await.ok()), Vec::<Value>::new());
    let told = send(&app, &worker, &hazard, json!({ "type": "revisit_case", "reached": false })).await;
    assert_eq!(told["code"], "revisitor_is_handler");
}

#[tokio::test]
async fn a_revisit_that_finds_it_unsolved_opens_the_case_and_shows_in_a_rate_until_an_appeal_is_granted() {
    let app = TestApp::new();
    let officer = app.account("county_officer", COUNTY);
    let cases: Vec<String> = (0..5).map(|number| closed(&app, GRID_A, &format!("隐患{number}")).to_string()).collect();
    let draw = app.post(&officer, "/api/v1/revisit-draws", draw_order(&app, 5)).await.ok();
    let word = |solved: &str| json!({ "type": "revisit_case", "reached": true, "solved": solved, "satisfaction": "satisfied" });
    for case in &cases[..4] {
        accepted(&app, &officer, case, word("resolved")).await;
    }
    let board = app.get(&officer, "/api/v1/figures").await.ok();
    assert_eq!(rate(&board, "false_closure_rate"), (0, 4, Value::Null), "too few to be a percentage");
    let bad = &cases[4];
    accepted(&app, &officer, bad, word("unresolved")).await;
    let record = app.get(&officer, &format!("/api/v1/subjects/{bad}")).await.ok();
    assert_eq!(record["state"], "in_hand");
    let board = app.get(&officer, "/api/v1/figures").await.ok();
    assert_eq!(rate(&board, "false_closure_rate"), (1, 5, json!("20.0")));
    assert_eq!(rate(&board, "resolution_rate"), (4, 5, json!("80.0")));
    assert_eq!(rate(&board, "satisfaction_rate"), (5, 5, json!("100.0")));
    let behind = app.get(&officer, "/api/v1/figures/false_closure_rate/records").await.ok();
    assert_eq!((&behind["count"], &behind["items"][0]["subject"]), (&json!(1), &json!(bad)));
    let over =
        app.get(&officer, &format!("/api/v1/revisits?list=over&draw={}", draw["id"].as_str().unwrap())).await.ok();
    assert_eq!((ids(&over).len(), &over["waiting"]), (5, &json!(0)));

    let cadre = app.account("village_cadre", "542521100001");
    accepted(&app, &cadre, bad, json!({ "type": "appeal_rating", "reason": "反映人所指为另一处隐患" })).await;
    assert_eq!(
        send(&app, &cadre, bad, json!({ "type": "decide_appeal", "granted": true, "reason": "同意" })).await["code"],
        "not_permitted"
    );
    let waiting = app.get(&officer, "/api/v1/revisits?list=appeals").await.ok();
    assert_eq!((ids(&waiting), &waiting["appeals"]), (vec![bad.clone()], &json!(1)));
    assert!(waiting["items"][0]["told"].to_string().contains("反映人所指为另一处隐患"), "{waiting}");
    accepted(&app, &officer, bad, json!({ "type": "decide_appeal", "granted": true, "reason": "已核实" })).await;
    let board = app.get(&officer, "/api/v1/figures").await.ok();
    assert_eq!(rate(&board, "false_closure_rate"), (0, 4, Value::Null));
    let excluded = app.get(&officer, "/api/v1/figures/ratings_excluded/records").await.ok();
    assert_eq!((&excluded["count"], &excluded["items"][0]["subject"]), (&json!(1), &json!(bad)));
    let record = app.get(&officer, &format!("/api/v1/subjects/{bad}")).await.ok();
    let field = record["fields"].as_array().unwrap().iter().find(|field| field["code"] == "excluded").unwrap();
    assert!(field["value"].as_str().unwrap().contains("已核实"), "{field}");

    let live = app.office.derived();
    app.app().rebuild(&mut |_| {}).unwrap();
    assert_eq!(app.office.derived(), live);
}

#[tokio::test]
async fn whoever_appealed_is_told_of_the_decision() {
    let app = TestApp::new();
    let (cadre, officer) = (app.account("village_cadre", "542521100001"), app.account("county_officer", COUNTY));
    let follower = crate::notices::follower(&app);
    let case = closed(&app, GRID_A, "隐患").to_string();
    app.post(&officer, "/api/v1/revisit-draws", draw_order(&app, 1)).await.ok();
    accepted(&app, &officer, &case, json!({ "type": "revisit_case", "reached": true, "solved": "partly" })).await;
    accepted(&app, &cadre, &case, json!({ "type": "appeal_rating", "reason": "余下部分不属本村" })).await;
    follower.catch_up().unwrap();
    let before = app.get(&cadre, "/api/v1/notices").await.ok()["items"].as_array().unwrap().len();
    accepted(&app, &officer, &case, json!({ "type": "decide_appeal", "granted": false, "reason": "属本村" })).await;
    follower.catch_up().unwrap();
    let notices = app.get(&cadre, "/api/v1/notices").await.ok();
    let items = notices["items"].as_array().unwrap();
    assert_eq!(items.len(), before + 1);
    assert!(items[0]["heading"].as_str().unwrap().contains("申诉已裁定"), "{}", items[0]);
    let own = app.get(&officer, "/api/v1/notices").await.ok().to_string();
    assert!(!own.contains("申诉已裁定"), "{own}");
}

#[tokio::test]
async fn a_draw_of_one_township_is_not_about_its_neighbours() {
    let app = TestApp::new();
    let officer = app.account("township_officer", TOWNSHIP);
    closed(&app, "542521200201001", "邻乡的隐患");
    let own = closed(&app, GRID_A, "本镇的隐患").to_string();
    let draw = app.post(&officer, "/api/v1/revisit-draws", draw_order(&app, 5)).await.ok();
    assert_eq!((&draw["population"], &draw["area"]["code"]), (&json!(1), &json!(TOWNSHIP)));
    assert_eq!(ids(&app.get(&officer, "/api/v1/revisits").await.ok()), [own]);
    let mut outside = draw_order(&app, 5);
    outside["area"] = json!(COUNTY);
    assert_eq!(app.post(&officer, "/api/v1/revisit-draws", outside).await.code(), "not_permitted");
    app.app()
        .create_account(&Asker::Console, "late.comer", "旦增", "grid_worker", area(GRID_A), Some(PASSWORD))
        .unwrap();
    let worker = app.sign_in("late.comer");
    assert_eq!(app.get(&worker, "/api/v1/revisits").await.code(), "not_permitted");
}
