//! One booking: what, who, when, how it came about, what was texted, and what can be done.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{
    ask::{Asked, View, booking_path},
    doubts::{self, Doubt},
    elsewhere::{self, Elsewhere},
    items::Seen,
    pane::{Id, answer},
    past::{self, Event, Letter},
    words::{Words, length},
};
use crate::{
    domain::{
        booking::{Booking, BookingState},
        ids::BookingId,
    },
    web::{
        pages::{
            access::{Access, Staff},
            fault::Fault,
            frame::root,
        },
        patience::in_time,
        state::AppState,
    },
};

#[derive(Template)]
#[template(path = "pages/calendar/booking.html")]
#[expect(clippy::struct_excessive_bools, reason = "what is so and what is not, for a page to say")]
struct BookingBody {
    path: String,
    /// "Confirmed", and the badge's colour.
    state: &'static str,
    tone: &'static str,
    /// What is not certain about it, or did not get into the calendar.
    doubts: Vec<Doubt>,
    elsewhere: Vec<Elsewhere>,
    /// What to say first: it changed while somebody looked at it.
    stale: bool,
    service: String,
    staff: String,
    day: String,
    time: String,
    long: String,
    /// Its day in the calendar.
    calendar: String,
    name: String,
    phone: String,
    /// "tel:+1…".
    dial: String,
    /// Their page.
    customer: Option<String>,
    events: Vec<Event>,
    letters: Vec<Letter>,
    can_change: bool,
    can_return: bool,
    over: bool,
}

pub(super) async fn show(
    State(state): State<AppState>,
    Staff(access): Staff,
    Id(id): Id<BookingId>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let booking = read(&state, &access, id).await?;
    told(&state, &access, &headers, &booking, false).await
}

/// The booking, if it is one of this business.
pub(super) async fn read(state: &AppState, access: &Access, id: BookingId) -> Result<Booking, Fault> {
    let found = in_time("reading a booking", state.store.booking(access.business.id, id)).await?;
    found.ok_or(Fault::NotFound)
}

/// A change was asked for that was thought of before somebody else's: nothing is done, and it is shown how it stands.
pub(super) async fn overtaken(
    state: &AppState,
    access: &Access,
    headers: &HeaderMap,
    id: BookingId,
) -> Result<Response, Fault> {
    let booking = read(state, access, id).await?;
    told(state, access, headers, &booking, true).await
}

/// Whether it is still what was looked at: confirmed, and of the version that the form carries.
pub(super) fn unchanged(booking: &Booking, version: &str) -> bool {
    matches!(booking.state, BookingState::Confirmed { .. }) && version == booking.version.to_string()
}

async fn told(
    state: &AppState,
    access: &Access,
    headers: &HeaderMap,
    booking: &Booking,
    stale: bool,
) -> Result<Response, Fault> {
    let business = &access.business;
    let (words, now) = (Words::of(business), state.clock.now());
    let seen = Seen { business, words: &words, now };
    let slot = booking.slot;
    let name = booking.customer.name.as_str();
    let (state_word, tone) = match booking.state {
        BookingState::Held { .. } => ("Being booked", " info"),
        BookingState::Confirmed { .. } => ("Confirmed", " good"),
        BookingState::Cancelled { .. } => ("Cancelled", " bad"),
        BookingState::Moved { .. } => ("Moved", ""),
        BookingState::Expired => ("Let go", ""),
    };
    let known = match &booking.customer.phone {
        Some(phone) => in_time("reading a customer", state.store.customer_by_phone(business.id, phone)).await?,
        None => None,
    };
    let on = words.date_of(slot.starts);
    let calendar = Asked { on, view: View::Day, staff: None }.path(business);
    let body = BookingBody {
        path: booking_path(business, booking.id),
        state: state_word,
        tone,
        doubts: doubts::read(state, business, booking).await?,
        elsewhere: elsewhere::read(state, business, booking).await?,
        stale,
        service: seen.service(slot.service).to_owned(),
        staff: seen.member(slot.staff).to_owned(),
        day: format!("{}, {}", words.long(on), on.year()),
        time: words.span(slot.starts, slot.ends),
        long: length(slot.ends.duration_since(slot.starts).as_mins()),
        calendar,
        name: name.to_owned(),
        phone: booking.customer.phone.as_ref().map(|phone| words.phone(phone)).unwrap_or_default(),
        dial: booking.customer.phone.as_ref().map(|phone| format!("tel:{phone}")).unwrap_or_default(),
        customer: known.map(|known| format!("{}/customers/{}", root(business), known.id)),
        events: past::events(state, business, booking, &words).await?,
        letters: past::letters(state, booking, &words).await?,
        can_change: matches!(booking.state, BookingState::Confirmed { .. }),
        can_return: matches!(booking.state, BookingState::Cancelled { .. }) && slot.ends > now,
        over: slot.ends <= now,
    };
    let status = if stale { StatusCode::CONFLICT } else { StatusCode::OK };
    answer(access, headers, name, status, &body)
}
