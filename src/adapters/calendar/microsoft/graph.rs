//! Requests to Graph: who asks, in which way ids and times are wanted, how many at once, and pages one after another.

use std::time::Duration;

use anyhow::anyhow;
use reqwest::{Method, RequestBuilder, Url, header};
use serde::de::DeserializeOwned;

use super::{fault, mailboxes::Mailboxes, wire};
use crate::{
    adapters::{
        calendar::exchange::{self, Answer, Doing, Pages},
        http,
    },
    ports::calendar::{Access, Trouble},
};

/// One request, its answer included. Making a subscription takes longest: Graph asks our server back within it.
const REQUEST: Duration = Duration::from_secs(20);

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

    /// Sends one request that writes something.
    pub(super) async fn write(
        &self,
        access: &Access,
        about: About,
        request: RequestBuilder,
    ) -> Result<Answer, Trouble> {
        self.send(access, about, PLAIN, request, Doing::Writing).await
    }

    async fn send(
        &self,
        access: &Access,
        about: About,
        prefer: &'static str,
        request: RequestBuilder,
        doing: Doing,
    ) -> Result<Answer, Trouble> {
        let request = request
            .bearer_auth(access.secret.expose())
            .header("prefer", prefer)
            .header(header::ACCEPT, "application/json");
        let turn = self.mailboxes.enter(&access.account.subject).await;
        let answer = exchange::ask(request, doing).await?;
        drop(turn);
        if answer.is_success() { Ok(answer) } else { Err(fault::trouble(about, &answer)) }
    }

    /// Reads one thing.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        access: &Access,
        url: Url,
        about: About,
        prefer: &'static str,
    ) -> Result<T, Trouble> {
        self.send(access, about, prefer, self.request(Method::GET, url), Doing::Reading).await?.read()
    }

    /// Reads a listing to its end. Beside the values, the link to what will have changed since, when it is such a listing.
    pub(super) async fn pages<T: DeserializeOwned>(
        &self,
        access: &Access,
        first: Url,
        about: About,
        prefer: &'static str,
    ) -> Result<(Vec<T>, Option<String>), Trouble> {
        let (mut values, mut pages, mut url) = (Vec::new(), Pages::default(), first);
        loop {
            let page: wire::Page<T> = self.read(access, url, about, prefer).await?;
            values.extend(page.value);
            let Some(next) = page.next else {
                return Ok((values, page.delta));
            };
            url = self.own(&next).ok_or_else(|| odd("the next page is on another server"))?;
            pages.go_on(&next)?;
        }
    }
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
