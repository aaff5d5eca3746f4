//! Chat completions, OpenAI's API that has become everybody's: Groq, vLLM, Ollama, llama.cpp, Gemini and others have an
//! endpoint of this kind (<https://platform.openai.com/docs/api-reference/chat/create>).
//!
//! **When an answer has ended.** `finish_reason` says why, the usage follows, then `[DONE]`. Some endpoints leave out
//! the last or both, so an answer with a reason has ended when its stream does; without a reason it was cut off, even if
//! a proxy wrote `[DONE]` behind it.
//!
//! **Keeping prompts.** OpenAI and others keep the longest beginning that they have seen, by themselves; so the tools and
//! the instructions stand first and never change, and `tool_choice` forbids calls instead of taking the tools away.
//! `prompt_cache_key` may be set among the [`extra`](super::Endpoint::extra) fields where the endpoint knows it.
//!
//! **What differs between endpoints** is a [`Dialect`].

mod wire;

use async_trait::async_trait;
use reqwest::Client;

use super::{
    Endpoint, answer,
    door::Door,
    prefix::{self, Prefixes},
};
use crate::ports::language_model::{Answer, LanguageModel, ModelError, Prompt};

/// What stands in our requests by our own hand.
const OURS: &[&str] = &[
    "model",
    "messages",
    "stream",
    "stream_options",
    "tools",
    "tool_choice",
    "max_tokens",
    "max_completion_tokens",
    "n",
];

/// What an endpoint of this kind wants to hear differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAI and Groq: the length of an answer is limited by `max_completion_tokens`. OpenAI's newer models refuse the
    /// older name.
    OpenAi,
    /// vLLM, Ollama, llama.cpp, Mistral and most others: the limit is `max_tokens`, as it was called before; they ignore
    /// or refuse the newer name.
    Compatible,
    /// Gemini's compatible endpoint: `max_tokens`, and each earlier call must carry a signature of its thoughts. The
    /// conversation may come from another model and has none, for which Google documents a sentinel
    /// (<https://ai.google.dev/gemini-api/docs/thought-signatures>).
    Gemini,
}

impl Dialect {
    /// The dialect that is spoken at an address, as far as addresses are known.
    pub fn at(url: &str) -> Self {
        match url {
            url if url.contains("api.openai.com") || url.contains("api.groq.com") => Self::OpenAi,
            url if url.contains("googleapis.com") => Self::Gemini,
            _ => Self::Compatible,
        }
    }
}

/// A model behind an endpoint of this kind.
pub struct OpenAi {
    door: Door,
    /// How every request begins: the model, and what is asked of it in every turn.
    head: Vec<u8>,
    prefixes: Prefixes,
    dialect: Dialect,
}

impl OpenAi {
    /// # Errors
    /// When the endpoint's settings cannot be what they should be; a sentence that says which, without a secret.
    pub fn new(client: Client, endpoint: &Endpoint, dialect: Dialect) -> anyhow::Result<Self> {
        prefix::check_fields(&endpoint.extra, OURS)?;
        let key = endpoint.key.as_ref().map(|key| ("authorization", format!("Bearer {}", key.expose())));
        let door = Door::new(client, endpoint, "/chat/completions", key.as_slice())?;
        Ok(Self { door, head: wire::head(&endpoint.model, &endpoint.extra), prefixes: Prefixes::default(), dialect })
    }
}

#[async_trait]
impl LanguageModel for OpenAi {
    async fn answer(&self, prompt: &Prompt) -> Result<Answer, ModelError> {
        let prefix = self.prefixes.of(prompt, || wire::prefix(&self.head, prompt));
        let response = self.door.ask(wire::request(&prefix, prompt, self.dialect)).await?;
        Ok(answer::stream::<wire::Completion>(response))
    }
}

#[cfg(test)]
pub(in crate::adapters::llm) use wire::Completion;
