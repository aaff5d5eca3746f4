//! Time that a business keeps for itself: what it keeps out, what stays in it, and who wins.

use std::sync::Arc;

use deskbell::{
    domain::{
        block::Block,
        business::Business,
        ids::{BlockId, StaffId},
    },
    store::{
        Store, StoreError,
        blocks::Blocked,
        bookings::{Confirmed, Held},
    },
};
use jiff::Timestamp;
use tokio::task::JoinSet;

use super::samples::{confirmation, confirmed, fresh, held, hold, minutes, nine_plus, now, opened, staff};
use crate::support::database::{Database, each_engine};

fn wanted(salon: &Business, only: Option<StaffId>, from: Timestamp, to: Timestamp) -> Block {
    let id = BlockId(fresh());
    Block { id, business: salon.id, staff: only, from, to, reason: "Training".to_owned(), version: 0 }
}

async fn blocked(store: &Store, block: &Block) -> Block {
    match store.block(block, now()).await.unwrap() {
        Blocked::Done(block) => block,
        Blocked::Overtaken => panic!("nobody was faster"),
    }
}

#[tokio::test]
async fn nobody_is_booked_into_a_block() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let block = blocked(&store, &wanted(&salon, Some(staff(&salon)), nine_plus(60), nine_plus(120))).await;
        for (at, free) in [(30, true), (31, false), (90, false), (119, false), (120, true)] {
            let outcome = store.hold(&hold(&salon, nine_plus(at))).await.unwrap();
            assert_eq!(matches!(outcome, Held::Held(_)), free, "{at} minutes after nine: {outcome:?}");
        }
        let mut other = hold(&salon, nine_plus(90));
        other.slot.staff = salon.staff[1].id;
        held(&store, &other).await;
        assert_eq!(
            store.blocks(salon.id, (nine_plus(119), nine_plus(600))).await.unwrap(),
            std::slice::from_ref(&block)
        );
        assert!(store.blocks(salon.id, (nine_plus(120), nine_plus(600))).await.unwrap().is_empty());
        assert_eq!(store.one_block(salon.id, block.id).await.unwrap(), Some(block));
    })
    .await;
}

#[tokio::test]
async fn a_block_for_everybody_is_one_for_each_of_them_and_of_this_business_alone() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let other = Business { id: deskbell::domain::ids::BusinessId(fresh()), numbers: Vec::new(), ..salon.clone() };
        store.create_business(&other, now()).await.unwrap();
        blocked(&store, &wanted(&salon, None, nine_plus(0), nine_plus(600))).await;
        assert!(matches!(store.hold(&hold(&salon, nine_plus(30))).await.unwrap(), Held::Taken));
        held(&store, &hold(&other, nine_plus(30))).await;
        assert!(store.blocks(other.id, (nine_plus(0), nine_plus(600))).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_was_booked_before_a_block_stays_and_is_listed() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let booked = confirmed(&store, &hold(&salon, nine_plus(60))).await;
        let being_read = held(&store, &hold(&salon, nine_plus(100))).await;
        let block = blocked(&store, &wanted(&salon, None, nine_plus(0), nine_plus(600))).await;
        let inside = store.in_the_way(salon.id, None, (block.from, block.to), 10).await.unwrap();
        assert_eq!(inside.iter().map(|booking| booking.id).collect::<Vec<_>>(), [booked.id]);
        let yes = store.confirm(&confirmation(&being_read)).await.unwrap();
        assert!(matches!(yes, Confirmed::Confirmed { .. }), "a hold is a promise: {yes:?}");
    })
    .await;
}

#[tokio::test]
async fn a_hold_that_ran_out_is_not_confirmed_over_a_block() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let late = held(&store, &hold(&salon, nine_plus(60))).await;
        let after = now() + minutes(4);
        let block = wanted(&salon, None, nine_plus(0), nine_plus(600));
        assert!(matches!(store.block(&block, after).await.unwrap(), Blocked::Done(_)));
        let mut yes = confirmation(&late);
        yes.now = after;
        let outcome = store.confirm(&yes).await.unwrap();
        assert!(matches!(outcome, Confirmed::Taken), "{outcome:?}");
    })
    .await;
}

#[tokio::test]
async fn a_block_is_changed_removed_and_put_back_and_the_slower_of_two_is_told() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let block = blocked(&store, &wanted(&salon, None, nine_plus(0), nine_plus(60))).await;
        assert_eq!(block.version, 1);
        let later = Block { from: nine_plus(120), to: nine_plus(180), ..block.clone() };
        let changed = blocked(&store, &later).await;
        assert_eq!(changed.version, 2);
        assert_eq!(store.block(&block, now()).await.unwrap(), Blocked::Overtaken, "of the version before");
        held(&store, &hold(&salon, nine_plus(0))).await;

        assert!(matches!(store.unblock(salon.id, block.id, now()).await.unwrap(), Blocked::Done(_)));
        assert_eq!(store.unblock(salon.id, block.id, now()).await.unwrap(), Blocked::Overtaken, "once is enough");
        assert_eq!(store.one_block(salon.id, block.id).await.unwrap(), None);
        assert_eq!(store.block(&changed, now()).await.unwrap(), Blocked::Overtaken, "it is gone");
        let there = held(&store, &hold(&salon, nine_plus(120))).await;
        store.release(salon.id, there.id, now()).await.unwrap();

        assert!(matches!(store.block_again(salon.id, block.id, now()).await.unwrap(), Blocked::Done(_)));
        assert!(matches!(store.hold(&hold(&salon, nine_plus(120))).await.unwrap(), Held::Taken));
        assert_eq!(store.block_again(salon.id, block.id, now()).await.unwrap(), Blocked::Overtaken);
    })
    .await;
}

/// Eight callers at different times of an hour, and the owner who blocks it, all at once; thirty times.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_block_and_the_holds_that_race_with_it_none_is_made_after_it() {
    for database in Database::each().await {
        let store = database.store().await;
        let salon = Arc::new(opened(&store).await);
        let mut kept_out = 0;
        for round in 0..30 {
            let hour = 120 * round;
            let block = wanted(&salon, None, nine_plus(hour), nine_plus(hour + 60));
            let mut rush = JoinSet::new();
            for n in 0..8 {
                let (store, salon) = (store.clone(), Arc::clone(&salon));
                rush.spawn(async move {
                    let wish = hold(&salon, nine_plus(hour + 30 * (n % 2)));
                    loop {
                        match store.hold(&wish).await {
                            Ok(Held::Held(_) | Held::Replayed(_)) => return true,
                            Ok(Held::Taken) => return false,
                            Err(error) => assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}"),
                        }
                    }
                });
            }
            let owner = {
                let (store, block) = (store.clone(), block.clone());
                let mut owner = JoinSet::new();
                owner.spawn(async move {
                    // The first answer may have been lost; the second write finds the first.
                    while store.block(&block, now()).await.is_err()
                        && store.one_block(block.business, block.id).await.unwrap().is_none()
                    {}
                    let seen = store.agenda(block.business, (block.from, block.to), now()).await.unwrap();
                    seen.into_iter().map(|kept| kept.booking.id).collect::<Vec<_>>()
                });
                owner
            };
            let held = rush.join_all().await.into_iter().filter(|held| *held).count();
            let when_blocked = owner.join_all().await.concat();
            let now_there = store.agenda(salon.id, (block.from, block.to), now()).await.unwrap();
            assert_eq!(now_there.len(), held, "{}, round {round}", database.engine);
            for kept in now_there {
                let early = when_blocked.contains(&kept.booking.id);
                assert!(early, "{}, round {round}: held after the block was there", database.engine);
            }
            kept_out += usize::from(held < 2);
        }
        println!("{}: in {kept_out} of 30 rounds the block kept somebody out", database.engine);
        store.close().await;
        database.close().await;
    }
}
