//! Vendors of calendars and of bookings on this machine: real HTTP, with state, their own rules, ids and error bodies.
//! They refuse what the vendors refuse, and go wrong when they are told to. The tests and the sandbox use the same ones.

pub mod agenda;
pub mod calcom;
pub mod caldav;
pub mod calendly;
pub mod consent;
pub mod google;
pub mod microsoft;
pub mod misdeed;
pub mod paper;
pub mod postman;
pub mod server;

pub use misdeed::{Misdeed, Trap};
pub use server::{Asked, Kit};
