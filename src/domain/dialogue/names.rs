//! Names: whether two are one person's, and what becomes of a name when a part of it is said again.

use crate::domain::understand::names::full_name_of;

/// The name that the guesses at it, said in one turn and spelled in another, come to together.
pub(super) fn together(said: &[String], spelled: &[String]) -> Option<String> {
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    let spelled: Vec<&str> = spelled.iter().map(String::as_str).collect();
    let turn = |texts: &'_ [&str]| usize::from(!texts.is_empty());
    let name = full_name_of(&[&*said][..turn(&said)], &[&*spelled][..turn(&spelled)])?;
    let parts: Vec<String> = name.first.into_iter().chain(name.last).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Whether words are a name letter by letter: single letters, for the most part.
pub(super) fn is_spelled(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let letters = words.iter().filter(|word| word.chars().count() == 1).count();
    letters >= 2 && letters * 2 >= words.len()
}

/// Whether a spoken name can be the one a booking is under: every word that was said must be one of its words, give or
/// take what a recogniser does to a name.
pub(super) fn same_person(booked: &str, said: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let (booked, said) = (words(booked), words(said));
    !said.is_empty() && said.iter().all(|word| booked.iter().any(|other| alike(word, other)))
}

/// One letter apart, though not the first, in a word of four letters and more.
fn alike(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.first() != b.first() || a.len().min(b.len()) < 4 || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    shared(&a, &b) + 1 >= a.len().max(b.len())
}

/// Letters that two words have in common at their start and at their end.
fn shared(a: &[char], b: &[char]) -> usize {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let left = a.len().min(b.len()) - start;
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    start + end.min(left)
}

/// The name when `said` puts a part of `known` right: "Kovacs" after "Anna Kovaks" is Anna Kovacs, and "Peter Miller" is
/// somebody else. A word that was asked to be spelled and is like none of them is the last name.
pub(super) fn put_right(known: &str, said: &str, spelled: bool) -> String {
    let words: Vec<&str> = known.split_whitespace().collect();
    if said.split_whitespace().count() != 1 || words.len() < 2 {
        return said.to_owned();
    }
    let likeness = |word: &str| {
        let (word, said) = (word.to_lowercase(), said.to_lowercase());
        let (word, said): (Vec<char>, Vec<char>) = (word.chars().collect(), said.chars().collect());
        2 * shared(&word, &said) * 100 / (word.len() + said.len()).max(1)
    };
    let nearest = (0..words.len()).max_by_key(|&at| likeness(words[at])).filter(|&at| likeness(words[at]) >= 50);
    let place = match nearest {
        Some(at) => at,
        None if spelled => words.len() - 1,
        None => return said.to_owned(),
    };
    let put = words.iter().enumerate().map(|(at, word)| if at == place { said } else { word });
    put.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{put_right, same_person};

    #[test]
    fn a_name_is_recognised_as_it_is_said() {
        assert!(same_person("Anna Kovács", "anna"));
        assert!(same_person("Anna Kovacs", "Anna Kovaks"));
        assert!(same_person("Anna Kovacs", "kovacs"));
        assert!(!same_person("Anna Kovacs", "Anna Smith"));
        assert!(!same_person("Anna Kovacs", "Hanna"));
        assert!(!same_person("Ann Lee", "Bob"));
        assert!(!same_person("Ann Lee", ""));
    }

    #[test]
    fn a_part_of_a_name_is_put_right() {
        assert_eq!(put_right("Anna Kovaks", "Kovacs", false), "Anna Kovacs");
        assert_eq!(put_right("Hanna Kovacs", "Anna", false), "Anna Kovacs");
        assert_eq!(put_right("Anna Kovacs", "Peter", false), "Peter");
        assert_eq!(put_right("Anna Kovacs", "Peter Miller", false), "Peter Miller");
        assert_eq!(put_right("Anna Coats", "Kovacs", true), "Anna Kovacs");
        assert_eq!(put_right("Ana", "Anna", true), "Anna");
        assert_eq!(put_right("", "Anna", true), "Anna");
    }
}
