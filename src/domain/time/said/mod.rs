//! Finds what is said about time in a sentence, as a recogniser writes it: without punctuation, with numbers as words
//! or digits, with hesitations and changes of mind.
//!
//! Text → [`words`] → mentions of a [`day`], a [`date`] or a [`clock`] time → [`settle`]d into one meaning.

mod ahead;
mod clock;
mod counted;
mod date;
mod day;
mod doubts;
mod holidays;
mod lengths;
mod part;
mod reading;
mod settle;
mod spelling;
mod stretch;
mod whole;
mod words;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use self::{clock::Context, settle::Mention, words::Words};
use super::When;

/// One mention of time and where in the text it stands (bytes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub when: When,
    pub span: Range<usize>,
    /// What else it may mean or what was offered along with it, likeliest first: "Tuesday or Wednesday".
    pub others: Vec<When>,
    /// Why `when` may be wrong.
    pub doubt: Option<Doubt>,
}

/// Why a meaning should be asked about, or read back with care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// "At four", and no opening hours to tell morning from afternoon.
    HalfOfDay,
    /// A weekday that is today's.
    TodayOrInAWeek,
    /// The date is on another weekday than the one that was said.
    WrongWeekday,
    /// 3/4 may be in March or in April.
    DayOrMonthFirst,
    /// "The end of the month": it is not said where that begins.
    VagueBounds,
    /// "choose day": words that only sound like a day.
    Misheard,
    /// "Tuesday or Wednesday": one of several.
    Several,
    /// A bare number, or what may be none.
    MaybeNoTime,
}

/// What is said about time in `text`, corrections inside it already settled ("Thursday, no, Friday at two" is Friday at
/// two). Nothing said: `None`. `country` (ISO 3166) decides how 3/4 is read. The span reaches from the first mention to
/// the last; [`mentions`] has them one by one.
pub fn find(text: &str, country: &str) -> Option<Said> {
    found(text, country, false, true)
}

/// As [`find`], for an answer to "when?": a sentence that is only a number is an hour.
pub fn find_answer(text: &str, country: &str) -> Option<Said> {
    found(text, country, true, true)
}

/// As [`find`], but a time that is only refused ("I can't do Tuesday") is found too: what the text is about, not what is
/// wished.
pub fn find_mentioned(text: &str, country: &str) -> Option<Said> {
    find(text, country).or_else(|| found(text, country, false, false))
}

/// Every mention of time by itself, in the order of the text, refused and corrected ones too: the words that are not part
/// of a name.
pub fn mentions(text: &str, country: &str) -> Vec<Said> {
    let lower = text.to_ascii_lowercase();
    let words = Words::of(&lower, country, false);
    scan(&words)
        .into_iter()
        .map(|mention| Said {
            when: mention.when,
            span: words.span(mention.from..mention.to),
            others: Vec::new(),
            doubt: None,
        })
        .collect()
}

fn found(text: &str, country: &str, asked: bool, wished: bool) -> Option<Said> {
    // Lower case in ASCII only, so that places in it are places in the text.
    let lower = text.to_ascii_lowercase();
    let words = Words::of(&lower, country, asked);
    let settled = settle::settle(&words, &scan(&words), wished)?;
    Some(Said {
        when: settled.when,
        span: words.span(settled.from..settled.to),
        others: settled.others,
        doubt: settled.doubt,
    })
}

/// Reads from left to right, at each place the longest of what can be read there.
fn scan(words: &Words<'_>) -> Vec<Mention> {
    let mut mentions: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let context = context(&mentions, at, words.asked);
        let day = stretch::day_or_stretch(words, at);
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
