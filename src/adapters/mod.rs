//! One room per vendor. A vendor's words and JSON stay inside its room.

pub mod calendar;
pub mod clock;
pub mod http;
pub mod sms;
pub mod telephony;
