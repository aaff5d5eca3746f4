//! The files that pages are made of, inside the binary.
//!
//! All share one hash in their path, so that they can be kept for ever and a new version is never mixed with an old one.
//! They are packed once, when the first of them is asked for.

use std::{
    io::Write as _,
    sync::{LazyLock, OnceLock},
};

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};

use super::state::AppState;

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const DRAWING: &str = "image/svg+xml";

/// One file as it is written.
struct Source {
    name: &'static str,
    kind: &'static str,
    /// Put one after the other: a stylesheet has a part for each room of the pages.
    parts: &'static [&'static str],
}

macro_rules! source {
    ($name:literal, $kind:expr, $($path:literal),+) => {
        Source { name: $name, kind: $kind, parts: &[$(include_str!(concat!("assets/", $path))),+] }
    };
}

/// Those of the call's page, of the API's, and of the owner's and the customers' pages.
static SOURCES: &[Source] = &[
    source!("main.js", SCRIPT, "main.js"),
    source!("call.js", SCRIPT, "call.js"),
    source!("cards.js", SCRIPT, "cards.js"),
    source!("line.js", SCRIPT, "line.js"),
    source!("phone.js", SCRIPT, "phone.js"),
    source!("transcript.js", SCRIPT, "transcript.js"),
    source!("voice.js", SCRIPT, "voice.js"),
    source!("page.css", STYLE, "page.css", "call.css", "narrow.css"),
    source!("docs.css", STYLE, "docs.css"),
    source!("icon.svg", DRAWING, "icon.svg"),
    source!("icons.svg", DRAWING, "pages/icons.svg"),
    source!(
        "owner.css",
        STYLE,
        "pages/base.css",
        "pages/parts.css",
        "pages/today.css",
        "pages/calendar.css",
        "pages/calls.css",
        "pages/customers.css",
        "pages/insights.css",
        "pages/settings.css",
        "pages/voice.css",
        "pages/integrations.css",
        "pages/team.css",
        "pages/entry.css"
    ),
    source!("trial.css", STYLE, "call.css", "pages/trial.css"),
    source!("customer.css", STYLE, "pages/base.css", "pages/parts.css", "pages/customer.css"),
    source!("owner.js", SCRIPT, "pages/owner.js"),
    source!("today.js", SCRIPT, "pages/today.js"),
    source!("calendar.js", SCRIPT, "pages/calendar.js"),
    source!("calls.js", SCRIPT, "pages/calls.js"),
    source!("insights.js", SCRIPT, "pages/insights.js"),
    source!("chartist.js", SCRIPT, "pages/chartist.min.js"),
    source!("settings.js", SCRIPT, "pages/settings.js"),
    source!("voice-settings.js", SCRIPT, "pages/voice-settings.js"),
    source!("trial.js", SCRIPT, "pages/trial.js"),
    source!("customer.js", SCRIPT, "pages/customer.js"),
    source!("entry.js", SCRIPT, "pages/entry.js"),
    source!("htmx.js", SCRIPT, "pages/htmx.min.js"),
];

/// One file as it is sent.
struct File {
    name: &'static str,
    kind: &'static str,
    plain: String,
    packed: Vec<u8>,
}

/// Without the indentation and the comment lines, which are for us and a tenth of it.
pub(super) fn slim(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn packed(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to a vector does not fail; what is empty is not offered.
    packer.write_all(text.as_bytes()).ok().and_then(|()| packer.finish().ok()).unwrap_or_default()
}

static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
    let sent = |source: &Source| {
        let plain: String = source.parts.iter().map(|part| slim(part)).collect();
        File { name: source.name, kind: source.kind, packed: packed(&plain), plain }
    };
    SOURCES.iter().map(sent).collect()
});

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/assets/{hash}/{file}", get(file))
        .route("/favicon.ico", get(async || Redirect::permanent(&format!("{}/icon.svg", path()))))
}

/// Where the files are: "/assets/…".
pub(super) fn path() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| {
        let mut hash = Sha256::new();
        for source in SOURCES {
            hash.update(source.name);
            source.parts.iter().for_each(|part| hash.update(part));
        }
        format!("/assets/{}", short(hash))
    })
}

/// Enough of a hash to tell two versions apart.
pub(super) fn short(hash: Sha256) -> String {
    URL_SAFE_NO_PAD.encode(&hash.finalize()[..9])
}

async fn file(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let current = path().ends_with(&format!("/{hash}"));
    let Some(file) = FILES.iter().find(|file| current && file.name == name) else {
        // Not kept: the next version may have it.
        return (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response();
    };
    let kept = [
        (header::CONTENT_TYPE, file.kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "accept-encoding"),
    ];
    if !file.packed.is_empty() && unpacks(&headers) {
        return (kept, [(header::CONTENT_ENCODING, "gzip")], file.packed.as_slice()).into_response();
    }
    (kept, file.plain.as_str()).into_response()
}

/// Whether the browser takes gzip (RFC 9110 §12.5.3); one that weighs it with 0 does not.
fn unpacks(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        name.trim().eq_ignore_ascii_case("gzip") && weight.trim().trim_start_matches("q=").parse() != Ok(0.0_f32)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(names: &[&str]) -> usize {
        FILES.iter().filter(|file| names.contains(&file.name)).map(|file| file.packed.len()).sum()
    }

    #[test]
    fn the_first_page_weighs_little_on_the_way() {
        let call =
            weight(&["main.js", "phone.js", "call.js", "cards.js", "line.js", "transcript.js", "voice.js", "page.css"]);
        assert!(call < 30_000, "the call's page: {call} bytes");
        let owner = weight(&["owner.css", "owner.js", "htmx.js", "icons.svg"]);
        assert!(owner < 60_000, "an owner's page: {owner} bytes");
        let customer = weight(&["customer.css", "customer.js", "icons.svg"]);
        assert!(customer < 20_000, "a customer's page: {customer} bytes");
    }

    #[test]
    fn every_file_has_a_name_of_its_own() {
        let mut names: Vec<&str> = SOURCES.iter().map(|source| source.name).collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|one, next| one < next), "{names:?}");
    }

    #[test]
    fn a_browser_that_cannot_unpack_gets_it_plain() {
        let headers = |value: &str| HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())]);
        assert!(unpacks(&headers("br, gzip;q=0.8")) && unpacks(&headers("GZIP")));
        assert!(!unpacks(&headers("br")) && !unpacks(&headers("gzip;q=0")) && !unpacks(&HeaderMap::new()));
    }
}
