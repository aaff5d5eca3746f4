//! Whether the caller said yes. A yes turns a proposal into a booking, so a doubtful one is none: asking again costs a
//! second, and a booking nobody wanted costs an appointment.

use super::{
    Answer, Aspect, Choice, Expecting, Intent, Meaning,
    pattern::Found,
    phrases::{ASPECTS, CHOICES, SIGNS, Sign, class},
    tokens::{Gap, INTERJECTIONS, Use, Utterance, Word},
};

/// The yes or no in an utterance. A yes may carry something ("yes, Thursday"); whether that is what was proposed is for
/// the dialogue to compare.
pub(super) fn find(said: &Utterance<'_>, meaning: &Meaning, expecting: Expecting) -> Option<Answer> {
    let intents = &meaning.intents;
    let mut signs = SIGNS.find(said);
    signs.retain(|sign| !said.words[sign.at.clone()].iter().all(|word| matches!(word.used, Use::Name | Use::Phone)));
    signs.retain(|sign| sign.what != Sign::Yes || !goes_on(said, sign));
    let answering = Answering { said, signs: &signs, intents, expecting, end: aside(said, &signs, intents) };
    if signs.iter().any(|sign| sign.what == Sign::Refusal && sign.at.start < answering.end) {
        return Some(Answer::No);
    }
    if expecting == Expecting::Phone && meaning.phone.is_none() && lacks(said) {
        return Some(Answer::No);
    }
    match verdict(said, &signs)? {
        Sign::No => Some(Answer::No),
        Sign::Yes if answering.unspoilt() => Some(Answer::Yes),
        Sign::Fine if answering.unspoilt() && answering.mild() => Some(Answer::Yes),
        _ => None,
    }
}

/// "I don't have one", "I haven't got a phone".
fn lacks(said: &Utterance<'_>) -> bool {
    said.words.windows(3).any(|words| {
        let without =
            words[0].is("not") && words[1].any(&["have", "got", "own"]) || words[1].is("not") && words[2].is("got");
        without && words[0].any(&["not", "have", "has", "do"])
    }) || said.words.windows(2).any(|words| words[0].is("no") && words[1].any(&["phone", "number", "mobile", "cell"]))
}

/// An utterance up to the question that may follow the answer in it.
struct Answering<'a> {
    said: &'a Utterance<'a>,
    signs: &'a [Found<Sign>],
    intents: &'a [Intent],
    expecting: Expecting,
    /// The first word of a question that leaves the answer as it is ("yes, and where are you?").
    end: usize,
}

impl Answering<'_> {
    fn asks_aside(&self) -> bool {
        self.end < self.said.words.len()
    }

    /// Nothing takes the yes back: no "but", no other wish, and no question but one that leaves everything as it is.
    fn unspoilt(&self) -> bool {
        let agrees = |sign: &&Found<Sign>| matches!(sign.what, Sign::Yes | Sign::Fine);
        let signs = || self.signs.iter().filter(|sign| sign.at.start < self.end);
        let last_yes = signs().rfind(agrees).map_or(0, |sign| sign.at.start);
        let taken_back = signs().any(|sign| match sign.what {
            Sign::Hold | Sign::Asks => true,
            Sign::No => sign.at.start > last_yes || sign.at.len() > 1,
            _ => false,
        });
        // "Yes, that's all" after "Anything else?" wants nothing else.
        let parting = self.expecting == Expecting::Anything && self.intents.contains(&Intent::Goodbye);
        let other_wish = parting
            || self.intents.iter().any(|intent| match intent {
                Intent::NeverMind | Intent::Repeat | Intent::AskWhoYouAre | Intent::AskTimes => true,
                // Who says no more than "yes" and asks what it costs has not decided yet.
                Intent::AskPrice => !signs().any(|sign| sign.what == Sign::Yes && sign.at.len() > 1),
                _ => false,
            });
        let doubted = !self.asks_aside()
            && signs().filter(agrees).any(|sign| self.said.words[sign.at.start].asked && !request(self.said, sign));
        !doubted && !taken_back && !other_wish && self.nothing_else(MOST_UNKNOWN)
    }

    /// "Okay" agrees when it is all that is said.
    fn mild(&self) -> bool {
        !self.asks_aside() && !self.intents.contains(&Intent::Goodbye) && self.nothing_else(0)
    }

    fn nothing_else(&self, most: usize) -> bool {
        let known = |at: usize| {
            let word = &self.said.words[at];
            self.signs.iter().any(|sign| sign.at.contains(&at))
                || word.any(INTERJECTIONS)
                || word.any(COURTESY)
                || word.any(AGREEING)
                || most > 0 && word.used != Use::Free
        };
        (0..self.end).filter(|&at| !known(at)).count() <= most
    }
}

/// How many words of a yes may be about something else ("yes, my wife will be so pleased").
const MOST_UNKNOWN: usize = 6;

/// "Yes, could you book it?" is put as a question and is none.
fn request(said: &Utterance<'_>, sign: &Found<Sign>) -> bool {
    said.words[sign.at.clone()]
        .windows(2)
        .any(|words| words[0].any(&["can", "could", "would", "will"]) && words[1].is("you"))
}

/// Where a question begins that has nothing to do with the answer before it; the end of the utterance if there is none.
fn aside(said: &Utterance<'_>, signs: &[Found<Sign>], intents: &[Intent]) -> usize {
    let whole = said.words.len();
    let agrees = |sign: &Found<Sign>| matches!(sign.what, Sign::Yes | Sign::Fine);
    let Some(yes) = signs.iter().position(agrees) else { return whole };
    let asks = |sign: &&Found<Sign>| sign.what == Sign::Asks && sign.at.start >= signs[yes].at.end;
    let Some(question) = signs.iter().find(asks).map(|sign| sign.at.start) else { return whole };
    let answered = intents.iter().any(|intent| {
        matches!(intent, Intent::AskAddress | Intent::AskHours | Intent::AskFact(_) | Intent::AskServices)
    });
    let touched = |at: usize| {
        let word = &said.words[at];
        let asked_to = word.any(MAY) && said.words.get(at + 1).is_some_and(|next| next.any(&["i", "we"]));
        matches!(word.used, Use::Time | Use::Staff | Use::Service | Use::People)
            || word.any(PROPOSAL)
            || asked_to && !said.words[at + 2..].iter().take(3).any(|word| word.any(LEARN))
    };
    let taken_back = signs.iter().filter(|sign| sign.at.start >= question).any(|sign| {
        let whether = said.words[sign.at.start].any(&["if", "before", "until", "or"])
            && said.words[question..sign.at.start].iter().any(|word| word.any(TELL));
        matches!(sign.what, Sign::Hold | Sign::No | Sign::Refusal) && !whether
    });
    // "Yes to what?" asks about the question itself.
    let harmless = answered || question + 2 < whole && !(question..whole).any(touched);
    if harmless && !taken_back { question } else { whole }
}

const MAY: &[&str] = &["can", "could", "may", "might", "should", "shall", "would", "will", "do", "is", "am", "are"];

/// What somebody does who only wants to know.
const LEARN: &[&str] = &["have", "get", "know", "ask", "find", "reach", "call", "contact", "need", "pay", "park"];

const TELL: &[&str] = &["tell", "know", "check", "find", "ask", "see", "look", "long", "how"];

/// Words of what was proposed: whoever asks about it has not agreed to it yet.
const PROPOSAL: &[&str] = &[
    "time",
    "times",
    "day",
    "date",
    "when",
    "who",
    "whom",
    "again",
    "right",
    "correct",
    "sure",
    "certain",
    "available",
    "free",
    "opening",
    "openings",
    "slot",
    "slots",
    "earlier",
    "later",
    "sooner",
    "other",
    "another",
    "different",
    "instead",
    "else",
    "change",
    "move",
    "cancel",
    "cheaper",
    "discount",
    "book",
    "booked",
    "appointment",
    "name",
    "my",
    "mine",
    "okay",
    "fine",
    "alright",
    "possible",
    "yes",
    "did",
    "late",
    "early",
    "one",
    "ones",
    "long",
    "with",
    "same",
    "bring",
    "come",
];

/// What the utterance says first. Of several in a row the last counts: "yeah, no" is a no and "no, that's right" a yes;
/// but "no, that's fine" declines, and where it does not, no harm is done.
fn verdict(said: &Utterance<'_>, signs: &[Found<Sign>]) -> Option<Sign> {
    let mut verdict = None;
    let mut declined = false;
    let mut at = said.lead();
    loop {
        let here = |sign: &&Found<Sign>| sign.at.start == at && sign.what != Sign::Neither;
        if let Some(sign) = signs.iter().find(here) {
            verdict = match (verdict, sign.what) {
                (_, Sign::No) => Some(Sign::No),
                (Some(Sign::No), Sign::Yes) if gentle(said, sign) => Some(Sign::No),
                // "No thanks" was more than a word to begin with: who then says yes has to be asked.
                (Some(Sign::No), Sign::Yes) if declined => return None,
                (_, Sign::Yes) => Some(Sign::Yes),
                (None, Sign::Fine) => Some(Sign::Fine),
                (verdict, Sign::Fine) => verdict,
                _ => break,
            };
            declined |= sign.what == Sign::No && sign.at.len() > 1;
            at = sign.at.end;
        } else if said.words.get(at).is_some_and(|word| word.any(INTERJECTIONS) || word.any(COURTESY)) {
            at += 1;
        } else {
            break;
        }
    }
    verdict.or_else(|| {
        let late = |sign: &&Found<Sign>| {
            let understood = |word: &Word<'_>| word.used != Use::Free || word.any(AGREEING) || word.any(COURTESY);
            let last = sign.at.end == ending(said) && said.words[..sign.at.start].iter().all(understood);
            sign.what == Sign::Yes && (sign.at.len() > 1 || last)
        };
        signs.iter().find(late).map(|_| Sign::Yes)
    })
}

/// "That's fine" agrees, and after a "no" it declines.
fn gentle(said: &Utterance<'_>, sign: &Found<Sign>) -> bool {
    let (first, last) = (&said.words[sign.at.start], &said.words[sign.at.end - 1]);
    first.any(&["that", "it", "this", "all", "everything", "i", "we"])
        && !last.any(&["right", "correct", "works", "work"])
}

/// "Book it at eleven" tells what to book and agrees to nothing.
fn goes_on(said: &Utterance<'_>, sign: &Found<Sign>) -> bool {
    let words = &said.words[sign.at.clone()];
    let open = words.iter().rposition(|word| !word.any(&["for", "me", "us", "to", "with", "by"])).unwrap_or(0);
    let told = words.iter().any(|word| word.any(DOING))
        && words.get(open).is_some_and(|last| {
            last.any(&["it", "that", "this", "so", "one", "book", "up"]) || last.any(class("APPOINTMENT"))
        });
    let idle = |word: &&Word<'_>| {
        !word.any(COURTESY) && !word.any(INTERJECTIONS) && !word.any(&["now", "yes", "yeah", "right"])
    };
    let rest = &said.words[sign.at.end..];
    let sentence = rest.iter().position(|word| word.before == Gap::Stop).unwrap_or(rest.len());
    told && rest[..sentence].iter().find(idle).is_some_and(|next| !next.any(NEXT_SENTENCE))
}

/// What begins a sentence of its own where no full stop was written.
const NEXT_SENTENCE: &[&str] = &["what", "where", "how", "can", "could", "do", "tell", "give", "i", "we", "see"];

const DOING: &[&str] =
    &["book", "do", "confirm", "schedule", "make", "let", "cancel", "move", "reserve", "set", "arrange", "take", "try"];

const COURTESY: &[&str] =
    &["thank", "thanks", "you", "please", "very", "much", "that", "is", "it", "kindly", "dear", "again"];

/// Where the utterance ends, courtesy left aside.
fn ending(said: &Utterance<'_>) -> usize {
    let last = said.words.iter().rposition(|word| !word.any(&["please", "thank", "thanks", "you", "very", "much"]));
    last.map_or(0, |last| last + 1)
}

const AGREEING: &[&str] = &[
    "i",
    "me",
    "us",
    "we",
    "would",
    "will",
    "be",
    "for",
    "with",
    "the",
    "a",
    "to",
    "just",
    "so",
    "really",
    "love",
    "like",
    "this",
    "then",
    "time",
    "day",
    "at",
    "on",
    "my",
    "absolutely",
    "totally",
    "all",
    "also",
    "too",
    "am",
    "can",
    "do",
    "fine",
    "by",
    "sounds",
    "looks",
    "lots",
    "sir",
    "madam",
];

/// Which part of what was understood is spoken of.
pub(super) fn about(said: &Utterance<'_>) -> Option<Aspect> {
    ASPECTS.find(said).first().map(|found| found.what)
}

/// Which of the offered times was taken, and which words said so.
pub(super) fn choice(said: &Utterance<'_>, expecting: Expecting) -> Option<Found<Choice>> {
    if matches!(expecting, Expecting::Staff | Expecting::Name | Expecting::Phone) {
        return None;
    }
    let offered = if let Expecting::Choice(offered) = expecting { offered } else { 0 };
    let mut found = CHOICES.find(said);
    for found in &mut found {
        // With fewer than two on the table "the earlier one" is none of them.
        let compared = said.words[found.at.clone()].iter().find_map(|word| match &*word.text {
            "earlier" | "earliest" | "sooner" | "soonest" => Some(Choice::Earlier),
            "later" | "latest" => Some(Choice::Later),
            _ => None,
        });
        if let Some(compared) = compared.filter(|_| offered < 2) {
            found.what = compared;
        }
    }
    let among = |found: &Found<Choice>| match found.what {
        Choice::Any if offered == 0 => {
            said.words[found.at.end - 1].any(&["either", "whichever", "both", "those", "them", "these"])
        }
        Choice::Nth(_) | Choice::Last if offered == 0 => said.words[found.at.end - 1].any(&["one", "option", "choice"]),
        Choice::Nth(_) if said.words[found.at.end - 1].is("one") && said.words[found.at.end - 2].is("other") => {
            offered == 2
        }
        // "Later than four", "later in the week" is a time.
        Choice::Earlier | Choice::Later => {
            let next = said.words.get(found.at.end);
            !next.is_some_and(|next| next.any(&["than", "in", "on", "this", "that", "next", "today", "tomorrow"]))
        }
        Choice::Described => offered > 0,
        _ => true,
    };
    found.into_iter().rfind(among).or_else(|| bare_number(said, offered))
}

/// "The morning one", "the haircut one": described by what else was found in the words before it.
pub(super) fn described(said: &Utterance<'_>, expecting: Expecting) -> Option<Choice> {
    let tells = |word: &Word<'_>| matches!(word.used, Use::Time | Use::Staff | Use::Service);
    let one = said.words.windows(2).any(|words| tells(&words[0]) && words[1].is("one") && words[1].used == Use::Free);
    (one && matches!(expecting, Expecting::Choice(1..))).then_some(Choice::Described)
}

/// "One", "number two": the position among what was offered. It may be a time as well, which is found apart.
fn bare_number(said: &Utterance<'_>, offered: usize) -> Option<Found<Choice>> {
    let small = |word: &str| match word {
        "one" | "1" => Some(0),
        "two" | "2" => Some(1),
        "three" | "3" => Some(2),
        "four" | "4" => Some(3),
        _ => None,
    };
    let mut words = said.words.iter().enumerate().filter(|(_, word)| !word.any(INTERJECTIONS) && !word.any(AROUND));
    let (at, word) = words.next()?;
    let nth = small(&word.text).filter(|&nth| nth < offered)?;
    words.next().is_none().then(|| Found { what: Choice::Nth(nth), at: at..at + 1 })
}

const AROUND: &[&str] = &["number", "option", "the", "please", "yes", "yeah", "okay", "sure", "thanks", "thank", "you"];
