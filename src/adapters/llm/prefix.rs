//! The part of a request that is the same in every turn, as JSON: written once, and kept.
//!
//! It is also what vendors keep of a prompt, so it stands first in the request and nothing that changes is in it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::ports::language_model::{Prompt, ToolSpec};

/// One for each business and language that is spoken with at a time; about 10 KiB each.
const MOST: usize = 256;

/// The prefixes of one endpoint, the one asked for last in front.
#[derive(Default)]
pub(super) struct Prefixes(Mutex<VecDeque<Kept>>);

struct Kept {
    system: Arc<str>,
    tools: Arc<[ToolSpec]>,
    text: Arc<[u8]>,
}

impl Kept {
    /// Two calls of a business may have their instructions in different places of the memory.
    fn is_of(&self, prompt: &Prompt) -> bool {
        (Arc::ptr_eq(&self.system, &prompt.system) || self.system == prompt.system)
            && (Arc::ptr_eq(&self.tools, &prompt.tools) || self.tools == prompt.tools)
    }
}

impl Prefixes {
    pub(super) fn of(&self, prompt: &Prompt, write: impl FnOnce() -> Vec<u8>) -> Arc<[u8]> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.iter().position(|kept| kept.is_of(prompt)).and_then(|at| kept.remove(at)) {
            let text = Arc::clone(&found.text);
            kept.push_front(found);
            return text;
        }
        let text: Arc<[u8]> = write().into();
        kept.truncate(MOST - 1);
        let (system, tools) = (Arc::clone(&prompt.system), Arc::clone(&prompt.tools));
        kept.push_front(Kept { system, tools, text: Arc::clone(&text) });
        text
    }
}

/// Writes a value as JSON behind what is there.
pub(super) fn append<T: Serialize + ?Sized>(body: &mut Vec<u8>, value: &T) {
    serde_json::to_writer(body, value).expect("plain values can be written as JSON, and memory takes them");
}

/// Writes further fields of a request: `,"name":value` for each.
pub(super) fn append_fields(body: &mut Vec<u8>, fields: &Map<String, Value>) {
    for (name, value) in fields {
        body.push(b',');
        append(body, name);
        body.push(b':');
        append(body, value);
    }
}

/// Refuses further fields that are ours to set.
pub(super) fn check_fields(fields: &Map<String, Value>, ours: &[&str]) -> anyhow::Result<()> {
    match fields.keys().find(|name| ours.contains(&name.as_str())) {
        Some(name) => anyhow::bail!("the field {name:?} of a model's requests cannot be set"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(system: &str) -> Prompt {
        Prompt { system: system.into(), tools: [].into(), turns: Vec::new(), may_call: true, most_tokens: 100 }
    }

    #[test]
    fn what_is_the_same_is_written_once_wherever_it_stands_in_memory() {
        let prefixes = Prefixes::default();
        assert_eq!(*prefixes.of(&prompt("a"), || b"A".to_vec()), *b"A");
        assert_eq!(*prefixes.of(&prompt("b"), || b"B".to_vec()), *b"B");
        assert_eq!(*prefixes.of(&prompt("a"), || unreachable!()), *b"A");
        assert_eq!(*prefixes.of(&prompt("b"), || unreachable!()), *b"B");
    }

    #[test]
    fn businesses_that_nobody_calls_are_forgotten() {
        let prefixes = Prefixes::default();
        for n in 0..MOST * 2 {
            prefixes.of(&prompt(&n.to_string()), || vec![1]);
            prefixes.of(&prompt("busy"), || vec![2]);
        }
        assert_eq!(prefixes.0.lock().unwrap().len(), MOST);
        assert_eq!(*prefixes.of(&prompt("busy"), || unreachable!()), [2]);
    }
}
