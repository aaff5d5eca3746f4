//! Google Calendar, API v3 (<https://developers.google.com/workspace/calendar/api/v3/reference>).
//!
//! Busy times come from `freeBusy`, which unfolds recurrences and knows zones, all-day events and what is shown as free:
//! nothing of that is worked out here. Events get ids of ours, so that writing one twice makes one. Nobody is invited to
//! them, and so nobody is mailed by Google: `sendUpdates=none` says so, whoever the owner may add.

mod busy;
mod changes;
mod consent;
mod events;
mod hooks;
mod ids;
mod refusals;
#[cfg(test)]
mod tests;
mod wire;

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder};
use url::Url;

use super::{
    exchange::{self, Api, Doing, Pages},
    merge::merged,
    oauth::OAuth,
};
use crate::{
    domain::{connection::CalendarId, secret::Secret},
    ports::calendar::{
        Access, Changes, Diary, Event, EventKey, Heard, Hook, Interval, Listed, Placed, Report, Seen, Trouble, Watch,
        Words,
    },
};

/// Where Google is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The consent page.
    pub authorize: String,
    pub token: String,
    pub revoke: String,
    /// Of the interfaces, without a slash at the end.
    pub api: String,
    pub issuer: String,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            authorize: "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            token: "https://oauth2.googleapis.com/token".to_owned(),
            revoke: "https://oauth2.googleapis.com/revoke".to_owned(),
            api: "https://www.googleapis.com".to_owned(),
            issuer: "https://accounts.google.com".to_owned(),
        }
    }
}

impl Places {
    /// All of it at one address, as the double has it.
    pub fn at(base: &str) -> Self {
        let base = base.trim_end_matches('/');
        Self {
            authorize: format!("{base}/o/oauth2/v2/auth"),
            token: format!("{base}/token"),
            revoke: format!("{base}/revoke"),
            api: base.to_owned(),
            issuer: base.to_owned(),
        }
    }
}

/// A [`Diary`] and the [`Consent`](crate::ports::consent::Consent) that opens it.
pub struct Google {
    api: Api,
    oauth: OAuth,
}

impl Google {
    /// # Errors
    /// When an address is none, or no HTTP client can be made.
    pub fn new(places: Places, client_id: String, client_secret: Secret) -> anyhow::Result<Self> {
        Self::with_timeout(places, client_id, client_secret, exchange::TIMEOUT)
    }

    /// As [`new`](Self::new), with another time limit for a request.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn with_timeout(
        places: Places,
        client_id: String,
        client_secret: Secret,
        timeout: Duration,
    ) -> anyhow::Result<Self> {
        let api = Api::new(&places.api, timeout)?;
        Ok(Self { api, oauth: OAuth::new(consent::registration(places, client_id, client_secret))? })
    }

    /// A request to a path of the calendar's interface; each part is encoded, since calendars' ids have `@` and `#`.
    fn request(&self, method: Method, parts: &[&str], query: &[(&str, &str)], access: &Access) -> RequestBuilder {
        // The base only lends its scheme: what is encoded is the same everywhere.
        let mut path = String::from("/calendar/v3");
        if let Ok(mut url) = Url::parse("https://calendar.invalid") {
            if let Ok(mut segments) = url.path_segments_mut() {
                segments.clear().extend(parts);
            }
            if !query.is_empty() {
                url.query_pairs_mut().extend_pairs(query);
            }
            path.push_str(&url[url::Position::BeforePath..]);
        }
        self.api.request(method, &path, access)
    }
}

#[async_trait]
impl Diary for Google {
    async fn calendars(&self, access: &Access) -> Result<Vec<Listed>, Trouble> {
        let mut found = Vec::new();
        let (mut pages, mut page) = (Pages::default(), None::<String>);
        loop {
            let mut query = vec![
                ("maxResults", "250"),
                ("fields", "nextPageToken,items(id,summary,summaryOverride,primary,accessRole,deleted)"),
            ];
            if let Some(page) = &page {
                query.push(("pageToken", page));
            }
            let request = self.request(Method::GET, &["users", "me", "calendarList"], &query, access);
            let answer = exchange::ask(request, Doing::Reading).await?;
            if !answer.is_success() {
                return Err(refusals::of_account(&answer));
            }
            let list: wire::CalendarList = answer.read()?;
            found.extend(list.items.into_iter().filter_map(wire::Calendar::listed));
            match list.next_page_token {
                Some(next) => {
                    pages.go_on(&next)?;
                    page = Some(next);
                }
                None => return Ok(found),
            }
        }
    }

    async fn busy(&self, access: &Access, calendars: &[CalendarId], range: Interval) -> Result<Vec<Interval>, Trouble> {
        let each = self.free_busy(access, calendars, range).await?;
        Ok(merged(each.into_iter().flatten().collect(), range))
    }

    async fn busy_each(
        &self,
        access: &Access,
        calendars: &[CalendarId],
        range: Interval,
    ) -> Result<Vec<Vec<Interval>>, Trouble> {
        self.free_busy(access, calendars, range).await
    }

    async fn place(&self, access: &Access, calendar: &CalendarId, event: &Event) -> Result<Placed, Trouble> {
        self.insert(access, calendar, event).await
    }

    async fn revise(
        &self,
        access: &Access,
        calendar: &CalendarId,
        placed: &Placed,
        event: &Event,
        words: Words,
    ) -> Result<Placed, Trouble> {
        self.patch(access, calendar, placed, (event, words)).await
    }

    async fn withdraw(&self, access: &Access, calendar: &CalendarId, placed: &Placed) -> Result<(), Trouble> {
        self.delete(access, calendar, placed).await
    }

    async fn find(&self, access: &Access, calendar: &CalendarId, key: EventKey) -> Result<Option<Seen>, Trouble> {
        self.look_for(access, calendar, key).await
    }

    async fn changes(
        &self,
        access: &Access,
        calendar: &CalendarId,
        cursor: Option<&str>,
        from: Timestamp,
    ) -> Result<Changes, Trouble> {
        self.list(access, calendar, cursor, from).await
    }

    async fn watch(&self, access: &Access, calendar: &CalendarId, hook: &Hook) -> Result<Option<Watch>, Trouble> {
        self.open_channel(access, calendar, hook).await
    }

    async fn unwatch(&self, access: &Access, watch: &Watch) -> Result<(), Trouble> {
        self.stop_channel(access, watch).await
    }

    fn heard(&self, report: Report<'_>, secret: &Secret) -> Heard {
        hooks::heard(report, secret)
    }
}
