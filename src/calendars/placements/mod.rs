//! What stands in calendars for our bookings, brought to what should stand there: [`Converger::converge`] is the only thing
//! that writes at a vendor's, apart from the booking that is [made](Converger::book) at one that keeps its own.
//!
//! It reads the appointment as it is now and compares it with the rows that say what stands where. What is about to be done
//! is written down before it is done; whoever finds a request begun and not ended looks for what it came to before another
//! leaves. So it does not matter where a process dies, or how often this is done.

mod hand;
mod reach;
mod steps;
mod wording;

use std::{sync::Arc, time::Duration};

use anyhow::anyhow;
use jiff::{SignedDuration, Timestamp};
use tokio::time::{sleep, timeout};
use tracing::{debug, info, warn};

pub(super) use self::{hand::Side, reach::receiving};
use self::{
    hand::{Hand, What},
    steps::Step,
};
use super::opener::Opener;
use crate::{
    domain::{
        booking::{Booking, BookingState},
        business::Business,
        connection::{CalendarId, Connection, ConnectionState},
        ids::{BookingId, ConnectionId, PlacementId},
    },
    ports::{
        booking::ProviderError,
        calendar::{EventKey, Interval, Trouble},
        clock::Clock,
        registry::writes_events,
    },
    store::{
        Store, StoreError,
        placements::{Lineage, Placement, PlacementState, Turn},
    },
};

/// How long a turn is ours, and how long the work in it may take: less, so that nobody else begins meanwhile.
const LEASE: SignedDuration = SignedDuration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(20);
/// How long somebody else's turn is waited for, and how often it is looked at.
const QUEUE: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(100);
/// A hold that is being confirmed is nobody's business for so long after it has run out.
const GRACE: SignedDuration = SignedDuration::from_mins(1);
/// How long after a request left its answer, and what it did, may still be under way.
const UNDER_WAY: SignedDuration = SignedDuration::from_secs(20);
/// Keys that are tried one after the other, when earlier ones are used up.
const GENERATIONS: u16 = 5;

/// One provider's.
pub(super) struct Converger {
    pub provider: &'static str,
    pub side: Side,
    pub store: Store,
    pub opener: Opener,
    pub clock: Arc<dyn Clock>,
    /// Told of an account in which a time has become free by us, or may have: what it said before is no longer so. Of an event
    /// that is new nobody has to be told: the ledger knows that time, and knew it first.
    pub freed: Arc<dyn Fn(ConnectionId) + Send + Sync>,
}

/// Where something is to stand.
#[derive(Clone, Copy)]
struct Place<'a> {
    connection: &'a Connection,
    calendar: &'a CalendarId,
}

/// What is known of an appointment when its turn comes.
struct Scene<'a> {
    business: &'a Business,
    turn: Turn,
    lineage: Lineage,
    /// The business's, at this provider.
    connections: Vec<Connection>,
    unasked: bool,
    now: Timestamp,
}

impl Scene<'_> {
    fn booking(&self, id: BookingId) -> Option<&Booking> {
        self.lineage.bookings.iter().find(|booking| booking.id == id)
    }
}

/// What came of booking at a vendor that keeps its own.
#[derive(Debug)]
pub(super) enum Made {
    Stands(PlacementId),
    Taken,
}

impl Converger {
    /// Brings what stands for an appointment to what should.
    /// `unasked`: it was confirmed although the vendor did not answer, or its owner wants it there after all.
    pub(super) async fn converge(
        &self,
        business: &Business,
        booking: BookingId,
        unasked: bool,
    ) -> Result<(), ProviderError> {
        let Some(lineage) = self.store.lineage(business.id, booking).await.map_err(store_down)? else { return Ok(()) };
        let turn = self.take(business, lineage.root()).await?;
        let work = async {
            let scene = Scene { unasked, ..self.scene(business, &turn, lineage).await? };
            self.bring_in_order(&scene).await
        };
        let done = timeout(PATIENCE, work).await;
        self.give_back(&turn).await;
        done.unwrap_or_else(|late| Err(ProviderError::Unknown(late.into())))
    }

    /// Takes a slot for a hold, or moves what stands for the booking that it replaces.
    pub(super) async fn book(
        &self,
        business: &Business,
        hold: BookingId,
        place: (&Connection, &CalendarId),
    ) -> Result<Made, ProviderError> {
        let Some(lineage) = self.store.lineage(business.id, hold).await.map_err(store_down)? else {
            return Err(ProviderError::Unavailable(anyhow!("there is no such hold")));
        };
        let turn = self.take(business, lineage.root()).await?;
        let work = async {
            let scene = self.scene(business, &turn, lineage).await?;
            let rows = self.rows(&scene).await?;
            let Some(hold) = scene.booking(hold) else { return Ok(Made::Taken) };
            let place = Place { connection: place.0, calendar: place.1 };
            match self.stand(&scene, hold, place, &rows).await? {
                Step::Stands(row) => Ok(Made::Stands(row)),
                Step::Taken => Ok(Made::Taken),
                Step::Left(_) => Err(ProviderError::Unavailable(anyhow!("it was changed there meanwhile"))),
            }
        };
        let done = timeout(PATIENCE, work).await;
        self.give_back(&turn).await;
        done.unwrap_or_else(|late| Err(ProviderError::Unknown(late.into())))
    }

    /// The appointment as it is, now that nobody else can change what stands for it.
    async fn scene<'a>(
        &self,
        business: &'a Business,
        turn: &Turn,
        lineage: Lineage,
    ) -> Result<Scene<'a>, ProviderError> {
        let connections = self.store.connections(business.id).await.map_err(store_down)?;
        let connections = connections.into_iter().map(|connection| connection.of(business)).collect();
        let last = lineage.last().id;
        let lineage = self.store.lineage(business.id, last).await.map_err(store_down)?.unwrap_or(lineage);
        Ok(Scene { business, turn: turn.clone(), lineage, connections, unasked: false, now: self.clock.now() })
    }

    async fn give_back(&self, turn: &Turn) {
        // One that cannot be given back runs out.
        if let Err(error) = self.store.end_turn(turn).await {
            debug!(%error, "a turn could not be given back: {error}");
        }
    }

    async fn take(&self, business: &Business, root: BookingId) -> Result<Turn, ProviderError> {
        let turn = Turn { root, provider: self.provider, holder: self.clock.new_id() };
        let mut waited = Duration::ZERO;
        loop {
            let now = self.clock.now();
            if self.store.take_turn(business.id, &turn, now, now + LEASE).await.map_err(store_down)? {
                return Ok(turn);
            }
            if waited >= QUEUE {
                return Err(ProviderError::Unavailable(anyhow!("somebody else is at it")));
            }
            sleep(LOOK).await;
            waited += LOOK;
        }
    }

    /// All rows of an appointment that are this provider's and not over. Those of a connection that is no more, or that nothing
    /// was chosen of yet, sleep: the same account may be connected again.
    async fn rows(&self, scene: &Scene<'_>) -> Result<Vec<Placement>, ProviderError> {
        let mut ours = Vec::new();
        for booking in &scene.lineage.bookings {
            let rows = self.store.placements_of(booking.id).await.map_err(store_down)?;
            for row in rows.into_iter().filter(|row| row.state != PlacementState::Gone) {
                match scene.connections.iter().find(|connection| connection.id == row.connection) {
                    Some(connection) if connection.provider != self.provider => {}
                    Some(connection) if connection.state != ConnectionState::Choosing => ours.push(row),
                    _ if row.due.is_some() => self.write(scene, &Placement { due: None, ..row }).await?,
                    _ => {}
                }
            }
        }
        Ok(ours)
    }

    async fn bring_in_order(&self, scene: &Scene<'_>) -> Result<(), ProviderError> {
        let rows = self.rows(scene).await?;
        let mut being_made = false;
        for row in &rows {
            being_made |= self.is_being_made(scene, row).await?;
        }
        if being_made {
            return Ok(());
        }
        let standing = scene.lineage.standing();
        let mut kept = Vec::new();
        let mut first_failure = Ok(());
        if let Some(booking) = standing {
            kept.extend(rows.iter().filter(|row| row.booking == booking.id && stands(row)).map(|row| row.id));
            if writes_events(scene.business, booking.slot.service, self.provider) {
                match self.standing(scene, booking, &rows).await {
                    Ok(row) => kept.extend(row),
                    Err(error) => first_failure = Err(error),
                }
            } else {
                self.leave(scene, booking, &rows).await?;
            }
        }
        for row in rows.iter().filter(|row| !kept.contains(&row.id)) {
            let withdrawn = self.withdraw(scene, row.clone()).await;
            first_failure = first_failure.and(withdrawn);
        }
        first_failure
    }

    /// What stands though nothing is wanted (any more) is left alone: the booking is true.
    async fn leave(&self, scene: &Scene<'_>, booking: &Booking, rows: &[Placement]) -> Result<(), ProviderError> {
        for row in rows.iter().filter(|row| row.booking == booking.id && stands(row) && row.due.is_some()) {
            self.write(scene, &Placement { due: None, ..row.clone() }).await?;
        }
        Ok(())
    }

    /// A hold that is being confirmed: what was made for it is left alone, and so is all else of the appointment, until it is
    /// confirmed or given up.
    async fn is_being_made(&self, scene: &Scene<'_>, row: &Placement) -> Result<bool, ProviderError> {
        let Some(BookingState::Held { expires }) = scene.booking(row.booking).map(|booking| booking.state) else {
            return Ok(false);
        };
        if expires + GRACE <= scene.now || !stands(row) {
            return Ok(false);
        }
        self.write(scene, &Placement { due: Some(expires + GRACE), ..row.clone() }).await?;
        Ok(true)
    }

    /// Sees to it that a confirmed booking stands. The row that it stands by; nothing when there is nowhere to stand.
    async fn standing(
        &self,
        scene: &Scene<'_>,
        booking: &Booking,
        rows: &[Placement],
    ) -> Result<Option<PlacementId>, ProviderError> {
        // Where it stands already it stays, wherever the owner wants new ones by now.
        let own = rows.iter().find(|row| row.booking == booking.id && stands(row));
        let place = match own {
            Some(row) => {
                let connection = scene.connections.iter().find(|connection| connection.id == row.connection);
                connection.map(|connection| Place { connection, calendar: &row.calendar })
            }
            None => receiving(&self.side, &scene.connections, self.provider, &booking.slot)
                .map(|(connection, calendar)| Place { connection, calendar }),
        };
        let Some(place) = place else {
            // Nobody is connected, or nothing was chosen to receive: as if there were no calendar. One that waits to be
            // connected again is another matter.
            let ours = || scene.connections.iter().filter(|connection| connection.provider == self.provider);
            let waits = ours().any(|connection| matches!(connection.state, ConnectionState::Reconnect { .. }));
            return if waits && !ours().any(Connection::is_active) {
                Err(ProviderError::Disconnected)
            } else {
                Ok(None)
            };
        };
        // It was confirmed without them, and nobody books there by themselves afterwards: its owner sees that.
        if matches!(self.side, Side::Scheduler { .. }) && rows.is_empty() && !scene.unasked {
            return Ok(None);
        }
        match self.stand(scene, booking, place, rows).await? {
            Step::Stands(row) => Ok(Some(row)),
            Step::Left(row) => {
                info!(booking.id = %booking.id, "what stands for booking {} was changed by its owner", booking.id);
                Ok(Some(row))
            }
            Step::Taken => {
                let (id, business) = (booking.id, scene.business.id);
                if self.store.collides(business, id, scene.now).await.map_err(store_down)? {
                    warn!(booking.id = %id, business.id = %business, "{} has no room for booking {id}", self.provider);
                }
                Ok(None)
            }
        }
    }

    /// Brings one booking to stand in one place: by the row it has, by one of an earlier booking of the appointment, or anew.
    async fn stand(
        &self,
        scene: &Scene<'_>,
        booking: &Booking,
        place: Place<'_>,
        rows: &[Placement],
    ) -> Result<Step, ProviderError> {
        let here =
            |row: &&Placement| row.connection == place.connection.id && row.calendar == *place.calendar && stands(row);
        let own = rows.iter().filter(here).find(|row| row.booking == booking.id);
        if own.is_none()
            && let Some(row) = rows.iter().find(|row| self.stands_already(scene, booking, row))
            && let Some(connection) = scene.connections.iter().find(|connection| connection.id == row.connection)
        {
            return self.take_over(scene, booking, Place { connection, calendar: &row.calendar }, row.clone()).await;
        }
        // One whose own request is still unanswered is not handed on: what it came to is found out first.
        let stood = |row: &Placement| row.state == PlacementState::Placed || row.placed.is_some();
        let earlier = |row: &&Placement| row.booking != booking.id && stood(row);
        let handed_on = || rows.iter().filter(here).filter(earlier).find(|_| self.side.moves());
        let row = match own.or_else(handed_on) {
            Some(row) => row.clone(),
            None => self.new_row(scene, booking, place, 0).await?,
        };
        self.bring(scene, booking, place, row).await
    }

    /// Whether what stood for an earlier booking of the appointment was moved, at a vendor that keeps its own, to where this
    /// one is to stand.
    fn stands_already(&self, scene: &Scene<'_>, booking: &Booking, row: &Placement) -> bool {
        let alike = |earlier: &Booking| {
            earlier.slot.service == booking.slot.service && earlier.slot.staff == booking.slot.staff
        };
        matches!(self.side, Side::Scheduler { .. })
            && row.booking != booking.id
            && row.state == PlacementState::Placed
            && row.stands.is_some_and(|stands| stands.from == booking.slot.starts)
            && scene.booking(row.booking).is_some_and(alike)
    }

    /// A row of a key that was not used yet.
    async fn new_row(
        &self,
        scene: &Scene<'_>,
        booking: &Booking,
        place: Place<'_>,
        after: u16,
    ) -> Result<Placement, ProviderError> {
        let mut generation = after;
        for booking in &scene.lineage.bookings {
            let used = self.store.placements_of(booking.id).await.map_err(store_down)?;
            let of_it = used.iter().filter(|row| row.connection == place.connection.id);
            generation = generation.max(of_it.map(|row| row.key.generation).max().unwrap_or_default());
        }
        let wanted = Interval { from: booking.slot.starts, to: booking.slot.ends };
        let row = Placement {
            id: PlacementId(self.clock.new_id()),
            business: scene.business.id,
            booking: booking.id,
            connection: place.connection.id,
            calendar: place.calendar.clone(),
            key: EventKey { booking: booking.id, generation: generation + 1 },
            state: PlacementState::Placing,
            asked: None,
            placed: None,
            stands: None,
            wanted,
            digest: String::new(),
            tries: 0,
            due: Some(scene.now + steps::again(0)),
            put_back: 0,
            created: scene.now,
        };
        let written = self.store.begin_placement(&scene.turn, &row).await.map_err(store_down)?;
        if written { Ok(row) } else { Err(ProviderError::Unavailable(anyhow!("the turn is somebody else's"))) }
    }

    async fn write(&self, scene: &Scene<'_>, row: &Placement) -> Result<(), ProviderError> {
        let written = self.store.write_placement(&scene.turn, row).await.map_err(store_down)?;
        if written { Ok(()) } else { Err(ProviderError::Unavailable(anyhow!("the turn is somebody else's"))) }
    }

    fn hand<'a>(&'a self, place: Place<'a>) -> Hand<'a> {
        Hand { opener: &self.opener, connection: place.connection, calendar: place.calendar, side: &self.side }
    }

    fn what<'a>(scene: &'a Scene<'_>, booking: &'a Booking, row: &Placement) -> What<'a> {
        What { business: scene.business, booking, key: row.key, when: row.wanted }
    }
}

/// It stands, or is on its way to.
fn stands(row: &Placement) -> bool {
    matches!(row.state, PlacementState::Placing | PlacementState::Placed)
}

fn store_down(error: StoreError) -> ProviderError {
    ProviderError::Unavailable(error.into())
}

/// What the desk and the outbox can do about a vendor's trouble.
pub(super) fn told(trouble: Trouble) -> ProviderError {
    match trouble {
        Trouble::Unauthorized | Trouble::Reconnect(_) => ProviderError::Disconnected,
        Trouble::Unknown(error) => ProviderError::Unknown(error),
        Trouble::Unavailable(error) => ProviderError::Unavailable(error),
        other => ProviderError::Unavailable(other.into()),
    }
}
