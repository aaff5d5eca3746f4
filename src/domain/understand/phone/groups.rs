//! Digits in groups as people say them: "415", "oh", "double five", "fifty five", "eight hundred".
//!
//! Some groups can be written in two ways ("twenty one" is 21 or 20 1, "eight hundred five" is 805 or 800 5). Which of
//! them was meant is decided where the whole number is known.

use std::ops::Range;

use super::super::tokens::{Gap, Utterance, Word};
use crate::domain::phone::digit as decimal;

/// What one group may be, the likeliest first.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub readings: Vec<String>,
    /// The words that said it.
    pub at: Range<usize>,
    /// Said after a pause: a comma, the end of a sentence.
    pub apart: bool,
    /// A word that sounds like a digit ("for", "to"): counts only if it completes a number.
    pub doubtful: bool,
}

/// Groups in a row.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    pub groups: Vec<Group>,
    /// Digits to dial afterwards: "extension 12".
    pub extension: Option<String>,
    pub at: Range<usize>,
}

impl Run {
    /// The digits, every group read in its likeliest way.
    pub(super) fn digits(&self) -> String {
        digits(&self.groups)
    }

    /// How many digits, without the plus.
    pub(super) fn len(&self) -> usize {
        self.digits().trim_start_matches('+').len()
    }
}

pub(super) fn digits(groups: &[Group]) -> String {
    let sure = groups.iter().filter(|group| !group.doubtful);
    sure.filter_map(|group| group.readings.first()).map(String::as_str).collect()
}

/// All digits in an utterance, in runs.
pub(super) fn runs(said: &Utterance<'_>) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < said.words.len() {
        let run = run(said, at);
        at = run.at.end.max(at + 1);
        if run.len() > 0 {
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
        if let Some(end) = moment(said, at) {
            // A date or a clock time belongs to no number, and ends one.
            if run.groups.is_empty() {
                run.at.end = end;
            }
            break;
        }
        if !run.groups.is_empty()
            && let Some((extension, end)) = extension(said, at)
        {
            run.extension = Some(extension);
            run.at.end = end;
            break;
        }
        if let Some((group, extension)) = glued(said, at) {
            run.groups.push(group);
            run.extension = Some(extension);
            run.at.end = at + 1;
            break;
        }
        if let Some(mut group) = group(said, at) {
            at = group.at.end;
            run.at.end = at;
            group.apart &= !run.groups.is_empty();
            run.groups.push(group);
        } else if word.is("plus") && run.groups.is_empty() {
            run.groups.push(Group { readings: vec!["+".into()], at: at..at + 1, apart: false, doubtful: false });
            at += 1;
        } else if !run.groups.is_empty() && (word.any(BETWEEN) || called(said, at)) {
            at += 1;
        } else if !run.groups.is_empty()
            && let Some(heard) = sounds_like(word)
            && group_follows(said, at + 1)
        {
            let readings = vec![heard.into(), String::new()];
            run.groups.push(Group { readings, at: at..at + 1, apart: false, doubtful: true });
            at += 1;
        } else {
            break;
        }
    }
    run
}

/// Words that stand between the groups of a number.
const BETWEEN: &[&str] = &[
    "dash", "hyphen", "and", "then", "space", "dot", "point", "area", "code", "slash", "bracket", "brackets", "minus",
];

/// "Country code", "close bracket".
fn called(said: &Utterance<'_>, at: usize) -> bool {
    let next = said.words.get(at + 1);
    said.words[at].any(&["country", "open", "close"])
        && next.is_some_and(|next| next.any(&["code", "bracket", "brackets"]))
}

/// Digits as a recogniser writes them when it takes them for words.
fn sounds_like(word: &Word<'_>) -> Option<&'static str> {
    Some(match &*word.text {
        "for" => "4",
        "to" | "too" => "2",
        "won" => "1",
        "ate" => "8",
        _ => return None,
    })
}

fn group_follows(said: &Utterance<'_>, at: usize) -> bool {
    said.words.get(at).is_some_and(|word| word.before < Gap::Stop) && group(said, at).is_some()
}

/// "Extension 12", "ext 1 2", "x12".
fn extension(said: &Utterance<'_>, at: usize) -> Option<(String, usize)> {
    if !said.words[at].any(&["extension", "ext", "extn", "x"]) {
        return None;
    }
    let number = said.words.get(at + 1).is_some_and(|word| word.any(&["number", "is"]));
    let mut end = at + 1 + usize::from(number);
    let mut extension = String::new();
    while let Some(group) = group(said, end).filter(|_| extension.len() < 8) {
        extension.push_str(group.readings.first()?);
        end = group.at.end;
    }
    (!extension.is_empty()).then_some((extension, end))
}

/// "4584x31" is 4584 and an extension.
fn glued(said: &Utterance<'_>, at: usize) -> Option<(Group, String)> {
    let text = &*said.words[at].text;
    let end = text.find(|c: char| !c.is_ascii_digit()).filter(|&end| end > 0)?;
    let (digits, rest) = text.split_at(end);
    let extension = ["extn", "ext", "x"].iter().find_map(|sign| rest.strip_prefix(sign))?;
    let all_digits = !extension.is_empty() && extension.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| (figures_group(digits, at, said), extension.to_owned()))
}

fn figures_group(digits: &str, at: usize, said: &Utterance<'_>) -> Group {
    Group { readings: vec![digits.to_owned()], at: at..at + 1, apart: paused(said, at), doubtful: false }
}

/// A comma or a full stop and a space: something else may begin here, which it does not after a bracket or a dash.
fn paused(said: &Utterance<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &said.words[before]) else { return false };
    let joint = said.text.get(before.span.end..said.words[at].span.start).unwrap_or_default();
    joint.starts_with([',', '.', ';', '!', '?', '\u{2026}']) && joint.ends_with(char::is_whitespace)
}

/// "04/21/2020", "2026-12-03", "12:30": the word after it. Brackets and single slashes are a number's.
fn moment(said: &Utterance<'_>, at: usize) -> Option<usize> {
    let joint = |at: usize| {
        let (before, word) = (said.words.get(at.checked_sub(1)?)?, said.words.get(at)?);
        said.text.get(before.span.end..word.span.start).filter(|joint| joint.len() == 1)
    };
    let value = |at: usize| said.words.get(at)?.text.parse::<u32>().ok();
    let length = |at: usize| said.words.get(at).map_or(0, |word| word.text.len());
    let clock = value(at).is_some_and(|hour| hour < 25) && joint(at + 1) == Some(":") && length(at + 1) == 2;
    if clock && value(at + 1)? < 60 {
        return Some(if joint(at + 2) == Some(":") { at + 3 } else { at + 2 });
    }
    let joined = joint(at + 1).filter(|joint| "/-.".contains(joint))?;
    let three = joint(at + 2) == Some(joined) && joint(at) != Some(joined) && joint(at + 3) != Some(joined);
    let (year_first, year_last) = (length(at) == 4, length(at + 2) == 4 || joined == "/" && length(at + 2) == 2);
    let (day, month) = if year_first { (value(at + 2)?, value(at + 1)?) } else { (value(at)?, value(at + 1)?) };
    let plausible = (1..=31).contains(&day) && (1..=31).contains(&month) && (day <= 12 || month <= 12);
    let short = if year_first { [length(at + 1), length(at + 2)] } else { [length(at), length(at + 1)] };
    let date = three && (year_first || year_last) && plausible && short.iter().all(|&length| length <= 2);
    date.then_some(at + 3)
}

/// One group of digits that starts at a word.
fn group(said: &Utterance<'_>, at: usize) -> Option<Group> {
    let word = said.words.get(at)?;
    let (readings, end) = figures(&word.text)
        .map(|figures| (vec![figures], at + 1))
        .or_else(|| repeated(said, at))
        .or_else(|| spoken(said, at))?;
    Some(Group { readings, at: at..end, apart: paused(said, at), doubtful: false })
}

fn figures(text: &str) -> Option<String> {
    let (plus, text) = text.strip_prefix('+').map_or(("", text), |rest| ("+", rest));
    let digits: Option<String> = text.chars().map(decimal).collect();
    digits.filter(|digits| !digits.is_empty()).map(|digits| format!("{plus}{digits}"))
}

/// "Double five", "triple oh", "three fives", "double 5".
fn repeated(said: &Utterance<'_>, at: usize) -> Option<(Vec<String>, usize)> {
    let times = match &*said.words[at].text {
        "double" => 2,
        "triple" | "treble" => 3,
        "quadruple" => 4,
        word => {
            let times = usize::from(digit(word)?);
            let several = said.words.get(at + 1)?.text.strip_suffix('s')?;
            let several =
                if several == "sixe" { "six" } else { several.strip_suffix("oe").map_or(several, |_| "zero") };
            let repeats = (2..=6).contains(&times) && digit(several).is_some();
            return repeats.then(|| Some((vec![digit(several)?.to_string().repeat(times)], at + 2)))?;
        }
    };
    let next = said.words.get(at + 1)?;
    if let Some(digit) = digit(&next.text) {
        return Some((vec![digit.to_string().repeat(times)], at + 2));
    }
    // "Double 5", and "double 555" where a recogniser has already written what follows.
    let figures = figures(&next.text).filter(|figures| !figures.starts_with('+'))?;
    let first = figures.chars().next()?;
    Some((vec![format!("{}{figures}", first.to_string().repeat(times - 1))], at + 2))
}

/// Numbers in words, with the other way to write them down.
fn spoken(said: &Utterance<'_>, at: usize) -> Option<(Vec<String>, usize)> {
    let (small, end) = below_hundred(said, at)?;
    let first = small.first()?.clone();
    let next = said.words.get(end).map(|word| &*word.text);
    let zeros = match next {
        Some("hundred") => "00",
        Some("thousand") => "000",
        _ => return Some((small, end)),
    };
    if first.starts_with('0') || end - at > 2 {
        return Some((small, end));
    }
    let round = format!("{first}{zeros}");
    // "Eight hundred (and) five" is 805, or 800 and a 5.
    let and = said.words.get(end + 1).is_some_and(|word| word.is("and"));
    let rest = below_hundred(said, end + 1 + usize::from(and)).filter(|_| zeros == "00");
    let Some((rest, after)) = rest else { return Some((vec![round], end + 1)) };
    let Some(value) = rest.first().filter(|value| !value.starts_with('0')) else {
        return Some((vec![round], end + 1));
    };
    let joined = format!("{first}{value:0>2}");
    let more = rest.iter().map(|rest| format!("{round}{rest}"));
    let readings = if and { std::iter::once(joined).chain(more).collect() } else { more.chain([joined]).collect() };
    Some((readings, after))
}

/// "Five", "fifteen", "fifty", "fifty five" (55 or 50 5), "oh".
fn below_hundred(said: &Utterance<'_>, at: usize) -> Option<(Vec<String>, usize)> {
    let text = &*said.words.get(at)?.text;
    if let Some(value) = digit(text).or_else(|| teen(text)) {
        return Some((vec![value.to_string()], at + 1));
    }
    let tens = tens(text)?;
    match said.words.get(at + 1).and_then(|word| digit(&word.text)).filter(|&unit| unit > 0) {
        Some(unit) => Some((vec![(tens + unit).to_string(), format!("{tens}{unit}")], at + 2)),
        None => Some((vec![tens.to_string()], at + 1)),
    }
}

fn digit(word: &str) -> Option<u8> {
    Some(match word {
        "zero" | "oh" | "o" | "nought" | "naught" | "nil" => 0,
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
    let word = if word == "fourty" { "forty" } else { word };
    tens.iter().position(|ten| *ten == word).and_then(|n| u8::try_from((n + 2) * 10).ok())
}
