//! E-mail addresses, with one door in.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An address that a calendar can write to, the domain in lower case. `Debug` hides it; `Display` shows it and is for
/// people and vendors.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

#[derive(Debug, Error, PartialEq, Eq)]
#[error("not an e-mail address, such as anna@example.com")]
pub struct NotAnEmailAddress;

/// RFC 5321, 4.5.3.1: an address of at most 254 characters, 64 of them before the "@".
const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;

impl EmailAddress {
    /// Reads an address of letters, digits and the signs that people have in theirs. Quoted local parts and addresses
    /// without a dot in the domain exist, but nobody says them on a telephone.
    ///
    /// # Errors
    /// When it is no such address.
    pub fn parse(text: &str) -> Result<Self, NotAnEmailAddress> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnEmailAddress)?;
        let domain = domain.to_ascii_lowercase();
        let good = text.len() <= LONGEST && is_local(local) && is_domain(&domain);
        if good { Ok(Self(format!("{local}@{domain}"))) } else { Err(NotAnEmailAddress) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Letter by letter, as it is read back: "A N N A, dot, K, at, example, dot, com".
    pub fn spoken(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        let mut parts = spelled(local);
        parts.push("at".into());
        let words =
            domain.split('.').map(|part| if is_word(part) { part.to_owned() } else { spelled(part).join(", ") });
        parts.push(words.collect::<Vec<_>>().join(", dot, "));
        parts.join(", ")
    }
}

/// Names of domains that callers know as words.
fn is_word(part: &str) -> bool {
    const WORDS: &[&str] = &[
        "gmail",
        "hotmail",
        "outlook",
        "yahoo",
        "icloud",
        "proton",
        "protonmail",
        "live",
        "msn",
        "aol",
        "example",
        "com",
        "net",
        "org",
        "info",
        "mail",
        "post",
    ];
    WORDS.contains(&part)
}

fn spelled(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut letters = String::new();
    for c in text.chars() {
        let sign = match c {
            '.' => "dot",
            '_' => "underscore",
            '-' => "hyphen",
            '+' => "plus",
            '\'' => "apostrophe",
            _ => "",
        };
        if sign.is_empty() {
            if !letters.is_empty() {
                letters.push(' ');
            }
            letters.extend(c.to_uppercase());
        } else {
            parts.extend(Some(std::mem::take(&mut letters)).filter(|letters| !letters.is_empty()));
            parts.push(sign.into());
        }
    }
    parts.extend(Some(letters).filter(|letters| !letters.is_empty()));
    parts
}

fn is_local(local: &str) -> bool {
    let signs = |c: char| c.is_ascii_alphanumeric() || "._-+'".contains(c);
    (1..=LONGEST_LOCAL).contains(&local.len())
        && local.chars().all(signs)
        && local.chars().any(|c| c.is_ascii_alphanumeric())
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    domain.contains('.')
        && domain.split('.').all(label)
        && (2..=24).contains(&top.len())
        && top.bytes().all(|byte| byte.is_ascii_lowercase())
}

impl FromStr for EmailAddress {
    type Err = NotAnEmailAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = NotAnEmailAddress;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_read_back() {
        let address = EmailAddress::parse(" anna.k_9@Example.co.uk ").unwrap();
        assert_eq!(address.as_str(), "anna.k_9@example.co.uk");
        assert_eq!(address.spoken(), "A N N A, dot, K, underscore, 9, at, example, dot, C O, dot, U K");
        assert_eq!(format!("{address:?}"), "EmailAddress(…)");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "@",
            "anna",
            "anna@",
            "@example.com",
            "a@b",
            "a..b@example.com",
            "a b@example.com",
            "a@-x.com",
            "a@x.c",
        ] {
            assert!(EmailAddress::parse(text).is_err(), "{text}");
        }
        assert!(EmailAddress::parse(&format!("{}@example.com", "a".repeat(65))).is_err());
    }
}
