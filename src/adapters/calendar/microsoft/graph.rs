//! Requests to Graph: who asks, in which way ids and times are wanted, how many at once, and pages one after another.

use std::{collections::HashSet, time::Duration};

use anyhow::anyhow;
use reqwest::{Method, RequestBuilder, Url, header};
use serde::de::DeserializeOwned;

use super::{
    fault::{self, Doing},
    mailboxes::Mailboxes,
    wire,
};
use crate::{
    adapters::http,
    ports::calendar::{Access, Trouble},
};

/// One request, its answer included. Making a subscription takes longest: Graph asks our server back within it.
const REQUEST: Duration = Duration::from_secs(20);
/// Bytes of an answer.
const LIMIT: usize = 2 * 1024 * 1024;
const PAGES: usize = 50;

/// Ids that stay when an event is moved to another folder, and times in UTC instead of a zone by its Windows name.
pub(super) const PLAIN: &str = r#"IdType="ImmutableId", outlook.timezone="UTC""#;
/// For listings of changes, which bring whole events, guests and letters and all: as many at once and as short as it goes;
/// and fewer, where that is too long to be read.
pub(super) const CHANGES: &str =
    r#"IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="text", odata.maxpagesize=200"#;
pub(super) const FEWER_CHANGES: &str =
    r#"IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="text", odata.maxpagesize=50"#;

/// What a request is about, since "not found" means another thing for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Account,
    Calendar,
    /// A listing that goes on from a cursor.
    Cursor,
    Event,
    Watch,
}

/// An answer that makes no sense, in our words.
pub(super) fn odd(what: &'static str) -> Trouble {
    Trouble::Unavailable(anyhow!(what))
}

pub(super) struct Graph {
    client: reqwest::Client,
    base: Url,
    mailboxes: Mailboxes,
}

impl Graph {
    pub(super) fn new(address: &str) -> anyhow::Result<Self> {
        Self::within(address, REQUEST)
    }

    pub(super) fn within(address: &str, request: Duration) -> anyhow::Result<Self> {
        let base = Url::parse(address.trim_end_matches('/'))?;
        anyhow::ensure!(!base.cannot_be_a_base() && base.host().is_some(), "the address of Graph has no server");
        Ok(Self { client: http::client(request)?, base, mailboxes: Mailboxes::default() })
    }

    /// An address below Graph's. Every part is one step of the path, whatever is in it.
    pub(super) fn url(&self, steps: &[&str]) -> Result<Url, Trouble> {
        // These would be left out or go up, and name something else.
        if steps.iter().any(|step| matches!(*step, "" | "." | "..")) {
            return Err(Trouble::Refused("an id that cannot be one"));
        }
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| odd("the address of Graph has no path"))?.extend(steps);
        Ok(url)
    }

    /// A link of Graph's own, or a part of one, when it leads to Graph: a token goes with the request.
    pub(super) fn own(&self, link: &str) -> Option<Url> {
        let url = self.base.join(link).ok()?;
        let below = url.path().strip_prefix(self.base.path().trim_end_matches('/'))?.starts_with('/');
        (below && url.origin() == self.base.origin() && url.username().is_empty() && url.password().is_none())
            .then_some(url)
    }

    pub(super) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends one request and reads its answer, which is empty for 204.
    pub(super) async fn send(
        &self,
        access: &Access,
        about: About,
        prefer: &'static str,
        request: RequestBuilder,
    ) -> Result<Vec<u8>, Trouble> {
        let request = request
            .bearer_auth(access.secret.expose())
            .header("prefer", prefer)
            .header(header::ACCEPT, "application/json")
            .build()
            .map_err(|_| Trouble::Refused("it cannot be put into a request"))?;
        let doing = if request.method() == Method::GET { Doing::Reading } else { Doing::Writing };
        let turn = self.mailboxes.enter(&access.account.subject).await;
        let answer = match self.client.execute(request).await {
            Ok(answer) => answer,
            // Nothing left this machine.
            Err(error) if error.is_connect() => {
                return Err(Trouble::Unavailable(error.without_url().into()));
            }
            Err(error) => return Err(doing.lost(error.without_url().into())),
        };
        let status = answer.status();
        let wait =
            answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()).and_then(fault::wait);
        let body = match http::body(answer, LIMIT).await {
            Ok(body) => body,
            Err(http::BodyError::Cut(error)) => return Err(doing.lost(error.without_url().into())),
            Err(error) => return Err(doing.lost(error.into())),
        };
        drop(turn);
        if status.is_success() { Ok(body) } else { Err(fault::trouble(doing, about, status.as_u16(), wait, &body)) }
    }

    /// Reads one thing.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        access: &Access,
        url: Url,
        about: About,
        prefer: &'static str,
    ) -> Result<T, Trouble> {
        let body = self.send(access, about, prefer, self.request(Method::GET, url)).await?;
        serde_json::from_slice(&body).map_err(|error| Trouble::Unavailable(anyhow!(told(&error))))
    }

    /// Reads a listing to its end. Beside the values, the link to what will have changed since, when it is such a listing.
    pub(super) async fn pages<T: DeserializeOwned>(
        &self,
        access: &Access,
        first: Url,
        about: About,
        prefer: &'static str,
    ) -> Result<(Vec<T>, Option<String>), Trouble> {
        let (mut values, mut seen, mut url) = (Vec::new(), HashSet::new(), first);
        for _ in 0..PAGES {
            let page: wire::Page<T> = self.read(access, url, about, prefer).await?;
            values.extend(page.value);
            let Some(next) = page.next else {
                return Ok((values, page.delta));
            };
            url = self.own(&next).ok_or_else(|| odd("the next page is on another server"))?;
            if !seen.insert(next) {
                return Err(odd("the same page twice"));
            }
        }
        Err(odd("more than 50 pages"))
    }
}

/// Where it stopped making sense, without a word of what was in it.
pub(super) fn told(error: &serde_json::Error) -> String {
    format!("no JSON as it should be ({:?}, column {})", error.classify(), error.column())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_a_step_and_a_link_leads_nowhere_else() {
        let graph = Graph::new("https://graph.example/v1.0/").unwrap();
        let url = graph.url(&["me", "calendars", "AQ/../=?#%", "events"]).unwrap();
        assert_eq!(url.as_str(), "https://graph.example/v1.0/me/calendars/AQ%2F..%2F=%3F%23%25/events");
        assert!(graph.url(&["me", ".."]).is_err());
        assert!(graph.own("https://graph.example/v1.0/me/x?$skiptoken=1").is_some());
        assert!(graph.own("/v1.0/me/x?$deltatoken=1").is_some());
        for elsewhere in [
            "https://graph.example.evil/v1.0/me",
            "http://graph.example/v1.0/me",
            "https://graph.example:444/v1.0/me",
            "https://who@graph.example/v1.0/me",
            "//evil/v1.0/me",
            "https://graph.example/v1.0/../beta/me",
            "https://graph.example/v1.00/me",
            "file:///v1.0/me",
            "",
        ] {
            assert!(graph.own(elsewhere).is_none(), "{elsewhere}");
        }
    }
}
