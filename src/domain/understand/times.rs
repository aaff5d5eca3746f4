//! What is said about time, with the words kept from it that only look like time ("good morning", "the first one").

use std::ops::Range;

use super::{
    Choice, Intent,
    pattern::Found,
    tokens::{Use, Utterance},
};
use crate::domain::time::{self, Clock, When};

/// A mention of time and the words that made it.
pub(super) struct Time {
    when: When,
    words: Range<usize>,
}

impl Time {
    /// "My name is May" says nothing about a month.
    pub(super) fn unless_a_name(self, said: &Utterance<'_>) -> Option<When> {
        let named = said.words[self.words.clone()].iter().all(|word| word.used == Use::Name) && !self.words.is_empty();
        (!named && !self.when.is_empty()).then_some(self.when)
    }
}

/// Finds the time and marks the words that said it.
pub(super) fn find(
    said: &mut Utterance<'_>,
    country: &str,
    intents: &[Found<Intent>],
    choice: Option<&Found<Choice>>,
) -> Option<Time> {
    let masked = masked(said, intents, choice);
    let text = masked.as_deref().unwrap_or(said.text);
    let found = time::find(text, country)?;
    let words = said.covering(&found.span);
    said.mark(words.clone(), Use::Time);
    if !refused(said, &words) {
        return Some(Time { when: found.when, words });
    }
    if let Some(turned) = turned(said, &words, found.when) {
        return Some(Time { when: turned, words });
    }
    // "Not Tuesday but Thursday": what follows is meant.
    let next = words.clone().skip(1).find(|&at| said.words[at].any(DAYS) || said.words[at - 1].is("but"))?;
    let offset = said.words[next].span.start;
    let found = time::find(&text[offset..], country)?;
    let words = said.covering(&(found.span.start + offset..found.span.end + offset));
    said.mark(words.clone(), Use::Time);
    Some(Time { when: found.when, words })
}

const DAYS: &[&str] =
    &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tomorrow", "next", "the"];

/// The text with everything blanked out that is understood already, or nothing if there is no such thing.
fn masked(said: &Utterance<'_>, intents: &[Found<Intent>], choice: Option<&Found<Choice>>) -> Option<String> {
    let mut blanks: Vec<Range<usize>> = Vec::new();
    blanks.extend(said.words.iter().filter(|word| word.used == Use::Phone).map(|word| word.span.clone()));
    let polite =
        intents.iter().filter(|found| matches!(found.what, Intent::Greeting | Intent::Goodbye | Intent::Emergency));
    blanks.extend(polite.map(|found| bytes(said, &found.at)));
    let positional = |found: &&Found<Choice>| matches!(found.what, Choice::Nth(_) | Choice::Last) && found.at.len() > 1;
    blanks.extend(choice.filter(positional).map(|found| bytes(said, &found.at)));
    if blanks.is_empty() {
        return None;
    }
    let mut bytes = said.text.as_bytes().to_vec();
    for blank in blanks {
        bytes[blank].fill(b',');
    }
    String::from_utf8(bytes).ok()
}

fn bytes(said: &Utterance<'_>, words: &Range<usize>) -> Range<usize> {
    said.words[words.start].span.start..said.words[words.end - 1].span.end
}

/// "Not Tuesday", "I can't do Tuesday", "anything but Tuesday", "Tuesday doesn't work".
fn refused(said: &Utterance<'_>, words: &Range<usize>) -> bool {
    let before: Vec<&str> = said.words[..words.start].iter().rev().take(4).map(|word| &*word.text).collect();
    let after: Vec<&str> = said.words[words.end..].iter().take(3).map(|word| &*word.text).collect();
    let not = match before.as_slice() {
        ["not" | "except", ..] | ["on" | "at" | "for" | "in", "not" | "except", ..] => true,
        ["do" | "make" | "come", "not", "can" | "could", ..] => true,
        ["on" | "in", "come", "not", "can", ..] => true,
        ["but", "anything" | "day" | "time" | "any", ..] => true,
        _ => false,
    };
    let bad = matches!(
        after.as_slice(),
        ["does" | "do" | "will" | "would" | "is", "not", "work" | "suit" | "good" | "do" | "possible" | "going"]
            | ["is", "no", "good"]
            | ["is", "out", ..]
    );
    not || bad
}

/// "Not before four" is from four on.
fn turned(said: &Utterance<'_>, words: &Range<usize>, when: When) -> Option<When> {
    let clock = match when.clock? {
        Clock::Before(time) => Clock::After(time),
        Clock::After(time) => Clock::Before(time),
        Clock::Later => Clock::Earlier,
        Clock::Earlier => Clock::Later,
        _ => return None,
    };
    let first = said.words.get(words.start)?;
    let comparing = first.any(&["before", "after", "until", "till", "later", "earlier", "past"]);
    comparing.then_some(When { clock: Some(clock), ..when })
}
