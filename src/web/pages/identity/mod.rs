//! Signing in with somebody else's word for it (OpenID Connect): there, and back.
//!
//! What comes back is only looked at when the browser that brings it is the one that set out, once, within ten minutes, and
//! when it was brought by somebody's own click.

mod back;

use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, Method, header},
    response::{IntoResponse as _, Redirect, Response},
};
use cookie::{Cookie, SameSite};
use jiff::SignedDuration;
use serde::Deserialize;
use std::sync::Arc;

use super::{
    access::{fresh_secret, hash_of, value_of},
    doors::{Doors, Need},
    entry::way_back::local,
    fault::Fault,
    round_trip::is_own_click,
};
use crate::{
    ports::identity::{Identity, Trip},
    store::accounts::NewDeparture,
    web::{patience::in_time, state::AppState},
};

/// Holds what tells this browser from others, while it is on its way.
const COOKIE: &str = "__Host-deskbell-way";
/// How long somebody may take over there.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(10);
/// The characters of a secret of ours.
const SECRET: usize = 43;

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, "/sign-in/{provider}", Need::Nothing, depart).at(
        Method::GET,
        "/sign-in/{provider}/back",
        Need::Nothing,
        back::arrive,
    )
}

/// Where signing in elsewhere begins. A link, since a form may only lead to our own origin.
pub(in crate::web) fn departure(path: &str, next: &str) -> String {
    let begin = format!("/sign-in/{path}");
    if next.is_empty() {
        return begin;
    }
    let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    format!("{begin}?{query}")
}

/// The provider of a path, if it is set up here.
fn provider(state: &AppState, path: &str) -> Result<Arc<dyn Identity>, Fault> {
    state.identity.clone().filter(|provider| provider.path() == path).ok_or(Fault::NotFound)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    next: String,
}

/// Sends the browser off. Whatever looks ahead (a prefetch, a preview) is not somebody who wants to sign in.
async fn depart(
    State(state): State<AppState>,
    Path(path): Path<String>,
    method: Method,
    headers: HeaderMap,
    query: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Fault> {
    let provider = provider(&state, &path)?;
    if method != Method::GET || !is_own_click(&headers) {
        return Err(Fault::Bad("not somebody's own click"));
    }
    let next = query.map(|Query(wanted)| wanted.next).unwrap_or_default();
    let (token, verifier, nonce) = (fresh_secret()?, fresh_secret()?, fresh_secret()?);
    // Two tabs of one browser share it, so that both find their way back.
    let browser = match value_of(&headers, COOKIE).filter(|value| value.len() == SECRET) {
        Some(browser) => browser,
        None => fresh_secret()?,
    };
    let trip = Trip { back: comes_back_to(&state, &path), verifier, nonce };
    let address = match provider.address(&trip, &token).await {
        Ok(address) => address,
        Err(error) => return back::sorry(&headers, provider.as_ref(), &error),
    };
    let now = state.clock.now();
    let new = NewDeparture {
        hash: hash_of(&token),
        browser: hash_of(&browser),
        provider: path,
        verifier: trip.verifier,
        nonce: trip.nonce,
        next: local(&next).unwrap_or_default().to_owned(),
        expires: now + GOOD_FOR,
        now,
    };
    if !in_time("writing down a departure", state.store.depart(&new)).await? {
        return Err(Fault::TooMany);
    }
    let mut response = Redirect::to(&address).into_response();
    let age = cookie::time::Duration::seconds(GOOD_FOR.as_secs());
    let cookie = Cookie::build((COOKIE, browser)).path("/").secure(true).http_only(true);
    let cookie = cookie.same_site(SameSite::Lax).max_age(age);
    let cookie = HeaderValue::from_str(&cookie.to_string()).map_err(|_| Fault::Broken)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// To the letter what is registered with the provider.
fn comes_back_to(state: &AppState, path: &str) -> String {
    format!("{}/sign-in/{path}/back", state.config.origin.http())
}
