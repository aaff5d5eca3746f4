//! Where else a booking stands besides our own ledger.

pub mod calcom;
pub mod caldav;
pub mod calendly;
mod exchange;
pub mod google;
mod merge;
pub mod microsoft;
pub mod native;
pub mod oauth;
mod signed;
#[cfg(test)]
mod tests;
mod windows;
