//! What is booked while an account cannot be written to: it comes to stand there when it can be again, once.

use std::{sync::Arc, time::Duration};

use deskbell::{
    calendars::opener::With,
    domain::{
        booking::Booking,
        business::Business,
        connection::{Choice, Connection, Why},
        secret::Secret,
    },
    ports::{
        clock::Clock as _,
        desk::{Actor, Confirm, Desk as _, Hold},
    },
    store::{
        Store,
        outbox::{Kind, OutboxState},
        today::LostEvent,
    },
};
use jiff::{SignedDuration, Timestamp};

use super::{
    double::Asked,
    rig::{DIARY, HALL, Rig, SECOND, both, calendar, haircuts, tuesday, uses},
};
use crate::{
    desk::rig::{anna, tuesday as at},
    support::{database::each_engine, server::eventually},
};

/// A minute goes by, in which everybody works.
async fn a_minute_later(rig: &Rig) {
    for _ in 0..6 {
        rig.desk.clock.advance(SignedDuration::from_secs(10));
        rig.work().await;
    }
    rig.keep_in_order().await;
}

async fn lost(rig: &Rig) -> Vec<LostEvent> {
    rig.desk.store.lost_events(rig.desk.business.id, rig.desk.clock.now(), 10).await.unwrap()
}

/// Under other settings than the rig's.
async fn book_as(rig: &Rig, business: &Arc<Business>, starts: Timestamp) -> Booking {
    let slot = rig.desk.slot(starts);
    let hold = Hold { business: Arc::clone(business), ..rig.desk.asking(slot, None) };
    let held = rig.desk.desk.hold(hold).await.unwrap();
    let business = Arc::clone(business);
    let confirm =
        Confirm { business, hold: held.id, customer: anna(), by: Actor::Business, tell: true, language: None };
    rig.desk.desk.confirm(confirm).await.unwrap()
}

fn starts(rig: &Rig) -> Vec<Timestamp> {
    rig.diary.ours().iter().map(|page| page.when.from).collect()
}

#[tokio::test]
async fn what_was_booked_while_it_had_to_be_connected_again_gets_its_event_afterwards_once() {
    each_engine(|store| async move {
        let (rig, connection) = Rig::open(store).await;
        let before = rig.desk.book(at("10:00")).await;
        rig.work().await;
        rig.revoked(&connection, Why::Revoked).await;
        rig.desk.book(at("11:00")).await;
        let cancelled = rig.desk.book(at("14:00")).await;
        rig.desk.cancel(cancelled.id, Actor::Business).await.unwrap();
        rig.desk.cancel(before.id, Actor::Business).await.unwrap();
        rig.an_hour_later().await;
        assert_eq!(starts(&rig), [at("10:00")], "nobody is let in");

        rig.renew(&connection).await;
        a_minute_later(&rig).await;
        assert_eq!(starts(&rig), [at("11:00")]);
        assert_eq!(rig.diary.count(Asked::Place), 2);
        // Again and again changes nothing.
        rig.renew(&connection).await;
        rig.choose(&connection, &both("main")).await;
        a_minute_later(&rig).await;
        assert_eq!((starts(&rig), rig.diary.count(Asked::Place)), (vec![at("11:00")], 2));
        assert!(lost(&rig).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn appointments_that_were_there_before_the_first_connection_come_to_stand_and_what_they_collide_with_is_told() {
    each_engine(|store| async move {
        let rig = Rig::with(store, |business| uses(business, &[DIARY])).await;
        let mut booked = Vec::new();
        for time in ["10:00", "11:00", "14:00", "15:00"] {
            booked.push(rig.desk.book(at(time)).await);
        }
        rig.diary.owner_adds("main", tuesday("14:15", "14:30"));
        rig.connect(DIARY, None, &both("main")).await;
        rig.work().await;
        assert_eq!(starts(&rig), [at("10:00")], "one after the other, the soonest first");
        a_minute_later(&rig).await;
        assert_eq!(starts(&rig), ["10:00", "11:00", "14:00", "15:00"].map(at));
        let colliding = rig.desk.store.colliding(rig.desk.business.id, rig.desk.clock.now(), 10).await.unwrap();
        assert_eq!(colliding.iter().map(|booking| booking.id).collect::<Vec<_>>(), [booked[2].id]);
        rig.an_hour_later().await;
        assert_eq!((rig.diary.count(Asked::Place), rig.sms.taken().len()), (4, 4), "customers hear nothing of it");
    })
    .await;
}

#[tokio::test]
async fn choosing_where_appointments_go_is_when_they_go_there() {
    each_engine(|store| async move {
        let rig = Rig::with(store, |business| uses(business, &[DIARY])).await;
        let blocks = Choice { receives: None, ..both("main") };
        let connection = rig.connect(DIARY, None, &blocks).await;
        rig.desk.book(at("10:00")).await;
        a_minute_later(&rig).await;
        assert!(starts(&rig).is_empty() && lost(&rig).await.is_empty(), "that is how the owner wants it");
        rig.choose(&connection, &both("main")).await;
        a_minute_later(&rig).await;
        assert_eq!(starts(&rig), [at("10:00")]);
    })
    .await;
}

#[tokio::test]
async fn another_receiving_calendar_gets_what_is_new_and_what_is_moved() {
    each_engine(|store| async move {
        let (rig, connection) = Rig::open(store).await;
        rig.desk.book(at("10:00")).await;
        let moves = rig.desk.book(at("11:00")).await;
        rig.work().await;
        rig.choose(&connection, &Choice { receives: Some(calendar("work")), ..both("main") }).await;
        a_minute_later(&rig).await;
        let wheres = || -> Vec<_> {
            rig.diary.ours().iter().map(|page| (page.when.from, page.calendar.as_str().to_owned())).collect()
        };
        let main = |time: &str| (at(time), "main".to_owned());
        let work = |time: &str| (at(time), "work".to_owned());
        assert_eq!(wheres(), [main("10:00"), main("11:00")], "they stay where they are");
        rig.desk.book(at("14:00")).await;
        let held = rig.desk.move_to(moves.id, rig.desk.slot(at("15:00")), None).await.unwrap();
        rig.desk.confirm(held.id).await.unwrap();
        rig.work().await;
        assert_eq!(wheres(), [main("10:00"), work("14:00"), work("15:00")]);
    })
    .await;
}

#[tokio::test]
async fn what_stood_in_a_calendar_that_is_gone_comes_to_stand_in_the_one_that_is_chosen_instead() {
    each_engine(|store| async move {
        let (rig, connection) = Rig::open(store).await;
        rig.desk.book(at("10:00")).await;
        rig.work().await;
        rig.diary.owner_deletes_calendar("main");
        rig.revoked(&connection, Why::CalendarGone).await;
        rig.desk.book(at("11:00")).await;
        rig.choose(&connection, &both("other")).await;
        a_minute_later(&rig).await;
        let ours = rig.diary.ours();
        assert_eq!(starts(&rig), ["10:00", "11:00"].map(at));
        assert!(ours.iter().all(|page| page.calendar == calendar("other")));
    })
    .await;
}

#[tokio::test]
async fn the_kill_switch_and_back_leaves_no_booking_without_its_event() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let early = rig.desk.book(at("10:00")).await;
        rig.work().await;
        let off = rig.set(|business| business.ai_config.integrations.provider = "native".into()).await;
        book_as(&rig, &off, at("11:00")).await;
        let held = Hold {
            business: Arc::clone(&off),
            replacing: Some(early.id),
            ..rig.desk.asking(rig.desk.slot(at("16:00")), None)
        };
        let held = rig.desk.desk.hold(held).await.unwrap();
        let confirm = Confirm {
            business: Arc::clone(&off),
            hold: held.id,
            customer: anna(),
            by: Actor::Business,
            tell: true,
            language: None,
        };
        rig.desk.desk.confirm(confirm).await.unwrap();
        rig.an_hour_later().await;
        assert_eq!(starts(&rig), [at("10:00")]);
        rig.set(|business| business.ai_config.integrations.provider = DIARY.into()).await;
        a_minute_later(&rig).await;
        assert_eq!(starts(&rig), ["11:00", "16:00"].map(at));
        assert_eq!(rig.diary.count(Asked::Place), 2, "the one that was moved is moved");

        // The provider alone, off and on.
        let off =
            rig.set(|business| business.ai_config.integrations.providers.get_mut(DIARY).unwrap().enabled = false).await;
        book_as(&rig, &off, at("14:00")).await;
        rig.an_hour_later().await;
        assert_eq!(starts(&rig).len(), 2);
        rig.set(|business| business.ai_config.integrations.providers.get_mut(DIARY).unwrap().enabled = true).await;
        a_minute_later(&rig).await;
        assert_eq!(starts(&rig), ["11:00", "14:00", "16:00"].map(at));
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_disconnected_and_connected_anew_is_brought_to_what_is_booked() {
    each_engine(|store| async move {
        let (rig, connection) = Rig::open(store).await;
        let kept = rig.desk.book(at("09:00")).await;
        let moved = rig.desk.book(at("10:00")).await;
        let cancelled = rig.desk.book(at("11:00")).await;
        let deleted = rig.desk.book(at("17:00")).await;
        let dragged = rig.desk.book(at("14:00")).await;
        rig.work().await;
        rig.disconnect(&connection).await;
        let held = rig.desk.move_to(moved.id, rig.desk.slot(at("16:00")), None).await.unwrap();
        rig.desk.confirm(held.id).await.unwrap();
        rig.desk.cancel(cancelled.id, Actor::Business).await.unwrap();
        let id = rig.placements(deleted.id).await[0].placed.clone().unwrap().id;
        rig.diary.owner_deletes(&id);
        rig.diary.owner_edits(dragged.id, |page| page.when = tuesday("18:00", "18:45"));
        rig.diary.owner_edits(kept.id, |page| page.title = "Anna, bring the red".into());
        rig.desk.book(at("15:00")).await;
        rig.an_hour_later().await;

        // What is new is to go elsewhere.
        let account = connection.account.clone();
        let choice = Choice { receives: Some(calendar("work")), ..both("main") };
        rig.connect_as(DIARY, None, &choice, account, With::Key(Secret::new("key"))).await;
        a_minute_later(&rig).await;
        assert_eq!(starts(&rig), ["09:00", "14:00", "15:00", "16:00", "17:00"].map(at));
        let elsewhere = rig.diary.ours().into_iter().filter(|page| page.calendar == calendar("work"));
        assert_eq!(
            elsewhere.map(|page| page.when.from).collect::<Vec<_>>(),
            ["15:00", "16:00"].map(at),
            "what is new, and what its customer has moved"
        );
        assert_eq!(rig.diary.ours()[0].title, "Anna, bring the red");
        assert_eq!(rig.diary.count(Asked::Place), 5 + 2 + 2, "those two, and one whose id was burnt");
        assert!(lost(&rig).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_vendor_that_keeps_its_own_bookings_is_not_made_to_book_afterwards_and_the_owner_sees_why() {
    each_engine(|store| async move {
        let rig = Rig::with(store, |business| uses(business, &[HALL, DIARY])).await;
        let booked = rig.desk.book(at("10:00")).await;
        let connection = rig.connect(HALL, None, &haircuts(&rig.desk.business)).await;
        a_minute_later(&rig).await;
        let told = lost(&rig).await;
        assert_eq!(told.iter().map(|event| event.booking).collect::<Vec<_>>(), [booked.id]);
        assert!(told[0].problem.as_deref().unwrap().contains("by hand"));
        // A calendar beside it has no such scruples, and does not talk the other into it.
        rig.connect(DIARY, None, &both("main")).await;
        a_minute_later(&rig).await;
        rig.an_hour_later().await;
        assert_eq!((starts(&rig), rig.hall.count(Asked::Place)), (vec![at("10:00")], 0));
        assert_eq!(lost(&rig).await.len(), 1, "that it stands in one is not to say that it stands in the other");
        // What is booked from now on is booked there, and goes along when it is moved.
        rig.revoked(&connection, Why::Revoked).await;
        rig.renew(&connection).await;
        rig.desk.book(at("14:00")).await;
        let held = rig.desk.move_to(booked.id, rig.desk.slot(at("15:00")), None).await.unwrap();
        rig.desk.confirm(held.id).await.unwrap();
        rig.an_hour_later().await;
        assert_eq!(rig.hall.ours().iter().map(|seat| seat.when.from).collect::<Vec<_>>(), ["14:00", "15:00"].map(at));
        assert!(lost(&rig).await.is_empty(), "it stands there by now");
    })
    .await;
}

#[tokio::test]
async fn an_event_that_is_yet_to_be_tried_goes_to_a_new_calendar_by_itself_and_to_no_vendor_that_was_not_asked() {
    each_engine(|store| async move {
        let rig = Rig::with(store, |business| uses(business, &[HALL, DIARY, SECOND])).await;
        rig.connect(DIARY, None, &both("main")).await;
        let booked = rig.desk.book(at("10:00")).await;
        // Nobody has come to write it by now.
        rig.connect(SECOND, None, &both("main")).await;
        rig.connect(HALL, None, &haircuts(&rig.desk.business)).await;
        a_minute_later(&rig).await;
        let rows = rig.desk.store.outbox_of_booking(booked.id).await.unwrap();
        let templates: Vec<_> =
            rows.iter().filter(|row| row.kind == Kind::Calendar).map(|row| &*row.template).collect();
        assert_eq!((templates.as_slice(), rig.second.ours().len()), (["event", "by_hand"].as_slice(), 1));
        assert_eq!((starts(&rig), rig.hall.count(Asked::Place)), (vec![at("10:00")], 0));
        assert_eq!(lost(&rig).await.len(), 1, "the one that was not asked is its owner's to see");
    })
    .await;
}

#[tokio::test]
async fn what_a_vendor_beside_a_calendar_was_not_asked_to_book_is_booked_when_its_owner_says_so() {
    each_engine(|store| async move {
        let rig = Rig::with(store, |business| uses(business, &[HALL, DIARY])).await;
        let booked = rig.desk.book(at("10:00")).await;
        rig.connect(HALL, None, &haircuts(&rig.desk.business)).await;
        rig.connect(DIARY, None, &both("main")).await;
        rig.an_hour_later().await;
        assert!(rig.desk.desk.place_again(&rig.desk.business, booked.id).await.unwrap());
        rig.an_hour_later().await;
        assert_eq!((rig.hall.ours().len(), starts(&rig)), (1, vec![at("10:00")]));
        assert!(lost(&rig).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_a_business_does_not_use_misses_nothing() {
    each_engine(|store| async move {
        let rig = Rig::with(store, |business| uses(business, &[DIARY])).await;
        let booked = rig.desk.book(at("10:00")).await;
        rig.connect(HALL, None, &haircuts(&rig.desk.business)).await;
        rig.set(|business| business.ai_config.integrations.providers.get_mut(DIARY).unwrap().create_events = false)
            .await;
        rig.connect(DIARY, None, &both("main")).await;
        a_minute_later(&rig).await;
        let rows = rig.desk.store.outbox_of_booking(booked.id).await.unwrap();
        assert!(rows.iter().all(|row| row.template != "catch_up"));
        assert!(starts(&rig).is_empty() && lost(&rig).await.is_empty());
    })
    .await;
}

/// The salon with sixty appointments, more than are gone through at once: four on each Tuesday.
async fn booked_up(store: Store) -> Rig {
    let rig = Rig::with(store, |business| {
        uses(business, &[DIARY]);
        business.rules.horizon_days = 365;
    })
    .await;
    for week in 0..15 {
        for time in ["10:00", "11:00", "14:00", "15:00"] {
            rig.desk.book(at(time) + SignedDuration::from_hours(24 * 7 * week)).await;
        }
    }
    rig.work().await;
    rig
}

async fn waiting(rig: &Rig) -> i64 {
    rig.desk.store.outbox_waiting().await.unwrap()
}

/// Each of the sixty gets an event, once. What a busy database refuses is tried again, later and later.
async fn all_get_there(rig: &Rig, connection: &Connection) {
    let (store, minutes) = (&rig.desk.store, 0..100);
    for _ in minutes {
        let behind = store.is_catching_up(connection.id).await.unwrap();
        if !behind && waiting(rig).await == 0 && rig.diary.ours().len() >= 60 {
            break;
        }
        a_minute_later(rig).await;
    }
    let mut at = starts(rig);
    at.dedup();
    assert_eq!((at.len(), rig.diary.ours().len(), waiting(rig).await), (60, 60, 0));
    assert!(!store.is_catching_up(connection.id).await.unwrap(), "there is nothing left");
}

#[tokio::test]
async fn an_owner_with_many_appointments_does_not_wait_for_them_and_each_gets_one_event() {
    each_engine(|store| async move {
        let rig = booked_up(store).await;
        let before = waiting(&rig).await;
        let connection = rig.connect(DIARY, None, &both("main")).await;
        assert_eq!(waiting(&rig).await, before, "saving writes down that there is something to catch up with");
        // Whoever goes on with it dies, at one place and another.
        for micros in [0, 50, 200, 500, 1_000, 2_000] {
            let page = rig.desk.store.catch_up_more(rig.desk.clock.now());
            let _ = tokio::time::timeout(Duration::from_micros(micros), page).await;
            rig.desk.clock.advance(SignedDuration::from_secs(61));
        }
        a_minute_later(&rig).await;
        // Saved once more, however far it has come, which begins anew. Whoever died may hold its row for a moment.
        let store = &rig.desk.store;
        let now = store.connection(connection.business, connection.id).await.unwrap().unwrap();
        let (which, choice, deed) = ((now.business, now.id, now.version), both("main"), rig.deed());
        eventually("it is saved", async || store.choose(which, &choice, None, &deed).await.is_ok()).await;
        all_get_there(&rig, &connection).await;
        assert!(lost(&rig).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn disconnecting_in_the_middle_of_catching_up_ends_it_and_connecting_again_makes_up_for_the_rest() {
    each_engine(|store| async move {
        let rig = booked_up(store).await;
        let connection = rig.connect(DIARY, None, &both("main")).await;
        a_minute_later(&rig).await;
        rig.disconnect(&connection).await;
        let there = rig.diary.ours().len();
        assert!((1..60).contains(&there), "one after the other: {there}");
        for _ in 0..4 {
            a_minute_later(&rig).await;
        }
        assert_eq!(rig.diary.ours().len(), there);
        let account = connection.account.clone();
        let again = rig.connect_as(DIARY, None, &both("main"), account, With::Key(Secret::new("key"))).await;
        all_get_there(&rig, &again).await;
        assert!(lost(&rig).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_did_not_get_there_stays_before_the_owner_until_the_appointment_is_over() {
    each_engine(|store| async move {
        let (rig, connection) = Rig::open(store).await;
        let far = at("10:00") + SignedDuration::from_hours(24 * 7);
        rig.desk.clock.advance(SignedDuration::from_hours(1));
        let booked = rig.desk.book(far).await;
        // It loses its key before the event is written.
        rig.revoked(&connection, Why::Revoked).await;
        rig.work().await;
        for days in [0, 2, 5] {
            rig.desk.clock.set(booked.created + SignedDuration::from_hours(24 * days));
            rig.work().await;
            let rows = rig.desk.store.outbox_of_booking(booked.id).await.unwrap();
            assert!(rows.iter().any(|row| row.template == "event" && row.state == OutboxState::Failed));
            assert_eq!(lost(&rig).await.len(), 1, "after {days} days");
        }
        rig.desk.clock.set(booked.slot.ends);
        assert!(lost(&rig).await.is_empty());
    })
    .await;
}
