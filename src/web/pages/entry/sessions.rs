//! Being signed in: the cookie that says so, and where it leads.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Redirect, Response},
};
use cookie::{Cookie, SameSite};

use super::way_back::local;
use crate::{
    domain::{
        account::{User, device},
        ids::{SessionId, UserId},
    },
    store::accounts::{NewSession, hash_of},
    web::{
        pages::{
            access::{self, COOKIE, LONGEST},
            fault::Fault,
            notice::Notice,
        },
        patience::in_time,
        state::AppState,
    },
};

/// Signs a browser in and leads it on: to `next` if that is a page of ours, else to the only business, or the list of them.
/// What it was signed in as before is over, and its cookie is never one that it brought along.
pub(in crate::web) async fn begin(
    state: &AppState,
    headers: &HeaderMap,
    user: &User,
    next: &str,
    notice: Option<&Notice>,
) -> Result<Response, Fault> {
    let cookie = open(state, headers, user.id).await?;
    let known = state.doorkeeper.remembered(&user.email)?;
    let onwards = match local(next) {
        Some(page) => page.to_owned(),
        None => home(state, user.id).await?,
    };
    let mut response = Redirect::to(&onwards).into_response();
    for value in [Some(cookie), Some(known), notice.and_then(Notice::set)].into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// A fresh session in place of the one whose cookie the request brought; the cookie for it.
pub(in crate::web) async fn open(state: &AppState, headers: &HeaderMap, user: UserId) -> Result<HeaderValue, Fault> {
    if let Some(old) = access::cookie(headers) {
        in_time("ending a session", state.store.sign_out(&old)).await?;
    }
    let secret = access::fresh_secret()?;
    let now = state.clock.now();
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let session = NewSession {
        id: SessionId(state.clock.new_id()),
        hash: hash_of(&secret),
        user,
        device: device::named(agent),
        expires: now + LONGEST,
        now,
    };
    in_time("opening a session", state.store.open_session(&session)).await?;
    cookie(secret, cookie::time::Duration::seconds(LONGEST.as_secs()))
}

/// Takes the cookie back.
pub(super) fn closed() -> Result<HeaderValue, Fault> {
    cookie(String::new(), cookie::time::Duration::ZERO)
}

fn cookie(value: String, age: cookie::time::Duration) -> Result<HeaderValue, Fault> {
    let cookie =
        Cookie::build((COOKIE, value)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).max_age(age);
    HeaderValue::from_str(&cookie.to_string()).map_err(|_| Fault::Broken)
}

/// The only business, or the list of them.
pub(in crate::web) async fn home(state: &AppState, user: UserId) -> Result<String, Fault> {
    let places = in_time("reading memberships", state.store.memberships(user)).await?;
    Ok(match places.as_slice() {
        [only] => format!("/b/{}", only.business),
        _ => "/businesses".to_owned(),
    })
}
