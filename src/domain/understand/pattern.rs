//! A small language for phrases, so that what callers say stands in tables that can be read aloud.
//!
//! `a/b` is either word, `word?` may be missing, `*` is up to three words of anything within the sentence, `^` is the
//! start of the utterance (after "oh", "well" and the like) and `$` its end; `GOOD` is any word of that class of
//! [`super::phrases`]. A pattern begins with a word, by which it is
//! found without trying all of them.

use std::{collections::HashMap, ops::Range};

use super::{
    phrases::class,
    tokens::{Gap, Utterance, Word},
};

/// Phrases and what they mean, compiled once.
pub(super) struct Phrases<T> {
    patterns: Vec<Pattern<T>>,
    by_first: HashMap<&'static str, Vec<usize>>,
}

/// A phrase that was said, and which words said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found<T> {
    pub what: T,
    pub at: Range<usize>,
}

struct Pattern<T> {
    means: T,
    leading: bool,
    steps: Vec<Step>,
}

enum Step {
    Word { any: Vec<&'static str>, optional: bool },
    Gap,
    End,
}

const LONGEST_GAP: usize = 3;

impl<T: Copy> Phrases<T> {
    pub(super) fn new(table: &[(T, &[&'static str])]) -> Self {
        Self::of(&[table])
    }

    /// Several tables as one: the longest phrase counts, whichever it stands in.
    pub(super) fn of(tables: &[&[(T, &[&'static str])]]) -> Self {
        let mut phrases = Self { patterns: Vec::new(), by_first: HashMap::new() };
        for (means, lines) in tables.iter().copied().flatten() {
            for line in *lines {
                phrases.add(*means, line);
            }
        }
        phrases
    }

    fn add(&mut self, means: T, line: &'static str) {
        let (leading, line) = line.strip_prefix("^ ").map_or((false, line), |rest| (true, rest));
        let steps: Vec<Step> = line.split(' ').map(step).collect();
        for step in &steps {
            let Step::Word { any, optional } = step else { break };
            for first in any {
                self.by_first.entry(first).or_default().push(self.patterns.len());
            }
            if !optional {
                break;
            }
        }
        self.patterns.push(Pattern { means, leading, steps });
    }

    /// What was said, in order. A phrase inside a longer one is not meant: "cancellation policy" cancels nothing.
    pub(super) fn find(&self, said: &Utterance<'_>) -> Vec<Found<T>> {
        let words = &said.words;
        let lead = said.lead();
        let mut found: Vec<Found<T>> = Vec::new();
        for start in 0..words.len() {
            let Some(candidates) = self.by_first.get(&*words[start].text) else { continue };
            let longest = candidates
                .iter()
                .map(|&pattern| &self.patterns[pattern])
                .filter(|pattern| !pattern.leading || start == 0 || start == lead)
                .filter_map(|pattern| Some((pattern.means, end_of(&pattern.steps, words, start)?)))
                .fold(None, |best: Option<(T, usize)>, next| match best {
                    Some(best) if best.1 >= next.1 => Some(best),
                    _ => Some(next),
                });
            let Some((what, end)) = longest else { continue };
            if !found.iter().any(|longer| end <= longer.at.end) {
                found.push(Found { what, at: start..end });
            }
        }
        found
    }
}

fn step(text: &'static str) -> Step {
    match text {
        "*" => Step::Gap,
        "$" => Step::End,
        text => {
            let (words, optional) = text.strip_suffix('?').map_or((text, false), |words| (words, true));
            let classes = |word: &'static str| {
                let class = if word.starts_with(|c: char| c.is_ascii_uppercase()) { class(word) } else { &[] };
                if class.is_empty() { vec![word] } else { class.to_vec() }
            };
            Step::Word { any: words.split('/').flat_map(classes).collect(), optional }
        }
    }
}

/// Where the phrase ends if it starts at `at`.
fn end_of(steps: &[Step], words: &[Word<'_>], at: usize) -> Option<usize> {
    let Some((step, rest)) = steps.split_first() else { return Some(at) };
    match step {
        Step::End => (at == words.len()).then_some(at),
        Step::Gap => (at..=(at + LONGEST_GAP).min(words.len()))
            .take_while(|&next| next == at || next == 1 || words[next - 1].before != Gap::Stop)
            .find_map(|next| end_of(rest, words, next)),
        Step::Word { any, optional } => {
            let here = words.get(at).is_some_and(|word| any.contains(&&*word.text));
            let taken = if here { end_of(rest, words, at + 1) } else { None };
            taken.or_else(|| if *optional { end_of(rest, words, at) } else { None })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(table: &[(u8, &[&'static str])], text: &str) -> Vec<(u8, Range<usize>)> {
        let found = Phrases::new(table).find(&Utterance::read(text));
        found.into_iter().map(|found| (found.what, found.at)).collect()
    }

    #[test]
    fn a_phrase_inside_a_longer_one_is_not_meant() {
        let table: &[(u8, &[&'static str])] = &[(1, &["cancel"]), (2, &["do not cancel"]), (3, &["cancel * booking"])];
        assert_eq!(found(table, "please don't cancel"), [(2, 1..4)]);
        assert_eq!(found(table, "cancel my hair booking"), [(3, 0..4)]);
        assert_eq!(found(table, "cancel it"), [(1, 0..1)]);
    }

    #[test]
    fn a_gap_ends_with_the_sentence() {
        let table: &[(u8, &[&'static str])] = &[(1, &["move * booking"])];
        assert_eq!(found(table, "I'll move house. The booking"), []);
        assert_eq!(found(table, "move the one booking"), [(1, 0..4)]);
    }

    #[test]
    fn an_anchored_phrase_stands_at_the_start_or_the_end() {
        let table: &[(u8, &[&'static str])] = &[(1, &["^ what $"])];
        assert_eq!(found(table, "oh what?"), [(1, 1..2)]);
        assert_eq!(found(table, "what time"), []);
    }
}
