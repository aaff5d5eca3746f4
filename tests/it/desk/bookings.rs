//! Find, hold, confirm, move, cancel, one caller at a time.

use std::sync::Arc;

use deskbell::{
    domain::{
        booking::{BookingState, Slot},
        slots::offer::Wish,
    },
    ports::{
        clock::Clock,
        desk::{Actor, Desk, DeskError, Find, Note},
    },
    store::{Store, outbox::Kind},
};
use jiff::SignedDuration;

use super::rig::{Rig, anna, customer, ts, tuesday};
use crate::support::database::each_engine;

#[tokio::test]
async fn a_caller_hears_of_free_times_holds_one_and_is_booked() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let offers = rig.desk.find(Find { count: 3, ..rig.on_tuesday() }).await.unwrap();
        assert_eq!(offers[0].starts, tuesday("09:00"));
        let call = rig.call().await;
        let held = rig.hold(offers[1], Some(call)).await.unwrap();
        let expires = rig.clock.now() + SignedDuration::from_mins(3);
        assert_eq!(held.state, BookingState::Held { expires });
        assert!(rig.letters(held.id).await.is_empty(), "nothing is promised yet");

        let booked = rig.confirm(held.id).await.unwrap();
        assert_eq!(booked.id, held.id);
        assert!(matches!(booked.state, BookingState::Confirmed { .. }) && !booked.unverified);
        let rows = rig.store.outbox_of_booking(booked.id).await.unwrap();
        let [row] = rows.as_slice() else { panic!("one text: {rows:?}") };
        assert_eq!((row.kind, row.template.as_str(), row.recipient.as_str()), (Kind::Sms, "booked", "+12125550123"));
        assert!(row.body.starts_with("Anna, you're booked at Willow and Sage Salon: Haircut with "), "{}", row.body);
        assert_eq!(row.dedupe_key, format!("{}/booked/{}", booked.id, booked.version));
        let upcoming = rig.desk.upcoming(&rig.business, &anna().phone.unwrap()).await.unwrap();
        assert_eq!(upcoming.len(), 1);
        let free = rig.desk.find(Find { count: 500, ..rig.on_tuesday() }).await.unwrap();
        assert!(!free.iter().any(|slot| slot.starts == offers[1].starts), "it is not offered any more");
    })
    .await;
}

#[tokio::test]
async fn asking_twice_is_asking_once() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let call = rig.call().await;
        let asking = rig.asking(rig.slot(tuesday("10:00")), Some(call));
        let held = rig.desk.hold(asking.clone()).await.unwrap();
        assert_eq!(rig.desk.hold(asking.clone()).await.unwrap().id, held.id);
        let booked = rig.confirm(held.id).await.unwrap();
        assert_eq!(rig.confirm(held.id).await.unwrap(), booked);
        assert_eq!(rig.desk.hold(asking).await.unwrap().id, booked.id, "a late repeat finds the booking");
        assert_eq!(rig.letters(booked.id).await, ["booked"]);
        rig.clock.advance(SignedDuration::from_mins(1));
        let cancelled = rig.cancel(booked.id, Actor::Customer).await.unwrap();
        assert_eq!(rig.cancel(booked.id, Actor::Customer).await.unwrap(), cancelled);
        assert_eq!(rig.letters(booked.id).await, ["booked", "cancelled"]);
        assert!(matches!(rig.confirm(booked.id).await, Err(DeskError::Gone)));
    })
    .await;
}

#[tokio::test]
async fn a_caller_may_come_back_to_a_slot_they_let_go() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let call = rig.call().await;
        let asking = rig.asking(rig.slot(tuesday("10:00")), Some(call));
        let first = rig.desk.hold(asking.clone()).await.unwrap();
        rig.desk.release(&rig.business, first.id).await.unwrap();
        rig.desk.release(&rig.business, first.id).await.unwrap();
        let second = rig.desk.hold(asking.clone()).await.unwrap();
        assert_ne!(first.id, second.id);
        assert_eq!(rig.desk.hold(asking.clone()).await.unwrap().id, second.id, "and that is one hold again");
        rig.clock.advance(SignedDuration::from_mins(4));
        let third = rig.desk.hold(asking).await.unwrap();
        assert_ne!(second.id, third.id, "it had run out");
        rig.confirm(third.id).await.unwrap();
        assert!(rig.confirm(first.id).await.is_err() && rig.confirm(second.id).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn h15_a_clock_that_jumps_by_an_hour_during_a_hold_loses_nothing() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        for (slot, jump) in [(tuesday("10:00"), 1), (tuesday("14:00"), -1)] {
            let hold = rig.hold(rig.slot(slot), None).await.unwrap();
            rig.clock.advance(SignedDuration::from_hours(jump));
            rig.confirm(hold.id).await.unwrap();
            assert!(matches!(state(&rig, &hold).await, BookingState::Confirmed { .. }));
        }
    })
    .await;
}

#[tokio::test]
async fn a_hold_that_ran_out_is_confirmed_if_nobody_took_the_time() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let slow = rig.hold(rig.slot(tuesday("10:00")), None).await.unwrap();
        let slower = rig.hold(rig.slot(tuesday("14:00")), None).await.unwrap();
        rig.clock.advance(SignedDuration::from_mins(5));
        rig.confirm(slow.id).await.unwrap();
        rig.book(tuesday("14:15")).await;
        assert!(matches!(rig.confirm(slower.id).await, Err(DeskError::Taken)));
    })
    .await;
}

#[tokio::test]
async fn h14_what_is_not_on_offer_cannot_be_held() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let refused = async |starts: &str| {
            let held = rig.hold(rig.slot(ts(starts)), None).await;
            assert!(matches!(held, Err(DeskError::NotOffered)), "{starts}: {held:?}");
        };
        refused("2026-11-24T12:00-05").await; // runs into lunch
        refused("2026-11-24T10:07-05").await; // off the grid
        refused("2026-11-22T10:00-05").await; // Sunday, and past
        refused("2026-12-25T10:00-05").await; // Christmas
        refused("2027-06-01T10:00-04").await; // beyond the horizon
        let at_the_ends_of_time =
            [jiff::Timestamp::MIN, jiff::Timestamp::MAX].map(|starts| Slot { starts, ..rig.slot(tuesday("10:00")) });
        for slot in at_the_ends_of_time {
            assert!(matches!(rig.hold(slot, None).await, Err(DeskError::NotOffered)));
        }
        rig.clock.set(ts("2026-11-24T09:45-05"));
        refused("2026-11-24T10:00-05").await; // too short notice
        let james_does_not_color = Slot {
            service: rig.business.services[1].id,
            staff: rig.business.staff[1].id,
            ..rig.slot(tuesday("14:00"))
        };
        assert!(matches!(rig.hold(james_does_not_color, None).await, Err(DeskError::NotOffered)));
        let shorter = Slot { ends: tuesday("14:10"), ..rig.slot(tuesday("14:00")) };
        assert!(matches!(rig.hold(shorter, None).await, Err(DeskError::NotOffered)));
    })
    .await;
}

#[tokio::test]
async fn a_move_keeps_exactly_one_even_onto_its_own_time() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let call = rig.call().await;
        let old = rig.book(tuesday("10:00")).await;
        let slot = rig.slot(tuesday("10:15"));
        let find = Find { replacing: Some(old.id), ..rig.on_tuesday() };
        assert!(rig.desk.find(find).await.unwrap().contains(&slot), "its own time counts as free");
        let held = rig.move_to(old.id, slot, Some(call)).await.unwrap();
        assert!(matches!(state(&rig, &old).await, BookingState::Confirmed { .. }), "until the yes, the old one stands");
        let new = rig.confirm(held.id).await.unwrap();
        assert_eq!(state(&rig, &old).await, BookingState::Moved { to: new.id });
        assert_eq!(rig.letters(new.id).await, ["moved"]);
        assert_eq!(rig.desk.upcoming(&rig.business, &anna().phone.unwrap()).await.unwrap(), std::slice::from_ref(&new));

        let again = rig.move_to(old.id, slot, Some(call)).await.unwrap();
        assert_eq!(again.id, new.id, "the same move again is the same booking");
        let elsewhere = rig.move_to(old.id, rig.slot(tuesday("16:00")), Some(call)).await;
        assert!(matches!(elsewhere, Err(DeskError::Gone)), "what was moved cannot be moved again");
        rig.book(tuesday("09:15")).await;
    })
    .await;
}

#[tokio::test]
async fn of_two_moves_of_one_booking_one_is_made() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let old = rig.book(tuesday("10:00")).await;
        let first = rig.move_to(old.id, rig.slot(tuesday("14:00")), Some(rig.call().await)).await.unwrap();
        let second = rig.move_to(old.id, rig.slot(tuesday("16:00")), Some(rig.call().await)).await.unwrap();
        let (one, other) = tokio::join!(rig.confirm(first.id), rig.confirm(second.id));
        assert_eq!([one.is_ok(), other.is_ok()].into_iter().filter(|ok| *ok).count(), 1);
        assert_eq!(rig.desk.upcoming(&rig.business, &anna().phone.unwrap()).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn close_to_the_appointment_only_the_business_changes_it() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let booked = rig.book(tuesday("10:00")).await;
        let call = rig.call().await;
        rig.clock.set(tuesday("08:01"));
        let late = rig.cancel(booked.id, Actor::Customer).await;
        assert!(matches!(late, Err(DeskError::TooLate)), "two hours before is the cut-off");
        let moved = rig.move_to(booked.id, rig.slot(tuesday("16:00")), Some(call)).await;
        assert!(matches!(moved, Err(DeskError::TooLate)));
        rig.cancel(booked.id, Actor::Business).await.unwrap();
        assert!(matches!(rig.cancel(booked.id, Actor::Customer).await.unwrap().state, BookingState::Cancelled { .. }));
    })
    .await;
}

#[tokio::test]
async fn another_businesss_bookings_do_not_exist() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let booked = rig.book(tuesday("10:00")).await;
        let mut other = (*rig.business).clone();
        other.id = "00000000-0000-7000-8000-00000000ffff".parse().unwrap();
        other.numbers.clear();
        let mut stranger = Rig::with(rig.store.clone(), other, Vec::new()).await;
        stranger.clock = rig.clock.clone();
        assert!(matches!(stranger.cancel(booked.id, Actor::Business).await, Err(DeskError::Gone)));
        assert!(matches!(stranger.confirm(booked.id).await, Err(DeskError::Gone)));
        let moved = stranger.move_to(booked.id, stranger.slot(tuesday("16:00")), None).await;
        assert!(matches!(moved, Err(DeskError::Gone)));
        assert!(stranger.desk.upcoming(&stranger.business, &anna().phone.unwrap()).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn i5_numbers_that_cost_whoever_texts_them_get_no_text() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let held = rig.hold(rig.slot(tuesday("10:00")), None).await.unwrap();
        let booked = rig.confirm_for(held.id, customer("Anna", "+19005551234")).await.unwrap();
        assert!(rig.letters(booked.id).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn without_a_wish_the_least_busy_member_of_staff_is_offered() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        rig.book(tuesday("10:00")).await; // with Maria
        let anyone = Find { staff: None, count: 1, wish: Wish::Near(tuesday("14:00")), ..rig.on_tuesday() };
        let offers = rig.desk.find(anyone).await.unwrap();
        assert_eq!(offers.len(), 1);
        assert_eq!(offers[0].staff, rig.business.staff[1].id, "James has had nothing to do");
    })
    .await;
}

#[tokio::test]
async fn h5_a_search_without_bounds_is_answered_within_the_horizon() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let ever = Find { from: jiff::Timestamp::MIN, to: jiff::Timestamp::MAX, count: usize::MAX, ..rig.on_tuesday() };
        let all = rig.desk.find(ever).await.unwrap();
        assert_eq!(all.len(), 500);
        let never = Find { from: ts("9998-01-01T00:00Z"), to: jiff::Timestamp::MAX, ..rig.on_tuesday() };
        assert!(rig.desk.find(never).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_message_is_kept_for_the_business() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let call = rig.call().await;
        let note = Note {
            business: Arc::clone(&rig.business),
            call: Some(call),
            from: anna().phone,
            name: Some("Anna\r\nBcc: x".into()),
            text: format!("<b>Please</b> call me back. {}", "x".repeat(9000)),
        };
        let id = rig.desk.take_note(note).await.unwrap();
        let notes = rig.store.notes_of_call(call).await.unwrap();
        assert_eq!((notes.len(), notes[0].id), (1, id));
        assert_eq!(notes[0].name.as_deref(), Some("Anna Bcc: x"));
        assert_eq!(notes[0].text.chars().count(), 500);
    })
    .await;
}

#[tokio::test]
async fn m1_without_a_database_nothing_is_promised() {
    let store = Store::open("postgres://nobody:nothing@127.0.0.1:1/none").await.unwrap();
    let rig = Rig::unopened(store);
    assert!(matches!(rig.desk.find(rig.on_tuesday()).await, Err(DeskError::Unavailable(_))));
    assert!(matches!(rig.hold(rig.slot(tuesday("10:00")), None).await, Err(DeskError::Unavailable(_))));
    let hold = deskbell::domain::ids::BookingId(rig.clock.new_id());
    assert!(matches!(rig.confirm(hold).await, Err(DeskError::Unavailable(_))));
}

async fn state(rig: &Rig, booking: &deskbell::domain::booking::Booking) -> BookingState {
    rig.store.booking(rig.business.id, booking.id).await.unwrap().unwrap().state
}
