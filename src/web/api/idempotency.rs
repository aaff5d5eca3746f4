//! A POST sent twice acts once: its answer is kept under its Idempotency-Key for 24 hours.
//!
//! As the IETF's draft "The Idempotency-Key HTTP Header Field" has it: the same request again gets the same answer, one
//! that is being worked on 409, another request under the same key 422. Only what had an effect is kept; a request that
//! was refused changed nothing, so it may be corrected and sent again under its key.

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};
use tracing::{error, warn};

use super::{
    guard::Client,
    problem::{Kind, Problem},
};
use crate::{
    store::idempotency::Begun,
    web::{body, state::AppState},
};

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const LONGEST: usize = 255;

/// The key of the request being answered, kept apart for each program, for what must be the same when it comes again after a crash.
#[derive(Clone, Debug)]
pub(super) struct Key(pub(super) String);

/// The layer: keeps and replays answers, and lets a POST run to its end even when its client has gone.
pub(super) async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let key = match key(&request) {
        Ok(key) => key,
        Err(problem) => return problem.into_response(),
    };
    let (parts, body) = request.into_parts();
    let body = match body::whole(&parts.headers, body).await {
        Ok(body) => body,
        Err(refusal) => return Problem::from(refusal).into_response(),
    };
    let tasks = state.lifecycle.tasks.clone();
    let answer = tasks.spawn(async move {
        match key {
            Some(key) => keyed(&state, key, parts, body, next).await,
            None => next.run(Request::from_parts(parts, Body::from(body))).await,
        }
    });
    answer.await.unwrap_or_else(|failure| {
        error!(panicked = failure.is_panic(), "a POST to the API did not come to its end");
        Problem::new(Kind::Internal).into_response()
    })
}

fn key(request: &Request) -> Result<Option<Key>, Problem> {
    let Some(value) = request.headers().get(&HEADER) else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| (1..=LONGEST).contains(&text.len()));
    match text {
        // The guard, which stands before this, has said whose program it is.
        Some(text) => match request.extensions().get::<Client>() {
            Some(client) => Ok(Some(Key(client.own(text)))),
            None => Err(Problem::new(Kind::NoToken)),
        },
        None => Err(Problem::at("Idempotency-Key", "must be 1 to 255 visible ASCII characters")),
    }
}

async fn keyed(state: &AppState, key: Key, mut parts: Parts, body: Bytes, next: Next) -> Response {
    let hash = hash(&parts, &body);
    match state.store.begin_request(&key.0, &hash, state.clock.now()).await {
        Ok(Begun::Fresh) => {}
        Ok(Begun::Replay { status, body }) => return replay(status, body),
        Ok(Begun::InFlight) => return Problem::new(Kind::KeyInFlight).into_response(),
        Ok(Begun::Mismatch) => return Problem::new(Kind::KeyReused).into_response(),
        Err(failure) => return Problem::from(failure).into_response(),
    }
    parts.extensions.insert(key.clone());
    keep(state, &key, next.run(Request::from_parts(parts, Body::from(body))).await).await
}

fn hash(parts: &Parts, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    for part in [parts.method.as_str().as_bytes(), parts.uri.to_string().as_bytes(), body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// Keeps an answer that tells of an effect, and frees the key of any other.
async fn keep(state: &AppState, key: &Key, answer: Response) -> Response {
    if !answer.status().is_success() {
        if let Err(failure) = state.store.forget_request(&key.0).await {
            warn!(error = %failure, "a key of the API is blocked for a minute");
        }
        return answer;
    }
    let (parts, body) = answer.into_parts();
    // Our own handlers' bodies are in memory; collecting one cannot fail.
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let text = String::from_utf8_lossy(&body);
    if let Err(failure) = state.store.finish_request(&key.0, parts.status.as_u16(), &text).await {
        // It happened, and says so. Sent again within a minute it hears 409; later the desk's own key finds the booking.
        warn!(error = %failure, "an answer of the API could not be kept");
    }
    Response::from_parts(parts, Body::from(body))
}

fn replay(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    let mut response = (status, headers, body).into_response();
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
