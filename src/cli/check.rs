//! `deskbell check`: what is wrong with the settings, or what they come to, before anybody calls.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    process::ExitCode,
    time::Duration,
};

use clap::Args;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    app, cli,
    config::{Config, TwilioSender},
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only asks the server that runs with these settings on this machine whether it is alive: a container's health check
    #[arg(long)]
    live: bool,
}

const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let config = match cli::settings() {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    if arguments.live {
        return Ok(alive(config.bind).await);
    }
    print_summary(&config);
    let database = database(&config).await;
    let (works, state) = match &database {
        Ok(state) => (true, state.clone()),
        Err(error) => (false, format!("{error:#}")),
    };
    row("database", &format!("{}; {state}", kind(&config)));
    for warning in warnings(&config) {
        println!("  note: {warning}");
    }
    Ok(if works { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print_summary(config: &Config) {
    println!("The settings are in order.");
    row("listens on", &config.bind.to_string());
    row("is found at", config.origin.http());
    row("API", if config.api_token.is_some() { "open to whoever has the token" } else { "closed: no token is set" });
    row("browser calls", if config.web_calls { "allowed to everybody who opens the page" } else { "not allowed" });
    let telephone = match &config.twilio {
        Some(twilio) => format!("Twilio account …{}", tail(&twilio.account_sid)),
        None => "none: only the browser can call".to_owned(),
    };
    row("telephone", &telephone);
    let texts = match config.twilio.as_ref().and_then(|twilio| twilio.sender.as_ref()) {
        Some(TwilioSender::From(number)) => format!("through Twilio, from the number ending in {}", number.tail()),
        Some(TwilioSender::MessagingService(service)) => {
            format!("through Twilio, by messaging service …{}", tail(service))
        }
        None => "printed in the log, not sent".to_owned(),
    };
    row("text messages", &texts);
    row("calls at once", &config.max_calls.to_string());
    row("drains for", &format!("{} seconds", config.drain.as_secs()));
}

fn row(name: &str, value: &str) {
    println!("  {name:<14} {value}");
}

fn tail(id: &str) -> &str {
    &id[id.len().saturating_sub(4)..]
}

fn kind(config: &Config) -> String {
    match config.database.file() {
        Some(file) => format!("embedded, {}", file.display()),
        None => "Postgres".to_owned(),
    }
}

/// How the database stands. An embedded one that is not there yet is not made by asking.
async fn database(config: &Config) -> anyhow::Result<String> {
    if config.database.file().is_some_and(|file| !file.exists()) {
        return Ok("will be made when the server starts".to_owned());
    }
    let store = app::open_store(&config.database).await?;
    let state = if store.migrated().await? {
        "answers, and its schema is up to date"
    } else {
        "answers; its schema will be brought up to date by `deskbell migrate` or the next start"
    };
    Ok(state.to_owned())
}

/// What is allowed and yet probably not meant.
fn warnings(config: &Config) -> Vec<&'static str> {
    let mut warnings = Vec::new();
    if config.twilio.is_some() && config.origin.is_loopback() {
        warnings.push("Twilio cannot reach a loopback origin: set DESKBELL_PUBLIC_ORIGIN");
    }
    if config.twilio.as_ref().is_some_and(|twilio| twilio.sender.is_none()) {
        warnings.push("no text message leaves the house: set TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID");
    }
    if config.web_calls && !config.origin.is_loopback() {
        warnings.push("anybody may call from the page at /: set DESKBELL_WEB_CALLS=false if that is not meant");
    }
    warnings
}

async fn alive(bind: SocketAddr) -> ExitCode {
    let host = match bind.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::from(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    match timeout(PATIENCE, ask(SocketAddr::new(host, bind.port()))).await {
        Ok(Ok(true)) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// One HTTP request by hand, since a client would be the larger part of a health check.
async fn ask(server: SocketAddr) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(1024).read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.1 200"))
}
