//! A telephone number as it is written: with brackets, dots and slashes, full-width or Arabic digits, an extension, letters
//! instead of digits, as a `tel:` URI.
//!
//! The crate `phonenumber` knows the numbering plans well and text less well (it missed "tel:…;phone-context=…", digits
//! that are not ASCII and several ways to write an extension, and it had panics on crafted text). So text is read here,
//! and the crate sees nothing but digits and one "+".

use unicode_normalization::UnicodeNormalization;

/// What was written, before any numbering plan is asked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// 0-9 and perhaps a leading "+".
    pub digits: String,
    pub extension: Option<String>,
}

/// Nothing that people write for a number is longer; libphonenumber stops here as well.
const MOST_CHARACTERS: usize = 250;

/// Longer than any number with everything that may be dialled before it.
const MOST_DIGITS: usize = 24;

/// The ways to read a text as a number, the likelier first: "800 901 3355, 7246433" has an extension, and if that makes
/// no number, none.
pub(super) fn readings(text: &str) -> Vec<Written> {
    if text.chars().nth(MOST_CHARACTERS).is_some() {
        return Vec::new();
    }
    let text: String = text.nfkc().flat_map(char::to_lowercase).filter(|&c| !unseen(c)).collect();
    let Some((number, context, extension)) = uri(text.trim()) else { return Vec::new() };
    let plain = |number: &str| number_of(number).map(|digits| format!("{context}{digits}"));
    if extension.is_some() {
        return plain(&number).map(|digits| Written { digits, extension }).into_iter().collect();
    }
    let split = extension_of(&number);
    let with = split.and_then(|(number, extension)| {
        Some(Written { digits: plain(number)?, extension: Some(extension.to_owned()) })
    });
    // A comma may be no more than that; a word or a "#" means what it says.
    let meant = split.is_some_and(|(before, _)| !number[before.len()..].trim_start().starts_with([',', ';']));
    let without = plain(&number).filter(|_| !meant).map(|digits| Written { digits, extension: None });
    with.into_iter().chain(without).collect()
}

fn unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// A `tel:` URI (RFC 3966), or what follows a number in its manner: the number, the "+64-3" that stands before it, and
/// its extension. Anything else comes back as it is.
fn uri(text: &str) -> Option<(String, String, Option<String>)> {
    let (number, parameters) = text.strip_prefix("tel:").unwrap_or(text).split_once(';').unwrap_or((text, ""));
    let number = number.strip_prefix("tel:").unwrap_or(number);
    let named = |name: &str| parameters.split(';').find_map(|one| one.trim().strip_prefix(name));
    let known = ["phone-context=", "ext=", "isub="].iter().any(|name| named(name).is_some());
    if !known {
        // "(800) 901-3355; 12": the rest is looked at as an extension.
        return Some((text.strip_prefix("tel:").unwrap_or(text).to_owned(), String::new(), None));
    }
    let context = match named("phone-context=") {
        Some(prefix) if prefix.starts_with('+') => {
            let plausible = prefix[1..].chars().all(|c| c.is_ascii_digit() || "-.()".contains(c));
            plausible.then(|| digits_of(prefix))?
        }
        Some(domain) if !domain.is_empty() => String::new(),
        Some(_) => return None,
        None => String::new(),
    };
    let extension = match named("ext=") {
        Some(extension) if is_extension(extension, 20) => Some(extension.to_owned()),
        Some(_) => return None,
        None => None,
    };
    let prefix = if context.is_empty() { context } else { format!("+{context}") };
    Some((number.to_owned(), prefix, extension))
}

fn digits_of(text: &str) -> String {
    text.chars().filter_map(digit).collect()
}

/// Letters that announce an extension, and how long it may be after them: the plainer the sign, the shorter.
const ANNOUNCED: &[(&str, usize)] = &[
    ("extensión", 20),
    ("extension", 20),
    ("xtensión", 20),
    ("xtensio", 20),
    ("extn", 20),
    ("xtn", 20),
    ("ext", 20),
    ("доб", 20),
    ("anexo", 20),
    ("int", 20),
    ("x", 9),
    ("х", 9),
    ("#", 9),
    ("~", 9),
    (";", 15),
    (",,", 15),
    (",", 9),
];

/// Cuts "x 456", ", ДОБ. 100" or "- 6#" off.
fn extension_of(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end();
    let text = text.find("/ x").map_or(text, |second| text[..second].trim_end());
    let body = text.strip_suffix('#').unwrap_or(text);
    let number = body.trim_end_matches(|c: char| c.is_ascii_digit());
    let extension = &body[number.len()..];
    let rest = number.trim_end_matches(|c: char| " :.-\u{a0}".contains(c));
    let signed = |text: &'_ str| {
        ANNOUNCED.iter().find_map(|(sign, most)| {
            let before = text.strip_suffix(sign)?;
            is_extension(extension, *most).then_some(before.len())
        })
    };
    // "xtensión, 123": a comma after the word.
    let end = signed(rest.trim_end_matches([',', ' '])).or_else(|| signed(rest)).or_else(|| {
        let american = body.len() < text.len() && number.ends_with(['-', ' ']) && is_extension(extension, 6);
        american.then_some(number.len())
    })?;
    let before = text[..end].trim_end_matches([' ', ',', ';', '(', '\u{a0}']);
    Some((before, extension)).filter(|(before, _)| before.bytes().filter(u8::is_ascii_digit).count() >= 2)
}

fn is_extension(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of a number, letters of the keypad among them. A word before the first digit makes it something else.
fn number_of(text: &str) -> Option<String> {
    let start = text.trim_start_matches(|c: char| " ([:".contains(c) || c == '\u{a0}');
    if !start.starts_with(|c: char| c == '+' || digit(c).is_some()) || start.contains(['@', '=', '<', '>']) {
        return None;
    }
    // Fewer letters are slips of the pen ("(0xx) 11…"): libphonenumber's rule.
    let vanity = start.chars().filter(char::is_ascii_lowercase).count() >= 3;
    let dialled = |c: char| digit(c).or_else(|| keypad(c).filter(|_| vanity));
    let digits: String = start.chars().filter_map(dialled).collect();
    let plus = start.starts_with('+');
    // "+ 00 64": the plus and what is dialled for it.
    let digits = if plus { digits.strip_prefix("00").unwrap_or(&digits) } else { &digits };
    let long = digits.len() > MOST_DIGITS;
    (!digits.is_empty() && !long).then(|| format!("{}{digits}", if plus { "+" } else { "" }))
}

/// The letters on a telephone's keys (ITU-T E.161).
fn keypad(c: char) -> Option<char> {
    let keys = ["abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"];
    keys.iter().zip('2'..='9').find(|(letters, _)| letters.contains(c)).map(|(_, key)| key)
}

/// A decimal digit of any script, as 0-9.
pub(in crate::domain) fn digit(c: char) -> Option<char> {
    if c.is_ascii() {
        return c.is_ascii_digit().then_some(c);
    }
    let zero = ZEROS.iter().copied().find(|&zero| (zero..zero + 10).contains(&u32::from(c)))?;
    char::from_digit(u32::from(c) - zero, 10)
}

/// Where the digits of a script begin (Unicode, general category Nd).
const ZEROS: &[u32] = &[
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0,
    0x0f20, 0x1040, 0x17e0, 0x1810, 0xff10,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Option<(String, Option<String>)> {
        readings(text).into_iter().next().map(|written| (written.digits, written.extension))
    }

    #[test]
    fn an_extension_is_kept_apart_however_it_is_written() {
        for text in [
            "(415) 555-2671 x 31",
            "415.555.2671ext31",
            "415-555-2671, extension 31",
            "415 555 2671 #31",
            "415 555 2671,,31#",
            "415 555 2671 ; 31",
            "４１５ ５５５ ２６７１ ｅｘｔｎ ３１",
            "tel:415-555-2671;ext=31",
        ] {
            assert_eq!(first(text), Some(("4155552671".into(), Some("31".into()))), "{text}");
        }
    }

    #[test]
    fn the_context_of_an_address_stands_before_its_number() {
        assert_eq!(first("tel:7946-0958;phone-context=+44-20"), Some(("+442079460958".into(), None)));
        assert_eq!(first("tel:020-7946-0958;phone-context=shop.example"), Some(("02079460958".into(), None)));
        assert_eq!(first("tel:1;phone-context="), None);
    }

    #[test]
    fn letters_of_the_keypad_are_digits_and_words_are_none() {
        assert_eq!(first("1-800-GOFEDEX"), Some(("18004633339".into(), None)));
        assert_eq!(first("sip:415@example.com"), None);
        assert_eq!(first("client:bob"), None);
        assert_eq!(first("\u{664}\u{661}\u{665}"), Some(("415".into(), None)));
    }
}
