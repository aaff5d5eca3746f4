//! What is counted while models talk: told as it happens, for whoever keeps the numbers of the whole server.
//!
//! No number, no name, no word that was said and no id is among it: what is told here becomes the labels of metrics.

use std::time::Duration;

use super::{
    language_model::{ModelError, Usage},
    purse::Spent,
};
use crate::domain::{report::Micros, truth::Claim};

/// Counts. Called from the calls' tasks, so it answers at once.
pub trait Observer: Send + Sync {
    fn saw(&self, seen: Seen<'_>);
}

/// Something that happened. `model` is always the setting's name of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Seen<'a> {
    /// A request to a model is over, one way or another.
    Asked {
        model: &'a str,
        came: Came,
    },
    /// The first word of an answer went to the line, so long after the end of the caller's words. Fillers are no words.
    FirstWord {
        model: &'a str,
        after: Duration,
    },
    /// What a request took; a guess when it was cut off before the vendor told.
    Used {
        model: &'a str,
        usage: Usage,
        cost: Micros,
    },
    /// "One moment" was said.
    Filler,
    /// The scripted receptionist answered for the models.
    FellBack(Why),
    /// A sentence was kept back.
    Withheld(Claim),
    Breaker {
        model: &'a str,
        state: BreakerState,
    },
    /// An answer that was begun on a partial transcript was used, or thrown away.
    Early {
        used: bool,
    },
    /// A tool was called. `name` is one of ours, or "unknown".
    Tool {
        name: &'static str,
        came: ToolCame,
    },
    /// Nothing more may be spent.
    Capped(Spent),
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Came {
    /// It was answered to its end.
    Answered,
    /// Another model was faster, the caller talked on, or the call was over: it was given up.
    Dropped,
    /// It did not begin in time.
    Late,
    Unreachable,
    KeyRefused,
    Limited,
    Overloaded,
    Failed,
    TooLong,
    NotAccepted,
    Broken,
}

impl From<&ModelError> for Came {
    fn from(error: &ModelError) -> Self {
        match error {
            ModelError::Unreachable(_) => Self::Unreachable,
            ModelError::KeyRefused => Self::KeyRefused,
            ModelError::Limited { .. } => Self::Limited,
            ModelError::Overloaded { .. } => Self::Overloaded,
            ModelError::Failed => Self::Failed,
            ModelError::TooLong => Self::TooLong,
            ModelError::NotAccepted(_) => Self::NotAccepted,
            ModelError::Broken(_) => Self::Broken,
        }
    }
}

/// Why the scripted receptionist answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// No model said anything in time.
    Slow,
    /// No model could be asked, or all of them failed.
    Down,
    /// The money is spent.
    Spent,
    /// A model answered, but with nothing that could be said or done.
    Unusable,
}

/// Whether a model is asked at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BreakerState {
    Closed,
    /// One request tries whether it is well again.
    HalfOpen,
    Open,
}

/// What came of a tool's call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ToolCame {
    Done,
    /// Not allowed now; the model was told why.
    Refused,
    /// No such tool, or its arguments are none.
    Malformed,
    /// The caller talked on before a read was done.
    Dropped,
}

/// For calls whose numbers nobody keeps.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn saw(&self, _: Seen<'_>) {}
}
