//! Both adapters against a server that behaves as the vendors do, over real HTTP; and then does not.

mod catalogue;
mod conversations;
mod streams;

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt;
use serde_json::json;

use super::{
    Endpoint,
    anthropic::Anthropic,
    openai::{Dialect, OpenAi},
};
use crate::{
    config::Secret,
    ports::language_model::{
        LanguageModel, ModelError, Piece, Prompt, ToolCall, ToolResult, ToolSpec, Turn, Usage, Why,
    },
    testing::llm::{Brain, Reply, server::ModelServer},
};

/// A model that says the same to everything.
struct Says(Reply);

impl Brain for Says {
    fn reply(&self, _: &Prompt) -> Reply {
        self.0.clone()
    }
}

struct Rig {
    server: ModelServer,
    /// One for each wire.
    models: Vec<Box<dyn LanguageModel>>,
}

const WORDS: &str = "Of course. On Tuesday I have half past three or four o'clock. Which one suits you?";

async fn says(words: &str, calls: &[ToolCall]) -> Rig {
    rig(Says(Reply { words: words.to_owned(), calls: calls.to_vec() })).await
}

async fn rig(brain: impl Brain + 'static) -> Rig {
    let server = ModelServer::start(Arc::new(brain)).await;
    let models = models(&server, |_| {});
    Rig { server, models }
}

fn models(server: &ModelServer, set: impl Fn(&mut Endpoint)) -> Vec<Box<dyn LanguageModel>> {
    let client = super::client().unwrap();
    let endpoint = |url: String| {
        let mut endpoint = Endpoint::new(url, "double-1");
        endpoint.key = Some(Secret::new("key"));
        set(&mut endpoint);
        endpoint
    };
    let completions = endpoint(server.completions_url());
    let messages = endpoint(server.messages_url());
    vec![
        Box::new(OpenAi::new(client.clone(), &completions, Dialect::Compatible).unwrap()),
        Box::new(Anthropic::new(client, &messages).unwrap()),
    ]
}

fn call(id: &str, name: &str, arguments: &str) -> ToolCall {
    ToolCall { id: id.into(), name: name.into(), arguments: arguments.into() }
}

fn tool(name: &'static str) -> ToolSpec {
    let schema =
        json!({"type": "object", "properties": {"service": {"type": "string"}}, "additionalProperties": false});
    ToolSpec { name, description: "Looks for free times.", schema }
}

fn caller(words: &str) -> Turn {
    Turn::Caller(json!({"caller": words, "desk": {}}).to_string())
}

fn agent(text: &str, calls: &[ToolCall]) -> Turn {
    Turn::Agent { text: text.into(), calls: calls.to_vec() }
}

fn results(results: &[(&str, &str, bool)]) -> Turn {
    let result = |(id, content, failed): &(&str, &str, bool)| ToolResult {
        id: (*id).into(),
        content: (*content).into(),
        failed: *failed,
    };
    Turn::Results(results.iter().map(result).collect())
}

fn prompt(turns: Vec<Turn>) -> Prompt {
    Prompt {
        system: "You answer the phone of \"Example Salon\".\nOne question at a time.".into(),
        tools: [tool("look_up_times"), tool("propose")].into(),
        turns,
        may_call: true,
        most_tokens: 300,
    }
}

fn hello() -> Prompt {
    prompt(vec![caller("I need a haircut")])
}

/// What came of a question.
#[derive(Debug, Default)]
struct Heard {
    words: String,
    calls: Vec<ToolCall>,
    end: Option<(Why, Usage)>,
    error: Option<ModelError>,
}

impl Heard {
    fn take(&mut self, piece: Piece) {
        assert!(self.end.is_none() && self.error.is_none(), "something came after the end");
        match piece {
            Piece::Words(words) => self.words.push_str(&words),
            Piece::Call(call) => self.calls.push(call),
            Piece::End { why, usage } => self.end = Some((why, usage)),
        }
    }

    /// Nothing that could be acted upon.
    fn is_broken(&self) -> bool {
        self.end.is_none() && self.calls.is_empty() && self.error.is_some()
    }
}

async fn ask(model: &dyn LanguageModel, prompt: &Prompt) -> Heard {
    let mut heard = Heard::default();
    match model.answer(prompt).await {
        Err(error) => heard.error = Some(error),
        Ok(mut answer) => {
            while let Some(piece) = answer.next().await {
                match piece {
                    Ok(piece) => heard.take(piece),
                    Err(error) => heard.error = Some(error),
                }
            }
        }
    }
    heard
}

/// Gives up after a while, as a call would.
async fn ask_for(model: &dyn LanguageModel, prompt: &Prompt, wait: Duration) -> Option<Heard> {
    tokio::time::timeout(wait, ask(model, prompt)).await.ok()
}
