//! The schema: bringing it up to date, and knowing whether it is.

use std::collections::HashMap;

use sqlx::{
    Connection, PgPool, SqlitePool,
    migrate::{MigrateError, Migrator},
};

use super::{
    Store, StoreError,
    engine::{Db, on},
    error::is_missing_table,
};

static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");
static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");

impl Store {
    /// Brings the schema up to date; safe to run from several processes at once.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &self.write {
            Db::Postgres(pool) => migrate_postgres(pool).await,
            Db::Sqlite(pool) => migrate_sqlite(pool).await,
        }
    }

    /// Whether the schema is the one this binary knows. A newer one is too: it was made for both (migrations/README.md).
    pub async fn migrated(&self) -> Result<bool, StoreError> {
        let ours = match self.write {
            Db::Postgres(_) => &POSTGRES,
            Db::Sqlite(_) => &SQLITE,
        };
        let sql = "select version, checksum from _sqlx_migrations where success = true";
        let applied = on!(&self.read, db => sqlx::query_as::<_, (i64, Vec<u8>)>(sql).fetch_all(db).await);
        let applied: HashMap<i64, Vec<u8>> = match applied {
            Ok(rows) => rows.into_iter().collect(),
            Err(error) if is_missing_table(&error) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        Ok(ours.iter().all(|ours| applied.get(&ours.version).is_some_and(|sum| **sum == *ours.checksum)))
    }
}

/// An older binary must start on a newer schema.
fn tolerant(migrator: &Migrator) -> Migrator {
    let mut migrator = Migrator::with_migrations(migrator.iter().cloned().collect());
    migrator.set_ignore_missing(true);
    migrator
}

/// On a connection of its own, since the budgets of a caller's statement are too short for this. The migrator holds an
/// advisory lock meanwhile.
async fn migrate_postgres(pool: &PgPool) -> Result<(), StoreError> {
    let mut connection = sqlx::PgConnection::connect_with(&pool.connect_options()).await?;
    sqlx::raw_sql("set statement_timeout = 0; set lock_timeout = '10s'").execute(&mut connection).await?;
    let migrated = tolerant(&POSTGRES).run_direct(None, &mut connection, false).await;
    connection.close().await?;
    migrated.map_err(refused)
}

/// The migrator knows no lock for SQLite, so the write lock is taken around it; its own transactions become savepoints.
async fn migrate_sqlite(pool: &SqlitePool) -> Result<(), StoreError> {
    let options = pool.connect_options().as_ref().clone().busy_timeout(std::time::Duration::from_secs(10));
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await?;
    let mut tx = connection.begin_with("begin immediate").await?;
    tolerant(&SQLITE).run_direct(None, &mut *tx, false).await.map_err(refused)?;
    tx.commit().await?;
    Ok(connection.close().await?)
}

fn refused(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        error => StoreError::Refused(sqlx::Error::Migrate(Box::new(error))),
    }
}
