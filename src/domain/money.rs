//! Prices: whole minor units and a currency, never a float.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An amount in the smallest unit of its currency (cents, pence, yen).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Never negative.
    pub minor: u32,
    pub currency: Currency,
}

/// An ISO 4217 code, upper case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

#[derive(Debug, Error, PartialEq, Eq)]
#[error("a currency is three capital letters, such as USD")]
pub struct NotACurrency;

/// Not an amount of money that something can cost.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("a price such as 45 or 45.50")]
pub struct NotAPrice;

impl Currency {
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many minor units make one major unit, as a power of ten (ISO 4217: two for nearly all).
    fn digits(self) -> u32 {
        match self.code() {
            "JPY" | "KRW" | "CLP" | "VND" | "ISK" | "HUF" => 0,
            "BHD" | "KWD" | "OMR" | "TND" | "JOD" => 3,
            _ => 2,
        }
    }

    /// (one major unit, several, one minor unit, several) as people say them.
    fn words(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self.code() {
            "USD" | "CAD" | "AUD" | "NZD" => ("dollar", "dollars", "cent", "cents"),
            "EUR" => ("euro", "euros", "cent", "cents"),
            "GBP" => ("pound", "pounds", "penny", "pence"),
            "CHF" => ("franc", "francs", "centime", "centimes"),
            "JPY" => ("yen", "yen", "sen", "sen"),
            _ => ("", "", "", ""),
        }
    }
}

impl FromStr for Currency {
    type Err = NotACurrency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|letter| letter.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(NotACurrency),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = NotACurrency;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Money {
    pub fn new(minor: u32, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// How many minor units one major unit has: 100 cents.
    pub fn unit(&self) -> u32 {
        10_u32.pow(self.currency.digits())
    }

    /// Whole units and what is left in minor ones: 1250 cents are (12, 50).
    pub fn parts(&self) -> (u32, u32) {
        let unit = 10_u32.pow(self.currency.digits());
        (self.minor / unit, self.minor % unit)
    }

    /// As it stands in the field of a form: "45", "45.50", "45,50" with a decimal comma.
    pub fn typed(&self, comma: bool) -> String {
        let (major, minor) = self.parts();
        let (mark, width) = (if comma { ',' } else { '.' }, self.currency.digits() as usize);
        if minor == 0 { major.to_string() } else { format!("{major}{mark}{minor:0width$}") }
    }

    /// What a person types as a price: "45", "45.50", "45,50", "1.250,00", "1 250", "$45". `comma`: a decimal comma is
    /// usual, which decides "1.250".
    ///
    /// # Errors
    /// [`NotAPrice`] when it is none, negative, finer than the currency, or more than 21 million.
    pub fn parse(text: &str, currency: Currency, comma: bool) -> Result<Self, NotAPrice> {
        let code = currency.code();
        let text = text.trim();
        let text = text.strip_suffix(code).or_else(|| text.strip_prefix(code)).unwrap_or(text);
        let text: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’')).collect();
        let text = text.trim_matches(['$', '€', '£', '¥']);
        if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.ends_with(|c: char| c.is_ascii_digit()) {
            return Err(NotAPrice);
        }
        let marks: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| !c.is_ascii_digit()).collect();
        if marks.iter().any(|(_, mark)| !matches!(mark, '.' | ',')) {
            return Err(NotAPrice);
        }
        let usual = if comma { ',' } else { '.' };
        let decimal = marks.last().copied().filter(|&(at, mark)| {
            let alone = marks.iter().filter(|(_, other)| *other == mark).count() == 1;
            let after = text.len() - at - 1;
            // Three digits after the mark of the thousands are thousands.
            alone && (after != 3 || mark == usual)
        });
        let (whole, rest) = decimal.map_or((text, ""), |(at, _)| (&text[..at], &text[at + 1..]));
        let digits = currency.digits() as usize;
        // Each group of thousands has three digits.
        let mut groups = whole.split(['.', ',']);
        groups.next();
        if groups.any(|group| group.len() != 3) || rest.len() > digits {
            return Err(NotAPrice);
        }
        let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
        let minor = format!("{whole}{rest:0<digits$}");
        Ok(Self { minor: minor.parse().map_err(|_| NotAPrice)?, currency })
    }

    /// As a person says it: "45 dollars", "12 pounds 50", "one euro".
    pub fn spoken(&self) -> String {
        let (major, minor) = self.parts();
        let (one, many, one_minor, many_minor) = self.currency.words();
        if one.is_empty() {
            return self.to_string();
        }
        match (major, minor) {
            (0, 1) => format!("one {one_minor}"),
            (0, minor) if minor > 0 => format!("{minor} {many_minor}"),
            (1, 0) => format!("one {one}"),
            (major, 0) => format!("{major} {many}"),
            (1, minor) => format!("one {one} {minor:02}"),
            (major, minor) => format!("{major} {many} {minor:02}"),
        }
    }
}

/// As it is written: "45.00 USD".
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.digits();
        let unit = 10_u32.pow(digits);
        if digits == 0 {
            return write!(f, "{} {}", self.minor, self.currency.code());
        }
        let (major, minor, width) = (self.minor / unit, self.minor % unit, digits as usize);
        write!(f, "{major}.{minor:0width$} {}", self.currency.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(minor: u32) -> Money {
        Money::new(minor, "USD".parse().unwrap())
    }

    #[test]
    fn prices_are_said_as_people_say_them() {
        assert_eq!(usd(4500).spoken(), "45 dollars");
        assert_eq!(usd(100).spoken(), "one dollar");
        assert_eq!(usd(1250).spoken(), "12 dollars 50");
        assert_eq!(usd(50).spoken(), "50 cents");
        assert_eq!(Money::new(3000, "JPY".parse().unwrap()).spoken(), "3000 yen");
        assert_eq!(Money::new(3000, "SEK".parse().unwrap()).spoken(), "30.00 SEK");
    }

    #[test]
    fn k5_a_price_is_what_people_type_and_never_a_wrong_one() {
        let parse = |text: &str, code: &str, comma| {
            Money::parse(text, code.parse().unwrap(), comma).map(|money| money.to_string()).ok()
        };
        for (text, code, comma, price) in [
            ("45", "USD", false, "45.00 USD"),
            ("45.50", "USD", false, "45.50 USD"),
            ("45.5", "USD", false, "45.50 USD"),
            ("45,50", "EUR", true, "45.50 EUR"),
            ("45.50", "EUR", true, "45.50 EUR"),
            ("45,50 €", "EUR", true, "45.50 EUR"),
            ("1.250", "EUR", true, "1250.00 EUR"),
            ("1,250", "USD", false, "1250.00 USD"),
            ("1.250,00", "EUR", true, "1250.00 EUR"),
            ("1’250.00", "CHF", false, "1250.00 CHF"),
            ("$ 1,250.75", "USD", false, "1250.75 USD"),
            ("4000", "JPY", false, "4000 JPY"),
            ("1.250", "KWD", false, "1.250 KWD"),
            ("0", "USD", false, "0.00 USD"),
        ] {
            assert_eq!(parse(text, code, comma).as_deref(), Some(price), "{text}");
        }
        for text in [
            "NaN",
            "-1",
            "1e308",
            "inf",
            "",
            ".",
            "45.505",
            "4.5.0",
            "45-50",
            "٤٥",
            "99999999999",
            "1,25,0",
            "45.",
            "0x10",
        ] {
            assert_eq!(parse(text, "USD", false), None, "{text}");
        }
        assert_eq!(usd(4550).typed(true), "45,50");
        assert_eq!(usd(4500).typed(false), "45");
    }

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert!("usd".parse::<Currency>().is_err());
        assert!("US".parse::<Currency>().is_err());
        assert_eq!(usd(4505).to_string(), "45.05 USD");
    }
}
