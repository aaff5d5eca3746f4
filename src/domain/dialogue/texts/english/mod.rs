//! English, as it is spoken by somebody friendly who has a lot to do.

mod arranging;
mod asked;
mod facts;
mod manners;
mod own;
mod pieces;

/// The language itself; it holds nothing.
pub(super) struct English;
