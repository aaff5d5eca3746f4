//! For whoever keeps the server running: is the process alive, and should calls be sent to it.

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde::Serialize;

use super::{patience::in_time, state::AppState};

pub(super) fn router() -> Router<AppState> {
    // Alive is whoever answers: restarting the process cures no database.
    Router::new().route("/health/live", get(async || StatusCode::OK)).route("/health/ready", get(ready))
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "a table of yes and no, named one by one")]
struct Readiness {
    ready: bool,
    /// It can be written and read.
    database: bool,
    /// Its schema is the one this binary knows.
    migrated: bool,
    draining: bool,
    live_calls: usize,
}

async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Readiness>) {
    let (probe, migrated) = tokio::join!(
        in_time("the readiness probe", state.store.probe()),
        in_time("reading the schema's version", state.store.migrated()),
    );
    let (database, migrated) = (probe.is_ok(), migrated == Ok(true));
    let draining = state.lifecycle.is_draining();
    let ready = database && migrated && !draining;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, database, migrated, draining, live_calls: state.switchboard.count() }))
}
