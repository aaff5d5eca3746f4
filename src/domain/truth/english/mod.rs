//! Whether an English sentence says that something has been done, and not only asks, offers, or denies it.

mod phrases;
mod plain_talk;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

pub(super) use self::plain_talk::{Rests, oversteps};
use super::{
    pattern::{Found, Phrases},
    words::{Gap, Word},
};

/// What a sentence says has been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Said {
    /// This call has made an appointment.
    Booked,
    /// There is an appointment, made now or before.
    Stands,
    /// Whatever was wished is done.
    Done,
    Moved,
    Cancelled,
    Passed,
    /// A time is kept for the caller.
    Kept,
}

static PHRASES: LazyLock<Phrases<Said>> = LazyLock::new(|| Phrases::new(phrases::PHRASES, phrases::class));
static FILLERS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| phrases::FILLERS.iter().copied().collect());
static EMPTY: LazyLock<HashMap<&'static str, Vec<&'static [&'static str]>>> = LazyLock::new(|| {
    let mut by_first: HashMap<&'static str, Vec<&'static [&'static str]>> = HashMap::new();
    for phrase in phrases::EMPTY {
        if let Some(first) = phrase.first() {
            by_first.entry(first).or_default().push(phrase);
        }
    }
    by_first
});

/// Whether a claim may begin with this word.
pub(super) fn may_claim(word: &str) -> bool {
    PHRASES.begins(word) || NOMINATIVE.contains(&word)
}

/// Single words that alone are a claim, for words that are spelled or masked.
pub(super) fn is_strong(word: &str) -> bool {
    STRONG.contains(&word) || phrases::class("BOOKED").contains(&word)
}

const STRONG: &[&str] = &[
    "cancelled",
    "canceled",
    "rescheduled",
    "moved",
    "changed",
    "postponed",
    "done",
    "confirmation",
    "switched",
    "finalized",
    "secured",
    "removed",
    "deleted",
    "forwarded",
    "notified",
    "transferred",
    "appointment",
    "reservation",
    "booking",
];

/// Everything that the sentence asserts.
pub(super) fn asserted(words: &[Word<'_>]) -> Vec<Said> {
    let words = without_fillers(words);
    let sentence = Sentence { words: &words };
    let all: Vec<Found<Said>> =
        PHRASES.find(&words).filter(|phrase| sentence.asserts(phrase)).chain(sentence.deeds()).collect();
    let is_weak = |said| matches!(said, Said::Stands | Said::Done);
    let is_change = |said| matches!(said, Said::Moved | Said::Cancelled | Said::Passed);
    let mut found: Vec<Said> = Vec::new();
    for phrase in &all {
        // "Your appointment is cancelled" does not say that there is one.
        let near = |change: &&Found<Said>| {
            is_change(change.what) && change.from <= phrase.to + 3 && phrase.from <= change.to + 1
        };
        let overruled = is_weak(phrase.what) && all.iter().any(|change| near(&change));
        if !overruled && !found.contains(&phrase.what) {
            found.push(phrase.what);
        }
    }
    // What is told first is the change.
    found.sort_by_key(|said| !is_change(*said));
    found
}

/// Without words that change nothing, and phrases that only look like a denial or a condition.
fn without_fillers<'t>(words: &[Word<'t>]) -> Vec<Word<'t>> {
    let mut kept: Vec<Word<'t>> = Vec::with_capacity(words.len());
    let mut gap = Gap::Space;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        gap = gap.max(word.before);
        let starts = |phrase: &&[&str]| {
            phrase.iter().enumerate().all(|(nth, text)| words.get(at + nth).is_some_and(|word| word.is(text)))
        };
        let empty = EMPTY
            .get(&*word.text)
            .and_then(|phrases| phrases.iter().copied().filter(|phrase| starts(&phrase)).map(<[_]>::len).max());
        if let Some(length) = empty {
            at += length;
            gap = gap.max(Gap::Comma);
            continue;
        }
        at += 1;
        if FILLERS.contains(&*word.text) {
            continue;
        }
        kept.push(Word { text: word.text.clone(), before: gap });
        gap = Gap::Space;
    }
    kept
}

const AUXILIARY: &[&str] = &[
    "do", "does", "did", "is", "are", "am", "was", "were", "have", "has", "had", "can", "could", "will", "would",
    "shall", "should", "may", "might", "must",
];
const QUESTION: &[&str] = &["what", "when", "where", "which", "who", "whom", "whose", "how", "why"];
const NOMINATIVE: &[&str] = &["i", "we", "they", "he", "she"];
const SUBJECT: &[&str] = &[
    "i",
    "we",
    "they",
    "he",
    "she",
    "you",
    "it",
    "that",
    "this",
    "everything",
    "all",
    "there",
    "which",
    "appointment",
    "booking",
    "reservation",
    "slot",
    "spot",
    "place",
    "visit",
    "time",
    "someone",
    "somebody",
    "staffname",
    "james",
    "request",
    "change",
    "cancellation",
    "servicename",
    "color",
];
const FINITE: &[&str] = &["is", "are", "am", "was", "were", "have", "has", "got", "had", "will", "been"];
const SUBJECT_OF_QUESTION: &[&str] = &[
    "i",
    "we",
    "they",
    "he",
    "she",
    "you",
    "it",
    "that",
    "this",
    "there",
    "the",
    "your",
    "any",
    "anyone",
    "anybody",
    "someone",
    "somebody",
    "everything",
    "anything",
    "a",
    "an",
    "our",
    "staffname",
    "james",
    "my",
    "these",
    "those",
    "one",
    "either",
];
const NEGATION: &[&str] = &[
    "not",
    "never",
    "no",
    "nothing",
    "none",
    "nobody",
    "without",
    "hardly",
    "neither",
    "nor",
    "unable",
    "nowhere",
    "cannot",
    "wrong",
    "false",
    "untrue",
    "incorrect",
    "doubt",
    "deny",
];
const CONDITION: &[&str] = &[
    "if",
    "once",
    "when",
    "whenever",
    "until",
    "till",
    "unless",
    "before",
    "after",
    "whether",
    "provided",
    "assuming",
    "supposing",
    "case",
];
const POSSIBLE: &[&str] = &["would", "could", "can", "may", "might", "want", "hope", "prefer", "wish"];
const MODAL: &[&str] = &["will", "shall", "let", "to", "need", "please", "like", "try", "should", "must"];
/// What follows "happy to" when what comes next is told, not offered.
const TELLING: &[&str] = &[
    "see",
    "find",
    "say",
    "tell",
    "inform",
    "report",
    "announce",
    "hear",
    "assure",
    "promise",
    "guarantee",
    "share",
    "mention",
    "know",
    "advise",
    "congratulate",
    "believe",
    "think",
    "swear",
    "remind",
    "note",
    "add",
];
const OPENERS: &[&str] = &[
    "okay",
    "ok",
    "so",
    "well",
    "sure",
    "great",
    "perfect",
    "alright",
    "and",
    "or",
    "but",
    "then",
    "yes",
    "no",
    "oh",
    "please",
    "sorry",
    "thanks",
    "wonderful",
    "lovely",
    "right",
    "yeah",
    "excellent",
    "good",
    "absolutely",
    "certainly",
    "hi",
    "hello",
    "hey",
    "um",
    "first",
    "also",
    "now",
    "fine",
    "anyway",
    "because",
    "plus",
    "since",
    "though",
];
const JOINS: &[&str] = &[
    "and",
    "but",
    "because",
    "so",
    "since",
    "plus",
    "then",
    "therefore",
    "cause",
    "cos",
    "as",
    "thus",
    "hence",
    "meaning",
    "or",
];

struct Sentence<'a, 't> {
    words: &'a [Word<'t>],
}

impl Sentence<'_, '_> {
    fn is(&self, at: usize, list: &[&str]) -> bool {
        self.words.get(at).is_some_and(|word| word.any(list))
    }

    /// Whether what is said between two places has a subject and a verb of its own: "you are", "it has".
    fn clauses(&self, from: usize, to: usize) -> usize {
        (from..to)
            .filter(|&at| {
                self.is(at, SUBJECT)
                    && at + 1 < to
                    && self.is(at + 1, FINITE)
                    && !self.is(at.wrapping_sub(1), &["have", "get", "got"])
            })
            .count()
    }

    /// Where the clause begins that the word at `at` stands in.
    fn scope(&self, at: usize) -> usize {
        let mut start = at;
        while start > 0 {
            let word = &self.words[start];
            if word.before > Gap::Space {
                break;
            }
            let before = start - 1;
            let purpose = self.is(before, &["so"]) && self.is(start, &["that"]);
            let as_soon_as = self.is(before, &["as"])
                && (self.is(start, &["soon", "long", "far"])
                    || before > 0 && self.is(before - 1, &["soon", "long", "far"]));
            if self.is(before, JOINS) && !purpose && !as_soon_as {
                break;
            }
            start = before;
        }
        start
    }

    /// Whether the clause from `start` asks, and nothing is stated between there and `to`.
    fn asks(&self, start: usize, at: usize, to: usize) -> bool {
        let mut first = start;
        while first < at && self.is(first, OPENERS) {
            first += 1;
        }
        let denied = usize::from(self.is(first + 1, &["not"]));
        if self.is(first, AUXILIARY) && self.is(first + 1 + denied, SUBJECT_OF_QUESTION) {
            return self.clauses(first + 2, to) == 0 && !self.states_deed(first + 2, at);
        }
        if !self.is(first, QUESTION)
            && !(self.is(first, &["at", "for", "on", "under", "by", "with", "to"]) && self.is(first + 1, QUESTION))
        {
            return false;
        }
        // "Why wouldn't you be booked?" asks nothing.
        if self.is(first, &["why", "how"]) && (first..at).any(|at| self.is(at, &["not"])) {
            return false;
        }
        let turned = (first + 1..at).find(|&at| self.is(at, AUXILIARY) && self.is(at + 1, SUBJECT_OF_QUESTION));
        turned.is_some_and(|turned| self.clauses(turned + 2, to) == 0 && !self.states_deed(turned + 2, at))
    }

    /// "We booked": who does it stands right before it, so that what came before is another clause.
    fn states_deed(&self, from: usize, at: usize) -> bool {
        at > from && self.is(at - 1, NOMINATIVE)
    }

    fn asserts(&self, found: &Found<Said>) -> bool {
        let (at, to) = (found.from, found.to);
        if self.is_full(at) {
            return false;
        }
        let firm = self.words[at].any(phrases::FIRM)
            || self.words[at..to].iter().any(|word| word.any(&["will", "shall", "see", "seeing"]));
        let start = self.scope(at);
        // "Why wouldn't you be booked?"
        if self.is(start, &["why", "how"]) && (start..at).any(|at| self.is(at, &["not"])) && firmly_past(self.words, at)
        {
            return true;
        }
        if self.asks(start, at, to) || start > 0 && self.asks(0, at, to) && self.clauses(0, start) == 0 {
            return false;
        }
        // "Once that is done you will get a text."
        let promised = (start..to).any(|at| self.is(at, &["will", "would", "can", "could", "shall", "may", "might"]));
        let condition = |at: usize| self.is(at, CONDITION) || self.is(at, &["soon"]) && self.is(at + 1, &["as"]);
        if promised
            && (0..at).any(|at| self.is(at, &["once", "if", "unless", "after", "when", "soon"]) && condition(at))
        {
            return false;
        }
        let clause_ends =
            (to..self.words.len()).find(|&at| self.words[at].before > Gap::Space).unwrap_or(self.words.len());
        if promised
            && (to..clause_ends)
                .any(|at| self.is(at, &["once", "if", "unless", "after"]) || self.is(at, &["soon"]) && condition(at))
        {
            return false;
        }
        let denials = (start..at).filter(|&at| self.is(at, NEGATION)).count();
        if denials == 1 {
            let denial = (start..at).find(|&at| self.is(at, NEGATION)).unwrap_or(start);
            let told =
                (denial + 1..at).any(|at| self.is(at, TELLING) || self.is(at, &["wait", "worry", "help", "stop"]));
            if at - denial <= 7 && self.clauses(denial + 1, to) == 0 && !told && !self.states_deed(denial + 1, at) {
                return false;
            }
        }
        if denials == 0 && self.words.get(to).is_some_and(|word| word.any(&["nothing", "none", "nobody", "neither"])) {
            return false;
        }
        for word in start..at {
            let inside = word + 1..at;
            if condition(word) || self.is(word, &["so"]) && self.is(word + 1, &["that"]) {
                let subjects = inside.clone().filter(|&at| {
                    self.is(at, &["i", "we", "they", "he", "she", "you", "it", "everything"])
                        && !self
                            .is(at.wrapping_sub(1), &["have", "get", "got", "put", "see", "for", "to", "with", "as"])
                });
                if at - word <= 8 && self.clauses(word + 1, to) <= 1 && subjects.count() <= 1 {
                    return false;
                }
            }
            let possible = self.is(word, POSSIBLE);
            if !possible && (firm || !self.is(word, MODAL)) {
                continue;
            }
            let told = inside.clone().any(|at| self.is(at, TELLING));
            let managed = self.is(word, &["to"])
                && word > start
                && self.is(word - 1, &["managed", "able", "got", "lucky", "succeeded", "manage", "get"]);
            let passive = inside
                .clone()
                .next()
                .is_some_and(|at| self.is(at, &["be"]) || self.is(at, &["have"]) && self.is(at + 1, &["been"]));
            let certain = self.is(word, &["will", "shall", "should", "must", "please", "need"]) && passive;
            if !told && !managed && !certain && self.clauses(word + 1, to) == 0 && !self.states_deed(word + 1, at) {
                return false;
            }
        }
        true
    }

    /// "Friday is fully booked", "Maria is booked up": nobody has an appointment by that.
    fn is_full(&self, at: usize) -> bool {
        let full = self.is(at.wrapping_sub(1), &["fully", "double", "over", "solidly", "heavily"])
            || self.is(at + 1, &["up", "out", "solid", "full"]);
        let yours = self.words[self.scope(at)..at].iter().any(|word| word.any(&["you", "your"]));
        self.is(at, &["booked", "reserved", "scheduled"]) && full && !yours
    }

    /// What "I" or "we" have done, in whatever verb: all that a receptionist may have done is known.
    fn deeds(&self) -> Option<Found<Said>> {
        let deed = |at: usize| {
            if !self.is(at, &["i", "we", "staffname", "she", "he", "they", "system"])
                || self.is(at.wrapping_sub(1), AUXILIARY) && self.asks(self.scope(at), at, at)
            {
                return None;
            }
            let perfect = self.is(at + 1, &["have", "has"]);
            let verb = if perfect { at + 2 } else { at + 1 };
            let verb = if perfect && self.is(verb, &["gone", "been"]) { verb + 1 } else { verb };
            let word = self.words.get(verb)?;
            let text = &*word.text;
            let done = text.len() > 4 && text.ends_with("ed") || IRREGULAR.contains(&text);
            let object = self.words.get(verb + 1).is_some_and(|next| next.any(OBJECT));
            let whole = perfect || object;
            if !done
                || !whole
                || HARMLESS.contains(&text)
                || AMBIGUOUS.contains(&text) && !perfect && !self.is(verb + 1, &["you", "your"])
            {
                return None;
            }
            let found = Found { what: Said::Done, from: verb, to: verb + 1 };
            let start = self.scope(at);
            let conditional = (start..at).any(|at| self.is(at, CONDITION));
            (!conditional && self.asserts(&found)).then_some(found)
        };
        (0..self.words.len()).find_map(deed)
    }
}

/// Said of what is over: "why isn't it booked?" asks after all, "why wouldn't you be booked" does not.
fn firmly_past(words: &[Word<'_>], at: usize) -> bool {
    words[..at].iter().any(|word| word.any(&["would", "could", "will", "should"]))
}

const OBJECT: &[&str] = &[
    "you",
    "your",
    "it",
    "that",
    "this",
    "the",
    "a",
    "an",
    "everything",
    "both",
    "them",
    "him",
    "her",
    "all",
    "our",
    "his",
    "their",
];
const IRREGULAR: &[&str] = &[
    "struck", "cut", "thrown", "slid", "stuck", "swept", "built", "dealt", "hung", "caught", "chosen", "laid", "drawn",
    "shut", "fit", "won", "rung", "undone", "let", "begun", "split", "swung", "bound", "put", "set", "made", "got",
    "took", "taken", "sent", "given", "gave", "wrote", "written", "held", "kept", "told", "left", "done", "begun",
    "bought", "brought", "run", "paid",
];
const AMBIGUOUS: &[&str] = &["put", "set", "got", "left", "told", "kept"];
/// What a receptionist may say of themselves: none of it changes anything.
const HARMLESS: &[&str] = &[
    "looked",
    "checked",
    "asked",
    "mentioned",
    "heard",
    "understood",
    "noticed",
    "listed",
    "tried",
    "searched",
    "missed",
    "spelled",
    "opened",
    "pulled",
    "reviewed",
    "wanted",
    "needed",
    "liked",
    "loved",
    "offered",
    "worked",
    "closed",
    "used",
    "called",
    "talked",
    "stopped",
    "received",
    "thought",
    "got",
    "recommended",
    "suggested",
    "preferred",
    "welcomed",
    "learned",
    "repeated",
    "counted",
    "appreciated",
    "enjoyed",
    "misunderstood",
    "misheard",
    "realized",
    "realised",
    "hoped",
    "wondered",
    "listened",
    "answered",
    "explained",
    "need",
    "expected",
    "failed",
    "seemed",
    "started",
    "helped",
    "apologized",
    "figured",
    "guessed",
    "supposed",
    "stayed",
    "lost",
    "found",
    "finished",
    "located",
    "gathered",
    "noted",
    "double",
    "skipped",
    "limited",
    "interested",
];

/// Answers that say yes to what was asked.
pub(super) const AFFIRMING: &[&str] = &[
    "yes",
    "yeah",
    "yep",
    "yup",
    "sure",
    "absolutely",
    "correct",
    "exactly",
    "indeed",
    "certainly",
    "definitely",
    "right",
    "affirmative",
    "totally",
    "course",
    "uh",
    "mhm",
    "aye",
    "true",
    "precisely",
    "indubitably",
    "bingo",
];
