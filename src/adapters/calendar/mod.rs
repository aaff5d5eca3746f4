//! Where else a booking stands besides our own ledger.

pub mod native;
