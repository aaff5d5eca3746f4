//! Two or three times to say aloud, instead of a list; and who does it when the caller does not mind.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use super::Busy;
use crate::domain::{booking::Slot, ids::StaffId};

/// What the caller would like best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// As near as possible to this moment.
    Near(Timestamp),
    /// The soonest, then others spread over the time.
    Soonest,
}

/// The most that is read to somebody; who asks for more reads it on a screen and wants it in order.
const SAID_ALOUD: usize = 4;

/// Two times closer than this are no choice.
const APART: SignedDuration = SignedDuration::from_hours(2);

/// The same where something near a moment is looked for.
const BESIDE: SignedDuration = SignedDuration::from_hours(1);

/// At most `count` starts to offer, in order of time, never two at the same start.
///
/// Near a moment: that moment if it is free, then the nearest before and after it on its day, then whatever is
/// nearest and no closer than an hour to those.
/// Soonest: the soonest, then another part of the same day, then other days; more than four are simply the first.
pub fn choose(free: &[Slot], wish: Wish, count: usize, zone: &TimeZone) -> Vec<Slot> {
    let mut starts = free.to_vec();
    starts.dedup_by_key(|slot| slot.starts);
    let mut chosen = match wish {
        Wish::Near(moment) => near(&starts, moment, count, zone),
        Wish::Soonest if count > SAID_ALOUD => starts.into_iter().take(count).collect(),
        Wish::Soonest => spread(&starts, count, zone),
    };
    chosen.sort_unstable_by_key(|slot| slot.starts);
    chosen
}

fn near(starts: &[Slot], moment: Timestamp, count: usize, zone: &TimeZone) -> Vec<Slot> {
    let (before, onwards) = starts.split_at(starts.partition_point(|slot| slot.starts < moment));
    let exact = onwards.first().filter(|slot| slot.starts == moment);
    let later = &onwards[usize::from(exact.is_some())..];

    let day = date(moment, zone);
    let same_day = |slot: &&Slot| date(slot.starts, zone) == day;
    let far = |slot: &Slot| slot.starts.duration_since(moment).abs();
    let mut sides: Vec<Slot> =
        [before.last().filter(same_day), later.first().filter(same_day)].into_iter().flatten().copied().collect();
    sides.sort_by_key(far);

    let mut chosen: Vec<Slot> = exact.copied().into_iter().chain(sides).collect();
    let mut rest: Vec<&Slot> = starts.iter().filter(|slot| !chosen.contains(slot)).collect();
    rest.sort_by_key(|slot| far(slot));
    while chosen.len() < count && !rest.is_empty() {
        // The nearest, but a quarter of an hour beside another it would be no choice.
        let apart = |slot: &&Slot| chosen.iter().all(|taken| slot.starts.duration_since(taken.starts).abs() >= BESIDE);
        let next = rest.iter().position(apart).unwrap_or(0);
        chosen.push(*rest.remove(next));
    }
    chosen.truncate(count);
    chosen
}

fn spread(starts: &[Slot], count: usize, zone: &TimeZone) -> Vec<Slot> {
    let mut chosen: Vec<(Slot, Date, Part)> = Vec::with_capacity(count);
    let place = |slot: &Slot| {
        let local = slot.starts.to_zoned(zone.clone());
        (*slot, local.date(), Part::of(local.hour()))
    };
    for n in 0..count {
        let apart =
            |slot: &Slot| chosen.iter().all(|(taken, ..)| slot.starts.duration_since(taken.starts).abs() >= APART);
        let next = match chosen.first() {
            None => starts.first().map(place),
            // The second is another part of the first one's day, if that has any.
            Some(&(_, day, part)) if n == 1 => {
                let that_day = starts.iter().map(place).take_while(|(_, date, _)| *date == day);
                that_day.filter(|(slot, ..)| apart(slot)).find(|(_, _, other)| *other != part)
            }
            Some(_) => None,
        };
        let next =
            next.or_else(|| starts.iter().map(place).find(|(_, day, _)| chosen.iter().all(|(_, d, _)| d != day)));
        let next = next.or_else(|| starts.iter().find(|slot| apart(slot)).map(place));
        // What is left lies close to what was chosen; the farthest of it is the most of a choice.
        let next = next.or_else(|| {
            let far = |slot: &&Slot| {
                let gaps = chosen.iter().map(|(taken, ..)| slot.starts.duration_since(taken.starts).abs());
                (gaps.min(), std::cmp::Reverse(slot.starts))
            };
            let left = starts.iter().filter(|slot| chosen.iter().all(|(taken, ..)| taken.starts != slot.starts));
            left.max_by_key(far).map(place)
        });
        chosen.extend(next);
    }
    chosen.into_iter().map(|(slot, ..)| slot).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Morning,
    Afternoon,
    Evening,
}

impl Part {
    fn of(hour: i8) -> Self {
        match hour {
            ..12 => Self::Morning,
            12..17 => Self::Afternoon,
            _ => Self::Evening,
        }
    }
}

fn date(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

/// The instants at which the day of a moment begins and ends; a day that jiff cannot bound is taken as that moment.
fn day_of(at: Timestamp, zone: &TimeZone) -> (Timestamp, Timestamp) {
    let local = at.to_zoned(zone.clone());
    let begins = local.start_of_day().unwrap_or_else(|_| local.clone());
    let ends = local.tomorrow().and_then(|next| next.start_of_day()).unwrap_or(local);
    (begins.timestamp(), ends.timestamp())
}

/// Who of the staff free at one start gets the booking: the one with the fewest minutes booked that day, then the one
/// whose last booking ended longest ago, then the owner's order.
///
/// `busy` should cover the whole day of the start. Only our own bookings count as work, not what a calendar holds.
pub fn fairest(at_one_start: &[Slot], busy: &[Busy], zone: &TimeZone) -> Option<StaffId> {
    let first = at_one_start.first()?;
    let (begins, ends) = day_of(first.starts, zone);
    let load = |slot: &Slot| {
        // The places of one class are one piece of work.
        let mut own: Vec<(Timestamp, Timestamp)> = busy
            .iter()
            .filter(|busy| busy.staff == slot.staff && busy.class.is_some())
            .map(|busy| (busy.from, busy.to))
            .collect();
        own.sort_unstable();
        own.dedup_by_key(|(from, _)| *from);
        let that_day = own.iter().filter(|(from, _)| (begins..ends).contains(from));
        let worked: SignedDuration = that_day.map(|(from, to)| to.duration_since(*from)).sum();
        let rested = own.iter().map(|(_, to)| *to).filter(|to| *to <= slot.starts).max();
        // Nobody who has not worked at all waits behind somebody who has: `None` sorts first.
        (worked, rested)
    };
    // `min_by_key` keeps the first of equals, which is the owner's order.
    at_one_start.iter().min_by_key(|slot| load(slot)).map(|slot| slot.staff)
}

#[cfg(test)]
mod tests;
