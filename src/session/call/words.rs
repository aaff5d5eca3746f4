//! What goes to the caller: effects are carried out, words are sent in pieces.

use std::sync::Arc;

use tokio::time::Instant;

use super::{Asking, CallSession, Done, LONGEST_GOODBYE};
use crate::{
    domain::dialogue::Effect,
    ports::line::{Line, LineCommand},
    session::card::card,
};

impl<L: Line> CallSession<L> {
    pub(super) async fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut utterance = String::new();
        let mut end = None;
        for effect in effects {
            match effect {
                Effect::Say(text) => {
                    if !utterance.is_empty() {
                        utterance.push(' ');
                    }
                    utterance.push_str(&text);
                }
                Effect::Desk(request) => self.ask_desk(request),
                Effect::Release(hold) => {
                    let (desk, business) = (Arc::clone(&self.desk), Arc::clone(&self.business));
                    self.errands.spawn(async move {
                        // It runs out by itself when this fails.
                        let _ = desk.release(&business, hold).await;
                        Done::Nothing
                    });
                }
                Effect::Language(language) => {
                    let switch = LineCommand::Language { speak: Some(language.clone()), hear: Some(language) };
                    let _ = self.line.send(switch).await; // `recv` tells why, next.
                }
                Effect::End => end = Some("goodbye"),
                Effect::PutThrough => end = Some("transfer"),
            }
        }
        if !utterance.is_empty() {
            self.speak(utterance).await;
        }
        if let Some(reason) = end {
            let now = Instant::now();
            self.closing = Some((self.pace.until().min(now + LONGEST_GOODBYE), reason));
        } else if self.closing.is_some() && !self.dialogue.is_over() {
            self.closing = None; // The caller had something more to say.
        }
        if !self.is_looking_up() {
            self.save(false);
        }
        self.show().await;
    }

    /// While something is only being looked up, the answer is written down together with the question.
    fn is_looking_up(&self) -> bool {
        let late = |asking: &Asking| asking.wondered && self.turn().is_none();
        self.asking.as_ref().is_some_and(|asking| asking.read.is_some() && !late(asking))
    }

    /// Sends the machine's words sentence by sentence, so that the first is heard while the next is being made. They go on
    /// where a model has begun to speak, and end the utterance.
    pub(super) async fn speak(&mut self, mut utterance: String) {
        if self.speaking {
            let said = self.transcript.last_of_ours().unwrap_or_default();
            utterance = what_is_new(&utterance, said);
            if utterance.is_empty() {
                return self.end_utterance().await;
            }
            utterance.insert(0, ' ');
        }
        let mut sentences = sentences(&utterance).peekable();
        while let Some(sentence) = sentences.next() {
            if !self.send_words(sentence.to_owned(), sentences.peek().is_none()).await {
                break; // `recv` tells why, next.
            }
        }
        self.note_words(&utterance);
        self.turns.spoke();
        if let Some(turn) = self.turn_mut() {
            turn.first_word();
        }
        if let Some(talk) = &mut self.talk {
            talk.machine_said(&utterance);
        }
        self.speaking = false;
    }

    /// Sends some of a model's words; more of the utterance may follow.
    pub(super) async fn speak_piece(&mut self, words: String) {
        if self.speaking || !words.trim().is_empty() {
            self.note_words(&words);
            self.speaking = true;
            self.send_words(words, false).await;
        }
    }

    /// Ends an utterance that was begun in pieces.
    pub(super) async fn end_utterance(&mut self) {
        if std::mem::take(&mut self.speaking) {
            self.send_words(String::new(), true).await;
        }
    }

    async fn send_words(&mut self, text: String, last: bool) -> bool {
        let interruptible = self.business.voice.interruptible;
        self.line.send(LineCommand::Say { text, last, interruptible }).await.is_ok()
    }

    /// One utterance is one line of the transcript, however many pieces it comes in.
    fn note_words(&mut self, words: &str) {
        self.pace.says(words.len());
        if self.speaking {
            self.transcript.says_more(words);
        } else {
            self.transcript.said(words.to_owned(), self.clock.now());
            if let Some(talk) = &mut self.talk {
                talk.begin_utterance();
            }
        }
    }

    pub(super) async fn show(&mut self) {
        if !self.line.shows_understood() {
            return;
        }
        let card = card(&self.dialogue, self.clock.now());
        if self.shown.as_ref() != Some(&card) {
            self.shown = Some(card.clone());
            let _ = self.line.send(LineCommand::Understood(Box::new(card))).await;
        }
    }
}

/// Nothing is told twice in one turn, by the model and then by the machine; but a question belongs to what is told before.
fn what_is_new(words: &str, said: &str) -> String {
    sentences(words).filter(|sentence| sentence.contains('?') || !said.contains(sentence.trim())).collect()
}

/// One after the other, each with its space.
fn sentences(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (sentence, after) = text.split_at_checked(sentence_end(text))?;
        text = after;
        Some(sentence).filter(|sentence| !sentence.is_empty())
    })
}

/// Where the first sentence ends, its space included; all of it when it is one sentence. "3 p.m. on" is no end, and neither
/// is the German "24. November".
fn sentence_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    for (at, pair) in bytes.windows(2).enumerate() {
        let starts_new = bytes.get(at + 2).is_some_and(u8::is_ascii_uppercase);
        let ordinal = pair[0] == b'.' && at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_digit());
        if matches!(pair, [b'.' | b'?' | b'!', b' ']) && starts_new && !ordinal {
            return at + 2;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{sentence_end, what_is_new};

    #[test]
    fn sentences_are_told_from_abbreviations() {
        assert_eq!(sentence_end("Sure. When?"), 6);
        assert_eq!(sentence_end("At 3 p.m. or 4 p.m."), 19);
        assert_eq!(sentence_end("Am 24. November. Passt das?"), 17);
        assert_eq!(sentence_end("Hello"), 5);
        assert_eq!(sentence_end(""), 0);
    }

    #[test]
    fn what_was_told_is_not_told_again_and_questions_are_asked() {
        assert_eq!(
            what_is_new("Sure. When would you like to come?", "Let me see. Sure."),
            "When would you like to come?"
        );
        assert_eq!(what_is_new("Sure. Shall I book it?", "Shall I book it?"), "Sure. Shall I book it?");
        assert_eq!(what_is_new("Sure.", "Sure."), "");
    }
}
