//! iCalendar (RFC 5545), as far as busy times and our own events need it.
//!
//! Our own reader, since a revision gives every line that we do not understand back as it came; and our own unfolding of
//! recurrences, in local time with jiff's rules of zones (no crate does that with today's rules). What is not
//! understood is an error and never free time.

pub(super) mod event;
pub(super) mod ours;
pub(super) mod rule;
pub(super) mod text;
pub(super) mod unfold;
pub(super) mod zone;

#[cfg(test)]
mod tests;

use thiserror::Error;

/// Why a calendar's data cannot be relied on.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(super) enum Unclear {
    /// Not iCalendar, or cut off. Our words.
    #[error("not good iCalendar: {0}")]
    Broken(&'static str),
    /// A recurrence that only the server can unfold.
    #[error("a recurrence that is not understood")]
    Rule,
    /// A time zone that nobody knows, without a definition.
    #[error("a time zone that is not known")]
    Zone,
    /// More than anybody's calendar has.
    #[error("too much to look at")]
    TooMuch,
}
