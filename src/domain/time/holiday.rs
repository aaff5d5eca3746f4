//! Days that have a name, and when they are: most of them depend on the country, many on Easter or on a weekday.

use jiff::{
    Span,
    civil::{
        Date,
        Weekday::{self, Monday, Saturday, Sunday, Thursday},
    },
};
use serde::{Deserialize, Serialize};

/// A holiday or another day that people book by, whatever the country calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Holiday {
    NewYearsDay,
    Epiphany,
    MartinLutherKing,
    Australia,
    Groundhog,
    Valentines,
    Presidents,
    Womens,
    StPatricks,
    ShroveTuesday,
    AshWednesday,
    PalmSunday,
    MaundyThursday,
    GoodFriday,
    HolySaturday,
    Easter,
    EasterMonday,
    Ascension,
    Pentecost,
    WhitMonday,
    CorpusChristi,
    AprilFools,
    Earth,
    StGeorges,
    Anzac,
    AdministrativeProfessionals,
    MayDay,
    CincoDeMayo,
    EarlyMayBank,
    Mothers,
    Victoria,
    Memorial,
    SpringBank,
    Flag,
    Juneteenth,
    Fathers,
    Canada,
    Independence,
    Bastille,
    SummerBank,
    Labor,
    Grandparents,
    Columbus,
    Bosses,
    Halloween,
    AllSaints,
    AllSouls,
    GuyFawkes,
    Election,
    Veterans,
    Remembrance,
    Thanksgiving,
    BlackFriday,
    CyberMonday,
    StAndrews,
    ChristmasEve,
    Christmas,
    Boxing,
    NewYearsEve,
}

/// How the date of a holiday is found.
#[derive(Clone, Copy)]
enum Rule {
    Fixed(i8, i8),
    /// Month, which of its weekdays (−1 the last), and days after that.
    Nth(i8, i8, Weekday, i32),
    /// Days after Easter Sunday.
    Easter(i32),
    /// The last such weekday before a date.
    Before(i8, i8, Weekday),
}

impl Holiday {
    /// The day in `year`, as `country` (ISO 3166) keeps it. Nothing for a year that no calendar has.
    pub fn in_year(self, year: i16, country: &str) -> Option<Date> {
        match self.rule(country) {
            Rule::Fixed(month, day) => Date::new(year, month, day).ok(),
            Rule::Nth(month, nth, weekday, more) => {
                let found = Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()?;
                found.checked_add(Span::new().days(more)).ok()
            }
            Rule::Easter(days) => easter(year)?.checked_add(Span::new().days(days)).ok(),
            Rule::Before(month, day, weekday) => Date::new(year, month, day).ok()?.nth_weekday(-1, weekday).ok(),
        }
    }

    fn rule(self, country: &str) -> Rule {
        use Rule::{Before, Easter, Fixed, Nth};
        let british = matches!(country, "GB" | "IE");
        match self {
            Self::NewYearsDay => Fixed(1, 1),
            Self::Epiphany => Fixed(1, 6),
            Self::MartinLutherKing => Nth(1, 3, Monday, 0),
            Self::Australia => Fixed(1, 26),
            Self::Groundhog => Fixed(2, 2),
            Self::Valentines => Fixed(2, 14),
            Self::Presidents => Nth(2, 3, Monday, 0),
            Self::Womens => Fixed(3, 8),
            Self::StPatricks => Fixed(3, 17),
            Self::ShroveTuesday => Easter(-47),
            Self::AshWednesday => Easter(-46),
            Self::PalmSunday => Easter(-7),
            Self::MaundyThursday => Easter(-3),
            Self::GoodFriday => Easter(-2),
            Self::HolySaturday => Easter(-1),
            Self::Easter => Easter(0),
            Self::EasterMonday => Easter(1),
            Self::Ascension => Easter(39),
            Self::Pentecost => Easter(49),
            Self::WhitMonday => Easter(50),
            Self::CorpusChristi => Easter(60),
            Self::AprilFools => Fixed(4, 1),
            Self::Earth => Fixed(4, 22),
            Self::StGeorges => Fixed(4, 23),
            Self::Anzac => Fixed(4, 25),
            Self::AdministrativeProfessionals => Nth(4, -1, Saturday, -3),
            Self::CincoDeMayo => Fixed(5, 5),
            Self::EarlyMayBank => Nth(5, 1, Monday, 0),
            Self::Mothers if british => Easter(-21),
            Self::Mothers => Nth(5, 2, Sunday, 0),
            Self::Victoria => Before(5, 25, Monday),
            Self::Memorial | Self::SpringBank => Nth(5, -1, Monday, 0),
            Self::Flag => Fixed(6, 14),
            Self::Juneteenth => Fixed(6, 19),
            Self::Fathers if matches!(country, "AU" | "NZ") => Nth(9, 1, Sunday, 0),
            Self::Fathers => Nth(6, 3, Sunday, 0),
            Self::Canada => Fixed(7, 1),
            Self::Independence => Fixed(7, 4),
            Self::Bastille => Fixed(7, 14),
            Self::SummerBank => Nth(8, -1, Monday, 0),
            Self::Labor if british => Nth(5, 1, Monday, 0),
            Self::Labor if matches!(country, "US" | "CA") => Nth(9, 1, Monday, 0),
            Self::Labor | Self::MayDay => Fixed(5, 1),
            Self::Grandparents => Nth(9, 1, Monday, 6),
            Self::Columbus => Nth(10, 2, Monday, 0),
            Self::Bosses => Fixed(10, 16),
            Self::Halloween => Fixed(10, 31),
            Self::AllSaints => Fixed(11, 1),
            Self::AllSouls => Fixed(11, 2),
            Self::GuyFawkes => Fixed(11, 5),
            Self::Election => Nth(11, 1, Monday, 1),
            Self::Remembrance if british => Nth(11, 2, Sunday, 0),
            Self::Remembrance | Self::Veterans => Fixed(11, 11),
            Self::Thanksgiving if country == "CA" => Nth(10, 2, Monday, 0),
            Self::Thanksgiving => Nth(11, 4, Thursday, 0),
            Self::BlackFriday => Nth(11, 4, Thursday, 1),
            Self::CyberMonday => Nth(11, 4, Thursday, 4),
            Self::StAndrews => Fixed(11, 30),
            Self::ChristmasEve => Fixed(12, 24),
            Self::Christmas => Fixed(12, 25),
            Self::Boxing => Fixed(12, 26),
            Self::NewYearsEve => Fixed(12, 31),
        }
    }
}

/// Easter Sunday of the western churches: the Sunday after the first full moon of spring, as the Gregorian tables have it.
pub(in crate::domain) fn easter(year: i16) -> Option<Date> {
    let of_year = i32::from(year);
    if of_year < 1583 {
        return None;
    }
    let century = of_year / 100;
    // How far the tables lag behind the moon by now, and the age of the moon at the start of the year (the epact).
    let lag = (8 * century + 13) / 25;
    let epact = (19 * (of_year % 19) + century - century / 4 - lag + 15) % 30;
    // Two full moons that the tables put a day earlier.
    let early = i32::from(epact == 29 || epact == 28 && of_year % 19 > 10);
    let full_moon = Date::new(year, 3, 21).ok()?.checked_add(Span::new().days(epact - early)).ok()?;
    full_moon.nth_weekday(1, Sunday).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn movable_days_are_where_the_calendars_print_them() {
        let days = [
            (Holiday::Easter, 2024, "US", date(2024, 3, 31)),
            (Holiday::Easter, 2026, "US", date(2026, 4, 5)),
            (Holiday::Easter, 2038, "US", date(2038, 4, 25)),
            (Holiday::GoodFriday, 2027, "GB", date(2027, 3, 26)),
            (Holiday::ShroveTuesday, 2026, "GB", date(2026, 2, 17)),
            (Holiday::Thanksgiving, 2026, "US", date(2026, 11, 26)),
            (Holiday::Thanksgiving, 2026, "CA", date(2026, 10, 12)),
            (Holiday::BlackFriday, 2026, "US", date(2026, 11, 27)),
            (Holiday::Mothers, 2027, "US", date(2027, 5, 9)),
            (Holiday::Mothers, 2027, "GB", date(2027, 3, 7)),
            (Holiday::Labor, 2027, "US", date(2027, 9, 6)),
            (Holiday::Memorial, 2027, "US", date(2027, 5, 31)),
            (Holiday::Victoria, 2026, "CA", date(2026, 5, 18)),
            (Holiday::Election, 2028, "US", date(2028, 11, 7)),
            (Holiday::AdministrativeProfessionals, 2027, "US", date(2027, 4, 21)),
        ];
        for (holiday, year, country, day) in days {
            assert_eq!(holiday.in_year(year, country), Some(day), "{holiday:?} {year} {country}");
        }
    }
}
