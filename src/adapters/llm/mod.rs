//! Language models: any endpoint of OpenAI's chat-completions kind, and Anthropic's Messages; both streamed.
//!
//! A turn goes through here while a caller waits, so what is the same in every turn (the model, the tools, the
//! instructions) is written as JSON once (`prefix`), the turns are written behind it, and the answer is decoded as it
//! arrives. The events come from the crate `sse-parse`: of those that are kept up today (`sse-stream` 0.3, `sseer` 0.3)
//! it alone bounds what it keeps of a line that never ends, and it has no I/O of its own, so a whole answer can be
//! tested cut at every byte. `reqwest-eventsource` and `eventsource-stream` are years old, and the former asks again by
//! itself.
//!
//! Tools are declared with closed schemas, but not as `strict`: OpenAI then demands that every property is required and
//! forbids two calls in one answer, Anthropic counts and limits optional properties, and compatible endpoints refuse or
//! ignore the word. What arrives is checked against the schema by whoever runs the tool.

mod answer;
pub mod anthropic;
mod calls;
mod decoder;
mod door;
mod faults;
pub mod openai;
mod prefix;
#[cfg(test)]
mod tests;

use std::time::Duration;

use serde_json::{Map, Value};

use crate::config::Secret;

/// The longest an answer may take, to its last byte. How long a caller is left in silence is decided elsewhere, and is
/// much less.
pub const TOTAL: Duration = Duration::from_secs(30);

/// Where a model is, and how it is asked.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The address under which the vendor's documentation puts its API: "<https://api.openai.com/v1>",
    /// "<http://127.0.0.1:11434/v1>", "<https://api.anthropic.com>". `https`, unless it is this machine.
    pub url: String,
    pub model: String,
    /// A model of one's own may need none.
    pub key: Option<Secret>,
    /// Sent with every request. They may hold secrets.
    pub headers: Vec<(String, Secret)>,
    /// Further fields of the request, as the vendor documents them: `reasoning_effort`, `temperature`, `service_tier`,
    /// OpenAI's `prompt_cache_key`. None that we set ourselves.
    pub extra: Map<String, Value>,
    /// See [`TOTAL`].
    pub total: Duration,
}

impl Endpoint {
    pub fn new(url: impl Into<String>, model: impl Into<String>) -> Self {
        Self { url: url.into(), model: model.into(), key: None, headers: Vec::new(), extra: Map::new(), total: TOTAL }
    }
}

/// The client for all models of the process: they share its connections, which are kept open between turns.
///
/// # Errors
/// When the machine has no certificates to verify a server with.
pub fn client() -> Result<reqwest::Client, reqwest::Error> {
    door::client()
}
