//! The desk on a real ledger, on both engines: what callers are promised.

mod blocks;
mod bookings;
pub(crate) mod calendar;
mod limits;
mod lost_answers;
mod overrides;
mod races;
pub(crate) mod rig;
