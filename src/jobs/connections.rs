//! Keeps connected accounts open before anybody waits for them, and tells owners by a letter when one has to be connected
//! again.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::{
    calendars::opener::Opener,
    domain::{account::Role, connection::Connection},
    ports::{
        clock::Clock,
        email::{Email, harmless},
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
const ROUND: u32 = 20;

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
        let mut after = None;
        loop {
            let page = self.store.active_connections(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            for connection in &page {
                self.keep_open(connection, false).await;
            }
        }
        let now = self.clock.now();
        for connection in self.store.connections_running_out(now - ASLEEP, ROUND).await? {
            self.keep_open(&connection, true).await;
        }
        for connection in self.store.connections_to_tell(ROUND).await? {
            self.tell(&connection).await?;
        }
        Ok(())
    }

    /// What goes wrong is written down by the opener.
    async fn keep_open(&self, connection: &Connection, now: bool) {
        if let Err(trouble) = self.opener.keep_open(connection, now).await {
            debug!(connection.id = %connection.id, "connection {} was not opened: {trouble}", connection.id);
        }
    }

    /// A letter to each owner, once. One that is not taken is not written again: the page of today says it, too.
    async fn tell(&self, connection: &Connection) -> Result<(), StoreError> {
        let (business, id) = (connection.business, connection.id);
        if !self.store.telling(business, id, self.clock.now()).await? || !self.email.works() {
            return Ok(());
        }
        let Some(found) = self.store.business(business).await? else { return Ok(()) };
        let label = self.opener.vendors().named(&connection.provider).map_or("calendar", |vendor| vendor.label);
        let name = harmless(&found.business.name);
        let subject = format!("{label} has to be connected again");
        let text = format!(
            "{label} does not let Deskbell into the calendar of {name} any more, so appointments are made without it.\n\n\
             Please connect it again:\n\n  {}/b/{business}/settings/integrations\n",
            self.origin
        );
        for (owner, _) in self.store.members(business).await?.into_iter().filter(|(_, role)| *role == Role::Owner) {
            if let Err(error) = self.email.send(&owner.email, &subject, &text).await {
                warn!(%error, connection.id = %id, "an owner could not be written to about connection {id}: {error}");
            }
        }
        Ok(())
    }
}
