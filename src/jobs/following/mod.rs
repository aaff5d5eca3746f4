//! Both ways: what owners do to appointments in their own calendars is done here, too.
//!
//! Each calendar that receives appointments is read every minute, or every ten while its vendor is heard to report what
//! changes, and at once when it does. An event of ours that was moved or deleted becomes a *wish*, which its owner can take
//! back here for some minutes; then the desk moves or cancels the appointment, like for anybody else, and the customer is told.
//! Nothing is believed that was not looked at twice: in the listing, and by asking for the event itself. A provider that is
//! switched off is not followed: what its calendar says then touches no booking.

mod carry;
mod hooks;
mod look;
mod watch;

use std::{collections::HashMap, sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use tokio::time::sleep;
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
/// So many deletions in one account may be a calendar that was emptied by mistake: then its owner has this long, though not
/// longer than until an hour before each appointment.
pub const MANY: usize = 6;
pub const UNDO_MANY: SignedDuration = SignedDuration::from_hours(2);
/// How often a calendar is read.
const POLL: SignedDuration = SignedDuration::from_secs(60);
/// How often it is looked for what is due, when nobody calls.
const EVERY: Duration = Duration::from_secs(5);
/// How often it is looked for what was connected or chosen, when nobody calls.
const ENLIST: Duration = Duration::from_mins(1);
/// So many rows are taken at once, and so many of them are worked at together.
const ROUND: u32 = 50;
const AT_ONCE: usize = 25;
/// Connections that are read at once.
const PAGE: u32 = 100;
/// The calendar of a vendor that keeps its own bookings: all of the account.
const ACCOUNT: &str = "";

/// Told that what was said about an account is no longer so.
pub type Forget = Arc<dyn Fn(ConnectionId) + Send + Sync>;

/// Connections that this process has enlisted, as they were: the same account, connected again, has the same id.
type Enlisted = HashMap<ConnectionId, (Timestamp, i32)>;

/// What it works with. Cloning it shares it.
#[derive(Clone)]
pub struct Follower {
    pub store: Store,
    pub opener: Opener,
    pub desk: Arc<dyn Desk>,
    pub clock: Arc<dyn Clock>,
    pub forget: Forget,
    /// Woken when an owner has chosen, or taken something back.
    pub nudge: Nudge,
    pub lanes: Lanes,
    /// "<https://voice.example.com>"; nothing: no vendor reaches this server, and calendars are read every minute alone.
    pub origin: Option<String>,
    /// Makes the secrets of hooks.
    pub key: [u8; 32],
}

/// Woken when something is to be done at once.
#[derive(Clone, Debug, Default)]
pub struct Lanes {
    reading: Nudge,
    hooks: Nudge,
}

/// A connection that is followed, and its vendor.
struct Account {
    connection: Connection,
    vendor: Vendor,
}

impl Follower {
    /// Works until `stop`. What breaks off is done again: everything is written down in steps that may be repeated.
    ///
    /// Reading, carrying out and looking after hooks do not wait for one another: a vendor that hangs holds up no customer.
    pub async fn run(self, stop: CancellationToken) {
        let nobody = Nudge::default();
        let work = async {
            tokio::join!(
                self.enlisting(),
                lane(&self.lanes.reading, || self.look_round()),
                lane(&nobody, || self.carry_round()),
                lane(&self.lanes.hooks, || self.hook_round()),
            )
        };
        tokio::select! {
            () = stop.cancelled() => {}
            _ = work => {}
        }
    }

    async fn enlisting(&self) {
        let mut enlisted = Enlisted::new();
        loop {
            is_more(self.enlist_new(&mut enlisted).await.map(|()| false));
            self.lanes.reading.wake();
            self.lanes.hooks.wake();
            tokio::select! {
                () = self.nudge.woken() => {}
                () = sleep(ENLIST) => {}
            }
        }
    }

    /// Calendars that receive appointments are read from now on, and their vendors asked to report.
    ///
    /// # Errors
    /// When the ledger does not answer.
    pub async fn enlist(&self) -> Result<(), StoreError> {
        self.enlist_new(&mut Enlisted::new()).await
    }

    /// Those that are as they were when they were enlisted are left alone.
    async fn enlist_new(&self, enlisted: &mut Enlisted) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let page = self.store.active_connections(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            for connection in page {
                let version = (connection.created, connection.version);
                if enlisted.get(&connection.id) == Some(&version) {
                    continue;
                }
                let Some(vendor) = self.opener.vendors().named(&connection.provider) else { continue };
                let calendars = followed(&connection, vendor);
                for calendar in &calendars {
                    self.store.follow(&connection, calendar, self.clock.now()).await?;
                }
                self.hook_up(&connection, &calendars).await?;
                enlisted.insert(connection.id, version);
            }
        }
    }

    /// Everything that is due now.
    ///
    /// # Errors
    /// When the ledger does not answer.
    pub async fn work_off(&self) -> Result<(), StoreError> {
        while self.look_round().await? {}
        while self.carry_round().await? {}
        while self.hook_round().await? {}
        Ok(())
    }

    /// Reads what is due. Whether there may be more, here and in the other rounds.
    async fn look_round(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let again = now + POLL;
        let due = self.store.due_followings(now, again, ROUND).await?;
        let more = is_full(due.len());
        stream::iter(due)
            .for_each_concurrent(AT_ONCE, async |following| {
                if let Err(error) = self.look(&following, again).await {
                    let id = following.connection;
                    warn!(%error, connection.id = %id, "connection {id} could not be followed: {error}");
                }
            })
            .await;
        Ok(more)
    }

    async fn carry_round(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let due = self.store.due_wishes(now, now + carry::AGAIN, ROUND).await?;
        let more = is_full(due.len());
        stream::iter(due)
            .for_each_concurrent(AT_ONCE, async |wish| {
                if let Err(error) = self.carry_out(&wish).await {
                    warn!(%error, wish.id = %wish.id, "what an owner did could not be followed: {error}");
                }
            })
            .await;
        Ok(more)
    }

    async fn hook_round(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let due = self.store.due_hooks(now, now + watch::AGAIN, ROUND).await?;
        let more = is_full(due.len());
        stream::iter(due)
            .for_each_concurrent(AT_ONCE, async |hook| {
                if let Err(error) = self.look_after(&hook).await {
                    debug!(%error, connection.id = %hook.connection, "a hook could not be looked after: {error}");
                }
            })
            .await;
        Ok(more)
    }

    /// A connection that may be asked.
    async fn account(&self, business: BusinessId, id: ConnectionId) -> Result<Option<Account>, StoreError> {
        let Some(connection) = self.store.connection(business, id).await? else { return Ok(None) };
        let vendor = self.opener.vendors().named(&connection.provider).cloned();
        let active = vendor.filter(|_| connection.is_active());
        Ok(active.map(|vendor| Account { connection, vendor }))
    }
}

/// Round after round as long as there is more, and then whenever it is woken.
async fn lane<R>(woken: &Nudge, round: impl Fn() -> R)
where
    R: Future<Output = Result<bool, StoreError>>,
{
    loop {
        if is_more(round().await) {
            continue;
        }
        tokio::select! {
            () = woken.woken() => {}
            () = sleep(EVERY) => {}
        }
    }
}

fn is_full(rows: usize) -> bool {
    u32::try_from(rows).is_ok_and(|rows| rows >= ROUND)
}

fn is_more(round: Result<bool, StoreError>) -> bool {
    round.unwrap_or_else(|error| {
        warn!(%error, "calendars could not be followed: {error}");
        false
    })
}

/// What is read of an account.
fn followed(connection: &Connection, vendor: &Vendor) -> Vec<String> {
    match vendor.kind {
        Kind::Diary(_) => connection.choice.receives.iter().map(|calendar| calendar.as_str().to_owned()).collect(),
        Kind::Scheduler(_) if connection.choice.kinds.is_empty() => Vec::new(),
        Kind::Scheduler(_) => vec![ACCOUNT.to_owned()],
    }
}
