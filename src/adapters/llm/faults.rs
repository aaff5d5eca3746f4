//! What went wrong, told from a status, from an error's body, or from an error in the middle of a stream.
//!
//! OpenAI's and Anthropic's errors are objects with `error: {type, code, message}`; compatible endpoints send an array of
//! such, a bare object, or a sentence. What they say is only looked at for a few marks, and is never kept or logged: it
//! may repeat what the caller said.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::Value;

use crate::ports::language_model::ModelError;

/// Nobody is asked to wait longer than this; and a number that large is a mistake.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// How the endpoints say that a conversation is too long: OpenAI's and Groq's code, OpenAI's and vLLM's sentence,
/// Anthropic's two, llama.cpp's type, Gemini's.
const TOO_LONG: &[&str] = &[
    "context_length_exceeded",
    "maximum context length",
    "reduce the length of the messages",
    "prompt is too long",
    "exceed context limit",
    "exceed_context_size",
    "context window",
    "exceeds the maximum number of tokens",
];

/// Anthropic and Gemini answer these with 400.
const NO_MONEY: &[&str] = &["credit balance", "insufficient_quota", "billing"];
const BAD_KEY: &[&str] = &["api key not valid", "api_key_invalid", "invalid_api_key", "incorrect api key"];

/// An error's words, in lower case.
#[derive(Default)]
pub(super) struct Fault {
    /// Its type, code and status.
    kind: String,
    message: String,
}

impl Fault {
    pub(super) fn read(body: &[u8]) -> Self {
        serde_json::from_slice::<Value>(body).map(|body| Self::of(&body)).unwrap_or_default()
    }

    pub(super) fn of(body: &Value) -> Self {
        let body = body.get(0).unwrap_or(body);
        let error = body.get("error").filter(|error| !error.is_null()).unwrap_or(body);
        if let Some(sentence) = error.as_str() {
            return Self { kind: String::new(), message: sentence.to_lowercase() };
        }
        let text = |name: &str| match error.get(name) {
            Some(Value::String(text)) => text.to_lowercase(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        Self { kind: [text("type"), text("code"), text("status")].join(" "), message: text("message") }
    }

    fn is(&self, marks: &[&str]) -> bool {
        marks.iter().any(|mark| self.kind.contains(mark))
    }

    fn says(&self, marks: &[&str]) -> bool {
        self.is(marks) || marks.iter().any(|mark| self.message.contains(mark))
    }
}

/// Whether the status alone does not say what is to be done.
pub(super) fn is_told_by_its_body(status: u16) -> bool {
    matches!(status, 400 | 422)
}

/// Sorts an answer that is not 200.
pub(super) fn of_status(status: u16, fault: &Fault, retry_after: Option<Duration>) -> ModelError {
    match status {
        401 | 403 => ModelError::KeyRefused,
        // Payment required: no time after which it is better.
        402 => ModelError::Limited { retry_after: None },
        413 => ModelError::TooLong,
        429 => ModelError::Limited { retry_after },
        // 498 is Groq's "no capacity", 529 is Anthropic's.
        498 | 503 | 529 => ModelError::Overloaded { retry_after },
        408 | 500..=599 => ModelError::Failed,
        _ if fault.says(TOO_LONG) => ModelError::TooLong,
        _ if fault.says(BAD_KEY) => ModelError::KeyRefused,
        _ if fault.says(NO_MONEY) => ModelError::Limited { retry_after: None },
        _ => ModelError::NotAccepted(status),
    }
}

/// Sorts an error that came inside a stream, where it has no status.
pub(super) fn in_stream(fault: &Fault) -> ModelError {
    if fault.says(&["overloaded", "capacity"]) || fault.is(&["503", "529", "unavailable"]) {
        ModelError::Overloaded { retry_after: None }
    } else if fault.is(&["rate_limit", "429", "resource_exhausted"]) || fault.says(NO_MONEY) {
        ModelError::Limited { retry_after: None }
    } else if fault.is(&["authentication", "permission", "401", "403"]) || fault.says(BAD_KEY) {
        ModelError::KeyRefused
    } else if fault.says(TOO_LONG) {
        ModelError::TooLong
    } else {
        ModelError::Failed
    }
}

/// How long to wait: in seconds or as a date (RFC 9110, 10.2.3), or in milliseconds as OpenAI adds. A date is compared
/// with the answer's own `Date`, so neither clock has to be right.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(wait) = text("retry-after-ms").and_then(|text| text.parse::<f64>().ok()) {
        return seconds(wait / 1000.0);
    }
    let after = text(RETRY_AFTER.as_str())?;
    if let Ok(wait) = after.parse::<f64>() {
        return seconds(wait);
    }
    let date = |text: &str| rfc2822::parse(text).ok().map(|at| at.timestamp());
    let now: Timestamp = date(text(DATE.as_str())?)?;
    let wait = date(after)?.duration_since(now);
    Some(Duration::try_from(wait).unwrap_or_default().min(LONGEST_WAIT))
}

fn seconds(wait: f64) -> Option<Duration> {
    wait.is_finite().then(|| Duration::from_secs_f64(wait.clamp(0.0, LONGEST_WAIT.as_secs_f64())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(status: u16, body: &str) -> ModelError {
        of_status(status, &Fault::read(body.as_bytes()), None)
    }

    #[test]
    fn a_conversation_that_is_too_long_is_told_from_other_mistakes() {
        for body in [
            r#"{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
            r#"{"error":{"message":"Please reduce the length of the messages or completion.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
            r#"{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.","type":"BadRequestError","param":null,"code":400}"#,
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208656 tokens > 200000 maximum"},"request_id":"req_1"}"#,
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000"}}"#,
            r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}"#,
            r#"[{"error":{"code":400,"message":"The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}]"#,
        ] {
            assert!(matches!(sorted(400, body), ModelError::TooLong), "{body}");
        }
        assert!(matches!(sorted(413, ""), ModelError::TooLong));
        for body in [
            r#"{"error":{"message":"Unrecognized request argument supplied: thinking","type":"invalid_request_error","param":null,"code":null}}"#,
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: 10000 > 4096, which is the maximum allowed number of output tokens"}}"#,
            "<html>Bad Request</html>",
            "",
            "[]",
            "null",
        ] {
            assert!(matches!(sorted(400, body), ModelError::NotAccepted(400)), "{body}");
        }
    }

    #[test]
    fn no_money_and_a_bad_key_are_known_behind_a_bad_request_too() {
        let credit = r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}}"#;
        assert!(matches!(sorted(400, credit), ModelError::Limited { retry_after: None }));
        assert!(matches!(sorted(402, ""), ModelError::Limited { retry_after: None }));
        let key = r#"[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]"#;
        assert!(matches!(sorted(400, key), ModelError::KeyRefused));
    }

    #[test]
    fn an_error_in_the_stream_is_sorted_by_its_type() {
        let in_stream = |body: &str| in_stream(&Fault::read(body.as_bytes()));
        let overloaded = r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
        assert!(matches!(in_stream(overloaded), ModelError::Overloaded { .. }));
        let overloaded = r#"{"error":{"message":"That model is currently overloaded with other requests.","type":"server_error","code":null}}"#;
        assert!(matches!(in_stream(overloaded), ModelError::Overloaded { .. }));
        let limited = r#"{"error":{"message":"Rate limit reached","type":"tokens","code":"rate_limit_exceeded"}}"#;
        assert!(matches!(in_stream(limited), ModelError::Limited { .. }));
        assert!(matches!(in_stream(r#"{"error":{"message":"EngineCore died","code":500}}"#), ModelError::Failed));
        assert!(matches!(in_stream(r#"{"error":"boom"}"#), ModelError::Failed));
    }

    #[test]
    fn the_wait_is_read_in_every_way_it_is_written() {
        let wait = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            retry_after(&headers)
        };
        let date = ("date", "Wed, 11 Nov 2026 09:59:30 GMT");
        assert_eq!(wait(&[("retry-after", "60")]), Some(Duration::from_mins(1)));
        assert_eq!(wait(&[("retry-after", " 7 ")]), Some(Duration::from_secs(7)));
        assert_eq!(wait(&[("retry-after-ms", "1250"), ("retry-after", "2")]), Some(Duration::from_millis(1250)));
        assert_eq!(wait(&[("retry-after", "Wed, 11 Nov 2026 10:00:00 GMT"), date]), Some(Duration::from_secs(30)));
        assert_eq!(wait(&[("retry-after", "Wed, 11 Nov 2026 09:00:00 GMT"), date]), Some(Duration::ZERO));
        assert_eq!(wait(&[("retry-after", "-5")]), Some(Duration::ZERO));
        assert_eq!(wait(&[("retry-after", "1e300")]), Some(LONGEST_WAIT));
        assert_eq!(wait(&[("retry-after", "soon"), date]), None);
        assert_eq!(wait(&[("retry-after", "NaN")]), None);
        assert_eq!(wait(&[("retry-after", "Wed, 11 Nov 2026 10:00:00 GMT")]), None);
        assert_eq!(wait(&[]), None);
    }
}
