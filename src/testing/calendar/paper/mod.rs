//! Vendors that are only on paper: the ports without HTTP, for tests of what stands before them. They count what they are
//! asked, since the best that can be said of an attack is that nobody was asked for anything.

mod consent;
mod diary;

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use crate::domain::connection::Account;

pub use consent::{PaperConsent, PaperKeys};
pub use diary::{Ails, PaperDiary};

fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What everything on paper counts.
#[derive(Debug, Default)]
pub struct Counted(AtomicUsize);

impl Counted {
    fn one(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst)
    }

    /// How often it was asked.
    pub fn times(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// An account there. Its tokens hold a word that must stand nowhere else.
pub fn account(subject: &str, label: &str) -> Account {
    Account { subject: subject.to_owned(), label: label.to_owned(), home: None }
}

/// Stands in every token, so that one that gets out is found.
pub const CANARY: &str = "canary-4f1c";
