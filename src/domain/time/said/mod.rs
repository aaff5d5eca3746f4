//! Finds what is said about time in a sentence, as a recogniser writes it: without punctuation, with numbers as words
//! or digits, with hesitations and changes of mind.
//!
//! Text → [`words`] → mentions of a [`day`], a [`date`] or a [`clock`] time → [`settle`]d into one meaning.

mod clock;
mod date;
mod day;
mod part;
mod reading;
mod settle;
mod stretch;
mod words;

use std::ops::Range;

use self::{clock::Context, settle::Mention, words::Words};
use super::When;

/// One mention of time and where in the text it stands (bytes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub when: When,
    pub span: Range<usize>,
}

/// What is said about time in `text`, corrections inside it already settled ("Thursday, no, Friday at two" is Friday at
/// two). Nothing said: `None`. `country` (ISO 3166) decides how 3/4 is read. The span reaches from the first mention to
/// the last; [`mentions`] has them one by one.
pub fn find(text: &str, country: &str) -> Option<Said> {
    found(text, country, false)
}

/// As [`find`], for an answer to "when?": a sentence that is only a number is an hour.
pub fn find_answer(text: &str, country: &str) -> Option<Said> {
    found(text, country, true)
}

/// Every mention of time by itself, in the order of the text, refused and corrected ones too: the words that are not part
/// of a name.
pub fn mentions(text: &str, country: &str) -> Vec<Said> {
    let lower = text.to_ascii_lowercase();
    let words = Words::of(&lower);
    scan(&words, country, false)
        .into_iter()
        .map(|mention| Said { when: mention.when, span: words.span(mention.from..mention.to) })
        .collect()
}

fn found(text: &str, country: &str, expected: bool) -> Option<Said> {
    // Lower case in ASCII only, so that places in it are places in the text.
    let lower = text.to_ascii_lowercase();
    let words = Words::of(&lower);
    let (when, from, to) = settle::settle(&words, &scan(&words, country, expected))?;
    Some(Said { when, span: words.span(from..to) })
}

/// Reads from left to right, at each place the longest of what can be read there.
fn scan(words: &Words<'_>, country: &str, expected: bool) -> Vec<Mention> {
    let mut mentions: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let context = context(&mentions, at, expected);
        let day = stretch::day_or_stretch(words, at, country, expected);
        let clock = clock::clock(words, at, context);
        let (when, next) = match (day, clock) {
            (Some((_, day_end)), Some((when, end))) if end > day_end => (when, end),
            (Some((day, end)), _) => (When { day: Some(day), clock: None }, end),
            (None, Some(found)) => found,
            (None, None) => {
                at += 1;
                continue;
            }
        };
        mentions.push(Mention { when, from: at, to: next });
        at = next;
    }
    mentions
}

fn context(mentions: &[Mention], at: usize, expected: bool) -> Context {
    let last = mentions.last();
    Context {
        floor: last.map_or(0, |last| last.to),
        beside: last.filter(|last| last.to == at).map(|last| last.when),
        after_clock: mentions.iter().any(|mention| mention.when.clock.is_some()),
        expected,
    }
}
