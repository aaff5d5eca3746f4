//! Services that are wanted and are not on offer: "a manicure", or a "nail trim" where a trim is of hair.

use std::ops::Range;

use super::{
    Confidence, Expecting, Match,
    everyday::is_common,
    found::Heard,
    service::{ARTICLES, Mention, Phrase, SMALL},
    tokens::{Gap, INTERJECTIONS, Use, Utterance},
};
use crate::domain::ids::ServiceId;

/// A word that makes another thing of what was named: "nail trim", "color correction".
pub(super) fn another_thing(said: &Utterance<'_>, mention: &Mention) -> Option<Range<usize>> {
    let next = said.words.get(mention.at.end);
    if next.is_some_and(|next| next.any(TURNING_AFTER) && next.used == Use::Free && next.before < Gap::Comma) {
        return Some(mention.at.start..mention.at.end + 1);
    }
    if let Some(end) = done_to(said, mention) {
        return Some(mention.at.start..end);
    }
    let before = mention.at.start.checked_sub(1)?;
    let word = &said.words[before];
    if word.used != Use::Free || said.words[mention.at.start].before >= Gap::Comma {
        return None;
    }
    let in_a_phrase = before == 0 || said.words[before - 1].any(ARTICLES) || said.words[before - 1].any(WANTING);
    let turns = word.any(TURNING_BEFORE) || !mention.own && in_a_phrase && !harmless(&word.text);
    turns.then_some(before..mention.at.end)
}

/// "Trim my dog": the end of what it is to be done to, unless that is what the business does it to.
fn done_to(said: &Utterance<'_>, mention: &Mention) -> Option<usize> {
    let named = mention.at.start > 0 && said.words[mention.at.start - 1].any(ARTICLES);
    let whose = said.words.get(mention.at.end)?;
    let what = said.words.get(mention.at.end + 1)?;
    let other = what.used == Use::Free && !what.any(DONE_TO) && !is_common(&what.text);
    (!named && whose.any(&["my", "his", "her", "our", "the"]) && other).then_some(mention.at.end + 2)
}

const DONE_TO: &[&str] = &[
    "hair", "head", "ends", "bangs", "fringe", "roots", "beard", "sides", "top", "son", "daughter", "kid", "boy",
    "girl", "tips", "hairs",
];

const TURNING_AFTER: &[&str] = &[
    "correction",
    "removal",
    "consultation",
    "class",
    "course",
    "voucher",
    "gift",
    "certificate",
    "products",
    "product",
    "extensions",
    "extension",
    "transplant",
    "lesson",
    "lessons",
    "school",
    "oil",
    "chair",
    "machine",
    "wash",
];

const TURNING_BEFORE: &[&str] = &[
    "nail",
    "nails",
    "eyebrow",
    "eyebrows",
    "brow",
    "brows",
    "lash",
    "lashes",
    "eyelash",
    "dog",
    "dogs",
    "cat",
    "pet",
    "puppy",
    "tree",
    "hedge",
    "lawn",
    "grass",
    "car",
    "bikini",
    "leg",
    "legs",
    "back",
    "chest",
    "nose",
    "ear",
    "mustache",
    "moustache",
    "foot",
    "hand",
    "toenail",
    "wig",
    "tooth",
    "teeth",
    "horse",
    "permanent",
];

const WANTING: &[&str] = &["book", "want", "need", "get", "like", "schedule", "have", "do", "offer", "for"];

/// Words before a service that leave it what it is.
fn harmless(word: &str) -> bool {
    word.ends_with("ly")
        || word.ends_with("'s")
        || HARMLESS.contains(&word)
        || is_common(word)
        || ARTICLES.contains(&word)
}

const HARMLESS: &[&str] = &[
    "hair", "quick", "regular", "normal", "simple", "basic", "standard", "usual", "short", "long", "little", "small",
    "big", "nice", "good", "full", "dry", "wet", "men", "mens", "women", "womens", "ladies", "kids", "kid", "child",
    "children", "boys", "girls", "another", "next", "new", "first", "second", "one", "two", "proper", "same", "light",
    "complete", "whole", "fresh", "bit", "plain", "great", "single", "haircut", "cut", "trim", "'s", "great",
];

pub(super) fn spoken(said: &Utterance<'_>, words: Range<usize>) -> String {
    let (from, to) = (said.words[words.start].span.start, said.words[words.end - 1].span.end);
    said.text[from..to].to_owned()
}

/// A wish for something that is not on offer: "I'd like a manicure".
pub(super) fn unknown(
    said: &mut Utterance<'_>,
    stems: &[String],
    phrases: &[Phrase],
    expecting: Expecting,
) -> Option<Heard<Match<ServiceId>>> {
    let start = wished(said).or_else(|| (expecting == Expecting::Service).then(|| bare(said)).flatten())?;
    let ends = |at: usize| {
        let word = &said.words[at];
        word.used != Use::Free || word.any(NOT_A_SERVICE) || word.digits() || at > start && word.before >= Gap::Comma
    };
    let count = (start..said.words.len().min(start + 4)).take_while(|&at| !ends(at)).count();
    let words = start..start + count;
    if count == 0 || said.words[words.clone()].iter().any(|word| word.any(NO_THING)) {
        return None;
    }
    said.mark(words.clone(), Use::Service);
    let mut near: Vec<ServiceId> = Vec::new();
    for phrase in phrases {
        let touches =
            phrase.stems.iter().any(|stem| stems[words.clone()].contains(stem) && !SMALL.contains(&stem.as_str()));
        if touches && !near.contains(&phrase.id) {
            near.push(phrase.id);
        }
    }
    // "My hair" is done in more than one way here: ask which.
    if near.len() > 1 && words.len() == 1 {
        Some(Heard { what: Match::Several(near), at: words, confidence: Confidence::Doubtful })
    } else {
        Some(Heard { what: Match::Unknown(spoken(said, words.clone())), at: words, confidence: Confidence::Likely })
    }
}

/// Where the thing stands that a caller says they want: after "book a", "I'd like a", "do you do".
fn wished(said: &Utterance<'_>) -> Option<usize> {
    let words = &said.words;
    let is = |at: Option<usize>, texts: &[&str]| at.is_some_and(|at| words[at].any(texts));
    (1..words.len()).find(|&at| {
        let wanting = is(at.checked_sub(2), &["book", "want", "need", "schedule", "get"])
            || is(at.checked_sub(2), &["like"]) && is(at.checked_sub(3), &["would"])
            || is(at.checked_sub(2), &["for"]) && is(at.checked_sub(3), &["looking", "appointment", "in", "booked"]);
        let wish = words[at - 1].any(&["a", "an", "some", "my"]) && wanting;
        let offer = words[at - 1].any(&["do", "offer", "provide"])
            && is(at.checked_sub(2), &["you", "also", "guys"])
            && words[..at - 1].iter().any(|word| word.is("do"));
        (wish || offer) && words[at].used == Use::Free
    })
}

/// The first word that says something, when a service was asked for.
fn bare(said: &Utterance<'_>) -> Option<usize> {
    let idle = [
        "a", "an", "the", "some", "just", "for", "my", "i", "would", "like", "want", "need", "to", "get", "book", "it",
        "is", "maybe", "think", "me",
    ];
    let start = said.words.iter().position(|word| !word.any(INTERJECTIONS) && !word.any(&idle))?;
    let free = said.words[start].used == Use::Free && !is_common(&said.words[start].text);
    (free && !said.words[start].asked).then_some(start)
}

/// Words that end the name of a thing.
const NOT_A_SERVICE: &[&str] = &[
    "for",
    "with",
    "at",
    "on",
    "by",
    "please",
    "and",
    "or",
    "this",
    "next",
    "tomorrow",
    "today",
    "in",
    "around",
    "after",
    "before",
    "if",
    "to",
    "that",
    "thanks",
    "thank",
    "from",
    "as",
    "you",
    "i",
    "is",
    "but",
    "because",
    "so",
    "here",
    "too",
    "then",
    "when",
    "who",
    "there",
    "just",
    "also",
    "done",
    "delivered",
    "well",
    "now",
    "any",
    "anything",
    "it",
];

/// Things that are wanted and are no service.
const NO_THING: &[&str] = &[
    "kid",
    "kids",
    "child",
    "children",
    "son",
    "daughter",
    "friend",
    "husband",
    "wife",
    "mother",
    "meeting",
    "address",
    "appointment",
    "appointments",
    "booking",
    "bookings",
    "slot",
    "slots",
    "time",
    "times",
    "reservation",
    "visit",
    "session",
    "something",
    "someone",
    "somebody",
    "person",
    "human",
    "message",
    "question",
    "questions",
    "moment",
    "minute",
    "minutes",
    "second",
    "seconds",
    "help",
    "information",
    "info",
    "change",
    "call",
    "callback",
    "chance",
    "choice",
    "day",
    "date",
    "week",
    "month",
    "place",
    "space",
    "spot",
    "name",
    "number",
    "phone",
    "look",
    "few",
    "couple",
    "bit",
    "lot",
    "problem",
    "idea",
    "list",
    "refund",
    "discount",
    "hold",
    "preference",
    "service",
    "services",
    "robot",
    "machine",
    "manager",
    "operator",
    "receptionist",
    "different",
    "cancellation",
    "quick",
    "reminder",
    "confirmation",
    "text",
    "email",
    "opening",
    "real",
    "good",
    "nice",
    "great",
    "morning",
    "afternoon",
    "evening",
    "card",
    "cash",
    "new",
    "later",
    "earlier",
    "have",
    "has",
    "what",
    "do",
    "not",
    "no",
    "go",
    "speak",
    "talk",
    "cancel",
    "move",
    "reschedule",
    "my",
    "your",
    "the",
    "pay",
    "know",
];
