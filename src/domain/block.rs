//! Time that a business keeps for itself: a training day, an errand, a machine that is being repaired.

use std::fmt;

use jiff::Timestamp;

use super::{
    business::Staff,
    ids::{BlockId, BusinessId, StaffId},
    slots::Busy,
};

/// Nobody is booked in it, by phone or otherwise; what was booked before it stays.
#[derive(Clone, PartialEq, Eq)]
pub struct Block {
    pub id: BlockId,
    pub business: BusinessId,
    /// Nothing: everybody.
    pub staff: Option<StaffId>,
    /// [from, to), whole seconds.
    pub from: Timestamp,
    pub to: Timestamp,
    /// For the business alone, perhaps empty: no caller hears of it.
    pub reason: String,
    /// Grows by one with every change.
    pub version: i32,
}

impl Block {
    pub fn concerns(&self, staff: StaffId) -> bool {
        self.staff.is_none_or(|only| only == staff)
    }

    /// Whom of the staff it keeps busy.
    pub fn busy<'a>(&'a self, staff: &'a [Staff]) -> impl Iterator<Item = Busy> {
        let kept = staff.iter().filter(|member| self.concerns(member.id));
        kept.map(|member| Busy { staff: member.id, from: self.from, to: self.to, class: None })
    }
}

/// Without the reason, which may be somebody's dentist.
impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, staff, from, to, version, .. } = self;
        write!(f, "Block({id}, {staff:?}, {from} to {to}, version {version})")
    }
}
