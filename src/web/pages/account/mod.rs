//! One's own account: name, password, where one is signed in, and one's businesses.

pub(in crate::web) mod businesses;
mod change;
mod password;
mod sessions;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use jiff::{SignedDuration, Timestamp};

use super::{
    access::{IDLE, SignedIn},
    doors::{Doors, Need},
    fault::Fault,
    form::{Fields, Form},
    frame::{Frame, shown_as},
};
use crate::{
    domain::ids::{DeedId, SessionId},
    store::audit::Deed,
    web::{patience::in_time, state::AppState},
};

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/account", Need::Session, show)
        .at(Method::POST, "/account", Need::Session, change::change)
        .at(Method::POST, "/account/password", Need::Session, password::change)
        .at(Method::POST, "/account/sessions/end-others", Need::Session, sessions::end_others)
        .at(Method::POST, "/account/sessions/{session}/end", Need::Session, sessions::end)
        .at(Method::GET, "/businesses", Need::Session, businesses::show)
        .at(Method::GET, "/businesses/new", Need::Session, businesses::show_new)
        .at(Method::POST, "/businesses", Need::Session, businesses::add)
}

/// A browser that one is signed in with.
struct Place {
    id: SessionId,
    device: String,
    since: String,
    seen: String,
    /// It is this one.
    here: bool,
}

#[derive(Template)]
#[template(path = "pages/account/account.html")]
struct AccountPage {
    frame: Frame,
    me: Form,
    password: Form,
    /// Whether there is a password to change; who signs in elsewhere has none.
    has_password: bool,
    email: String,
    places: Vec<Place>,
}

async fn show(State(state): State<AppState>, who: SignedIn, headers: HeaderMap) -> Result<Response, Fault> {
    page(&state, &who, &headers, StatusCode::OK, Form::of(saved(&who)), Form::default()).await
}

/// The page with these two forms in it.
async fn page(
    state: &AppState,
    who: &SignedIn,
    headers: &HeaderMap,
    status: StatusCode,
    me: Form,
    password: Form,
) -> Result<Response, Fault> {
    let now = state.clock.now();
    let has_password = in_time("reading an account", state.store.password_of(who.user.id)).await?.is_some();
    let found = in_time("reading sessions", state.store.sessions(who.user.id, now, now - IDLE)).await?;
    let places = found.into_iter().map(|session| Place {
        id: session.id,
        device: session.device,
        since: ago(session.created, now),
        seen: ago(session.seen, now),
        here: session.id == who.session,
    });
    let mut places: Vec<Place> = places.collect();
    places.sort_by_key(|place| !place.here);
    let email = who.user.email.to_string();
    let frame = Frame::outside(who, headers, "Your account");
    shown_as(status, &AccountPage { frame, me, password, has_password, email, places })
}

/// What the first form holds.
fn saved(who: &SignedIn) -> Fields {
    Fields::default().and("name", who.user.name.as_str()).and("email", who.user.email.to_string())
}

/// A line for the audit log about somebody's own account.
fn own_deed(state: &AppState, who: &SignedIn, deed: &str, detail: &str) -> Deed {
    Deed {
        id: DeedId(state.clock.new_id()),
        business: None,
        user: Some(who.user.id),
        actor: who.user.name.clone(),
        deed: deed.to_owned(),
        subject: who.user.id.to_string(),
        detail: detail.to_owned(),
        at: state.clock.now(),
    }
}

/// "5 minutes ago": outside of a business there is no zone to write a time in.
fn ago(then: Timestamp, now: Timestamp) -> String {
    let passed = now.duration_since(then);
    let counted = |n: i64, one: &str, many: &str| if n == 1 { format!("{one} ago") } else { format!("{n} {many} ago") };
    match passed {
        passed if passed < SignedDuration::from_mins(1) => "just now".to_owned(),
        passed if passed < SignedDuration::from_hours(1) => counted(passed.as_mins(), "a minute", "minutes"),
        passed if passed < SignedDuration::from_hours(24) => counted(passed.as_hours(), "an hour", "hours"),
        passed => counted(passed.as_hours() / 24, "a day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_is_told_in_words() {
        let now: Timestamp = "2026-11-24T15:00:00Z".parse().unwrap();
        let told =
            [0, 59, 60, 150, 3_600, 7_300, 90_000].map(|seconds| ago(now - SignedDuration::from_secs(seconds), now));
        assert_eq!(
            told,
            ["just now", "just now", "a minute ago", "2 minutes ago", "an hour ago", "2 hours ago", "a day ago"]
        );
    }
}
