use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_domain::AreaCode;
use tahuang_notify::desk::{self, Place};
use tahuang_notify::message::Message;
use tahuang_store::DeliveryState;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::cursor;
use crate::door::Door;
use crate::input::{Json, Query, page_rows};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::{AreaRef, Speaker, moment};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveriesQuery {
    /// About records in this area and below; the account's own when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// Only `waiting`, `sending`, `delivered`, `failed`, `uncertain` or `dismissed`; all when absent.
    state: Option<String>,
    /// Only over the channel with this code.
    channel: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows on the page, from 1 to 500; 50 when absent.
    limit: Option<usize>,
}

/// A page of the delivery log, newest first.
#[derive(Serialize, ToSchema)]
pub struct Deliveries {
    pub items: Vec<Delivery>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
}

/// A message over a channel to one recipient.
#[derive(Serialize, ToSchema)]
pub struct Delivery {
    pub id: Uuid,
    /// The channel's code in `tahuang.toml`.
    pub channel: String,
    /// A mail address; empty where the channel has one receiver.
    pub recipient: String,
    pub state: &'static str,
    pub state_name: String,
    pub emergency: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// What the channel said last.
    pub answer: String,
    /// When it was written.
    pub at: String,
    /// Since when it stands so.
    pub since: String,
    /// When it is sent next; `null` when it is not.
    pub next_at: Option<String>,
    pub area: AreaRef,
    /// The record it is about; `null` for those who may not read that.
    pub subject: Option<Uuid>,
    /// What it says in a line; `null` for those who may not read the record.
    pub heading: Option<String>,
    /// What it says; `null` for those who may not read the record.
    pub text: Option<String>,
    /// What may be decided about it: `retry`, `dismiss`.
    pub decisions: Vec<&'static str>,
}

impl Delivery {
    pub fn of(speaker: &Speaker<'_>, delivery: desk::Delivery) -> Self {
        let row = delivery.row;
        let message = serde_json::from_slice::<Message>(&row.message).ok().filter(|_| delivery.readable);
        let (heading, text) = message.map_or((None, None), |message| (Some(message.heading), Some(message.text)));
        let state = row.step.state;
        Self {
            id: row.id,
            channel: row.channel,
            recipient: row.recipient,
            state: state.code(),
            state_name: speaker.word("delivery", state.code()).to_owned(),
            emergency: row.emergency,
            attempts: row.step.attempts,
            // What the program itself says is a code; what a channel said stays as it is.
            answer: speaker.word("answer", &row.step.answer).to_owned(),
            at: moment(row.at),
            since: moment(row.step.since),
            next_at: (state == DeliveryState::Waiting).then(|| moment(row.step.next_at)),
            area: speaker.area(row.area),
            subject: delivery.readable.then_some(row.subject.0),
            heading,
            text,
            decisions: delivery.decisions.into_iter().map(|hand| hand.code()).collect(),
        }
    }
}

/// Lists messages and what became of them, newest first
///
/// For administrators and those who verify the journal. What a message says is shown only to those who may read the record
/// that it is about.
#[utoipa::path(get, path = "/deliveries", tag = "notices", params(DeliveriesQuery),
    responses((status = 200, body = Deliveries, description = "A page of messages")))]
pub async fn list_deliveries(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<DeliveriesQuery>,
) -> Result<Json<Deliveries>, ApiError> {
    door.read(move |door| list(door, &asker, query)).await.map(Json)
}

fn list(door: &Door, asker: &SignedIn, query: DeliveriesQuery) -> Result<Deliveries, ApiError> {
    let filter = desk::DeliveryFilter {
        area: query.area.unwrap_or(asker.account.grant.scope),
        state: query.state.as_deref().map(state).transpose()?,
        channel: query.channel,
        before: query.cursor.as_deref().map(|text| cursor::read::<Place>("deliveries", text)).transpose()?,
        limit: page_rows(query.limit)?,
    };
    let (items, next) = desk::deliveries(&door.app, &asker.asker, filter)?;
    let speaker = Speaker::new(door, asker.language);
    Ok(Deliveries {
        items: items.into_iter().map(|delivery| Delivery::of(&speaker, delivery)).collect(),
        next: next.and_then(|place| cursor::write("deliveries", &place)),
    })
}

fn state(code: &str) -> Result<DeliveryState, ApiError> {
    let known = DeliveryState::ALL.into_iter().find(|state| state.code() == code);
    known.ok_or_else(|| ApiError::invalid("state", DeliveryState::ALL.map(DeliveryState::code).join(", ")))
}
