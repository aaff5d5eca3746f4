//! The tests that need more than one room, in one binary so that the program is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc, clippy::too_many_lines)]

mod api;
mod architecture;
mod calendars;
mod calls;
mod clock_changes;
mod crash;
mod desk;
mod metrics;
mod models;
mod outbox;
mod pages;
mod purse;
mod settings;
mod simulate;
mod sockets;
mod store;
mod support;
mod talk;
mod webhooks;
