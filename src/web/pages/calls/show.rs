//! One call: what came of it, what was said, and beside each turn what was understood and done.

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};

use super::{
    Named, found,
    list::lasted,
    view::{Badge, LineView, Standing, badge, seconds, transcript, who},
};
use crate::{
    domain::{booking::BookingState, business::Business, ids::CallId, report::Report},
    session,
    store::{StoreError, calls::Call},
    web::{
        pages::{
            access::Staff,
            fault::Fault,
            frame::{Frame, Here, root, shown},
            messages::{NoteView, TextView},
            say::{Say, counted},
        },
        patience::in_time,
        state::AppState,
    },
};

#[derive(Template)]
#[template(path = "pages/calls/show.html")]
struct Show {
    frame: Frame,
    page: String,
    number: String,
    call_back: String,
    when: String,
    badge: Badge,
    live: bool,
    forgotten: bool,
    why_not: Option<&'static str>,
    summary: Option<SummaryView>,
    facts: Vec<(&'static str, String)>,
    lines: Vec<LineView>,
    bookings: Vec<BookingView>,
    texts: Vec<TextView>,
    notes: Vec<NoteView>,
}

struct SummaryView {
    reason: String,
    text: String,
    to_do: Vec<String>,
    by_model: bool,
}

struct BookingView {
    href: String,
    what: String,
    when: String,
    name: String,
    badge: Badge,
}

pub(super) async fn show(
    State(state): State<AppState>,
    Staff(access): Staff,
    Named(id): Named<CallId>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let (business, now) = (&access.business, state.clock.now());
    let call = found(&state, business, id).await?;
    let store = &state.store;
    let caller = [(id, call.from.clone())];
    let read = async {
        // One after the other: calls need the readers, too.
        Ok::<_, StoreError>((
            store.lines_from(id, 0).await?,
            store.turns(id).await?,
            store.bookings_of_call(business.id, id).await?,
            store.outbox_of_call(id).await?,
            store.notes_of_call(id).await?,
            store.report(id).await?,
            store.call_names(business.id, &caller).await?,
        ))
    };
    let (lines, turns, bookings, outbox, notes, report, names) = in_time("reading a call", read).await?;
    let say = Say::of(business, now);
    let standing = standing(&call, now);
    let given = session::card_of(business, call.state.as_deref(), now).and_then(|card| card.name);
    let name = names.of(id, call.from.as_ref()).map(str::to_owned).or(given);
    let (who, number) = who(name.as_deref(), call.from.as_ref(), &say);
    let page = Show {
        frame: Frame::of(&access, &headers, Here::Calls, who),
        page: format!("{}/calls/{id}", root(business)),
        number,
        call_back: call.from.as_ref().map(ToString::to_string).unwrap_or_default(),
        when: say.when(call.started),
        badge: badge(call.outcome, standing),
        live: standing == Standing::Live,
        forgotten: call.forgotten,
        why_not: call.why_not.map(crate::domain::call::WhyNot::told),
        facts: facts(&call, report.as_ref(), &turns),
        summary: report.and_then(summary),
        lines: transcript(&lines, &turns, &say),
        bookings: bookings.iter().map(|booking| booking_view(booking, business, &say)).collect(),
        texts: outbox.into_iter().filter_map(|row| TextView::of(row, business, &say, None)).collect(),
        notes: notes.into_iter().map(|note| NoteView::of(note, business, &say)).collect(),
    };
    shown(&page)
}

pub(super) fn standing(call: &Call, now: jiff::Timestamp) -> Standing {
    match call.ended {
        Some(_) => Standing::Over,
        None if call.connected && call.started > now - jiff::SignedDuration::from_hours(3) => Standing::Live,
        None => Standing::BrokenOff,
    }
}

fn summary(report: Report) -> Option<SummaryView> {
    let summary = report.summary?;
    Some(SummaryView {
        reason: summary.reason,
        text: summary.summary,
        to_do: summary.action_items,
        by_model: summary.by_model,
    })
}

fn facts(
    call: &Call,
    report: Option<&Report>,
    turns: &[(i32, crate::domain::turn::Turn)],
) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(ended) = call.ended {
        facts.push(("Length", lasted(call.started, ended)));
    }
    facts.push(("Line", if call.vendor == "web" { "Browser".to_owned() } else { "Telephone".to_owned() }));
    let mut waits: Vec<u32> = turns.iter().filter_map(|(_, turn)| turn.first_word_ms).collect();
    waits.sort_unstable();
    if let Some(middle) = waits.get(waits.len() / 2) {
        facts.push(("First word", format!("{} (median of {})", seconds(*middle), counted_turns(waits.len()))));
    }
    let Some(report) = report else { return facts };
    let count = |count: u32, one: &str, many: &str| counted(count, one, many);
    if report.cost.0 > 0 {
        facts.push(("Model cost", report.cost.to_string()));
    }
    if report.fillers > 0 {
        facts.push(("\u{201c}One moment\u{201d}", count(report.fillers, "time", "times")));
    }
    if report.fallbacks > 0 {
        facts.push(("Script stepped in", count(report.fallbacks, "time", "times")));
    }
    if report.withheld > 0 {
        facts.push(("Kept back", count(report.withheld, "sentence", "sentences")));
    }
    facts
}

fn counted_turns(turns: usize) -> String {
    counted(u32::try_from(turns).unwrap_or(u32::MAX), "turn", "turns")
}

fn booking_view(booking: &crate::domain::booking::Booking, business: &Business, say: &Say) -> BookingView {
    let service = business.service(booking.slot.service).map_or("Appointment", |service| service.name.as_str());
    let staff = business.member(booking.slot.staff).map(|member| member.name.as_str());
    let (text, tone) = match booking.state {
        BookingState::Held { .. } => ("Kept", "warn"),
        BookingState::Confirmed { .. } => ("Booked", "good"),
        BookingState::Cancelled { .. } => ("Cancelled", "warn"),
        BookingState::Moved { .. } => ("Moved away", ""),
        BookingState::Expired => ("Given up", ""),
    };
    BookingView {
        href: format!("{}/bookings/{}", root(business), booking.id),
        what: staff.map_or_else(|| service.to_owned(), |staff| format!("{service} with {staff}")),
        when: say.when(booking.slot.starts),
        name: booking.customer.name.as_str().to_owned(),
        badge: Badge { text, tone },
    }
}
