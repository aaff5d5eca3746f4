//! The page at `/`, from which anybody can call. It is asked for again each time; its files are kept (`assets.rs`).

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest as _, Sha256};

use super::{
    assets::{self, short, slim},
    state::AppState,
};

const PAGE: &str = include_str!("assets/index.html");
const SPRITE: &str = include_str!("assets/sprite.html");
const PHONE: &str = include_str!("assets/phone.html");
const UNDERSTOOD: &str = include_str!("assets/understood.html");

/// The pieces that a call on a page is made of, for the owner's page too.
pub(super) struct CallPieces {
    /// Its drawings.
    pub(super) sprite: &'static str,
    pub(super) phone: String,
    /// What was understood, and what came of it.
    pub(super) understood: &'static str,
}

impl CallPieces {
    pub(super) fn of(state: &AppState) -> Self {
        let phone = PHONE.replace("{{origin}}", state.config.origin.http());
        Self { sprite: SPRITE, phone, understood: UNDERSTOOD }
    }
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/", get(page))
}

async fn page(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let call = CallPieces::of(&state);
    let html = PAGE.replace("{{sprite}}", call.sprite).replace("{{phone}}", &call.phone);
    let html = slim(&html.replace("{{understood}}", call.understood)).replace("{{assets}}", assets::path());
    let tag = format!("\"{}\"", short(Sha256::new_with_prefix(&html)));
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
    };
    for (name, value) in [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::CONTENT_SECURITY_POLICY, content_policy(&state)),
        // The page's own requests must say where they come from: talk.rs looks at their Origin.
        (header::REFERRER_POLICY, "same-origin".to_owned()),
        (HeaderName::from_static("permissions-policy"), "microphone=(self), camera=(), geolocation=()".to_owned()),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Nothing from elsewhere, nothing inline, no string that becomes script. Older browsers do not count a WebSocket to the
/// own origin as 'self', so it is named.
fn content_policy(state: &AppState) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {}; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types \
         'none'",
        state.config.origin.ws()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_page_is_inline() {
        for inline in [" style=", " onclick=", "<style", "javascript:", "http://"] {
            for piece in [PAGE, SPRITE, PHONE, UNDERSTOOD] {
                assert!(!piece.contains(inline), "{inline}");
            }
        }
        assert_eq!(PAGE.matches("<script").count(), PAGE.matches("<script type=\"module\" src=").count());
    }
}
