//! A model that does its work well: it understands callers, calls tools, and talks in words of its own.
//!
//! It is no clever thing, and needs not be. What it has to show is that a whole call of any kind can be talked through by a
//! model that sees nothing but its prompt: its memory is the conversation, and it acts by tools alone. It understands
//! English by `domain/understand`, as a language model does by itself.

mod after;
mod decide;
mod memory;
mod picks;
mod record;
mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use memory::Memory;
use serde::Serialize;
use serde_json::Value;

use super::{Brain, Reply};
use crate::{
    domain::business::Business,
    ports::language_model::{Prompt, ToolCall},
};

/// A model double that takes callers through whole calls.
pub struct Sensible {
    /// Those it knows; which one it answers for is told by the prompt.
    businesses: Vec<Arc<Business>>,
}

impl Sensible {
    pub fn new(businesses: Vec<Arc<Business>>) -> Self {
        Self { businesses }
    }
}

impl Brain for Sensible {
    fn reply(&self, prompt: &Prompt) -> Reply {
        if let Some(words) = record::record(prompt) {
            return Reply { words, calls: Vec::new() };
        }
        let named = self.businesses.iter().find(|business| prompt.system.contains(&business.name));
        let Some(business) = named.or(self.businesses.first()) else { return Reply::default() };
        let memory = Memory::of(prompt, business);
        if memory.answers.is_empty() { decide::decide(&memory) } else { after::after(&memory) }
    }
}

/// What it says or does next.
#[derive(Default)]
struct Doing {
    words: String,
    calls: Vec<(&'static str, Value)>,
}

impl Doing {
    fn say(words: impl Into<String>) -> Self {
        Self { words: words.into(), calls: Vec::new() }
    }

    fn call(name: &'static str, arguments: &impl Serialize) -> Self {
        Self::default().and(name, arguments)
    }

    /// One more tool in the same message.
    fn and(mut self, name: &'static str, arguments: &impl Serialize) -> Self {
        let mut arguments = serde_json::to_value(arguments).unwrap_or_default();
        leave_out_unsaid(&mut arguments);
        self.calls.push((name, arguments));
        self
    }

    fn after_saying(self, words: impl Into<String>) -> Self {
        Self { words: words.into(), ..self }
    }

    fn reply(self, memory: &Memory<'_>) -> Reply {
        let calls = self.calls.into_iter().enumerate().map(|(nth, (name, arguments))| ToolCall {
            id: format!("call_{}_{nth}", memory.length),
            name: name.to_owned(),
            arguments: arguments.to_string(),
        });
        Reply { words: self.words, calls: calls.collect() }
    }
}

/// What is not said is left out, as models do.
fn leave_out_unsaid(arguments: &mut Value) {
    if let Some(fields) = arguments.as_object_mut() {
        fields.retain(|_, value| !(value.is_null() || *value == Value::Bool(false)));
        fields.values_mut().for_each(leave_out_unsaid);
    }
}
