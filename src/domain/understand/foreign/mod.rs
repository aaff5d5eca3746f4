//! What must not be missed in a language other than English: yes and no, digits, a name that was asked for, and words that
//! end the call or endanger somebody.
//!
//! English is understood by a grammar. Here is a closed list of words for each language, and the opposite bargain: an
//! utterance is a yes only if every word of it is known to agree or to say nothing. What callers want, and when, is
//! not looked for at all: English patterns would misread it, and a model hands it over by its tools.

mod dutch;
mod french;
mod german;
mod italian;
mod portuguese;
mod spanish;

#[cfg(test)]
mod tests;

use super::{
    Answer, Choice, Expecting, Intent, Meaning, SpokenNumber, email, found, phone,
    tokens::{Use, Utterance, fold},
};
use crate::domain::business::Business;

/// The words of one language: lower case, without accents, an apostrophe as '\''. A longer phrase wins over a shorter one
/// in the same place, and of two alike the list that stands first here.
#[derive(Default)]
pub(super) struct Words {
    /// A no wherever it stands.
    refusal: &'static [&'static str],
    /// Not sure, or only if: takes a yes back.
    unsure: &'static [&'static str],
    /// "That's all", "goodbye".
    goodbye: &'static [&'static str],
    repeat: &'static [&'static str],
    never_mind: &'static [&'static str],
    /// "Cancel it", which agrees to "shall I cancel it?" and to nothing else.
    cancel: &'static [&'static str],
    /// The very word first. What else agrees declines after a no ("no, perfect").
    yes: &'static [&'static str],
    /// Agreeable.
    fine: &'static [&'static str],
    no: &'static [&'static str],
    /// Hesitation and courtesy.
    idle: &'static [&'static str],
    /// Found anywhere in what is said.
    emergency: &'static [&'static str],
    person: &'static [&'static str],
    message: &'static [&'static str],
    /// "This number", "the one I'm calling from".
    this_number: &'static [&'static str],
    /// What a name is told with: "my name is".
    name_is: &'static [&'static str],
    choices: &'static [(Choice, &'static [&'static str])],
    /// Nought to nine.
    digits: [&'static [&'static str]; 10],
}

/// English words that callers use in every language, and a recogniser of every language writes.
static EVERYWHERE: Words = Words {
    refusal: &["no no", "nope"],
    unsure: &[],
    goodbye: &["bye", "bye bye", "goodbye", "ciao"],
    repeat: &["pardon", "sorry"],
    never_mind: &["never mind"],
    cancel: &[],
    yes: &["yes", "yeah", "yep", "yes please"],
    fine: &["ok", "okay", "okey", "perfect", "super", "all right", "alright"],
    no: &["no", "no thanks", "no thank you"],
    idle: &["please", "thanks", "thank you", "hm", "hmm", "mm", "ah", "oh", "eh", "uh", "um", "hello", "hi"],
    emergency: &["emergency", "911", "112", "999"],
    person: &[],
    message: &[],
    this_number: &[],
    name_is: &["my name is"],
    choices: &[
        (Choice::Nth(0), &["1", "one", "number one"]),
        (Choice::Nth(1), &["2", "two", "number two"]),
        (Choice::Nth(2), &["3", "three", "number three"]),
    ],
    digits: [&[]; 10],
};

/// Of a language that there are no words for; [`EVERYWHERE`] is asked beside.
static NO_WORDS: Words = Words {
    refusal: &[],
    unsure: &[],
    goodbye: &[],
    repeat: &[],
    never_mind: &[],
    cancel: &[],
    yes: &[],
    fine: &[],
    no: &[],
    idle: &[],
    emergency: &[],
    person: &[],
    message: &[],
    this_number: &[],
    name_is: &[],
    choices: &[],
    digits: [&[]; 10],
};

/// The words of a language (BCP 47); nothing for English, which has a grammar of its own.
pub(super) fn of(language: &str) -> Option<&'static Words> {
    Some(match primary(language).as_str() {
        "" | "en" => return None,
        "es" => &spanish::WORDS,
        "de" => &german::WORDS,
        "fr" => &french::WORDS,
        "it" => &italian::WORDS,
        "pt" => &portuguese::WORDS,
        "nl" => &dutch::WORDS,
        _ => &NO_WORDS,
    })
}

fn primary(language: &str) -> String {
    language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

/// Reads one utterance in a language that there are only words of.
pub(super) fn understand(words: &'static Words, text: &str, business: &Business, expecting: Expecting) -> Meaning {
    let said = Said::read(text, words);
    let digits = digits(&said, business, expecting);
    let mut intents = said.intents(expecting);
    if digits.sensitive {
        intents.push(Intent::Sensitive);
    }
    let mut meaning = Meaning { intents, text: text.to_owned(), ..Meaning::default() };
    if expecting == Expecting::Message || digits.sensitive {
        return meaning;
    }
    if text.contains('@') {
        let mut read = Utterance::read(text);
        meaning.email = email::find(&mut read);
        let at = found::marked(&read, Use::Phone);
        found::email(&mut meaning.found, &read, meaning.email.as_ref().zip(at.as_ref()));
    }
    let asked = expecting == Expecting::Phone;
    let told = said.all(&[words.this_number]);
    meaning.phone = match digits.number {
        Some(SpokenNumber::Whole(number)) => Some(SpokenNumber::Whole(number)),
        Some(piece) if asked => Some(piece),
        _ if asked && told => Some(SpokenNumber::ThisOne),
        _ => None,
    };
    meaning.phone_uncertain = digits.uncertain && meaning.phone.is_some();
    meaning.answer = said.answer(expecting);
    meaning.choice = said.choice(expecting);
    if expecting == Expecting::Name && meaning.answer.is_none() && meaning.intents.is_empty() {
        meaning.name = said.name();
    }
    meaning
}

/// What a stretch of an utterance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Refusal,
    Unsure,
    Goodbye,
    Repeat,
    NeverMind,
    Cancel,
    ThisNumber,
    Choice(Choice),
    Yes,
    Fine,
    No,
    Idle,
    /// The very word "yes", which alone takes a no back that was said before it.
    PlainYes,
    /// A word of none of the lists.
    Other,
}

/// An utterance, word by word and as what its words are.
struct Said<'t> {
    words: &'static Words,
    text: &'t str,
    /// As they were written, and folded.
    tokens: Vec<(&'t str, String)>,
    signs: Vec<Sign>,
}

impl<'t> Said<'t> {
    fn read(text: &'t str, words: &'static Words) -> Self {
        let inside = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}' | '\u{2bc}' | '+') || is_mark(c);
        let tokens: Vec<(&str, String)> = text
            .split(|c: char| !inside(c))
            .filter(|word| word.contains(char::is_alphanumeric))
            .map(|word| (word, folded(word)))
            .collect();
        let mut said = Self { words, text, tokens, signs: Vec::new() };
        let mut at = 0;
        while at < said.tokens.len() {
            let (sign, length) = said.sign_at(at);
            said.signs.push(sign);
            at += length;
        }
        said
    }

    /// The longest phrase that begins at a word.
    fn sign_at(&self, at: usize) -> (Sign, usize) {
        let mut best = (Sign::Other, 0);
        for words in [self.words, &EVERYWHERE] {
            let lists = [
                (Sign::Refusal, words.refusal),
                (Sign::Unsure, words.unsure),
                (Sign::Goodbye, words.goodbye),
                (Sign::Repeat, words.repeat),
                (Sign::NeverMind, words.never_mind),
                (Sign::Cancel, words.cancel),
                (Sign::ThisNumber, words.this_number),
                (Sign::Yes, words.yes),
                (Sign::Fine, words.fine),
                (Sign::No, words.no),
                (Sign::Idle, words.idle),
            ];
            let choices = words.choices.iter().map(|(choice, list)| (Sign::Choice(*choice), *list));
            for (sign, list) in lists.into_iter().chain(choices) {
                let length = list.iter().filter_map(|phrase| self.stands(phrase, at)).max().unwrap_or(0);
                if length > best.1 {
                    best = (sign, length);
                }
            }
        }
        let word = self.tokens[at].1.as_str();
        if best.0 == Sign::Yes && (self.words.yes.first() == Some(&word) || matches!(word, "yes" | "yeah")) {
            best.0 = Sign::PlainYes;
        }
        (best.0, best.1.max(1))
    }

    /// How many words a phrase takes, if it stands here.
    fn stands(&self, phrase: &str, at: usize) -> Option<usize> {
        let mut length = 0;
        for word in phrase.split(' ') {
            if self.tokens.get(at + length)?.1 != word {
                return None;
            }
            length += 1;
        }
        Some(length)
    }

    fn anywhere(&self, phrases: &[&str]) -> bool {
        (0..self.tokens.len()).any(|at| {
            // "L'ambulance", "un'emergenza".
            let word = self.tokens[at].1.rsplit('\'').next().unwrap_or_default();
            phrases.iter().any(|phrase| self.stands(phrase, at).is_some() || *phrase == word)
        })
    }

    /// Whether one of these is said, and beside it only what says nothing.
    fn all(&self, lists: &[&[&str]]) -> bool {
        lists.iter().any(|list| self.anywhere(list)) && !self.signs.contains(&Sign::Other)
    }

    fn has(&self, sign: Sign) -> bool {
        self.signs.contains(&sign)
    }

    fn intents(&self, expecting: Expecting) -> Vec<Intent> {
        let mut intents = Vec::new();
        let known = !self.has(Sign::Other);
        if self.anywhere(self.words.emergency) || self.anywhere(EVERYWHERE.emergency) && expecting != Expecting::Phone {
            intents.push(Intent::Emergency);
        }
        let whole =
            [(Sign::Repeat, Intent::Repeat), (Sign::NeverMind, Intent::NeverMind), (Sign::Goodbye, Intent::Goodbye)];
        // "Sorry, yes" asks for nothing again.
        let answers = self
            .signs
            .iter()
            .any(|sign| matches!(sign, Sign::PlainYes | Sign::Yes | Sign::No | Sign::Fine | Sign::Choice(_)));
        intents.extend(
            whole
                .into_iter()
                .filter(|(sign, _)| known && self.has(*sign) && (*sign != Sign::Repeat || !answers))
                .map(|(_, intent)| intent),
        );
        if expecting == Expecting::Message {
            return intents;
        }
        if self.anywhere(self.words.person) {
            intents.push(Intent::Person);
        }
        if self.anywhere(self.words.message) {
            intents.push(Intent::LeaveMessage);
        }
        if known && self.has(Sign::Cancel) && !self.signs.iter().any(|sign| NOT_A_YES.contains(sign)) {
            intents.push(Intent::Cancel);
        }
        intents
    }

    /// A yes is one only if nothing else is said: no question, no doubt, no word that is not known. A no is one whatever
    /// follows it; "no, yes" is a yes, and "no, that's fine" declines.
    fn answer(&self, expecting: Expecting) -> Option<Answer> {
        if self.has(Sign::Refusal) {
            return Some(Answer::No);
        }
        let mut verdict = None;
        for sign in &self.signs {
            verdict = match (verdict, sign) {
                (_, Sign::No) => Some(Answer::No),
                (_, Sign::PlainYes) | (None, Sign::Yes | Sign::Fine) => Some(Answer::Yes),
                (verdict, Sign::Yes | Sign::Fine | Sign::Idle | Sign::Repeat) => verdict,
                _ => break,
            };
        }
        let spoilt = self.text.contains('?')
            || self.signs.iter().any(|sign| !matches!(sign, Sign::No) && NOT_A_YES.contains(sign))
            // "Yes, that's all" after "anything else?" wants nothing else.
            || expecting == Expecting::Anything && self.has(Sign::Goodbye);
        verdict.filter(|answer| *answer == Answer::No || !spoilt)
    }

    fn choice(&self, expecting: Expecting) -> Option<Choice> {
        let Expecting::Choice(offered) = expecting else { return None };
        if self.has(Sign::Other) || self.has(Sign::Unsure) || self.text.contains('?') {
            return None;
        }
        let choices: Vec<Choice> = self
            .signs
            .iter()
            .filter_map(|sign| match sign {
                Sign::Choice(choice) => Some(*choice),
                _ => None,
            })
            .collect();
        match choices.as_slice() {
            [Choice::Nth(at)] if *at >= offered => None,
            [only] => Some(*only),
            _ => None,
        }
    }

    /// What is left when the words around a name are taken away: one to four words that are no others, or letters.
    fn name(&self) -> Option<String> {
        let told = self.words.name_is.iter().chain(EVERYWHERE.name_is);
        let start = |at: usize| told.clone().filter_map(|phrase| self.stands(phrase, at)).max();
        let idle = |at: usize| {
            let lists = [self.words.idle, EVERYWHERE.idle];
            lists.iter().flat_map(|list| list.iter()).filter_map(|phrase| self.stands(phrase, at)).max()
        };
        let mut from = 0;
        while let Some(length) = start(from).or_else(|| idle(from)) {
            from += length;
        }
        let to = (from..self.tokens.len()).find(|&at| idle(at).is_some()).unwrap_or(self.tokens.len());
        let name = self.tokens.get(from..to)?;
        if name.is_empty() || self.text.contains('?') || name.iter().any(|(word, _)| !word.chars().all(in_a_name)) {
            return None;
        }
        let letters = name.iter().all(|(word, _)| word.chars().count() == 1) && name.len() > 1;
        if letters {
            return Some(capital(&name.iter().map(|(word, _)| word.to_lowercase()).collect::<String>()));
        }
        let written = name.iter().any(|(word, _)| word.contains(char::is_uppercase));
        let as_written = |word: &str| if written { word.to_owned() } else { capital(word) };
        let names: Vec<String> = name.iter().map(|(word, _)| as_written(word)).collect();
        (names.len() <= 4 && !self.signs.iter().any(|sign| NOT_A_NAME.contains(sign))).then(|| names.join(" "))
    }
}

const NOT_A_YES: &[Sign] =
    &[Sign::Refusal, Sign::Unsure, Sign::Repeat, Sign::NeverMind, Sign::ThisNumber, Sign::No, Sign::Other];

const NOT_A_NAME: &[Sign] = &[Sign::Unsure, Sign::Goodbye, Sign::Repeat, Sign::NeverMind, Sign::Cancel];

/// The digits in an utterance and nothing else of it, so that no word is taken for an English number.
fn digits(said: &Said<'_>, business: &Business, expecting: Expecting) -> phone::Digits {
    let spoken = |word: &str| (0..10).find(|&digit: &usize| said.words.digits[digit].contains(&word));
    let only: Vec<String> = said
        .tokens
        .iter()
        .filter_map(|(_, word)| match spoken(word) {
            _ if word.chars().all(|c| c.is_ascii_digit() || c == '+') => Some(word.clone()),
            Some(digit) if expecting == Expecting::Phone => Some(digit.to_string()),
            _ => None,
        })
        .collect();
    phone::find(&mut Utterance::read(&only.join(" ")), &business.country, expecting)
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

fn folded(word: &str) -> String {
    fold(word).trim_matches('\'').to_owned()
}

fn in_a_name(c: char) -> bool {
    c.is_alphabetic() || is_mark(c) || matches!(c, '\'' | '\u{2019}')
}

/// A word that was written without a capital gets one.
fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
