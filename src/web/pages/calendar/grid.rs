//! The calendar as columns of time: a day with its staff side by side, or one member's week.

use jiff::{Timestamp, civil::Date};

use super::{
    axis::{Axis, Day, STEP},
    items::Item,
    lanes::{lanes, place},
    words::Words,
};
use crate::domain::ids::StaffId;

/// What is shown when nothing says otherwise: nine to five.
const USUAL: (i16, i16) = (9 * 60, 17 * 60);

/// What a column shows: somebody's day.
pub(super) struct Share<'a> {
    pub(super) day: &'a Day,
    pub(super) staff: Option<StaffId>,
    /// Nothing: somebody who left.
    pub(super) open: &'a [(Timestamp, Timestamp)],
    /// In order of their beginning.
    pub(super) items: Vec<&'a Item>,
}

pub(super) struct Grid {
    pub(super) marks: Vec<Label>,
    /// The whole height.
    pub(super) whole: String,
    pub(super) runs: String,
    pub(super) columns: Vec<Column>,
}

/// An hour on the left.
pub(super) struct Label {
    pub(super) place: String,
    pub(super) text: String,
    pub(super) again: bool,
}

pub(super) struct Column {
    pub(super) on: Date,
    pub(super) staff: Option<StaffId>,
    pub(super) name: String,
    pub(super) href: String,
    /// "12 appointments".
    pub(super) sub: String,
    pub(super) today: bool,
    /// The one that is left on a phone.
    pub(super) chosen: bool,
    /// Open hours, buffers, and what is not there: (class, place).
    pub(super) ground: Vec<(&'static str, String)>,
    pub(super) items: Vec<Item>,
    pub(super) now: Option<String>,
}

/// How a column is headed.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) today: bool,
    pub(super) chosen: bool,
}

impl Grid {
    pub(super) fn new(days: &[Day], shares: Vec<(Share<'_>, Head)>, words: &Words, now: Timestamp) -> Self {
        let axis = Axis::new(days, window(&shares, words));
        let marks = axis.marks();
        Self {
            marks: marks
                .into_iter()
                .map(|mark| Label {
                    place: place((mark.row, mark.row + 12), (0, 1)),
                    text: words.hour(mark.hour),
                    again: mark.again,
                })
                .collect(),
            whole: place((0, axis.rows()), (0, 1)),
            runs: axis.runs(),
            columns: shares.into_iter().map(|(share, head)| column(&axis, share, head, words, now)).collect(),
        }
    }
}

/// From the first to the last hour in which anything is: minutes after midnight.
fn window(shares: &[(Share<'_>, Head)], words: &Words) -> (i16, i16) {
    let mut seen: Option<(i16, i16)> = None;
    for (share, _) in shares {
        let times = share.open.iter().copied();
        // A block over a week is no reason to show the nights.
        let times = times.chain(share.items.iter().filter(|item| !item.blocks).map(|item| item.time_of));
        for (from, to) in times {
            if from >= share.day.ends || to <= share.day.begins {
                continue;
            }
            let minute = |at: Timestamp| {
                let wall = words.zone().to_datetime(at);
                i16::from(wall.hour()) * 60 + i16::from(wall.minute())
            };
            let from = if from <= share.day.begins { 0 } else { minute(from) };
            let to = if to >= share.day.ends { 24 * 60 } else { minute(to) };
            // An hour that comes twice may end before it begins.
            let (from, to) = (from.min(to), to.max(from));
            seen = Some(seen.map_or((from, to), |(first, last)| (first.min(from), last.max(to))));
        }
    }
    let (from, to) = seen.unwrap_or(USUAL);
    let (from, to) = (from / 60 * 60, (to + 59) / 60 * 60);
    if to - from >= 4 * 60 { (from, to) } else { (from.min(USUAL.0), to.max(USUAL.1)) }
}

fn column(axis: &Axis, share: Share<'_>, head: Head, words: &Words, now: Timestamp) -> Column {
    let Share { day, staff, open, items } = share;
    let zone = words.zone();
    let rows = |time: (Timestamp, Timestamp)| axis.place(day, time, zone);
    let whole = |rows: (u16, u16)| place(rows, (0, 1));
    let mut ground: Vec<(&'static str, String)> = Vec::new();
    ground.extend(open.iter().filter_map(|time| Some(("open", whole(rows(*time)?)))));
    ground.extend(axis.missing(day).into_iter().map(|gap| ("missing", whole(gap))));

    // What is kept for the business lies beneath, over the whole width.
    let (blocks, booked): (Vec<&Item>, Vec<&Item>) = items.into_iter().partition(|item| item.blocks);
    let placed: Vec<(&Item, (u16, u16))> =
        booked.iter().filter_map(|item| Some((*item, rows(item.time_of)?))).collect();
    let beside = lanes(&placed.iter().map(|(_, rows)| *rows).collect::<Vec<_>>());
    let mut shown: Vec<Item> = Vec::with_capacity(placed.len() + blocks.len());
    for item in blocks {
        shown.extend(rows(item.time_of).map(|rows| on(item, day, rows, (0, 1))));
    }
    let works = open.iter().any(|(from, to)| *from < day.ends && *to > day.begins);
    let mut count = 0;
    for ((item, its_rows), lane) in placed.into_iter().zip(beside) {
        let buffers = [("buffer", (item.busy.0, item.time_of.0)), ("buffer", (item.time_of.1, item.busy.1))];
        for (class, time) in buffers {
            ground.extend(rows(time).filter(|_| time.0 < time.1).map(|rows| (class, place(rows, lane))));
        }
        count += if item.booking.is_some() { 1 } else { item.mates.len() };
        shown.push(on(item, day, its_rows, lane));
    }
    shown.sort_by_key(|item| item.time_of.0);
    let sub = match (count, day.turns()) {
        (_, Some(turns)) => turns.to_owned(),
        (0, None) if !works => "off".to_owned(),
        (0, None) => "free".to_owned(),
        (count, None) => count.to_string(),
    };
    // A row long, so that it is not nothing.
    let soon = now.checked_add(jiff::SignedDuration::from_mins(STEP.into())).unwrap_or(now);
    let line = rows((now, soon)).filter(|_| head.today).map(|(row, _)| place((row, row + 1), (0, 1)));
    let Head { name, href, today, chosen } = head;
    Column { on: day.date, staff, name, href, sub, today, chosen, ground, items: shown, now: line }
}

/// An item in its place.
fn on(item: &Item, day: &Day, rows: (u16, u16), lane: (usize, usize)) -> Item {
    let mut item = item.clone();
    // Three rows are a line of text, five are two.
    let size = match rows.1 - rows.0 {
        ..=2 => " tiny",
        3..=5 => " small",
        6..=8 => " mid",
        _ => "",
    };
    let before = if item.time_of.0 < day.begins { " from-before" } else { "" };
    let after = if item.time_of.1 > day.ends { " goes-on" } else { "" };
    item.classes = format!("{} {}{size}{before}{after}", item.classes, place(rows, lane));
    item
}
