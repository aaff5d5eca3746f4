//! What connecting calendars takes: the key that seals what opens them, and what this server is known by at their vendors.

use std::path::PathBuf;

use url::Url;

use super::{Config, Secret, settings as s, sources::Given};
use crate::domain::{email::EmailAddress, secret::KeyBytes};

/// Calendars, as far as whoever runs the server has a say in them.
#[derive(Clone, Debug, Default)]
pub struct Calendars {
    pub master: MasterKeys,
    /// `DESKBELL_MICROSOFT_…`; without it nobody connects Microsoft 365. Google's client is that of its sign-in.
    pub microsoft: Option<Client>,
    /// `DESKBELL_CALENDLY_…`; without it nobody connects Calendly.
    pub calendly: Option<Client>,
    /// `DESKBELL_CALENDLY_SIGNING_KEY`: what Calendly may sign its reports with.
    pub calendly_signing: Option<Secret>,
    /// `DESKBELL_BOOKING_EMAIL_DOMAIN`: addresses for callers without one are made in it.
    pub alias_domain: Option<String>,
    /// `DESKBELL_CALDAV_SERVERS`: those on private networks that owners may name; scheme, host and port.
    pub caldav_servers: Vec<Url>,
}

/// What a vendor knows this server by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    pub id: String,
    pub secret: Secret,
}

/// Where the master keys are.
#[derive(Clone, Debug, Default)]
pub struct MasterKeys {
    /// `DESKBELL_MASTER_KEY`.
    pub key: Option<KeyBytes>,
    /// `DESKBELL_MASTER_KEYS_OLD`: they open, and seal nothing.
    pub old: Vec<KeyBytes>,
    /// `DESKBELL_MASTER_KEY_COMMAND`: a shell's command whose output is the key.
    pub command: Option<String>,
}

/// The file of the master key of an embedded database.
const KEY_FILE: &str = "master.key";
const SHAPE: &str =
    "must be 32 random bytes as base64 or as 64 hexadecimal digits, such as `deskbell keys make` prints";

impl Config {
    /// Where the master key of an embedded database is kept, when the settings name none: beside the database.
    pub fn master_key_file(&self) -> Option<PathBuf> {
        let master = &self.calendars.master;
        let needed = master.key.is_none() && master.command.is_none();
        let folder = self.database.file()?.parent()?;
        needed.then(|| folder.join(KEY_FILE))
    }

    /// What its operator sets so that anything can be connected.
    pub fn missing_for_sealing(&self) -> Vec<super::Missing> {
        let master = &self.calendars.master;
        let there = master.key.is_some() || master.command.is_some() || self.master_key_file().is_some();
        if there {
            return Vec::new();
        }
        vec![(s::MASTER_KEY, "what seals the way into calendars: `deskbell keys make` prints one")]
    }
}

pub(super) fn calendars(given: &mut Given) -> Calendars {
    let key = given.parsed(s::MASTER_KEY, |text| text.parse().map_err(|_| SHAPE.to_owned()));
    let old = given.parsed(s::MASTER_KEYS_OLD, |text| {
        let keys = text.split(',').map(str::trim).filter(|key| !key.is_empty());
        keys.map(|key| key.parse().map_err(|_| format!("each of them {SHAPE}"))).collect()
    });
    let command = given.text(s::MASTER_KEY_COMMAND).map(str::to_owned);
    if command.is_some() && given.text(s::MASTER_KEY).is_some() {
        given.wrong(s::MASTER_KEY_COMMAND, format!("and {} exclude each other: keep one", s::MASTER_KEY));
    }
    Calendars {
        master: MasterKeys { key, old: old.unwrap_or_default(), command },
        microsoft: client(given, (s::MICROSOFT_CLIENT_ID, s::MICROSOFT_CLIENT_SECRET)),
        calendly: client(given, (s::CALENDLY_CLIENT_ID, s::CALENDLY_CLIENT_SECRET)),
        calendly_signing: given.parsed(s::CALENDLY_SIGNING_KEY, plain).map(Secret::new),
        alias_domain: given.parsed(s::BOOKING_EMAIL_DOMAIN, domain),
        caldav_servers: given.parsed(s::CALDAV_SERVERS, servers).unwrap_or_default(),
    }
}

/// Both settings or neither.
pub(super) fn client(given: &mut Given, (id, secret): (&'static str, &'static str)) -> Option<Client> {
    let has = |given: &Given, name| given.text(name).is_some();
    let missing = |other| format!("is missing, while {other} is there: set it, or remove the other");
    match (has(given, id), has(given, secret)) {
        (false, false) => return None,
        (true, false) => given.wrong(secret, missing(id)),
        (false, true) => given.wrong(id, missing(secret)),
        (true, true) => {}
    }
    let (id, secret) = (given.parsed(id, plain), given.parsed(secret, plain));
    Some(Client { id: id?, secret: Secret::new(secret?) })
}

/// A domain that an address can be made in.
fn domain(text: &str) -> Result<String, String> {
    let written = text.trim().to_ascii_lowercase();
    match format!("guest@{written}").parse::<EmailAddress>() {
        Ok(_) => Ok(written),
        Err(_) => Err("must be a domain whose mail is yours, such as guests.example.com".to_owned()),
    }
}

fn servers(text: &str) -> Result<Vec<Url>, String> {
    let each = text.split(',').map(str::trim).filter(|server| !server.is_empty());
    each.map(|server| Url::parse(server).ok().filter(is_server)).collect::<Option<_>>().ok_or_else(|| {
        "must be servers without a path, such as https://cloud.internal, http://radicale:5232".to_owned()
    })
}

/// A scheme, a host, perhaps a port, and nothing else.
fn is_server(url: &Url) -> bool {
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let nobody = url.username().is_empty() && url.password().is_none();
    ["http", "https"].contains(&url.scheme()) && url.has_host() && bare && nobody
}

fn plain(text: &str) -> Result<String, String> {
    let good = (8..=256).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if good { Ok(text.to_owned()) } else { Err("must be as the vendor's console shows it, without spaces".to_owned()) }
}
