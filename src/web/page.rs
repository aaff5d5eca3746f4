//! The page at `/`, and the files it is made of, inside the binary.
//!
//! All files share one hash in their path, so that they can be kept for ever and a new version is never mixed with an old
//! one. Only the page itself is asked for again each time.

use std::sync::OnceLock;

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use super::state::AppState;

const PAGE: &str = include_str!("assets/index.html");

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Name, type and content.
const FILES: [(&str, &str, &str); 9] = [
    ("main.js", SCRIPT, include_str!("assets/main.js")),
    ("call.js", SCRIPT, include_str!("assets/call.js")),
    ("cards.js", SCRIPT, include_str!("assets/cards.js")),
    ("line.js", SCRIPT, include_str!("assets/line.js")),
    ("transcript.js", SCRIPT, include_str!("assets/transcript.js")),
    ("voice.js", SCRIPT, include_str!("assets/voice.js")),
    ("page.css", STYLE, include_str!("assets/page.css")),
    ("docs.css", STYLE, include_str!("assets/docs.css")),
    ("icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
];

/// As it is sent: without the indentation and the comment lines, which are for us and a tenth of it.
fn slim(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The files as they are sent.
fn files() -> &'static [(&'static str, &'static str, String)] {
    static FILES_SENT: OnceLock<Vec<(&str, &str, String)>> = OnceLock::new();
    FILES_SENT.get_or_init(|| FILES.map(|(name, kind, content)| (name, kind, slim(content))).into())
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(page))
        .route("/assets/{hash}/{file}", get(file))
        .route("/favicon.ico", get(async || Redirect::permanent(&format!("{}/icon.svg", assets_path()))))
}

/// Where the files are: "/assets/…".
pub(super) fn assets_path() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| {
        let mut hash = Sha256::new();
        for (name, _, content) in files() {
            hash.update(name);
            hash.update(content);
        }
        format!("/assets/{}", short(hash))
    })
}

/// Enough of a hash to tell two versions apart.
fn short(hash: Sha256) -> String {
    URL_SAFE_NO_PAD.encode(&hash.finalize()[..9])
}

async fn page(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let html = slim(PAGE).replace("{{assets}}", assets_path()).replace("{{origin}}", state.config.origin.http());
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

async fn file(Path((hash, name)): Path<(String, String)>) -> Response {
    let current = assets_path().ends_with(&format!("/{hash}"));
    match files().iter().find(|(file, ..)| current && *file == name) {
        Some((_, kind, content)) => {
            let kept = "public, max-age=31536000, immutable";
            ([(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, kept)], content.as_str()).into_response()
        }
        // Not kept: the next version may have it.
        None => (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_weighs_less_than_sixty_kilobytes() {
        let files: usize =
            files().iter().filter(|(name, ..)| *name != "docs.css").map(|(.., content)| content.len()).sum();
        let page = slim(PAGE).len() + files;
        assert!(page < 60_000, "{page} bytes");
    }

    #[test]
    fn nothing_in_the_page_is_inline() {
        for inline in [" style=", " onclick=", "<style", "javascript:", "http://"] {
            assert!(!PAGE.contains(inline), "{inline}");
        }
        assert_eq!(PAGE.matches("<script").count(), PAGE.matches("<script type=\"module\" src=").count());
    }
}
