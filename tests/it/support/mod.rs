//! What several tests need: a database of their own, a running server, a caller.

pub(crate) mod appointment;
pub(crate) mod caller;
pub(crate) mod database;
pub(crate) mod form;
pub(crate) mod owner;
pub(crate) mod postgres;
pub(crate) mod server;
pub(crate) mod socket;
pub(crate) mod vendors;
