//! Other languages than English.

use super::{Claim, Ground, words::Word};

pub(super) struct Tongue;

pub(super) fn of(_language: &str) -> Tongue {
    Tongue
}

pub(super) fn calendar_words() -> impl Iterator<Item = &'static str> {
    std::iter::empty()
}

impl Tongue {
    pub(super) fn is_english(&self) -> bool {
        true
    }

    pub(super) fn is_spoken(&self, _sentence: &str, _words: &[Word<'_>], _ground: &Ground<'_>) -> bool {
        true
    }

    pub(super) fn claim(
        &self,
        _sentence: &str,
        _folded: &str,
        _words: &[Word<'_>],
        _ground: &Ground<'_>,
    ) -> Option<Claim> {
        None
    }
}
