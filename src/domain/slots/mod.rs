//! Which times are free, and which two or three of them to offer.

pub mod free;
pub mod offer;

mod open;

use jiff::Timestamp;

use super::{
    business::Business,
    ids::{ServiceId, StaffId},
};

/// When each of the staff works in from ≤ t < to, in the owner's order: unbroken times, [from, to), in order.
pub fn working(business: &Business, from: Timestamp, to: Timestamp) -> Vec<(StaffId, Vec<(Timestamp, Timestamp)>)> {
    let (first, last) = (from.as_second(), to.as_second());
    let opening = open::Opening::new(business, first, last);
    let real = |second: i64| Timestamp::from_second(second).ok();
    let shown = |stretch: &open::Stretch| Some((real(stretch.from.max(first))?, real(stretch.to.min(last))?));
    let of = |member| opening.of(member).iter().filter_map(shown).filter(|(from, to)| from < to).collect();
    business.staff.iter().map(|member| (member.id, of(member))).collect()
}

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
