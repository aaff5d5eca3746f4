//! Who may ring from a browser: our own page, and not too often.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use tokio::time::Instant;

use crate::config::Origin;

const MINUTE: Duration = Duration::from_mins(1);
/// Calls that may ring within a minute from one address.
const PER_MINUTE: u32 = 30;
/// Addresses that are remembered; more within a minute and all start anew.
const REMEMBERED: usize = 10_000;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a request was made by our own page. Browsers set both headers and no script can change them: `Origin` must be
/// ours, and `Sec-Fetch-Site` (Fetch Metadata) must not say otherwise.
pub(super) fn from_here(ours: &Origin, headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let site = headers.get(FETCH_SITE).map(HeaderValue::as_bytes);
    is_ours(ours, origin) && matches!(site, None | Some(b"same-origin"))
}

/// Whether a request that carries no `Origin` (a same-origin GET) comes from a foreign page.
pub(super) fn from_elsewhere(headers: &HeaderMap) -> bool {
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

/// How often each address has rung in this minute.
#[derive(Debug, Default)]
pub(super) struct Limit(Mutex<HashMap<IpAddr, (Instant, u32)>>);

impl Limit {
    /// Counts one more call, unless it is one too many.
    pub(super) fn admits(&self, address: IpAddr) -> bool {
        let now = Instant::now();
        let mut rung = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rung.len() >= REMEMBERED {
            rung.retain(|_, (since, _)| now.duration_since(*since) < MINUTE);
            if rung.len() >= REMEMBERED {
                rung.clear();
            }
        }
        let (since, count) = rung.entry(address).or_insert((now, 0));
        if now.duration_since(*since) >= MINUTE {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count <= PER_MINUTE
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

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

    #[tokio::test(start_paused = true)]
    async fn an_address_may_ring_thirty_times_a_minute() {
        let limit = Limit::default();
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        assert!((0..30).all(|_| limit.admits(address)));
        assert!(!limit.admits(address));
        assert!(limit.admits(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1))), "others are not concerned");
        tokio::time::advance(MINUTE).await;
        assert!(limit.admits(address));
    }
}
