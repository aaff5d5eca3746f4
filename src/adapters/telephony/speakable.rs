//! Text made fit for a voice: what would be read out letter by letter, or as "asterisk asterisk", is taken out.
//!
//! It works on pieces of a sentence as they stream, so it never trims: the space between two pieces is speech too.

use std::borrow::Cow;

/// `text` without emoji, markdown signs, angle brackets (some voices take them for markup) and control characters; line
/// breaks become spaces, and a web address becomes "the link", since nobody writes down forty spoken characters.
pub(super) fn speakable(text: &str) -> Cow<'_, str> {
    if !has_link(text) && text.chars().all(|c| spoken(c) == Spoken::AsIs) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        let (word, space) = word.split_at(word.trim_end().len());
        match link_in(word) {
            Some(link) => {
                push_spoken(&mut out, link.before);
                out.push_str("the link");
                push_spoken(&mut out, link.after);
            }
            None => push_spoken(&mut out, word),
        }
        push_spoken(&mut out, space);
    }
    Cow::Owned(out)
}

fn push_spoken(out: &mut String, text: &str) {
    out.extend(text.chars().filter_map(|c| match spoken(c) {
        Spoken::AsIs => Some(c),
        Spoken::Space => Some(' '),
        Spoken::Not => None,
    }));
}

#[derive(PartialEq, Eq)]
enum Spoken {
    AsIs,
    Space,
    Not,
}

/// Zero-width and direction marks, joiners, the keycap's ring, variation selectors and tags; arrows, technical signs,
/// geometric shapes and dingbats; the planes of emoji. Source: the Unicode block names.
const UNSPOKEN: [std::ops::RangeInclusive<char>; 14] = [
    '\u{200B}'..='\u{200F}',
    '\u{202A}'..='\u{202E}',
    '\u{2060}'..='\u{206F}',
    '\u{20E3}'..='\u{20E3}',
    '\u{2190}'..='\u{21FF}',
    '\u{2300}'..='\u{23FF}',
    '\u{2460}'..='\u{27BF}',
    '\u{2900}'..='\u{297F}',
    '\u{2B00}'..='\u{2BFF}',
    '\u{FE00}'..='\u{FE0F}',
    '\u{FEFF}'..='\u{FEFF}',
    '\u{FFFC}'..='\u{FFFF}',
    '\u{1F000}'..='\u{1FAFF}',
    '\u{E0000}'..='\u{E0FFF}',
];

fn spoken(c: char) -> Spoken {
    match c {
        '\n' | '\r' | '\t' | '<' | '>' | '_' => Spoken::Space,
        '*' | '`' | '#' | '~' => Spoken::Not,
        c if c.is_control() => Spoken::Not,
        c if c.is_ascii() => Spoken::AsIs,
        c if UNSPOKEN.iter().any(|range| range.contains(&c)) => Spoken::Not,
        _ => Spoken::AsIs,
    }
}

struct Link<'a> {
    before: &'a str,
    after: &'a str,
}

const STARTS: [&str; 3] = ["https://", "http://", "www."];

fn has_link(text: &str) -> bool {
    STARTS.iter().any(|start| find_ignoring_case(text, start).is_some())
}

/// The web address in a word, without the punctuation that ends the sentence around it.
fn link_in(word: &str) -> Option<Link<'_>> {
    let at = STARTS.iter().filter_map(|start| find_ignoring_case(word, start)).min()?;
    let (before, address) = word.split_at(at);
    // Markdown's "[our page](https://…)" leaves "our page" and no address.
    let before = before.trim_end_matches('(');
    let end = address.trim_end_matches(['.', ',', ';', '!', '?', ')', ']', '"', '\'']).len();
    Some(Link { before, after: address[end..].trim_start_matches([')', ']']) })
}

fn find_ignoring_case(text: &str, ascii: &str) -> Option<usize> {
    let at = text.as_bytes().windows(ascii.len()).position(|window| window.eq_ignore_ascii_case(ascii.as_bytes()))?;
    let starts_a_word = !text[..at].ends_with(char::is_alphanumeric);
    starts_a_word.then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c25_what_cannot_be_spoken_is_not_sent_to_the_voice() {
        for (written, spoken) in [
            ("You're booked 🎉👩‍🦰!", "You're booked !"),
            ("**Tuesday** at `10`", "Tuesday at 10"),
            ("See https://example.com/b/7f3a?x=1.", "See the link."),
            ("See (WWW.example.com), please", "See the link, please"),
            ("a\nb\u{7}\u{202E}c", "a bc"),
            ("<speak>hi</speak>", " speak hi /speak "),
            ("Fish & Chips", "Fish & Chips"),
            ("1️⃣ or 2️⃣", "1 or 2"),
            ("Kovács Ágnes 10 € ½ naïve — “yes”", "Kovács Ágnes 10 € ½ naïve — “yes”"),
        ] {
            assert_eq!(speakable(written), spoken, "{written}");
        }
    }

    #[test]
    fn a_piece_of_a_sentence_keeps_its_spaces() {
        assert_eq!(speakable(" and then "), " and then ");
        assert_eq!(speakable("**and** "), "and ");
        assert_eq!(speakable(""), "");
    }

    #[test]
    fn plain_text_costs_nothing() {
        assert!(matches!(speakable("Ten o'clock on Tuesday?"), Cow::Borrowed(_)));
    }
}
