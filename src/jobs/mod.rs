//! What goes on beside the calls: sending what bookings have left in the outbox, writing journals in
//! batches, keeping the accounts of what models cost, and handing orders to live calls.

pub mod journal;
pub mod orders;
pub mod outbox;
pub mod purse;
pub mod reports;
pub mod tidy;
