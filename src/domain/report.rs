//! What is known of a call when it is over: how it went, what it cost, and in words what it was about.

use serde::{Deserialize, Serialize};

/// Millionths of the currency that the price table is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(pub u64);

/// Stored with the call. Holds personal data in its words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// The caller's turns that a model was asked about, in order.
    pub turns: Vec<TurnReport>,
    /// How often the scripted receptionist answered for a model that did not.
    pub fallbacks: u32,
    /// How often "one moment" was said while a model thought.
    pub fillers: u32,
    /// Sentences of a model that were kept back because they were not true.
    pub withheld: u32,
    /// Answers begun on a partial transcript, and how many of them were used.
    pub early: u32,
    pub early_used: u32,
    pub tokens_in: u64,
    pub tokens_cached: u64,
    pub tokens_out: u64,
    pub cost: Micros,
    pub summary: Option<Summary>,
}

/// One turn of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TurnReport {
    /// The setting's name of the model that answered; empty when none did.
    pub model: String,
    /// From the end of the caller's words to the first of ours, fillers not counted, in milliseconds.
    pub first_word_ms: Option<u32>,
    /// Requests to models, the lost ones included.
    pub requests: u32,
    /// The tools that were called, by name.
    pub tools: Vec<String>,
    pub filler: bool,
    pub fallback: bool,
}

/// In words, for the owner: from a model, or from the facts alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Why they called, in a few words.
    pub reason: String,
    /// What happened, in two sentences at most.
    pub summary: String,
    /// What the business still has to do.
    pub action_items: Vec<String>,
    pub sentiment: Option<Sentiment>,
    /// A model wrote it; otherwise it is put together from the facts.
    pub by_model: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sentiment {
    Positive,
    Neutral,
    Negative,
}

/// What a model costs, per million tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    pub input: Micros,
    /// Input that the vendor had kept from an earlier turn.
    pub cached: Micros,
    pub output: Micros,
}
