//! What is said while thinking: grunts, "you know", and the beginnings that a caller gives up ("could I, can I have …").

use std::borrow::Cow;

use super::{
    names::is_given,
    tokens::{Gap, Word},
};

const GRUNTS: &[&str] =
    &["um", "umm", "ummm", "uhm", "uh", "uhh", "er", "err", "erm", "eh", "hm", "hmm", "hmmm", "mm", "mmm", "ehm"];

/// Takes out of an utterance what says nothing.
pub(super) fn take_out(words: &mut Vec<Word<'_>>) {
    join_grunts(words);
    drop_where(words, |words, at| usize::from(words[at].any(GRUNTS)));
    drop_where(words, fillers);
    let given_up = given_up(words);
    words.drain(..given_up);
}

/// "uh huh" is a yes and "uh uh" a no, though "uh" alone is nothing.
fn join_grunts(words: &mut [Word<'_>]) {
    for at in 1..words.len() {
        let joined = match (&*words[at - 1].text, &*words[at].text) {
            ("uh" | "mm" | "mhm" | "hm" | "um", "huh" | "hmm" | "hm" | "hum") => "mhm",
            ("uh" | "nuh" | "nah" | "mm", "uh") | ("mm", "mm") if words.len() <= 3 => "nope",
            _ => continue,
        };
        words[at - 1].text = Cow::Borrowed(joined);
        words[at].text = Cow::Borrowed("um");
    }
}

/// Drops as many words as `idle` says at each place; the pause around them stays.
fn drop_where(words: &mut Vec<Word<'_>>, idle: impl Fn(&[Word<'_>], usize) -> usize) {
    let mut keep = vec![true; words.len()];
    let mut at = 0;
    while at < words.len() {
        let count = idle(words, at);
        keep[at..at + count].fill(false);
        at += count.max(1);
    }
    if keep.iter().all(|keep| *keep) {
        return;
    }
    let mut gap = Gap::Space;
    let mut kept = keep.into_iter();
    words.retain_mut(|word| {
        gap = gap.max(word.before);
        let keep = kept.next().unwrap_or(true);
        if keep {
            word.before = std::mem::replace(&mut gap, Gap::Space);
        }
        keep
    });
}

/// How many words of a filler stand here: such as are said everywhere, and such as are words of the sentence but after one
/// that cannot end a phrase ("for, like, six people", "under, I think, Smith").
fn fillers(words: &[Word<'_>], at: usize) -> usize {
    let here = |texts: &[&str]| {
        words.get(at..at + texts.len()).is_some_and(|words| words.iter().zip(texts).all(|(word, text)| word.is(text)))
    };
    let goes_on = |count: usize, unless: &[&str]| words.get(at + count).is_some_and(|next| !next.any(unless));
    let before = at.checked_sub(1).map(|before| &words[before]);
    if here(&["let", "me", "see"]) && goes_on(3, OBJECTS) {
        return 3;
    }
    if here(&["you", "know"]) && goes_on(2, OBJECTS) && !before.is_some_and(|before| before.any(KNOWING)) {
        return 2;
    }
    if !before.is_some_and(|before| before.any(OPEN)) {
        return 0;
    }
    let tail: &[&[&str]] = &[&["like"], &["well"], &["i", "think"], &["i", "guess"], &["i", "believe"], &["i", "mean"]];
    tail.iter().find(|texts| here(texts) && goes_on(texts.len(), &[])).map_or(0, |texts| texts.len())
}

/// Words that no phrase ends with.
const OPEN: &[&str] = &["for", "under", "at", "on", "by", "with", "of", "a", "an", "the", "my", "our", "your"];

/// What may be seen or known.
const OBJECTS: &[&str] = &[
    "the", "a", "an", "if", "what", "when", "where", "which", "who", "how", "why", "whether", "my", "your", "his",
    "her", "him", "them", "it", "that", "this", "about", "of", "any", "doctor", "dr",
];

/// What makes "you know" a part of the sentence.
const KNOWING: &[&str] =
    &["do", "did", "does", "if", "as", "let", "to", "would", "should", "will", "can", "what", "that", "not", "how"];

/// How many words of beginnings were given up at the start: all but the last beginning, and that one as well when another
/// sentence follows, which nothing begins with.
fn given_up(words: &[Word<'_>]) -> usize {
    let mut at = 0;
    let mut last = 0;
    while let Some(length) = BEGINNINGS.iter().filter(|beginning| starts(words, at, beginning)).map(|b| b.len()).max() {
        last = at;
        at += length;
    }
    let Some(next) = words.get(at).filter(|_| at > 0) else { return last };
    let then = words.get(at + 1);
    let clause = next.any(&["that", "it", "this"]) && then.is_some_and(|verb| verb.any(VERBS));
    // Who began twice may begin a third time.
    let twice = last > 0
        && (next.any(&["i", "we", "there", "sounds", "thank", "thanks", "hello", "hi", "great", "good", "please"])
            || is_given(&next.text) && !next.any(&["will", "may", "hope", "mark", "chase"]));
    if clause || twice || next.any(ANSWERS) { at } else { last }
}

fn starts(words: &[Word<'_>], at: usize, beginning: &[&str]) -> bool {
    let here = words.get(at..at + beginning.len());
    here.is_some_and(|here| {
        here.iter().zip(beginning).all(|(word, text)| word.is(text))
            && here.iter().skip(1).all(|w| w.before < Gap::Stop)
    })
}

const BEGINNINGS: &[&[&str]] = &[
    &["could", "i"],
    &["can", "i"],
    &["may", "i"],
    &["could", "we"],
    &["can", "we"],
    &["can", "we", "do"],
    &["could", "you"],
    &["can", "you"],
    &["would", "you"],
    &["do", "you"],
    &["i", "would", "like"],
    &["we", "would", "like"],
    &["i", "would", "like", "to"],
    &["i", "want"],
    &["i", "want", "to"],
    &["i", "need"],
    &["i", "need", "to"],
    &["we", "need"],
    &["we", "want"],
    &["how", "about"],
    &["what", "about"],
];

const VERBS: &[&str] = &["is", "was", "will", "would", "works", "sounds", "suits", "looks", "should", "does"];

const ANSWERS: &[&str] = &[
    "yes",
    "yeah",
    "yep",
    "yup",
    "no",
    "nope",
    "sure",
    "correct",
    "exactly",
    "absolutely",
    "definitely",
    "okay",
    "perfect",
    "of",
    "right",
];

#[cfg(test)]
mod tests {
    use super::super::tokens::Utterance;

    fn words(text: &str) -> String {
        Utterance::read(text).words.iter().map(|word| word.text.to_string()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn thinking_aloud_leaves_no_words() {
        for (text, left) in [
            ("for, like, six people", "for six people"),
            ("under I think Smith", "under smith"),
            ("it's you know the usual", "it is you know the usual"),
            ("tomorrow you know around four", "tomorrow around four"),
            ("let me see, Thursday", "thursday"),
            ("do you know Thursday's hours", "do you know thursday 's hours"),
            ("I'd like a haircut", "i would like a haircut"),
            ("let me see", "let me see"),
        ] {
            assert_eq!(words(text), left, "{text}");
        }
    }

    #[test]
    fn a_beginning_that_was_given_up_says_nothing() {
        for (text, left) in [
            ("could I, can I have a trim", "can i have a trim"),
            ("I'd like, no wait", "no wait"),
            ("how about um yes", "yes"),
            ("can I have a trim", "can i have a trim"),
        ] {
            assert_eq!(words(text), left, "{text}");
        }
    }
}
