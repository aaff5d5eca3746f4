//! A letter box that remembers, and fails as it is told to.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

use crate::{
    domain::email::EmailAddress,
    ports::email::{Email, EmailError},
};

/// A letter that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub to: EmailAddress,
    pub subject: String,
    pub text: String,
}

impl Letter {
    /// The address that it wants opened: the first line that is one.
    pub fn link(&self) -> &str {
        self.text.lines().find(|line| line.starts_with("http")).unwrap_or_default()
    }
}

#[derive(Default)]
pub struct RememberingEmail {
    sent: Mutex<Vec<Letter>>,
    mishaps: Mutex<VecDeque<EmailError>>,
    unset: Mutex<bool>,
}

impl RememberingEmail {
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the server has no way to send e-mail.
    pub fn unset(&self, unset: bool) {
        *self.unset.lock().unwrap_or_else(PoisonError::into_inner) = unset;
    }

    /// The next letter fails so.
    pub fn then(&self, mishap: EmailError) {
        self.mishaps.lock().unwrap_or_else(PoisonError::into_inner).push_back(mishap);
    }

    /// Everything that was sent, in order.
    pub fn sent(&self) -> Vec<Letter> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Email for RememberingEmail {
    fn works(&self) -> bool {
        !*self.unset.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn send(&self, to: &EmailAddress, subject: &str, text: &str) -> Result<(), EmailError> {
        if !self.works() {
            return Err(EmailError::NotSetUp);
        }
        if let Some(mishap) = self.mishaps.lock().unwrap_or_else(PoisonError::into_inner).pop_front() {
            return Err(mishap);
        }
        let letter = Letter { to: to.clone(), subject: subject.to_owned(), text: text.to_owned() };
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
        Ok(())
    }
}
