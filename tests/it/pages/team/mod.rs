//! The team, keys, the audit log, the data.

mod audit;
mod keys;
mod members;
