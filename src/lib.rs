//! Deskbell answers a business's phone, talks with the caller and books the appointment.
//!
//! The rooms, from the inside out: `domain` holds the rules and knows nothing else; `ports` says what they need from
//! outside; `session` is one call; `desk` is the only place that changes a booking; `calendars` are the
//! businesses' own ones; `store` is the ledger; `secrets` seals; `adapters` speak to vendors; `web` and `cli` are the doors; `app` knows everybody.

pub mod adapters;
pub mod app;
pub mod calendars;
pub mod cli;
pub mod config;
pub mod desk;
pub mod domain;
pub mod jobs;
pub mod lifecycle;
pub mod ports;
pub mod secrets;
pub mod session;
pub mod store;
pub mod telemetry;
#[doc(hidden)]
pub mod testing;
pub mod web;
