//! What the tests of several adapters have in common.

pub(super) mod faults;
