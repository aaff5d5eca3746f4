//! The receptionist that is a language model: it owns the words, while the conversation's machine and the desk own the
//! facts. When no model answers in time, the machine speaks for itself, and knows everything that was understood.

mod account;
mod breaker;
mod chain;
mod history;
mod honest;
mod instructions;
mod known;
pub mod prompt;
pub mod summary;
mod talk;
pub mod tools;
mod turn;
mod waiting;

use std::sync::Arc;

use breaker::Breaker;
pub(super) use chain::{Progress, Race};
pub use instructions::Instructions;
pub(super) use talk::{Early, Talk, caller_turn};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
pub(super) use turn::{Doing, Ends, FILLER, MOST_CALLS, MOST_STEPS, Turn};

use crate::{
    domain::report::Price,
    ports::{
        language_model::LanguageModel,
        observer::{BreakerState, Observer},
        purse::Purse,
        reports::Reports,
    },
};

/// One model that can be asked. Its clones share what is known of how well it answers, so a model that many businesses
/// use is one endpoint.
#[derive(Clone)]
pub struct Endpoint {
    /// As the settings call it; goes into logs, metrics and reports.
    pub name: Arc<str>,
    pub model: Arc<dyn LanguageModel>,
    pub price: Price,
    breaker: Arc<Breaker>,
}

impl Endpoint {
    pub fn new(name: impl Into<Arc<str>>, model: Arc<dyn LanguageModel>, price: Price) -> Self {
        let name = name.into();
        Self { breaker: Arc::new(Breaker::new(Arc::clone(&name))), name, model, price }
    }

    /// Whether it is asked at the moment, or left alone because it does not answer.
    pub fn breaker_state(&self) -> BreakerState {
        self.breaker.is()
    }
}

/// What a call needs to be talked through by models. Shared by all calls that use the same models.
pub struct Receptionist {
    /// In the order in which they are tried.
    pub endpoints: Vec<Endpoint>,
    pub purse: Arc<dyn Purse>,
    pub reports: Arc<dyn Reports>,
    pub observer: Arc<dyn Observer>,
    pub settings: Settings,
    /// What goes on after a call, the summary above all: a server that stops waits for it.
    pub tasks: TaskTracker,
    /// How many calls are summed up at once: a crowd that hangs up must not use up what a vendor allows for those who talk.
    pub summaries: Arc<Semaphore>,
    /// What the models are told of the businesses, made once.
    pub instructions: Instructions,
}

/// How the models of this server are used.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// An answer is begun on a partial transcript that has stopped changing, and thrown away if the final one differs.
    pub early_start: bool,
    /// Summaries tell how the caller felt.
    pub sentiment: bool,
}
