//! Whole conversations against the machine alone: events in, what is said out, and a desk that answers at once.

mod acting;
mod anything;
mod arranging;
mod aside;
mod desk;
mod falling;
mod languages;
mod mine;
mod person;
mod repair;
mod who;

use crate::testing::salon;
