//! Anthropic's Messages (<https://docs.anthropic.com/en/api/messages>).
//!
//! **When an answer has ended.** Only `message_stop` ends one; what stops before it was cut off. A call's arguments may
//! be half when the answer was too long, although its block was closed, so no call is believed before the stop reason.
//!
//! **Keeping prompts.** Up to four marks say how far a prompt is worth keeping, in the order tools, instructions,
//! conversation. The first stands behind the tools, which are the same for every business, the second behind the
//! instructions, the third behind the newest turn: the next request, which has the same turns and more behind them, finds
//! it there. `tool_choice` forbids calls instead of taking the tools away, which keeps the first two.
//!
//! **The conversation** must begin with the caller; an answering machine speaks first, so a line is put before it.

mod wire;

use async_trait::async_trait;
use reqwest::Client;

use super::{
    Endpoint, answer,
    door::Door,
    prefix::{self, Prefixes},
};
use crate::ports::language_model::{Answer, LanguageModel, ModelError, Prompt};

/// The version of the API that is spoken here.
const VERSION: &str = "2023-06-01";

/// What stands in our requests by our own hand.
const OURS: &[&str] = &["model", "messages", "stream", "system", "tools", "tool_choice", "max_tokens"];

/// A model of Anthropic's.
pub struct Anthropic {
    door: Door,
    /// How every request begins: the model, and what is asked of it in every turn.
    head: Vec<u8>,
    prefixes: Prefixes,
}

impl Anthropic {
    /// # Errors
    /// When the endpoint's settings cannot be what they should be; a sentence that says which, without a secret.
    pub fn new(client: Client, endpoint: &Endpoint) -> anyhow::Result<Self> {
        prefix::check_fields(&endpoint.extra, OURS)?;
        let mut headers = vec![("anthropic-version", VERSION.to_owned())];
        headers.extend(endpoint.key.as_ref().map(|key| ("x-api-key", key.expose().to_owned())));
        let door = Door::new(client, endpoint, "/v1/messages", &headers)?;
        Ok(Self { door, head: wire::head(&endpoint.model, &endpoint.extra), prefixes: Prefixes::default() })
    }
}

#[async_trait]
impl LanguageModel for Anthropic {
    async fn answer(&self, prompt: &Prompt) -> Result<Answer, ModelError> {
        let prefix = self.prefixes.of(prompt, || wire::prefix(&self.head, prompt));
        let response = self.door.ask(wire::request(&prefix, prompt)).await?;
        Ok(answer::stream::<wire::Message>(response))
    }
}

#[cfg(test)]
pub(in crate::adapters::llm) use wire::Message;
