//! Whether a sentence claims what nothing supports.

use super::{Claim, Ground};

/// What the sentence so far claims without ground; `before` is the sentence before it in the same turn.
pub(super) fn claim(_before: &str, _sentence: &str, _ground: &Ground<'_>) -> Option<Claim> {
    None
}

pub(super) fn is_calendar_word(_word: &str) -> bool {
    false
}

pub(super) fn is_number_word(_word: &str) -> bool {
    false
}
