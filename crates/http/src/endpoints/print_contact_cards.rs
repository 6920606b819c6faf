use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use tahuang_domain::AreaCode;
use tahuang_press::forms::contact_cards::{ContactCard, contact_cards};
use tahuang_press::limits::CARDS_MAX;
use tahuang_press::words::Languages;
use utoipa::IntoParams;

use crate::address::PublicAddress;
use crate::door::Door;
use crate::input::{Query, Segment};
use crate::paper;
use crate::problem::ApiError;
use crate::residents;
use crate::session::SignedIn;

/// Characters of a name on a card.
const NAME_CHARS_MAX: usize = 60;
/// Characters of a telephone number on a card, with what stands between the digits.
const TELEPHONE_CHARS_MAX: usize = 40;
/// Cards on a sheet.
const SHEET: usize = 10;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CardsQuery {
    /// How many cards, 1 to 1,000; ten, a sheet, when absent.
    #[param(minimum = 1, maximum = 1000)]
    count: Option<usize>,
    /// Who answers there, at most 60 characters.
    #[param(max_length = 60)]
    organisation: Option<String>,
    /// Who is on duty, at most 60 characters.
    #[param(max_length = 60)]
    duty: Option<String>,
    /// The office's telephone, at most 40 characters; no private number.
    #[param(max_length = 40)]
    telephone: Option<String>,
    /// `false` for cards in Chinese alone.
    tibetan: Option<bool>,
}

/// Prints contact cards of an area: what residents keep, with the code that opens their page
///
/// For those who record there what residents ask for. The code holds the server's `address` as configured, or else the
/// address of this request.
#[utoipa::path(get, path = "/areas/{code}/contact-cards.pdf", tag = "areas",
    params(("code" = String, Path, description = "The area: a township, a village or a grid"), CardsQuery),
    responses((status = 200, description = "Sheets of ten cards", body = Vec<u8>, content_type = "application/pdf")))]
pub async fn print_contact_cards(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(code): Segment<AreaCode>,
    PublicAddress(address): PublicAddress,
    Query(query): Query<CardsQuery>,
) -> Result<Response, ApiError> {
    door.app.permit_residents_page(&asker.asker, code)?;
    if residents::place(&door.app, &code.to_string()).is_none() {
        return Err(ApiError::NotFound);
    }
    let count = query.count.unwrap_or(SHEET);
    if !(1..=CARDS_MAX).contains(&count) {
        return Err(ApiError::invalid("count", format!("1 to {CARDS_MAX}")));
    }
    let text = |field: &str, value: Option<String>, max: usize| {
        let value = value.unwrap_or_default().trim().to_owned();
        match value.chars().count() <= max {
            true => Ok(value),
            false => Err(ApiError::invalid(field, format!("at most {max} characters"))),
        }
    };
    let card = ContactCard {
        area: door.app.areas().path(code).replace(" › ", ""),
        area_bo: String::new(),
        organisation: text("organisation", query.organisation, NAME_CHARS_MAX)?,
        duty: vec![text("duty", query.duty, NAME_CHARS_MAX)?],
        telephone: text("telephone", query.telephone, TELEPHONE_CHARS_MAX)?,
        address: residents::address(&address, code),
    };
    let languages = match query.tibetan {
        Some(false) => Languages::Chinese,
        _ => Languages::ChineseAndTibetan,
    };
    let name = format!("便民联系卡 {}.pdf", card.area);
    let bytes = paper::print(&door, move |_| Ok(contact_cards(&vec![card; count], languages)?)).await?;
    Ok(paper::response(&name, bytes))
}
