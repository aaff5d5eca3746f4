//! Cal.com, as far as Deskbell uses it: it keeps kinds of appointment, its own rules, reservations and bookings, and refuses
//! what Cal.com refuses: a key that it does not know, a time that is taken or reserved, answers that are missing, metadata
//! that is too long, more than 120 requests a minute. A request without `cal-api-version` is answered in an older shape.
//!
//! Facts of <https://cal.com/docs/api-reference/v2> and of what its source, open until 2026, threw.

mod answers;
mod book;
mod check;
mod hooks;
mod owner;
mod routes;
mod state;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::state::State;
pub use self::{
    owner::{Guest, HookSeen},
    state::{Field, Kind, Place},
};
use super::{Kit, agenda::Agenda, postman::Postman};
use crate::ports::clock::Clock;

/// Whose keys they all are.
pub const OWNER: i64 = 4711;
pub const EMAIL: &str = "ann@example.com";

/// Cloning it shares it.
#[derive(Clone)]
pub struct FakeCalcom {
    kit: Kit,
    desk: Desk,
}

/// What the handlers share.
#[derive(Clone)]
struct Desk {
    state: Arc<Mutex<State>>,
    clock: Arc<dyn Clock>,
    postman: Postman,
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FakeCalcom {
    /// One account, working in New York; no kinds of appointment and no keys yet.
    ///
    /// # Panics
    /// When the machine has no free port.
    pub async fn serve(clock: Arc<dyn Clock>) -> Self {
        let state = Arc::new(Mutex::new(State::new(Agenda::of("America/New_York"))));
        let desk = Desk { state, clock, postman: Postman::new() };
        let kit = Kit::serve(|_| routes::routes(desk.clone())).await;
        Self { kit, desk }
    }

    pub fn kit(&self) -> &Kit {
        &self.kit
    }

    pub fn address(&self) -> &str {
        self.kit.address()
    }

    /// The account's id.
    pub fn subject(&self) -> String {
        OWNER.to_string()
    }
}
