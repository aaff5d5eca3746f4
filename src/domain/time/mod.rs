//! What people say about time: said → meaning ([`When`]) → moments ([`Resolution`]) → and back to words ([`speak`]).
//!
//! Callers never get calendar arithmetic from a model; it is all here, computed in the business's zone.

pub mod expr;
pub mod resolve;
pub mod speak;

mod said;
#[cfg(test)]
mod tests;

pub use expr::{Clock, ClockTime, Day, Edge, Half, OneDay, Part, When, Which};
pub use resolve::{Around, Resolution, resolve, windows};
pub use said::{Said, find, find_answer, mentions};
