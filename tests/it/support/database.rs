//! A database of its own for each test, on both engines.
//!
//! Real databases answer in real time, so none of these tests can pause the clock.

use std::{future::Future, path::PathBuf};

use deskbell::store::Store;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::postgres;

/// An empty database. `close` removes it.
pub(crate) struct Database {
    pub(crate) engine: &'static str,
    /// What `DATABASE_URL` would say.
    pub(crate) url: String,
    place: Place,
}

enum Place {
    Folder(#[expect(dead_code, reason = "kept to be dropped")] Temporary),
    Server { url: String, name: String },
}

/// A folder that is removed when it is dropped, also when a test fails.
pub(crate) struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("deskbell-test-{}", fresh()));
        let url = format!("sqlite://{}/data/deskbell.db", folder.display());
        Self { engine: "sqlite", url, place: Place::Folder(Temporary(folder)) }
    }

    /// Nothing when there is no server.
    pub(crate) async fn postgres() -> Option<Self> {
        let server = &postgres::server()?.url;
        let name = format!("t_{}", fresh());
        let statement = sqlx::AssertSqlSafe(format!("create database {name}"));
        let mut connection = PgConnection::connect(server).await.expect("the server answers");
        sqlx::raw_sql(statement).execute(&mut connection).await.expect("a database can be made");
        connection.close().await.expect("the connection closes");
        let url = with_database(server, &name);
        Some(Self { engine: "postgres", url, place: Place::Server { url: server.clone(), name } })
    }

    /// Both, or SQLite alone when there is no Postgres.
    pub(crate) async fn each() -> Vec<Self> {
        [Some(Self::sqlite()), Self::postgres().await].into_iter().flatten().collect()
    }

    /// A store on it with the newest schema.
    pub(crate) async fn store(&self) -> Store {
        let store = Store::open(&self.url).await.expect("the database opens");
        store.migrate().await.expect("the schema is made");
        store
    }

    /// Every row of an embedded database as text, without some tables.
    pub(crate) async fn dump(&self, without: &[&str]) -> String {
        let mut connection = sqlx::SqliteConnection::connect(&self.url).await.expect("the database opens");
        let sql = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name";
        let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("it has tables");
        let mut text = String::new();
        for table in tables.iter().filter(|table| !without.contains(&table.as_str())) {
            let sql = format!("select name from pragma_table_info('{table}')");
            let columns: Vec<String> =
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut connection).await.expect("it has columns");
            let row = columns.iter().map(|column| format!("quote({column})")).collect::<Vec<_>>().join(" || '|' || ");
            let sql = format!("select {row} as line from {table} order by line");
            let rows: Vec<String> =
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut connection).await.expect("it has rows");
            text = format!("{text}{table}\n{}\n", rows.join("\n"));
        }
        text
    }

    pub(crate) async fn close(self) {
        let Place::Server { url, name } = self.place else { return };
        let statement = sqlx::AssertSqlSafe(format!("drop database {name} with (force)"));
        let mut connection = PgConnection::connect(&url).await.expect("the server answers");
        sqlx::raw_sql(statement).execute(&mut connection).await.expect("a database can be dropped");
    }
}

/// Runs a story on both engines, one after the other, each on a fresh database.
pub(crate) async fn each_engine<F, Fut>(story: F)
where
    F: Fn(Store) -> Fut,
    Fut: Future<Output = ()>,
{
    for database in Database::each().await {
        // Shown when the story fails.
        eprintln!("on {}", database.engine);
        let opened = database.store().await;
        story(opened.clone()).await;
        opened.close().await;
        database.close().await;
    }
}

/// Random, so that test binaries can run side by side on one server.
pub(crate) fn fresh() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    Uuid::from_bytes(bytes).simple().to_string()
}

/// The same URL with another database in its path.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, String::new()), |(base, query)| (base, format!("?{query}")));
    let authority = base.find("://").map_or(0, |at| at + 3);
    let end = base[authority..].find('/').map_or(base.len(), |at| authority + at);
    format!("{}/{name}{query}", &base[..end])
}
