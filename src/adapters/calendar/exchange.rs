//! How a vendor's JSON interface is asked: what may have been done when an answer is missing is told apart from what was
//! surely not, and neither addresses nor a vendor's words get into an error.

use std::{collections::HashSet, time::Duration};

use anyhow::{Context as _, anyhow};
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder, StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;

use crate::{
    adapters::http,
    ports::calendar::{Access, Interval, Trouble},
};

/// Bytes of an answer. A hundred events have some 200 KiB.
const LIMIT: usize = 2 * 1024 * 1024;

/// For one request, its answer included; whoever asks usually gives up earlier.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

/// Of one listing.
pub(super) const MOST_PAGES: usize = 50;

/// The longest wait that is believed when a vendor asks for one.
const LONGEST_WAIT: u64 = 24 * 60 * 60;

/// Where a vendor says how many seconds to wait: RFC 9110's header first, then those of Calendly and Cal.com.
const WAITS: [&str; 4] = ["retry-after", "x-ratelimit-reset", "x-ratelimit-reset-default", "retry-after-default"];

/// What the loss of an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    Reading,
    Writing,
}

impl Doing {
    /// There is no answer, or none that makes sense.
    pub(super) fn lost(self, why: anyhow::Error) -> Trouble {
        match self {
            Self::Reading => Trouble::Unavailable(why),
            Self::Writing => Trouble::Unknown(why),
        }
    }
}

/// One vendor's interface.
#[derive(Debug)]
pub(super) struct Api {
    client: reqwest::Client,
    base: String,
}

impl Api {
    /// `base` is where the vendor is, without a slash at its end.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub(super) fn new(base: &str, timeout: Duration) -> anyhow::Result<Self> {
        let client = http::client(timeout).context("no HTTP client")?;
        Ok(Self { client, base: base.trim_end_matches('/').to_owned() })
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// A request with the account's token or key.
    pub(super) fn request(&self, method: Method, path: &str, access: &Access) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).bearer_auth(access.secret.expose())
    }

    /// A link that a customer may be sent. On this machine the doubles have no TLS.
    pub(super) fn link(&self, link: Option<String>) -> Option<String> {
        let safe = |link: &str| link.starts_with("https://") || !self.base.starts_with("https://");
        link.filter(|link| link.len() <= 2_048 && safe(link) && !link.chars().any(|c| c.is_control() || c == ' '))
    }
}

/// An answer that is the vendor's own: it did what was asked, or it says why not.
pub(super) struct Answer {
    doing: Doing,
    status: StatusCode,
    body: Vec<u8>,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        self.status.is_success()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    pub(super) fn doing(&self) -> Doing {
        self.doing
    }

    pub(super) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// What it did, or found.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Trouble> {
        // serde's message quotes what it read.
        serde_json::from_slice(&self.body).map_err(|_| self.senseless("the answer is not what was asked for"))
    }

    /// Why not; empty when it does not say in its usual way.
    pub(super) fn refusal<T: DeserializeOwned + Default>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// It can be read, and cannot be true.
    pub(super) fn senseless(&self, why: &'static str) -> Trouble {
        self.doing.lost(anyhow!(why))
    }
}

/// Asks once. Refusals that mean the same at every vendor are troubles already: 401, 429, 5xx, redirects. 509 is Microsoft's
/// for bandwidth.
pub(super) async fn ask(request: RequestBuilder, doing: Doing) -> Result<Answer, Trouble> {
    let response = request.send().await.map_err(|error| {
        let untouched = error.is_connect() || error.is_builder();
        let doing = if untouched { Doing::Reading } else { doing };
        doing.lost(error.without_url().into())
    })?;
    let status = response.status();
    match status {
        StatusCode::UNAUTHORIZED => return Err(Trouble::Unauthorized),
        _ if matches!(status.as_u16(), 429 | 509) => return Err(Trouble::Limited { after: wait(response.headers()) }),
        StatusCode::REQUEST_TIMEOUT => return Err(doing.lost(anyhow!("HTTP 408"))),
        _ if status.is_server_error() => return Err(doing.lost(anyhow!("HTTP {}", status.as_u16()))),
        _ if status.is_redirection() => return Err(Trouble::Refused("the vendor points to another address")),
        _ => {}
    }
    match http::body(response, LIMIT).await {
        Ok(body) => Ok(Answer { doing, status, body }),
        Err(error) => Err(doing.lost(error.into())),
    }
}

fn wait(headers: &HeaderMap) -> Option<Duration> {
    let seconds = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    WAITS.into_iter().find_map(seconds).filter(|seconds| *seconds <= LONGEST_WAIT).map(Duration::from_secs)
}

/// Holds a listing to its limits: so many pages, and none twice.
#[derive(Default)]
pub(super) struct Pages {
    seen: HashSet<String>,
}

impl Pages {
    /// Whether to go on with the page that this names.
    pub(super) fn go_on(&mut self, next: &str) -> Result<(), Trouble> {
        if self.seen.len() + 1 >= MOST_PAGES {
            return Err(Trouble::Unavailable(anyhow!("the listing has too many pages")));
        }
        if !self.seen.insert(next.to_owned()) {
            return Err(Trouble::Unavailable(anyhow!("the listing goes in a circle")));
        }
        Ok(())
    }
}

/// Whole seconds.
pub(super) fn second(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}

/// Nothing for a time that ends before it begins: whoever gets one cannot say whether it is there.
pub(super) fn interval(from: Timestamp, to: Timestamp) -> Option<Interval> {
    let (from, to) = (second(from), second(to));
    (from < to).then_some(Interval { from, to })
}

/// An id that may stand in a path as it is.
pub(super) fn is_plain(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn a_wait_is_believed_up_to_a_day() {
        let says = |name, value| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            wait(&headers)
        };
        assert_eq!(says("retry-after", "7"), Some(Duration::from_secs(7)));
        assert_eq!(says("x-ratelimit-reset", " 60"), Some(Duration::from_mins(1)));
        for odd in ["-1", "soon", "", "1790000000", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999999"] {
            assert_eq!(says("retry-after", odd), None, "{odd}");
        }
    }

    #[test]
    fn a_listing_ends() {
        let mut pages = Pages::default();
        pages.go_on("a").unwrap();
        assert!(pages.go_on("a").is_err(), "the same page again");
        let mut pages = Pages::default();
        let read = (0..1_000).take_while(|n| pages.go_on(&n.to_string()).is_ok()).count();
        assert_eq!(read + 1, MOST_PAGES, "the first page has no name");
    }
}
