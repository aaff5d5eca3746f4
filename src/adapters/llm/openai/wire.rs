//! The JSON of chat completions.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};

use super::Dialect;
use crate::{
    adapters::llm::{
        calls::{self, Calls, Id, Ids, Part},
        decoder::{Events, Pieces},
        faults::{self, Fault},
        prefix::{append, append_fields},
    },
    ports::language_model::{ModelError, Piece, Prompt, ToolSpec, Turn, Usage, Why},
};

/// `{"model":…`: what every request of an endpoint begins with.
pub(super) fn head(model: &str, extra: &Map<String, Value>) -> Vec<u8> {
    let mut body = b"{\"model\":".to_vec();
    append(&mut body, model);
    body.extend_from_slice(br#","stream":true,"stream_options":{"include_usage":true}"#);
    append_fields(&mut body, extra);
    body
}

/// The head, the tools and the instructions: up to where the conversation begins.
pub(super) fn prefix(head: &[u8], prompt: &Prompt) -> Vec<u8> {
    let mut body = head.to_vec();
    if !prompt.tools.is_empty() {
        body.extend_from_slice(b",\"tools\":");
        append(&mut body, &prompt.tools.iter().map(Tool::from).collect::<Vec<_>>());
    }
    body.extend_from_slice(b",\"messages\":[");
    append(&mut body, &Message::System { content: &prompt.system });
    body
}

/// The whole request.
pub(super) fn request(prefix: &[u8], prompt: &Prompt, dialect: Dialect) -> Vec<u8> {
    let mut body = Vec::with_capacity(prefix.len() + 1024 + prompt.turns.len() * 512);
    body.extend_from_slice(prefix);
    let mut ids = Ids::default();
    for turn in &prompt.turns {
        match turn {
            Turn::Caller(content) => message(&mut body, &Message::User { content }),
            Turn::Agent { text, calls } if calls.is_empty() && text.is_empty() => {}
            Turn::Agent { text, calls } => {
                let extra = (dialect == Dialect::Gemini).then_some(&UNSIGNED);
                let tool_calls = ids.of_calls(calls).map(|(id, call)| Call {
                    id,
                    kind: "function",
                    function: Function { name: &call.name, arguments: calls::arguments(call).get() },
                    extra_content: extra,
                });
                let content = (!text.is_empty()).then_some(text.as_str());
                message(&mut body, &Message::Assistant { content, tool_calls: tool_calls.collect() });
            }
            Turn::Results(results) => {
                for result in results {
                    let tool_call_id = ids.of_result(&result.id);
                    message(&mut body, &Message::Tool { tool_call_id, content: &result.content });
                }
            }
        }
    }
    body.push(b']');
    if !prompt.tools.is_empty() && !prompt.may_call {
        body.extend_from_slice(b",\"tool_choice\":\"none\"");
    }
    body.extend_from_slice(match dialect {
        Dialect::OpenAi => b",\"max_completion_tokens\":",
        Dialect::Compatible | Dialect::Gemini => b",\"max_tokens\":",
    });
    append(&mut body, &prompt.most_tokens);
    body.push(b'}');
    body
}

/// There is always one before it: the instructions.
fn message(body: &mut Vec<u8>, message: &Message) {
    body.push(b',');
    append(body, message);
}

#[derive(Serialize)]
#[serde(tag = "role", rename_all = "snake_case")]
enum Message<'a> {
    System {
        content: &'a str,
    },
    User {
        content: &'a str,
    },
    /// Without words, its content is null: some endpoints miss it when it is left out.
    Assistant {
        content: Option<&'a str>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        tool_calls: Vec<Call<'a>>,
    },
    Tool {
        tool_call_id: Id,
        content: &'a str,
    },
}

#[derive(Serialize)]
struct Call<'a> {
    id: Id,
    #[serde(rename = "type")]
    kind: &'static str,
    function: Function<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra_content: Option<&'static Unsigned>,
}

#[derive(Serialize)]
struct Function<'a> {
    name: &'a str,
    arguments: &'a str,
}

#[derive(Serialize)]
struct Unsigned {
    google: Signature,
}

#[derive(Serialize)]
struct Signature {
    thought_signature: &'static str,
}

static UNSIGNED: Unsigned = Unsigned { google: Signature { thought_signature: "skip_thought_signature_validator" } };

#[derive(Serialize)]
struct Tool<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    function: Declared<'a>,
}

#[derive(Serialize)]
struct Declared<'a> {
    name: &'a str,
    description: &'a str,
    parameters: &'a Value,
}

impl<'a> From<&'a ToolSpec> for Tool<'a> {
    fn from(tool: &'a ToolSpec) -> Self {
        let function = Declared { name: tool.name, description: tool.description, parameters: &tool.schema };
        Self { kind: "function", function }
    }
}

/// One event of the answer. Fields may be null, and choices may be missing beside a usage or an error.
#[derive(Deserialize)]
struct Chunk<'a> {
    choices: Option<Vec<Choice>>,
    usage: Option<Used>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    index: u64,
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

/// What a model thinks aloud (`reasoning_content`, `reasoning`) is not for the caller, and is not read.
#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
    refusal: Option<String>,
    tool_calls: Option<Vec<CallPart>>,
}

#[derive(Deserialize)]
struct CallPart {
    index: Option<u64>,
    id: Option<String>,
    function: Option<FunctionPart>,
}

#[derive(Deserialize)]
struct FunctionPart {
    name: Option<String>,
    arguments: Option<String>,
}

#[derive(Deserialize)]
struct Used {
    prompt_tokens: Option<u32>,
    completion_tokens: Option<u32>,
    prompt_tokens_details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    cached_tokens: Option<u32>,
}

impl From<Used> for Usage {
    fn from(used: Used) -> Self {
        Self {
            input: used.prompt_tokens.unwrap_or_default(),
            cached: used.prompt_tokens_details.and_then(|details| details.cached_tokens).unwrap_or_default(),
            output: used.completion_tokens.unwrap_or_default(),
        }
    }
}

/// An answer that is coming.
#[derive(Default)]
pub(in crate::adapters::llm) struct Completion {
    calls: Calls,
    finish: Option<Finish>,
    refused: bool,
    usage: Usage,
}

#[derive(Clone, Copy, PartialEq)]
enum Finish {
    /// `stop`, `tool_calls`: endpoints do not keep to the difference, so whether there are calls decides.
    Done,
    Length,
    Refused,
}

impl Events for Completion {
    fn take(&mut self, data: &str, pieces: &mut Pieces) -> Result<(), ModelError> {
        if data.trim() == "[DONE]" {
            return if self.is_whole() {
                self.conclude(pieces);
                Ok(())
            } else {
                Err(ModelError::Broken("done without a reason"))
            };
        }
        let chunk: Chunk = serde_json::from_str(data).map_err(|_| ModelError::Broken("an event that is none"))?;
        if let Some(error) = chunk.error.filter(|error| error.get() != "null") {
            return Err(faults::in_stream(&Fault::read(error.get().as_bytes())));
        }
        if let Some(used) = chunk.usage {
            self.usage = used.into();
        }
        // Only one choice is asked for.
        for choice in chunk.choices.into_iter().flatten().filter(|choice| choice.index == 0) {
            self.choice(choice, pieces)?;
        }
        Ok(())
    }

    fn is_whole(&self) -> bool {
        self.finish.is_some()
    }

    fn conclude(&mut self, pieces: &mut Pieces) {
        let finish = if self.refused { Finish::Refused } else { self.finish.unwrap_or(Finish::Done) };
        let calls = std::mem::take(&mut self.calls).whole(finish == Finish::Length);
        let why = match finish {
            Finish::Refused => Why::Refused,
            Finish::Length => Why::Length,
            Finish::Done if calls.is_empty() => Why::Said,
            Finish::Done => Why::Calls,
        };
        if finish != Finish::Refused {
            for call in calls {
                pieces.call(call);
            }
        }
        pieces.end(Piece::End { why, usage: self.usage });
    }
}

impl Completion {
    fn choice(&mut self, choice: Choice, pieces: &mut Pieces) -> Result<(), ModelError> {
        if let Some(delta) = choice.delta {
            if let Some(words) = delta.content {
                pieces.words(words);
            }
            self.refused |= delta.refusal.is_some_and(|refusal| !refusal.is_empty());
            for part in delta.tool_calls.into_iter().flatten() {
                let function = part.function.as_ref();
                self.calls.take(&Part {
                    index: part.index,
                    id: part.id.as_deref().unwrap_or_default(),
                    name: function.and_then(|function| function.name.as_deref()).unwrap_or_default(),
                    arguments: function.and_then(|function| function.arguments.as_deref()).unwrap_or_default(),
                })?;
            }
        }
        match choice.finish_reason.as_deref() {
            None | Some("") => {}
            Some("length") => self.finish = Some(Finish::Length),
            Some("content_filter") => self.finish = Some(Finish::Refused),
            Some(_) => self.finish = Some(Finish::Done),
        }
        Ok(())
    }
}
