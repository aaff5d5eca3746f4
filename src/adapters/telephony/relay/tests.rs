use proptest::prelude::*;

use super::*;
use crate::ports::line::{Handoff, Understood};

const SETUP: &str = include_str!("../../../../fixtures/twilio/relay/setup.json");
const CALL: &str = "CA00000000000000000000000000000001";

fn expected() -> Expected {
    Expected {
        call: CALL.to_owned(),
        account: Some("AC00000000000000000000000000000001".to_owned()),
        country: "US".to_owned(),
    }
}

fn codec() -> RelayCodec {
    RelayCodec::new(expected())
}

fn answered() -> RelayCodec {
    let mut codec = codec();
    assert!(matches!(codec.decode(SETUP), LineEvent::Answered(_)));
    codec
}

fn heard(text: &str, last: bool) -> LineEvent {
    LineEvent::Heard { text: text.to_owned(), others: Vec::new(), last }
}

#[test]
fn the_frames_of_the_vendors_documentation_are_read() {
    let mut codec = codec();
    let LineEvent::Answered(caller) = codec.decode(SETUP) else { panic!("not answered") };
    assert_eq!(caller.number.unwrap().as_str(), "+14155550100");
    assert_eq!(codec.session(), Some("VX00000000000000000000000000000001"));
    for (frame, event) in [
        (
            include_str!("../../../../fixtures/twilio/relay/prompt.json"),
            heard("Hi, I need a haircut on Tuesday.", true),
        ),
        (include_str!("../../../../fixtures/twilio/relay/prompt_partial.json"), heard("Hi, I need", false)),
        (include_str!("../../../../fixtures/twilio/relay/dtmf.json"), LineEvent::Key('1')),
        (
            include_str!("../../../../fixtures/twilio/relay/interrupt.json"),
            LineEvent::TalkedOver { heard: "We have ten o'clock".to_owned() },
        ),
        (include_str!("../../../../fixtures/twilio/relay/error.json"), LineEvent::Complaint),
        (include_str!("../../../../fixtures/twilio/relay/info.json"), LineEvent::Nothing),
        (r#"{"type":"info","name":"agentSpeaking","value":"off"}"#, LineEvent::Played),
        (r#"{"type":"info","name":"agentSpeaking","value":"on"}"#, LineEvent::Nothing),
    ] {
        assert_eq!(codec.decode(frame), event);
    }
}

#[test]
fn c1_whoever_talks_before_the_setup_is_refused() {
    for frame in [r#"{"type":"prompt","voicePrompt":"hi","last":true}"#, r#"{"type":"dtmf","digit":"1"}"#] {
        assert_eq!(codec().decode(frame), LineEvent::Gone(Gone::Refused(1002)));
    }
    let mut codec = codec();
    assert!(matches!(codec.decode(r#"{"type":"error","description":"x"}"#), LineEvent::Junk(_)));
    assert!(matches!(codec.decode(SETUP), LineEvent::Answered(_)), "junk before the setup does no harm");
}

#[test]
fn c2_a_second_setup_is_ignored_and_one_of_another_call_refused() {
    let mut codec = answered();
    assert!(matches!(codec.decode(SETUP), LineEvent::Junk(_)));
    let other = SETUP.replace(CALL, "CA00000000000000000000000000000002");
    assert_eq!(codec.decode(&other), LineEvent::Gone(Gone::Refused(1008)));
}

#[test]
fn c3_a_setup_of_another_call_or_account_is_refused() {
    let of_call = SETUP.replace(CALL, "CA00000000000000000000000000000002");
    let of_account = SETUP.replace("AC00000000000000000000000000000001", "AC00000000000000000000000000000002");
    for setup in [of_call.as_str(), &of_account, r#"{"type":"setup"}"#, r#"{"type":"setup","callSid":7}"#] {
        assert_eq!(codec().decode(setup), LineEvent::Gone(Gone::Refused(1008)), "{setup}");
    }
}

#[test]
fn c3_a_line_without_an_account_is_not_asked_for_one() {
    let mut codec = RelayCodec::new(Expected { account: None, ..expected() });
    let setup = format!(r#"{{"type":"setup","callSid":"{CALL}"}}"#);
    assert_eq!(codec.decode(&setup), LineEvent::Answered(Caller { number: None }));
}

#[test]
fn c4_a_setup_with_missing_or_odd_fields_still_answers() {
    for fields in [
        "",
        r#","from":null"#,
        r#","from":"anonymous","to":7"#,
        r#","from":"client:bob","customParameters":[1,2]"#,
        r#","from":{"a":[{}]},"sessionId":9,"customParameters":"no""#,
    ] {
        let setup = format!(
            r#"{{"type":"setup","callSid":"{CALL}","accountSid":"AC00000000000000000000000000000001"{fields}}}"#
        );
        assert_eq!(codec().decode(&setup), LineEvent::Answered(Caller { number: None }), "{fields}");
    }
}

#[test]
fn c5_what_is_no_known_frame_is_ignored() {
    let mut codec = answered();
    for frame in [
        r#"{"type":"surprise"}"#,
        "{}",
        r#"{"type":7}"#,
        r#"["prompt","","","","","hi"]"#,
        "null",
        "",
        "7",
        r#""prompt""#,
        r#"{"voicePrompt":"hi"}"#,
        r#"{"type":null,"voicePrompt":"hi"}"#,
    ] {
        assert!(matches!(codec.decode(frame), LineEvent::Junk(_)), "{frame}");
    }
    assert_eq!(codec.decode(r#"{"type":"prompt","voicePrompt":"hi","last":true}"#), heard("hi", true));
}

#[test]
fn c6_what_is_no_json_or_too_deep_is_ignored() {
    let mut codec = answered();
    let deep = format!(r#"{{"type":"prompt","x":{}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(codec.decode(&deep), LineEvent::Junk(Junk::TooDeep));
    for frame in [
        "{",
        r#"{"type":"prompt""#,
        r#"{"type":"prompt","type":"dtmf"}"#,
        r#"{"type":"prompt","voicePrompt":"\ud800","last":true}"#,
        r#"{"type":"prompt","voicePrompt":1e999}"#,
        r#"{"type":"prompt","voicePrompt":"a"} {"type":"end"}"#,
        "{'type':'prompt'}",
    ] {
        assert!(matches!(codec.decode(frame), LineEvent::Junk(_)), "{frame}");
    }
    let brackets = r#"{"type":"prompt","voicePrompt":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[[[[","last":true}"#;
    assert!(matches!(codec.decode(brackets), LineEvent::Heard { .. }), "brackets in a text are no depth");
}

#[test]
fn c7_silence_is_passed_on_as_silence() {
    let mut codec = answered();
    assert_eq!(codec.decode(r#"{"type":"prompt","voicePrompt":"  ","last":true}"#), heard("", true));
    assert!(matches!(codec.decode(r#"{"type":"prompt","last":true}"#), LineEvent::Junk(Junk::BadField)));
}

#[test]
fn c8_a_prompt_of_60_kb_is_cut() {
    let long = "é".repeat(30_000);
    let event = answered().decode(&format!(r#"{{"type":"prompt","voicePrompt":"{long}","last":true}}"#));
    assert_eq!(event, heard(&"é".repeat(2_000), true));
}

#[test]
fn c10_an_odd_last_counts_as_final() {
    let mut codec = answered();
    for (field, last) in [
        ("", true),
        (r#","last":"true""#, true),
        (r#","last":"False""#, false),
        (r#","last":false"#, false),
        (r#","last":null"#, true),
        (r#","last":7"#, true),
    ] {
        let frame = format!(r#"{{"type":"prompt","voicePrompt":"hi"{field}}}"#);
        assert_eq!(codec.decode(&frame), heard("hi", last), "{field}");
    }
}

#[test]
fn c12_an_interrupt_with_odd_numbers_is_still_one() {
    let mut codec = answered();
    for duration in ["-1", r#""soon""#, "1000000000000", "null", "[]"] {
        let frame = format!(
            r#"{{"type":"interrupt","utteranceUntilInterrupt":"We have","durationUntilInterruptMs":{duration}}}"#
        );
        assert_eq!(codec.decode(&frame), LineEvent::TalkedOver { heard: "We have".to_owned() }, "{duration}");
    }
}

#[test]
fn c13_an_interrupt_without_words_means_nothing_was_heard() {
    let nothing = LineEvent::TalkedOver { heard: String::new() };
    assert_eq!(answered().decode(r#"{"type":"interrupt"}"#), nothing);
    assert_eq!(answered().decode(r#"{"type":"interrupt","utteranceUntilInterrupt":7}"#), nothing);
}

#[test]
fn c14_only_keys_that_a_telephone_has_are_keys() {
    let mut codec = answered();
    for key in "0123456789*#".chars() {
        assert_eq!(codec.decode(&format!(r#"{{"type":"dtmf","digit":"{key}"}}"#)), LineEvent::Key(key));
    }
    for digit in [r#""x""#, r#""""#, r#""12""#, r#""٣""#, r#""A""#, r#""d""#, "null", "1"] {
        let event = codec.decode(&format!(r#"{{"type":"dtmf","digit":{digit}}}"#));
        assert_eq!(event, LineEvent::Junk(Junk::BadField), "{digit}");
    }
}

#[test]
fn c16_the_vendors_complaint_does_not_end_the_call() {
    assert_eq!(answered().decode(r#"{"type":"error","description":"64107"}"#), LineEvent::Complaint);
    assert_eq!(answered().decode(r#"{"type":"error"}"#), LineEvent::Complaint);
}

#[test]
fn c17_a_prompt_in_another_language_is_still_a_prompt() {
    let frame = r#"{"type":"prompt","voicePrompt":"jó napot","lang":"xx-unsupported","last":true}"#;
    assert_eq!(answered().decode(frame), heard("jó napot", true));
}

#[test]
fn c25_speech_is_escaped_and_speakable() {
    let say = |text: &str| LineCommand::Say { text: text.to_owned(), last: false, interruptible: true };
    assert_eq!(
        codec().encode(&say("Say \"hi\" & smile 😀 ")).unwrap(),
        r#"{"type":"text","token":"Say \"hi\" & smile  ","last":false,"interruptible":true}"#
    );
    let closing = LineCommand::Say { text: String::new(), last: true, interruptible: false };
    assert_eq!(
        codec().encode(&closing).unwrap(),
        r#"{"type":"text","token":"","last":true,"interruptible":false}"#,
        "an empty piece still ends the utterance"
    );
}

#[test]
fn the_end_carries_what_we_want_to_be_told_again() {
    let handoff = Handoff { reason: "goodbye".into(), outcome: "booked".into(), booking: None, to: None };
    let frame = codec().encode(&LineCommand::End { handoff: handoff.clone() }).unwrap();
    let frame: serde_json::Value = serde_json::from_str(&frame).unwrap();
    assert_eq!(frame["type"], "end");
    assert_eq!(serde_json::from_str::<Handoff>(frame["handoffData"].as_str().unwrap()).unwrap(), handoff);
}

#[test]
fn recordings_keys_and_languages_are_asked_for_in_the_vendors_words() {
    let play = |source: &str| LineCommand::Play { source: source.into(), times: 1, interruptible: true };
    assert_eq!(
        codec().encode(&play("https://voice.example.com/hold.mp3")).unwrap(),
        r#"{"type":"play","source":"https://voice.example.com/hold.mp3","loop":1,"interruptible":true}"#
    );
    assert_eq!(codec().encode(&play("file:///etc/passwd")), None);
    let press = |keys: &str| LineCommand::Press { keys: keys.into() };
    assert_eq!(codec().encode(&press("9ww1#")).unwrap(), r#"{"type":"sendDigits","digits":"9ww1#"}"#);
    assert_eq!(codec().encode(&press("call me")), None);
    let language = LineCommand::Language { speak: Some("sv-SE".into()), hear: None };
    assert_eq!(codec().encode(&language).unwrap(), r#"{"type":"language","ttsLanguage":"sv-SE"}"#);
    assert_eq!(codec().encode(&LineCommand::Language { speak: None, hear: None }), None);
    let both = LineCommand::Language { speak: Some("es-US".into()), hear: Some("es-US".into()) };
    assert_eq!(
        codec().encode(&both).unwrap(),
        r#"{"type":"language","ttsLanguage":"es-US","transcriptionLanguage":"es-US"}"#
    );
}

#[test]
fn what_was_understood_is_told_to_our_own_clients_only() {
    let understood =
        Understood { service: Some("Haircut".into()), stage: "collecting".into(), ..Understood::default() };
    let command = LineCommand::Understood(Box::new(understood));
    assert_eq!(codec().encode(&command), None);
    let frame = RelayCodec::with_extras(expected()).encode(&command).unwrap();
    assert!(frame.starts_with(r#"{"type":"understood","service":"Haircut""#), "{frame}");
}

proptest! {
    #[test]
    fn no_frame_is_too_strange(frame in ".*") {
        let mut codec = answered();
        codec.decode(&frame);
        codec.decode(&format!("{{{frame}}}"));
        codec.decode(&format!(r#"{{"type":"prompt",{frame}}}"#));
    }

    #[test]
    fn whatever_is_said_makes_one_frame_of_one_line(text in ".*") {
        let frame = codec().encode(&LineCommand::Say { text, last: true, interruptible: true }).unwrap();
        prop_assert!(!frame.contains('\n'));
        let frame: serde_json::Value = serde_json::from_str(&frame).unwrap();
        prop_assert!(frame["token"].is_string());
    }
}

#[test]
fn what_else_it_may_have_been_is_heard_too() {
    let mut codec = answered();
    let mut others = |alternatives: &str| {
        let frame = format!(r#"{{"type":"prompt","voicePrompt":"Tuesday","alternatives":{alternatives},"last":true}}"#);
        match codec.decode(&frame) {
            LineEvent::Heard { text, others, last: true } if text == "Tuesday" => others,
            event => panic!("{alternatives}: {event:?}"),
        }
    };
    assert_eq!(others(r#"["two stay"," choose day ","Tuesday","two stay",""]"#), ["two stay", "choose day"]);
    assert_eq!(others(r#"["a","b","c","d","e","f","g"]"#), ["a", "b", "c", "d", "e"]);
    assert_eq!(others(r#"[1,null,{"a":[]},["x"],true,"a"]"#), ["a"]);
    for nothing in ["[]", "null", "7", "-7", "1.5", "true", r#""Tuesday""#, r#"{"0":"a"}"#, "[[],{}]"] {
        assert!(others(nothing).is_empty(), "{nothing}");
    }
    let long = format!(r#"["{}"]"#, "ä".repeat(2_500));
    assert_eq!(others(&long)[0].chars().count(), 2_000);
    let partial = r#"{"type":"prompt","voicePrompt":"Tues","alternatives":["two"],"last":false}"#;
    assert_eq!(codec.decode(partial), heard("Tues", false), "what will change has no alternatives");
    let twice = r#"{"type":"prompt","voicePrompt":"a","alternatives":["b"],"alternatives":["c"],"last":true}"#;
    assert!(matches!(codec.decode(twice), LineEvent::Junk(_)), "as any other field that comes twice");
}
