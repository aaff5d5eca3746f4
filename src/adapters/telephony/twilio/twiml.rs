//! What Twilio is told to do with a call, as TwiML.
//!
//! Written by a typed writer, so that no name of a business and no word of a caller can become markup.
//! Source of elements and attributes: Twilio, "TwiML for Programmable Voice".

use std::{borrow::Cow, collections::HashSet};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use crate::{adapters::telephony::speakable::speakable, domain::business::Business, ports::telephony::Answer};

/// How long a person of the business is rung, in seconds, before the caller is given up on.
const RING_SECONDS: &str = "25";

/// The most words and phrases the transcriber is prepared for, the longest of them, and all together, in characters.
/// Source: Twilio, "TwiML Voice: Gather", `hints` (500 phrases of at most 100 characters).
const MOST_HINTS: usize = 500;
const LONGEST_HINT: usize = 100;
const LONGEST_HINTS: usize = 4_000;

pub(super) fn twiml(answer: &Answer<'_>) -> String {
    let mut xml = Document::start();
    match answer {
        Answer::Connect { business, socket, action, greeting } => {
            xml.open("Connect", &[("action", action.as_str()), ("method", "POST")]);
            xml.empty("ConversationRelay", &relay(business, socket, greeting.as_deref()));
            xml.close("Connect");
        }
        Answer::PutThrough { number, .. } => {
            xml.text("Dial", &[("answerOnBridge", "true"), ("timeout", RING_SECONDS)], number.as_str());
        }
        Answer::SayAndHangUp { text, language } => {
            xml.text("Say", &[("language", language)], &speakable(text));
            xml.empty::<&str>("Hangup", &[]);
        }
        Answer::HangUp => xml.empty::<&str>("Hangup", &[]),
    }
    xml.finish()
}

/// What the caller says while we speak is reported (the default, "none", drops it), and so are partial results: a caller
/// in the middle of a long sentence is not to be asked whether they are still there.
fn relay<'a>(business: &'a Business, socket: &'a str, greeting: Option<&'a str>) -> Vec<(&'static str, Cow<'a, str>)> {
    let voice = &business.voice;
    let by = if voice.interruptible { "any" } else { "none" };
    let mut attributes: Vec<(&str, Cow<'_, str>)> = vec![("url", socket.into())];
    if let Some(greeting) = greeting {
        attributes.push(("welcomeGreeting", speakable(greeting)));
        attributes.push(("welcomeGreetingInterruptible", by.into()));
    }
    attributes.push(("language", voice.language.as_str().into()));
    for (name, value) in [
        ("ttsProvider", &voice.tts_provider),
        ("voice", &voice.voice),
        ("transcriptionProvider", &voice.transcription_provider),
    ] {
        if let Some(value) = value {
            attributes.push((name, value.as_str().into()));
        }
    }
    attributes.push(("interruptible", by.into()));
    attributes.push(("reportInputDuringAgentSpeech", "any".into()));
    attributes.push(("partialPrompts", "true".into()));
    attributes.push(("dtmfDetection", "true".into()));
    // Tells when our speech has been played, so that a goodbye is heard before the call is ended.
    attributes.push(("events", "speaker-events".into()));
    let hints = hints(business);
    if !hints.is_empty() {
        attributes.push(("hints", hints.into()));
    }
    attributes
}

/// The words a caller here is likely to say that a transcriber would not expect. Names before synonyms, since the list
/// may be cut.
fn hints(business: &Business) -> String {
    let services = business.services.iter().map(|service| &service.name);
    let staff = business.staff.iter().map(|member| &member.name);
    let synonyms = business.services.iter().flat_map(|service| &service.also);
    let nicknames = business.staff.iter().flat_map(|member| &member.also);
    let mut seen = HashSet::new();
    let mut out = String::new();
    for phrase in services.chain(staff).chain(synonyms).chain(nicknames).take(MOST_HINTS) {
        let phrase = phrase.replace(',', " ");
        let phrase = phrase.trim();
        let length = phrase.chars().count();
        if length == 0 || length > LONGEST_HINT || !seen.insert(phrase.to_lowercase()) {
            continue;
        }
        if out.chars().count() + length + 1 > LONGEST_HINTS {
            break;
        }
        if !out.is_empty() {
            out.push(',');
        }
        out.push_str(phrase);
    }
    out
}

/// A `<Response>` in the making. Writing to memory cannot fail, so nothing here does.
struct Document(Writer<Vec<u8>>);

impl Document {
    fn start() -> Self {
        let mut document = Self(Writer::new(Vec::with_capacity(1024)));
        document.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        document.write(Event::Start(BytesStart::new("Response")));
        document
    }

    fn open<V: AsRef<str>>(&mut self, name: &'static str, attributes: &[(&'static str, V)]) {
        let tag = tag(name, attributes);
        self.write(Event::Start(tag));
    }

    fn close(&mut self, name: &'static str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    fn empty<V: AsRef<str>>(&mut self, name: &'static str, attributes: &[(&'static str, V)]) {
        let tag = tag(name, attributes);
        self.write(Event::Empty(tag));
    }

    fn text<V: AsRef<str>>(&mut self, name: &'static str, attributes: &[(&'static str, V)], text: &str) {
        self.open(name, attributes);
        self.write(Event::Text(BytesText::new(&legal(text))));
        self.close(name);
    }

    fn finish(mut self) -> String {
        self.close("Response");
        String::from_utf8(self.0.into_inner()).expect("only text was written")
    }

    fn write(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("a Vec takes everything");
    }
}

fn tag<V: AsRef<str>>(name: &'static str, attributes: &[(&'static str, V)]) -> BytesStart<'static> {
    let mut tag = BytesStart::new(name);
    for (name, value) in attributes {
        tag.push_attribute((*name, legal(value.as_ref()).as_ref()));
    }
    tag
}

/// Without the characters that XML 1.0 cannot hold, not even escaped (section 2.2, production `Char`).
fn legal(text: &str) -> Cow<'_, str> {
    let is_legal =
        |c: char| !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
    if text.chars().all(is_legal) { text.into() } else { text.chars().filter(|c| is_legal(*c)).collect() }
}

#[cfg(test)]
mod tests;
