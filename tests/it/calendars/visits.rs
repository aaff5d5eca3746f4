//! Visits that are moved at a vendor that keeps its own: the appointment goes along, once, and nothing is made or cancelled
//! there because of it.

use deskbell::{
    domain::{
        booking::{Booking, BookingState, Slot},
        connection::Choice,
    },
    jobs::following::Follower,
    ports::desk::Actor,
    store::{
        Store,
        following::{WishKind, WishState},
        placements::PlacementState,
    },
};

use super::{
    accounts::execute,
    double::Asked,
    following::{follower, minutes, now_at, state, told, wishes},
    rig::{HALL, Rig, haircuts, tuesday, uses},
};
use crate::{
    desk::rig::{self, anna},
    support::database::{Database, each_engine},
};

/// A salon whose haircuts are kept elsewhere, and one at 10:00 that stands there.
async fn booked(store: Store, moves: bool) -> (Rig, Follower, Booking) {
    let rig = Rig::with(store, |business| uses(business, &[HALL])).await;
    rig.hall.can_move(moves);
    rig.connect(HALL, None, &haircuts(&rig.desk.business)).await;
    let held = rig.desk.hold(rig.desk.slot(rig::tuesday("10:00")), None).await.unwrap();
    let booking = rig.desk.confirm_for(held.id, anna()).await.unwrap();
    rig.work().await;
    assert_eq!(rig.hall.ours().len(), 1);
    let (follower, _) = follower(&rig);
    follower.enlist().await.unwrap();
    follower.work_off().await.unwrap();
    assert!(wishes(&rig).await.is_empty());
    (rig, follower, booking)
}

/// What was asked of the vendor that changes something there.
fn writings(rig: &Rig) -> [usize; 3] {
    [Asked::Place, Asked::Revise, Asked::Withdraw].map(|asked| rig.hall.count(asked))
}

async fn it_goes_along(store: Store, moves: bool) {
    let (rig, follower, booking) = booked(store, moves).await;
    let before = writings(&rig);
    let there = rig.hall.moves_the_one(tuesday("14:00", "14:45"));
    minutes(&rig, &follower, 1).await;
    let seen = wishes(&rig).await;
    assert_eq!((seen.len(), &seen[0].state), (1, &WishState::Waiting));
    assert_eq!(seen[0].kind, WishKind::Move(tuesday("14:00", "14:45")));
    assert_eq!(now_at(&rig, &booking).await.unwrap().id, booking.id, "it can still be taken back");
    minutes(&rig, &follower, 6).await;
    let moved = now_at(&rig, &booking).await.unwrap();
    assert_eq!((moved.slot.starts, &moved.customer), (rig::tuesday("14:00"), &booking.customer));
    // Whatever is looked at afterwards, and how often.
    rig.an_hour_later().await;
    minutes(&rig, &follower, 10).await;
    assert_eq!(told(&rig, &moved, "moved").await, 1);
    assert_eq!((wishes(&rig).await.len(), &wishes(&rig).await[0].state), (1, &WishState::Done));
    assert_eq!(writings(&rig), before, "nothing was made, moved or cancelled there");
    let ours = rig.hall.ours();
    assert_eq!((ours.len(), ours[0].when.from), (1, rig::tuesday("14:00")));
    let rows = rig.placements(moved.id).await;
    assert_eq!((rows.len(), rows[0].state), (1, PlacementState::Placed));
    assert_eq!(rows[0].placed.as_ref().map(|placed| placed.id.as_str()), Some(there.as_str()));
    assert!(rig.placements(booking.id).await.is_empty());
    // It is ours from then on: what is cancelled here is cancelled there.
    rig.desk.cancel(moved.id, Actor::Customer).await.unwrap();
    rig.work().await;
    assert!(rig.hall.ours().is_empty());
    minutes(&rig, &follower, 8).await;
    assert_eq!(wishes(&rig).await.len(), 1);
}

#[tokio::test]
async fn a_visit_that_is_moved_there_takes_the_appointment_with_it_once() {
    each_engine(|store| it_goes_along(store, false)).await;
    each_engine(|store| it_goes_along(store, true)).await;
}

#[tokio::test]
async fn a_visit_that_is_moved_again_and_back_changes_nothing() {
    each_engine(|store| async move {
        let (rig, follower, booking) = booked(store, false).await;
        rig.hall.moves_the_one(tuesday("14:00", "14:45"));
        minutes(&rig, &follower, 3).await;
        rig.hall.moves_the_one(tuesday("15:00", "15:45"));
        minutes(&rig, &follower, 3).await;
        assert_eq!(wishes(&rig).await[0].kind, WishKind::Move(tuesday("15:00", "15:45")));
        rig.hall.moves_the_one(tuesday("10:00", "10:45"));
        minutes(&rig, &follower, 8).await;
        assert_eq!((wishes(&rig).await.len(), &wishes(&rig).await[0].state), (1, &WishState::Over));
        assert_eq!(now_at(&rig, &booking).await.unwrap().id, booking.id);
        assert_eq!(told(&rig, &booking, "moved").await, 0);
        // Moved and followed, and then called off there.
        rig.hall.moves_the_one(tuesday("15:00", "15:45"));
        minutes(&rig, &follower, 8).await;
        let moved = now_at(&rig, &booking).await.unwrap();
        assert_eq!(moved.slot.starts, rig::tuesday("15:00"));
        rig.hall.owner_cancels_all();
        minutes(&rig, &follower, 8).await;
        assert!(now_at(&rig, &booking).await.is_none());
        assert_eq!(told(&rig, &moved, "cancelled").await, 1);
    })
    .await;
}

/// What the ledger alone keeps at 14:00: it is not tied to anything at the vendor's.
async fn taken_here(rig: &Rig) {
    let business = &rig.desk.business;
    let other = business.services.iter().skip(1).find(|one| one.staff.contains(&business.staff[0].id)).unwrap();
    let slot = Slot::at(other, business.staff[0].id, rig::tuesday("14:00"));
    let held = rig.desk.hold(slot, None).await.unwrap();
    rig.desk.confirm(held.id).await.unwrap();
}

#[tokio::test]
async fn a_visit_that_is_moved_onto_a_time_that_is_taken_here_is_for_the_owner_to_settle() {
    each_engine(|store| async move {
        let (rig, follower, booking) = booked(store, false).await;
        taken_here(&rig).await;
        let before = writings(&rig);
        rig.hall.moves_the_one(tuesday("14:00", "14:45"));
        minutes(&rig, &follower, 8).await;
        rig.an_hour_later().await;
        minutes(&rig, &follower, 8).await;
        let seen = rig.desk.store.wishes_to_see(rig.desk.business.id).await.unwrap();
        assert_eq!((seen.len(), &seen[0].state), (1, &WishState::Refused("taken".to_owned())));
        assert_eq!(now_at(&rig, &booking).await.unwrap().slot.starts, rig::tuesday("10:00"));
        assert_eq!((told(&rig, &booking, "moved").await, told(&rig, &booking, "cancelled").await), (0, 0));
        assert_eq!(writings(&rig), before, "there it stays as it is");
        // They settle it there.
        rig.hall.moves_the_one(tuesday("11:00", "11:45"));
        minutes(&rig, &follower, 8).await;
        assert_eq!(now_at(&rig, &booking).await.unwrap().slot.starts, rig::tuesday("11:00"));
        assert_eq!(rig.hall.ours().len(), 1);
    })
    .await;
}

async fn taken_back(store: Store, moves: bool, how: impl FnOnce(&Rig), became: WishState) {
    let (rig, follower, booking) = booked(store, moves).await;
    how(&rig);
    minutes(&rig, &follower, 1).await;
    let wish = wishes(&rig).await.remove(0);
    let now = deskbell::ports::clock::Clock::now(&rig.desk.clock);
    assert!(rig.desk.store.undo_wish(wish.business, wish.id, &rig.deed(), now).await.unwrap());
    rig.keep_in_order().await;
    minutes(&rig, &follower, 8).await;
    rig.an_hour_later().await;
    minutes(&rig, &follower, 8).await;
    assert!(matches!(now_at(&rig, &booking).await.unwrap().state, BookingState::Confirmed { .. }));
    let ours = rig.hall.ours();
    assert_eq!((ours.len(), ours[0].when.from), (1, rig::tuesday("10:00")), "it stands as it did, once");
    assert_eq!((told(&rig, &booking, "moved").await, told(&rig, &booking, "cancelled").await), (0, 0));
    assert_eq!((wishes(&rig).await.len(), &wishes(&rig).await[0].state), (1, &became));
    assert_eq!(rig.placements(booking.id).await.len(), 1);
}

#[tokio::test]
async fn what_was_done_there_and_is_taken_back_here_stands_there_as_it_did() {
    for moves in [false, true] {
        // What was moved back is settled; what was made anew is another visit.
        let became = if moves { WishState::Over } else { WishState::Undone };
        let move_it = |rig: &Rig| drop(rig.hall.moves_the_one(tuesday("14:00", "14:45")));
        each_engine(|store| taken_back(store, moves, move_it, became.clone())).await;
        each_engine(|store| taken_back(store, moves, |rig| rig.hall.owner_cancels_all(), WishState::Undone)).await;
    }
}

#[tokio::test]
async fn a_process_that_dies_in_between_moves_it_once_all_the_same() {
    for database in Database::each().await {
        let (rig, follower, booking) = booked(database.store().await, false).await;
        let before = writings(&rig);
        rig.hall.moves_the_one(tuesday("14:00", "14:45"));
        minutes(&rig, &follower, 1).await;
        // It died right after it had said that it would.
        execute(&database, "update wishes set state = 'carrying'").await;
        minutes(&rig, &follower, 6).await;
        let moved = now_at(&rig, &booking).await.unwrap();
        assert_eq!(moved.slot.starts, rig::tuesday("14:00"), "on {}", database.engine);
        // And once more right before it had said that it was done.
        execute(&database, "update wishes set state = 'carrying', ended_at = null").await;
        let (other, _) = self::follower(&rig);
        minutes(&rig, &other, 4).await;
        assert_eq!(wishes(&rig).await[0].state, WishState::Done);
        assert_eq!(now_at(&rig, &booking).await.unwrap().id, moved.id);
        assert_eq!((told(&rig, &moved, "moved").await, writings(&rig)), (1, before));
        rig.desk.store.close().await;
        database.close().await;
    }
}

#[tokio::test]
async fn what_the_owner_offers_there_by_now_does_not_matter_to_what_stands() {
    each_engine(|store| async move {
        let (rig, follower, booking) = booked(store, false).await;
        let before = writings(&rig);
        rig.hall.moves_the_one(tuesday("14:00", "14:45"));
        minutes(&rig, &follower, 1).await;
        // Nothing is tied to anything there any more.
        let connection = rig.desk.store.connections(rig.desk.business.id).await.unwrap().remove(0);
        let at = (connection.business, connection.id, connection.version);
        rig.desk.store.choose(at, &Choice::default(), None, &rig.deed()).await.unwrap();
        follower.enlist().await.unwrap();
        minutes(&rig, &follower, 7).await;
        rig.an_hour_later().await;
        assert_eq!(now_at(&rig, &booking).await.unwrap().slot.starts, rig::tuesday("14:00"));
        assert_eq!((rig.hall.ours().len(), writings(&rig)), (1, before));
    })
    .await;
}

#[tokio::test]
async fn a_booking_that_is_cancelled_where_its_vendor_keeps_it_is_cancelled_here() {
    each_engine(|store| async move {
        let (rig, follower, booking) = booked(store, false).await;
        rig.hall.owner_cancels_all();
        minutes(&rig, &follower, 7).await;
        assert!(matches!(state(&rig, &booking).await, BookingState::Cancelled { .. }));
        assert_eq!(wishes(&rig).await[0].state, WishState::Done);
    })
    .await;
}
