//! Moving a booking: the new time is kept before the old one is given up.

use deskbell::{
    domain::{booking::BookingState, ids::BookingId},
    store::bookings::{Confirmed, Ending, Held, NewHold},
};

use super::samples::{confirmation, confirmed, fresh, held, hold, minutes, nine_plus, now, opened, text_message};
use crate::support::database::each_engine;

/// An hour from this start, in place of a booking.
fn instead_of(old: BookingId, wish: NewHold) -> NewHold {
    NewHold { replacing: Some(old), ..wish }
}

#[tokio::test]
async fn a_booking_moves_onto_its_own_time() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        for (n, shift) in [(0, 15), (1, -15), (2, 0)] {
            let nine = n * 120 + 60;
            let old = confirmed(&store, &hold(&salon, nine_plus(nine))).await;
            let new = held(&store, &instead_of(old.id, hold(&salon, nine_plus(nine + shift)))).await;
            let mut yes = confirmation(&new);
            yes.outbox = vec![text_message(salon.id, new.id, "moved")];
            let Confirmed::Confirmed { booking, replaced: Some(replaced) } = store.confirm(&yes).await.unwrap() else {
                panic!("{shift}")
            };
            assert_eq!((booking.slot.starts, booking.version), (nine_plus(nine + shift), 2));
            assert_eq!((replaced.id, replaced.state), (old.id, BookingState::Moved { to: new.id }));
            assert_eq!(replaced.version, 3);
            assert_eq!(store.outbox_of_booking(new.id).await.unwrap().len(), 1);
            // The new one is a booking like any other: what overlaps it is taken, what it left is free.
            assert!(matches!(store.hold(&hold(&salon, nine_plus(nine + shift))).await.unwrap(), Held::Taken));
            if shift > 0 {
                held(&store, &hold(&salon, nine_plus(nine - 15))).await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn while_it_is_being_moved_both_times_are_kept() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let old = confirmed(&store, &hold(&salon, nine_plus(0))).await;
        held(&store, &instead_of(old.id, hold(&salon, nine_plus(15)))).await;
        for start in [-15, 0, 15, 30] {
            let other = store.hold(&hold(&salon, nine_plus(start))).await.unwrap();
            assert!(matches!(other, Held::Taken), "{start}");
        }
        let window = (nine_plus(-60), nine_plus(90));
        assert_eq!(store.busy(salon.id, window, now(), None).await.unwrap().len(), 2);
        assert_eq!(store.busy(salon.id, window, now(), Some(old.id)).await.unwrap().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_move_does_not_push_anybody_else_aside() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let old = confirmed(&store, &hold(&salon, nine_plus(0))).await;
        confirmed(&store, &hold(&salon, nine_plus(30))).await;
        let wish = instead_of(old.id, hold(&salon, nine_plus(15)));
        assert!(matches!(store.hold(&wish).await.unwrap(), Held::Taken));
    })
    .await;
}

#[tokio::test]
async fn a_caller_who_changes_their_mind_about_the_new_time_keeps_the_last() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let old = confirmed(&store, &hold(&salon, nine_plus(0))).await;
        let three = held(&store, &instead_of(old.id, hold(&salon, nine_plus(15)))).await;
        let four = held(&store, &instead_of(old.id, hold(&salon, nine_plus(20)))).await;
        assert!(matches!(store.confirm(&confirmation(&three)).await.unwrap(), Confirmed::Gone));
        assert!(matches!(store.confirm(&confirmation(&four)).await.unwrap(), Confirmed::Confirmed { .. }));
    })
    .await;
}

#[tokio::test]
async fn a_hold_for_a_move_that_finds_nothing_free_keeps_the_earlier_one() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let old = confirmed(&store, &hold(&salon, nine_plus(0))).await;
        confirmed(&store, &hold(&salon, nine_plus(60))).await;
        let kept = held(&store, &instead_of(old.id, hold(&salon, nine_plus(15)))).await;
        let wish = instead_of(old.id, hold(&salon, nine_plus(60)));
        assert!(matches!(store.hold(&wish).await.unwrap(), Held::Taken));
        assert!(matches!(store.confirm(&confirmation(&kept)).await.unwrap(), Confirmed::Confirmed { .. }));
    })
    .await;
}

#[tokio::test]
async fn a_booking_that_was_cancelled_meanwhile_is_not_moved() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let old = confirmed(&store, &hold(&salon, nine_plus(0))).await;
        let new = held(&store, &instead_of(old.id, hold(&salon, nine_plus(15)))).await;
        store.cancel(salon.id, old.id, &Ending::default(), &[], now()).await.unwrap();
        assert!(matches!(store.confirm(&confirmation(&new)).await.unwrap(), Confirmed::Gone));
        let new = store.booking(salon.id, new.id).await.unwrap().unwrap();
        assert!(matches!(new.state, BookingState::Held { .. }), "nothing was half done");
    })
    .await;
}

#[tokio::test]
async fn two_moves_of_one_booking_and_one_of_them_counts() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let old = confirmed(&store, &hold(&salon, nine_plus(0))).await;
        let (one, two) =
            (instead_of(old.id, hold(&salon, nine_plus(60))), instead_of(old.id, hold(&salon, nine_plus(120))));
        let (one, two) = tokio::join!(store.hold(&one), store.hold(&two));
        let mut confirmed = 0;
        for outcome in [one.unwrap(), two.unwrap()] {
            let Held::Held(hold) = outcome else { continue };
            if let Confirmed::Confirmed { .. } = store.confirm(&confirmation(&hold)).await.unwrap() {
                confirmed += 1;
            }
        }
        assert_eq!(confirmed, 1);
    })
    .await;
}

#[tokio::test]
async fn a_move_that_ran_out_and_lost_its_new_time_changes_nothing() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let old = confirmed(&store, &hold(&salon, nine_plus(0))).await;
        let slow = held(&store, &instead_of(old.id, hold(&salon, nine_plus(15)))).await;
        let mut quick = hold(&salon, nine_plus(30));
        (quick.now, quick.expires) = (now() + minutes(4), now() + minutes(9));
        confirmed(&store, &quick).await;
        let mut late = confirmation(&slow);
        late.now = now() + minutes(5);
        late.outbox = vec![text_message(salon.id, slow.id, "moved")];
        assert!(matches!(store.confirm(&late).await.unwrap(), Confirmed::Taken));
        assert_eq!(store.booking(salon.id, old.id).await.unwrap(), Some(old), "the old one stands");
        assert!(store.outbox_of_booking(slow.id).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_old_time_taken_again_while_a_move_hangs_does_not_double_anybody() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let old = confirmed(&store, &hold(&salon, nine_plus(0))).await;
        held(&store, &instead_of(old.id, hold(&salon, nine_plus(15)))).await;
        store.cancel(salon.id, old.id, &Ending::default(), &[], now()).await.unwrap();
        // Same service and start as the one that was cancelled, and half of it is kept by the hanging move.
        assert!(matches!(store.hold(&hold(&salon, nine_plus(0))).await.unwrap(), Held::Taken));
        let mut later = hold(&salon, nine_plus(0));
        (later.id, later.key) = (BookingId(fresh()), "later".to_owned());
        (later.now, later.expires) = (now() + minutes(5), now() + minutes(9));
        held(&store, &later).await;
    })
    .await;
}
