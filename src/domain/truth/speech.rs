//! From a model's words, as they stream, to the pieces that may be spoken.
//!
//! Every decision is taken at a character and depends on those before it only, so it does not matter where a stream is cut.

use super::{Claim, Ground, judge, memory::Memory, plain};

/// What comes of a model's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// May be spoken now. Carries its own spaces: the pieces one after the other are the text.
    Say(String),
    /// The sentence so far claims what nothing supports. Nothing more comes out in this turn.
    Withheld(Claim),
}

/// A turn has at most so many words: nobody listens to more.
const MOST_WORDS: usize = 120;
/// After so many words a sentence is said whole or not at all.
const LATE_WORDS: usize = 90;
/// Bytes without an end of a clause, or inside a bracket, after which a cut is made at any space.
const LONGEST_PIECE: usize = 1_500;

/// The words of one turn, which may be several messages with tools between them.
#[derive(Debug)]
pub struct Speech {
    /// What came and is not decided yet.
    raw: String,
    /// `raw` begins a line.
    line_start: bool,
    /// In `raw`: where a sentence may have ended, which the next word decides.
    undecided: Option<usize>,
    /// The sentence so far, as it was released.
    sentence: String,
    /// The sentence before it.
    before: String,
    words: usize,
    ended: bool,
    memory: Memory,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Clause,
    Sentence,
    Question,
}

impl Default for Speech {
    fn default() -> Self {
        Self {
            raw: String::new(),
            line_start: true,
            undecided: None,
            sentence: String::new(),
            before: String::new(),
            words: 0,
            ended: false,
            memory: Memory::default(),
        }
    }
}

impl Speech {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes words in as they come, half a word or several sentences. What comes out has been checked against `ground`
    /// as a whole with the sentence it belongs to.
    pub fn hear(&mut self, words: &str, ground: &Ground<'_>) -> Vec<Spoken> {
        self.memory.suit(ground);
        let mut spoken = Vec::new();
        for c in words.chars() {
            if self.ended {
                break;
            }
            self.take(c, ground, &mut spoken);
        }
        spoken
    }

    /// One message of the model is complete; another one may follow in the same turn.
    pub fn finish(&mut self, ground: &Ground<'_>) -> Vec<Spoken> {
        self.memory.suit(ground);
        let mut spoken = Vec::new();
        if let Some(cut) = self.undecided.take()
            && starts_anew(&self.raw[cut..])
        {
            self.release(cut, End::Sentence, ground, &mut spoken);
        }
        let end = if self.raw.trim_end().ends_with('?') { End::Question } else { End::Sentence };
        self.release(self.raw.len(), end, ground, &mut spoken);
        self.line_start = true;
        spoken
    }

    fn take(&mut self, c: char, ground: &Ground<'_>, spoken: &mut Vec<Spoken>) {
        if c.is_whitespace() {
            if let Some(cut) = self.undecided
                && !self.raw[cut..].trim().is_empty()
            {
                self.undecided = None;
                if starts_anew(&self.raw[cut..]) && !plain::is_open(&self.raw[..cut]) {
                    self.release(cut, End::Sentence, ground, spoken);
                }
            }
            self.look_for_end(ground, spoken);
        }
        self.raw.push(c);
        let end = match c {
            '—' => End::Clause,
            '。' | '！' => End::Sentence,
            '？' => End::Question,
            _ => return,
        };
        self.cut(end, ground, spoken);
    }

    /// Whether a clause or a sentence ends where `raw` does, now that a space follows.
    fn look_for_end(&mut self, ground: &Ground<'_>, spoken: &mut Vec<Spoken>) {
        let text = self.raw.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '*', '_', '`']);
        let end = match text.chars().next_back() {
            Some('?') => Some(End::Question),
            Some('!') if text.trim_end_matches(['!', '?']).len() < text.len() => {
                let signs = &text[text.trim_end_matches(['!', '?']).len()..];
                Some(if signs.contains('?') { End::Question } else { End::Sentence })
            }
            Some('…') => Some(End::Clause),
            Some('.') if text.ends_with("..") => Some(End::Clause),
            Some('.') => match dot(text, self.line_start) {
                Dot::Ends => Some(End::Sentence),
                Dot::NextDecides => {
                    self.undecided = Some(self.raw.len());
                    None
                }
                Dot::Stays => None,
            },
            Some(',' | ';' | ':') => (!goes_on(text)).then_some(End::Clause),
            Some('-' | '–') if text.ends_with(" -") || text.ends_with(" –") => {
                (!goes_on(text)).then_some(End::Clause)
            }
            _ => None,
        };
        match end {
            Some(end) => self.cut(end, ground, spoken),
            None if self.raw.len() > LONGEST_PIECE => self.cut(End::Clause, ground, spoken),
            None => {}
        }
    }

    fn cut(&mut self, end: End, ground: &Ground<'_>, spoken: &mut Vec<Spoken>) {
        let too_long = self.raw.len() > LONGEST_PIECE;
        if plain::is_open(&self.raw) {
            // A page of code or data has nothing for the caller behind it.
            self.ended |= too_long;
            return;
        }
        let waits = end == End::Clause && self.sentence.is_empty() && self.words >= LATE_WORDS;
        if !waits || too_long {
            self.undecided = None;
            self.release(self.raw.len(), end, ground, spoken);
        }
    }

    /// Says `raw` up to `cut`, if the sentence so far may be said.
    fn release(&mut self, cut: usize, end: End, ground: &Ground<'_>, spoken: &mut Vec<Spoken>) {
        if self.ended {
            return;
        }
        let rest = self.raw.split_off(cut);
        let raw = std::mem::replace(&mut self.raw, rest);
        let spaced = self.line_start || raw.starts_with(char::is_whitespace);
        let mut text = plain::clean(&raw, self.line_start);
        if !raw.trim().is_empty() {
            self.line_start = false;
        }
        // A full stop by itself is not heard, so what follows goes on with what was said.
        let heard = text.contains(char::is_alphanumeric);
        if heard {
            let count = text.split_whitespace().count();
            if self.words + count > MOST_WORDS {
                self.ended = true;
                if self.words > 0 {
                    return;
                }
                text = text.split_whitespace().take(MOST_WORDS).collect::<Vec<_>>().join(" ");
            }
            let piece = if spaced && self.words > 0 { format!(" {text}") } else { text };
            let so_far = format!("{}{piece}", self.sentence);
            if let Some(claim) = judge::claim(&self.before, so_far.trim_start(), ground, &self.memory) {
                self.ended = true;
                spoken.push(Spoken::Withheld(claim));
                return;
            }
            self.words += count;
            self.sentence = so_far;
            spoken.push(Spoken::Say(piece));
        }
        // One question at a time, and then it is the caller's turn.
        self.ended |= end == End::Question && !self.sentence.is_empty();
        if end != End::Clause && heard {
            self.before = std::mem::take(&mut self.sentence);
        }
    }
}

enum Dot {
    Ends,
    /// "3 p.m. Shall I", but "3 p.m. on Tuesday".
    NextDecides,
    Stays,
}

/// Words that a dot makes shorter.
const SHORTENED: &[&str] = &[
    "dr", "mr", "mrs", "ms", "prof", "st", "vs", "eg", "ie", "approx", "ext", "tel", "nr", "str", "ca", "bzw", "ggf",
    "evtl", "usw", "sr", "sra", "srta", "dra", "hr", "fr", "mme", "mlle", "sig", "dott", "ave", "blvd", "apt", "min",
    "mins", "hrs", "inkl", "max", "dhr", "mevr", "av", "etc",
];

fn dot(text: &str, line_start: bool) -> Dot {
    let line = text.rsplit('\n').next().unwrap_or_default();
    let starts_line = line_start || line.len() < text.len();
    let word = line.rsplit(char::is_whitespace).next().unwrap_or_default();
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let stem = word.strip_suffix('.').unwrap_or(word);
    let digits = !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_digit());
    if digits && starts_line && line.trim() == word {
        return Dot::Stays;
    }
    let folded: String = stem.chars().filter(|c| *c != '.').flat_map(char::to_lowercase).collect();
    if matches!(&*folded, "am" | "pm") && stem.contains('.') || digits {
        return Dot::NextDecides;
    }
    if SHORTENED.contains(&&*folded) || stem.contains('.') && stem.split('.').all(|part| part.chars().count() == 1) {
        return Dot::Stays;
    }
    if stem.chars().count() == 1 && stem.chars().all(|c| c.is_uppercase() && c != 'I') {
        return Dot::NextDecides;
    }
    Dot::Ends
}

/// Whether a new sentence starts with this word, after a dot that may have been none.
fn starts_anew(text: &str) -> bool {
    let word = text.trim_start().trim_start_matches(|c: char| !c.is_alphanumeric());
    let letters: String = word.chars().take_while(|c| c.is_alphabetic()).collect();
    let capital = letters.chars().next().is_some_and(char::is_uppercase);
    // An initial, "EST", a weekday or a month goes on with what was said.
    let initial = letters.chars().count() == 1 && letters != "I";
    let shouted = letters.chars().count() > 1 && letters.chars().all(char::is_uppercase);
    capital && !initial && !shouted && !judge::is_calendar_word(&letters.to_lowercase())
}

/// Whether what ends with a comma goes on with the same date or time, or stops before the word that decides.
fn goes_on(text: &str) -> bool {
    let text = text.trim_end_matches([',', ';', ':', '-', '–', ' ']);
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let word: String =
        word.chars().filter(|c| c.is_alphanumeric() || *c == '\'' || *c == '’').flat_map(char::to_lowercase).collect();
    if word.contains(|c: char| c.is_ascii_digit()) {
        return true;
    }
    let tail = word.rsplit(['\'', '’']).next().unwrap_or_default();
    judge::is_calendar_word(&word)
        || judge::is_number_word(&word)
        || HALF_SAID.contains(&&*word)
        || word != tail && matches!(tail, "s" | "re" | "ve" | "m" | "ll" | "t" | "d")
}

/// Words that say nothing until the next one.
const HALF_SAID: &[&str] = &[
    "is",
    "are",
    "am",
    "was",
    "were",
    "be",
    "been",
    "has",
    "have",
    "had",
    "will",
    "not",
    "got",
    "now",
    "already",
    "at",
    "on",
    "for",
    "the",
    "your",
    "pm",
    "am",
    "noon",
    "midnight",
    "morning",
    "afternoon",
    "evening",
    "está",
    "es",
    "ist",
    "sind",
    "est",
    "è",
    "são",
    "é",
    "zijn",
    "um",
    "à",
    "a",
    "las",
    "om",
    "alle",
    "às",
];
