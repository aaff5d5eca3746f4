//! Downloads: written while they are read, from one state of the database.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use tokio::sync::{Semaphore, mpsc};
use tracing::{info, warn};

use crate::{
    store::data::What,
    web::{
        pages::{access::Owner, fault::Fault, form::Fields},
        state::AppState,
    },
};

/// So many at once on this server: each holds a connection to the database as long as somebody downloads.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// How many pieces wait for whoever downloads.
const WAITING: usize = 4;

/// A form rather than a link: it is written down who took the data, and no foreign page can make a browser fetch it.
pub(super) async fn download(
    State(state): State<AppState>,
    Owner(access): Owner,
    typed: Fields,
) -> Result<Response, Fault> {
    let (what, kind, name) = match typed.text("what") {
        "everything" => (What::Everything, "application/json", "deskbell.json"),
        "bookings" => (What::Bookings, "text/csv; charset=utf-8", "appointments.csv"),
        "customers" => (What::Customers, "text/csv; charset=utf-8", "customers.csv"),
        _ => return Err(Fault::Bad("there is no such file")),
    };
    let Ok(place) = AT_ONCE.try_acquire() else { return Err(Fault::TooMany) };
    access.note(&state, "data.exported", "", typed.text("what")).await?;
    let (pieces, received) = mpsc::channel(WAITING);
    let (business, now) = (access.business.id, state.clock.now());
    let store = state.store.clone();
    let task = state.lifecycle.tasks.spawn(async move {
        let _place = place;
        store.export(business, what, now, &pieces).await
    });
    let today = now.to_zoned(access.business.zone.tz().clone()).date();
    // After the last piece the task has ended: a file that broke off is broken off, and not taken for whole.
    let body = stream::unfold((received, Some(task)), |(mut received, mut task)| async move {
        if let Some(piece) = received.recv().await {
            return Some((Ok(piece), (received, task)));
        }
        let error = match task.take()?.await {
            Ok(Ok(())) => return None,
            Ok(Err(error)) => std::io::Error::other(error),
            Err(error) => std::io::Error::other(error),
        };
        warn!(%error, "an export broke off: {error}");
        Some((Err(error), (received, task)))
    });
    info!("an export has begun");
    let disposition = format!("attachment; filename=\"{today}-{name}\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(|_| Fault::Broken)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}
