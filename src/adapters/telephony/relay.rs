//! The ConversationRelay protocol: the vendor hears and speaks, and what passes between us is text in JSON frames.
//!
//! Spoken by Twilio, by our browser page and by the text phone, so there is one codec for the three. It is the hot path
//! of every call: a frame is read once, borrowed where it can be, and nothing is kept but who is calling.
//! Source of the frames: Twilio, "ConversationRelay WebSocket messages".

mod wire;

use std::borrow::Cow;

use wire::{Frame, Loose};

use super::{caller_number, speakable::speakable};
use crate::{
    domain::call::Caller,
    ports::{
        line::{Gone, Junk, LineCodec, LineCommand, LineEvent},
        telephony::Expected,
    },
};

/// The longest utterance that is listened to, in characters; nobody who says more in one breath is booking.
const LONGEST_PROMPT: usize = 2_000;

/// Deeper JSON than this is nobody's protocol. `serde_json` would stop at 128.
const DEEPEST: usize = 32;

/// Longer than any vendor's id of a connection ("VX" and 32 digits).
const LONGEST_SESSION_ID: usize = 64;

/// RFC 6455, 7.4.1: a protocol error.
const PROTOCOL_ERROR: u16 = 1002;
/// RFC 6455, 7.4.1: a message that breaks our policy, here a connection that is not the call it was opened for.
const POLICY: u16 = 1008;

/// ConversationRelay frames of one connection.
#[derive(Debug)]
pub struct RelayCodec {
    expected: Expected,
    answered: bool,
    session: Option<Box<str>>,
    extras: bool,
}

impl RelayCodec {
    /// For the vendor itself, which refuses frames it does not know (error 64107).
    pub fn new(expected: Expected) -> Self {
        Self { expected, answered: false, session: None, extras: false }
    }

    /// For our own ends of the line, the browser and the demo's phone, which also show what has been understood.
    pub fn with_extras(expected: Expected) -> Self {
        Self { extras: true, ..Self::new(expected) }
    }

    /// The call and the account must be the ones the connection was opened for. A repeated setup is ignored.
    fn on_setup(&mut self, frame: &Frame<'_>) -> LineEvent {
        let ours = frame.call_sid.text() == Some(&self.expected.call)
            && self.expected.account.as_deref().is_none_or(|account| frame.account_sid.text() == Some(account));
        if !ours {
            return LineEvent::Gone(Gone::Refused(POLICY));
        }
        if self.answered {
            return LineEvent::Junk(Junk::BadField);
        }
        self.answered = true;
        self.session = frame.session_id.text().filter(|id| id.len() <= LONGEST_SESSION_ID).map(Box::from);
        let number = frame.from.text().and_then(|from| caller_number(from, &self.expected.country));
        LineEvent::Answered(Caller { number })
    }

    /// What the caller says or does; before the setup nobody is there to say it.
    fn on_caller(&self, event: LineEvent) -> LineEvent {
        if self.answered { event } else { LineEvent::Gone(Gone::Refused(PROTOCOL_ERROR)) }
    }
}

impl LineCodec for RelayCodec {
    fn decode(&mut self, frame: &str) -> LineEvent {
        let frame = match read(frame) {
            Ok(frame) => frame,
            Err(junk) => return LineEvent::Junk(junk),
        };
        match frame.kind.text() {
            Some("prompt") => self.on_caller(prompt(&frame)),
            Some("interrupt") => self.on_caller(interrupt(&frame)),
            Some("dtmf") => self.on_caller(dtmf(&frame)),
            Some("setup") => self.on_setup(&frame),
            Some("error") if self.answered => LineEvent::Complaint,
            Some("info") => info(&frame),
            _ => LineEvent::Junk(Junk::UnknownType),
        }
    }

    fn encode(&mut self, command: &LineCommand) -> Option<String> {
        match command {
            LineCommand::Say { text, last, interruptible } => {
                wire::Reply::Text { token: speakable(text), last: *last, interruptible: *interruptible }.json()
            }
            LineCommand::Play { source, times, interruptible } => {
                let ours = source.starts_with("https://") && !source.contains(char::is_whitespace);
                let play = wire::Reply::Play { source, r#loop: *times, interruptible: *interruptible };
                ours.then(|| play.json()).flatten()
            }
            LineCommand::Press { keys } => {
                let plausible =
                    !keys.is_empty() && keys.bytes().all(|key| matches!(key, b'0'..=b'9' | b'*' | b'#' | b'w'));
                plausible.then(|| wire::Reply::SendDigits { digits: keys }.json()).flatten()
            }
            LineCommand::Language { speak, hear } => {
                let language =
                    wire::Reply::Language { tts_language: speak.as_deref(), transcription_language: hear.as_deref() };
                (speak.is_some() || hear.is_some()).then(|| language.json()).flatten()
            }
            LineCommand::End { handoff } => {
                wire::Reply::End { handoff_data: serde_json::to_string(handoff).ok()? }.json()
            }
            LineCommand::Understood(understood) if self.extras => wire::Reply::Understood(understood).json(),
            LineCommand::Understood(_) => None,
        }
    }

    fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    fn shows_understood(&self) -> bool {
        self.extras
    }
}

fn read(text: &str) -> Result<Frame<'_>, Junk> {
    if !text.trim_start().starts_with('{') {
        return Err(Junk::NotJson);
    }
    if too_deep(text) {
        return Err(Junk::TooDeep);
    }
    serde_json::from_str(text).map_err(|error| if error.is_data() { Junk::BadField } else { Junk::NotJson })
}

/// Counts brackets outside strings, so that a parser never recurses into what somebody built to be deep.
fn too_deep(text: &str) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// A `last` that is missing or strange counts as final: a turn taken early can be corrected, one never taken cannot.
fn prompt(frame: &Frame<'_>) -> LineEvent {
    let Some(text) = frame.voice_prompt.text() else { return LineEvent::Junk(Junk::BadField) };
    let last = match &frame.last {
        Loose::Bool(last) => *last,
        Loose::Text(last) => !last.trim().eq_ignore_ascii_case("false"),
        Loose::Other => true,
    };
    let text = first_chars(text.trim(), LONGEST_PROMPT).to_owned();
    let others = if last { alternatives(frame, &text) } else { Vec::new() };
    LineEvent::Heard { text, others, last }
}

/// What else the recogniser thinks was said: our own field, which the page fills and the vendor does not have.
fn alternatives(frame: &Frame<'_>, text: &str) -> Vec<String> {
    let mut others: Vec<String> = Vec::new();
    for other in &frame.alternatives.0 {
        let other = first_chars(other.trim(), LONGEST_PROMPT);
        if !other.is_empty() && other != text && others.iter().all(|known| known != other) {
            others.push(other.to_owned());
        }
    }
    others
}

/// How long it played is not looked at: the words are what counts, and a vendor's clock may say anything.
fn interrupt(frame: &Frame<'_>) -> LineEvent {
    LineEvent::TalkedOver { heard: frame.utterance_until_interrupt.text().unwrap_or_default().to_owned() }
}

/// Of the events we subscribe to (`events="speaker-events"`) one matters: our speech was played to its end.
fn info(frame: &Frame<'_>) -> LineEvent {
    let off = match &frame.value {
        Loose::Bool(on) => !on,
        Loose::Text(value) => value.eq_ignore_ascii_case("off") || value.eq_ignore_ascii_case("false"),
        Loose::Other => false,
    };
    if off && frame.name.text() == Some("agentSpeaking") { LineEvent::Played } else { LineEvent::Nothing }
}

fn dtmf(frame: &Frame<'_>) -> LineEvent {
    match frame.digit.text().map(str::as_bytes) {
        Some([key @ (b'0'..=b'9' | b'*' | b'#')]) => LineEvent::Key(char::from(*key)),
        _ => LineEvent::Junk(Junk::BadField),
    }
}

fn first_chars(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(end, _)| &text[..end])
}

impl Loose<'_> {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(Cow::as_ref(text)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
