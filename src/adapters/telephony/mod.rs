//! Telephone companies, and the text protocol that callers' words come in by.

pub mod relay;
mod speakable;
pub mod twilio;

use crate::domain::phone::PhoneNumber;

/// What carriers put in place of a withheld number: "ANONYMOUS", "RESTRICTED", "BLOCKED", "UNKNOWN" and "UNAVAILABLE"
/// as typed on a telephone's keys. Source: Twilio, "Why am I getting calls from these strange numbers?".
const WITHHELD: [&str; 5] = ["+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"];

/// A caller's number as a vendor writes it. Nothing when it is withheld, or is an address ("client:bob", "sip:x@y")
/// rather than a number, or cannot exist. `country` may be empty when the number has its country code.
fn caller_number(text: &str, country: &str) -> Option<PhoneNumber> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) || WITHHELD.contains(&text) {
        return None;
    }
    PhoneNumber::parse(text, country).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a23_a_caller_without_a_number_has_none() {
        for text in ["", "anonymous", "Restricted", "client:bob", "sip:x@y", "sip:+14155550100@example.com", "+", "911"]
            .into_iter()
            .chain(WITHHELD)
        {
            assert_eq!(caller_number(text, "US"), None, "{text}");
        }
        let number = caller_number("+14155550100", "").unwrap();
        assert_eq!(number.as_str(), "+14155550100");
    }
}
