//! Settings: read once, from the environment and an optional file, every mistake reported by its setting's name.

use std::net::SocketAddr;

use crate::domain::phone::PhoneNumber;

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
    /// `DESKBELL_MAX_CALLS`: how many calls at once before new ones are refused politely.
    pub max_calls: usize,
    /// `DESKBELL_DRAIN_SECONDS`: how long calls may go on after the first stop signal.
    pub drain: std::time::Duration,
    /// `DESKBELL_WEB_CALLS`: whether the page at `/` lets anybody call the first business from the browser.
    pub web_calls: bool,
}

/// A secret setting. Prints as `Secret(…)`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A database URL, which may hold a password. Prints as its scheme alone.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub String);

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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

/// Scheme, host and port that the outside world knows us by, without a trailing slash: "https://voice.example.com".
/// "http" only for the loopback address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// # Errors
    /// Says what is wrong with it, as a sentence for whoever set it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some((scheme, authority)) = text.split_once("://") else {
            return Err("must be an origin such as https://voice.example.com".into());
        };
        if authority.is_empty() || authority.contains(['/', '?', '#', '@', ' ']) {
            return Err("must have no path, no trailing slash and no user name: https://voice.example.com".into());
        }
        let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
        match scheme {
            "https" => Ok(Self(text.to_owned())),
            "http" if matches!(host, "127.0.0.1" | "localhost" | "[::1]") => Ok(Self(text.to_owned())),
            "http" => Err("must be https: providers only talk to wss:// and https://".into()),
            _ => Err("must start with https://".into()),
        }
    }

    /// "https://voice.example.com"
    pub fn http(&self) -> &str {
        &self.0
    }

    /// "wss://voice.example.com": the same place for WebSockets.
    pub fn ws(&self) -> String {
        // http → ws, https → wss.
        format!("ws{}", self.0.strip_prefix("http").unwrap_or_default())
    }

    /// "voice.example.com"
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, authority)| authority)
    }
}
