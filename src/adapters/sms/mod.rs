//! Who carries text messages.

pub mod log;
pub mod twilio;
