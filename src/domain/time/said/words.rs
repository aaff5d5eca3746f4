//! A sentence as the grammar sees it: words and numbers, without the punctuation and hesitations that mean nothing.

use std::{borrow::Cow, ops::Range};

use super::spelling;

/// One word, number or sign, and where it stands in the text (bytes).
#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    /// In lower case, with plain apostrophes; a sign is itself.
    pub(super) word: Cow<'t, str>,
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
    /// Put together from words that only sound like it: "choose day".
    misheard: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Sign,
    /// Written in digits: the value and how many digits.
    Digits(u32, u8),
    /// "one" to "nine".
    Unit(u32),
    /// "ten" to "nineteen".
    Teen(u32),
    /// "twenty", "thirty" … "ninety".
    Tens(u32),
    /// "first", "14th".
    Ordinal(u32),
}

/// The tokens of a sentence; every question about a place beyond its end is answered "no".
pub(super) struct Words<'t> {
    tokens: Vec<Token<'t>>,
    /// ISO 3166: how 3/4 is read.
    pub(super) country: &'t str,
    /// A time was just asked for: the whole sentence may be one number.
    pub(super) asked: bool,
}

impl<'t> Words<'t> {
    /// `lower` is the text in lower case, with unchanged byte positions.
    pub(super) fn of(lower: &'t str, country: &'t str, asked: bool) -> Self {
        let mut tokens: Vec<Token<'t>> = Vec::with_capacity(lower.len() / 4 + 1);
        let mut rest = 0;
        while let Some(token) = next_token(lower, rest) {
            rest = token.span.end;
            if !is_hesitation(&token.word) && !is_repeated(&token, tokens.last()) {
                push(&mut tokens, token);
            }
        }
        Self { tokens, country, asked }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn is_misheard(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.misheard)
    }

    pub(super) fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.word)
    }

    /// The word before a place.
    pub(super) fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |at| self.word(at))
    }

    pub(super) fn kind(&self, at: usize) -> Kind {
        self.tokens.get(at).map_or(Kind::Word, |token| token.kind)
    }

    pub(super) fn is(&self, at: usize, word: &str) -> bool {
        self.word(at) == word
    }

    pub(super) fn is_any(&self, at: usize, words: &[&str]) -> bool {
        words.contains(&self.word(at))
    }

    /// Whether the word is one of a list that is separated by spaces.
    pub(super) fn is_listed(&self, at: usize, list: &str) -> bool {
        let word = self.word(at);
        !word.is_empty() && list.split_ascii_whitespace().any(|listed| listed == word)
    }

    /// The place after these words, if they stand here.
    pub(super) fn phrase(&self, at: usize, words: &[&str]) -> Option<usize> {
        words.iter().enumerate().all(|(n, word)| self.is(at + n, word)).then_some(at + words.len())
    }

    /// The place after the first of the phrases that stands here.
    pub(super) fn phrases(&self, at: usize, phrases: &[&[&str]]) -> Option<usize> {
        phrases.iter().find_map(|phrase| self.phrase(at, phrase))
    }

    /// The place after one of these words if it stands here, else the same place.
    pub(super) fn skip(&self, at: usize, words: &[&str]) -> usize {
        if self.is_any(at, words) { at + 1 } else { at }
    }

    /// The place after as many of these words as stand here.
    pub(super) fn skip_all(&self, mut at: usize, words: &[&str]) -> usize {
        while self.is_any(at, words) {
            at += 1;
        }
        at
    }

    /// Whether a number, in whatever form, stands here.
    pub(super) fn is_number(&self, at: usize) -> bool {
        matches!(self.kind(at), Kind::Digits(..) | Kind::Unit(_) | Kind::Teen(_) | Kind::Tens(_))
            || self.is_any(at, &["oh", "zero", "double", "triple"])
    }

    /// A whole number up to 9,999 in digits, or up to 99 in words, and the place after it.
    pub(super) fn cardinal(&self, at: usize) -> Option<(u32, usize)> {
        match self.kind(at) {
            Kind::Digits(value, 1..=4) | Kind::Unit(value) | Kind::Teen(value) => Some((value, at + 1)),
            Kind::Tens(tens) => match self.kind(at + 1) {
                Kind::Unit(unit) => Some((tens + unit, at + 2)),
                Kind::Ordinal(unit) if unit < 10 => None,
                _ => Some((tens, at + 1)),
            },
            _ => None,
        }
    }

    /// "fourteenth", "14th", "twenty first", and the place after it.
    pub(super) fn ordinal(&self, at: usize) -> Option<(u32, usize)> {
        match (self.kind(at), self.kind(at + 1)) {
            (Kind::Ordinal(value), _) => Some((value, at + 1)),
            (Kind::Tens(tens), Kind::Ordinal(unit)) if unit < 10 => Some((tens + unit, at + 2)),
            (Kind::Digits(tens @ (20 | 30), 2), Kind::Ordinal(unit)) if unit < 10 => Some((tens + unit, at + 2)),
            _ => None,
        }
    }

    /// "a", "one", "two", "a couple of", "a few": how many of something. Of "1.5" the whole ones.
    pub(super) fn count(&self, at: usize) -> Option<(u32, usize)> {
        let start = self.skip(at, &["a", "an", "the"]);
        match self.word(start) {
            "couple" | "pair" => return Some((2, self.skip(start + 1, &["of"]))),
            "few" | "several" => return Some((3, start + 1)),
            _ if self.is_any(at, &["a", "an"]) => return Some((1, at + 1)),
            _ => {}
        }
        if let Kind::Digits(value, _) = self.kind(at)
            && self.is(at + 1, ".")
            && matches!(self.kind(at + 2), Kind::Digits(..))
        {
            return Some((value, at + 3));
        }
        let (value, next) = self.cardinal(at)?;
        let (value, next) = match (self.is(next, "hundred"), self.is(next, "point")) {
            (true, _) => (value.saturating_mul(100), next + 1),
            (_, true) if self.is_number(next + 1) => (value, next + 2),
            _ => (value, next),
        };
        (value < 100_000).then_some((value, next))
    }

    /// The bytes of the text that the tokens of a range cover.
    pub(super) fn span(&self, tokens: Range<usize>) -> Range<usize> {
        let start = self.tokens.get(tokens.start).map_or(0, |token| token.span.start);
        let end =
            tokens.end.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.span.end);
        start..end.max(start)
    }
}

/// Adds a token; "14" and "th" become one, "3a" is 3 a.m., "satur day" is one word, and words that fill a pause go.
fn push<'t>(tokens: &mut Vec<Token<'t>>, mut token: Token<'t>) {
    let after_percent =
        tokens.len().checked_sub(2).and_then(|at| tokens.get(at)).is_some_and(|token| token.word == "%");
    if let Some(last) = tokens.last_mut() {
        if let Some((word, misheard)) = spelling::together(&last.word, &token.word) {
            last.word = Cow::Borrowed(word);
            last.kind = Kind::Word;
            last.span.end = token.span.end;
            last.misheard = misheard;
            return;
        }
        if matches!(last.kind, Kind::Digits(..)) && last.span.end == token.span.start && !after_percent {
            match &*token.word {
                "a" => token.word = Cow::Borrowed("am"),
                "p" => token.word = Cow::Borrowed("pm"),
                _ => {}
            }
        }
    }
    if matches!(&*token.word, "st" | "nd" | "rd" | "th")
        && let Some(last) = tokens.last_mut()
        && let Kind::Digits(value, 1..=2) = last.kind
    {
        last.kind = Kind::Ordinal(value);
        last.span.end = token.span.end;
        return;
    }
    tokens.push(token);
    let filler = [&["let", "me", "see"][..], &["let's", "see"], &["i", "think"], &["i", "guess"], &["you", "know"]]
        .into_iter()
        .find(|filler| ends_with(tokens, filler));
    tokens.truncate(tokens.len() - filler.map_or(0, <[_]>::len));
}

fn ends_with(tokens: &[Token<'_>], words: &[&str]) -> bool {
    tokens.len() >= words.len() && tokens.iter().rev().zip(words.iter().rev()).all(|(token, word)| token.word == *word)
}

/// The next token at or after a place. Punctuation between words is passed over; between digits it is kept.
fn next_token(lower: &str, from: usize) -> Option<Token<'_>> {
    let tail = lower.get(from..)?;
    for (offset, ch) in tail.char_indices() {
        let start = from + offset;
        if ch.is_ascii_digit() {
            return Some(digits(lower, start));
        }
        if ch.is_alphabetic() {
            return Some(letters(lower, start));
        }
        let after = start + ch.len_utf8();
        if keeps(ch, lower, start, after) {
            let word =
                if matches!(ch, '–' | '—') { Cow::Borrowed("-") } else { Cow::Borrowed(&lower[start..after]) };
            return Some(Token { word, span: start..after, kind: Kind::Sign, misheard: false });
        }
    }
    None
}

/// Whether a sign means something where it stands.
fn keeps(ch: char, text: &str, start: usize, after: usize) -> bool {
    let digit_before = text[..start].ends_with(|c: char| c.is_ascii_digit());
    let digit_after = text[after..].starts_with(|c: char| c.is_ascii_digit());
    let letter_before = text[..start].ends_with(char::is_alphabetic);
    match ch {
        '$' | '£' | '€' | '%' | '#' | '+' | '(' | ')' => true,
        ':' | '/' | '.' => digit_before && digit_after,
        '-' if text[after..].starts_with("ish") => false,
        '-' | '–' | '—' => !(letter_before && text[after..].starts_with(char::is_alphabetic)),
        _ => false,
    }
}

fn digits(lower: &str, start: usize) -> Token<'_> {
    let length = lower[start..].bytes().take_while(u8::is_ascii_digit).count();
    let word = &lower[start..start + length];
    // Longer ones are telephone numbers; what they are worth is nobody's business here.
    let kind = match (word.parse(), u8::try_from(length)) {
        (Ok(value), Ok(length)) => Kind::Digits(value, length),
        _ => Kind::Digits(u32::MAX, u8::MAX),
    };
    Token { word: Cow::Borrowed(word), span: start..start + length, kind, misheard: false }
}

fn letters(lower: &str, start: usize) -> Token<'_> {
    let tail = &lower[start..];
    let mut end = tail.find(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’')).unwrap_or(tail.len());
    while tail[..end].ends_with(['\'', '’']) {
        end = tail[..end].trim_end_matches(['\'', '’']).len();
    }
    end = stem_of_ish(&tail[..end]).unwrap_or(end);
    let word = &tail[..end];
    let plain =
        if word.contains('’') { Cow::Owned(word.replace('’', "'")) } else { Cow::Borrowed(spelling::usual(word)) };
    let kind = number_word(plain.strip_suffix("'s").unwrap_or(&plain));
    Token { word: plain, span: start..start + end, kind, misheard: false }
}

fn is_hesitation(word: &str) -> bool {
    matches!(
        word,
        "um" | "umm" | "uh" | "uhm" | "uhh" | "er" | "erm" | "hmm" | "hm" | "ah" | "mm" | "eh" | "well" | "like"
    )
}

/// "fourish" is read as "four" and "ish": the length of the first.
fn stem_of_ish(word: &str) -> Option<usize> {
    let stem = word.strip_suffix("ish")?;
    (number_word(stem) != Kind::Word || matches!(stem, "noon" | "midday" | "lunchtime" | "afternoon"))
        .then_some(stem.len())
}

/// "on on Friday". Numbers are said twice on purpose.
fn is_repeated(token: &Token<'_>, last: Option<&Token<'_>>) -> bool {
    token.kind == Kind::Word && last.is_some_and(|last| last.word == token.word) && token.word.len() > 1
}

fn number_word(word: &str) -> Kind {
    match word {
        "one" => Kind::Unit(1),
        "two" => Kind::Unit(2),
        "three" => Kind::Unit(3),
        "four" => Kind::Unit(4),
        "five" => Kind::Unit(5),
        "six" => Kind::Unit(6),
        "seven" => Kind::Unit(7),
        "eight" => Kind::Unit(8),
        "nine" => Kind::Unit(9),
        "ten" => Kind::Teen(10),
        "eleven" => Kind::Teen(11),
        "twelve" => Kind::Teen(12),
        "thirteen" => Kind::Teen(13),
        "fourteen" => Kind::Teen(14),
        "fifteen" => Kind::Teen(15),
        "sixteen" => Kind::Teen(16),
        "seventeen" => Kind::Teen(17),
        "eighteen" => Kind::Teen(18),
        "nineteen" => Kind::Teen(19),
        "twenty" => Kind::Tens(20),
        "thirty" => Kind::Tens(30),
        "forty" | "fourty" => Kind::Tens(40),
        "fifty" => Kind::Tens(50),
        "sixty" => Kind::Tens(60),
        "seventy" => Kind::Tens(70),
        "eighty" => Kind::Tens(80),
        "ninety" => Kind::Tens(90),
        _ => ordinal_word(word),
    }
}

fn ordinal_word(word: &str) -> Kind {
    let value = match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "seventeenth" => 17,
        "eighteenth" => 18,
        "nineteenth" => 19,
        "twentieth" => 20,
        "thirtieth" => 30,
        _ => return Kind::Word,
    };
    Kind::Ordinal(value)
}
