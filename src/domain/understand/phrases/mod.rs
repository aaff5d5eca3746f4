//! What callers say, as tables: one line, one way of saying it. Words are in the form of [`super::tokens`] (contractions
//! opened: "I'd" is "i would"), and the signs are those of [`super::pattern`].
//!
//! To teach a new way of saying something, add a line here and a story to the tests.

mod aspects;
mod choices;
mod classes;
mod manners;
mod notes;
pub(super) mod parties;
mod people;
mod questions;
mod restarts;
mod signs;
mod wishes;

use std::sync::LazyLock;

pub(super) use self::{
    aspects::ASPECTS,
    choices::{CHOICES, NO_PREFERENCE},
    classes::class,
    notes::NOTES,
    people::{NAME_CUES, NameCue, THIS_NUMBER},
    restarts::RESTARTS,
    signs::{SIGNS, Sign},
};
use super::{Intent, pattern::Phrases};

type IntentLines = &'static [(Option<Intent>, &'static [&'static str])];

/// What the caller wants done or wants to know. `None` is a decoy: words that hold an intent and do not mean it.
pub(super) static INTENTS: LazyLock<Phrases<Option<Intent>>> =
    LazyLock::new(|| Phrases::of(&[wishes::LINES, questions::LINES, manners::LINES]));
