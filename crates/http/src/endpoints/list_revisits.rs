use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_app::revisits::RevisitList;
use tahuang_domain::{AreaCode, Body, Position, Subject, SubjectId};
use utoipa::{IntoParams, ToSchema};

use crate::cursor;
use crate::door::Door;
use crate::endpoints::list_todo::{TodoItem, todo_item};
use crate::input::{Json, Query, page_rows};
use crate::problem::ApiError;
use crate::quality;
use crate::record::Detail;
use crate::session::SignedIn;
use crate::speaker::Speaker;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RevisitsQuery {
    /// `waiting` (revisits still to be made), `over` (those of a draw that are over) or `appeals`; `waiting` when absent.
    list: Option<String>,
    /// The cases of this draw.
    #[param(value_type = Option<uuid::Uuid>)]
    draw: Option<SubjectId>,
    /// In this area and below; the account's own when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows on the page, from 1 to 500; 50 when absent.
    limit: Option<usize>,
}

/// A page of cases, those that were opened first standing first.
#[derive(Serialize, ToSchema)]
pub struct Revisits {
    pub items: Vec<RevisitItem>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
    /// Revisits still to be made in the area.
    pub waiting: u64,
    /// Appeals that wait for their decision there.
    pub appeals: u64,
}

/// A case with how well it was dealt with, and what this account may do about that.
#[derive(Serialize, ToSchema)]
pub struct RevisitItem {
    #[serde(flatten)]
    pub case: TodoItem,
    /// The day on which it was closed.
    pub closed: Option<String>,
    /// How often somebody tried to reach whoever asked.
    pub tries: u32,
    /// Personal fields that are kept sealed, like a telephone number; opened one by one.
    pub sealed: Vec<String>,
    /// Its first answer, revisits, appeal, and what is left out of rates.
    pub told: Vec<Detail>,
}

/// Lists cases that were drawn for a revisit, or whose ratings were appealed against
#[utoipa::path(get, path = "/revisits", tag = "quality", params(RevisitsQuery),
    responses((status = 200, body = Revisits, description = "A page of cases")))]
pub async fn list_revisits(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<RevisitsQuery>,
) -> Result<Json<Revisits>, ApiError> {
    door.read(move |door| list(door, &asker, query)).await.map(Json)
}

fn list(door: &Door, asker: &SignedIn, query: RevisitsQuery) -> Result<Revisits, ApiError> {
    let area = query.area.unwrap_or(asker.account.grant.scope);
    let after: Option<Position> = query.cursor.as_deref().map(|text| cursor::read("revisits", text)).transpose()?;
    let list = match (query.list.as_deref(), query.draw) {
        (None | Some("waiting"), draw) => RevisitList::Waiting(draw),
        (Some("over"), Some(draw)) => RevisitList::Over(draw),
        (Some("over"), None) => return Err(ApiError::invalid("draw", "say of which draw")),
        (Some("appeals"), None) => RevisitList::Appeals,
        (Some("appeals"), Some(_)) => return Err(ApiError::invalid("draw", "appeals are of no draw")),
        (Some(_), _) => return Err(ApiError::invalid("list", "waiting, over or appeals")),
    };
    let page = door.app.revisits(&asker.asker, list, area, after, page_rows(query.limit)?)?;
    let speaker = Speaker::new(door, asker.language);
    Ok(Revisits {
        items: page.items.iter().map(|(id, subject)| item(&speaker, asker, *id, subject)).collect(),
        next: page.next.and_then(|position| cursor::write("revisits", &position)),
        waiting: page.waiting,
        appeals: page.appeals,
    })
}

fn item(speaker: &Speaker<'_>, asker: &SignedIn, id: SubjectId, subject: &Subject) -> RevisitItem {
    let case = match &subject.body {
        Body::Case(case) => Some(case),
        _ => None,
    };
    let quality = case.map(|case| &case.quality);
    let told = quality.map(|quality| quality::told(speaker, quality)).unwrap_or_default();
    let steps = speaker.kind(&subject.kind).map(|kind| quality::steps(speaker, &asker.asker, kind, subject));
    RevisitItem {
        case: todo_item(speaker, id, subject, speaker.app().due_of(subject), &steps.unwrap_or_default()),
        closed: case.and_then(|case| case.closed).map(|day| day.to_string()),
        tries: quality.and_then(|quality| quality.waiting()).map_or(0, |revisit| revisit.tries),
        sealed: subject.sealed.keys().cloned().collect(),
        told: told
            .into_iter()
            .map(|(code, value)| Detail { name: speaker.word("detail", code).to_owned(), value })
            .collect(),
    }
}
