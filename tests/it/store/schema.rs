//! The schema, the file it may be in, and what a database that is not there looks like.

use deskbell::store::{Store, StoreError};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use super::samples::{confirmed, hold, nine_plus, opened};
use crate::support::database::{Database, each_engine};

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_migrate_at_once() {
    for database in Database::each().await {
        let mut starting = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let url = database.url.clone();
            starting.spawn(async move {
                let store = Store::open(&url).await.unwrap();
                store.migrate().await.unwrap();
                assert!(store.migrated().await.unwrap());
                store.probe().await.unwrap();
                let secret = store.secret("tokens").await.unwrap();
                store.close().await;
                secret
            });
        }
        let secrets = starting.join_all().await;
        assert!(secrets.iter().all(|secret| *secret == secrets[0] && *secret != [0; 32]), "one secret for all");
        database.close().await;
    }
}

#[tokio::test]
async fn an_empty_database_is_not_ready() {
    for database in Database::each().await {
        let store = Store::open(&database.url).await.unwrap();
        assert!(!store.migrated().await.unwrap());
        assert!(store.probe().await.is_err());
        store.migrate().await.unwrap();
        store.migrate().await.unwrap();
        assert!(store.migrated().await.unwrap());
        assert_ne!(store.secret("a").await.unwrap(), store.secret("b").await.unwrap());
        store.close().await;
        assert!(matches!(store.probe().await, Err(StoreError::Unavailable(_))));
        database.close().await;
    }
}

#[tokio::test]
async fn m3_an_older_binary_works_on_a_newer_schema() {
    for database in Database::each().await {
        let store = database.store().await;
        let salon = opened(&store).await;
        confirmed(&store, &hold(&salon, nine_plus(0))).await;
        let bytes = if database.engine == "postgres" { "'\\x00'" } else { "x'00'" };
        let newer = format!(
            "alter table bookings add column colour text;
            insert into _sqlx_migrations (version, description, success, checksum, execution_time)
            values (9000, 'from the future', true, {bytes}, 1)"
        );
        run(&database, &newer).await;
        confirmed(&store, &hold(&salon, nine_plus(30))).await;
        let restarted = Store::open(&database.url).await.unwrap();
        restarted.migrate().await.unwrap();
        assert!(restarted.migrated().await.unwrap());
        store.close().await;
        restarted.close().await;
        database.close().await;
    }
}

/// What no path of the program does: the schema itself must refuse.
#[tokio::test]
async fn the_schema_refuses_what_is_written_behind_our_back() {
    for database in Database::each().await {
        let store = database.store().await;
        let salon = opened(&store).await;
        let first = confirmed(&store, &hold(&salon, nine_plus(0))).await;
        let second = confirmed(&store, &hold(&salon, nine_plus(30))).await;
        let (first, second) = (first.slot.starts, second.slot.starts);
        for (what, overlapping) in [
            ("an overlap", format!("update bookings set busy_to = '{second}' where starts_at = '{second}'")),
            ("a move onto another", format!("update bookings set busy_from = '{first}' where starts_at = '{second}'")),
            ("a second seat 0", "update bookings set session_key = 'same'".to_owned()),
        ] {
            assert!(refused(&database, &overlapping).await, "{}: {what}", database.engine);
        }
        store.close().await;
        database.close().await;
    }
}

#[tokio::test]
async fn m1_a_server_that_is_not_there_is_said_so_quickly() {
    let store = Store::open("postgres://nobody@127.0.0.1:1/none").await.unwrap();
    let began = tokio::time::Instant::now();
    assert!(matches!(store.probe().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.migrated().await, Err(StoreError::Unavailable(_))));
    assert!(began.elapsed() < std::time::Duration::from_secs(2));
    assert!(matches!(Store::open("mysql://root@localhost/x").await, Err(StoreError::Refused(_))));
}

#[tokio::test]
async fn m1_a_lock_that_is_not_given_up_is_not_waited_for() {
    let Some(database) = Database::postgres().await else { return };
    let store = database.store().await;
    let mut operator = PgConnection::connect(&database.url).await.unwrap();
    let mut tx = operator.begin().await.unwrap();
    sqlx::raw_sql("lock table probe in access exclusive mode").execute(&mut *tx).await.unwrap();
    let began = tokio::time::Instant::now();
    assert!(matches!(store.probe().await, Err(StoreError::Unavailable(_))));
    assert!(began.elapsed() < std::time::Duration::from_secs(1));
    tx.rollback().await.unwrap();
    store.probe().await.unwrap();
    store.close().await;
    database.close().await;
}

#[tokio::test]
async fn readiness_writes_and_reads() {
    each_engine(|store| async move {
        store.probe().await.unwrap();
        store.probe().await.unwrap();
    })
    .await;
}

/// Does what the program does not.
pub(super) async fn run(database: &Database, sql: &str) {
    assert!(!refused(database, sql).await);
}

async fn refused(database: &Database, sql: &str) -> bool {
    let sql = AssertSqlSafe(sql.to_owned());
    if database.engine == "postgres" {
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.is_err()
    } else {
        let mut connection = SqliteConnection::connect(&database.url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.is_err()
    }
}

#[tokio::test]
async fn m11_the_database_server_s_clock_can_be_read() {
    let Some(database) = Database::postgres().await else { return };
    let store = database.store().await;
    let theirs = store.server_time().await.unwrap().expect("a server has a clock");
    let apart =
        deskbell::ports::clock::Clock::now(&deskbell::adapters::clock::SystemClock).duration_since(theirs).abs();
    assert!(apart < jiff::SignedDuration::from_mins(2), "{apart:#}");
    database.close().await;
}
