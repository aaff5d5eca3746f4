//! What owners do in their own calendars: how far those have been read, where vendors report to, and what comes of what was
//! found there.

mod cursors;
mod hooks;
mod wishes;

pub use cursors::Following;
pub use hooks::{Hooking, NewHook};
pub(super) use wishes::carried;
pub use wishes::{Carried, NewWish, Seen, StoredWish, WishKind, WishState};
