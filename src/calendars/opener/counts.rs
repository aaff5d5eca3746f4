//! What came of questions to vendors, counted in this process for whoever watches the server. Both names are from closed
//! lists, so nobody's account is among them.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use crate::ports::calendar::Trouble;

#[derive(Debug, Default)]
pub(super) struct Counts(Mutex<BTreeMap<(&'static str, &'static str), u64>>);

impl Counts {
    pub(super) fn count(&self, provider: &'static str, came: &'static str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry((provider, came)).or_default() += 1;
    }

    pub(super) fn all(&self) -> Vec<(&'static str, &'static str, u64)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().map(|((provider, came), count)| (*provider, *came, *count)).collect()
    }
}

/// Nothing: it was answered, if only with "that is not there".
pub(super) fn came(trouble: Option<&Trouble>) -> &'static str {
    match trouble {
        None | Some(Trouble::Gone | Trouble::Conflict | Trouble::Taken | Trouble::Stale) => "answered",
        Some(Trouble::Unauthorized | Trouble::Reconnect(_)) => "not_let_in",
        Some(Trouble::Limited { .. }) => "limited",
        Some(Trouble::Refused(_)) => "refused",
        Some(Trouble::Unavailable(_)) => "unreachable",
        Some(Trouble::Unknown(_)) => "lost",
    }
}
