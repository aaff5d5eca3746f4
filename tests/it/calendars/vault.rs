//! What opens accounts, as it stands in the database: sealed, in its place.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use deskbell::{
    domain::connection::{ConnectionState, Why},
    ports::calendar::Trouble,
    store::connections::{CheckError, Vault},
    testing::calendar::consent::Refresh,
};
use jiff::SignedDuration;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

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

#[tokio::test]
async fn one_account_that_was_spoilt_keeps_no_server_from_starting_and_no_other_from_being_sealed_anew() {
    for database in Database::each().await {
        let store = database.store().await;
        let played = Played::start(Refresh::Kept).await;
        let made = connected(&store, &played, &played.node(&store), 4).await;
        // Another's credential in one row, and another's key in a second one's: somebody has written to the database.
        let of = |at: usize| {
            let id = made[at].business;
            if database.engine == "postgres" { format!("'{id}'") } else { format!("x'{}'", id.0.simple()) }
        };
        let sql = format!(
            "update connections set credential = (select credential from connections where business_id = {1})
                where business_id = {0};
            update data_keys set wrapped = (select wrapped from data_keys where business_id = {1})
                where business_id = {2}",
            of(0),
            of(3),
            of(1)
        );
        execute(&database, &sql).await;
        let rotating = vault(&store, ring(2, &[1]));
        rotating.check().await.unwrap();
        let opened = rotating.opened().await.unwrap();
        assert_eq!((opened.open, opened.closed), (2, 2), "on {}", database.engine);
        // Once for its key, and once for what that key sealed.
        let done = rotating.rotate(now()).await.unwrap();
        assert_eq!((done.connections, done.unreadable), (2, 3), "on {}", database.engine);
        let alone = played.node_with(&store, ring(2, &[]));
        for (at, connection) in made.iter().enumerate() {
            let answer = alone.ask(connection, |access| played.ask(access)).await;
            assert_eq!(answer.is_ok(), at > 1, "on {}: {answer:?}", database.engine);
        }
        store.close().await;
        database.close().await;
    }
}
