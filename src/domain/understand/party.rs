//! For how many: "a table for four", "five adults and a child", "me and my two kids", "just me".

use std::{collections::HashSet, ops::Range};

use super::{
    Confidence, Expecting,
    phrases::parties::{
        AFTER, AROUND_A_NUMBER, COMING, GROUPS, KINDS, LEADS, MORE, PERSONS, TABLES, TIME_AFTER, VERBS,
    },
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
    if !found.iter().any(|party| !left_behind(said, party.at.start)) {
        found.extend(bare(said, expecting).or_else(|| changed_to(said, seated)));
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
    let among = |back: usize, texts: &HashSet<&str>| before(back).is_some_and(|word| word.among(texts));
    if next_is(said, end, &["of"]) && next_is(said, end + 1, &["us", "use"]) {
        let all = is(1, &["the", "be", "are", "all", "just", "only", "is", "for", "there"]);
        let some = (people == 1 || !comes(said, end + 2)) && !all;
        return if some { None } else { sure(people, at..end) };
    }
    let ends = !goes_on_as_time(said, end);
    // "A party of six", "a group of ten", "a family of four".
    if is(1, &["of"]) && among(2, &GROUPS) && ends {
        return sure(people, at..end);
    }
    if is(1, &["for"])
        && ends
        && (among(2, &TABLES) || among(3, &TABLES) && is(2, &["booked", "reserved", "please", "tonight"]))
    {
        return sure(people, at..end);
    }
    if is(1, &["for", "to"]) && is(2, &["seat", "seats", "seating", "room", "space"]) && ends {
        return sure(people, at..end);
    }
    // "We are six", "we'll be four", "there will now be five", and not "we'll be there at five".
    let mut verb = at;
    while verb > 0 && said.words[verb - 1].any(&["now", "just", "only", "about", "around", "going", "to", "like"]) {
        verb -= 1;
    }
    let before_verb = |back: usize, texts: &[&str]| verb.checked_sub(back).is_some_and(|at| said.words[at].any(texts));
    let subject = |back: usize| {
        before_verb(back, &["we", "there", "us"])
            || before_verb(back, &["will", "would"]) && before_verb(back + 1, &["we", "there", "it"])
    };
    let counted = ends && counted_thing(said, end);
    let being = before_verb(1, &["are", "be", "is", "was", "were"]) && subject(2);
    if counted && (being && !before_verb(2, &["it"]) || is(1, &["us"]) && people > 1) {
        return sure(people, at..end);
    }
    let likely = |people| (people <= MOST).then_some(Party { people, at: at..end, confidence: Confidence::Likely });
    // "Haircuts for two at four", "for fifteen": an hour cannot be meant.
    let no_hour = people > 24 || another_clock(said, at..end) || seated && expecting != Expecting::When;
    if is(1, &["for"]) && counted && no_hour && !is(2, NOT_BEFORE_FOR) {
        return likely(people);
    }
    if !seated || expecting == Expecting::When || !counted {
        return None;
    }
    // What only a business that seats parties hears: "just two", "expect six", "five for tomorrow", "all four together".
    let together = is(1, &["all"]) && next_is(said, end, &["together", "at", "seated", "of"]);
    let only = is(1, &["just", "only", "expect", "expecting", "seat", "bringing", "include"])
        && said.words.get(end).is_none_or(|next| !next.digits());
    let expected = is(1, &["have"]) && is(2, &["we"]) && said.words.len() == end;
    let dated = next_is(said, end, &["for", "on"]) && number_leads(said, at) && said.words.len() > end + 1;
    if together || only || expected || dated { likely(people) } else { None }
}

/// "Five for tomorrow", "I think it was three for a quarter to eight": nothing but a verb stands before the number.
fn number_leads(said: &Utterance<'_>, at: usize) -> bool {
    let lead = |word: &Word<'_>| word.any(INTERJECTIONS) || word.among(&AROUND_A_NUMBER) || word.among(&LEADS);
    said.words[..at].iter().all(lead)
}

/// What follows says that they come, and not that some of them are vegetarian.
fn comes(said: &Utterance<'_>, at: usize) -> bool {
    let Some(next) = said.words.get(at) else { return true };
    if !next.any(&["is", "are", "has", "have", "will", "who", "need", "needs", "can", "do", "does", "would", "want"]) {
        return true;
    }
    said.words[at + 1..].iter().take(3).any(|word| word.among(&COMING))
}

/// "Waiting for two hours" and "open for one" are no parties.
const NOT_BEFORE_FOR: &[&str] = &["waiting", "open", "except", "here", "away", "closed", "gone", "time", "day", "and"];

fn next_among(said: &Utterance<'_>, at: usize, texts: &HashSet<&str>) -> bool {
    said.words.get(at).is_some_and(|word| word.among(texts))
}

fn next_is(said: &Utterance<'_>, at: usize, texts: &[&str]) -> bool {
    said.words.get(at).is_some_and(|word| word.any(texts))
}

/// After the number nothing comes that is counted by it.
fn counted_thing(said: &Utterance<'_>, end: usize) -> bool {
    said.words.get(end).is_none_or(|next| next.before >= Gap::Comma || next.used != Use::Free || next.among(&AFTER))
}

/// "For 6 pm", "for 4 30", "two hours", "the 4th": the number belongs to a time.
fn goes_on_as_time(said: &Utterance<'_>, end: usize) -> bool {
    let Some(next) = said.words.get(end) else { return false };
    let meridiem = next.any(&["am", "pm", "a", "p"]) && (next.text.len() == 2 || next_is(said, end + 1, &["m"]));
    let part = next.is("in")
        && next_is(said, end + 1, &["the"])
        && next_is(said, end + 2, &["morning", "afternoon", "evening"]);
    let long = next.any(&["full", "whole", "more", "business", "working"]) && next_among(said, end + 1, &TIME_AFTER);
    let then = next.before < Gap::Comma && (next.among(&TIME_AFTER) || next.digits() || long);
    meridiem || part && next.before < Gap::Comma || then
}

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
        let next = if next_is(said, end, &["or", "to"]) { end + 1 } else { end };
        if let Some((more, end)) = number(said, next)
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
    if said.words[at].used != Use::Free || at > 0 && said.words[at - 1].among(&MORE) {
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
    // "Add two more people", "two people have cancelled", "one guest is vegetarian" are no party.
    let mut next = said.words[end..].windows(2).take(2);
    let cancelled = next_is(said, end, &["cancelled", "canceled", "dropped", "pulled"])
        || next.any(|words| {
            words[0].any(&["have", "has", "can", "could", "will", "did"])
                && words[1].any(&["not", "cancelled", "canceled", "dropped", "pulled"])
        });
    let part = next_among(said, end, &MORE) || cancelled || !comes(said, end);
    let led = at > 0 && said.words[at - 1].any(&["for", "with", "bringing"]);
    let with_me = u16::from(led && !said.words[at - 1].is("for") && !speaker(said, at..end));
    let whole = numbers > 0 || members > 1 && (led || speaker(said, at..end));
    (whole && !part).then_some((people.saturating_add(if numbers > 0 { 0 } else { with_me }), end))
}

fn speaker(said: &Utterance<'_>, words: Range<usize>) -> bool {
    said.words[words].iter().any(|word| word.any(&["me", "myself", "i", "us", "ourselves"]))
}

fn joined(said: &Utterance<'_>, end: usize) -> Option<(u16, usize, bool)> {
    let next = said.words.get(end)?;
    if next.any(&["and", "plus", "with"]) {
        return member(said, end + 1, true);
    }
    // "Myself, my sister and four friends": a comma joins in a list that goes on; a recogniser leaves it out.
    let counted = || number(said, end).is_some_and(|(_, end)| person(said, end).is_some());
    (next.before == Gap::Comma || next.before == Gap::Space && counted()).then(|| member(said, end, true)).flatten()
}

/// One member of a list: how many, where it ends, and whether it was a number of people.
fn member(said: &Utterance<'_>, at: usize, in_list: bool) -> Option<(u16, usize, bool)> {
    let word = said.words.get(at)?;
    let ends = |end: usize| said.words.get(end).is_none_or(|next| !next.is("'s"));
    if word.any(&["me", "myself", "i"]) {
        // "And I would like": that is the next sentence.
        let goes_on =
            word.is("i") && said.words.get(at + 1).is_some_and(|next| next.among(&VERBS) && next.before < Gap::Comma);
        return (!goes_on).then_some((1, at + 1, false));
    }
    if word.any(&["my", "our", "a", "an", "his", "her", "the"]) {
        let owned = !word.any(&["a", "an", "the"]);
        if let Some((people, end)) = number(said, at + 1).filter(|_| owned) {
            let end = person(said, end)?;
            return Some((people, end, in_list));
        }
        // "My parents", "a couple".
        if let Some(pair) = said.words.get(at + 1).filter(|pair| pair.any(PAIRS) && !next_is(said, at + 2, &["of"])) {
            let single = !in_list && !owned && !pair.any(&["couple"]);
            return (!single).then_some((2, at + 2, in_list && !owned));
        }
        let end = person(said, at + 1)?;
        let one = !said.words[end - 1].text.ends_with('s') && !said.words[end - 1].any(&["children", "people"]);
        return (one && (in_list || owned || word.any(&["a", "an"]) && joined_later(said, end)) && ends(end))
            .then_some((1, end, word.any(&["a", "an"])));
    }
    if in_list && word.used == Use::Free && word.any(PAIRS) {
        return Some((2, at + 1, false));
    }
    // "My wife and child".
    if in_list && word.used == Use::Free && word.among(&PERSONS) && !word.text.ends_with('s') {
        return Some((1, at + 1, false));
    }
    let (people, end) = if word.is("single") { (1, at + 1) } else { range(said, at)? };
    if !in_figures(said, at, end) {
        return None;
    }
    if next_is(said, end, &["couples", "pairs"]) {
        return Some((people.saturating_mul(2), end + 1, true));
    }
    if in_list && next_is(said, end, &["more"]) {
        return Some((people, end + 1, true));
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

/// Two at once.
const PAIRS: &[&str] = &["parents", "grandparents", "couple", "twins"];

/// The end of a word for people, with what may stand before it ("small children", "of my friends").
fn person(said: &Utterance<'_>, at: usize) -> Option<usize> {
    let mut end = at;
    while end < at + 3 && said.words.get(end).is_some_and(|word| word.among(&KINDS) && word.before < Gap::Comma) {
        end += 1;
    }
    let noun = said.words.get(end)?;
    let near = noun.before < Gap::Comma && noun.used == Use::Free;
    (near && noun.among(&PERSONS)).then_some(end + 1)
}

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
        &["me", "only"],
        &["just", "myself"],
        &["only", "myself"],
        &["by", "myself"],
        &["on", "my", "own"],
        &["me", "alone"],
        &["for", "myself"],
        &["just", "be", "me"],
        &["just", "going", "to", "be", "me"],
        &["only", "be", "me"],
        &["eating", "alone"],
        &["coming", "alone"],
        &["just", "the", "one", "of", "us"],
    ];
    let found = own.iter().find(|words| here(words)).map(|words| at + words.len());
    let idle = |word: &Word<'_>| word.any(INTERJECTIONS) || word.among(&AROUND_A_NUMBER);
    let whole = said.words.iter().enumerate().all(|(other, word)| other == at || idle(word));
    let asked = expecting == Expecting::People && whole && said.words[at].any(&["me", "myself", "alone", "solo"]);
    let end = found.or(asked.then_some(at + 1))?;
    // "Just me again", "just me and Anna": no answer, or more than one.
    let goes_on = found.is_some()
        && said.words.get(end).is_some_and(|next| {
            next.before < Gap::Comma
                && next.any(&["and", "plus", "again", "a", "the", "when", "if", "or", "as", "to", "about"])
        });
    (!goes_on).then_some(end)
}

/// A number and nothing else, when it was asked how many.
fn bare(said: &Utterance<'_>, expecting: Expecting) -> Option<Party> {
    if expecting != Expecting::People {
        return None;
    }
    // Of "fifty six. Is that too many?" only the first sentence answers.
    let sentence = |at: usize| {
        let from = (0..=at).rev().find(|&at| said.words[at].before == Gap::Stop).unwrap_or(0);
        let to = (at + 1..said.words.len()).find(|&at| said.words[at].before == Gap::Stop).unwrap_or(said.words.len());
        from..to
    };
    let idle = |word: &Word<'_>| word.any(INTERJECTIONS) || word.among(&AROUND_A_NUMBER);
    let at = (0..said.words.len()).find(|&at| {
        let end = number(said, at).map(|(_, end)| end);
        // A number that comes first is the answer, whatever is told of it afterwards.
        let first = said.words[..at].iter().all(idle);
        let free = |end| first || said.words[sentence(at)].iter().filter(|word| !idle(word)).count() <= end - at + 4;
        !continues(said, at)
            && end.is_some_and(|end| in_figures(said, at, end) && !goes_on_as_time(said, end) && free(end))
    })?;
    let (people, end) = number(said, at)?;
    Some(Party { people, at: at..end, confidence: Confidence::Sure })
}

/// The second half of "twenty five".
fn continues(said: &Utterance<'_>, at: usize) -> bool {
    at > 0 && tens(&said.words[at - 1].text).is_some() && said.words[at].before <= Gap::Hyphen
}

/// "Change the number of guests … to eight", "our party changed, it's ten now", "not eighteen people, eight".
fn changed_to(said: &Utterance<'_>, seated: bool) -> Option<Party> {
    let words = &said.words;
    let about = words.windows(2).position(|pair| {
        pair[0].any(&["number", "size", "amount"]) && pair[1].is("of")
            || pair[0].any(&["party", "group", "table"]) && pair[1].any(&["size", "changed", "number", "has"])
            || pair[0].any(&["less", "fewer", "more", "not"]) && pair[1].among(&PERSONS)
            || pair[0].any(&["people", "guests", "persons"]) && pair[1].is("is")
            || pair[0].used == Use::People && pair[1].among(&PERSONS)
    });
    // "Change my table to eight", where parties are seated.
    let changing = seated && words.iter().any(|word| word.any(&["change", "switch", "alter", "amend", "update"]));
    let read = |at: usize| {
        let (people, end) = number(said, at)?;
        let plain = in_figures(said, at, end) && !goes_on_as_time(said, end) && counted_thing(said, end);
        (plain && !continues(said, at)).then_some((people, end))
    };
    let before = |at: usize, texts: &[&str]| at > 0 && words[at - 1].any(texts);
    let told = |at: usize| {
        let said_after = about.is_some_and(|about| at > about)
            && (before(at, &["to", "is", "now", "be", "only", "just", "make", "it", "for", "are", "that"])
                || words[at].before == Gap::Comma);
        let said_first = about.is_some_and(|about| at < about) && words.get(at + 1).is_some_and(|next| next.is("is"));
        said_after || said_first || changing && before(at, &["to", "for", "that"]) && at + 2 >= words.len()
    };
    let at = (0..words.len()).rfind(|&at| told(at) && read(at).is_some())?;
    let (people, end) = read(at)?;
    Some(Party { people, at: at..end, confidence: Confidence::Likely })
}

/// "Not ten", "instead of three", "from three people to four".
fn left_behind(said: &Utterance<'_>, at: usize) -> bool {
    let before: Vec<&str> = said.words[..at].iter().rev().take(3).map(|word| &*word.text).collect();
    matches!(
        before.as_slice(),
        ["not" | "from", ..]
            | ["for", "not" | "from", ..]
            | ["of", "instead", ..]
            | ["than", "rather" | "more" | "less", ..]
    )
}
