//! Moving an appointment by oneself: to a time that is free, with the old one kept until the new one is had.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, http::StatusCode, response::Response};
use jiff::{Timestamp, civil::Date};

use super::{
    change::is_as_shown,
    frame::{Frame, shown, shown_as, to},
    limits::{Address, Shared},
    link::{BY, Opened},
    month::{Links, Month, Search},
    sorry::Sorry,
    ticket::Ticket,
    words::about,
};
use crate::{
    domain::{
        booking::{BookingState, Slot},
        ids::{BookingId, StaffId},
    },
    ports::desk::{Confirm, DeskError, Hold},
    web::{pages::form::Fields, state::AppState},
};

/// Free times to choose from. Also the page to book one.
#[derive(Template)]
#[template(path = "pages/customer/times.html")]
pub(super) struct Times {
    pub frame: Frame,
    pub back: String,
    pub step: Option<String>,
    /// Below the heading.
    pub lead: Option<String>,
    /// What did not come about.
    pub sorry: Option<String>,
    /// "Haircut", "45 min · $45".
    pub service: String,
    pub facts: String,
    pub people: Vec<Person>,
    pub month: Month,
}

/// Somebody to be with, as a link.
pub(super) struct Person {
    pub name: String,
    pub address: String,
    pub chosen: bool,
}

#[derive(Template)]
#[template(path = "pages/customer/move.html")]
struct Question {
    frame: Frame,
    old: Ticket,
    new: Ticket,
    action: String,
    booking: String,
    version: i32,
    starts: String,
    staff: String,
    back: String,
}

/// The addresses of a page that moves.
struct Way<'a> {
    opened: &'a Opened,
    with: &'a str,
}

impl Links for Way<'_> {
    fn look(&self, month: Date, day: Option<Date>) -> String {
        let (month, day) = (month.to_string(), day.map(|day| day.to_string()).unwrap_or_default());
        let anchor = if day.is_empty() { "" } else { "#times" };
        let asked = [("with", self.with), ("month", &month), ("day", &day)];
        format!("{}{anchor}", self.opened.address("/move", &asked))
    }

    fn choose(&self, slot: &Slot) -> String {
        let (starts, staff) = (slot.starts.to_string(), slot.staff.to_string());
        self.opened.address("/move", &[("with", self.with), ("starts", &starts), ("staff", &staff)])
    }
}

/// The times; or, once one is chosen, whether it is right.
pub(super) async fn choose(
    State(state): State<AppState>,
    Extension(limits): Shared,
    Address(address): Address,
    opened: Opened,
) -> Result<Response, Sorry> {
    if !opened.changeable() {
        return Ok(to(&opened.address("", &[])));
    }
    if !limits.looks.admits(address) {
        return Err(Sorry::TooMany);
    }
    match wanted(&opened, &opened.visit.query) {
        Some(slot) => question(&opened, &slot),
        None => times(&state, &opened, None).await,
    }
}

/// The start that is asked for, of this appointment's service.
fn wanted(opened: &Opened, fields: &Fields) -> Option<Slot> {
    let starts: Timestamp = fields.text("starts").parse().ok()?;
    let staff: StaffId = fields.text("staff").parse().ok()?;
    let service = opened.visit.business.service(opened.booking().slot.service)?;
    let (soonest, last) = (opened.visit.now, Timestamp::MAX - jiff::SignedDuration::from_hours(24 * 366));
    let sensible = service.staff.contains(&staff) && soonest <= starts && starts < last;
    sensible.then(|| Slot::at(service, staff, starts))
}

async fn times(state: &AppState, opened: &Opened, sorry: Option<String>) -> Result<Response, Sorry> {
    let (visit, booking) = (&opened.visit, opened.booking());
    // What is no longer offered cannot be moved here; the page says whom to call.
    let Some(service) = visit.business.service(booking.slot.service) else {
        return Ok(to(&opened.address("", &[])));
    };
    let asked = visit.query.text("with");
    let offers = |id: StaffId| service.staff.contains(&id);
    let staff = match asked {
        "any" => None,
        _ => asked.parse().ok().or(Some(booking.slot.staff)).filter(|id| offers(*id)),
    };
    let with = staff.map_or_else(|| "any".to_owned(), |id| id.to_string());
    let search = Search { visit, desk: state.desk.as_ref(), service: service.id, staff, replacing: Some(booking.id) };
    let way = Way { opened, with: &with };
    let month = match search.month(&way).await {
        Ok(month) => month,
        Err(DeskError::NotOffered) => return Ok(to(&opened.address("", &[]))),
        Err(error) => return Err(error.into()),
    };
    let words = visit.words();
    let person = |name: &str, id: &str| Person {
        name: name.to_owned(),
        address: opened
            .address("/move", &[("with", id), ("month", visit.query.text("month")), ("day", visit.query.text("day"))]),
        chosen: id == with,
    };
    let mut people: Vec<Person> =
        visit.business.offering(service).map(|member| person(&member.name, &member.id.to_string())).collect();
    if people.len() > 1 {
        people.insert(0, person(words.anyone, "any"));
    } else {
        people.clear();
    }
    let page = Times {
        frame: visit.frame(words.new_time),
        back: opened.address("", &[]),
        step: None,
        lead: Some(about(words.now_at, &visit.speech.moment(booking.slot.starts))),
        sorry,
        service: service.name.clone(),
        facts: visit.speech.length(service.minutes),
        people,
        month,
    };
    shown_as(if page.sorry.is_some() { StatusCode::CONFLICT } else { StatusCode::OK }, &page)
}

fn question(opened: &Opened, slot: &Slot) -> Result<Response, Sorry> {
    let (visit, booking) = (&opened.visit, opened.booking());
    shown(&Question {
        frame: visit.frame(visit.words().move_question),
        old: opened.ticket(),
        new: Ticket::of(visit, slot, None),
        action: opened.address("/move", &[("with", visit.query.text("with"))]),
        booking: booking.id.to_string(),
        version: booking.version,
        starts: slot.starts.to_string(),
        staff: slot.staff.to_string(),
        back: opened.address("/move", &[("with", visit.query.text("with"))]),
    })
}

/// Takes the new time and gives the old one up, in that order. Twice is the same as once.
pub(super) async fn relocate(
    State(state): State<AppState>,
    Extension(limits): Shared,
    Address(address): Address,
    opened: Opened,
    fields: Fields,
) -> Result<Response, Sorry> {
    if !limits.changes.admits(address) {
        return Err(Sorry::TooMany);
    }
    let booking = opened.booking();
    if !matches!(booking.state, BookingState::Confirmed { .. }) {
        return Ok(opened.telling("changed"));
    }
    let words = opened.visit.words();
    let taken = || Some(format!("{} {}", words.taken, words.others));
    let Some(slot) = wanted(&opened, &fields) else { return times(&state, &opened, taken()).await };
    if !is_as_shown(&opened, &fields) {
        // This very move, sent a second time, or something else.
        return Ok(opened.telling(if booking.slot == slot { "moved" } else { "changed" }));
    }
    match moved(&state, &opened, booking.id, slot).await {
        Ok(()) => Ok(opened.telling("moved")),
        Err(DeskError::Taken | DeskError::NotOffered) => times(&state, &opened, taken()).await,
        Err(DeskError::TooMany) => times(&state, &opened, Some(words.too_many.to_owned())).await,
        // The page itself says that it is too late, and whom to call.
        Err(DeskError::TooLate) => Ok(to(&opened.address("", &[]))),
        Err(DeskError::Gone) => Ok(opened.telling("changed")),
        Err(error) => Err(error.into()),
    }
}

async fn moved(state: &AppState, opened: &Opened, booking: BookingId, slot: Slot) -> Result<(), DeskError> {
    let business = Arc::clone(&opened.visit.business);
    let customer = opened.booking().customer.clone();
    let hold = Hold {
        business: Arc::clone(&business),
        slot,
        customer: customer.clone(),
        call: None,
        by: BY,
        anyway: false,
        key: format!("link/{booking}/{}/{}", slot.staff, slot.starts.as_second()),
        replacing: Some(booking),
    };
    let held = state.desk.hold(hold).await?;
    let language = opened.language();
    let confirm = Confirm { business, hold: held.id, customer, by: BY, tell: true, language };
    state.desk.confirm(confirm).await.map(drop)
}
