//! A name that may have been meant.

use super::{super::tokens::fold, sound::sound};

#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// As it was written where it was found; lower case for those of the lists.
    pub written: String,
    /// Lower case, without accents.
    pub folded: String,
    /// Folded, letters only.
    pub letters: Vec<u8>,
    pub sounds: Vec<u8>,
    /// How likely it is before anything was heard, in nats below a name of the lists.
    pub prior: f32,
}

impl Candidate {
    pub(super) fn new(written: &str, prior: f32) -> Self {
        let folded = fold(written).into_owned();
        let letters = folded.bytes().filter(u8::is_ascii_lowercase).collect();
        let sounds = written.split_whitespace().flat_map(sound).collect();
        Self { written: written.to_owned(), folded, letters, sounds, prior }
    }
}
