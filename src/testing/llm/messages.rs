//! The wire of Messages, from the vendor's side: requests are read as strictly as the vendor reads them, and answers have
//! its events.

use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use super::{
    completions::{Answered, Ending},
    told::{self, Refusal, Told, Tools},
};
use crate::ports::language_model::{Prompt, ToolCall, ToolResult, Turn};

/// An unknown field is refused ("Extra inputs are not permitted").
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request<'a> {
    model: String,
    max_tokens: u32,
    messages: Vec<Message>,
    stream: bool,
    system: Option<Vec<Block>>,
    #[serde(borrow)]
    tools: Option<&'a RawValue>,
    tool_choice: Option<Choice>,
    #[serde(rename = "temperature")]
    _temperature: Option<f64>,
    #[serde(rename = "thinking")]
    _thinking: Option<Value>,
    #[serde(rename = "service_tier")]
    _tier: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    role: String,
    content: Content,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Blocks(Vec<Block>),
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Block {
    Text {
        text: String,
        cache_control: Option<Keep>,
    },
    ToolUse {
        id: String,
        name: String,
        input: serde_json::Map<String, Value>,
        cache_control: Option<Keep>,
    },
    ToolResult {
        tool_use_id: String,
        #[serde(default)]
        content: String,
        #[serde(default)]
        is_error: bool,
        cache_control: Option<Keep>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keep {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tool {
    name: String,
    #[serde(default)]
    description: String,
    input_schema: Value,
    cache_control: Option<Keep>,
}

pub(super) fn check_key(key: Option<&str>, version: Option<&str>) -> Result<(), Refusal> {
    if key.unwrap_or_default().trim().is_empty() {
        let message = "x-api-key header is required".to_owned();
        return Err(Refusal { status: 401, kind: "authentication_error", code: None, message });
    }
    if version != Some("2023-06-01") {
        return Err(Refusal::bad("the header with the version is required"));
    }
    Ok(())
}

pub(super) fn read(body: &[u8], tools: &Tools) -> Result<Told, Refusal> {
    let request: Request = serde_json::from_slice(body).map_err(|error| Refusal::bad(error.to_string()))?;
    if !request.stream {
        return Err(Refusal::bad("this server only streams"));
    }
    if request.max_tokens == 0 {
        return Err(Refusal::bad("max_tokens: Input should be greater than or equal to 1"));
    }
    let declared = request.tools.map(RawValue::get).unwrap_or_default();
    let specs = match request.tools {
        Some(_) => tools.of(declared, self::tools)?,
        None => [].into(),
    };
    let may_call = match request.tool_choice.as_ref().map(|choice| choice.kind.as_str()) {
        Some(_) if specs.is_empty() => {
            return Err(Refusal::bad("tool_choice may only be specified while providing tools"));
        }
        None | Some("auto" | "any") => true,
        Some("none") => false,
        Some(other) => return Err(Refusal::bad(format!("tool_choice: {other:?} was not expected"))),
    };
    let mut marks = declared.matches("\"cache_control\"").count();
    let mut system = String::new();
    for block in request.system.into_iter().flatten() {
        let Block::Text { text, cache_control } = block else {
            return Err(Refusal::bad("system: only text blocks are allowed"));
        };
        not_blank("system", &text)?;
        marks += mark(cache_control.as_ref())?;
        system.push_str(&text);
    }
    let turns = turns(request.messages, &mut marks)?;
    if marks > 4 {
        return Err(Refusal::bad(format!("A maximum of 4 blocks with cache_control may be provided. Found {marks}.")));
    }
    let prefix = system.len() + declared.len();
    let prompt = Prompt { system: system.into(), tools: specs, turns, may_call, most_tokens: request.max_tokens };
    Ok(Told { model: request.model, prompt, prefix, wants_usage: true })
}

fn tools(declared: &str) -> Result<Vec<(String, String, Value)>, Refusal> {
    let tools: Vec<Tool> = serde_json::from_str(declared).map_err(|error| Refusal::bad(error.to_string()))?;
    tools.iter().try_for_each(|tool| mark(tool.cache_control.as_ref()).map(drop))?;
    Ok(tools.into_iter().map(|tool| (tool.name, tool.description, tool.input_schema)).collect())
}

fn mark(keep: Option<&Keep>) -> Result<usize, Refusal> {
    match keep {
        Some(keep) if keep.kind != "ephemeral" => Err(Refusal::bad("cache_control.type: Input should be 'ephemeral'")),
        Some(_) => Ok(1),
        None => Ok(0),
    }
}

fn not_blank(place: &str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::bad(format!("{place}: text content blocks must contain non-whitespace text")));
    }
    Ok(())
}

fn turns(messages: Vec<Message>, marks: &mut usize) -> Result<Vec<Turn>, Refusal> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut waiting: Vec<String> = Vec::new();
    let mut last = String::new();
    let answered = messages.len();
    if answered == 0 {
        return Err(Refusal::bad("messages: at least one message is required"));
    }
    for (at, message) in messages.into_iter().enumerate() {
        let blocks = match message.content {
            Content::Text(text) => vec![Block::Text { text, cache_control: None }],
            Content::Blocks(blocks) => blocks,
        };
        if blocks.is_empty() {
            return Err(Refusal::bad(format!("messages.{at}: content must be non-empty")));
        }
        match message.role.as_str() {
            "assistant" if at == 0 => return Err(Refusal::bad("messages: first message must use the \"user\" role")),
            "assistant" => {
                if !waiting.is_empty() {
                    return Err(unanswered(at, &waiting));
                }
                let turn = agent(at, blocks, marks)?;
                if let Turn::Agent { calls, .. } = &turn {
                    waiting = calls.iter().map(|call| call.id.clone()).collect();
                }
                turns.push(turn);
            }
            "user" => user(at, blocks, &mut waiting, marks, &mut turns)?,
            other => {
                return Err(Refusal::bad(format!(
                    "messages.{at}.role: {other:?}: Input should be 'user' or 'assistant'"
                )));
            }
        }
        last = message.role;
    }
    if !waiting.is_empty() {
        return Err(unanswered(answered, &waiting));
    }
    if last != "user" {
        return Err(Refusal::bad("This model does not support assistant message prefill."));
    }
    // What stands before a conversation that the receptionist began is no caller's turn, which is a JSON object.
    if matches!(&turns[..], [Turn::Caller(text), Turn::Agent { .. }, ..] if !text.starts_with('{') && text.starts_with('('))
    {
        turns.remove(0);
    }
    Ok(turns)
}

fn unanswered(at: usize, ids: &[String]) -> Refusal {
    Refusal::bad(format!(
        "messages.{at}: `tool_use` ids were found without `tool_result` blocks immediately after: {}",
        ids.join(", ")
    ))
}

fn agent(at: usize, blocks: Vec<Block>, marks: &mut usize) -> Result<Turn, Refusal> {
    let (mut words, mut calls) = (String::new(), Vec::<ToolCall>::new());
    for block in blocks {
        match block {
            Block::Text { text, cache_control } => {
                not_blank(&format!("messages.{at}"), &text)?;
                *marks += mark(cache_control.as_ref())?;
                words.push_str(&text);
            }
            Block::ToolUse { id, name, input, cache_control } => {
                let fine =
                    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
                if !fine || calls.iter().any(|call| call.id == id) {
                    return Err(Refusal::bad(format!(
                        "messages.{at}: `tool_use` ids must be unique, of '^[a-zA-Z0-9_-]+$'"
                    )));
                }
                *marks += mark(cache_control.as_ref())?;
                calls.push(ToolCall { id, name, arguments: Value::Object(input).to_string() });
            }
            Block::ToolResult { .. } => {
                return Err(Refusal::bad(format!(
                    "messages.{at}: `tool_result` blocks can only be in `user` messages"
                )));
            }
        }
    }
    Ok(Turn::Agent { text: words, calls })
}

fn user(
    at: usize,
    blocks: Vec<Block>,
    waiting: &mut Vec<String>,
    marks: &mut usize,
    turns: &mut Vec<Turn>,
) -> Result<(), Refusal> {
    let (mut words, mut results) = (None::<String>, Vec::new());
    for block in blocks {
        match block {
            Block::Text { text, cache_control } => {
                if !waiting.is_empty() {
                    return Err(unanswered(at, waiting));
                }
                not_blank(&format!("messages.{at}"), &text)?;
                *marks += mark(cache_control.as_ref())?;
                words.get_or_insert_default().push_str(&text);
            }
            Block::ToolResult { tool_use_id, content, is_error, cache_control } => {
                let Some(found) = waiting.iter().position(|id| *id == tool_use_id) else {
                    return Err(Refusal::bad(format!(
                        "messages.{at}: unexpected `tool_use_id` found in `tool_result` blocks: {tool_use_id}"
                    )));
                };
                waiting.swap_remove(found);
                *marks += mark(cache_control.as_ref())?;
                results.push(ToolResult { id: tool_use_id, content, failed: is_error });
            }
            Block::ToolUse { .. } => {
                return Err(Refusal::bad(format!(
                    "messages.{at}: `tool_use` blocks can only be in `assistant` messages"
                )));
            }
        }
    }
    if !waiting.is_empty() {
        return Err(unanswered(at, waiting));
    }
    if !results.is_empty() {
        turns.push(Turn::Results(results));
    }
    turns.extend(words.map(Turn::Caller));
    Ok(())
}

/// The events, each with its empty line, and how many of the last ones only end the answer.
pub(super) fn events(answered: &Answered) -> (Vec<String>, usize) {
    let Answered { number, told, reply, ending, .. } = answered;
    let half = *ending != Ending::Whole;
    let mut events = Vec::new();
    let mut event = |data: Value| {
        let kind = data["type"].as_str().unwrap_or_default().to_owned();
        events.push(format!("event: {kind}\ndata: {data}\n\n"));
    };
    event(json!({"type": "message_start", "message": {"id": format!("msg_{number:08x}"), "type": "message",
        "role": "assistant", "model": told.model, "content": [], "stop_reason": null, "stop_sequence": null,
        "usage": {"input_tokens": answered.input.saturating_sub(answered.cached), "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": answered.cached, "output_tokens": 1}}}));
    event(json!({"type": "ping"}));
    let (mut index, mut output) = (0, 1);
    if !reply.words.is_empty() {
        event(json!({"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}}));
        let words = told::tokens(&reply.words);
        let kept = if half && reply.calls.is_empty() { words.len() / 2 } else { words.len() };
        for token in &words[..kept] {
            event(
                json!({"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": token}}),
            );
        }
        output += kept;
        event(json!({"type": "content_block_stop", "index": index}));
        index += 1;
    }
    for (at, call) in reply.calls.iter().enumerate() {
        event(json!({"type": "content_block_start", "index": index,
            "content_block": {"type": "tool_use", "id": call.id, "name": call.name, "input": {}}}));
        let shreds = told::shreds(&call.arguments);
        let kept = if half && at + 1 == reply.calls.len() { shreds.len() / 2 } else { shreds.len() };
        for shred in [""].iter().chain(&shreds[..kept]) {
            event(json!({"type": "content_block_delta", "index": index,
                "delta": {"type": "input_json_delta", "partial_json": shred}}));
        }
        output += kept;
        event(json!({"type": "content_block_stop", "index": index}));
        index += 1;
    }
    let reason = match ending {
        Ending::Half => "max_tokens",
        Ending::Refused => "refusal",
        Ending::Whole if reply.calls.is_empty() => "end_turn",
        Ending::Whole => "tool_use",
    };
    event(json!({"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": null},
        "usage": {"output_tokens": output}}));
    event(json!({"type": "message_stop"}));
    (events, 2)
}

/// The body of an error.
pub(super) fn error(refusal: &Refusal) -> String {
    json!({"type": "error", "error": {"type": refusal.kind, "message": refusal.message}, "request_id": "req_double"})
        .to_string()
}

/// An error in the middle of a stream.
pub(super) fn error_event(refusal: &Refusal) -> String {
    format!("event: error\ndata: {}\n\n", error(refusal))
}
