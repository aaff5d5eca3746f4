//! What may be spent on models: per call, per business and day, per caller's number and day.

use std::fmt;

use async_trait::async_trait;

use crate::domain::{
    business::Zone,
    ids::{BusinessId, CallId},
    phone::PhoneNumber,
    report::Micros,
};

/// On whose account a turn is spent.
#[derive(Clone, Debug)]
pub struct Payer {
    pub call: CallId,
    pub business: BusinessId,
    /// The business's: its day begins at its own midnight.
    pub zone: Zone,
    /// The number the line shows.
    pub number: Option<PhoneNumber>,
}

/// Whose money is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spent {
    Call,
    /// The business has spent what it may spend today, in its own time zone's day.
    Business,
    Number,
}

/// Leave to ask a model once. What such a request usually costs is set aside while it lives, so that a hundred calls that
/// ask at the same moment do not all spend the last cent. To be kept until the request is over and paid for.
#[must_use = "what is set aside is given back when this is dropped"]
pub struct Leave(Option<Box<dyn FnOnce() + Send + Sync>>);

impl Leave {
    /// `give_back` runs when the leave is dropped.
    pub fn setting_aside(give_back: impl FnOnce() + Send + Sync + 'static) -> Self {
        Self(Some(Box::new(give_back)))
    }

    /// Nothing is set aside.
    pub fn free() -> Self {
        Self(None)
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        if let Some(give_back) = self.0.take() {
            give_back();
        }
    }
}

impl fmt::Debug for Leave {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Leave")
    }
}

/// Answers from memory, at once; what is spent is written down soon after, and read back when a call begins.
#[async_trait]
pub trait Purse: Send + Sync {
    /// Reads what was spent today, by this and other processes. A store that does not answer is no reason not to talk.
    async fn open(&self, payer: &Payer);

    /// Asked before every request to a model. No: the scripted receptionist goes on.
    fn may_spend(&self, payer: &Payer) -> Result<Leave, Spent>;

    /// What a request cost. Told before its [`Leave`] is dropped.
    fn spend(&self, payer: &Payer, cost: Micros);

    /// The call is over: nothing is spent on it any more, and what it cost need not be remembered.
    fn close(&self, payer: &Payer);
}
