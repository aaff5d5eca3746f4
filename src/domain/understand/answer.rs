//! Whether the caller said yes. A yes turns a proposal into a booking, so a doubtful one is none: asking again costs a
//! second, and a booking nobody wanted costs an appointment.

use super::{
    Answer, Aspect, Choice, Expecting, Intent, Meaning,
    pattern::Found,
    phrases::{ASPECTS, CHOICES, SIGNS, Sign},
    tokens::{Gap, INTERJECTIONS, Use, Utterance, Word},
};

/// The yes or no in an utterance. A yes may carry something ("yes, Thursday"); whether that is what was proposed is for
/// the dialogue to compare.
pub(super) fn find(said: &Utterance<'_>, meaning: &Meaning) -> Option<Answer> {
    let intents = &meaning.intents;
    let mut signs = SIGNS.find(said);
    signs.retain(|sign| !said.words[sign.at.clone()].iter().all(|word| matches!(word.used, Use::Name | Use::Phone)));
    signs.retain(|sign| sign.what != Sign::Yes || !goes_on(said, sign));
    if signs.iter().any(|sign| sign.what == Sign::Refusal) {
        return Some(Answer::No);
    }
    let mild = |intents: &[Intent]| nothing_else(said, &signs, 0) && !intents.contains(&Intent::Goodbye);
    match verdict(said, &signs)? {
        Sign::No => Some(Answer::No),
        yes if unspoilt(said, &signs, intents) && (yes == Sign::Yes || mild(intents)) => Some(Answer::Yes),
        _ => None,
    }
}

/// What the utterance says first. Of several in a row the last counts: "yeah, no" is a no and "no, that's right" a yes;
/// but "no, that's fine" declines, and where it does not, no harm is done.
fn verdict(said: &Utterance<'_>, signs: &[Found<Sign>]) -> Option<Sign> {
    let mut verdict = None;
    let mut at = said.lead();
    loop {
        if let Some(sign) = signs.iter().find(|sign| sign.at.start == at) {
            verdict = match (verdict, sign.what) {
                (_, Sign::No) => Some(Sign::No),
                (Some(Sign::No), Sign::Yes) if gentle(said, sign) => Some(Sign::No),
                (_, Sign::Yes) => Some(Sign::Yes),
                (None, Sign::Fine) => Some(Sign::Fine),
                (verdict, Sign::Fine) => verdict,
                _ => break,
            };
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
    first.any(&["that", "it", "this", "all", "everything"]) && !last.any(&["right", "correct", "works", "work"])
}

/// "Book it at eleven" tells what to book and agrees to nothing.
fn goes_on(said: &Utterance<'_>, sign: &Found<Sign>) -> bool {
    let told = said.words[sign.at.end - 1].any(&["it", "that", "this", "so"])
        && said.words[sign.at.clone()].iter().any(|word| word.any(DOING));
    let done =
        |word: &Word<'_>| word.any(COURTESY) || word.any(INTERJECTIONS) || word.any(&["now", "yes", "yeah", "right"]);
    told && said.words.get(sign.at.end).is_some_and(|next| next.before < Gap::Stop && !done(next))
}

const DOING: &[&str] = &["book", "do", "confirm", "schedule", "make", "let", "cancel", "move"];

const COURTESY: &[&str] = &["thank", "thanks", "you", "please", "very", "much", "that", "is", "it"];

/// Where the utterance ends, courtesy left aside.
fn ending(said: &Utterance<'_>) -> usize {
    let last = said.words.iter().rposition(|word| !word.any(&["please", "thank", "thanks", "you", "very", "much"]));
    last.map_or(0, |last| last + 1)
}

/// Nothing takes the yes back: no "but", no other wish, and no question but one that leaves everything as it is.
fn unspoilt(said: &Utterance<'_>, signs: &[Found<Sign>], intents: &[Intent]) -> bool {
    let agrees = |sign: &&Found<Sign>| matches!(sign.what, Sign::Yes | Sign::Fine);
    let last_yes = signs.iter().rfind(agrees).map_or(0, |sign| sign.at.start);
    let taken_back = signs.iter().any(|sign| match sign.what {
        Sign::Hold => true,
        Sign::No => sign.at.start > last_yes,
        _ => false,
    });
    let other_wish = intents.iter().any(|intent| {
        matches!(
            intent,
            Intent::NeverMind | Intent::AskPrice | Intent::AskTimes | Intent::Repeat | Intent::AskWhoYouAre
        )
    });
    let asks = signs.iter().any(|sign| sign.what == Sign::Asks);
    let aside = intents.iter().any(|intent| {
        matches!(intent, Intent::AskAddress | Intent::AskHours | Intent::AskFact(_) | Intent::AskServices)
    });
    let doubted = !aside && signs.iter().filter(agrees).any(|sign| said.words[sign.at.start].asked);
    !doubted && !taken_back && !other_wish && if asks { aside } else { nothing_else(said, signs, MOST_UNKNOWN) }
}

/// How many words of a yes may be about something else ("yes, my wife will be so pleased").
const MOST_UNKNOWN: usize = 6;

fn nothing_else(said: &Utterance<'_>, signs: &[Found<Sign>], most: usize) -> bool {
    let known = |at: usize| {
        signs.iter().any(|sign| sign.at.contains(&at))
            || said.words[at].any(INTERJECTIONS)
            || said.words[at].any(COURTESY)
            || said.words[at].any(AGREEING)
            || most > 0 && said.words[at].used != Use::Free
    };
    (0..said.words.len()).filter(|&at| !known(at)).count() <= most
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
