//! Leaves a model alone that does not answer, so that no caller waits for what will not come. One breaker for each model,
//! shared by all calls.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use tracing::{error, info, warn};

use crate::ports::{language_model::ModelError, observer::BreakerState};

/// Failures are weighed over this time, by the second.
const WINDOW: usize = 10;
/// So many requests say something about a model; fewer are chance.
const ENOUGH: u32 = 20;
/// So many failures one after the other say it, too, when few calls are made.
const IN_A_ROW: u32 = 5;
/// While a model is left alone, it is asked once in this time whether it is back.
const PROBE: Duration = Duration::from_secs(5);
/// Nobody changes a key more quickly.
const KEY_REFUSED: Duration = Duration::from_mins(5);
/// A limit without a time is often one of money.
const LIMITED: Duration = Duration::from_mins(1);
/// A vendor that wants to be left alone for longer is asked all the same.
const LONGEST: Duration = Duration::from_mins(10);

#[derive(Debug)]
pub(super) struct Breaker {
    model: Arc<str>,
    since: Instant,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    seconds: [Second; WINDOW],
    in_a_row: u32,
    /// Left alone until then; after it, one request at a time tells whether the model is back.
    open_until: Option<Instant>,
    next_probe: Option<Instant>,
    key_refused: bool,
}

/// What came of the requests that ended in one second.
#[derive(Clone, Copy, Debug, Default)]
struct Second {
    number: u64,
    good: u32,
    bad: u32,
}

impl Breaker {
    pub(super) fn new(model: Arc<str>) -> Self {
        Self { model, since: Instant::now(), state: Mutex::default() }
    }

    /// Whether the model may be asked now. A yes while it is left alone is the one probe of its five seconds.
    pub(super) fn lets_through(&self) -> bool {
        let now = Instant::now();
        let mut state = self.state();
        let Some(until) = state.open_until else { return true };
        if now < until || state.next_probe.is_some_and(|next| now < next) {
            return false;
        }
        state.next_probe = Some(now + PROBE);
        true
    }

    pub(super) fn is(&self) -> BreakerState {
        match self.state().open_until {
            None => BreakerState::Closed,
            Some(until) if Instant::now() < until => BreakerState::Open,
            Some(_) => BreakerState::HalfOpen,
        }
    }

    /// It answered, to the end.
    pub(super) fn worked(&self) {
        let now = Instant::now();
        let mut state = self.state();
        if state.open_until.is_some_and(|until| now < until) {
            return; // Begun before it was left alone, which is for a reason.
        }
        if state.open_until.take().is_some() {
            info!(model = %self.model, "the model {} is back", self.model);
            *state = State::default();
        }
        state.in_a_row = 0;
        state.key_refused = false;
        self.second(&mut state, now).good += 1;
    }

    /// It said nothing for so long that another had to answer.
    pub(super) fn was_silent(&self) {
        self.count_failure("it says nothing");
    }

    pub(super) fn failed(&self, error: &ModelError) {
        match error {
            ModelError::KeyRefused => {
                let told_before = std::mem::replace(&mut self.state().key_refused, true);
                if !told_before {
                    error!(model = %self.model, "the key of the model {} is refused; somebody has to see to it", self.model);
                }
                self.leave_alone(KEY_REFUSED);
            }
            ModelError::Limited { retry_after } => self.leave_alone(retry_after.unwrap_or(LIMITED)),
            ModelError::Overloaded { retry_after: Some(time) } => self.leave_alone(*time),
            // It says nothing about the model.
            ModelError::TooLong => {}
            ModelError::Unreachable(_)
            | ModelError::Overloaded { retry_after: None }
            | ModelError::Failed
            | ModelError::NotAccepted(_)
            | ModelError::Broken(_) => self.count_failure(&error.to_string()),
        }
    }

    fn count_failure(&self, why: &str) {
        let now = Instant::now();
        let mut state = self.state();
        state.in_a_row = state.in_a_row.saturating_add(1);
        self.second(&mut state, now).bad += 1;
        if state.open_until.is_some() {
            return; // The probe failed: the next one is in its time.
        }
        let current = self.number(now);
        let recent = state.seconds.iter().filter(|second| second.number + WINDOW as u64 > current);
        let (good, bad) = recent.fold((0, 0), |(good, bad), second| (good + second.good, bad + second.bad));
        let often = good + bad >= ENOUGH && bad * 2 >= good + bad;
        if often || state.in_a_row >= IN_A_ROW {
            state.open_until = Some(now + PROBE);
            drop(state);
            warn!(model = %self.model, "the model {} is left alone for a while: {why}", self.model);
        }
    }

    fn leave_alone(&self, time: Duration) {
        let until = Instant::now() + time.min(LONGEST);
        let mut state = self.state();
        let longer = state.open_until.is_none_or(|known| known < until);
        if longer {
            state.open_until = Some(until);
            drop(state);
            warn!(model = %self.model, seconds = time.as_secs(), "the model {} is left alone as it asks", self.model);
        }
    }

    fn number(&self, now: Instant) -> u64 {
        // Second 0 is what an unused entry holds.
        now.duration_since(self.since).as_secs() + WINDOW as u64
    }

    fn second<'a>(&self, state: &'a mut State, now: Instant) -> &'a mut Second {
        let number = self.number(now);
        let place = usize::try_from(number % WINDOW as u64).unwrap_or_default();
        let second = &mut state.seconds[place];
        if second.number != number {
            *second = Second { number, ..Second::default() };
        }
        second
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    fn breaker() -> Breaker {
        Breaker::new("a".into())
    }

    #[tokio::test(start_paused = true)]
    async fn five_failures_in_a_row_open_it_and_one_probe_in_five_seconds_closes_it() {
        let breaker = breaker();
        for _ in 0..5 {
            assert!(breaker.lets_through());
            breaker.failed(&ModelError::Failed);
        }
        assert!(!breaker.lets_through());
        assert_eq!(breaker.is(), BreakerState::Open);
        advance(PROBE).await;
        assert!(breaker.lets_through() && !breaker.lets_through(), "one probe");
        assert_eq!(breaker.is(), BreakerState::HalfOpen);
        breaker.failed(&ModelError::Failed);
        advance(PROBE).await;
        assert!(breaker.lets_through());
        breaker.worked();
        assert!(breaker.lets_through() && breaker.lets_through());
    }

    #[tokio::test(start_paused = true)]
    async fn half_of_twenty_within_ten_seconds_open_it() {
        let breaker = breaker();
        for n in 0..19 {
            if n % 2 == 0 { breaker.worked() } else { breaker.failed(&ModelError::Failed) }
        }
        assert!(breaker.lets_through());
        breaker.failed(&ModelError::Failed);
        assert!(!breaker.lets_through(), "ten of twenty");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_long_past_counts_no_more() {
        let breaker = breaker();
        for _ in 0..4 {
            for _ in 0..4 {
                breaker.failed(&ModelError::Failed);
            }
            breaker.worked();
            advance(Duration::from_secs(WINDOW as u64 + 1)).await;
        }
        assert!(breaker.lets_through());
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_is_kept_to_its_time_and_no_longer_than_ten_minutes() {
        for (said, kept) in [(Some(30), 30), (None, 60), (Some(100_000), 600)] {
            let breaker = breaker();
            breaker.failed(&ModelError::Limited { retry_after: said.map(Duration::from_secs) });
            advance(Duration::from_secs(kept - 1)).await;
            assert!(!breaker.lets_through(), "{said:?}");
            advance(Duration::from_secs(1)).await;
            assert!(breaker.lets_through(), "{said:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_key_is_tried_again_after_five_minutes() {
        let breaker = breaker();
        breaker.failed(&ModelError::KeyRefused);
        advance(KEY_REFUSED.saturating_sub(PROBE)).await;
        assert!(!breaker.lets_through());
        advance(PROBE).await;
        assert!(breaker.lets_through());
    }
}
