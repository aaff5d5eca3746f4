//! Microsoft 365 and Outlook: calendars by Microsoft Graph v1.0.
//!
//! Facts are from learn.microsoft.com/graph (the resources `event`, `calendar`, `subscription`, the delta query of a
//! calendar view, the limits of Outlook) unless a comment says otherwise.

mod busy;
mod changes;
mod consent;
mod events;
mod fault;
mod graph;
mod hooks;
mod mailboxes;
mod times;
mod wire;

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    domain::{connection::CalendarId, secret::Secret},
    ports::{
        calendar::{
            Access, Changes, Diary, Event, EventKey, Heard, Hook, Interval, Listed, Placed, Report, Seen, Trouble,
            Watch, Words,
        },
        clock::Clock,
    },
};
pub use consent::{Application, LOGIN, MicrosoftConsent};
use graph::{About, Graph, PLAIN};

/// Where Graph is, for everybody but a few national clouds.
pub const GRAPH: &str = "https://graph.microsoft.com/v1.0";

/// Characters of a calendar's name that are shown.
const NAME: usize = 200;

/// Calendars of work, school and personal accounts.
pub struct Microsoft {
    graph: Graph,
    /// A subscription has to say until when.
    clock: Arc<dyn Clock>,
}

impl Microsoft {
    /// `address`: [`GRAPH`], or a server that stands in for it; version and all, without a slash at its end.
    ///
    /// # Errors
    /// When it is no address, or the machine has no certificates to verify a server with.
    pub fn new(address: &str, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        Ok(Self { graph: Graph::new(address)?, clock })
    }

    /// As [`new`](Self::new), with another time limit for a request.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_timeout(address: &str, clock: Arc<dyn Clock>, timeout: Duration) -> anyhow::Result<Self> {
        Ok(Self { graph: Graph::within(address, timeout)?, clock })
    }
}

#[async_trait]
impl Diary for Microsoft {
    async fn calendars(&self, access: &Access) -> Result<Vec<Listed>, Trouble> {
        let mut url = self.graph.url(&["me", "calendars"])?;
        url.query_pairs_mut().append_pair("$select", "id,name,isDefaultCalendar,canEdit").append_pair("$top", "100");
        let (calendars, _) = self.graph.pages::<wire::Calendar>(access, url, About::Account, PLAIN).await?;
        let listed = calendars.into_iter().map(|calendar| {
            let id = CalendarId::new(calendar.id).ok_or_else(|| graph::odd("an id that cannot be one"))?;
            Ok(Listed {
                id,
                name: calendar.name.unwrap_or_default().chars().filter(|char| !char.is_control()).take(NAME).collect(),
                primary: calendar.is_default_calendar.unwrap_or(false),
                writable: calendar.can_edit.unwrap_or(false),
                minutes: None,
                page: None,
            })
        });
        listed.collect()
    }

    async fn busy(&self, access: &Access, calendars: &[CalendarId], range: Interval) -> Result<Vec<Interval>, Trouble> {
        busy::busy(&self.graph, access, calendars, range).await
    }

    async fn place(&self, access: &Access, calendar: &CalendarId, event: &Event) -> Result<Placed, Trouble> {
        events::place(&self.graph, access, calendar, event).await
    }

    async fn revise(
        &self,
        access: &Access,
        _: &CalendarId,
        placed: &Placed,
        event: &Event,
        words: Words,
    ) -> Result<Placed, Trouble> {
        events::revise(&self.graph, access, placed, (event, words)).await
    }

    async fn withdraw(&self, access: &Access, _: &CalendarId, placed: &Placed) -> Result<(), Trouble> {
        events::withdraw(&self.graph, access, placed).await
    }

    async fn find(&self, access: &Access, calendar: &CalendarId, key: EventKey) -> Result<Option<Seen>, Trouble> {
        events::find(&self.graph, access, calendar, key).await
    }

    async fn changes(
        &self,
        access: &Access,
        calendar: &CalendarId,
        cursor: Option<&str>,
        from: Timestamp,
    ) -> Result<Changes, Trouble> {
        changes::changes(&self.graph, access, calendar, cursor, from).await
    }

    async fn watch(&self, access: &Access, calendar: &CalendarId, hook: &Hook) -> Result<Option<Watch>, Trouble> {
        hooks::watch(&self.graph, access, calendar, hook, self.clock.now()).await
    }

    async fn watches(&self, access: &Access, watch: &Watch) -> Result<bool, Trouble> {
        hooks::watches(&self.graph, access, watch).await
    }

    async fn unwatch(&self, access: &Access, watch: &Watch) -> Result<(), Trouble> {
        hooks::unwatch(&self.graph, access, watch).await
    }

    fn heard(&self, report: Report<'_>, secret: &Secret) -> Heard {
        hooks::heard(report, secret)
    }
}
