//! The JSON of Messages.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};

use crate::{
    adapters::llm::{
        calls::{self, Calls, Id, Ids, Part},
        decoder::{Events, Pieces},
        faults::{self, Fault},
        prefix::{append, append_fields},
    },
    ports::language_model::{ModelError, Piece, Prompt, ToolSpec, Turn, Usage, Why},
};

/// Stands before a conversation that the receptionist began.
const BEGINNING: &str = "(the call begins)";

/// `{"model":…`: what every request of an endpoint begins with.
pub(super) fn head(model: &str, extra: &Map<String, Value>) -> Vec<u8> {
    let mut body = b"{\"model\":".to_vec();
    append(&mut body, model);
    body.extend_from_slice(b",\"stream\":true");
    append_fields(&mut body, extra);
    body
}

/// The head, the tools and the instructions: up to where the conversation begins.
pub(super) fn prefix(head: &[u8], prompt: &Prompt) -> Vec<u8> {
    let mut body = head.to_vec();
    if let Some((last, others)) = prompt.tools.split_last() {
        body.extend_from_slice(b",\"tools\":");
        let others = others.iter().map(|tool| Tool::new(tool, None));
        append(&mut body, &others.chain([Tool::new(last, KEEP)]).collect::<Vec<_>>());
    }
    if !prompt.system.trim().is_empty() {
        body.extend_from_slice(b",\"system\":");
        append(&mut body, &[Block::Text { text: &prompt.system, cache_control: KEEP }]);
    }
    body.extend_from_slice(b",\"messages\":");
    body
}

/// The whole request.
pub(super) fn request(prefix: &[u8], prompt: &Prompt) -> Vec<u8> {
    let mut body = Vec::with_capacity(prefix.len() + 1024 + prompt.turns.len() * 512);
    body.extend_from_slice(prefix);
    append(&mut body, &conversation(&prompt.turns));
    if !prompt.tools.is_empty() && !prompt.may_call {
        body.extend_from_slice(br#","tool_choice":{"type":"none"}"#);
    }
    body.extend_from_slice(b",\"max_tokens\":");
    append(&mut body, &prompt.most_tokens);
    body.push(b'}');
    body
}

fn conversation(turns: &[Turn]) -> Vec<Spoken<'_>> {
    let mut messages: Vec<Spoken> = Vec::with_capacity(turns.len() + 1);
    let mut ids = Ids::default();
    for turn in turns {
        let (role, content) = match turn {
            Turn::Caller(text) => ("user", Block::text(text).into_iter().collect()),
            Turn::Agent { text, calls } => {
                let calls = ids.of_calls(calls).map(|(id, call)| Block::ToolUse {
                    id,
                    name: &call.name,
                    input: calls::arguments(call),
                    cache_control: None,
                });
                ("assistant", Block::text(text).into_iter().chain(calls).collect::<Vec<_>>())
            }
            Turn::Results(results) => {
                let results = results.iter().map(|result| Block::ToolResult {
                    tool_use_id: ids.of_result(&result.id),
                    content: &result.content,
                    is_error: result.failed,
                    cache_control: None,
                });
                ("user", results.collect())
            }
        };
        // A message, as a text, must not be empty.
        if content.is_empty() {
            continue;
        }
        if messages.is_empty() && role == "assistant" {
            messages.push(Spoken { role: "user", content: Block::text(BEGINNING).into_iter().collect() });
        }
        messages.push(Spoken { role, content });
    }
    if let Some(last) = messages.last_mut().and_then(|message| message.content.last_mut()) {
        last.keep();
    }
    messages
}

#[derive(Serialize)]
struct Spoken<'a> {
    role: &'static str,
    content: Vec<Block<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block<'a> {
    Text {
        text: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<Keep>,
    },
    ToolUse {
        id: Id,
        name: &'a str,
        input: &'a RawValue,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<Keep>,
    },
    ToolResult {
        tool_use_id: Id,
        content: &'a str,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_error: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<Keep>,
    },
}

impl<'a> Block<'a> {
    fn text(text: &'a str) -> Option<Self> {
        (!text.trim().is_empty()).then_some(Self::Text { text, cache_control: None })
    }

    fn keep(&mut self) {
        let (Self::Text { cache_control, .. }
        | Self::ToolUse { cache_control, .. }
        | Self::ToolResult { cache_control, .. }) = self;
        *cache_control = KEEP;
    }
}

/// Asks that the prompt is kept up to here, for five minutes from its last use.
#[derive(Clone, Copy, Serialize)]
struct Keep {
    #[serde(rename = "type")]
    kind: &'static str,
}

const KEEP: Option<Keep> = Some(Keep { kind: "ephemeral" });

#[derive(Serialize)]
struct Tool<'a> {
    name: &'a str,
    description: &'a str,
    input_schema: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_control: Option<Keep>,
}

impl<'a> Tool<'a> {
    fn new(tool: &'a ToolSpec, cache_control: Option<Keep>) -> Self {
        Self { name: tool.name, description: tool.description, input_schema: &tool.schema, cache_control }
    }
}

/// One event of the answer: all kinds in one, since a kind that is new must do no harm.
#[derive(Deserialize)]
struct Event<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    index: Option<u64>,
    message: Option<Start>,
    #[serde(borrow)]
    content_block: Option<Begun<'a>>,
    #[serde(borrow)]
    delta: Option<Delta<'a>>,
    usage: Option<Used>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Start {
    usage: Option<Used>,
}

#[derive(Deserialize)]
struct Begun<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    id: Option<String>,
    name: Option<String>,
    text: Option<String>,
    #[serde(borrow)]
    input: Option<&'a RawValue>,
}

/// Of a block or of the message. Thoughts and their signatures are not for the caller, and are not read.
#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Cow<'a, str>,
    text: Option<String>,
    partial_json: Option<String>,
    stop_reason: Option<String>,
}

#[derive(Deserialize)]
struct Used {
    input_tokens: Option<u32>,
    cache_creation_input_tokens: Option<u32>,
    cache_read_input_tokens: Option<u32>,
    output_tokens: Option<u32>,
}

/// An answer that is coming.
#[derive(Default)]
pub(in crate::adapters::llm) struct Message {
    calls: Calls,
    /// The block of a call that has begun and not ended.
    open: Option<u64>,
    stop: Option<Stop>,
    used: Counted,
}

#[derive(Clone, Copy, PartialEq)]
enum Stop {
    /// `end_turn`, `tool_use`, and what may come to be: whether there are calls decides.
    Done,
    Length,
    Refused,
}

/// The vendor counts what it kept, and what it reads from there, apart from the rest of the input; and counts anew in
/// every event that has a usage.
#[derive(Clone, Copy, Default)]
struct Counted {
    fresh: u32,
    written: u32,
    read: u32,
    output: u32,
}

impl Counted {
    fn take(&mut self, used: &Used) {
        let newest = |before: &mut u32, now: Option<u32>| *before = now.unwrap_or(*before);
        newest(&mut self.fresh, used.input_tokens);
        newest(&mut self.written, used.cache_creation_input_tokens);
        newest(&mut self.read, used.cache_read_input_tokens);
        newest(&mut self.output, used.output_tokens);
    }
}

impl From<Counted> for Usage {
    fn from(counted: Counted) -> Self {
        let input = counted.fresh.saturating_add(counted.written).saturating_add(counted.read);
        Self { input, cached: counted.read, output: counted.output }
    }
}

impl Events for Message {
    fn take(&mut self, data: &str, pieces: &mut Pieces) -> Result<(), ModelError> {
        let event: Event = serde_json::from_str(data).map_err(|_| ModelError::Broken("an event that is none"))?;
        match &*event.kind {
            "message_start" => {
                if let Some(used) = event.message.and_then(|message| message.usage) {
                    self.used.take(&used);
                }
            }
            "content_block_start" => {
                if let Some(block) = event.content_block {
                    self.begin(event.index, block, pieces)?;
                }
            }
            "content_block_delta" => {
                if let Some(delta) = event.delta {
                    self.go_on(event.index, delta, pieces)?;
                }
            }
            "content_block_stop" if event.index == self.open => self.open = None,
            "message_delta" => {
                if let Some(used) = &event.usage {
                    self.used.take(used);
                }
                match event.delta.and_then(|delta| delta.stop_reason).as_deref() {
                    None => {}
                    Some("max_tokens" | "model_context_window_exceeded") => self.stop = Some(Stop::Length),
                    Some("refusal") => self.stop = Some(Stop::Refused),
                    Some(_) => self.stop = Some(Stop::Done),
                }
            }
            "message_stop" => return self.end(pieces),
            "error" => {
                let body = event.error.map(RawValue::get).unwrap_or_default();
                return Err(faults::in_stream(&Fault::read(body.as_bytes())));
            }
            // Pings, and what the vendor will think of.
            _ => {}
        }
        Ok(())
    }

    /// The vendor always says that it stops.
    fn is_whole(&self) -> bool {
        false
    }

    fn conclude(&mut self, _: &mut Pieces) {}
}

impl Message {
    fn begin(&mut self, index: Option<u64>, block: Begun, pieces: &mut Pieces) -> Result<(), ModelError> {
        match &*block.kind {
            "text" => pieces.words(block.text.unwrap_or_default()),
            "tool_use" => {
                if self.open.is_some() {
                    return Err(ModelError::Broken("a call inside a call"));
                }
                self.open = index;
                // Empty in this vendor's streams; others that speak as it does send all of it here.
                let input = block.input.map(RawValue::get).filter(|input| input.starts_with('{') && input.len() > 2);
                self.calls.take(&Part {
                    index,
                    id: block.id.as_deref().unwrap_or_default(),
                    name: block.name.as_deref().unwrap_or_default(),
                    arguments: input.unwrap_or_default(),
                })?;
            }
            _ => {}
        }
        Ok(())
    }

    fn go_on(&mut self, index: Option<u64>, delta: Delta, pieces: &mut Pieces) -> Result<(), ModelError> {
        match (&*delta.kind, delta.text, delta.partial_json) {
            ("text_delta", Some(text), _) => pieces.words(text),
            // Those of a vendor's own tools, which we do not ask for, belong to no call of ours.
            ("input_json_delta", _, Some(json)) if index == self.open => {
                self.calls.take(&Part { index, arguments: &json, ..Part::default() })?;
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, pieces: &mut Pieces) -> Result<(), ModelError> {
        let stop = self.stop.ok_or(ModelError::Broken("stopped without a reason"))?;
        if self.open.is_some() && stop == Stop::Done {
            return Err(ModelError::Broken("stopped inside a call"));
        }
        let calls = std::mem::take(&mut self.calls).whole(stop == Stop::Length);
        let why = match stop {
            Stop::Refused => Why::Refused,
            Stop::Length => Why::Length,
            Stop::Done if calls.is_empty() => Why::Said,
            Stop::Done => Why::Calls,
        };
        if stop != Stop::Refused {
            for call in calls {
                pieces.call(call);
            }
        }
        pieces.end(Piece::End { why, usage: self.used.into() });
        Ok(())
    }
}
