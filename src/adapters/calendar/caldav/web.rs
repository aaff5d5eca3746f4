//! Requests to the owner's server, and what its answers come to.

use std::{sync::Arc, time::Duration};

use anyhow::anyhow;
use reqwest::{
    Method, StatusCode,
    header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH, LOCATION, RETRY_AFTER},
};

use super::{
    reach::{Address, Guarded, Names, Reach, led_astray},
    wire::{self, Multistatus},
};
use crate::{
    adapters::http,
    domain::{connection::Why, secret::Secret},
    ports::calendar::{Access, Trouble},
};

/// For one request, its answer included. Some of these servers stand in somebody's cellar.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes.
const LIMIT: usize = 2 * 1024 * 1024;
/// Longer than this, nobody waits because a server asks for it.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

pub(super) struct Web {
    client: reqwest::Client,
    pub(super) reach: Reach,
}

/// What opens the server.
#[derive(Clone, Copy)]
pub(super) struct Key<'k> {
    pub(super) user: &'k str,
    pub(super) password: &'k Secret,
}

impl<'k> From<&'k Access> for Key<'k> {
    fn from(access: &'k Access) -> Self {
        Self { user: &access.account.label, password: &access.secret }
    }
}

/// What a writing demands of what stands there.
#[derive(Clone, Copy, Debug)]
pub(super) enum If<'e> {
    /// Nothing stands there.
    Absent,
    /// This version does.
    Version(&'e str),
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Why there is no answer.
pub(super) enum Silence {
    /// The name led where nobody may go.
    Astray,
    /// The request was not sent.
    Unreached(anyhow::Error),
    /// It was, and no whole answer came.
    Lost(anyhow::Error),
}

impl Silence {
    pub(super) fn reading(self) -> Trouble {
        match self {
            Self::Astray => Trouble::Unavailable(anyhow!("its name leads to an address that is not public")),
            Self::Unreached(error) | Self::Lost(error) => Trouble::Unavailable(error),
        }
    }

    fn writing(self) -> Trouble {
        match self {
            Self::Lost(error) => Trouble::Unknown(error),
            other => other.reading(),
        }
    }
}

impl Web {
    pub(super) fn new(reach: Reach, names: Arc<dyn Names>, timeout: Duration) -> anyhow::Result<Self> {
        let client = http::builder()
            .timeout(timeout)
            // A proxy would look the name up again, by itself.
            .no_proxy()
            .https_only(reach.is_https_only())
            .dns_resolver(Guarded { reach: reach.clone(), names })
            .build()?;
        Ok(Self { client, reach })
    }

    async fn ask(
        &self,
        method: Method,
        at: &Address,
        key: Key<'_>,
        headers: HeaderMap,
        body: String,
    ) -> Result<Answer, Silence> {
        let request = self.client.request(method, at.url().clone());
        let request = request.basic_auth(key.user, Some(key.password.expose())).headers(headers).body(body);
        let sent = request.send().await.map_err(|error| {
            // Before there is a connection, nothing was sent.
            let (astray, unsent) = (led_astray(&error), error.is_connect() || error.is_builder());
            match (astray, unsent) {
                (true, _) => Silence::Astray,
                (false, true) => Silence::Unreached(error.without_url().into()),
                (false, false) => Silence::Lost(error.without_url().into()),
            }
        })?;
        let (status, headers) = (sent.status(), sent.headers().clone());
        let body = http::body(sent, LIMIT).await.map_err(|error| Silence::Lost(unread(error)))?;
        Ok(Answer { status, headers, body })
    }

    /// `PROPFIND`, without a look at what comes back.
    pub(super) async fn look(
        &self,
        at: &Address,
        key: Key<'_>,
        depth: &'static str,
        body: String,
    ) -> Result<Answer, Silence> {
        self.ask(method("PROPFIND"), at, key, xml_headers(Some(depth)), body).await
    }

    /// `PROPFIND` of something that has to be there.
    pub(super) async fn propfind(
        &self,
        at: &Address,
        key: Key<'_>,
        depth: &'static str,
        body: String,
    ) -> Result<Multistatus, Trouble> {
        let told = self.look(at, key, depth, body).await.map_err(Silence::reading)?.multistatus()?;
        // Some servers answer 207 about a thing that is not there.
        if !told.responses.is_empty() && told.responses.iter().all(wire::Response::is_gone) {
            return Err(Trouble::Reconnect(Why::CalendarGone));
        }
        Ok(told)
    }

    /// `REPORT` on a collection. It comes back unread: what a refusal means depends on the question.
    pub(super) async fn report(
        &self,
        at: &Address,
        key: Key<'_>,
        depth: Option<&'static str>,
        body: String,
    ) -> Result<Answer, Trouble> {
        self.ask(method("REPORT"), at, key, xml_headers(depth), body).await.map_err(Silence::reading)
    }

    /// An event; nothing: it is not there.
    pub(super) async fn get(&self, at: &Address, key: Key<'_>) -> Result<Option<Answer>, Trouble> {
        let mut headers = HeaderMap::new();
        headers.insert(reqwest::header::ACCEPT, HeaderValue::from_static("text/calendar"));
        let answer = self.ask(Method::GET, at, key, headers, String::new()).await.map_err(Silence::reading)?;
        match answer.status.as_u16() {
            200 => Ok(Some(answer)),
            404 | 410 => Ok(None),
            _ => Err(answer.refused_reading()),
        }
    }

    pub(super) async fn put(
        &self,
        at: &Address,
        key: Key<'_>,
        demand: If<'_>,
        body: String,
    ) -> Result<Answer, Trouble> {
        let mut headers = demanding(demand)?;
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
        self.ask(Method::PUT, at, key, headers, body).await.map_err(Silence::writing)
    }

    pub(super) async fn delete(&self, at: &Address, key: Key<'_>) -> Result<Answer, Trouble> {
        self.ask(Method::DELETE, at, key, HeaderMap::new(), String::new()).await.map_err(Silence::writing)
    }
}

fn unread(error: http::BodyError) -> anyhow::Error {
    match error {
        http::BodyError::Cut(error) => error.without_url().into(),
        long @ http::BodyError::TooLong(_) => long.into(),
    }
}

/// Of our own names, which all are good.
fn method(name: &'static str) -> Method {
    Method::from_bytes(name.as_bytes()).unwrap_or(Method::GET)
}

fn xml_headers(depth: Option<&'static str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml; charset=utf-8"));
    if let Some(depth) = depth {
        headers.insert(HeaderName::from_static("depth"), HeaderValue::from_static(depth));
    }
    headers
}

fn demanding(demand: If<'_>) -> Result<HeaderMap, Trouble> {
    let mut headers = HeaderMap::new();
    match demand {
        If::Absent => {
            headers.insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
        }
        If::Version(etag) => {
            let value = HeaderValue::from_str(etag).map_err(|_| Trouble::Refused("its version cannot be sent"))?;
            headers.insert(IF_MATCH, value);
        }
    }
    Ok(headers)
}

/// The strong form of an etag: what weakens one on its way (a proxy that compresses) keeps the rest.
pub(super) fn strong(etag: &str) -> Option<String> {
    let etag = etag.trim();
    let etag = etag.strip_prefix("W/").or_else(|| etag.strip_prefix("w/")).unwrap_or(etag);
    let good = etag.len() > 2 && etag.len() <= 256 && etag.starts_with('"') && etag.ends_with('"');
    good.then(|| etag.to_owned())
}

impl Answer {
    pub(super) fn etag(&self) -> Option<String> {
        strong(self.headers.get(ETAG)?.to_str().ok()?)
    }

    /// Where a redirect goes.
    pub(super) fn location(&self) -> Option<&str> {
        let redirects = matches!(self.status.as_u16(), 301 | 302 | 303 | 307 | 308);
        self.headers.get(LOCATION).filter(|_| redirects).and_then(|to| to.to_str().ok())
    }

    /// Some sign-in page, instead of what was asked for.
    pub(super) fn is_page(&self) -> bool {
        let kind = self.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        kind.trim_start().to_ascii_lowercase().starts_with("text/html")
    }

    /// Reads a 207, whatever else it is told to be.
    pub(super) fn multistatus(&self) -> Result<Multistatus, Trouble> {
        if self.status != StatusCode::MULTI_STATUS {
            return Err(self.refused_reading());
        }
        Multistatus::read(&self.body).map_err(|error| Trouble::Unavailable(error.into()))
    }

    /// Why a collection or what is in it cannot be read.
    pub(super) fn refused_reading(&self) -> Trouble {
        match self.status.as_u16() {
            401 => Trouble::Reconnect(Why::Revoked),
            403 => Trouble::Reconnect(Why::NotAllowed),
            404 | 410 => Trouble::Reconnect(Why::CalendarGone),
            429 => Trouble::Limited { after: self.wait() },
            503 if self.wait().is_some() => Trouble::Limited { after: self.wait() },
            400 | 405 | 406 | 414 | 415 | 422 | 501 => Trouble::Refused("the server does not answer this question"),
            status => Trouble::Unavailable(anyhow!("answered with status {status}")),
        }
    }

    /// Why something was not written, or may not have been. What a 404, 409 or 412 means, the caller knows.
    pub(super) fn refused_writing(&self) -> Trouble {
        match self.status.as_u16() {
            401 => Trouble::Reconnect(Why::Revoked),
            403 => Trouble::Reconnect(Why::NotAllowed),
            412 => Trouble::Conflict,
            // Locked: nothing was done, and it may be tried again.
            423 => Trouble::Unavailable(anyhow!("locked by somebody else")),
            429 => Trouble::Limited { after: self.wait() },
            503 if self.wait().is_some() => Trouble::Limited { after: self.wait() },
            507 => Trouble::Refused("the account has no space left"),
            300..=399 => Trouble::Unavailable(anyhow!("sends us elsewhere")),
            // It gave up on us, perhaps in the middle.
            408 => Trouble::Unknown(anyhow!("did not wait for us")),
            400..=499 => Trouble::Refused("the server does not take this event"),
            status => Trouble::Unknown(anyhow!("answered with status {status}")),
        }
    }

    /// `Retry-After` in seconds. A date would be held against a clock that may be wrong.
    fn wait(&self) -> Option<Duration> {
        let seconds = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
    }
}
