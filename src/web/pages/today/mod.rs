//! Today: who is on the line, who comes next, what needs a person.
//!
//! What changes by itself stands in one piece that the page asks for again every few seconds, as long as somebody looks.

mod now;
mod numbers;
mod wishes;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method},
    response::Response,
};
use jiff::{SignedDuration, ToSpan, civil::Date};

use super::{
    access::{Access, Staff},
    doors::{Doors, Need},
    fault::Fault,
    frame::{Frame, Here, shown},
    insights::{member, service},
    say::Say,
};
use crate::{
    domain::{
        account::Role,
        booking::Booking,
        setup::{Progress, progress},
    },
    store::bookings::Filter,
    web::{patience::in_time, state::AppState},
};
use numbers::Numbers;

/// Appointments that are read; a calmer number of them is shown, and the calendar has them all.
const MOST_READ: u32 = 250;
const SHOWN_TODAY: usize = 8;
const SHOWN_TOMORROW: usize = 5;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/b/{business}", Need::Staff, show)
        .at(Method::GET, "/b/{business}/now", Need::Staff, now::again)
        .at(Method::POST, "/b/{business}/wishes/{wish}/undo", Need::Staff, wishes::undo)
        .at(Method::POST, "/b/{business}/wishes/{wish}/seen", Need::Staff, wishes::seen)
}

#[derive(Template)]
#[template(path = "pages/today/page.html")]
struct Today {
    frame: Frame,
    /// "Thursday, November 26".
    date: String,
    /// The piece that is asked for again, as it is now.
    now: String,
    days: Vec<Day>,
    numbers: Option<Numbers>,
    /// Nobody has ever called: what to do now.
    first_day: Option<FirstDay>,
    /// How far an owner is with setting it up, until they are through.
    setup: Option<Progress>,
}

struct Day {
    name: &'static str,
    date: String,
    /// How many there are.
    count: usize,
    /// The next of them.
    appointments: Vec<Appointment>,
}

struct Appointment {
    id: String,
    from: String,
    to: String,
    name: String,
    what: String,
    /// It has begun.
    begun: bool,
    unverified: bool,
}

struct FirstDay {
    /// The numbers that callers dial.
    numbers: Vec<String>,
}

async fn show(Staff(access): Staff, State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Fault> {
    let say = Say::of(&access.business, state.clock.now());
    let business = access.business.id;
    let had_calls = in_time("looking for calls", state.store.has_had_calls(business)).await?;
    let numbers = if had_calls { Some(numbers::read(&state, &access, &say).await?) } else { None };
    let first_day = (!had_calls)
        .then(|| FirstDay { numbers: access.business.numbers.iter().map(|number| say.phone(number)).collect() });
    let setup = progress(&access.business, had_calls);
    let page = Today {
        date: say.today().strftime("%A, %B %-d").to_string(),
        now: now::piece(&state, &access, &say).await?,
        days: days(&state, &access, &say).await?,
        numbers,
        first_day,
        setup: Some(setup).filter(|setup| access.role == Role::Owner && setup.next.is_some()),
        frame: Frame::of(&access, &headers, Here::Today, "Today"),
    };
    shown(&page)
}

/// What is still to come today, and tomorrow.
async fn days(state: &AppState, access: &Access, say: &Say) -> Result<Vec<Day>, Fault> {
    let now = state.clock.now();
    let tomorrow = say.today().saturating_add(1.day());
    let start = |date: Date| date.to_zoned(access.business.zone.tz().clone()).map_or(now, |at| at.timestamp());
    let filter = Filter {
        // Whoever is in the chair at this moment began up to a day ago.
        from: Some(now - SignedDuration::from_hours(24)),
        to: Some(start(tomorrow.saturating_add(1.day()))),
        status: Some("confirmed".to_owned()),
        ..Filter::default()
    };
    let reading = state.store.bookings(access.business.id, &filter, None, MOST_READ);
    let bookings = in_time("reading appointments", reading).await?;
    let day = |name, date: Date, most| {
        let here = |booking: &&Booking| say.zoned(booking.slot.starts).date() == date && booking.slot.ends > now;
        let of_day: Vec<&Booking> = bookings.iter().filter(here).collect();
        Day {
            name,
            date: date.to_string(),
            count: of_day.len(),
            appointments: of_day.iter().take(most).map(|booking| appointment(access, say, booking, now)).collect(),
        }
    };
    Ok(vec![day("Today", say.today(), SHOWN_TODAY), day("Tomorrow", tomorrow, SHOWN_TOMORROW)])
}

fn appointment(access: &Access, say: &Say, booking: &Booking, now: jiff::Timestamp) -> Appointment {
    let slot = &booking.slot;
    Appointment {
        id: booking.id.to_string(),
        from: say.time(slot.starts),
        to: say.time(slot.ends),
        name: booking.customer.name.as_str().to_owned(),
        what: format!("{} with {}", service(&access.business, slot.service), member(&access.business, slot.staff)),
        begun: slot.starts <= now,
        unverified: booking.unverified,
    }
}
