//! Public holidays by country and region, worked out by rule: for an owner to say on which of them the door is closed.
//!
//! What callers say ("on Labor Day") is another thing, and stands in `time/holiday.rs`.

mod rule;
mod table;

use jiff::civil::Date;

use self::rule::Rule;

/// A day that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub date: Date,
    /// In English.
    pub name: &'static str,
    /// As it is called there.
    pub local: &'static str,
    /// It stands in for a day that fell on a weekend.
    pub observed: bool,
    /// Kept in some places of the country or region only.
    pub in_places: bool,
}

impl Day {
    /// What it is called in a language (BCP 47): its own name where that is spoken, or else the English one.
    pub fn called(&self, language: &str, country: &str) -> &'static str {
        let spoken = language.split('-').next().unwrap_or_default();
        if table::of(country).is_some_and(|country| country.language == spoken) { self.local } else { self.name }
    }
}

/// A country whose holidays are known.
pub struct Country {
    /// ISO 3166, two letters.
    pub code: &'static str,
    /// ISO 639, of the local names.
    pub language: &'static str,
    /// What its regions are called: "state". Empty: there are none to choose from.
    pub kind: &'static str,
    /// ISO 3166-2 without the country, and the name.
    pub regions: &'static [(&'static str, &'static str)],
    rules: &'static [Rule],
}

impl Country {
    /// Those that are known, by code.
    pub fn all() -> &'static [Self] {
        table::ALL
    }

    pub fn of(code: &str) -> Option<&'static Self> {
        table::of(code)
    }

    /// The days of a year, in order, each once. A region that is not one of the country's has the country's own days.
    pub fn days(&self, region: &str, year: i16) -> Vec<Day> {
        // A New Year's Day on a Saturday may be observed in the year before.
        let around = [year, year.saturating_add(1)];
        let mut days: Vec<Day> = around
            .into_iter()
            .flat_map(|of| self.rules.iter().filter(|rule| rule.holds_in(region)).flat_map(move |rule| rule.days(of)))
            .filter(|day| day.date.year() == year)
            .collect();
        days.sort_by_key(|day| (day.date, day.observed));
        days.dedup_by_key(|day| day.date);
        days
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What others worked out for twelve years of every place.
    #[test]
    fn the_days_are_those_that_others_have() {
        let known = include_str!("../../../fixtures/holidays.txt");
        let mut wrong = Vec::new();
        for line in known.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ');
            let (place, year) = (words.next().unwrap(), words.next().unwrap());
            let (code, region) = place.split_once('-').unwrap_or((place, ""));
            let theirs: BTreeSet<String> = words.map(str::to_owned).collect();
            let days = Country::of(code).unwrap().days(region, year.parse().unwrap());
            let written = |day: &Day| day.date.strftime("%m%d").to_string();
            let all: BTreeSet<String> = days.iter().map(written).collect();
            let sure: BTreeSet<String> = days.iter().filter(|day| !day.in_places).map(written).collect();
            let missing: Vec<_> = theirs.difference(&all).collect();
            let surplus: Vec<_> = sure.difference(&theirs).collect();
            if !missing.is_empty() || !surplus.is_empty() {
                wrong.push(format!("{place} {year}: missing {missing:?}, surplus {surplus:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn a_day_is_called_as_the_callers_call_it() {
        let germany = Country::of("DE").unwrap();
        let days = germany.days("BY", 2026);
        let epiphany = days.iter().find(|day| day.name == "Epiphany").unwrap();
        assert_eq!(epiphany.called("de-DE", "DE"), "Heilige Drei Könige");
        assert_eq!(epiphany.called("en-GB", "DE"), "Epiphany");
        assert!(!germany.days("", 2026).iter().any(|day| day.name == "Epiphany"), "it is not kept everywhere");
    }

    #[test]
    fn no_year_is_too_far_away() {
        for country in Country::all() {
            for year in [i16::MIN, -9999, 0, 1582, 9999, i16::MAX] {
                country.days("", year);
            }
        }
    }
}
