//! How a request goes out and comes back as a stream: what both vendors have in common on the way.

use std::{net::IpAddr, time::Duration};

use anyhow::{Context, anyhow, bail};
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};

use super::{Endpoint, faults};
use crate::{adapters::http, ports::language_model::ModelError};

/// An error's body is read up to here, and only to tell some errors from others.
const FAULT_LIMIT: usize = 64 * 1024;

/// A caller waits: the head has said that it failed, and the reason is worth this long.
const FAULT_TIME: Duration = Duration::from_millis(500);

/// Keeps connections over the pauses of a conversation, but not for longer than vendors and their balancers do: a minute
/// is the shortest that is known.
const IDLE: Duration = Duration::from_secs(45);

pub(super) fn client() -> Result<Client, reqwest::Error> {
    http::builder().pool_idle_timeout(IDLE).tcp_keepalive(Duration::from_secs(15)).tcp_nodelay(true).build()
}

/// One endpoint, ready to be asked.
pub(super) struct Door {
    client: Client,
    url: Url,
    headers: HeaderMap,
    total: Duration,
}

impl Door {
    /// `path` comes behind the endpoint's address, and `ours` are the vendor's own headers.
    pub(super) fn new(
        client: Client,
        endpoint: &Endpoint,
        path: &str,
        ours: &[(&str, String)],
    ) -> anyhow::Result<Self> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        let ours = ours.iter().map(|(name, value)| (*name, value.as_str()));
        let theirs = endpoint.headers.iter().map(|(name, value)| (name.as_str(), value.expose()));
        for (name, value) in ours.chain(theirs) {
            let header: HeaderName = name.parse().map_err(|_| anyhow!("{name:?} is not the name of a header"))?;
            let mut value =
                HeaderValue::from_str(value).map_err(|_| anyhow!("the value of the header {name} cannot be sent"))?;
            value.set_sensitive(true);
            headers.insert(header, value);
        }
        Ok(Self { client, url: address(&endpoint.url, path)?, headers, total: endpoint.total })
    }

    /// Sends the request and returns when the answer's head is there, and is the head of a stream.
    pub(super) async fn ask(&self, body: Vec<u8>) -> Result<Response, ModelError> {
        let request = self.client.post(self.url.clone()).headers(self.headers.clone()).timeout(self.total).body(body);
        let sent = request.send().await;
        let response = sent.map_err(|error| ModelError::Unreachable(error.without_url().into()))?;
        if response.status() != StatusCode::OK {
            return Err(refused(response).await);
        }
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/event-stream")) {
            Ok(response)
        } else {
            Err(ModelError::Broken("not a stream of events"))
        }
    }
}

async fn refused(response: Response) -> ModelError {
    let status = response.status().as_u16();
    let wait = faults::retry_after(response.headers());
    let fault = if faults::is_told_by_its_body(status) {
        let read = tokio::time::timeout(FAULT_TIME, http::body(response, FAULT_LIMIT)).await;
        faults::Fault::read(&read.ok().and_then(Result::ok).unwrap_or_default())
    } else {
        faults::Fault::default()
    };
    faults::of_status(status, &fault, wait)
}

/// The endpoint's address with the path behind it, unless it was given with it already. A query stays.
fn address(base: &str, path: &str) -> anyhow::Result<Url> {
    let mut url: Url = base.parse().context("the model's address is not a URL")?;
    if !url.username().is_empty() || url.password().is_some() {
        bail!("the model's address must not hold credentials; there are settings for a key and for headers");
    }
    let host = url.host_str().context("the model's address has no host")?.to_owned();
    let here = host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if url.scheme() != "https" && !(url.scheme() == "http" && here) {
        bail!("the model's address must begin with https://, unless it is this machine's own");
    }
    let given = url.path().trim_end_matches('/').to_owned();
    if !given.ends_with(path) {
        // "/v1" may have been given, or not.
        let doubled = path.strip_prefix("/v1").filter(|_| given.ends_with("/v1"));
        url.set_path(&format!("{given}{}", doubled.unwrap_or(path)));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_is_taken_as_it_stands_in_the_documentation() {
        for (base, path, url) in [
            ("https://api.openai.com/v1", "/chat/completions", "https://api.openai.com/v1/chat/completions"),
            ("https://api.openai.com/v1/", "/chat/completions", "https://api.openai.com/v1/chat/completions"),
            ("http://localhost:11434/v1", "/chat/completions", "http://localhost:11434/v1/chat/completions"),
            ("http://[::1]:8000/v1/chat/completions", "/chat/completions", "http://[::1]:8000/v1/chat/completions"),
            (
                "https://x.example/a?api-version=1",
                "/chat/completions",
                "https://x.example/a/chat/completions?api-version=1",
            ),
            ("https://api.anthropic.com", "/v1/messages", "https://api.anthropic.com/v1/messages"),
            ("https://api.anthropic.com/v1", "/v1/messages", "https://api.anthropic.com/v1/messages"),
        ] {
            assert_eq!(address(base, path).unwrap().as_str(), url);
        }
    }

    #[test]
    fn a_key_is_never_sent_in_the_clear_to_another_machine() {
        for wrong in [
            "http://api.openai.com/v1",
            "http://10.0.0.7:8000/v1",
            "http://127.0.0.1.example.com/v1",
            "ftp://localhost/v1",
            "https://user:secret@api.openai.com/v1",
            "api.openai.com",
            "",
        ] {
            assert!(address(wrong, "/chat/completions").is_err(), "{wrong}");
        }
    }
}
