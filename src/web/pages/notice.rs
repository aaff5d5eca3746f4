//! What a page says once after something was done: "Saved.", with a way back where there is one.
//!
//! It travels in a cookie of its own from the answer to a form to the page that is shown next.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cookie::{Cookie, SameSite};
use serde::{Deserialize, Serialize};

use super::access::value_of;

const COOKIE: &str = "__Host-notice";

/// Something to say once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::web) struct Notice {
    pub(in crate::web) text: String,
    /// Something did not work.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::web) bad: bool,
    /// Where a form goes that takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::web) undo: Option<String>,
}

impl Notice {
    pub(in crate::web) fn good(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: false, undo: None }
    }

    pub(in crate::web) fn bad(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: true, undo: None }
    }

    /// With a button that posts to `path`.
    #[must_use]
    pub(in crate::web) fn undone_at(mut self, path: impl Into<String>) -> Self {
        self.undo = Some(path.into());
        self
    }

    /// The notice that a request brings.
    pub(in crate::web) fn read(headers: &HeaderMap) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(value_of(headers, COOKIE)?).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// For the next page.
    pub(in crate::web) fn set(&self) -> Option<HeaderValue> {
        let value = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).ok()?);
        cookie(value, cookie::time::Duration::minutes(1))
    }

    /// It has been said.
    pub(in crate::web) fn clear() -> Option<HeaderValue> {
        cookie(String::new(), cookie::time::Duration::ZERO)
    }
}

fn cookie(value: String, age: cookie::time::Duration) -> Option<HeaderValue> {
    let cookie =
        Cookie::build((COOKIE, value)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).max_age(age);
    HeaderValue::from_str(&cookie.to_string()).ok()
}

/// An answer that leads to another page and says something there (303, so that reloading sends nothing twice).
pub(in crate::web) fn then(path: &str, notice: &Notice) -> axum::response::Response {
    use axum::response::IntoResponse as _;
    let mut response = axum::response::Redirect::to(path).into_response();
    if let Some(value) = notice.set() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
