//! The words of an utterance, as every other file here reads them.
//!
//! A recogniser may write "I'd like", "id like" or "I would like", with or without commas and capitals. Here they become
//! the same words; where each stands in the text is kept, because names are read from the text as it was written.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    ops::Range,
    sync::LazyLock,
};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::hesitation;

/// What stood between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    Space,
    Hyphen,
    Comma,
    /// The end of a sentence, or punctuation that nobody speaks.
    Stop,
}

/// What a word has been understood as, so that nothing is understood as two things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Free,
    Time,
    Service,
    Staff,
    Name,
    Phone,
    People,
}

#[derive(Clone, Debug)]
pub(super) struct Word<'t> {
    /// Lower case, without accents; a contraction stands here as two words.
    pub text: Cow<'t, str>,
    /// Bytes of the utterance.
    pub span: Range<usize>,
    pub before: Gap,
    /// Its sentence ends in a question mark.
    pub asked: bool,
    pub used: Use,
}

impl Word<'_> {
    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    pub(super) fn any(&self, texts: &[&str]) -> bool {
        texts.contains(&&*self.text)
    }

    pub(super) fn among(&self, texts: &HashSet<&str>) -> bool {
        texts.contains(&*self.text)
    }

    pub(super) fn digits(&self) -> bool {
        self.text.bytes().any(|byte| byte.is_ascii_digit())
    }
}

pub(super) struct Utterance<'t> {
    pub text: &'t str,
    pub words: Vec<Word<'t>>,
}

impl<'t> Utterance<'t> {
    pub(super) fn read(text: &'t str) -> Self {
        let mut words = Vec::with_capacity(text.len() / 5 + 1);
        let mut reader = Reader { text, words: &mut words, start: None, gap: Gap::Space };
        reader.read();
        mark_questions(text, &mut words);
        hesitation::take_out(&mut words);
        Self { text, words }
    }

    /// The word as it was written.
    pub(super) fn raw(&self, word: usize) -> &'t str {
        &self.text[self.words[word].span.clone()]
    }

    /// Written with a capital in a text that also has small letters, and not because a sentence starts there.
    pub(super) fn capitalised(&self, word: usize) -> bool {
        let capital = self.raw(word).chars().next().is_some_and(char::is_uppercase);
        capital && word > 0 && self.words[word].before != Gap::Stop && self.text.chars().any(char::is_lowercase)
    }

    /// The bytes of a stretch of words; an empty stretch has none.
    pub(super) fn bytes(&self, words: &Range<usize>) -> Range<usize> {
        match self.words.get(words.clone()) {
            Some([first, .., last]) => first.span.start..last.span.end,
            Some([only]) => only.span.clone(),
            _ => 0..0,
        }
    }

    /// A stretch of words as it was written.
    pub(super) fn raw_words(&self, words: &Range<usize>) -> &'t str {
        self.text.get(self.bytes(words)).unwrap_or_default()
    }

    pub(super) fn mark(&mut self, words: Range<usize>, used: Use) {
        for word in &mut self.words[words] {
            word.used = used;
        }
    }

    /// The words that lie in these bytes.
    pub(super) fn covering(&self, bytes: &Range<usize>) -> Range<usize> {
        let inside = |word: &Word<'_>| word.span.start < bytes.end && bytes.start < word.span.end;
        let from = self.words.iter().position(inside).unwrap_or(0);
        let count = self.words[from..].iter().take_while(|word| inside(word)).count();
        from..from + count
    }

    /// Where what was meant starts, after hesitation and courtesy.
    pub(super) fn lead(&self) -> usize {
        self.words.iter().position(|word| !word.any(INTERJECTIONS)).unwrap_or(0)
    }
}

/// Words that say nothing when an utterance starts with them.
pub(super) const INTERJECTIONS: &[&str] = &[
    "oh", "ah", "so", "well", "hi", "hello", "hey", "hiya", "sorry", "and", "please", "then", "look", "listen", "gosh",
];

struct Reader<'t, 'w> {
    text: &'t str,
    words: &'w mut Vec<Word<'t>>,
    start: Option<usize>,
    gap: Gap,
}

impl Reader<'_, '_> {
    fn read(&mut self) {
        let text = self.text;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|&(_, next)| next);
            if ignorable(c) {
                continue;
            }
            let inside = self.start.is_some();
            let letter = c.is_alphanumeric()
                || (inside && is_combining_mark(c))
                || (inside && apostrophe(c) && next.is_some_and(char::is_alphanumeric))
                || (!inside && c == '+' && next.is_some_and(|next| next.is_ascii_digit()));
            if letter {
                self.start.get_or_insert(at);
            } else {
                self.end_word(at);
                self.gap = self.gap.max(gap(c));
            }
        }
        self.end_word(text.len());
    }

    fn end_word(&mut self, end: usize) {
        let Some(start) = self.start.take() else { return };
        let folded = fold(&self.text[start..end]);
        let before = std::mem::replace(&mut self.gap, Gap::Space);
        let before = if before == Gap::Stop && self.abbreviated() { Gap::Space } else { before };
        let mut push = |text, span| {
            let span: Range<usize> = span;
            let before = if span.start == start { before } else { Gap::Space };
            self.words.push(Word { text, span, before, asked: false, used: Use::Free });
        };
        if let Some(parts) = SPOKEN_AS.get(&*folded) {
            for part in *parts {
                push(Cow::Borrowed(*part), start..end);
            }
        } else if let Some((stem, suffix)) = open_contraction(&folded) {
            let middle = start + self.text[start..end].rfind(apostrophe).unwrap_or(0);
            push(Cow::Owned(stem), start..middle);
            push(Cow::Borrowed(suffix), middle..end);
        } else {
            push(folded, start..end);
        }
    }

    /// "Dr. Jones" and "J. R. Smith" do not end a sentence.
    fn abbreviated(&self) -> bool {
        let dotted = |word: &Word<'_>| {
            let titled = word.any(TITLES) || word.text.chars().count() == 1 && !word.digits() && !word.is("i");
            titled && self.text[word.span.end..].starts_with('.')
        };
        self.words.last().is_some_and(dotted)
    }
}

pub(super) const TITLES: &[&str] = &["mr", "mrs", "ms", "miss", "dr", "doctor", "mister", "prof", "professor"];

fn gap(c: char) -> Gap {
    match c {
        '-' | '\u{2010}' | '\u{2011}' => Gap::Hyphen,
        ',' | '\u{2013}' | '\u{2014}' | '\u{2026}' | '"' => Gap::Comma,
        c if c.is_whitespace() || apostrophe(c) => Gap::Space,
        _ => Gap::Stop,
    }
}

pub(super) fn apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{02bc}')
}

/// Characters that are not seen: they neither belong to a word nor end one.
pub(super) fn ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\0')
}

/// Lower case, plain apostrophes, no accents.
pub(super) fn fold(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(word.to_ascii_lowercase())
        } else {
            Cow::Borrowed(word)
        };
    }
    let plain = word.nfd().filter(|&c| !is_combining_mark(c) && !ignorable(c));
    Cow::Owned(plain.flat_map(char::to_lowercase).map(|c| if apostrophe(c) { '\'' } else { c }).collect())
}

/// "don't" → do + not.
fn open_contraction(word: &str) -> Option<(String, &'static str)> {
    if let Some(stem) = word.strip_suffix("n't") {
        let stem = match stem {
            "ca" => "can",
            "wo" => "will",
            "sha" => "shall",
            stem => stem,
        };
        return Some((stem.to_owned(), "not"));
    }
    let (stem, suffix) = word.rsplit_once('\'')?;
    let opened = match suffix {
        "m" => "am",
        "re" => "are",
        "ll" => "will",
        "ve" => "have",
        "d" => "would",
        "s" if IS_AFTER.contains(&stem) => "is",
        "s" => "'s",
        _ => return None,
    };
    (!stem.is_empty()).then(|| (stem.to_owned(), opened))
}

/// After these "'s" is "is"; after any other word it may be a possessive.
const IS_AFTER: &[&str] = &[
    "it",
    "that",
    "this",
    "there",
    "here",
    "what",
    "who",
    "where",
    "when",
    "how",
    "he",
    "she",
    "name",
    "everything",
    "number",
    "surname",
    "one",
    "why",
    "address",
    "which",
];

/// Spellings of a recogniser, and words that are two.
static SPOKEN_AS: LazyLock<HashMap<&'static str, &'static [&'static str]>> = LazyLock::new(|| {
    let pairs: &[(&str, &[&str])] = &[
        ("im", &["i", "am"]),
        ("ive", &["i", "have"]),
        ("id", &["i", "would"]),
        ("dont", &["do", "not"]),
        ("doesnt", &["does", "not"]),
        ("didnt", &["did", "not"]),
        ("cant", &["can", "not"]),
        ("cannot", &["can", "not"]),
        ("wont", &["will", "not"]),
        ("wouldnt", &["would", "not"]),
        ("isnt", &["is", "not"]),
        ("arent", &["are", "not"]),
        ("whats", &["what", "is"]),
        ("wheres", &["where", "is"]),
        ("whens", &["when", "is"]),
        ("thats", &["that", "is"]),
        ("its", &["it", "is"]),
        ("theres", &["there", "is"]),
        ("youre", &["you", "are"]),
        ("let's", &["let", "us"]),
        ("lets", &["let", "us"]),
        ("gonna", &["going", "to"]),
        ("wanna", &["want", "to"]),
        ("gotta", &["have", "to"]),
        ("gimme", &["give", "me"]),
        ("lemme", &["let", "me"]),
        ("dunno", &["do", "not", "know"]),
        ("ok", &["okay"]),
        ("okey", &["okay"]),
        ("'kay", &["okay"]),
        ("kay", &["okay"]),
        ("yea", &["yeah"]),
        ("yah", &["yeah"]),
        ("ya", &["yeah"]),
        ("yeh", &["yeah"]),
        ("yess", &["yes"]),
        ("yesss", &["yes"]),
        ("yesyes", &["yes"]),
        ("yeahh", &["yeah"]),
        ("ja", &["yeah"]),
        ("jawohl", &["yes"]),
        ("nein", &["no"]),
        ("noo", &["no"]),
        ("nooo", &["no"]),
        ("kk", &["okay"]),
        ("okeydokey", &["okay"]),
        ("dokey", &["okay"]),
        ("dokie", &["okay"]),
        ("okie", &["okay"]),
        ("y'all", &["you", "all"]),
        ("thankyou", &["thank", "you"]),
        ("thx", &["thanks"]),
        ("pls", &["please"]),
        ("plz", &["please"]),
        ("appt", &["appointment"]),
        ("appts", &["appointments"]),
        ("apt", &["appointment"]),
        ("goodbye", &["bye"]),
        ("byebye", &["bye"]),
        ("nevermind", &["never", "mind"]),
        ("alrighty", &["alright"]),
        ("anytime", &["any", "time"]),
        ("mhmm", &["mhm"]),
        ("uhhuh", &["mhm"]),
        ("ma'am", &["madam"]),
    ];
    pairs.iter().copied().collect()
});

fn mark_questions(text: &str, words: &mut [Word<'_>]) {
    let mut asked = false;
    let mut next = text.len();
    for word in words.iter_mut().rev() {
        let after = &text[word.span.end.min(next)..next];
        if let Some(end) = after.find(['?', '.', '!', ';']) {
            asked = after[end..].contains('?');
        }
        word.asked = asked;
        next = word.span.start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        Utterance::read(text).words.iter().map(|word| word.text.to_string()).collect()
    }

    #[test]
    fn the_same_words_come_out_however_the_recogniser_wrote_them() {
        for text in ["I'd like that", "id like that", "I would like that.", "I\u{2019}d, um, like that"] {
            assert_eq!(words(text), ["i", "would", "like", "that"], "{text}");
        }
        assert_eq!(words("don't can't won't wasn't"), ["do", "not", "can", "not", "will", "not", "was", "not"]);
        assert_eq!(words("What's Maria's number"), ["what", "is", "maria", "'s", "number"]);
        assert_eq!(words("Kovács O'Brien Smith-Jones"), ["kovacs", "o'brien", "smith", "jones"]);
    }

    #[test]
    fn a_grunt_of_assent_is_not_a_hesitation() {
        assert_eq!(words("uh huh"), ["mhm"]);
        assert_eq!(words("mm-hmm"), ["mhm"]);
        assert_eq!(words("uh-uh"), ["nope"]);
        assert_eq!(words("uh um er"), [""; 0]);
    }

    #[test]
    fn only_the_sentence_with_the_mark_is_a_question() {
        let read = Utterance::read("Yes. Is there parking?");
        assert_eq!(read.words.iter().map(|word| word.asked).collect::<Vec<_>>(), [false, true, true, true]);
    }

    #[test]
    fn every_span_is_a_piece_of_the_text() {
        let text = "Ich hei\u{df}e A\u{301}nna’s, I'm İs'll ca\u{301}n't 3:30 +1 415";
        for word in Utterance::read(text).words {
            assert!(text.get(word.span.clone()).is_some(), "{word:?}");
        }
    }
}
