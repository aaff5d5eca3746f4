//! The days and times in what an agent says, read as a caller hears them.
//!
//! This knows nothing of how the agent makes its sentences, and must not: it is the ear that checks them.

use jiff::{
    ToSpan,
    civil::{Date, Time, Weekday},
};

/// A day, a time of day, or both, as far as they were said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) date: Option<Date>,
    pub(super) time: Option<Hour>,
    /// The weekday that was said is not the date's.
    pub(super) contradicts: bool,
}

/// A time of day. Without "a.m." or "p.m." it may be either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hour {
    hour: i8,
    minute: i8,
    half_said: bool,
}

impl Hour {
    /// As a time; the morning's when it was not said which half.
    pub(super) fn time(self) -> Time {
        Time::constant(self.hour, self.minute, 0, 0)
    }

    pub(super) fn is(self, time: Time) -> bool {
        let same_hour = if self.half_said { self.hour == time.hour() } else { self.hour % 12 == time.hour() % 12 };
        same_hour && self.minute == time.minute()
    }
}

/// What is known of the day that is being spoken of.
#[derive(Clone, Copy, Debug, Default)]
struct Day {
    weekday: Option<Weekday>,
    month: Option<i8>,
    day: Option<i8>,
    year: Option<i16>,
    /// Days from today.
    ahead: Option<i64>,
}

/// Everything that was told, in order. A time that follows another of the same day has that day.
pub(super) fn read(text: &str, today: Date) -> Vec<Told> {
    let words = words(text);
    let mut reader =
        Reader { words: &words, at: 0, today, day: Day::default(), open: false, told: Vec::new(), last: None };
    while reader.at < words.len() {
        reader.step();
    }
    reader.close(None);
    reader.told
}

struct Reader<'a> {
    words: &'a [String],
    at: usize,
    today: Date,
    day: Day,
    /// A day was said whose time has not come yet.
    open: bool,
    told: Vec<Told>,
    last: Option<(Option<Date>, bool)>,
}

impl Reader<'_> {
    fn word(&self, ahead: usize) -> &str {
        self.words.get(self.at + ahead).map_or("", String::as_str)
    }

    fn step(&mut self) {
        if let Some((time, used)) = self.time() {
            self.close(Some(time));
            self.at += used;
            return;
        }
        let word = self.word(0).to_owned();
        if let Some(ahead) = ahead(&word) {
            self.begin(|day| day.ahead.is_some());
            self.day.ahead = Some(ahead);
        } else if let Some(weekday) = weekday(&word) {
            self.begin(|day| day.weekday.is_some());
            self.day.weekday = Some(weekday);
        } else if let Some(month) = month(&word).filter(|_| self.is_no_name()) {
            self.begin(|day| day.month.is_some());
            self.day.month = Some(month);
        } else if let Some(day) = ordinal(&word).or_else(|| self.day_after_month()) {
            self.begin(|known| known.day.is_some());
            self.day.day = Some(day);
        } else if let Some(year) = word.parse().ok().filter(|year| (2000..2100).contains(year)) {
            self.day.year = Some(year);
        }
        self.at += 1;
    }

    /// A month stands beside a day; alone it may be a woman's name, or "may".
    fn is_no_name(&self) -> bool {
        let day = |word: &str| ordinal(word).is_some() || word.parse().is_ok_and(|day: i8| (1..=31).contains(&day));
        let before =
            |back: usize| self.at.checked_sub(back).and_then(|at| self.words.get(at)).is_some_and(|word| day(word));
        day(self.word(1)) || before(1) || before(2)
    }

    /// "November 24", without an ending.
    fn day_after_month(&self) -> Option<i8> {
        let after_month = self.at > 0 && month(&self.words[self.at - 1]).is_some();
        self.word(0).parse().ok().filter(|day| after_month && (1..=31).contains(day))
    }

    /// Another day begins when the part that is said now is known already.
    fn begin(&mut self, known: impl Fn(&Day) -> bool) {
        if self.open && known(&self.day) {
            self.close(None);
        }
        if !self.open {
            self.day = Day::default();
            self.open = true;
        }
    }

    fn close(&mut self, time: Option<Hour>) {
        if self.open {
            self.open = false;
            self.last = Some(self.day.resolve(self.today));
        } else if time.is_none() {
            return;
        }
        let (date, contradicts) = self.last.unwrap_or_default();
        self.told.push(Told { date, time, contradicts });
    }

    /// A time of day at this place, and how many words it takes.
    fn time(&self) -> Option<(Hour, usize)> {
        let word = self.word(0);
        match word {
            "noon" | "midday" => return Some((Hour { hour: 12, minute: 0, half_said: true }, 1)),
            "midnight" => return Some((Hour { hour: 0, minute: 0, half_said: true }, 1)),
            "half" | "quarter" => return self.fraction(),
            _ => {}
        }
        if let Some((hour, minute)) = word.split_once(':') {
            let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
            return self.with_half(hour, minute, 1);
        }
        let hour = number(word).filter(|hour| (1..=12).contains(hour))?;
        match self.word(1) {
            "am" | "pm" => self.with_half(hour, 0, 1),
            "o'clock" => self.with_half(hour, 0, 2),
            next => {
                let minute = number(next).filter(|minute| *minute >= 10 && *minute < 60)?;
                matches!(self.word(2), "am" | "pm").then(|| self.with_half(hour, minute, 2)).flatten()
            }
        }
    }

    /// "half past three", "a quarter to four".
    fn fraction(&self) -> Option<(Hour, usize)> {
        let minutes = if self.word(0) == "half" { 30 } else { 15 };
        let hour = number(self.word(2)).filter(|hour| (1..=12).contains(hour))?;
        match self.word(1) {
            "past" | "after" => self.with_half(hour, minutes, 3),
            "to" => self.with_half(if hour == 1 { 12 } else { hour - 1 }, 60 - minutes, 3),
            _ => None,
        }
    }

    fn with_half(&self, hour: i8, minute: i8, used: usize) -> Option<(Hour, usize)> {
        if !(0..24).contains(&hour) || !(0..60).contains(&minute) {
            return None;
        }
        let (half, more) = match (self.word(used), self.word(used + 1), self.word(used + 2)) {
            ("am", ..) | ("in", "the", "morning") => (Some(0), if self.word(used) == "am" { 1 } else { 3 }),
            ("pm", ..) => (Some(12), 1),
            ("in", "the", "afternoon" | "evening") => (Some(12), 3),
            ("at", "night", _) => (Some(12), 2),
            _ => (None, 0),
        };
        let hour = half.map_or(hour, |half| hour % 12 + half);
        Some((Hour { hour, minute, half_said: half.is_some() || hour > 12 }, used + more))
    }
}

impl Day {
    /// The date, and whether the weekday that was said with it is another one.
    fn resolve(self, today: Date) -> (Option<Date>, bool) {
        let date = if let Some(ahead) = self.ahead {
            today.checked_add(ahead.days()).ok()
        } else if let Some(day) = self.day {
            self.next_such(day, today)
        } else {
            self.weekday.and_then(|weekday| (0..7).find_map(|ahead| date_if(today, ahead, |d| d.weekday() == weekday)))
        };
        let off = |date: &Date| {
            self.weekday.is_some_and(|weekday| weekday != date.weekday())
                || self.day.is_some_and(|day| day != date.day())
                || self.month.is_some_and(|month| month != date.month())
        };
        (date, date.as_ref().is_some_and(off))
    }

    /// The next 24th, or 24th of November, from today on.
    fn next_such(self, day: i8, today: Date) -> Option<Date> {
        if let (Some(year), Some(month)) = (self.year, self.month) {
            return Date::new(year, month, day).ok();
        }
        (0..1_500).find_map(|ahead| {
            date_if(today, ahead, |date| date.day() == day && self.month.is_none_or(|month| month == date.month()))
        })
    }
}

fn date_if(today: Date, ahead: i64, fits: impl Fn(&Date) -> bool) -> Option<Date> {
    today.checked_add(ahead.days()).ok().filter(fits)
}

/// In small letters, "a.m." as "am", without punctuation but the colon of a time and apostrophes.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace("a.m.", " am ").replace("p.m.", " pm ").replace('’', "'");
    text.split(|c: char| !(c.is_alphanumeric() || c == ':' || c == '\''))
        .map(|word| word.trim_matches(|c| c == ':' || c == '\'').trim_end_matches("'s").to_owned())
        .filter(|word| !word.is_empty())
        .flat_map(|word| {
            let half = ["am", "pm"].into_iter().find(|half| {
                word.strip_suffix(half).is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))
            });
            match half {
                Some(half) => vec![word[..word.len() - 2].to_owned(), half.to_owned()],
                None => vec![word],
            }
        })
        .collect()
}

fn ahead(word: &str) -> Option<i64> {
    match word {
        "today" | "tonight" => Some(0),
        "tomorrow" => Some(1),
        _ => None,
    }
}

pub(super) const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const SMALL: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

fn weekday(word: &str) -> Option<Weekday> {
    let word = word.strip_suffix('s').unwrap_or(word);
    let at = WEEKDAYS.iter().position(|name| *name == word)?;
    Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()
}

fn month(word: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|name| *name == word)?;
    i8::try_from(at + 1).ok()
}

fn number(word: &str) -> Option<i8> {
    word.parse().ok().or_else(|| i8::try_from(SMALL.iter().position(|name| *name == word)?).ok()).or(match word {
        "fifteen" => Some(15),
        "thirty" => Some(30),
        "forty" => Some(40),
        "fifty" => Some(50),
        _ => None,
    })
}

/// "24th", "3rd".
fn ordinal(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending))?;
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    /// A Tuesday.
    const TODAY: Date = date(2026, 11, 24);

    type DayAndHour = (Option<Date>, Option<(i8, i8)>);

    fn heard(text: &str) -> Vec<DayAndHour> {
        read(text, TODAY).iter().map(|told| (told.date, told.time.map(|hour| (hour.hour, hour.minute)))).collect()
    }

    #[test]
    fn a_day_is_said_once_for_several_times() {
        assert_eq!(
            heard(
                "I have tomorrow, Wednesday at 10 a.m. or 2:15 p.m., or Friday the 27th at noon. Which would suit you?"
            ),
            [
                (Some(date(2026, 11, 25)), Some((10, 0))),
                (Some(date(2026, 11, 25)), Some((14, 15))),
                (Some(date(2026, 11, 27)), Some((12, 0))),
            ]
        );
    }

    #[test]
    fn dates_are_read_in_full_and_in_part() {
        let day = Some(date(2026, 12, 1));
        for text in
            ["Tuesday, December 1st at 3:30 p.m.", "December 1 at half past three", "the 1st of December at 3:30pm"]
        {
            let told = read(text, TODAY);
            assert_eq!((told.len(), told[0].date), (1, day), "{text}");
            assert!(told[0].time.is_some_and(|hour| hour.is(time(15, 30, 0, 0))), "{text}");
            assert!(!told[0].contradicts, "{text}");
        }
        assert_eq!(heard("Friday, January 8th, 2027 at 9 a.m."), [(Some(date(2027, 1, 8)), Some((9, 0)))]);
        assert_eq!(heard("You may come today at a quarter to five"), [(Some(TODAY), Some((4, 45)))]);
        assert!(read("today, Tuesday, November 24th at 12 a.m.", TODAY)[0].time.unwrap().is(time(0, 0, 0, 0)));
        assert_eq!(
            heard("You're booked, June: Thursday, December 3rd at 9 a.m."),
            [(Some(date(2026, 12, 3)), Some((9, 0)))]
        );
        assert!(heard("Could you give me the number digit by digit? 4 1 5, 5 5 5").is_empty());
    }

    #[test]
    fn a_weekday_that_is_not_the_dates_is_noticed() {
        assert!(read("Wednesday, December 1st at 3 p.m.", TODAY)[0].contradicts);
        assert!(read("tomorrow, Thursday at 3 p.m.", TODAY)[0].contradicts);
        let two = read("from Tuesday, December 1st at 9 a.m. to Wednesday, December 2nd at 10 a.m.", TODAY);
        assert!(two.len() == 2 && two.iter().all(|told| !told.contradicts));
    }
}
