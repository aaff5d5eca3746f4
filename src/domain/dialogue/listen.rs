//! Taking in what was said: an utterance becomes facts, and facts are never asked for again.

use super::{Asked, Dialogue, Heard, NameKnown, Request, State, Task, Wish, follow, names};
use crate::domain::{
    phone::PhoneNumber,
    time::{Clock, When},
    understand::{Answer, Confidence, Found, Intent, Match, Meaning, Slot, SpokenNumber, StaffWish, amended_number},
};

/// As many digits as a number has by itself, and are not the rest of another.
const WHOLE_NUMBER: usize = 9;
/// So many guesses at a name are kept, none longer than a name is.
const MOST_GUESSES: usize = 5;
const LONGEST_NAME: usize = 60;
/// As much as is kept of what the business should know, in characters.
pub(super) const MOST_NOTE: usize = 300;
/// More digits than any number has: they were not one number.
const MOST_DIGITS: usize = 20;

impl Dialogue {
    /// What was said. The recogniser's other guesses are looked at only where its first one says nothing, and are never
    /// taken for a yes to something that is done then.
    pub(super) fn understand(&mut self, heard: &Heard) -> Meaning {
        let meaning = self.best_of(heard);
        self.note_meaning(&meaning);
        meaning
    }

    fn best_of(&mut self, heard: &Heard) -> Meaning {
        self.heard.clone_from(&heard.text);
        self.others.clone_from(&heard.others);
        let first = self.read(&heard.text);
        if self.state.asked == Asked::Message || says_something(&first) {
            return first;
        }
        let others = heard.others.iter().map(|other| self.read(other));
        let commits = matches!(self.state.asked, Asked::ReadBack | Asked::CancelIt);
        let clear =
            |other: &Meaning| other.when.is_some() || other.choice.is_some() || other.answer.is_some() && !commits;
        others.into_iter().find(clear).unwrap_or(first)
    }

    pub(super) fn on_meaning(&mut self, meaning: Meaning) {
        if self.state.over {
            self.state.over = false; // They have something more to say, so we listen.
        }
        self.fresh = Wish::default();
        self.lost = false;
        let has = |intent| meaning.intents.contains(&intent);
        if has(Intent::Emergency) {
            self.say(self.texts().emergency(&self.business.country));
            return;
        }
        if has(Intent::Sensitive) {
            self.kept_back = true;
            self.say(self.texts().sensitive());
            self.ask_again(true);
            return;
        }
        // Who swears and wants something is given it.
        if has(Intent::Abuse) && !has(Intent::Book) && !follow::carries(&meaning) {
            return self.on_abuse();
        }
        if has(Intent::WrongNumber) && self.state.asked != Asked::Message {
            return self.end(self.texts().wrong_number(&self.business));
        }
        let no_message = has(Intent::NeverMind) || has(Intent::Repeat) || has(Intent::Goodbye);
        if self.state.asked == Asked::Message && self.state.task == Task::Message && !no_message {
            self.request(Request::Note { text: meaning.text, beside: false });
            return;
        }
        if has(Intent::Repeat) {
            self.ask_again(true);
            return;
        }
        let asked_if_there = std::mem::take(&mut self.state.asked_if_there);
        if asked_if_there && meaning.answer == Some(Answer::Yes) && !follow::carries(&meaning) {
            // "Yes, I'm here" agrees to nothing but that.
            self.ask_again(true);
            return;
        }
        if self.has_asked() && meaning.answer == Some(Answer::Yes) && !follow::carries(&meaning) {
            // Said while the desk was busy, before the question that its answer led to: no yes to that.
            return;
        }
        let understood = self.take_in_unless_aside(&meaning);
        if self.follow(&meaning) {
            self.on_progress();
        } else if understood && self.lost {
            // What they want is not on offer, which is not understood better by asking a third time.
            self.on_lost();
        } else if understood {
            self.on_progress();
            self.advance();
        } else if self.answered {
            self.on_progress();
            self.after_answer(&meaning);
        } else {
            self.on_nonsense();
        }
    }

    /// Notes what an utterance carries, and answers the questions in it, which wish for nothing. True when something was
    /// understood besides them.
    pub(super) fn take_in_unless_aside(&mut self, meaning: &Meaning) -> bool {
        let has = |intent| meaning.intents.contains(&intent);
        let before = (self.state.when, self.state.staff, self.state.said_day);
        let known = self.known();
        let understood = self.take_in(meaning);
        self.answered = self.answer_questions(meaning);
        if !self.answered || has(Intent::Book) || has(Intent::AskTimes) || meaning.correction {
            return understood;
        }
        // "What are your hours on Thursday?" wishes for nothing on Thursday, and "how much is a color?" for no color; but a
        // color is what is spoken of from now on. "…and could I come on Friday?" is a wish: no price has a day.
        let only_prices = meaning.intents.iter().all(|intent| matches!(intent, Intent::AskPrice | Intent::Greeting));
        let aside = self.state.task == Task::None && !(only_prices && meaning.when.is_some());
        if aside || has(Intent::AskHours) {
            (self.state.when, self.state.said_day) = (before.0, before.2);
        }
        if aside || has(Intent::AskPrice) {
            self.state.staff = before.1;
        }
        !aside && known != self.known()
    }

    /// After an aside the pending question stands; where nothing is arranged, what nobody here knows can be passed on.
    fn after_answer(&mut self, meaning: &Meaning) {
        if self.state.task != Task::None {
            self.ask_again(false);
        } else if meaning.intents.contains(&Intent::AskOther) {
            if self.puts_through_when_unsure() {
                return self.on_person();
            }
            self.state.open_question = meaning.text.chars().take(MOST_NOTE).collect();
            self.ask(Asked::OfferMessage, self.texts().pass_question_on());
        } else {
            self.ask_anything_else("");
        }
    }

    /// What is known of the wish, to see whether an utterance adds to it.
    fn known(&self) -> (Wish, Option<String>, Option<PhoneNumber>, String) {
        let state = &self.state;
        let wish = Wish { service: state.service, staff: state.staff, when: Some(state.when), day: None };
        (wish, state.name.clone(), state.phone.clone(), state.digits.clone())
    }

    /// Notes what an utterance carries. True when it carried something of use.
    fn take_in(&mut self, meaning: &Meaning) -> bool {
        let before = self.state.clone();
        self.take_service(meaning);
        self.take_staff(meaning);
        self.take_when(meaning);
        self.take_name(meaning);
        self.take_number(meaning);
        self.take_note(meaning);
        let state = &self.state;
        self.fresh.service = state.service.filter(|_| state.service != before.service);
        self.fresh.staff = state.staff.filter(|_| state.staff != before.staff);
        self.fresh.when = Some(state.when).filter(|_| state.when != before.when && !state.when.is_empty());
        let who = |state: &State| {
            (state.name.clone(), state.phone.clone(), state.party, state.note.clone(), state.email.clone())
        };
        self.other_who = who(state) != who(&before);
        before != self.state
    }

    fn take_service(&mut self, meaning: &Meaning) {
        let named = match &meaning.service {
            Some(Match::One(id)) => Some(*id),
            _ => self.service_meant(meaning),
        };
        match (named, &meaning.service) {
            (Some(id), _) => {
                self.state.services_meant.clear();
                if self.state.service == Some(id) {
                    return;
                }
                self.state.service = Some(id);
                // A member of staff who does not offer it was meant for something else.
                let offered = self.business.service(id).map_or(&[][..], |service| &service.staff);
                if self.state.staff.is_some_and(|staff| !offered.contains(&staff)) && meaning.staff.is_none() {
                    self.state.staff = None;
                }
            }
            (None, Some(Match::Several(ids))) => {
                self.state.service = None;
                self.state.services_meant.clone_from(ids);
                self.ask_which_service();
            }
            (None, Some(Match::Unknown(_))) if self.state.service.is_none() => {
                self.lost = true;
                self.ask(Asked::Service, self.texts().no_such_service(&self.business));
            }
            _ => {}
        }
    }

    fn take_staff(&mut self, meaning: &Meaning) {
        match &meaning.staff {
            Some(StaffWish::Named(Match::One(id))) => {
                self.state.staff = Some(*id);
                self.state.any_staff = false;
                self.state.staff_meant.clear();
            }
            Some(StaffWish::Named(Match::Unknown(_))) => self.say(self.texts().no_such_staff(&self.business)),
            Some(StaffWish::Named(Match::Several(ids))) => {
                self.state.staff_meant.clone_from(ids);
                self.ask_which_staff();
            }
            Some(StaffWish::NoPreference) => {
                self.state.staff = None;
                self.state.any_staff = true;
                self.state.staff_meant.clear();
                // "No preference" to "when?" is about the time.
                if self.state.asked == Asked::When {
                    self.any_time();
                }
            }
            None => {
                if let Some(id) = self.staff_meant(meaning) {
                    self.state.staff = Some(id);
                    self.state.staff_meant.clear();
                }
            }
        }
    }

    /// A day and a time from different turns combine. A new day leaves an earlier wish for the time alone, unless that
    /// time was only compared with an offer, or it is asked what there is on that day.
    fn take_when(&mut self, meaning: &Meaning) {
        let Some(said) = meaning.when else { return };
        if matches!(self.state.task, Task::Cancel | Task::Tell) || self.state.asked == Asked::WhichDay {
            self.state.said_day = Some(self.state.said_day.map_or(said, |day| day.then(said)));
            return;
        }
        // "In the morning" says which of two times was meant, and is not the wish instead of it.
        if self.state.asked == Asked::WhichTime && self.time_meant(meaning).is_some() {
            return;
        }
        let mut when = self.state.when.then(said);
        let compared = matches!(when.clock, Some(Clock::Later | Clock::Earlier));
        if said.day.is_some() && said.clock.is_none() && (compared || meaning.intents.contains(&Intent::AskTimes)) {
            when.clock = None;
        }
        self.state.when = when;
        self.state.times_meant.clear();
    }

    fn take_name(&mut self, meaning: &Meaning) {
        if self.state.asked == Asked::Spelling {
            return self.take_letters(meaning);
        }
        let Some(said) = &meaning.name else { return };
        let known = self.state.name.clone();
        let name = match &known {
            Some(known) if meaning.correction || self.state.asked == Asked::ReadBack => {
                names::put_right(known, said, false)
            }
            _ => self.likeliest_name(said),
        };
        let doubtful = |found: &Found| found.slot == Slot::Name && found.confidence == Confidence::Doubtful;
        if known.as_ref() != Some(&name) {
            self.state.name = Some(name);
            if self.state.name_known == NameKnown::Heard && meaning.found.iter().any(doubtful) {
                self.state.name_known = NameKnown::Doubtful;
            }
            // Who was asked for letters once hears them read back, also when it was put right.
            if self.state.name_known == NameKnown::Spelled {
                self.state.name_known = NameKnown::Heard;
            }
        }
    }

    /// What the recogniser's guesses at a name come to together; they are kept in case it is spelled.
    fn likeliest_name(&mut self, said: &str) -> String {
        let mut guesses = vec![said.to_owned()];
        for other in &self.others {
            let other = self.read(other).name;
            guesses.extend(other.filter(|other| other.len() <= LONGEST_NAME && !guesses.contains(other)));
        }
        guesses.truncate(MOST_GUESSES);
        // One guess is as it was heard; lists of names would only make it another's.
        let name = (guesses.len() > 1).then(|| names::together(&guesses, &[])).flatten();
        self.state.name_guesses = guesses;
        name.unwrap_or_else(|| said.to_owned())
    }

    /// A name letter by letter, laid beside what was heard before.
    fn take_letters(&mut self, meaning: &Meaning) {
        let said_before = self.state.name_guesses.clone();
        let mut letters = vec![self.heard.clone()];
        letters.extend(self.others.iter().cloned());
        let spelled = meaning.name.as_ref().map(|spelled| match &self.state.name {
            Some(known) => names::put_right(known, spelled, true),
            None => spelled.clone(),
        });
        let only_letters = names::is_spelled(&self.heard);
        let together = only_letters.then(|| names::together(&said_before, &letters)).flatten();
        // Of the letters of a last name no first name may be lost.
        let words = |name: &String| name.split_whitespace().count();
        let name = [together, spelled].into_iter().flatten().rev().max_by_key(words);
        if let Some(name) = name {
            self.state.name = Some(name);
            self.state.name_known = if only_letters { NameKnown::Spelled } else { NameKnown::AskedToSpell };
        }
    }

    fn take_number(&mut self, meaning: &Meaning) {
        match &meaning.phone {
            Some(SpokenNumber::Whole(number)) => {
                self.state.phone = Some(number.clone());
                self.state.digits.clear();
            }
            Some(SpokenNumber::ThisOne) => self.state.phone.clone_from(&self.state.line),
            Some(SpokenNumber::Piece(digits)) => match self.put_right(meaning) {
                Some(number) => self.state.phone = Some(number),
                None => self.take_digits(digits),
            },
            None => {}
        }
    }

    /// "No, the last four are 2672", once there is a number.
    fn put_right(&self, meaning: &Meaning) -> Option<PhoneNumber> {
        let known = self.state.phone.as_ref().filter(|_| self.state.digits.is_empty())?;
        amended_number(known, &meaning.text, &self.business.country)
    }

    /// A number may come in pieces. One that is as long as a number by itself starts again.
    pub(super) fn take_digits(&mut self, digits: &str) {
        let whole = digits.len() >= WHOLE_NUMBER;
        if whole || self.state.digits.len() + digits.len() > MOST_DIGITS {
            self.state.digits.clear();
        }
        self.state.digits.push_str(digits);
        if let Ok(number) = PhoneNumber::parse(&self.state.digits, &self.business.country) {
            self.state.phone = Some(number);
            self.state.digits.clear();
        }
    }

    /// How many come, and what else the business should know.
    fn take_note(&mut self, meaning: &Meaning) {
        if let Some(people) = meaning.people {
            self.state.party = Some(people).filter(|people| *people > 1);
        }
        if let Some(email) = &meaning.email {
            self.state.email = Some(email.address.clone());
        }
        let extension = meaning.extension.as_ref().map(|digits| self.texts_for_business().extension(digits));
        for note in meaning.note.iter().chain(&extension) {
            let known = self.state.note.get_or_insert_default();
            if known.contains(note.as_str()) || known.chars().count() + note.chars().count() > MOST_NOTE {
                continue;
            }
            if !known.is_empty() {
                known.push_str("; ");
            }
            known.push_str(note);
        }
        self.state.note.take_if(|note| note.is_empty());
    }

    /// "When are you free?" without a day is a wish for whatever there is.
    pub(super) fn any_time(&mut self) {
        if self.state.when.is_empty() {
            self.state.when = When { day: Some(crate::domain::time::Day::Any), clock: None };
        }
    }
}

/// Whether an utterance carries anything at all.
fn says_something(meaning: &Meaning) -> bool {
    !meaning.intents.is_empty()
        || meaning.service.is_some()
        || meaning.staff.is_some()
        || meaning.when.is_some()
        || meaning.name.is_some()
        || meaning.phone.is_some()
        || meaning.people.is_some()
        || meaning.email.is_some()
        || meaning.note.is_some()
        || meaning.about.is_some()
        || meaning.answer.is_some()
        || meaning.choice.is_some()
}
