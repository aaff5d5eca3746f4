//! What came of a call, for whoever holds its token: the ticket and the text message that the page shows at the end.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{Names, Sorry, held, profile};
use crate::{
    domain::{
        booking::{Booking, BookingState},
        business::Business,
        call::Outcome,
        ids::CallId,
        time::speak,
    },
    store::{
        calls::Call,
        outbox::{Kind, Outbox},
    },
    web::{api, patience::in_time, same_origin, state::AppState},
};

#[derive(Serialize)]
struct After {
    over: bool,
    outcome: &'static str,
    bookings: Vec<Ticket>,
    messages: Vec<Message>,
}

#[derive(Serialize)]
struct Ticket {
    status: &'static str,
    /// "Tuesday, November 24"
    day: String,
    /// "3 PM"
    time: String,
    /// "Haircut with Maria"
    what: String,
    name: String,
    phone: Option<String>,
    price: Option<String>,
    length: Option<String>,
    address: Option<String>,
}

#[derive(Serialize)]
struct Message {
    to: String,
    body: String,
    state: &'static str,
}

pub(super) async fn tell(
    State(state): State<AppState>,
    Path((business, call, token)): Path<Names>,
    headers: HeaderMap,
) -> Result<Response, Sorry> {
    if same_origin::from_elsewhere(&headers) {
        return Err(super::NOT_FROM_HERE);
    }
    let call = held(&state, business, &call, &token).await?;
    let business = state.businesses.get(business).await?.ok_or(super::NOT_FOUND)?;
    told(&state, &business, &call).await
}

/// What came of a call, with the business as it was when it rang.
pub(super) async fn told(state: &AppState, business: &Business, call: &Call) -> Result<Response, Sorry> {
    let outbox = in_time("reading a call's messages", state.store.outbox_of_call(call.id)).await?;
    let bookings = bookings(state, business, call.id).await?;
    let after = After {
        // A caller who hangs up may leave before the call has noticed; what is decided is decided.
        over: call.ended.is_some() || (!call.connected && call.outcome != Outcome::None),
        outcome: call.outcome.as_str(),
        bookings: bookings.iter().map(|booking| ticket(booking, business)).collect(),
        messages: outbox.into_iter().filter(|row| row.kind == Kind::Sms).map(message).collect(),
    };
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")], Json(after)).into_response())
}

/// The bookings that the call made or changed, newest change last; what was moved away from is not shown.
async fn bookings(state: &AppState, business: &Business, call: CallId) -> Result<Vec<Booking>, Sorry> {
    let reading = state.store.bookings_of_call(business.id, call);
    let mut found = in_time("reading a call's bookings", reading).await?;
    found.retain(|booking| matches!(booking.state, BookingState::Confirmed { .. } | BookingState::Cancelled { .. }));
    Ok(found)
}

fn ticket(booking: &Booking, business: &Business) -> Ticket {
    let service = business.service(booking.slot.service);
    let member = business.member(booking.slot.staff).map(|member| format!(" with {}", member.name));
    let name = service.map_or("Appointment", |service| &service.name);
    Ticket {
        status: if matches!(booking.state, BookingState::Confirmed { .. }) { "confirmed" } else { "cancelled" },
        day: booking.wall.strftime("%A, %B %-d").to_string(),
        time: profile::clock(booking.wall.time(), &business.country),
        what: format!("{name}{}", member.unwrap_or_default()),
        name: booking.customer.name.as_str().to_owned(),
        phone: booking.customer.phone.as_ref().map(|phone| grouped(phone.as_str())),
        price: service.and_then(|service| service.price).map(profile::price),
        length: service.map(|service| speak::minutes(service.minutes)),
        address: business.address.clone(),
    }
}

fn message(row: Outbox) -> Message {
    Message { to: grouped(&row.recipient), body: row.body, state: api::message_state(row.state) }
}

/// A North American number in its usual groups: "+1 212 555 0187". Others are left as they are.
fn grouped(number: &str) -> String {
    match number.strip_prefix("+1").filter(|rest| rest.len() == 10 && rest.is_ascii()) {
        Some(rest) => format!("+1 {} {} {}", &rest[..3], &rest[3..6], &rest[6..]),
        None => number.to_owned(),
    }
}
