//! Words that were meant though others were heard: endings, spellings and the mishearings of a recogniser.

use std::borrow::Cow;

/// The word without its ending: "trims", "trimmed" and "trimming" are "trim". Both sides of a comparison go through
/// it, so it only has to be the same for both and not be English.
pub(super) fn stem(word: &str) -> Cow<'_, str> {
    let word = british(word);
    let cut = |suffix: &str, least: usize| word.strip_suffix(suffix).filter(|rest| rest.len() >= least);
    let bare = if let Some(rest) = cut("ings", 3).or_else(|| cut("ing", 2)) {
        undouble(rest)
    } else if let Some(rest) = cut("ies", 3) {
        return Cow::Owned(format!("{rest}y"));
    } else if let Some(rest) = cut("ed", 2) {
        undouble(rest)
    } else if let Some(rest) = cut("es", 3).filter(|rest| rest.ends_with(['s', 'x', 'z', 'h'])) {
        rest
    } else if let Some(rest) = cut("s", 3).filter(|rest| !rest.ends_with('s')) {
        rest
    } else {
        &word
    };
    // "shave" and "shaving", "dye" and "dyed"; but "care" is no "car".
    let bare = bare.strip_suffix('e').filter(|rest| rest.len() >= 4 || rest.ends_with('y')).unwrap_or(bare);
    Cow::Owned(bare.to_owned())
}

/// "cutt" of "cutting" is "cut", but "process" keeps its end.
fn undouble(word: &str) -> &str {
    let bytes = word.as_bytes();
    match bytes {
        [.., before, last] if before == last && !matches!(last, b's' | b'l') && last.is_ascii() => {
            &word[..word.len() - 1]
        }
        _ => word,
    }
}

fn british(word: &str) -> Cow<'_, str> {
    if word.contains("colour") {
        Cow::Owned(word.replace("colour", "color"))
    } else if word == "gray" {
        Cow::Borrowed("grey")
    } else {
        Cow::Borrowed(word)
    }
}

/// How many letters must be put in, taken out, changed, or swapped with their neighbour; more than `most` is `None`.
pub(super) fn distance(one: &str, other: &str, most: usize) -> Option<usize> {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut cost = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        if row.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|&cost| cost <= most)
}

/// The consonants as they sound: "Catherine" and "Kathryn" are the same.
pub(super) fn sound(word: &str) -> String {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let mut sounds = String::with_capacity(letters.len());
    for (at, &letter) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied();
        let sound = match (letter, next) {
            ('g', Some('h')) => continue,
            ('c' | 's', Some('h')) => 'x',
            ('p', Some('h')) | ('v', _) => 'f',
            ('c', Some('e' | 'i' | 'y')) | ('z', _) => 's',
            ('c' | 'q', _) => 'k',
            ('j', _) | ('g', Some('e' | 'i' | 'y')) => 'j',
            ('d', _) => 't',
            ('b', _) => 'p',
            ('a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'w', _) if at > 0 => continue,
            ('a' | 'e' | 'i' | 'o' | 'u' | 'y', _) => 'a',
            (letter, _) => letter,
        };
        if !sounds.ends_with(sound) {
            sounds.push(sound);
        }
    }
    sounds
}

/// Whether a recogniser may have written `heard` for `meant`. Short words are too alike to guess.
pub(super) fn mistaken(heard: &str, meant: &str) -> bool {
    let length = meant.chars().count();
    let least = heard.chars().count().min(length);
    match length {
        _ if least < 4 => false,
        ..=5 if least < 5 => distance(heard, meant, 1).is_some() && sound(heard) == sound(meant),
        ..=5 => distance(heard, meant, 2).is_some() && sound(heard) == sound(meant),
        6..=7 => match distance(heard, meant, 2) {
            Some(0 | 1) => true,
            Some(_) => sound(heard) == sound(meant),
            None => false,
        },
        _ => distance(heard, meant, 2).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_and_spellings_do_not_matter() {
        for (word, same) in [
            ("trims", "trim"),
            ("trimming", "trim"),
            ("cutting", "cut"),
            ("coloring", "colour"),
            ("dyed", "dye"),
            ("highlights", "highlight"),
            ("massages", "massage"),
            ("parties", "party"),
            ("brushes", "brush"),
        ] {
            assert_eq!(stem(word), stem(same), "{word}");
        }
        assert_ne!(stem("card"), stem("car"));
        assert_ne!(stem("care"), stem("car"));
    }

    #[test]
    fn mishearings_are_close_and_other_words_are_not() {
        for (heard, meant) in
            [("haircat", "haircut"), ("harecut", "haircut"), ("collar", "color"), ("birdtrim", "beardtrim")]
        {
            assert!(mistaken(heard, meant), "{heard}");
        }
        for (heard, meant) in [("cat", "cut"), ("caller", "color"), ("manicure", "pedicure"), ("shake", "shave")] {
            assert!(!mistaken(heard, meant), "{heard}");
        }
    }

    #[test]
    fn a_swap_is_one_mistake() {
        assert_eq!(distance("amria", "maria", 1), Some(1));
        assert_eq!(distance("peter", "maria", 2), None);
    }
}
