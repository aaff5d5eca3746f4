//! What callers are offered beside a connected calendar, and what becomes of a booking when the calendar does not answer:
//! the design's table, row by row, with the calendars' own logic in between.

use deskbell::{
    domain::{
        booking::BookingState,
        business::{Business, WhenCalendarDown},
    },
    ports::{
        clock::Clock as _,
        desk::{Desk as _, DeskError},
    },
};
use jiff::{SignedDuration, Timestamp};

use super::{
    double::{Asked, Trap},
    rig::{DIARY, Rig, both, calendar, tuesday, uses},
};
use crate::{desk::rig::tuesday as at, support::database::each_engine};

async fn starts(rig: &Rig) -> Vec<Timestamp> {
    let found = rig.desk.desk.find(rig.desk.on_tuesday()).await.unwrap();
    found.iter().map(|slot| slot.starts).collect()
}

#[tokio::test]
async fn a_private_appointment_is_not_offered_and_not_booked() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        rig.diary.owner_adds("main", tuesday("15:00", "16:00"));
        let offered = starts(&rig).await;
        assert!(offered.contains(&at("14:15")) && offered.contains(&at("16:00")), "{offered:?}");
        assert!(!offered.iter().any(|start| *start > at("14:15") && *start < at("16:00")), "{offered:?}");
        let held = rig.desk.hold(rig.desk.slot(at("15:15")), None).await.unwrap();
        assert!(matches!(rig.desk.confirm(held.id).await, Err(DeskError::Taken)));
    })
    .await;
}

#[tokio::test]
async fn a_call_that_begins_has_the_calendar_read_ahead_and_what_follows_costs_nothing() {
    each_engine(|store| async move {
        let (rig, connection) = Rig::open(store).await;
        rig.desk.desk.expect(&rig.desk.business);
        rig.settle().await;
        assert_eq!(rig.diary.count(Asked::Busy), 1);
        for _ in 0..20 {
            starts(&rig).await;
        }
        assert_eq!(rig.diary.count(Asked::Busy), 1);
        // The one slot is asked about afresh.
        rig.diary.owner_adds("main", tuesday("14:00", "15:00"));
        assert!(starts(&rig).await.contains(&at("14:00")), "from memory");
        let held = rig.desk.hold(rig.desk.slot(at("14:00")), None).await.unwrap();
        assert!(matches!(rig.desk.confirm(held.id).await, Err(DeskError::Taken)));
        assert_eq!(rig.diary.count(Asked::Busy), 2);
        rig.disconnect(&connection).await;
        assert!(starts(&rig).await.contains(&at("14:00")));
        assert_eq!(rig.diary.count(Asked::Busy), 2);
    })
    .await;
}

#[tokio::test]
async fn a_calendar_that_cannot_be_read_costs_no_booking_and_is_asked_again_until_it_says() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        for (trap, time) in [(Trap::Down, "10:00"), (Trap::Limited, "11:00"), (Trap::Silent, "15:00")] {
            rig.diary.trap(Asked::Busy, trap, 1);
            // One that never answers is waited for as long as a caller can wait, and no longer: else this would never end.
            let booked = rig.desk.book(at(time)).await;
            assert!(booked.unverified && matches!(booked.state, BookingState::Confirmed { .. }), "{trap:?}");
            // On a machine that is busy enough an answer may come too late for once.
            let mut verified = false;
            for _ in 0..5 {
                rig.look_again().await;
                let now = rig.desk.store.booking(booked.business, booked.id).await.unwrap().unwrap();
                verified |= !now.unverified;
            }
            assert!(verified, "{trap:?}");
        }
        rig.work().await;
        assert_eq!(rig.diary.ours().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_collides_is_told_to_the_owner_and_is_theirs_to_settle() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        rig.diary.owner_adds("main", tuesday("14:00", "15:00"));
        rig.diary.trap(Asked::Busy, Trap::Down, 1);
        let booked = rig.desk.book(at("14:15")).await;
        assert!(booked.unverified);
        rig.an_hour_later().await;
        let now = rig.desk.clock.now();
        let colliding = rig.desk.store.colliding(booked.business, now, 10).await.unwrap();
        assert_eq!(colliding.iter().map(|booking| booking.id).collect::<Vec<_>>(), [booked.id]);
        assert!(rig.desk.store.unverified(booked.business, now, 10).await.unwrap().is_empty(), "it is not told twice");
        assert_eq!(rig.diary.ours().len(), 1, "and stands in their calendar beside it");
        let held = rig.desk.move_to(booked.id, rig.desk.slot(at("16:00")), None).await.unwrap();
        assert!(!rig.desk.confirm(held.id).await.unwrap().unverified);
        let now = rig.desk.clock.now();
        assert!(rig.desk.store.colliding(booked.business, now, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_promised_text_message_follows_when_the_calendar_has_said_so() {
    each_engine(|store| async move {
        let rig = Rig::with(store, |business: &mut Business| {
            uses(business, &[DIARY]);
            business.rules.when_calendar_down = WhenCalendarDown::ConfirmByText;
        })
        .await;
        rig.connect(DIARY, None, &both("main")).await;
        rig.diary.trap(Asked::Busy, Trap::Down, 1);
        let booked = rig.desk.book(at("14:00")).await;
        assert!(rig.desk.letters(booked.id).await.contains(&"requested".to_owned()));
        rig.look_again().await;
        assert!(rig.desk.letters(booked.id).await.contains(&"booked".to_owned()));
        rig.look_again().await;
        rig.work().await;
        assert_eq!(rig.sms.taken().len(), 2, "each once");
    })
    .await;
}

#[tokio::test]
async fn g2_access_that_was_taken_back_is_as_no_calendar_at_all() {
    each_engine(|store| async move {
        let (rig, connection) = Rig::open(store).await;
        rig.diary.trap(Asked::Busy, Trap::Revoked, 1);
        let booked = rig.desk.book(at("14:00")).await;
        assert!(!booked.unverified);
        assert_eq!(rig.desk.letters(booked.id).await, ["booked"]);
        let now = rig.desk.store.connection(connection.business, connection.id).await.unwrap().unwrap();
        assert!(!now.is_active());
        let asked = rig.diary.count(Asked::Busy);
        rig.desk.book(at("15:00")).await;
        assert_eq!(rig.diary.count(Asked::Busy), asked, "nobody asks it any more");
    })
    .await;
}

#[tokio::test]
async fn one_of_two_accounts_that_does_not_answer_makes_it_unverified_and_one_that_says_taken_takes_it() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let blocks = deskbell::domain::connection::Choice { blocks: vec![calendar("other")], ..Default::default() };
        rig.connect(DIARY, None, &blocks).await;
        rig.diary.trap(Asked::Busy, Trap::Down, 1);
        assert!(rig.desk.book(at("10:00")).await.unverified);
        rig.diary.owner_adds("other", tuesday("14:00", "15:00"));
        rig.diary.trap(Asked::Busy, Trap::Down, 1);
        let held = rig.desk.hold(rig.desk.slot(at("14:15")), None).await.unwrap();
        // The first account fails, the second says taken.
        assert!(matches!(rig.desk.confirm(held.id).await, Err(DeskError::Taken)));
    })
    .await;
}

#[tokio::test]
async fn the_kill_switch_asks_nobody_at_once() {
    each_engine(|store| async move {
        let rig = Rig::with(store, |business| {
            uses(business, &[DIARY]);
            business.ai_config.integrations.provider = "native".into();
        })
        .await;
        rig.connect(DIARY, None, &both("main")).await;
        rig.diary.owner_adds("main", tuesday("14:00", "15:00"));
        rig.desk.desk.expect(&rig.desk.business);
        assert!(starts(&rig).await.contains(&at("14:00")));
        let booked = rig.desk.book(at("14:00")).await;
        rig.work().await;
        assert!(!booked.unverified);
        assert_eq!((rig.diary.count(Asked::Busy), rig.diary.count(Asked::Place)), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_service_may_go_to_another_calendar_or_to_none() {
    each_engine(|store| async move {
        let rig = Rig::with(store, |business| {
            uses(business, &[DIARY]);
            let cut = business.services[0].id;
            business.ai_config.integrations.services.insert(cut, "native".into());
        })
        .await;
        rig.connect(DIARY, None, &both("main")).await;
        rig.diary.owner_adds("main", tuesday("00:00", "23:59"));
        assert!(starts(&rig).await.contains(&at("14:00")), "haircuts are nobody else's business");
        let colour = deskbell::ports::desk::Find {
            service: rig.desk.business.services[1].id,
            staff: None,
            ..rig.desk.on_tuesday()
        };
        assert!(rig.desk.desk.find(colour).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn far_ahead_is_read_when_somebody_asks_for_it() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let day = SignedDuration::from_hours(24 * 42);
        let mut find = rig.desk.on_tuesday();
        (find.from, find.to) = (find.from + day, find.to + day);
        let busy = tuesday("00:00", "23:59");
        rig.diary.owner_adds("main", deskbell::ports::calendar::Interval { from: busy.from + day, to: busy.to + day });
        assert!(rig.desk.desk.find(find).await.unwrap().is_empty());
    })
    .await;
}
