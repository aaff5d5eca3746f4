//! Telephone numbers in E.164 (ITU-T E.164, at most 15 digits), with one door in.

mod written;

use std::{fmt, str::FromStr};

use phonenumber::{Mode, Type};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use self::written::Written;
pub(in crate::domain) use self::written::digit;

/// A number that somebody can be reached at, "+" and digits. `Debug` shows the last two digits only, since it ends up
/// in log lines; `Display` shows all of it and is for people and vendors.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

#[derive(Debug, Error, PartialEq, Eq)]
#[error("not a telephone number in international form, such as +14155550123")]
pub struct NotAPhoneNumber;

/// "+" and the fifteen digits of E.164.
const LONGEST: usize = 16;

/// What the numbering plan says a number is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// Can get a text message.
    Mobile,
    /// Probably cannot; in North America the plan does not tell mobile and fixed apart, so those count as `Mobile`.
    Fixed,
    /// Costs whoever dials it, or reaches no person: premium, shared cost, pager, satellite, short codes.
    Never,
}

impl PhoneNumber {
    /// Reads a number as a person or a vendor writes it. `country` (ISO 3166, "US") is the business's, for numbers
    /// without a country code.
    ///
    /// # Errors
    /// When libphonenumber's rules say that no such number can exist.
    pub fn parse(text: &str, country: &str) -> Result<Self, NotAPhoneNumber> {
        Self::parse_with_extension(text, country).map(|(number, _)| number)
    }

    /// The same, with the digits to dial after it ("ext 31") if some were written.
    ///
    /// # Errors
    /// When libphonenumber's rules say that no such number can exist.
    pub fn parse_with_extension(text: &str, country: &str) -> Result<(Self, Option<String>), NotAPhoneNumber> {
        let valid = |written: Written| Some((Self::valid(&written.digits, country)?, written.extension));
        written::readings(text).into_iter().find_map(valid).ok_or(NotAPhoneNumber)
    }

    /// Only digits and a leading "+" get this far, see [`written`].
    ///
    /// The crate takes the trunk prefix of the country it is given off foreign numbers as well ("+49 176…" became
    /// "+49 76…" for a business in the US), so it hears of no country when the number brings its own.
    fn valid(digits: &str, country: &str) -> Option<Self> {
        if digits.starts_with('+') {
            return Self::checked(&phonenumber::parse(None, digits).ok()?);
        }
        // A country without a numbering plan would be a panic in the crate.
        let home = country.parse().ok().and_then(|id: phonenumber::country::Id| {
            phonenumber::metadata::DATABASE.by_id(id.as_ref()).map(|plan| (id, plan))
        });
        let (home, plan) = home?;
        let dialled = plan.international_prefix().and_then(|prefix| prefix.find(digits)).filter(|at| at.start() == 0);
        let abroad = || {
            let number = format!("+{}", &digits[dialled?.end()..]);
            Self::checked(&phonenumber::parse(None, number).ok()?)
        };
        abroad().or_else(|| Self::checked(&phonenumber::parse(Some(home), digits).ok()?))
    }

    /// The plans of some countries (Germany's) let numbers be longer than E.164 does, which no carrier takes.
    fn checked(number: &phonenumber::PhoneNumber) -> Option<Self> {
        let text = number.format().mode(Mode::E164).to_string();
        // What the crate takes with a country it may refuse without one; such a number could be told nobody again.
        let stays = phonenumber::parse(None, &text).is_ok_and(|again| phonenumber::is_valid(&again));
        (phonenumber::is_valid(number) && text.len() <= LONGEST && stays).then_some(Self(text))
    }

    /// Reads the numbering plans into memory, which takes a tenth of a second that no caller should wait for.
    pub fn warm_up() {
        let number = Self::parse("+1 212 555 0123", "US");
        debug_assert!(number.is_ok_and(|number| number.kind() == PhoneKind::Mobile));
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What may be done with it. Nothing of kind `Never` is dialled or texted.
    pub fn kind(&self) -> PhoneKind {
        let Ok(number) = phonenumber::parse(None, &self.0) else { return PhoneKind::Never };
        // Inmarsat +870, Iridium and Globalstar +881, international premium +979, UN relief +888.
        if matches!(number.country().code(), 870 | 881 | 882 | 883 | 888 | 979) {
            return PhoneKind::Never;
        }
        match number.number_type(&phonenumber::metadata::DATABASE) {
            Type::Mobile | Type::FixedLineOrMobile => PhoneKind::Mobile,
            Type::FixedLine | Type::Voip | Type::TollFree | Type::PersonalNumber | Type::Uan => PhoneKind::Fixed,
            _ => PhoneKind::Never,
        }
    }

    /// The last two digits, for a log line or a screen that must not show the number.
    pub fn tail(&self) -> &str {
        &self.0[self.0.len().saturating_sub(2)..]
    }

    /// The digits as they are dialled in a country: without the country code in its own, with "+" and the code elsewhere.
    pub fn national(&self, country: &str) -> String {
        let groups = self.spoken(country).replace("plus", "+");
        groups.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }

    /// As it is written in a country: "(212) 555-0123" at home, "+49 176 12345678" of elsewhere.
    pub fn written(&self, country: &str) -> String {
        let Ok(number) = phonenumber::parse(None, &self.0) else { return self.0.clone() };
        let home = country.parse().ok().is_some_and(|home| number.country().id() == Some(home));
        number.format().mode(if home { Mode::National } else { Mode::International }).to_string()
    }

    /// In groups, with pauses, as it is read back: "4 1 5, 5 5 5, 0 1 2 3". Without the country code when the number
    /// is of the business's own country.
    pub fn spoken(&self, country: &str) -> String {
        let Ok(number) = phonenumber::parse(None, &self.0) else { return spaced(&self.0) };
        let home = country.parse().ok().is_some_and(|home| number.country().id() == Some(home));
        let mode = if home { Mode::National } else { Mode::International };
        let written = number.format().mode(mode).to_string();
        written
            .split(|c: char| !c.is_ascii_digit() && c != '+')
            .filter(|group| !group.is_empty())
            .map(spaced)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

fn spaced(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 2);
    for c in digits.chars() {
        if !out.is_empty() {
            out.push(' ');
        }
        if c == '+' { out.push_str("plus") } else { out.push(c) }
    }
    out
}

/// Only the canonical form: "+" and 7 to 15 digits. What a caller says goes through [`PhoneNumber::parse`].
impl FromStr for PhoneNumber {
    type Err = NotAPhoneNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('+').ok_or(NotAPhoneNumber)?;
        let plausible = (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if plausible { Ok(Self(text.to_owned())) } else { Err(NotAPhoneNumber) }
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = NotAPhoneNumber;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber(…{})", self.tail())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_write_it() {
        let number = PhoneNumber::parse("(415) 555-2671", "US").unwrap();
        assert_eq!(number.as_str(), "+14155552671");
        assert_eq!(number.spoken("US"), "4 1 5, 5 5 5, 2 6 7 1");
        assert_eq!(PhoneNumber::parse("020 7946 0958", "GB").unwrap().as_str(), "+442079460958");
    }

    #[test]
    fn debug_hides_the_number() {
        let number: PhoneNumber = "+14155552671".parse().unwrap();
        assert_eq!(format!("{number:?}"), "PhoneNumber(…71)");
    }

    #[test]
    fn i4_what_is_no_number_is_refused() {
        for text in
            ["12", "letters", "+0123456789", "+12345678901234567", "", "+", "anonymous", "client:bob", "sip:x@y"]
        {
            assert!(PhoneNumber::parse(text, "US").is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_longer_than_any_carrier_takes_is_refused() {
        assert!(PhoneNumber::parse("(212) 5) 555-0550142", "DE").is_err());
    }

    #[test]
    fn i5_premium_and_satellite_numbers_are_never_texted() {
        for text in ["+19005551234", "+979123456789", "+870773111632", "+881622412345", "+449098790000"] {
            let kind = text.parse::<PhoneNumber>().unwrap().kind();
            assert_eq!(kind, PhoneKind::Never, "{text}");
        }
        assert_eq!("+14155552671".parse::<PhoneNumber>().unwrap().kind(), PhoneKind::Mobile);
    }

    #[test]
    fn i8_crafted_numbers_do_not_panic() {
        for text in [".;phone-context=", "+dwPAA;phone-context=AA", "+", "tel:+1", "00", "011", "+++1415"] {
            let _ = PhoneNumber::parse(text, "US");
        }
    }

    #[test]
    fn a_number_that_is_taken_is_taken_again_as_it_is_kept() {
        for country in ["US", "GB", "DE", "RU", "IT"] {
            for text in ["00rt :00473 0z3 (0)240 9", "8 800 200 06 00", "02 1234 5678"] {
                if let Ok(number) = PhoneNumber::parse(text, country) {
                    assert_eq!(PhoneNumber::parse(number.as_str(), ""), Ok(number), "{text} in {country}");
                }
            }
        }
    }
}
