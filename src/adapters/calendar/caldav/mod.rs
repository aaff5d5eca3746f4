//! Calendars by CalDAV (RFC 4791): iCloud, Fastmail, Nextcloud and others. The owner types the server's address, a name
//! and an app password; everything else is found out there (RFC 6764).
//!
//! Which addresses may be reached is decided in `reach`; iCalendar is read and written in `ics`.

mod busy;
mod changes;
mod discover;
mod events;
mod ics;
mod listing;
mod reach;
mod web;
mod wire;
mod xml;

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::time::Instant;

pub use self::reach::{Own, Reach};
use self::{
    ics::zone::Zone,
    reach::{Address, SystemNames},
    web::{Key, TIMEOUT, Web},
};
use crate::{
    domain::{
        connection::{Account, CalendarId},
        secret::Secret,
    },
    ports::{
        calendar::{
            Access, Changes, Diary, Event, EventKey, Heard, Hook, Interval, Listed, Placed, Report, Seen, Trouble,
            Watch, Words,
        },
        clock::Clock,
        consent::{KeyDoor, KeyError, KeyForm, Typed},
    },
};

/// A calendar's zone and its owner's addresses hardly ever change.
const KNOWN_FOR: Duration = Duration::from_mins(30);
/// Calendars of which they are remembered.
const MOST_KNOWN: usize = 2_000;

/// Every server that speaks CalDAV. Of an account, `label` is the name that its owner typed and signs in with, `subject`
/// the address of its principal, and `home` that of its calendars. A calendar's id is its address, and so is an event's.
pub struct CalDav {
    web: Web,
    clock: Arc<dyn Clock>,
    known: Mutex<HashMap<String, (Instant, Facts)>>,
}

/// What has to be known of a calendar before its events can be read.
#[derive(Clone, Debug, Default)]
struct Facts {
    /// Nothing: the server does not say.
    zone: Option<Zone>,
    /// "mailto:ann@example.com", in small letters.
    owner: Vec<String>,
}

impl CalDav {
    /// # Errors
    /// When the machine has no certificates to verify a server with.
    pub fn new(reach: Reach, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        Self::with_timeout(reach, clock, TIMEOUT)
    }

    /// As [`new`](Self::new), with another time limit for a request.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_timeout(reach: Reach, clock: Arc<dyn Clock>, timeout: Duration) -> anyhow::Result<Self> {
        Ok(Self::over(Web::new(reach, Arc::new(SystemNames), timeout)?, clock))
    }

    fn over(web: Web, clock: Arc<dyn Clock>) -> Self {
        Self { web, clock, known: Mutex::default() }
    }

    /// Where a calendar is. Its id comes from a form, so it has to be of the account's server, too.
    fn collection(&self, access: &Access, calendar: &CalendarId) -> Result<Address, Trouble> {
        let home = access.account.home.as_deref().ok_or(Trouble::Refused("the account has no address"))?;
        let home = self.web.reach.address(home).map_err(|_| Trouble::Refused("the account's address is none"))?;
        let address = self.web.reach.address(calendar.as_str());
        let address = address.map_err(|_| Trouble::Refused("the calendar's address is none"))?;
        if !home.is_related(&address) {
            return Err(Trouble::Refused("the calendar is on another server"));
        }
        Ok(address.collection())
    }

    /// The zone of a calendar and by which addresses its owner is invited; remembered for a while.
    async fn facts(&self, access: &Access, at: &Address) -> Result<Facts, Trouble> {
        let name = format!("{} {}", access.account.subject, at.as_str());
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
        if let Some((_, facts)) = known.filter(|(read, _)| read.elapsed() < KNOWN_FOR) {
            return Ok(facts);
        }
        let key = Key::from(access);
        let (zone, owner) = tokio::join!(self.zone(key, at), self.owner(access));
        let facts = Facts { zone: zone?, owner };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(name, (Instant::now(), facts.clone()));
        Ok(facts)
    }

    async fn zone(&self, key: Key<'_>, at: &Address) -> Result<Option<Zone>, Trouble> {
        let asked = wire::propfind(&[wire::ZONE, wire::ZONE_ID]);
        let told = self.web.propfind(at, key, "0", asked).await?;
        let defined = || told.responses.iter().find_map(|one| one.text(wire::ZONE)).and_then(Zone::of_property);
        let named = || told.responses.iter().find_map(|one| one.text(wire::ZONE_ID)).and_then(Zone::of_name);
        Ok(defined().or_else(named))
    }

    /// Whoever does not tell them loses nothing but that a declined invitation keeps its time.
    async fn owner(&self, access: &Access) -> Vec<String> {
        let mut owner = Vec::new();
        if access.account.label.contains('@') {
            owner.push(format!("mailto:{}", access.account.label.to_lowercase()));
        }
        let Ok(principal) = self.web.reach.address(&access.account.subject) else { return owner };
        let asked = wire::propfind(&[wire::ADDRESSES]);
        if let Ok(told) = self.web.propfind(&principal, Key::from(access), "0", asked).await {
            let hrefs = told.responses.iter().flat_map(|one| one.hrefs(wire::ADDRESSES));
            owner.extend(hrefs.map(str::to_lowercase));
        }
        owner
    }
}

#[async_trait]
impl Diary for CalDav {
    async fn calendars(&self, access: &Access) -> Result<Vec<Listed>, Trouble> {
        self.list(access).await
    }

    async fn busy(&self, access: &Access, calendars: &[CalendarId], range: Interval) -> Result<Vec<Interval>, Trouble> {
        self.busy_times(access, calendars, range).await
    }

    async fn place(&self, access: &Access, calendar: &CalendarId, event: &Event) -> Result<Placed, Trouble> {
        self.put_new(access, &self.collection(access, calendar)?, event).await
    }

    async fn revise(
        &self,
        access: &Access,
        calendar: &CalendarId,
        placed: &Placed,
        event: &Event,
        words: Words,
    ) -> Result<Placed, Trouble> {
        self.put_again(access, &self.collection(access, calendar)?, placed, (event, words)).await
    }

    async fn withdraw(&self, access: &Access, calendar: &CalendarId, placed: &Placed) -> Result<(), Trouble> {
        self.delete(access, &self.collection(access, calendar)?, placed).await
    }

    async fn find(&self, access: &Access, calendar: &CalendarId, key: EventKey) -> Result<Option<Seen>, Trouble> {
        self.look_for(access, &self.collection(access, calendar)?, key).await
    }

    async fn changes(
        &self,
        access: &Access,
        calendar: &CalendarId,
        cursor: Option<&str>,
        from: Timestamp,
    ) -> Result<Changes, Trouble> {
        self.changed(access, &self.collection(access, calendar)?, cursor, from).await
    }

    /// CalDAV has no reports.
    async fn watch(&self, _: &Access, _: &CalendarId, _: &Hook) -> Result<Option<Watch>, Trouble> {
        Ok(None)
    }

    async fn unwatch(&self, _: &Access, _: &Watch) -> Result<(), Trouble> {
        Ok(())
    }

    fn heard(&self, _: Report<'_>, _: &Secret) -> Heard {
        Heard::Nothing
    }
}

#[async_trait]
impl KeyDoor for CalDav {
    fn form(&self) -> KeyForm {
        discover::FORM
    }

    async fn enter(&self, typed: &Typed) -> Result<Account, KeyError> {
        self.discover(typed).await
    }
}
