//! The letter that invites somebody.

use std::time::Duration;

use tokio::time::timeout;
use tracing::warn;

use crate::{
    domain::email::EmailAddress,
    ports::email::{EmailError, harmless},
    web::{pages::access::Access, state::AppState},
};

/// How long an owner waits to hear whether a letter left.
const PATIENCE: Duration = Duration::from_secs(6);

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Sent,
    /// The server has no way to send e-mail.
    CannotSend,
    /// The mail server does not take letters to that address.
    Refused,
    /// It did not leave, or nobody knows.
    Failed,
}

impl Told {
    /// For templates.
    pub(super) fn sent(self) -> bool {
        self == Self::Sent
    }

    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Sent => "",
            Self::CannotSend => "This server cannot send e-mail yet, so please give them the link yourself.",
            Self::Refused => {
                "The mail server refuses letters to that address. Look at it again, or give them the link yourself."
            }
            Self::Failed => "The e-mail may not have left, so please give them the link yourself.",
        }
    }
}

/// Sends it, and says honestly whether it left.
pub(super) async fn told(state: &AppState, access: &Access, to: &EmailAddress, link: &str) -> Told {
    if !state.email.works() {
        return Told::CannotSend;
    }
    let (business, by) = (harmless(&access.business.name), harmless(&access.user.name));
    let subject = format!("{by} invites you to {business} on Deskbell");
    let text = format!(
        "Hello,\n\n{by} invites you to the team of {business} on Deskbell, where you see its calls and appointments.\n\n\
         To accept, open this link within seven days:\n\n{link}\n\n\
         It works once, and only for this address. If you did not expect it, you need not do anything.\n"
    );
    match timeout(PATIENCE, state.email.send(to, &subject, &text)).await {
        Ok(Ok(())) => Told::Sent,
        Ok(Err(EmailError::NotSetUp)) => Told::CannotSend,
        Ok(Err(EmailError::Refused(_))) => Told::Refused,
        Ok(Err(error)) => {
            warn!(%error, "an invitation could not be sent: {error}");
            Told::Failed
        }
        Err(_) => Told::Failed,
    }
}
