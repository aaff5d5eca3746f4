//! `deskbell check`: what is wrong with the settings, or what they come to, before anybody calls.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use clap::Args;
use futures_util::StreamExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

use crate::{
    app::{self, keyring},
    cli,
    config::{Config, TwilioSender, models::Model, settings::MODEL},
    ports::language_model::{LanguageModel, ModelError, Piece, Prompt, Turn, Usage},
    store::Store,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only asks the server that runs with these settings on this machine whether it is alive: a container's health check
    #[arg(long)]
    live: bool,
    /// Also asks each language model one small question, which costs next to nothing
    #[arg(long)]
    models: bool,
}

const PATIENCE: Duration = Duration::from_secs(2);
/// For a model's whole answer. A caller waits four seconds at the most; here it is told how long it takes.
const MODEL_PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let config = match cli::settings() {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    if arguments.live {
        return Ok(alive(config.bind).await);
    }
    print_summary(&config);
    let (works, store) = match database(&config).await {
        Ok((state, store)) => {
            row("database", &format!("{}; {state}", kind(&config)));
            (true, store)
        }
        Err(error) => {
            row("database", &format!("{}; {error:#}", kind(&config)));
            (false, None)
        }
    };
    // Of one that does not answer it cannot be said what is sealed in it.
    let keys = if works { Some(keyring::look(&config, store.as_ref()).await) } else { None };
    match &keys {
        Some(Ok(state)) => row("master key", state),
        Some(Err(error)) => row("master key", &format!("not right: {error:#}")),
        None => {}
    }
    let opens = keys.is_none_or(|keys| keys.is_ok());
    let answer = !arguments.models || ask_models(&config).await?;
    for warning in warnings(&config) {
        println!("  note: {warning}");
    }
    Ok(if works && opens && answer { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Asks every model; whether all of them answered.
async fn ask_models(config: &Config) -> anyhow::Result<bool> {
    let mut all = true;
    for endpoint in app::endpoints(&config.models)? {
        let begun = Instant::now();
        let told = match timeout(MODEL_PATIENCE, first_words(endpoint.model.as_ref())).await {
            Ok(Ok(answer)) => answer.in_words(),
            Ok(Err(error)) => {
                all = false;
                format!("does not answer: {error}{}", advice(&error))
            }
            Err(_) => {
                all = false;
                format!("has not answered within {} seconds", begun.elapsed().as_secs())
            }
        };
        row(&endpoint.name, &told);
    }
    Ok(all)
}

/// How a model answered.
struct Answered {
    first: Option<Duration>,
    whole: Duration,
    usage: Usage,
}

impl Answered {
    fn in_words(&self) -> String {
        let Some(first) = self.first else {
            return "answers, but without a word: a model that thinks first is too slow for the telephone".to_owned();
        };
        let Usage { input, output, .. } = self.usage;
        let slow = if first > SLOW { "; that is slow for a telephone" } else { "" };
        format!(
            "answers: first word after {} ms, all of it after {} ms ({input} tokens in, {output} out){slow}",
            first.as_millis(),
            self.whole.as_millis()
        )
    }
}

/// Without a first word for so long, the next model is asked.
const SLOW: Duration = Duration::from_millis(1_500);

/// The connection is new here, so a first word in a call comes a little sooner.
async fn first_words(model: &dyn LanguageModel) -> Result<Answered, ModelError> {
    let prompt = Prompt {
        system: "You are asked whether you are there. Answer with the word yes and nothing else.".into(),
        tools: Arc::from([]),
        turns: vec![Turn::Caller("Are you there?".to_owned())],
        may_call: false,
        most_tokens: 100,
    };
    let begun = Instant::now();
    let mut first = None;
    let mut answer = model.answer(&prompt).await?;
    while let Some(piece) = answer.next().await {
        match piece? {
            Piece::Words(words) if !words.trim().is_empty() => first = first.or_else(|| Some(begun.elapsed())),
            Piece::Words(_) | Piece::Call(_) => {}
            Piece::End { usage, .. } => return Ok(Answered { first, whole: begun.elapsed(), usage }),
        }
    }
    Err(ModelError::Broken("it ended without its end"))
}

fn advice(error: &ModelError) -> &'static str {
    match error {
        ModelError::Unreachable(_) => "; look at its URL and at the network",
        ModelError::KeyRefused => "; copy the key again from the vendor's console",
        ModelError::Limited { .. } => "; the vendor allows no more, or wants to be paid",
        ModelError::NotAccepted(404) => "; look at the model's name and its URL",
        ModelError::NotAccepted(_) => "; look at its name, its dialect and its extra fields",
        _ => "",
    }
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
    let email = match &config.email {
        Some(smtp) => format!("through {}", smtp.host),
        None => "none: forgotten passwords need `deskbell owner reset`".to_owned(),
    };
    row("e-mail", &email);
    for line in models(config) {
        row("models", &line);
    }
    if !config.models.order.is_empty() {
        let caps = config.models.caps;
        row(
            "they may cost",
            &format!("{} a call, {} a business and day, {} a number", caps.call, caps.business, caps.number),
        );
    }
    row("calls at once", &config.max_calls.to_string());
    row("drains for", &format!("{} seconds", config.drain.as_secs()));
}

/// In the order in which they are tried.
fn models(config: &Config) -> Vec<String> {
    let models = &config.models;
    if models.order.is_empty() {
        return vec!["none: the scripted receptionist answers alone".to_owned()];
    }
    let told = |model: &Model| format!("{}: {} at {}", model.name, model.model, model.host());
    models.order.iter().map(told).collect()
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

/// How the database stands, and the database when it can be looked into. An embedded one that is not there yet is not made
/// by asking.
async fn database(config: &Config) -> anyhow::Result<(&'static str, Option<Store>)> {
    if config.database.file().is_some_and(|file| !file.exists()) {
        return Ok(("will be made when the server starts", None));
    }
    let store = app::open_store(&config.database).await?;
    Ok(if store.migrated().await? {
        ("answers, and its schema is up to date", Some(store))
    } else {
        ("answers; its schema will be brought up to date by `deskbell migrate` or the next start", None)
    })
}

/// What is allowed and yet probably not meant.
fn warnings(config: &Config) -> Vec<String> {
    let mut warnings: Vec<String> = Vec::new();
    if config.twilio.is_some() && config.origin.is_loopback() {
        warnings.push("Twilio cannot reach a loopback origin: set DESKBELL_PUBLIC_ORIGIN".into());
    }
    if config.twilio.as_ref().is_some_and(|twilio| twilio.sender.is_none()) {
        warnings.push("no text message leaves the house: set TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID".into());
    }
    if config.web_calls && !config.origin.is_loopback() {
        warnings.push("anybody may call from the page at /: set DESKBELL_WEB_CALLS=false if that is not meant".into());
    }
    for model in config.models.order.iter().filter(|model| model.price_is_a_guess) {
        let name = model.name.to_ascii_uppercase();
        warnings.push(format!(
            "what {} costs is not set, so it is counted as dear: set {MODEL}{name}_PRICE_INPUT and _PRICE_OUTPUT",
            model.name
        ));
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
