//! Calls: what was said and understood, and stepping into one that is live.

mod events;
pub(super) mod list;
mod live;
mod show;
mod turn;
pub(super) mod view;

use std::{fmt::Display, str::FromStr};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{Method, request::Parts},
};

pub use events::Watchers;

use super::{
    doors::{Doors, Need},
    fault::Fault,
};
use crate::{
    domain::{business::Business, ids::CallId},
    store::calls::Call,
    web::{patience::in_time, state::AppState},
};

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/b/{business}/calls", Need::Staff, list::show)
        .at(Method::GET, "/b/{business}/calls/{call}", Need::Staff, show::show)
        .at(Method::GET, "/b/{business}/calls/{call}/live", Need::Staff, live::show)
        .at(Method::GET, "/b/{business}/calls/{call}/events", Need::Staff, events::stream)
        .at(Method::POST, "/b/{business}/calls/{call}/take-over", Need::Staff, live::take_over)
        .at(Method::POST, "/b/{business}/calls/{call}/end", Need::Staff, live::end)
}

/// The last id of a path. What cannot be one is not found.
pub(super) struct Named<T>(pub(super) T);

impl<T: FromStr> FromRequestParts<AppState> for Named<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Fault> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Fault::NotFound)?;
        let last = params.iter().last().and_then(|(_, id)| id.parse().ok());
        last.map(Self).ok_or(Fault::NotFound)
    }
}

/// A call of this business.
async fn found(state: &AppState, business: &Business, id: CallId) -> Result<Call, Fault> {
    in_time("reading a call", state.store.call(business.id, id)).await?.ok_or(Fault::NotFound)
}

/// A query that is not empty, or nothing: "a=b&c=d" with what is empty left out.
pub(super) fn query(fields: &[(&str, &dyn Display)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        let value = value.to_string();
        if !value.is_empty() {
            query.append_pair(name, &value);
        }
    }
    query.finish()
}
