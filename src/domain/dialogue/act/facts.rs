//! The small tools: what the business's facts say, a message, a person, another language, goodbye.

use super::{
    super::{Dialogue, Effect, Request},
    propose::cleaned,
    refused,
};
use crate::domain::{
    dialogue::tool::ToolAnswer,
    understand::{Expecting, Intent, Meaning, understand},
};

/// Messages a model may leave in one call.
const MOST_MESSAGES: u8 = 3;
/// The longest, in characters.
const LONGEST_MESSAGE: usize = 500;

impl Dialogue {
    /// Answered by the machine, from what the owner wrote.
    pub(super) fn act_answer(&mut self, question: &str) {
        let question: String = question.chars().take(200).collect();
        let meaning = understand(&question, &self.business, Expecting::Anything);
        if !self.answer_questions(&meaning) {
            // Words that are no whole question: "opening hours Thursday".
            let asked = understand(&format!("what are the {question}?"), &self.business, Expecting::Anything);
            if !self.answer_questions(&asked) {
                self.say(self.texts().unanswered());
            }
        }
    }

    pub(super) fn act_message(&mut self, text: &str) -> Result<(), ToolAnswer> {
        let text: String = cleaned(text).chars().take(LONGEST_MESSAGE).collect();
        if text.is_empty() {
            return Err(refused("The message is empty. Ask the caller what to pass on."));
        }
        if self.state.done.messages >= MOST_MESSAGES {
            return Err(refused("No more messages can be taken in this call."));
        }
        self.leave_off();
        self.request(Request::Note { text, beside: false });
        Ok(())
    }

    pub(super) fn act_transfer(&mut self) -> Result<(), ToolAnswer> {
        if self.state.turns == 0 {
            return Err(refused("The caller has not said anything yet."));
        }
        self.on_person();
        Ok(())
    }

    /// The line is switched, and what was asked last is asked in the new language.
    pub(super) fn act_language(&mut self, language: &str) -> Result<(), ToolAnswer> {
        let voice = &self.business.voice;
        let wanted = language.trim().to_lowercase();
        let all: Vec<&String> = std::iter::once(&voice.language).chain(&voice.languages).collect();
        let exact = all.iter().find(|tag| tag.to_lowercase() == wanted);
        // "es", where "es-US" is spoken.
        let alike = || all.iter().find(|tag| primary(&tag.to_lowercase()) == primary(&wanted));
        let Some(found) = exact.or_else(alike).map(|tag| (*tag).clone()) else {
            let all: Vec<&str> = all.iter().map(|tag| tag.as_str()).collect();
            return Err(refused(format!("This business speaks: {}.", all.join(", "))));
        };
        if found == self.language() {
            return Err(refused("The call is in that language already. Go on in it."));
        }
        self.effects.push(Effect::Language(found.clone()));
        self.state.language = Some(found).filter(|found| *found != self.business.voice.language);
        self.ask_anew();
        Ok(())
    }

    pub(super) fn act_end(&mut self) -> Result<(), ToolAnswer> {
        let wishes = |intent: &Intent| {
            !matches!(
                intent,
                Intent::Goodbye
                    | Intent::Thanks
                    | Intent::Greeting
                    | Intent::NeverMind
                    | Intent::WrongNumber
                    | Intent::Abuse
            )
        };
        if self.state.turns == 0 || self.turn.intents.iter().any(wishes) {
            return Err(refused("The caller has just asked for something. Answer that first."));
        }
        self.on_goodbye(&Meaning::default());
        Ok(())
    }
}

/// The language of a tag, without its country.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}
