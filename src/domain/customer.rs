//! Somebody who books, as the business remembers them: known by the number they call from.

use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization as _;

use super::{
    booking::CustomerName,
    ids::{BusinessId, CustomerId},
    phone::PhoneNumber,
};

/// Characters of what the business notes about somebody.
pub const MOST_NOTE: usize = 2_000;
/// Words of a search that are looked at; nobody types more.
const MOST_WORDS: usize = 6;

/// One of them. Everything in it is personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct KnownCustomer {
    pub id: CustomerId,
    pub business: BusinessId,
    pub phone: PhoneNumber,
    pub name: CustomerName,
    /// What the business wrote down for itself.
    pub note: String,
    /// Somebody of the business wrote the name; a later booking's name does not replace it.
    pub named: bool,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
}

impl std::fmt::Debug for KnownCustomer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KnownCustomer({})", self.id)
    }
}

/// What a search looks in: the name without capitals and accents, and the number.
pub fn search_text(name: &str, phone: &PhoneNumber) -> String {
    format!("{} {phone}", folded(name))
}

/// What each of must be found in a [`search_text`]. A number may be typed as people write it, "(212) 555-0142" or
/// "0176 1234".
pub fn search_words(typed: &str) -> Vec<String> {
    let number_like = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+()-./".contains(c);
    if typed.chars().any(|c| c.is_ascii_digit()) && typed.chars().all(number_like) {
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        // The trunk prefix, or that of a call abroad, is not a part of the number as it is stored.
        return vec![digits.trim_start_matches('0').to_owned()];
    }
    folded(typed).split_whitespace().take(MOST_WORDS).map(str::to_owned).collect()
}

fn folded(text: &str) -> String {
    let plain = text.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    plain.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(typed: &str, name: &str, phone: &str) -> bool {
        let text = search_text(name, &phone.parse().unwrap());
        search_words(typed).iter().all(|word| text.contains(word))
    }

    #[test]
    fn people_are_found_as_one_types_them() {
        for typed in ["kovacs", "ÁNNA", "acs ann", "(212) 555-0123", "555 01", "+12125550123", "0123", ""] {
            assert!(finds(typed, "Anna Kovács", "+12125550123"), "{typed}");
        }
        assert!(finds("0176 1234", "Jörg", "+4917612345678") && finds("jorg", "Jörg", "+4917612345678"));
        for typed in ["bela", "anna novak", "999"] {
            assert!(!finds(typed, "Anna Kovács", "+12125550123"), "{typed}");
        }
    }
}
