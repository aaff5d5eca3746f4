//! The vendors of the sandbox, one file for each.

pub(super) mod microsoft;
