//! What came of a call, asked from the server's API: the booking and the text messages.

use std::{fmt::Write as _, io::Write, time::Duration};

use anyhow::{Context, anyhow};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::{adapters::http, config::Secret};

/// How long the API may take for one answer.
const ANSWER_TIME: Duration = Duration::from_secs(10);

/// How long a text message that is still in the outbox is waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where the API is, and the way in.
#[derive(Clone, Debug)]
pub struct Api {
    /// `http://127.0.0.1:8080`.
    pub url: String,
    pub business: String,
    pub token: Secret,
}

/// A call in the ledger, as the API tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Aftermath(Value);

/// The outcome of a call in the ledger: "booked", "moved", ….
///
/// # Errors
/// When the API cannot be asked, or knows no such call.
pub async fn outcome(api: &Api, vendor_call: &str) -> anyhow::Result<String> {
    let call = find(&http::client(ANSWER_TIME)?, api, vendor_call).await?;
    Ok(call["outcome"].as_str().unwrap_or("none").to_owned())
}

/// Writes the booking and the text messages of a call that is over.
///
/// # Errors
/// When the API cannot be asked, knows no such call, or nothing can be written.
pub async fn show_aftermath(api: &Api, vendor_call: &str, out: &mut (impl Write + Send)) -> anyhow::Result<Aftermath> {
    let client = http::client(ANSWER_TIME)?;
    let found = find(&client, api, vendor_call).await?;
    let id = found["id"].as_str().context("a call without an id")?;
    let url = format!("{}/api/v1/businesses/{}/calls/{id}", api.url, api.business);
    let give_up = Instant::now() + PATIENCE;
    let aftermath = loop {
        let aftermath = Aftermath(get(&client, api, &url).await?);
        if aftermath.settled() || Instant::now() >= give_up {
            break aftermath;
        }
        sleep(Duration::from_millis(100)).await;
    };
    write!(out, "{}", aftermath.in_words())?;
    out.flush()?;
    Ok(aftermath)
}

async fn find(client: &reqwest::Client, api: &Api, vendor_call: &str) -> anyhow::Result<Value> {
    let url = format!("{}/api/v1/businesses/{}/calls?vendor_call={vendor_call}", api.url, api.business);
    let answer = get(client, api, &url).await?;
    list(&answer).first().cloned().ok_or_else(|| anyhow!("the server's ledger has no such call"))
}

async fn get(client: &reqwest::Client, api: &Api, url: &str) -> anyhow::Result<Value> {
    let response = client.get(url).bearer_auth(api.token.expose()).send().await.context("the API cannot be reached")?;
    let status = response.status();
    anyhow::ensure!(status.is_success(), "the API answered {status}");
    response.json().await.context("the API did not answer in JSON")
}

/// The items of a page, under whatever name the page gives them.
fn list(page: &Value) -> &[Value] {
    let items = ["items", "data", "calls"].iter().find_map(|name| page[name].as_array()).or_else(|| page.as_array());
    items.map_or(&[], Vec::as_slice)
}

impl Aftermath {
    pub fn outcome(&self) -> &str {
        self.0["outcome"].as_str().unwrap_or("none")
    }

    fn bookings(&self) -> &[Value] {
        self.0["bookings"].as_array().map_or(&[], Vec::as_slice)
    }

    fn messages(&self) -> &[Value] {
        self.0["messages"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Whether nothing more is to come: no booking changed, or its message is out of the outbox.
    fn settled(&self) -> bool {
        let changed = matches!(self.outcome(), "booked" | "moved" | "cancelled");
        let waiting =
            |message: &Value| matches!(message["state"].as_str(), Some("pending" | "queued" | "sending" | "leased"));
        !changed || (!self.messages().is_empty() && !self.messages().iter().any(waiting))
    }

    fn in_words(&self) -> String {
        let mut text = format!("* In the ledger this call is: {}\n", self.outcome());
        for booking in self.bookings() {
            let parts = ["service", "staff", "starts", "name", "status"];
            let known: Vec<_> = parts.iter().filter_map(|name| in_short(&booking[name])).collect();
            let _ = writeln!(text, "* Booking: {}", known.join(", "));
        }
        for message in self.messages() {
            let field = |name: &str| in_short(&message[name]).unwrap_or_else(|| "?".to_owned());
            let _ = writeln!(text, "* Text message to {} ({}):\n    {}", field("to"), field("state"), field("body"));
        }
        let report = &self.0["report"];
        if let Some(summary) = report["summary"]["summary"].as_str() {
            let _ = writeln!(text, "* In short: {summary}");
        }
        if let Some(turns) = report["turns"].as_array().filter(|turns| !turns.is_empty()) {
            let count = |name: &str| report[name].as_u64().unwrap_or_default();
            let cost = report["cost"].as_str().unwrap_or("0");
            let (turns, first, fallbacks) = (turns.len(), count("first_word_ms"), count("fallbacks"));
            let _ = writeln!(
                text,
                "* Models: {turns} turns, first word after {first} ms (median), {fallbacks} fallbacks, cost {cost}"
            );
        }
        text
    }
}

/// A value as a person reads it: an object by its name.
fn in_short(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(fields) => fields.get("name").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_booking_and_its_text_message_are_shown() {
        let aftermath = Aftermath(json!({
            "id": "x", "outcome": "booked",
            "bookings": [{"service": "Haircut", "staff": {"name": "Maria"}, "starts": "2026-11-24T10:00:00-05:00", "status": "confirmed"}],
            "messages": [{"to": "+14155550100", "body": "You're booked.", "state": "sent"}],
        }));
        assert!(aftermath.settled());
        assert_eq!(
            aftermath.in_words(),
            "* In the ledger this call is: booked\n* Booking: Haircut, Maria, 2026-11-24T10:00:00-05:00, confirmed\n\
             * Text message to +14155550100 (sent):\n    You're booked.\n"
        );
    }

    #[test]
    fn what_models_did_and_what_the_call_was_about_is_shown() {
        let report = json!({
            "summary": {"summary": "Booked: Haircut, Friday."}, "turns": [{}, {}], "first_word_ms": 640,
            "fallbacks": 1, "cost": "0.0042",
        });
        let words = Aftermath(json!({"outcome": "booked", "report": report})).in_words();
        assert!(words.contains("* In short: Booked: Haircut, Friday.\n"), "{words}");
        assert!(
            words.contains("* Models: 2 turns, first word after 640 ms (median), 1 fallbacks, cost 0.0042"),
            "{words}"
        );
    }

    #[test]
    fn an_answer_in_another_shape_is_no_panic() {
        for odd in [json!(null), json!([]), json!({"outcome": 7, "bookings": {}, "messages": [1]})] {
            assert_eq!(Aftermath(odd).outcome(), "none");
        }
        assert_eq!(list(&json!({"items": [1]})).len(), 1);
        assert_eq!(list(&json!([1, 2])).len(), 2);
        assert!(list(&json!(null)).is_empty());
    }
}
