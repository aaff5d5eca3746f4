//! The rules, as values: what was said, which times are free, what the conversation does next.
//!
//! Nothing here waits, reads a clock, or knows a vendor: time comes in as an argument, and everything can be read and
//! tested alone.

pub mod account;
pub mod block;
pub mod booking;
pub mod business;
pub mod call;
pub mod colour;
pub mod connection;
pub mod countries;
pub mod customer;
pub mod dialogue;
pub mod disclosure;
pub mod email;
pub mod holidays;
pub mod ids;
pub mod insights;
pub mod letters;
pub mod money;
pub mod phone;
pub mod report;
pub mod retention;
pub mod scope;
pub mod secret;
pub mod setup;
pub mod slots;
pub mod time;
pub mod trades;
pub mod truth;
pub mod turn;
pub mod understand;
pub mod zones;
