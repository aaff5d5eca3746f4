//! What opens accounts, as it stands in the database: sealed, in its place, with keys that change while it is used.

use std::{
    io::Write,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use deskbell::{
    domain::connection::{ConnectionState, Why},
    ports::calendar::Trouble,
    store::connections::{CheckError, Vault},
    testing::calendar::consent::Refresh,
};
use jiff::SignedDuration;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::{sync::Barrier, task::JoinSet};

use super::accounts::{Played, connected, execute, master, ring, vault};
use crate::{
    store::samples::{now, opened},
    support::database::{Database, each_engine},
};

#[tokio::test]
async fn t7_what_was_put_into_another_row_opens_nothing() {
    for database in Database::each().await {
        let store = database.store().await;
        let played = Played::start(Refresh::Kept).await;
        let node = played.node(&store);
        let made = connected(&store, &played, &node, 2).await;
        let ids = |at: usize| {
            if database.engine == "postgres" {
                format!("'{}'", made[at].id)
            } else {
                format!("x'{}'", made[at].id.0.simple())
            }
        };
        // Somebody who can write to the database gives the first business what the second one's owner has opened, key and all.
        let sql = format!(
            "update connections set credential = (select credential from connections where id = {1}),
                data_key_id = (select data_key_id from connections where id = {1}) where id = {0}",
            ids(0),
            ids(1)
        );
        execute(&database, &sql).await;
        played.clock.advance(SignedDuration::from_hours(2));
        let answer = node.ask(&made[0], |access| played.ask(access)).await;
        assert!(matches!(answer, Err(Trouble::Reconnect(Why::Unreadable))), "on {}: {answer:?}", database.engine);
        assert_eq!(played.asked_for_tokens(), (0, 0));
        node.ask(&made[1], |access| played.ask(access)).await.unwrap();
        let first = store.connection(made[0].business, made[0].id).await.unwrap().unwrap();
        assert!(matches!(first.state, ConnectionState::Reconnect { why: Why::Unreadable, .. }));
        store.close().await;
        database.close().await;
    }
}

#[tokio::test]
async fn a_process_without_the_right_master_key_gives_nothing_up() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        let played = Played::start(Refresh::Kept).await;
        let connection = played.connected(&store, &played.node(&store), business).await;
        assert!(vault(&store, ring(1, &[])).check().await.is_ok());
        assert!(vault(&store, ring(2, &[1])).check().await.is_ok());
        let wrong = vault(&store, ring(2, &[3])).check().await;
        assert!(matches!(wrong, Err(CheckError::Missing { master, keys: 1 }) if master == ring(1, &[]).current()));
        assert!(matches!(Vault::new(store.clone(), None).check().await, Err(CheckError::Missing { .. })));
        let node = played.node_with(&store, ring(2, &[]));
        let answer = node.ask(&connection, |access| played.ask(access)).await;
        assert!(matches!(answer, Err(Trouble::Unavailable(_))), "{answer:?}");
        let still = store.connection(business, connection.id).await.unwrap().unwrap();
        assert_eq!(still.state, ConnectionState::Active);
        played.node(&store).ask(&connection, |access| played.ask(access)).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn t11_keys_are_rotated_while_tokens_are_renewed_and_nothing_fails() {
    const BUSINESSES: usize = 8;
    each_engine(|store| async move {
        let played = Played::start(Refresh::Once).await;
        let made = connected(&store, &played, &played.node(&store), BUSINESSES).await;
        let old = vault(&store, ring(1, &[])).sealings().await.unwrap();
        assert_eq!((old.masters, old.newest, old.older), (vec![(ring(1, &[]).current(), 8)], 8, 0));
        // Both nodes know both keys; each takes part in renewing the tokens of every account.
        let nodes = [played.node_with(&store, ring(2, &[1])), played.node_with(&store, ring(2, &[1]))];
        let (stop, renewed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let begin = Arc::new(Barrier::new(BUSINESSES * 2 + 1));
        let mut renewing = JoinSet::new();
        for node in &nodes {
            for connection in &made {
                let (node, connection, played) = (node.clone(), connection.clone(), played.clone());
                let (stop, renewed, begin) = (stop.clone(), renewed.clone(), begin.clone());
                renewing.spawn(async move {
                    begin.wait().await;
                    // All of them together: a hundred a second.
                    let mut pace = tokio::time::interval(Duration::from_millis(160));
                    while !stop.load(Ordering::Relaxed) {
                        pace.tick().await;
                        node.keep_open(&connection, true).await?;
                        node.ask(&connection, |access| played.ask(access)).await?;
                        renewed.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok::<_, Trouble>(())
                });
            }
        }
        begin.wait().await;
        let (began, rotations) = (tokio::time::Instant::now(), 2);
        let rotating = vault(&store, ring(2, &[1]));
        for _ in 0..rotations {
            rotating.rotate(now()).await.unwrap();
        }
        let took = began.elapsed();
        stop.store(true, Ordering::Relaxed);
        for done in renewing.join_all().await {
            done.unwrap();
        }
        eprintln!("{rotations} rotations in {took:?}, {} renewals meanwhile", renewed.load(Ordering::Relaxed));
        rotating.rotate(now()).await.unwrap();
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
    })
    .await;
}

/// What a subscriber has written.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn dump(database: &Database) -> String {
    if database.engine == "sqlite" {
        return database.dump(&[]).await;
    }
    let mut connection = PgConnection::connect(&database.url).await.unwrap();
    let sql = "select table_name from information_schema.tables where table_schema = 'public'";
    let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut connection).await.unwrap();
    let mut text = String::new();
    for table in tables {
        let sql = AssertSqlSafe(format!("select cast(t as text) from {table} t"));
        let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut connection).await.unwrap();
        text = format!("{text}{table}\n{}\n", rows.join("\n"));
    }
    text
}

/// On one thread, so that the subscriber hears everything that is said.
#[tokio::test]
async fn t7_tokens_are_found_nowhere() {
    for database in Database::each().await {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .finish();
        let listening = tracing::subscriber::set_default(subscriber);
        let store = database.store().await;
        let business = opened(&store).await.id;
        let played = Played::start(Refresh::Rotated).await;
        let node = played.node(&store);
        let connection = played.connected(&store, &node, business).await;
        let mut shown = format!("{connection:?}");
        for _ in 0..3 {
            played.clock.advance(SignedDuration::from_hours(2));
            node.ask(&connection, |access| {
                tracing::info!(?access, "asked");
                played.ask(access)
            })
            .await
            .unwrap();
        }
        vault(&store, ring(1, &[])).rotate(now()).await.unwrap();
        played.consent.revoke_account("ann-1");
        let refused = node.ask(&connection, |access| played.ask(access)).await.unwrap_err();
        let listed = store.connections(business).await.unwrap();
        shown = format!("{shown} {refused:?} {refused} {listed:?}");
        drop(listening);
        let tables = dump(&database).await;
        assert!(tables.contains("connections\n") && tables.contains("data_keys\n"));
        let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(logged.contains("asked") && logged.contains("has to be connected again"), "it listened");
        let mut secrets = played.consent.every_token();
        assert!(secrets.len() >= 8, "{} tokens", secrets.len());
        secrets.extend([hex(master(1).expose()), master(1).to_text().expose().to_owned()]);
        for secret in secrets {
            // As text, and as the hexadecimal digits of a column of bytes.
            for form in [secret.clone(), hex(secret.as_bytes())] {
                let lower = tables.to_lowercase();
                assert!(!lower.contains(&form.to_lowercase()), "in the tables, on {}", database.engine);
                assert!(!logged.contains(&form), "in the log, on {}", database.engine);
                assert!(!shown.contains(&form), "in what prints, on {}", database.engine);
            }
        }
        store.close().await;
        database.close().await;
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
