//! What changes by itself: calls that are going on, and what a person has to see to.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp, ToSpan};
use sha2::{Digest as _, Sha256};

use super::super::{
    access::{Access, Staff},
    fault::Fault,
    form::Fields,
    frame::root,
    insights::{member, service},
    say::{Say, counted},
};
use crate::{
    domain::booking::Booking,
    store::{
        notes::StoredNote,
        today::{CallNow, Count, LostText},
    },
    web::{assets, assets::short, patience::in_time, state::AppState},
};

/// A call that began longer ago is over, whatever the ledger believes: none may be longer than an hour.
const LONGEST_CALL: SignedDuration = SignedDuration::from_hours(3);
/// A call that rings has a moment to be connected before it counts as refused.
const RINGING: SignedDuration = SignedDuration::from_mins(2);
/// What happened longer ago is history, not a task.
const RECENT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Of each kind.
const MOST: u32 = 5;

#[derive(Template)]
#[template(path = "pages/today/now.html")]
struct Now {
    assets: &'static str,
    root: String,
    calls: Vec<OnTheLine>,
    tasks: Vec<Task>,
}

struct OnTheLine {
    id: String,
    who: String,
    since: String,
}

/// Something to see to.
struct Task {
    icon: &'static str,
    what: String,
    text: String,
    when: String,
    /// Below the business's pages.
    link: String,
    tone: &'static str,
}

/// The piece, unless it is what the page already has.
pub(super) async fn again(
    Staff(access): Staff,
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let say = Say::of(&access.business, state.clock.now());
    let (html, hash) = render(&state, &access, &say).await?;
    let seen = Fields::parse(query.unwrap_or_default().as_bytes());
    if seen.text("seen") == hash {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Html(framed(&access, &html, &hash)).into_response())
}

/// The piece as the page begins with it.
pub(super) async fn piece(state: &AppState, access: &Access, say: &Say) -> Result<String, Fault> {
    let (html, hash) = render(state, access, say).await?;
    Ok(framed(access, &html, &hash))
}

/// An element that knows what it shows, so that nothing is sent, and nobody's focus is lost, while nothing changes.
fn framed(access: &Access, html: &str, hash: &str) -> String {
    let root = root(&access.business);
    format!(
        "<div id=\"now\" class=\"stack\" hx-get=\"{root}/now?seen={hash}\" hx-trigger=\"refresh\" \
         hx-swap=\"outerHTML\">{html}</div>"
    )
}

async fn render(state: &AppState, access: &Access, say: &Say) -> Result<(String, String), Fault> {
    let (store, business, now) = (&state.store, access.business.id, state.clock.now());
    let yesterday = say.zoned(now).start_of_day().and_then(|start| start.checked_sub(1.day()));
    let refused_from = yesterday.map_or(now, |start| start.timestamp());
    let reading = async {
        tokio::try_join!(
            store.calls_now(business, now - LONGEST_CALL),
            store.notes(business, None, MOST),
            store.lost_texts(business, now - RECENT, MOST),
            store.unverified(business, now, MOST),
            store.calls_refused(business, (refused_from, now - RINGING)),
        )
    };
    let (calls, notes, lost, unverified, refused) = in_time("reading what needs a person", reading).await?;
    let mut on_the_line = Vec::new();
    for call in &calls {
        on_the_line.push(caller(state, access, say, call).await?);
    }
    let mut tasks: Vec<Task> = Vec::new();
    tasks.extend(refused_calls(say, refused));
    tasks.extend(lost.iter().map(|text| lost_text(say, text)));
    tasks.extend(unverified.iter().map(|booking| to_verify(access, say, booking)));
    tasks.extend(notes.iter().filter(|note| note.created >= now - RECENT).map(|note| left_note(say, note)));
    let piece = Now { assets: assets::path(), root: root(&access.business), calls: on_the_line, tasks };
    let html = piece.render().map_err(|_| Fault::Broken)?;
    let mut hash = Sha256::new();
    hash.update(&html);
    Ok((html, short(hash)))
}

async fn caller(state: &AppState, access: &Access, say: &Say, call: &CallNow) -> Result<OnTheLine, Fault> {
    let known = match &call.from {
        Some(number) => {
            let reading = state.store.customer_by_phone(access.business.id, number);
            in_time("reading a customer", reading).await?.map(|customer| customer.name.as_str().to_owned())
        }
        None => None,
    };
    let number = call.from.as_ref().map_or_else(|| "No number shown".to_owned(), |number| say.phone(number));
    Ok(OnTheLine { id: call.id.to_string(), who: known.unwrap_or(number), since: say.time(call.started) })
}

fn refused_calls(say: &Say, refused: Count) -> Option<Task> {
    let last: Timestamp = refused.last?;
    Some(Task {
        icon: "block",
        what: format!("{} not answered", counted(refused.count, "call was", "calls were")),
        text: "Every line was busy, or no connection came.".to_owned(),
        when: say.when(last),
        link: "calls".to_owned(),
        tone: "bad",
    })
}

fn lost_text(say: &Say, lost: &LostText) -> Task {
    let what = match lost.template.as_str() {
        "booked" => "A confirmation did not arrive",
        "moved" => "A text about a new time did not arrive",
        "cancelled" => "A text about a cancellation did not arrive",
        _ => "A text message did not arrive",
    };
    Task {
        icon: "messages",
        what: what.to_owned(),
        text: lost.problem.clone().unwrap_or_else(|| "The carrier could not deliver it.".to_owned()),
        when: say.when(lost.created),
        link: lost.booking.map_or_else(|| "messages".to_owned(), |booking| format!("bookings/{booking}")),
        tone: "bad",
    }
}

fn to_verify(access: &Access, say: &Say, booking: &Booking) -> Task {
    let slot = &booking.slot;
    Task {
        icon: "calendar",
        what: format!("Check an appointment: {}", booking.customer.name.as_str()),
        text: format!(
            "{} with {}, booked while the calendar did not answer.",
            service(&access.business, slot.service),
            member(&access.business, slot.staff)
        ),
        when: say.when(slot.starts),
        link: format!("bookings/{}", booking.id),
        tone: "warn",
    }
}

fn left_note(say: &Say, note: &StoredNote) -> Task {
    let number = note.from.as_ref().map(|number| say.phone(number));
    let who = note.name.clone().or(number).unwrap_or_else(|| "Somebody".to_owned());
    Task {
        icon: "hand",
        what: format!("{who} left a message"),
        text: note.text.clone(),
        when: say.when(note.created),
        link: note.call.map_or_else(|| "messages".to_owned(), |call| format!("calls/{call}")),
        tone: "info",
    }
}
