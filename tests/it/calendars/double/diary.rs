//! A calendar in memory, as its vendor keeps it: ids are burnt by deleting, versions change with every change.

use std::{
    collections::BTreeMap,
    future::pending,
    sync::{Mutex, MutexGuard},
};

use async_trait::async_trait;
use deskbell::{
    domain::{connection::CalendarId, ids::BookingId, secret::Secret},
    ports::calendar::{
        Access, Changes, Diary, Event, EventKey, Heard, Hook, Interval, Listed, Placed, Report, Seen, Trouble, Watch,
        Words,
    },
};
use jiff::Timestamp;

use super::{Asked, Trap, Traps};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) calendar: CalendarId,
    /// Nothing: the owner's own.
    pub(crate) key: Option<EventKey>,
    pub(crate) title: String,
    pub(crate) when: Interval,
    pub(crate) version: u32,
    pub(crate) deleted: bool,
}

#[derive(Default)]
struct Inner {
    pages: BTreeMap<String, Page>,
    traps: Traps,
    /// Until when it would report; nothing: it does not.
    reports_until: Option<Timestamp>,
    /// Whom it reports to: an address, and what it has promised.
    listeners: Vec<(String, Watch)>,
}

#[derive(Default)]
pub(crate) struct Notebook(Mutex<Inner>);

fn placed(id: &str, page: &Page) -> Placed {
    Placed { id: id.to_owned(), etag: Some(page.version.to_string()), link: None, meeting: None }
}

fn seen(id: &str, page: &Page) -> Seen {
    Seen { placed: placed(id, page), key: page.key, when: (!page.deleted).then_some(page.when) }
}

impl Notebook {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    /// The next such questions go wrong so.
    pub(crate) fn trap(&self, asked: Asked, trap: Trap, times: usize) {
        self.lock().traps.set(asked, trap, times);
    }

    pub(crate) fn untrap(&self) {
        self.lock().traps.set.clear();
    }

    pub(crate) fn count(&self, asked: Asked) -> usize {
        self.lock().traps.asked.get(&asked).copied().unwrap_or_default()
    }

    /// The owner writes something down.
    pub(crate) fn owner_adds(&self, calendar: &str, when: Interval) -> String {
        let mut inner = self.lock();
        let id = format!("own-{}", inner.pages.len());
        let calendar = CalendarId::new(calendar).unwrap();
        let page = Page { calendar, key: None, title: "Dentist".into(), when, version: 1, deleted: false };
        inner.pages.insert(id.clone(), page);
        id
    }

    /// The owner changes what stands for a booking.
    pub(crate) fn owner_edits(&self, booking: BookingId, edit: impl Fn(&mut Page)) {
        let mut inner = self.lock();
        let of_it = inner.pages.values_mut().filter(|page| page.key.is_some_and(|key| key.booking == booking));
        for page in of_it.filter(|page| !page.deleted) {
            edit(page);
            page.version += 1;
        }
    }

    pub(crate) fn owner_deletes(&self, id: &str) {
        self.lock().pages.get_mut(id).unwrap().deleted = true;
    }

    /// With all that is in it.
    pub(crate) fn owner_deletes_calendar(&self, calendar: &str) {
        let mut inner = self.lock();
        inner.pages.values_mut().filter(|page| page.calendar.as_str() == calendar).for_each(|page| page.deleted = true);
    }

    /// What stands there of ours, in order of time.
    pub(crate) fn ours(&self) -> Vec<Page> {
        let inner = self.lock();
        let mut ours: Vec<_> =
            inner.pages.values().filter(|page| page.key.is_some() && !page.deleted).cloned().collect();
        ours.sort_by_key(|page| page.when);
        ours
    }

    /// Whoever asks for reports from now on has them until then.
    pub(crate) fn reports_until(&self, until: Timestamp) {
        self.lock().reports_until = Some(until);
    }

    /// It reports to nobody any more, and tells nobody.
    pub(crate) fn forgets_listeners(&self) {
        self.lock().listeners.clear();
    }

    /// Addresses that it reports to.
    pub(crate) fn listeners(&self, now: Timestamp) -> Vec<String> {
        let inner = self.lock();
        let open = inner.listeners.iter().filter(|(_, watch)| watch.until.is_none_or(|until| now < until));
        open.map(|(address, _)| address.clone()).collect()
    }

    fn spring(&self, asked: Asked) -> Option<Trap> {
        self.lock().traps.spring(asked)
    }

    /// Fails before anything is done; what is lost is done first.
    async fn before(&self, asked: Asked) -> Result<bool, Trouble> {
        match self.spring(asked) {
            None => Ok(false),
            Some(Trap::Lost) => Ok(true),
            Some(Trap::Silent) => pending().await,
            Some(trap) => Err(trap.trouble()),
        }
    }
}

fn unless<T>(lost: bool, answer: Result<T, Trouble>) -> Result<T, Trouble> {
    if lost { Err(Trap::Lost.trouble()) } else { answer }
}

#[async_trait]
impl Diary for Notebook {
    async fn calendars(&self, _: &Access) -> Result<Vec<Listed>, Trouble> {
        Ok(Vec::new())
    }

    async fn busy(&self, _: &Access, calendars: &[CalendarId], range: Interval) -> Result<Vec<Interval>, Trouble> {
        self.before(Asked::Busy).await?;
        let inner = self.lock();
        let there = inner.pages.values().filter(|page| !page.deleted && calendars.contains(&page.calendar));
        let touching = |when: &Interval| when.from < range.to && when.to > range.from;
        let mut busy: Vec<Interval> = there.map(|page| page.when).filter(touching).collect();
        busy.sort_unstable();
        // Merged, as the real ones do: what is ours cannot be told from what is not.
        let mut merged: Vec<Interval> = Vec::new();
        for it in busy {
            match merged.last_mut() {
                Some(last) if it.from <= last.to => last.to = last.to.max(it.to),
                _ => merged.push(it),
            }
        }
        Ok(merged)
    }

    async fn place(&self, _: &Access, calendar: &CalendarId, event: &Event) -> Result<Placed, Trouble> {
        let lost = self.before(Asked::Place).await?;
        let mut inner = self.lock();
        let id = event.key.to_string();
        let fresh = Page {
            calendar: calendar.clone(),
            key: Some(event.key),
            title: event.title.clone(),
            when: event.when,
            version: 1,
            deleted: false,
        };
        let page = inner.pages.entry(id.clone()).or_insert(fresh);
        unless(lost, if page.deleted { Err(Trouble::Conflict) } else { Ok(placed(&id, page)) })
    }

    async fn revise(
        &self,
        _: &Access,
        _: &CalendarId,
        known: &Placed,
        event: &Event,
        words: Words,
    ) -> Result<Placed, Trouble> {
        let lost = self.before(Asked::Revise).await?;
        let mut inner = self.lock();
        let Some(page) = inner.pages.get_mut(&known.id).filter(|page| !page.deleted) else { return Err(Trouble::Gone) };
        if known.etag != Some(page.version.to_string()) {
            return Err(Trouble::Conflict);
        }
        page.version += 1;
        page.when = event.when;
        if words.title {
            page.title.clone_from(&event.title);
        }
        unless(lost, Ok(placed(&known.id, page)))
    }

    async fn withdraw(&self, _: &Access, _: &CalendarId, known: &Placed) -> Result<(), Trouble> {
        let lost = self.before(Asked::Withdraw).await?;
        if let Some(page) = self.lock().pages.get_mut(&known.id) {
            page.deleted = true;
        }
        unless(lost, Ok(()))
    }

    async fn find(&self, _: &Access, calendar: &CalendarId, key: EventKey) -> Result<Option<Seen>, Trouble> {
        self.before(Asked::Find).await?;
        let inner = self.lock();
        let mut ours = inner.pages.iter().filter(|(_, page)| page.calendar == *calendar && page.key == Some(key));
        Ok(ours.next().map(|(id, page)| seen(id, page)))
    }

    /// A cursor holds everything as it was: what differs from it has changed.
    async fn changes(
        &self,
        _: &Access,
        calendar: &CalendarId,
        cursor: Option<&str>,
        from: Timestamp,
    ) -> Result<Changes, Trouble> {
        self.before(Asked::Changes).await?;
        let inner = self.lock();
        let there = || inner.pages.iter().filter(|(_, page)| page.calendar == *calendar);
        let mark = |id: &str, page: &Page| format!("{id}={}{}", page.version, if page.deleted { "x" } else { "" });
        let seen = match cursor {
            Some(cursor) => {
                let known: Vec<&str> = cursor.split(';').collect();
                let changed = there().filter(|(id, page)| !known.contains(&mark(id, page).as_str()));
                // What its owner has put into another calendar is gone from here.
                let left = inner.pages.iter().filter(|(id, page)| {
                    page.calendar != *calendar && known.iter().any(|known| known.starts_with(&format!("{id}=")))
                });
                let gone = left.map(|(id, page)| Seen { when: None, ..seen(id, page) });
                changed.map(|(id, page)| seen(id, page)).chain(gone).collect()
            }
            None => there()
                .filter(|(_, page)| !page.deleted && page.when.to > from)
                .map(|(id, page)| seen(id, page))
                .collect(),
        };
        let cursor = there().map(|(id, page)| mark(id, page)).collect::<Vec<_>>().join(";");
        Ok(Changes { seen, cursor })
    }

    async fn watch(&self, _: &Access, _: &CalendarId, hook: &Hook) -> Result<Option<Watch>, Trouble> {
        self.before(Asked::Watch).await?;
        let mut inner = self.lock();
        let Some(until) = inner.reports_until else { return Ok(None) };
        let watch = Watch { id: hook.id.clone(), resource: None, until: Some(until) };
        inner.listeners.push((hook.address.clone(), watch.clone()));
        Ok(Some(watch))
    }

    async fn watches(&self, _: &Access, watch: &Watch) -> Result<bool, Trouble> {
        self.before(Asked::Watches).await?;
        Ok(self.lock().listeners.iter().any(|(_, own)| own.id == watch.id))
    }

    async fn unwatch(&self, _: &Access, watch: &Watch) -> Result<(), Trouble> {
        self.lock().listeners.retain(|(_, own)| own.id != watch.id);
        Ok(())
    }

    fn heard(&self, _: Report<'_>, _: &Secret) -> Heard {
        Heard::Nothing
    }
}
