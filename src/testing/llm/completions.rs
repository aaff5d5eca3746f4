//! The wire of chat completions, from the vendor's side: requests are read as strictly as the vendor reads them, and
//! answers have its events.

use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use super::{
    Reply,
    told::{self, Refusal, Told, Tools},
};
use crate::ports::language_model::{Prompt, ToolCall, ToolResult, Turn};

/// An unknown field is refused ("Unrecognized request argument supplied").
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request<'a> {
    model: String,
    messages: Vec<Message>,
    stream: bool,
    stream_options: Option<StreamOptions>,
    #[serde(borrow)]
    tools: Option<&'a RawValue>,
    tool_choice: Option<Value>,
    max_tokens: Option<u32>,
    max_completion_tokens: Option<u32>,
    #[serde(rename = "temperature")]
    _temperature: Option<f64>,
    #[serde(rename = "top_p")]
    _top_p: Option<f64>,
    #[serde(rename = "reasoning_effort")]
    _effort: Option<String>,
    #[serde(rename = "prompt_cache_key")]
    _cache_key: Option<String>,
    #[serde(rename = "service_tier")]
    _tier: Option<String>,
    #[serde(rename = "parallel_tool_calls")]
    _parallel: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamOptions {
    #[serde(default)]
    include_usage: bool,
}

#[derive(Deserialize)]
#[serde(tag = "role", rename_all = "snake_case", deny_unknown_fields)]
enum Message {
    #[serde(alias = "developer")]
    System {
        content: String,
    },
    User {
        content: String,
    },
    Assistant {
        content: Option<String>,
        tool_calls: Option<Vec<Call>>,
    },
    Tool {
        tool_call_id: String,
        content: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    function: Function,
    /// Gemini's signatures.
    #[serde(rename = "extra_content")]
    _extra: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Function {
    name: String,
    arguments: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tool {
    #[serde(rename = "type")]
    kind: String,
    function: Declared,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    name: String,
    #[serde(default)]
    description: String,
    parameters: Value,
    #[serde(rename = "strict")]
    _strict: Option<bool>,
}

/// `authorization` is that header's text.
pub(super) fn check_key(authorization: Option<&str>) -> Result<(), Refusal> {
    let key = authorization.and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default();
    if key.trim().is_empty() {
        let message = "You didn't provide an API key.".to_owned();
        return Err(Refusal { status: 401, kind: "invalid_request_error", code: None, message });
    }
    Ok(())
}

pub(super) fn read(body: &[u8], tools: &Tools) -> Result<Told, Refusal> {
    let request: Request = serde_json::from_slice(body).map_err(|error| Refusal::bad(error.to_string()))?;
    if !request.stream {
        return Err(Refusal::bad("this server only streams"));
    }
    let most_tokens = match (request.max_tokens, request.max_completion_tokens) {
        (Some(_), Some(_)) => return Err(Refusal::bad("max_tokens and max_completion_tokens cannot both be set")),
        (Some(_), None) if request.model.starts_with("gpt-5") => {
            return Err(Refusal {
                code: Some("unsupported_parameter"),
                ..Refusal::bad(
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                )
            });
        }
        (limit, None) | (None, limit) => limit.unwrap_or(u32::MAX),
    };
    if most_tokens == 0 {
        return Err(Refusal::bad("the limit of tokens must be at least 1"));
    }
    let declared = request.tools.map(RawValue::get).unwrap_or_default();
    let specs = match request.tools {
        Some(_) => tools.of(declared, self::tools)?,
        None => [].into(),
    };
    let may_call = match &request.tool_choice {
        Some(_) if specs.is_empty() => {
            return Err(Refusal::bad("'tool_choice' is only allowed when 'tools' are specified."));
        }
        Some(Value::String(choice)) => match choice.as_str() {
            "none" => false,
            "auto" | "required" => true,
            other => {
                return Err(Refusal::bad(format!("Invalid value: '{other}'. Supported: 'none', 'auto', 'required'.")));
            }
        },
        _ => true,
    };
    let (system, turns) = turns(request.messages)?;
    let prefix = system.len() + declared.len();
    Ok(Told {
        model: request.model,
        prompt: Prompt { system: system.into(), tools: specs, turns, may_call, most_tokens },
        prefix,
        wants_usage: request.stream_options.is_some_and(|options| options.include_usage),
    })
}

fn tools(declared: &str) -> Result<Vec<(String, String, Value)>, Refusal> {
    let tools: Vec<Tool> = serde_json::from_str(declared).map_err(|error| Refusal::bad(error.to_string()))?;
    if tools.is_empty() {
        return Err(Refusal::bad("[] is too short - 'tools'"));
    }
    if let Some(tool) = tools.iter().find(|tool| tool.kind != "function") {
        return Err(Refusal::bad(format!("Invalid value: '{}' - 'tools.type'", tool.kind)));
    }
    Ok(tools
        .into_iter()
        .map(|tool| (tool.function.name, tool.function.description, tool.function.parameters))
        .collect())
}

fn turns(messages: Vec<Message>) -> Result<(String, Vec<Turn>), Refusal> {
    let mut system = String::new();
    let mut turns: Vec<Turn> = Vec::new();
    // The calls that still have to be answered before anything else may come.
    let mut waiting: Vec<String> = Vec::new();
    if messages.is_empty() {
        return Err(Refusal::bad("[] is too short - 'messages'"));
    }
    for (at, message) in messages.into_iter().enumerate() {
        if !waiting.is_empty() && !matches!(message, Message::Tool { .. }) {
            return Err(unanswered(&waiting));
        }
        match message {
            Message::System { content } if at == 0 => system = content,
            Message::System { .. } => {
                return Err(Refusal::bad(format!("messages[{at}]: instructions must stand first")));
            }
            Message::User { content } => turns.push(Turn::Caller(content)),
            Message::Assistant { content, tool_calls } => {
                let calls = calls(at, tool_calls)?;
                if content.is_none() && calls.is_empty() {
                    return Err(Refusal::bad(format!("messages[{at}]: content is required without tool_calls")));
                }
                waiting = calls.iter().map(|call| call.id.clone()).collect();
                turns.push(Turn::Agent { text: content.unwrap_or_default(), calls });
            }
            Message::Tool { tool_call_id, content } => {
                let Some(found) = waiting.iter().position(|id| *id == tool_call_id) else {
                    return Err(Refusal::bad(
                        "messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
                    ));
                };
                waiting.swap_remove(found);
                let result = ToolResult { id: tool_call_id, content, failed: false };
                match turns.last_mut() {
                    Some(Turn::Results(results)) => results.push(result),
                    _ => turns.push(Turn::Results(vec![result])),
                }
            }
        }
    }
    if waiting.is_empty() { Ok((system, turns)) } else { Err(unanswered(&waiting)) }
}

fn unanswered(ids: &[String]) -> Refusal {
    Refusal::bad(format!(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {}",
        ids.join(", ")
    ))
}

fn calls(at: usize, calls: Option<Vec<Call>>) -> Result<Vec<ToolCall>, Refusal> {
    let Some(calls) = calls else { return Ok(Vec::new()) };
    if calls.is_empty() {
        return Err(Refusal::bad(format!("[] is too short - 'messages.{at}.tool_calls'")));
    }
    let mut read: Vec<ToolCall> = Vec::new();
    for call in calls {
        if call.kind != "function" {
            return Err(Refusal::bad(format!("Invalid value: '{}' - 'messages.{at}.tool_calls.type'", call.kind)));
        }
        if call.id.is_empty() || call.id.len() > 40 || read.iter().any(|other| other.id == call.id) {
            return Err(Refusal::bad(format!("Invalid 'messages[{at}].tool_calls.id'")));
        }
        // Endpoints that render the conversation into a text read the arguments, and fail when they are none.
        if !serde_json::from_str::<Value>(&call.function.arguments).is_ok_and(|value| value.is_object()) {
            return Err(Refusal::bad(format!("messages[{at}]: the arguments are no JSON object")));
        }
        read.push(ToolCall { id: call.id, name: call.function.name, arguments: call.function.arguments });
    }
    Ok(read)
}

/// How an answer ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Whole,
    /// Too long: the last arguments, or words, are half.
    Half,
    /// Filtered after half of the words.
    Refused,
}

/// What one answer is about.
pub(super) struct Answered<'a> {
    /// The number of the request.
    pub(super) number: u64,
    pub(super) told: &'a Told,
    pub(super) reply: &'a Reply,
    pub(super) input: usize,
    pub(super) cached: usize,
    pub(super) ending: Ending,
}

/// The events, each with its empty line, and how many of the last ones only end the answer.
pub(super) fn events(answered: &Answered) -> (Vec<String>, usize) {
    let Answered { number, told, reply, ending, .. } = answered;
    let head = format!(
        r#""id":"chatcmpl-{number:08x}","object":"chat.completion.chunk","created":1795600000,"model":{},"system_fingerprint":"fp_44709d6fcb""#,
        Value::from(told.model.as_str())
    );
    let usage = if told.wants_usage { r#","usage":null"# } else { "" };
    let chunk = |delta: &str, finish: &str| {
        format!(
            "data: {{{head},\"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":{finish}}}]{usage}}}\n\n"
        )
    };
    let half = *ending != Ending::Whole;
    let mut events = vec![chunk(r#"{"role":"assistant","content":"","refusal":null}"#, "null")];
    let words = told::tokens(&reply.words);
    let kept = if half && reply.calls.is_empty() { words.len() / 2 } else { words.len() };
    for token in &words[..kept] {
        events.push(chunk(&json!({"content": token}).to_string(), "null"));
    }
    for (index, call) in reply.calls.iter().enumerate() {
        let begun = json!({"tool_calls": [{"index": index, "id": call.id, "type": "function",
            "function": {"name": call.name, "arguments": ""}}]});
        events.push(chunk(&begun.to_string(), "null"));
        let shreds = told::shreds(&call.arguments);
        let kept = if half && index + 1 == reply.calls.len() { shreds.len() / 2 } else { shreds.len() };
        for shred in &shreds[..kept] {
            let part = json!({"tool_calls": [{"index": index, "function": {"arguments": shred}}]});
            events.push(chunk(&part.to_string(), "null"));
        }
    }
    let finish = match ending {
        Ending::Half => r#""length""#,
        Ending::Refused => r#""content_filter""#,
        Ending::Whole if reply.calls.is_empty() => r#""stop""#,
        Ending::Whole => r#""tool_calls""#,
    };
    let output = events.len() - 1;
    events.push(chunk("{}", finish));
    let mut last = 2;
    if told.wants_usage {
        let (input, cached) = (answered.input, answered.cached);
        let used = json!({"prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output,
            "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0}});
        events.push(format!("data: {{{head},\"choices\":[],\"usage\":{used}}}\n\n"));
        last += 1;
    }
    events.push("data: [DONE]\n\n".to_owned());
    (events, last)
}

/// The body of an error.
pub(super) fn error(refusal: &Refusal) -> String {
    json!({"error": {"message": refusal.message, "type": refusal.kind, "param": null, "code": refusal.code}})
        .to_string()
}

/// An error in the middle of a stream.
pub(super) fn error_event(refusal: &Refusal) -> String {
    format!("data: {}\n\n", error(refusal))
}
