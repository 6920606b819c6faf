use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_app::Asker;
use tahuang_app::figures::{At, FigureRecord as Found};
use tahuang_domain::{AreaCode, Day, Position, Prefecture, SubjectId, Verb};
use tahuang_figures::{Figure, Part};
use tahuang_store::ContributionRow;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::cursor;
use crate::door::Door;
use crate::endpoints::read_figures::Ratio;
use crate::input::{Json, Moment, Query, Segment, page_rows};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::{AreaRef, SourcePlace, Speaker, part_code};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FigureRecordsQuery {
    /// The area; the account's own when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// As of this journal position, or of the end of this day; now when absent. A cursor keeps the moment of its first page.
    #[param(value_type = Option<String>)]
    at: Option<Moment>,
    /// Of a ratio: `numerator` or `denominator`. `all` otherwise.
    part: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows on the page, from 1 to 500; 50 when absent.
    limit: Option<usize>,
}

/// The records behind a figure.
#[derive(Serialize, ToSchema)]
pub struct FigureRecords {
    pub figure: FigureHead,
    pub area: AreaRef,
    /// The journal position they were counted at.
    pub position: u64,
    /// How many stand behind the part that is listed.
    pub count: i64,
    pub parts: Vec<FigurePart>,
    pub items: Vec<FigureRecord>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct FigureHead {
    pub code: String,
    pub name: String,
    pub unit_name: String,
    pub definition: String,
    /// A decimal number; `null` when there is nothing to divide by.
    pub value: Option<String>,
    /// Of a ratio: the sums above and below its line.
    pub ratio: Option<Ratio>,
}

#[derive(Serialize, ToSchema)]
pub struct FigurePart {
    /// `all`, `numerator` or `denominator`.
    pub code: &'static str,
    pub name: String,
    pub count: i64,
    pub sum: String,
}

/// A record behind a figure.
#[derive(Serialize, ToSchema)]
pub struct FigureRecord {
    pub subject: Uuid,
    pub part: &'static str,
    /// What it gives.
    pub amount: String,
    /// The day it counts on.
    pub day: Option<String>,
    pub kind: String,
    pub kind_name: String,
    /// As it is called now.
    pub title: String,
    /// Where it counts.
    pub area: AreaRef,
    pub area_path: String,
    pub state: &'static str,
    pub state_name: String,
    /// The journal position from which it counts so.
    pub position: u64,
    /// The ledger row that made it count.
    pub source: Option<SourcePlace>,
}

/// Where a page ends: the moment, and the last row.
#[derive(Serialize, Deserialize)]
struct Place {
    at: Position,
    prefecture: Prefecture,
    area: AreaCode,
    day: i64,
    subject: SubjectId,
    slot: u32,
    opened: Position,
}

/// Lists the records behind a figure
///
/// Every record that the figure counts, with what it gives and the ledger row it came from. All pages are of the moment of the
/// first one.
#[utoipa::path(get, path = "/figures/{code}/records", tag = "figures",
    params(("code" = String, Path, description = "The figure"), FigureRecordsQuery),
    responses((status = 200, body = FigureRecords, description = "A page of records")))]
pub async fn list_figure_records(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(code): Segment<String>,
    Query(query): Query<FigureRecordsQuery>,
) -> Result<Json<FigureRecords>, ApiError> {
    door.read(move |door| list(door, &asker, &code, query)).await.map(Json)
}

fn list(door: &Door, asker: &SignedIn, code: &str, query: FigureRecordsQuery) -> Result<FigureRecords, ApiError> {
    let limit = page_rows(query.limit)?;
    let area = query.area.unwrap_or(asker.account.grant.scope);
    let figure = door.app.figure(code)?;
    let part = part_of(figure, query.part.as_deref())?;
    let place: Option<Place> = query.cursor.as_deref().map(|text| cursor::read("figure_records", text)).transpose()?;
    let at = match &place {
        Some(place) => At::Position(place.at),
        None => Moment::at(query.at.as_ref()),
    };
    let (value, position) = door.app.figure_value(&asker.asker, code, area, at)?;
    // Counted and listed at one position, even while records go on arriving.
    let at = At::Position(position);
    let after = place.map(|place| (place.prefecture, row_of(code, part, &place)));
    let mut found = door.app.figure_records(&asker.asker, (code, part), area, at, after, limit + 1)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next =
        found.last().filter(|_| more).and_then(|last| cursor::write("figure_records", &place_of(last, position)));
    let speaker = Speaker::new(door, asker.language);
    let parts: Vec<FigurePart> = std::iter::once((Part::Whole, value.records.whole, value.sums.whole))
        .chain(
            figure.denominator.as_ref().map(|_| (Part::Denominator, value.records.denominator, value.sums.denominator)),
        )
        .map(|(part, count, sum)| {
            let code = part_code(figure, part);
            FigurePart { code, name: speaker.word("part", code).to_owned(), count, sum: figure.amount(sum) }
        })
        .collect();
    let listed = part_code(figure, part);
    Ok(FigureRecords {
        figure: FigureHead {
            code: figure.code.clone(),
            name: speaker.names(&figure.names).to_owned(),
            unit_name: speaker.names(&figure.unit).to_owned(),
            definition: speaker.names(&figure.definition).to_owned(),
            value: value.value,
            ratio: Ratio::of(figure, value.sums),
        },
        area: speaker.area(area),
        position,
        count: parts.iter().find(|part| part.code == listed).map_or(0, |part| part.count),
        parts,
        items: found.iter().map(|record| item(&speaker, &asker.asker, figure, record)).collect(),
        next,
    })
}

fn part_of(figure: &Figure, asked: Option<&str>) -> Result<Part, ApiError> {
    match (asked, figure.denominator.is_some()) {
        (None | Some("all"), false) | (None | Some("numerator"), true) => Ok(Part::Whole),
        (Some("denominator"), true) => Ok(Part::Denominator),
        (Some(_), true) => Err(ApiError::invalid("part", "numerator or denominator")),
        (Some(_), false) => Err(ApiError::invalid("part", "all: the figure is no ratio")),
    }
}

fn item(speaker: &Speaker<'_>, asker: &Asker, figure: &Figure, found: &Found) -> FigureRecord {
    let (row, subject) = (&found.row, &found.subject);
    // It counted here at that moment; what became of it elsewhere since is not for this account.
    let seen = speaker.app().permit(asker, Verb::Read, &subject.kind, subject.area).is_ok();
    FigureRecord {
        subject: row.subject.0,
        part: part_code(figure, row.part),
        amount: figure.amount(row.amount),
        day: Day::from_number(row.day).map(|day| day.to_string()),
        kind: subject.kind.clone(),
        kind_name: speaker.kind_name(&subject.kind),
        title: if seen { subject.title.clone() } else { speaker.word("phrase", "moved_away").to_owned() },
        area: speaker.area(row.area),
        area_path: speaker.path(row.area),
        state: subject.state.code(),
        state_name: speaker.state(subject.state),
        position: row.opened,
        source: found.record.source.as_ref().filter(|_| seen).map(SourcePlace::of),
    }
}

fn place_of(last: &Found, at: Position) -> Place {
    let row = &last.row;
    Place {
        at,
        prefecture: last.prefecture,
        area: row.area,
        day: row.day,
        subject: row.subject,
        slot: row.slot,
        opened: row.opened,
    }
}

fn row_of(figure: &str, part: Part, place: &Place) -> ContributionRow {
    ContributionRow {
        figure: figure.to_owned(),
        part,
        area: place.area,
        day: place.day,
        subject: place.subject,
        slot: place.slot,
        opened: place.opened,
        amount: 0,
        once: false,
    }
}
