//! What several tests need: a database of their own, a running server, a caller.

pub(crate) mod database;
pub(crate) mod postgres;
