//! One call, from answer to hang-up: one task that owns everything about it, so there is nothing to lock.
//!
//! [`run`] waits in one `select!` and acts in short `on_*` methods that never wait for the network. Reads are dropped
//! when the caller goes on talking; writes run to their end, even after a hang-up. Where the conversation stands is
//! written down after every turn, and before anything is changed at the desk.

mod call;
mod card;
mod errands;
mod pace;
pub mod receptionist;
pub mod switchboard;
mod transcript;
mod turns;

use std::sync::Arc;

use receptionist::Receptionist;
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{
        business::Business,
        call::Outcome,
        dialogue::{Dialogue, State},
    },
    ports::{
        clock::Clock,
        desk::Desk,
        journal::{Journal, Lease},
        line::{Line, Understood},
        live::Orders,
    },
};

/// What a call needs from outside.
pub struct Call {
    pub lease: Lease,
    pub business: Arc<Business>,
    pub desk: Arc<dyn Desk>,
    pub journal: Arc<dyn Journal>,
    pub clock: Arc<dyn Clock>,
    /// Cancelled when the server stops: say goodbye and end.
    pub stopping: CancellationToken,
    /// Where an earlier connection of this call left off.
    pub resumed: Option<Resumed>,
    /// Who does the talking; none: the script alone.
    pub receptionist: Option<Arc<Receptionist>>,
    /// What the business, watching, wants done with it.
    pub orders: Orders,
}

/// What an earlier connection of the same call wrote down.
#[derive(Clone, Debug)]
pub struct Resumed {
    /// The dialogue's state, as the journal has it.
    pub state: String,
    /// How many lines of transcript there are.
    pub lines: i32,
}

/// How a connection of a call came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// We said goodbye and ended it.
    ByUs,
    HungUp,
    /// The connection broke; the call may come back on another.
    Broken,
    /// The other end broke the protocol or its promises: close with this code (RFC 6455 §7.4).
    Refused(u16),
    /// Another connection of this call has taken over.
    Fenced,
}

/// The card of a call by its state, as the journal has it. Nothing before the first turn, and of a state that cannot be read.
pub fn card_of(business: &Business, state: Option<&str>, now: jiff::Timestamp) -> Option<Understood> {
    let state: State = serde_json::from_str(state?).ok()?;
    let dialogue = Dialogue::resume(Arc::new(business.clone()), state);
    Some(card::card(&dialogue, now))
}

/// Runs one connection of a call until it ends, and then until everything it started has finished. The line's first
/// event is `Answered`; the greeting has been spoken by the vendor unless `call.resumed` is set.
pub async fn run<L: Line>(call: Call, line: L) -> (Ended, Outcome) {
    call::CallSession::new(call, line).run().await
}
