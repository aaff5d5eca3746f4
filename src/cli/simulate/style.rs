//! How callers put things, and what a line makes of it: fillers, stories, a recogniser without punctuation; numbers and
//! times as they are spoken.

use jiff::civil::{DateTime, Time};

use super::{
    scenario::Style,
    told::{MONTHS, WEEKDAYS},
};
use crate::testing::dice::Dice;

const FILLERS: [&str; 8] = ["um", "uh", "er", "hmm", "well", "let me see", "um, you know", "uh, I mean"];
/// Said before what was asked for, and meaning nothing for it.
const BEFORE: [&str; 6] = [
    "Oh, it is so nice that somebody picks up.",
    "Sorry, it's a bit loud here, I'm in the car with the kids.",
    "You know, my sister told me about you.",
    "Bear with me, I've only just had my coffee.",
    "What a day, honestly.",
    "Oh, thank you so much for asking.",
];
const AFTER: [&str; 5] = [
    "That would be really lovely.",
    "You're a lifesaver.",
    "I've been meaning to call for ages.",
    "My husband says hello, by the way.",
    "Isn't the weather dreadful?",
];

/// What reaches the agent when a caller means `words`.
pub(super) fn spoken(words: &str, style: Style, dice: &mut Dice) -> String {
    match style {
        Style::Clean | Style::Terse => words.to_owned(),
        Style::Recogniser => recognised(words),
        Style::Fillers => hesitant(words, dice),
        Style::Chatty => chatty(words, dice),
    }
}

/// Small letters and no punctuation, except inside numbers and words.
pub(super) fn recognised(words: &str) -> String {
    let small = words.to_lowercase().replace("a.m.", "am").replace("p.m.", "pm").replace(" - ", " ");
    let kept = |(at, c): (usize, char)| {
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let within = inside(small[..at].chars().next_back()) && inside(small[at + c.len_utf8()..].chars().next());
        match c {
            ',' | '.' | '?' | '!' | ';' | '"' | '…' | '–' if !within => None,
            ',' | '!' | ';' => Some(' '),
            c => Some(c),
        }
    };
    let text: String = small.char_indices().filter_map(kept).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn hesitant(words: &str, dice: &mut Dice) -> String {
    let parts: Vec<&str> = words.split_whitespace().collect();
    let mut said = Vec::new();
    // A single word, such as a yes, is brought out without a stumble.
    if parts.len() > 2 && dice.percent(60) {
        said.extend(dice.pick(&FILLERS).map(|filler| format!("{filler},")));
    }
    for (at, word) in parts.iter().enumerate() {
        // Nobody stumbles over the halves of a time or of a number.
        let plain = word.chars().all(char::is_alphabetic) && word.len() > 2;
        if at > 0 && at + 1 < parts.len() && plain && dice.percent(12) {
            said.extend(dice.pick(&FILLERS[..4]).map(|filler| (*filler).to_owned()));
        }
        if at == 0 && plain && parts.len() > 4 && dice.percent(30) {
            said.push((*word).to_owned());
        }
        said.push((*word).to_owned());
    }
    said.join(" ")
}

fn chatty(words: &str, dice: &mut Dice) -> String {
    let mut text = String::new();
    let long = words.split_whitespace().count() > 2;
    if long && dice.percent(50) {
        text.extend(dice.pick(&BEFORE).map(|story| format!("{story} ")));
    }
    text.push_str(words);
    if long && dice.percent(40) {
        if !text.ends_with(['.', '!', '?']) {
            text.push('.');
        }
        text.extend(dice.pick(&AFTER).map(|story| format!(" {story}")));
    }
    text
}

const DIGITS: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/// A country, its code, the trunk's zero, and the groups in which its mobile numbers are said.
type Plan = (&'static str, &'static str, &'static str, &'static [usize]);

const PLANS: &[Plan] = &[
    ("US", "+1", "", &[3, 3, 4]),
    ("CA", "+1", "", &[3, 3, 4]),
    ("GB", "+44", "0", &[5, 3, 3]),
    ("AU", "+61", "0", &[4, 3, 3]),
    ("IE", "+353", "0", &[3, 3, 4]),
    ("DE", "+49", "0", &[4, 4, 4]),
    ("FR", "+33", "0", &[2, 2, 2, 2, 2]),
];

/// A number as it is dialled in `country`: with the trunk's zero, or with its own country code when it is foreign.
pub(super) fn dialled(number: &str, country: &str) -> String {
    match plan(number).filter(|plan| at_home(plan, number, country)) {
        Some((_, code, trunk, _)) => format!("{trunk}{}", &number[code.len()..]),
        None => number.to_owned(),
    }
}

fn plan(number: &str) -> Option<&'static Plan> {
    PLANS.iter().find(|(_, code, ..)| number.starts_with(code))
}

/// Countries that share a code are at home with each other.
fn at_home(plan: &Plan, number: &str, country: &str) -> bool {
    plan.0 == country || PLANS.iter().any(|(home, code, ..)| *home == country && number.starts_with(code))
}

/// A number as somebody says it: in digits, or in words with pauses.
pub(super) fn number(number: &str, country: &str, dice: &mut Dice) -> String {
    let dialled = dialled(number, country);
    let lengths = plan(number).map_or(&[3_usize, 3, 4][..], |plan| plan.3);
    let (plus, groups) = match (dialled.strip_prefix('+'), plan(number)) {
        // A foreign number begins with its country, and goes on without the trunk's zero.
        (Some(digits), Some((_, code, ..))) => {
            let (country, rest) = digits.split_at(code.len() - 1);
            ("plus ", [vec![country], in_groups(rest, lengths)].concat())
        }
        (Some(digits), None) => ("plus ", in_groups(digits, lengths)),
        (None, _) => ("", in_groups(&dialled, lengths)),
    };
    let in_words = |group: &&str| {
        let words = group.bytes().filter_map(|digit| DIGITS.get(usize::from(digit.wrapping_sub(b'0'))));
        words.copied().collect::<Vec<_>>().join(" ")
    };
    match dice.below(3) {
        0 => format!("{}{}", if plus.is_empty() { "" } else { "+" }, groups.join(" ")),
        1 => format!("{plus}{}", groups.iter().map(in_words).collect::<Vec<_>>().join(", ")),
        _ => format!("It's {plus}{}", groups.iter().map(in_words).collect::<Vec<_>>().join(" ")),
    }
}

/// The digits in groups of these lengths, the last one as long as it comes.
fn in_groups<'a>(digits: &'a str, lengths: &[usize]) -> Vec<&'a str> {
    let mut groups = Vec::new();
    let mut rest = digits;
    for length in lengths {
        if rest.len() <= *length {
            break;
        }
        let (group, more) = rest.split_at(*length);
        groups.push(group);
        rest = more;
    }
    groups.push(rest);
    groups
}

/// A time of day as people say one: "3:30 pm", "half past three", "three thirty".
pub(super) fn time(time: Time, dice: &mut Dice) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    let half = if hour < 12 { "am" } else { "pm" };
    let twelve = |hour: i8| if hour % 12 == 0 { 12 } else { hour % 12 };
    match (hour, minute) {
        (12, 0) => "noon".to_owned(),
        (_, 0) => format!("{} {half}", twelve(hour)),
        // At night nobody leaves the half of the day to be guessed.
        (..7 | 21.., minute) => format!("{}:{minute:02} {half}", twelve(hour)),
        (_, 30) if dice.percent(50) => format!("half past {}", twelve(hour)),
        (_, 15) if dice.percent(50) => format!("quarter past {}", twelve(hour)),
        (_, minute) => format!("{}:{minute:02} {half}", twelve(hour)),
    }
}

/// A day and a time: "Thursday the 3rd of December at 10 am".
pub(super) fn moment(at: DateTime, dice: &mut Dice) -> String {
    let index = |n: i8| usize::try_from(n).unwrap_or_default();
    let weekday = capital(WEEKDAYS.get(index(at.date().weekday().to_monday_zero_offset())).unwrap_or(&""));
    let month = capital(MONTHS.get(index(at.month() - 1)).unwrap_or(&""));
    let ending = match (at.day() % 10, at.day() / 10) {
        (1, tens) if tens != 1 => "st",
        (2, tens) if tens != 1 => "nd",
        (3, tens) if tens != 1 => "rd",
        _ => "th",
    };
    let time = time(at.time(), dice);
    match dice.below(2) {
        0 => format!("{weekday}, {month} {}{ending} at {time}", at.day()),
        _ => format!("{time} on {weekday} the {}{ending} of {month}", at.day()),
    }
}

/// "K O V A C S".
pub(super) fn spelled(name: &str) -> String {
    let letters = |word: &str| word.to_uppercase().chars().map(String::from).collect::<Vec<_>>().join(" ");
    name.split_whitespace().map(letters).collect::<Vec<_>>().join(", ")
}

pub(super) fn ordinal(nth: usize, of: usize, dice: &mut Dice) -> String {
    const WORDS: [&str; 4] = ["first", "second", "third", "fourth"];
    if nth + 1 == of && of > 1 && dice.percent(30) {
        return "the last one".to_owned();
    }
    WORDS.get(nth).map_or_else(|| "that one".to_owned(), |word| format!("the {word} one"))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recogniser_leaves_the_words_and_takes_the_rest() {
        let said = "Hi, this is Anna. Could I come at 3:30 p.m., or 10.15? I'd love that!";
        assert_eq!(recognised(said), "hi this is anna could i come at 3:30 pm or 10.15 i'd love that");
    }

    #[test]
    fn whoever_hesitates_still_says_every_word() {
        for seed in 0..50 {
            let mut dice = Dice::named("hesitates", seed);
            let said = hesitant("I would like a haircut on Tuesday at half past three", &mut dice);
            let mut left = said.split_whitespace();
            for word in "would like a haircut on Tuesday at half past three".split_whitespace() {
                assert!(left.any(|said| said == word), "{word} is missing: {said}");
            }
        }
    }

    #[test]
    fn numbers_are_said_as_they_are_dialled_there() {
        assert_eq!(dialled("+12125550177", "US"), "2125550177");
        assert_eq!(dialled("+442079460958", "GB"), "02079460958");
        assert_eq!(dialled("+442079460958", "US"), "+442079460958");
        assert_eq!(dialled("+16045550144", "US"), "6045550144");
        assert_eq!(in_groups("2125550177", &[3, 3, 4]), ["212", "555", "0177"]);
        let abroad = (0..9).map(|seed| number("+447400123456", "US", &mut Dice::named("abroad", seed)));
        assert!(abroad.into_iter().any(|said| said == "+44 74001 234 56"), "by its country first");
        for seed in 0..9 {
            let said = number("+12125550177", "US", &mut Dice::named("n", seed));
            assert!(said.contains("212 555 0177") || said.contains("one two"), "{said}");
        }
    }

    #[test]
    fn times_are_said_whole() {
        let mut dice = Dice::named("t", 1);
        let said = moment("2026-12-03T10:00".parse().unwrap(), &mut dice);
        assert!(said.contains("Thursday") && said.contains("3rd") && said.contains("10 am"), "{said}");
    }
}
