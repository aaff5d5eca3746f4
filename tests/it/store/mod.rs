//! The ledger on both engines: what it keeps, what it refuses, and who wins.

mod businesses;
mod calls;
mod holds;
mod models;
mod moves;
mod outbox;
mod races;
mod requests;
mod samples;
mod schema;
mod team;
mod trials;
