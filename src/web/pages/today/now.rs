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
    say::{Say, counted, sentence},
    settings::connections::words,
};
use super::wishes::{self, Wish};
use crate::{
    domain::{
        account::Role,
        booking::Booking,
        connection::{Connection, ConnectionState, Why},
        ids::CallId,
        phone::PhoneNumber,
    },
    store::{
        calls::ListedCall,
        notes::{NoteFilter, StoredNote},
        today::{Count, LostEvent, LostText},
    },
    web::{assets, assets::short, patience::in_time, state::AppState},
};

/// A call that rings has a moment to be connected before it counts as refused.
const RINGING: SignedDuration = SignedDuration::from_mins(2);
/// What happened longer ago, and nobody can tick off, is history and no task.
const RECENT: SignedDuration = SignedDuration::from_hours(3 * 24);
/// So many stand there at once; the rest is one press away.
const AT_A_GLANCE: usize = 6;
/// Of each kind.
const MOST: u32 = 5;

#[derive(Template)]
#[template(path = "pages/today/now.html")]
struct Now {
    assets: &'static str,
    root: String,
    calls: Vec<OnTheLine>,
    /// What was done in somebody's own calendar.
    wishes: Vec<Wish>,
    more_wishes: Vec<Wish>,
    tasks: Vec<Task>,
    /// Those that are not shown at a glance.
    more: Vec<Task>,
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
    let open = NoteFilter { done: Some(false), ..NoteFilter::default() };
    let reading = async {
        Ok((
            store.live_calls(business, now).await?,
            store.listed_notes(business, &open, None, MOST).await?,
            store.lost_texts(business, now - RECENT, MOST).await?,
            store.unverified(business, now, MOST).await?,
            store.colliding(business, now, MOST).await?,
            store.lost_events(business, now, MOST).await?,
            store.calls_refused(business, (refused_from, now - RINGING)).await?,
            store.calls_for_a_person(business, (now - RECENT, now), MOST).await?,
            store.connections(business).await?,
        ))
    };
    let (calls, notes, lost, unverified, colliding, events, refused, wanting, connections) =
        in_time("reading what needs a person", reading).await?;
    let on_the_line = callers(state, access, say, &calls).await?;
    let mut wishes = wishes::read(state, access, say, &connections).await?;
    let more_wishes = wishes.split_off(wishes.len().min(wishes::SHOWN));
    let mut tasks: Vec<Task> = Vec::new();
    tasks.extend(refused_calls(say, refused));
    // Only owners can do something about it.
    if access.role == Role::Owner {
        tasks.extend(connections.iter().filter_map(|connection| to_connect(state, say, connection)));
    }
    tasks.extend(wanting.iter().map(|(call, from, at)| wanted_a_person(say, *call, from.as_ref(), *at)));
    tasks.extend(notes.iter().map(|note| left_note(say, note)));
    tasks.extend(colliding.iter().map(|booking| collides(access, say, booking)));
    tasks.extend(events.iter().map(|event| lost_event(say, event)));
    tasks.extend(unverified.iter().map(|booking| to_verify(access, say, booking)));
    tasks.extend(lost.iter().map(|text| lost_text(say, text)));
    let more = tasks.split_off(AT_A_GLANCE.min(tasks.len()));
    let (assets, root) = (assets::path(), root(&access.business));
    let piece = Now { assets, root, calls: on_the_line, wishes, more_wishes, tasks, more };
    let html = piece.render().map_err(|_| Fault::Broken)?;
    let mut hash = Sha256::new();
    hash.update(&html);
    Ok((html, short(hash)))
}

/// Whoever is on the line, by name where they have booked before.
async fn callers(state: &AppState, access: &Access, say: &Say, calls: &[ListedCall]) -> Result<Vec<OnTheLine>, Fault> {
    let numbers: Vec<_> = calls.iter().map(|call| (call.id, call.from.clone())).collect();
    let names = in_time("reading callers' names", state.store.call_names(access.business.id, &numbers)).await?;
    let who = |call: &ListedCall| match (names.of(call.id, call.from.as_ref()), &call.from) {
        (Some(name), _) => name.to_owned(),
        (None, Some(number)) => say.phone(number),
        (None, None) => "No number shown".to_owned(),
    };
    let line = |call: &ListedCall| OnTheLine { id: call.id.to_string(), who: who(call), since: say.time(call.started) };
    Ok(calls.iter().map(line).collect())
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

/// A calendar that does not work, or not yet, until its owner does something.
fn to_connect(state: &AppState, say: &Say, connection: &Connection) -> Option<Task> {
    let label = words::label(&state.vendors, &connection.provider);
    let link = format!("settings/connections/{}", connection.id);
    let task = |what, text, when, tone| Task { icon: "calendar", what, text, when: say.when(when), link, tone };
    match connection.state {
        ConnectionState::Active => None,
        ConnectionState::Choosing => {
            let what = format!("Say what is used of {label}");
            Some(task(what, "It is connected, and begins with that.".to_owned(), connection.created, "warn"))
        }
        ConnectionState::Reconnect { why, since } => {
            let what = match why {
                Why::CalendarGone => format!("Choose another calendar in {label}"),
                _ => format!("Connect {label} again"),
            };
            Some(task(what, words::reason(why, label), since, "bad"))
        }
    }
}

fn wanted_a_person(say: &Say, call: CallId, from: Option<&PhoneNumber>, at: Timestamp) -> Task {
    let who = from.map_or_else(|| "Somebody".to_owned(), |number| say.phone(number));
    Task {
        icon: "hand",
        what: format!("{who} wanted a person"),
        text: "They were not put through, and left no message.".to_owned(),
        when: say.when(at),
        link: format!("calls/{call}"),
        tone: "warn",
    }
}

fn lost_text(say: &Say, lost: &LostText) -> Task {
    let what = match lost.template.as_str() {
        "booked" => "The confirmation",
        "moved" => "The text about a new time",
        "cancelled" => "The text about a cancellation",
        _ => "A text message",
    };
    let whom = lost.name.as_ref().map(|name| format!(" to {}", name.as_str())).unwrap_or_default();
    let problem = lost.problem.as_deref().unwrap_or("the carrier could not deliver it");
    Task {
        icon: "messages",
        what: format!("{what}{whom} did not arrive"),
        text: sentence(problem),
        when: say.when(lost.created),
        link: lost.booking.map_or_else(|| "messages".to_owned(), |booking| format!("bookings/{booking}")),
        tone: "bad",
    }
}

fn collides(access: &Access, say: &Say, booking: &Booking) -> Task {
    let slot = &booking.slot;
    Task {
        icon: "calendar",
        what: format!("Two at once: {}", booking.customer.name.as_str()),
        text: format!(
            "{} with {}, booked without the calendar, which has something else at that time.",
            service(&access.business, slot.service),
            member(&access.business, slot.staff)
        ),
        when: say.when(slot.starts),
        link: format!("bookings/{}", booking.id),
        tone: "bad",
    }
}

fn lost_event(say: &Say, lost: &LostEvent) -> Task {
    let problem = lost.problem.as_deref().unwrap_or("the calendar did not take it");
    Task {
        icon: "calendar",
        what: format!("Not in your calendar: {}", lost.name.as_str()),
        text: format!("{} The appointment itself is as it stands here.", sentence(problem)),
        when: say.when(lost.starts),
        link: format!("bookings/{}", lost.booking),
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
