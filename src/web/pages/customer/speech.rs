//! A language as one country writes it: dates, hours, prices, numbers.
//!
//! Where the two disagree, the country decides (twelve hours or twenty-four, which day a week begins with), as far as the
//! language can say it. The patterns are those of CLDR.

use jiff::{
    Timestamp, Zoned,
    civil::{Date, Weekday},
    tz::{AmbiguousOffset, TimeZone},
};

use super::words::{self, Words};
use crate::domain::{business::Business, money::Money, phone::PhoneNumber};

/// Where English and Spanish count twelve hours twice (CLDR, timeData: preferred "h").
const TWELVE_HOURS: &[&str] = &[
    "US", "CA", "AU", "NZ", "IN", "PH", "MY", "SG", "PK", "BD", "PR", "MX", "CO", "DO", "GT", "HN", "NI", "PA", "SV",
    "VE", "EG", "JM", "TT",
];

/// Where a calendar's first column is Sunday (CLDR, weekData: firstDay).
const SUNDAY_FIRST: &[&str] = &[
    "US", "CA", "MX", "BR", "CO", "PE", "VE", "GT", "HN", "NI", "PA", "PR", "PY", "SV", "DO", "IN", "JP", "KR", "TW",
    "HK", "IL", "ZA", "PH", "SG", "TH", "ID", "KE", "PK", "BD", "JM",
];

/// Words, and how they are put together.
#[derive(Clone, Debug)]
pub(super) struct Speech {
    pub words: &'static Words,
    country: String,
    tz: TimeZone,
}

impl Speech {
    pub(super) fn of(words: &'static Words, business: &Business) -> Self {
        Self { words, country: business.country.clone(), tz: business.zone.tz().clone() }
    }

    /// BCP 47: "de-AT".
    pub(super) fn tag(&self) -> String {
        format!("{}-{}", self.words.code, self.country)
    }

    pub(super) fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.tz.clone())
    }

    pub(super) fn tz(&self) -> &TimeZone {
        &self.tz
    }

    /// "3:30 PM", "15:30"; in the hour that comes twice with its zone, which tells the two apart.
    pub(super) fn clock(&self, at: Timestamp) -> String {
        let at = self.local(at);
        let shown = self.hour_and_minute(&at);
        let twice = matches!(at.time_zone().to_ambiguous_zoned(at.datetime()).offset(), AmbiguousOffset::Fold { .. });
        if twice { format!("{shown} {}", at.strftime("%Z")) } else { shown }
    }

    fn hour_and_minute(&self, at: &Zoned) -> String {
        let (hour, minute) = (at.hour(), at.minute());
        if self.counts_twelve() {
            let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
            let half = match (self.words.code, hour < 12) {
                ("es", true) => "a.\u{a0}m.",
                ("es", false) => "p.\u{a0}m.",
                (_, true) => "AM",
                (_, false) => "PM",
            };
            return format!("{twelve}:{minute:02}\u{a0}{half}");
        }
        match (self.words.code, self.country.as_str()) {
            ("fr", "CA") => format!("{hour}\u{a0}h\u{a0}{minute:02}"),
            _ => format!("{hour:02}:{minute:02}"),
        }
    }

    fn counts_twelve(&self) -> bool {
        matches!(self.words.code, "en" | "es") && TWELVE_HOURS.contains(&self.country.as_str())
    }

    /// "Tuesday, November 24, 2026", "Dienstag, 24. November 2026".
    pub(super) fn date(&self, date: Date) -> String {
        let weekday = self.weekday(date.weekday());
        let (day, year) = (date.day(), date.year());
        let month = month(self.words.months, date);
        capital(&match self.words.code {
            "en" if self.month_first() => format!("{weekday}, {month} {day}, {year}"),
            "de" => format!("{weekday}, {day}. {month} {year}"),
            "es" | "pt" => format!("{weekday}, {day} de {month} de {year}"),
            "fr" if day == 1 => format!("{weekday} 1er {month} {year}"),
            _ => format!("{weekday} {day} {month} {year}"),
        })
    }

    /// "Tuesday, November 24": the same without its year.
    pub(super) fn day(&self, date: Date) -> String {
        let year = date.year();
        let whole = self.date(date);
        let bare = [format!(", {year}"), format!(" de {year}"), format!(" {year}")];
        bare.iter().find_map(|end| whole.strip_suffix(end.as_str())).unwrap_or(&whole).to_owned()
    }

    /// "Tue, Nov 24, 3:30 PM", "Di, 24. Nov, 15:30".
    pub(super) fn moment(&self, at: Timestamp) -> String {
        let date = self.local(at).date();
        let weekday = named(self.words.weekdays_short, date.weekday().to_monday_zero_offset());
        let (day, month) = (date.day(), month(self.words.months_short, date));
        let date = match self.words.code {
            "en" if self.month_first() => format!("{weekday}, {month} {day}"),
            "de" => format!("{weekday}, {day}. {month}"),
            _ => format!("{weekday} {day} {month}"),
        };
        format!("{date}, {}", self.clock(at))
    }

    /// "November 2026", "Noviembre de 2026".
    pub(super) fn month_of(&self, date: Date) -> String {
        let (month, year) = (month(self.words.months, date), date.year());
        capital(&match self.words.code {
            "es" | "pt" => format!("{month} de {year}"),
            _ => format!("{month} {year}"),
        })
    }

    pub(super) fn month_short(&self, date: Date) -> String {
        capital(month(self.words.months_short, date))
    }

    pub(super) fn weekday(&self, weekday: Weekday) -> &'static str {
        named(self.words.weekdays, weekday.to_monday_zero_offset())
    }

    pub(super) fn weekday_short(&self, weekday: Weekday) -> &'static str {
        named(self.words.weekdays_short, weekday.to_monday_zero_offset())
    }

    /// What the first column of a calendar is.
    pub(super) fn first_weekday(&self) -> Weekday {
        if SUNDAY_FIRST.contains(&self.country.as_str()) { Weekday::Sunday } else { Weekday::Monday }
    }

    fn month_first(&self) -> bool {
        matches!(self.country.as_str(), "US" | "CA" | "PH" | "PR")
    }

    /// "45 min", "1 hr 30 min".
    pub(super) fn length(&self, minutes: u16) -> String {
        let (hours, rest) = (minutes / 60, minutes % 60);
        let (hour, minute) = (self.words.hours, self.words.minutes);
        match (hours, rest) {
            (0, rest) => format!("{rest}\u{a0}{minute}"),
            (hours, 0) => format!("{hours}\u{a0}{hour}"),
            (hours, rest) => format!("{hours}\u{a0}{hour} {rest}\u{a0}{minute}"),
        }
    }

    /// "$45", "45 €", "1.250,50 €".
    pub(super) fn price(&self, price: Money) -> String {
        let written = price.to_string();
        let (amount, code) = written.split_once(' ').unwrap_or((&written, ""));
        let amount = self.amount(amount);
        let sign = self.sign(code);
        let (before, apart) = match (self.words.code, sign.as_str()) {
            ("en", sign) if sign.len() <= 3 && sign != code => (true, ""),
            ("es", sign) if sign.ends_with('$') => (true, ""),
            ("en" | "nl", _) | ("pt", "R$") => (true, "\u{a0}"),
            _ => (false, "\u{a0}"),
        };
        if before { format!("{sign}{apart}{amount}") } else { format!("{amount}{apart}{sign}") }
    }

    /// "1250.00" as it is written here, without cents when there are none.
    fn amount(&self, amount: &str) -> String {
        let (whole, cents) = amount.split_once('.').unwrap_or((amount, ""));
        let point = self.words.code == "en" || (self.words.code == "es" && self.counts_twelve());
        let (decimal, group) = match self.words.code {
            _ if point => (".", ","),
            "fr" => (",", "\u{202f}"),
            _ => (",", "."),
        };
        let mut grouped = String::new();
        for (n, digit) in whole.chars().enumerate() {
            if n > 0 && (whole.len() - n) % 3 == 0 {
                grouped.push_str(group);
            }
            grouped.push(digit);
        }
        if cents.bytes().all(|byte| byte == b'0') { grouped } else { format!("{grouped}{decimal}{cents}") }
    }

    fn sign(&self, code: &str) -> String {
        let home = |country: &str| self.country == country;
        match code {
            "USD" if home("US") || home("PR") => "$".into(),
            "USD" => "US$".into(),
            "CAD" if home("CA") => "$".into(),
            "AUD" if home("AU") => "$".into(),
            "NZD" if home("NZ") => "$".into(),
            "MXN" if home("MX") => "$".into(),
            "COP" if home("CO") => "$".into(),
            "EUR" => "€".into(),
            "GBP" => "£".into(),
            "JPY" => "¥".into(),
            "INR" => "₹".into(),
            "BRL" => "R$".into(),
            code => code.to_owned(),
        }
    }

    /// "+44": what stands before a number of this country.
    pub(super) fn calling_code(&self) -> String {
        let plan = self.country.parse::<phonenumber::country::Id>().ok();
        let plan = plan.and_then(|id| phonenumber::metadata::DATABASE.by_id(id.as_ref()));
        plan.map_or_else(|| "+".to_owned(), |plan| format!("+{}", plan.country_code()))
    }

    /// In the groups in which people write it: without the country's code at home.
    pub(super) fn number(&self, number: &PhoneNumber) -> String {
        let Ok(parsed) = phonenumber::parse(None, number.as_str()) else { return number.to_string() };
        let home = self.country.parse().is_ok_and(|home| parsed.country().id() == Some(home));
        let mode = if home { phonenumber::Mode::National } else { phonenumber::Mode::International };
        parsed.format().mode(mode).to_string()
    }
}

/// The language of a page: what was asked for, or what was spoken, or the business's; English where we have none of them.
pub(super) fn chosen(asked: &str, spoken: Option<&str>, business: &Business) -> &'static Words {
    let wished = [Some(asked), spoken, Some(business.voice.language.as_str())];
    wished.into_iter().flatten().find_map(words::of).unwrap_or_else(words::english)
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn named<const N: usize>(names: [&'static str; N], at: i8) -> &'static str {
    usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
}

fn month(names: [&'static str; 12], date: Date) -> &'static str {
    named(names, date.month() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::salon;

    fn speech(language: &str, country: &str, zone: &str) -> Speech {
        let mut business = salon();
        business.country = country.to_owned();
        business.zone = crate::domain::business::Zone::named(zone).unwrap();
        Speech::of(words::of(language).unwrap(), &business)
    }

    #[test]
    fn each_language_writes_dates_hours_and_prices_in_its_own_way() {
        let at: Timestamp = "2026-12-01T14:30:00Z".parse().unwrap();
        let euros = Money::new(125_050, "EUR".parse().unwrap());
        let told = |language, country| {
            let speech = speech(language, country, "Etc/UTC");
            [speech.date(speech.local(at).date()), speech.moment(at), speech.price(euros), speech.length(90)]
                .map(|text| text.replace(['\u{a0}', '\u{202f}'], " "))
        };
        let expected = [
            ("en", "US", ["Tuesday, December 1, 2026", "Tue, Dec 1, 2:30 PM", "€1,250.50", "1 hr 30 min"]),
            ("en", "GB", ["Tuesday 1 December 2026", "Tue 1 Dec, 14:30", "€1,250.50", "1 hr 30 min"]),
            ("de", "DE", ["Dienstag, 1. Dezember 2026", "Di, 1. Dez, 14:30", "1.250,50 €", "1 Std. 30 Min."]),
            ("es", "ES", ["Martes, 1 de diciembre de 2026", "mar 1 dic, 14:30", "1.250,50 €", "1 h 30 min"]),
            ("es", "MX", ["Martes, 1 de diciembre de 2026", "mar 1 dic, 2:30 p. m.", "1,250.50 €", "1 h 30 min"]),
            ("fr", "FR", ["Mardi 1er décembre 2026", "mar 1 déc, 14:30", "1 250,50 €", "1 h 30 min"]),
            ("fr", "CA", ["Mardi 1er décembre 2026", "mar 1 déc, 14 h 30", "1 250,50 €", "1 h 30 min"]),
            ("it", "IT", ["Martedì 1 dicembre 2026", "mar 1 dic, 14:30", "1.250,50 €", "1 h 30 min"]),
            ("pt", "BR", ["Terça-feira, 1 de dezembro de 2026", "ter 1 dez, 14:30", "1.250,50 €", "1 h 30 min"]),
            ("nl", "NL", ["Dinsdag 1 december 2026", "di 1 dec, 14:30", "€ 1.250,50", "1 uur 30 min"]),
        ];
        for (language, country, texts) in expected {
            assert_eq!(told(language, country), texts, "{language}-{country}");
        }
    }

    #[test]
    fn an_hour_that_comes_twice_says_which_of_the_two_it_is() {
        let speech = speech("en", "US", "America/New_York");
        assert_eq!(speech.clock("2026-11-01T01:30-04".parse().unwrap()), "1:30\u{a0}AM EDT");
        assert_eq!(speech.clock("2026-11-01T01:30-05".parse().unwrap()), "1:30\u{a0}AM EST");
        assert_eq!(speech.clock("2026-11-01T03:30-05".parse().unwrap()), "3:30\u{a0}AM");
    }

    #[test]
    fn a_day_leaves_its_year_out() {
        for (language, country, day) in [
            ("en", "US", "Tuesday, December 1"),
            ("de", "DE", "Dienstag, 1. Dezember"),
            ("pt", "BR", "Terça-feira, 1 de dezembro"),
        ] {
            let date = jiff::civil::date(2026, 12, 1);
            assert_eq!(speech(language, country, "Etc/UTC").day(date), day);
        }
    }

    #[test]
    fn home_prices_are_short() {
        let dollars = Money::new(4500, "USD".parse().unwrap());
        assert_eq!(speech("en", "US", "Etc/UTC").price(dollars), "$45");
        assert_eq!(speech("es", "US", "Etc/UTC").price(dollars), "$45");
        assert_eq!(speech("en", "CA", "Etc/UTC").price(dollars), "US$45");
        assert_eq!(speech("en", "GB", "Etc/UTC").price(Money::new(1250, "GBP".parse().unwrap())), "£12.50");
        assert_eq!(speech("de", "CH", "Etc/UTC").price(Money::new(9000, "CHF".parse().unwrap())), "90\u{a0}CHF");
    }

    #[test]
    fn every_sentence_has_places_for_what_it_is_about() {
        for words in words::ALL {
            let one = [
                words.zone,
                words.your_time,
                words.until,
                words.text_is_coming,
                words.will_confirm,
                words.now_at,
                words.next_free,
                words.consent,
                words.wrong_number,
                words.kept_until,
                words.closed_why,
            ];
            assert!(one.iter().all(|sentence| sentence.matches("{}").count() == 1), "{}", words.itself);
            assert_eq!(words.step.matches("{}").count(), 2, "{}", words.itself);
        }
    }
}
