//! The caller's name, as it should be written: from "this is Anna", from a bare answer, from letters spelled out.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

use super::{
    Expecting, Intent,
    everyday::is_common,
    names,
    pattern::Found,
    phrases::{NAME_CUES, NameCue, class},
    spelling::{self, Spelled},
    tokens::{Gap, INTERJECTIONS, TITLES, Use, Utterance, Word, apostrophe, fold, ignorable},
};
use crate::domain::business::Staff;

/// Longer is no name, or none that fits a calendar.
const MOST_GRAPHEMES: usize = 60;
const MOST_WORDS: usize = 6;

/// Finds the name and marks the words that said it. `restart` is where the caller last started again.
pub(super) fn find(
    said: &mut Utterance<'_>,
    staff: &[Staff],
    intents: &[Found<Intent>],
    expecting: Expecting,
    restart: usize,
) -> Option<String> {
    let told = introduced_after(said).or_else(|| cued(said, staff, expecting, restart));
    let bare = if expecting == Expecting::Name { bare(said, intents) } else { None };
    // "Anna Kovacs, that's K O V A C S": the bare answer holds what was told.
    let told = told.or_else(|| if expecting == Expecting::Name { None } else { opening(said, staff) });
    let words = match (told, bare) {
        (Some(told), Some(bare)) if told.iter().all(|at| bare.contains(at)) => bare,
        (told, bare) => told.or(bare)?,
    };
    let words = said_in_full(said, &words).unwrap_or(words);
    let words = put_right(said, &words).unwrap_or(words);
    let name = compose(said, &words)?;
    let name = with_a_letter(said, &words, &name).unwrap_or(name);
    for at in words {
        said.mark(at..at + 1, Use::Name);
    }
    Some(name)
}

/// "O'Brien, Mary O'Brien": the longer one, if the first is part of it.
fn said_in_full(said: &Utterance<'_>, words: &[usize]) -> Option<Vec<usize>> {
    let longer = words_from(said, words.last()? + 1, true);
    let part = words.iter().all(|&at| longer.iter().any(|&other| said.words[at].text == said.words[other].text));
    (part && longer.len() > words.len()).then_some(longer)
}

/// "Anna Smith, sorry, Smyth": a single name replaces the part that it is most like, a full one everything.
fn put_right(said: &Utterance<'_>, words: &[usize]) -> Option<Vec<usize>> {
    let correction = |at: &usize| said.words[*at].any(&["sorry", "no", "wait", "actually", "rather"]);
    let between =
        |at: &usize| said.words[*at].any(&["i", "mean", "meant", "it", "is", "that", "should", "be", "hold", "on"]);
    let start = (1..said.words.len()).find(correction)?;
    let end = (start..said.words.len()).find(|at| !correction(at) && !between(at))?;
    let first = (0..start).rev().take_while(|&at| name_like(said, at, false)).last()?;
    let before: Vec<usize> = (first..start).collect();
    let after = words_from(said, end, true);
    let about = words.iter().any(|at| before.contains(at) || after.contains(at));
    if after.is_empty() || !about || !closed(said, &after) {
        return None;
    }
    let [one] = after.as_slice() else { return Some(after) };
    if before.len() < 2 {
        return Some(after);
    }
    let like = before.iter().rposition(|&at| spelling::alike(&said.words[at].text, &said.words[*one].text));
    let replaced = like.unwrap_or(before.len() - 1);
    Some(before.iter().enumerate().map(|(n, &at)| if n == replaced { *one } else { at }).collect())
}

/// "Catherine with a K", "Smith with a Y", "Clark with an E".
fn with_a_letter(said: &Utterance<'_>, words: &[usize], name: &str) -> Option<String> {
    let next = words.last()? + 1;
    let announced = said.words.get(next)?.is("with") && said.words.get(next + 1)?.any(&["a", "an"]);
    let letter = said.words.get(next + 2).filter(|_| announced)?;
    let instead: &[char] = match &*letter.text {
        "k" => &['c'],
        "c" => &['k', 's'],
        "y" => &['i'],
        "i" => &['y'],
        "z" => &['s'],
        "s" => &['c', 'z'],
        "j" => &['g'],
        "g" => &['j'],
        "e" if !name.ends_with('e') => return Some(format!("{name}e")),
        _ => return None,
    };
    let at = name.find(|c: char| instead.contains(&c.to_ascii_lowercase()))?;
    let length = name[at..].chars().next()?.len_utf8();
    let small = name[at..].starts_with(char::is_lowercase);
    let letter = if small { letter.text.to_string() } else { letter.text.to_uppercase() };
    Some(format!("{}{letter}{}", &name[..at], &name[at + length..]))
}

/// After "my name is", "this is" and the like. Of several the last after a correction, else the one whose cue is surest.
fn cued(said: &Utterance<'_>, staff: &[Staff], expecting: Expecting, restart: usize) -> Option<Vec<usize>> {
    let cues = NAME_CUES.find(said);
    let part = |part: NameCue| {
        let cue = cues.iter().find(|cue| cue.what == part)?;
        Some(words_from(said, cue.at.end, true)).filter(|words| !words.is_empty())
    };
    match (part(NameCue::First), part(NameCue::Last)) {
        (None, None) => {}
        (first, last) => return Some([first.unwrap_or_default(), last.unwrap_or_default()].concat()),
    }
    let mut found: Vec<(NameCue, Vec<usize>)> =
        cues.iter().filter_map(|cue| Some((cue.what, after(said, cue, staff, expecting)?))).collect();
    found.sort_by_key(|(cue, _)| *cue);
    let corrected = found.iter().position(|(_, words)| restart > 0 && words[0] >= restart).unwrap_or(0);
    (corrected < found.len()).then(|| found.swap_remove(corrected).1)
}

/// What follows a cue, if it may be a name.
fn after(said: &Utterance<'_>, cue: &Found<NameCue>, staff: &[Staff], expecting: Expecting) -> Option<Vec<usize>> {
    // "The name's wrong, it's Hannah."
    let asked = expecting == Expecting::Name || said.words[..cue.at.start].iter().any(|word| word.is("name"));
    let sure = cue.what == NameCue::Sure || asked && matches!(cue.what, NameCue::Asked | NameCue::Written);
    let words = words_from(said, cue.at.end, sure);
    let first = *words.first()?;
    let written = words.iter().all(|&at| said.capitalised(at) || PARTICLES.contains(&&*said.words[at].text));
    let likely = written || !describes(&said.words[first].text) && closed(said, &words);
    let next = words.last().and_then(|last| said.words.get(last + 1));
    let owner = next.is_some_and(|next| next.is("'s"));
    let announced = next.is_some_and(|next| next.any(&["calling", "here", "speaking"])) && known(said, &words);
    let plausible = match cue.what {
        NameCue::Sure | NameCue::First | NameCue::Last => true,
        NameCue::Maybe => likely,
        NameCue::Asked => {
            let full = words.len() > 1 && closed(said, &words) && names::is_given(&said.words[first].text);
            (asked && likely || written && words.len() > 1 || announced || full && cue.at.len() > 1)
                && !said.words[cue.at.end - 1].is("not")
        }
        // "For Maria" may be with Maria as well.
        NameCue::Written => {
            let staff = words.len() == 1 && is_staff(staff, &said.words[first].text);
            asked && likely || !owner && !staff && (written || likely && booked_for(said, cue, &words))
        }
    };
    plausible.then_some(words)
}

/// A name in small letters after "for" or "under": one that is in the lists, or any where a booking is spoken of just before.
fn booked_for(said: &Utterance<'_>, cue: &Found<NameCue>, words: &[usize]) -> bool {
    let before = &said.words[..cue.at.start];
    let booking = || before.iter().any(|word| word.any(class("APPOINTMENT")) || word.any(BOOKED));
    if words.iter().any(|&at| describes(&said.words[at].text)) {
        return false;
    }
    let titled = said.words[words[0]].any(&["mr", "mrs", "ms", "miss", "mister"]);
    let whole = words.iter().filter(|&&at| said.words[at].text.chars().count() > 1).count() > 1;
    if said.words[cue.at.end - 1].is("under") {
        return titled || whole || known(said, words) || booking();
    }
    titled || known(said, words) || whole && booking()
}

const BOOKED: &[&str] =
    &["booked", "reserved", "scheduled", "table", "it", "name", "session", "room", "lunch", "dinner"];

/// Whether the first word is a given name of the lists, or the last of several a family name.
fn known(said: &Utterance<'_>, words: &[usize]) -> bool {
    let first = words
        .first()
        .is_some_and(|&at| names::is_given(&said.words[at].text) && !PARTICLES.contains(&&*said.words[at].text));
    let last = words.len() > 1 && words.last().is_some_and(|&at| names::is_family(&said.words[at].text));
    first || last
}

/// "Al Gray, a haircut on Thursday at eleven": a caller's full name before the wish. One name alone may call somebody.
fn opening(said: &Utterance<'_>, staff: &[Staff]) -> Option<Vec<usize>> {
    let start = said.lead();
    let mut words = words_from(said, start, true);
    // "Joyce Bell, …": a surname that is a word as well, before a pause.
    let after = start + words.len();
    if words.len() == 1
        && said.words.get(after).is_some_and(|word| {
            word.before < Gap::Comma && word.used == Use::Free && SURNAMES_TOO.contains(&&*word.text)
        })
        && said.words.get(after + 1).is_some_and(|next| next.before >= Gap::Comma)
    {
        words.push(after);
    }
    let (&first, &last) = words.first().zip(words.last())?;
    let next = said.words.get(last + 1)?;
    let names = words.iter().filter(|&&at| said.words[at].text.chars().count() > 1).count();
    let theirs = is_staff(staff, &said.words[first].text) && is_staff(staff, &said.words[last].text);
    let written = said.raw(first).starts_with(char::is_uppercase) && said.capitalised(last);
    let paused = next.before >= Gap::Comma;
    let told = written && (paused || known(said, &words)) || known(said, &words) && closed(said, &words);
    let asked = next.before < Gap::Comma && next.any(&["is", "are", "do", "does", "or", "and"]);
    let spelled = words.iter().any(|&at| said.words[at].text.chars().count() == 1);
    ((2..=3).contains(&names) && !spelled && !theirs && told && !asked).then_some(words)
}

fn is_staff(staff: &[Staff], word: &str) -> bool {
    let mut names = staff.iter().flat_map(|member| std::iter::once(&member.name).chain(&member.also));
    names.any(|name| fold(name).split(' ').any(|part| part == word))
}

/// "I'm allergic", "it's ridiculous": words that end like these describe somebody and name nobody.
fn describes(word: &str) -> bool {
    let endings = ["ing", "ous", "able", "ible", "tion", "less", "ful", "ant", "ive"];
    let past = word.ends_with("ed")
        && !["ahmed", "ahmad", "mohammed", "muhammed", "mohamed", "alfred", "jared", "syed", "hamed"].contains(&word);
    let manner = word.len() > 5 && word.ends_with("ly") && !["kimberly", "beverly", "shelly"].contains(&word);
    word.len() > 4 && (past || manner || endings.iter().any(|ending| word.ends_with(ending)))
}

/// What follows the words ends a name: nothing, a comma, or a word that goes on with something else.
fn closed(said: &Utterance<'_>, words: &[usize]) -> bool {
    let Some(next) = words.last().and_then(|last| said.words.get(last + 1)) else { return true };
    next.before >= Gap::Comma || next.used != Use::Free || is_common(&next.text) || next.digits()
}

/// "Anna Kovacs speaking", "Anna Kovacs is my name".
fn introduced_after(said: &Utterance<'_>) -> Option<Vec<usize>> {
    let words = &said.words;
    let end = (1..words.len()).find(|&at| {
        let here = words[at].any(&["speaking", "here", "calling"])
            && words.get(at + 1).is_none_or(|next| next.before >= Gap::Comma || is_common(&next.text));
        let is_my_name = words[at].is("is")
            && at + 2 < words.len()
            && words.get(at + 1).is_some_and(|word| word.any(&["my", "the"]))
            && words[at + 2..].iter().take(2).any(|word| word.any(&["name", "surname"]));
        let called = words[at].is("is")
            && words[at + 1..]
                .windows(3)
                .take(1)
                .any(|next| next[0].is("what") && (next[1].is("you") || next[1].is("they") || next[1].is("people")))
            && words[at + 1..].iter().take(6).any(|word| word.any(&["call", "called"]));
        here && !words[at].is("calling") || is_my_name || called
    })?;
    // "Anna Kovacs, that is my name."
    let end = if words[end - 1].any(&["that", "this"]) { end - 1 } else { end };
    let start = (0..end).rev().take_while(|&at| name_like(said, at, false)).last()?;
    let led = words[..start].iter().all(|word| word.any(INTERJECTIONS) || word.any(LEADING));
    led.then(|| (start..end).collect())
}

/// The whole answer to "What's your name?".
fn bare(said: &Utterance<'_>, intents: &[Found<Intent>]) -> Option<Vec<usize>> {
    // Written by somebody who tries what happens, and nothing a recogniser writes.
    if said
        .text
        .contains(['<', '>', '{', '}', '=', ';', '\\', '|', '/', '@', '#', '$', '%', '*', '_', '~', '(', ')', '[', ']'])
    {
        return None;
    }
    // "It depends on this and that": what somebody or something does is no name.
    let lead = |at: &usize| !said.words[*at].any(INTERJECTIONS) && !said.words[*at].any(LEADING);
    let start = (0..said.words.len()).find(lead)?;
    if start > 0 && said.words[start - 1].any(&["it", "i", "that"]) {
        return None;
    }
    let social = |intent: Intent| matches!(intent, Intent::Greeting | Intent::Thanks | Intent::Goodbye);
    let surname = |found: &Found<Intent>| {
        found.at.len() == 1 && found.at.start > start && SURNAMES_TOO.contains(&&*said.words[found.at.start].text)
    };
    let wish = intents.iter().any(|found| !social(found.what) && !surname(found));
    let mut words = words_from(said, start, true);
    let mut last = *words.last()?;
    // "Kovacs, Anna": one word more after a comma, and nothing else.
    if words.len() == 1 && last + 2 == said.words.len() && name_like(said, last + 1, false) {
        last += 1;
        words.push(last);
    }
    let questions = words.iter().any(|&at| said.words[at].asked);
    let rest = said.words[last + 1..].iter().filter(|word| word.used == Use::Free && !is_common(&word.text)).count();
    let ended = closed(said, &words);
    (!wish && !questions && rest <= 4 && ended).then_some(words)
}

/// Words before a bare name.
const LEADING: &[&str] = &[
    "yes",
    "yeah",
    "sure",
    "okay",
    "of",
    "course",
    "certainly",
    "it",
    "is",
    "that",
    "would",
    "be",
    "the",
    "name",
    "my",
    "good",
    "morning",
    "afternoon",
    "evening",
    "yep",
    "right",
    "great",
    "under",
    "for",
    "put",
    "no",
    "just",
    "book",
    "make",
    "thanks",
    "thank",
    "you",
    "absolutely",
    "fine",
    "this",
    "i",
    "am",
    "said",
    "not",
    "there",
    "correct",
];

/// The words of a name that starts at `start`, spelled letters included.
fn words_from(said: &Utterance<'_>, start: usize, sure: bool) -> Vec<usize> {
    let mut words: Vec<usize> = Vec::new();
    let mut at = start;
    while at < said.words.len() {
        if let Some(run) = spelling::at(said, at) {
            // "It's spelled" may stand between a name and its letters.
            words.extend(run.at.clone());
            at = run.at.end;
            continue;
        }
        let spelled_next = spelling::announced(said, at);
        if spelled_next > at {
            at = spelled_next;
            continue;
        }
        let after_letters = words.last().is_some_and(|&last| said.words[last].text.chars().count() == 1);
        let spelled_after = spelling::at(said, at + 1).is_some();
        let broken = at > start && said.words[at].before >= Gap::Comma && !(after_letters && spelled_after);
        let so_far = words.iter().filter(|&&at| said.words[at].text.chars().count() > 1).count();
        let surname = at > start && at + 1 == said.words.len() && SURNAMES_TOO.contains(&&*said.words[at].text);
        let named = name_like(said, at, at == start && (sure || said.capitalised(at)))
            || surname && matches!(said.words[at].used, Use::Free | Use::Time);
        if broken || so_far >= MOST_WORDS || !named {
            break;
        }
        words.push(at);
        at += 1;
    }
    // A particle or a title alone is no name.
    let letter = |at: usize| said.words[at].text.chars().count() == 1;
    while let [.., before, last] = words[..]
        && PARTICLES.contains(&&*said.words[last].text)
        && !(letter(last) && letter(before))
    {
        words.pop();
    }
    let only_title = words.iter().all(|&at| said.words[at].any(TITLES));
    if only_title { Vec::new() } else { words }
}

/// Whether a word may belong to a name. `first` lets in the words that are names too, such as Will and May.
fn name_like(said: &Utterance<'_>, at: usize, first: bool) -> bool {
    let word = &said.words[at];
    let dated = said.words.get(at + 1).is_some_and(Word::digits);
    let month = word.used == Use::Time && first && !dated && NAMES_IN_TIME.contains(&&*word.text);
    let free = word.used == Use::Free || month;
    let letters = word.text.chars().all(|c| c.is_alphabetic() || is_combining_mark(c) || c == '\'' || ignorable(c));
    let month_only = dated && NAMES_IN_TIME.contains(&&*word.text);
    let named = !is_common(&word.text) && !month_only
        || first && !month_only && NAMES_TOO.contains(&&*word.text)
        || word.any(TITLES);
    free && letters && (named || PARTICLES.contains(&&*word.text)) && !word.is("'s")
}

const PARTICLES: &[&str] = &[
    "de", "da", "di", "du", "del", "della", "dos", "das", "van", "von", "der", "den", "ter", "ten", "zu", "la", "le",
    "el", "al", "bin", "ibn", "ben", "st", "af", "av", "y", "e", "mac", "mc", "san",
];

/// Names that are found as times as well.
const NAMES_IN_TIME: &[&str] =
    &["april", "may", "june", "august", "dawn", "eve", "summer", "autumn", "jan", "noon", "weeks"];

/// First names that are words as well.
const NAMES_TOO: &[&str] = &[
    "will", "may", "mark", "grace", "april", "june", "august", "rose", "art", "bill", "rich", "sunny", "dawn", "hope",
    "joy", "faith", "summer", "penny", "frank", "chase", "drew", "pat", "sue", "ray", "jack", "guy", "rob", "van",
    "ben", "al", "mac", "dot",
];

/// Surnames that are words as well; taken for one at the end of what was said.
const SURNAMES_TOO: &[&str] = &[
    "day", "may", "little", "long", "young", "short", "best", "good", "king", "love", "fine", "way", "price", "case",
    "bell", "hope", "house", "hall", "walker", "friend", "booker", "close", "self", "light", "must", "moody", "street",
    "work", "said",
];

/// The name as it should be written, or nothing when it holds what no name holds.
fn compose(said: &Utterance<'_>, words: &[usize]) -> Option<String> {
    let joins = |c: char| c.is_whitespace() || ignorable(c) || apostrophe(c) || ",.-\u{2010}\u{2011}".contains(c);
    let between = |pair: &[usize]| {
        let (end, start) = (said.words[pair[0]].span.end, said.words[pair[1]].span.start);
        said.text.get(end..start).unwrap_or_default()
    };
    if words.windows(2).filter(|pair| pair[1] == pair[0] + 1).any(|pair| !between(pair).chars().all(joins)) {
        return None;
    }
    let mut parts: Vec<(String, Gap)> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let word = words[at];
        if let Some(run) = spelling::at(said, word) {
            at += run.at.len();
            take_letters(&mut parts, &run);
        } else if let Some(joined) = prefixed(said, words, at) {
            parts.push((joined, said.words[word].before));
            at += 2;
        } else {
            parts.push((capital(said.raw(word)), said.words[word].before));
            at += 1;
        }
    }
    drop_title(&mut parts);
    // A particle that begins a full name is a first name: "Al Gray", "Ben Stone".
    if let [(first, _), _, ..] = parts.as_mut_slice()
        && ["al", "ben", "mac"].contains(&first.as_str())
    {
        *first = sentence_case(first);
    }
    let name = join(&parts);
    let length = name.graphemes(true).count();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    (length <= MOST_GRAPHEMES && letters >= 2).then_some(name)
}

/// "O Connor" and "Mc Donald", as a recogniser cuts them.
fn prefixed(said: &Utterance<'_>, words: &[usize], at: usize) -> Option<String> {
    let (prefix, rest) = (&*said.words[words[at]].text, said.words.get(*words.get(at + 1)?)?);
    let long = rest.text.chars().count() > 2 && at > 0;
    match prefix {
        "o" if long => Some(format!("O'{}", capital(said.raw(words[at + 1])))),
        "mc" if long => Some(format!("Mc{}", capital(said.raw(words[at + 1])))),
        _ => None,
    }
}

/// Letters say how the name before them is written, or are a name themselves.
fn take_letters(parts: &mut Vec<(String, Gap)>, run: &Spelled) {
    let letters = run.name();
    if letters.contains(' ') {
        *parts = letters.split_whitespace().map(|part| (capital(part), Gap::Space)).collect();
        return;
    }
    let spelled = capital(&letters);
    if parts.is_empty()
        && let Some((first, last)) = names::two_names(&letters)
    {
        *parts = vec![(capital(&first), Gap::Space), (capital(&last), Gap::Space)];
        return;
    }
    if let [.., (one, _), (other, _)] = parts.as_slice() {
        // Both names spelled in one go: "Anna Kovacs, A N N A K O V A C S".
        if letters.chars().count() > other.chars().count() + 2
            && let Some((first, second)) = spelling::split_like(&letters, one, other)
        {
            let keep = parts.len() - 2;
            parts.truncate(keep);
            parts.push((capital(&first), Gap::Space));
            parts.push((capital(&second), Gap::Space));
            return;
        }
    }
    let like = parts.iter().rposition(|(part, _)| spelling::alike(part, &letters));
    match like {
        Some(like) => parts[like].0 = spelled,
        None if letters.chars().count() > 2 || parts.is_empty() => parts.push((spelled, Gap::Space)),
        None => parts.extend(letters.chars().map(|letter| (letter.to_uppercase().collect(), Gap::Space))),
    }
}

/// "Mrs Anna Kovacs" is Anna Kovacs; "Mrs Kovacs" stays as she is.
fn drop_title(parts: &mut Vec<(String, Gap)>) {
    let title = parts.first().is_some_and(|(part, _)| TITLES.contains(&&*part.to_lowercase()));
    if title && parts.len() > 2 {
        parts.remove(0);
    }
}

fn join(parts: &[(String, Gap)]) -> String {
    let mut name = String::new();
    for (n, (part, gap)) in parts.iter().enumerate() {
        if n > 0 {
            name.push(if *gap == Gap::Hyphen { '-' } else { ' ' });
        }
        name.push_str(part);
    }
    name
}

/// A stretch of words as a name.
pub(super) fn written(said: &Utterance<'_>, words: Range<usize>) -> String {
    join(&words.map(|at| (capital(said.raw(at)), said.words[at].before)).collect::<Vec<_>>())
}

/// "kovacs" is Kovacs and "o'brien" O'Brien; what has capitals and small letters already stays as it was said.
pub(super) fn capital(raw: &str) -> String {
    let mut marks = 0;
    // Two accents fit on a letter; a tower of them is a prank.
    let accents = |c: &char| {
        marks = if is_combining_mark(*c) { marks + 1 } else { 0 };
        marks <= 2
    };
    let seen = raw.chars().filter(|&c| !ignorable(c)).map(|c| if apostrophe(c) { '\'' } else { c });
    let clean: String = seen.filter(accents).nfc().collect();
    let small = clean.chars().any(char::is_lowercase);
    let mixed = small && clean.chars().any(char::is_uppercase);
    if mixed || PARTICLES.contains(&clean.as_str()) {
        return clean;
    }
    let mut name = String::with_capacity(clean.len());
    let mut upper = true;
    for (at, c) in clean.char_indices() {
        if upper {
            name.extend(c.to_uppercase());
        } else {
            name.extend(c.to_lowercase());
        }
        // O'Brien and D'Angelo, but not Anna'S; McDonald, but not Mcc.
        upper = c == '-' || c == '\'' && at <= 2 || at == 1 && name == "Mc" && clean.chars().count() > 4;
    }
    name
}

fn sentence_case(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Will, May and Grace are words and names.
pub(super) fn is_name_too(word: &str) -> bool {
    NAMES_TOO.contains(&word)
}
