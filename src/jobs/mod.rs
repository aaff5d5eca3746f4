//! What goes on beside the calls: sending what bookings have left in the outbox, writing journals in
//! batches, bringing calendars in order, keeping the accounts of what models cost, handing orders to live calls, and forgetting what was kept long enough.

pub mod catching_up;
pub mod connections;
mod follow_up;
pub mod following;
pub mod journal;
pub mod orders;
pub mod outbox;
pub mod placements;
pub mod purse;
pub mod reports;
pub mod retention;
pub mod second_look;
pub mod tidy;
