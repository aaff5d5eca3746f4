//! The commands.

pub mod phone;
