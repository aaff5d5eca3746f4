//! One business with one connected account, real HTTP in between, and what can be asked about it in the end.

use deskbell::{
    calendars::opener::Opened,
    domain::{
        booking::{Booking, BookingState},
        business::Business,
        connection::{Connection, ConnectionState, Why},
    },
    ports::{
        calendar::Interval,
        clock::Clock as _,
        desk::{Actor, Desk as _, DeskError},
    },
    store::{bookings::Filter, connections::Kept},
    testing::{
        calendar::{Misdeed, Trap},
        clock::FixedClock,
    },
};
use jiff::{SignedDuration, Timestamp};

use super::world::{Made, Request, made};
use crate::{
    calendars::rig::{Rig, uses},
    desk::rig::{MONDAY_MORNING, tuesday as at},
    support::database::Database,
};

pub(super) struct Case {
    pub(super) rig: Rig,
    pub(super) world: Made,
    pub(super) vendor: &'static str,
    pub(super) connection: Connection,
    _database: Database,
}

impl Case {
    pub(super) async fn of(vendor: &'static str) -> Self {
        Self::on(vendor, MONDAY_MORNING, |_| {}).await
    }

    /// At another time, and with a business that is changed.
    pub(super) async fn on(vendor: &'static str, now: &str, change: impl FnOnce(&mut Business)) -> Self {
        let clock = FixedClock::at(now);
        let world = made(vendor, &clock).await;
        let database = Database::sqlite();
        let store = database.store().await;
        let rig = Rig::beside(store, clock, Some(world.vendor()), |business| {
            uses(business, &[vendor]);
            change(business);
        })
        .await;
        let (with, account) = world.opens();
        let choice = world.choice(&rig.desk.business);
        let connection = rig.connect_as(vendor, None, &choice, account, with).await;
        Self { rig, world, vendor, connection, _database: database }
    }

    pub(super) fn trap(&self, (method, path): Request, times: u32, misdeed: Misdeed) {
        self.world.kit().trap(Trap { method, path: path.to_owned(), times, misdeed });
    }

    /// How many requests of this kind there were.
    pub(super) fn asked(&self, (method, path): Request) -> usize {
        self.world.kit().count(method, path)
    }

    /// Whether a haircut could begin then, by what callers are offered.
    pub(super) async fn offers(&self, time: Timestamp) -> bool {
        let mut find = self.rig.desk.on_tuesday();
        (find.from, find.to) = (time, time + SignedDuration::from_mins(1));
        !self.rig.desk.desk.find(find).await.unwrap().is_empty()
    }

    pub(super) async fn holds(&self, time: Timestamp) -> Booking {
        let held = self.rig.desk.hold(self.rig.desk.slot(time), None).await;
        held.unwrap_or_else(|error| panic!("{}: {time} is not held: {error}", self.vendor))
    }

    pub(super) async fn books_at(&self, time: Timestamp) -> Result<Booking, DeskError> {
        let held = self.rig.desk.hold(self.rig.desk.slot(time), None).await?;
        self.rig.desk.confirm(held.id).await
    }

    /// On Tuesday.
    pub(super) async fn books(&self, time: &str) -> Booking {
        let booked = self.books_at(at(time)).await;
        booked.unwrap_or_else(|error| panic!("{}: {time} is not booked: {error}", self.vendor))
    }

    /// And what is to stand there stands there.
    pub(super) async fn has_booked(&self, time: &str) -> Booking {
        let booked = self.books(time).await;
        self.rig.work().await;
        assert_eq!(self.world.ours(), self.confirmed().await, "{}", self.vendor);
        assert!(!booked.unverified, "{}", self.vendor);
        booked
    }

    pub(super) async fn moves(&self, booking: &Booking, time: &str) -> Booking {
        let held = self.rig.desk.move_to(booking.id, self.rig.desk.slot(at(time)), None).await;
        let held = held.unwrap_or_else(|error| panic!("{}: {error}", self.vendor));
        let moved = self.rig.desk.confirm(held.id).await;
        moved.unwrap_or_else(|error| panic!("{}: it is not moved to {time}: {error}", self.vendor))
    }

    pub(super) async fn cancels(&self, booking: &Booking) {
        let cancelled = self.rig.desk.cancel(booking.id, Actor::Business).await;
        cancelled.unwrap_or_else(|error| panic!("{}: it is not cancelled: {error}", self.vendor));
    }

    /// By whoever keeps what stands elsewhere in order, as if something might be wrong with it.
    pub(super) async fn is_looked_at(&self, booking: &Booking) {
        self.rig.desk.store.look_at_placements(booking.id, self.rig.desk.clock.now()).await.unwrap();
        self.rig.keep_in_order().await;
    }

    /// Some request was answered so.
    pub(super) fn was_answered(&self, status: u16) -> bool {
        self.world.kit().asked().iter().any(|asked| asked.status == Some(status))
    }

    /// The owner gives access again.
    pub(super) async fn is_connected_again(&self) {
        let (with, account) = self.world.opens_again();
        let (business, provider) = (self.connection.business, self.connection.provider.clone());
        let opened = Opened { business, provider, staff: None, account, with, renews: Some(self.connection.id) };
        let kept = self.rig.opener.keep(opened, &self.rig.deed()).await.unwrap().unwrap();
        assert!(matches!(kept, Kept::Renewed(_)), "{}: {kept:?}", self.vendor);
        assert_eq!(self.reconnect().await, None, "{}", self.vendor);
    }

    pub(super) async fn state(&self, booking: &Booking) -> Booking {
        self.rig.desk.store.booking(booking.business, booking.id).await.unwrap().unwrap()
    }

    /// The owner is shown that it collides with something of theirs.
    pub(super) async fn collides(&self, booking: &Booking) -> bool {
        let now = self.rig.desk.clock.now();
        let colliding = self.rig.desk.store.colliding(booking.business, now, 50).await.unwrap();
        colliding.iter().any(|other| other.id == booking.id)
    }

    /// Why the account has to be connected again; nothing: it does not.
    pub(super) async fn reconnect(&self) -> Option<Why> {
        let store = &self.rig.desk.store;
        let found = store.connection(self.connection.business, self.connection.id).await.unwrap().unwrap();
        match found.state {
            ConnectionState::Reconnect { why, .. } => Some(why),
            _ => None,
        }
    }

    /// As if there were no calendar, and the owner is to hear of it, once.
    pub(super) async fn is_as_none(&self, why: Why) {
        assert_eq!(self.reconnect().await, Some(why), "{}", self.vendor);
        let to_tell = self.rig.desk.store.connections_to_tell(10).await.unwrap();
        assert_eq!(to_tell.iter().map(|told| told.id).collect::<Vec<_>>(), [self.connection.id], "{}", self.vendor);
        let (asked, stands) = (self.world.kit().asked().len(), self.world.ours());
        let native = self.books("17:00").await;
        self.rig.work().await;
        assert!(!native.unverified, "{}: it is our ledger's alone", self.vendor);
        assert_eq!(self.world.kit().asked().len(), asked, "{}: nobody is asked any more", self.vendor);
        assert_eq!(self.world.ours(), stands, "{}", self.vendor);
    }

    /// Some hours later each confirmed booking stands there once, at its time, and nothing else of ours does; none is
    /// unverified any more, and the account is still connected.
    pub(super) async fn ends_well(&self, what: &str) {
        let vendor = self.vendor;
        self.rig.work().await;
        for _ in 0..4 {
            self.rig.an_hour_later().await;
            if self.world.ours() == self.confirmed().await && self.unverified().await == 0 {
                break;
            }
        }
        assert_eq!(self.world.ours(), self.confirmed().await, "{vendor}: {what}");
        assert_eq!(self.unverified().await, 0, "{vendor}: {what}: it was looked at again");
        assert_eq!(self.reconnect().await, None, "{vendor}: {what}");
    }

    async fn rows(&self) -> Vec<Booking> {
        let rows = self.rig.desk.store.bookings(self.connection.business, &Filter::default(), None, 50).await.unwrap();
        rows.into_iter().filter(|booking| matches!(booking.state, BookingState::Confirmed { .. })).collect()
    }

    pub(super) async fn confirmed(&self) -> Vec<Interval> {
        let rows = self.rows().await;
        let mut times: Vec<_> =
            rows.iter().map(|booking| Interval { from: booking.slot.starts, to: booking.slot.ends }).collect();
        times.sort_unstable();
        times
    }

    async fn unverified(&self) -> usize {
        self.rows().await.iter().filter(|booking| booking.unverified).count()
    }
}
