//! What people say about time: said → meaning ([`When`]) → moments ([`Resolution`]) → and back to words ([`speak`]).
//!
//! Callers never get calendar arithmetic from a model; it is all here, computed in the business's zone.

pub mod calendar;
pub mod expr;
mod holiday;
pub mod resolve;
pub mod speak;

mod said;
#[cfg(test)]
mod tests;

pub use calendar::{Grain, Moments, Placed, place};
pub use expr::{
    Clock, ClockTime, Counted, Day, Edge, Half, InYear, Length, OneDay, Part, Season, Shade, Slice, Turn, Unit, When,
    Which, Whole,
};
pub use holiday::Holiday;
pub(super) use holiday::easter;
pub use resolve::{Around, Resolution, resolve, windows};
pub use said::{Doubt, Said, find, find_answer, find_mentioned, mentions};
