//! A calendar in memory, as its vendor keeps it: ids are burnt by deleting, versions change with every change.

use std::collections::BTreeMap;

use async_trait::async_trait;
use deskbell::{
    domain::{connection::CalendarId, ids::BookingId, secret::Secret},
    ports::calendar::{
        Access, Changes, Diary, Event, EventKey, Heard, Hook, Interval, Listed, Placed, Report, Seen, Trouble, Watch,
        Words,
    },
};
use jiff::Timestamp;

use super::vendor::{Asked, Vendor};

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
pub(crate) struct Pages {
    pages: BTreeMap<String, Page>,
    /// Until when it would report; nothing: it does not.
    reports_until: Option<Timestamp>,
    /// Whom it reports to: an address, and what it has promised.
    listeners: Vec<(String, Watch)>,
}

pub(crate) type Notebook = Vendor<Pages>;

fn placed(id: &str, page: &Page) -> Placed {
    Placed { id: id.to_owned(), etag: Some(page.version.to_string()), link: None, meeting: None }
}

fn seen(id: &str, page: &Page) -> Seen {
    Seen { placed: placed(id, page), key: page.key, when: (!page.deleted).then_some(page.when) }
}

impl Page {
    fn of(event: &Event, calendar: &CalendarId) -> Self {
        Self {
            calendar: calendar.clone(),
            key: Some(event.key),
            title: event.title.clone(),
            when: event.when,
            version: 1,
            deleted: false,
        }
    }
}

impl Notebook {
    /// The owner writes something down.
    pub(crate) fn owner_adds(&self, calendar: &str, when: Interval) -> String {
        let mut kept = self.kept();
        let id = format!("own-{}", kept.pages.len());
        let calendar = CalendarId::new(calendar).unwrap();
        let page = Page { calendar, key: None, title: "Dentist".into(), when, version: 1, deleted: false };
        kept.pages.insert(id.clone(), page);
        id
    }

    /// The owner changes what stands for a booking.
    pub(crate) fn owner_edits(&self, booking: BookingId, edit: impl Fn(&mut Page)) {
        let mut kept = self.kept();
        let of_it = kept.pages.values_mut().filter(|page| page.key.is_some_and(|key| key.booking == booking));
        for page in of_it.filter(|page| !page.deleted) {
            edit(page);
            page.version += 1;
        }
    }

    pub(crate) fn owner_deletes(&self, id: &str) {
        self.kept().pages.get_mut(id).unwrap().deleted = true;
    }

    /// With all that is in it.
    pub(crate) fn owner_deletes_calendar(&self, calendar: &str) {
        let mut kept = self.kept();
        kept.pages.values_mut().filter(|page| page.calendar.as_str() == calendar).for_each(|page| page.deleted = true);
    }

    /// The owner puts back what they had deleted: the vendor's bin gives everything back as it was.
    pub(crate) fn owner_restores(&self, id: &str) {
        let mut kept = self.kept();
        let page = kept.pages.get_mut(id).unwrap();
        (page.deleted, page.version) = (false, page.version + 1);
    }

    /// What is the owner's own, by id.
    pub(crate) fn theirs(&self) -> Vec<(String, Interval)> {
        let kept = self.kept();
        let own = kept.pages.iter().filter(|(_, page)| page.key.is_none() && !page.deleted);
        own.map(|(id, page)| (id.clone(), page.when)).collect()
    }

    /// What stands there of ours, in order of time.
    pub(crate) fn ours(&self) -> Vec<Page> {
        let kept = self.kept();
        let mut ours: Vec<_> =
            kept.pages.values().filter(|page| page.key.is_some() && !page.deleted).cloned().collect();
        ours.sort_by_key(|page| page.when);
        ours
    }

    /// Whoever asks for reports from now on has them until then.
    pub(crate) fn reports_until(&self, until: Timestamp) {
        self.kept().reports_until = Some(until);
    }

    /// It reports to nobody any more, and tells nobody.
    pub(crate) fn forgets_listeners(&self) {
        self.kept().listeners.clear();
    }

    /// Addresses that it reports to.
    pub(crate) fn listeners(&self, now: Timestamp) -> Vec<String> {
        let kept = self.kept();
        let open = kept.listeners.iter().filter(|(_, watch)| watch.until.is_none_or(|until| now < until));
        open.map(|(address, _)| address.clone()).collect()
    }
}

#[async_trait]
impl Diary for Notebook {
    async fn calendars(&self, _: &Access) -> Result<Vec<Listed>, Trouble> {
        Ok(Vec::new())
    }

    async fn busy(&self, _: &Access, calendars: &[CalendarId], range: Interval) -> Result<Vec<Interval>, Trouble> {
        let calendars = calendars.to_vec();
        self.ask(Asked::Busy, move |kept| {
            let there = kept.pages.values().filter(|page| !page.deleted && calendars.contains(&page.calendar));
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
        })
        .await
    }

    async fn place(&self, _: &Access, calendar: &CalendarId, event: &Event) -> Result<Placed, Trouble> {
        let (id, fresh) = (event.key.to_string(), Page::of(event, calendar));
        self.ask(Asked::Place, move |kept| {
            let page = kept.pages.entry(id.clone()).or_insert(fresh);
            if page.deleted { Err(Trouble::Conflict) } else { Ok(placed(&id, page)) }
        })
        .await
    }

    async fn revise(
        &self,
        _: &Access,
        _: &CalendarId,
        known: &Placed,
        event: &Event,
        words: Words,
    ) -> Result<Placed, Trouble> {
        let (known, when, title) = (known.clone(), event.when, words.title.then(|| event.title.clone()));
        self.ask(Asked::Revise, move |kept| {
            let there = kept.pages.get_mut(&known.id).filter(|page| !page.deleted);
            let page = there.ok_or(Trouble::Gone)?;
            if known.etag != Some(page.version.to_string()) {
                return Err(Trouble::Conflict);
            }
            page.version += 1;
            page.when = when;
            page.title = title.unwrap_or_else(|| page.title.clone());
            Ok(placed(&known.id, page))
        })
        .await
    }

    async fn withdraw(&self, _: &Access, _: &CalendarId, known: &Placed) -> Result<(), Trouble> {
        let id = known.id.clone();
        self.ask(Asked::Withdraw, move |kept| {
            if let Some(page) = kept.pages.get_mut(&id) {
                page.deleted = true;
            }
            Ok(())
        })
        .await
    }

    async fn find(&self, _: &Access, calendar: &CalendarId, key: EventKey) -> Result<Option<Seen>, Trouble> {
        let calendar = calendar.clone();
        self.ask(Asked::Find, move |kept| {
            let mut ours = kept.pages.iter().filter(|(_, page)| page.calendar == calendar && page.key == Some(key));
            Ok(ours.next().map(|(id, page)| seen(id, page)))
        })
        .await
    }

    /// A cursor holds everything as it was: what differs from it has changed.
    async fn changes(
        &self,
        _: &Access,
        calendar: &CalendarId,
        cursor: Option<&str>,
        from: Timestamp,
    ) -> Result<Changes, Trouble> {
        let (calendar, cursor) = (calendar.clone(), cursor.map(str::to_owned));
        self.ask(Asked::Changes, move |kept| {
            let there = || kept.pages.iter().filter(|(_, page)| page.calendar == calendar);
            let mark = |id: &str, page: &Page| format!("{id}={}{}", page.version, if page.deleted { "x" } else { "" });
            let seen = match &cursor {
                Some(cursor) => {
                    let known: Vec<&str> = cursor.split(';').collect();
                    let changed = there().filter(|(id, page)| !known.contains(&mark(id, page).as_str()));
                    // What its owner has put into another calendar is gone from here.
                    let left = kept.pages.iter().filter(|(id, page)| {
                        page.calendar != calendar && known.iter().any(|known| known.starts_with(&format!("{id}=")))
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
        })
        .await
    }

    async fn watch(&self, _: &Access, _: &CalendarId, hook: &Hook) -> Result<Option<Watch>, Trouble> {
        let (id, address) = (hook.id.clone(), hook.address.clone());
        self.ask(Asked::Watch, move |kept| {
            let Some(until) = kept.reports_until else { return Ok(None) };
            let watch = Watch { id, resource: None, until: Some(until) };
            kept.listeners.push((address, watch.clone()));
            Ok(Some(watch))
        })
        .await
    }

    async fn watches(&self, _: &Access, watch: &Watch) -> Result<bool, Trouble> {
        let id = watch.id.clone();
        self.ask(Asked::Watches, move |kept| Ok(kept.listeners.iter().any(|(_, own)| own.id == id))).await
    }

    async fn unwatch(&self, _: &Access, watch: &Watch) -> Result<(), Trouble> {
        self.kept().listeners.retain(|(_, own)| own.id != watch.id);
        Ok(())
    }

    fn heard(&self, _: Report<'_>, _: &Secret) -> Heard {
        Heard::Nothing
    }
}
