//! The text phone in a terminal: what is spoken streams, and what is typed is said.

use std::io::{BufRead, Write};

use tokio::sync::mpsc;

use super::{CallSummary, LiveCall, Phone, PhoneError, PhoneEvent};

const HELP: &str = "\
Type what the caller says. Besides:
  /interrupt  talk over the agent
  /key 1      press a key (0-9 * #)
  /hangup     hang up (Ctrl-D does too)
  /help       this
";

/// The lines that are typed. They are read by a thread of its own: a runtime that is asked to stop would wait for a
/// pending read of the terminal, and a thread is left behind without harm.
#[derive(Debug)]
pub struct Keyboard(mpsc::Receiver<String>);

impl Keyboard {
    /// Starts reading standard input. There should be one.
    pub fn open() -> Self {
        let (typed, lines) = mpsc::channel(16);
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines() {
                let Ok(line) = line else { break };
                if typed.blocking_send(line).is_err() {
                    break;
                }
            }
        });
        Self(lines)
    }

    /// The next line, without its line break; nothing after Ctrl-D. May be dropped half-way without losing a line.
    pub async fn line(&mut self) -> Option<String> {
        self.0.recv().await
    }
}

/// Rings, and talks until either side hangs up.
///
/// # Errors
/// When the server cannot be reached or refuses. Trouble later in the call is shown, and ends it.
pub async fn talk(
    phone: &Phone,
    keyboard: &mut Keyboard,
    out: &mut (impl Write + Send),
) -> Result<CallSummary, PhoneError> {
    let mut call = phone.dial().await?;
    let mut screen = Screen { out, in_speech: false };
    loop {
        tokio::select! {
            event = call.next() => match event {
                Some(event) => screen.show(&event),
                None => break,
            },
            line = keyboard.line() => {
                let typed = Typed::read(line.as_deref());
                if act(typed, &call, &mut screen).await.is_err() {
                    break;
                }
            }
        }
    }
    // Drain what came while we noticed that it is over.
    while let Some(event) = call.next().await {
        screen.show(&event);
    }
    screen.line("* The call is over.");
    Ok(call.summary().clone())
}

async fn act<W: Write>(typed: Typed<'_>, call: &LiveCall, screen: &mut Screen<'_, W>) -> Result<(), PhoneError> {
    match typed {
        Typed::Nothing => Ok(()),
        Typed::Words(words) => call.say(words).await,
        Typed::Interrupt => call.interrupt().await,
        Typed::Key(key) => call.key(key).await,
        Typed::HangUp => call.hang_up().await,
        Typed::Help => {
            screen.line(HELP.trim_end());
            Ok(())
        }
    }
}

/// What a typed line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed<'a> {
    Nothing,
    Words(&'a str),
    Interrupt,
    Key(char),
    HangUp,
    Help,
}

impl<'a> Typed<'a> {
    pub(super) fn read(line: Option<&'a str>) -> Self {
        let Some(line) = line else { return Self::HangUp };
        let line = line.trim();
        match line.split_once(' ').map_or((line, ""), |(word, rest)| (word, rest.trim())) {
            ("", _) => Self::Nothing,
            ("/interrupt", _) => Self::Interrupt,
            ("/hangup", _) => Self::HangUp,
            ("/key", key) if key.len() == 1 && key.contains(|c: char| c.is_ascii_digit() || matches!(c, '*' | '#')) => {
                Self::Key(key.chars().next().unwrap_or('#'))
            }
            (word, _) if word.starts_with('/') => Self::Help,
            _ => Self::Words(line),
        }
    }
}

/// Writes a call as it goes on. A terminal that went away is no reason to end a call.
pub(super) struct Screen<'a, W> {
    pub(super) out: &'a mut W,
    /// In the middle of an utterance, on a line that is not finished.
    pub(super) in_speech: bool,
}

impl<W: Write> Screen<'_, W> {
    pub(super) fn show(&mut self, event: &PhoneEvent) {
        match event {
            PhoneEvent::Greeting(text) | PhoneEvent::Said(text) => self.line(&format!("Agent: {text}")),
            PhoneEvent::Token { text, last } => self.token(text, *last),
            PhoneEvent::Asked(what) => self.line(&format!("* ({what})")),
            PhoneEvent::Connected | PhoneEvent::Understood(_) => {}
            PhoneEvent::Dropped => self.line("* The line dropped; the carrier rings the server again."),
            PhoneEvent::PutThrough(number) => self.line(&format!("* You are put through to {number}.")),
            PhoneEvent::Ended { .. } => self.line("* The agent hangs up."),
            PhoneEvent::Trouble(error) => self.line(&format!("* {error}")),
        }
    }

    fn token(&mut self, text: &str, last: bool) {
        if !self.in_speech && (!text.is_empty() || !last) {
            let _ = write!(self.out, "Agent: ");
            self.in_speech = true;
        }
        let _ = write!(self.out, "{text}");
        if last && self.in_speech {
            let _ = writeln!(self.out);
            self.in_speech = false;
        }
        let _ = self.out.flush();
    }

    pub(super) fn line(&mut self, text: &str) {
        if std::mem::take(&mut self.in_speech) {
            let _ = writeln!(self.out);
        }
        let _ = writeln!(self.out, "{text}");
        let _ = self.out.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_said_unless_it_is_a_command() {
        for (line, typed) in [
            (" a haircut please ", Typed::Words("a haircut please")),
            ("", Typed::Nothing),
            ("/interrupt", Typed::Interrupt),
            ("/key 1", Typed::Key('1')),
            ("/key #", Typed::Key('#')),
            ("/key 12", Typed::Help),
            ("/key é", Typed::Help),
            ("/hangup", Typed::HangUp),
            ("/what", Typed::Help),
        ] {
            assert_eq!(Typed::read(Some(line)), typed, "{line}");
        }
        assert_eq!(Typed::read(None), Typed::HangUp, "Ctrl-D");
    }

    #[test]
    fn speech_streams_on_one_line() {
        let mut out = Vec::new();
        let mut screen = Screen { out: &mut out, in_speech: false };
        for (text, last) in [("We have ", false), ("ten.", false), ("", true), ("Still", false)] {
            screen.show(&PhoneEvent::Token { text: text.into(), last });
        }
        screen.show(&PhoneEvent::Dropped);
        let shown = String::from_utf8(out).unwrap();
        assert_eq!(
            shown,
            "Agent: We have ten.\nAgent: Still\n* The line dropped; the carrier rings the server again.\n"
        );
    }
}
