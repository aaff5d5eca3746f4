//! A month of free times: which days have some, and what is free on one of them.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Span, Timestamp, civil::Date};

use super::{frame::Visit, speech::capital, words::about};
use crate::{
    domain::{
        booking::Slot,
        ids::{BookingId, ServiceId, StaffId},
        slots::offer::Wish,
    },
    ports::desk::{Desk, DeskError, Find},
};

/// How many starts the desk tells at once.
const AT_ONCE: usize = 500;

/// What is looked for.
pub(super) struct Search<'a> {
    pub visit: &'a Visit,
    pub desk: &'a dyn Desk,
    pub service: ServiceId,
    pub staff: Option<StaffId>,
    /// A booking or a hold that gives way: its time counts as free.
    pub replacing: Option<BookingId>,
}

/// Builds the addresses of the calendar's links: of another month or day, and of a start that is chosen.
pub(super) trait Links {
    fn look(&self, month: Date, day: Option<Date>) -> String;
    fn choose(&self, slot: &Slot) -> String;
}

pub(super) struct Month {
    /// "November 2026".
    pub label: String,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// Short and whole names of the weekdays.
    pub heads: Vec<(String, String)>,
    pub weeks: Vec<Vec<Cell>>,
    pub day: Option<Day>,
    /// Nothing is free in this month: the next day that has something, and where.
    pub next_free: Option<(String, String)>,
}

/// A square of the calendar.
#[derive(Default)]
pub(super) struct Cell {
    /// Nothing: before the first or after the last of the month.
    pub number: Option<i8>,
    pub label: String,
    /// Nothing: nothing is free.
    pub address: Option<String>,
    pub chosen: bool,
    pub today: bool,
}

pub(super) struct Day {
    pub label: String,
    pub parts: Vec<Part>,
}

/// Morning, afternoon, evening.
pub(super) struct Part {
    pub label: &'static str,
    pub starts: Vec<Start>,
}

pub(super) struct Start {
    pub label: String,
    /// RFC 3339.
    pub at: String,
    pub address: String,
}

impl Search<'_> {
    /// The month that the address asks for, or the first that has something free.
    pub(super) async fn month(&self, links: &impl Links) -> Result<Month, DeskError> {
        let (today, last) = self.bookable();
        let asked: Option<Date> = self.visit.query.text("month").parse().ok();
        let day: Option<Date> = self.visit.query.text("day").parse().ok();
        let mut month = asked.or(day).unwrap_or(today).clamp(today, last).first_of_month();
        let mut free = self.free_in(month).await?;
        let mut later = None;
        if free.is_empty() {
            later = self.next_after(month).await?;
            if let (Some(date), None) = (later, asked) {
                month = date.first_of_month();
                (free, later) = (self.free_in(month).await?, None);
            }
        }
        let day = day.filter(|day| free.contains_key(day)).or_else(|| free.keys().next().copied());
        let speech = &self.visit.speech;
        let shifted = |months: i64| month.checked_add(Span::new().months(months)).ok();
        let previous = shifted(-1).filter(|previous| previous.last_of_month() >= today);
        let next = shifted(1).filter(|next| *next <= last);
        let heads = speech.first_weekday().cycle_forward().take(7);
        Ok(Month {
            label: speech.month_of(month),
            previous: previous.map(|month| links.look(month, None)),
            next: next.map(|month| links.look(month, None)),
            heads: heads.map(|day| (capital(speech.weekday_short(day)), capital(speech.weekday(day)))).collect(),
            weeks: self.weeks(month, today, day, &free, links),
            day: day.map(|day| self.day(day, free.get(&day).map_or(&[], Vec::as_slice), links)),
            next_free: later.map(|date| {
                (about(self.visit.words().next_free, &speech.day(date)), links.look(date.first_of_month(), Some(date)))
            }),
        })
    }

    /// The first and the last date that can be booked, by the owner's horizon.
    fn bookable(&self) -> (Date, Date) {
        let today = self.visit.speech.local(self.visit.now).date();
        let days = i64::from(self.visit.business.rules.horizon_days) - 1;
        (today, today.saturating_add(Span::new().days(days.max(0))))
    }

    async fn free_in(&self, month: Date) -> Result<BTreeMap<Date, Vec<Slot>>, DeskError> {
        let (from, to) = (self.begin(month), self.begin(month.last_of_month().saturating_add(Span::new().days(1))));
        let mut free: BTreeMap<Date, Vec<Slot>> = BTreeMap::new();
        let mut from = from.max(self.visit.now);
        while from < to {
            let found = self.find(from, to, AT_ONCE).await?;
            let whole = found.len() < AT_ONCE;
            let last = found.last().map(|slot| slot.starts);
            for slot in found {
                free.entry(self.visit.speech.local(slot.starts).date()).or_default().push(slot);
            }
            match last {
                Some(last) if !whole => from = last + SignedDuration::from_secs(1),
                _ => break,
            }
        }
        Ok(free)
    }

    /// The first day after a month that has something free.
    async fn next_after(&self, month: Date) -> Result<Option<Date>, DeskError> {
        let day = Span::new().days(1);
        let (from, to) = (month.last_of_month().saturating_add(day), self.bookable().1.saturating_add(day));
        let found = self.find(self.begin(from), self.begin(to), 1).await?;
        Ok(found.first().map(|slot| self.visit.speech.local(slot.starts).date()))
    }

    pub(super) async fn find(&self, from: Timestamp, to: Timestamp, count: usize) -> Result<Vec<Slot>, DeskError> {
        let find = Find {
            business: Arc::clone(&self.visit.business),
            service: self.service,
            staff: self.staff,
            from,
            to,
            within: Vec::new(),
            wish: Wish::Soonest,
            count,
            replacing: self.replacing,
        };
        self.desk.find(find).await
    }

    /// When a day begins, which is not at midnight everywhere.
    fn begin(&self, date: Date) -> Timestamp {
        date.to_zoned(self.visit.speech.tz().clone()).map_or(Timestamp::MAX, |begin| begin.timestamp())
    }

    fn weeks(
        &self,
        month: Date,
        today: Date,
        chosen: Option<Date>,
        free: &BTreeMap<Date, Vec<Slot>>,
        links: &impl Links,
    ) -> Vec<Vec<Cell>> {
        let blank = month.weekday().since(self.visit.speech.first_weekday());
        let mut cells: Vec<Cell> = (0..blank).map(|_| Cell::default()).collect();
        let mut date = month;
        for _ in 0..month.days_in_month() {
            cells.push(Cell {
                number: Some(date.day()),
                label: self.visit.speech.day(date),
                address: free.contains_key(&date).then(|| links.look(month, Some(date))),
                chosen: chosen == Some(date),
                today: date == today,
            });
            date = date.saturating_add(Span::new().days(1));
        }
        let mut weeks = Vec::new();
        while !cells.is_empty() {
            let rest = cells.split_off(cells.len().min(7));
            cells.resize_with(7, Cell::default);
            weeks.push(std::mem::replace(&mut cells, rest));
        }
        // What lies behind us only takes room.
        let behind = today.first_of_month() == month;
        weeks.retain(|week| !behind || week.iter().any(|cell| cell.number.is_some_and(|day| day >= today.day())));
        weeks
    }

    fn day(&self, date: Date, free: &[Slot], links: &impl Links) -> Day {
        let (speech, words) = (&self.visit.speech, self.visit.words());
        let start = |slot: &Slot| Start {
            label: speech.clock(slot.starts),
            at: slot.starts.to_string(),
            address: links.choose(slot),
        };
        let parts = [(words.morning, 0..12), (words.afternoon, 12..17), (words.evening, 17..24)];
        let parts = parts.into_iter().map(|(label, hours)| {
            let within = |slot: &&Slot| hours.contains(&speech.local(slot.starts).hour());
            Part { label, starts: free.iter().filter(within).map(start).collect() }
        });
        Day { label: speech.day(date), parts: parts.filter(|part| !part.starts.is_empty()).collect() }
    }
}
