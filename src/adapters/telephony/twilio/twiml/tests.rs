use proptest::prelude::*;
use quick_xml::Reader;

use super::*;
use crate::testing::salon;

fn connect(business: &Business, greeting: Option<&str>) -> String {
    twiml(&Answer::Connect {
        business,
        socket: "wss://voice.example.com/voice/incoming/b/CA1?x=1&y=2".to_owned(),
        action: "https://voice.example.com/voice/action/b".to_owned(),
        greeting: greeting.map(str::to_owned),
    })
}

/// The names of the elements in document order, with their depth, each with its attributes' names.
fn tree(xml: &str) -> Vec<(usize, String, Vec<String>)> {
    let mut reader = Reader::from_str(xml);
    let (mut depth, mut tree) = (0, Vec::new());
    loop {
        let event = reader.read_event().unwrap();
        let empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(tag) | Event::Empty(tag) => {
                let attributes = tag.attributes().map(|attribute| attribute.unwrap().key.as_ref().to_owned()).collect();
                tree.push((depth, tag.name().as_ref().to_owned(), attributes));
                depth += usize::from(!empty);
            }
            Event::End(_) => depth -= 1,
            Event::Eof => return tree,
            _ => {}
        }
    }
}

#[test]
fn a_call_is_connected_with_the_businesss_voice() {
    let mut business = salon();
    business.voice.tts_provider = Some("ElevenLabs".into());
    business.voice.voice = Some("Anna".into());
    business.voice.transcription_provider = Some("Deepgram".into());
    let expected = include_str!("../../../../../fixtures/twilio/connect.xml").replace('\n', "");
    assert_eq!(connect(&business, Some("Hello & welcome")), expected);
}

#[test]
fn a_resumed_call_is_not_greeted_again() {
    assert!(!connect(&salon(), None).contains("welcomeGreeting"));
}

#[test]
fn a_business_that_does_not_want_to_be_interrupted_is_not() {
    let mut business = salon();
    business.voice.interruptible = false;
    let xml = connect(&business, Some("Hello"));
    assert!(xml.contains(r#" interruptible="none""#) && xml.contains(r#" welcomeGreetingInterruptible="none""#));
}

#[test]
fn the_other_answers_are_short() {
    let response = |inner: &str| format!(r#"<?xml version="1.0" encoding="UTF-8"?><Response>{inner}</Response>"#);
    assert_eq!(twiml(&Answer::HangUp), response("<Hangup/>"));
    let say = Answer::SayAndHangUp { text: "This number is not in service.", language: "en-GB" };
    assert_eq!(twiml(&say), response(r#"<Say language="en-GB">This number is not in service.</Say><Hangup/>"#));
    let number = "+12125550142".parse().unwrap();
    let through = Answer::PutThrough { number: &number, language: "en-US" };
    assert_eq!(twiml(&through), response(r#"<Dial answerOnBridge="true" timeout="25">+12125550142</Dial>"#));
}

#[test]
fn the_hints_of_a_huge_business_stay_within_bounds() {
    let mut business = salon();
    business.services[0].also = (0..2_000).map(|n| format!("word number {n}, really")).collect();
    business.services[1].also = vec!["x".repeat(500), String::new(), "HAIRCUT".into()];
    let hints = hints(&business);
    assert!(hints.chars().count() <= LONGEST_HINTS);
    assert!(hints.starts_with("Haircut,Color,Beard trim,Maria,James,word number 0  really"), "{hints:.80}");
}

proptest! {
    #[test]
    fn c25_no_words_change_the_shape_of_the_answer(text in "\\PC*|.*|[<>&\"'\\x00-\\x1f\u{FFFE}]*") {
        let mut business = salon();
        business.services[0].name = text.clone();
        business.voice.language = text.clone();
        business.voice.voice = Some("Anna".into());
        let mut plain = salon();
        plain.voice.voice = Some("Anna".into());
        prop_assert_eq!(tree(&connect(&business, Some(&text))), tree(&connect(&plain, Some("Hello"))));

        let say = |text: &str| tree(&twiml(&Answer::SayAndHangUp { text, language: "en-US" }));
        prop_assert_eq!(say(&text), say("Hello"));
    }
}
