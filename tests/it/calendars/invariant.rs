//! Whatever vendors, owners and customers do, in whatever order: a confirmed appointment that has no event is on its way to
//! one, or before its owner's eyes, or there is no calendar; and when all is well again, each has exactly one.

use std::{collections::BTreeMap, sync::Arc};

use deskbell::{
    calendars::opener::With,
    domain::{
        booking::{Booking, BookingState},
        business::Business,
        connection::{Account, Choice, Connection, Why},
        ids::BookingId,
        secret::Secret,
    },
    ports::{
        clock::Clock as _,
        desk::{Actor, Cancel, Confirm, Desk as _, Hold},
    },
    store::outbox::{Kind, OutboxState},
    testing::dice::Dice,
};
use jiff::SignedDuration;

use super::{
    double::{Asked, Trap},
    rig::{DIARY, Rig, both, calendar, uses},
};
use crate::{
    desk::rig::{anna, tuesday as at},
    support::database::each_engine,
};

struct Town {
    rig: Rig,
    dice: Dice,
    business: Arc<Business>,
    account: Account,
    connection: Option<Connection>,
    /// All that were ever made.
    bookings: Vec<BookingId>,
    story: Vec<String>,
}

impl Town {
    async fn step(&mut self) {
        let deed = self.dice.below(14);
        self.story.push(format!("{deed}"));
        match deed {
            0..=3 => self.book(None).await,
            4 | 5 => {
                let moved = self.somebody().await;
                self.book(moved).await;
            }
            6 => self.cancel().await,
            7 | 8 => {
                let asked = [Asked::Busy, Asked::Place, Asked::Revise, Asked::Withdraw, Asked::Find];
                let traps = [Trap::Down, Trap::Limited, Trap::Lost, Trap::Vanished];
                let (asked, trap) = (*self.dice.pick(&asked).unwrap(), *self.dice.pick(&traps).unwrap());
                let times = 1 + self.dice.below(3);
                self.rig.diary.trap(asked, trap, times);
            }
            9 => self.revoke_or_renew().await,
            10 => self.disconnect_or_connect().await,
            11 => self.choose_elsewhere().await,
            12 => {
                let integrations = &self.business.ai_config.integrations;
                let to = if integrations.provider == DIARY { "native" } else { DIARY };
                self.switch(to).await;
            }
            _ => {
                if let Some(booking) = self.somebody().await {
                    self.rig.diary.owner_edits(booking, |page| page.title = "Anna, bring the red".into());
                }
            }
        }
        match self.dice.below(3) {
            0 => {}
            1 => self.rig.work().await,
            _ => self.rig.half_an_hour_later().await,
        }
    }

    async fn switch(&mut self, provider: &str) {
        self.business = self.rig.set(|business| business.ai_config.integrations.provider = provider.into()).await;
    }

    async fn standing(&self) -> Vec<Booking> {
        let mut standing = Vec::new();
        for id in &self.bookings {
            let booking = self.rig.desk.store.booking(self.business.id, *id).await.unwrap().unwrap();
            if matches!(booking.state, BookingState::Confirmed { .. }) {
                standing.push(booking);
            }
        }
        standing
    }

    async fn somebody(&mut self) -> Option<BookingId> {
        let standing = self.standing().await;
        self.dice.pick(&standing).map(|booking| booking.id)
    }

    /// Some days ahead, so that nothing is over before the end. A time that somebody has is nobody's loss.
    async fn book(&mut self, replacing: Option<BookingId>) {
        let days = [7, 8, 9, 10, 14][self.dice.below(5)];
        let hour = ["09:00", "10:00", "11:00", "14:00", "15:00", "16:00"][self.dice.below(6)];
        let slot = self.rig.desk.slot(at(hour) + SignedDuration::from_hours(24 * days));
        let business = Arc::clone(&self.business);
        let hold = Hold { business, replacing, ..self.rig.desk.asking(slot, None) };
        let Ok(held) = self.rig.desk.desk.hold(hold).await else { return };
        let confirm = Confirm {
            business: Arc::clone(&self.business),
            hold: held.id,
            customer: anna(),
            by: Actor::Business,
            tell: false,
            language: None,
        };
        if let Ok(booked) = self.rig.desk.desk.confirm(confirm).await {
            self.bookings.push(booked.id);
        }
    }

    async fn cancel(&mut self) {
        let Some(booking) = self.somebody().await else { return };
        let business = Arc::clone(&self.business);
        let cancel = Cancel { business, booking, by: Actor::Business, reason: None, tell: false, language: None };
        self.rig.desk.desk.cancel(cancel).await.unwrap();
    }

    async fn current(&self) -> Option<Connection> {
        let connection = self.connection.as_ref()?;
        self.rig.desk.store.connection(connection.business, connection.id).await.unwrap()
    }

    async fn revoke_or_renew(&mut self) {
        let Some(connection) = self.current().await else { return };
        if connection.is_active() {
            self.rig.revoked(&connection, Why::Revoked).await;
        } else {
            self.connection = Some(self.rig.renew(&connection).await);
        }
    }

    async fn disconnect_or_connect(&mut self) {
        match self.current().await {
            Some(connection) => {
                self.rig.disconnect(&connection).await;
                self.connection = None;
            }
            None => {
                let with = With::Key(Secret::new("key"));
                let connection = self.rig.connect_as(DIARY, None, &both("main"), self.account.clone(), with).await;
                self.connection = Some(connection);
            }
        }
    }

    async fn choose_elsewhere(&mut self) {
        let Some(connection) = self.current().await.filter(Connection::is_active) else { return };
        let to = ["main", "work"][self.dice.below(2)];
        let choice = Choice { receives: Some(calendar(to)), blocks: Vec::new(), ..Choice::default() };
        self.connection = Some(self.rig.choose(&connection, &choice).await);
    }

    /// Nobody who has no event is forgotten.
    async fn nobody_is_forgotten(&self) {
        let Some(connection) = self.current().await.filter(Connection::is_active) else { return };
        let store = &self.rig.desk.store;
        // Of whom it misses it is not known yet.
        let behind = store.is_catching_up(connection.id).await.unwrap();
        if behind || self.business.ai_config.integrations.provider != DIARY {
            return;
        }
        let lost = store.lost_events(self.business.id, self.rig.desk.clock.now(), 1_000).await.unwrap();
        let events = self.events();
        for booking in self.standing().await {
            if events.get(&booking.slot.starts) == Some(&1) {
                continue;
            }
            let rows = self.rig.placements(booking.id).await;
            let outbox = store.outbox_of_booking(booking.id).await.unwrap();
            let waits = |state| matches!(state, OutboxState::Pending | OutboxState::Sending);
            let tried = rows.iter().any(|row| row.due.is_some())
                || outbox.iter().any(|row| row.kind == Kind::Calendar && waits(row.state));
            let shown = lost.iter().any(|event| event.booking == booking.id);
            assert!(tried || shown, "{} is forgotten after {}", booking.slot.starts, self.story.join(" "));
        }
    }

    fn events(&self) -> BTreeMap<jiff::Timestamp, usize> {
        let mut events = BTreeMap::new();
        for page in self.rig.diary.ours() {
            *events.entry(page.when.from).or_default() += 1;
        }
        events
    }

    /// Everybody is well again, and some hours go by.
    async fn all_is_well(&mut self) {
        self.rig.diary.untrap();
        self.switch(DIARY).await;
        match self.current().await {
            Some(connection) if connection.is_active() => {}
            Some(_) => self.revoke_or_renew().await,
            None => self.disconnect_or_connect().await,
        }
        for _ in 0..16 {
            self.rig.half_an_hour_later().await;
        }
        let standing = self.standing().await;
        let wanted: BTreeMap<_, _> = standing.iter().map(|booking| (booking.slot.starts, 1)).collect();
        assert_eq!(self.events(), wanted, "after {}", self.story.join(" "));
        let lost = self.rig.desk.store.lost_events(self.business.id, self.rig.desk.clock.now(), 10).await.unwrap();
        assert!(lost.is_empty(), "{lost:?} after {}", self.story.join(" "));
    }
}

#[tokio::test]
async fn every_confirmed_appointment_has_one_event_or_somebody_knows_that_it_has_not() {
    each_engine(|store| async move {
        let rig = Rig::with(store, |business| uses(business, &[DIARY])).await;
        let connection = rig.connect(DIARY, None, &both("main")).await;
        let (account, connection) = (connection.account.clone(), Some(connection));
        let business = Arc::clone(&rig.desk.business);
        let dice = Dice::seeded(7);
        let mut town = Town { rig, dice, business, account, connection, bookings: Vec::new(), story: Vec::new() };
        for _ in 0..12 {
            for _ in 0..20 {
                town.step().await;
                town.nobody_is_forgotten().await;
            }
            town.all_is_well().await;
            town.story.clear();
            // Half of them make room for the next.
            for _ in 0..town.standing().await.len() / 2 {
                town.cancel().await;
            }
        }
        assert!(town.bookings.len() > 40, "{} bookings", town.bookings.len());
    })
    .await;
}
