//! Time that the business keeps for itself, as callers meet it.

use std::sync::Arc;

use deskbell::{
    domain::{block::Block, ids::StaffId},
    ports::desk::{Desk, DeskError, KeepFree},
};
use jiff::Timestamp;

use super::rig::{Rig, tuesday};
use crate::support::database::each_engine;

fn keep(rig: &Rig, staff: Option<StaffId>, from: &str, to: &str) -> KeepFree {
    KeepFree {
        business: Arc::clone(&rig.business),
        staff,
        from: tuesday(from),
        to: tuesday(to),
        reason: "Fire drill".to_owned(),
        instead_of: None,
    }
}

async fn starts(rig: &Rig) -> Vec<Timestamp> {
    rig.desk.find(rig.on_tuesday()).await.unwrap().iter().map(|slot| slot.starts).collect()
}

#[tokio::test]
async fn a_caller_hears_of_a_block_as_of_any_taken_time() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let before = starts(&rig).await;
        assert!(before.contains(&tuesday("10:00")));
        let block = rig.desk.block(keep(&rig, None, "10:00", "11:00")).await.unwrap();
        let with_block = starts(&rig).await;
        let gone: Vec<_> = before.iter().filter(|start| !with_block.contains(start)).collect();
        let wanted = ["09:30", "09:45", "10:00", "10:15", "10:30", "10:45"].map(tuesday);
        assert_eq!(gone, wanted.iter().collect::<Vec<_>>(), "every haircut that would touch it");
        let call = rig.call().await;
        assert!(matches!(rig.hold(rig.slot(tuesday("10:15")), Some(call)).await, Err(DeskError::Taken)));
        rig.desk.unblock(&rig.business, block.id).await.unwrap();
        assert_eq!(starts(&rig).await, before);
        assert!(matches!(rig.desk.unblock(&rig.business, block.id).await, Err(DeskError::Gone)));
        rig.desk.block_again(&rig.business, block.id).await.unwrap();
        assert_eq!(starts(&rig).await, with_block);
    })
    .await;
}

#[tokio::test]
async fn one_members_block_is_not_the_others() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let james = rig.business.staff[1].id;
        rig.desk.block(keep(&rig, Some(james), "10:00", "11:00")).await.unwrap();
        assert!(starts(&rig).await.contains(&tuesday("10:00")), "Maria works on");
    })
    .await;
}

#[tokio::test]
async fn a_block_that_makes_no_sense_is_refused_and_a_long_reason_is_cut() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let stranger = StaffId(uuid::Uuid::from_u128(9));
        for wrong in [
            keep(&rig, None, "11:00", "10:00"),
            keep(&rig, None, "11:00", "11:00"),
            keep(&rig, Some(stranger), "10:00", "11:00"),
            KeepFree {
                to: tuesday("10:00") + jiff::SignedDuration::from_hours(24 * 400),
                ..keep(&rig, None, "10:00", "11:00")
            },
        ] {
            assert!(matches!(rig.desk.block(wrong.clone()).await, Err(DeskError::NotOffered)), "{wrong:?}");
        }
        let long = KeepFree { reason: "no ".repeat(1000), ..keep(&rig, None, "10:00", "11:00") };
        let Block { reason, .. } = rig.desk.block(long).await.unwrap();
        assert_eq!(reason.chars().count(), 120);
    })
    .await;
}
