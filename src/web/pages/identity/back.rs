//! Back from a provider: what it says is checked before anything is asked of it.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use tracing::{info, warn};

use super::{COOKIE, comes_back_to, provider};
use crate::{
    domain::ids::UserId,
    ports::identity::{Identity, IdentityError, Trip, Verified},
    store::accounts::{Departed, Entered, Somebody},
    web::{
        pages::{
            access::{hash_of, value_of},
            entry::{Alone, sessions},
            fault::Fault,
            frame::shown_as,
            notice::Notice,
            round_trip::{Brought, is_own_click, told},
        },
        patience::in_time,
        state::AppState,
    },
};

/// Characters of a name from elsewhere that are kept.
const LONGEST_NAME: usize = 80;

#[derive(Template)]
#[template(path = "pages/identity/sorry.html")]
struct Sorry {
    alone: Alone,
    what: String,
    /// What the provider called it; anybody may have written it.
    told: String,
    again: String,
    name: &'static str,
}

pub(super) async fn arrive(
    State(state): State<AppState>,
    Path(path): Path<String>,
    method: Method,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let provider = provider(&state, &path)?;
    let provider = provider.as_ref();
    let start_again = |status| {
        let what = "This way back is used, older than ten minutes, or was not begun here. Please start again.";
        page(&headers, provider, status, "Please start again", what, "")
    };
    // A preview or a prefetch of the address uses nothing up.
    if method != Method::GET || !is_own_click(&headers) {
        return start_again(StatusCode::BAD_REQUEST);
    }
    let Some(brought) = Brought::read(query.as_deref().unwrap_or_default()) else {
        return start_again(StatusCode::BAD_REQUEST);
    };
    let Some(token) = brought.state else { return start_again(StatusCode::BAD_REQUEST) };
    if brought.issuer.is_some_and(|issuer| issuer != provider.issuer()) {
        return start_again(StatusCode::BAD_REQUEST);
    }
    let browser = value_of(&headers, COOKIE).map(|secret| hash_of(&secret));
    let hash = hash_of(&token);
    let arrive = state.store.arrive(&hash, browser.as_ref(), &path, state.clock.now());
    let (verifier, nonce, next) = match in_time("looking for a departure", arrive).await? {
        Departed::Back { verifier, nonce, next } => (verifier, nonce, next),
        Departed::OtherBrowser => return start_again(StatusCode::FORBIDDEN),
        Departed::Unknown => return start_again(StatusCode::BAD_REQUEST),
    };
    let Some(code) = brought.code else {
        let error = brought.error.unwrap_or_default();
        return declined(&headers, provider, &error);
    };
    let trip = Trip { back: comes_back_to(&state, &path), verifier, nonce };
    match provider.redeem(&code, trip).await {
        Ok(verified) => enter(&state, &headers, provider, verified, &next).await,
        Err(error) => sorry(&headers, provider, &error),
    }
}

/// Whoever is known here gets in.
async fn enter(
    state: &AppState,
    headers: &HeaderMap,
    provider: &dyn Identity,
    verified: Verified,
    next: &str,
) -> Result<Response, Fault> {
    let email = verified.email.filter(|_| verified.email_verified).and_then(|email| email.parse().ok());
    let named: String =
        verified.name.unwrap_or_default().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let somebody = Somebody {
        identity: format!("{}:{}", provider.path(), verified.subject),
        email,
        id: UserId(state.clock.new_id()),
        name: Some(named.trim().to_owned()).filter(|name| !name.is_empty()).unwrap_or_else(|| "Somebody".to_owned()),
    };
    let clock = state.clock.clone();
    let entering = state.store.enter_as(&somebody, state.clock.now(), move || clock.new_id());
    let (user, notice) = match in_time("letting somebody in", entering).await? {
        Entered::Known(user) => (user, None),
        Entered::Joined(user) => (user, Some(Notice::good("Welcome. You have joined the team you were invited to."))),
        Entered::Linked(user) => {
            let told = format!(
                "From now on you sign in with {}. The password from before and every other session are no longer good.",
                provider.name()
            );
            (user, Some(Notice::good(told)))
        }
        Entered::Stranger => {
            let what = "Nobody here has that address. Ask an owner to invite it, or sign in with your password.";
            return page(headers, provider, StatusCode::FORBIDDEN, "You have no account here", what, "");
        }
    };
    info!("somebody signed in elsewhere");
    sessions::begin(state, headers, &user, next, notice.as_ref()).await
}

fn declined(headers: &HeaderMap, provider: &dyn Identity, error: &str) -> Result<Response, Fault> {
    if error == "access_denied" {
        let what = "Nothing was shared, and nothing was changed.";
        return page(headers, provider, StatusCode::OK, "You did not sign in", what, "");
    }
    let what = format!("{} could not sign you in.", provider.name());
    page(headers, provider, StatusCode::BAD_GATEWAY, "That did not work", &what, &told(error))
}

/// The provider did not do its part.
pub(super) fn sorry(headers: &HeaderMap, provider: &dyn Identity, error: &IdentityError) -> Result<Response, Fault> {
    let (status, title, what) = match error {
        IdentityError::Refused => {
            let what = "It was used already, or took too long. Please start again.";
            (StatusCode::BAD_REQUEST, "Please start again", what.to_owned())
        }
        IdentityError::Unusable(_) => {
            let what = format!("{} gave an answer that cannot be relied on, so nobody was signed in.", provider.name());
            (StatusCode::BAD_GATEWAY, "That did not work", what)
        }
        IdentityError::Unavailable(_) => {
            let what = format!("{} cannot be reached at the moment.", provider.name());
            (StatusCode::BAD_GATEWAY, "That did not work", what)
        }
    };
    warn!(%error, "somebody could not be signed in elsewhere: {error}");
    page(headers, provider, status, title, &what, "")
}

fn page(
    headers: &HeaderMap,
    provider: &dyn Identity,
    status: StatusCode,
    title: &str,
    what: &str,
    told: &str,
) -> Result<Response, Fault> {
    let page = Sorry {
        alone: Alone::of(headers, title),
        what: what.to_owned(),
        told: told.to_owned(),
        again: super::departure(provider.path(), ""),
        name: provider.name(),
    };
    shown_as(status, &page)
}
