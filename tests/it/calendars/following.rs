//! What owners change in their own calendars: followed once, after a while in which it can be taken back, and never for what
//! we did ourselves.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use deskbell::{
    calendars::opener::With,
    desk::FrontDesk,
    domain::{
        booking::{Booking, BookingState},
        connection::Choice,
        secret::Secret,
    },
    jobs::following::{Follower, Lanes, UNDO},
    ports::{calendar::Interval, clock::Clock as _, desk::Actor, nudge::Nudge},
    store::{
        Store,
        following::{StoredWish, WishKind, WishState},
    },
};
use jiff::{SignedDuration, Timestamp};

use super::{
    accounts::execute,
    double::{Asked, Trap},
    rig::{DIARY, Rig, both, calendar, tuesday},
};
use crate::{
    desk::rig,
    support::database::{Database, each_engine},
};

/// Whoever follows, and how often it said that something had changed.
pub(super) fn follower(rig: &Rig) -> (Follower, Arc<AtomicUsize>) {
    let forgotten = Arc::new(AtomicUsize::new(0));
    let count = forgotten.clone();
    let follower = Follower {
        store: rig.desk.store.clone(),
        opener: rig.opener.clone(),
        desk: Arc::<FrontDesk>::clone(&rig.desk.desk),
        clock: Arc::new(rig.desk.clock.clone()),
        forget: Arc::new(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        }),
        nudge: Nudge::default(),
        lanes: Lanes::default(),
        origin: None,
        key: [7; 32],
    };
    (follower, forgotten)
}

/// The salon with a calendar, an appointment at 10:00 that stands there, and somebody who has read it once.
async fn followed(store: Store) -> (Rig, Follower, Booking) {
    let (rig, _) = Rig::open(store).await;
    let booking = rig.desk.book(rig::tuesday("10:00")).await;
    rig.work().await;
    assert_eq!(rig.diary.ours().len(), 1);
    let (follower, _) = follower(&rig);
    follower.enlist().await.unwrap();
    follower.work_off().await.unwrap();
    assert!(wishes(&rig).await.is_empty());
    (rig, follower, booking)
}

pub(super) async fn wishes(rig: &Rig) -> Vec<StoredWish> {
    rig.desk.store.wishes(rig.desk.business.id, 50).await.unwrap()
}

/// A minute goes by, and what is due is done.
async fn a_minute(rig: &Rig, follower: &Follower) {
    rig.desk.clock.advance(SignedDuration::from_mins(1));
    follower.work_off().await.unwrap();
}

pub(super) async fn minutes(rig: &Rig, follower: &Follower, n: usize) {
    for _ in 0..n {
        a_minute(rig, follower).await;
        rig.work().await;
    }
}

pub(super) async fn state(rig: &Rig, booking: &Booking) -> BookingState {
    rig.desk.store.booking(rig.desk.business.id, booking.id).await.unwrap().unwrap().state
}

/// What the appointment is now, through all its moves.
pub(super) async fn now_at(rig: &Rig, booking: &Booking) -> Option<Booking> {
    let lineage = rig.desk.store.lineage(rig.desk.business.id, booking.id).await.unwrap().unwrap();
    lineage.standing().cloned()
}

/// How often the customer was told something.
pub(super) async fn told(rig: &Rig, booking: &Booking, what: &str) -> usize {
    rig.desk.letters(booking.id).await.iter().filter(|letter| *letter == what).count()
}

fn delete(rig: &Rig, booking: &Booking) {
    rig.diary.owner_edits(booking.id, |page| page.deleted = true);
}

fn drag(rig: &Rig, booking: &Booking, from: &str, to: &str) {
    let when = tuesday(from, to);
    rig.diary.owner_edits(booking.id, |page| page.when = when);
}

#[tokio::test]
async fn g15_an_event_that_its_owner_deletes_is_cancelled_once_after_a_while() {
    each_engine(|store| async move {
        let (rig, follower, booking) = followed(store).await;
        delete(&rig, &booking);
        a_minute(&rig, &follower).await;
        let seen = wishes(&rig).await;
        assert_eq!((seen.len(), seen[0].kind, &seen[0].state), (1, WishKind::Cancel, &WishState::Waiting));
        assert_eq!(seen[0].due, rig.desk.clock.now() + UNDO);
        assert_eq!(rig.desk.store.wishes_to_see(rig.desk.business.id).await.unwrap(), seen);
        minutes(&rig, &follower, 4).await;
        assert!(matches!(state(&rig, &booking).await, BookingState::Confirmed { .. }), "it can still be taken back");
        minutes(&rig, &follower, 1).await;
        assert!(matches!(state(&rig, &booking).await, BookingState::Cancelled { .. }));
        minutes(&rig, &follower, 5).await;
        assert_eq!(told(&rig, &booking, "cancelled").await, 1);
        let wishes = wishes(&rig).await;
        assert_eq!((wishes.len(), &wishes[0].state), (1, &WishState::Done));
        assert!(rig.diary.ours().is_empty() && rig.placements(booking.id).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_stands_where_nothing_new_goes_is_followed_also_when_the_account_was_connected_anew() {
    each_engine(|store| async move {
        let (rig, follower, booking) = followed(store).await;
        let was = rig.desk.store.connections(rig.desk.business.id).await.unwrap().remove(0);
        rig.disconnect(&was).await;
        delete(&rig, &booking);
        rig.connect_as(DIARY, None, &both("work"), was.account, With::Key(Secret::new("key"))).await;
        follower.enlist().await.unwrap();
        // Read before it is looked for what became of the event, before that is known, and afterwards.
        minutes(&rig, &follower, 2).await;
        rig.an_hour_later().await;
        minutes(&rig, &follower, 2).await;
        assert_eq!(rig.diary.ours()[0].calendar.as_str(), "main", "it is put back to where it was");
        delete(&rig, &booking);
        minutes(&rig, &follower, 7).await;
        assert!(matches!(state(&rig, &booking).await, BookingState::Cancelled { .. }));
        assert_eq!(told(&rig, &booking, "cancelled").await, 1);
    })
    .await;
}

#[tokio::test]
async fn g15_an_event_that_its_owner_moves_takes_the_appointment_with_it_once() {
    each_engine(|store| async move {
        let (rig, follower, booking) = followed(store).await;
        drag(&rig, &booking, "15:00", "15:30");
        a_minute(&rig, &follower).await;
        // Nobody is booked into it meanwhile: where it was nor where it is going.
        for time in ["10:00", "15:00"] {
            let slot = rig.desk.slot(rig::tuesday(time));
            let held = match rig.desk.hold(slot, None).await {
                Ok(held) => rig.desk.confirm(held.id).await,
                Err(error) => Err(error),
            };
            assert!(held.is_err(), "{time} is kept");
        }
        minutes(&rig, &follower, 5).await;
        let moved = now_at(&rig, &booking).await.unwrap();
        assert_eq!(moved.slot.starts, rig::tuesday("15:00"));
        assert_eq!(moved.customer, booking.customer);
        minutes(&rig, &follower, 6).await;
        rig.keep_in_order().await;
        minutes(&rig, &follower, 2).await;
        assert_eq!(told(&rig, &moved, "moved").await, 1);
        let ours = rig.diary.ours();
        assert_eq!((ours.len(), ours[0].when.from), (1, rig::tuesday("15:00")));
        let wishes = wishes(&rig).await;
        assert_eq!((wishes.len(), &wishes[0].state), (1, &WishState::Done));
    })
    .await;
}

/// `became`: what a move that was taken back has become, once its event stands again where it did.
async fn taken_back(store: Store, how: impl Fn(&Rig, &Booking), became: WishState) {
    let (rig, follower, booking) = followed(store).await;
    how(&rig, &booking);
    a_minute(&rig, &follower).await;
    let wish = wishes(&rig).await.remove(0);
    let now = rig.desk.clock.now();
    assert!(rig.desk.store.undo_wish(wish.business, wish.id, &rig.deed(), now).await.unwrap());
    assert!(!rig.desk.store.undo_wish(wish.business, wish.id, &rig.deed(), now).await.unwrap(), "once");
    rig.keep_in_order().await;
    minutes(&rig, &follower, 7).await;
    assert!(matches!(state(&rig, &booking).await, BookingState::Confirmed { .. }));
    let ours = rig.diary.ours();
    assert_eq!((ours.len(), ours[0].when.from), (1, rig::tuesday("10:00")), "it stands as it did");
    assert_eq!((told(&rig, &booking, "moved").await, told(&rig, &booking, "cancelled").await), (0, 0));
    let before = wishes(&rig).await;
    assert_eq!((before.len(), &before[0].state), (1, &became));
    // They do the very same again, and this time they mean it.
    how(&rig, &booking);
    minutes(&rig, &follower, 7).await;
    let after = wishes(&rig).await;
    assert_eq!((after.len(), &after[0].state), (2, &WishState::Done));
}

#[tokio::test]
async fn a_move_that_is_taken_back_here_is_put_back_there_and_nobody_is_told() {
    each_engine(|store| taken_back(store, |rig, booking| drag(rig, booking, "15:00", "15:30"), WishState::Over)).await;
}

#[tokio::test]
async fn what_was_deleted_and_is_taken_back_here_is_written_there_anew() {
    each_engine(|store| taken_back(store, delete, WishState::Undone)).await;
}

#[tokio::test]
async fn what_is_taken_back_while_it_is_being_put_back_is_put_back_again() {
    each_engine(|store| async move {
        let (rig, follower, booking) = followed(store).await;
        let take_back = async || {
            a_minute(&rig, &follower).await;
            let waiting = wishes(&rig).await.into_iter().find(|wish| wish.state == WishState::Waiting).unwrap();
            let now = rig.desk.clock.now();
            assert!(rig.desk.store.undo_wish(waiting.business, waiting.id, &rig.deed(), now).await.unwrap());
        };
        drag(&rig, &booking, "15:00", "15:30");
        take_back().await;
        // It is put back, and dragged away again before we hear that it was.
        rig.diary.trap(Asked::Revise, Trap::HeldAfter, 1);
        let meanwhile = async {
            rig.diary.holds().await;
            drag(&rig, &booking, "16:00", "16:30");
            take_back().await;
            rig.diary.goes_on();
        };
        tokio::join!(rig.keep_in_order(), meanwhile);
        rig.keep_in_order().await;
        minutes(&rig, &follower, 7).await;
        let ours = rig.diary.ours();
        assert_eq!((ours.len(), ours[0].when.from), (1, rig::tuesday("10:00")));
        assert_eq!(now_at(&rig, &booking).await.unwrap().id, booking.id);
        assert_eq!((told(&rig, &booking, "moved").await, told(&rig, &booking, "cancelled").await), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_back_there_is_over() {
    each_engine(|store| async move {
        let (rig, follower, booking) = followed(store).await;
        drag(&rig, &booking, "15:00", "15:30");
        minutes(&rig, &follower, 3).await;
        // Somewhere else yet: the time to take it back begins anew.
        drag(&rig, &booking, "16:00", "16:30");
        minutes(&rig, &follower, 4).await;
        let seen = wishes(&rig).await;
        assert_eq!((seen.len(), seen[0].kind), (1, WishKind::Move(tuesday("16:00", "16:30"))));
        assert_eq!(seen[0].state, WishState::Waiting);
        drag(&rig, &booking, "10:00", "10:30");
        minutes(&rig, &follower, 6).await;
        let over = wishes(&rig).await;
        assert_eq!((over.len(), &over[0].state), (1, &WishState::Over));
        assert_eq!(now_at(&rig, &booking).await.unwrap().id, booking.id);
        assert_eq!((told(&rig, &booking, "moved").await, told(&rig, &booking, "cancelled").await), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_move_onto_somebody_else_s_time_is_not_followed_and_the_owner_is_told() {
    each_engine(|store| async move {
        let (rig, follower, booking) = followed(store).await;
        rig.desk.book(rig::tuesday("15:00")).await;
        rig.work().await;
        drag(&rig, &booking, "15:00", "15:30");
        minutes(&rig, &follower, 7).await;
        let seen = rig.desk.store.wishes_to_see(rig.desk.business.id).await.unwrap();
        assert_eq!((seen.len(), &seen[0].state), (1, &WishState::Refused("taken".to_owned())));
        assert_eq!(now_at(&rig, &booking).await.unwrap().slot.starts, rig::tuesday("10:00"));
        assert_eq!(told(&rig, &booking, "moved").await, 0, "the customer is told nothing");
        // The event stays as its owner put it, and is not brought up again, neither by a full listing.
        rig.diary.trap(Asked::Changes, Trap::Stale, 1);
        minutes(&rig, &follower, 4).await;
        rig.keep_in_order().await;
        minutes(&rig, &follower, 4).await;
        assert!(rig.diary.ours().iter().all(|page| page.when.from == rig::tuesday("15:00")));
        assert_eq!(wishes(&rig).await.len(), 1);
        let (business, id, now) = (rig.desk.business.id, seen[0].id, rig.desk.clock.now());
        assert!(rig.desk.store.acknowledge_wish(business, id, now).await.unwrap());
        assert!(rig.desk.store.wishes_to_see(business).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_calendar_that_is_emptied_by_mistake_leaves_time_to_say_so() {
    each_engine(|store| async move {
        let (rig, follower, booking) = followed(store).await;
        let mut all = vec![booking];
        for time in ["11:00", "11:45", "13:30", "14:15", "15:00", "16:00"] {
            all.push(rig.desk.book(rig::tuesday(time)).await);
        }
        rig.work().await;
        minutes(&rig, &follower, 2).await;
        for booking in &all {
            delete(&rig, booking);
        }
        minutes(&rig, &follower, 60).await;
        for booking in &all {
            assert!(matches!(state(&rig, booking).await, BookingState::Confirmed { .. }));
        }
        let seen = rig.desk.store.wishes_to_see(rig.desk.business.id).await.unwrap();
        assert_eq!(seen.len(), all.len(), "each can be taken back");
        let kept = &seen[0];
        let now = rig.desk.clock.now();
        assert!(rig.desk.store.undo_wish(kept.business, kept.id, &rig.deed(), now).await.unwrap());
        minutes(&rig, &follower, 65).await;
        for booking in &all {
            let stands = matches!(state(&rig, booking).await, BookingState::Confirmed { .. });
            assert_eq!(stands, booking.id == kept.booking);
        }
    })
    .await;
}

#[tokio::test]
async fn a_move_that_was_refused_is_tried_anew_when_the_owner_makes_it_anew() {
    each_engine(|store| async move {
        let (rig, follower, booking) = followed(store).await;
        let other = rig.desk.book(rig::tuesday("15:00")).await;
        rig.work().await;
        drag(&rig, &booking, "15:00", "15:30");
        minutes(&rig, &follower, 7).await;
        // They see it, put it back, and the other customer calls off.
        drag(&rig, &booking, "10:00", "10:30");
        minutes(&rig, &follower, 2).await;
        assert!(rig.desk.store.wishes_to_see(rig.desk.business.id).await.unwrap().is_empty(), "it is settled");
        rig.desk.cancel(other.id, Actor::Business).await.unwrap();
        rig.work().await;
        drag(&rig, &booking, "15:00", "15:30");
        minutes(&rig, &follower, 7).await;
        let moved = now_at(&rig, &booking).await.unwrap();
        assert_eq!(moved.slot.starts, rig::tuesday("15:00"));
        assert_eq!(told(&rig, &moved, "moved").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_whole_day_says_no_hour_so_nobody_is_moved_to_midnight() {
    each_engine(|store| async move {
        let (rig, follower, booking) = followed(store).await;
        // Of its own day: it is as it was.
        let day = tuesday("00:00", "00:00");
        let day = Interval { to: day.from + SignedDuration::from_hours(24), ..day };
        rig.diary.owner_edits(booking.id, |page| page.when = day);
        minutes(&rig, &follower, 8).await;
        assert!(wishes(&rig).await.is_empty());
        // Of another: the owner is told at once that it cannot be followed, and the customer nothing.
        let later = |at: Timestamp| at + SignedDuration::from_hours(24);
        let next = Interval { from: later(day.from), to: later(day.to) };
        rig.diary.owner_edits(booking.id, |page| page.when = next);
        minutes(&rig, &follower, 8).await;
        let seen = rig.desk.store.wishes_to_see(rig.desk.business.id).await.unwrap();
        assert_eq!((seen.len(), &seen[0].state), (1, &WishState::Refused("whole_day".to_owned())));
        assert_eq!(now_at(&rig, &booking).await.unwrap().id, booking.id);
        assert_eq!(told(&rig, &booking, "moved").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_event_that_is_put_into_another_calendar_of_the_account_is_not_deleted() {
    each_engine(|store| async move {
        let (rig, connection) = Rig::open(store).await;
        let two = Choice { blocks: vec![calendar("main"), calendar("other")], ..both("main") };
        rig.choose(&connection, &two).await;
        let booking = rig.desk.book(rig::tuesday("10:00")).await;
        rig.work().await;
        let (follower, _) = follower(&rig);
        follower.enlist().await.unwrap();
        follower.work_off().await.unwrap();
        rig.diary.owner_edits(booking.id, |page| page.calendar = calendar("other"));
        minutes(&rig, &follower, 8).await;
        assert!(wishes(&rig).await.is_empty());
        assert_eq!(now_at(&rig, &booking).await.unwrap().id, booking.id);
        // There it is followed; and at last it is really deleted.
        drag(&rig, &booking, "15:00", "15:30");
        minutes(&rig, &follower, 8).await;
        let dragged = now_at(&rig, &booking).await.unwrap();
        assert_eq!(dragged.slot.starts, rig::tuesday("15:00"));
        let held = rig.desk.move_to(dragged.id, rig.desk.slot(rig::tuesday("14:00")), None).await.unwrap();
        let moved = rig.desk.confirm(held.id).await.unwrap();
        minutes(&rig, &follower, 3).await;
        let ours = rig.diary.ours();
        let there = (ours.len(), ours[0].when.from, ours[0].calendar.as_str());
        assert_eq!(there, (1, rig::tuesday("14:00"), "main"), "what is moved here goes where new ones go");
        delete(&rig, &dragged);
        minutes(&rig, &follower, 8).await;
        assert!(matches!(state(&rig, &moved).await, BookingState::Cancelled { .. }));
    })
    .await;
}

#[tokio::test]
async fn an_appointment_that_took_place_is_not_cancelled_afterwards() {
    each_engine(|store| async move {
        let (rig, follower, booking) = followed(store).await;
        delete(&rig, &booking);
        a_minute(&rig, &follower).await;
        // Nobody can look whether it is still so until the day after.
        rig.diary.trap(Asked::Find, Trap::Down, 10_000);
        minutes(&rig, &follower, 10).await;
        rig.desk.clock.advance(rig::tuesday("18:00").duration_since(rig.desk.clock.now()));
        rig.diary.untrap();
        minutes(&rig, &follower, 8).await;
        assert!(matches!(state(&rig, &booking).await, BookingState::Confirmed { .. }));
        assert_eq!(told(&rig, &booking, "cancelled").await, 0);
        let wishes = wishes(&rig).await;
        assert_eq!((wishes.len(), &wishes[0].state), (1, &WishState::Over));
    })
    .await;
}

#[tokio::test]
async fn our_own_changes_and_a_customer_s_last_word_are_not_the_owner_s() {
    each_engine(|store| async move {
        let (rig, follower, booking) = followed(store).await;
        // Moved here: the event follows, and is seen to have moved.
        let held = rig.desk.move_to(booking.id, rig.desk.slot(rig::tuesday("11:00")), None).await.unwrap();
        let moved = rig.desk.confirm(held.id).await.unwrap();
        follower.work_off().await.unwrap();
        minutes(&rig, &follower, 7).await;
        assert!(wishes(&rig).await.is_empty());
        assert_eq!(rig.diary.ours()[0].when.from, rig::tuesday("11:00"));
        // Its owner moves it, and then the customer cancels.
        drag(&rig, &booking, "15:00", "15:30");
        a_minute(&rig, &follower).await;
        assert_eq!(wishes(&rig).await.len(), 1);
        rig.desk.cancel(moved.id, Actor::Customer).await.unwrap();
        minutes(&rig, &follower, 8).await;
        rig.keep_in_order().await;
        assert_eq!(wishes(&rig).await[0].state, WishState::Over);
        assert!(matches!(state(&rig, &moved).await, BookingState::Cancelled { .. }));
        assert!(rig.diary.ours().is_empty());
    })
    .await;
}

#[tokio::test]
async fn two_processes_and_one_that_dies_in_between_move_it_once() {
    for database in Database::each().await {
        let (rig, follower, booking) = followed(database.store().await).await;
        let (other, _) = self::follower(&rig);
        drag(&rig, &booking, "15:00", "15:30");
        a_minute(&rig, &follower).await;
        rig.desk.clock.advance(UNDO);
        let (one, two) = tokio::join!(follower.work_off(), other.work_off());
        one.unwrap();
        two.unwrap();
        let moved = now_at(&rig, &booking).await.unwrap();
        assert_eq!(moved.slot.starts, rig::tuesday("15:00"), "on {}", database.engine);
        assert_eq!(wishes(&rig).await[0].state, WishState::Done);
        // As if the first had died right after the desk had moved it, and before that was written down.
        execute(&database, "update wishes set state = 'carrying', ended_at = null").await;
        minutes(&rig, &other, 4).await;
        assert_eq!(wishes(&rig).await[0].state, WishState::Done);
        assert_eq!(now_at(&rig, &booking).await.unwrap().id, moved.id);
        assert_eq!(told(&rig, &moved, "moved").await, 1);
        rig.desk.store.close().await;
        database.close().await;
    }
}

#[tokio::test]
async fn g8_what_was_deleted_while_nobody_looked_is_found_by_a_full_listing() {
    each_engine(|store| async move {
        let (rig, follower, booking) = followed(store).await;
        let kept = rig.desk.book(rig::tuesday("11:00")).await;
        rig.work().await;
        minutes(&rig, &follower, 1).await;
        delete(&rig, &booking);
        rig.diary.trap(Asked::Changes, Trap::Stale, 1);
        minutes(&rig, &follower, 8).await;
        assert!(matches!(state(&rig, &booking).await, BookingState::Cancelled { .. }));
        assert!(matches!(state(&rig, &kept).await, BookingState::Confirmed { .. }));
        assert_eq!(wishes(&rig).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_calendar_that_does_not_answer_cancels_nothing() {
    each_engine(|store| async move {
        let (rig, follower, booking) = followed(store).await;
        delete(&rig, &booking);
        // The listing says so, and the event itself cannot be asked for.
        rig.diary.trap(Asked::Find, Trap::Down, 100);
        minutes(&rig, &follower, 10).await;
        assert!(wishes(&rig).await.is_empty());
        rig.diary.untrap();
        rig.diary.trap(Asked::Changes, Trap::Down, 3);
        minutes(&rig, &follower, 75).await;
        assert!(matches!(state(&rig, &booking).await, BookingState::Cancelled { .. }), "later it is followed");
    })
    .await;
}

#[tokio::test]
async fn what_its_owner_adds_changes_what_is_free_and_nothing_else() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let (follower, forgotten) = follower(&rig);
        follower.enlist().await.unwrap();
        follower.work_off().await.unwrap();
        let before = forgotten.load(Ordering::SeqCst);
        rig.diary.owner_adds("main", tuesday("14:00", "15:00"));
        minutes(&rig, &follower, 2).await;
        assert_eq!(forgotten.load(Ordering::SeqCst), before + 1, "what was read ahead is forgotten, once");
        assert!(wishes(&rig).await.is_empty());
    })
    .await;
}
