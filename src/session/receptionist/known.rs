//! What has been said in a call so far, as far as it decides what a model may say: what the server told is true, and what
//! the caller said may be said back to them.

use std::collections::VecDeque;

use crate::domain::truth::Ground;

/// As much is kept of either side, in bytes; what is older is not leaned on any more.
const MOST: usize = 6_000;

#[derive(Debug, Default)]
pub(in crate::session) struct Known {
    told: Words,
    heard: Words,
}

#[derive(Debug, Default)]
struct Words {
    said: VecDeque<String>,
    bytes: usize,
}

impl Known {
    /// The server has said this, to the caller or to a model.
    pub(in crate::session) fn told(&mut self, words: &str) {
        self.told.add(words);
    }

    pub(in crate::session) fn heard(&mut self, words: &str) {
        self.heard.add(words);
    }

    /// Adds what was said to what is known otherwise.
    pub(in crate::session) fn complete<'a>(&'a self, ground: &mut Ground<'a>) {
        ground.told.extend(self.told.said.iter().map(String::as_str));
        ground.heard.extend(self.heard.said.iter().map(String::as_str));
    }
}

impl Words {
    fn add(&mut self, words: &str) {
        let words = words.trim();
        if words.is_empty() || self.said.back().is_some_and(|last| last == words) {
            return;
        }
        self.bytes += words.len();
        self.said.push_back(words.to_owned());
        while self.bytes > MOST && self.said.len() > 1 {
            self.bytes -= self.said.pop_front().map_or(0, |oldest| oldest.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_kept_and_comes_last() {
        let mut words = Words::default();
        for n in 0..1_000 {
            words.add(&format!("the words of turn {n}"));
            words.add("  ");
        }
        assert!(words.bytes <= MOST);
        assert_eq!(words.bytes, words.said.iter().map(String::len).sum::<usize>());
        assert_eq!(words.said.back().map(String::as_str), Some("the words of turn 999"));
        words.add(&"x".repeat(MOST * 2));
        assert_eq!(words.said.len(), 1);
    }
}
