//! How far the receptionist goes: when a caller is put through and where to, what it does when it is at a loss, how much
//! one caller may book, and whether the owner's words for all of that can be used.

use jiff::{Zoned, civil::DateTime};
use serde::{Deserialize, Serialize};

use super::{Business, WeeklyHours, check_week};
use crate::domain::{
    letters::{self, Template},
    phone::{PhoneKind, PhoneNumber},
};

/// What happens when the receptionist does not know an answer, or does not understand after several tries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenUnsure {
    /// The caller may choose: be put through (while somebody is there), or leave a message.
    #[default]
    Offer,
    /// A message is taken, also while callers could be put through. Who asks for a person still gets one.
    TakeMessage,
    /// They are put through at once; while nobody is there, a message is taken.
    PutThrough,
}

/// How much may be booked by callers. The business itself, which books without a call, is not held to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bookings that one call may make (1 to 20). Moving one is not making one.
    pub per_call: u16,
    /// Bookings that one number may make within 24 hours (1 to 50).
    pub per_number_a_day: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_call: 2, per_number_a_day: 3 }
    }
}

/// Characters that are spoken before a caller can say anything.
const MOST_GREETING: usize = 500;
const MOST_DISCLOSURE: usize = 300;
/// Facts, the words that each is found by, and the length of its answer.
const MOST_FACTS: usize = 100;
const MOST_WORDS: usize = 20;
const MOST_ANSWER: usize = 600;

impl WeeklyHours {
    /// Whether a moment on the wall clock lies in one of the periods, those of the night before included.
    pub fn covers(&self, at: DateTime) -> bool {
        let time = at.time();
        let today = self.on(at.weekday()).iter().any(|p| p.from <= time && (p.overnight() || time < p.to));
        let night = at
            .date()
            .yesterday()
            .is_ok_and(|before| self.on(before.weekday()).iter().any(|period| period.overnight() && time < period.to));
        today || night
    }
}

impl Business {
    /// Where a caller is put through to at this moment. Nothing: there is nobody, or it is outside of the hours for it.
    pub fn transfer_at(&self, now: &Zoned) -> Option<&PhoneNumber> {
        let there = now.with_time_zone(self.zone.tz().clone()).datetime();
        let open = self.transfer_hours.as_ref().is_none_or(|hours| hours.covers(there));
        self.transfer_to.as_ref().filter(|_| open)
    }

    pub(super) fn check_reception(&self, wrong: &mut impl FnMut(String, &str)) {
        let longer = |text: &str, most: usize| text.chars().count() > most;
        if longer(&self.voice.greeting, MOST_GREETING) {
            wrong("voice.greeting".into(), "at most 500 characters");
        }
        if longer(&self.voice.disclosure, MOST_DISCLOSURE) {
            wrong("voice.disclosure".into(), "at most 300 characters");
        }
        if self.transfer_to.as_ref().is_some_and(|number| number.kind() == PhoneKind::Never) {
            wrong("transfer_to".into(), "is a number that costs whoever dials it, or reaches nobody");
        }
        if let Some(hours) = &self.transfer_hours {
            check_week("transfer_hours", hours, wrong);
        }
        if self.facts.len() > MOST_FACTS {
            wrong("facts".into(), "at most 100");
        }
        for (n, fact) in self.facts.iter().enumerate() {
            if fact.about.iter().all(|word| word.trim().is_empty()) || fact.about.len() > MOST_WORDS {
                wrong(format!("facts[{n}].about"), "1 to 20 words that callers use when they ask");
            }
            if fact.answer.trim().is_empty() || longer(&fact.answer, MOST_ANSWER) {
                wrong(format!("facts[{n}].answer"), "an answer of 1 to 600 characters");
            }
        }
        let limits = self.rules.limits;
        if !(1..=20).contains(&limits.per_call) {
            wrong("rules.limits.per_call".into(), "must be 1 to 20");
        }
        if !(1..=50).contains(&limits.per_number_a_day) {
            wrong("rules.limits.per_number_a_day".into(), "must be 1 to 50");
        }
        for (language, words) in &self.texts {
            for template in Template::ALL {
                let own = words.of(template);
                let why = (!own.is_empty()).then(|| letters::mistake(own, template, language, self)).flatten();
                if let Some(why) = why {
                    wrong(format!("texts.{language}.{}", template.as_str()), &why);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;
    use crate::{domain::business::OpenPeriod, testing::salon};

    fn at(day: Date, hour: i8) -> Zoned {
        day.at(hour, 0, 0, 0).to_zoned(salon().zone.tz().clone()).unwrap()
    }

    #[test]
    fn callers_are_put_through_in_the_hours_for_it_and_always_without_any() {
        let mut salon = salon();
        salon.transfer_to = Some("+12125550199".parse().unwrap());
        let (friday, saturday, sunday) = (date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22));
        assert!(salon.transfer_at(&at(sunday, 3)).is_some(), "no hours: always");
        let night = OpenPeriod { from: jiff::civil::time(20, 0, 0, 0), to: jiff::civil::time(2, 0, 0, 0) };
        salon.transfer_hours = Some(WeeklyHours { friday: vec![night], ..WeeklyHours::default() });
        assert!(salon.transfer_at(&at(friday, 19)).is_none());
        assert!(salon.transfer_at(&at(friday, 23)).is_some());
        assert!(salon.transfer_at(&at(saturday, 1)).is_some(), "the night goes on");
        assert!(salon.transfer_at(&at(saturday, 2)).is_none());
        // Where the business is, whatever zone the moment is written in.
        let berlin = at(friday, 23).in_tz("Europe/Berlin").unwrap();
        assert!(salon.transfer_at(&berlin).is_some());
        salon.transfer_to = None;
        assert!(salon.transfer_at(&at(friday, 23)).is_none());
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let mut salon = salon();
        assert_eq!(salon.mistakes(), []);
        salon.transfer_to = Some("+19005551234".parse().unwrap());
        salon.rules.limits.per_call = 0;
        salon.facts[0].answer = " ".into();
        salon.voice.greeting = "x".repeat(501);
        salon.texts.entry("en".into()).or_default().booked = "See you!".into();
        let at: Vec<String> = salon.mistakes().into_iter().map(|mistake| mistake.at).collect();
        assert_eq!(
            at,
            ["voice.greeting", "transfer_to", "facts[0].answer", "rules.limits.per_call", "texts.en.booked"],
            "a premium number is never dialled"
        );
    }

    #[test]
    fn a_document_from_before_there_were_limits_has_the_usual_ones() {
        let salon = salon();
        assert_eq!(salon.rules.limits, Limits { per_call: 2, per_number_a_day: 3 });
        assert_eq!(salon.when_unsure, WhenUnsure::Offer);
    }
}
