//! The server as a process of its own that can be killed: this very test binary, told to be a server. It reaches a vendor's
//! double, which lives on in the test, and both go by a clock that the test turns.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use deskbell::{
    adapters::{clock::SystemClock, http},
    app::{self, App, Outside, keyring},
    calendars::opener::{Opened, Opener, With},
    config::Config,
    domain::{
        connection::Connection,
        email::EmailAddress,
        ids::DeedId,
        secret::{KeyBytes, Secret},
    },
    jobs::connections::ConnectionKeeper,
    ports::{
        clock::Clock,
        consent::Tokens,
        email::{Email, EmailError},
    },
    store::{
        Store,
        audit::Deed,
        connections::{Chosen, Kept},
    },
    telemetry::{self, Output},
    testing::{salon, sms::RememberingSms},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::{
    net::TcpListener,
    process::{Child, Command},
    task::JoinSet,
    time::{Instant, sleep},
};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::vendor::{Played, vendors};
use crate::{
    calendars::rig::uses,
    support::{
        database::Database,
        server::{API_TOKEN, ORIGIN, config},
    },
};

/// What the process is told: folder, port, provider, its double's address, what it logs, the database's address.
const TOLD: &str = "DESKBELL_TEST_CALENDAR_SERVER";

/// The machine's time and what the test adds to it, which stands in a file.
#[derive(Clone, Debug)]
pub(in crate::calendars) struct Hourglass(PathBuf);

impl Hourglass {
    pub(in crate::calendars) fn later(&self, by: SignedDuration) {
        let ahead = self.ahead() + by.as_secs();
        // As a whole: whoever looked at one that is half written would see time go back.
        let new = self.0.with_extension("new");
        std::fs::write(&new, ahead.to_string()).unwrap();
        std::fs::rename(new, &self.0).unwrap();
    }

    fn ahead(&self) -> i64 {
        std::fs::read_to_string(&self.0).ok().and_then(|text| text.parse().ok()).unwrap_or_default()
    }

    /// "2026-11-27", so many days from now, in New York.
    pub(in crate::calendars) fn date_in(&self, days: usize) -> String {
        let days = i64::try_from(days).unwrap();
        let then = self.now() + SignedDuration::from_hours(24 * days);
        then.to_zoned(salon().zone.tz().clone()).date().to_string()
    }
}

impl Clock for Hourglass {
    fn now(&self) -> Timestamp {
        SystemClock.now() + SignedDuration::from_secs(self.ahead())
    }

    fn new_id(&self) -> Uuid {
        SystemClock.new_id()
    }
}

/// Knuth's MMIX generator; its high bits are the good ones.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn thrown() -> Self {
        let seed = crate::support::postgres::setting("DESKBELL_CALENDAR_SEED").and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| SystemClock.now().as_millisecond().unsigned_abs());
        println!("DESKBELL_CALENDAR_SEED={seed}");
        Self(seed)
    }

    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

pub(in crate::calendars) struct Process<V> {
    folder: PathBuf,
    told: String,
    database: Database,
    port: u16,
    child: Child,
    /// Milliseconds until it is to be killed in the next request.
    kill_in: Option<u64>,
    pub(in crate::calendars) vendor: V,
    pub(in crate::calendars) clock: Hourglass,
    client: reqwest::Client,
}

pub(in crate::calendars) fn master_key() -> KeyBytes {
    KeyBytes::new(std::array::from_fn(|n| u8::try_from(n).unwrap() ^ 0xa5))
}

/// The key seals for the process and for the test, which connects accounts.
fn settings(database: &str) -> Config {
    let mut config = config(database);
    config.calendars.master.key = Some(master_key());
    config
}

impl<V: Played> Process<V> {
    pub(super) async fn start(database: Database) -> Self {
        Self::start_logging(database, "info").await
    }

    /// `log`: as the settings have it.
    pub(in crate::calendars) async fn start_logging(database: Database, log: &'static str) -> Self {
        let folder = std::env::temp_dir().join(format!("deskbell-calendar-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let clock = Hourglass(folder.join("ahead"));
        let store = database.store().await;
        let mut business = salon();
        uses(&mut business, &[V::PROVIDER]);
        store.create_business(&business, clock.now()).await.unwrap();
        store.close().await;
        let vendor = V::start(Arc::new(clock.clone())).await;
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let told =
            format!("{}|{port}|{}|{}|{log}|{}", folder.display(), V::PROVIDER, vendor.kit().address(), database.url);
        let child = spawn(&folder, &told);
        let client = http::builder().timeout(Duration::from_secs(20)).build().unwrap();
        let process = Self { folder, told, database, port, child, kill_in: None, vendor, clock, client };
        process.ready().await;
        process
    }

    /// Ann connects her account, or connects it again.
    pub(super) async fn connect(&self) -> Connection {
        let store = self.ledger().await;
        let vault = keyring::vault(&settings(&self.database.url), &store).await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        let known = vendors(V::PROVIDER, self.vendor.kit().address(), &clock);
        let opener = Opener::new(vault, known, clock, TaskTracker::new());
        let (account, choice) = self.vendor.account();
        let (access, refresh) = self.vendor.consent().let_in(&account.subject);
        let tokens = Tokens {
            access: Secret::new(access),
            good_for: SignedDuration::from_secs(3_599),
            refresh: Some(Secret::new(refresh)),
        };
        let deed = Deed {
            id: DeedId(self.clock.new_id()),
            business: Some(salon().id),
            user: None,
            actor: "Ann".into(),
            deed: "calendar.connected".into(),
            subject: String::new(),
            detail: String::new(),
            at: self.clock.now(),
        };
        let (business, provider) = (salon().id, V::PROVIDER.into());
        let opened = Opened { business, provider, staff: None, account, with: With::Tokens(tokens), renews: None };
        let kept = opener.keep(opened, &deed).await.unwrap().unwrap();
        let (Kept::New(kept) | Kept::Renewed(kept)) = kept else { panic!("it is hers: {kept:?}") };
        let deed = Deed { id: DeedId(self.clock.new_id()), ..deed };
        let chosen = store.choose((kept.business, kept.id, kept.version), &choice, None, &deed).await.unwrap();
        let Chosen::Saved(connection) = chosen else { panic!("{chosen:?}") };
        store.close().await;
        connection
    }

    pub(in crate::calendars) fn database(&self) -> &Database {
        &self.database
    }

    /// The subjects of the letters that it has sent, each on a line.
    pub(in crate::calendars) fn letters(&self) -> String {
        std::fs::read_to_string(self.folder.join("letters")).unwrap_or_default()
    }

    /// Kills it, and takes everything away.
    pub(in crate::calendars) async fn end(mut self) {
        self.kill().await;
        std::fs::remove_dir_all(&self.folder).unwrap();
        self.database.close().await;
    }

    pub(in crate::calendars) async fn ledger(&self) -> Store {
        Store::open(&self.database.url).await.unwrap()
    }

    /// SIGKILL, so many milliseconds into the next change.
    pub(super) fn kill_within(&mut self, milliseconds: u64) {
        self.kill_in = Some(milliseconds);
    }

    pub(super) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    pub(super) async fn start_again(&mut self) {
        self.tell_the_database_the_time().await;
        self.child = spawn(&self.folder, &self.told);
        self.ready().await;
    }

    /// A server refuses to start by another clock than its database's, so that one gets the test's.
    async fn tell_the_database_the_time(&self) {
        if self.database.engine != "postgres" {
            return;
        }
        let sql = format!(
            "create or replace function public.now() returns timestamptz language sql stable
                as $$ select pg_catalog.now() + interval '{} seconds' $$;
            do $$ begin
                execute format('alter database %I set search_path = public, pg_catalog', current_database());
            end $$",
            self.clock.ahead()
        );
        let mut connection = PgConnection::connect(&self.database.url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    }

    async fn ready(&self) {
        let begun = Instant::now();
        let url = format!("http://127.0.0.1:{}/health/ready", self.port);
        loop {
            if self.client.get(&url).send().await.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "not ready after a minute:\n{}", self.log());
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Some callers ask at once; what becomes of them is their own affair.
    pub(super) fn asks_without_waiting(&self, path: &str) -> JoinSet<()> {
        let mut callers = JoinSet::new();
        for _ in 0..3 {
            let request = self.client.get(format!("http://127.0.0.1:{}{path}", self.port)).bearer_auth(API_TOKEN);
            callers.spawn(async move {
                let _ = request.send().await;
            });
        }
        callers
    }

    pub(in crate::calendars) async fn get(&self, path: &str) -> Value {
        self.ask(|client, url| client.get(url), path).await
    }

    /// Sends a change under its key until it is answered, whoever dies meanwhile.
    pub(super) async fn post(&mut self, path: &str, body: &Value, key: &str) -> Value {
        let request = |client: &reqwest::Client, url: &str| {
            let request = client.post(url).header("idempotency-key", key).header("content-type", "application/json");
            request.body(body.to_string())
        };
        if let Some(milliseconds) = self.kill_in.take() {
            let url = format!("http://127.0.0.1:{}{path}", self.port);
            let under_way = request(&self.client, &url).bearer_auth(API_TOKEN).send();
            // Killed meanwhile or just after; the answer is asked for again below, as a program would.
            let _ = tokio::time::timeout(Duration::from_millis(milliseconds), under_way).await;
            self.kill().await;
            self.start_again().await;
        }
        self.ask(request, path).await
    }

    async fn ask(&self, request: impl Fn(&reqwest::Client, &str) -> reqwest::RequestBuilder, path: &str) -> Value {
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        for _ in 0..200 {
            if let Ok(answer) = request(&self.client, &url).bearer_auth(API_TOKEN).send().await {
                let status = answer.status().as_u16();
                let text = answer.text().await.unwrap_or_default();
                // An attempt that died under this key is taken over after a minute.
                let dead = status == 409 && text.contains("key-in-flight");
                if dead {
                    self.clock.later(SignedDuration::from_secs(61));
                }
                if !dead && status < 500 {
                    return serde_json::from_str(&text).unwrap_or_default();
                }
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("{path} is never answered:\n{}", self.log());
    }

    /// A request as a browser sends it; `form` makes a POST of it. Status, where it leads, and the page.
    pub(in crate::calendars) async fn browses(
        &self,
        path: &str,
        session: &str,
        form: Option<&[(&str, &str)]>,
        site: &str,
    ) -> (u16, String, String) {
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        let request = match form {
            None => self.client.get(url),
            Some(form) => {
                let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
                let kind = "application/x-www-form-urlencoded";
                self.client.post(url).header("content-type", kind).header("origin", ORIGIN).body(body)
            }
        };
        let cookie = format!("__Host-deskbell={session}");
        let answer = request.header("cookie", cookie).header("sec-fetch-site", site).send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let text = if header("content-type").contains("event-stream") {
            String::new()
        } else {
            String::from_utf8_lossy(&answer.bytes().await.unwrap()).into_owned()
        };
        (status, header("location"), text)
    }

    pub(in crate::calendars) fn whole_log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.folder.join("log")).unwrap_or_default()).into_owned()
    }

    pub(super) fn log(&self) -> String {
        let log = self.whole_log();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(150)..].join("\n")
    }
}

fn spawn(folder: &Path, told: &str) -> Child {
    let log = || File::options().create(true).append(true).open(folder.join("log")).unwrap();
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "calendars::crash::process::a_server_to_be_killed", "--ignored", "--nocapture"])
        .env(TOLD, told)
        .stdin(Stdio::null())
        .stdout(log())
        .stderr(log())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Not a test: what the process of the test above is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it is the server of another test, and does nothing by itself"]
async fn a_server_to_be_killed() {
    #[expect(clippy::disallowed_methods, reason = "a process is told by its environment what it is to be")]
    let Ok(told) = std::env::var(TOLD) else { return };
    let told = told.splitn(6, '|').collect::<Vec<_>>();
    let [folder, port, provider, address, log, database] = told.try_into().unwrap();
    let folder = PathBuf::from(folder);
    let mut config = settings(database);
    log.clone_into(&mut config.logging.filter);
    config.bind = format!("127.0.0.1:{port}").parse().unwrap();
    let clock: Arc<dyn Clock> = Arc::new(Hourglass(folder.join("ahead")));
    let outside = Outside {
        clock: Arc::clone(&clock),
        sms: Arc::new(RememberingSms::new()),
        email: Arc::new(Letters(folder.join("letters"))),
        vendors: Some(vendors(provider, address, &clock)),
    };
    telemetry::start(&config.logging, Output::Stderr).unwrap();
    let listener = app::listen(config.bind).await.unwrap();
    let app = App::build(config, listener, outside).await.unwrap();
    // Its own goes round once a minute.
    let state = app.state.clone();
    let origin = ORIGIN.to_owned();
    let keeper = ConnectionKeeper::new(state.store.clone(), state.opener.clone(), clock, state.email.clone(), origin);
    let mut going_round = JoinSet::new();
    going_round.spawn(async move {
        loop {
            let _ = keeper.work_off().await;
            sleep(Duration::from_millis(100)).await;
        }
    });
    app.run().await.unwrap();
}

/// Letters in a file that outlives the process.
struct Letters(PathBuf);

#[async_trait]
impl Email for Letters {
    async fn send(&self, _: &EmailAddress, subject: &str, _: &str) -> Result<(), EmailError> {
        use std::io::Write as _;
        let mut file = File::options().create(true).append(true).open(&self.0).unwrap();
        writeln!(file, "{subject}").unwrap();
        Ok(())
    }
}
