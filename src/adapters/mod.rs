//! What speaks to the outside: a folder per vendor, whose words stay in its own `wire.rs`.

pub mod calendar;
pub mod clock;
pub mod email;
pub mod http;
pub mod identity;
pub mod llm;
pub mod sms;
pub mod telephony;
