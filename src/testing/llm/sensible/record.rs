//! The record of a call, when the call is over and a model is asked for one: from the facts alone, which is what a good model
//! keeps to.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::ports::language_model::{Prompt, Turn};

#[derive(Deserialize)]
struct Asked {
    facts: Facts,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Facts {
    outcome: Value,
    booked: Vec<String>,
    message_taken: bool,
    wanted: Option<String>,
}

/// Nothing, when it is no record that is asked for.
pub(super) fn record(prompt: &Prompt) -> Option<String> {
    let [Turn::Caller(text)] = prompt.turns.as_slice() else { return None };
    let Asked { facts } = serde_json::from_str(text).ok()?;
    let summary = match (facts.booked.as_slice(), &facts.wanted) {
        ([_, ..], _) => format!("They have {}.", facts.booked.join(" and ").trim_end_matches('.')),
        ([], Some(wanted)) => format!("They wanted {wanted}, and it came to nothing."),
        ([], None) => "They asked, and were answered.".to_owned(),
    };
    let items: &[&str] = if facts.message_taken { &["Read the message."] } else { &[] };
    let record = json!({
        "outcome": facts.outcome,
        "reason": facts.wanted.as_deref().unwrap_or("What they called about"),
        "summary": summary,
        "action_items": items,
        "sentiment": "neutral",
    });
    Some(record.to_string())
}
