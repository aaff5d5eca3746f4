//! Refusals, in Graph's words.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use serde_json::{Value, json};

use super::{super::consent::NotLetIn, server::Reply};

#[derive(Debug)]
pub(super) struct Fault {
    status: u16,
    code: &'static str,
    message: String,
}

impl Fault {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(super) fn denied() -> Self {
        Self::new(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "ErrorItemNotFound", "The specified object was not found in the store.")
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, "ErrorInvalidRequest", message)
    }
}

fn written(status: u16, body: &Value) -> Response<Body> {
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    let kind = "application/json; odata.metadata=minimal; odata.streaming=true; IEEE754Compatible=false; charset=utf-8";
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn body(code: &str, message: &str) -> Value {
    json!({"error": {"code": code, "message": message, "innerError": {
        "date": "2026-11-26T19:00:00", "request-id": "b3c9a3f2-8a40-4c16-a1fb-4c2a5be2dbb1",
        "client-request-id": "b3c9a3f2-8a40-4c16-a1fb-4c2a5be2dbb1"}}})
}

pub(super) fn response(reply: Reply) -> Response<Body> {
    match reply {
        Ok((status, value)) => written(status.as_u16(), &value),
        Err(fault) => written(fault.status, &body(fault.code, &fault.message)),
    }
}

pub(super) fn not_let_in(why: NotLetIn) -> Response<Body> {
    let message = match why {
        NotLetIn::NoToken => "Access token is empty.",
        NotLetIn::Unknown => "IDX14100: JWT is not well formed.",
        NotLetIn::Expired => "Lifetime validation failed, the token is expired.",
        NotLetIn::Revoked => "Access token has been revoked.",
    };
    let mut response = written(401, &body("InvalidAuthenticationToken", message));
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"\""));
    response
}

pub(super) fn too_many() -> Response<Body> {
    let message = "Application is over its MailboxConcurrency limit.";
    let mut response = written(429, &body("ApplicationThrottled", message));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("3"));
    response
}
