//! Letters that pages send: off the request, so that nobody waits for a mail server, and nobody can tell by the wait
//! whether there was anything to send.

use std::time::Duration;

use tokio::time::timeout;
use tracing::{info, warn};

use crate::{domain::email::EmailAddress, web::state::AppState};

/// For one letter, whatever the mail server does.
const BUDGET: Duration = Duration::from_secs(12);

/// Sends a letter beside the request. What becomes of it stands in the log, without its address.
pub(in crate::web) fn send(state: &AppState, to: EmailAddress, subject: &'static str, text: String) {
    let state = state.clone();
    let tasks = state.lifecycle.tasks.clone();
    tasks.spawn(async move { deliver(&state, &to, subject, &text).await });
}

/// The same for whoever is off the request already. Whether it was taken.
pub(in crate::web) async fn deliver(state: &AppState, to: &EmailAddress, subject: &'static str, text: &str) -> bool {
    match timeout(BUDGET, state.email.send(to, subject, text)).await {
        Ok(Ok(())) => {
            info!("a letter was sent: {subject}");
            true
        }
        Ok(Err(error)) => {
            warn!(%error, "a letter could not be sent: {error}");
            false
        }
        Err(_) => {
            warn!("a letter could not be sent within {} s", BUDGET.as_secs());
            false
        }
    }
}
