//! Whether a request was made by a page of our own. Browsers tell, and no script can change what they tell.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::config::Origin;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a request was made by our own page. Browsers set both headers and no script can change them: `Origin` must be
/// ours, and `Sec-Fetch-Site` (Fetch Metadata) must not say otherwise.
pub(in crate::web) fn from_here(ours: &Origin, headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let site = headers.get(FETCH_SITE).map(HeaderValue::as_bytes);
    is_ours(ours, origin) && matches!(site, None | Some(b"same-origin"))
}

/// Whether a request that carries no `Origin` (a same-origin GET) comes from a foreign page.
pub(in crate::web) fn from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get(FETCH_SITE).is_some_and(|site| matches!(site.as_bytes(), b"cross-site" | b"same-site"))
}

/// Exactly our origin. On this machine alone, its other names too: whoever is told 127.0.0.1 may type localhost.
fn is_ours(ours: &Origin, origin: &str) -> bool {
    if origin == ours.http() {
        return true;
    }
    let local = |text: &str| {
        let rest = text.strip_prefix("http://")?;
        let (host, port) = rest.rsplit_once(':').unwrap_or((rest, "80"));
        matches!(host, "127.0.0.1" | "localhost" | "[::1]").then(|| port.to_owned())
    };
    local(ours.http()).is_some_and(|port| local(origin) == Some(port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(origin: Option<&str>, site: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        if let Some(site) = site {
            headers.insert(FETCH_SITE, site.parse().unwrap());
        }
        headers
    }

    #[test]
    fn b4_only_our_own_origin_may_ring() {
        let ours = Origin::parse("https://voice.example.com").unwrap();
        assert!(from_here(&ours, &headers(Some("https://voice.example.com"), Some("same-origin"))));
        assert!(from_here(&ours, &headers(Some("https://voice.example.com"), None)));
        for foreign in [
            None,
            Some("null"),
            Some(""),
            Some("https://evil.example"),
            Some("https://voice.example.com.evil.example"),
            Some("https://evil-voice.example.com"),
            Some("http://voice.example.com"),
            Some("https://voice.example.com:8443"),
            Some("https://voice.example.com/"),
            Some("http://localhost:8080"),
        ] {
            assert!(!from_here(&ours, &headers(foreign, None)), "{foreign:?}");
        }
        for site in ["cross-site", "same-site", "none"] {
            assert!(!from_here(&ours, &headers(Some("https://voice.example.com"), Some(site))), "{site}");
        }
    }

    #[test]
    fn on_this_machine_its_other_names_are_ours_too() {
        let ours = Origin::parse("http://127.0.0.1:8080").unwrap();
        assert!(from_here(&ours, &headers(Some("http://localhost:8080"), None)));
        assert!(!from_here(&ours, &headers(Some("http://localhost:8081"), None)));
        assert!(!from_here(&ours, &headers(Some("http://localhost.evil.example:8080"), None)));
        assert!(!from_here(&ours, &headers(Some("https://localhost:8080"), None)));
    }
}
