//! A telephone number as it is spoken: "two one two, triple five, oh one four two", whole or in pieces; and the digits
//! that must not be kept, of a card or a social security number.

use std::ops::Range;

use super::{
    Expecting, SpokenNumber,
    phrases::THIS_NUMBER,
    tokens::{Use, Utterance},
};
use crate::domain::phone::PhoneNumber;

/// Digits in a row, as words or figures.
#[derive(Clone, Debug, Default)]
struct Run {
    /// 0-9 and a leading "+".
    digits: String,
    /// The same when "twenty one" is 20 and 1; empty when there is no such doubt.
    apart: String,
    at: Range<usize>,
}

/// What the digits in an utterance are.
#[derive(Default)]
pub(super) struct Digits {
    pub number: Option<SpokenNumber>,
    /// A card or a social security number was said.
    pub sensitive: bool,
}

/// Finds a number and marks the words that said it.
pub(super) fn find(said: &mut Utterance<'_>, country: &str, expecting: Expecting) -> Digits {
    let runs = runs(said);
    if sensitive(said, &runs) {
        for run in runs {
            said.mark(run.at, Use::Phone);
        }
        return Digits { number: None, sensitive: true };
    }
    let this = this_one(said, expecting);
    let number = match number(said, &runs, country, expecting) {
        Some(SpokenNumber::Piece(_)) | None if this => Some(SpokenNumber::ThisOne),
        number => number,
    };
    Digits { number, sensitive: false }
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

fn number(said: &mut Utterance<'_>, runs: &[Run], country: &str, expecting: Expecting) -> Option<SpokenNumber> {
    let asked = expecting == Expecting::Phone;
    let cue = said.words.iter().position(|word| word.any(&["number", "phone", "cell", "mobile"]));
    let counts = |run: &&Run| {
        let digits = run.digits.len();
        let told = cue.is_some_and(|cue| cue < run.at.start && run.at.start - cue <= 4);
        !clock(said, &run.at)
            && !a_thing(said, &run.at)
            && (asked || digits >= 7 && !date(said, &run.at) || told && digits >= 3)
    };
    let runs: Vec<&Run> = runs.iter().filter(counts).collect();
    // Who says just "nine one one" does not leave a number.
    if let [run] = runs.as_slice()
        && matches!(run.digits.as_str(), "911" | "999" | "112" | "000")
    {
        return None;
    }
    let longest = runs.iter().max_by_key(|run| run.digits.len())?;
    let whole = |run: &&Run| read(&run.digits, country).or_else(|| read(&run.apart, country));
    // Corrected in the same breath, the later number counts; or its end is put right ("…2671, no, 2672").
    let found = runs.iter().rposition(|run| whole(run).is_some());
    let found = found.and_then(|n| match runs.get(n + 1) {
        Some(end)
            if said.words[runs[n].at.end..end.at.start]
                .iter()
                .any(|word| word.any(&["no", "sorry", "not", "wait"])) =>
        {
            let kept = runs[n].digits.len().checked_sub(end.digits.len())?;
            let digits = format!("{}{}", &runs[n].digits[..kept], end.digits);
            Some((vec![runs[n].at.clone(), end.at.clone()], read(&digits, country)?))
        }
        _ => Some((vec![runs[n].at.clone()], whole(&runs[n])?)),
    });
    let joined = || {
        let all: String = runs.iter().map(|run| run.digits.as_str()).collect();
        Some((runs.iter().map(|run| run.at.clone()).collect(), read(&all, country).filter(|_| runs.len() > 1)?))
    };
    let (at, number) = match found.or_else(joined) {
        Some((at, number)) => (at, SpokenNumber::Whole(number)),
        None if asked => {
            let digits: String = runs.iter().map(|run| run.digits.as_str()).collect();
            (runs.iter().map(|run| run.at.clone()).collect(), SpokenNumber::Piece(digits))
        }
        None => (vec![longest.at.clone()], SpokenNumber::Piece(longest.digits.clone())),
    };
    for at in at {
        said.mark(at, Use::Phone);
    }
    Some(number)
}

fn read(digits: &str, country: &str) -> Option<PhoneNumber> {
    // E.164 allows 15 digits; before them "+", "00" or "011" may stand.
    if !(7..=18).contains(&digits.len()) {
        return None;
    }
    let abroad = || PhoneNumber::parse(&format!("+{}", digits.strip_prefix("00")?), country).ok();
    PhoneNumber::parse(digits, country).ok().or_else(abroad)
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

/// All digits in the utterance, in runs.
fn runs(said: &Utterance<'_>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while at < said.words.len() {
        let run = run(said, at);
        at = run.at.end.max(at + 1);
        if !run.digits.trim_start_matches('+').is_empty() {
            runs.push(run);
        }
    }
    runs
}

fn run(said: &Utterance<'_>, start: usize) -> Run {
    let mut run = Run { at: start..start, ..Run::default() };
    let mut at = start;
    while at < said.words.len() {
        let word = &said.words[at];
        if let Some((together, apart, next)) = group(said, at) {
            run.digits.push_str(&together);
            run.apart.push_str(&apart);
            at = next;
            run.at.end = at;
        } else if word.is("plus") && run.digits.is_empty() {
            run.digits.push('+');
            run.apart.push('+');
            at += 1;
        } else if !run.digits.is_empty() && word.any(BETWEEN) {
            at += 1;
        } else {
            break;
        }
    }
    run
}

/// Words that stand between the groups of a number.
const BETWEEN: &[&str] = &["dash", "hyphen", "and", "then", "space", "dot", "point", "area", "code"];

/// One group of digits: "415", "oh", "double five", "fifty five", "eight hundred". With the other reading of "twenty
/// one", and the word after it.
fn group(said: &Utterance<'_>, at: usize) -> Option<(String, String, usize)> {
    let same = |digits: String, next: usize| Some((digits.clone(), digits, next));
    let text = &*said.words.get(at)?.text;
    let figures = text.strip_prefix('+').unwrap_or(text);
    if !figures.is_empty() && figures.bytes().all(|byte| byte.is_ascii_digit()) {
        return same(text.to_owned(), at + 1);
    }
    let times = match text {
        "double" => 2,
        "triple" | "treble" => 3,
        "quadruple" => 4,
        _ => 0,
    };
    if times > 0 {
        let next = said.words.get(at + 1)?;
        let digit = digit(&next.text).or_else(|| next.text.parse::<u8>().ok().filter(|&digit| digit < 10))?;
        return same(digit.to_string().repeat(times), at + 2);
    }
    let next = said.words.get(at + 1);
    if let Some(digit) = digit(text) {
        return match next.map(|word| &*word.text) {
            Some("hundred") if digit > 0 => same(format!("{digit}00"), at + 2),
            Some("thousand") if digit > 0 => same(format!("{digit}000"), at + 2),
            _ => same(digit.to_string(), at + 1),
        };
    }
    if let Some(teen) = teen(text) {
        return same(teen.to_string(), at + 1);
    }
    let tens = tens(text)?;
    match next.and_then(|word| digit(&word.text)).filter(|&unit| unit > 0) {
        Some(unit) => Some(((tens + unit).to_string(), format!("{tens}{unit}"), at + 2)),
        None => same(tens.to_string(), at + 1),
    }
}

fn digit(word: &str) -> Option<u8> {
    Some(match word {
        "zero" | "oh" | "o" | "nought" | "naught" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" | "niner" => 9,
        _ => return None,
    })
}

fn teen(word: &str) -> Option<u8> {
    let teens =
        ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
    teens.iter().position(|teen| *teen == word).and_then(|n| u8::try_from(n + 10).ok())
}

fn tens(word: &str) -> Option<u8> {
    let tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    tens.iter().position(|ten| *ten == word).and_then(|n| u8::try_from((n + 2) * 10).ok())
}

/// A payment card (ISO/IEC 7812: 13 to 19 digits with a Luhn check digit) or a US social security number.
fn sensitive(said: &Utterance<'_>, runs: &[Run]) -> bool {
    let mentions = |words: &[&str]| said.words.iter().any(|word| word.any(words));
    let security = mentions(&["ssn", "social"]);
    let code = mentions(&["cvv", "cvc", "cvv2"]) || mentions(&["security"]) && mentions(&["code"]);
    let card = mentions(&["card", "visa", "mastercard", "amex"]);
    let all: String = runs.iter().map(|run| run.digits.as_str()).collect();
    let long =
        runs.iter().flat_map(|run| [run.digits.as_str(), run.apart.as_str()]).chain([all.as_str()]).any(card_number);
    let dashed = runs.iter().any(|run| {
        let lengths: Vec<usize> = said.words[run.at.clone()].iter().map(|word| word.text.len()).collect();
        lengths == [3, 2, 4]
    });
    long || card && all.len() >= 12 || dashed || security && all.len() >= 4 || code && (3..=8).contains(&all.len())
}

/// Cards start with 2 to 6; a number with "+", "00" or "011" before it is a telephone's.
fn card_number(digits: &str) -> bool {
    let card = (13..=19).contains(&digits.len()) && digits.starts_with(['2', '3', '4', '5', '6']);
    card && digits.bytes().all(|byte| byte.is_ascii_digit()) && luhn(digits)
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(n, byte)| {
            let digit = u32::from(byte - b'0') << (n % 2);
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}
