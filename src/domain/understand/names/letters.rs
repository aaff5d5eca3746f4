//! Letters as a recogniser writes them when somebody spells: "j o n e s", "Jo NES", "jay oh en", "Juliett Oscar", "J for
//! Jack", "double l".

use std::sync::LazyLock;

use super::{
    super::tokens::fold,
    align::{Costs, LONGEST},
};

/// What was spelled, as letters, and where one name ends and another may begin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Letters {
    pub letters: Vec<u8>,
    pub breaks: Vec<usize>,
}

/// Whether a text is letters rather than a name.
pub(super) fn is_spelled(text: &str) -> bool {
    let tokens = tokens(text);
    let letters = tokens.iter().filter(|token| token.len() == 1 || nato(token).is_some()).count();
    letters >= 3 || letters * 2 > tokens.len() && letters >= 2
}

fn tokens(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '\'');
    parts.filter(|part| !part.is_empty()).map(|part| fold(part).into_owned()).collect()
}

/// Reads one alternative.
pub(super) fn read(text: &str) -> Letters {
    let tokens = tokens(text);
    let mut read = Letters::default();
    let by_words = tokens.iter().filter(|token| token.len() > 2 && nato(token).is_some()).count() >= 2;
    let mut at = 0;
    while at < tokens.len() && read.letters.len() < LONGEST {
        at += read.take(&tokens[at..], by_words).max(1);
    }
    read.letters.truncate(LONGEST);
    let end = read.letters.len();
    read.breaks.retain(|&at| at > 0 && at < end);
    read
}

impl Letters {
    /// Takes the letters of the next words, and says of how many.
    fn take(&mut self, tokens: &[String], by_words: bool) -> usize {
        let Some(token) = tokens.first() else { return 0 };
        let next = |n: usize| tokens.get(n).map(String::as_str);
        if BREAKS.contains(&token.as_str()) {
            self.breaks.push(self.letters.len());
            return 1;
        }
        if IGNORED.contains(&token.as_str()) {
            return 1;
        }
        let times = match token.as_str() {
            "double" => 2,
            "triple" | "treble" => 3,
            _ => 1,
        };
        if times == 2 && matches!(next(1), Some("you" | "u" | "use")) {
            self.letters.push(b'w');
            return 2;
        }
        if times > 1 {
            let Some(repeated) = next(1) else { return 1 };
            let mut one = Self::default();
            let used = one.take(&tokens[1..], by_words);
            if repeated.len() <= 5 && one.letters.len() == 1 {
                self.letters.extend(std::iter::repeat_n(one.letters[0], times));
                return 1 + used;
            }
            return 1;
        }
        // "B for Bertie", "s as in sugar": the word only says which letter it was.
        let first = letter(token);
        if let Some(first) = first {
            self.letters.push(first);
            let explained = match (next(1), next(2)) {
                (Some("for" | "like" | "is"), Some(word)) if word.len() > 2 => 3,
                (Some("as"), Some("in" | "and")) if next(3).is_some_and(|word| word.len() > 2) => 4,
                _ => 1,
            };
            return explained;
        }
        if let Some(letter) = nato(token) {
            self.letters.push(letter);
            return 1;
        }
        // Among "Alpha Bravo", other words are home-made ones: their first letter counts.
        if by_words && token.len() > 3 {
            self.letters.extend(token.bytes().next().filter(u8::is_ascii_lowercase));
            return 1;
        }
        self.letters.extend(token.chars().filter_map(|c| match c {
            '0' => Some(b'o'),
            '8' => Some(b'a'),
            c if c.is_ascii_lowercase() => u8::try_from(c).ok(),
            _ => None,
        }));
        1
    }
}

/// Words between two names.
const BREAKS: &[&str] = &["space", "surname", "second", "last", "then", "new", "next", "gap", "family"];

const IGNORED: &[&str] = &[
    "capital", "name", "first", "word", "letter", "it's", "its", "that's", "spelled", "spelt", "spelling", "my", "um",
    "uh", "er", "erm", "the", "lower", "upper", "case",
];

/// One letter, written as itself or as the word it sounds like.
fn letter(token: &str) -> Option<u8> {
    if let [letter] = token.as_bytes() {
        return letter.is_ascii_lowercase().then_some(*letter);
    }
    Some(match token {
        "ay" | "hey" | "eh" | "ah" => b'a',
        "bee" | "be" => b'b',
        "see" | "sea" | "cee" => b'c',
        "dee" => b'd',
        "ee" => b'e',
        "ef" | "eff" => b'f',
        "gee" => b'g',
        "aitch" | "haitch" | "age" => b'h',
        "eye" => b'i',
        "jay" => b'j',
        "kay" => b'k',
        "el" | "ell" => b'l',
        "em" => b'm',
        "en" | "and" => b'n',
        "oh" => b'o',
        "pee" => b'p',
        "cue" | "queue" => b'q',
        "are" | "ar" | "our" => b'r',
        "ess" | "es" | "yes" => b's',
        "tee" | "tea" => b't',
        "you" => b'u',
        "vee" => b'v',
        "ex" => b'x',
        "why" => b'y',
        "zed" | "zee" | "said" => b'z',
        _ => return None,
    })
}

/// Alphabets that are learnt: the international one, and the older British and American ones.
fn nato(token: &str) -> Option<u8> {
    const WORDS: &[&str] = &[
        "alpha", "alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "indigo", "juliet",
        "juliett", "juliette", "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra",
        "tango", "uniform", "victor", "whiskey", "whisky", "xray", "yankee", "zulu", "apple", "able", "baker", "dog",
        "easy", "fox", "george", "how", "item", "jig", "king", "love", "nan", "oboe", "peter", "queen", "roger",
        "sugar", "tare", "tommy", "uncle", "william", "yoke", "zebra",
    ];
    WORDS.contains(&token).then(|| token.bytes().next()).flatten()
}

/// Letters whose names sound alike on a telephone.
const ALIKE: &[(&[u8], f32)] = &[
    (b"bcdegptvz", 0.5),
    (b"mn", 0.3),
    (b"fsx", 0.4),
    (b"ahjk", 0.5),
    (b"iy", 0.45),
    (b"quw", 0.5),
    (b"ar", 0.45),
    (b"ol", 0.7),
];

pub(super) static COSTS: LazyLock<Costs> = LazyLock::new(|| Costs::new(apart, alone, 0.25));

fn apart(one: u8, other: u8) -> f32 {
    if one == other {
        return 0.0;
    }
    let near = ALIKE.iter().filter(|(letters, _)| letters.contains(&one) && letters.contains(&other));
    near.map(|(_, distance)| *distance).fold(1.0, f32::min)
}

fn alone(_: u8) -> f32 {
    0.75
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_in_many_coats() {
        for text in [
            "j o n e s",
            "Jo NES",
            "jay oh en ee ess",
            "Juliett Oscar November Echo Sierra",
            "j for jack o n as in nelly e s",
            "J.O.N.E.S",
        ] {
            assert_eq!(read(text).letters, b"jones", "{text}");
        }
        assert_eq!(read("h double o double u double l").letters, b"hoowll");
        assert_eq!(read("a n n space l e e"), Letters { letters: b"annlee".to_vec(), breaks: vec![3] });
    }
}
