//! One call of the text phone, from the answer to the hang-up.

use std::{collections::VecDeque, ops::ControlFlow};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::JoinSet};
use tokio_tungstenite::tungstenite::Message;

use super::{
    CallSummary, PhoneError,
    carrier::{Carrier, Over, Socket, sid},
    twiml::Instruction,
};
use crate::ports::line::Handoff;

/// A server that drops every connection would otherwise be rung for ever.
const MOST_CONNECTIONS: u32 = 20;

/// What the caller hears, and what happens to the line.
#[derive(Debug)]
pub enum PhoneEvent {
    /// Spoken by the vendor while the socket opens.
    Greeting(String),
    /// The line is open; on a call that was dropped, once more.
    Connected,
    /// A piece of speech; `last` ends the utterance.
    Token { text: String, last: bool },
    /// The server asks the vendor for something that makes no words: a recording, keys, another language.
    Asked(&'static str),
    /// The server shows what it has understood.
    Understood(Value),
    /// The socket broke; the vendor asks the server what next.
    Dropped,
    /// A sentence spoken by the vendor in place of a conversation.
    Said(String),
    /// The caller is connected to a person at this number.
    PutThrough(String),
    /// The server ended the conversation.
    Ended { handoff: Option<Handoff> },
    /// The call came to nothing, for this reason. The last event.
    Trouble(PhoneError),
}

#[derive(Debug)]
enum Command {
    Say(String),
    Interrupt,
    Key(char),
    Lose,
    HangUp,
}

/// A call that goes on. Dropping it cuts the line without a word, as a lost mobile does.
#[derive(Debug)]
pub struct LiveCall {
    call: String,
    events: mpsc::Receiver<PhoneEvent>,
    commands: mpsc::Sender<Command>,
    summary: CallSummary,
    /// Holds the task that plays the carrier; it ends with this.
    _carrier: JoinSet<()>,
}

impl LiveCall {
    pub(super) fn start(carrier: Carrier, instructions: Vec<Instruction>) -> Self {
        // When nobody reads the events the carrier waits, and with it the server, as behind a slow network.
        let (heard, events) = mpsc::channel(256);
        let (commands, said) = mpsc::channel(16);
        let call = carrier.call().to_owned();
        let mut tasks = JoinSet::new();
        tasks.spawn(Exchange { carrier, heard, said }.run(instructions));
        let summary = CallSummary { call: call.clone(), ..CallSummary::default() };
        Self { call, events, commands, summary, _carrier: tasks }
    }

    /// The vendor's id of the call.
    pub fn id(&self) -> &str {
        &self.call
    }

    /// What happens next; nothing when the call is over. May be dropped half-way without losing an event.
    pub async fn next(&mut self) -> Option<PhoneEvent> {
        let event = self.events.recv().await?;
        match &event {
            PhoneEvent::Ended { handoff } => self.summary.handoff.clone_from(handoff),
            PhoneEvent::Dropped => self.summary.drops += 1,
            _ => {}
        }
        Some(event)
    }

    /// How it went so far; complete when [`next`](Self::next) has nothing more.
    pub fn summary(&self) -> &CallSummary {
        &self.summary
    }

    /// Says a sentence. Talks over the agent when it has not finished its own.
    ///
    /// # Errors
    /// When the call is over; so for the other three.
    pub async fn say(&self, text: &str) -> Result<(), PhoneError> {
        self.command(Command::Say(text.to_owned())).await
    }

    /// Talks over the agent without words, in the middle of what it said last.
    pub async fn interrupt(&self) -> Result<(), PhoneError> {
        self.command(Command::Interrupt).await
    }

    pub async fn key(&self, key: char) -> Result<(), PhoneError> {
        self.command(Command::Key(key)).await
    }

    /// Loses the connection without a word, as a broken link does; the carrier then asks the server what next.
    ///
    /// # Errors
    /// When the call is over.
    pub async fn lose(&self) -> Result<(), PhoneError> {
        self.command(Command::Lose).await
    }

    /// Hangs up. Events that were under way still come.
    pub async fn hang_up(&self) -> Result<(), PhoneError> {
        self.command(Command::HangUp).await
    }

    async fn command(&self, command: Command) -> Result<(), PhoneError> {
        self.commands.send(command).await.map_err(|_| PhoneError::Over)
    }
}

/// Nobody listens to the call any more.
struct Abandoned;

/// The carrier between the server and whoever holds the phone.
struct Exchange {
    carrier: Carrier,
    heard: mpsc::Sender<PhoneEvent>,
    said: mpsc::Receiver<Command>,
}

/// One connection: what was said on it and is being said.
#[derive(Default)]
struct Speech {
    utterance: String,
    finished: bool,
    /// The server subscribed to hearing when speech is played, and is still to hear these.
    events: bool,
    reports: Vec<Value>,
}

impl Exchange {
    async fn run(mut self, instructions: Vec<Instruction>) {
        if let Err(error) = self.follow(instructions).await {
            let _ = self.tell(PhoneEvent::Trouble(error)).await;
        }
        self.carrier.completed().await;
    }

    async fn follow(&mut self, instructions: Vec<Instruction>) -> Result<(), PhoneError> {
        let mut todo = VecDeque::from(instructions);
        let mut connections = 0;
        while let Some(instruction) = todo.pop_front() {
            let told = match instruction {
                Instruction::HangUp => return Ok(()),
                Instruction::Say(text) => self.tell(PhoneEvent::Said(text)).await,
                Instruction::Dial(number) => self.tell(PhoneEvent::PutThrough(number)).await,
                Instruction::Connect { socket, action, greeting, speaker_events } => {
                    connections += 1;
                    if connections > MOST_CONNECTIONS {
                        return Err(PhoneError::DroppedTooOften);
                    }
                    let session = sid("VX");
                    let over = self.connect(&socket, &session, greeting, speaker_events).await?;
                    if let Some(action) = action {
                        let next = self.carrier.connection_over(&action, &session, &over).await;
                        // A caller who is gone hears no answer, whatever it is.
                        todo = if over == Over::HungUp { VecDeque::new() } else { next?.into() };
                    }
                    Ok(())
                }
            };
            if told.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Opens the socket and talks until it is over. A server that is not there at all counts as a dropped line, so that
    /// the action is asked; one that refuses is trouble.
    async fn connect(
        &mut self,
        url: &str,
        session: &str,
        greeting: Option<String>,
        events: bool,
    ) -> Result<Over, PhoneError> {
        let mut socket = match self.carrier.open(url).await {
            Ok(socket) => socket,
            Err(PhoneError::Unreachable(_)) => return Ok(self.dropped().await),
            Err(error) => return Err(error),
        };
        if socket.send(Message::text(self.carrier.setup(session))).await.is_err() {
            return Ok(self.dropped().await);
        }
        let mut speech = Speech { finished: true, events, ..Speech::default() };
        let mut told = self.tell(PhoneEvent::Connected).await;
        if let Some(greeting) = greeting {
            speech.heard(&greeting, true);
            told = self.tell(PhoneEvent::Greeting(greeting)).await;
        }
        Ok(match told {
            Ok(()) => self.talk(&mut socket, &mut speech).await,
            Err(Abandoned) => Over::HungUp,
        })
    }

    async fn talk(&mut self, socket: &mut Socket, speech: &mut Speech) -> Over {
        loop {
            // A closed socket shows when it is read next.
            for frame in speech.reports.drain(..) {
                let _ = socket.send(Message::text(frame.to_string())).await;
            }
            let next = tokio::select! {
                frame = socket.next() => match frame {
                    Some(Ok(Message::Text(frame))) => self.on_frame(&frame, speech).await,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => ControlFlow::Break(self.dropped().await),
                    // Pings are answered by the library.
                    Some(Ok(_)) => ControlFlow::Continue(()),
                },
                command = self.said.recv() => self.on_command(command, socket, speech).await,
            };
            if let ControlFlow::Break(over) = next {
                // Whoever drops says no goodbye, and the other side may be gone already.
                if over != Over::Dropped {
                    let _ = socket.close(None).await;
                }
                return over;
            }
        }
    }

    async fn on_frame(&self, frame: &str, speech: &mut Speech) -> ControlFlow<Over> {
        let Ok(frame) = serde_json::from_str::<Value>(frame) else { return ControlFlow::Continue(()) };
        let event = match frame["type"].as_str() {
            Some("text") => {
                let text = frame["token"].as_str().unwrap_or_default().to_owned();
                let last = frame["last"].as_bool().unwrap_or(false);
                speech.heard(&text, last);
                PhoneEvent::Token { text, last }
            }
            Some("play") => PhoneEvent::Asked("a recording is played"),
            Some("sendDigits") => PhoneEvent::Asked("keys are pressed"),
            Some("language") => PhoneEvent::Asked("another language is spoken"),
            Some("understood") => PhoneEvent::Understood(frame),
            Some("end") => {
                let handoff = frame["handoffData"].as_str().map(str::to_owned);
                let read = handoff.as_deref().and_then(|text| serde_json::from_str(text).ok());
                let _ = self.tell(PhoneEvent::Ended { handoff: read }).await;
                return ControlFlow::Break(Over::Ended { handoff });
            }
            _ => return ControlFlow::Continue(()),
        };
        match self.tell(event).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(Abandoned) => ControlFlow::Break(Over::HungUp),
        }
    }

    /// As Twilio does: whoever speaks while the agent speaks interrupts first and is understood after.
    async fn on_command(
        &self,
        command: Option<Command>,
        socket: &mut Socket,
        speech: &mut Speech,
    ) -> ControlFlow<Over> {
        let mut frames = Vec::new();
        match command {
            Some(Command::Say(text)) => {
                if !speech.finished {
                    frames.push(speech.interrupted());
                }
                frames.push(json!({"type": "prompt", "voicePrompt": text, "lang": "en-US", "last": true}));
            }
            Some(Command::Interrupt) => frames.push(speech.interrupted()),
            Some(Command::Key(key)) => frames.push(json!({"type": "dtmf", "digit": key})),
            Some(Command::Lose) => return ControlFlow::Break(self.dropped().await),
            Some(Command::HangUp) | None => return ControlFlow::Break(Over::HungUp),
        }
        for frame in frames {
            if socket.send(Message::text(frame.to_string())).await.is_err() {
                return ControlFlow::Break(self.dropped().await);
            }
        }
        ControlFlow::Continue(())
    }

    async fn dropped(&self) -> Over {
        let _ = self.tell(PhoneEvent::Dropped).await;
        Over::Dropped
    }

    async fn tell(&self, event: PhoneEvent) -> Result<(), Abandoned> {
        self.heard.send(event).await.map_err(|_| Abandoned)
    }
}

impl Speech {
    /// On a screen a piece of speech has been played as soon as it is there.
    fn heard(&mut self, text: &str, last: bool) {
        if self.finished {
            self.utterance.clear();
            self.report("on");
        }
        self.utterance.push_str(text);
        self.finished = last;
        if last {
            self.report("off");
        }
    }

    fn report(&mut self, speaking: &str) {
        if self.events {
            self.reports.push(json!({"type": "info", "name": "agentSpeaking", "value": speaking}));
        }
    }

    /// The interruption falls half-way: the caller heard the first half of the words.
    fn interrupted(&mut self) -> Value {
        let words: Vec<_> = self.utterance.split_inclusive(' ').collect();
        let heard = words[..words.len().div_ceil(2)].concat();
        // A word takes about a third of a second to say.
        let duration = 330 * words.len().div_ceil(2);
        if !std::mem::replace(&mut self.finished, true) {
            self.report("off");
        }
        self.utterance.clear();
        json!({
            "type": "interrupt",
            "utteranceUntilInterrupt": heard.trim_end(),
            "durationUntilInterruptMs": duration,
        })
    }
}
