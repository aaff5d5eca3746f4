//! A vendor that keeps its own bookings: its rules decide, a booking is made there first, and nothing is left behind.

use deskbell::ports::{
    clock::Clock as _,
    desk::{Actor, Desk as _, DeskError, Find},
};
use jiff::SignedDuration;

use super::{
    double::{Asked, Trap},
    rig::{DIARY, HALL, Rig, both, haircuts, tuesday, uses},
};
use crate::{
    desk::rig::tuesday as at,
    support::database::{Database, each_engine},
};

async fn open(store: deskbell::store::Store) -> Rig {
    let rig = Rig::with(store, |business| uses(business, &[HALL])).await;
    rig.connect(HALL, None, &haircuts(&rig.desk.business)).await;
    rig
}

#[tokio::test]
async fn its_rules_decide_what_is_offered_and_our_ledger_what_is_left_of_it() {
    each_engine(|store| async move {
        let rig = open(store).await;
        let starts = async || {
            let found = rig.desk.desk.find(rig.desk.on_tuesday()).await.unwrap();
            found.iter().map(|slot| slot.starts).collect::<Vec<_>>()
        };
        let hours = ["10:00", "11:00", "12:00", "13:00", "14:00", "15:00"];
        assert_eq!(starts().await, hours.map(at), "its own hours, the lunch break of ours included");
        rig.desk.book(at("12:00")).await;
        assert_eq!(starts().await.len(), 5);
        assert_eq!(rig.hall.ours().len(), 1, "it has the booking before we say so");
        assert!(matches!(rig.desk.hold(rig.desk.slot(at("10:30")), None).await, Err(DeskError::NotOffered)));
        // A service without a kind there is ours alone.
        let colour = &rig.desk.business.services[1];
        let find = Find { service: colour.id, staff: None, count: 1, ..rig.desk.on_tuesday() };
        assert_eq!(rig.desk.desk.find(find).await.unwrap()[0].starts, at("09:00"));
    })
    .await;
}

#[tokio::test]
async fn what_somebody_books_on_its_own_page_meanwhile_is_taken() {
    each_engine(|store| async move {
        let rig = open(store).await;
        let held = rig.desk.hold(rig.desk.slot(at("10:00")), None).await.unwrap();
        assert!(rig.hall.somebody_books(tuesday("10:00", "10:45")));
        assert!(matches!(rig.desk.confirm(held.id).await, Err(DeskError::Taken)));
        assert!(rig.hall.ours().is_empty());
    })
    .await;
}

#[tokio::test]
async fn g7_a_lost_answer_leaves_the_booking_unverified_until_it_is_found_there() {
    each_engine(|store| async move {
        let rig = open(store).await;
        for (trap, starts) in [(Trap::Lost, at("10:00")), (Trap::Vanished, at("14:00"))] {
            rig.hall.trap(Asked::Place, trap, 1);
            let booked = rig.desk.book(starts).await;
            assert!(booked.unverified);
            rig.an_hour_later().await;
            let now = rig.desk.store.booking(booked.business, booked.id).await.unwrap().unwrap();
            assert!(!now.unverified, "{trap:?}");
        }
        assert_eq!(rig.hall.ours().len(), 2);
        assert_eq!(rig.hall.count(Asked::Place), 3, "the one that had vanished was booked once more");
    })
    .await;
}

#[tokio::test]
async fn one_that_takes_its_time_to_book_is_waited_for_longer_than_for_a_question() {
    let database = Database::sqlite();
    let rig = open(database.store().await).await;
    rig.hall.trap(Asked::Place, Trap::Slow, 1);
    assert!(!rig.desk.book(at("10:00")).await.unverified);
    assert_eq!(rig.hall.ours().len(), 1);
}

#[tokio::test]
async fn a_booking_that_the_ledger_refuses_after_all_is_cancelled_there() {
    each_engine(|store| async move {
        let rig = open(store).await;
        let held = rig.desk.hold(rig.desk.slot(at("10:00")), None).await.unwrap();
        let provider = rig.desk.registry.for_all(&rig.desk.business).remove(0);
        let context = deskbell::ports::booking::BookingContext {
            business: rig.desk.business.clone(),
            slot: held.slot,
            booking: Some(held.clone()),
            replacing: None,
            now: rig.desk.clock.now(),
        };
        provider.create_booking(&context).await.unwrap();
        assert_eq!(rig.hall.ours().len(), 1);
        provider.after_booking(&context, held.id).await.unwrap();
        assert_eq!(rig.hall.ours().len(), 1, "the hold is still being confirmed");
        // The process dies here. The hold runs out.
        rig.an_hour_later().await;
        assert!(rig.hall.ours().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_move_is_a_move_where_it_can_and_else_the_old_one_goes_when_the_new_one_stands() {
    for moves in [true, false] {
        each_engine(|store| async move {
            let rig = open(store).await;
            rig.hall.can_move(moves);
            let booked = rig.desk.book(at("10:00")).await;
            let held = rig.desk.move_to(booked.id, rig.desk.slot(at("13:00")), None).await.unwrap();
            let moved = rig.desk.confirm(held.id).await.unwrap();
            assert!(!moved.unverified);
            rig.work().await;
            let ours = rig.hall.ours();
            assert_eq!((ours.len(), ours[0].when.from), (1, at("13:00")));
            assert_eq!(rig.hall.count(Asked::Place), if moves { 1 } else { 2 });
            rig.desk.cancel(moved.id, Actor::Business).await.unwrap();
            rig.work().await;
            assert!(rig.hall.ours().is_empty());
        })
        .await;
    }
}

#[tokio::test]
async fn a_move_that_does_not_come_about_is_moved_back() {
    each_engine(|store| async move {
        let rig = open(store).await;
        rig.hall.can_move(true);
        let booked = rig.desk.book(at("10:00")).await;
        let held = rig.desk.move_to(booked.id, rig.desk.slot(at("13:00")), None).await.unwrap();
        let provider = rig.desk.registry.for_all(&rig.desk.business).remove(0);
        let context = deskbell::ports::booking::BookingContext {
            business: rig.desk.business.clone(),
            slot: held.slot,
            booking: Some(held.clone()),
            replacing: Some(booked.id),
            now: rig.desk.clock.now(),
        };
        provider.create_booking(&context).await.unwrap();
        assert_eq!(rig.hall.ours()[0].when.from, at("13:00"));
        rig.an_hour_later().await;
        let ours = rig.hall.ours();
        assert_eq!((ours.len(), ours[0].when.from), (1, at("10:00")), "the booking that stands is where it was");
    })
    .await;
}

#[tokio::test]
async fn over_its_limit_callers_are_sent_its_page_and_the_owner_knew_before() {
    each_engine(|store| async move {
        let rig = open(store).await;
        for time in ["10:00", "11:00", "12:00", "13:00", "14:00"] {
            rig.desk.book(at(time)).await;
        }
        let open = deskbell::store::notes::NoteFilter { done: Some(false), ..Default::default() };
        let notes = rig.desk.store.listed_notes(rig.desk.business.id, &open, None, 10).await.unwrap();
        assert_eq!(notes.len(), 1, "told once");
        assert!(notes[0].text.contains("4 of the 5"), "{}", notes[0].text);
        let held = rig.desk.hold(rig.desk.slot(at("15:00")), None).await.unwrap();
        assert!(matches!(rig.desk.confirm(held.id).await, Err(DeskError::ByPage { texted: true })));
        let rows = rig.desk.store.outbox_of_booking(held.id).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert!(rows[0].body.ends_with("https://book.example.com/salon/cut"), "{}", rows[0].body);
        rig.work().await;
        assert_eq!(rig.sms.taken().len(), 6, "five confirmations and one page");
        assert_eq!(rig.hall.ours().len(), 5);
        // A day later it goes on.
        rig.desk.clock.advance(SignedDuration::from_hours(24));
        rig.desk.book(at("15:00") + SignedDuration::from_hours(24 * 2)).await;
    })
    .await;
}

#[tokio::test]
async fn a_caller_without_an_address_gets_one_of_ours_to_be_booked_with() {
    each_engine(|store| async move {
        let rig = open(store).await;
        rig.hall.insists_on_email();
        let booked = rig.desk.book(at("10:00")).await;
        let email = rig.hall.ours()[0].email.clone().unwrap();
        assert_eq!(email, format!("{}@guests.example.com", booked.id.0.simple()));
    })
    .await;
}

#[tokio::test]
async fn one_that_refuses_for_good_sends_callers_to_its_page() {
    each_engine(|store| async move {
        let rig = open(store).await;
        rig.hall.trap(Asked::Place, Trap::Refused, 1);
        let held = rig.desk.hold(rig.desk.slot(at("10:00")), None).await.unwrap();
        assert!(matches!(rig.desk.confirm(held.id).await, Err(DeskError::ByPage { texted: true })));
        rig.an_hour_later().await;
        assert!(rig.hall.ours().is_empty());
        assert_eq!(rig.hall.count(Asked::Place), 1);
    })
    .await;
}

#[tokio::test]
async fn a_time_that_is_taken_there_by_then_is_the_owners_to_settle() {
    each_engine(|store| async move {
        let rig = open(store).await;
        rig.hall.trap(Asked::Place, Trap::Vanished, 1);
        let booked = rig.desk.book(at("10:00")).await;
        assert!(rig.hall.somebody_books(tuesday("10:00", "10:45")));
        rig.an_hour_later().await;
        let colliding = rig.desk.store.colliding(booked.business, rig.desk.clock.now(), 10).await.unwrap();
        assert_eq!(colliding.iter().map(|booking| booking.id).collect::<Vec<_>>(), [booked.id]);
        assert!(rig.hall.ours().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_diary_beside_it_has_to_say_free_too() {
    each_engine(|store| async move {
        let rig = Rig::with(store, |business| uses(business, &[HALL, DIARY])).await;
        rig.connect(HALL, None, &haircuts(&rig.desk.business)).await;
        rig.connect(DIARY, None, &both("main")).await;
        rig.diary.owner_adds("main", tuesday("10:30", "11:30"));
        let found = rig.desk.desk.find(rig.desk.on_tuesday()).await.unwrap();
        assert_eq!(found[0].starts, at("12:00"));
        rig.desk.book(at("12:00")).await;
        rig.work().await;
        assert_eq!((rig.hall.ours().len(), rig.diary.ours().len()), (1, 1));
    })
    .await;
}
