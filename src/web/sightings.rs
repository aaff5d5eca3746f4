//! Whether calls arrive: what the telephone company last asked us about a business, and whether its signature fitted.
//!
//! An owner who sets a number up watches this, so this process knows it at once; the ledger, for the other nodes and for
//! later, is told once a minute at most. Nobody's call waits for that.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

use super::{error::Refusal, patience::in_time, state::AppState};
use crate::{
    domain::{business::Business, ids::BusinessId, phone::PhoneNumber},
    store::sightings::Sighting,
};

/// How often the same is written to the ledger at most.
const WRITTEN_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// How many numbers are remembered here.
const REMEMBERED: usize = 10_000;

/// What was seen last, by business and number.
#[derive(Default)]
pub struct Sightings {
    seen: Mutex<HashMap<(BusinessId, String), Seen>>,
    /// A request for the address that serves every business, which was not believed: it is known of no business.
    for_nobody: Mutex<Option<(Timestamp, &'static str)>>,
}

#[derive(Clone, Copy, Default)]
struct Seen {
    genuine: Option<Timestamp>,
    refused: Option<(Timestamp, &'static str)>,
    written: Option<Timestamp>,
}

impl Sightings {
    /// A genuine call for a business. `number` is what was dialled.
    pub(in crate::web) fn genuine(&self, state: &AppState, business: &Business, number: Option<&PhoneNumber>) {
        let now = state.clock.now();
        let number =
            number.filter(|number| business.numbers.contains(number)).map_or("", PhoneNumber::as_str).to_owned();
        let id = business.id;
        if self.note((id, number.clone()), now, |seen| seen.genuine = Some(now)) {
            let store = state.store.clone();
            state.lifecycle.tasks.spawn(async move {
                let _ = in_time("noting that a call arrived", store.sighted(id, &number, now)).await;
            });
        }
    }

    /// A request about a business, as its path says, that was not believed.
    pub(in crate::web) async fn refused(&self, state: &AppState, business: Option<BusinessId>, refusal: Refusal) {
        let Refusal::Forbidden(why) = refusal else { return };
        let now = state.clock.now();
        let Some(business) = business else {
            *self.for_nobody.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, why));
            return;
        };
        // Strangers may name any: only what there is is written about.
        if !matches!(state.businesses.get(business).await, Ok(Some(_))) {
            return;
        }
        if self.note((business, String::new()), now, |seen| seen.refused = Some((now, why))) {
            let store = state.store.clone();
            state.lifecycle.tasks.spawn(async move {
                let _ = in_time("noting a refused request", store.sighting_refused(business, why, now)).await;
            });
        }
    }

    /// Whether it is time to write it down.
    fn note(&self, key: (BusinessId, String), now: Timestamp, change: impl FnOnce(&mut Seen)) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= REMEMBERED && !seen.contains_key(&key) {
            seen.clear();
        }
        let seen = seen.entry(key).or_default();
        let kind = |seen: &Seen| (seen.genuine.is_some(), seen.refused.is_some());
        let before = kind(seen);
        change(seen);
        let due = seen.written.is_none_or(|written| now.duration_since(written) >= WRITTEN_EVERY);
        // The first of its kind is news, however soon it comes.
        let write = due || kind(seen) != before;
        if write {
            seen.written = Some(now);
        }
        write
    }

    /// What is known about a business, here and on the ledger.
    pub(in crate::web) async fn of(
        &self,
        state: &AppState,
        business: BusinessId,
    ) -> Result<Vec<Sighting>, super::patience::Late> {
        let mut found = in_time("reading what arrived", state.store.sightings(business)).await?;
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for ((_, number), here) in seen.iter().filter(|((id, _), _)| *id == business) {
            let at = found.iter().position(|sighting| sighting.number == *number).unwrap_or_else(|| {
                found.push(Sighting { number: number.clone(), genuine: None, refused: None });
                found.len() - 1
            });
            let sighting = &mut found[at];
            sighting.genuine = sighting.genuine.max(here.genuine);
            let refused = here.refused.map(|(at, why)| (at, why.to_owned()));
            sighting.refused = sighting.refused.take().max(refused);
        }
        Ok(found)
    }

    /// The last request for the address that serves every business which was not believed, on this node.
    pub(in crate::web) fn refused_for_nobody(&self) -> Option<(Timestamp, &'static str)> {
        *self.for_nobody.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
