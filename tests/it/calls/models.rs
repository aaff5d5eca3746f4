//! What the tests of calls with models have in common.

use std::{sync::Arc, time::Duration};

use deskbell::{
    ports::language_model::{Prompt, ToolCall, Turn},
    testing::llm::{Reply, direct::DirectModel},
};

pub fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A model that always says the same.
pub fn says(words: &'static str) -> Arc<DirectModel> {
    Arc::new(DirectModel::new(move |_: &Prompt| Reply { words: words.into(), calls: Vec::new() }))
}

/// A model that answers by what it has been told last.
pub fn answers(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Arc<DirectModel> {
    Arc::new(DirectModel::new(move |prompt: &Prompt| reply(&last(prompt))))
}

/// The last thing a model reads: the caller's words, or what a tool answered.
pub fn last(prompt: &Prompt) -> String {
    match prompt.turns.last() {
        Some(Turn::Caller(text)) => {
            let turn: serde_json::Value = serde_json::from_str(text).expect("an object");
            turn["caller"].as_str().expect("the caller's words").to_owned()
        }
        Some(Turn::Results(results)) => results.iter().map(|result| result.content.as_str()).collect(),
        Some(Turn::Agent { text, .. }) => text.clone(),
        None => String::new(),
    }
}

pub fn words(words: &str) -> Reply {
    Reply { words: words.to_owned(), calls: Vec::new() }
}

pub fn calls(name: &str, arguments: &str) -> Reply {
    let call = ToolCall { id: "c1".into(), name: name.into(), arguments: arguments.into() };
    Reply { words: String::new(), calls: vec![call] }
}
