//! Both ways: what owners do to appointments in their own calendars is done here, too.
//!
//! Each calendar that receives appointments is read every minute, or every ten while its vendor is heard to report what
//! changes, and at once when it does. An event of ours that was moved or deleted becomes a *wish*, which its owner can take
//! back here for some minutes; then the desk moves or cancels the appointment, like for anybody else, and the customer is told.
//! Nothing is believed that was not looked at twice: in the listing, and by asking for the event itself. A provider that is
//! switched off is not followed: what its calendar says then touches no booking.

mod carry;
mod hooks;
mod lanes;
mod look;
mod watch;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::{task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, warn};

use crate::{
    calendars::opener::Opener,
    domain::{business::Business, connection::Connection, ids::ConnectionId},
    ports::{
        clock::Clock,
        desk::Desk,
        nudge::Nudge,
        vendors::{Kind, Vendor},
    },
    store::{
        Store, StoreError,
        following::{Following, Hooking, StoredWish},
    },
};

pub use hooks::VendorHooks;
pub use lanes::Lanes;
use lanes::{Bell, all, lane};

/// How long an owner has to take back here what they did there.
pub const UNDO: SignedDuration = SignedDuration::from_mins(5);
/// So many deletions in one account may be a calendar that was emptied by mistake: then its owner has this long, though not
/// longer than until an hour before each appointment.
pub const MANY: usize = 6;
pub const UNDO_MANY: SignedDuration = SignedDuration::from_hours(2);
/// How often a calendar is read.
const POLL: SignedDuration = SignedDuration::from_secs(60);
/// How often it is looked for what was connected or chosen, when nobody calls.
const ENLIST: Duration = Duration::from_mins(1);
/// A ledger that is busy has time soon.
const ENLIST_AGAIN: Duration = Duration::from_secs(1);
/// Connections that are read at once.
const PAGE: u32 = 100;
/// The calendar of a vendor that keeps its own bookings: all of the account.
const ACCOUNT: &str = "";

/// Told that what was said about an account is no longer so.
pub type Forget = Arc<dyn Fn(ConnectionId) + Send + Sync>;

/// Connections that this process has enlisted, as they were: the same account, connected again, has the same id.
/// Members leave a business and may come back, with the calendars that are theirs.
type Enlisted = HashMap<ConnectionId, ((Timestamp, i32), Vec<String>)>;

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

/// A connection that is followed, and its vendor.
struct Account {
    connection: Connection,
    vendor: Vendor,
}

impl Follower {
    /// Works until `stop`. What breaks off is done again: everything is written down in steps that may be repeated.
    ///
    /// Reading, carrying out and looking after hooks do not wait for one another, nor do vendors: one that hangs holds up no
    /// customer, and nobody else's calendar.
    pub async fn run(self, stop: CancellationToken) {
        // A task for each: what one vendor's answers cost in computing holds up no other either.
        let mut working = JoinSet::new();
        for at in self.opener.vendors().iter().map(|vendor| vendor.name) {
            let this = self.clone();
            working.spawn(async move { this.follow_vendor(at).await });
        }
        working.spawn(async move { self.enlisting().await });
        tokio::select! {
            () = stop.cancelled() => {}
            _ = working.join_next() => error!("calendars are not followed any more"),
        }
    }

    async fn follow_vendor(&self, at: &str) {
        let nobody = Bell::default();
        tokio::join!(
            lane(&self.lanes.reading, |room| self.due_readings(at, room), |following| self.read(following)),
            lane(&nobody, |room| self.due_wishes(at, room), |wish| self.carry(wish)),
            lane(&self.lanes.hooks, |room| self.due_hooks(at, room), |hook| self.tend(hook)),
        );
    }

    async fn enlisting(&self) {
        let mut enlisted = Enlisted::new();
        loop {
            let pause = match self.enlist_new(&mut enlisted).await {
                Ok(()) => ENLIST,
                Err(error) => {
                    warn!(%error, "not every calendar is followed yet: {error}");
                    ENLIST_AGAIN
                }
            };
            self.lanes.reading.ring();
            self.lanes.hooks.ring();
            tokio::select! {
                () = self.nudge.woken() => {}
                () = sleep(pause) => {}
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
            let (Some(first), Some(last)) = (page.first(), page.last()) else { return Ok(()) };
            after = Some(last.id);
            let range = (first.id, last.id);
            let is_new = |connection: &Connection| {
                let version = (connection.created, connection.version);
                let known = enlisted.get(&connection.id).is_some_and(|before| before.0 == version);
                !known || !connection.choice.members.is_empty()
            };
            let new: Vec<_> = page.into_iter().filter(is_new).collect();
            if new.is_empty() {
                continue;
            }
            // What there is of all of them, in two questions: after a start, that is all there is to do.
            let known: HashSet<_> = self.store.followings_between(range).await?.into_iter().collect();
            let hooks = self.store.hooks_between(range).await?;
            for connection in new {
                let Some(vendor) = self.opener.vendors().named(&connection.provider) else { continue };
                let connection = self.without_former(connection).await?;
                let calendars = followed(&connection, vendor);
                let version = (connection.created, connection.version);
                if enlisted.get(&connection.id).is_some_and(|before| before.0 == version && before.1 == calendars) {
                    continue;
                }
                for calendar in calendars.iter().filter(|it| !known.contains(&(connection.id, (*it).clone()))) {
                    self.store.follow(&connection, calendar, self.clock.now()).await?;
                }
                let hooks = hooks.iter().filter(|hook| hook.connection == connection.id);
                self.hook_up(&connection, &calendars, &hooks.collect::<Vec<_>>()).await?;
                enlisted.insert(connection.id, (version, calendars));
            }
        }
    }

    /// Everything that is due now.
    ///
    /// # Errors
    /// When the ledger does not answer.
    pub async fn work_off(&self) -> Result<(), StoreError> {
        for at in self.opener.vendors().iter().map(|vendor| vendor.name) {
            all(|room| self.due_readings(at, room), |following| self.read(following)).await?;
        }
        for at in self.opener.vendors().iter().map(|vendor| vendor.name) {
            all(|room| self.due_wishes(at, room), |wish| self.carry(wish)).await?;
        }
        for at in self.opener.vendors().iter().map(|vendor| vendor.name) {
            all(|room| self.due_hooks(at, room), |hook| self.tend(hook)).await?;
        }
        Ok(())
    }

    /// Calendars of a vendor to be read now, for this process alone; they are due again in a minute.
    async fn due_readings(&self, provider: &str, room: u32) -> Result<Vec<Following>, StoreError> {
        let now = self.clock.now();
        self.store.due_followings(provider, now, now + POLL, room).await
    }

    async fn due_wishes(&self, provider: &str, room: u32) -> Result<Vec<StoredWish>, StoreError> {
        let now = self.clock.now();
        self.store.due_wishes(provider, now, now + carry::AGAIN, room).await
    }

    async fn due_hooks(&self, provider: &str, room: u32) -> Result<Vec<Hooking>, StoreError> {
        let now = self.clock.now();
        self.store.due_hooks(provider, now, now + watch::AGAIN, room).await
    }

    async fn read(&self, following: Following) {
        let (id, again) = (following.connection, following.due);
        if let Err(error) = self.look(&following, again).await {
            warn!(%error, connection.id = %id, "connection {id} could not be followed: {error}");
        }
    }

    async fn carry(&self, wish: StoredWish) {
        if let Err(error) = self.carry_out(&wish).await {
            warn!(%error, wish.id = %wish.id, "what an owner did could not be followed: {error}");
        }
    }

    async fn tend(&self, hook: Hooking) {
        if let Err(error) = self.look_after(&hook).await {
            debug!(%error, connection.id = %hook.connection, "a hook could not be looked after: {error}");
        }
    }

    /// Who is there is looked up for those alone that it makes a difference to.
    async fn without_former(&self, connection: Connection) -> Result<Connection, StoreError> {
        if connection.choice.members.is_empty() {
            return Ok(connection);
        }
        let found = self.store.business(connection.business).await?;
        Ok(found.map_or(connection.clone(), |found| connection.of(&found.business)))
    }

    /// A connection that may be asked, without what was theirs who have left the business.
    async fn account(&self, business: &Business, id: ConnectionId) -> Result<Option<Account>, StoreError> {
        let Some(connection) = self.store.connection(business.id, id).await? else { return Ok(None) };
        let vendor = self.opener.vendors().named(&connection.provider).cloned();
        let active = vendor.filter(|_| connection.is_active());
        Ok(active.map(|vendor| Account { connection: connection.of(business), vendor }))
    }
}

/// What is read of an account.
fn followed(connection: &Connection, vendor: &Vendor) -> Vec<String> {
    match vendor.kind {
        Kind::Diary(_) => connection.receiving().into_iter().map(|calendar| calendar.as_str().to_owned()).collect(),
        Kind::Scheduler(_) if connection.choice.kinds.is_empty() => Vec::new(),
        Kind::Scheduler(_) => vec![ACCOUNT.to_owned()],
    }
}
