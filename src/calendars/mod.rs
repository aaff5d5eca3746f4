//! The calendars and booking systems that businesses have connected: who may be asked with which token, what is busy there,
//! which appointment stands where, and what their owners change in them.
//!
//! It knows no vendor: an adapter behind [`Diary`](crate::ports::calendar::Diary) or
//! [`Scheduler`](crate::ports::calendar::Scheduler) does. The desk knows none of this: it asks a
//! [`BookingProvider`](crate::ports::booking::BookingProvider).

pub mod opener;
mod placements;
pub mod providers;
