//! A new password, by whoever knows the old one.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};

use super::{own_deed, page, saved};
use crate::{
    domain::account::password::Password,
    store::accounts::Attempt,
    web::{
        pages::{
            access::SignedIn,
            entry::{
                doorkeeper::{Guess, wait},
                letters, sessions,
            },
            fault::Fault,
            form::{Fields, Form, wrong},
            notice::{Notice, then},
        },
        patience::in_time,
        state::AppState,
    },
};

/// Ends every session, this one too: the browser goes on with a fresh one.
pub(super) async fn change(
    State(state): State<AppState>,
    who: SignedIn,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let mut wrongs = Vec::new();
    let new = Password::new(typed.exact("password"), Some(&who.user.email));
    if let Err(unfit) = &new {
        wrongs.push(wrong("password", unfit.to_string()));
    }
    if wrongs.is_empty() {
        if let Err(why) = is_own(&state, &headers, &who, typed.exact("current")).await? {
            wrongs.push(wrong("current", why));
        }
    } else if typed.exact("current").is_empty() {
        wrongs.push(wrong("current", "Type the password that you have now."));
    }
    let (Ok(new), true) = (new, wrongs.is_empty()) else {
        let form = Form::refused(Fields::default(), wrongs);
        let me = Form::of(saved(&who));
        return page(&state, &who, &headers, StatusCode::UNPROCESSABLE_ENTITY, me, form).await;
    };
    let phc = state.doorkeeper.passwords.hash(new).await?;
    let deed = own_deed(&state, &who, "account.password", "");
    in_time("setting a password", state.store.set_password(who.user.id, &phc, None, &deed)).await?;
    let cookie = sessions::open(&state, &headers, who.user.id).await?;
    if state.email.works() {
        let text = format!(
            "The password of your Deskbell account at {origin} was changed, and every other browser was signed out.\n\nIf that \
             was not you, set a new one at once: {origin}/forgotten\n",
            origin = state.config.origin.http()
        );
        letters::send(&state, who.user.email.clone(), "Your Deskbell password was changed", text);
    }
    let notice = Notice::good("Your password is changed. Every other browser was signed out.");
    let mut response = then("/account", &notice);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Whether somebody who is signed in knows their own password; else what is wrong, as a sentence. Guesses are counted, so that
/// a browser that was left open does not become a way to find it out.
pub(super) async fn is_own(
    state: &AppState,
    headers: &HeaderMap,
    who: &SignedIn,
    typed: &str,
) -> Result<Result<(), String>, Fault> {
    if typed.is_empty() {
        return Ok(Err("Type the password that you have now.".to_owned()));
    }
    let guess = Guess::Own(who.user.id);
    if let Attempt::Wait { until } = state.doorkeeper.admits(state, headers, &None, guess).await? {
        let wait = wait(until, state.clock.now());
        return Ok(Err(format!("That was tried too often. Please wait {wait}, and try it again.")));
    }
    let known = in_time("reading an account", state.store.password_of(who.user.id)).await?;
    if !state.doorkeeper.passwords.are_same(Password::typed(typed), known).await? {
        return Ok(Err("This is not your password.".to_owned()));
    }
    state.doorkeeper.forgives(state, headers, guess).await?;
    Ok(Ok(()))
}
