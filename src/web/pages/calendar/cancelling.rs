//! Cancelling a booking, and booking it again when that was a mistake.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{
    arrange::{Order, book},
    ask::booking_path,
    booking::{overtaken, read, unchanged},
    items::Seen,
    moving::{described, said},
    pane::{Id, answer, calendar_on},
    words::Words,
};
use crate::{
    domain::{booking::BookingState, ids::BookingId},
    ports::desk::{Actor, Cancel, DeskError, News},
    web::{
        pages::{
            access::Staff,
            fault::Fault,
            form::Fields,
            notice::{Notice, then},
        },
        state::AppState,
    },
};

#[derive(Template)]
#[template(path = "pages/calendar/cancel.html")]
struct CancelBody {
    path: String,
    what: String,
    name: String,
    version: i32,
    letter: Option<String>,
}

pub(super) async fn form(
    State(state): State<AppState>,
    Staff(access): Staff,
    Id(id): Id<BookingId>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let booking = read(&state, &access, id).await?;
    if !matches!(booking.state, BookingState::Confirmed { .. }) {
        return overtaken(&state, &access, &headers, id).await;
    }
    let business = &access.business;
    let words = Words::of(business);
    let body = CancelBody {
        path: booking_path(business, id),
        what: described(&Seen { business, words: &words, now: state.clock.now() }, &booking.slot),
        name: booking.customer.name.as_str().to_owned(),
        version: booking.version,
        letter: state.desk.letter_to(business, &booking.slot, &booking.customer, News::Cancelled),
    };
    answer(&access, &headers, "Cancel the appointment", StatusCode::OK, &body)
}

pub(super) async fn cancel(
    State(state): State<AppState>,
    Staff(access): Staff,
    Id(id): Id<BookingId>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let booking = read(&state, &access, id).await?;
    if !unchanged(&booking, typed.text("version")) {
        return overtaken(&state, &access, &headers, id).await;
    }
    let business = Arc::new(access.business.clone());
    let tell = typed.is_on("tell");
    let reason = Some(typed.text("reason").to_owned()).filter(|reason| !reason.is_empty());
    let by = Actor::Business;
    let cancel = Cancel { business: Arc::clone(&business), booking: id, by, reason, tell, language: None };
    match state.desk.cancel(cancel).await {
        Ok(_) => {}
        Err(DeskError::Gone) => return overtaken(&state, &access, &headers, id).await,
        Err(error) => return Err(error.into()),
    }
    access.note(&state, "booking.cancelled", id, if tell { "the customer was told" } else { "" }).await?;
    let words = Words::of(&business);
    let told = said(tell && booking.customer.phone.is_some());
    let text = format!("Cancelled: {}. {told}", words.moment(booking.slot.starts));
    let undo = format!("{}/again?tell={}", booking_path(&business, id), u8::from(tell));
    let path = calendar_on(&access, &headers, words.date_of(booking.slot.starts));
    Ok(then(&path, &Notice::good(text).undone_at(undo)))
}

/// Books a cancelled appointment again at its time, if nobody has taken it since.
pub(super) async fn again(
    State(state): State<AppState>,
    Staff(access): Staff,
    Id(id): Id<BookingId>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let booking = read(&state, &access, id).await?;
    if !matches!(booking.state, BookingState::Cancelled { .. }) {
        return overtaken(&state, &access, &headers, id).await;
    }
    let business = Arc::new(access.business.clone());
    let words = Words::of(&business);
    let tell = Fields::parse(query.unwrap_or_default().as_bytes()).text("tell") == "1";
    let order = Order {
        slot: booking.slot,
        customer: booking.customer.clone(),
        replacing: None,
        anyway: true,
        tell,
        key: format!("again/{id}/{}", booking.version),
    };
    let path = calendar_on(&access, &headers, words.date_of(booking.slot.starts));
    match book(&state, &business, order).await {
        Ok(new) => {
            access.note(&state, "booking.restored", new.id, &format!("instead of {id}")).await?;
            let told = said(tell && booking.customer.phone.is_some());
            Ok(then(&path, &Notice::good(format!("Booked again: {}. {told}", words.moment(new.slot.starts)))))
        }
        Err(DeskError::Taken | DeskError::NotOffered | DeskError::TooMany | DeskError::Gone) => {
            let why = "It cannot be booked again: that time has been taken meanwhile. It stays cancelled.";
            Ok(then(&path, &Notice::bad(why)))
        }
        Err(error) => Err(error.into()),
    }
}
