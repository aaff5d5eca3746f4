//! The team, keys, the audit log, the data.

mod audit;
mod data;
mod keys;
mod members;
