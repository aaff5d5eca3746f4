//! `deskbell keys rotate`, the real binary, again and again while accounts are asked and their tokens renewed at a rate of its
//! own: whoever asks does not wait for whoever asked before.
//!
//! A normal run asks 20 times a second for three seconds.
//! `DESKBELL_ROTATION_RATE=100 DESKBELL_ROTATION_SECONDS=20 cargo test --test it calendars::rotation -- --nocapture` asks a
//! hundred times, and shows what it came to.

use std::{fmt::Display, process::Stdio, str::FromStr, time::Duration};

use deskbell::testing::calendar::consent::Refresh;
use deskbell::{calendars::opener::Opener, domain::connection::Connection, ports::calendar::Trouble};
use tokio::{
    process::Command,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval},
};

use super::accounts::{Played, connected, master, ring, vault};
use crate::support::{database::Database, postgres::setting};

const BUSINESSES: usize = 8;

fn number<T: FromStr<Err: Display>>(name: &str, usual: T) -> T {
    setting(name).map_or(usual, |text| text.parse().unwrap_or_else(|error| panic!("{name}: {error}")))
}

#[tokio::test(flavor = "multi_thread")]
async fn t11_keys_are_rotated_while_tokens_are_renewed_and_nothing_fails() {
    let rate: u32 = number("DESKBELL_ROTATION_RATE", 20);
    let lasts = Duration::from_secs(number("DESKBELL_ROTATION_SECONDS", 3));
    for database in Database::each().await {
        let store = database.store().await;
        let played = Played::start(Refresh::Once).await;
        let made = connected(&store, &played, &played.node(&store), BUSINESSES).await;
        let old = vault(&store, ring(1, &[])).sealings().await.unwrap();
        assert_eq!((old.masters, old.newest, old.older), (vec![(ring(1, &[]).current(), 8)], 8, 0));
        // Both nodes know both keys; each takes part in renewing the tokens of every account.
        let nodes = [(); 2].map(|()| played.node_with(&store, ring(2, &[1])));
        let (rotating, mut rotations) = (rotate(&database.url), 0);
        let mut rotating = Box::pin(rotating);
        let began = Instant::now();
        let mut pace = interval(Duration::from_secs(1) / rate);
        pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let (mut asking, mut asked) = (JoinSet::new(), 0);
        loop {
            tokio::select! {
                due = pace.tick() => {
                    let (node, connection) = (nodes[asked % 2].clone(), made[asked / 2 % BUSINESSES].clone());
                    let (played, renews) = (played.clone(), (asked / (2 * BUSINESSES)).is_multiple_of(2));
                    asked += 1;
                    asking.spawn(async move {
                        let answer = ask(&played, &node, &connection, renews).await;
                        (due.elapsed(), renews, answer)
                    });
                }
                () = &mut rotating => {
                    rotations += 1;
                    if began.elapsed() >= lasts {
                        break;
                    }
                    rotating = Box::pin(rotate(&database.url));
                }
            }
        }
        drop(rotating);
        let took = began.elapsed();
        let done = asking.join_all().await;
        let failed: Vec<_> = done.iter().filter_map(|(.., answer)| answer.as_ref().err()).collect();
        println!(
            "on {}: {rotations} rotations in {took:.1?}, {:.0} requests a second meanwhile, {} failed; {}; {}",
            database.engine,
            f64::from(u32::try_from(asked).unwrap()) / took.as_secs_f64(),
            failed.len(),
            told("renewals", done.iter().filter(|(_, renews, _)| *renews).map(|(took, ..)| *took)),
            told("questions", done.iter().filter(|(_, renews, _)| !*renews).map(|(took, ..)| *took)),
        );
        assert!(failed.is_empty(), "{failed:?}");
        // Nothing is left of the old master key, nor of the old data keys: the new one alone opens everything.
        let alone = vault(&store, ring(2, &[]));
        alone.check().await.unwrap();
        let left = alone.sealings().await.unwrap();
        assert_eq!((left.masters, left.newest, left.older), (vec![(ring(2, &[]).current(), 8)], 8, 0));
        let node = played.node_with(&store, ring(2, &[]));
        for connection in &made {
            node.ask(connection, |access| played.ask(access)).await.unwrap();
        }
        assert_eq!(played.asked_for_tokens().1, 0);
        store.close().await;
        database.close().await;
    }
}

async fn ask(played: &Played, node: &Opener, connection: &Connection, renews: bool) -> Result<(), Trouble> {
    if renews {
        node.keep_open(connection, true).await
    } else {
        node.ask(connection, |access| played.ask(access)).await
    }
}

/// The operator, in another process.
async fn rotate(database: &str) {
    let rotating = Command::new(env!("CARGO_BIN_EXE_deskbell"))
        .args(["keys", "rotate"])
        .current_dir(std::env::temp_dir())
        .env_clear()
        .env("DATABASE_URL", database)
        .env("DESKBELL_MASTER_KEY", master(2).to_text().expose())
        .env("DESKBELL_MASTER_KEYS_OLD", master(1).to_text().expose())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = rotating.await.unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success() && said.contains("Nothing that opens is sealed with an old key"), "{said}");
}

fn told(what: &str, took: impl Iterator<Item = Duration>) -> String {
    let mut took: Vec<_> = took.collect();
    took.sort();
    let at = |part: usize| took.get(took.len() * part / 100).copied().unwrap_or_default();
    format!(
        "{} {what}: p50 {:.0?}, p99 {:.0?}, longest {:.0?}",
        took.len(),
        at(50),
        at(99),
        took.last().copied().unwrap_or_default()
    )
}
