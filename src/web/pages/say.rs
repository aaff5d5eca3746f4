//! How times, lengths and numbers are written on the pages of one business: in its zone, and as its country writes them.

use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, Time},
    tz::TimeZone,
};

use crate::domain::{business::Business, phone::PhoneNumber};

/// Countries whose people say "half past two p.m." (CLDR 48, preferred hour cycle h12, as far as they speak English).
pub(super) const TWELVE_HOURS: &[&str] = &["US", "CA", "AU", "NZ", "IN", "PH", "ZA", "SG", "MY", "PK"];
/// Countries where the month comes first.
pub(super) const MONTH_FIRST: &[&str] = &["US", "PH"];

/// The business's way of writing.
#[derive(Clone, Debug)]
pub(in crate::web) struct Say {
    zone: TimeZone,
    country: String,
    twelve: bool,
    month_first: bool,
    today: Date,
}

impl Say {
    pub(in crate::web) fn of(business: &Business, now: Timestamp) -> Self {
        let zone = business.zone.tz().clone();
        let has = |list: &[&str]| list.contains(&business.country.as_str());
        Self {
            twelve: has(TWELVE_HOURS),
            month_first: has(MONTH_FIRST),
            country: business.country.clone(),
            today: now.to_zoned(zone.clone()).date(),
            zone,
        }
    }

    /// The date there now.
    pub(in crate::web) fn today(&self) -> Date {
        self.today
    }

    pub(in crate::web) fn zoned(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.zone.clone())
    }

    /// "2:30 pm" or "14:30".
    pub(in crate::web) fn time(&self, at: Timestamp) -> String {
        self.clock(self.zoned(at).time())
    }

    pub(in crate::web) fn clock(&self, time: Time) -> String {
        clock(time, self.twelve)
    }

    /// "Tue, Dec 1" or "Tue 1 Dec"; with the year when it is another.
    pub(in crate::web) fn date(&self, date: Date) -> String {
        let pattern = match (self.month_first, date.year() == self.today.year()) {
            (true, true) => "%a, %b %-d",
            (true, false) => "%a, %b %-d, %Y",
            (false, true) => "%a %-d %b",
            (false, false) => "%a %-d %b %Y",
        };
        date.strftime(pattern).to_string()
    }

    /// The same without the day of the week: "Dec 1".
    pub(in crate::web) fn short_date(&self, date: Date) -> String {
        let dated = self.date(date);
        dated.split_once(' ').map_or(dated.clone(), |(_, rest)| rest.to_owned())
    }

    /// "Today", "Tomorrow", "Yesterday", or the date.
    pub(in crate::web) fn day(&self, at: Timestamp) -> String {
        self.day_of(self.zoned(at).date())
    }

    pub(in crate::web) fn day_of(&self, date: Date) -> String {
        let away = |days: i32| self.today.saturating_add(days.days()) == date;
        match () {
            () if away(0) => "Today".to_owned(),
            () if away(1) => "Tomorrow".to_owned(),
            () if away(-1) => "Yesterday".to_owned(),
            () => self.date(date),
        }
    }

    /// "Today, 2:30 pm", "Tue, Dec 1, 2:30 pm".
    pub(in crate::web) fn when(&self, at: Timestamp) -> String {
        format!("{}, {}", self.day(at), self.time(at))
    }

    /// A number as it is written there.
    pub(in crate::web) fn phone(&self, number: &PhoneNumber) -> String {
        number.written(&self.country)
    }
}

/// "2:30 pm" where people count to twelve, else "14:30".
pub(super) fn clock(time: Time, twelve: bool) -> String {
    if !twelve {
        return time.strftime("%H:%M").to_string();
    }
    let half = if time.hour() < 12 { "am" } else { "pm" };
    format!("{} {half}", time.strftime("%-I:%M"))
}

/// "48 s", "2 min 5 s", "1 h 4 min".
pub(in crate::web) fn length(seconds: u64) -> String {
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// "1,204".
pub(in crate::web) fn number(count: impl Into<u64>) -> String {
    let digits = count.into().to_string();
    let mut written = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// A phrase of ours as a sentence: "it did not answer" becomes "It did not answer."
pub(in crate::web) fn sentence(phrase: &str) -> String {
    let mut sentence = phrase.trim_end_matches('.').to_owned();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence + "."
}

/// "1 call", "2 calls".
pub(in crate::web) fn counted(count: impl Into<u64>, one: &str, many: &str) -> String {
    match count.into() {
        1 => format!("1 {one}"),
        count => format!("{} {many}", number(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(country: &str, zone: &str) -> Say {
        let mut business = crate::testing::salon();
        business.country = country.to_owned();
        business.zone = crate::domain::business::Zone::named(zone).unwrap();
        Say::of(&business, "2026-11-24T15:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_moment_is_written_as_the_business_would() {
        let at = |text: &str| text.parse().unwrap();
        let (us, de) = (say("US", "America/New_York"), say("DE", "Europe/Berlin"));
        assert_eq!(us.when(at("2026-11-24T19:30:00Z")), "Today, 2:30 pm");
        assert_eq!(de.when(at("2026-11-24T23:30:00Z")), "Tomorrow, 00:30");
        assert_eq!(us.when(at("2026-12-01T05:00:00Z")), "Tue, Dec 1, 12:00 am");
        assert_eq!(de.day(at("2027-01-02T12:00:00Z")), "Sat 2 Jan 2027");
        assert_eq!((us.short_date(us.today()), de.short_date(de.today())), ("Nov 24".into(), "24 Nov".into()));
        assert_eq!(us.phone(&"+12125550123".parse().unwrap()), "(212) 555-0123");
        assert_eq!(us.phone(&"+4917612345678".parse().unwrap()), "+49 176 12345678");
    }

    #[test]
    fn lengths_and_counts_are_read_at_a_glance() {
        assert_eq!([length(48), length(125), length(120), length(3_840)], ["48 s", "2 min 5 s", "2 min", "1 h 4 min"]);
        assert_eq!([number(999_u32), number(1_000_u32), number(1_234_567_u32)], ["999", "1,000", "1,234,567"]);
        assert_eq!([counted(1_u32, "call", "calls"), counted(0_u32, "call", "calls")], ["1 call", "0 calls"]);
    }
}
