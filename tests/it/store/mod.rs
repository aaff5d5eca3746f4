//! The ledger on both engines: what it keeps, what it refuses, and who wins.

mod accounts;
mod agenda;
mod blocks;
mod businesses;
mod calls;
mod cancelled;
mod customers;
mod data;
mod holds;
mod insights;
mod links;
mod models;
mod moves;
mod outbox;
mod races;
mod requests;
pub(crate) mod samples;
mod schema;
mod team;
mod trials;
mod watching;
