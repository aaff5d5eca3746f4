//! What is said about time, with the words kept from it that only look like time ("good morning", "the first one").

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use super::{
    Choice, Confidence, Expecting, Intent,
    pattern::Found,
    phrases::CHOICES,
    tokens::{INTERJECTIONS, Use, Utterance, Word},
};
use crate::domain::time::{self, Clock, Day, Doubt, Said, When};

/// A mention of time and the words that made it.
pub(super) struct Time {
    pub when: When,
    /// The words of the day and of the time of day that are meant, and not those that were taken back.
    pub dates: Vec<Range<usize>>,
    pub clocks: Vec<Range<usize>>,
    pub confidence: Confidence,
}

impl Time {
    /// "My name is May" says nothing about a month.
    pub(super) fn unless_a_name(self, said: &Utterance<'_>) -> Option<Self> {
        let mut words = self.dates.iter().chain(&self.clocks).flat_map(|at| &said.words[at.clone()]).peekable();
        let named = words.peek().is_some() && words.all(|word| word.used == Use::Name);
        (!named && !self.when.is_empty()).then_some(self)
    }

    /// A meaning and where it stands in the text: mentions that mean the same day or time of day.
    fn of(said: &Utterance<'_>, text: &str, country: &str, found: &Said, confidence: Confidence) -> Self {
        let mentions = time::mentions(text, country);
        let whole = [said.covering(&found.span)];
        let words = |mention: &Said| said.covering(&mention.span);
        let places = |same: &dyn Fn(&When) -> bool, kind: &dyn Fn(&When) -> bool| -> Vec<Range<usize>> {
            if !kind(&found.when) {
                return Vec::new();
            }
            let of = |like: &dyn Fn(&When) -> bool| -> Vec<_> {
                mentions.iter().filter(|mention| like(&mention.when)).map(words).collect()
            };
            // Put together from halves ("morning … at ten"), it is where such halves stand.
            [of(same), of(kind)].into_iter().find(|places| !places.is_empty()).unwrap_or_else(|| whole.to_vec())
        };
        let confidence = confidence.max(doubted(found.doubt));
        let When { day, clock } = found.when;
        Self {
            when: found.when,
            dates: places(&|when| when.day == day, &|when| when.day.is_some()),
            clocks: places(&|when| when.clock == clock, &|when| when.clock.is_some()),
            confidence,
        }
    }
}

/// What the grammar is not certain of has to be asked; whether it is morning or afternoon the opening hours say.
fn doubted(doubt: Option<Doubt>) -> Confidence {
    match doubt {
        None | Some(Doubt::HalfOfDay) => Confidence::Sure,
        Some(Doubt::Misheard | Doubt::TodayOrInAWeek) => Confidence::Likely,
        Some(_) => Confidence::Doubtful,
    }
}

/// Finds the time and marks the words that said it.
pub(super) fn find(
    said: &mut Utterance<'_>,
    country: &str,
    intents: &[Found<Intent>],
    choice: Option<&Found<Choice>>,
    expecting: Expecting,
) -> Option<Time> {
    let masked = masked(said, intents, choice);
    let text = masked.as_deref().unwrap_or(said.text);
    // "P.m." alone is the answer to which of two times was meant.
    let half = || {
        let found = time::find_answer(text, country).filter(|_| matches!(expecting, Expecting::Choice(_)))?;
        matches!(found.when.clock, Some(Clock::Before(_) | Clock::After(_))).then_some(found)
    };
    let Some(found) = time::find(text, country).or_else(half) else {
        return bare_hour(said, country, choice, expecting).or_else(|| no_wish(said, expecting));
    };
    let words = said.covering(&found.span);
    mark(said, &words);
    // "I can't do before ten" has been turned into "after ten" by the grammar.
    let settled = time::mentions(text, country).iter().all(|mention| mention.when.clock != found.when.clock);
    if !refused(said, &words) || found.when.clock.is_some() && settled {
        return Some(Time::of(said, text, country, &found, Confidence::Sure));
    }
    if let Some(turned) = turned(said, &words, found.when) {
        return Some(Time { when: turned, ..Time::of(said, text, country, &found, Confidence::Sure) });
    }
    // "Not Tuesday but Thursday": what follows is meant.
    let next = words.clone().skip(1).find(|&at| said.words[at].any(DAYS) || said.words[at - 1].is("but"))?;
    let offset = said.words[next].span.start;
    let found = time::find(&text[offset..], country)?;
    let found = Said { span: found.span.start + offset..found.span.end + offset, ..found };
    let words = said.covering(&found.span);
    mark(said, &words);
    Some(Time::of(said, text, country, &found, Confidence::Sure))
}

/// Only the words of time in a mention: "tomorrow with Maria at four" is one mention, and Maria is in it.
fn mark(said: &mut Utterance<'_>, words: &Range<usize>) {
    for word in &mut said.words[words.clone()] {
        if word.used == Use::Free && (word.digits() || word.text.ends_with("ish") || TIME_WORDS.contains(&*word.text)) {
            word.used = Use::Time;
        }
    }
}

static TIME_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays \
     saturdays sundays mon tue tues wed thu thur thurs fri sat sun january february march april may june july \
     august september october november december jan feb mar apr jun jul aug sep sept oct nov dec today tomorrow \
     tonight yesterday day days week weeks weekend weekends month months year fortnight morning mornings \
     afternoon afternoons evening evenings night noon midday midnight lunchtime lunch am pm a m p o'clock oclock \
     half quarter past to till until before after around about between from later earlier at on in the of by and \
     an or hour hours minute minutes next this coming following last first second third fourth fifth sixth \
     seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth \
     nineteenth twentieth thirtieth zero oh one two three four five six seven eight nine ten eleven twelve \
     thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty hundred soon sooner \
     soonest asap possible as early late earliest latest end start beginning middle any anytime time whenever now \
     right away within other every new christmas easter thanksgiving eve sharp not no except but than st nd rd th"
        .split_whitespace()
        .collect()
});

/// "Ten", "the ten one", "for four", when a time was asked for or offered.
fn bare_hour(
    said: &mut Utterance<'_>,
    country: &str,
    choice: Option<&Found<Choice>>,
    expecting: Expecting,
) -> Option<Time> {
    let asked = matches!(expecting, Expecting::When | Expecting::Choice(_) | Expecting::YesNo);
    if !asked || choice.is_some_and(|choice| choice.at.len() > 1) {
        return None;
    }
    let chosen = |at: usize| choice.is_some_and(|choice| choice.at.contains(&at));
    let idle = |word: &Word<'_>| word.any(INTERJECTIONS) || word.any(AROUND_AN_HOUR);
    let mut left = said.words.iter().enumerate().filter(|(at, word)| chosen(*at) || !idle(word));
    let (at, word) = left.next().filter(|(_, word)| word.used == Use::Free)?;
    if left.next().is_some() {
        return None;
    }
    let when = time::find(&format!("at {}", word.text), country)?.when;
    said.mark(at..at + 1, Use::Time);
    let (dates, clocks) = (Vec::new(), std::iter::once(at..at + 1).collect());
    Some(Time { when, dates, clocks, confidence: Confidence::Likely })
}

const AROUND_AN_HOUR: &[&str] = &[
    "the", "one", "for", "at", "make", "it", "is", "book", "i", "will", "would", "like", "take", "that", "yes", "yeah",
    "okay", "no", "please", "let", "us", "say", "do", "how", "about", "maybe", "then", "thanks", "thank", "you", "can",
    "we", "prefer",
];

/// "I don't mind" after "When?".
fn no_wish(said: &Utterance<'_>, expecting: Expecting) -> Option<Time> {
    let open = CHOICES.find(said).iter().any(|found| found.what == Choice::Any);
    let when = When { day: Some(Day::Any), clock: None };
    let time = Time { when, dates: Vec::new(), clocks: Vec::new(), confidence: Confidence::Sure };
    (open && expecting == Expecting::When).then_some(time)
}

const DAYS: &[&str] =
    &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tomorrow", "next", "the"];

/// The text with everything blanked out that is understood already, or nothing if there is no such thing.
fn masked(said: &Utterance<'_>, intents: &[Found<Intent>], choice: Option<&Found<Choice>>) -> Option<String> {
    let mut blanks: Vec<Range<usize>> = Vec::new();
    blanks.extend(
        said.words.iter().filter(|word| matches!(word.used, Use::Phone | Use::People)).map(|word| word.span.clone()),
    );
    let polite = intents.iter().filter(|found| {
        matches!(found.what, Intent::Greeting | Intent::Goodbye | Intent::Emergency | Intent::RunningLate)
    });
    blanks.extend(polite.map(|found| said.bytes(&found.at)));
    let positional = |found: &&Found<Choice>| matches!(found.what, Choice::Nth(_) | Choice::Last) && found.at.len() > 1;
    blanks.extend(choice.filter(positional).map(|found| said.bytes(&found.at)));
    blanks.extend((1..said.words.len()).filter(|&at| pronoun(said, at)).map(|at| said.words[at].span.clone()));
    if blanks.is_empty() {
        return None;
    }
    let mut bytes = said.text.as_bytes().to_vec();
    for blank in blanks {
        bytes[blank].fill(b',');
    }
    String::from_utf8(bytes).ok()
}

/// "The morning one", "that Tuesday one": not one o'clock.
fn pronoun(said: &Utterance<'_>, at: usize) -> bool {
    let shown = |words: &[Word<'_>]| words.iter().any(|word| word.any(&["the", "that", "this"]));
    let before = &said.words[at - 1];
    let next = said.words.get(at + 1);
    let described =
        shown(&said.words[at - 1..at]) && next.is_some_and(|next| next.any(&["in", "at", "on", "with", "from"]));
    let told = before.any(DAYS) || before.any(PARTS) || before.digits();
    said.words[at].is("one") && (described || told && shown(&said.words[at.saturating_sub(4)..at - 1]))
}

const PARTS: &[&str] =
    &["morning", "afternoon", "evening", "o'clock", "am", "pm", "noon", "earlier", "later", "lunchtime", "thirty"];

/// "Not Tuesday", "I can't do Tuesday", "anything but Tuesday", "Tuesday doesn't work".
fn refused(said: &Utterance<'_>, words: &Range<usize>) -> bool {
    let before: Vec<&str> = said.words[..words.start].iter().rev().take(4).map(|word| &*word.text).collect();
    let after: Vec<&str> = said.words[words.end..].iter().take(3).map(|word| &*word.text).collect();
    let not = match before.as_slice() {
        ["not", "why", ..] => false,
        ["not" | "except", ..]
        | ["on" | "at" | "for" | "in", "not" | "except", ..]
        | ["do" | "make" | "come", "not", "can" | "could", ..]
        | ["on" | "in", "come", "not", "can", ..]
        | ["but", "anything" | "day" | "time" | "any", ..] => true,
        _ => false,
    };
    let bad = matches!(
        after.as_slice(),
        ["does" | "do" | "will" | "would" | "is", "not", "work" | "suit" | "good" | "do" | "possible" | "going"]
            | ["is", "no", "good"]
            | ["is", "out", ..]
    );
    not || bad
}

/// "Not before four" is from four on.
fn turned(said: &Utterance<'_>, words: &Range<usize>, when: When) -> Option<When> {
    let clock = match when.clock? {
        Clock::Before(time) => Clock::After(time),
        Clock::After(time) => Clock::Before(time),
        Clock::Later => Clock::Earlier,
        Clock::Earlier => Clock::Later,
        _ => return None,
    };
    let first = said.words.get(words.start)?;
    let comparing = first.any(&["before", "after", "until", "till", "later", "earlier", "past"]);
    comparing.then_some(When { clock: Some(clock), ..when })
}
