//! Two engines behind one handle: how they are opened, and the macro that writes a statement once for both.

use std::{path::Path, time::Duration};

use sqlx::{
    PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::StoreError;

/// How long a caller's path waits for a connection.
const ACQUIRE: Duration = Duration::from_millis(250);
/// SQLite has one writer, and its queue is in front of the connection: this is the longest anybody stands in it.
const WRITER_QUEUE: Duration = Duration::from_secs(1);
/// Bytes. A turn of a call changes a few hundred bytes in two or three places, and the log takes whole pages: with small
/// ones 5,000 calls write a third as much (measured with `examples/load.rs`; with 4,096 the disk stalled for seconds).
const PAGE: u32 = 1_024;
/// How long a lock of another process is waited for.
const LOCK: Duration = Duration::from_millis(300);
/// Two nodes fit into Postgres's default of 100 connections, with room for an operator.
const POSTGRES_CONNECTIONS: u32 = 32;
const SQLITE_READERS: u32 = 4;

/// One of two things of the same meaning.
#[derive(Clone)]
pub(super) enum Engine<P, S> {
    Postgres(P),
    Sqlite(S),
}

pub(super) type Db = Engine<PgPool, SqlitePool>;
pub(super) type Tx = Engine<Transaction<'static, Postgres>, Transaction<'static, Sqlite>>;

/// Runs a body with the pool or the transaction of whichever engine it is. The body is compiled twice, the SQL is
/// written once.
macro_rules! on {
    ($engine:expr, $it:ident => $body:expr) => {
        match $engine {
            $crate::store::engine::Engine::Postgres($it) => $body,
            $crate::store::engine::Engine::Sqlite($it) => $body,
        }
    };
}
pub(super) use on;

/// A place to read and a place to write. On Postgres they are one pool; SQLite takes one writer at a time, and a queue
/// in front of one connection is fairer, and fails less, than connections that collide.
pub(super) struct Pools {
    pub read: Db,
    pub write: Db,
}

impl Pools {
    pub(super) async fn open(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return postgres(url);
        }
        if url.starts_with("sqlite:") {
            return sqlite(url).await;
        }
        let why = "the database URL starts with neither sqlite: nor postgres:";
        Err(StoreError::Refused(sqlx::Error::Configuration(why.into())))
    }
}

/// Connects lazily: a server that is down now is a server that is not ready, not one that cannot start.
fn postgres(url: &str) -> Result<Pools, StoreError> {
    let options: PgConnectOptions = url.parse()?;
    let options = options.application_name("deskbell").options([
        ("statement_timeout", "500ms"),
        ("lock_timeout", "300ms"),
        ("idle_in_transaction_session_timeout", "5s"),
        // It compiles what looks expensive: a quarter of a second for a year's calls, which are counted in 50 ms without.
        ("jit", "off"),
    ]);
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .min_connections(2)
        .acquire_timeout(ACQUIRE)
        .connect_lazy_with(options);
    Ok(Pools { read: Db::Postgres(pool.clone()), write: Db::Postgres(pool) })
}

/// WAL lets readers go on while one writes. `synchronous = full` syncs the log at every commit, so that a booking that was
/// spoken survives a power cut; with `normal` it would survive `kill -9` of the process, but a power cut could take back
/// the last commits (<https://sqlite.org/pragma.html#pragma_synchronous>). Measured: 0.3 ms a commit on an SSD, 5 ms at the 99th
/// percentile, and no difference in the races; calls' entries share their commits.
async fn sqlite(url: &str) -> Result<Pools, StoreError> {
    let options: SqliteConnectOptions = url.parse()?;
    if url.contains(":memory:") || url.contains("mode=memory") {
        let why = "an in-memory database cannot be shared by readers and a writer: name a file";
        return Err(StoreError::Refused(sqlx::Error::Configuration(why.into())));
    }
    make(options.get_filename()).await.map_err(|error| StoreError::Unavailable(error.into()))?;
    let options = options.page_size(PAGE).foreign_keys(true).busy_timeout(LOCK).statement_cache_capacity(256);
    // What is deleted is overwritten, so that an erasure is one (<https://sqlite.org/pragma.html#pragma_secure_delete>).
    let writing = options.clone().synchronous(SqliteSynchronous::Full).pragma("secure_delete", "on");
    let reading = options.pragma("query_only", "on");
    let pool = |connections, patience| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .min_connections(1)
            .acquire_timeout(patience)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
    };
    write_ahead(&writing).await?;
    let write = pool(1, WRITER_QUEUE).connect_with(writing).await?;
    let read = pool(SQLITE_READERS, ACQUIRE).connect_with(reading).await?;
    Ok(Pools { read: Db::Sqlite(read), write: Db::Sqlite(write) })
}

/// Makes the file and the folder it is in. Names, numbers and secrets are in it: it is its owner's alone, and SQLite
/// gives its companions (`-wal`, `-shm`) the same permissions.
async fn make(file: &Path) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    let mut options = tokio::fs::OpenOptions::new();
    #[cfg(unix)]
    options.mode(0o600);
    options.create(true).append(true).open(file).await.map(drop)
}

/// Puts the file into WAL mode, which stays with it. Changing the mode needs the file for a moment alone and does not
/// wait for it (<https://sqlite.org/pragma.html#pragma_journal_mode>), so a few processes that open a new file together take turns.
async fn write_ahead(options: &SqliteConnectOptions) -> Result<(), StoreError> {
    use sqlx::{ConnectOptions, Connection};
    let options = options.clone().journal_mode(SqliteJournalMode::Wal);
    let mut tries = 0;
    loop {
        tries += 1;
        match options.connect().await {
            Ok(connection) => return Ok(connection.close().await?),
            Err(error) => match StoreError::from(error) {
                StoreError::Unavailable(_) if tries < 50 => tokio::time::sleep(Duration::from_millis(20)).await,
                error => return Err(error),
            },
        }
    }
}

impl Db {
    /// Begins a transaction that may write. On SQLite it takes the write lock at once, so that it cannot fail half-way
    /// for having read first.
    pub(super) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Postgres(pool) => Tx::Postgres(begun(pool).await?),
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin_with("begin immediate").await?),
        })
    }
}

/// Begins in a task of its own, which goes on when whoever waits for it gives up, and then rolls back. Given up itself, it would
/// leave the connection to the next one in a transaction that nobody knows of: what they write is lost, or waits for a lock
/// (sqlx 0.9.0; <https://github.com/transact-rs/sqlx/issues/4393>, mended there since, and not released yet).
#[expect(clippy::disallowed_methods, reason = "it is over in no time, and closing the pool waits for its connection")]
pub(super) async fn begun(pool: &PgPool) -> Result<Transaction<'static, Postgres>, StoreError> {
    let pool = pool.clone();
    let beginning = tokio::spawn(async move { pool.begin().await });
    Ok(beginning.await.map_err(|ended| StoreError::Unavailable(sqlx::Error::Io(ended.into())))??)
}

impl Tx {
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        Ok(on!(self, tx => tx.commit().await)?)
    }
}
