//! One room per vendor. A vendor's words and JSON stay inside its room.

pub mod telephony;
