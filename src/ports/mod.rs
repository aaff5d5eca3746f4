//! What the core needs from outside, in our words: small traits and the plain types that cross them.

pub mod booking;
pub mod calendar;
pub mod clock;
pub mod consent;
pub mod desk;
pub mod email;
pub mod hooks;
pub mod identity;
pub mod journal;
pub mod language_model;
pub mod line;
pub mod links;
pub mod live;
pub mod nudge;
pub mod observer;
pub mod purse;
pub mod registry;
pub mod reports;
pub mod sms;
pub mod telephony;
pub mod vendors;
