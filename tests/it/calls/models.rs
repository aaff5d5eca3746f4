//! What the tests of calls with models have in common.

use std::{sync::Arc, time::Duration};

use deskbell::{
    ports::{
        language_model::{LanguageModel, Prompt, ToolCall, Turn},
        line::LineCommand,
    },
    testing::{
        call::TestCall,
        llm::{Reply, direct::DirectModel},
        receptionist::receptionist,
    },
};
use tokio::time::Instant;

pub(super) fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A model that always says the same.
pub(super) fn says(words: &'static str) -> Arc<DirectModel> {
    Arc::new(DirectModel::new(move |_: &Prompt| Reply { words: words.into(), calls: Vec::new() }))
}

/// A model that answers by what it has been told last.
pub(super) fn answers(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Arc<DirectModel> {
    Arc::new(DirectModel::new(move |prompt: &Prompt| reply(&last(prompt))))
}

/// A model that looks up what the caller wants on Wednesday, and proposes the first time that was found.
pub(super) fn books() -> Arc<DirectModel> {
    Arc::new(DirectModel::new(|prompt: &Prompt| match last(prompt).as_str() {
        LOOK => calls("look_up_times", r#"{"service":"haircut","when":{"words":"Wednesday morning"}}"#),
        TAKE => {
            let slot = results(prompt).iter().rev().find_map(|told| first_slot(told)).unwrap_or_default();
            calls("propose", &format!(r#"{{"slot":"{slot}","name":"Anna Kovacs"}}"#))
        }
        "no, that is all, bye" => calls("end_call", "{}"),
        told if first_slot(told).is_some() => words("I have two times on Wednesday. Which one would you like?"),
        _ => words("I am not sure about that. What would you like?"),
    }))
}

pub(super) const LOOK: &str = "Can I get a haircut on Wednesday morning?";
pub(super) const TAKE: &str = "The first one please, I'm Anna Kovacs";

/// The handle of the first time of the last tool's answer.
pub(super) fn first_slot(told: &str) -> Option<String> {
    let (_, rest) = told.split_once(r#""slot":""#)?;
    Some(rest.split('"').next()?.to_owned())
}

/// The handle of the first appointment of the last tool's answer.
pub(super) fn first_booking(told: &str) -> Option<String> {
    let (_, rest) = told.split_once(r#""booking":""#)?;
    Some(rest.split('"').next()?.to_owned())
}

/// Every tool's answer so far, the last one last.
pub(super) fn results(prompt: &Prompt) -> Vec<String> {
    let results = prompt.turns.iter().filter_map(|turn| match turn {
        Turn::Results(results) => Some(results.iter().map(|result| result.content.clone())),
        _ => None,
    });
    results.flatten().collect()
}

/// The last thing a model reads: the caller's words, or what a tool answered.
pub(super) fn last(prompt: &Prompt) -> String {
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

pub(super) fn words(words: &str) -> Reply {
    Reply { words: words.to_owned(), calls: Vec::new() }
}

pub(super) fn calls(name: &str, arguments: &str) -> Reply {
    let call = ToolCall { id: "c1".into(), name: name.into(), arguments: arguments.into() };
    Reply { words: String::new(), calls: vec![call] }
}

/// A call that these models talk in, in this order.
pub(super) async fn called(models: &[&Arc<DirectModel>]) -> TestCall {
    let models: Vec<_> = models.iter().map(|model| Arc::clone(model) as Arc<dyn LanguageModel>).collect();
    TestCall::answer_by_models(receptionist(&models)).await
}

/// The next words that come down the line, and how long they took to come.
pub(super) async fn said_at(call: &mut TestCall) -> (String, Duration) {
    let began = Instant::now();
    loop {
        if let LineCommand::Say { text, .. } = call.next().await {
            return (text, began.elapsed());
        }
    }
}
