//! What a call spends on models: asked before every request, and told after it.

use std::sync::Arc;

use super::Endpoint;
use crate::{
    domain::report::{Micros, Price},
    ports::{
        language_model::{Prompt, Turn, Usage},
        purse::{Payer, Purse, Spent},
    },
};

/// One call's account.
pub(in crate::session) struct Account {
    pub(in crate::session) purse: Arc<dyn Purse>,
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
    pub(super) fn may_spend(&self) -> Result<(), Spent> {
        self.purse.may_spend(&self.payer).map(drop)
    }

    pub(super) fn pay(&self, endpoint: &Endpoint, usage: Usage, tally: &mut Tally) {
        let cost = cost(endpoint.price, usage);
        self.purse.spend(&self.payer, cost);
        tally.usage += usage;
        tally.cost = Micros(tally.cost.0.saturating_add(cost.0));
    }
}

/// Rounded up, so that many small requests are not free.
fn cost(price: Price, usage: Usage) -> Micros {
    let cached = usage.cached.min(usage.input);
    let parts = [(price.input, usage.input - cached), (price.cached, cached), (price.output, usage.output)];
    let millionths = parts.iter().map(|(price, tokens)| u128::from(price.0) * u128::from(*tokens)).sum::<u128>();
    Micros(u64::try_from(millionths.div_ceil(1_000_000)).unwrap_or(u64::MAX))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_from_an_earlier_turn_costs_less() {
        let price = Price { input: Micros(1_000_000), cached: Micros(100_000), output: Micros(4_000_000) };
        let usage = Usage { input: 1_000, cached: 800, output: 50 };
        assert_eq!(cost(price, usage), Micros(200 + 80 + 200));
        assert_eq!(cost(price, Usage { input: 0, cached: 5, output: 0 }), Micros(0));
        let cheap = Price { input: Micros(100_000), ..price };
        assert_eq!(cost(cheap, Usage { input: 1, cached: 0, output: 0 }), Micros(1));
    }
}
