//! What a recogniser made of a name: its alternatives, said or spelled, as symbols that names can be laid beside.

use super::{
    super::tokens::{TITLES, fold},
    Part,
    align::{Costs, LONGEST, turned},
    letters, sound,
};

/// One turn in which the name was said or spelled: the alternatives exclude each other.
pub(super) struct Turn {
    pub spelled: bool,
    pub alternatives: Vec<Alternative>,
}

pub(super) struct Alternative {
    pub symbols: Vec<u8>,
    /// From the end to the start.
    pub turned: Vec<u8>,
    /// Where a name may end and the next begin; empty if nothing is known.
    pub breaks: Vec<usize>,
    /// As written; of spelled ones none.
    pub words: Vec<String>,
    /// The same, folded: to see that a name was written exactly so.
    pub folded: Vec<String>,
    /// What it costs, in nats, if the first name ends at a place.
    pub cut: Vec<f32>,
    /// How likely it is that this alternative is the right one.
    pub weight: f32,
}

/// How much lies in one turn's alternatives; the rest of a list repeats itself.
const MOST_ALTERNATIVES: usize = 8;

impl Turn {
    pub(super) fn costs(&self) -> &'static Costs {
        if self.spelled { &letters::COSTS } else { &sound::COSTS }
    }

    /// Reads a list of alternatives, the best first; those that are letters make a turn of their own.
    pub(super) fn read(texts: &[&str], spelled: bool) -> Vec<Self> {
        let letters = |text: &&&str| spelled || letters::is_spelled(text);
        let said: Vec<Alternative> =
            texts.iter().filter(|text| !letters(text)).take(MOST_ALTERNATIVES).filter_map(|text| said(text)).collect();
        let spelled: Vec<Alternative> =
            texts.iter().filter(letters).take(MOST_ALTERNATIVES).filter_map(|text| self::spelled(text)).collect();
        let turns = [(false, said), (true, spelled)];
        turns
            .into_iter()
            .filter(|(_, alternatives)| !alternatives.is_empty())
            .map(|(spelled, mut alternatives)| {
                weigh(&mut alternatives);
                for alternative in &mut alternatives {
                    alternative.cut = (0..=alternative.symbols.len()).map(|at| alternative.cut(at, spelled)).collect();
                }
                Self { spelled, alternatives }
            })
            .collect()
    }
}

impl Alternative {
    /// What it costs if a name ends here: where no word ends it rarely does.
    fn cut(&self, at: usize, spelled: bool) -> f32 {
        let end = at == 0 || at == self.symbols.len();
        let free = self.breaks.contains(&at) || if spelled { self.breaks.is_empty() } else { end };
        if free { 0.0 } else { NO_BREAK }
    }

    /// The same from where a name of this part starts.
    pub(super) fn cuts(&self, part: Part) -> impl Iterator<Item = &f32> {
        let last = self.cut.len();
        (0..last).map(move |at| if part == Part::First { &self.cut[at] } else { &self.cut[last - 1 - at] })
    }
}

const NO_BREAK: f32 = 1.8;

/// The first alternative is right about three times in four, when any is.
fn weigh(alternatives: &mut [Alternative]) {
    let mut weight = 0.7;
    for (n, alternative) in alternatives.iter_mut().enumerate() {
        alternative.weight = weight;
        weight = if n == 0 { 0.2 } else { weight * 0.75 };
    }
}

fn spelled(text: &str) -> Option<Alternative> {
    let read = letters::read(text);
    (!read.letters.is_empty()).then(|| Alternative {
        turned: turned(&read.letters),
        symbols: read.letters,
        breaks: read.breaks,
        words: Vec::new(),
        folded: Vec::new(),
        cut: Vec::new(),
        weight: 0.0,
    })
}

fn said(text: &str) -> Option<Alternative> {
    let words = words(text);
    let mut symbols: Vec<u8> = Vec::new();
    let mut breaks = Vec::new();
    for word in &words {
        if !symbols.is_empty() {
            breaks.push(symbols.len());
        }
        symbols.extend(sound::sound(word));
    }
    symbols.truncate(LONGEST);
    let folded = words.iter().map(|word| fold(word).into_owned()).collect();
    (!words.is_empty()).then(|| Alternative {
        turned: turned(&symbols),
        symbols,
        breaks,
        words,
        folded,
        cut: Vec::new(),
        weight: 0.0,
    })
}

/// Words that lead up to a name, and such as follow it.
const BEFORE: &[&str] = &[
    "hello",
    "hi",
    "hey",
    "yes",
    "yeah",
    "yep",
    "sure",
    "okay",
    "ok",
    "oh",
    "um",
    "uh",
    "er",
    "erm",
    "so",
    "well",
    "it's",
    "its",
    "it",
    "is",
    "this",
    "my",
    "name",
    "name's",
    "names",
    "the",
    "full",
    "i'm",
    "im",
    "that's",
    "thats",
    "called",
    "of",
    "course",
    "please",
    "brilliant",
    "lovely",
    "great",
    "first",
    "last",
    "surname",
    "and",
];
const AFTER: &[&str] = &["please", "speaking", "here", "thanks", "thank", "you", "is", "my", "name", "calling"];

/// The words of a name in an alternative.
pub(super) fn words(text: &str) -> Vec<String> {
    let clean = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let plain = word.strip_suffix("'s").or_else(|| word.strip_suffix("\u{2019}s")).unwrap_or(word);
        let initial = plain.chars().count() == 1;
        (if initial { word } else { plain }).to_owned()
    };
    let words: Vec<String> = text.split_whitespace().map(clean).filter(|word| !word.is_empty()).collect();
    let folded: Vec<String> = words.iter().map(|word| fold(word).into_owned()).collect();
    let thanks = |at: usize| {
        folded[at] == "thank" && folded.get(at + 1).is_some_and(|next| next == "you") || folded[at] == "you" && at > 0
    };
    let leads = |at: usize| {
        let word = folded[at].as_str();
        BEFORE.contains(&word) || TITLES.contains(&word) || thanks(at)
    };
    let mut start = (0..words.len()).find(|&at| !leads(at)).unwrap_or(0);
    // After "my name is" or "that's" whatever came before was no name.
    let cue = (1..words.len()).rev().find(|&at| {
        ["it's", "that's", "name's", "i'm"].contains(&folded[at - 1].as_str())
            || folded[at - 1] == "is" && at > 1 && ["name", "this"].contains(&folded[at - 2].as_str())
    });
    start = start.max(cue.unwrap_or(0));
    let mut end = words.len();
    while end > start + 1 && AFTER.contains(&folded[end - 1].as_str()) {
        end -= 1;
    }
    words[start..end].to_vec()
}
