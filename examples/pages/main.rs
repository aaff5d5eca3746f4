//! A business with a year behind it, and every page of its owner asked for over a real socket: how long the server takes.
//!
//! It fills a database of its own (10,000 bookings, 10,000 calls with 100,000 lines) through the store, starts the server
//! in this process, signs in, and asks for every page that `web::pages::doors` lists, again and again. With `--serve` it
//! stays there to be looked at.
//!
//! ```text
//! cargo run --release --example pages -- --limit 20
//! cargo run --example pages -- --serve --port 8308 --database sqlite:///tmp/a-year.sqlite
//! ```

mod fill;
mod measure;
mod people;
mod year;

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode};

use anyhow::{Context, anyhow, bail};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use clap::Parser;
use deskbell::{
    adapters::clock::SystemClock,
    app::{self, App, Outside},
    config::Config,
    domain::{
        account::{Role, User},
        ids::{SessionId, UserId},
    },
    ports::clock::Clock as _,
    store::{Store, accounts::NewSession},
};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use fill::Filled;

#[derive(Parser)]
struct Options {
    /// Where the data goes, `sqlite://…` or `postgres://…`; by default a new file in the folder for temporary ones. What
    /// was filled before is used again.
    #[arg(long)]
    database: Option<String>,
    /// The same seed on the same day makes the same business.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    #[arg(long, default_value_t = 10_000)]
    bookings: usize,
    #[arg(long, default_value_t = 10_000)]
    calls: usize,
    /// Sentences in each call.
    #[arg(long, default_value_t = 10)]
    lines: usize,
    /// How often each page is asked for, after a few times that do not count.
    #[arg(long, default_value_t = 100)]
    repeat: usize,
    /// Milliseconds that the 99th percentile of a page may take; more is a failure.
    #[arg(long)]
    limit: Option<f64>,
    /// The same for a week of 300 appointments in the calendar.
    #[arg(long, default_value_t = 100.0)]
    week_limit: f64,
    #[arg(long, default_value_t = 8308)]
    port: u16,
    /// Only these pages: a part of their path.
    #[arg(long)]
    only: Option<String>,
    /// Measures nothing; stays to be looked at until Ctrl-C.
    #[arg(long)]
    serve: bool,
    /// Where the figures are written as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let fresh = std::env::temp_dir().join(format!("deskbell-pages-{}.sqlite", std::process::id()));
    let database = options.database.clone().unwrap_or_else(|| format!("sqlite://{}", fresh.display()));
    let config = config(&options, &database)?;
    let listener = app::listen(config.bind).await?;
    let outside = Outside::real(&config)?;

    let store = app::open_store(&config.database).await?;
    store.migrate().await?;
    let now = SystemClock.now();
    let begun = tokio::time::Instant::now();
    let filled = fill::fill(&store, &options, now).await.context("the business cannot be filled")?;
    println!("filled in {:.1} s: {filled}", begun.elapsed().as_secs_f64());
    let secret = sign_in(&store, &filled, now).await?;

    let app = App::build(config, listener, outside).await?;
    let lifecycle = app.state.lifecycle.clone();
    let origin = format!("http://localhost:{}", options.port);
    if options.serve {
        fill::ring(&store, &filled.business, now).await?;
        println!("\n  {origin}/b/{}\n  cookie  __Host-deskbell={secret}  (secure, path /)\n", filled.business.id);
        app.run().await?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut running = tokio::task::JoinSet::new();
    running.spawn(app.run());
    let asked = measure::run(&options, &origin, &secret, &filled).await;
    lifecycle.draining.cancel();
    lifecycle.stopping.cancel();
    running.join_all().await.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    if options.database.is_none() {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", fresh.display()));
        }
    }
    let report = asked?;
    println!("{report}");
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_string_pretty(&report.pages)?).context("the figures cannot be written")?;
    }
    Ok(if report.failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// As `deskbell serve` would read it, on this machine alone.
fn config(options: &Options, database: &str) -> anyhow::Result<Config> {
    let settings = BTreeMap::from([
        ("DATABASE_URL".to_owned(), database.to_owned()),
        ("DESKBELL_BIND".to_owned(), format!("127.0.0.1:{}", options.port)),
        ("DESKBELL_PUBLIC_ORIGIN".to_owned(), format!("http://localhost:{}", options.port)),
        ("DESKBELL_WEB_CALLS".to_owned(), "true".to_owned()),
    ]);
    Config::load(&settings, None).map_err(|mistakes| anyhow!("{mistakes:?}"))
}

/// An owner with a session; the secret of its cookie.
async fn sign_in(store: &Store, filled: &Filled, now: Timestamp) -> anyhow::Result<String> {
    let mut random = [0; 32];
    getrandom::fill(&mut random)?;
    let secret = URL_SAFE_NO_PAD.encode(random);
    let id = UserId(Uuid::now_v7());
    let email = format!("owner-{}@example.com", &id.0.simple().to_string()[20..]).parse();
    let email = email.map_err(|_| anyhow!("an address for the owner"))?;
    let user = User { id, email, name: "Maria Lopez".to_owned() };
    if !store.add_user(&user, None, now).await? {
        bail!("the owner cannot be written");
    }
    store.set_membership(id, filled.business.id, Role::Owner, now).await?;
    let session = NewSession {
        id: SessionId(Uuid::now_v7()),
        hash: Sha256::digest(&secret).into(),
        user: id,
        device: "Chrome on Linux".to_owned(),
        expires: now + SignedDuration::from_hours(12),
        now,
    };
    store.open_session(&session).await?;
    Ok(secret)
}
