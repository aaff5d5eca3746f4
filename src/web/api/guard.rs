//! The API's token.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::problem::{Kind, Problem};
use crate::{config::Secret, web::state::AppState};

/// Lets a request through that brings the token, before anything else about it is looked at.
pub(super) async fn token(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(ours) = &state.config.api_token else {
        return Problem::new(Kind::Off).into_response();
    };
    if brings(request.headers(), ours) { next.run(request).await } else { Problem::new(Kind::NoToken).into_response() }
}

/// Whether a request brings the token.
pub(in crate::web) fn brings(headers: &HeaderMap, ours: &Secret) -> bool {
    let theirs = headers.get(header::AUTHORIZATION).and_then(|value| bearer(value.as_bytes()));
    theirs.is_some_and(|theirs| same(theirs, ours.expose().as_bytes()))
}

/// RFC 6750 §2.1; the scheme's name is in any case (RFC 9110 §11.1).
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(7)?;
    scheme.eq_ignore_ascii_case(b"bearer ").then_some(token.trim_ascii())
}

/// Of their hashes, in constant time, so that not even the length is told by how long it takes.
fn same(theirs: &[u8], ours: &[u8]) -> bool {
    Sha256::digest(theirs).ct_eq(&Sha256::digest(ours)).into()
}
