//! Signing in and out.

use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{
    Alone,
    doorkeeper::{Guess, Peer, wait},
    passwords::Passwords,
    sessions,
    way_back::local,
};
use crate::{
    domain::{account::password::Password, email::EmailAddress},
    store::accounts::{Attempt, Credentials},
    web::{
        pages::{
            access::{self, SignedIn},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{shown, shown_as},
            identity,
            notice::Notice,
        },
        patience::in_time,
        state::AppState,
    },
};

#[derive(Template)]
#[template(path = "pages/entry/sign_in.html")]
struct SignInPage {
    alone: Alone,
    form: Form,
    /// What went wrong, if something did.
    sorry: Option<String>,
    /// Nobody has an account yet, so the setup address is what they need.
    empty: bool,
    /// Other ways in: where they begin, and what they are called ("Google").
    others: Vec<(String, String)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    next: String,
}

/// Whoever is signed in already goes on.
pub(super) async fn show(
    State(state): State<AppState>,
    query: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
    who: Result<SignedIn, Fault>,
) -> Result<Response, Fault> {
    let next = query.map(|Query(asked)| asked.next).unwrap_or_default();
    let next = local(&next).unwrap_or_default();
    if let Ok(who) = who {
        let onwards = if next.is_empty() { sessions::home(&state, who.user.id).await? } else { next.to_owned() };
        return Ok(Redirect::to(&onwards).into_response());
    }
    let empty = !in_time("looking for accounts", state.store.has_users()).await?;
    let form = Form::of(Fields::default().and("next", next));
    shown(&SignInPage { alone: Alone::of(&headers, "Sign in"), form, sorry: None, empty, others: others(&state, next) })
}

/// The ways in besides a password.
fn others(state: &AppState, next: &str) -> Vec<(String, String)> {
    state
        .identity
        .iter()
        .map(|provider| (identity::departure(provider.path(), next), provider.name().to_owned()))
        .collect()
}

pub(super) async fn sign_in(
    State(state): State<AppState>,
    peer: Peer,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let Ok(email) = EmailAddress::parse(typed.text("email")) else {
        let mut wrongs = vec![wrong("email", "This is not an e-mail address, such as anna@example.com.")];
        if typed.exact("password").is_empty() {
            wrongs.push(wrong("password", "Type your password."));
        }
        return again(&state, &headers, StatusCode::UNPROCESSABLE_ENTITY, &typed, wrongs, None);
    };
    if typed.exact("password").is_empty() {
        let wrongs = vec![wrong("password", "Type your password.")];
        return again(&state, &headers, StatusCode::UNPROCESSABLE_ENTITY, &typed, wrongs, None);
    }
    let guess = Guess::Entry(&email);
    if let Attempt::Wait { until } = state.doorkeeper.admits(&state, &headers, &peer, guess).await? {
        let now = state.clock.now();
        let sorry = format!(
            "That was tried too often. Please wait {}, and try it again; or set a new password, which ends the wait.",
            wait(until, now)
        );
        let mut response = again(&state, &headers, StatusCode::TOO_MANY_REQUESTS, &typed, Vec::new(), Some(sorry))?;
        let seconds = until.duration_since(now).as_secs().max(1);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return Ok(response);
    }
    let found = in_time("looking for an account", state.store.credentials(&email)).await?;
    let known = found.as_ref().and_then(|found| found.password.clone());
    let password = Password::typed(typed.exact("password"));
    let same = state.doorkeeper.passwords.are_same(password.clone(), known).await?;
    let Some(Credentials { user, password: known }) = found.filter(|_| same) else {
        let sorry = "This e-mail address and this password do not belong together.".to_owned();
        return again(&state, &headers, StatusCode::UNPROCESSABLE_ENTITY, &typed, Vec::new(), Some(sorry));
    };
    state.doorkeeper.forgives(&state, &headers, guess).await?;
    if let (Some(known), Some(password)) = (known.filter(|known| Passwords::is_outdated(known)), password) {
        let new = state.doorkeeper.passwords.hash(password).await?;
        in_time("hashing a password anew", state.store.rehash_password(user.id, &known, &new)).await?;
    }
    sessions::begin(&state, &headers, &user, typed.text("next"), None).await
}

/// The form once more, without the password.
fn again(
    state: &AppState,
    headers: &HeaderMap,
    status: StatusCode,
    typed: &Fields,
    wrongs: Vec<crate::domain::business::Mistake>,
    sorry: Option<String>,
) -> Result<Response, Fault> {
    let next = local(typed.text("next")).unwrap_or_default();
    let fields = Fields::default().and("email", typed.text("email")).and("next", next);
    let form = Form::refused(fields, wrongs);
    let alone = Alone { notice: None, ..Alone::of(headers, "Sign in") };
    shown_as(status, &SignInPage { alone, form, sorry, empty: false, others: others(state, next) })
}

/// Signs this browser out, everywhere it shows a page.
pub(super) async fn sign_out(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Fault> {
    if let Some(hash) = access::cookie(&headers) {
        in_time("signing out", state.store.sign_out(&hash)).await?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    response.headers_mut().append(header::SET_COOKIE, sessions::closed()?);
    if let Some(value) = Notice::good("You are signed out.").set() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}
