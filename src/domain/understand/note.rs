//! What the business should know and no field is for: "I'm allergic to nuts", "it's her birthday", "please ring the bell".

use std::ops::Range;

use super::{
    Intent,
    pattern::Found,
    phrases::NOTES,
    tokens::{Gap, Use, Utterance},
};

/// The words of the note. It starts where the caller starts to tell and ends with the sentence, or where something else
/// is wished for.
pub(super) fn find(said: &Utterance<'_>, intents: &[Found<Intent>]) -> Option<Range<usize>> {
    let late = intents.iter().find(|found| found.what == Intent::RunningLate).map(|found| found.at.clone());
    let told = NOTES.find(said).into_iter().find(|found| found.what).map(|found| found.at);
    let told = told.filter(|told| !said.words[told.start].asked);
    let cue = told.or(late)?;
    let wish = |at: usize| {
        let begins = |found: &&Found<Intent>| {
            found.at.start == at && found.what != Intent::RunningLate && !said.words[at].is("when")
        };
        intents.iter().any(|found| begins(&found)) || turns(said, at)
    };
    let end = (cue.end..said.words.len().min(cue.start + MOST_WORDS))
        .find(|&at| {
            let word = &said.words[at];
            word.before == Gap::Stop || matches!(word.used, Use::Name | Use::Phone) || wish(at)
        })
        .unwrap_or(said.words.len().min(cue.start + MOST_WORDS));
    // "I'm" belongs to "running late".
    let subject = |at: &usize| {
        said.words[*at].any(&["i", "we", "she", "he", "they"]) && said.words[cue.start].before < Gap::Comma
    };
    Some(cue.start.checked_sub(1).filter(subject).unwrap_or(cue.start)..end)
}

const MOST_WORDS: usize = 40;

/// "… and I'd like", "so can I": the next sentence, where no full stop was written.
fn turns(said: &Utterance<'_>, at: usize) -> bool {
    let is = |at: usize, texts: &[&str]| said.words.get(at).is_some_and(|word| word.any(texts));
    let joins = is(at, &["and", "so", "but", "also", "then"]) || said.words[at].before == Gap::Comma;
    let from = if is(at, &["and", "so", "but", "also", "then"]) { at + 1 } else { at };
    let next = is(from, &["can", "could", "do", "is", "what", "when", "how", "would", "please"])
        || is(from, &["i", "we"]) && is(from + 1, &["would", "want", "need", "will"])
        || is(from, &["my"]) && is(from + 1, &["name", "number", "phone", "email", "address"]);
    joins && next
}
