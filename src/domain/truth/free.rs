//! Whether a sentence says that a time is free, or is not, and whether the desk has said so.

use super::{
    Ground,
    english::{self, Said},
    times::{Known, Mention},
    words::{self, Gap, Word},
};

/// Words with which a time is said to be free or taken.
pub(super) const WORDS: &str = "free available availability open opening openings slot slots spot spots vacant vacancy vacancies have has got do does can could \
see take fit squeeze offer works work possible fine nothing full taken unavailable busy gone booked space room there there's gap gaps is are anything something none no not packed \
reserved doable suits okay manage accommodate left clear swamped";

/// What a sentence says of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Free,
    Taken,
}

const FREE: &[&str] = &[
    "free",
    "available",
    "availability",
    "open",
    "opening",
    "openings",
    "vacant",
    "vacancy",
    "vacancies",
    "doable",
    "possible",
    "clear",
];
const PLACES: &[&str] = &[
    "slot",
    "slots",
    "spot",
    "spots",
    "space",
    "room",
    "gap",
    "gaps",
    "opening",
    "openings",
    "availability",
    "time",
    "times",
    "vacancy",
    "vacancies",
    "appointments",
    "option",
    "options",
    "something",
    "one",
    "place",
    "chair",
];
const TAKEN: &[&str] = &["taken", "unavailable", "busy", "full", "gone", "booked", "packed", "reserved", "swamped"];
/// Who only looks, or asks, says nothing yet.
const LOOKING: &[&str] = &[
    "let",
    "check",
    "checking",
    "look",
    "looking",
    "see",
    "find",
    "finding",
    "whether",
    "if",
    "which",
    "what",
    "what's",
    "when",
    "would",
    "tell",
    "ask",
    "whenever",
    "once",
    "seeing",
    "search",
    "searching",
    "until",
    "before",
];

/// What is said of a time, when it is said and not asked or looked for.
pub(super) fn says(words: &[Word<'_>]) -> Option<Says> {
    let mut found = None;
    for at in 0..words.len() {
        let Some(says) = says_at(words, at) else { continue };
        if !is_open(words, at) {
            found = Some(says);
            if says == Says::Free {
                break;
            }
        }
    }
    found
}

fn is(words: &[Word<'_>], at: usize, list: &[&str]) -> bool {
    words.get(at).is_some_and(|word| word.any(list))
}

/// What the word at `at` says of a time.
fn says_at(words: &[Word<'_>], at: usize) -> Option<Says> {
    let denied = denied(words, at);
    // Not of a time: "parking is free".
    if is(words, at, &["free"])
        && words.iter().any(|word| word.any(&["parking", "park", "wifi", "coffee", "tea", "water", "drinks", "charge"]))
    {
        return None;
    }
    if is(words, at, FREE) {
        let idle = is(words, at, &["free"])
            && (is(words, at.wrapping_sub(1), &["feel", "toll", "for", "are", "be"])
                && !is(words, at + 1, &["at", "on", "then", "for", "tomorrow", "today"])
                && !is(words, at.wrapping_sub(2), &["staffname", "we", "both", "slots", "they", "times", "not"])
                || is(words, at + 1, &["parking", "to", "of", "wifi"]));
        return (!idle).then_some(if denied { Says::Taken } else { Says::Free });
    }
    if is(words, at, TAKEN) {
        // "You're fully booked" is no busy day.
        let yours = is(words, at, &["booked", "reserved"])
            && !(is(
                words,
                at.wrapping_sub(1),
                &["fully", "completely", "double", "all", "totally", "already", "solid"],
            ) || is(words, at + 1, &["up", "out", "solid", "full"])
                || (0..at).any(|before| is(words, before, &["staffname", "she", "he", "we"])))
            || (at.saturating_sub(4)..at).any(|before| is(words, before, &["you", "your"]));
        let care = is(words, at, &["taken"]) && is(words, at + 1, &["care", "a", "down", "your", "that", "the"]);
        return (!yours && !care).then_some(if denied { Says::Free } else { Says::Taken });
    }
    if is(words, at, &["anything", "any"])
        && denied
        && (timed(words, at + 1) || is(words, at + 1, &["free", "available", "left", "open", "then", "$"]))
        && (at.saturating_sub(5)..at).any(|before| is(words, before, &["have", "has", "got", "is", "see", "are"]))
    {
        return Some(Says::Taken);
    }
    if is(words, at, &["nothing", "none"]) {
        let other =
            is(words, at + 1, &["else", "is", "has", "will", "to", "yet", "more", "changes", "changed", "wrong"])
                && !(at + 1..words.len()).any(|after| is(words, after, &["free", "available", "open", "left"]));
        return (!other).then_some(Says::Taken);
    }
    says_by_verb(words, at, denied)
}

/// "We have two openings", "I can do 4:30", "four works for us".
fn says_by_verb(words: &[Word<'_>], at: usize, denied: bool) -> Option<Says> {
    if is(words, at, &["have", "has", "got", "is", "are", "there"]) {
        let place = (at + 1..(at + 6).min(words.len())).any(|after| {
            is(words, after, PLACES)
                && !is(words, after, &["time", "one", "place", "option", "options", "something", "chair"])
        });
        if place
            && (at == 0
                || is(
                    words,
                    at - 1,
                    &["i", "we", "there", "staffname", "she", "he", "they", "not", "is", "have", "still"],
                )
                || is(words, at, &["there"]))
        {
            return Some(if denied || is(words, at + 1, &["no"]) { Says::Taken } else { Says::Free });
        }
        let mine = at > 0
            && is(words, at - 1, &["i", "we", "staffname", "she", "he", "they"])
            && is(words, at, &["have", "has", "got"]);
        if mine && timed(words, at + 1) {
            return Some(if denied { Says::Taken } else { Says::Free });
        }
        if mine
            && (is(words, at + 1, &["not", "no"])
                && is(words, at + 2, &["got", "have", "anything", "any", "time", "times"]))
        {
            return Some(Says::Taken);
        }
    }
    if is(words, at, &["can", "could"])
        && is(
            words,
            at + 1,
            &["do", "see", "take", "fit", "squeeze", "offer", "manage", "accommodate", "get", "give", "slot", "have"],
        )
        && at > 0
        && is(words, at - 1, &["i", "we", "staffname", "she", "he", "they"])
        && !is(words, at + 2, &["if", "whether", "what"])
        && (is(words, at + 1, &["do", "offer", "manage", "have"])
            || is(words, at + 2, &["you", "him", "her", "them", "both"]))
    {
        return (timed(words, at + 2) || is(words, at + 1, &["fit", "squeeze"]) && !is(words, at, &["could"]))
            .then_some(Says::Free);
    }
    if is(words, at, &["can", "could"])
        && is(words, at + 1, &["not"])
        && is(words, at + 2, &["do", "see", "take", "fit", "squeeze", "offer", "manage", "accommodate"])
    {
        return timed(words, at + 3).then_some(Says::Taken);
    }
    if is(words, at, &["works", "work", "suits"])
        && at > 0
        && (is(words, at + 1, &["for", "on", "perfectly", "fine", "great", "well", "with"]) || words.len() == at + 1)
        && !is(words, at + 2, &["you"])
        && timed_before(words, at)
    {
        return Some(if denied { Says::Taken } else { Says::Free });
    }
    if is(words, at, &["fine", "okay", "doable"])
        && at > 0
        && is(words, at - 1, &["is", "are", "be"])
        && timed_before(words, at)
        && !is(words, at + 1, &["with", "for"])
    {
        return Some(if denied { Says::Taken } else { Says::Free });
    }
    None
}

fn number(word: &Word<'_>) -> bool {
    word.text.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) || super::judge::is_number_word(&word.text)
}

/// Whether a day or a time follows within a few words.
fn timed(words: &[Word<'_>], at: usize) -> bool {
    let end = (at + 5).min(words.len());
    words.get(at..end).is_some_and(|words| {
        words.iter().any(|word| {
            (number(word) && !word.any(&["one", "second"]))
                || super::judge::is_calendar_word(&word.text)
                || word.any(&["noon", "half", "quarter", "midday"])
        })
    }) && !words.get(at..end).is_some_and(|words| {
        words.iter().any(|word| {
            word.any(&[
                "services",
                "stylists",
                "options",
                "staff",
                "people",
                "minutes",
                "question",
                "questions",
                "name",
                "number",
                "email",
                "two",
            ]) && !word.is("two")
        })
    })
}

fn timed_before(words: &[Word<'_>], at: usize) -> bool {
    words[at.saturating_sub(6)..at].iter().any(|word| {
        number(word) || super::judge::is_calendar_word(&word.text) || word.any(&["noon", "that", "then", "it"])
    })
}

fn denied(words: &[Word<'_>], at: usize) -> bool {
    let mut before = at;
    while before > 0 && words[before].before == Gap::Space && at - before < 7 {
        before -= 1;
        if is(
            words,
            before,
            &["not", "no", "nothing", "never", "longer", "neither", "nobody", "fully", "without", "none"],
        ) && !is(words, before, &["fully"])
        {
            return !(is(words, before, &["no"]) && is(words, before + 1, &["problem", "worries"]));
        }
    }
    false
}

/// Whether the words around only ask, look, or set a condition.
fn is_open(words: &[Word<'_>], at: usize) -> bool {
    let mut start = at;
    while start > 0
        && words[start].before < Gap::Break
        && !(words[start].before == Gap::Comma && at - start > 1 && !is(words, start, LOOKING))
    {
        start -= 1;
    }
    let clause = &words[start..at];
    if clause.iter().enumerate().any(|(nth, word)| {
        word.any(LOOKING)
            && !(word.is("see")
                && nth > 0
                && clause[nth - 1].any(&["can", "could"])
                && clause.get(nth + 1).is_some_and(|next| next.is("you")))
    }) {
        return true;
    }
    let first = clause.iter().position(|word| {
        !word.any(&[
            "okay", "so", "and", "well", "great", "sure", "or", "but", "alright", "then", "thanks", "perfect", "sorry",
            "oh",
        ])
    });
    let asks = first.is_some_and(|first| {
        clause[first].any(&[
            "is", "are", "do", "does", "did", "can", "could", "will", "would", "shall", "should", "have", "has", "may",
            "how", "who", "why", "where",
        ]) && clause.get(first + 1).or(words.get(start + first + 1)).is_some_and(|next| {
            next.any(&[
                "i",
                "we",
                "you",
                "it",
                "that",
                "there",
                "the",
                "any",
                "your",
                "this",
                "he",
                "she",
                "they",
                "staffname",
                "tuesday",
                "monday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
                "tomorrow",
                "today",
                "about",
                "long",
                "many",
                "much",
            ]) || number(next)
        })
    });
    let asked_word = first.is_none()
        && is(words, at, &["is", "are", "have", "can", "could", "do", "does"])
        && is(words, at + 1, &["you", "i", "we", "it", "that", "there"]);
    asks || asked_word
}

/// Whether what is said of a time rests on what the desk has told.
pub(super) fn holds(
    says: Says,
    words: &[Word<'_>],
    mentions: &[Mention],
    ground: &Ground<'_>,
    known: &Known<'_>,
) -> bool {
    let timed: Vec<&Mention> = mentions
        .iter()
        .filter(|mention| !mention.is_casual(known.today()) || mention.days.iter().any(|_| true))
        .collect();
    match says {
        Says::Free if timed.is_empty() => ground.held.is_some() || !ground.offered.is_empty(),
        Says::Free => {
            // "Three isn't free, but I have four": what is not free is told, the rest is offered.
            let mixed = words.iter().any(|word| word.any(&["not", "nothing", "no", "but", "taken"]));
            let one = timed.iter().any(|mention| known.is_offered(mention));
            one && timed.iter().all(|mention| {
                known.is_offered(mention)
                    || mixed && (known.is_told_taken(Some(mention)) || is_closed(mention, ground))
                    || !mention.is_exact() && mention.clock.is_none()
            })
        }
        Says::Taken => {
            let exact = || timed.iter();
            // Nobody has looked at a whole year.
            if words.iter().any(|word| word.any(&["year", "months", "ever"])) {
                return false;
            }
            if timed.is_empty() {
                return known.is_told_taken(None);
            }
            exact().all(|mention| {
                known.is_told_taken(Some(mention))
                    || is_closed(mention, ground)
                    || known.is_offered(mention) && words.iter().any(|word| word.any(&["but", "have"]))
            })
        }
    }
}

fn is_closed(mention: &Mention, ground: &Ground<'_>) -> bool {
    !mention.days.is_empty() && super::hours::hold(ground, std::slice::from_ref(mention), true)
}

/// Whether the sentence is about when the door is open.
pub(super) fn is_about_hours(words: &[Word<'_>]) -> bool {
    (0..words.len()).any(|at| {
        if is(words, at, &["hours"]) {
            return !is(
                words,
                at.wrapping_sub(1),
                &["two", "three", "four", "2", "3", "24", "few", "half", "of", "couple"],
            ) && (is(
                words,
                at.wrapping_sub(1),
                &["opening", "our", "business", "regular", "usual", "the", "working", "office"],
            ) || is(words, at + 1, &["are", "on"]));
        }
        if !is(words, at, &["open", "opens", "close", "closes", "closed", "closing", "shut", "shuts"]) {
            return false;
        }
        let ours = words[at.saturating_sub(5)..at].iter().any(|word| {
            word.any(&[
                "we", "salon", "shop", "office", "doors", "clinic", "business", "practice", "store", "us", "sage",
            ])
        });
        let days = words.get(at + 1).is_some_and(|next| {
            next.any(&[
                "from",
                "until",
                "till",
                "on",
                "every",
                "daily",
                "all",
                "seven",
                "tuesday",
                "monday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
                "today",
                "tomorrow",
                "for",
                "at",
                "between",
            ])
        });
        let slot = words[at.saturating_sub(4)..at]
            .iter()
            .any(|word| word.any(&["have", "slot", "spot", "something", "time", "got", "anything"]));
        (ours || days) && !slot
    })
}

pub(super) fn says_closed(words: &[Word<'_>]) -> bool {
    let closed = words.iter().enumerate().find(|(_, word)| word.any(&["closed", "shut"])).map(|(at, _)| at);
    let not_open = words.iter().enumerate().find(|(at, word)| word.any(&["open"]) && denied(words, *at)).is_some();
    closed.is_some_and(|at| !denied(words, at)) || not_open
}

/// "So that's Tuesday at three, shall I book it?"
pub(super) fn reads_back(words: &[Word<'_>]) -> bool {
    let phrases: &[&[&str]] = &[
        &["shall", "i", "book"],
        &["should", "i", "book"],
        &["to", "confirm"],
        &["so", "that", "is"],
        &["your", "appointment"],
        &["i", "have", "you"],
        &["keep", "that"],
        &["holding"],
        &["kept"],
        &["book", "it"],
        &["book", "that"],
        &["book", "you"],
        &["that", "is"],
        &["read", "that", "back"],
        &["you", "want"],
        &["you", "chose"],
        &["go", "ahead"],
    ];
    (0..words.len()).any(|at| {
        phrases.iter().any(|phrase| {
            phrase.iter().enumerate().all(|(nth, text)| words.get(at + nth).is_some_and(|word| word.is(text)))
        })
    })
}

/// A yes or a no to what the caller asked last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Done(Said),
    Free(Says),
}

impl Answer {
    pub(super) fn said(self) -> Option<Said> {
        match self {
            Self::Done(said) => Some(said),
            Self::Free(_) => None,
        }
    }

    pub(super) fn free(self) -> Option<Says> {
        match self {
            Self::Free(says) => Some(says),
            Self::Done(_) => None,
        }
    }
}

/// What a yes means: "Am I booked?" "Yes." is as good as "You're booked."
pub(super) fn answers(words: &[Word<'_>], ground: &Ground<'_>) -> Option<Answer> {
    let heard = ground.heard.last()?;
    let first = words.iter().find(|word| !word.any(&["oh", "well", "um", "why", "so", "great", "and"]))?;
    let at = words.iter().position(|word| word == first)?;
    let short = words.len() <= at + 5;
    let yes = first.any(english::AFFIRMING)
        || short
            && (first.any(&["you", "it", "i", "we", "that", "they"])
                && is(words, at + 1, &["are", "is", "did", "have", "has", "do", "am", "was", "will"])
                && !is(words, at + 2, &["not"]))
            && words.len() <= at + 3
        || first.is("that") && is(words, at + 2, &["right", "correct", "true"])
        || first.is("of") && is(words, at + 1, &["course"]);
    if !yes {
        return None;
    }
    // "Yes, let me look" answers nothing yet.
    let looks = words.iter().any(|word| word.any(&["let", "check", "look", "moment", "happy", "glad", "help"]));
    let folded = words::fold(heard);
    let asked = words::split(&folded);
    let any = |list: &[&str]| asked.iter().any(|word| word.any(list));
    let polar = heard.contains('?') && any(&["am", "is", "are", "did", "have", "has", "was", "do", "right", "so"]);
    let state = asked.windows(2).any(|pair| {
        pair[0].any(&["am", "is", "are", "did", "have", "has", "was", "so", "got"])
            && pair[1].any(&["i", "it", "that", "you", "we", "my", "the", "everything", "there"])
    }) || asked
        .windows(2)
        .any(|pair| pair[0].any(&["i", "it", "that", "everything"]) && pair[1].any(&["am", "is", "are", "has"]));
    if looks || !(polar || state) {
        return None;
    }
    let did = any(&["did", "have", "has", "is", "am", "are", "was", "got", "were"]);
    let said = if any(&["cancelled", "canceled"]) || any(&["cancel"]) && any(&["did"]) {
        Some(Said::Cancelled)
    } else if any(&["moved", "rescheduled", "changed"]) || any(&["move", "change", "reschedule"]) && any(&["did"]) {
        Some(Said::Moved)
    } else if did && any(&["booked", "confirmed", "scheduled", "reserved", "set", "done"])
        || any(&["did"]) && any(&["book", "reserve", "schedule"])
        || any(&["do", "have"])
            && any(&["i"])
            && any(&["appointment", "booking"])
            && !any(&["make", "need", "want", "like", "book", "get"])
    {
        Some(Said::Stands)
    } else if did && any(&["message", "told", "passed"]) {
        Some(Said::Passed)
    } else {
        None
    };
    if let Some(said) = said {
        return Some(Answer::Done(said));
    }
    let free = any(&["free", "available", "opening", "openings", "open", "availability"])
        || any(&["have"]) && any(&["anything", "something", "time"]);
    (free && polar && !any(&["hours", "parking"]) && !is_about_hours(&asked))
        .then_some(Answer::Free(Says::Free))
        .filter(|_| any(&["is", "are", "do", "have", "has"]) && words.len() <= 4 || any(&["free", "available"]))
}
