//! What was said, as it is written down: an utterance that was talked over is cut to what was heard.

use jiff::Timestamp;

use crate::domain::call::{Line, Speaker};

/// What stands in the transcript in place of a card number.
const KEPT_BACK: &str = "(not kept)";

/// The lines that are not written down yet, and the last of ours, which may still be cut.
#[derive(Debug)]
pub(super) struct Transcript {
    unsaved: Vec<Line>,
    /// The number of the first unsaved line.
    first: i32,
    /// Our last utterance and its number, while it is the last line and can be cut.
    ours: Option<(i32, Line)>,
}

impl Transcript {
    /// `lines`: how many an earlier connection wrote down.
    pub(super) fn after(lines: i32) -> Self {
        Self { unsaved: Vec::new(), first: lines, ours: None }
    }

    pub(super) fn heard(&mut self, text: &str, keep: bool, at: Timestamp) {
        let text = if keep { text.trim() } else { KEPT_BACK };
        self.push(Line { speaker: Speaker::Caller, text: text.to_owned(), at, cut: false });
        self.ours = None;
    }

    pub(super) fn said(&mut self, text: String, at: Timestamp) {
        let line = Line { speaker: Speaker::Agent, text, at, cut: false };
        self.ours = Some((self.next(), line.clone()));
        self.push(line);
    }

    /// The caller talked over us. Returns how much of the last utterance was heard, in our own words; nothing when
    /// there was nothing to talk over.
    pub(super) fn cut(&mut self, heard: &str) -> Option<String> {
        let (number, line) = self.ours.take()?;
        let kept = heard_part(&line.text, heard).to_owned();
        self.put_right(number, Line { text: kept.clone(), cut: true, ..line });
        Some(kept)
    }

    /// Our last utterance, while it can still be talked over.
    pub(super) fn last_of_ours(&self) -> Option<&str> {
        self.ours.as_ref().map(|(_, line)| line.text.as_str())
    }

    /// Our last utterance goes on.
    pub(super) fn says_more(&mut self, words: &str) {
        if let Some((number, mut line)) = self.ours.take() {
            line.text.push_str(words);
            self.ours = Some((number, line.clone()));
            self.put_right(number, line);
        }
    }

    fn put_right(&mut self, number: i32, line: Line) {
        if let Ok(index) = usize::try_from(number - self.first) {
            if let Some(unsaved) = self.unsaved.get_mut(index) {
                *unsaved = line;
            }
        } else {
            // It is written down already: it is written again.
            self.unsaved.insert(0, line);
            self.first = number;
        }
    }

    fn push(&mut self, line: Line) {
        self.unsaved.push(line);
    }

    /// The number of the line that comes next.
    pub(super) fn next(&self) -> i32 {
        self.first + i32::try_from(self.unsaved.len()).unwrap_or(i32::MAX / 2)
    }

    /// Everything that is not written down, with the number of its first line.
    pub(super) fn take(&mut self) -> (i32, Vec<Line>) {
        let lines = std::mem::take(&mut self.unsaved);
        let first = self.first;
        self.first += i32::try_from(lines.len()).unwrap_or_default();
        (first, lines)
    }

    /// They could not be written down: they come first next time.
    pub(super) fn give_back(&mut self, first: i32, mut lines: Vec<Line>) {
        // A line that was cut meanwhile stands in `unsaved` under the same number, and is the truer one.
        let keep = usize::try_from(self.first - first).unwrap_or_default();
        lines.truncate(keep);
        lines.append(&mut self.unsaved);
        self.unsaved = lines;
        self.first = first;
    }
}

/// The part of what we said that a vendor says was heard. Vendors normalise spaces and case, so words are compared; when
/// they say something we never said, nothing of ours counts as heard.
fn heard_part<'a>(said: &'a str, heard: &str) -> &'a str {
    let mut words = heard.split_whitespace();
    let mut end = 0;
    for word in said.split_whitespace() {
        let Some(other) = words.next() else { break };
        if !bare(word).eq_ignore_ascii_case(bare(other)) {
            // The last word may be cut in the middle.
            let partly = words.next().is_none() && bare(word).to_lowercase().starts_with(&bare(other).to_lowercase());
            return if partly { &said[..end] } else { "" };
        }
        // `word` is a slice of `said`, so its place in it is the difference of the two.
        end = word.as_ptr() as usize - said.as_ptr() as usize + word.len();
    }
    &said[..end]
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c13_only_what_was_heard_of_our_words_is_kept() {
        let said = "I have ten, eleven, or noon. Which would suit you?";
        assert_eq!(heard_part(said, "I have ten, eleven"), "I have ten, eleven,");
        assert_eq!(heard_part(said, "i  HAVE ten"), "I have ten,");
        assert_eq!(heard_part(said, "I have te"), "I have");
        assert_eq!(heard_part(said, "something else entirely"), "");
        assert_eq!(heard_part(said, ""), "");
        assert_eq!(heard_part(said, said), said);
        assert_eq!(heard_part("", "x"), "");
    }

    #[test]
    fn a_line_that_was_written_down_is_written_again_when_it_is_cut() {
        let at = Timestamp::UNIX_EPOCH;
        let mut transcript = Transcript::after(4);
        transcript.heard("hello", true, at);
        transcript.said("One two three.".into(), at);
        assert_eq!(transcript.take().0, 4);
        assert_eq!(transcript.cut("one two").as_deref(), Some("One two"));
        let (first, lines) = transcript.take();
        assert_eq!((first, lines.len(), lines[0].cut), (5, 1, true));
        assert_eq!(transcript.cut("one"), None);
        transcript.heard("again", true, at);
        assert_eq!(transcript.take().0, 6);
    }

    #[test]
    fn an_utterance_in_pieces_is_one_line() {
        let at = Timestamp::UNIX_EPOCH;
        let mut transcript = Transcript::after(0);
        transcript.said("One".into(), at);
        transcript.says_more(" two");
        assert_eq!(transcript.take().1[0].text, "One two");
        transcript.says_more(" three.");
        let (first, lines) = transcript.take();
        assert_eq!((first, lines.len(), lines[0].text.as_str()), (0, 1, "One two three."));
        assert_eq!(transcript.cut("one two").as_deref(), Some("One two"));
        transcript.says_more(" four"); // Nobody hears it.
        assert_eq!(transcript.take().1[0].text, "One two");
    }

    #[test]
    fn what_could_not_be_written_comes_first_next_time() {
        let at = Timestamp::UNIX_EPOCH;
        let mut transcript = Transcript::after(0);
        transcript.said("One two three.".into(), at);
        let (first, lines) = transcript.take();
        transcript.cut("one");
        transcript.heard("stop", true, at);
        transcript.give_back(first, lines);
        let (first, lines) = transcript.take();
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!((first, texts), (0, vec!["One", "stop"]));
    }

    #[test]
    fn i12_what_must_not_be_kept_is_not_in_the_transcript() {
        let mut transcript = Transcript::after(0);
        transcript.heard("4111 1111 1111 1111", false, Timestamp::UNIX_EPOCH);
        assert_eq!(transcript.take().1[0].text, KEPT_BACK);
    }
}
