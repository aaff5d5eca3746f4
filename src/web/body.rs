//! A request's body, whole: at most 64 KiB, within five seconds.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::timeout;

use super::error::Refusal;

/// The longest body that is read, in bytes.
pub const LONGEST: usize = 64 * 1024;
/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(5);

/// Reads a body to its end.
pub(super) async fn whole(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    if announced(headers).is_some_and(|length| length > LONGEST) {
        return Err(Refusal::TooLarge);
    }
    match timeout(PATIENCE, Limited::new(body, LONGEST).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        Ok(Err(_)) => Err(Refusal::Bad("the body broke off")),
        Err(_) => Err(Refusal::TooSlow),
    }
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A layer that reads the body before the handler runs, so that extractors never wait.
pub(super) async fn first(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match whole(&parts.headers, body).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(refusal) => refusal.into_response(),
    }
}
