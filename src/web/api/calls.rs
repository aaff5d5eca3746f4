//! Calls, what was said in them, and what came of them.

use axum::{Json as Answer, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    cursor::{self, List, Page},
    edit::load,
    extract::{Asked, Ids},
    problem::{Kind, Problem},
    views::{BookingView, CallDetail, CallView, MessageView, NoteView, ReportView, Utterance},
};
use crate::{
    domain::ids::{BusinessId, CallId},
    store::{
        calls::Call,
        outbox::{Kind as OutboxKind, Outbox},
    },
    web::state::AppState,
};

/// Which calls to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only the call with this id at its vendor.
    #[param(nullable = false)]
    vendor_call: Option<String>,
    /// Where the page before ended.
    #[param(nullable = false)]
    cursor: Option<String>,
    /// 1 to 200, usually 50.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// List calls
///
/// Newest first.
#[utoipa::path(get, path = "/businesses/{business}/calls", tag = "Calls", params(("business" = Uuid, Path), Wanted),
    responses((status = 200, body = Page<CallView>)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Ids(id): Ids<BusinessId>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Answer<Page<CallView>>, Problem> {
    let business = load(&state, id).await?.business;
    let limit = cursor::limit(wanted.limit);
    let before = cursor::id(List::Calls, wanted.cursor.as_deref())?.map(CallId);
    let rows = match wanted.vendor_call {
        Some(vendor_call) => state.store.call_by_vendor(id, &vendor_call).await?.into_iter().collect(),
        None => state.store.calls(id, before, limit + 1).await?,
    };
    let cursor = |row: &Call| cursor::after(List::Calls, None, row.id.0);
    Ok(Answer(Page::of(rows, limit, cursor, |row| CallView::of(row, &business))))
}

/// Get a call
///
/// With its transcript, the bookings, text messages and notes that came of it, and a report on it.
#[utoipa::path(get, path = "/businesses/{business}/calls/{call}", tag = "Calls",
    params(("business" = Uuid, Path), ("call" = Uuid, Path)),
    responses((status = 200, body = CallDetail)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Ids((id, call)): Ids<(BusinessId, CallId)>,
) -> Result<Answer<CallDetail>, Problem> {
    let business = load(&state, id).await?.business;
    let found = state.store.call(id, call).await?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let zone = &business.zone;
    let transcript = state.store.transcript(call).await?;
    let outbox = state.store.outbox_of_call(call).await?;
    let bookings = state.store.bookings_of_call(id, call).await?;
    let notes = state.store.notes_of_call(call).await?;
    let report = state.store.report(call).await?;
    Ok(Answer(CallDetail {
        call: CallView::of(found, &business),
        transcript: transcript.into_iter().map(|line| Utterance::of(line, zone)).collect(),
        bookings: bookings.iter().map(|booking| BookingView::of(booking, &business)).collect(),
        messages: messages(outbox).map(|row| MessageView::of(row, zone)).collect(),
        notes: notes.into_iter().map(|note| NoteView::of(note, zone)).collect(),
        report: report.map(ReportView::of),
    }))
}

/// The text messages among what is to be sent.
fn messages(outbox: Vec<Outbox>) -> impl Iterator<Item = Outbox> {
    outbox.into_iter().filter(|row| row.kind == OutboxKind::Sms)
}
