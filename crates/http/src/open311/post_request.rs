//! POST Service Request: the command that a resident's form gives, from a program that has a key.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::Value;
use tahuang_app::{Account, Asker, case_number, derived_id, shanghai_day};
use tahuang_domain::catalog::{Field, ForResidents};
use tahuang_domain::writing::without_numbers;
use tahuang_domain::{Action, AreaCode, CommandId, Day, Fields, Kind, Language, SubjectId, Verb};
use tokio::time::timeout;

use super::answer::{Fault, Node};
use super::call::{Call, Parameters};
use super::get_service::{Datatype, attributes, choices, service};
use super::{limits, moment};
use crate::door::Door;
use crate::residents::report::{self, Report, ReportFault, Sent};
use crate::residents::{self, link, photo};

pub async fn post_request(State(door): State<Arc<Door>>, mut call: Call, request: Request) -> Response {
    let headers = request.headers().clone();
    let posted = match take(&door, &call, &headers, request).await {
        Ok((form, pictures)) => {
            call.parameters.extend(form);
            post(&door, &call, &headers, pictures).await
        }
        Err(fault) => Err(fault),
    };
    call.answer("service_requests", posted)
}

/// What was sent: a form, or a form with pictures.
async fn take(
    door: &Arc<Door>,
    call: &Call,
    headers: &HeaderMap,
    request: Request,
) -> Result<(Parameters, Vec<Bytes>), Fault> {
    let of_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let of_type = of_type.split(';').next().unwrap_or_default().trim();
    if of_type.eq_ignore_ascii_case("multipart/form-data") {
        // Nothing of a large body is read before the key is known to be one.
        call.key(door).await?;
        return with_pictures(door, request).await;
    }
    if !of_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let types = "application/x-www-form-urlencoded, or multipart/form-data with media";
        return Err(Fault::bad(format!("the body cannot be read: send Content-Type: {types}")));
    }
    let body = axum::body::to_bytes(request.into_body(), limits::FORM_BYTES_MAX).await;
    Ok((form(&body.map_err(|_| too_large())?)?, Vec::new()))
}

fn too_large() -> Fault {
    Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large")
}

/// The parameters of a form with pictures in its parts `media`.
async fn with_pictures(door: &Arc<Door>, request: Request) -> Result<(Parameters, Vec<Bytes>), Fault> {
    let _turn = door.uploads.turn().await?;
    let read = async {
        let wrong = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            _ => Fault::bad("the body cannot be read"),
        };
        let unreadable = |_| Fault::bad("the body cannot be read");
        let mut parts = Multipart::from_request(request, &()).await.map_err(unreadable)?;
        let (mut given, mut pictures) = (Vec::new(), Vec::new());
        while let Some(part) = parts.next_field().await.map_err(wrong)? {
            let name = part.name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(wrong)?;
            if name == "media" || name == "media[]" {
                if !bytes.is_empty() {
                    pictures.push(bytes);
                }
                continue;
            }
            given.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
        if pictures.len() > residents::limits::PHOTOS_MAX {
            return Err(Fault::bad(format!("media: at most {} pictures", residents::limits::PHOTOS_MAX)));
        }
        let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
        if encoded.len() > limits::FORM_BYTES_MAX {
            return Err(too_large());
        }
        Ok((self::form(encoded.as_bytes())?, pictures))
    };
    let slow = Fault::new(StatusCode::REQUEST_TIMEOUT, "the body came too slowly");
    timeout(Duration::from_secs(crate::limits::UPLOAD_SECONDS_MAX), read).await.unwrap_or(Err(slow))
}

fn form(body: &[u8]) -> Result<Parameters, Fault> {
    let form = Parameters::read(body);
    if form.iter().any(|(name, value)| name.contains('\u{fffd}') || value.contains('\u{fffd}')) {
        return Err(Fault::bad("the body cannot be read: it is not encoded as UTF-8"));
    }
    Ok(form)
}

/// First what costs nothing to look at, and only then the disk.
async fn post(door: &Arc<Door>, call: &Call, headers: &HeaderMap, pictures: Vec<Bytes>) -> Result<Node, Fault> {
    let key = call.key(door).await?;
    let reach = call.reach(&door.app, &key)?;
    let code = call.parameters.one("service_code").ok_or_else(|| Fault::bad("service_code was not provided"))?;
    let (kind, asked) = service(door, code)?;
    let area = place(door, &call.parameters)?;
    let may = reach.contains(area) && door.app.permit(&key.asker(), Verb::Record, &kind.code, area).is_ok();
    if !may {
        return Err(Fault::forbidden("api_key is not for this service_code or not for this address_id"));
    }
    let (subject, id) = ids(door, &key, headers)?;
    let action = action(door, (kind, asked), area, &call.parameters)?;
    let now = door.app.clock().now_ms();
    // A program has its key as a browser has its proof of work.
    door.paces.count(call.visitor.address, true, now).map_err(|seconds| Fault {
        again: Some(seconds),
        ..Fault::new(StatusCode::TOO_MANY_REQUESTS, format!("too many requests; try again in {seconds} s"))
    })?;
    let prefecture = area.prefecture().ok_or_else(|| Fault::bad("address_id was not found"))?;
    match report::send(door, (prefecture, area), (subject, id), action).await? {
        Sent::Case(opened) => {
            let number = case_number(prefecture, opened);
            // The journal says that a resident asked; which program brought it is for the log.
            tracing::info!(key = key.login, number, "a case came in over Open311");
            let language = call.visitor.language;
            let follow = format!("{}/c/{}", call.origin, link::write(&door.app, prefecture, subject));
            let mut notice = door.words.get("open311", "service_notice", language).replace("{}", &follow);
            if !attach(door, (area, subject), pictures).await {
                // What was asked is there, so it is no fault; the pictures can still be sent on the link.
                notice.push(' ');
                notice.push_str(door.words.get("open311", "media_refused", language));
            }
            Ok(Node::List(
                "request",
                vec![Node::Fields(vec![
                    ("service_request_id", Node::Text(number)),
                    ("service_notice", Node::Text(notice)),
                    ("account_id", Node::Nothing),
                ])],
            ))
        }
        Sent::Used => Err(Fault::new(StatusCode::CONFLICT, "Idempotency-Key was used for another request")),
        Sent::Refused { code, message } => Err(Fault::bad(format!("{code}: {message}"))),
    }
}

/// Attaches pictures to what was asked; whether all of them were taken.
async fn attach(door: &Arc<Door>, (area, case): (AreaCode, SubjectId), pictures: Vec<Bytes>) -> bool {
    if pictures.is_empty() {
        return true;
    }
    let Ok(turn) = door.uploads.turn().await else { return false };
    let asker = Asker::Resident { place: area, case: Some(case) };
    let taken = door.blocking(turn, move |door| {
        Ok(pictures.iter().filter(|picture| photo::attach(door, &asker, case, picture).is_err()).count())
    });
    taken.await.is_ok_and(|refused| refused == 0)
}

/// The place: by its code only. No map is known here, and coordinates of people are not kept.
fn place(door: &Door, parameters: &Parameters) -> Result<AreaCode, Fault> {
    let id = parameters.one("address_id").ok_or_else(|| {
        Fault::bad(
            "address_id was not provided: the 12 digits of a township or village, or the 15 of a grid; lat and long or an \
             address_string alone do not say here where it is",
        )
    })?;
    let found = residents::place(&door.app, id).map(|(area, _)| area);
    found.ok_or_else(|| Fault::bad("address_id was not found: it is no township, village or grid that is known here"))
}

/// The ids of case and command: derived from the key and an `Idempotency-Key`, so that what is sent twice is one case.
fn ids(door: &Door, key: &Account, headers: &HeaderMap) -> Result<(SubjectId, CommandId), Fault> {
    let Some(sent) = headers.get("idempotency-key") else {
        return Ok((door.app.ids().subject(), door.app.ids().command()));
    };
    let sent = sent.as_bytes();
    if sent.is_empty() || sent.len() > limits::IDEMPOTENCY_KEY_CHARS_MAX {
        let max = limits::IDEMPOTENCY_KEY_CHARS_MAX;
        return Err(Fault::bad(format!("Idempotency-Key has 1 to {max} characters")));
    }
    // Not from what is sent alone: whoever guesses it must not be able to choose the ids of others' cases.
    let secret = door.app.mark("open311 request", &[key.id.0.as_bytes(), sent].concat());
    let derived = |purpose: &str| derived_id(purpose, &[&secret]);
    Ok((SubjectId(derived("open311: case")), CommandId(derived("open311: command"))))
}

fn action(
    door: &Door,
    (kind, asked): (&Kind, &ForResidents),
    area: AreaCode,
    parameters: &Parameters,
) -> Result<Action, Fault> {
    // Without a word of their own the case is called what its service is called.
    let said = parameters.one("description").unwrap_or_else(|| asked.name.get(Language::ZhCn));
    let said = match parameters.one("address_string") {
        Some(place) => format!("{said}（{place}）"),
        None => said.to_owned(),
    };
    let report = Report {
        kind: &kind.code,
        area,
        day: shanghai_day(door.app.clock().now_ms()),
        said: &said,
        phone: parameters.one("phone").unwrap_or_default(),
        fields: fields(kind, asked, parameters)?,
    };
    report.action(door).map_err(|fault| match fault {
        ReportFault::Empty => Fault::bad("description was not provided"),
        ReportFault::Long => {
            let max = residents::limits::ASKED_CHARS_MAX;
            Fault::bad(format!("description and address_string: at most {max} characters together"))
        }
        ReportFault::Phone => Fault::bad("phone is no telephone number"),
    })
}

/// The fields that `attribute[code]=value` fills in.
fn fields(kind: &Kind, asked: &ForResidents, parameters: &Parameters) -> Result<Fields, Fault> {
    let mut fields = Fields::new();
    for (name, value) in parameters.iter() {
        let Some(code) = name.strip_prefix("attribute[") else { continue };
        let code = code.strip_suffix("[]").unwrap_or(code).trim_end_matches(']');
        let field = attributes(kind, asked).find(|field| field.code == code);
        let field = field.ok_or_else(|| Fault::bad(format!("{name}: this service_code has no such attribute")))?;
        let value = read(field, value).map_err(|problem| Fault::bad(format!("{name} {problem}")))?;
        if fields.insert(code.to_owned(), value).is_some() {
            return Err(Fault::bad(format!("{name} was provided twice")));
        }
    }
    match attributes(kind, asked).find(|field| field.required && !fields.contains_key(&field.code)) {
        Some(missing) => Err(Fault::bad(format!("attribute[{}] was not provided", missing.code))),
        None => Ok(fields),
    }
}

fn read(field: &Field, value: &str) -> Result<Value, &'static str> {
    match Datatype::of(field) {
        Datatype::SingleValueList if choices(field).contains(&value) => Ok(value.into()),
        Datatype::SingleValueList => Err("is none of the values"),
        Datatype::Number => value.parse::<i64>().map(Value::from).map_err(|_| "is no whole number"),
        Datatype::Datetime => {
            let day = value.parse::<Day>().ok().or_else(|| moment::read(value).map(shanghai_day));
            day.map(|day| day.to_string().into()).ok_or("is no date")
        }
        // An attribute stands open for ever, and only the description is kept sealed as well.
        Datatype::Text if without_numbers(value, "").1 => Err("holds a long number; write it in the description"),
        Datatype::Text => Ok(value.into()),
    }
}
