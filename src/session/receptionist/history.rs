//! What a model remembers of the call. It grows at its end and what stands in it stays as it is, since vendors keep what
//! was the same last time; only what the caller did not hear is taken out, and what has become too long is cut in front.

use super::account::length;
use crate::ports::language_model::{ToolCall, ToolResult, Turn};

/// More is cut, in one large step, so that the front changes seldom.
const MOST_TURNS: usize = 60;
const MOST_BYTES: usize = 24_000;

#[derive(Debug, Default)]
pub(in crate::session) struct History {
    turns: Vec<Turn>,
    bytes: usize,
    /// Where what we are saying, or said last, begins.
    utterance: usize,
}

impl History {
    pub(in crate::session) fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// `text` is the JSON object that the prompt describes.
    pub(in crate::session) fn caller(&mut self, text: String) {
        self.push(Turn::Caller(text));
        if self.turns.len() > MOST_TURNS || self.bytes > MOST_BYTES {
            self.shorten();
        }
        self.begin_utterance();
    }

    /// What is said from here on is one utterance.
    pub(in crate::session) fn begin_utterance(&mut self) {
        self.utterance = self.turns.len();
    }

    /// What was said to the caller, by whoever said it.
    pub(in crate::session) fn said(&mut self, text: &str) {
        if !text.trim().is_empty() && !self.turns.is_empty() {
            self.push(Turn::Agent { text: text.trim().to_owned(), calls: Vec::new() });
        }
    }

    pub(in crate::session) fn called(&mut self, text: &str, calls: Vec<ToolCall>, results: Vec<ToolResult>) {
        self.push(Turn::Agent { text: text.trim().to_owned(), calls });
        self.push(Turn::Results(results));
    }

    /// The caller talked over us: of our last utterance only this much was heard.
    pub(in crate::session) fn cut(&mut self, heard: &str) {
        let mut left = letters(heard);
        for turn in self.turns.iter_mut().skip(self.utterance) {
            if let Turn::Agent { text, .. } = turn {
                let end = end_of(text, left);
                left -= letters(&text[..end]);
                self.bytes -= text.len() - end;
                text.truncate(end);
            }
        }
        let empty = |turn: &Turn| matches!(turn, Turn::Agent { text, calls } if text.is_empty() && calls.is_empty());
        self.turns.retain(|turn| !empty(turn));
    }

    /// Forgets the older part.
    pub(in crate::session) fn shorten(&mut self) {
        self.turns = shorter(&self.turns);
        self.bytes = self.turns.iter().map(length).sum();
        self.begin_utterance();
    }

    fn push(&mut self, turn: Turn) {
        self.bytes += length(&turn);
        self.turns.push(turn);
    }
}

/// The newer part of a conversation, a third less at least, beginning with words of the caller. The newest words stay,
/// however long they are.
pub(super) fn shorter(turns: &[Turn]) -> Vec<Turn> {
    let bytes: usize = turns.iter().map(length).sum();
    let (most_turns, most_bytes) = (turns.len() * 2 / 3, bytes * 2 / 3);
    let starts = turns.iter().enumerate().filter(|(_, turn)| matches!(turn, Turn::Caller(_))).map(|(at, _)| at);
    let fits =
        |at: &usize| turns.len() - at <= most_turns && turns[*at..].iter().map(length).sum::<usize>() <= most_bytes;
    let last = starts.clone().next_back().unwrap_or_default();
    let from = starts.clone().find(fits).unwrap_or(last);
    turns[from..].to_vec()
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// Where so many letters of a text end.
fn end_of(text: &str, letters: usize) -> usize {
    let mut seen = text.char_indices().filter(|(_, c)| !c.is_whitespace());
    match letters.checked_sub(1) {
        None => 0,
        Some(before) => seen.nth(before).map_or(text.len(), |(at, c)| at + c.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(text: &str) -> Turn {
        Turn::Agent { text: text.into(), calls: Vec::new() }
    }

    fn call() -> ToolCall {
        ToolCall { id: "1".into(), name: "look_up_times".into(), arguments: "{}".into() }
    }

    #[test]
    fn what_was_not_heard_is_not_remembered() {
        let mut history = History::default();
        history.caller("hello".into());
        history.said("Welcome.");
        history.caller("tomorrow?".into());
        let result = ToolResult { id: "1".into(), content: "{}".into(), failed: false };
        history.called("Let me look.", vec![call()], vec![result]);
        history.said("I have ten, or eleven.");
        history.cut("Let me look.  I have ten,");
        assert!(history.turns()[1] == agent("Welcome."), "what was heard before stays");
        assert!(history.turns().last() == Some(&agent("I have ten,")));
        history.cut("Let me");
        assert!(matches!(history.turns().last(), Some(Turn::Results(_))), "nothing was heard of the second half");
        assert!(matches!(&history.turns()[3], Turn::Agent { text, .. } if text == "Let me"));
        history.cut("");
        assert!(history.turns()[3] == Turn::Agent { text: String::new(), calls: vec![call()] });
        assert_eq!(history.bytes, history.turns.iter().map(length).sum::<usize>());
    }

    #[test]
    fn it_is_cut_in_front_in_large_steps_and_begins_with_the_caller() {
        let mut history = History::default();
        let mut fronts = Vec::new();
        for n in 0..300 {
            history.caller(format!("{n} {}", "words ".repeat(n % 50)));
            history.said("Sure.");
            assert!(history.turns().len() <= MOST_TURNS + 1 && history.bytes <= MOST_BYTES + 400);
            assert!(matches!(history.turns()[0], Turn::Caller(_)));
            if fronts.last() != history.turns().first() {
                fronts.extend(history.turns().first().cloned());
            }
        }
        assert!(fronts.len() < 30, "{} times", fronts.len());
    }

    #[test]
    fn one_long_utterance_stays() {
        let mut history = History::default();
        history.caller("x".repeat(MOST_BYTES * 2));
        history.said("I see.");
        assert_eq!(history.turns().len(), 2);
    }

    #[test]
    fn what_is_said_before_the_caller_has_spoken_is_not_remembered() {
        let mut history = History::default();
        history.said("Are you still there?");
        assert!(history.turns().is_empty());
    }
}
