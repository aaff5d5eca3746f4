//! What callers ask beside booking: hours, prices, the address, who we are. Answered from the owner's facts alone.

use super::{Dialogue, Effect};
use crate::domain::{
    call::Outcome,
    time::{self, Around, Resolution},
    understand::{Intent, Match, Meaning},
};

impl Dialogue {
    /// Answers every question in an utterance. True when there was one.
    pub(super) fn answer_questions(&mut self, meaning: &Meaning) -> bool {
        let said = self.effects.iter().filter(|effect| matches!(effect, Effect::Say(_))).count();
        for intent in &meaning.intents {
            if let Some(text) = self.answer_to(*intent, meaning) {
                self.say(text);
            }
        }
        let answered = self.effects.iter().filter(|effect| matches!(effect, Effect::Say(_))).count() > said;
        if answered {
            self.state.outcome = self.state.outcome.max(Outcome::Answered);
        }
        answered
    }

    fn answer_to(&self, intent: Intent, meaning: &Meaning) -> Option<String> {
        let business = &self.business;
        match intent {
            Intent::AskHours => Some(self.hours(meaning)),
            Intent::AskPrice => {
                let service = match &meaning.service {
                    Some(Match::One(id)) => business.service(*id),
                    _ => self.state.service.and_then(|id| business.service(id)),
                };
                Some(service.map_or_else(|| self.texts().prices(business), |service| self.texts().price(service)))
            }
            Intent::AskAddress => Some(self.texts().address(business)),
            // What is not on offer is said not to be, together with what is.
            Intent::AskServices if matches!(meaning.service, Some(Match::Unknown(_))) => None,
            Intent::AskServices => Some(self.texts().services(business)),
            Intent::AskFact(index) => business.facts.get(index).map(|fact| fact.answer.clone()),
            Intent::AskWhoYouAre => Some(self.texts().who_i_am(business)),
            Intent::AskOther => Some(self.texts().unanswered()),
            Intent::Privacy => Some(self.texts().privacy(business)),
            _ => None,
        }
    }

    /// The hours of the day that was asked about, else of the week.
    fn hours(&self, meaning: &Meaning) -> String {
        let now = self.now_there();
        let around = Around { now: &now, business: &self.business, compared: None };
        let day = meaning.when.filter(|when| when.day.is_some()).and_then(|when| match time::resolve(when, around) {
            Resolution::Moment(at) => Some(at.date()),
            Resolution::Window { day, .. } => day,
            _ => None,
        });
        match day {
            Some(date) => self.texts().hours_on(&self.business, date, now.date()),
            None => self.texts().hours_of_week(&self.business),
        }
    }
}
