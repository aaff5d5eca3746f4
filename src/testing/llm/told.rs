//! What both wires need to turn a request into a prompt, and a reply into tokens.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;

use crate::ports::language_model::ToolSpec;

/// Why a request is refused, as the vendor would say it.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    /// The error's type.
    pub(super) kind: &'static str,
    pub(super) code: Option<&'static str>,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self { status: 400, kind: "invalid_request_error", code: None, message: message.into() }
    }
}

/// A request, understood.
pub(super) struct Told {
    pub(super) model: String,
    pub(super) prompt: crate::ports::language_model::Prompt,
    /// The length of what is the same in every turn, in bytes.
    pub(super) prefix: usize,
    pub(super) wants_usage: bool,
}

/// The tools that were declared before: they are read once, and their names live as long as the program, as the port
/// wants them to.
#[derive(Default)]
pub(super) struct Tools {
    known: Mutex<HashMap<String, Arc<[ToolSpec]>>>,
}

/// More different sets of tools than this are a mistake of the program that is tested.
const MOST_SETS: usize = 1000;

impl Tools {
    pub(super) fn of(
        &self,
        declared: &str,
        read: impl FnOnce(&str) -> Result<Vec<(String, String, Value)>, Refusal>,
    ) -> Result<Arc<[ToolSpec]>, Refusal> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tools) = known.get(declared) {
            return Ok(Arc::clone(tools));
        }
        let mut specs = Vec::new();
        for (name, description, schema) in read(declared)? {
            let fine = (1..=64).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
            if !fine {
                return Err(Refusal::bad(format!("tools: {name:?} does not match '^[a-zA-Z0-9_-]{{1,64}}$'")));
            }
            if schema.get("type").and_then(Value::as_str) != Some("object") {
                return Err(Refusal::bad(format!("tools: the schema of {name} must be of type object")));
            }
            if specs.iter().any(|spec: &ToolSpec| spec.name == name) {
                return Err(Refusal::bad("tools: names must be unique"));
            }
            specs.push(ToolSpec { name: forever(name), description: forever(description), schema });
        }
        assert!(known.len() < MOST_SETS, "the tools are not the same in every turn");
        let specs: Arc<[ToolSpec]> = specs.into();
        known.insert(declared.to_owned(), Arc::clone(&specs));
        Ok(specs)
    }
}

/// The same text is kept once, however often it comes.
fn forever(text: String) -> &'static str {
    static KEPT: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = kept.get_or_insert_default();
    if let Some(before) = kept.get(text.as_str()) {
        return before;
    }
    let text: &'static str = text.leak();
    kept.insert(text);
    text
}

/// Splits words as models do: a token is a short word with the space before it, or a piece of a longer one.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    pieces(text, 6, |before, c| c == ' ' && before != ' ')
}

/// Splits arguments with no regard to what they say, and never where a letter would be cut.
pub(super) fn shreds(text: &str) -> Vec<&str> {
    pieces(text, 5, |_, _| false)
}

fn pieces(text: &str, longest: usize, begins: impl Fn(char, char) -> bool) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut length, mut before) = (0, 0, ' ');
    for (at, c) in text.char_indices() {
        if at > start && (length == longest || begins(before, c)) {
            pieces.push(&text[start..at]);
            (start, length) = (at, 0);
        }
        length += 1;
        before = c;
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_tokens_and_stay_the_same_text() {
        assert_eq!(tokens("Of course: tomorrow  at ten?"), ["Of", " cours", "e:", " tomor", "row", "  at", " ten?"]);
        for text in ["", " ", "é", "日本語のとても長い文章です", "a b"] {
            assert_eq!(tokens(text).concat(), text);
            assert_eq!(shreds(text).concat(), text);
        }
    }
}
