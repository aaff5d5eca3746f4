//! Whole answers of both vendors, with every kind of event they send, cut at every byte and in pieces of every size:
//! the same comes out, or an error, and never a call from half an answer.

use super::{super::decoder::Events, *};
use crate::adapters::llm::{anthropic, decoder::Decoder, openai};

type Completion = openai::Completion;
type Message = anthropic::Message;

/// Words with letters of several bytes, two calls, one of them in shreds, a piece of both in one event, thoughts aloud,
/// the usage in an event of its own.
const COMPLETION: &str = concat!(
    ": connected\n\n",
    r#"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795600000,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"x7"}"#,
    "\n\n",
    r#"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"reasoning_content":"They want a haircut."},"finish_reason":null}]}"#,
    "\n\n",
    r#"data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"Um vier — \u00e9"},"finish_reason":null}]}"#,
    "\n\n",
    r#"data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":", 日本語 🙂."},"finish_reason":null}]}"#,
    "\n\n",
    r#"data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"look_up_times","arguments":""}}]},"finish_reason":null}]}"#,
    "\n\n",
    r#"data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"when\":{\"words\":\"Mardi à "}}]},"finish_reason":null}]}"#,
    "\n\n",
    r#"data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"15h30\"}}"}},{"index":1,"id":"call_b","type":"function","function":{"name":"propose","arguments":"{}"}}]},"finish_reason":null}]}"#,
    "\n\n",
    r#"data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}],"usage":null}"#,
    "\n\n",
    r#"data: {"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":1200,"completion_tokens":40,"total_tokens":1240,"prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":6}}}"#,
    "\n\n",
    "data: [DONE]\n\n",
);

const MESSAGE: &str = concat!(
    "event: message_start\n",
    r#"data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":120,"cache_creation_input_tokens":56,"cache_read_input_tokens":1024,"output_tokens":1,"service_tier":"standard"}}}"#,
    "\n\n",
    "event: content_block_start\n",
    r#"data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#,
    "\n\nevent: ping\ndata: {\"type\": \"ping\"}\n\n",
    "event: content_block_delta\n",
    r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"They want a haircut."}}"#,
    "\n\nevent: content_block_delta\n",
    r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQBCg=="}}"#,
    "\n\nevent: content_block_stop\n",
    r#"data: {"type":"content_block_stop","index":0}"#,
    "\n\nevent: content_block_start\n",
    r#"data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
    "\n\nevent: content_block_delta\n",
    r#"data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Um vier — \u00e9"}}"#,
    "\n\nevent: content_block_delta\n",
    r#"data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":", 日本語 🙂."}}"#,
    "\n\nevent: content_block_stop\n",
    r#"data: {"type":"content_block_stop","index":1}"#,
    "\n\nevent: content_block_start\n",
    r#"data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"call_a","name":"look_up_times","input":{}}}"#,
    "\n\nevent: content_block_delta\n",
    r#"data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}"#,
    "\n\nevent: content_block_delta\n",
    r#"data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"when\":{\"words\":\"Mardi à "}}"#,
    "\n\nevent: content_block_delta\n",
    r#"data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"15h30\"}}"}}"#,
    "\n\nevent: content_block_stop\n",
    r#"data: {"type":"content_block_stop","index":2}"#,
    "\n\nevent: content_block_start\n",
    r#"data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"call_b","name":"propose","input":{}}}"#,
    "\n\nevent: content_block_stop\n",
    r#"data: {"type":"content_block_stop","index":3}"#,
    "\n\nevent: something_new\n",
    r#"data: {"type":"something_new","delta":{"type":"odd_delta","text":"not for the caller"}}"#,
    "\n\nevent: message_delta\n",
    r#"data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":40}}"#,
    "\n\nevent: message_stop\n",
    r#"data: {"type":"message_stop"}"#,
    "\n\n",
);

const SAID: &str = "Um vier — é, 日本語 🙂.";

/// Decodes pieces of an answer; at the end the stream is closed.
fn decode<'a, E: Events>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Heard {
    let mut decoder = Decoder::<E>::new();
    let mut heard = Heard::default();
    for chunk in chunks {
        let fed = decoder.feed(chunk);
        drain(&mut decoder, &mut heard);
        if let Err(error) = fed {
            heard.error = Some(error);
            return heard;
        }
    }
    let closed = decoder.close();
    drain(&mut decoder, &mut heard);
    heard.error = closed.err();
    heard
}

fn drain<E: Events>(decoder: &mut Decoder<E>, heard: &mut Heard) {
    while let Some(piece) = decoder.next() {
        heard.take(piece);
    }
}

fn is_whole(heard: &Heard) {
    assert!(heard.error.is_none(), "{heard:?}");
    assert_eq!(heard.words, SAID);
    let calls =
        [call("call_a", "look_up_times", r#"{"when":{"words":"Mardi à 15h30"}}"#), call("call_b", "propose", "{}")];
    assert_eq!(heard.calls, calls);
    assert_eq!(heard.end, Some((Why::Calls, Usage { input: 1200, cached: 1024, output: 40 })));
}

/// The same answer with other ends of lines, and without the space that nobody needs.
fn spellings(stream: &str) -> Vec<String> {
    let mixed = |text: &str| {
        let mut ends = ["\n", "\r\n", "\r", "\r\n"].into_iter().cycle();
        text.split('\n').map(|line| format!("{line}{}", ends.next().unwrap())).collect::<String>()
    };
    vec![
        stream.to_owned(),
        mixed(stream),
        stream.replace('\n', "\r\n"),
        stream.replace('\n', "\r"),
        format!("\u{feff}{}", stream.replace("data: ", "data:").replace("event: ", "event:")),
        // One object over several lines of data.
        stream.replace(r#","usage":"#, "\ndata: ,\"usage\":").replace("data: {\"type\":", "data: {\ndata: \"type\":"),
        stream.replace("\n\n", "\n: a comment\nid: 7\nretry: 3000\nodd\n\n\n"),
    ]
}

fn in_any_pieces<E: Events>(stream: &str) {
    let spellings = spellings(stream);
    for spelling in &spellings {
        let bytes = spelling.as_bytes();
        for size in [1, 2, 3, 7, 64, usize::MAX] {
            is_whole(&decode::<E>(bytes.chunks(size)));
        }
    }
    for spelling in &spellings[..2] {
        let bytes = spelling.as_bytes();
        for at in 0..bytes.len() {
            is_whole(&decode::<E>([&bytes[..at], &bytes[at..]]));
        }
    }
}

#[test]
fn e10_completions_are_the_same_in_pieces_of_any_size() {
    in_any_pieces::<Completion>(COMPLETION);
}

#[test]
fn e10_messages_are_the_same_in_pieces_of_any_size() {
    in_any_pieces::<Message>(MESSAGE);
}

/// An answer may be cut anywhere. Before `reason` it is broken and has no calls; behind it, it may be whole.
fn cut_anywhere<E: Events>(stream: &str, reason: usize) {
    for spelling in [stream.to_owned(), stream.replace('\n', "\r\n")] {
        for at in 0..spelling.len() {
            let bytes = &spelling.as_bytes()[..at];
            let heard = decode::<E>([bytes]);
            assert!(SAID.starts_with(&heard.words), "at {at}: {}", heard.words);
            if heard.error.is_none() {
                assert!(at > reason, "at {at}: {heard:?}");
                assert_eq!((heard.calls.len(), heard.end.unwrap().0), (2, Why::Calls), "at {at}");
            } else {
                assert!(heard.is_broken(), "at {at}: {heard:?}");
            }
        }
    }
}

#[test]
fn e08_completions_cut_at_any_byte_are_whole_or_broken() {
    let reason = COMPLETION.find(r#""finish_reason":"tool_calls""#).unwrap();
    cut_anywhere::<Completion>(COMPLETION, reason);
}

#[test]
fn e08_messages_cut_at_any_byte_are_whole_or_broken() {
    // Only with its very last line is it whole.
    cut_anywhere::<Message>(MESSAGE, MESSAGE.len() - 2);
}

#[test]
fn a_byte_that_is_wrong_does_no_harm() {
    fn with_a_wrong_byte<E: Events>(stream: &str) {
        for at in 0..stream.len() {
            for wrong in [b'"', b'\n', 0xff] {
                let mut bytes = stream.as_bytes().to_vec();
                bytes[at] = wrong;
                let heard = decode::<E>([&bytes[..]]);
                assert!(heard.end.is_some() || heard.is_broken(), "at {at}: {heard:?}");
            }
        }
    }
    with_a_wrong_byte::<Completion>(COMPLETION);
    with_a_wrong_byte::<Message>(MESSAGE);
}

fn completion(events: &[&str]) -> Heard {
    let text: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    decode::<Completion>([text.as_bytes()])
}

fn message(events: &[&str]) -> Heard {
    let text: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    decode::<Message>([text.as_bytes()])
}

const HI: &str = r#"{"choices":[{"index":0,"delta":{"content":"Hi."},"finish_reason":null}]}"#;
const STOP: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;

#[test]
fn endpoints_end_their_completions_each_in_its_way() {
    // In order: as OpenAI; without the usage; without [DONE]; the reason with the last words, and no delta; a second
    // choice that nobody asked for; an empty reason.
    for events in [
        &[HI, STOP, r#"{"choices":[],"usage":{"prompt_tokens":3}}"#, "[DONE]"][..],
        &[HI, STOP, "[DONE]"],
        &[HI, STOP],
        &[r#"{"choices":[{"index":0,"delta":{"content":"Hi."},"finish_reason":"stop"}]}"#],
        &[HI, r#"{"choices":[{"index":0,"finish_reason":"stop"}],"error":null}"#],
        &[HI, r#"{"choices":[{"index":1,"delta":{"content":"No."},"finish_reason":null}]}"#, STOP],
        &[HI, r#"{"choices":[{"delta":{"content":null},"finish_reason":""}]}"#, STOP, "[DONE]"],
    ] {
        let heard = completion(events);
        assert_eq!((heard.words.as_str(), heard.end.map(|end| end.0)), ("Hi.", Some(Why::Said)), "{events:?}");
    }
}

#[test]
fn done_without_a_reason_is_what_a_proxy_writes_behind_a_cut() {
    assert!(completion(&[HI, "[DONE]"]).is_broken());
    assert!(completion(&["[DONE]"]).is_broken());
    assert!(message(&[r#"{"type":"message_stop"}"#]).is_broken());
}

#[test]
fn what_comes_behind_the_end_is_not_heard() {
    assert_eq!(completion(&[HI, STOP, "[DONE]", HI, "<html>"]).words, "Hi.");
}

#[test]
fn e18_calls_are_put_together_however_they_are_numbered() {
    let heard = completion(&[
        r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":5,"id":"","function":{"name":"propose","arguments":"{\"a\":1}"}}]},"finish_reason":null}]}"#,
        r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":9,"function":{"name":"propose","arguments":""}},{"id":"x","function":{"name":"look_up_times"}}]},"finish_reason":"stop"}]}"#,
        "[DONE]",
    ]);
    let calls =
        [call("call-0", "propose", r#"{"a":1}"#), call("call-1", "propose", "{}"), call("x", "look_up_times", "{}")];
    assert_eq!(heard.calls, calls);
    assert_eq!(heard.end.unwrap().0, Why::Calls);
    let lost = r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":3,"function":{"arguments":"1}"}}]},"finish_reason":null}]}"#;
    assert!(completion(&[lost, STOP, "[DONE]"]).is_broken());
}

#[test]
fn e18_a_block_that_never_ends_is_no_call() {
    let begun = r#"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"propose","input":{}}}"#;
    let half = r#"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#;
    let reason = r#"{"type":"message_delta","delta":{"stop_reason":"tool_use"}}"#;
    let stop = r#"{"type":"message_stop"}"#;
    assert!(message(&[begun, half, reason, stop]).is_broken());
    assert!(message(&[begun, begun, reason, stop]).is_broken());
    // A piece of another block is not taken for its arguments.
    let other =
        r#"{"type":"content_block_delta","index":7,"delta":{"type":"input_json_delta","partial_json":"{\"x\":1}"}}"#;
    let end = r#"{"type":"content_block_stop","index":0}"#;
    assert_eq!(message(&[begun, other, end, reason, stop]).calls, [call("a", "propose", "{}")]);
}

#[test]
fn a_call_that_comes_in_one_piece_is_taken_in_one_piece() {
    let heard = message(&[
        r#"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"propose","input":{"x": 1}}}"#,
        r#"{"type":"content_block_stop","index":0}"#,
        r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#,
        r#"{"type":"message_stop"}"#,
    ]);
    assert_eq!(heard.calls, [call("a", "propose", r#"{"x": 1}"#)]);
    assert_eq!(heard.end.unwrap().0, Why::Calls);
}

#[test]
fn e21_each_way_to_refuse_is_a_refusal_and_calls_nothing() {
    let refusal = r#"{"choices":[{"index":0,"delta":{"refusal":"I can't help with that."},"finish_reason":null}]}"#;
    let tool = r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"propose","arguments":"{}"}}]},"finish_reason":null}]}"#;
    let filter = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"content_filter"}]}"#;
    for events in [&[refusal, STOP, "[DONE]"][..], &[HI, tool, filter, "[DONE]"]] {
        let heard = completion(events);
        assert_eq!((heard.calls.len(), heard.end.unwrap().0), (0, Why::Refused));
    }
    let heard =
        message(&[r#"{"type":"message_delta","delta":{"stop_reason":"refusal"}}"#, r#"{"type":"message_stop"}"#]);
    assert_eq!(heard.end.unwrap().0, Why::Refused);
}

#[test]
fn e10_a_line_of_a_megabyte_is_given_up_and_one_of_a_hundred_kilobytes_is_read() {
    let words = "x".repeat(100 * 1024);
    assert_eq!(completion(&[&HI.replace("Hi.", &words), STOP]).words, words);
    assert!(completion(&[&HI.replace("Hi.", &"x".repeat(1024 * 1024)), STOP]).is_broken());
    let mut decoder = Decoder::<Completion>::new();
    assert!((0..400).any(|_| decoder.feed(&[b'x'; 1024]).is_err()), "it is not kept until it ends");
}

#[test]
fn e09_half_a_minute_of_comments_is_nothing_and_costs_nothing() {
    let comments = ": OPENROUTER PROCESSING\n\n".repeat(20_000);
    let text = format!("{comments}data: {HI}\n\n{comments}data: {STOP}\n\n");
    assert_eq!(decode::<Completion>([text.as_bytes()]).words, "Hi.");
}
