//! A telephone number as it is spoken: "two one two, triple five, oh one four two", whole or in pieces; and the digits
//! that must not be kept, of a card or a social security number.

mod groups;
mod reading;
mod sensitive;

use std::ops::Range;

use self::{
    groups::{Group, Run},
    reading::Read,
};
use super::{
    Expecting, SpokenNumber,
    phrases::THIS_NUMBER,
    tokens::{Use, Utterance},
};
use crate::domain::phone::PhoneNumber;

/// What the digits in an utterance are.
#[derive(Default)]
pub(super) struct Digits {
    pub number: Option<SpokenNumber>,
    /// Digits to dial after the number.
    pub extension: Option<String>,
    /// The words could mean another number as well: it is read back before it is used.
    pub uncertain: bool,
    /// A card or a social security number was said.
    pub sensitive: bool,
}

impl Digits {
    /// A plus begins a number: what was said before it is of another.
    fn piece(mut digits: String) -> Self {
        digits.drain(..digits.rfind('+').unwrap_or(0));
        Self { number: Some(SpokenNumber::Piece(digits)), ..Self::default() }
    }
}

/// The number in a text, written or said, for who wants nothing else of it.
pub(super) fn only(text: &str, country: &str) -> Digits {
    let mut said = Utterance::read(text);
    let found = find(&mut said, country, Expecting::Phone);
    let written = PhoneNumber::parse_with_extension(text, country).ok();
    match (&found.number, written) {
        _ if found.sensitive => found,
        (Some(SpokenNumber::Whole(number)), Some((same, extension))) if *number == same && extension.is_some() => {
            Digits { extension, uncertain: false, ..found }
        }
        (Some(SpokenNumber::Whole(_)), _) | (_, None) => found,
        (_, Some((number, extension))) => {
            Digits { number: Some(SpokenNumber::Whole(number)), extension, ..Digits::default() }
        }
    }
}

/// What a number becomes when some of its digits are said again.
pub(super) fn amended(before: &PhoneNumber, text: &str, country: &str) -> Option<PhoneNumber> {
    let mut said = Utterance::read(text);
    let Digits { number, sensitive: false, .. } = find(&mut said, country, Expecting::Phone) else { return None };
    let digits = match number? {
        SpokenNumber::Whole(number) => return Some(number),
        SpokenNumber::ThisOne => return None,
        SpokenNumber::Piece(digits) => digits,
    };
    let front = said.words.iter().any(|word| word.any(&["first", "begins", "starts", "beginning", "start", "area"]));
    // "Area code 212": the beginning is counted without the country code.
    let known = before.national(country);
    let number = reading::amended(&known, &digits, front, country)?;
    PhoneNumber::parse(&number, country).ok().filter(|number| number != before)
}

/// Finds a number and marks the words that said it.
pub(super) fn find(said: &mut Utterance<'_>, country: &str, expecting: Expecting) -> Digits {
    if let Some(found) = address(said, country) {
        return found;
    }
    let runs = groups::runs(said);
    if sensitive::is_sensitive(said, &runs) {
        for run in runs {
            said.mark(run.at, Use::Phone);
        }
        return Digits { sensitive: true, ..Digits::default() };
    }
    let this = this_one(said, expecting);
    let digits = number(said, &runs, country, expecting).unwrap_or_default();
    match digits.number {
        Some(SpokenNumber::Piece(_)) | None if this => {
            Digits { number: Some(SpokenNumber::ThisOne), ..Digits::default() }
        }
        _ => digits,
    }
}

/// "tel:+1-415-555-2671" in the middle of a text.
fn address(said: &mut Utterance<'_>, country: &str) -> Option<Digits> {
    let text = said.text;
    let start =
        (0..text.len()).find(|&at| text.get(at..at + 4).is_some_and(|sign| sign.eq_ignore_ascii_case("tel:")))?;
    let end = text[start..].find(char::is_whitespace).map_or(text.len(), |end| start + end);
    let (number, extension) = PhoneNumber::parse_with_extension(&text[start..end], country).ok()?;
    let covered = said.covering(&(start..end));
    said.mark(covered, Use::Phone);
    Some(Digits { number: Some(SpokenNumber::Whole(number)), extension, ..Digits::default() })
}

fn this_one(said: &mut Utterance<'_>, expecting: Expecting) -> bool {
    let found = THIS_NUMBER.find(said);
    let sure = |at: &Range<usize>| said.words[at.clone()].iter().any(|word| word.any(&["number", "calling", "phone"]));
    let Some(found) = found.into_iter().find(|found| expecting == Expecting::Phone || sure(&found.at)) else {
        return false;
    };
    let negated = found.at.start > 0 && said.words[found.at.start - 1].is("not");
    !negated
}

/// Runs that were put together, and what the latest words did to them.
#[derive(Default)]
struct Heard {
    groups: Vec<Group>,
    at: Vec<Range<usize>>,
    extension: Option<String>,
    /// Some of it replaced what was said before it.
    corrected: bool,
}

fn number(said: &mut Utterance<'_>, runs: &[Run], country: &str, expecting: Expecting) -> Option<Digits> {
    let asked = expecting == Expecting::Phone;
    let cue = said.words.iter().position(|word| word.any(&["number", "phone", "cell", "mobile"]));
    let counts = |run: &&Run| {
        let told = cue.is_some_and(|cue| cue < run.at.start && run.at.start - cue <= 4);
        !clock(said, &run.at)
            && !a_thing(said, &run.at)
            && !counted(said, &run.at)
            && (asked || run.len() >= 7 && !date(said, &run.at) || (told || a_part(said, &run.at)) && run.len() >= 3)
    };
    let runs: Vec<&Run> = runs.iter().filter(counts).collect();
    // Who says just "nine one one" does not leave a number.
    if let [run] = runs.as_slice()
        && matches!(run.digits().as_str(), "911" | "999" | "112" | "000")
    {
        return None;
    }
    let longest = runs.iter().max_by_key(|run| run.len())?;
    let heard = heard(said, &runs, country);
    let all = || {
        let read = reading::whole(&heard.groups, country)?;
        let uncertain = read.uncertain || heard.corrected || heard.at.len() > 2;
        Some((heard.at.clone(), Read { uncertain, ..read }))
    };
    let one = || {
        runs.iter().rev().find_map(|run| {
            let read = reading::whole(&run.groups, country).or_else(|| Some(reading::part(&run.groups, country)?.0))?;
            Some((vec![run.at.clone()], read))
        })
    };
    let extension = heard.extension.clone().or_else(|| runs.iter().find_map(|run| run.extension.clone()));
    let found = all().or_else(one);
    let (at, found) = match found {
        Some((at, read)) => {
            let number = Some(SpokenNumber::Whole(read.number));
            (at, Digits { number, extension, uncertain: read.uncertain, sensitive: false })
        }
        None if asked => (heard.at, Digits::piece(groups::digits(&heard.groups))),
        None => (vec![longest.at.clone()], Digits::piece(longest.digits())),
    };
    for at in at {
        said.mark(at, Use::Phone);
    }
    Some(found)
}

/// "The last four are 2672": digits that are told to be the beginning or the end of a number.
fn a_part(said: &Utterance<'_>, at: &Range<usize>) -> bool {
    let before = &said.words[at.start.saturating_sub(4)..at.start];
    let any = |texts: &[&str]| before.iter().any(|word| word.any(texts));
    any(&["last", "first", "final"])
        && any(&["three", "four", "five", "six", "3", "4", "5", "6", "digits", "numbers"])
        && any(&["are", "is", "be", "were", "was"])
}

/// Puts the runs of an utterance together: "… five five six, sorry, five five seven" and "…, not 2671" included.
fn heard(said: &Utterance<'_>, runs: &[&Run], country: &str) -> Heard {
    let mut heard = Heard::default();
    let mut end = 0;
    let mut again = false;
    for run in runs {
        let between = &said.words[end.min(run.at.start)..run.at.start];
        end = run.at.end;
        let negated = between.last().is_some_and(|word| word.is("not"));
        let corrects = again || between.iter().any(|word| word.any(CORRECTIONS));
        again = false;
        if negated && !heard.groups.is_empty() {
            again = true;
            continue;
        }
        if heard.groups.is_empty() || !corrects {
            heard.groups.extend(run.groups.iter().cloned());
            heard.at.push(run.at.clone());
        } else if reading::whole(&run.groups, country).is_some() {
            heard = Heard { groups: run.groups.clone(), at: vec![run.at.clone()], extension: None, corrected: false };
        } else {
            let front = between.iter().any(|word| word.any(&["first", "begins", "starts"]));
            let digits = reading::amended(&groups::digits(&heard.groups), &run.digits(), front, country);
            let at = run.at.clone();
            heard.groups = vec![Group {
                readings: vec![digits.unwrap_or_else(|| run.digits())],
                at: at.clone(),
                apart: false,
                doubtful: false,
            }];
            heard.at.push(at);
            heard.corrected = true;
        }
        heard.extension = run.extension.clone().or(heard.extension);
    }
    heard
}

/// Words between digits after which they are said again.
const CORRECTIONS: &[&str] = &[
    "no",
    "nope",
    "sorry",
    "not",
    "wait",
    "actually",
    "correction",
    "rather",
    "mean",
    "meant",
    "oops",
    "scratch",
    "make",
];

/// "The last four are", "the first three digits": how many, and no digit of the number.
fn counted(said: &Utterance<'_>, at: &Range<usize>) -> bool {
    let before = at.start.checked_sub(1).map(|before| &said.words[before]);
    let after = said.words.get(at.end);
    at.len() == 1
        && (before.is_some_and(|word| word.any(&["last", "first", "final"]))
            || after.is_some_and(|word| word.any(&["digits", "digit", "numbers"])))
}

/// "I don't have one", "this one": no digit is meant.
fn a_thing(said: &Utterance<'_>, at: &Range<usize>) -> bool {
    let before = at.start.checked_sub(1).map(|before| &said.words[before]);
    let alone = at.len() == 1 && said.words[at.start].is("one");
    alone
        && before.is_some_and(|word| {
            word.any(&["this", "that", "same", "have", "other", "the", "a", "another", "which", "no"])
        })
}

/// "At 4 15", "3 o'clock", "10 am" are times.
fn clock(said: &Utterance<'_>, at: &Range<usize>) -> bool {
    let after = said.words.get(at.end);
    let before = at.start.checked_sub(1).map(|before| &said.words[before]);
    let short = at.len() <= 3;
    let written = &said.text[said.words[at.start].span.start..said.words[at.end - 1].span.end];
    short
        && (written.contains(':')
            || after.is_some_and(|word| {
                word.any(&["o'clock", "am", "pm", "a", "p", "th", "st", "nd", "rd", "minutes", "people"])
            })
            || before.is_some_and(|word| {
                word.any(&["at", "around", "about", "before", "after", "past", "til", "till", "until"])
            }))
}

/// "2026-12-03" has eight digits and is a date.
fn date(said: &Utterance<'_>, at: &Range<usize>) -> bool {
    let lengths: Vec<usize> = said.words[at.clone()].iter().map(|word| word.text.len()).collect();
    matches!(lengths.as_slice(), [4, 1 | 2, 1 | 2] | [1 | 2, 1 | 2, 4] | [8])
}
