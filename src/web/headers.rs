//! What browsers are told to be careful about, on every answer.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::state::AppState;

/// A page may load and talk to what is its own, and nobody may frame it.
const CONTENT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                       connect-src 'self'; media-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri \
                       'none'; form-action 'self'";
/// The microphone is for calls by voice from our own page.
const PERMISSIONS: &str = "microphone=(self), camera=(), geolocation=(), payment=(), usb=()";
/// Two years, as long as browsers' preload lists ask for.
const HTTPS_ONLY: &str = "max-age=63072000; includeSubDomains";

/// A layer that adds them. A handler's own choice wins.
pub(super) async fn careful(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let page = response.headers().get(header::CONTENT_TYPE).is_some_and(is_html);
    let headers = response.headers_mut();
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "no-referrer");
    if state.config.origin.http().starts_with("https://") {
        set(headers, header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    if page {
        set(headers, header::CONTENT_SECURITY_POLICY, CONTENT);
        set(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
        set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    }
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

pub(super) fn is_html(content_type: &HeaderValue) -> bool {
    content_type.as_bytes().starts_with(b"text/html")
}

/// A layer that takes no body without an announced length. Where a proxy and a server disagree about where a body ends,
/// requests can be smuggled from one caller into another's; a request with both a length and chunks is the classic, and
/// RFC 9112 §6.1 lets us refuse it. hyper hides the length then, so chunks are refused alone: nobody who talks to us needs
/// them.
pub(super) async fn no_chunks(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::TRANSFER_ENCODING) {
        return (StatusCode::BAD_REQUEST, [(header::CONNECTION, "close")]).into_response();
    }
    next.run(request).await
}
