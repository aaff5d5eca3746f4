//! A language model: a conversation goes in, words and whole tool calls come out as they are made.
//!
//! The words are the model's and may say anything; whoever speaks them checks them first. A tool call comes out only when
//! all of it has arrived.

use std::{pin::Pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::Stream;
use thiserror::Error;

/// What a model is asked.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// The same for every turn of a business's calls: vendors keep what was the same last time, and charge less for it.
    pub system: Arc<str>,
    /// The same for every turn, too, and in the same order.
    pub tools: Arc<[ToolSpec]>,
    /// Grows at its end; what stands in it does not change, unless what was said was not heard or it grows too long.
    pub turns: Vec<Turn>,
    /// Whether a tool may be called in this step; in the last step of a turn the model can only speak.
    pub may_call: bool,
    /// How many tokens the answer may have.
    pub most_tokens: u32,
}

/// One tool, as a model is told of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolSpec {
    pub name: &'static str,
    pub description: &'static str,
    /// The JSON Schema of its arguments: an object that is closed.
    pub schema: serde_json::Value,
}

/// One entry of a conversation. The texts are personal data and are never logged.
#[derive(Clone, PartialEq, Eq)]
pub enum Turn {
    /// What the caller said and what the server knows, as one JSON object.
    Caller(String),
    /// What the model said, as far as it was heard, and what it called.
    Agent { text: String, calls: Vec<ToolCall> },
    /// What came of the calls of the turn before, one for each.
    Results(Vec<ToolResult>),
}

/// A call of a tool, complete. The arguments are JSON if the model kept to its schema.
#[derive(Clone, PartialEq, Eq)]
pub struct ToolCall {
    pub id: String,
    pub name: String,
    pub arguments: String,
}

#[derive(Clone, PartialEq, Eq)]
pub struct ToolResult {
    /// Of the [`ToolCall`].
    pub id: String,
    /// A JSON object.
    pub content: String,
    /// It was not done, and the content says why.
    pub failed: bool,
}

/// A piece of an answer.
#[derive(Clone, PartialEq, Eq)]
pub enum Piece {
    /// Some words, as they come: perhaps half a word.
    Words(String),
    Call(ToolCall),
    /// It was all. Nothing comes after it, and an answer without it was cut off.
    End {
        why: Why,
        usage: Usage,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It has said what it wanted to say.
    Said,
    /// It waits for the results of its calls.
    Calls,
    /// It was longer than allowed; what was not complete was dropped.
    Length,
    /// It, or its vendor, would not answer.
    Refused,
}

/// Tokens, as the vendor counted them. `cached` is the part of `input` that was kept from an earlier turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Usage {
    pub input: u32,
    pub cached: u32,
    pub output: u32,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.input = self.input.saturating_add(other.input);
        self.cached = self.cached.saturating_add(other.cached);
        self.output = self.output.saturating_add(other.output);
    }
}

/// Sorted by what is to be done about it. No variant holds what was sent or received.
#[derive(Debug, Error)]
pub enum ModelError {
    /// Not reached: no such name, refused, no TLS, or no answer's head in time.
    #[error("the model cannot be reached")]
    Unreachable(#[source] anyhow::Error),
    /// The key is not, or no longer, good (401, 403). A person has to see to it.
    #[error("the model's key is refused")]
    KeyRefused,
    /// Too many requests, or no money left (429). With a time: again after it. Without: not soon.
    #[error("the model allows no more requests")]
    Limited { retry_after: Option<Duration> },
    /// Too busy (503, 529, or "overloaded" inside the answer).
    #[error("the model is overloaded")]
    Overloaded { retry_after: Option<Duration> },
    /// The vendor's own fault (any other 5xx, or an error inside the answer).
    #[error("the model failed")]
    Failed,
    /// The conversation is longer than the model can read.
    #[error("the conversation is too long for the model")]
    TooLong,
    /// It does not accept what we ask (any other 4xx): our mistake, or the settings'.
    #[error("the model does not accept the request (status {0})")]
    NotAccepted(u16),
    /// The answer broke off, never ended properly, or was none of what the vendor says it sends.
    #[error("the model's answer was broken: {0}")]
    Broken(&'static str),
}

/// An answer as it comes. Dropping it gives the answer up, and closes the connection.
pub type Answer = Pin<Box<dyn Stream<Item = Result<Piece, ModelError>> + Send>>;

#[async_trait]
pub trait LanguageModel: Send + Sync {
    /// Asks, and returns when the answer begins; what is wrong is told here or in the stream, where nothing follows it.
    /// Nothing is tried twice here: who asks decides that.
    async fn answer(&self, prompt: &Prompt) -> Result<Answer, ModelError>;
}

macro_rules! hides_its_text {
    ($($type:ident($count:expr)),*) => {$(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let count: fn(&Self) -> usize = $count;
                write!(f, "{}({} bytes)", stringify!($type), count(self))
            }
        }
    )*};
}

hides_its_text!(
    ToolCall(|call| call.arguments.len()),
    ToolResult(|result| result.content.len()),
    Turn(|turn| match turn {
        Turn::Caller(text) | Turn::Agent { text, .. } => text.len(),
        Turn::Results(results) => results.iter().map(|result| result.content.len()).sum(),
    }),
    Piece(|piece| match piece {
        Piece::Words(text) => text.len(),
        Piece::Call(call) => call.arguments.len(),
        Piece::End { .. } => 0,
    })
);
