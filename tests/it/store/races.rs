//! Many callers, few times: nobody is booked twice, nobody is lost, nobody sees an error.
//!
//! `cargo test --test it races -- --ignored --nocapture` runs the full 10,000 attempts and prints how long they took. On
//! the throw-away Postgres there is no fsync, so its figures are about waiting for each other, not about the disk.

use std::{sync::Arc, time::Duration};

use deskbell::store::{
    Store,
    bookings::{Confirmed, Held},
};
use jiff::Timestamp;
use sqlx::{Connection, PgConnection, SqliteConnection};
use tokio::{task::JoinSet, time::Instant};

use super::samples::{confirmation, hold, nine_plus, opened, text_message};
use crate::support::database::Database;

const WORKERS: usize = 64;
const SLOTS: usize = 100;
const FEW: usize = 2_000;
const ALL: usize = 10_000;

#[derive(Clone, Copy)]
enum Starts {
    /// One hundred half hours, side by side.
    Aligned,
    /// Any multiple of five minutes in the same time: half hours that overlap in chains.
    EveryFiveMinutes,
}

impl Starts {
    fn pick(self, random: &mut Random) -> Timestamp {
        match self {
            Self::Aligned => nine_plus(30 * random.below(SLOTS)),
            Self::EveryFiveMinutes => nine_plus(5 * random.below((SLOTS - 1) * 6 + 1)),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_callers_for_a_hundred_slots_a_hundred_win() {
    race(Starts::Aligned, FEW).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn starts_every_five_minutes_never_overlap() {
    race(Starts::EveryFiveMinutes, FEW).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the full number, for its figures"]
async fn ten_thousand_callers_for_a_hundred_slots() {
    race(Starts::Aligned, ALL).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the full number, for its figures"]
async fn ten_thousand_callers_for_starts_every_five_minutes() {
    race(Starts::EveryFiveMinutes, ALL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_rush_every_seat_of_a_class_is_given_away_and_no_more() {
    for database in Database::each().await {
        let store = database.store().await;
        let salon = opened(&store).await;
        for class in 0..25 {
            let mut rush = JoinSet::new();
            for _ in 0..12 {
                let (store, mut wish) = (store.clone(), hold(&salon, nine_plus(30 * class)));
                wish.capacity = 3;
                rush.spawn(async move { store.hold(&wish).await.expect("holding never fails") });
            }
            let outcomes = rush.join_all().await;
            let won = outcomes.iter().filter(|outcome| matches!(outcome, Held::Held(_))).count();
            assert_eq!(won, 3, "{}, class {class}", database.engine);
        }
        store.close().await;
        database.close().await;
    }
}

/// What one attempt came to, and how long it took.
struct Attempt {
    won: bool,
    took: Duration,
}

async fn race(starts: Starts, attempts: usize) {
    for database in Database::each().await {
        let store = database.store().await;
        let salon = Arc::new(opened(&store).await);
        let began = Instant::now();
        let mut workers = JoinSet::new();
        for worker in 0..WORKERS {
            let (store, salon) = (store.clone(), Arc::clone(&salon));
            workers.spawn(async move {
                let mut random = Random(worker as u64 + 1);
                let mut done = Vec::new();
                for _ in 0..attempts.div_ceil(WORKERS) {
                    done.push(attempt(&store, &salon, starts.pick(&mut random)).await);
                }
                done
            });
        }
        let done: Vec<Attempt> = workers.join_all().await.into_iter().flatten().collect();
        report(database.engine, began.elapsed(), &done);

        let won = done.iter().filter(|attempt| attempt.won).count();
        if matches!(starts, Starts::Aligned) {
            assert_eq!(won, SLOTS);
        }
        let audit = Audit::of(&database).await;
        assert_eq!(audit.overlaps, 0);
        assert_eq!((audit.confirmed, audit.texts), (i64::try_from(won).unwrap(), i64::try_from(won).unwrap()));
        store.close().await;
        database.close().await;
    }
}

/// A caller who takes the time if it is free, and says yes at once. Whoever does not get it is told that it is taken.
async fn attempt(store: &Store, salon: &deskbell::domain::business::Business, start: Timestamp) -> Attempt {
    let wish = hold(salon, start);
    let began = Instant::now();
    let won = match store.hold(&wish).await.expect("holding never fails") {
        Held::Held(held) => {
            let mut yes = confirmation(&held);
            yes.outbox = vec![text_message(salon.id, held.id, "booked")];
            let confirmed = store.confirm(&yes).await.expect("confirming never fails");
            assert!(matches!(confirmed, Confirmed::Confirmed { .. }), "a hold is a promise: {confirmed:?}");
            true
        }
        Held::Taken => false,
        Held::Replayed(_) => panic!("every caller has a key of their own"),
    };
    Attempt { won, took: began.elapsed() }
}

fn report(engine: &str, whole: Duration, done: &[Attempt]) {
    let figures = |won: Option<bool>| {
        let mut took: Vec<Duration> = done
            .iter()
            .filter(|attempt| won.is_none_or(|won| attempt.won == won))
            .map(|attempt| attempt.took)
            .collect();
        took.sort();
        let at = |share: usize| took[(took.len() - 1) * share / 100];
        format!("{} (p50 {:.1?}, p99 {:.1?}, longest {:.1?})", took.len(), at(50), at(99), at(100))
    };
    println!(
        "{engine}: {} attempts in {whole:.1?}; winners {}; losers {}",
        figures(None),
        figures(Some(true)),
        figures(Some(false))
    );
}

/// What the tables say, asked without our own code.
struct Audit {
    overlaps: i64,
    confirmed: i64,
    texts: i64,
}

impl Audit {
    async fn of(database: &Database) -> Self {
        let sql = "select
            (select count(*) from bookings a join bookings b
                on a.id < b.id and a.staff_id = b.staff_id and a.busy_from < b.busy_to and b.busy_from < a.busy_to
                where a.status in ('held', 'confirmed') and b.status in ('held', 'confirmed')),
            (select count(*) from bookings where status = 'confirmed'),
            (select count(*) from outbox)";
        let (overlaps, confirmed, texts) = if database.engine == "postgres" {
            let mut connection = PgConnection::connect(&database.url).await.unwrap();
            sqlx::query_as(sql).fetch_one(&mut connection).await.unwrap()
        } else {
            let mut connection = SqliteConnection::connect(&database.url).await.unwrap();
            sqlx::query_as(sql).fetch_one(&mut connection).await.unwrap()
        };
        Self { overlaps, confirmed, texts }
    }
}

/// The same race every time (Marsaglia's xorshift, 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % end as u64).unwrap()
    }
}
