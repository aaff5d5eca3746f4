//! When a customer cannot be helped: what happened and what to do, in the language their browser asks for.

use askama::Template;
use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use tracing::error;

use super::words::{self, Words};
use crate::{
    ports::desk::DeskError,
    store::StoreError,
    web::{assets, pages::form::Fields, patience::Late},
};

/// Why not. Old, foreign, forged and mistyped addresses are all [`Gone`](Self::Gone), and look the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sorry {
    Gone,
    TooMany,
    Down,
    /// A form that no page of ours sends.
    Bad,
}

#[derive(Template)]
#[template(path = "pages/customer/sorry.html")]
struct Page {
    assets: &'static str,
    words: &'static Words,
    title: &'static str,
    what: &'static str,
}

impl Sorry {
    fn status(self) -> StatusCode {
        match self {
            Self::Gone => StatusCode::NOT_FOUND,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Down => StatusCode::SERVICE_UNAVAILABLE,
            Self::Bad => StatusCode::BAD_REQUEST,
        }
    }

    fn page(self, words: &'static Words) -> Response {
        let (title, what) = match self {
            Self::Gone => (words.gone, words.gone_why),
            Self::TooMany => (words.slowly, words.slowly_why),
            Self::Down => (words.down, words.down_why),
            Self::Bad => (words.not_from_here, words.not_from_here_why),
        };
        let html = Page { assets: assets::path(), words, title, what }.render().unwrap_or_else(|_| title.to_owned());
        let mut response = (self.status(), Html(html)).into_response();
        if self == Self::TooMany {
            response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("60"));
        }
        response
    }
}

/// Marked, for [`worded`] to say it.
impl IntoResponse for Sorry {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A layer that says it in the reader's language.
pub(super) async fn worded(request: Request, next: Next) -> Response {
    let words = preferred(request.uri().query(), request.headers());
    let response = next.run(request).await;
    match response.extensions().get::<Sorry>() {
        Some(sorry) => sorry.page(words),
        None => response,
    }
}

/// What the address or the browser asks for (RFC 9110 §12.5.4; browsers list the most wanted first).
fn preferred(query: Option<&str>, headers: &HeaderMap) -> &'static Words {
    let asked = Fields::parse(query.unwrap_or_default().as_bytes());
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    words::of(asked.text("lang"))
        .or_else(|| accepted.split(',').take(16).find_map(words::of))
        .unwrap_or_else(words::english)
}

impl From<Late> for Sorry {
    fn from(_: Late) -> Self {
        Self::Down
    }
}

impl From<StoreError> for Sorry {
    fn from(error: StoreError) -> Self {
        error!(%error, "a customer's page could not be made: {error}");
        Self::Down
    }
}

impl From<askama::Error> for Sorry {
    fn from(error: askama::Error) -> Self {
        error!(%error, "a customer's page could not be rendered");
        Self::Down
    }
}

/// For what pages do not tell beside the time.
impl From<DeskError> for Sorry {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Unavailable(_) => Self::Down,
            DeskError::Gone => Self::Gone,
            _ => Self::Bad,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_goes_before_the_browser_and_both_before_english() {
        let accept = |value: &str| HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, value.parse().unwrap())]);
        assert_eq!(preferred(None, &accept("pl, de-AT;q=0.8, en;q=0.5")).code, "de");
        assert_eq!(preferred(Some("lang=nl"), &accept("de")).code, "nl");
        assert_eq!(preferred(Some("lang=xx&y"), &HeaderMap::new()).code, "en");
    }
}
