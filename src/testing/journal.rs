//! A journal in memory, fenced like the real one.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

use crate::{
    domain::{
        call::{Line, WhyNot},
        ids::CallId,
        turn::Turn,
    },
    ports::journal::{Entry, Journal, JournalError},
};

#[derive(Debug, Default)]
struct Page {
    epoch: i32,
    state: String,
    lines: Vec<Line>,
    turns: BTreeMap<i32, Turn>,
    why_not: Option<WhyNot>,
    ended: bool,
}

#[derive(Debug, Default)]
pub struct JournalInMemory {
    pages: Mutex<HashMap<CallId, Page>>,
    down: Mutex<bool>,
}

impl JournalInMemory {
    /// Where a call stands: its state and how many lines there are.
    pub fn last(&self, call: CallId) -> Option<(String, i32)> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let page = pages.get(&call)?;
        Some((page.state.clone(), i32::try_from(page.lines.len()).unwrap_or_default()))
    }

    /// What was said in a call so far, as it is written down.
    pub fn transcript(&self, call: CallId) -> Vec<Line> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.get(&call).map(|page| page.lines.clone()).unwrap_or_default()
    }

    /// The only call there is.
    pub fn only(&self) -> Vec<Line> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.values().next().map(|page| page.lines.clone()).unwrap_or_default()
    }

    /// What happened at the turns of the only call there is.
    pub fn turns(&self) -> Vec<Turn> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.values().next().map(|page| page.turns.values().cloned().collect()).unwrap_or_default()
    }

    /// Why the only call there is booked nothing.
    pub fn why_not(&self) -> Option<WhyNot> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.values().next().and_then(|page| page.why_not)
    }

    pub fn is_down(&self, down: bool) {
        *self.down.lock().unwrap_or_else(PoisonError::into_inner) = down;
    }
}

#[async_trait]
impl Journal for JournalInMemory {
    async fn write(&self, entry: Entry) -> Result<(), JournalError> {
        if *self.down.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(JournalError::Unavailable(anyhow::anyhow!("the test says so")));
        }
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let page = pages.entry(entry.lease.call).or_default();
        if entry.lease.epoch < page.epoch {
            return Err(JournalError::Fenced);
        }
        page.epoch = entry.lease.epoch;
        page.state = entry.state;
        page.ended = entry.ended;
        page.why_not = entry.why_not;
        page.turns.extend(entry.turns);
        page.lines.truncate(usize::try_from(entry.first_line).unwrap_or_default());
        page.lines.extend(entry.lines);
        Ok(())
    }
}
