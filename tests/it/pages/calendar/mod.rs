//! The calendar: what it shows, and what can be done in it.

mod blocks;
mod changes;
mod new;
mod races;
mod rig;
mod speed;
mod views;
