//! Whether calls arrive: the piece of the page that asks again every three seconds until one does.

use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::Response,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::{
    domain::business::Business,
    web::{
        pages::{access::Owner, fault::Fault, frame::shown, say::Say},
        state::AppState,
    },
};

/// How long a page goes on asking.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// A call that came so long ago still answers the question, to whoever called first and then looked.
const JUST_NOW: SignedDuration = SignedDuration::from_mins(1);

/// When somebody began to wait, in seconds since 1970.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Since {
    since: i64,
}

impl Since {
    pub(super) fn now(state: &AppState) -> Self {
        Self { since: state.clock.now().as_second() }
    }

    fn moment(self, now: Timestamp) -> Timestamp {
        Timestamp::from_second(self.since).unwrap_or(now).min(now)
    }
}

/// What is to be seen.
enum Told {
    /// Nothing can come.
    NoLine,
    Waiting,
    /// A call came just now.
    Arrived,
    /// Something came just now, and was not believed.
    Refused,
    /// Nothing came for a while.
    GaveUp,
}

#[derive(Template)]
#[template(path = "pages/settings/arrivals.html")]
pub(super) struct Arrivals {
    root: String,
    since: i64,
    state: Told,
    carrier: &'static str,
    when_refused: &'static str,
    refused_why: String,
    /// For each number that was ever called: when last, in the business's zone.
    seen: Vec<(String, String)>,
    /// When something was last not believed.
    refused: Option<String>,
}

impl Arrivals {
    pub(super) async fn of(state: &AppState, business: &Business, since: Since) -> Result<Self, Fault> {
        let now = state.clock.now();
        let began = since.moment(now);
        let found = state.sightings.of(state, business.id).await?;
        let nobodys = state.sightings.refused_for_nobody().map(|(at, why)| (at, why.to_owned()));
        let genuine = found.iter().filter_map(|sighting| sighting.genuine).max();
        let refused = found.iter().filter_map(|sighting| sighting.refused.clone()).chain(nobodys).max();
        let fresh = |at: Option<Timestamp>| at.is_some_and(|at| at >= began - JUST_NOW);
        let refused_at = refused.as_ref().map(|(at, _)| *at);
        let told = match state.telephony {
            None => Told::NoLine,
            // The newest of the two counts: a mistake that was put right is over.
            Some(_) if fresh(genuine) && genuine >= refused_at => Told::Arrived,
            Some(_) if fresh(refused_at) => Told::Refused,
            Some(_) if now.duration_since(began) > PATIENCE => Told::GaveUp,
            Some(_) => Told::Waiting,
        };
        let say = Say::of(business, now);
        let when = |at: Timestamp| say.when(at);
        let telephony = state.telephony.as_ref();
        let number =
            |number: String| number.parse().map_or_else(|_| "Another number".to_owned(), |number| say.phone(&number));
        Ok(Self {
            root: format!("/b/{}", business.id),
            since: began.as_second(),
            state: told,
            carrier: telephony.map_or("", |telephony| telephony.label()),
            when_refused: telephony.map_or("", |telephony| telephony.when_refused()),
            refused_why: refused.as_ref().map(|(_, why)| why.clone()).unwrap_or_default(),
            refused: refused_at.map(when),
            seen: found
                .into_iter()
                .filter_map(|sighting| sighting.genuine.map(|at| (number(sighting.number), when(at))))
                .collect(),
        })
    }
}

/// The piece alone.
pub(super) async fn show(
    Owner(access): Owner,
    State(state): State<AppState>,
    since: Result<Query<Since>, QueryRejection>,
) -> Result<Response, Fault> {
    let since = since.map_or_else(|_| Since::now(&state), |Query(since)| since);
    shown(&Arrivals::of(&state, &access.business, since).await?)
}
