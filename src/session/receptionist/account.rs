//! What a call spends on models: asked before every request, and told after it.

use std::sync::Arc;

use super::Endpoint;
use crate::{
    domain::report::Micros,
    ports::{
        language_model::{Prompt, Turn, Usage},
        observer::{Came, Observer, Seen},
        purse::{Leave, Payer, Purse, Spent},
    },
};

/// One call's account.
pub(in crate::session) struct Account {
    pub(in crate::session) purse: Arc<dyn Purse>,
    pub(in crate::session) observer: Arc<dyn Observer>,
    pub(in crate::session) payer: Payer,
}

/// What requests have cost, for the report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::session) struct Tally {
    pub(in crate::session) requests: u32,
    pub(in crate::session) usage: Usage,
    pub(in crate::session) cost: Micros,
}

impl Account {
    pub(super) fn may_spend(&self) -> Result<Leave, Spent> {
        self.purse.may_spend(&self.payer)
    }

    pub(super) fn pay(&self, endpoint: &Endpoint, usage: Usage, tally: &mut Tally) {
        let cost = endpoint.price.of(usage.input, usage.cached, usage.output);
        self.purse.spend(&self.payer, cost);
        self.observer.saw(Seen::Used { model: &endpoint.name, usage, cost });
        tally.usage += usage;
        tally.cost = Micros(tally.cost.0.saturating_add(cost.0));
    }

    /// A request is over.
    pub(super) fn came(&self, endpoint: &Endpoint, came: Came) {
        self.observer.saw(Seen::Asked { model: &endpoint.name, came });
    }
}

/// Characters in one token, on the safe side.
const CHARACTERS: usize = 4;

/// What an answer has used that never told: the vendor charges for it all the same.
pub(super) fn estimate(prompt: &Prompt, said: usize) -> Usage {
    let turns: usize = prompt.turns.iter().map(length).sum();
    // A schema's characters are not known here; a tool has about so many.
    let tools = prompt.tools.iter().map(|tool| tool.description.len() + 600).sum::<usize>();
    let tokens = |characters: usize| u32::try_from(characters.div_ceil(CHARACTERS)).unwrap_or(u32::MAX);
    Usage { input: tokens(prompt.system.len() + tools + turns), cached: 0, output: tokens(said) }
}

/// In bytes, as a measure of how much a model has to read.
pub(super) fn length(turn: &Turn) -> usize {
    match turn {
        Turn::Caller(text) => text.len(),
        Turn::Agent { text, calls } => {
            text.len() + calls.iter().map(|call| call.name.len() + call.arguments.len()).sum::<usize>()
        }
        Turn::Results(results) => results.iter().map(|result| result.content.len()).sum(),
    }
}
