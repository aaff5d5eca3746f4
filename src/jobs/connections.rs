//! Keeps connected accounts open before anybody waits for them, tells owners by a letter when one has to be connected
//! again, and gives access back that could not be given back when an account was left.
//!
//! Each vendor has a lane of its own, so that one that is down keeps nobody else's accounts waiting, and owners are told
//! before any vendor is asked.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::{StreamExt as _, future::join_all, stream};
use jiff::{SignedDuration, Timestamp};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::{
    calendars::opener::Opener,
    domain::{
        account::Role,
        connection::{Connection, ConnectionState, Why},
    },
    ports::{
        clock::Clock,
        email::{Email, EmailError, harmless},
    },
    store::{Store, StoreError},
};

/// How often it looks. A token is renewed five minutes before its end.
const EVERY: Duration = Duration::from_mins(1);
/// So many connections are read at once.
const PAGE: u32 = 100;
/// One that nobody has asked anything for so long is opened once, so that its vendor does not forget it: Google does after
/// six months, Microsoft after 90 days.
const ASLEEP: SignedDuration = SignedDuration::from_hours(7 * 24);
/// So many of them, and so many letters, in one round.
const ROUND: u32 = 100;
/// So many accounts of one vendor are opened at once, and so long in one round. What is left is due in the next one; a token
/// that is being got is got all the same, and whoever needs one before asks for it.
const AT_ONCE: usize = 8;
const LONGEST: Duration = Duration::from_secs(50);
/// A letter that the mail server does not take is tried again for so long. Today says it all the while.
const TOLD_WITHIN: SignedDuration = SignedDuration::from_hours(24);

pub struct ConnectionKeeper {
    store: Store,
    opener: Opener,
    clock: Arc<dyn Clock>,
    email: Arc<dyn Email>,
    /// "<https://voice.example.com>"
    origin: String,
}

impl ConnectionKeeper {
    pub fn new(store: Store, opener: Opener, clock: Arc<dyn Clock>, email: Arc<dyn Email>, origin: String) -> Self {
        Self { store, opener, clock, email, origin }
    }

    /// Works until `stop`. A token that is being got is got all the same: that is the opener's own task.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(EVERY) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                done = self.work_off() => if let Err(error) = done {
                    warn!(%error, "connected accounts could not be looked after: {error}");
                }
            }
        }
    }

    /// One round.
    ///
    /// # Errors
    /// When the ledger does not answer.
    pub async fn work_off(&self) -> Result<(), StoreError> {
        for connection in self.store.connections_to_tell(ROUND).await? {
            self.tell(&connection).await?;
        }
        let now = self.clock.now();
        let mut lanes: BTreeMap<String, Vec<(Connection, bool)>> = BTreeMap::new();
        for connection in self.store.connections_running_out(now - ASLEEP, ROUND).await? {
            lanes.entry(connection.provider.clone()).or_default().push((connection, true));
        }
        let mut after = None;
        loop {
            let page = self.store.active_connections(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            for connection in page.into_iter().filter(|connection| self.opener.runs_out(connection.id)) {
                lanes.entry(connection.provider.clone()).or_default().push((connection, false));
            }
        }
        let lane = async |due: Vec<(Connection, bool)>| {
            let opening = stream::iter(due)
                .for_each_concurrent(AT_ONCE, async |(connection, anew)| self.keep_open(&connection, anew).await);
            if timeout(LONGEST, opening).await.is_err() {
                debug!("not every connection could be opened in this round");
            }
        };
        tokio::join!(join_all(lanes.into_values().map(lane)), self.opener.part(None));
        Ok(())
    }

    /// What goes wrong is written down by the opener.
    async fn keep_open(&self, connection: &Connection, anew: bool) {
        if let Err(trouble) = self.opener.keep_open(connection, anew).await {
            debug!(connection.id = %connection.id, "connection {} was not opened: {trouble}", connection.id);
        }
    }

    /// A letter to each owner, once. One that the mail server cannot take now is written later, by whoever comes by; the page
    /// of today says it, too.
    async fn tell(&self, connection: &Connection) -> Result<(), StoreError> {
        let (business, id, now) = (connection.business, connection.id, self.clock.now());
        if !self.store.telling(business, id, now).await? || !self.email.works() {
            return Ok(());
        }
        let Some(found) = self.store.business(business).await? else { return Ok(()) };
        let label = self.opener.vendors().named(&connection.provider).map_or("calendar", |vendor| vendor.label);
        let name = harmless(&found.business.name);
        let place = format!("{}/b/{business}/settings", self.origin);
        // Connecting it again would not help.
        let (subject, text) = if matches!(connection.state, ConnectionState::Reconnect { why: Why::CalendarGone, .. }) {
            (
                format!("A calendar of {label} has to be chosen again"),
                format!(
                    "A calendar that was chosen for {name} is not there any more at {label}, so appointments are made without \
                     it.\n\nPlease choose another:\n\n  {place}/connections/{id}\n"
                ),
            )
        } else {
            (
                format!("{label} has to be connected again"),
                format!(
                    "{label} does not let Deskbell into the calendar of {name} any more, so appointments are made without \
                     it.\n\nPlease connect it again:\n\n  {place}/integrations\n"
                ),
            )
        };
        let (mut sent, mut later) = (false, false);
        for (owner, _) in self.store.members(business).await?.into_iter().filter(|(_, role)| *role == Role::Owner) {
            match self.email.send(&owner.email, &subject, &text).await {
                Ok(()) => sent = true,
                Err(error) => {
                    later |= matches!(error, EmailError::NotTaken(_) | EmailError::NotAllowed);
                    warn!(%error, connection.id = %id, "an owner could not be written to about connection {id}: {error}");
                }
            }
        }
        // Whoever was written to is not written to again for the sake of another owner.
        if !sent && later && is_news(connection, now) {
            self.store.not_told(business, id, now).await?;
        }
        Ok(())
    }
}

fn is_news(connection: &Connection, now: Timestamp) -> bool {
    matches!(connection.state, ConnectionState::Reconnect { since, .. } if now < since + TOLD_WITHIN)
}
