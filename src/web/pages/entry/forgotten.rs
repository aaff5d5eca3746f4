//! A forgotten password: a letter with an address that sets a new one, once.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::SignedDuration;
use tracing::error;

use super::{
    Alone,
    doorkeeper::{Guess, Peer},
    letters, sessions,
};
use crate::{
    domain::{
        account::password::Password,
        email::EmailAddress,
        ids::{DeedId, UserId},
    },
    store::{
        accounts::{Attempt, LinkKind, NewLink, fresh_secret, hash_of},
        audit::Deed,
    },
    web::{
        pages::{
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{shown, shown_as},
            notice::Notice,
        },
        patience::in_time,
        state::AppState,
    },
};

/// How long the address in the letter is good.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(1);

#[derive(Template)]
#[template(path = "pages/entry/forgotten.html")]
struct ForgottenPage {
    alone: Alone,
    form: Form,
    /// Whether this server can send letters at all.
    works: bool,
    /// It has been asked for.
    asked: bool,
}

#[derive(Template)]
#[template(path = "pages/entry/reset.html")]
struct ResetPage {
    alone: Alone,
    form: Form,
    /// The address is still good.
    good: bool,
    /// For the browser's list of passwords.
    email: String,
}

pub(super) async fn show(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Fault> {
    let alone = Alone::of(&headers, "Forgotten your password?");
    shown(&ForgottenPage { alone, form: Form::default(), works: state.email.works(), asked: false })
}

/// The answer is the same, and as quick, whether or not anybody has the address.
pub(super) async fn ask(
    State(state): State<AppState>,
    peer: Peer,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let works = state.email.works();
    let page = |form, asked, title: &str| ForgottenPage { alone: Alone::of(&headers, title), form, works, asked };
    let Ok(email) = EmailAddress::parse(typed.text("email")) else {
        let why = "This is not an e-mail address, such as anna@example.com.";
        let form = Form::refused(typed, vec![wrong("email", why)]);
        return shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page(form, false, "Forgotten your password?"));
    };
    if works && state.doorkeeper.admits(&state, &headers, &peer, Guess::Letter(&email)).await? == Attempt::Admitted {
        let writing = state.clone();
        state.lifecycle.tasks.spawn(async move { write(&writing, &email).await });
    }
    let title = if works { "Check your e-mail" } else { "Forgotten your password?" };
    shown(&page(Form::of(typed), works, title))
}

/// Makes the address and sends it, if somebody has the e-mail address.
async fn write(state: &AppState, email: &EmailAddress) {
    let found = in_time("looking for an account", state.store.user_by_email(email)).await;
    let Ok(Some(user)) = found else { return };
    let Ok(secret) = fresh_secret() else {
        return error!("there is no randomness to make an address of");
    };
    let now = state.clock.now();
    let link = NewLink {
        id: state.clock.new_id(),
        hash: hash_of(&secret),
        kind: LinkKind::Reset,
        user: Some(user.id),
        expires: now + GOOD_FOR,
        now,
    };
    if in_time("writing an address", state.store.add_one_time_link(&link)).await.is_err() {
        return;
    }
    let origin = state.config.origin.http();
    let text = format!(
        "Somebody, most likely you, wants a new password for Deskbell at {origin}.\n\nOpen this to set one. It works once, \
         within an hour:\n\n{origin}/reset/{secret}\n\nIf it was not you, there is nothing to do: your password stays as \
         it is.\n"
    );
    // To the address as it is known, not as a stranger typed it.
    letters::deliver(state, &user.email, "A new password for Deskbell", &text).await;
}

pub(super) async fn show_reset(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    match whose(&state, &token).await? {
        Some((_, email)) => {
            let alone = Alone::of(&headers, "Set a new password");
            shown(&ResetPage { alone, form: Form::default(), good: true, email: email.to_string() })
        }
        None => gone(&headers),
    }
}

pub(super) async fn reset(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let Some((id, email)) = whose(&state, &token).await? else { return gone(&headers) };
    let password = match Password::new(typed.exact("password"), Some(&email)) {
        Ok(password) => password,
        Err(unfit) => {
            let form = Form::refused(Fields::default(), vec![wrong("password", unfit.to_string())]);
            let alone = Alone::of(&headers, "Set a new password");
            let page = ResetPage { alone, form, good: true, email: email.to_string() };
            return shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let phc = state.doorkeeper.passwords.hash(password).await?;
    let Some(user) = in_time("reading an account", state.store.user(id)).await? else { return gone(&headers) };
    let now = state.clock.now();
    let deed = Deed {
        id: DeedId(state.clock.new_id()),
        business: None,
        user: Some(id),
        actor: user.name.clone(),
        deed: "account.password".to_owned(),
        subject: id.to_string(),
        detail: "by a one-time address".to_owned(),
        at: now,
    };
    let hash = hash_of(&token);
    let set = state.store.reset_password(&hash, &phc, &deed);
    if in_time("setting a password", set).await?.is_none() {
        return gone(&headers);
    }
    in_time("forgetting guesses", state.store.forget_attempts(&state.doorkeeper.entry(&email))).await?;
    let notice = Notice::good("Your new password is set. Every other browser was signed out.");
    sessions::begin(&state, &headers, &user, "", Some(&notice)).await
}

/// Whose password the address sets, while it is good.
async fn whose(state: &AppState, token: &str) -> Result<Option<(UserId, EmailAddress)>, Fault> {
    let now = state.clock.now();
    let link = in_time("reading an address", state.store.one_time_link(LinkKind::Reset, &hash_of(token), now)).await?;
    let Some(id) = link.and_then(|link| link.user) else { return Ok(None) };
    let user = in_time("reading an account", state.store.user(id)).await?;
    Ok(user.map(|user| (user.id, user.email)))
}

fn gone(headers: &HeaderMap) -> Result<Response, Fault> {
    let alone = Alone::of(headers, "This address is no longer good");
    let page = ResetPage { alone, form: Form::default(), good: false, email: String::new() };
    shown_as(StatusCode::NOT_FOUND, &page)
}
