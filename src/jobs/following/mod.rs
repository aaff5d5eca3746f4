//! Both ways: what owners do to appointments in their own calendars is done here, too.
//!
//! Each calendar that receives appointments is read every minute, and at once when its vendor reports a change. An event of
//! ours that was moved or deleted becomes a *wish*, which its owner can take back here for some minutes; then the desk moves or
//! cancels the appointment, like for anybody else, and the customer is told. Nothing is believed that was not looked at twice:
//! in the listing, and by asking for the event itself.

mod carry;
mod hooks;
mod look;
mod watch;

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream};
use jiff::SignedDuration;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::{
    calendars::opener::Opener,
    domain::{
        connection::Connection,
        ids::{BusinessId, ConnectionId},
    },
    ports::{
        clock::Clock,
        desk::Desk,
        nudge::Nudge,
        vendors::{Kind, Vendor},
    },
    store::{Store, StoreError},
};

pub use hooks::VendorHooks;

/// How long an owner has to take back here what they did there.
pub const UNDO: SignedDuration = SignedDuration::from_mins(5);
/// How often a calendar is read.
const POLL: SignedDuration = SignedDuration::from_secs(60);
/// How often it is looked for what is due, when nobody calls.
const EVERY: Duration = Duration::from_secs(5);
/// How often it is looked for what was connected or chosen, when nobody calls.
const ENLIST: Duration = Duration::from_mins(1);
/// So many rows are taken at once, and so many of them are worked at together.
const ROUND: u32 = 50;
const AT_ONCE: usize = 8;
/// Connections that are read at once.
const PAGE: u32 = 100;
/// The calendar of a vendor that keeps its own bookings: all of the account.
const ACCOUNT: &str = "";

/// Told that what was said about an account is no longer so.
pub type Forget = Arc<dyn Fn(ConnectionId) + Send + Sync>;

/// What it works with. Cloning it shares it.
#[derive(Clone)]
pub struct Follower {
    pub store: Store,
    pub opener: Opener,
    pub desk: Arc<dyn Desk>,
    pub clock: Arc<dyn Clock>,
    pub forget: Forget,
    /// Woken when a vendor reports, or an owner has chosen.
    pub nudge: Nudge,
    /// "<https://voice.example.com>"; nothing: no vendor reaches this server, and calendars are read every minute alone.
    pub origin: Option<String>,
    /// Makes the secrets of hooks.
    pub key: [u8; 32],
}

/// A connection that is followed, and its vendor.
struct Account {
    connection: Connection,
    vendor: Vendor,
}

impl Follower {
    /// Works until `stop`. What breaks off is done again: everything is written down in steps that may be repeated.
    pub async fn run(self, stop: CancellationToken) {
        let mut enlisted: Option<Instant> = None;
        loop {
            let work = async {
                if enlisted.is_none_or(|at| at.elapsed() >= ENLIST) {
                    self.enlist().await?;
                    enlisted = Some(Instant::now());
                }
                self.work_off().await
            };
            tokio::select! {
                () = stop.cancelled() => return,
                done = work => if let Err(error) = done {
                    warn!(%error, "calendars could not be followed: {error}");
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.nudge.woken() => enlisted = None,
                () = sleep(EVERY) => {}
            }
        }
    }

    /// Calendars that receive appointments are read from now on, and their vendors asked to report.
    ///
    /// # Errors
    /// When the ledger does not answer.
    pub async fn enlist(&self) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let page = self.store.active_connections(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            for connection in page {
                let Some(vendor) = self.opener.vendors().named(&connection.provider) else { continue };
                for calendar in followed(&connection, vendor) {
                    self.store.follow(&connection, &calendar, self.clock.now()).await?;
                    self.hook_up(&connection, &calendar).await?;
                }
            }
        }
    }

    /// Everything that is due now.
    ///
    /// # Errors
    /// When the ledger does not answer.
    pub async fn work_off(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let due = self.store.due_followings(now, now + POLL, ROUND).await?;
        stream::iter(due)
            .for_each_concurrent(AT_ONCE, async |following| {
                if let Err(error) = self.look(&following).await {
                    let id = following.connection;
                    warn!(%error, connection.id = %id, "connection {id} could not be followed: {error}");
                }
            })
            .await;
        let due = self.store.due_wishes(now, now + carry::AGAIN, ROUND).await?;
        stream::iter(due)
            .for_each_concurrent(AT_ONCE, async |wish| {
                if let Err(error) = self.carry_out(&wish).await {
                    warn!(%error, wish.id = %wish.id, "what an owner did could not be followed: {error}");
                }
            })
            .await;
        for hook in self.store.due_hooks(now, now + watch::AGAIN, ROUND).await? {
            if let Err(error) = self.look_after(&hook).await {
                debug!(%error, connection.id = %hook.connection, "a hook could not be looked after: {error}");
            }
        }
        Ok(())
    }

    /// A connection that may be asked.
    async fn account(&self, business: BusinessId, id: ConnectionId) -> Result<Option<Account>, StoreError> {
        let Some(connection) = self.store.connection(business, id).await? else { return Ok(None) };
        let vendor = self.opener.vendors().named(&connection.provider).cloned();
        let active = vendor.filter(|_| connection.is_active());
        Ok(active.map(|vendor| Account { connection, vendor }))
    }
}

/// What is read of an account.
fn followed(connection: &Connection, vendor: &Vendor) -> Vec<String> {
    match vendor.kind {
        Kind::Diary(_) => connection.choice.receives.iter().map(|calendar| calendar.as_str().to_owned()).collect(),
        Kind::Scheduler(_) if connection.choice.kinds.is_empty() => Vec::new(),
        Kind::Scheduler(_) => vec![ACCOUNT.to_owned()],
    }
}
