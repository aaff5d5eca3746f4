//! A small language for the phrases that claim something, so that they stand in tables that can be read aloud.
//!
//! `a/b` is either word, `word?` may be missing, `*` is up to three words of anything, `$` the end of the clause. A word in
//! capitals is any word of a class.

use std::collections::HashMap;

use super::words::{Gap, Word};

/// Phrases and what they mean, compiled once.
pub(super) struct Phrases<T> {
    patterns: Vec<(T, Vec<Step>)>,
    by_first: HashMap<&'static str, Vec<usize>>,
}

/// A phrase and the words that said it, from ≤ word < to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found<T> {
    pub what: T,
    pub from: usize,
    pub to: usize,
}

enum Step {
    Word { any: Vec<&'static str>, optional: bool },
    Gap,
    End,
}

const LONGEST_GAP: usize = 3;

impl<T: Copy> Phrases<T> {
    /// `class` has the words of a class.
    pub(super) fn new(tables: &[(T, &[&'static str])], class: impl Fn(&str) -> &'static [&'static str]) -> Self {
        let mut phrases = Self { patterns: Vec::new(), by_first: HashMap::new() };
        for (what, lines) in tables {
            for line in *lines {
                phrases.add(*what, line, &class);
            }
        }
        phrases
    }

    fn add(&mut self, what: T, line: &'static str, class: &impl Fn(&str) -> &'static [&'static str]) {
        let step = |text: &'static str| match text {
            "*" => Step::Gap,
            "$" => Step::End,
            text => {
                let (text, optional) = text.strip_suffix('?').map_or((text, false), |text| (text, true));
                let words = |word: &'static str| match class(word) {
                    [] => vec![word],
                    class => class.to_vec(),
                };
                Step::Word { any: text.split('/').flat_map(words).collect(), optional }
            }
        };
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
        self.patterns.push((what, steps));
    }

    /// Whether a phrase may begin with this word.
    pub(super) fn begins(&self, word: &str) -> bool {
        self.by_first.contains_key(word)
    }

    /// Every phrase that was said.
    pub(super) fn find<'a>(&'a self, words: &'a [Word<'_>]) -> impl Iterator<Item = Found<T>> + 'a {
        (0..words.len()).flat_map(move |from| {
            let candidates = self.by_first.get(&*words[from].text).map_or(&[][..], Vec::as_slice);
            candidates.iter().filter_map(move |&at| {
                let (what, steps) = &self.patterns[at];
                end_of(steps, words, from).map(|to| Found { what: *what, from, to })
            })
        })
    }
}

/// Where the phrase ends if it starts at `at`.
fn end_of(steps: &[Step], words: &[Word<'_>], at: usize) -> Option<usize> {
    let Some((step, rest)) = steps.split_first() else { return Some(at) };
    match step {
        Step::End => words.get(at).is_none_or(|word| word.before > Gap::Space).then_some(at),
        Step::Gap => (at..=(at + LONGEST_GAP).min(words.len())).find_map(|next| end_of(rest, words, next)),
        Step::Word { any, optional } => {
            let here = words.get(at).is_some_and(|word| any.contains(&&*word.text));
            let taken = if here { end_of(rest, words, at + 1) } else { None };
            taken.or_else(|| if *optional { end_of(rest, words, at) } else { None })
        }
    }
}
