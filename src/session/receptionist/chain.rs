//! Asks several models for one answer: the first in order, the next beside it when it is slow, and the first to speak is
//! the one that is listened to.

use std::{future::poll_fn, sync::Arc, task::Poll, time::Duration};

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::{Instant, sleep_until};

use super::{
    Endpoint, Receptionist,
    account::{Account, Tally, estimate},
    history,
};
use crate::ports::{
    language_model::{Answer, ModelError, Piece, Prompt, ToolCall, Why},
    observer::Came,
    purse::{Leave, Spent},
};

/// Without a first piece for so long, the next model is asked beside the one that is asked already.
pub(super) const NEXT_MODEL: Duration = Duration::from_millis(1_500);
/// An answer that stops for so long has broken off.
const LONGEST_GAP: Duration = Duration::from_secs(2);
/// Nobody is heard saying more; what a model makes beyond it is its own fault.
const MOST_PIECES: u32 = 20_000;

/// How an answer comes along.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::session) enum Progress {
    Words(String),
    Call(ToolCall),
    /// It was all.
    Over(Why),
    /// The one that spoke has broken off. [`Race::go_on`] asks those that are left.
    BrokenOff,
    /// Nobody answers.
    Nobody,
    /// The money is spent.
    NoMoney(Spent),
}

/// One model that is asked.
struct Runner {
    endpoint: usize,
    answer: Answer,
    asked: Instant,
    /// Bytes it has said.
    said: usize,
    /// Given back when the request is paid for.
    _leave: Leave,
}

/// One answer in the making. Dropping it gives it up; [`Race::close`] says what it has cost.
pub(in crate::session) struct Race {
    receptionist: Arc<Receptionist>,
    account: Arc<Account>,
    prompt: Arc<Prompt>,
    runners: Vec<Runner>,
    /// The next of the models to be asked.
    next: usize,
    /// When it is asked.
    hedge_at: Instant,
    /// The one that has spoken first; it runs alone.
    won: Option<usize>,
    gap_at: Instant,
    pieces: u32,
    no_money: Option<Spent>,
    /// The conversation was too long for a model and has been shortened.
    pub(in crate::session) shortened: bool,
    tally: Tally,
}

impl Race {
    /// Asks the first model that is not left alone.
    pub(in crate::session) fn begin(receptionist: &Arc<Receptionist>, account: &Arc<Account>, prompt: Prompt) -> Self {
        let now = Instant::now();
        let mut race = Self {
            receptionist: Arc::clone(receptionist),
            account: Arc::clone(account),
            prompt: Arc::new(prompt),
            runners: Vec::with_capacity(2),
            next: 0,
            hedge_at: now,
            won: None,
            gap_at: now,
            pieces: 0,
            no_money: None,
            shortened: false,
            tally: Tally::default(),
        };
        race.ask_next();
        race
    }

    /// The setting's name of the model that is listened to.
    pub(in crate::session) fn model(&self) -> Option<Arc<str>> {
        self.won.and_then(|at| self.receptionist.endpoints.get(at)).map(|endpoint| Arc::clone(&endpoint.name))
    }

    /// What comes next. May be dropped half-way without losing anything.
    pub(in crate::session) async fn next(&mut self) -> Progress {
        loop {
            if let Some(nobody) = self.nobody() {
                return nobody;
            }
            let more = self.next < self.receptionist.endpoints.len();
            let deadline = if self.won.is_some() { self.gap_at } else { self.hedge_at };
            tokio::select! {
                biased;
                (at, piece) = next_piece(&mut self.runners) => {
                    if let Some(progress) = self.on_piece(at, piece) { return progress; }
                }
                () = sleep_until(deadline), if self.won.is_some() || more => {
                    if self.won.is_some() { return self.on_broken(&ModelError::Broken("it stopped")); }
                    self.ask_next();
                }
            }
        }
    }

    /// When there is nobody to wait for.
    pub(in crate::session) fn nobody(&self) -> Option<Progress> {
        self.runners.is_empty().then(|| self.no_money.map_or(Progress::Nobody, Progress::NoMoney))
    }

    /// Whether nothing more comes.
    pub(in crate::session) fn is_over(&self) -> bool {
        self.runners.is_empty()
    }

    /// After [`Progress::BrokenOff`]: asks those that have not been asked. False when there is none.
    pub(in crate::session) fn go_on(&mut self) -> bool {
        self.won = None;
        self.ask_next();
        !self.runners.is_empty()
    }

    /// Gives up what is still being made and says what it has all cost.
    pub(in crate::session) fn close(mut self) -> Tally {
        for runner in std::mem::take(&mut self.runners) {
            self.give_up(&runner, Came::Dropped);
        }
        self.tally
    }

    /// As [`Self::close`], when nothing was said in time: those that had their time count as failed.
    pub(in crate::session) fn close_late(mut self) -> Tally {
        if self.won.is_none() {
            self.give_up_the_slow();
        }
        self.close()
    }

    fn ask_next(&mut self) {
        while let Some(endpoint) = self.receptionist.endpoints.get(self.next) {
            let at = self.next;
            self.next += 1;
            if endpoint.breaker.lets_through() {
                self.ask(at);
                return;
            }
        }
    }

    fn ask(&mut self, at: usize) {
        let leave = match self.account.may_spend() {
            Ok(leave) => leave,
            Err(spent) => {
                self.no_money = Some(spent);
                return;
            }
        };
        let now = Instant::now();
        let answer = answer(&self.receptionist.endpoints[at], Arc::clone(&self.prompt));
        self.tally.requests += 1;
        self.hedge_at = now + NEXT_MODEL;
        self.runners.push(Runner { endpoint: at, answer, asked: now, said: 0, _leave: leave });
    }

    fn on_piece(&mut self, at: usize, piece: Option<Result<Piece, ModelError>>) -> Option<Progress> {
        match piece {
            Some(Ok(Piece::Words(words))) => {
                self.runners[at].said += words.len();
                if words.is_empty() && self.won.is_none() {
                    return None; // It is alive, and has said nothing.
                }
                self.spoke(at);
                if self.pieces > MOST_PIECES {
                    return Some(self.on_broken(&ModelError::Broken("it does not end")));
                }
                (!words.is_empty()).then_some(Progress::Words(words))
            }
            Some(Ok(Piece::Call(call))) => {
                self.runners[at].said += call.name.len() + call.arguments.len();
                self.spoke(at);
                Some(Progress::Call(call))
            }
            Some(Ok(Piece::End { why, usage })) => {
                self.spoke(at);
                let endpoint = &self.receptionist.endpoints[self.runners[0].endpoint];
                endpoint.breaker.worked();
                self.account.came(endpoint, Came::Answered);
                self.account.pay(endpoint, usage, &mut self.tally);
                self.runners.clear();
                Some(Progress::Over(why))
            }
            Some(Err(error)) => self.on_error(at, &error),
            None => self.on_error(at, &ModelError::Broken("it ended without its end")),
        }
    }

    /// The first to speak is alone from then on.
    fn spoke(&mut self, at: usize) {
        self.gap_at = Instant::now() + LONGEST_GAP;
        self.pieces += 1;
        if self.won.is_some() {
            return;
        }
        let winner = self.runners.swap_remove(at);
        self.won = Some(winner.endpoint);
        self.give_up_the_slow();
        self.runners.push(winner);
    }

    fn on_error(&mut self, at: usize, error: &ModelError) -> Option<Progress> {
        if self.won.is_some() {
            return Some(self.on_broken(error));
        }
        let runner = self.runners.swap_remove(at);
        self.failed(&runner, error);
        if matches!(error, ModelError::TooLong) && !self.shortened {
            self.shortened = true;
            let shorter = Prompt { turns: history::shorter(&self.prompt.turns), ..Prompt::clone(&self.prompt) };
            self.prompt = Arc::new(shorter);
            self.ask(runner.endpoint);
        } else {
            self.ask_next();
        }
        None
    }

    /// The one that had spoken said no more.
    fn on_broken(&mut self, error: &ModelError) -> Progress {
        for runner in std::mem::take(&mut self.runners) {
            self.failed(&runner, error);
        }
        Progress::BrokenOff
    }

    fn failed(&mut self, runner: &Runner, error: &ModelError) {
        let endpoint = &self.receptionist.endpoints[runner.endpoint];
        endpoint.breaker.failed(error);
        self.account.came(endpoint, error.into());
        tracing::info!(model = %endpoint.name, error = %error, "the model {} did not answer a turn", endpoint.name);
        if runner.said > 0 {
            self.estimate(runner);
        }
    }

    /// All that are still asked are given up; those that had their time and said nothing have failed.
    fn give_up_the_slow(&mut self) {
        for runner in std::mem::take(&mut self.runners) {
            let slow = runner.asked.elapsed() >= NEXT_MODEL;
            if slow {
                self.receptionist.endpoints[runner.endpoint].breaker.was_silent();
            }
            self.give_up(&runner, if slow { Came::Late } else { Came::Dropped });
        }
    }

    fn give_up(&mut self, runner: &Runner, came: Came) {
        self.account.came(&self.receptionist.endpoints[runner.endpoint], came);
        self.estimate(runner);
    }

    fn estimate(&mut self, runner: &Runner) {
        let usage = estimate(&self.prompt, runner.said);
        self.account.pay(&self.receptionist.endpoints[runner.endpoint], usage, &mut self.tally);
    }
}

/// Asks when it is first polled.
fn answer(endpoint: &Endpoint, prompt: Arc<Prompt>) -> Answer {
    let model = Arc::clone(&endpoint.model);
    stream::once(async move { model.answer(&prompt).await }).try_flatten().boxed()
}

/// The next piece of any of them.
async fn next_piece(runners: &mut [Runner]) -> (usize, Option<Result<Piece, ModelError>>) {
    poll_fn(|context| {
        for (at, runner) in runners.iter_mut().enumerate() {
            if let Poll::Ready(piece) = runner.answer.as_mut().poll_next(context) {
                return Poll::Ready((at, piece));
            }
        }
        Poll::Pending
    })
    .await
}
