//! Busy times put in order, as all vendors' are.

use crate::ports::calendar::Interval;

/// Sorted, without overlaps or seams, cut to a range. What ends before it begins is nothing.
pub(super) fn merged(mut busy: Vec<Interval>, range: Interval) -> Vec<Interval> {
    for interval in &mut busy {
        *interval = Interval { from: interval.from.max(range.from), to: interval.to.min(range.to) };
    }
    busy.retain(|interval| interval.from < interval.to);
    busy.sort_unstable();
    let mut merged: Vec<Interval> = Vec::with_capacity(busy.len());
    for interval in busy {
        match merged.last_mut() {
            Some(last) if interval.from <= last.to => last.to = last.to.max(interval.to),
            _ => merged.push(interval),
        }
    }
    merged
}
