//! Every provider against everything that its vendor may answer: the design's table holds, nothing stands twice, and nothing
//! is lost. One case is one business with one connected account, and real HTTP in between.

mod world;

use std::time::Duration;

use deskbell::{
    domain::{
        booking::{Booking, BookingState},
        connection::Connection,
    },
    ports::{
        calendar::Interval,
        clock::Clock as _,
        desk::{Actor, Desk as _, DeskError},
    },
    store::bookings::Filter,
    testing::{
        calendar::{Misdeed, Trap},
        clock::FixedClock,
    },
};
use jiff::{SignedDuration, Timestamp};
use world::{ALL, Made, Odd, Request, made};

use super::rig::{Rig, tuesday, uses};
use crate::{
    desk::rig::{MONDAY_MORNING, tuesday as at},
    support::database::Database,
};

struct Case {
    rig: Rig,
    world: Made,
    connection: Connection,
    _database: Database,
}

impl Case {
    async fn of(vendor: &str) -> Self {
        let clock = FixedClock::at(MONDAY_MORNING);
        let world = made(vendor, &clock).await;
        let database = Database::sqlite();
        let store = database.store().await;
        let rig = Rig::beside(store, clock, Some(world.vendor()), |business| uses(business, &[vendor])).await;
        let (with, account) = world.opens();
        let choice = world.choice(&rig.desk.business);
        let connection = rig.connect_as(vendor, None, &choice, account, with).await;
        Self { rig, world, connection, _database: database }
    }

    fn trap(&self, (method, path): Request, times: u32, misdeed: Misdeed) {
        self.world.kit().trap(Trap { method, path: path.to_owned(), times, misdeed });
    }

    async fn offered(&self) -> Vec<Timestamp> {
        let found = self.rig.desk.desk.find(self.rig.desk.on_tuesday()).await.unwrap();
        found.iter().map(|slot| slot.starts).collect()
    }

    async fn books(&self, time: &str) -> Result<Booking, DeskError> {
        let held = self.rig.desk.hold(self.rig.desk.slot(at(time)), None).await?;
        self.rig.desk.confirm(held.id).await
    }

    async fn moves(&self, booking: &Booking, time: &str) -> Result<Booking, DeskError> {
        let held = self.rig.desk.move_to(booking.id, self.rig.desk.slot(at(time)), None).await?;
        self.rig.desk.confirm(held.id).await
    }

    async fn state(&self, booking: &Booking) -> Booking {
        self.rig.desk.store.booking(booking.business, booking.id).await.unwrap().unwrap()
    }

    async fn is_active(&self) -> bool {
        let store = &self.rig.desk.store;
        store.connection(self.connection.business, self.connection.id).await.unwrap().unwrap().is_active()
    }

    /// Some hours later each confirmed booking stands there once, at its time, and nothing else of ours does.
    async fn ends_well(&self, what: &str) {
        self.rig.work().await;
        for _ in 0..4 {
            self.rig.an_hour_later().await;
            if self.world.ours() == self.confirmed().await {
                break;
            }
        }
        assert_eq!(self.world.ours(), self.confirmed().await, "{what}");
    }

    async fn confirmed(&self) -> Vec<Interval> {
        let rows = self.rig.desk.store.bookings(self.connection.business, &Filter::default(), None, 50).await.unwrap();
        let confirmed = rows.iter().filter(|booking| matches!(booking.state, BookingState::Confirmed { .. }));
        confirmed.map(|booking| Interval { from: booking.slot.starts, to: booking.slot.ends }).collect()
    }
}

#[tokio::test]
async fn free_busy_and_what_appears_between_offer_and_yes() {
    for vendor in ALL {
        let case = Case::of(vendor).await;
        case.world.busy(tuesday("14:00", "15:00"));
        let offered = case.offered().await;
        assert!(offered.contains(&at("10:00")) && !offered.contains(&at("14:30")), "{vendor}: {offered:?}");
        assert!(!case.books("10:00").await.unwrap().unverified, "{vendor}");
        let held = case.rig.desk.hold(case.rig.desk.slot(at("16:00")), None).await.unwrap();
        case.world.busy(tuesday("16:00", "17:00"));
        assert!(matches!(case.rig.desk.confirm(held.id).await, Err(DeskError::Taken)), "{vendor}");
        case.ends_well(vendor).await;
    }
}

#[tokio::test]
async fn a_booking_is_made_moved_and_cancelled_and_doing_it_twice_changes_nothing() {
    for vendor in ALL {
        let case = Case::of(vendor).await;
        let booked = case.books("10:00").await.unwrap();
        case.rig.work().await;
        assert_eq!(case.world.ours(), case.confirmed().await, "{vendor}");
        let moved = case.moves(&booked, "15:00").await.unwrap();
        case.rig.work().await;
        assert_eq!(case.world.ours(), case.confirmed().await, "{vendor}");
        let asked = case.world.kit().asked().len();
        case.rig.desk.store.look_at_placements(moved.id, case.rig.desk.clock.now()).await.unwrap();
        case.rig.keep_in_order().await;
        assert_eq!(case.world.kit().asked().len(), asked, "{vendor}: what stands well is left alone");
        case.rig.desk.cancel(moved.id, Actor::Business).await.unwrap();
        case.rig.work().await;
        assert!(case.world.ours().is_empty(), "{vendor}");
        case.ends_well(vendor).await;
    }
}

/// Ways in which an answer to a reading says nothing.
fn unreadable() -> Vec<(&'static str, Misdeed)> {
    vec![
        ("500", Misdeed::status(500, "{}")),
        ("503", Misdeed::status(503, "down for maintenance")),
        ("html", Misdeed::Html),
        ("half", Misdeed::HalfABody),
        ("cut", Misdeed::CutOff),
        ("too long", Misdeed::TooLong),
        ("redirect", Misdeed::Redirect { to: "http://127.0.0.1:9/".into() }),
        ("slow", Misdeed::Slow(Duration::from_secs(4))),
        ("silent", Misdeed::Unanswered),
    ]
}

#[tokio::test]
async fn a_calendar_that_cannot_be_read_when_it_counts_leaves_the_booking_unverified() {
    for vendor in ALL {
        let case = Case::of(vendor).await;
        let limits = [("429", case.world.limits(None)), ("429 later", case.world.limits(Some(30)))];
        let times = ["09:00", "10:00", "11:00", "11:45", "13:30", "14:30", "15:30", "16:30", "17:30", "18:00", "18:15"];
        for ((what, misdeed), time) in unreadable().into_iter().chain(limits).zip(times) {
            // Offered from memory, and then it fails.
            let Ok(held) = case.rig.desk.hold(case.rig.desk.slot(at(time)), None).await else { continue };
            case.trap(case.world.reads(), 1, misdeed);
            let begun = tokio::time::Instant::now();
            let booked =
                case.rig.desk.confirm(held.id).await.unwrap_or_else(|error| panic!("{vendor} {what}: {error}"));
            assert!(begun.elapsed() < Duration::from_secs(4), "{vendor} {what}");
            assert!(booked.unverified, "{vendor} {what}");
            case.world.kit().clear_traps();
            case.rig.work().await;
            case.rig.an_hour_later().await;
            assert!(!case.state(&booked).await.unverified, "{vendor} {what}");
        }
        case.ends_well(vendor).await;
    }
}

#[tokio::test]
async fn whatever_goes_wrong_with_making_it_it_stands_once() {
    for vendor in ALL {
        for (n, (what, misdeed)) in [
            ("500", Misdeed::status(500, "{}")),
            ("html", Misdeed::Html),
            ("half", Misdeed::HalfABody),
            ("cut", Misdeed::CutOff),
            ("too long", Misdeed::TooLong),
        ]
        .into_iter()
        .enumerate()
        {
            let case = Case::of(vendor).await;
            case.trap(case.world.makes(), 1 + u32::try_from(n % 2).unwrap(), misdeed);
            let booked = case.books("10:00").await.unwrap_or_else(|error| panic!("{vendor} {what}: {error}"));
            case.ends_well(&format!("{vendor} {what}")).await;
            assert!(!case.state(&booked).await.unverified, "{vendor} {what}");
            assert_eq!(case.world.ours().len(), 1, "{vendor} {what}");
        }
        let case = Case::of(vendor).await;
        case.trap(case.world.makes(), 2, case.world.limits(Some(1)));
        if case.books("10:00").await.is_ok() {
            case.ends_well(&format!("{vendor} 429")).await;
        } else {
            assert!(case.world.is_scheduler(), "{vendor}: only they send callers to their page");
            case.ends_well(&format!("{vendor} 429")).await;
        }
    }
}

#[tokio::test]
async fn whatever_goes_wrong_with_moving_or_cancelling_what_stands_is_true() {
    for vendor in ALL {
        for (what, misdeed) in [
            ("500", Misdeed::status(500, "{}")),
            ("html", Misdeed::Html),
            ("cut", Misdeed::CutOff),
            ("half", Misdeed::HalfABody),
        ] {
            let case = Case::of(vendor).await;
            let booked = case.books("10:00").await.unwrap();
            let other = case.books("11:00").await.unwrap();
            case.rig.work().await;
            case.trap(case.world.changes(), 1, misdeed.clone());
            case.trap(case.world.removes(), 1, misdeed);
            case.moves(&booked, "16:00").await.unwrap_or_else(|error| panic!("{vendor} {what}: {error}"));
            case.rig.desk.cancel(other.id, Actor::Business).await.unwrap();
            case.ends_well(&format!("{vendor} {what}")).await;
            assert_eq!(case.world.ours(), [tuesday("16:00", "16:45")], "{vendor} {what}");
        }
    }
}

#[tokio::test]
async fn g1_a_token_that_is_not_accepted_is_nothing_to_notice() {
    for vendor in ALL {
        if matches!(vendor, "caldav" | "calcom") {
            continue; // What an owner has typed does not run out.
        }
        let case = Case::of(vendor).await;
        case.trap(case.world.reads(), 1, Misdeed::status(401, "{}"));
        let booked = case.books("10:00").await.unwrap();
        assert!(!booked.unverified, "{vendor}");
        assert!(case.is_active().await, "{vendor}");
        case.ends_well(vendor).await;
    }
}

#[tokio::test]
async fn g2_access_that_was_taken_back_is_as_no_calendar() {
    for vendor in ALL {
        let case = Case::of(vendor).await;
        case.world.revoke();
        let booked = case.books("10:00").await.unwrap_or_else(|error| panic!("{vendor}: {error}"));
        assert!(!booked.unverified, "{vendor}");
        assert!(!case.is_active().await, "{vendor}");
        assert!(!case.books("11:00").await.unwrap().unverified, "{vendor}");
        assert!(case.world.ours().is_empty(), "{vendor}");
    }
}

#[tokio::test]
async fn g4_what_may_not_be_asked_is_as_no_calendar_and_the_owner_is_told() {
    for vendor in ALL {
        let case = Case::of(vendor).await;
        case.trap(case.world.reads(), 100, case.world.forbids());
        let booked = case.books("10:00").await.unwrap_or_else(|error| panic!("{vendor}: {error}"));
        // Either it is plain that only the owner can help, or nobody knows.
        assert_eq!(booked.unverified, case.is_active().await, "{vendor}");
    }
}

#[tokio::test]
async fn g6_a_calendar_that_was_deleted_is_as_none() {
    for vendor in ALL {
        let case = Case::of(vendor).await;
        case.books("10:00").await.unwrap();
        case.rig.work().await;
        if !case.world.calendar_goes() {
            continue;
        }
        let booked = case.books("11:00").await.unwrap_or_else(|error| panic!("{vendor}: {error}"));
        assert_eq!(booked.unverified, case.is_active().await, "{vendor}");
        case.rig.an_hour_later().await;
    }
}

#[tokio::test]
async fn g15_an_event_that_its_owner_moved_or_deleted_is_not_fought_over() {
    for vendor in ALL {
        let case = Case::of(vendor).await;
        let booked = case.books("10:00").await.unwrap();
        case.rig.work().await;
        if !case.world.owner_moves(tuesday("17:00", "17:45")) {
            continue;
        }
        let moved = case.moves(&booked, "11:00").await.unwrap();
        case.rig.work().await;
        case.rig.an_hour_later().await;
        assert_eq!(case.world.ours(), [tuesday("17:00", "17:45")], "{vendor}: 412, and it is the owner's");
        assert!(case.world.owner_deletes(), "{vendor}");
        case.moves(&moved, "15:00").await.unwrap();
        case.ends_well(vendor).await;
    }
}

#[tokio::test]
async fn g12_whole_days_what_is_free_and_what_comes_again_are_read_as_they_are_meant() {
    let offered_at = async |case: &Case, time: Timestamp| {
        let mut find = case.rig.desk.on_tuesday();
        (find.from, find.to) = (time, time + SignedDuration::from_mins(1));
        !case.rig.desk.desk.find(find).await.unwrap().is_empty()
    };
    for vendor in ALL {
        let day = |n: i64| SignedDuration::from_hours(24 * n);
        let case = Case::of(vendor).await;
        if !case.world.odd(Odd::Free(tuesday("09:00", "12:00"))) {
            continue;
        }
        assert!(offered_at(&case, at("10:00")).await, "{vendor}: shown as free");
        let case = Case::of(vendor).await;
        assert!(case.world.odd(Odd::InBerlin { from: "2026-11-24T16:00:00", to: "2026-11-24T17:00:00" }));
        assert!(!offered_at(&case, at("10:15")).await, "{vendor}: four in Berlin is ten in New York");
        assert!(offered_at(&case, at("11:00")).await, "{vendor}");
        let case = Case::of(vendor).await;
        assert!(case.world.odd(Odd::AllDay("2026-11-25".parse().unwrap())));
        assert!(!offered_at(&case, at("14:00") + day(1)).await, "{vendor}: a whole day");
        assert!(offered_at(&case, at("14:00")).await, "{vendor}");
        let case = Case::of(vendor).await;
        if case.world.odd(Odd::Daily { first: tuesday("10:00", "11:00"), days: 3, but: 1 }) {
            assert!(!offered_at(&case, at("10:00")).await, "{vendor}: the first day");
            assert!(offered_at(&case, at("10:00") + day(1)).await, "{vendor}: not on the second");
            assert!(!offered_at(&case, at("10:00") + day(2)).await, "{vendor}: the third");
        }
    }
}

/// The spring after, in New York: 02:30 does not exist on 14 March; in autumn 01:30 comes twice.
#[tokio::test]
async fn busy_times_around_a_change_of_the_clocks_are_moments_and_not_wall_times() {
    for vendor in ["google_calendar", "microsoft365", "caldav"] {
        let case = Case::of(vendor).await;
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        case.rig.desk.clock.set(at("2027-03-10T12:00:00Z"));
        // Ten in New York on the Tuesday after: 14:00Z, no longer 15:00Z.
        case.world.busy(Interval { from: at("2027-03-16T14:00:00Z"), to: at("2027-03-16T15:00:00Z") });
        let mut find = case.rig.desk.on_tuesday();
        (find.from, find.to) = (at("2027-03-16T13:00:00Z"), at("2027-03-16T16:00:00Z"));
        let offered = case.rig.desk.desk.find(find).await.unwrap();
        let starts: Vec<_> = offered.iter().map(|slot| slot.starts).collect();
        assert!(
            starts.contains(&at("2027-03-16T13:15:00Z")) && starts.contains(&at("2027-03-16T15:00:00Z")),
            "{vendor}"
        );
        assert!(!starts.contains(&at("2027-03-16T14:00:00Z")), "{vendor}: {starts:?}");
    }
}
