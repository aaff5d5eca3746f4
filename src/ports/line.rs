//! The line to a caller: a handful of events, whatever carries them.

use std::future::Future;

use thiserror::Error;

use crate::domain::{call::Caller, phone::PhoneNumber};

/// So many guesses at one utterance are listened to beside the first; what comes after them is noise.
pub const MOST_OTHERS: usize = 5;

/// What comes from the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineEvent {
    /// The caller is there. Comes first and once.
    Answered(Caller),
    /// The caller said something. `last: false` is a partial result that will change. `others`: what else it may have
    /// been, best first, at most [`MOST_OTHERS`], from lines that tell.
    Heard {
        text: String,
        others: Vec<String>,
        last: bool,
    },
    /// The caller talked over what was being said; `heard` is the part of it that was played.
    TalkedOver {
        heard: String,
    },
    Key(char),
    /// Everything we said has been played.
    Played,
    /// A frame that is in order and means nothing to us.
    Nothing,
    /// The vendor complains about something we sent; our mistake, and the call goes on.
    Complaint,
    /// Something that could not be read. It was ignored.
    Junk(Junk),
    /// Gone: hung up, or the connection broke. Nothing comes after it.
    Gone(Gone),
}

/// Why a frame was ignored; the label of a counter, never the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Junk {
    NotJson,
    UnknownType,
    BadField,
    Binary,
    TooDeep,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The other end closed the connection in good order.
    Closed,
    /// It broke, or stopped answering.
    Broken,
    /// It broke the protocol (RFC 6455 close code), or its own promises.
    Refused(u16),
}

/// What goes to the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineCommand {
    /// A piece of speech; `last` ends the utterance.
    Say { text: String, last: bool, interruptible: bool },
    /// Plays a recording, by its https address, this many times (0: until something else is said).
    Play { source: String, times: u16, interruptible: bool },
    /// Presses keys towards the other end, for a menu that answers instead of a person: 0 to 9, `*`, `#`, and `w` for half
    /// a second's wait.
    Press { keys: String },
    /// The languages (BCP 47) we speak and listen in from now on; nothing: as before.
    Language { speak: Option<String>, hear: Option<String> },
    /// Ends the call from our side, after what was said has been played. `handoff` is given back to us by vendors that
    /// ask what to do next.
    End { handoff: Handoff },
    /// What has been understood so far, for lines that can show it.
    Understood(Box<Understood>),
}

/// Why the line is given up.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Handoff {
    /// "goodbye" or "transfer".
    pub reason: String,
    pub outcome: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booking: Option<String>,
    /// Whom to put it through to; none: the business's own number for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PhoneNumber>,
}

/// The card a caller in the browser sees filling up.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Understood {
    pub service: Option<String>,
    pub staff: Option<String>,
    pub time: Option<String>,
    pub name: Option<String>,
    pub phone: Option<String>,
    /// "collecting", "holding", "booked", "moved", "cancelled", "message".
    pub stage: String,
}

#[derive(Debug, Error, PartialEq, Eq)]
#[error("the line is gone")]
pub struct LineGone;

/// One call's line. `recv` may be dropped half-way without losing an event.
pub trait Line: Send {
    fn recv(&mut self) -> impl Future<Output = LineEvent> + Send;

    /// Whether the other end can show [`LineCommand::Understood`]; nobody makes the card for one that cannot.
    fn shows_understood(&self) -> bool {
        false
    }

    /// # Errors
    /// When the other end is gone or does not read for longer than its budget.
    fn send(&mut self, command: LineCommand) -> impl Future<Output = Result<(), LineGone>> + Send;
}

/// A vendor's frames ↔ our events; no I/O and no decisions. Text protocols only: audio takes another way.
pub trait LineCodec: Send {
    /// Reads one text frame.
    fn decode(&mut self, frame: &str) -> LineEvent;

    /// Writes a command as one frame. A command the vendor has no words for writes nothing.
    fn encode(&mut self, command: &LineCommand) -> Option<String>;

    /// The vendor's id of this connection, once its first frame told it.
    fn session(&self) -> Option<&str>;

    /// Whether the other end can show [`LineCommand::Understood`].
    fn shows_understood(&self) -> bool {
        false
    }
}
