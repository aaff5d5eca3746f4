//! What the caller wants done or wants to know; often several things in one breath.

use super::{
    Expecting, Intent, Match, Meaning,
    fuzzy::stem,
    pattern::Found,
    phrases::INTENTS,
    tokens::{Use, Utterance, fold},
};
use crate::domain::business::Fact;

/// The phrases that were said, in order, with the decoys taken out.
pub(super) fn phrases(said: &Utterance<'_>) -> Vec<Found<Intent>> {
    let found = INTENTS.find(said);
    found.into_iter().filter_map(|found| Some(Found { what: found.what?, at: found.at })).collect()
}

/// The intents of an utterance of which everything else is understood already.
pub(super) fn settle(
    said: &Utterance<'_>,
    mut found: Vec<Found<Intent>>,
    facts: &[Fact],
    meaning: &Meaning,
    expecting: Expecting,
) -> Vec<Intent> {
    // A name can hold a word of the tables: "my name is Grace Cancel".
    found.retain(|found| !said.words[found.at.clone()].iter().any(|word| matches!(word.used, Use::Name | Use::Phone)));
    // "Can we change that?" in the middle of an arrangement means what is being arranged.
    found.retain(|found| {
        let that = said.words[found.at.end - 1].any(&["it", "that", "instead"]);
        found.what != Intent::Move || !that || expecting == Expecting::Anything
    });
    // "Can you do a haircut tomorrow at one?" asks for an appointment, and not what is on offer.
    let one = |at: usize| said.words.get(at).is_some_and(|article| article.any(&["a", "an", "my", "the", "me", "us"]));
    let time_too = meaning.when.is_some() && matches!(meaning.service, Some(Match::One(_) | Match::Several(_)));
    for found in found.iter_mut().filter(|found| found.what == Intent::AskServices && time_too) {
        if one(found.at.end) && said.words[found.at.start].any(&["can", "could"]) {
            found.what = Intent::Book;
        }
    }
    // "Can you do Tuesday?" asks for a time.
    for found in found.iter_mut().filter(|found| found.what == Intent::AskServices) {
        if said.words.get(found.at.end).is_some_and(|next| next.used == Use::Time) {
            found.what = Intent::AskTimes;
        }
    }
    found.extend(asked_facts(said, facts));
    found.sort_by_key(|found| found.at.start);
    let mut intents: Vec<Intent> = Vec::new();
    for Found { what, .. } in found {
        if !intents.contains(&what) {
            intents.push(what);
        }
    }
    // What the owner wrote an answer to is no question without one.
    if intents.iter().any(|intent| matches!(intent, Intent::AskFact(_))) {
        intents.retain(|&intent| intent != Intent::AskOther);
    }
    // "I can't make my appointment" gives it up, unless another time is asked for in the same breath.
    if intents.contains(&Intent::Move) && !said.words.iter().any(|word| word.text.starts_with("cancel")) {
        intents.retain(|&intent| intent != Intent::Cancel);
    }
    // "I'd like to make an appointment… I need to move my appointment": the older appointment is what it is about. But
    // "cancel Thursday and book Friday" is both.
    let place = |wanted: Intent| intents.iter().position(|&intent| intent == wanted);
    let then_books = place(Intent::Cancel).zip(place(Intent::Book)).is_some_and(|(cancel, book)| cancel < book);
    let mine = intents.iter().any(|intent| matches!(intent, Intent::Move | Intent::Cancel | Intent::WhenIsMine));
    if mine && !then_books {
        intents.retain(|&intent| intent != Intent::Book);
    }
    if wants_something(said, meaning, &intents, expecting) {
        intents.push(Intent::Book);
    }
    intents
}

/// "I need a haircut", "haircut on Tuesday, please": a wish for a service is a wish to book it, unless it is asked about.
fn wants_something(said: &Utterance<'_>, meaning: &Meaning, intents: &[Intent], expecting: Expecting) -> bool {
    let social = |intent: &Intent| matches!(intent, Intent::Greeting | Intent::Thanks | Intent::AskTimes);
    if expecting != Expecting::Anything || !intents.iter().all(social) {
        return false;
    }
    if meaning.service.is_none() {
        return false;
    }
    let wish = |pair: &[super::tokens::Word<'_>]| {
        pair[0].any(&["need", "needs", "want", "wants"])
            || pair[0].is("get")
            || pair[0].is("looking") && pair[1].is("for")
            || pair[0].is("would") && pair[1].any(&["like", "love"])
            || pair[0].any(&["can", "could"]) && pair[1].any(&["i", "you"])
    };
    let refused = said.words.windows(2).any(|pair| pair[0].is("not") && pair[1].any(&["want", "need", "like"]));
    if refused {
        return false;
    }
    meaning.when.is_some() || said.words.windows(2).any(wish) || said.words.iter().any(|word| word.is("please"))
}

/// The facts that a question touches, by the words their owner gave them.
fn asked_facts(said: &Utterance<'_>, facts: &[Fact]) -> Vec<Found<Intent>> {
    let asking = |at: usize| said.words[at].asked || said.words[..at].iter().any(|word| word.any(QUESTION_WORDS));
    let mut found = Vec::new();
    for (n, fact) in facts.iter().enumerate() {
        let about: Vec<Vec<String>> = fact.about.iter().map(|about| stems(about)).collect();
        let at = (0..said.words.len()).find(|&at| {
            let free = said.words[at].used == Use::Free;
            free && about.iter().any(|about| starts_with(said, at, about)) && asking(at)
        });
        found.extend(at.map(|at| Found { what: Intent::AskFact(n), at: at..at + 1 }));
    }
    found
}

const QUESTION_WORDS: &[&str] = &[
    "is",
    "are",
    "do",
    "does",
    "can",
    "could",
    "have",
    "where",
    "what",
    "how",
    "which",
    "who",
    "any",
    "tell",
    "wondering",
    "know",
    "should",
    "may",
    "will",
    "about",
    "if",
];

fn stems(phrase: &str) -> Vec<String> {
    phrase.split_whitespace().map(|word| stem(&fold(word)).into_owned()).collect()
}

fn starts_with(said: &Utterance<'_>, at: usize, stems: &[String]) -> bool {
    let here = said.words[at..].iter().map(|word| stem(&word.text));
    !stems.is_empty() && said.words.len() - at >= stems.len() && here.zip(stems).all(|(word, stem)| word == **stem)
}
