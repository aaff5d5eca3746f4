//! The caller's words on their way to a model: what is understood of them is noted, and what must not depend on a model
//! is done.

use jiff::Timestamp;

use super::{
    super::{Asked, Dialogue, Effect, Event, Heard, Task, follow::carries, step::has_words, texts::Wish},
    Turn,
};
use crate::domain::{
    call::Outcome,
    understand::{Answer, Intent, Meaning},
};

/// Who answers an utterance.
#[derive(Clone, Debug, PartialEq)]
pub enum Overheard {
    /// The machine has, with these effects.
    Handled(Vec<Effect>),
    ForTheModel,
    /// A change is being made at the desk. The words are kept: see [`Dialogue::take_meanwhile`].
    Waits,
}

/// As much of the caller's last words as is kept to see whether a name was said by them, in characters.
const MOST_SAID: usize = 400;

impl Dialogue {
    /// Takes an utterance in. What it carries is noted as always; what has to be answered without a model is; and whether
    /// it agrees to what was read back is decided here, by the machine's own classifier.
    pub fn overhear(&mut self, heard: Heard, now: Timestamp) -> Overheard {
        self.begin(now);
        if !has_words(&heard.text) {
            // Nothing was said, so nothing of the turn before it changes.
            self.turn.led = true;
            return Overheard::Handled(self.on(Event::Heard(heard), now));
        }
        let busy = self.is_changing_something();
        let mut idle = false;
        if !busy && self.is_late(&heard) {
            // "Yes", said before the question that the desk's answer led to, is none to it, nor is any other.
            let meaning = self.understand(&heard);
            let nothing = !carries(&meaning) && meaning.intents.is_empty();
            // "Oh, hold on", before it was done: it is, and has been said.
            let too_late = self.state.outcome >= Outcome::Cancelled && self.state.asked == Asked::AnythingElse;
            idle = nothing && too_late;
            if nothing && meaning.answer == Some(Answer::Yes) {
                return Overheard::Handled(Vec::new());
            }
            self.state.aside = true;
        }
        let before = Box::new((self.state.clone(), heard.clone()));
        let cut = self.turn.cut.take();
        self.turn = Turn { before: Some(before), led: true, cut, idle, ..Turn::default() };
        self.state.agreed = false;
        self.state.looking = false;
        if !busy {
            let words = heard.text.clone();
            self.note_said(&words);
        }
        if busy || self.is_too_long(&heard.text) || self.answers_itself(&heard) {
            let effects = self.on(Event::Heard(heard), now);
            return if busy { Overheard::Waits } else { Overheard::Handled(effects) };
        }
        let meaning = self.understand(&heard);
        self.note(&meaning);
        self.turn.intents = meaning.intents;
        Overheard::ForTheModel
    }

    /// What was said while the desk made a change, in order, once its answer has come. It is to be overheard then.
    pub fn take_meanwhile(&mut self) -> Vec<String> {
        if self.state.waiting.is_some() {
            return Vec::new();
        }
        let said = std::mem::take(&mut self.state.said_meanwhile);
        self.late.clone_from(&said);
        said
    }

    /// Whether these words were said before what was said last, while the desk was busy.
    fn is_late(&mut self, heard: &Heard) -> bool {
        let late = self.late.iter().position(|late| *late == heard.text);
        late.is_some_and(|at| {
            self.late.drain(..=at);
            true
        })
    }

    /// What no model is asked about: danger, what must not be kept, abuse, a plain yes to what we have asked ourselves.
    fn answers_itself(&mut self, heard: &Heard) -> bool {
        let meaning = self.understand(heard);
        let has = |intent| meaning.intents.contains(&intent);
        let plain = !carries(&meaning) && meaning.choice.is_none() && meaning.about.is_none();
        let only = |intents: &[Intent]| meaning.intents.iter().all(|intent| intents.contains(intent));
        let yes = meaning.answer == Some(Answer::Yes);
        let agreeing = plain && meaning.people.is_none() && meaning.note.is_none() && meaning.email.is_none();
        if has(Intent::Emergency) || has(Intent::Sensitive) {
            return true;
        }
        if has(Intent::Abuse) && !has(Intent::Book) && plain {
            return true;
        }
        if self.state.asked == Asked::Message {
            return false;
        }
        if has(Intent::WrongNumber) || self.state.asked_if_there && yes && plain {
            return true;
        }
        if has(Intent::Repeat) && plain && only(&[Intent::Repeat, Intent::Greeting, Intent::Thanks]) {
            return true;
        }
        // "Cancel that", before there is anything to cancel, means what is being arranged.
        let leaves = has(Intent::NeverMind) || has(Intent::Cancel) && self.state.task == Task::Book;
        let arranging = self.state.task != Task::None && self.state.asked != Asked::CancelIt;
        if leaves && arranging && agreeing && only(&[Intent::NeverMind, Intent::Cancel, Intent::Thanks]) {
            return true;
        }
        let manners = [Intent::Thanks, Intent::Greeting, Intent::Book];
        match self.state.asked {
            Asked::ReadBack => self.state.held.is_some() && yes && agreeing && only(&manners),
            Asked::CancelIt => {
                let cancel = has(Intent::Cancel) && meaning.answer != Some(Answer::No);
                (yes || cancel) && agreeing && only(&[Intent::Thanks, Intent::Greeting, Intent::Cancel])
            }
            _ => false,
        }
    }

    /// Notes what an utterance carries and what it answers, and says nothing.
    fn note(&mut self, meaning: &Meaning) {
        let state = &mut self.state;
        (state.silences, state.empties) = (0, 0);
        state.waiting = None;
        state.preface.clear();
        state.over = false;
        let there = std::mem::take(&mut state.asked_if_there);
        state.turns = state.turns.wrapping_add(1);
        (self.fresh, self.lost, self.other_who) = (Wish::default(), false, false);
        self.on_progress();
        self.note_answer(meaning);
        // Taking it in may ask back, which is the model's to do now.
        let (asked, told, question) = (self.state.asked, self.state.told.clone(), self.state.question.clone());
        let aside = self.state.aside;
        let understood = self.take_in_unless_aside(meaning);
        self.note_task(meaning, understood);
        self.finish();
        (self.state.asked, self.state.told, self.state.question) = (asked, told, question);
        self.state.aside = aside;
        self.state.agreed = self.agrees(meaning);
        // Only the first words after our question that say anything answer it.
        let says = meaning.answer.is_some() || meaning.choice.is_some() || !meaning.intents.is_empty();
        self.state.aside |= there || says || carries(meaning);
    }

    /// What the caller wants done, so that the machine knows it, should it have to go on. Nothing is begun.
    fn note_task(&mut self, meaning: &Meaning, understood: bool) {
        let has = |intent| meaning.intents.contains(&intent);
        // "Can I speak to Maria?" and "tell Maria that I'm late" want no appointment with her.
        let other = has(Intent::Person) || has(Intent::LeaveMessage) || has(Intent::RunningLate);
        if self.state.held.is_some() || other {
            return;
        }
        let mine = [(Intent::Move, Task::Move), (Intent::Cancel, Task::Cancel), (Intent::WhenIsMine, Task::Tell)];
        match mine.into_iter().find_map(|(intent, task)| has(intent).then_some(task)) {
            Some(task) if self.state.line.is_some() => self.turn_to_mine(task, meaning),
            None if has(Intent::Book) && !matches!(self.state.task, Task::Book | Task::Move) => {
                self.state.task = Task::Book;
            }
            // Who names a service or a time without a verb wants to book it.
            None if self.state.task == Task::None && (understood && self.has_a_wish() || has(Intent::AskTimes)) => {
                self.state.task = Task::Book;
            }
            _ => {}
        }
    }

    /// What only makes sense as the answer to the last question.
    fn note_answer(&mut self, meaning: &Meaning) {
        match self.state.asked {
            Asked::WhichTime => {
                if let Some(meant) = self.time_meant(meaning) {
                    self.state.when = meant;
                }
            }
            Asked::Phone if meaning.answer == Some(Answer::No) && meaning.phone.is_none() => {
                self.state.without_number = true;
            }
            _ => {}
        }
    }

    /// Whether the caller has just agreed to what we have asked them ourselves, and to nothing else.
    fn agrees(&self, meaning: &Meaning) -> bool {
        let yes = meaning.answer == Some(Answer::Yes) && !self.state.aside;
        let other = meaning.intents.iter().any(|intent| matches!(intent, Intent::NeverMind | Intent::Move));
        match self.state.asked {
            Asked::ReadBack => {
                let same = !carries(meaning) || !self.differs_from_held() && !self.other_who;
                yes && !other && same && self.state.held.is_some() && self.state.read_back_heard
            }
            Asked::CancelIt => yes && !other && !carries(meaning) && self.state.chosen.is_some(),
            _ => false,
        }
    }

    fn note_said(&mut self, words: &str) {
        let said = &mut self.state.said;
        said.push(' ');
        said.extend(words.to_lowercase().chars().take(MOST_SAID));
        let more = said.chars().count().saturating_sub(MOST_SAID);
        if let Some((at, _)) = said.char_indices().nth(more) {
            said.drain(..at);
        }
    }
}
