//! How often vendors may report something, and how often an owner's page may make us ask a vendor.

use std::time::Duration;

use super::limit::Limit;
use crate::domain::ids::{BusinessId, ConnectionId};

/// A minute, for one connection. Vendors report each change once or twice.
const REPORTS: u32 = 240;
/// A minute, for one business: trying a key, trying a calendar.
const TRIES: u32 = 20;

/// Counts both, in this process.
pub struct Paces {
    reports: Limit<ConnectionId>,
    tries: Limit<BusinessId>,
}

impl Default for Paces {
    fn default() -> Self {
        let minute = Duration::from_mins(1);
        Self { reports: Limit::new(REPORTS, minute), tries: Limit::new(TRIES, minute) }
    }
}

impl Paces {
    /// Counts a report about a connection, unless it is one too many.
    pub(in crate::web) fn reports(&self, connection: ConnectionId) -> bool {
        self.reports.admits(connection)
    }

    /// Counts a question that an owner has us ask, unless it is one too many.
    pub(in crate::web) fn tries(&self, business: BusinessId) -> bool {
        self.tries.admits(business)
    }
}
