//! The double refuses what the vendors refuse, in their words.

use serde_json::{Value, json};

use super::*;

struct Silent;

impl Brain for Silent {
    fn reply(&self, _: &Prompt) -> Reply {
        Reply { words: "Yes.".into(), calls: Vec::new() }
    }
}

async fn post(url: String, headers: &[(&str, &str)], body: &Value) -> (u16, Value) {
    let client = crate::adapters::http::client(Duration::from_secs(10)).unwrap();
    let mut request = client.post(url).json(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

fn chat(messages: &Value) -> Value {
    json!({"model": "m", "stream": true, "max_tokens": 10, "messages": messages})
}

async fn completion(body: &Value) -> (u16, Value) {
    let server = ModelServer::start(Arc::new(Silent)).await;
    post(format!("{}/chat/completions", server.completions_url()), &[("authorization", "Bearer key")], body).await
}

async fn message(body: &Value) -> (u16, Value) {
    let server = ModelServer::start(Arc::new(Silent)).await;
    let headers = [("x-api-key", "key"), ("anthropic-version", "2023-06-01")];
    post(format!("{}/v1/messages", server.messages_url()), &headers, body).await
}

fn call(id: &str) -> Value {
    json!({"id": id, "type": "function", "function": {"name": "propose", "arguments": "{}"}})
}

#[tokio::test]
async fn completions_that_the_vendor_would_not_take_are_not_taken() {
    let user = json!({"role": "user", "content": "hi"});
    let asks = json!({"role": "assistant", "content": null, "tool_calls": [call("a")]});
    let tells = json!({"role": "tool", "tool_call_id": "a", "content": "{}"});
    assert_eq!(completion(&chat(&json!([user, asks, tells]))).await.0, 200);
    for (messages, says) in [
        (json!([]), "too short"),
        (json!([{"role": "robot", "content": "hi"}]), "robot"),
        (json!([{"role": "user"}]), "content"),
        (json!([user, {"role": "system", "content": "late"}]), "first"),
        (json!([user, asks]), "tool_call_ids did not have"),
        (json!([user, asks, user, tells]), "tool_call_ids did not have"),
        (json!([user, tells]), "must be a response"),
        (json!([user, asks, tells, tells]), "must be a response"),
        (json!([user, {"role": "assistant", "content": null}]), "content is required"),
        (json!([user, {"role": "assistant", "content": "x", "tool_calls": []}]), "too short"),
        (json!([user, {"role": "assistant", "content": "x", "tool_calls": [call("a"), call("a")]}]), "Invalid"),
        (json!([user, {"role": "assistant", "content": "x", "tool_calls": [call(&"a".repeat(41))]}]), "Invalid"),
    ] {
        let (status, body) = completion(&chat(&messages)).await;
        let message = body["error"]["message"].as_str().unwrap();
        assert_eq!((status, body["error"]["type"].as_str()), (400, Some("invalid_request_error")), "{messages}");
        assert!(message.contains(says), "{message}");
    }
    let mut odd = chat(&json!([user]));
    odd["odd"] = json!(1);
    assert_eq!(completion(&odd).await.0, 400);
    let mut choice = chat(&json!([user]));
    choice["tool_choice"] = json!("none");
    assert_eq!(completion(&choice).await.0, 400);
}

#[tokio::test]
async fn messages_that_the_vendor_would_not_take_are_not_taken() {
    let user = json!({"role": "user", "content": "hi"});
    let asks =
        json!({"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "propose", "input": {}}]});
    let tells = json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": "{}"}]});
    let late = json!({"role": "user", "content": [{"type": "text", "text": "hm"}, tells["content"][0]]});
    let marked = |text: &str| json!({"type": "text", "text": text, "cache_control": {"type": "ephemeral"}});
    assert_eq!(message(&chat(&json!([user, asks, tells]))).await.0, 200);
    assert_eq!(message(&chat(&json!([user, user]))).await.0, 200);
    for (messages, says) in [
        (json!([]), "at least one"),
        (json!([{"role": "assistant", "content": "hi"}, user]), "first message"),
        (json!([{"role": "system", "content": "hi"}]), "role"),
        (json!([{"role": "user", "content": " "}]), "non-whitespace"),
        (json!([{"role": "user", "content": []}]), "non-empty"),
        (json!([user, {"role": "assistant", "content": "hi"}]), "prefill"),
        (json!([user, asks]), "without `tool_result`"),
        (json!([user, asks, user, tells]), "without `tool_result`"),
        (json!([user, asks, late]), "without `tool_result`"),
        (json!([user, tells]), "unexpected `tool_use_id`"),
        (json!([user, asks, tells, tells]), "unexpected `tool_use_id`"),
        (
            json!([{"role": "user", "content": [marked("1"), marked("2"), marked("3"), marked("4"), marked("5")]}]),
            "maximum of 4",
        ),
    ] {
        let (status, body) = message(&chat(&messages)).await;
        let said = body["error"]["message"].as_str().unwrap();
        assert_eq!((status, body["error"]["type"].as_str()), (400, Some("invalid_request_error")), "{messages}");
        assert!(said.contains(says), "{messages}: {said}");
    }
    let mut endless = chat(&json!([user]));
    endless["max_tokens"] = json!(0);
    assert_eq!(message(&endless).await.0, 400);
}

#[tokio::test]
async fn nobody_is_answered_without_a_key() {
    let server = ModelServer::start(Arc::new(Silent)).await;
    let body = chat(&json!([{"role": "user", "content": "hi"}]));
    for (path, headers) in [
        ("/v1/chat/completions", &[][..]),
        ("/v1/chat/completions", &[("authorization", "Bearer ")]),
        ("/v1/messages", &[("anthropic-version", "2023-06-01")]),
    ] {
        let (status, answer) = post(format!("{}{path}", server.messages_url()), headers, &body).await;
        assert_eq!(status, 401);
        assert!(answer["error"]["message"].is_string());
    }
    let (status, _) = post(format!("{}/v1/messages", server.messages_url()), &[("x-api-key", "key")], &body).await;
    assert_eq!(status, 400, "the version is missing");
    assert_eq!(server.asked().len(), 4);
}
