//! Holding a time, confirming it, and giving it up.

use deskbell::{
    domain::{
        booking::BookingState,
        ids::{BookingId, BusinessId, CallId, StaffId},
    },
    store::bookings::{Cancelled, Confirmed, Ending, Filter, Held},
};

use super::samples::{
    confirmation, confirmed, customer, fresh, held, hold, minutes, nine_plus, now, opened, text_message,
};
use crate::support::database::each_engine;

#[tokio::test]
async fn a_hold_becomes_a_booking_with_everything_that_was_said() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let wish = hold(&salon, nine_plus(0));
        let first = held(&store, &wish).await;
        assert_eq!(first.slot, wish.slot);
        assert_eq!(first.wall.to_string(), "2026-12-04T09:00:00");
        assert_eq!(first.state, BookingState::Held { expires: wish.expires });
        assert_eq!(first.version, 1);

        let mut yes = confirmation(&first);
        yes.customer = customer("Grace O'Hopper");
        yes.unverified = true;
        yes.outbox = vec![text_message(salon.id, first.id, "booked")];
        let Confirmed::Confirmed { booking, replaced } = store.confirm(&yes).await.unwrap() else { panic!() };
        assert!(replaced.is_none() && booking.unverified);
        assert_eq!(booking.state, BookingState::Confirmed { at: yes.now });
        assert_eq!((booking.customer.name.as_str(), booking.version), ("Grace O'Hopper", 2));
        assert_eq!(store.booking(salon.id, booking.id).await.unwrap(), Some(booking.clone()));
        assert_eq!(store.outbox_of_booking(booking.id).await.unwrap().len(), 1);
        assert_eq!(store.booking(BusinessId(fresh()), booking.id).await.unwrap(), None, "another business's");
    })
    .await;
}

#[tokio::test]
async fn a_second_caller_for_a_taken_slot_is_told_so() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        held(&store, &hold(&salon, nine_plus(0))).await;
        for start in [-29, -15, 0, 15, 29] {
            let late = store.hold(&hold(&salon, nine_plus(start))).await.unwrap();
            assert!(matches!(late, Held::Taken), "{start}: {late:?}");
        }
        held(&store, &hold(&salon, nine_plus(-30))).await;
        held(&store, &hold(&salon, nine_plus(30))).await;
        let mut other = hold(&salon, nine_plus(0));
        other.slot.staff = salon.staff[1].id;
        held(&store, &other).await;
    })
    .await;
}

#[tokio::test]
async fn buffers_keep_time_that_no_caller_hears_of() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let mut wish = hold(&salon, nine_plus(0));
        wish.busy.1 += minutes(10);
        held(&store, &wish).await;
        assert!(matches!(store.hold(&hold(&salon, nine_plus(35))).await.unwrap(), Held::Taken));
        held(&store, &hold(&salon, nine_plus(40))).await;
    })
    .await;
}

#[tokio::test]
async fn two_callers_at_once_and_exactly_one_gets_it() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        for round in 0..20 {
            let (one, two) = (hold(&salon, nine_plus(round * 30)), hold(&salon, nine_plus(round * 30)));
            let (one, two) = tokio::join!(store.hold(&one), store.hold(&two));
            let outcomes = (one.unwrap(), two.unwrap());
            assert!(matches!(outcomes, (Held::Held(_), Held::Taken) | (Held::Taken, Held::Held(_))), "{outcomes:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_same_request_twice_gives_the_same_hold_even_at_once() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        for (round, capacity) in [(0, 1), (1, 3), (2, 1), (3, 3)] {
            let mut wish = hold(&salon, nine_plus(round * 30));
            wish.capacity = capacity;
            let again = deskbell::store::bookings::NewHold { id: BookingId(fresh()), ..wish.clone() };
            let (one, two) = tokio::join!(store.hold(&wish), store.hold(&again));
            let (Held::Held(made), Held::Replayed(replayed)) = (match (one.unwrap(), two.unwrap()) {
                (replayed @ Held::Replayed(_), made) => (made, replayed),
                straight => straight,
            }) else {
                panic!("one makes it, the other finds it")
            };
            assert_eq!(made, replayed);
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_belongs_to_its_business() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let mut other = salon.clone();
        (other.id, other.numbers) = (BusinessId(fresh()), Vec::new());
        store.create_business(&other, now()).await.unwrap();
        let wish = hold(&salon, nine_plus(0));
        held(&store, &wish).await;
        let mut theirs = hold(&other, nine_plus(0));
        theirs.key = wish.key;
        held(&store, &theirs).await;
    })
    .await;
}

#[tokio::test]
async fn a_class_of_three_takes_exactly_three() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let mut rush = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let (store, mut wish) = (store.clone(), hold(&salon, nine_plus(0)));
            wish.capacity = 3;
            rush.spawn(async move { store.hold(&wish).await.unwrap() });
        }
        let outcomes = rush.join_all().await;
        assert_eq!(outcomes.iter().filter(|held| matches!(held, Held::Held(_))).count(), 3);
        assert_eq!(outcomes.iter().filter(|held| matches!(held, Held::Taken)).count(), 9);

        let busy = store.busy(salon.id, (nine_plus(0), nine_plus(30)), now(), None).await.unwrap();
        assert_eq!(busy.len(), 3);
        assert!(busy.iter().all(|busy| busy.class.is_some_and(|class| class.starts == nine_plus(0))));
        let mut shifted = hold(&salon, nine_plus(15));
        shifted.capacity = 3;
        assert!(matches!(store.hold(&shifted).await.unwrap(), Held::Taken), "the teacher is in the other class");
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_place_in_a_full_class_is_given_to_the_next() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let wish = || {
            let mut wish = hold(&salon, nine_plus(0));
            wish.capacity = 2;
            wish
        };
        let first = confirmed(&store, &wish()).await;
        confirmed(&store, &wish()).await;
        assert!(matches!(store.hold(&wish()).await.unwrap(), Held::Taken));
        store.cancel(salon.id, first.id, &Ending::default(), &[], now()).await.unwrap();
        confirmed(&store, &wish()).await;
        assert!(matches!(store.hold(&wish()).await.unwrap(), Held::Taken));
    })
    .await;
}

#[tokio::test]
async fn a_hold_that_ran_out_makes_room() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let slow = held(&store, &hold(&salon, nine_plus(0))).await;
        let busy = |at| store.busy(salon.id, (nine_plus(0), nine_plus(30)), at, None);
        assert_eq!(busy(now()).await.unwrap().len(), 1);
        assert_eq!(busy(now() + minutes(3)).await.unwrap().len(), 0);

        let mut quick = hold(&salon, nine_plus(15));
        quick.now = now() + minutes(3);
        quick.expires = quick.now + minutes(3);
        held(&store, &quick).await;
        let slow_now = store.booking(salon.id, slow.id).await.unwrap().unwrap();
        assert_eq!(slow_now.state, BookingState::Expired);
        let mut too_late = confirmation(&slow);
        too_late.now = now() + minutes(4);
        assert!(matches!(store.confirm(&too_late).await.unwrap(), Confirmed::Taken));
        let slow_now = store.booking(salon.id, slow.id).await.unwrap().unwrap();
        assert_eq!((slow_now.state, slow_now.version), (BookingState::Expired, 2), "nothing was half done");
    })
    .await;
}

#[tokio::test]
async fn a_hold_that_ran_out_is_confirmed_if_nobody_wanted_the_time() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let slow = held(&store, &hold(&salon, nine_plus(0))).await;
        let mut late = confirmation(&slow);
        late.now = now() + minutes(10);
        assert!(matches!(store.confirm(&late).await.unwrap(), Confirmed::Confirmed { .. }));

        // Swept aside by somebody who then gave up.
        let slow = held(&store, &hold(&salon, nine_plus(60))).await;
        let mut other = hold(&salon, nine_plus(60));
        (other.now, other.expires) = (now() + minutes(4), now() + minutes(8));
        let other = held(&store, &other).await;
        store.release(salon.id, other.id, now() + minutes(5)).await.unwrap();
        let mut late = confirmation(&slow);
        late.now = now() + minutes(6);
        assert!(matches!(store.confirm(&late).await.unwrap(), Confirmed::Confirmed { .. }));
        assert!(matches!(store.hold(&hold(&salon, nine_plus(60))).await.unwrap(), Held::Taken));
    })
    .await;
}

#[tokio::test]
async fn confirming_twice_books_and_texts_once() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let first = held(&store, &hold(&salon, nine_plus(0))).await;
        let yes = || {
            let mut yes = confirmation(&first);
            yes.outbox = vec![text_message(salon.id, first.id, "booked")];
            yes
        };
        let (one, two) = (yes(), yes());
        let (one, two) = tokio::join!(store.confirm(&one), store.confirm(&two));
        let (Confirmed::Confirmed { booking, .. }, Confirmed::Already(again)) = (match (one.unwrap(), two.unwrap()) {
            (already @ Confirmed::Already(_), made) => (made, already),
            straight => straight,
        }) else {
            panic!("one confirms, the other finds it confirmed")
        };
        assert_eq!(booking, again);
        assert!(matches!(store.confirm(&yes()).await.unwrap(), Confirmed::Already(_)));
        assert_eq!(store.outbox_of_booking(first.id).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_hold_given_up_is_gone_and_its_time_is_free() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let first = held(&store, &hold(&salon, nine_plus(0))).await;
        store.release(BusinessId(fresh()), first.id, now()).await.unwrap();
        assert!(matches!(store.hold(&hold(&salon, nine_plus(0))).await.unwrap(), Held::Taken), "not theirs to release");
        store.release(salon.id, first.id, now()).await.unwrap();
        store.release(salon.id, first.id, now()).await.unwrap();
        assert!(matches!(store.confirm(&confirmation(&first)).await.unwrap(), Confirmed::Gone));
        confirmed(&store, &hold(&salon, nine_plus(0))).await;
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_booking_frees_its_time_once() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let booking = confirmed(&store, &hold(&salon, nine_plus(0))).await;
        let texts = [text_message(salon.id, booking.id, "cancelled")];
        let by_nobody = Ending::default();
        let cancel = || store.cancel(salon.id, booking.id, &by_nobody, &texts, now() + minutes(2));
        let Cancelled::Cancelled(gone) = cancel().await.unwrap() else { panic!() };
        assert_eq!((gone.state, gone.version), (BookingState::Cancelled { at: now() + minutes(2) }, 3));
        assert!(matches!(cancel().await.unwrap(), Cancelled::Already(_)));
        assert_eq!(store.outbox_of_booking(booking.id).await.unwrap().len(), 1);
        assert!(matches!(store.confirm(&confirmation(&booking)).await.unwrap(), Confirmed::Gone));
        confirmed(&store, &hold(&salon, nine_plus(0))).await;
        let nobody = store.cancel(salon.id, BookingId(fresh()), &Ending::default(), &[], now()).await.unwrap();
        assert!(matches!(nobody, Cancelled::Gone));
    })
    .await;
}

#[tokio::test]
async fn what_a_caller_and_a_number_have_booked_is_counted() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let call = CallId(fresh());
        let phone = "+14155552671".parse().unwrap();
        for start in [60, 0] {
            let mut wish = hold(&salon, nine_plus(start));
            wish.call = Some(call);
            confirmed(&store, &wish).await;
        }
        held(&store, &hold(&salon, nine_plus(120))).await;
        assert_eq!(store.confirmed_by_call(call).await.unwrap(), 2);
        assert_eq!(store.confirmed_by_phone(salon.id, &phone, now()).await.unwrap(), 2);
        assert_eq!(store.confirmed_by_phone(salon.id, &phone, now() + minutes(2)).await.unwrap(), 0);
        let upcoming = store.upcoming(salon.id, &phone, now(), 5).await.unwrap();
        let starts: Vec<_> = upcoming.iter().map(|booking| booking.slot.starts).collect();
        assert_eq!(starts, [nine_plus(0), nine_plus(60)]);
        assert_eq!(store.upcoming(salon.id, &phone, nine_plus(1), 5).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn pages_of_bookings_join_without_a_gap() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        for n in 0..7 {
            let mut wish = hold(&salon, nine_plus((n / 2) * 30));
            wish.slot.staff = StaffId(fresh());
            confirmed(&store, &wish).await;
        }
        held(&store, &hold(&salon, nine_plus(300))).await;
        let filter = Filter {
            from: Some(nine_plus(0)),
            to: Some(nine_plus(300)),
            status: Some("confirmed".to_owned()),
            phone: Some("+14155552671".parse().unwrap()),
        };
        let whole = store.bookings(salon.id, &filter, None, 100).await.unwrap();
        assert_eq!(whole.len(), 7);
        let mut pages = Vec::new();
        loop {
            let after = pages.last().map(|last: &deskbell::domain::booking::Booking| (last.slot.starts, last.id));
            let page = store.bookings(salon.id, &filter, after, 2).await.unwrap();
            if page.is_empty() {
                break;
            }
            pages.extend(page);
        }
        assert_eq!(pages, whole);
        assert_eq!(store.bookings(salon.id, &Filter::default(), None, 100).await.unwrap().len(), 8);
    })
    .await;
}
