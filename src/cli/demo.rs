//! `deskbell demo`: everything at once for a first look, on this machine alone, with nothing to set.

use std::{
    fmt::Write as _,
    io::{self, IsTerminal, stdin, stdout},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    pin::pin,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;

#[cfg(feature = "testing")]
use super::sandbox::Sandbox;
use super::{call::DEMO_ACCOUNT, serve::exit_code};
use crate::{
    adapters::{clock::SystemClock, email::log::LogEmail, sms::log::LogSms},
    app::{App, Outside},
    cli,
    cli::phone::{
        Api, Phone, PhoneOptions, show_aftermath,
        terminal::{self, Keyboard},
    },
    config::{Calendars, Config, DatabaseUrl, Logging, Models, Origin, Secret, Twilio},
    domain::business::Business,
    lifecycle::Lifecycle,
    telemetry::{self, Output},
};

/// The business that the demo answers for.
const BUSINESS: &str = include_str!("../../fixtures/demo_business.json");
/// The sandbox's page is so many ports further.
#[cfg(feature = "testing")]
const SANDBOX: u16 = 10;
/// How many ports are tried from the first one on.
const PORTS: u16 = 100;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Starts over: forgets the bookings and calls of earlier demos
    #[arg(long)]
    fresh: bool,
    /// Only serves; no phone in the terminal
    #[arg(long)]
    no_phone: bool,
    /// Plays the vendors of calendars and bookings, too, with a page to be their owner on; starts over each time
    #[cfg(feature = "testing")]
    #[arg(long)]
    sandbox: bool,
    /// The port to listen on, or the next free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The folder of the demo's database and log
    #[arg(long, default_value = "data")]
    data: PathBuf,
}

impl Arguments {
    #[cfg(feature = "testing")]
    fn plays_vendors(&self) -> bool {
        self.sandbox
    }

    #[cfg(not(feature = "testing"))]
    fn plays_vendors(&self) -> bool {
        false
    }
}

/// What is made up anew for every demo, and where its files are.
struct Demo {
    business: Business,
    /// Of the settings, when there are any: without, the scripted receptionist answers.
    models: Models,
    origin: Origin,
    auth_token: Secret,
    api_token: Secret,
    database: PathBuf,
    log: PathBuf,
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let has_phone = !arguments.no_phone && stdin().is_terminal() && stdout().is_terminal();
    std::fs::create_dir_all(&arguments.data)
        .with_context(|| format!("the folder {} cannot be made", arguments.data.display()))?;
    let models = match Config::models_from_process() {
        Ok(models) => models,
        Err(mistakes) => {
            cli::report(&mistakes);
            return Ok(ExitCode::FAILURE);
        }
    };
    let listener = first_free(arguments.port).await?;
    let demo = Demo::new(&arguments, listener.local_addr()?.port(), models)?;
    telemetry::start(&Logging::default(), Output::File(&demo.log))?;
    // The vendors of a sandbox know nothing of what an earlier one has let in.
    if arguments.fresh || arguments.plays_vendors() {
        forget(&demo.database)?;
    }
    #[cfg(feature = "testing")]
    let (sandbox, outside) = demo.with_vendors(&arguments, outside(has_phone)).await?;
    #[cfg(feature = "testing")]
    let vendors = sandbox.as_ref().map(Sandbox::address);
    #[cfg(not(feature = "testing"))]
    let (vendors, outside) = (None, outside(has_phone));
    let mut config = demo.config(listener.local_addr()?);
    // Calendly wants an address of everybody, and callers have none; nothing is sent to these.
    config.calendars.alias_domain = arguments.plays_vendors().then(|| "guests.example".to_owned());
    let app = App::build(config, listener, outside).await?;
    let now = app.state.clock.now();
    app.state.store.create_business(&demo.business, now).await.context("the demo business cannot be saved")?;
    let setup = app.setup_address().await?;
    println!("{}", demo.banner(arguments.port, has_phone, setup.as_deref(), vendors));
    if !has_phone {
        return Ok(exit_code(app.run().await?));
    }
    let lifecycle = app.state.lifecycle.clone();
    let mut running = pin!(app.run());
    let ending = tokio::select! {
        // Stopped by a signal: a phone that asks what next would ask nobody.
        ending = &mut running => ending?,
        talked = demo.talk(lifecycle) => {
            talked?;
            running.await?
        }
    };
    Ok(exit_code(ending))
}

/// The text messages are shown after each call when there is a phone; without one they are printed as they go out.
fn outside(has_phone: bool) -> Outside {
    let clock = Arc::new(SystemClock);
    let out: Box<dyn io::Write + Send> = if has_phone { Box::new(io::sink()) } else { Box::new(stdout()) };
    // Letters are printed all the same: what opens an account is shown nowhere else.
    let email = Arc::new(LogEmail::printing_to(Box::new(stdout())));
    Outside { sms: Arc::new(LogSms::printing_to(clock.clone(), out)), email, clock, vendors: None }
}

/// Listens on the first port from `wanted` on that nobody has.
async fn first_free(wanted: u16) -> anyhow::Result<TcpListener> {
    let mut last = None;
    for port in wanted..=wanted.saturating_add(PORTS) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(error),
        }
    }
    let why = last.map(|error| error.to_string()).unwrap_or_default();
    anyhow::bail!("no port from {wanted} on is free: {why}")
}

/// Removes the database, and the two files that SQLite keeps beside it.
fn forget(database: &Path) -> anyhow::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let file = PathBuf::from(format!("{}{suffix}", database.display()));
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{} cannot be removed", file.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

impl Demo {
    fn new(arguments: &Arguments, port: u16, models: Models) -> anyhow::Result<Self> {
        let data = &arguments.data;
        let name = if arguments.plays_vendors() { "sandbox" } else { "demo" };
        Ok(Self {
            business: serde_json::from_str(BUSINESS).context("the demo business cannot be read")?,
            models,
            origin: Origin::loopback(port),
            auth_token: random_token()?,
            api_token: random_token()?,
            database: data.join(format!("{name}.sqlite")),
            log: data.join(format!("{name}.log")),
        })
    }

    fn config(&self, bind: SocketAddr) -> Config {
        let auth_token = self.auth_token.clone();
        Config {
            database: DatabaseUrl::embedded(&self.database),
            bind,
            origin: self.origin.clone(),
            api_token: Some(self.api_token.clone()),
            twilio: Some(Twilio { account_sid: DEMO_ACCOUNT.to_owned(), auth_token, sender: None }),
            email: None,
            google: None,
            calendars: Calendars::default(),
            max_calls: 100,
            // Whoever presses Ctrl-C wants to leave; calls say goodbye at once.
            drain: Duration::ZERO,
            web_calls: true,
            models: self.models.clone(),
            logging: Logging::default(),
        }
    }

    /// The vendors of a sandbox in the place of the world's, when that is wanted.
    #[cfg(feature = "testing")]
    async fn with_vendors(
        &self,
        arguments: &Arguments,
        outside: Outside,
    ) -> anyhow::Result<(Option<Sandbox>, Outside)> {
        if !arguments.sandbox {
            return Ok((None, outside));
        }
        let listener = first_free(arguments.port.saturating_add(SANDBOX)).await?;
        let sandbox = Sandbox::start(listener, outside.clock.clone(), &self.business, self.origin.http()).await?;
        let vendors = Some(sandbox.vendors()?);
        Ok((Some(sandbox), Outside { vendors, ..outside }))
    }

    /// `setup`: the address that makes the first owner, until there is one. `vendors`: the sandbox's page.
    fn banner(&self, wanted: u16, has_phone: bool, setup: Option<&str>, vendors: Option<&str>) -> String {
        let origin = self.origin.http();
        let id = self.business.id;
        let mut text = format!("\nDeskbell answers for {}.\n", self.business.name);
        if !origin.ends_with(&format!(":{wanted}")) {
            let _ = writeln!(text, "Port {wanted} is taken, so it listens on the next free one.");
        }
        let names: Vec<&str> = self.models.order.iter().map(|model| model.name.as_str()).collect();
        let talks =
            if names.is_empty() { "by rules; no model is set (DESKBELL_MODELS)".to_owned() } else { names.join(", ") };
        let rows = [
            ("talks", talks),
            ("page", format!("{origin}/")),
            ("owner", setup.map_or_else(|| format!("{origin}/sign-in"), |setup| format!("{setup} (once)"))),
            ("API", format!("{origin}/docs")),
            ("API token", self.api_token.expose().to_owned()),
            ("health", format!("{origin}/health/ready")),
            ("webhook", format!("{origin}/voice/incoming/{id}")),
            ("database", self.database.display().to_string()),
            ("log", self.log.display().to_string()),
        ];
        let vendors = vendors.map(|address| ("sandbox", format!("{address} (be the owner at the calendars' vendors)")));
        for (name, value) in rows.into_iter().chain(vendors) {
            let _ = writeln!(text, "  {name:<10} {value}");
        }
        if has_phone {
            text.push_str(
                "\nThis terminal is a phone, and it is ringing. Type what the caller says, /help for more.\n",
            );
        } else {
            let token = self.auth_token.expose();
            let program = std::env::args().next().unwrap_or_else(|| "deskbell".to_owned());
            let _ = write!(
                text,
                "\nTo call from a terminal:\n  TWILIO_AUTH_TOKEN={token} {program} call --url {origin} --business {id}\n"
            );
        }
        text
    }

    /// Calls, again and again, until whoever sits at the terminal has enough or the server stops; then stops it.
    async fn talk(&self, lifecycle: Lifecycle) -> anyhow::Result<()> {
        let _stop = lifecycle.stopping.clone().drop_guard();
        let phone = Phone::new(self.phone_options())?;
        let api = Api {
            url: self.origin.http().to_owned(),
            business: self.business.id.to_string(),
            token: self.api_token.clone(),
        };
        let mut keyboard = Keyboard::open();
        while !lifecycle.is_draining() {
            let summary = terminal::talk(&phone, &mut keyboard, &mut stdout()).await?;
            if lifecycle.is_draining() {
                break;
            }
            show_aftermath(&api, &summary.call, &mut stdout()).await?;
            println!("\nPress Enter to call again, or type q to leave.");
            let line = tokio::select! {
                line = keyboard.line() => line,
                () = lifecycle.draining.cancelled() => None,
            };
            if line.is_none_or(|line| line.trim().eq_ignore_ascii_case("q")) {
                break;
            }
        }
        Ok(())
    }

    fn phone_options(&self) -> PhoneOptions {
        PhoneOptions::new(self.origin.http(), &self.business.id.to_string(), DEMO_ACCOUNT, self.auth_token.clone())
    }
}

/// 128 bits from the operating system, in hexadecimal.
fn random_token() -> anyhow::Result<Secret> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).context("the operating system gives no random numbers")?;
    let mut text = String::with_capacity(32);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(Secret::new(text))
}
