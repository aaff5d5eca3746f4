//! Choosing among times that were offered, by anything that tells them apart; wanting others; wanting none.

use jiff::{SignedDuration, Timestamp, Zoned};

use super::{
    Asked, AskedFor, Dialogue,
    find::{LOOK_AHEAD, Search},
    texts::{Question, Wish},
};
use crate::domain::{
    booking::Slot,
    business::Service,
    time::{self, Around, Clock, Resolution, When},
    understand::{Answer, Choice, Match, Meaning, StaffWish},
};

/// Refusals whose times are remembered.
const MOST_REFUSED: usize = 12;
/// Who has refused more than one list of times is asked for theirs.
const LISTS: usize = 3;

impl Dialogue {
    pub(super) fn on_choice(&mut self, meaning: &Meaning) -> bool {
        let compared = match (meaning.choice, meaning.when.unwrap_or_default()) {
            (Some(Choice::Later), when) if only_compares(when) => Some(true),
            (Some(Choice::Earlier), when) if only_compares(when) => Some(false),
            (None, When { day: None, clock: Some(Clock::Later) }) => Some(true),
            (None, When { day: None, clock: Some(Clock::Earlier) }) => Some(false),
            _ => None,
        };
        if let Some(later) = compared {
            self.look_beyond(later);
            return true;
        }
        if let Some(When { day: Some(_), clock: Some(clock @ (Clock::Later | Clock::Earlier)) }) = meaning.when {
            // "Anything later on Thursday?": that day is in the wish already.
            self.look_beyond(clock == Clock::Later);
            return true;
        }
        let offers = &self.state.offers;
        let Some((first, last)) = offers.first().copied().zip(offers.last().copied()) else { return false };
        let picked = match meaning.choice {
            Some(Choice::Nth(n)) => offers.get(n).copied(),
            Some(Choice::Last) => Some(last),
            // "That doesn't work either" takes none of them.
            Some(Choice::Any) if meaning.when.is_none() && meaning.answer != Some(Answer::No) => Some(first),
            Some(Choice::Neither) if meaning.when.is_none() => None,
            _ => match (meaning.answer, self.fitting(meaning).as_slice()) {
                (_, [only]) => Some(*only),
                (Some(Answer::Yes), _) if offers.len() == 1 && meaning.when.is_none() => Some(first),
                // "Yes" to a choice of several is a yes to the first only when it names one, so ask.
                (Some(Answer::Yes), _) if meaning.when.is_none() && meaning.staff.is_none() => {
                    let offers = self.state.offers.clone();
                    self.narrow(&offers);
                    return true;
                }
                (_, fitting) if fitting.len() > 1 && !names_its_time(meaning) => {
                    self.narrow(fitting);
                    return true;
                }
                _ => None,
            },
        };
        if let Some(slot) = picked {
            self.pick(slot);
            return true;
        }
        let nothing_else = meaning.when.is_none() && meaning.staff.is_none() && meaning.service.is_none();
        // Who names the very time again that cannot be had wants none of these either.
        let same_again = meaning.when.is_some() && self.fresh == Wish::default();
        let refused = same_again
            || nothing_else && (meaning.choice == Some(Choice::Neither) || meaning.answer == Some(Answer::No));
        if refused {
            self.on_refused();
        }
        refused
    }

    /// The offers that what is said holds for: "the three o'clock one", "Thursday", "in the afternoon", "with Maria".
    fn fitting(&self, meaning: &Meaning) -> Vec<Slot> {
        let when = meaning.when.unwrap_or_default();
        let staff = match &meaning.staff {
            Some(StaffWish::Named(Match::One(id))) => Some(*id),
            _ => None,
        };
        // "Later on Tuesday" is none of them.
        let elsewhere = matches!(when.clock, Some(Clock::Later | Clock::Earlier));
        if elsewhere || when.is_empty() && staff.is_none() {
            return Vec::new();
        }
        let holds =
            |slot: &&Slot| self.holds_at(&self.at(slot.starts), when) && staff.is_none_or(|staff| staff == slot.staff);
        self.state.offers.iter().filter(holds).copied().collect()
    }

    /// Several of the offers are possible: asks which of those.
    fn narrow(&mut self, offers: &[Slot]) {
        self.state.offers = offers.to_vec();
        let said = self.offers_said();
        let question = self.texts().which_one(offers.len(), &said);
        self.ask(Asked::Which, question);
    }

    /// None of them: other times are offered once, and then the caller is asked for theirs.
    pub(super) fn on_refused(&mut self) {
        let refused: Vec<Timestamp> = self.state.offers.drain(..).map(|slot| slot.starts).collect();
        let before = self.state.refused.len();
        self.state.refused.extend(refused);
        self.state.refused.truncate(MOST_REFUSED);
        let clock = self.state.when.clock.filter(|clock| matches!(clock, Clock::Part(_)));
        self.state.when = When::default();
        let service = self.service_asked_about().filter(|_| before < LISTS);
        match service {
            Some(service) => self.look_for_others(&service, clock),
            None => self.ask(Asked::When, self.texts().when_instead(self.state.turns)),
        }
    }

    /// Times in other halves of the days than those that were refused.
    fn look_for_others(&mut self, service: &Service, clock: Option<Clock>) {
        let half = |at: &Zoned| (at.date(), at.hour() < 12);
        let refused: Vec<_> = self.state.refused.iter().map(|at| half(&self.at(*at))).collect();
        let mut within = Vec::new();
        let mut date = self.now_there().date();
        let last = self.at(self.now + LOOK_AHEAD).date();
        let tz = self.business.zone.tz();
        while date <= last {
            let Ok(next) = date.tomorrow() else { break };
            let noon = date.at(12, 0, 0, 0);
            for (from, to, morning) in [(date.at(0, 0, 0, 0), noon, true), (noon, next.at(0, 0, 0, 0), false)] {
                let (Ok(from), Ok(to)) = (tz.to_timestamp(from), tz.to_timestamp(to)) else { continue };
                if !refused.contains(&(date, morning)) && to > self.now {
                    within.push((from.max(self.now), to));
                }
            }
            date = next;
        }
        if let Some(clock) = clock {
            within.retain(|(from, _)| self.half_has(*from, clock));
        }
        let Some((from, to)) = within.first().zip(within.last()).map(|(first, last)| (first.0, last.1)) else {
            return self.ask(Asked::When, self.texts().when_instead(self.state.turns));
        };
        let replacing = self.state.chosen;
        self.find(service, replacing, Search { from, to, near: None, within }, AskedFor::Others);
    }

    /// Whether the half of a day that begins then is the one a part of the day lies in.
    fn half_has(&self, from: Timestamp, clock: Clock) -> bool {
        use crate::domain::time::Part;
        let morning = self.at(from).hour() < 12;
        match clock {
            Clock::Part(Part::Morning) => morning,
            Clock::Part(Part::Afternoon | Part::Evening | Part::Night) => !morning,
            _ => true,
        }
    }

    /// "Anything later?" or "earlier?": from the last offer on, the same day if there is anything.
    pub(super) fn look_beyond(&mut self, later: bool) {
        let Some(service) = self.service_asked_about() else {
            self.on_nonsense();
            return;
        };
        self.release_hold();
        let clock = if later { Clock::Later } else { Clock::Earlier };
        let day = self.day_wished();
        let on_the_day = |slot: &&Slot| {
            day.as_ref().is_none_or(|(from, to)| (from.timestamp()..to.timestamp()).contains(&slot.starts))
        };
        let mut offers = self.state.offers.iter().filter(on_the_day);
        let pivot = if later { offers.next_back() } else { offers.next() }.copied();
        let Some(pivot) = pivot else {
            self.state.when.clock = Some(clock);
            self.advance();
            return;
        };
        let replacing = self.state.chosen;
        let search = if later {
            let from = pivot.starts + SignedDuration::from_secs(60);
            Search::between(from, day.map_or(from.max(self.now) + LOOK_AHEAD, |(_, to)| to.timestamp()))
        } else {
            let from = day.map_or(self.now, |(from, _)| from.timestamp());
            Search::between(from, pivot.starts).near(pivot.starts)
        };
        self.find(&service, replacing, search, AskedFor::Beyond { later });
    }

    /// The one day the wish names, if it does, from its beginning or now to its end.
    fn day_wished(&self) -> Option<(Zoned, Zoned)> {
        self.state.when.day?;
        let now = self.now_there();
        let around = Around { now: &now, business: &self.business, compared: None };
        match time::resolve(When { clock: None, ..self.state.when }, around) {
            Resolution::Window { from, to, day: Some(_) } => Some((from, to)),
            _ => None,
        }
    }

    /// What was offered is the last, or the first, there is: it stays on offer.
    pub(super) fn on_nothing_beyond(&mut self, later: bool) {
        self.say(self.texts().nothing_beyond(later));
        let said = self.offers_said();
        let question: Question = self.texts().which_one(self.state.offers.len(), &said);
        self.ask(Asked::Which, question);
    }
}

/// "Later", and no day or time besides.
fn only_compares(when: When) -> bool {
    when.day.is_none() && matches!(when.clock, None | Some(Clock::Later | Clock::Earlier))
}

/// "Thursday at four" says exactly which; if it is several of the offers or none of them, it is a wish of its own.
fn names_its_time(meaning: &Meaning) -> bool {
    meaning.when.is_some_and(|when| when.day.is_some() && when.clock.is_some())
}
