//! The doors: webhooks, the calls' sockets, the page, the JSON API, health.

pub mod accept;
pub mod api;
mod assets;
pub mod body;
pub mod businesses;
mod connection;
pub mod error;
mod headers;
pub mod health;
mod hooks;
mod limit;
mod line;
pub mod media;
pub mod metrics;
pub mod paces;
mod page;
pub mod pages;
pub mod patience;
pub mod receptionists;
mod same_origin;
pub mod sightings;
pub mod state;
mod talk;
pub mod tokens;
mod upgrade;
pub mod webhooks;

use axum::{
    Router,
    extract::{MatchedPath, Request},
    middleware::{self, Next},
    response::Response,
};
use tokio::time::Instant;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::debug;

use error::Refusal;
use state::AppState;

/// Every door.
pub fn router(state: AppState) -> Router {
    // These read their bodies themselves, after looking for a signature or a token; or have none.
    let calls = Router::new().merge(webhooks::router()).merge(media::router()).merge(talk::router());
    // These get theirs read: 64 KiB within five seconds.
    let rest = Router::new()
        .merge(health::router())
        .merge(metrics::router())
        .merge(page::router())
        .merge(assets::router())
        .merge(hooks::router())
        .merge(pages::router(&state))
        .layer(middleware::from_fn(body::first));
    calls
        .merge(api::router(&state))
        .merge(rest)
        .fallback(async || Refusal::NotFound)
        .method_not_allowed_fallback(async || Refusal::WrongMethod)
        .layer(middleware::from_fn(log))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(state.clone(), headers::careful))
        .layer(middleware::from_fn(headers::no_chunks))
        .with_state(state)
}

/// One line per request: the route's template, never the path itself, which holds tokens and ids.
async fn log(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let begun = Instant::now();
    let response = next.run(request).await;
    let (route, status) = (route.as_ref().map_or("", MatchedPath::as_str), response.status().as_u16());
    let millis = begun.elapsed().as_millis();
    debug!(%method, route, status, millis, "{method} {route} was answered {status}");
    response
}
