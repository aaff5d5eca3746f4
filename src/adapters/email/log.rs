//! Letters printed instead of sent, for the demo, where whoever reads the terminal is everybody there is.

use std::{
    io::Write,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

use crate::{
    domain::email::EmailAddress,
    ports::email::{Email, EmailError},
};

/// Prints each letter where a person looks, and not into the log, which must not hold what opens an account.
pub struct LogEmail {
    out: Mutex<Box<dyn Write + Send>>,
}

impl LogEmail {
    pub fn printing_to(out: Box<dyn Write + Send>) -> Self {
        Self { out: Mutex::new(out) }
    }
}

#[async_trait]
impl Email for LogEmail {
    async fn send(&self, to: &EmailAddress, subject: &str, text: &str) -> Result<(), EmailError> {
        let letter =
            format!("\n  E-mail to {to}\n  │ {subject}\n  │\n  │ {}\n\n", text.trim_end().replace('\n', "\n  │ "));
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let written = out.write_all(letter.as_bytes()).and_then(|()| out.flush());
        written.map_err(|error| EmailError::NotTaken(error.into()))
    }
}
