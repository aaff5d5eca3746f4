//! From a model's words, as they stream, to the pieces that may be spoken.

use super::{Claim, Ground};

/// What comes of a model's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// May be spoken now. Carries its own spaces: the pieces one after the other are the text.
    Say(String),
    /// The sentence so far claims what nothing supports. Nothing more comes out in this turn.
    Withheld(Claim),
}

/// The words of one turn.
#[derive(Debug, Default)]
pub struct Speech {
    raw: String,
}

impl Speech {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes words in as they come, half a word or several sentences.
    pub fn hear(&mut self, words: &str, _ground: &Ground<'_>) -> Vec<Spoken> {
        self.raw.push_str(words);
        Vec::new()
    }

    /// One message of the model is complete; another one may follow in the same turn.
    pub fn finish(&mut self, _ground: &Ground<'_>) -> Vec<Spoken> {
        Vec::new()
    }
}
