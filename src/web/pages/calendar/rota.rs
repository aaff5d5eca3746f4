//! The week of everybody: staff as rows, days as columns, and every appointment a line that can be read. Five lanes in a
//! column of a seventh of a page could not be.

use std::fmt::Write as _;

use jiff::{Timestamp, civil::Date};

use super::{
    axis::Day,
    grid::{Head, Share},
    items::Item,
    words::length,
};
use crate::domain::ids::StaffId;

/// The width of a strip.
const WIDTH: i64 = 240;

pub(super) struct RotaDay {
    pub(super) on: Date,
    pub(super) name: String,
    pub(super) href: String,
    pub(super) today: bool,
    pub(super) chosen: bool,
    pub(super) count: usize,
    pub(super) turns: Option<&'static str>,
    pub(super) cells: Vec<Cell>,
}

/// One member's day.
pub(super) struct Cell {
    pub(super) staff: Option<StaffId>,
    pub(super) name: String,
    pub(super) items: Vec<Item>,
    /// "2 h free", "off"; empty when it is over.
    pub(super) sub: String,
    pub(super) off: bool,
    /// The day as a bar: paths of open and of taken time.
    pub(super) open: String,
    pub(super) taken: String,
}

impl RotaDay {
    /// Of the shares of one day. `window`: what the bars show of it, the same for all.
    pub(super) fn new(day: &Day, head: Head, shares: Vec<(Share<'_>, String)>, scale: &Scale) -> Self {
        let cells: Vec<Cell> = shares.into_iter().map(|(share, name)| cell(share, name, scale)).collect();
        let booked = |item: &Item| if item.booking.is_some() { 1 } else { item.mates.len() };
        let count = cells.iter().flat_map(|cell| &cell.items).map(booked).sum();
        let Head { name, href, today, chosen } = head;
        Self { on: day.date, name, href, today, chosen, count, turns: day.turns(), cells }
    }
}

/// What part of a day the bars show: seconds after its beginning.
pub(super) struct Scale {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) now: Timestamp,
}

impl Scale {
    /// Over everything that is open in these days.
    pub(super) fn over(days: &[Day], open: &[&[(Timestamp, Timestamp)]], now: Timestamp) -> Self {
        let mut scale = Self { from: i64::MAX, to: i64::MIN, now };
        for day in days {
            for (from, to) in open.iter().copied().flatten().filter(|(from, to)| *from < day.ends && *to > day.begins) {
                scale.from = scale.from.min(from.duration_since(day.begins).as_secs().max(0));
                scale.to = scale.to.max((*to).min(day.ends).duration_since(day.begins).as_secs());
            }
        }
        if scale.from < scale.to { scale } else { Self { from: 0, to: 86_400, ..scale } }
    }

    fn path(&self, day: &Day, times: &[(Timestamp, Timestamp)]) -> String {
        let mut path = String::new();
        let length = self.to - self.from;
        for (from, to) in times {
            let at = |moment: Timestamp| {
                let seconds = moment.duration_since(day.begins).as_secs() - self.from;
                seconds.clamp(0, length) * WIDTH / length
            };
            let (from, to) = (at(*from), at(*to));
            if from < to {
                let _ = write!(path, "M{from} 0h{}v5h-{}z", to - from, to - from);
            }
        }
        path
    }
}

fn cell(share: Share<'_>, name: String, scale: &Scale) -> Cell {
    let Share { day, staff, open, items } = share;
    let clip = |(from, to): (Timestamp, Timestamp)| (from.max(day.begins), to.min(day.ends));
    let open: Vec<_> = open.iter().copied().map(clip).filter(|(from, to)| from < to).collect();
    let taken = joined(items.iter().map(|item| clip(item.busy)).filter(|(from, to)| from < to).collect());
    let free = minutes_free(&open, &taken, scale.now);
    let off = open.is_empty();
    let sub = match free {
        _ if off => "off".to_owned(),
        _ if day.ends <= scale.now => String::new(),
        0 => "full".to_owned(),
        free => format!("{} free", length(free)),
    };
    let mut items: Vec<Item> = items.into_iter().cloned().collect();
    let next = items.iter().position(|item| item.time_of.0 > scale.now);
    if day.begins <= scale.now
        && scale.now < day.ends
        && let Some(next) = next
    {
        items[next].classes.push_str(" next");
    }
    Cell { staff, name, items, sub, off, open: scale.path(day, &open), taken: scale.path(day, &taken) }
}

/// Sorted, with those that touch made one.
fn joined(mut times: Vec<(Timestamp, Timestamp)>) -> Vec<(Timestamp, Timestamp)> {
    times.sort_unstable();
    times.dedup_by(|next, kept| {
        let touches = next.0 <= kept.1;
        if touches {
            kept.1 = kept.1.max(next.1);
        }
        touches
    });
    times
}

/// Of the open time that is still to come, in minutes.
fn minutes_free(open: &[(Timestamp, Timestamp)], taken: &[(Timestamp, Timestamp)], now: Timestamp) -> i64 {
    let mut seconds = 0;
    for (from, to) in open {
        let from = (*from).max(now);
        if from >= *to {
            continue;
        }
        seconds += to.duration_since(from).as_secs();
        for (begins, ends) in taken {
            let (begins, ends) = ((*begins).max(from), (*ends).min(*to));
            if begins < ends {
                seconds -= ends.duration_since(begins).as_secs();
            }
        }
    }
    seconds / 60
}

/// "Thu 26": the month stands above.
pub(super) fn short_name(date: Date) -> String {
    date.strftime("%a %-d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_free_is_open_to_come_and_not_taken() {
        let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        let open = [(at(9), at(12)), (at(13), at(18))];
        let taken = joined(vec![(at(10), at(11)), (at(11), at(14)), (at(17), at(20))]);
        assert_eq!(taken, [(at(10), at(14)), (at(17), at(20))]);
        assert_eq!(minutes_free(&open, &taken, at(0)), 60 + 180);
        assert_eq!(minutes_free(&open, &taken, at(15)), 120);
        assert_eq!(minutes_free(&open, &taken, at(19)), 0);
    }
}
