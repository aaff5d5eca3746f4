//! The rights of those whose data it is: all of it in a file, what is kept for how long, and erasure.
//!
//! What is erased is overwritten, not only unlinked: SQLite does so by `secure_delete` (see `engine.rs`), Postgres when its
//! vacuum comes by. Copies elsewhere (backups, the telephone company's own records) are not ours to erase.

mod business;
mod customer;
mod export;
mod forget;

pub use business::{Erasure, TABLES};
pub use customer::{Erased, Found};
pub use export::{Broken, What};
