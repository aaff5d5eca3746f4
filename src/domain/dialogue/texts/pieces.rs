//! The parts of sentences that are the same in every language.

use jiff::civil::Weekday;

use crate::domain::{
    business::{Business, OpenPeriod},
    dialogue::Asked,
    email::EmailAddress,
    ids::{ServiceId, StaffId},
    money::Money,
};

/// Ends a sentence; "3 p.m." has its full stop already.
pub(super) fn stop(mut sentence: String) -> String {
    if !sentence.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    sentence
}

/// A service within a sentence; an abbreviation ("MRI") stays as it is.
pub(super) fn lower(name: &str) -> String {
    let word = |word: &str| {
        let shouted = word.chars().count() > 1 && word.chars().all(|c| !c.is_lowercase());
        if shouted { word.to_owned() } else { word.to_lowercase() }
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

pub(super) fn first(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// "K, O, V, A, C, S": letter by letter, each name after a pause.
pub(super) fn letters(name: &str, hyphen: &str, apostrophe: &str) -> String {
    let words = name.split_whitespace().map(|word| {
        let letters = word.chars().map(|letter| match letter {
            '-' => hyphen.to_owned(),
            '\'' | '’' => apostrophe.to_owned(),
            letter => letter.to_uppercase().collect(),
        });
        letters.collect::<Vec<_>>().join(", ")
    });
    words.collect::<Vec<_>>().join("; ")
}

/// "one, two, and three", with the word before the last.
pub(super) fn listed(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [one, two] => format!("{one} {word} {two}"),
        [rest @ .., last] => format!("{}, {word} {last}", rest.join(", ")),
    }
}

/// "uno, dos y tres": as in most languages, without the comma before the word.
pub(super) fn series(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} {word} {last}", rest.join(", ")),
    }
}

/// One of several ways to say the same, by the caller's turn: the same call always sounds the same.
pub(super) fn vary(turn: u16, ways: &[&str]) -> String {
    let at = usize::from(turn) % ways.len().max(1);
    ways.get(at).copied().unwrap_or_default().to_owned()
}

/// The days of the week that are open, those that follow each other with the same hours together.
pub(super) fn week(business: &Business) -> Vec<(Weekday, Weekday, &[OpenPeriod])> {
    let mut groups: Vec<(Weekday, Weekday, &[OpenPeriod])> = Vec::new();
    for day in Weekday::Monday.cycle_forward().take(7) {
        let periods = business.hours.on(day);
        match groups.last_mut() {
            Some((_, last, same)) if *same == periods => *last = day,
            _ => groups.push((day, day, periods)),
        }
    }
    groups.retain(|(_, _, periods)| !periods.is_empty());
    groups
}

/// " para haircut con Maria": what follows the word for an appointment, as much as is known. The names are the owner's
/// and have no article, since nobody knows their gender.
pub(super) fn about(
    business: &Business,
    service: Option<ServiceId>,
    staff: Option<StaffId>,
    what: impl Fn(&str) -> String,
    with: impl Fn(&str) -> String,
) -> String {
    let mut text = String::new();
    if let Some(service) = service.and_then(|service| business.service(service)) {
        text.push(' ');
        text.push_str(&what(&service.name));
    }
    if let Some(member) = staff.and_then(|staff| business.member(staff)).filter(|_| business.staff.len() > 1) {
        text.push(' ');
        text.push_str(&with(&member.name));
    }
    text
}

/// What a question asks for: the first line of a language's list that has one of its phrases.
pub(super) fn asked_among(question: &str, questions: &[(Asked, &[&str])]) -> Option<Asked> {
    let question = format!("{} ", question.to_lowercase().replace('’', "'"));
    let said = |phrases: &[&str]| phrases.iter().any(|phrase| question.contains(phrase));
    questions.iter().find(|(_, phrases)| said(phrases)).map(|(asked, _)| *asked)
}

/// The number of the emergency services, digit by digit.
pub(super) fn emergency_number(country: &str) -> &'static str {
    match country {
        "US" | "CA" => "9 1 1",
        "GB" | "IE" => "9 9 9",
        "AU" => "0 0 0",
        "NZ" => "1 1 1",
        _ => "1 1 2",
    }
}

/// An amount of money in a language's words for its currency (one, several) and what joins the minor units to it.
pub(super) fn amount(price: Money, unit: Option<(&str, &str)>, joined: &str) -> String {
    let Some((one, many)) = unit else { return price.to_string() };
    let (major, minor) = price.parts();
    let unit = if major == 1 { one } else { many };
    if minor == 0 { format!("{major} {unit}") } else { format!("{major} {unit}{joined}{minor:02}") }
}

/// The signs of an e-mail address in words.
#[derive(Clone, Copy)]
pub(super) struct Signs {
    pub at: &'static str,
    pub dot: &'static str,
    pub underscore: &'static str,
    pub hyphen: &'static str,
    pub plus: &'static str,
    pub apostrophe: &'static str,
}

impl Signs {
    /// An address letter by letter.
    pub(super) fn email(self, address: &EmailAddress) -> String {
        let spoken = address.spoken();
        spoken.split(", ").map(|part| self.word(part)).collect::<Vec<_>>().join(", ")
    }

    /// A number that stands in groups of digits.
    pub(super) fn number(self, spoken: &str) -> String {
        spoken.split(' ').map(|part| self.word(part)).collect::<Vec<_>>().join(" ")
    }

    /// The letters of a name.
    pub(super) fn letters(self, name: &str) -> String {
        letters(name, self.hyphen, self.apostrophe)
    }

    fn word<'a>(&self, english: &'a str) -> &'a str {
        match english {
            "at" => self.at,
            "dot" => self.dot,
            "underscore" => self.underscore,
            "hyphen" => self.hyphen,
            "plus" => self.plus,
            "apostrophe" => self.apostrophe,
            other => other,
        }
    }
}
