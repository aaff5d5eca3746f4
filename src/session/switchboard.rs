//! The live calls of this process: how many there may be, and which there are.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

/// Cloning it shares it.
#[derive(Clone, Debug)]
pub struct Switchboard {
    limit: usize,
    live: Arc<Mutex<HashSet<String>>>,
}

/// A call's place; dropping it gives it up.
#[derive(Debug)]
pub struct Place {
    call: String,
    live: Arc<Mutex<HashSet<String>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// As many calls as there may be.
    Full,
    /// This very call is live already; the first connection keeps it.
    AlreadyLive,
}

impl Switchboard {
    /// `limit`: how many calls may be live at once.
    pub fn new(limit: usize) -> Self {
        Self { limit, live: Arc::default() }
    }

    /// Gives a call its place. `call` is the vendor's name and its id of the call.
    pub fn admit(&self, call: &str) -> Result<Place, Refusal> {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if live.contains(call) {
            return Err(Refusal::AlreadyLive);
        }
        if live.len() >= self.limit {
            return Err(Refusal::Full);
        }
        live.insert(call.to_owned());
        Ok(Place { call: call.to_owned(), live: Arc::clone(&self.live) })
    }

    /// Whether one more would be admitted.
    pub fn has_room(&self) -> bool {
        self.count() < self.limit
    }

    pub fn count(&self) -> usize {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.call);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_given_back_when_its_call_is_over() {
        let board = Switchboard::new(1);
        let place = board.admit("twilio/CA1").unwrap();
        assert_eq!(board.admit("twilio/CA1").unwrap_err(), Refusal::AlreadyLive);
        assert_eq!(board.admit("twilio/CA2").unwrap_err(), Refusal::Full);
        drop(place);
        assert!(board.has_room());
        assert!(board.admit("twilio/CA2").is_ok());
    }
}
