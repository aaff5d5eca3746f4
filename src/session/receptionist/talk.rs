//! What a call keeps while models do the talking.

use std::{future::pending, sync::Arc};

use serde::Serialize;

use super::{
    Receptionist,
    account::{Account, Tally},
    chain::{Progress, Race},
    history::History,
    instructions::Instruction,
    known::Known,
    turn::Turn,
};
use crate::{
    domain::{business::Business, dialogue::tool::Situation, ids::CallId, phone::PhoneNumber, report::Report},
    ports::{
        language_model::{Prompt, Turn as Said},
        observer::Seen,
        purse::{Payer, Spent},
    },
};

/// A spoken answer is short; the arguments of a few calls fit, too.
const MOST_TOKENS: u32 = 600;
/// More of an early answer is not taken in before it is wanted.
const MOST_KEPT: usize = 200;

pub(in crate::session) struct Talk {
    pub(in crate::session) receptionist: Arc<Receptionist>,
    pub(in crate::session) account: Arc<Account>,
    told: Instruction,
    pub(in crate::session) history: History,
    pub(in crate::session) known: Known,
    pub(in crate::session) report: Report,
    /// The turn that models are in. Only while one is.
    pub(in crate::session) turn: Option<Box<Turn>>,
    pub(in crate::session) early: Option<Box<Early>>,
    /// As much as was spent: no model is asked any more in this call.
    pub(in crate::session) spent: Option<Spent>,
    /// How many bytes of our last utterance are a model's; what follows them is the machine's.
    pub(in crate::session) by_model: usize,
}

/// An answer that was begun before the caller had stopped speaking. It is heard only if they have said nothing else.
pub(in crate::session) struct Early {
    /// What it answers.
    pub(in crate::session) text: String,
    /// The same as the model reads it.
    pub(in crate::session) turn: String,
    pub(in crate::session) race: Race,
    /// What it has said so far.
    pub(in crate::session) pieces: Vec<Progress>,
}

impl Early {
    /// Keeps what is said. Never ends; may be dropped half-way.
    pub(in crate::session) async fn listen<T>(&mut self) -> T {
        while self.pieces.len() < MOST_KEPT && !self.race.is_over() {
            let piece = self.race.next().await;
            self.pieces.push(piece);
        }
        pending().await
    }

    /// Whether it answers what the caller has said in the end.
    pub(in crate::session) fn answers(&self, words: &str) -> bool {
        let bare = |text: &str| {
            let words =
                text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
            words.filter(|word| !word.is_empty()).collect::<Vec<_>>()
        };
        bare(&self.text) == bare(words)
    }
}

/// What a model reads of a turn of the caller.
#[derive(Serialize)]
struct Caller<'a> {
    caller: &'a str,
    desk: &'a Situation,
}

impl Talk {
    pub(in crate::session) fn new(
        receptionist: Arc<Receptionist>,
        call: CallId,
        business: &Arc<Business>,
        number: Option<PhoneNumber>,
    ) -> Self {
        let payer = Payer { call, business: business.id, zone: business.zone.clone(), number };
        let (purse, observer) = (Arc::clone(&receptionist.purse), Arc::clone(&receptionist.observer));
        Self {
            account: Arc::new(Account { purse, observer, payer }),
            told: receptionist.instructions.of(business),
            receptionist,
            history: History::default(),
            known: Known::default(),
            report: Report::default(),
            turn: None,
            early: None,
            spent: None,
            by_model: 0,
        }
    }

    /// Whether a model may be asked.
    pub(in crate::session) fn leads(&self) -> bool {
        self.spent.is_none() && !self.receptionist.endpoints.is_empty()
    }

    /// The number the line shows, once it is known.
    pub(in crate::session) fn is_called_from(&mut self, number: Option<PhoneNumber>) {
        let Account { purse, observer, payer } = &*self.account;
        let payer = Payer { number, ..payer.clone() };
        self.account = Arc::new(Account { purse: Arc::clone(purse), observer: Arc::clone(observer), payer });
    }

    pub(in crate::session) fn saw(&self, seen: Seen<'_>) {
        self.account.observer.saw(seen);
    }

    /// Asks for an answer to the conversation so far, and to `more` words of the caller that may not be the last.
    pub(in crate::session) fn ask(&self, may_call: bool, more: Option<&str>) -> Race {
        let mut turns = self.history.turns().to_vec();
        turns.extend(more.map(|text| Said::Caller(text.to_owned())));
        let prompt = Prompt {
            system: Arc::clone(&self.told.system),
            tools: Arc::clone(&self.told.tools),
            turns,
            may_call,
            most_tokens: MOST_TOKENS,
        };
        Race::begin(&self.receptionist, &self.account, prompt)
    }

    pub(in crate::session) fn begin_utterance(&mut self) {
        self.history.begin_utterance();
        self.by_model = 0;
    }

    /// The machine has said something to the caller.
    pub(in crate::session) fn machine_said(&mut self, words: &str) {
        self.known.told(words);
        match self.turn.as_mut().and_then(|turn| turn.doing.as_mut()) {
            // It goes in after the call that it came of.
            Some(doing) => doing.says(words),
            None if self.spent.is_some() => {}
            None => self.history.said(words),
        }
    }

    pub(in crate::session) fn pay(&mut self, tally: &Tally) {
        let report = &mut self.report;
        report.tokens_in += u64::from(tally.usage.input);
        report.tokens_cached += u64::from(tally.usage.cached);
        report.tokens_out += u64::from(tally.usage.output);
        report.cost.0 = report.cost.0.saturating_add(tally.cost.0);
        if let Some(turn) = &mut self.turn {
            turn.report.requests += tally.requests;
        }
    }

    pub(in crate::session) fn drop_early(&mut self) {
        if let Some(early) = self.early.take() {
            let tally = early.race.close();
            self.pay(&tally);
            self.saw(Seen::Early { used: false });
        }
    }
}

/// A turn of the caller as one JSON object.
pub(in crate::session) fn caller_turn(words: &str, desk: &Situation) -> String {
    serde_json::to_string(&Caller { caller: words, desk }).unwrap_or_default()
}
