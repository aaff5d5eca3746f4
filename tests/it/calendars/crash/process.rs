//! The server as a process of its own that can be killed: this very test binary, told to be a server. It reaches Google's
//! double, which lives on in the test, and both go by a clock that the test turns.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use deskbell::{
    adapters::{
        calendar::google::{Google, Places},
        clock::SystemClock,
        http,
    },
    app::{self, App, Outside, keyring},
    calendars::opener::{Opened, Opener, With},
    domain::{connection::Account, ids::DeedId, secret::Secret},
    ports::{
        clock::Clock,
        consent::Tokens,
        vendors::{Door, Kind, Vendor, Vendors},
    },
    store::{
        Store,
        audit::Deed,
        connections::{Chosen, Kept},
    },
    telemetry::{self, Output},
    testing::{
        calendar::google::{ANN, ANNS, CLIENT, FakeGoogle, SECRET},
        email::RememberingEmail,
        salon,
        sms::RememberingSms,
    },
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::{
    net::TcpListener,
    process::{Child, Command},
    time::{Instant, sleep},
};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::{
    calendars::rig::{both, uses},
    support::server::{API_TOKEN, config},
};

/// What the process is told: folder, port, Google's address.
const TOLD: &str = "DESKBELL_TEST_CALENDAR_SERVER";

/// The machine's time and what the test adds to it, which stands in a file.
#[derive(Clone, Debug)]
pub(super) struct Hourglass(PathBuf);

impl Hourglass {
    pub(super) fn later(&self, by: SignedDuration) {
        let ahead = self.ahead() + by.as_secs();
        std::fs::write(&self.0, ahead.to_string()).unwrap();
    }

    fn ahead(&self) -> i64 {
        std::fs::read_to_string(&self.0).ok().and_then(|text| text.parse().ok()).unwrap_or_default()
    }

    /// "2026-11-27", so many days from now, in New York.
    pub(super) fn date_in(&self, days: usize) -> String {
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

pub(super) struct Process {
    folder: PathBuf,
    port: u16,
    child: Child,
    /// Milliseconds until it is to be killed in the next request.
    kill_in: Option<u64>,
    pub(super) google: FakeGoogle,
    pub(super) clock: Hourglass,
    client: reqwest::Client,
}

fn database(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("deskbell.sqlite").display())
}

fn vendors(google: &str) -> Vendors {
    let vendor = Arc::new(Google::new(Places::at(google), CLIENT.into(), Secret::new(SECRET)).unwrap());
    Vendors::new(vec![Vendor {
        name: "google_calendar",
        label: "Google Calendar",
        kind: Kind::Diary(Arc::<Google>::clone(&vendor)),
        door: Door::Consent(vendor),
    }])
}

impl Process {
    pub(super) async fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("deskbell-calendar-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let clock = Hourglass(folder.join("ahead"));
        let store = Store::open(&database(&folder)).await.unwrap();
        store.migrate().await.unwrap();
        let mut business = salon();
        uses(&mut business, &["google_calendar"]);
        store.create_business(&business, clock.now()).await.unwrap();
        store.close().await;
        let google = FakeGoogle::start(Arc::new(clock.clone())).await;
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let child = spawn(&folder, port, google.address());
        let client = http::builder().timeout(Duration::from_secs(20)).build().unwrap();
        let process = Self { folder, port, child, kill_in: None, google, clock, client };
        process.ready().await;
        process
    }

    /// Ann connects her calendar.
    pub(super) async fn connect(&self) {
        let store = self.ledger().await;
        let vault = keyring::vault(&config(&database(&self.folder)), &store).await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        let opener = Opener::new(vault, vendors(self.google.address()), clock, TaskTracker::new());
        let (access, refresh) = self.google.consent().let_in(ANN);
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
        let opened = Opened {
            business: salon().id,
            provider: "google_calendar".into(),
            staff: None,
            account: Account { subject: ANN.into(), label: ANNS.into(), home: None },
            with: With::Tokens(tokens),
            renews: None,
        };
        let Some(Kept::New(kept)) = opener.keep(opened, &deed).await.unwrap() else { panic!("it is new") };
        let deed = Deed { id: DeedId(self.clock.new_id()), ..deed };
        let chosen = store.choose((kept.business, kept.id, kept.version), &both(ANNS), None, &deed).await.unwrap();
        assert!(matches!(chosen, Chosen::Saved(_)), "{chosen:?}");
        store.close().await;
    }

    pub(super) async fn ledger(&self) -> Store {
        Store::open(&database(&self.folder)).await.unwrap()
    }

    /// SIGKILL, so many milliseconds into the next change.
    pub(super) fn kill_within(&mut self, milliseconds: u64) {
        self.kill_in = Some(milliseconds);
    }

    pub(super) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    pub(super) async fn start_again(&mut self) {
        self.child = spawn(&self.folder, self.port, self.google.address());
        self.ready().await;
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

    pub(super) async fn get(&mut self, path: &str) -> Value {
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

    pub(super) fn log(&self) -> String {
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(150)..].join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.start_kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn spawn(folder: &Path, port: u16, google: &str) -> Child {
    let log = || File::options().create(true).append(true).open(folder.join("log")).unwrap();
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "calendars::crash::process::a_server_to_be_killed", "--ignored", "--nocapture"])
        .env(TOLD, format!("{}|{port}|{google}", folder.display()))
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
    let [folder, port, google] = told.splitn(3, '|').collect::<Vec<_>>().try_into().unwrap();
    let folder = PathBuf::from(folder);
    let mut config = config(&database(&folder));
    config.bind = format!("127.0.0.1:{port}").parse().unwrap();
    let outside = Outside {
        clock: Arc::new(Hourglass(folder.join("ahead"))),
        sms: Arc::new(RememberingSms::new()),
        email: Arc::new(RememberingEmail::new()),
        vendors: Some(vendors(google)),
    };
    telemetry::start(&config.logging, Output::Stderr).unwrap();
    let listener = app::listen(config.bind).await.unwrap();
    App::build(config, listener, outside).await.unwrap().run().await.unwrap();
}
