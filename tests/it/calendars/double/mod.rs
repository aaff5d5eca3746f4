//! Vendors in memory that keep their promises and break them when they are told to: what is about the desk, the ledger and
//! the calendars' own logic needs no HTTP. The vendors' own ways are in `testing/calendar`.

mod diary;
mod door;
mod scheduler;
mod vendor;

pub(crate) use diary::Notebook;
pub(crate) use door::Latchkey;
pub(crate) use scheduler::BookingHall;
pub(crate) use vendor::{Asked, Trap};
