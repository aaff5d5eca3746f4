//! What vendors of calendars report: `/hooks/calendar/{connection}/{hook}`, a path that we made for one watch.
//!
//! Nobody is signed in here. A report is believed by the secret that its hook was made with, and only by its adapter's word;
//! what it says is written down and seen to later, so that the vendor has its answer at once.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use tracing::{info, warn};

use super::{error::Refusal, state::AppState};
use crate::{
    domain::ids::ConnectionId,
    ports::{
        calendar::{Heard, Report},
        hooks::{Hooked, News, NotTaken},
        vendors::Kind,
    },
};

/// Characters of a hook's id, as of every id that we give one.
const LONGEST_ID: usize = 64;
/// Bytes of what a vendor may have sent back to it.
const LONGEST_ECHO: usize = 4 * 1024;

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/hooks/calendar/{connection}/{hook}", get(report).post(report))
}

async fn report(
    State(state): State<AppState>,
    Path((connection, hook)): Path<(String, String)>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Response, Refusal> {
    let connection: ConnectionId = connection.parse().map_err(|_| Refusal::NotFound)?;
    if hook.len() > LONGEST_ID || !hook.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
        return Err(Refusal::NotFound);
    }
    if !state.paces.reports(connection) {
        warn!(connection.id = %connection, "a vendor reports more often than is heeded");
        let wait = [(header::RETRY_AFTER, HeaderValue::from_static("60"))];
        return Ok((StatusCode::TOO_MANY_REQUESTS, wait).into_response());
    }
    let hooked =
        state.hooks.hooked(connection, &hook).await.map_err(|error| not_taken(&error))?.ok_or(Refusal::NotFound)?;
    let vendor = state.vendors.named(&hooked.provider).ok_or(Refusal::NotFound)?;
    let headers = named(&headers);
    let query: Vec<(String, String)> =
        form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let report = Report { headers: &headers, query: &query, body: &body, now: state.clock.now() };
    let heard = match &vendor.kind {
        Kind::Diary(diary) => diary.heard(report, &hooked.secret),
        Kind::Scheduler(scheduler) => scheduler.heard(report, &hooked.secret),
    };
    let news = match heard {
        Heard::Forged => return Err(Refusal::Forbidden("a report without its hook's secret")),
        Heard::Echo(text) if text.len() > LONGEST_ECHO => {
            return Err(Refusal::Bad("a text to send back that is too long"));
        }
        Heard::Echo(text) => return Ok(text.into_response()),
        Heard::Nothing => News::Nothing,
        Heard::Changed => News::Changed,
        Heard::Lost => News::Lost,
        Heard::Booking(visit) => News::Visit(visit),
    };
    taken(&state, &hooked, news).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

async fn taken(state: &AppState, hooked: &Hooked, news: News) -> Result<(), Refusal> {
    let changed = news != News::Nothing;
    state.hooks.heard(hooked, news).await.map_err(|error| not_taken(&error))?;
    if changed {
        info!(connection.id = %hooked.connection, "something has changed at {}", hooked.provider);
    }
    Ok(())
}

/// The vendor will report it again.
fn not_taken(error: &NotTaken) -> Refusal {
    warn!(%error, "a vendor's report could not be taken: {error}");
    Refusal::Down
}

/// Those that are text, by their names in small letters.
fn named(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&header::HeaderName, &HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    headers.iter().filter_map(text).collect()
}
