//! Which service is meant. Never silently another one: a "nail trim" at a barber's is not a trim.

use std::ops::Range;

use super::{
    Expecting, Match,
    fuzzy::{mistaken, stem},
    tokens::{Gap, INTERJECTIONS, Use, Utterance, fold},
};
use crate::domain::{
    business::{Business, Service},
    ids::ServiceId,
};

/// One way of saying a service, as stems.
struct Phrase {
    id: ServiceId,
    stems: Vec<String>,
    joined: String,
    /// Its own name, and not one of the other words for it.
    own: bool,
}

/// A stretch of words that names a service.
struct Mention {
    ids: Vec<ServiceId>,
    at: Range<usize>,
    own: bool,
    exact: bool,
}

/// Finds the service and marks the words that said it. `restart` is where the caller last started again.
pub(super) fn find(
    said: &mut Utterance<'_>,
    business: &Business,
    expecting: Expecting,
    restart: usize,
) -> Option<Match<ServiceId>> {
    let phrases: Vec<Phrase> = business.services.iter().flat_map(phrases).collect();
    let stems: Vec<String> = said.words.iter().map(|word| stem(&word.text).into_owned()).collect();
    let mut mentions = mentions(said, &stems, &phrases, expecting);
    if mentions.is_empty() {
        mentions = partial(said, &stems, &business.services);
    }
    for mention in &mentions {
        said.mark(mention.at.clone(), Use::Service);
    }
    mentions.retain(|mention| !refused(said, mention));
    if mentions.iter().any(|mention| mention.at.start >= restart) {
        mentions.retain(|mention| mention.at.start >= restart);
    }
    for mention in &mentions {
        if let Some(words) = another_thing(said, mention) {
            said.mark(words.clone(), Use::Service);
            return Some(Match::Unknown(spoken(said, words)));
        }
    }
    let mut ids: Vec<ServiceId> = Vec::new();
    for id in mentions.into_iter().flat_map(|mention| mention.ids) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    match ids.len() {
        0 => unknown(said, expecting),
        1 => ids.pop().map(Match::One),
        _ => Some(Match::Several(ids)),
    }
}

fn phrases(service: &Service) -> Vec<Phrase> {
    let phrase = |text: &str, own| {
        let stems: Vec<String> = split(text).map(|word| stem(&fold(word)).into_owned()).collect();
        Phrase { id: service.id, joined: stems.concat(), stems, own }
    };
    let also = service.also.iter().map(|also| phrase(also, false));
    std::iter::once(phrase(&service.name, true)).chain(also).filter(|phrase| !phrase.joined.is_empty()).collect()
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty())
}

fn refused(said: &Utterance<'_>, mention: &Mention) -> bool {
    let before = &said.words[mention.at.start.saturating_sub(2)..mention.at.start];
    match before {
        [.., not] if not.is("not") => true,
        [not, article] => not.is("not") && article.any(&["a", "an", "the", "my"]),
        _ => false,
    }
}

/// The longest mentions that do not overlap.
fn mentions(said: &Utterance<'_>, stems: &[String], phrases: &[Phrase], expecting: Expecting) -> Vec<Mention> {
    let mut all: Vec<Mention> = Vec::new();
    for at in 0..stems.len() {
        if !open(said, at) {
            continue;
        }
        for phrase in phrases {
            if let Some((end, exact)) = said_here(said, stems, at, phrase, expecting) {
                all.push(Mention { ids: vec![phrase.id], at: at..end, own: phrase.own, exact });
            }
        }
    }
    all.sort_by_key(|mention| (std::cmp::Reverse(mention.at.len()), !mention.exact, !mention.own, mention.at.start));
    let mut kept: Vec<Mention> = Vec::new();
    for mention in all {
        let over = |kept: &&mut Mention| mention.at.start < kept.at.end && kept.at.start < mention.at.end;
        match kept.iter_mut().find(over) {
            // Two services of one name: ask.
            Some(same) if same.at == mention.at && same.exact == mention.exact && same.own == mention.own => {
                same.ids.extend(mention.ids);
            }
            Some(_) => {}
            None => kept.push(mention),
        }
    }
    kept.sort_by_key(|mention| mention.at.start);
    kept
}

fn open(said: &Utterance<'_>, at: usize) -> bool {
    matches!(said.words[at].used, Use::Free)
}

/// The end of the phrase if it starts at `at`, and whether it was said as written.
fn said_here(
    said: &Utterance<'_>,
    stems: &[String],
    at: usize,
    phrase: &Phrase,
    expecting: Expecting,
) -> Option<(usize, bool)> {
    let most = (phrase.stems.len() + 1).max(2);
    let mut joined = String::new();
    let mut near = None;
    for end in at + 1..=(at + most).min(stems.len()) {
        if !open(said, end - 1) || end > at + 1 && said.words[end - 1].before >= Gap::Comma {
            break;
        }
        joined.push_str(&stems[end - 1]);
        if joined == phrase.joined {
            return cut_off(said, end).then_some((end, true));
        }
        let article = at > 0 && said.words[at - 1].any(ARTICLES);
        let likely = expecting == Expecting::Service || article || phrase.stems.len() > 1;
        let bounded = !small(said, at) && !small(said, end - 1);
        if near.is_none() && likely && bounded && mistaken(&joined, &phrase.joined) {
            near = Some((end, false));
        }
    }
    near.or_else(|| in_any_order(said, stems, at, phrase))
}

/// "We were cut off" is no haircut.
fn cut_off(said: &Utterance<'_>, end: usize) -> bool {
    !(said.words[end - 1].is("cut") && said.words.get(end).is_some_and(|next| next.any(&["off", "out", "short"])))
}

/// Too small a word to be a misheard part of a service.
fn small(said: &Utterance<'_>, at: usize) -> bool {
    said.words[at].text.len() < 3 || said.words[at].any(ARTICLES)
}

const ARTICLES: &[&str] = &["a", "an", "the", "my", "for", "some", "his", "her"];

/// "Trim my beard" is a beard trim.
fn in_any_order(said: &Utterance<'_>, stems: &[String], at: usize, phrase: &Phrase) -> Option<(usize, bool)> {
    if phrase.stems.len() < 2 || !phrase.stems.contains(&stems[at]) {
        return None;
    }
    let mut missing: Vec<&String> = phrase.stems.iter().collect();
    let mut small = 0;
    for (end, stem) in stems.iter().enumerate().skip(at) {
        if !open(said, end) || end > at && said.words[end].before >= Gap::Comma {
            return None;
        }
        if let Some(found) = missing.iter().position(|word| *word == stem) {
            missing.remove(found);
        } else if said.words[end].any(BETWEEN) && small < 2 {
            small += 1;
        } else {
            return None;
        }
        if missing.is_empty() {
            return Some((end + 1, true));
        }
    }
    None
}

const BETWEEN: &[&str] = &["my", "the", "his", "her", "a", "of", "for", "our", "your"];

/// Part of a name: "massage" where there are a Swedish and a deep tissue massage.
fn partial(said: &Utterance<'_>, stems: &[String], services: &[Service]) -> Vec<Mention> {
    let has = |service: &Service, stem_said: &String| {
        let mut words = split(&service.name).map(fold);
        words.any(|word| !SMALL.contains(&&*word) && stem(&word) == *stem_said)
    };
    let mut found: Vec<Mention> = Vec::new();
    for at in 0..stems.len() {
        if !open(said, at) || said.words[at].text.len() < 3 {
            continue;
        }
        let ids: Vec<ServiceId> =
            services.iter().filter(|service| has(service, &stems[at])).map(|service| service.id).collect();
        if ids.is_empty() {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.at.end == at => {
                last.at.end = at + 1;
                let both: Vec<ServiceId> = ids.iter().copied().filter(|id| last.ids.contains(id)).collect();
                last.ids = if both.is_empty() { ids } else { both };
            }
            _ => found.push(Mention { ids, at: at..at + 1, own: false, exact: true }),
        }
    }
    found
}

const SMALL: &[&str] =
    &["and", "the", "with", "for", "minute", "minutes", "hour", "new", "session", "service", "full", "first"];

/// A word that makes another thing of what was named: "nail trim", "color correction".
fn another_thing(said: &Utterance<'_>, mention: &Mention) -> Option<Range<usize>> {
    let next = said.words.get(mention.at.end);
    if next.is_some_and(|next| next.any(TURNING_AFTER) && next.used == Use::Free && next.before < Gap::Comma) {
        return Some(mention.at.start..mention.at.end + 1);
    }
    let before = mention.at.start.checked_sub(1)?;
    let word = &said.words[before];
    if word.used != Use::Free || said.words[mention.at.start].before >= Gap::Comma {
        return None;
    }
    let in_a_phrase = before == 0 || said.words[before - 1].any(ARTICLES) || said.words[before - 1].any(WANTING);
    let turns = word.any(TURNING_BEFORE) || !mention.own && in_a_phrase && !harmless(&word.text);
    turns.then(|| before..mention.at.end)
}

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
        || super::name::is_common(word)
        || ARTICLES.contains(&word)
}

const HARMLESS: &[&str] = &[
    "hair", "quick", "regular", "normal", "simple", "basic", "standard", "usual", "short", "long", "little", "small",
    "big", "nice", "good", "full", "dry", "wet", "men", "mens", "women", "womens", "ladies", "kids", "kid", "child",
    "children", "boys", "girls", "another", "next", "new", "first", "second", "one", "two", "proper", "same", "light",
    "complete", "whole", "fresh", "bit", "plain", "great", "single", "haircut", "cut", "trim", "'s", "great",
];

fn spoken(said: &Utterance<'_>, words: Range<usize>) -> String {
    let (from, to) = (said.words[words.start].span.start, said.words[words.end - 1].span.end);
    said.text[from..to].to_owned()
}

/// A wish for something that is not on offer: "I'd like a manicure".
fn unknown(said: &mut Utterance<'_>, expecting: Expecting) -> Option<Match<ServiceId>> {
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
    Some(Match::Unknown(spoken(said, words)))
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
    let free = said.words[start].used == Use::Free && !super::name::is_common(&said.words[start].text);
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
