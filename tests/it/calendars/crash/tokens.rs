//! A server is killed while it gets a new token: before the vendor's answer leaves, when it has it and has not written it
//! down, and at random moments around that. A token that is good once is then lost, which is found out by asking once more,
//! and told to the owner once; where the old token stays good, nobody notices.
//!
//! `DESKBELL_TOKEN_KILLS=50 cargo test --test it calendars::crash::tokens -- --nocapture` kills it so often at random, on
//! each engine and for each vendor.

use std::time::Duration;

use deskbell::{
    domain::{
        account::Role,
        connection::{Connection, ConnectionState, Why},
    },
    testing::{
        calendar::{Misdeed, calendly::FakeCalendly, google::FakeGoogle},
        salon,
    },
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tokio::time::sleep;

use super::{
    HAIRCUT, SALON,
    process::{Dice, Process},
    vendor::Played,
};
use crate::{
    store::samples::member,
    support::{
        database::Database,
        postgres::setting,
        server::{BUDGET, eventually},
    },
};

/// When it dies.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Moment {
    /// The vendor has used up the old token, and its answer is on its way for ever.
    Unanswered,
    /// The answer has come, and cannot be written down: somebody else has the database.
    Unwritten,
    /// So many milliseconds after the vendor was asked.
    After(u64),
}

/// What the vendor was asked, and what is known of it here.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen {
    /// Requests for a new token, and those that were refused.
    asked: (usize, usize),
    /// Asked for, and nothing written down.
    open: bool,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn g15_a_server_killed_before_a_single_use_token_is_written_down_ends_in_reconnect_and_no_loop() {
    for database in Database::each().await {
        let mut story: Story<FakeCalendly> = Story::begin(database).await;
        for moment in [Moment::Unanswered, Moment::Unwritten] {
            let seen = story.dies(moment).await;
            assert_eq!(seen, Seen { asked: (1, 0), open: true }, "{moment:?}: {}", story.server.log());
            story.is_lost().await;
        }
        let [lost, kept] = story.dies_at_random().await;
        println!("on {}: {lost} tokens lost, {kept} not", story.server.database().engine);
        story.server.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn g15_a_server_killed_before_a_token_is_written_down_goes_on_where_the_old_one_stays_good() {
    for database in Database::each().await {
        let mut story: Story<FakeGoogle> = Story::begin(database).await;
        for moment in [Moment::Unanswered, Moment::Unwritten] {
            let seen = story.dies(moment).await;
            assert_eq!(seen, Seen { asked: (1, 0), open: true }, "{moment:?}: {}", story.server.log());
            story.goes_on(2).await;
        }
        let [lost, _] = story.dies_at_random().await;
        assert_eq!(lost, 0);
        story.server.end().await;
    }
}

struct Story<V> {
    server: Process<V>,
    connection: Connection,
    dice: Dice,
    /// What the vendor had been asked when this began.
    before: (usize, usize),
    /// How often owners have been told.
    told: usize,
}

impl<V: Played> Story<V> {
    async fn begin(database: Database) -> Self {
        let server: Process<V> = Process::start(database).await;
        let store = server.ledger().await;
        member(&store, salon().id, Role::Owner).await;
        store.close().await;
        let connection = server.connect().await;
        Self { server, connection, dice: Dice::thrown(), before: (0, 0), told: 0 }
    }

    /// Some days ahead.
    fn slots(&self) -> String {
        let from = self.server.clock.date_in(2);
        format!("{SALON}/slots?service={HAIRCUT}&from={from}T09:00:00-05:00&limit=1")
    }

    async fn get_slots(&self) -> Value {
        let path = self.slots();
        self.server.get(&path).await
    }

    fn asked(&self) -> (usize, usize) {
        let counters = self.server.vendor.consent().counters();
        (counters.refreshes - self.before.0, counters.refused - self.before.1)
    }

    /// The account is connected again, its token has run out, callers ask for it, and the server dies.
    async fn dies(&mut self, moment: Moment) -> Seen {
        let kit = self.server.vendor.kit().clone();
        kit.clear_traps();
        kit.forget_asked();
        let counters = self.server.vendor.consent().counters();
        self.before = (counters.refreshes, counters.refused);
        kit.once(
            "POST",
            "token",
            match moment {
                Moment::Unanswered => Misdeed::DoneUnanswered,
                Moment::Unwritten => Misdeed::Slow(Duration::from_secs(2)),
                Moment::After(_) => Misdeed::Slow(Duration::from_millis(20)),
            },
        );
        self.connection = self.server.connect().await;
        self.server.clock.later(SignedDuration::from_hours(3));
        let callers = self.server.asks_without_waiting(&self.slots());
        eventually("a token is asked for", async || kit.count("POST", "token") > 0).await;
        let mut lock = None;
        match moment {
            Moment::Unanswered => eventually("it is used up", async || self.asked().0 == 1).await,
            Moment::Unwritten => {
                lock = Some(Lock::taken(self.server.database()).await);
                eventually("it is answered", async || self.asked().0 == 1).await;
                sleep(Duration::from_millis(150)).await;
            }
            Moment::After(milliseconds) => sleep(Duration::from_millis(milliseconds)).await,
        }
        self.server.kill().await;
        drop(callers);
        if let Some(lock) = lock {
            lock.given_back().await;
        }
        kit.clear_traps();
        // What had reached the vendor by then is done there.
        sleep(Duration::from_millis(50)).await;
        Seen { asked: self.asked(), open: open(self.server.database()).await }
    }

    async fn state(&self) -> ConnectionState {
        let store = self.server.ledger().await;
        let found = store.connection(self.connection.business, self.connection.id).await.unwrap().unwrap();
        store.close().await;
        found.state
    }

    /// Started again; the lease of the one that died runs out.
    async fn lives_again(&mut self) {
        self.server.start_again().await;
        // Callers do not wait for it.
        self.get_slots().await;
        self.server.clock.later(SignedDuration::from_secs(61));
    }

    async fn is_lost(&mut self) {
        self.lives_again().await;
        let lost = |state: ConnectionState| matches!(state, ConnectionState::Reconnect { why: Why::TokenLost, .. });
        eventually("it is found out", async || lost(self.state().await)).await;
        self.told += 1;
        eventually("the owner is told", async || self.server.letters().lines().count() == self.told).await;
        // Whatever is asked from now on, by whom, and how often it is started again: nobody asks the vendor.
        for _ in 0..2 {
            for _ in 0..5 {
                self.server.clock.later(SignedDuration::from_mins(3));
                let found = self.get_slots().await;
                assert!(found["items"].as_array().is_some_and(|items| !items.is_empty()), "{found}");
            }
            sleep(Duration::from_millis(300)).await;
            self.server.kill().await;
            self.server.start_again().await;
        }
        self.books().await;
        assert_eq!(self.asked(), (2, 1), "tried once more, and no loop: {}", self.server.log());
        assert_eq!(self.server.letters().lines().count(), self.told, "told once");
        assert!(lost(self.state().await));
    }

    /// Our own calendar decides, as if nothing were connected.
    async fn books(&mut self) {
        let found = self.get_slots().await;
        let n = self.told + usize::try_from(self.dice.below(9_000)).unwrap();
        let body = json!({"service": HAIRCUT, "starts": found["items"][0]["starts"], "name": "Bo",
            "phone": format!("+1212555{:04}", n % 10_000)});
        let booked = self.server.post(&format!("{SALON}/bookings"), &body, &format!("book-{n}")).await;
        assert!(booked["id"].is_string() && booked["unverified"] != true, "{booked}");
    }

    /// `asked`: how often the vendor is asked for a token in all.
    async fn goes_on(&mut self, asked: usize) {
        self.lives_again().await;
        eventually("a token is got", async || self.asked().0 == asked).await;
        for _ in 0..5 {
            self.server.clock.later(SignedDuration::from_mins(2));
            self.get_slots().await;
        }
        assert_eq!(self.asked(), (asked, 0), "{}", self.server.log());
        assert_eq!(self.state().await, ConnectionState::Active);
        assert_eq!(self.server.letters().lines().count(), self.told, "there is nothing to tell");
    }

    /// How often the token was lost, and how often not.
    async fn dies_at_random(&mut self) -> [usize; 2] {
        let times: usize =
            setting("DESKBELL_TOKEN_KILLS").map_or(3, |times| times.parse().expect("DESKBELL_TOKEN_KILLS is a number"));
        let mut ends = [0, 0];
        for _ in 0..times {
            let moment = Moment::After(self.dice.below(150));
            let seen = self.dies(moment).await;
            assert!(seen.asked.0 <= 1 && seen.asked.1 == 0, "{moment:?}: {seen:?}");
            // Used up there, and not known here.
            let lost = seen == (Seen { asked: (1, 0), open: true }) && V::PROVIDER == FakeCalendly::PROVIDER;
            if lost {
                self.is_lost().await;
            } else {
                self.goes_on(seen.asked.0 + 1).await;
            }
            ends[usize::from(!lost)] += 1;
        }
        ends
    }
}

/// Whether a token was asked for and nothing is written down of what came of it.
async fn open(database: &Database) -> bool {
    let sql = "select count(*) from connections where begun_at is not null";
    let count: i64 = if database.engine == "postgres" {
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    } else {
        let mut connection = SqliteConnection::connect(&database.url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    };
    count == 1
}

/// Somebody else writes to the connections and is not done.
enum Lock {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Lock {
    async fn taken(database: &Database) -> Self {
        let waiting = async {
            if database.engine == "postgres" {
                let mut connection = PgConnection::connect(&database.url).await.unwrap();
                sqlx::raw_sql("begin; select 1 from connections for update").execute(&mut connection).await.unwrap();
                return Self::Postgres(connection);
            }
            let mut connection = SqliteConnection::connect(&database.url).await.unwrap();
            while sqlx::raw_sql("begin immediate").execute(&mut connection).await.is_err() {}
            Self::Sqlite(connection)
        };
        tokio::time::timeout(BUDGET, waiting).await.unwrap()
    }

    async fn given_back(self) {
        match self {
            Self::Postgres(mut connection) => sqlx::raw_sql("rollback").execute(&mut connection).await.map(drop),
            Self::Sqlite(mut connection) => sqlx::raw_sql("rollback").execute(&mut connection).await.map(drop),
        }
        .unwrap();
    }
}
