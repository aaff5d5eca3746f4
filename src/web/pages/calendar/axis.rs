//! The wall clock as rows of five minutes, also on the days when it is set forward or back.
//!
//! All days that are shown share one axis, so that nine o'clock is on one height. An hour that comes twice on one of them
//! has its rows twice; the other days have nothing there. An hour that is skipped on a day is empty on that day, and is
//! left out when no other day is shown.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

/// Minutes of a row.
pub(super) const STEP: i16 = 5;
const DAY: i16 = 24 * 60;

/// A date in the business's zone: [begins, ends) is 23, 24 or 25 hours, or what the zone's rules say.
#[derive(Clone, Debug)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) begins: Timestamp,
    pub(super) ends: Timestamp,
    turn: Option<Turn>,
}

/// Where the clock is set forward or back: minutes after midnight, [from, to), that are skipped or come twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Turn {
    at: Timestamp,
    from: i16,
    to: i16,
    back: bool,
}

impl Day {
    /// Nothing for a date at the end of time.
    pub(super) fn of(date: Date, zone: &TimeZone) -> Option<Self> {
        let begins = date.to_zoned(zone.clone()).ok()?.timestamp();
        let ends = date.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp();
        let usual = ends.duration_since(begins) == SignedDuration::from_hours(24);
        let turn = if usual { None } else { Turn::on(date, (begins, ends), zone) };
        Some(Self { date, begins, ends, turn })
    }

    /// "The clocks go back", when they do.
    pub(super) fn turns(&self) -> Option<&'static str> {
        self.turn.map(|turn| if turn.back { "Clocks go back" } else { "Clocks go forward" })
    }

    /// Minutes after midnight, and whether the clock shows them for the second time.
    fn minute(&self, at: Timestamp, zone: &TimeZone) -> (i16, bool) {
        let wall = zone.to_datetime(at);
        let minute = i16::from(wall.hour()) * 60 + i16::from(wall.minute());
        (minute, self.turn.is_some_and(|turn| turn.back && at >= turn.at && (turn.from..turn.to).contains(&minute)))
    }
}

impl Turn {
    fn on(date: Date, (begins, ends): (Timestamp, Timestamp), zone: &TimeZone) -> Option<Self> {
        let before = begins.checked_sub(SignedDuration::from_secs(1)).ok()?;
        let change = zone.following(before).next().filter(|change| change.timestamp() < ends)?;
        let at = change.timestamp();
        let old = zone.to_offset(at.checked_sub(SignedDuration::from_secs(1)).ok()?);
        let minute = |offset: jiff::tz::Offset| {
            let since = offset.to_datetime(at).duration_since(date.at(0, 0, 0, 0));
            i16::try_from(since.as_secs() / 60).ok()
        };
        let (was, is) = (minute(old)?, minute(change.offset())?);
        Some(Self { at, from: was.min(is).max(0), to: was.max(is).min(DAY), back: is < was })
    }
}

/// The rows, from the first to the last hour that is shown.
pub(super) struct Axis {
    rows: u16,
    /// The row of each step of the wall clock, and of those that come for the second time.
    first: Vec<u16>,
    second: Vec<Option<u16>>,
    /// Where the wall clock goes on in another way: (row, minute after midnight, second time).
    runs: Vec<(u16, i16, bool)>,
}

/// The label of an hour.
pub(super) struct Mark {
    pub(super) row: u16,
    pub(super) hour: i8,
    pub(super) again: bool,
}

impl Axis {
    /// `from` and `to`: minutes after midnight, on whole hours.
    pub(super) fn new(days: &[Day], (from, to): (i16, i16)) -> Self {
        let turns: Vec<Turn> = days.iter().filter_map(|day| day.turn).collect();
        let skipped = |minute: i16| {
            let all = days.iter().all(|day| day.turn.is_some_and(|t| !t.back && (t.from..t.to).contains(&minute)));
            all && !days.is_empty()
        };
        let steps = usize::try_from(DAY / STEP).unwrap_or_default();
        let mut axis = Self { rows: 0, first: vec![0; steps + 1], second: vec![None; steps + 1], runs: Vec::new() };
        let mut expected = None;
        let mut minute = from;
        while minute < to {
            if !skipped(minute) {
                axis.add(minute, false, &mut expected);
            }
            minute += STEP;
            for turn in turns.iter().filter(|turn| turn.back && turn.to == minute) {
                (turn.from.max(from)..turn.to).step_by(5).for_each(|again| axis.add(again, true, &mut expected));
            }
        }
        axis.fill(from, to);
        axis
    }

    fn add(&mut self, minute: i16, again: bool, expected: &mut Option<(i16, bool)>) {
        let step = index(minute);
        if again {
            self.second[step] = Some(self.rows);
        } else {
            self.first[step] = self.rows + 1;
        }
        if *expected != Some((minute, again)) {
            self.runs.push((self.rows, minute, again));
        }
        *expected = Some((minute + STEP, again));
        self.rows += 1;
    }

    /// What has no row of its own gets the next one that is there.
    fn fill(&mut self, from: i16, to: i16) {
        let mut next = self.rows;
        for step in (0..self.first.len()).rev() {
            let inside = (index(from)..index(to)).contains(&step);
            match self.first[step].checked_sub(1) {
                Some(row) if inside => next = row,
                _ => {}
            }
            self.first[step] = next;
        }
    }

    pub(super) fn rows(&self) -> u16 {
        self.rows
    }

    /// The rows of a time on a day, [from, to); nothing when it is not on that day, or before or after what is shown.
    pub(super) fn place(&self, day: &Day, (from, to): (Timestamp, Timestamp), zone: &TimeZone) -> Option<(u16, u16)> {
        if from >= day.ends || to <= day.begins {
            return None;
        }
        let begin = if from <= day.begins { self.edge(day.begins, day, zone) } else { self.edge(from, day, zone) };
        let end = if to >= day.ends { self.rows } else { self.edge_after(to, day, zone) };
        (begin < end).then_some((begin, end))
    }

    fn edge(&self, at: Timestamp, day: &Day, zone: &TimeZone) -> u16 {
        let (minute, again) = day.minute(at, zone);
        let step = index(minute);
        self.second[step].filter(|_| again).unwrap_or(self.first[step])
    }

    /// Rounded up, so that nothing looks shorter than it is.
    fn edge_after(&self, at: Timestamp, day: &Day, zone: &TimeZone) -> u16 {
        let row = self.edge(at, day, zone);
        let (minute, again) = day.minute(at, zone);
        // What ended before the first row is not rounded up into it.
        let shown = again || self.first.get(index(minute) + 1).is_some_and(|next| *next > row);
        (row + u16::from(minute % STEP != 0 && shown)).min(self.rows)
    }

    /// The rows that are not there on a day: an hour that it skips, or one that only another day has twice.
    pub(super) fn missing(&self, day: &Day) -> Vec<(u16, u16)> {
        let mut gaps = Vec::new();
        if let Some(turn) = day.turn.filter(|turn| !turn.back) {
            gaps.push((self.first[index(turn.from)], self.first[index(turn.to)]));
        }
        let ours = |step: usize| {
            let minute = i16::try_from(step).unwrap_or_default() * STEP;
            day.turn.is_some_and(|turn| turn.back && (turn.from..turn.to).contains(&minute))
        };
        let foreign = self.second.iter().enumerate().filter(|(step, _)| !ours(*step)).filter_map(|(_, row)| *row);
        for row in foreign {
            match gaps.last_mut() {
                Some((_, end)) if *end == row => *end = row + 1,
                _ => gaps.push((row, row + 1)),
            }
        }
        gaps.retain(|(from, to)| from < to);
        gaps
    }

    /// Every full hour.
    pub(super) fn marks(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (n, &(row, minute, again)) in self.runs.iter().enumerate() {
            let end = self.runs.get(n + 1).map_or(self.rows, |next| next.0);
            for row in row..end {
                let now = minute + i16::try_from(row - self.runs[n].0).unwrap_or_default() * STEP;
                if now % 60 == 0 {
                    marks.push(Mark { row, hour: i8::try_from(now / 60).unwrap_or_default(), again });
                }
            }
        }
        marks
    }

    /// For the script, which turns heights into times: "0:540 12:600", with an "r" where an hour is repeated.
    pub(super) fn runs(&self) -> String {
        let run = |(row, minute, again): &(u16, i16, bool)| format!("{row}:{minute}{}", if *again { "r" } else { "" });
        self.runs.iter().map(run).collect::<Vec<_>>().join(" ")
    }
}

fn index(minute: i16) -> usize {
    usize::try_from(minute.clamp(0, DAY) / STEP).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn days(dates: &[&str], zone: &TimeZone) -> Vec<Day> {
        dates.iter().map(|date| Day::of(date.parse().unwrap(), zone).unwrap()).collect()
    }

    fn ts(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_ordinary_day_has_a_row_for_every_five_minutes() {
        let zone = zone("America/New_York");
        let days = days(&["2026-11-24"], &zone);
        let axis = Axis::new(&days, (9 * 60, 18 * 60));
        assert_eq!(axis.rows(), 9 * 12);
        let place = |from: &str, to: &str| axis.place(&days[0], (ts(from), ts(to)), &zone);
        assert_eq!(place("2026-11-24T10:00-05", "2026-11-24T10:45-05"), Some((12, 21)));
        assert_eq!(place("2026-11-24T10:00-05", "2026-11-24T10:07-05"), Some((12, 14)), "rounded up");
        assert_eq!(place("2026-11-23T22:00-05", "2026-11-24T10:00-05"), Some((0, 12)), "it began the day before");
        assert_eq!(place("2026-11-24T17:00-05", "2026-11-25T02:00-05"), Some((96, 108)), "it goes on");
        assert_eq!(place("2026-11-24T07:00-05", "2026-11-24T08:00-05"), None, "before what is shown");
        assert_eq!(place("2026-11-25T10:00-05", "2026-11-25T11:00-05"), None);
        assert_eq!(axis.marks().len(), 9);
        assert_eq!(axis.runs(), "0:540");
    }

    #[test]
    fn the_day_with_25_hours_has_one_of_them_twice() {
        let zone = zone("America/New_York");
        let days = days(&["2026-11-01"], &zone);
        let axis = Axis::new(&days, (0, 24 * 60));
        assert_eq!(axis.rows(), 25 * 12);
        let place = |from: &str, to: &str| axis.place(&days[0], (ts(from), ts(to)), &zone);
        assert_eq!(place("2026-11-01T01:00-04", "2026-11-01T02:00-04"), Some((12, 24)));
        assert_eq!(place("2026-11-01T01:00-05", "2026-11-01T02:00-05"), Some((24, 36)));
        assert_eq!(place("2026-11-01T01:30-04", "2026-11-01T01:30-05"), Some((18, 30)), "an hour, as it is");
        assert_eq!(place("2026-11-01T09:00-05", "2026-11-01T10:00-05"), Some((120, 132)));
        let labels: Vec<_> = axis.marks().iter().map(|mark| (mark.hour, mark.again)).collect();
        assert_eq!(&labels[..4], [(0, false), (1, false), (1, true), (2, false)]);
        assert_eq!((labels.len(), axis.runs().as_str()), (25, "0:0 24:60r 36:120"));
        assert_eq!(axis.missing(&days[0]), []);
    }

    #[test]
    fn the_day_with_23_hours_leaves_one_out() {
        let zone = zone("America/New_York");
        let days = days(&["2027-03-14"], &zone);
        let axis = Axis::new(&days, (0, 24 * 60));
        assert_eq!(axis.rows(), 23 * 12);
        let night = (ts("2027-03-14T01:30-05"), ts("2027-03-14T03:30-04"));
        assert_eq!(axis.place(&days[0], night, &zone), Some((18, 30)), "an hour, as it is");
        assert_eq!(axis.runs(), "0:0 24:180");
    }

    #[test]
    fn beside_other_days_nine_o_clock_stays_on_one_height() {
        let zone = zone("America/New_York");
        for (sunday, monday, sunday_nine, monday_nine, hours) in [
            ("2026-11-01", "2026-11-02", "2026-11-01T09:00-05", "2026-11-02T09:00-05", 25),
            ("2027-03-14", "2027-03-15", "2027-03-14T09:00-04", "2027-03-15T09:00-04", 24),
        ] {
            let days = days(&[sunday, monday], &zone);
            let axis = Axis::new(&days, (0, 24 * 60));
            assert_eq!(axis.rows(), hours * 12);
            let nine = |day: usize, at: &str| {
                let hour = SignedDuration::from_hours(1);
                axis.place(&days[day], (ts(at), ts(at) + hour), &zone).unwrap()
            };
            assert_eq!(nine(0, sunday_nine), nine(1, monday_nine));
            let gaps = [axis.missing(&days[0]), axis.missing(&days[1])];
            let wanted = if hours == 25 { [vec![], vec![(24, 36)]] } else { [vec![(24, 36)], vec![]] };
            assert_eq!(gaps, wanted, "{sunday}");
        }
    }

    #[test]
    fn in_santiago_midnight_itself_is_skipped_and_the_last_hour_comes_twice() {
        let zone = zone("America/Santiago");
        let spring = days(&["2026-09-06"], &zone);
        let axis = Axis::new(&spring, (0, 24 * 60));
        assert_eq!(axis.rows(), 23 * 12);
        assert_eq!(axis.runs(), "0:60");
        let early = (ts("2026-09-06T01:00-03"), ts("2026-09-06T02:00-03"));
        assert_eq!(axis.place(&spring[0], early, &zone), Some((0, 12)));

        let autumn = days(&["2026-04-04"], &zone);
        let axis = Axis::new(&autumn, (0, 24 * 60));
        assert_eq!(axis.rows(), 25 * 12);
        let late = (ts("2026-04-04T23:00-04"), ts("2026-04-05T00:00-04"));
        assert_eq!(axis.place(&autumn[0], late, &zone), Some((288, 300)));
    }
}
