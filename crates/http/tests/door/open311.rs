//! Open311, from outside: a program with a key, and programs without one.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tahuang_app::{Asker, SignInError};
use tahuang_domain::{Action, Grant, SubjectId, Verb};
use tahuang_testkit::area;

use crate::test_app::{Answer, GRID_A, GRID_B, PASSWORD, TestApp};

const VILLAGE: &str = "542521100001";
/// A telephone number of no network.
const PHONE: &str = "19900001234";

/// A program that speaks Open311.
struct Program<'a> {
    app: &'a TestApp,
    key: String,
}

impl<'a> Program<'a> {
    fn new(app: &'a TestApp, role: &str, scope: &str) -> Self {
        let name = format!("{role}.{scope}");
        Self { app, key: app.app().create_key(&Asker::Console, &name, role, area(scope)).unwrap() }
    }

    async fn get(&self, path: &str) -> Answer {
        let sign = if path.contains('?') { '&' } else { '?' };
        self.app.open(&format!("/open311/v2/{path}{sign}api_key={}", self.key)).await
    }

    async fn post(&self, fields: &[(&str, &str)]) -> Answer {
        let keyed = [fields, &[("api_key", self.key.as_str())]].concat();
        post(self.app, &keyed, None).await
    }

    /// Reports something, and gives its id.
    async fn report(&self, service: &str, place: &str, words: &str) -> String {
        let posted = self.post(&[("service_code", service), ("address_id", place), ("description", words)]).await.ok();
        posted[0]["service_request_id"].as_str().unwrap().to_owned()
    }

    /// The ids in a list.
    async fn ids(&self, path: &str) -> Vec<String> {
        let list = self.get(path).await.ok();
        let id = |request: &Value| request["service_request_id"].as_str().unwrap().to_owned();
        list.as_array().unwrap().iter().map(id).collect()
    }
}

async fn post(app: &TestApp, fields: &[(&str, &str)], idempotency_key: Option<&str>) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut request = Request::builder()
        .method(Method::POST)
        .uri("/open311/v2/requests.json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=utf-8");
    if let Some(key) = idempotency_key {
        request = request.header("idempotency-key", key);
    }
    app.send(request.body(Body::from(body)).unwrap()).await
}

/// What is wrong, as the specification writes it: status, and the description.
fn fault(answer: &Answer) -> (u16, String) {
    let errors = answer.json();
    assert_eq!(errors.as_array().unwrap().len(), 1, "{errors}");
    assert_eq!(errors[0]["code"], answer.status.as_u16());
    (answer.status.as_u16(), errors[0]["description"].as_str().unwrap().to_owned())
}

/// The office's id of the only case.
async fn subject(app: &TestApp) -> SubjectId {
    let officer = app.account("county_officer", "542521000000");
    let listed = app.get(&officer, "/api/v1/cases").await.ok();
    listed["items"][0]["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn discovery_leads_to_the_services_and_a_service_to_its_attributes() {
    let app = TestApp::new();
    let asked = Request::get("/open311/discovery.json").header(header::HOST, "tahuang.example");
    let discovery = app.send(asked.body(Body::empty()).unwrap()).await;
    assert_eq!(discovery.headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
    let discovery = discovery.ok();
    assert_eq!(discovery["endpoints"][0]["url"], "http://tahuang.example/open311/v2");
    assert_eq!(discovery["endpoints"][0]["formats"], json!(["text/xml", "application/json"]));
    let services = app.open("/open311/v2/services.json").await.ok();
    let codes: Vec<&str> =
        services.as_array().unwrap().iter().map(|service| service["service_code"].as_str().unwrap()).collect();
    assert_eq!(
        codes,
        ["suggestion", "difficulty", "wish", "hazard", "dispute", "road_repair", "app_complaint"],
        "in the order of the residents' page"
    );
    assert_eq!((&services[3]["service_name"], &services[3]["metadata"]), (&json!("安全隐患"), &json!(true)));
    assert_eq!((&services[0]["type"], &services[0]["metadata"]), (&json!("realtime"), &json!(false)));
    let hotline = Grant { role: "open311_hotline".to_owned(), scope: area(VILLAGE) };
    for code in codes {
        let may = app.app().knowledge().roles.permit(&hotline, Verb::Record, code, area(VILLAGE));
        assert_eq!(may, Ok(()), "a key for every service has {code}");
    }
    let hazard = app.open("/open311/v2/services/hazard.json").await.ok();
    let attributes = hazard["attributes"].as_array().unwrap();
    let codes: Vec<&Value> = attributes.iter().map(|attribute| &attribute["code"]).collect();
    assert_eq!(codes, ["category", "theme"], "what is done about it is not for whoever asks");
    assert_eq!((&attributes[0]["datatype"], &attributes[1]["datatype"]), (&json!("string"), &json!("singlevaluelist")));
    assert_eq!(attributes[1]["values"][1], json!({ "key": "fire", "name": "消防" }));
    let xml = app.open("/open311/v2/services.xml").await;
    assert_eq!(xml.headers[header::CONTENT_TYPE], "text/xml; charset=utf-8");
    assert!(
        xml.text()
            .starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<services><service><service_code>suggestion<")
    );
    let english = Request::get("/open311/v2/services.json").header(header::ACCEPT_LANGUAGE, "en");
    let english = app.send(english.body(Body::empty()).unwrap()).await.ok();
    assert_eq!(english[3]["service_name"], "Something dangerous");
}

#[tokio::test]
async fn what_a_program_reports_is_a_residents_case_whose_id_leads_back_to_it() {
    let app = TestApp::new();
    let program = Program::new(&app, "open311", "542521000000");
    let posted = program
        .post(&[
            ("service_code", "hazard"),
            ("address_id", VILLAGE),
            ("address_string", "水塔旁"),
            ("description", "<电线>垂落 & 有火花，电话199 0000 1234"),
            ("phone", PHONE),
            ("first_name", "卓玛央金"),
            ("email", "zhuoma@example.org"),
            ("device_id", "device-4711"),
            ("lat", "30.2937"),
            ("long", "81.1777"),
            ("attribute[theme]", "fire"),
        ])
        .await;
    assert_eq!(posted.status, StatusCode::OK, "{}", posted.text());
    let posted = posted.json();
    let id = posted[0]["service_request_id"].as_str().unwrap();
    let found = program.get(&format!("requests/{id}.json")).await.ok();
    let request = &found[0];
    assert_eq!(request["description"], "<电线>垂落 & 有火花，电话〔号码已隐去〕（水塔旁）");
    assert_eq!((&request["status"], &request["status_notes"]), (&json!("open"), &json!("已收到，等待受理")));
    assert_eq!(request["service_code"], "hazard");
    assert_eq!(request["address"], "吉让居委会, 普兰镇, 普兰县, 阿里地区");
    assert_eq!(request["address_id"], VILLAGE);
    assert!(request["requested_datetime"].as_str().unwrap().ends_with("+08:00"));
    assert!(request["expected_datetime"].as_str().unwrap().ends_with("T23:59:59+08:00"));
    let xml = program.get(&format!("requests/{id}.xml")).await;
    assert!(
        xml.text().contains("<description>&lt;电线&gt;垂落 &amp; 有火花，电话〔号码已隐去〕（水塔旁）</description>")
    );
    assert!(xml.text().contains(&format!("<service_requests><request><service_request_id>{id}<")));
    // The link in the notice is the resident's own.
    let notice = posted[0]["service_notice"].as_str().unwrap();
    let link = &notice[notice.find("/c/").unwrap()..];
    let page = app.open(link).await;
    assert!(page.text().contains("199****1234") && page.text().contains(id), "{}", page.text());
    // The office sees a case of a resident; names, mail, device and coordinates are nowhere.
    let officer = app.account("county_officer", "542521000000");
    let case = subject_of(&app, &officer).await;
    let record = app.get(&officer, &format!("/api/v1/subjects/{case}")).await;
    assert!(record.text().contains("消防") && record.text().contains("群众"), "{}", record.text());
    for row in app.app().store().journal(app.office.prefecture, 1, 1_000).unwrap() {
        let written = String::from_utf8_lossy(&row.bytes).into_owned();
        for kept in ["卓玛央金", "example.org", "device-4711", "30.2937", "81.1777", PHONE, "199 0000"] {
            assert!(!written.contains(kept), "{kept} in {written}");
        }
    }
}

async fn subject_of(app: &TestApp, officer: &str) -> String {
    app.get(officer, "/api/v1/cases").await.ok()["items"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_sent_again_with_the_same_idempotency_key_is_one_request() {
    let app = TestApp::new();
    let (program, other) =
        (Program::new(&app, "open311", "542521000000"), Program::new(&app, "open311", "542521100000"));
    let fields = |key: &'static str, words: &'static str| {
        [("api_key", key), ("service_code", "hazard"), ("address_id", VILLAGE), ("description", words)]
    };
    let key: &'static str = program.key.clone().leak();
    let first = post(&app, &fields(key, "路灯不亮"), Some("4711")).await.ok();
    assert_eq!(post(&app, &fields(key, "路灯不亮"), Some("4711")).await.ok(), first);
    let changed = fault(&post(&app, &fields(key, "别的事"), Some("4711")).await);
    assert_eq!(changed, (409, "Idempotency-Key was used for another request".to_owned()));
    let others = post(&app, &fields(other.key.clone().leak(), "路灯不亮"), Some("4711")).await.ok();
    assert_ne!(others[0]["service_request_id"], first[0]["service_request_id"], "another program's key is another's");
    assert_eq!(program.ids("requests.json").await.len(), 2);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_said_in_the_form_of_the_specification() {
    let app = TestApp::new();
    let program = Program::new(&app, "open311_hotline", "542500000000");
    let long = "长".repeat(401);
    let right = [("service_code", "hazard"), ("address_id", VILLAGE), ("description", "路灯不亮")];
    for (name, value, status, said) in [
        ("service_code", "", 400, "service_code was not provided"),
        ("service_code", "pothole", 404, "service_code was not found"),
        ("service_code", "account", 404, "service_code was not found"),
        ("address_id", "", 400, "address_id was not provided"),
        ("address_id", "542521000000", 400, "address_id was not found"),
        ("address_id", "542599100001", 400, "address_id was not found"),
        ("description", long.as_str(), 400, "description and address_string: at most 400"),
        ("phone", "none", 400, "phone is no telephone number"),
        ("jurisdiction_id", "540100000000", 404, "jurisdiction_id was not found"),
        ("jurisdiction_id", "city.gov", 404, "jurisdiction_id was not found"),
        ("attribute[theme]", "earthquake", 400, "attribute[theme] is none of the values"),
        ("attribute[measure]", "挂牌", 400, "attribute[measure]: this service_code has no such attribute"),
        ("attribute[category]", "电话19900001234", 400, "attribute[category] holds a long number"),
    ] {
        let others = right.iter().copied().filter(|(known, _)| *known != name);
        let fields: Vec<(&str, &str)> = others.chain([(name, value), ("lat", "30.29"), ("long", "81.17")]).collect();
        let (got, description) = fault(&program.post(&fields).await);
        assert!(got == status && description.starts_with(said), "{name}={value}: {got} {description}");
    }
    assert_eq!(program.ids("requests.json").await.len(), 0, "nothing of all that came in");
    assert_eq!(program.post(&right).await.status, StatusCode::OK);
    for (path, status, said) in [
        ("requests.json?start_date=2025-01-01", 400, "start_date: write it as"),
        (
            "requests.json?start_date=2025-01-01T00:00:00Z&end_date=2025-06-01T00:00:00Z",
            400,
            "start_date and end_date span",
        ),
        ("requests.json?status=solved", 400, "status: there is no solved"),
        ("requests.json?service_code=hazard,pothole", 400, "service_code: there is no pothole"),
        ("requests.json?jurisdiction_id=540100000000", 404, "jurisdiction_id was not found"),
        ("requests/5425-999999.json", 404, "service_request_id was not found"),
        ("requests/5425-000001.json", 404, "service_request_id was not found"),
        ("requests/1.json", 404, "service_request_id was not found"),
        ("services/pothole.json", 404, "service_code was not found"),
        ("tokens/1.json", 404, "token was not found"),
    ] {
        let (got, description) = fault(&program.get(path).await);
        assert!(got == status && description.starts_with(said), "{path}: {got} {description}");
    }
    let xml = program.get("requests/1.xml").await;
    assert_eq!(xml.headers[header::CONTENT_TYPE], "text/xml; charset=utf-8");
    assert!(xml.text().ends_with(
        "<errors><error><code>404</code><description>service_request_id was not found</description></error></errors>\n"
    ));
    let json = Request::post("/open311/v2/requests.json").header(header::CONTENT_TYPE, "application/json");
    let json = app.send(json.body(Body::from("{}")).unwrap()).await;
    assert!(fault(&json).1.contains("application/x-www-form-urlencoded"));
}

#[tokio::test]
async fn lists_are_of_residents_cases_alone_and_obey_their_filters() {
    let app = TestApp::new();
    let program = Program::new(&app, "open311", "542521000000");
    app.hazard(GRID_A, "网格员自己报的");
    let hazard = program.report("hazard", VILLAGE, "路灯不亮").await;
    let case = subject(&app).await;
    let road = program.report("road_repair", GRID_A, "路面塌陷").await;
    assert_eq!(program.ids("requests.json").await, [road.as_str(), &hazard], "newest first");
    assert_eq!(program.ids("requests.json?service_code=hazard").await, [hazard.as_str()]);
    assert_eq!(program.ids("requests.json?service_code=hazard,road_repair").await.len(), 2);
    assert_eq!(program.ids("requests.json?status=closed").await.len(), 0);
    assert_eq!(program.ids(&format!("requests.json?service_request_id={hazard},5425-999999")).await, [hazard.as_str()]);
    assert_eq!(program.ids("requests.json?end_date=2020-01-01T00:00:00Z").await.len(), 0);
    let correction = json!({ "type": "correct", "title": format!("路灯不亮，联系{PHONE}"), "reason": "补充" });
    app.must(case, serde_json::from_value(correction).unwrap());
    let corrected = program.get(&format!("requests/{hazard}.json")).await.ok();
    assert_eq!(corrected[0]["description"], "路灯不亮，联系〔号码已隐去〕", "also what an office wrote");
    app.must(case, Action::DeclineCase { reason: "不在本地".to_owned() });
    let closed = program.get("requests.json?status=closed").await.ok();
    assert_eq!((&closed[0]["service_request_id"], &closed[0]["status"]), (&json!(hazard), &json!("closed")));
    assert_eq!((&closed[0]["status_notes"], &closed[0]["expected_datetime"]), (&json!("不予受理"), &Value::Null));
    let asked_at = closed[0]["requested_datetime"].as_str().unwrap().replace('+', "%2B");
    let from = format!("requests.json?start_date={asked_at}");
    assert_eq!(program.ids(&from).await.len(), 2, "a list begins with the moment that is named");
    app.must(case, Action::Withdraw { reason: "重复".to_owned() });
    assert_eq!(program.ids("requests.json").await, [road.as_str()]);
    assert_eq!(program.get(&format!("requests/{hazard}.json")).await.status, StatusCode::NOT_FOUND);
}

/// Every operation, and what each program gets of a dispute in grid B.
#[tokio::test]
async fn every_operation_is_tried_by_those_who_must_not_reach_what_they_ask_for() {
    let app = TestApp::new();
    let hotline = Program::new(&app, "open311_hotline", "542526000000");
    let dispute = hotline.report("dispute", GRID_B, "草场边界有争议").await;
    let callers = [
        ("nobody", Program { app: &app, key: String::new() }),
        ("a forged key", Program { app: &app, key: format!("{}x", hotline.key) }),
        ("a session", Program { app: &app, key: app.account("county_officer", "542526000000") }),
        ("public matters", Program::new(&app, "open311", "542526000000")),
        ("another county", Program::new(&app, "open311_hotline", "542521000000")),
        ("the hotline", hotline),
    ];
    let request = format!("requests/{dispute}.json");
    let by_id = format!("requests.json?service_request_id={dispute}");
    for (path, wanted) in [
        ("discovery.json", [200; 6]),
        ("services.json", [200; 6]),
        ("services/dispute.json", [200; 6]),
        ("tokens/1.json", [404; 6]),
        (request.as_str(), [403, 403, 403, 404, 404, 200]),
        ("requests.json", [403, 403, 403, 200, 200, 200]),
        (by_id.as_str(), [403, 403, 403, 200, 200, 200]),
    ] {
        for ((name, caller), status) in callers.iter().zip(wanted) {
            let answer = caller.get(path).await;
            assert_eq!(answer.status.as_u16(), status, "{path} by {name}: {}", answer.text());
            let is_about_it = path.starts_with("requests") && *name == "the hotline";
            assert_eq!(answer.text().contains("草场边界"), is_about_it, "{path} by {name}");
        }
    }
    for ((name, caller), status) in callers.iter().zip([403, 403, 403, 403, 403, 200]) {
        let fields = [("service_code", "dispute"), ("address_id", GRID_B), ("description", "又有争议")];
        assert_eq!(caller.post(&fields).await.status.as_u16(), status, "POST by {name}");
    }
}

#[tokio::test]
async fn a_key_is_for_this_door_alone_and_ends_when_it_is_revoked() {
    let app = TestApp::new();
    let program = Program::new(&app, "open311", "542521000000");
    let name = "open311.542521000000";
    assert_eq!(program.get("requests.json").await.status, StatusCode::OK);
    let bearer =
        Request::get("/open311/v2/requests.json").header(header::AUTHORIZATION, format!("Bearer {}", program.key));
    assert_eq!(app.send(bearer.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
    assert_eq!(app.get(&program.key, "/api/v1/cases").await.status, StatusCode::UNAUTHORIZED);
    let secret = program.key.rsplit_once('.').unwrap().1;
    for password in [secret, PASSWORD, ""] {
        assert_eq!(app.app().sign_in(name, password).unwrap_err(), SignInError::BadCredentials);
    }
    let console = Asker::Console;
    let set = app.app().reset_password(&console, name, Some(PASSWORD));
    assert_eq!(set, Err(SignInError::NotFound), "with a password it would be an account");
    let made = app.app().create_account(&console, "somebody", "旦增", "open311", area(VILLAGE), Some(PASSWORD));
    assert_eq!(made, Err(SignInError::UnknownRole));
    let made = app.app().create_key(&console, "officer", "county_officer", area("542521000000"));
    assert_eq!(made, Err(SignInError::UnknownRole), "a key is not for the work of an office");
    app.account("county_officer", "542521000000");
    assert_eq!(app.app().revoke_key(&console, "county_officer.542521000000"), Err(SignInError::NotFound));
    assert_eq!(app.app().create_key(&console, name, "open311", area(VILLAGE)), Err(SignInError::LoginTaken));
    app.app().revoke_key(&console, name).unwrap();
    assert_eq!(fault(&program.get("requests.json").await), (403, "api_key is invalid".to_owned()));
}

#[tokio::test]
async fn whoever_sends_too_often_is_told_when_to_come_again() {
    let app = TestApp::new();
    let program = Program::new(&app, "open311", "542521000000");
    for number in 0..30 {
        program.report("hazard", VILLAGE, &format!("隐患{number}")).await;
    }
    // The clock of the tests goes on by some seconds with each request, so it takes a few more.
    let mut told = None;
    for _ in 0..100 {
        let fields = [("service_code", "hazard"), ("address_id", VILLAGE), ("description", "又一处")];
        let answer = program.post(&fields).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            told = Some(answer);
            break;
        }
    }
    let told = told.expect("nobody held it up");
    assert!(told.headers.contains_key(header::RETRY_AFTER) && fault(&told).1.starts_with("too many requests"));
    assert_eq!(program.get("requests.json").await.status, StatusCode::OK, "reading is not held up");
}

/// A form with a picture in it, as a program sends it.
fn with_media(key: Option<&str>, fields: &[(&str, &str)], pictures: &[&[u8]]) -> Request<Body> {
    let mut body: Vec<u8> = Vec::new();
    for (name, value) in fields {
        let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.as_bytes());
    }
    for picture in pictures {
        body.extend(b"--edge\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a.png\"\r\n\r\n");
        body.extend(*picture);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    let key = key.map(|key| format!("?api_key={key}")).unwrap_or_default();
    Request::builder()
        .method(Method::POST)
        .uri(format!("/open311/v2/requests.json{key}"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn pictures_come_with_what_is_asked_and_only_with_a_key_in_the_address() {
    let app = TestApp::new();
    app.account("township_officer", "542521100000");
    let officer = app.sign_in("township_officer.542521100000");
    let program = Program::new(&app, "open311", VILLAGE);
    let asked = [("service_code", "hazard"), ("address_id", VILLAGE), ("description", "河堤有裂缝")];
    let keyed = [&asked[..], &[("api_key", program.key.as_str())]].concat();
    let refused = app.send(with_media(None, &keyed, &[crate::files::PNG])).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "nothing of the body is read without a key: {}", refused.text());
    let taken = app.send(with_media(Some(&program.key), &asked, &[crate::files::PNG])).await.ok();
    assert!(!taken[0]["service_notice"].as_str().unwrap().contains("未能收下"), "{taken}");
    let broken = app.send(with_media(Some(&program.key), &asked, &[b"no picture"])).await.ok();
    assert!(broken[0]["service_notice"].as_str().unwrap().contains("未能收下"), "{broken}");
    let many = app.send(with_media(Some(&program.key), &asked, &[crate::files::PNG; 4])).await;
    assert_eq!(many.status, StatusCode::BAD_REQUEST, "{}", many.text());
    let cases = app.get(&officer, "/api/v1/cases?kind=hazard").await.ok();
    let files = |index: usize| {
        let (app, officer, id) = (&app, &officer, cases["items"][index]["id"].as_str().unwrap().to_owned());
        async move { app.get(officer, &format!("/api/v1/subjects/{id}")).await.ok()["files"].as_array().unwrap().len() }
    };
    assert_eq!((files(1).await, files(0).await), (1, 0), "what was asked is there with or without its picture");
}
