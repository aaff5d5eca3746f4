//! A request, taken apart.

use axum::{
    body::Bytes,
    http::{HeaderMap, header, request::Parts},
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::{super::consent::Bearer, faults::Fault};

/// What `Prefer` asks for.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a preference of its own")]
pub(super) struct Prefer {
    pub(super) immutable: bool,
    pub(super) utc: bool,
    pub(super) text: bool,
    pub(super) page: Option<usize>,
    /// Another zone than UTC: the mailbox's own comes then.
    pub(super) odd: bool,
}

pub(super) struct Asked {
    pub(super) method: String,
    /// Behind the version, each decoded.
    pub(super) steps: Vec<String>,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) prefer: Prefer,
    pub(super) if_match: Option<String>,
    pub(super) body: Bytes,
    bearer: Bearer,
}

fn decoded(step: &str) -> String {
    // "+" is itself in a path.
    let query = format!("x={}", step.replace('+', "%2B"));
    form_urlencoded::parse(query.as_bytes()).next().map(|(_, step)| step.into_owned()).unwrap_or_default()
}

fn prefer(headers: &HeaderMap) -> Prefer {
    let mut prefer = Prefer::default();
    let all = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    for one in all.flat_map(|value| value.split(',')) {
        match one.trim() {
            r#"IdType="ImmutableId""# => prefer.immutable = true,
            r#"outlook.timezone="UTC""# => prefer.utc = true,
            r#"outlook.body-content-type="text""# => prefer.text = true,
            other => match other.strip_prefix("odata.maxpagesize=") {
                Some(size) => prefer.page = size.parse().ok(),
                None => prefer.odd = true,
            },
        }
    }
    prefer
}

impl Asked {
    pub(super) fn read(parts: &Parts, bearer: Bearer, body: Bytes) -> Result<Self, Fault> {
        let path = parts.uri.path();
        let steps: Vec<String> = path.trim_start_matches("/v1.0/").split('/').map(decoded).collect();
        let query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let writes = matches!(parts.method.as_str(), "POST" | "PATCH");
        if writes && !text(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json")) {
            return Err(Fault::new(415, "UnsupportedMediaType", "The request's content type is not supported."));
        }
        let asked = Self {
            method: parts.method.to_string(),
            steps,
            path: path.to_owned(),
            query,
            prefer: prefer(&parts.headers),
            if_match: text(header::IF_MATCH),
            body,
            bearer,
        };
        let needed = if asked.steps == ["me"] { "User.Read" } else { "Calendars.ReadWrite" };
        if asked.bearer.has(needed) { Ok(asked) } else { Err(Fault::denied()) }
    }

    pub(super) fn subject(&self) -> &str {
        &self.bearer.person.subject
    }

    pub(super) fn option(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Refuses options that this listing does not have, as Graph's query broker does.
    pub(super) fn only(&self, options: &[&str]) -> Result<(), Fault> {
        match self.query.iter().find(|(name, _)| !options.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => {
                Err(Fault::new(400, "ErrorInvalidUrlQuery", format!("The query parameter '{name}' is not supported.")))
            }
        }
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<usize>, Fault> {
        let wrong = |_| Fault::bad(format!("Invalid value for {name}"));
        self.option(name).map(|value| value.parse::<usize>().map_err(wrong)).transpose()
    }

    pub(super) fn moment(&self, name: &str) -> Result<Timestamp, Fault> {
        let missing = "This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.";
        let text = self.option(name).ok_or_else(|| Fault::new(400, "ErrorInvalidParameter", missing))?;
        text.parse().map_err(|_| Fault::new(400, "ErrorInvalidParameter", format!("The value of {name} is not valid.")))
    }

    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Fault::new(400, "UnableToDeserializePostBody", error.to_string()))
    }
}
