//! A sentence as the rules read it: plain lower-case words, whatever it was written with.
//!
//! What a caller would hear is what counts: "b-o-o-k-e-d", "bооked" with Cyrillic letters and "b00ked" are all "booked".

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::plain;

/// What stood between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    Space,
    Comma,
    /// A colon, a dash, a quotation mark, or the end of a sentence.
    Break,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word<'t> {
    pub text: Cow<'t, str>,
    pub before: Gap,
}

impl Word<'_> {
    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    pub(super) fn any(&self, texts: &[&str]) -> bool {
        texts.contains(&&*self.text)
    }
}

/// The text in plain small letters: without accents, with Latin letters for those that only look like them. Positions are
/// not kept.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c) && !plain::is_invisible(*c));
    Cow::Owned(plain.flat_map(char::to_lowercase).flat_map(latin).collect())
}

/// Letters that look like Latin ones, and ligatures.
fn latin(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'а' | 'α' | 'ɑ' | 'ᴀ' => ('a', None),
        'в' | 'β' | 'ʙ' | 'ь' | 'ƅ' => ('b', None),
        'с' | 'ϲ' | 'ᴄ' | 'ⅽ' => ('c', None),
        'ԁ' | 'ᴅ' | 'ɗ' | 'đ' | 'ð' => ('d', None),
        'е' | 'ε' | 'ё' | 'є' | 'ᴇ' | 'ҽ' | 'ə' => ('e', None),
        'ғ' | 'ꜰ' | 'ƒ' => ('f', None),
        'ɡ' | 'ց' | 'ɢ' => ('g', None),
        'һ' | 'н' | 'ʜ' | 'հ' => ('h', None),
        'і' | 'ι' | 'ı' | 'ɪ' | 'ӏ' | 'ї' => ('i', None),
        'ј' | 'ᴊ' => ('j', None),
        'к' | 'κ' | 'ᴋ' | 'қ' => ('k', None),
        'ʟ' | 'ł' => ('l', None),
        'м' | 'ᴍ' => ('m', None),
        'п' | 'η' | 'ɴ' | 'ո' => ('n', None),
        'о' | 'ο' | 'σ' | 'օ' | 'ø' | 'ᴏ' | 'ө' => ('o', None),
        'р' | 'ρ' | 'ᴘ' => ('p', None),
        'ԛ' => ('q', None),
        'г' | 'ʀ' => ('r', None),
        'ѕ' | 'ꜱ' => ('s', None),
        'т' | 'τ' | 'ᴛ' => ('t', None),
        'υ' | 'ս' | 'ᴜ' => ('u', None),
        'ν' | 'ѵ' | 'ᴠ' => ('v', None),
        'ѡ' | 'ω' | 'ԝ' | 'ᴡ' => ('w', None),
        'х' | 'χ' => ('x', None),
        'у' | 'γ' | 'ү' | 'ʏ' => ('y', None),
        'ᴢ' => ('z', None),
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        c => (c, None),
    };
    std::iter::once(first).chain(second)
}

/// The words of a folded text.
pub(super) fn split(text: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::with_capacity(text.len() / 5 + 2);
    let mut gap = Gap::Break;
    let mut start = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let inside = start.is_some();
        let between_digits = inside
            && next.is_some_and(|next| next.is_ascii_digit())
            && text[..at].ends_with(|c: char| c.is_ascii_digit());
        let letter = c.is_alphanumeric()
            || inside && (matches!(c, '\'' | '’') && next.is_some_and(char::is_alphanumeric) || is_combining_mark(c))
            || between_digits && matches!(c, '.' | ':' | ',')
            || inside && c == '_';
        if letter {
            start.get_or_insert(at);
            continue;
        }
        if let Some(start) = start.take() {
            push(&mut words, &text[start..at], gap);
            gap = Gap::Space;
        }
        let next_space = next.is_none_or(char::is_whitespace);
        let here = match c {
            ',' | '(' | ')' => Gap::Comma,
            '.' | '!' | '?' | ';' | ':' if next_space || c != '.' => Gap::Break,
            '"' | '“' | '”' | '—' | '…' | '„' | '«' | '»' | '。' | '？' | '！' | '、' | '，' => {
                Gap::Break
            }
            '-' | '–' if next_space => Gap::Break,
            _ => Gap::Space,
        };
        gap = gap.max(here);
    }
    if let Some(start) = start {
        push(&mut words, &text[start..], gap);
    }
    words
}

/// Takes contractions apart.
fn push<'t>(words: &mut Vec<Word<'t>>, word: &'t str, before: Gap) {
    if let Some((_, parts)) = SPOKEN_AS.iter().find(|(short, _)| *short == word) {
        for (nth, part) in parts.split(' ').enumerate() {
            words.push(Word { text: Cow::Borrowed(part), before: if nth == 0 { before } else { Gap::Space } });
        }
        return;
    }
    let Some(at) = word.rfind(['\'', '’']) else {
        words.push(Word { text: Cow::Borrowed(word), before });
        return;
    };
    let (stem, tail) = (&word[..at], word[at..].trim_start_matches(['\'', '’']));
    if tail == "t" && stem.ends_with('n') {
        let verb = match stem {
            "can" => "can",
            "won" => "will",
            "shan" => "shall",
            "ain" => "is",
            stem => &stem[..stem.len() - 1],
        };
        words.push(Word { text: Cow::Borrowed(verb), before });
        words.push(Word { text: Cow::Borrowed("not"), before: Gap::Space });
        return;
    }
    let whole = match tail {
        "s" => "is",
        "re" => "are",
        "m" => "am",
        "ve" => "have",
        "ll" => "will",
        "d" => "would",
        _ => {
            words.push(Word { text: Cow::Borrowed(word), before });
            return;
        }
    };
    push(words, stem, before);
    words.push(Word { text: Cow::Borrowed(whole), before: Gap::Space });
}

/// Words written together, or without their apostrophe.
const SPOKEN_AS: &[(&str, &str)] = &[
    ("let's", "let us"),
    ("let’s", "let us"),
    ("lets", "let us"),
    ("youre", "you are"),
    ("your're", "you are"),
    ("ur", "you are"),
    ("its", "it is"),
    ("thats", "that is"),
    ("theres", "there is"),
    ("ive", "i have"),
    ("youve", "you have"),
    ("weve", "we have"),
    ("im", "i am"),
    ("dont", "do not"),
    ("doesnt", "does not"),
    ("didnt", "did not"),
    ("cant", "can not"),
    ("cannot", "can not"),
    ("wont", "will not"),
    ("isnt", "is not"),
    ("arent", "are not"),
    ("havent", "have not"),
    ("hasnt", "has not"),
    ("wasnt", "was not"),
    ("youll", "you will"),
    ("theyll", "they will"),
    ("gonna", "going to"),
    ("gotta", "got to"),
    ("wanna", "want to"),
    ("lemme", "let me"),
    ("gimme", "give me"),
    ("y'all", "you all"),
    ("yall", "you all"),
    ("c'mon", "come on"),
    ("o'clock", "o'clock"),
    ("ma'am", "madam"),
];

/// Puts spelled words together ("b o o k e d", "boo ked") where they make one that `matters`, and reads digits in words as
/// the letters they stand for.
pub(super) fn mend(words: &mut Vec<Word<'_>>, matters: impl Fn(&str) -> bool) {
    for word in words.iter_mut() {
        if let Some(plain) = unmasked(&word.text).filter(|plain| matters(plain)) {
            word.text = Cow::Owned(plain);
        }
    }
    for word in words.iter_mut() {
        if let Some(meant) = misspelled(&word.text) {
            word.text = Cow::Borrowed(meant);
        }
    }
    let single = |word: &Word<'_>| word.text.chars().count() == 1 && word.text.chars().all(char::is_alphabetic);
    let mut at = 0;
    while at < words.len() {
        let run = words[at..].iter().take_while(|word| single(word)).count();
        if run >= 3 {
            let joined: String = words[at..at + run].iter().map(|word| &*word.text).collect();
            // "U r b o o k e d": the run may begin with other words, and end with some.
            let found = (0..run - 2)
                .flat_map(|from| (from + 3..=run).rev().map(move |to| (from, to)))
                .find(|(from, to)| joined.get(*from..*to).is_some_and(&matters));
            if let Some((from, to)) = found {
                let text = joined[from..to].to_owned();
                let before = words[at + from].before;
                words.splice(at + from..at + to, [Word { text: Cow::Owned(text), before }]);
            }
            at += run.min(words.len() - at).max(1);
            continue;
        }
        if let Some((count, text)) =
            (2..=3).find_map(|count| Some((count, joined(words.get(at..at + count)?, &matters)?)))
            && !TWO_WORDS.contains(&&*text)
        {
            let before = words[at].before;
            words.splice(at..at + count, [Word { text: Cow::Owned(text), before }]);
        }
        at += 1;
    }
}

/// A word that matters, if these pieces make one.
fn joined(pieces: &[Word<'_>], matters: &impl Fn(&str) -> bool) -> Option<String> {
    // In place: nearly all pieces make nothing.
    let mut bytes = [0; 14];
    let mut end = 0;
    for piece in pieces {
        let piece = piece.text.as_bytes();
        bytes.get_mut(end..end + piece.len())?.copy_from_slice(piece);
        end += piece.len();
    }
    let text = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let apart = pieces.iter().any(|word| !matters(&word.text));
    (end >= 4 && matters(text) && apart).then(|| text.to_owned())
}

/// What is read aloud like one of these is one: "bookd", "boocked", "confirmd".
fn misspelled(word: &str) -> Option<&'static str> {
    const MEANT: &[&str] = &["booked", "cancelled", "canceled", "confirmed", "scheduled", "reserved", "rescheduled"];
    const OTHERS: &[&str] = &[
        "booker",
        "schedule",
        "scheduling",
        "confirmer",
        "reserve",
        "reserves",
        "reverved",
        "schedules",
        "scheduler",
        "deserved",
        "preserved",
        "canceler",
    ];
    if !(5..=12).contains(&word.len())
        || !word.is_ascii()
        || !matches!(word.as_bytes().first(), Some(b'b' | b'c' | b's' | b'r'))
    {
        return None;
    }
    let meant = MEANT.iter().find(|meant| one_apart(word.as_bytes(), meant.as_bytes()))?;
    (word != *meant && !OTHERS.contains(&word) && !MEANT.contains(&word)).then_some(*meant)
}

/// Whether one letter more, less, or other makes the same word.
fn one_apart(one: &[u8], other: &[u8]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(one, other)| one == other).count();
    let rest = if short.len() == long.len() { short.get(same + 1..) } else { short.get(same..) };
    rest.unwrap_or_default() == long.get(same + 1..).unwrap_or_default()
}

/// What two words put together make, and each has a meaning of its own.
const TWO_WORDS: &[&str] = &["maybe", "intend"];

/// "b00ked" and "booooked" as they would be read; nothing when the word hides nothing.
fn unmasked(word: &str) -> Option<String> {
    let digits = word.bytes().any(|byte| byte.is_ascii_digit()) && word.bytes().any(|byte| byte.is_ascii_alphabetic());
    let bytes = word.as_bytes();
    let stretched =
        bytes.windows(3).any(|three| three[0] == three[1] && three[1] == three[2] && !three[0].is_ascii_digit());
    if !digits && !stretched {
        return None;
    }
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        let c = match c {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '7' => 't',
            '8' => 'b',
            c => c,
        };
        if !out.ends_with([c]) || !out[..out.len() - c.len_utf8()].ends_with([c]) {
            out.push(c);
        }
    }
    Some(out)
}
