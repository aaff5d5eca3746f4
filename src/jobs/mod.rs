//! What goes on beside the calls: sending what bookings have left in the outbox, writing journals in
//! batches, and keeping the accounts of what models cost.

pub mod journal;
pub mod outbox;
pub mod purse;
pub mod reports;
pub mod tidy;
