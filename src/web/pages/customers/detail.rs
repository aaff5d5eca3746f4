//! One customer: what is coming, what there has been, and what the business notes about them.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::Timestamp;

use super::super::{
    access::{Access, Staff},
    fault::Fault,
    form::{Fields, Form},
    frame::{Frame, Here, shown_as},
    insights::{member, service},
    say::{Say, counted, length},
};
use crate::{
    domain::{
        booking::{Booking, BookingState},
        customer::KnownCustomer,
        ids::CustomerId,
        insights::Fate,
    },
    store::{
        customers::{LeftNote, SentText},
        insights::CountedCall,
    },
    web::{patience::in_time, state::AppState},
};

/// The newest of each kind that are shown.
const MOST: u32 = 100;

#[derive(Template)]
#[template(path = "pages/customers/detail.html")]
struct Detail {
    frame: Frame,
    form: Form,
    id: String,
    phone: String,
    /// For a `tel:` link.
    dial: String,
    first_seen: String,
    last_seen: String,
    visits: String,
    coming: Vec<Entry>,
    past: Vec<Entry>,
}

/// One line of what there was.
struct Entry {
    at: Timestamp,
    when: String,
    icon: &'static str,
    what: String,
    /// More about it; may be empty.
    text: String,
    badge: &'static str,
    /// The badge's colour.
    tone: &'static str,
    /// A page about it, within the business's.
    link: Option<String>,
}

pub(super) async fn show(
    Staff(access): Staff,
    Path((_, id)): Path<(String, String)>,
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let customer = known(&state, &access, &id).await?;
    let form = Form::of(fields(&customer));
    page(&state, &access, &headers, &customer, form, StatusCode::OK).await
}

/// The customer of this business that a path names.
pub(super) async fn known(state: &AppState, access: &Access, id: &str) -> Result<KnownCustomer, Fault> {
    let id: CustomerId = id.parse().map_err(|_| Fault::NotFound)?;
    in_time("reading a customer", state.store.customer(access.business.id, id)).await?.ok_or(Fault::NotFound)
}

/// What can be edited about them.
pub(super) fn fields(customer: &KnownCustomer) -> Fields {
    Fields::default().and("name", customer.name.as_str()).and("note", customer.note.as_str())
}

pub(super) async fn page(
    state: &AppState,
    access: &Access,
    headers: &HeaderMap,
    customer: &KnownCustomer,
    form: Form,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (business, number, now) = (access.business.id, &customer.phone, state.clock.now());
    let reading = async {
        Ok((
            state.store.booked_by(business, number, MOST).await?,
            state.store.calls_of_number(business, number, MOST).await?,
            state.store.notes_of_number(business, number, MOST).await?,
            state.store.texts_to_number(business, number, MOST).await?,
        ))
    };
    let (bookings, calls, notes, texts) = in_time("reading a customer's history", reading).await?;
    let say = Say::of(&access.business, now);
    let (mut coming, mut past) = (Vec::new(), Vec::new());
    let mut visits = 0_u32;
    for booking in &bookings {
        let stands = matches!(booking.state, BookingState::Confirmed { .. });
        if stands && booking.slot.ends > now {
            coming.push(appointment(&say, access, booking, true));
        } else {
            visits += u32::from(stands);
            past.push(appointment(&say, access, booking, false));
        }
    }
    coming.reverse();
    past.extend(calls.iter().map(|listed| call(&say, listed)));
    past.extend(notes.into_iter().map(|left| note(&say, left)));
    past.extend(texts.into_iter().map(|sent| text(&say, sent)));
    past.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    let page = Detail {
        frame: Frame::of(access, headers, Here::Customers, customer.name.as_str()),
        form,
        id: customer.id.to_string(),
        phone: say.phone(number),
        dial: number.to_string(),
        first_seen: say.day(customer.first_seen),
        last_seen: say.day(customer.last_seen),
        visits: counted(visits, "appointment so far", "appointments so far"),
        coming,
        past,
    };
    shown_as(status, &page)
}

fn appointment(say: &Say, access: &Access, booking: &Booking, coming: bool) -> Entry {
    let (badge, tone) = match booking.state {
        BookingState::Confirmed { .. } if booking.unverified && coming => ("Not verified", "warn"),
        BookingState::Confirmed { .. } => ("", ""),
        BookingState::Cancelled { .. } => ("Cancelled", "bad"),
        BookingState::Moved { .. } => ("Moved", "info"),
        BookingState::Held { .. } | BookingState::Expired => ("Not confirmed", ""),
    };
    let (business, slot) = (&access.business, &booking.slot);
    Entry {
        at: slot.starts,
        when: say.when(slot.starts),
        icon: "calendar",
        what: format!("{} with {}", service(business, slot.service), member(business, slot.staff)),
        text: String::new(),
        badge,
        tone,
        link: Some(format!("bookings/{}", booking.id)),
    }
}

fn call(say: &Say, listed: &CountedCall) -> Entry {
    let fate = Fate::of(&listed.fact);
    let talked = listed.fact.talked().map(|seconds| format!(", {}", length(seconds))).unwrap_or_default();
    Entry {
        at: listed.fact.started,
        when: say.when(listed.fact.started),
        icon: "calls",
        what: format!("Called{talked}"),
        text: if matches!(fate, Fate::Unanswered | Fate::Open) { String::new() } else { fate.words() },
        badge: match fate {
            Fate::Unanswered => "Not answered",
            Fate::Open => "On the line",
            _ => "",
        },
        tone: if fate == Fate::Open { "good" } else { "warn" },
        link: Some(format!("calls/{}", listed.id)),
    }
}

fn note(say: &Say, left: LeftNote) -> Entry {
    Entry {
        at: left.created,
        when: say.when(left.created),
        icon: "messages",
        what: "Left a message".to_owned(),
        text: left.text,
        badge: "",
        tone: "",
        link: left.call.map(|call| format!("calls/{call}")),
    }
}

fn text(say: &Say, sent: SentText) -> Entry {
    let (badge, tone) = match (sent.state.as_str(), sent.delivery.as_deref()) {
        ("failed", _) | (_, Some("failed" | "undelivered")) => ("Failed", "bad"),
        (_, Some("delivered")) => ("Delivered", "good"),
        ("sent", _) => ("Sent", ""),
        _ => ("Waiting", ""),
    };
    Entry {
        at: sent.created,
        when: say.when(sent.created),
        icon: "messages",
        what: "Text message".to_owned(),
        // Erased on somebody's wish, or after its time.
        text: if sent.body.is_empty() { "Deleted".to_owned() } else { sent.body },
        badge,
        tone,
        link: sent.booking.map(|booking| format!("bookings/{booking}")),
    }
}
