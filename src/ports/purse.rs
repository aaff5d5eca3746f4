//! What may be spent on models: per call, per business and day, per caller's number and day.

use async_trait::async_trait;

use crate::domain::{
    ids::{BusinessId, CallId},
    phone::PhoneNumber,
    report::Micros,
};

/// On whose account a turn is spent.
#[derive(Clone, Debug)]
pub struct Payer {
    pub call: CallId,
    pub business: BusinessId,
    /// The number the line shows.
    pub number: Option<PhoneNumber>,
}

/// Whose money is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    Call,
    /// The business has spent what it may spend today, in its own time zone's day.
    Business,
    Number,
}

/// Answers from memory, at once; what is spent is written down soon after, and read back when a call begins.
#[async_trait]
pub trait Purse: Send + Sync {
    /// Reads what was spent today, by this and other processes. A store that does not answer is no reason not to talk.
    async fn open(&self, payer: &Payer);

    /// Asked before every request to a model. No: the scripted receptionist goes on.
    fn may_spend(&self, payer: &Payer) -> Result<(), Spent>;

    /// What a request cost.
    fn spend(&self, payer: &Payer, cost: Micros);
}
