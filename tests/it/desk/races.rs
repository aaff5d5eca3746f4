//! Several callers who want the same.

use deskbell::ports::desk::{Desk, DeskError, Find};
use tokio::task::JoinSet;

use super::rig::{Rig, customer, tuesday};
use crate::support::database::each_engine;

#[tokio::test]
async fn a_second_caller_for_a_taken_slot_is_told_so_and_gets_alternatives() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let slot = rig.slot(tuesday("10:00"));
        rig.hold(slot, Some(rig.call().await)).await.unwrap();
        let second = rig.call().await;
        assert!(matches!(rig.hold(slot, Some(second)).await, Err(DeskError::Taken)));
        let near = deskbell::domain::slots::offer::Wish::Near(slot.starts);
        let offers = rig.desk.find(Find { wish: near, count: 2, ..rig.on_tuesday() }).await.unwrap();
        let starts: Vec<_> = offers.iter().map(|slot| slot.starts).collect();
        assert_eq!(starts, [tuesday("09:15"), tuesday("10:45")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_callers_for_one_slot_at_once_one_is_booked_and_the_others_hear_it() {
    each_engine(|store| async move {
        let rig = std::sync::Arc::new(Rig::open(store).await);
        let mut callers = JoinSet::new();
        for n in 0..16 {
            let rig = std::sync::Arc::clone(&rig);
            callers.spawn(async move {
                let held = rig.hold(rig.slot(tuesday("10:00")), Some(rig.call().await)).await?;
                rig.confirm_for(held.id, customer("Anna", &format!("+121255501{n:02}"))).await
            });
        }
        let told = callers.join_all().await;
        assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 1, "{told:?}");
        assert_eq!(told.iter().filter(|told| matches!(told, Err(DeskError::Taken))).count(), 15, "{told:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_yes_that_arrives_eight_times_at_once_is_one_booking_and_one_text() {
    each_engine(|store| async move {
        let rig = std::sync::Arc::new(Rig::open(store).await);
        let held = rig.hold(rig.slot(tuesday("10:00")), None).await.unwrap();
        let mut yes = JoinSet::new();
        for _ in 0..8 {
            let rig = std::sync::Arc::clone(&rig);
            yes.spawn(async move { rig.confirm(held.id).await.unwrap().id });
        }
        assert!(yes.join_all().await.into_iter().all(|id| id == held.id));
        assert_eq!(rig.letters(held.id).await, ["booked"]);
    })
    .await;
}

/// The page moves an appointment to ten o'clock while a caller books that very time; twenty times over.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_move_in_the_page_and_a_caller_for_the_same_slot_one_wins_and_the_other_hears_it() {
    each_engine(|store| async move {
        let rig = std::sync::Arc::new(Rig::open(store).await);
        let (mut moved, mut called) = (0, 0);
        for week in 0..7 {
            for (old, new) in [("09:00", "10:00"), ("13:30", "14:30"), ("16:00", "17:00")] {
                let later = |time: &str| tuesday(time) + jiff::SignedDuration::from_hours(24 * 7 * week);
                let (from, to) = (rig.slot(later(old)), rig.slot(later(new)));
                let standing = rig.book(from.starts).await;
                let number = format!("+1212555{:04}", 100 + moved + called);
                let page = {
                    let rig = std::sync::Arc::clone(&rig);
                    async move {
                        let held = rig.move_to(standing.id, to, None).await?;
                        rig.confirm(held.id).await
                    }
                };
                let caller = {
                    let rig = std::sync::Arc::clone(&rig);
                    async move {
                        let held = rig.hold(to, Some(rig.call().await)).await?;
                        rig.confirm_for(held.id, customer("Bo", &number)).await
                    }
                };
                let (page, caller) = tokio::join!(page, caller);
                let told = (page.is_ok(), caller.is_ok());
                assert!(told == (true, false) || told == (false, true), "week {week}, {new}: {page:?} {caller:?}");
                let lost = page.as_ref().err().or(caller.as_ref().err());
                assert!(matches!(lost, Some(DeskError::Taken)), "{lost:?}");
                let old = rig.store.booking(rig.business.id, standing.id).await.unwrap().unwrap();
                let stands = matches!(old.state, deskbell::domain::booking::BookingState::Confirmed { .. });
                assert_eq!(stands, caller.is_ok(), "whoever lost the race keeps what they had");
                if page.is_ok() { moved += 1 } else { called += 1 }
            }
        }
        println!("{moved} moves and {called} callers won");
    })
    .await;
}
