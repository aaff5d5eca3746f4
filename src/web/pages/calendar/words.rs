//! Dates, times and numbers as people of the business's country write them.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    domain::{business::Business, phone::PhoneNumber},
    web::pages::say::{MONTH_FIRST, TWELVE_HOURS, clock},
};

/// How this business writes them.
#[derive(Clone, Debug)]
pub(super) struct Words {
    zone: TimeZone,
    twelve: bool,
    month_first: bool,
    country: String,
}

impl Words {
    pub(super) fn of(business: &Business) -> Self {
        Self {
            zone: business.zone.tz().clone(),
            twelve: TWELVE_HOURS.contains(&business.country.as_str()),
            month_first: MONTH_FIRST.contains(&business.country.as_str()),
            country: business.country.clone(),
        }
    }

    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// "10:00 am", "14:30".
    pub(super) fn clock(&self, at: Timestamp) -> String {
        clock(at.to_zoned(self.zone.clone()).time(), self.twelve)
    }

    /// For narrow places: "10", "10:30", "2:15p"; "14:30".
    pub(super) fn tight(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.zone.clone());
        if !self.twelve {
            return local.strftime("%H:%M").to_string();
        }
        let half = if local.hour() < 12 { "" } else { "p" };
        format!("{}{half}", local.strftime("%-I:%M"))
    }

    /// "14:15", for scripts and fields.
    pub(super) fn wall(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%H:%M").to_string()
    }

    /// The label of a full hour: "9 am", "09:00".
    pub(super) fn hour(&self, hour: i8) -> String {
        match (self.twelve, hour) {
            (false, hour) => format!("{hour:02}:00"),
            (true, hour) => {
                let half = if hour < 12 { "am" } else { "pm" };
                format!("{} {half}", if hour % 12 == 0 { 12 } else { hour % 12 })
            }
        }
    }

    /// "10:00 am to 10:45 am".
    pub(super) fn span(&self, from: Timestamp, to: Timestamp) -> String {
        format!("{} to {}", self.clock(from), self.clock(to))
    }

    pub(super) fn date_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// "Thursday, November 26".
    pub(super) fn day(&self, at: Timestamp) -> String {
        long(self.date_of(at), self.month_first)
    }

    /// "Thursday, November 26, 10:00 am".
    pub(super) fn moment(&self, at: Timestamp) -> String {
        format!("{}, {}", self.day(at), self.clock(at))
    }

    pub(super) fn long(&self, date: Date) -> String {
        long(date, self.month_first)
    }

    /// "November 23 to 29", "November 30 to December 6".
    pub(super) fn range(&self, from: Date, to: Date) -> String {
        let same = from.month() == to.month();
        match (self.month_first, same) {
            (true, true) => format!("{} to {}, {}", from.strftime("%B %-d"), to.day(), to.year()),
            (true, false) => format!("{} to {}, {}", from.strftime("%B %-d"), to.strftime("%B %-d"), to.year()),
            (false, true) => format!("{} to {}", from.day(), to.strftime("%-d %B %Y")),
            (false, false) => format!("{} to {}", from.strftime("%-d %B"), to.strftime("%-d %B %Y")),
        }
    }

    /// As it is written at home: "(212) 555-0123"; abroad with its country code.
    pub(super) fn phone(&self, number: &PhoneNumber) -> String {
        number.written(&self.country)
    }
}

fn long(date: Date, month_first: bool) -> String {
    date.strftime(if month_first { "%A, %B %-d" } else { "%A, %-d %B" }).to_string()
}

/// "1 h 30 min", "45 min".
pub(super) fn length(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::salon;

    #[test]
    fn each_country_reads_its_own_clock() {
        let here = Words::of(&salon());
        let there = Words::of(&Business { country: "DE".to_owned(), ..salon() });
        let at: Timestamp = "2026-11-26T14:05-05".parse().unwrap();
        assert_eq!((here.clock(at).as_str(), there.clock(at).as_str()), ("2:05 pm", "14:05"));
        assert_eq!((here.tight(at).as_str(), there.tight(at).as_str()), ("2:05p", "14:05"));
        assert_eq!((here.hour(0).as_str(), there.hour(9).as_str()), ("12 am", "09:00"));
        assert_eq!(here.moment(at), "Thursday, November 26, 2:05 pm");
        assert_eq!(there.moment(at), "Thursday, 26 November, 14:05");
        let number: PhoneNumber = "+12125550123".parse().unwrap();
        assert_eq!(here.phone(&number), "(212) 555-0123");
        assert_eq!(there.phone(&number), "+1 212-555-0123");
        assert_eq!((length(45).as_str(), length(90).as_str(), length(60).as_str()), ("45 min", "1 h 30 min", "1 h"));
    }
}
