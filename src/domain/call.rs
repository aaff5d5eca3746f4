//! What is known about a call apart from what is said in it.

use serde::{Deserialize, Serialize};

use super::phone::PhoneNumber;

/// Who calls, as far as the line tells. Caller id is not authentication: it can be forged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// Nothing when the number is withheld, or is not a number that can be called back.
    pub number: Option<PhoneNumber>,
}

/// How a call ended, the strongest thing that happened in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing came of it, or it is still going on.
    #[default]
    None,
    Answered,
    Message,
    Transferred,
    Cancelled,
    Moved,
    Booked,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Answered => "answered",
            Self::Message => "message",
            Self::Transferred => "transferred",
            Self::Cancelled => "cancelled",
            Self::Moved => "moved",
            Self::Booked => "booked",
        }
    }
}

impl std::str::FromStr for Outcome {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::None, Self::Answered, Self::Message, Self::Transferred, Self::Cancelled, Self::Moved, Self::Booked]
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
            .ok_or(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    Caller,
    Agent,
}

/// One utterance. `text` is personal data: it is stored with the call and never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub speaker: Speaker,
    pub text: String,
    pub at: jiff::Timestamp,
    /// The caller talked over it, and `text` is only what was heard.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line({:?}, {} bytes)", self.speaker, self.text.len())
    }
}
