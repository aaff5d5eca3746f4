//! Which service is meant. Never silently another one: a "nail trim" at a barber's is not a trim.

use std::ops::Range;

use super::{
    Confidence, Expecting, Match,
    found::Heard,
    fuzzy::{mistaken, stem},
    tokens::{Gap, Use, Utterance, fold},
    unoffered::{another_thing, spoken, unknown},
};
use crate::domain::{
    business::{Business, Service},
    ids::ServiceId,
};

/// One way of saying a service, as stems.
pub(super) struct Phrase {
    pub id: ServiceId,
    pub stems: Vec<String>,
    joined: String,
    /// Its own name, and not one of the other words for it.
    own: bool,
}

/// A stretch of words that names a service.
pub(super) struct Mention {
    ids: Vec<ServiceId>,
    pub at: Range<usize>,
    pub own: bool,
    exact: bool,
}

/// Finds the service and marks the words that said it. `restart` is where the caller last started again.
pub(super) fn find(
    said: &mut Utterance<'_>,
    business: &Business,
    expecting: Expecting,
    restart: usize,
) -> Option<Heard<Match<ServiceId>>> {
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
        if let Some(at) = another_thing(said, mention) {
            said.mark(at.clone(), Use::Service);
            let what = Match::Unknown(spoken(said, at.clone()));
            return Some(Heard { what, at, confidence: Confidence::Likely });
        }
    }
    let Some((first, last)) = mentions.first().zip(mentions.last()) else {
        return unknown(said, &stems, &phrases, expecting);
    };
    let at = first.at.start..last.at.end;
    let exact = mentions.iter().all(|mention| mention.exact);
    let mut ids: Vec<ServiceId> = Vec::new();
    for id in mentions.into_iter().flat_map(|mention| mention.ids) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Some(match ids.as_slice() {
        [only] => {
            let confidence = if exact { Confidence::Sure } else { Confidence::Likely };
            Heard { what: Match::One(*only), at, confidence }
        }
        _ => Heard { what: Match::Several(ids), at, confidence: Confidence::Doubtful },
    })
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
            // Words that are only like a service, and like another one as well: ask.
            Some(same) if !same.exact && !mention.exact && same.at == mention.at => same.ids.extend(mention.ids),
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
    let next = |texts: &[&str]| said.words.get(end).is_some_and(|next| next.any(texts));
    !(said.words[end - 1].is("cut") && next(&["off", "out", "short"])
        || said.words[end - 1].is("dying") && next(&["to"]))
}

/// Too small a word to be a misheard part of a service.
fn small(said: &Utterance<'_>, at: usize) -> bool {
    said.words[at].text.len() < 3 || said.words[at].any(ARTICLES)
}

pub(super) const ARTICLES: &[&str] = &["a", "an", "the", "my", "for", "some", "his", "her"];

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
    for (at, stem) in stems.iter().enumerate() {
        if !open(said, at) || said.words[at].text.len() < 3 {
            continue;
        }
        let ids: Vec<ServiceId> =
            services.iter().filter(|service| has(service, stem)).map(|service| service.id).collect();
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

pub(super) const SMALL: &[&str] =
    &["and", "the", "with", "for", "minute", "minutes", "hour", "new", "session", "service", "full", "first"];
