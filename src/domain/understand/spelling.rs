//! Letters spelled out: "K O V A C S", "K as in kilo", "double L", "kilo oscar victor".

use std::ops::Range;

use super::{
    fuzzy::distance,
    tokens::{Gap, Utterance},
};

/// Letters that were spelled, and which words spelled them.
pub(super) struct Spelled {
    pub letters: String,
    pub at: Range<usize>,
    /// Where among the letters the one pause is: "D O T, M E R C E R".
    pause: Option<usize>,
}

impl Spelled {
    /// The letters as a name: spelled twice, to be sure, it is one, and with a pause it is two.
    pub(super) fn name(&self) -> String {
        let half = self.letters.len() / 2;
        if let Some((one, other)) = self.pause.and_then(|pause| self.letters.split_at_checked(pause)) {
            return if one == other { one.to_owned() } else { format!("{one} {other}") };
        }
        match self.letters.split_at_checked(half) {
            // "Z O E, zed oh ee".
            Some((one, other)) if half >= 3 && one == other => one.to_owned(),
            _ => self.letters.clone(),
        }
    }
}

/// The run of letters that starts at a word. Two letters may be initials, so a run is three, or announced, or explained.
pub(super) fn at(said: &Utterance<'_>, start: usize) -> Option<Spelled> {
    let mut letters = String::new();
    let mut explained = false;
    let mut pause = None;
    let mut at = start;
    let heard = (start..start + 4).all(|at| said.words.get(at).is_some_and(|word| surely(&word.text)));
    // "D O T, M E R C E R": one pause among letters that otherwise have none parts two names.
    let paused = |at: &usize| said.words[*at].before == Gap::Comma;
    let mut ends = start;
    while letter(said, ends, true).is_some_and(|(_, next, _)| next == ends + 1) {
        ends += 1;
    }
    let pauses: Vec<usize> = (start + 1..ends).filter(paused).collect();
    let parted = match pauses.as_slice() {
        [only] if only - start >= 2 && ends - only >= 2 => Some(*only),
        _ => None,
    };
    while let Some((letter, next, how)) = letter(said, at, heard || !letters.is_empty()) {
        if parted == Some(at) {
            pause = Some(letters.len());
        }
        if at > start
            && said.words[at].before == Gap::Stop
            && !said.text[said.words[at - 1].span.end..].starts_with('.')
        {
            break;
        }
        letters.push_str(&letter);
        explained |= how;
        at = next;
    }
    let announced = start > 0 && said.words[start - 1].any(SPELLED);
    let enough = letters.chars().count() >= 3 || (explained || announced) && !letters.is_empty();
    (enough && (heard || !word_like(said, start, at))).then_some(Spelled { letters, at: start..at, pause })
}

/// Three words that only sound like letters ("you are why") are words.
fn word_like(said: &Utterance<'_>, start: usize, end: usize) -> bool {
    !said.words[start..end]
        .iter()
        .any(|word| word.text.chars().count() == 1 || nato(&word.text).is_some() || word.is("double"))
}

const SPELLED: &[&str] = &["spelled", "spelt", "spelling", "spell"];

/// After "spelled", "that's spelt", "spelled with": where the letters would start. `at` itself when nothing is announced.
pub(super) fn announced(said: &Utterance<'_>, start: usize) -> usize {
    let filler = ["that", "it", "is", "which", "i", "will", "spell", "for", "you"];
    let mut end = start;
    while said.words.get(end).is_some_and(|word| word.any(&filler) || word.any(SPELLED)) && end < start + 6 {
        end += 1;
    }
    let spelled = said.words[start..end].iter().any(|word| word.any(SPELLED));
    if spelled
        || end > start && at(said, end).is_some()
        || said.words[start].before >= Gap::Comma && at(said, start).is_some()
    {
        end
    } else {
        start
    }
}

/// One letter at a word: what it is, the word after it, and whether it was explained ("as in kilo").
fn letter(said: &Utterance<'_>, at: usize, within: bool) -> Option<(String, usize, bool)> {
    let word = said.words.get(at)?;
    let text = &*word.text;
    let next = |n: usize| said.words.get(at + n);
    if matches!(text, "double" | "triple") {
        let times = if text == "double" { 2 } else { 3 };
        let (letter, end, how) = self::letter(said, at + 1, within)?;
        return (letter.chars().count() == 1).then(|| (letter.repeat(times), end, how));
    }
    if text == "capital" {
        return self::letter(said, at + 1, within);
    }
    if text == "w" && next(1).is_some_and(|word| word.is("you")) {
        return Some(("w".into(), at + 1, false));
    }
    if within && text == "space" {
        return Some((" ".into(), at + 1, false));
    }
    if within && matches!(text, "apostrophe") {
        return Some(("'".into(), at + 1, false));
    }
    if within && matches!(text, "hyphen" | "dash") {
        return Some(("-".into(), at + 1, false));
    }
    let mut chars = text.chars();
    let single = chars.next().filter(|c| c.is_alphabetic() && chars.next().is_none());
    if let Some(single) = single.or_else(|| if within { sounded(text) } else { None }) {
        let example = |word: &super::tokens::Word<'_>| word.text.starts_with(single);
        if next(1).is_some_and(|word| word.is("as"))
            && next(2).is_some_and(|word| word.is("in"))
            && next(3).is_some_and(example)
        {
            return Some((single.into(), at + 4, true));
        }
        if next(1).is_some_and(|word| word.any(&["for", "like", "as"])) && next(2).is_some_and(example) {
            return Some((single.into(), at + 3, true));
        }
        return Some((single.into(), at + 1, false));
    }
    // "B R" comes as "BR" among other letters.
    let raw = said.raw(at);
    let chunk = raw.chars().count() <= 4 && raw.chars().all(char::is_uppercase);
    let beside = |at: usize| said.words.get(at).is_some_and(|word| word.text.chars().count() == 1);
    if chunk && (beside(at + 1) || at > 0 && beside(at - 1)) {
        return Some((text.to_owned(), at + 1, false));
    }
    nato(text).map(|letter| (letter.into(), at + 1, false))
}

/// Words that are hardly said but for a letter; four of them in a row spell something.
fn surely(word: &str) -> bool {
    word.chars().count() == 1 || !matches!(word, "you" | "why" | "oh" | "okay") && sounded(word).is_some()
}

/// Letters as a recogniser writes them when it takes them for words. Only among other letters.
fn sounded(word: &str) -> Option<char> {
    Some(match word {
        "ay" => 'a',
        "bee" => 'b',
        "see" | "sea" | "cee" => 'c',
        "dee" => 'd',
        "ee" => 'e',
        "ef" | "eff" => 'f',
        "gee" => 'g',
        "aitch" | "haitch" => 'h',
        "eye" => 'i',
        "jay" => 'j',
        "okay" | "kay" => 'k',
        "el" | "ell" => 'l',
        "em" => 'm',
        "en" => 'n',
        "oh" => 'o',
        "pee" => 'p',
        "cue" | "queue" => 'q',
        "are" | "ar" => 'r',
        "ess" => 's',
        "tee" | "tea" => 't',
        "you" => 'u',
        "vee" => 'v',
        "ex" => 'x',
        "why" => 'y',
        "zee" | "zed" => 'z',
        _ => return None,
    })
}

fn nato(word: &str) -> Option<char> {
    let alphabet = [
        "alpha", "alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "juliett",
        "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor",
        "whiskey", "whisky", "xray", "yankee", "zulu",
    ];
    alphabet.contains(&word).then(|| word.chars().next()).flatten()
}

/// Whether letters spell a name that was said: it starts the same or is nearly the same.
pub(super) fn alike(name: &str, letters: &str) -> bool {
    let (name, letters) = (name.to_lowercase(), letters.to_lowercase());
    let length = name.chars().count().max(letters.chars().count());
    distance(&name, &letters, length / 2).is_some()
}

/// The letters cut in two so that both parts are most like the names.
pub(super) fn split_like(letters: &str, one: &str, other: &str) -> Option<(String, String)> {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let cuts = letters.char_indices().map(|(at, _)| at).filter(|&at| at > 0);
    cuts.filter_map(|at| {
        let (first, second) = letters.split_at(at);
        let most = 1 + letters.len() / 3;
        let cost = distance(first, &one, most)? + distance(second, &other, most)?;
        Some((cost, first.to_owned(), second.to_owned()))
    })
    .min_by_key(|(cost, ..)| *cost)
    .filter(|(cost, ..)| *cost <= 1 + letters.len() / 3)
    .map(|(_, first, second)| (first, second))
}
