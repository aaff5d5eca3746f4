//! With whom: a member of staff by name, nobody in particular, or somebody who does not work here.

use std::ops::Range;

use super::{
    Confidence, Expecting, Match, StaffWish,
    everyday::is_common,
    found::Heard,
    fuzzy::mistaken,
    name,
    phrases::NO_PREFERENCE,
    tokens::{Gap, INTERJECTIONS, TITLES, Use, Utterance, fold},
};
use crate::domain::{
    business::{Business, Staff},
    ids::StaffId,
};

/// A member of staff who was named, and where.
struct Mention {
    who: Vec<StaffId>,
    at: Range<usize>,
    exact: bool,
}

/// Finds the wish and marks the words that said it. `restart` is where the caller last started again.
pub(super) fn find(
    said: &mut Utterance<'_>,
    business: &Business,
    expecting: Expecting,
    restart: usize,
) -> Option<Heard<StaffWish>> {
    let mut mentions = mentions(said, &business.staff, expecting);
    for mention in &mentions {
        said.mark(mention.at.clone(), Use::Staff);
    }
    let unwanted: Vec<StaffId> =
        mentions.extract_if(.., |mention| negated(said, mention.at.start)).flat_map(|mention| mention.who).collect();
    if mentions.iter().any(|mention| mention.at.start >= restart) {
        mentions.retain(|mention| mention.at.start >= restart);
    }
    if let Some((first, last)) = mentions.first().zip(mentions.last()) {
        let at = first.at.start..last.at.end;
        let exact = mentions.iter().all(|mention| mention.exact);
        let mut named: Vec<StaffId> = Vec::new();
        for id in mentions.into_iter().flat_map(|mention| mention.who) {
            if !named.contains(&id) {
                named.push(id);
            }
        }
        let confidence = match (named.len(), exact) {
            (1, true) => Confidence::Sure,
            (1, false) => Confidence::Likely,
            _ => Confidence::Doubtful,
        };
        return Some(Heard { what: StaffWish::Named(one_or_several(named)?), at, confidence });
    }
    if let Some(at) = stranger(said, expecting) {
        let what = StaffWish::Named(Match::Unknown(name::written(said, at.clone())));
        return Some(Heard { what, at, confidence: Confidence::Likely });
    }
    let at = no_preference(said, expecting)?;
    // "Anyone but Maria."
    let others = business.staff.iter().map(|member| member.id).filter(|id| !unwanted.contains(id)).collect();
    let what = match (unwanted.is_empty(), one_or_several(others)) {
        (false, Some(others)) => StaffWish::Named(others),
        _ => StaffWish::NoPreference,
    };
    Some(Heard { what, at, confidence: Confidence::Sure })
}

fn one_or_several(mut ids: Vec<StaffId>) -> Option<Match<StaffId>> {
    match ids.len() {
        0 => None,
        1 => ids.pop().map(Match::One),
        _ => Some(Match::Several(ids)),
    }
}

fn negated(said: &Utterance<'_>, at: usize) -> bool {
    let before = &said.words[at.saturating_sub(2)..at];
    let anyone = said.words[..at].iter().any(|word| word.any(&["anyone", "anybody", "everyone", "any"]));
    let no = |word: &str| matches!(word, "not" | "except" | "without") || word == "but" && anyone;
    before.last().is_some_and(|word| no(&word.text))
        || before.first().is_some_and(|word| no(&word.text)) && before.last().is_some_and(|word| word.any(CUES))
}

const CUES: &[&str] = &["with", "by", "see", "for", "from"];

fn mentions(said: &Utterance<'_>, staff: &[Staff], expecting: Expecting) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    let names: Vec<(StaffId, Vec<String>)> = staff.iter().flat_map(spoken_names).collect();
    let mut at = 0;
    while at < said.words.len() {
        let mut best = 0;
        let mut best_exact = false;
        let mut who: Vec<StaffId> = Vec::new();
        for (id, name) in &names {
            let length = name.len();
            let here = if length > 0 { said_here(said, at, name, expecting) } else { None };
            if let Some(exact) = here
                && (length, exact) >= (best, best_exact)
            {
                if (length, exact) > (best, best_exact) {
                    who.clear();
                    (best, best_exact) = (length, exact);
                }
                if !who.contains(id) {
                    who.push(*id);
                }
            }
        }
        if best > 0 {
            found.push(Mention { who, at: at..at + best, exact: best_exact });
        }
        at += best.max(1);
    }
    found
}

/// "Maria Lopez" also answers to Maria, and to Lopez after a title.
fn spoken_names(member: &Staff) -> Vec<(StaffId, Vec<String>)> {
    let mut names = Vec::new();
    for name in std::iter::once(&member.name).chain(&member.also) {
        let words: Vec<String> =
            name.split([' ', '-', '.']).filter(|word| !word.is_empty()).map(|word| fold(word).into_owned()).collect();
        let bare: Vec<String> = words.iter().filter(|word| !TITLES.contains(&word.as_str())).cloned().collect();
        if let [first, .., last] = bare.as_slice() {
            names.push((member.id, vec![first.clone()]));
            names.extend(TITLES.iter().map(|title| (member.id, vec![(*title).to_owned(), last.clone()])));
            names.push((member.id, bare.clone()));
        }
        names.push((member.id, words));
    }
    names
}

/// Whether a name stands here, and whether as it is written.
fn said_here(said: &Utterance<'_>, at: usize, name: &[String], expecting: Expecting) -> Option<bool> {
    let words = said.words.get(at..at + name.len())?;
    if words.iter().any(|word| matches!(word.used, Use::Name | Use::Phone | Use::Service | Use::People)) {
        return None;
    }
    let cued = at > 0 && said.words[at - 1].any(CUES);
    let asked = expecting == Expecting::Staff;
    let exact = words.iter().zip(name).all(|(word, name)| word.is(name));
    if exact {
        // "Will", "May" and "Grace" are people only where people are named.
        let named = cued || asked || name.len() > 1 || !is_common(&name[0]) || said.capitalised(at);
        return named.then_some(true);
    }
    let misheard =
        (cued || asked) && words.iter().zip(name).all(|(word, name)| word.is(name) || mistaken(&word.text, name));
    misheard.then_some(false)
}

/// "With Peter", and nobody here is called that.
fn stranger(said: &Utterance<'_>, expecting: Expecting) -> Option<Range<usize>> {
    let asked = expecting == Expecting::Staff;
    let cue = said.words.iter().rposition(|word| word.any(&["with", "by"]));
    let start = match cue {
        Some(cue) => cue + 1,
        None if asked => said.words.iter().position(|word| !word.any(INTERJECTIONS) && !is_common(&word.text))?,
        None => return None,
    };
    if cue.is_none() && said.words[..start].iter().any(|word| !word.any(INTERJECTIONS) && !word.any(BEFORE_A_NAME)) {
        return None;
    }
    let person = |at: usize| {
        let word = &said.words[at];
        let named = !is_common(&word.text) || said.capitalised(at) && name::is_name_too(&word.text);
        word.used == Use::Free && !word.digits() && word.text.chars().count() > 1 && named
    };
    let count = (start..said.words.len().min(start + 3))
        .take_while(|&at| person(at) && (at == start || said.words[at].before == Gap::Space))
        .count();
    let ends = start + count;
    let closed = said
        .words
        .get(ends)
        .is_none_or(|word| word.before >= Gap::Comma || word.used != Use::Free || word.any(AFTER_A_NAME));
    let written = count > 0 && said.capitalised(start);
    (count > 0 && (written || closed)).then_some(start..ends)
}

const BEFORE_A_NAME: &[&str] = &[
    "i", "would", "like", "want", "is", "it", "can", "could", "get", "have", "do", "you", "maybe", "the", "yes", "okay",
];

const AFTER_A_NAME: &[&str] = &[
    "at",
    "on",
    "for",
    "please",
    "and",
    "or",
    "if",
    "this",
    "next",
    "tomorrow",
    "today",
    "in",
    "around",
    "after",
    "before",
    "thanks",
    "thank",
    "again",
    "available",
    "free",
];

fn no_preference(said: &Utterance<'_>, expecting: Expecting) -> Option<Range<usize>> {
    let found = NO_PREFERENCE.find(said).into_iter().find(|found| found.what || expecting == Expecting::Staff);
    found.map(|found| found.at)
}
