//! A booking stays true whatever callers, its owner and a vendor do, in whatever order: random stories, the same for the same
//! seed, told by the real desk, store, placements, following and outbox, and judged at every step and at the end.
//!
//! `DESKBELL_TRUTH_SEEDS=17` tells one of them again, `=0..3000` tells many (on SQLite alone).

mod deeds;
mod judge;
mod town;

use std::ops::Range;

use deskbell::store::Store;

use self::town::{Town, Way};
use crate::support::{
    database::{Database, each_engine},
    postgres::setting,
};

const SEEDS: &str = "DESKBELL_TRUTH_SEEDS";

/// What happens in one story.
const DEEDS: usize = 24;

async fn told(store: Store, way: Way, seed: u64) {
    let mut town = Town::built(store, way, seed).await;
    for n in 0..DEEDS {
        town.something_happens().await;
        if n % 8 == 7 {
            town.told_the_truth().await;
            town.nobody_is_forgotten().await;
        }
    }
    town.all_is_well().await;
    town.everything_stands().await;
    town.its_owner_is_followed().await;
    town.everything_stands().await;
}

async fn on_sqlite(way: Way, seeds: Range<u64>) {
    for seed in seeds {
        let database = Database::sqlite();
        let store = database.store().await;
        told(store.clone(), way, seed).await;
        store.close().await;
        database.close().await;
    }
}

/// Those that are asked for, or so many and a few on each engine.
async fn stories(way: Way, usual: u64) {
    if let Some(asked) = setting(SEEDS) {
        let number = |text: &str| text.parse::<u64>().expect("a number");
        let seeds = match asked.split_once("..") {
            Some((from, to)) => number(from)..number(to),
            None => number(&asked)..number(&asked) + 1,
        };
        return on_sqlite(way, seeds).await;
    }
    on_sqlite(way, 0..usual).await;
    each_engine(|store| told(store, way, usual)).await;
}

#[tokio::test]
async fn a_booking_stays_true_in_a_calendar() {
    stories(Way::Diary, 8).await;
}

#[tokio::test]
async fn a_booking_stays_true_at_a_vendor_that_keeps_its_own() {
    stories(Way::Hall { moves: false }, 4).await;
}

#[tokio::test]
async fn a_booking_stays_true_at_a_vendor_that_keeps_its_own_and_moves_them() {
    stories(Way::Hall { moves: true }, 4).await;
}

#[tokio::test]
async fn a_booking_stays_true_at_both() {
    stories(Way::Both, 4).await;
}
