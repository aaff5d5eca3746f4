//! What goes on beside the calls: sending what bookings have left in the outbox, and writing journals in batches.

pub mod journal;
pub mod outbox;
