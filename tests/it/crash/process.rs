//! The real binary, as a process that can be killed and started again in the same place.

use std::{
    fs::File,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use deskbell::{
    adapters::clock::SystemClock,
    cli::phone::{Phone, PhoneOptions},
    config::Secret,
    domain::ids::BusinessId,
    ports::clock::Clock,
    store::Store,
    testing,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
    time::{Instant, sleep},
};

use crate::support::{database::Database, postgres::setting};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "c0ffee5eed5ca1ab1e0ddba11";

/// A server with a database and a port of its own, and the demo salon in it.
pub(super) struct Server {
    folder: PathBuf,
    database: String,
    port: u16,
    child: Child,
}

impl Server {
    /// Makes the database and starts the first process.
    pub(super) async fn start() -> Self {
        let port = free_port().await;
        let folder = std::env::temp_dir().join(format!("deskbell-crash-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let database = database(&folder).await;
        let store = Store::open(&database).await.unwrap();
        store.migrate().await.unwrap();
        store.create_business(&testing::salon(), SystemClock.now()).await.unwrap();
        store.close().await;
        let child = spawn(&folder, &database, port, "30", None);
        let server = Self { folder, database, port, child };
        server.ready().await;
        server
    }

    /// As [`start`](Self::start), with standard error going to a device that is always full.
    pub(super) async fn start_without_room_for_logs() -> Self {
        let mut server = Self::start().await;
        server.kill().await;
        let full = File::options().write(true).open("/dev/full").unwrap();
        server.child = spawn(&server.folder, &server.database, server.port, "30", Some(full));
        server.ready().await;
        server
    }

    /// As [`start`](Self::start), with no more than this many files and sockets open at a time.
    pub(super) async fn start_with_few_files(most: u32) -> Self {
        let mut server = Self::start().await;
        server.kill().await;
        server.child = spawn(&server.folder, &server.database, server.port, "30", None);
        let process = server.child.id().expect("the process is there").to_string();
        let limit = format!("--nofile={most}:{most}");
        assert!(Command::new("prlimit").args(["--pid", &process, &limit]).status().await.unwrap().success());
        server.ready().await;
        server
    }

    /// A connection that says nothing.
    pub(super) async fn silent_connection(&self) -> Option<TcpStream> {
        tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(("127.0.0.1", self.port))).await.ok()?.ok()
    }

    /// SIGKILL: nothing in the process runs any more, and nobody is told.
    pub(super) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Another process in the same place.
    pub(super) fn start_again(&mut self) {
        self.child = spawn(&self.folder, &self.database, self.port, "30", None);
    }

    /// Sends a signal by name, "TERM".
    pub(super) async fn signal(&self, name: &str) {
        let process = self.child.id().expect("the process is there").to_string();
        assert!(Command::new("kill").args(["-s", name, &process]).status().await.unwrap().success());
    }

    /// How the process ended by itself.
    pub(super) async fn ended(&mut self) -> ExitStatus {
        tokio::time::timeout(Duration::from_secs(20), self.child.wait()).await.expect("it ends").unwrap()
    }

    /// Waits until calls may be sent to it, and says how long that took.
    pub(super) async fn ready(&self) -> Duration {
        let begun = Instant::now();
        while !self.answers("/health/ready").await {
            assert!(begun.elapsed() < Duration::from_secs(20), "not ready after 20 s:\n{}", self.log());
            sleep(Duration::from_millis(5)).await;
        }
        begun.elapsed()
    }

    /// Waits until a call is live; one that is still to connect is refused by a server that drains.
    pub(super) async fn has_answered(&self) {
        let begun = Instant::now();
        while !self.log().contains("answered") {
            assert!(begun.elapsed() < Duration::from_secs(20), "no call after 20 s:\n{}", self.log());
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Whether a page of it is there and well.
    pub(super) async fn answers(&self, path: &str) -> bool {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)).await else { return false };
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let mut answer = Vec::new();
        stream.write_all(request.as_bytes()).await.is_ok()
            && stream.read_to_end(&mut answer).await.is_ok()
            && answer.starts_with(b"HTTP/1.1 200")
    }

    /// A telephone that rings here, as Twilio would.
    pub(super) fn phone(&self) -> Phone {
        self.phone_of(None)
    }

    /// The same, with a number of its own.
    pub(super) fn phone_of(&self, number: Option<&str>) -> Phone {
        let url = format!("http://127.0.0.1:{}", self.port);
        let business = business().to_string();
        let mut options = PhoneOptions::new(&url, &business, ACCOUNT, Secret::new(TOKEN));
        options.patience = Duration::from_secs(20);
        if let Some(number) = number {
            number.clone_into(&mut options.from);
        }
        Phone::new(options).unwrap()
    }

    /// The ledger, beside the process that may be using it.
    pub(super) async fn ledger(&self) -> Store {
        Store::open(&self.database).await.unwrap()
    }

    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.start_kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(super) fn business() -> BusinessId {
    testing::salon().id
}

/// A file in the server's folder; with `DESKBELL_KILLS_ENGINE=postgres` a database on the tests' Postgres.
async fn database(folder: &std::path::Path) -> String {
    if setting("DESKBELL_KILLS_ENGINE").is_some_and(|engine| engine == "postgres") {
        return Database::postgres().await.expect("there is a Postgres").url;
    }
    format!("sqlite://{}", folder.join("deskbell.sqlite").display())
}

fn spawn(folder: &std::path::Path, database: &str, port: u16, drain: &str, stderr: Option<File>) -> Child {
    let log = || File::options().create(true).append(true).open(folder.join("log")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_deskbell"))
        .arg("serve")
        .current_dir(folder)
        .env_clear()
        .env("DATABASE_URL", database)
        .env("DESKBELL_BIND", format!("127.0.0.1:{port}"))
        .env("DESKBELL_DRAIN_SECONDS", drain)
        .env("TWILIO_ACCOUNT_SID", ACCOUNT)
        .env("TWILIO_AUTH_TOKEN", TOKEN)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(stderr.unwrap_or_else(log))
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// A port outside the range that the system gives to outgoing connections, which would sit on it while we are dead.
async fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 10_000 + u16::try_from(std::process::id() % 200).unwrap() * 100;
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed) % 2_000;
        if TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            return port;
        }
    }
}
