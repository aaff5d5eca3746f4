//! Which times are free, and which two or three of them to offer.

pub mod free;
pub mod offer;

mod open;

use jiff::Timestamp;

use super::ids::{ServiceId, StaffId};

/// Time that a member of staff is not free, buffers included: [from, to).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    pub staff: StaffId,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Set when this is a booking of ours: a class that is not full can take another customer at the same start.
    pub class: Option<Class>,
}

/// The start that several customers share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    pub service: ServiceId,
    pub starts: Timestamp,
}
