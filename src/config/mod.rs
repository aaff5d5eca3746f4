//! Settings: read once, from the environment and an optional file, every mistake reported by its setting's name.
//!
//! What is wrong is said all at once, so that nobody starts the server five times to find five mistakes, and a message
//! never holds the value of a secret.

mod calendars;
mod email;
mod identity;
pub mod models;
mod origin;
pub mod settings;
mod sources;
#[cfg(test)]
mod tests;
mod told;

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

pub use calendars::{Calendars, Client, MasterKeys};
pub use email::{Smtp, SmtpTls};
pub use identity::Google;
pub use models::Models;
pub use origin::Origin;
use settings as s;
use sources::Given;
pub use told::Missing;

use crate::domain::phone::PhoneNumber;
pub use crate::domain::secret::Secret;

/// Everything that can be set, understood and checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// `DATABASE_URL`; never empty here: the embedded default has been filled in.
    pub database: DatabaseUrl,
    /// `DESKBELL_BIND`.
    pub bind: SocketAddr,
    /// `DESKBELL_PUBLIC_ORIGIN`: what callers' providers dial, and what signatures are made over.
    pub origin: Origin,
    /// `DESKBELL_API_TOKEN`; without it the API is closed.
    pub api_token: Option<Secret>,
    /// `TWILIO_…`; without it only the browser can call.
    pub twilio: Option<Twilio>,
    /// `DESKBELL_SMTP_URL`, `DESKBELL_EMAIL_FROM`; without them no e-mail is sent.
    pub email: Option<Smtp>,
    /// `DESKBELL_GOOGLE_…`; without it nobody signs in with Google, or connects its calendar.
    pub google: Option<Google>,
    /// `DESKBELL_MASTER_KEY…` and the calendars' vendors.
    pub calendars: Calendars,
    /// `DESKBELL_MAX_CALLS`: how many calls at once before new ones are refused politely.
    pub max_calls: usize,
    /// `DESKBELL_DRAIN_SECONDS`: how long calls may go on after the first stop signal.
    pub drain: Duration,
    /// `DESKBELL_WEB_CALLS`: whether the page at `/` lets anybody call the first business from the browser.
    pub web_calls: bool,
    /// `DESKBELL_MODELS` and what belongs to it.
    pub models: Models,
    /// `DESKBELL_LOG`, `DESKBELL_LOG_FORMAT`.
    pub logging: Logging,
}

/// What is logged, and how it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logging {
    /// As `tracing` filters are written: "info", "deskbell=debug,warn".
    pub filter: String,
    pub format: LogFormat,
}

impl Default for Logging {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Text }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line, for machines.
    Json,
}

/// A database URL, which may hold a password. Prints as its scheme alone.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub String);

impl DatabaseUrl {
    /// The embedded database: one file. It is made, with its folder, when the server starts.
    pub fn embedded(file: &Path) -> Self {
        Self(format!("sqlite://{}", file.display()))
    }

    /// The file of an embedded database.
    pub fn file(&self) -> Option<&Path> {
        let path = self.0.strip_prefix("sqlite://").or_else(|| self.0.strip_prefix("sqlite:"))?;
        Some(Path::new(path.split('?').next().unwrap_or(path)))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({}:…)", self.0.split(':').next().unwrap_or_default())
    }
}

#[derive(Clone, Debug)]
pub struct Twilio {
    pub account_sid: String,
    pub auth_token: Secret,
    pub sender: Option<TwilioSender>,
}

#[derive(Clone, Debug)]
pub enum TwilioSender {
    From(PhoneNumber),
    MessagingService(String),
}

/// What is wrong with a setting, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Its name, as it would have to be written.
    pub setting: String,
    /// A sentence that goes on after the name. Never holds the value of a secret.
    pub why: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.why)
    }
}

/// The embedded database's file, in the folder that `DESKBELL_DATA` names.
const EMBEDDED_FILE: &str = "deskbell.sqlite";
/// T32: short enough to guess is as good as none. 16 characters of a random generator are 64 bits at the least.
const SHORTEST_SECRET: usize = 16;

impl Config {
    /// Reads the process's environment and the settings file.
    pub fn from_process() -> Result<Self, Vec<Mistake>> {
        let (environment, mut mistakes) = sources::environment(std::env::vars_os());
        let file = sources::file(&environment).unwrap_or_else(|mistake| {
            mistakes.push(mistake);
            None
        });
        match Self::load(&environment, file.as_deref()) {
            Ok(config) if mistakes.is_empty() => Ok(config),
            Ok(_) => Err(mistakes),
            Err(more) => Err([mistakes, more].concat()),
        }
    }

    /// The language models of the process's environment and settings file, whatever else stands there.
    ///
    /// # Errors
    /// Everything that is wrong about them.
    pub fn models_from_process() -> Result<Models, Vec<Mistake>> {
        let (environment, _) = sources::environment(std::env::vars_os());
        let file = sources::file(&environment).map_err(|mistake| vec![mistake])?;
        let mut given = Given::read(&environment, file.as_deref());
        given.mistakes.clear();
        let models = models::models(&mut given);
        if given.mistakes.is_empty() { Ok(models) } else { Err(in_order(given.mistakes)) }
    }

    /// `environment`: variables by name, of which only ours are looked at. `file`: the text of the settings file.
    ///
    /// # Errors
    /// Everything that is wrong, not only the first.
    pub fn load(environment: &BTreeMap<String, String>, file: Option<&str>) -> Result<Self, Vec<Mistake>> {
        let mut given = Given::read(environment, file);
        let bind = given.parsed(s::BIND, bind).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
        let database = database(&mut given);
        let origin = origin(&mut given, bind);
        let api_token = given.parsed(s::API_TOKEN, strong).map(Secret::new);
        let twilio = twilio(&mut given);
        let email = email::email(&mut given);
        let google = identity::google(&mut given);
        let calendars = calendars::calendars(&mut given);
        let max_calls = given.parsed(s::MAX_CALLS, |text| whole(text, 1, 100_000)).unwrap_or(1_000);
        let drain = given.parsed(s::DRAIN_SECONDS, |text| whole(text, 0, 86_400)).unwrap_or(900);
        let web_calls = given.parsed(s::WEB_CALLS, flag).unwrap_or(bind.ip().is_loopback());
        let models = models::models(&mut given);
        let logging = logging(&mut given);
        match origin {
            Some(origin) if given.mistakes.is_empty() => Ok(Self {
                database,
                bind,
                origin,
                api_token,
                twilio,
                email,
                google,
                calendars,
                max_calls,
                drain: Duration::from_secs(drain),
                web_calls,
                models,
                logging,
            }),
            _ => Err(in_order(given.mistakes)),
        }
    }
}

fn bind(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr =
        text.parse().map_err(|_| "must be an address and a port, such as 0.0.0.0:8080".to_owned())?;
    match address.port() {
        0 => Err("must name a port, such as 0.0.0.0:8080".to_owned()),
        _ => Ok(address),
    }
}

fn database(given: &mut Given) -> DatabaseUrl {
    let folder = given.text(s::DATA).unwrap_or("./data");
    let embedded = DatabaseUrl::embedded(&PathBuf::from(folder).join(EMBEDDED_FILE));
    let url = given.parsed(s::DATABASE_URL, |text| {
        let scheme = text.split_once("://").map(|(scheme, rest)| (scheme, rest.is_empty()));
        match scheme {
            Some(("postgres" | "postgresql" | "sqlite", false)) => Ok(DatabaseUrl(text.to_owned())),
            _ => Err("must start with postgres:// or sqlite://, or be left empty for an embedded database".to_owned()),
        }
    });
    url.unwrap_or(embedded)
}

/// A server on the loopback address is found there; any other has to be told its name.
fn origin(given: &mut Given, bind: SocketAddr) -> Option<Origin> {
    if given.text(s::PUBLIC_ORIGIN).is_some() {
        return given.parsed(s::PUBLIC_ORIGIN, Origin::parse);
    }
    match bind.ip() {
        IpAddr::V4(ip) if ip.is_loopback() => Some(Origin::loopback(bind.port())),
        IpAddr::V6(ip) if ip.is_loopback() => Origin::parse(&format!("http://{bind}")).ok(),
        _ => {
            given.wrong(
                s::PUBLIC_ORIGIN,
                "is missing: set it to what the outside world dials, such as https://voice.example.com",
            );
            None
        }
    }
}

/// All of it or none: half an account can neither check a signature nor send a message.
fn twilio(given: &mut Given) -> Option<Twilio> {
    let account_sid = given.parsed(s::ACCOUNT_SID, |text| sid(text, "AC"));
    let auth_token = given.parsed(s::AUTH_TOKEN, strong).map(Secret::new);
    let from = given.parsed(s::FROM, |text| {
        text.parse::<PhoneNumber>().map_err(|_| "must be a number in E.164 form, such as +12125550142".to_owned())
    });
    let service = given.parsed(s::MESSAGING_SERVICE, |text| sid(text, "MG"));
    let is_given = |name: &&str| given.text(name).is_some();
    let [has_account, has_token, has_from, has_service] =
        [s::ACCOUNT_SID, s::AUTH_TOKEN, s::FROM, s::MESSAGING_SERVICE].map(|name| is_given(&name));
    let any = has_account || has_token || has_from || has_service;
    for (name, there) in [(s::ACCOUNT_SID, has_account), (s::AUTH_TOKEN, has_token)] {
        if any && !there {
            given.wrong(name, "is missing, while other TWILIO_ settings are there: set it, or remove the others");
        }
    }
    if has_from && has_service {
        given.wrong(s::FROM, format!("and {} exclude each other: keep one", s::MESSAGING_SERVICE));
    }
    let sender = from.map(TwilioSender::From).or(service.map(TwilioSender::MessagingService));
    Some(Twilio { account_sid: account_sid?, auth_token: auth_token?, sender })
}

fn logging(given: &mut Given) -> Logging {
    let filter = given.parsed(s::LOG, |text| match tracing_subscriber::EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => {
            Err("must be a level (error, warn, info, debug, trace) or a filter such as deskbell=debug,warn".into())
        }
    });
    let format = given.parsed(s::LOG_FORMAT, |text| match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("must be text or json".to_owned()),
    });
    let default = Logging::default();
    Logging { filter: filter.unwrap_or(default.filter), format: format.unwrap_or(default.format) }
}

/// A secret that came from a random generator, as far as one can tell (T32).
fn strong(text: &str) -> Result<String, String> {
    let lower = text.to_ascii_lowercase();
    let distinct = text.bytes().collect::<std::collections::BTreeSet<_>>().len();
    if text.len() < SHORTEST_SECRET {
        return Err(format!("is too short: use at least {SHORTEST_SECRET} random characters"));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("must be letters, digits and signs without spaces".to_owned());
    }
    if distinct < 6 || ["change", "your", "example", "placeholder"].iter().any(|word| lower.starts_with(word)) {
        return Err("is a placeholder: use random characters, such as `openssl rand -hex 24` gives".to_owned());
    }
    Ok(text.to_owned())
}

/// The form of Twilio's ids: two letters and 32 hexadecimal digits (twilio.com/docs/glossary/what-is-a-sid).
fn sid(text: &str, prefix: &str) -> Result<String, String> {
    let digits = text.strip_prefix(prefix).unwrap_or_default();
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if digits.len() == 32 && digits.bytes().all(hex) {
        return Ok(text.to_owned());
    }
    Err(format!("must be {prefix} and 32 digits or letters a to f, as the Twilio console shows it"))
}

fn whole<N: FromStr + PartialOrd + fmt::Display + Copy>(text: &str, least: N, most: N) -> Result<N, String> {
    match text.parse() {
        Ok(number) if number >= least && number <= most => Ok(number),
        _ => Err(format!("must be a whole number from {least} to {most}")),
    }
}

fn flag(text: &str) -> Result<bool, String> {
    match text {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err("must be true or false".to_owned()),
    }
}

/// In the order of the table, those of models after `DESKBELL_MODELS`, unknown names last.
fn in_order(mut mistakes: Vec<Mistake>) -> Vec<Mistake> {
    let position = |name: &str| s::SETTINGS.iter().position(|setting| setting.name == name);
    let place = |mistake: &Mistake| {
        let plain = mistake.setting.strip_suffix("_FILE").unwrap_or(&mistake.setting);
        match position(plain) {
            Some(place) => (place, false),
            None if s::of_model(&mistake.setting).is_some() => (position(s::MODELS).unwrap_or(usize::MAX), true),
            None => (usize::MAX, false),
        }
    };
    mistakes.sort_by_key(place);
    mistakes
}
