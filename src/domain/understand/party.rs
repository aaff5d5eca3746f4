//! For how many: "a table for four", "five adults and a child", "me and my two kids", "just me".

use std::ops::Range;

use super::{
    Confidence, Expecting,
    tokens::{Gap, INTERJECTIONS, Use, Utterance, Word},
};
use crate::domain::business::Business;

/// How many come, which words said so, and how sure that is.
pub(super) struct Party {
    pub people: u16,
    pub at: Range<usize>,
    pub confidence: Confidence,
}

/// More is a slip of the tongue or of the recogniser, or a telephone number.
const MOST: u16 = 500;

/// Finds the party and marks the words that said it. Of several the last counts ("for three … make that four"), but a
/// party that is refused or left behind ("not ten", "from three to four people") does not.
pub(super) fn find(said: &mut Utterance<'_>, business: &Business, expecting: Expecting) -> Option<Party> {
    let seated = seats_parties(business);
    let mut found: Vec<Party> = Vec::new();
    let mut at = 0;
    while at < said.words.len() {
        match party_at(said, at, seated, expecting) {
            Some(party) => {
                at = party.at.end.max(at + 1);
                found.push(party);
            }
            None => at += 1,
        }
    }
    if found.is_empty() {
        found.extend(bare(said, expecting).or_else(|| changed_to(said)));
    }
    for party in &found {
        said.mark(party.at.clone(), Use::People);
    }
    let meant = |party: &Party| !left_behind(said, party.at.start);
    let surest = found.iter().filter(|party| meant(party)).map(|party| party.confidence).min()?;
    found.into_iter().rfind(|party| party.confidence == surest && meant(party))
}

/// Whether customers come in parties, so that "for four" is a party rather than an hour.
fn seats_parties(business: &Business) -> bool {
    let seated = |name: &str| {
        let mut words = name.split(' ').map(|word| word.trim_end_matches('s'));
        words.any(|word| SEATED.iter().any(|seated| word.eq_ignore_ascii_case(seated)))
    };
    business.services.iter().any(|service| std::iter::once(&service.name).chain(&service.also).any(|name| seated(name)))
}

const SEATED: &[&str] = &["table", "dinner", "lunch", "brunch", "breakfast", "supper", "restaurant"];

fn party_at(said: &Utterance<'_>, at: usize, seated: bool, expecting: Expecting) -> Option<Party> {
    let sure = |people, at| (people <= MOST).then_some(Party { people, at, confidence: Confidence::Sure });
    if let Some((people, end)) = listed(said, at) {
        return sure(people, at..end);
    }
    if let Some(end) = alone(said, at, expecting) {
        return sure(1, at..end);
    }
    let (people, end) = range(said, at)?;
    if !in_figures(said, at, end) {
        return None;
    }
    let before = |back: usize| at.checked_sub(back).and_then(|at| said.words.get(at));
    let is = |back: usize, texts: &[&str]| before(back).is_some_and(|word| word.any(texts));
    if next_is(said, end, &["of"]) && next_is(said, end + 1, &["us"]) {
        let some_of_us = people == 1 || next_is(said, end + 2, &["are", "is", "have", "has", "can", "do", "will"]);
        let all = is(1, &["the", "be", "are", "all", "just", "only", "is", "for"]);
        return if some_of_us && !all { None } else { sure(people, at..end) };
    }
    let ends = !goes_on_as_time(said, end);
    // "A party of six", "a group of ten", "a family of four".
    if is(1, &["of"]) && is(2, GROUPS) {
        return sure(people, at..end);
    }
    if is(1, &["for"])
        && ends
        && (is(2, TABLES) || is(3, TABLES) && is(2, &["booked", "reserved", "please", "tonight"]))
    {
        return sure(people, at..end);
    }
    if is(1, &["for", "to"]) && is(2, &["seat", "seats", "seating", "room", "space"]) && ends {
        return sure(people, at..end);
    }
    // "We are six", "we'll be four", "there will be five", and not "we'll be there at five".
    let we = is(1, &["are", "be"]) && (is(2, &["we"]) || is(2, &["will", "would", "to"]) && is_we(said, at));
    let there = is(1, &["are", "be"]) && (is(2, &["there"]) || is(2, &["will"]) && is(3, &["there", "it"]));
    if (we || there || is(1, &["us"]) && people > 1) && ends && last_or_break(said, end) {
        return sure(people, at..end);
    }
    // "Haircuts for two at four", "for fifteen": an hour cannot be meant.
    let no_hour = people > 24 || another_clock(said, at..end) || seated && expecting != Expecting::When;
    if is(1, &["for"]) && ends && no_hour && !is(2, NOT_BEFORE_FOR) && counted_thing(said, end) {
        return Some(Party { people, at: at..end, confidence: Confidence::Likely }).filter(|_| people <= MOST);
    }
    None
}

const GROUPS: &[&str] =
    &["party", "group", "family", "team", "table", "reservation", "booking", "total", "size", "number"];

const TABLES: &[&str] = &[
    "table",
    "tables",
    "reservation",
    "dinner",
    "lunch",
    "brunch",
    "breakfast",
    "supper",
    "party",
    "seats",
    "seating",
    "meal",
    "drinks",
    "booth",
];

/// "Waiting for two hours" and "open for one" are no parties.
const NOT_BEFORE_FOR: &[&str] = &["waiting", "open", "except", "here", "away", "closed", "gone", "time", "day", "and"];

fn is_we(said: &Utterance<'_>, at: usize) -> bool {
    said.words[at.saturating_sub(6)..at].iter().any(|word| word.any(&["we", "us"]))
}

fn next_is(said: &Utterance<'_>, at: usize, texts: &[&str]) -> bool {
    said.words.get(at).is_some_and(|word| word.any(texts))
}

/// After the number nothing comes that is counted by it.
fn counted_thing(said: &Utterance<'_>, end: usize) -> bool {
    said.words.get(end).is_none_or(|next| next.before >= Gap::Comma || next.used != Use::Free || next.any(AFTER))
}

fn last_or_break(said: &Utterance<'_>, end: usize) -> bool {
    counted_thing(said, end)
}

/// Words that go on after a party.
const AFTER: &[&str] = &[
    "at",
    "on",
    "in",
    "please",
    "and",
    "tonight",
    "tomorrow",
    "today",
    "this",
    "next",
    "for",
    "with",
    "around",
    "by",
    "under",
    "is",
    "if",
    "from",
    "instead",
    "now",
    "but",
    "of",
    "to",
    "i",
    "we",
    "thanks",
    "thank",
    "then",
    "though",
    "total",
    "altogether",
    "would",
    "my",
    "can",
    "could",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "that",
    "who",
    "will",
    "so",
    "or",
    "the",
    "not",
    "no",
    "as",
    "about",
    "outside",
    "inside",
];

/// "For 6 pm", "for 4 30", "two hours", "the 4th": the number belongs to a time.
fn goes_on_as_time(said: &Utterance<'_>, end: usize) -> bool {
    let Some(next) = said.words.get(end) else { return false };
    let meridiem = next.any(&["am", "pm", "a", "p"]) && (next.text.len() == 2 || next_is(said, end + 1, &["m"]));
    let part = next.is("in")
        && next_is(said, end + 1, &["the"])
        && next_is(said, end + 2, &["morning", "afternoon", "evening"]);
    let then = next.before < Gap::Comma && (next.any(TIME_AFTER) || next.digits());
    meridiem || part && next.before < Gap::Comma || then
}

const TIME_AFTER: &[&str] = &[
    "o'clock", "oclock", "thirty", "fifteen", "forty", "fifty", "twenty", "ten", "hundred", "past", "to", "minute",
    "minutes", "hour", "hours", "day", "days", "night", "nights", "week", "weeks", "month", "months", "ish", "sharp",
    "second", "seconds", "year", "years", "star", "stars", "percent", "dollars", "pounds", "euros", "times",
];

/// Digits that are not part of something longer ("18:00", "2018/04/19", "$20").
fn in_figures(said: &Utterance<'_>, at: usize, end: usize) -> bool {
    let glued = |one: &Word<'_>, other: &Word<'_>| {
        let between = said.text.get(one.span.end..other.span.start).unwrap_or_default();
        !between.is_empty() && !between.contains(char::is_whitespace) && !between.contains(',')
    };
    let before = at.checked_sub(1).is_some_and(|before| glued(&said.words[before], &said.words[at]));
    let after = said.words.get(end).is_some_and(|after| after.digits() && glued(&said.words[end - 1], after));
    let start = said.words[at].span.start;
    let sign = said.text[..start].chars().next_back().is_some_and(|c| matches!(c, '$' | '£' | '€' | ':' | '.' | '/'));
    !before && !after && !sign
}

/// A clock time stands elsewhere in the utterance: "for two at four".
fn another_clock(said: &Utterance<'_>, number: Range<usize>) -> bool {
    let clock = |at: usize| {
        let word = &said.words[at];
        let figures = word.text.ends_with("am") || word.text.ends_with("pm") || in_clock_figures(said, at);
        let after_at = at > 0
            && said.words[at - 1].any(&["at", "around", "about", "by", "after", "before", "past", "until"])
            && (small_number(&word.text).is_some() || word.digits());
        !number.contains(&at)
            && (word.digits() && figures || after_at || word.any(&["o'clock", "noon", "midday", "pm", "am"]))
    };
    (0..said.words.len()).any(clock)
}

fn in_clock_figures(said: &Utterance<'_>, at: usize) -> bool {
    let next = said.words.get(at + 1);
    next.is_some_and(|next| next.digits() && said.text.get(said.words[at].span.end..next.span.start) == Some(":"))
}

/// One number or two with "or", "to" between them: the larger one counts.
fn range(said: &Utterance<'_>, at: usize) -> Option<(u16, usize)> {
    let (people, end) = number(said, at)?;
    let between =
        next_is(said, end, &["or", "to"]) || said.words.get(end).is_some_and(|next| next.before == Gap::Hyphen);
    if between {
        let from = if next_is(said, end, &["or", "to"]) { end + 1 } else { end };
        if let Some((more, end)) = number(said, from)
            && more > people
            && person(said, end).is_some()
        {
            return Some((more, end));
        }
    }
    Some((people, end))
}

/// A number as words or figures, and where it ends.
fn number(said: &Utterance<'_>, at: usize) -> Option<(u16, usize)> {
    let word = said.words.get(at)?;
    if word.used != Use::Free {
        return None;
    }
    let text = &*word.text;
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let people = text.parse().ok().filter(|people| (1..=MOST).contains(people) && !text.starts_with('0'))?;
        return Some((people, at + 1));
    }
    let next = said.words.get(at + 1);
    match text {
        "couple" => return Some((2, if next_is(said, at + 1, &["of"]) { at + 2 } else { at + 1 })),
        "dozen" => return Some((12, at + 1)),
        "both" if next_is(said, at + 1, &["of"]) && next_is(said, at + 2, &["us"]) => return Some((2, at + 1)),
        _ => {}
    }
    if let Some(tens) = tens(text) {
        let ones = next.filter(|next| next.before <= Gap::Hyphen).and_then(|next| small_number(&next.text));
        return Some(match ones.filter(|ones| *ones < 10) {
            Some(ones) => (tens + ones, at + 2),
            None => (tens, at + 1),
        });
    }
    small_number(text).map(|people| (people, at + 1))
}

fn small_number(word: &str) -> Option<u16> {
    let words = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    words.iter().position(|number| *number == word).and_then(|at| u16::try_from(at + 1).ok())
}

fn tens(word: &str) -> Option<u16> {
    let words = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    words.iter().position(|number| *number == word).and_then(|at| u16::try_from((at + 2) * 10).ok())
}

/// "Four adults and two kids", "me and my two kids", "my wife and I": the sum of a list of people.
fn listed(said: &Utterance<'_>, at: usize) -> Option<(u16, usize)> {
    if said.words[at].used != Use::Free || at > 0 && said.words[at - 1].any(MORE) {
        return None;
    }
    let (mut people, mut end, counted) = member(said, at, false)?;
    let mut members = 1;
    let mut numbers = usize::from(counted);
    while let Some((more, next, number)) = joined(said, end) {
        people = people.saturating_add(more);
        end = next;
        members += 1;
        numbers += usize::from(number);
    }
    // "Three … people", "me and Anna": one alone counts only when it is a number of people.
    let part = next_is(said, end, MORE)
        || next_is(said, end, &["can", "could", "have", "has"])
            && next_is(said, end + 1, &["not", "cancelled", "canceled", "dropped"]);
    let whole = (numbers > 0 || members > 1 && speaker(said, at..end)) && !part;
    whole.then_some((people, end))
}

const MORE: &[&str] = &["more", "extra", "additional", "another", "other", "fewer", "less", "add", "adding", "first"];

fn speaker(said: &Utterance<'_>, words: Range<usize>) -> bool {
    said.words[words].iter().any(|word| word.any(&["me", "myself", "i", "us", "ourselves"]))
}

fn joined(said: &Utterance<'_>, end: usize) -> Option<(u16, usize, bool)> {
    let next = said.words.get(end)?;
    if next.any(&["and", "plus", "with"]) {
        return member(said, end + 1, true);
    }
    // "Myself, my sister and four friends": a comma joins in a list that goes on.
    (next.before == Gap::Comma).then(|| member(said, end, true)).flatten()
}

/// One member of a list: how many, where it ends, and whether it was a number of people.
fn member(said: &Utterance<'_>, at: usize, in_list: bool) -> Option<(u16, usize, bool)> {
    let word = said.words.get(at)?;
    let ends = |end: usize| said.words.get(end).is_none_or(|next| !next.is("'s"));
    if word.any(&["me", "myself", "i"]) {
        // "And I would like": that is the next sentence.
        let goes_on =
            word.is("i") && said.words.get(at + 1).is_some_and(|next| next.any(VERBS) && next.before < Gap::Comma);
        return (!goes_on).then_some((1, at + 1, false));
    }
    if word.any(&["my", "our", "a", "an", "his", "her", "the"]) {
        let owned = !word.any(&["a", "an", "the"]);
        if let Some((people, end)) = number(said, at + 1).filter(|_| owned) {
            let end = person(said, end)?;
            return Some((people, end, in_list));
        }
        let end = person(said, at + 1)?;
        let one = !said.words[end - 1].text.ends_with('s') && !said.words[end - 1].any(&["children", "people"]);
        return (one && (in_list || owned || word.any(&["a", "an"]) && joined_later(said, end)) && ends(end))
            .then_some((1, end, word.any(&["a", "an"])));
    }
    let (people, end) = range(said, at)?;
    if !in_figures(said, at, end) {
        return None;
    }
    if let Some(end) = person(said, end) {
        return Some((people, end, true));
    }
    // "Me plus two", "four adults and two".
    let open = in_list && !goes_on_as_time(said, end) && counted_thing(said, end);
    open.then_some((people, end, false))
}

/// "A child and two adults" starts a list, "a friend" alone is none.
fn joined_later(said: &Utterance<'_>, end: usize) -> bool {
    joined(said, end).is_some()
}

const VERBS: &[&str] = &[
    "would", "am", "want", "need", "will", "have", "can", "could", "think", "was", "do", "should", "also", "just",
    "prefer", "like", "had", "did", "might", "may", "wish", "hope", "guess", "must",
];

/// The end of a word for people, with what may stand before it ("small children", "of my friends").
fn person(said: &Utterance<'_>, at: usize) -> Option<usize> {
    let mut end = at;
    while end < at + 3 && said.words.get(end).is_some_and(|word| word.any(KINDS) && word.before < Gap::Comma) {
        end += 1;
    }
    let noun = said.words.get(end)?;
    let near = noun.before < Gap::Comma && noun.used == Use::Free;
    (near && noun.any(PERSONS)).then_some(end + 1)
}

const KINDS: &[&str] = &[
    "small", "little", "young", "grown", "adult", "older", "other", "of", "my", "our", "the", "best", "hungry", "nice",
    "family", "year", "old", "total", "school",
];

const PERSONS: &[&str] = &[
    "people",
    "persons",
    "person",
    "person's",
    "peoples",
    "adults",
    "adult",
    "guests",
    "guest",
    "kids",
    "kid",
    "children",
    "child",
    "toddler",
    "toddlers",
    "baby",
    "babies",
    "infant",
    "infants",
    "friends",
    "friend",
    "pax",
    "diners",
    "diner",
    "heads",
    "ladies",
    "lady",
    "men",
    "man",
    "women",
    "woman",
    "girls",
    "girl",
    "guys",
    "guy",
    "boys",
    "boy",
    "customers",
    "attendees",
    "members",
    "member",
    "folks",
    "individuals",
    "individual",
    "visitors",
    "colleagues",
    "colleague",
    "coworkers",
    "participants",
    "students",
    "seniors",
    "teenagers",
    "teens",
    "grownups",
    "grandparents",
    "seater",
    "top",
    "persona",
    "humans",
    "mates",
    "wife",
    "husband",
    "partner",
    "son",
    "daughter",
    "sons",
    "daughters",
    "mother",
    "father",
    "mom",
    "mum",
    "dad",
    "sister",
    "brother",
    "sisters",
    "brothers",
    "girlfriend",
    "boyfriend",
    "fiance",
    "fiancee",
    "cousin",
    "cousins",
    "parents",
    "boss",
    "roommate",
    "neighbor",
    "neighbour",
    "aunt",
    "uncle",
    "grandmother",
    "grandfather",
    "grandma",
    "grandpa",
    "niece",
    "nephew",
];

/// "Just me", "only myself", "by myself", "on my own".
fn alone(said: &Utterance<'_>, at: usize, expecting: Expecting) -> Option<usize> {
    let here = |words: &[&str]| {
        let said = said.words.get(at..at + words.len());
        said.is_some_and(|said| said.iter().zip(words).all(|(word, text)| word.is(text)))
    };
    let own = [
        &["just", "for", "me"][..],
        &["just", "me"],
        &["only", "me"],
        &["just", "myself"],
        &["only", "myself"],
        &["by", "myself"],
        &["on", "my", "own"],
        &["me", "alone"],
        &["for", "myself"],
        &["just", "the", "one", "of", "us"],
    ];
    let found = own.iter().find(|words| here(words)).map(|words| at + words.len());
    let asked =
        expecting == Expecting::People && (here(&["me"]) || here(&["myself"]) || here(&["alone"]) || here(&["solo"]));
    let end = found.or(asked.then_some(at + 1))?;
    // "Just me again", "just me and Anna": no answer, or more than one.
    let goes_on = said.words.get(end).is_some_and(|next| {
        next.before < Gap::Comma
            && next.any(&["and", "plus", "again", "a", "the", "when", "if", "or", "as", "to", "about", "at"])
            && found.is_some()
            && !(next.any(&["at"]))
    });
    (!goes_on).then_some(end)
}

/// A number and nothing else, when it was asked how many.
fn bare(said: &Utterance<'_>, expecting: Expecting) -> Option<Party> {
    if expecting != Expecting::People {
        return None;
    }
    let at = (0..said.words.len()).rfind(|&at| number(said, at).is_some() && !continues(said, at))?;
    let (people, end) = number(said, at)?;
    let idle = |word: &Word<'_>| word.any(INTERJECTIONS) || word.any(AROUND_A_NUMBER);
    let alone = said.words[end..].iter().take(3).filter(|word| !idle(word)).count() < 3;
    let party = in_figures(said, at, end) && !goes_on_as_time(said, end) && alone;
    party.then_some(Party { people, at: at..end, confidence: Confidence::Sure })
}

/// The second half of "twenty five".
fn continues(said: &Utterance<'_>, at: usize) -> bool {
    at > 0 && tens(&said.words[at - 1].text).is_some() && said.words[at].before <= Gap::Hyphen
}

const AROUND_A_NUMBER: &[&str] = &[
    "please", "thanks", "thank", "you", "just", "only", "us", "of", "we", "are", "will", "be", "it", "is", "there",
    "for",
];

/// "Change the number of guests … to eight", "our party changed, it's ten now".
fn changed_to(said: &Utterance<'_>) -> Option<Party> {
    let about = said.words.windows(3).position(|words| {
        words[0].any(&["number", "size", "amount"]) && words[1].is("of") && words[2].any(PERSONS)
            || words[0].any(&["party", "group", "table"]) && words[1].any(&["size", "changed", "number", "has", "is"])
            || words[0].any(&["less", "fewer", "more"]) && words[1].any(PERSONS)
    })?;
    let at = (about..said.words.len()).rfind(|&at| {
        number(said, at).is_some()
            && at > 0
            && said.words[at - 1].any(&["to", "is", "now", "be", "only", "be", "make", "it", "for", "are"])
    })?;
    let (people, end) = number(said, at)?;
    let party = in_figures(said, at, end) && !goes_on_as_time(said, end);
    party.then_some(Party { people, at: at..end, confidence: Confidence::Likely })
}

/// "Not ten", "instead of three", "from three people to four".
fn left_behind(said: &Utterance<'_>, at: usize) -> bool {
    let before: Vec<&str> = said.words[..at].iter().rev().take(3).map(|word| &*word.text).collect();
    matches!(
        before.as_slice(),
        ["not", ..]
            | ["for", "not", ..]
            | ["of", "instead", ..]
            | ["than", "rather" | "more" | "less", ..]
            | ["from", ..]
            | ["for", "from", ..]
    )
}
