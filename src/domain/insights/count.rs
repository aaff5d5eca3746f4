//! Counting.

use std::collections::BTreeMap;

use jiff::{civil::Date, tz::TimeZone};

use super::{BookingFact, CallFact, Fate, Period, Spread, Texts};
use crate::domain::{
    ids::{ServiceId, StaffId},
    report::Micros,
};

/// What can be added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub calls: u32,
    pub answered: u32,
    /// Calls that booked; one that booked twice is one.
    pub booked: u32,
    pub cost: Micros,
    /// Seconds of calls that were answered, from the answer to the end.
    pub talked: u64,
    /// Of those, the seconds of calls that no person was put on.
    pub saved: u64,
}

/// A part of a period, as a chart shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    pub days: Period,
    pub sum: Sum,
    /// Time to the first word, in milliseconds.
    pub first_word: Option<Spread>,
}

/// What a period came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Insights {
    pub period: Period,
    pub sum: Sum,
    pub buckets: Vec<Bucket>,
    /// Every call is in one of them; those that are none are left out.
    pub fates: BTreeMap<Fate, u32>,
    /// Calls by weekday (Monday first) and by the hour that the clock there showed when they began.
    pub hours: [[u32; 24]; 7],
    /// Seconds from the answer to the confirmation.
    pub time_to_book: Option<Spread>,
    /// Sentences of calls that booked.
    pub sentences: Option<Spread>,
    /// Time to the first word, in milliseconds: of each call the median, and of those the middle and the slow end.
    pub first_word: Option<Spread>,
    pub bookings: Bookings,
    pub texts: Texts,
}

/// Appointments that were made in a period, whenever they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bookings {
    pub made: u32,
    pub by_call: u32,
    /// Of those made, how many do not stand any more.
    pub cancelled: u32,
    /// Most first.
    pub by_service: Vec<(ServiceId, u32)>,
    pub by_staff: Vec<(StaffId, u32)>,
}

impl Insights {
    /// Counts what was read. Calls that began outside of the period are left out.
    pub fn of(period: Period, zone: &TimeZone, calls: &[CallFact], bookings: &[BookingFact], texts: Texts) -> Self {
        let mut counted = Self {
            period,
            sum: Sum::default(),
            buckets: Vec::new(),
            fates: BTreeMap::new(),
            hours: [[0; 24]; 7],
            time_to_book: None,
            sentences: None,
            first_word: None,
            bookings: Bookings::of(bookings),
            texts,
        };
        let parts = period.parts();
        let mut in_parts: Vec<(Sum, Vec<u32>)> = vec![Default::default(); parts.len()];
        let (mut to_book, mut sentences, mut first_words) = (Vec::new(), Vec::new(), Vec::new());
        for call in calls {
            let began = call.started.to_zoned(zone.clone());
            let Some(part) = part_of(&parts, began.date()) else { continue };
            let sum = Sum::of(call);
            counted.sum.add(sum);
            in_parts[part].0.add(sum);
            *counted.fates.entry(Fate::of(call)).or_default() += 1;
            let weekday = usize::try_from(began.weekday().to_monday_zero_offset()).unwrap_or_default();
            counted.hours[weekday][usize::try_from(began.hour()).unwrap_or_default()] += 1;
            to_book.extend(call.time_to_book());
            if call.booked.is_some() {
                sentences.extend(call.sentences);
            }
            first_words.extend(call.first_word_ms);
            in_parts[part].1.extend(call.first_word_ms);
        }
        let bucket = |(days, (sum, words))| Bucket { days, sum, first_word: Spread::of(words) };
        counted.buckets = parts.into_iter().zip(in_parts).map(bucket).collect();
        counted.time_to_book = Spread::of(to_book);
        counted.sentences = Spread::of(sentences);
        counted.first_word = Spread::of(first_words);
        counted
    }

    /// The most calls of any hour of the week.
    pub fn busiest(&self) -> u32 {
        self.hours.iter().flatten().copied().max().unwrap_or_default()
    }
}

/// Parts stand in order, so the last that begins by then is the one.
fn part_of(parts: &[Period], date: Date) -> Option<usize> {
    let after = parts.partition_point(|part| part.first() <= date);
    after.checked_sub(1).filter(|n| parts[*n].contains(date))
}

impl CallFact {
    /// Seconds from the answer to the confirmation.
    fn time_to_book(&self) -> Option<u32> {
        let seconds = self.booked?.duration_since(self.answered?).as_secs();
        u32::try_from(seconds).ok()
    }

    /// Seconds from the answer to the end; nothing while it goes on.
    pub fn talked(&self) -> Option<u64> {
        u64::try_from(self.ended?.duration_since(self.answered?).as_secs()).ok()
    }
}

impl Sum {
    fn of(call: &CallFact) -> Self {
        let fate = Fate::of(call);
        let talked = call.talked().unwrap_or_default();
        Self {
            calls: 1,
            answered: u32::from(call.answered.is_some()),
            booked: u32::from(fate == Fate::Booked),
            cost: call.cost,
            talked,
            saved: if fate == Fate::Transferred { 0 } else { talked },
        }
    }

    fn add(&mut self, more: Self) {
        self.calls += more.calls;
        self.answered += more.answered;
        self.booked += more.booked;
        self.cost = self.cost.and(more.cost);
        self.talked = self.talked.saturating_add(more.talked);
        self.saved = self.saved.saturating_add(more.saved);
    }

    /// Calls that were answered and did not book.
    pub fn not_booked(&self) -> u32 {
        self.answered.saturating_sub(self.booked)
    }

    pub fn unanswered(&self) -> u32 {
        self.calls.saturating_sub(self.answered)
    }

    /// What models cost for each call that was answered; nothing when none was.
    pub fn cost_per_call(&self) -> Option<Micros> {
        self.cost.0.checked_div(u64::from(self.answered)).map(Micros)
    }

    /// And for each call that booked, with those that did not paid for by those that did.
    pub fn cost_per_booking(&self) -> Option<Micros> {
        self.cost.0.checked_div(u64::from(self.booked)).map(Micros)
    }
}

impl Bookings {
    fn of(facts: &[BookingFact]) -> Self {
        let (mut services, mut staff) = (BTreeMap::new(), BTreeMap::new());
        let mut counted = Self::default();
        for fact in facts {
            counted.made += fact.count;
            counted.by_call += if fact.by_call { fact.count } else { 0 };
            counted.cancelled += if fact.cancelled { fact.count } else { 0 };
            *services.entry(fact.service).or_default() += fact.count;
            *staff.entry(fact.staff).or_default() += fact.count;
        }
        counted.by_service = most_first(services);
        counted.by_staff = most_first(staff);
        counted
    }
}

fn most_first<Id: Ord>(counts: BTreeMap<Id, u32>) -> Vec<(Id, u32)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

#[cfg(test)]
mod tests;
