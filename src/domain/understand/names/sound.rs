//! How a name sounds, roughly, in English: enough to see that "Ryan" is nearer to "Brian" than to "Kevin".
//!
//! One byte is one sound. Vowels are five, because telephones and accents leave no more; `R` is an r that many English
//! speakers do not say ("Carter").

use std::sync::LazyLock;

use super::{super::tokens::fold, align::Costs};

/// Letters and their sounds, longest first. `^` only at the start, `$` only at the end.
const GRAPHEMES: &[(&str, &str)] = &[
    ("^mac", "mak"),
    ("^mc", "mak"),
    ("^kn", "n"),
    ("^wr", "r"),
    ("^gn", "n"),
    ("^ps", "s"),
    ("^gh", "g"),
    ("^x", "z"),
    ("tch", "C"),
    ("sch", "X"),
    ("dge", "J"),
    ("eigh", "e"),
    ("augh", "o"),
    ("ough", "o"),
    ("igh", "i"),
    ("chr", "kr"),
    ("chl", "kl"),
    ("tion", "Xn"),
    ("tia", "Xa"),
    ("cia", "Xa"),
    ("ck", "k"),
    ("cz", "C"),
    ("ch", "C"),
    ("sh", "X"),
    ("ph", "f"),
    ("th", "T"),
    ("gh", ""),
    ("wh", "w"),
    ("qu", "kw"),
    ("mb$", "m"),
    ("gn$", "n"),
    ("ce$", "s"),
    ("ge$", "J"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "si"),
    ("ge", "Je"),
    ("gi", "Ji"),
    ("gy", "Ji"),
    ("eau", "o"),
    ("ee", "i"),
    ("ea", "i"),
    ("ie", "i"),
    ("ei", "i"),
    ("ey", "i"),
    ("ay", "e"),
    ("ai", "e"),
    ("oy", "oi"),
    ("oi", "oi"),
    ("oo", "u"),
    ("ou", "o"),
    ("ow", "o"),
    ("oa", "o"),
    ("oe$", "o"),
    ("au", "o"),
    ("aw", "o"),
    ("ew", "u"),
    ("eu", "u"),
    ("ue", "u"),
    ("ui", "u"),
    ("x", "ks"),
    ("q", "k"),
    ("c", "k"),
    ("j", "J"),
];

fn vowel(byte: u8) -> bool {
    b"aeiou".contains(&byte)
}

/// The sounds of a word in Latin letters; other scripts have none here.
pub(super) fn sound(word: &str) -> Vec<u8> {
    let letters: Vec<u8> = fold(word).bytes().filter(u8::is_ascii_lowercase).collect();
    let mut sounds: Vec<u8> = Vec::with_capacity(letters.len());
    let mut at = 0;
    while at < letters.len() {
        let rest = &letters[at..];
        let (said, length) = GRAPHEMES
            .iter()
            .find_map(|(grapheme, said)| Some((*said, matched(grapheme, rest, at == 0)?)))
            .map_or_else(|| (one(&letters, at), 1), |(said, length)| (Said::Sounds(said), length));
        match said {
            Said::Sounds(said) => said.bytes().for_each(|sound| add(&mut sounds, sound)),
            Said::One(sound) => add(&mut sounds, sound),
            Said::Nothing => {}
        }
        at += length;
    }
    sounds
}

enum Said {
    Sounds(&'static str),
    One(u8),
    Nothing,
}

fn matched(grapheme: &str, rest: &[u8], start: bool) -> Option<usize> {
    if let Some(grapheme) = grapheme.strip_prefix('^') {
        return (start && rest.starts_with(grapheme.as_bytes())).then_some(grapheme.len());
    }
    if let Some(grapheme) = grapheme.strip_suffix('$') {
        return (rest == grapheme.as_bytes()).then_some(grapheme.len());
    }
    rest.starts_with(grapheme.as_bytes()).then_some(grapheme.len())
}

/// A letter that is in no group.
fn one(letters: &[u8], at: usize) -> Said {
    let letter = letters[at];
    let before = at.checked_sub(1).map(|before| letters[before]);
    let next = letters.get(at + 1).copied();
    let after_vowel = before.is_some_and(|before| vowel(before) || before == b'y');
    let before_vowel = next.is_some_and(|next| vowel(next) || next == b'y');
    match letter {
        b'e' if next.is_none() && letters.len() > 2 && !after_vowel => Said::Nothing,
        b'y' if at == 0 && before_vowel => Said::One(b'y'),
        b'y' => Said::One(b'i'),
        b'w' if after_vowel && !before_vowel => Said::Nothing,
        b'h' if !before_vowel => Said::Nothing,
        b'r' if after_vowel && !before_vowel => Said::One(b'R'),
        letter => Said::One(letter),
    }
}

fn add(sounds: &mut Vec<u8>, sound: u8) {
    if sounds.last() != Some(&sound) {
        sounds.push(sound);
    }
}

/// Sounds that are taken for each other, and how far apart they are: 1 is as far as any.
const NEAR: &[(&str, f32)] = &[
    ("sz", 0.15),
    ("gJ", 0.25),
    ("XC", 0.4),
    ("CJ", 0.4),
    ("sX", 0.4),
    ("zX", 0.5),
    ("kC", 0.45),
    ("rR", 0.1),
    ("mn", 0.4),
    ("pb", 0.4),
    ("td", 0.4),
    ("kg", 0.4),
    ("fv", 0.4),
    ("Tf", 0.35),
    ("Tt", 0.4),
    ("Td", 0.5),
    ("Ts", 0.45),
    ("fs", 0.5),
    ("bv", 0.5),
    ("pt", 0.55),
    ("kt", 0.55),
    ("pk", 0.55),
    ("bd", 0.55),
    ("dg", 0.55),
    ("pf", 0.55),
    ("hf", 0.6),
    ("tC", 0.5),
    ("dJ", 0.5),
    ("lr", 0.6),
    ("lw", 0.6),
    ("rw", 0.5),
    ("ln", 0.7),
    ("mb", 0.7),
];

pub(super) static COSTS: LazyLock<Costs> = LazyLock::new(|| Costs::new(apart, alone, 0.3));

fn apart(one: u8, other: u8) -> f32 {
    if one == other {
        return 0.0;
    }
    if vowel(one) && vowel(other) {
        return 0.35;
    }
    if vowel(one) || vowel(other) {
        return if one == b'R' || other == b'R' { 0.5 } else { 1.2 };
    }
    let pair = |(pair, _): &&(&str, f32)| pair.as_bytes() == [one, other] || pair.as_bytes() == [other, one];
    NEAR.iter().find(pair).map_or(1.0, |(_, distance)| *distance)
}

/// What it costs that a sound was not heard, or was heard and not said.
fn alone(sound: u8) -> f32 {
    match sound {
        b'R' => 0.15,
        b'h' => 0.35,
        sound if vowel(sound) => 0.4,
        b'w' | b'y' | b't' | b'd' | b'n' => 0.7,
        _ => 0.9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sound_the_same_are_the_same() {
        for (one, other) in [("Katie", "Katy"), ("Philip", "Phillip"), ("Stephen", "Stefen"), ("Knight", "Night")] {
            assert_eq!(sound(one), sound(other), "{one} {other}");
        }
        assert_ne!(sound("Anna"), sound("Emma"));
        assert_eq!(sound("李"), [0_u8; 0]);
    }
}
