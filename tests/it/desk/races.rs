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
