//! How far an owner is with setting a business up. What can be seen from the business itself is not written down: only
//! that somebody has been at a step, and left it.

use serde::{Deserialize, Serialize};

use super::business::Business;

/// One page of the guided path, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Business,
    Zone,
    /// A head start for the kind of business.
    Trade,
    Hours,
    Services,
    Staff,
    Number,
    Calendar,
    Call,
}

impl Step {
    pub const ALL: [Self; 9] = [
        Self::Business,
        Self::Zone,
        Self::Trade,
        Self::Hours,
        Self::Services,
        Self::Staff,
        Self::Number,
        Self::Calendar,
        Self::Call,
    ];

    /// As it stands in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Business => "business",
            Self::Zone => "zone",
            Self::Trade => "trade",
            Self::Hours => "hours",
            Self::Services => "services",
            Self::Staff => "staff",
            Self::Number => "number",
            Self::Calendar => "calendar",
            Self::Call => "call",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// The one after it; nothing after the last.
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().skip_while(|step| *step != self).nth(1)
    }
}

/// What stands in the business's document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Setup {
    /// The steps that somebody has been through, or has put off.
    pub passed: Vec<Step>,
}

impl Setup {
    pub(super) fn is_untouched(&self) -> bool {
        self.passed.is_empty()
    }

    pub fn pass(&mut self, step: Step) {
        if !self.passed.contains(&step) {
            self.passed.push(step);
        }
    }
}

/// How it stands with a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Done,
    /// Left without doing it.
    PutOff,
    Open,
}

/// How it stands with a step, as the business shows it. `called`: there has been a call.
pub fn state(business: &Business, called: bool, step: Step) -> State {
    let passed = business.setup.passed.contains(&step);
    let offered = !business.services.is_empty();
    let done = match step {
        // These hold something from the start, so looking at them is what counts.
        Step::Business => passed && !business.name.trim().is_empty(),
        Step::Zone | Step::Calendar => passed,
        Step::Trade => passed || offered,
        Step::Hours => business.hours.is_open(),
        Step::Services => offered,
        Step::Staff => offered && business.services.iter().any(|service| business.offering(service).next().is_some()),
        Step::Number => !business.numbers.is_empty(),
        Step::Call => called,
    };
    match (done, passed) {
        (true, _) => State::Done,
        (false, true) => State::PutOff,
        (false, false) => State::Open,
    }
}

/// Whether "Finish setting up" is still to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub of: usize,
    /// Where to go on: the first step that is open, or else the first that was put off. Nothing: all is done.
    pub next: Option<Step>,
}

/// How far it is as a whole. `called`: there has been a call.
pub fn progress(business: &Business, called: bool) -> Progress {
    let at = |wanted: State| Step::ALL.into_iter().find(|step| state(business, called, *step) == wanted);
    Progress {
        done: Step::ALL.into_iter().filter(|step| state(business, called, *step) == State::Done).count(),
        of: Step::ALL.len(),
        next: at(State::Open).or_else(|| at(State::PutOff)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::salon;

    #[test]
    fn what_is_done_shows_in_the_business_and_not_in_a_list() {
        let mut business = salon();
        let before = progress(&business, false);
        assert_eq!((before.done, before.next), (5, Some(Step::Business)));
        for step in [Step::Business, Step::Zone, Step::Trade, Step::Calendar] {
            business.setup.pass(step);
        }
        assert_eq!(progress(&business, false).next, Some(Step::Call));
        business.setup.pass(Step::Call);
        assert_eq!(state(&business, false, Step::Call), State::PutOff);
        assert_eq!(progress(&business, true), Progress { done: 9, of: 9, next: None });
        business.services.clear();
        assert_eq!(progress(&business, true).next, Some(Step::Services), "taken away is not done any more");
    }

    #[test]
    fn steps_are_found_by_their_names() {
        for step in Step::ALL {
            assert_eq!(Step::named(step.name()), Some(step));
            assert_eq!(serde_json::to_string(&step).unwrap(), format!("\"{}\"", step.name()));
        }
        assert_eq!((Step::Business.next(), Step::Call.next()), (Some(Step::Zone), None));
    }
}
