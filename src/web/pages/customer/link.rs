//! The page behind the address in a text message: the appointment as it stands now.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{FromRequestParts, RawPathParams, State},
    http::request::Parts,
    response::Response,
};
use jiff::SignedDuration;

use super::{
    frame::{Frame, Visit, shown},
    limits::{Address, Limits},
    sorry::Sorry,
    ticket::Ticket,
    words::about,
};
use crate::{
    domain::{
        booking::{Booking, BookingState},
        business::WhenCalendarDown,
        ids::BookingId,
        slots::offer::Wish,
    },
    ports::{
        desk::{Actor, DeskError, Find},
        links,
        vendors::Kind,
    },
    store::links::Linked,
    web::{patience::in_time, state::AppState},
};

/// How long an address opens after the appointment is over.
const OPENS_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How many of the business's own answers are shown.
const FACTS: usize = 6;

/// An appointment that somebody holds the address of.
pub(super) struct Opened {
    pub token: String,
    pub linked: Linked,
    pub visit: Visit,
}

impl FromRequestParts<AppState> for Opened {
    type Rejection = Sorry;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Sorry> {
        let token = token(parts, state).await;
        let found = match &token {
            Some(token) => find(state, token).await?,
            None => None,
        };
        let (Some(token), Some(linked)) = (token, found) else { return Err(missed(parts)) };
        let business = state.businesses.get(linked.booking.business).await?.ok_or(Sorry::Gone)?;
        let visit = Visit::new(business, linked.language.as_deref(), &parts.uri, state.clock.now());
        Ok(Self { token, linked, visit })
    }
}

/// What is in the path, if it can be a token at all.
async fn token(parts: &mut Parts, state: &AppState) -> Option<String> {
    let params = RawPathParams::from_request_parts(parts, state).await.ok()?;
    let token = params.iter().find(|(name, _)| *name == "token").map(|(_, token)| token.to_owned())?;
    links::is_token(&token).then_some(token)
}

/// Nothing: there is no such address, or not any more.
async fn find(state: &AppState, token: &str) -> Result<Option<Linked>, Sorry> {
    let hash = links::hash_of(token);
    let linked = in_time("opening a customer's link", state.store.linked(&hash)).await?;
    let now = state.clock.now();
    Ok(linked.filter(|linked| now.duration_since(linked.booking.slot.ends) < OPENS_AFTER))
}

/// Whoever tries one after another is told to go slowly.
fn missed(parts: &Parts) -> Sorry {
    let Address(address) = Address::of(parts);
    let admitted = parts.extensions.get::<Arc<Limits>>().is_none_or(|limits| limits.misses.admits(address));
    if admitted { Sorry::Gone } else { Sorry::TooMany }
}

impl Opened {
    pub(super) fn booking(&self) -> &Booking {
        &self.linked.booking
    }

    /// An address below this one, with what it asks for.
    pub(super) fn address(&self, below: &str, asked: &[(&str, &str)]) -> String {
        self.visit.address(&format!("{}{below}", links::path(&self.token)), asked)
    }

    /// The page itself, with something to say first.
    pub(super) fn telling(&self, news: &str) -> Response {
        super::frame::to(&self.address("", &[("news", news)]))
    }

    /// Whether whoever holds the address may still change it here.
    pub(super) fn changeable(&self) -> bool {
        self.booking().changeable(&self.visit.business, self.visit.now)
    }

    pub(super) fn ticket(&self) -> Ticket {
        Ticket::of(&self.visit, &self.booking().slot, Some(&self.booking().customer))
    }

    /// The language for what is texted: what was chosen here, else what the appointment was made in.
    pub(super) fn language(&self) -> Option<String> {
        self.visit.language().or_else(|| self.linked.language.clone())
    }
}

#[derive(Template)]
#[template(path = "pages/customer/appointment.html")]
struct Appointment {
    frame: Frame,
    ticket: Ticket,
    status: &'static str,
    /// The class of its badge.
    tone: &'static str,
    news: Option<String>,
    more: Option<String>,
    /// Something did not come about.
    bad: bool,
    calendar: Option<String>,
    /// Where its video call is.
    meeting: Option<String>,
    change: Option<Change>,
    too_late: bool,
    again: Option<Again>,
    facts: Vec<String>,
    another: Option<String>,
}

/// What can be done about it here.
struct Change {
    until: String,
    relocate: String,
    cancel: String,
}

/// Taking a cancellation back.
struct Again {
    action: String,
    booking: String,
}

pub(super) async fn see(State(state): State<AppState>, opened: Opened) -> Result<Response, Sorry> {
    let (visit, booking) = (&opened.visit, opened.booking());
    let words = visit.words();
    let ahead = booking.slot.starts > visit.now;
    let confirmed = matches!(booking.state, BookingState::Confirmed { .. });
    let cancelled = matches!(booking.state, BookingState::Cancelled { .. });
    let requested = booking.unverified && visit.business.rules.when_calendar_down == WhenCalendarDown::ConfirmByText;
    let (status, tone) = match booking.state {
        BookingState::Cancelled { .. } => (words.cancelled, "bad"),
        _ if booking.slot.ends <= visit.now => (words.over, ""),
        _ if requested => (words.requested, "warn"),
        _ => (words.booked, "good"),
    };
    let asked = visit.query.text("news");
    let news = match asked {
        "booked" if confirmed && requested => Some(about(words.will_confirm, &visit.business.name)),
        "booked" if confirmed => Some(words.you_are_booked.to_owned()),
        "moved" if confirmed => Some(words.has_moved.to_owned()),
        "cancelled" if cancelled => Some(words.is_cancelled.to_owned()),
        "changed" => Some(words.changed_meanwhile.to_owned()),
        "taken" => Some(words.taken.to_owned()),
        "many" => Some(words.too_many.to_owned()),
        _ => None,
    };
    let texted = booking.customer.phone.as_ref().filter(|_| asked == "booked" && confirmed);
    let page = Appointment {
        frame: visit.frame(words.your_appointment),
        ticket: opened.ticket(),
        status,
        tone,
        bad: matches!(asked, "changed" | "taken" | "many"),
        news,
        more: texted.map(|phone| about(words.text_is_coming, phone.tail())),
        calendar: (confirmed && ahead).then(|| opened.address("/calendar.ics", &[])),
        meeting: if confirmed && booking.slot.ends > visit.now { meeting(&state, booking.id).await } else { None },
        change: opened.changeable().then(|| change(&opened)),
        too_late: confirmed && ahead && !opened.changeable(),
        again: if cancelled && ahead && asked != "taken" { again(&state, &opened).await? } else { None },
        facts: visit.business.facts.iter().take(FACTS).map(|fact| fact.answer.clone()).collect(),
        another: visit.shop().filter(|_| !confirmed || !ahead),
    };
    shown(&page)
}

fn change(opened: &Opened) -> Change {
    let cutoff = SignedDuration::from_mins(i64::from(opened.visit.business.rules.cancel_cutoff_minutes));
    let last = opened.booking().slot.starts - cutoff;
    Change {
        until: about(opened.visit.words().until, &opened.visit.speech.moment(last)),
        relocate: opened.address("/move", &[]),
        cancel: opened.address("/cancel", &[]),
    }
}

/// The address of the video call that a calendar has made for it. Schedulers tell the customer themselves, and keep another
/// address in its place. Whoever finds none here is told it otherwise, so a ledger that is slow is no reason for no page.
async fn meeting(state: &AppState, booking: BookingId) -> Option<String> {
    let found = in_time("looking for a video call", state.store.meetings_of(booking)).await.unwrap_or_default();
    let is_diary = |name: &str| state.vendors.named(name).is_some_and(|vendor| matches!(vendor.kind, Kind::Diary(_)));
    let mut calls = found.into_iter().filter(|(provider, _)| is_diary(provider)).map(|(_, address)| address);
    calls.find(|address| address.starts_with("https://"))
}

/// Only while its time is free.
async fn again(state: &AppState, opened: &Opened) -> Result<Option<Again>, Sorry> {
    let slot = opened.booking().slot;
    let find = Find {
        business: Arc::clone(&opened.visit.business),
        service: slot.service,
        staff: Some(slot.staff),
        from: slot.starts,
        to: slot.starts + SignedDuration::from_secs(1),
        within: Vec::new(),
        wish: Wish::Soonest,
        count: 1,
        replacing: None,
    };
    let free = match state.desk.find(find).await {
        Ok(free) => free,
        Err(DeskError::NotOffered) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let booking = opened.booking().id.to_string();
    Ok((free == [slot]).then(|| Again { action: opened.address("/again", &[]), booking }))
}

/// Customers are held to the rules, whether they call or click.
pub(super) const BY: Actor = Actor::Customer;
