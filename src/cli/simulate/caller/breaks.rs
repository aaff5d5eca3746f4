//! Whether what is heard between two of the caller's utterances is one answer of one receptionist. When a model goes down in
//! the middle of one and the rules go on, nobody must be able to tell.

use crate::cli::simulate::listen::sentences;

/// What was heard since the caller spoke last.
#[derive(Debug, Default)]
pub(super) struct Since {
    /// Whole utterances, in order.
    utterances: Vec<String>,
    /// The one that is being said.
    begun: String,
    /// More than one utterance is to be expected: the caller said nothing, talked over it, or the line broke.
    unusual: bool,
}

impl Since {
    pub(super) fn piece(&mut self, words: &str, last: bool) {
        self.begun.push_str(words);
        if last {
            self.utterances.push(std::mem::take(&mut self.begun));
        }
    }

    /// A greeting, or a sentence in place of a conversation.
    pub(super) fn said_by_the_vendor(&mut self) {
        self.unusual = true;
    }

    pub(super) fn cut_off(&mut self) {
        self.unusual = true;
    }

    /// The caller says nothing for a while, or more than one thing.
    pub(super) fn is_unusual(&mut self) {
        self.unusual = true;
    }

    /// What does not fit together.
    pub(super) fn breaks(self) -> Vec<String> {
        let mut breaks = Vec::new();
        if self.unusual {
            return breaks;
        }
        if self.utterances.iter().any(|utterance| utterance.trim().is_empty()) {
            breaks.push("an utterance without a word".to_owned());
        }
        // What is looked up takes a moment, and words may come before it; questions are asked one at a time.
        let asked: Vec<&String> =
            self.utterances.iter().filter(|utterance| utterance.trim_end().ends_with('?')).collect();
        if let [first, second, ..] = asked.as_slice() {
            breaks.push(format!("two answers: {first} / {second}"));
        }
        let mut said: Vec<String> = Vec::new();
        for sentence in sentences(&self.utterances.join(" ")) {
            if said.contains(&sentence) {
                breaks.push(format!("said twice: {sentence}"));
            }
            said.push(sentence);
        }
        breaks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(utterances: &[&str]) -> Vec<String> {
        let mut since = Since::default();
        for utterance in utterances {
            for word in utterance.split_inclusive(' ') {
                since.piece(word, false);
            }
            since.piece("", true);
        }
        since.breaks()
    }

    #[test]
    fn one_answer_is_no_break_and_a_filler_before_it_is_none() {
        assert!(heard(&["I have ten or eleven. Which would suit you?"]).is_empty());
        assert!(heard(&["One moment, please.", "I have ten or eleven. Which would suit you?"]).is_empty());
        assert!(heard(&[]).is_empty());
    }

    #[test]
    fn two_answers_and_the_same_sentence_twice_are_heard() {
        assert_eq!(heard(&["May I have your name?", "When would you like to come in?"]).len(), 1);
        assert_eq!(heard(&["I have ten or eleven. Let me say it again. I have ten or eleven."]).len(), 1);
        assert_eq!(heard(&[" "]).len(), 1);
    }

    #[test]
    fn whoever_says_nothing_may_be_spoken_to_again() {
        let mut since = Since::default();
        since.is_unusual();
        since.piece("Are you still there?", true);
        since.piece("I'm still here. When would you like to come in?", true);
        assert!(since.breaks().is_empty());
    }
}
