//! What opens beside the calendar with script and is a page of its own without; and where one goes after a change.

use std::str::FromStr;

use askama::Template;
use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::Response,
};
use jiff::civil::Date;

use super::ask::Asked;
use crate::web::{
    pages::{
        access::Access,
        fault::Fault,
        frame::{Frame, Here, root, shown_as},
    },
    state::AppState,
};

#[derive(Template)]
#[template(path = "pages/calendar/page.html")]
struct Whole {
    frame: Frame,
    body: String,
}

#[derive(Template)]
#[template(path = "pages/calendar/pane.html")]
struct Beside<'a> {
    assets: &'static str,
    title: &'a str,
    body: String,
}

/// The body alone when it was asked for by a part of a page, else a page around it.
pub(super) fn answer(
    access: &Access,
    headers: &HeaderMap,
    title: &str,
    status: StatusCode,
    body: &impl Template,
) -> Result<Response, Fault> {
    let body = body.render().map_err(|_| Fault::Broken)?;
    if headers.contains_key("hx-request") {
        return shown_as(status, &Beside { assets: crate::web::assets::path(), title, body });
    }
    shown_as(status, &Whole { frame: Frame::of(access, headers, Here::Calendar, title), body })
}

/// The id in the path after the business's. What cannot be one is not found.
pub(super) struct Id<T>(pub(super) T);

impl<T: FromStr> FromRequestParts<AppState> for Id<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Fault> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Fault::NotFound)?;
        let id = params.iter().nth(1).and_then(|(_, id)| id.parse().ok());
        id.map(Self).ok_or(Fault::NotFound)
    }
}

/// The calendar on a date, as whoever asks was looking at it: the address of the page they came from says how.
pub(super) fn calendar_on(access: &Access, headers: &HeaderMap, on: Date) -> String {
    let business = &access.business;
    let from = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let place = format!("{}/calendar?", root(business));
    let query = from.split_once(&place).map(|(_, query)| query);
    Asked::read(query, business, on).at(on).path(business)
}
