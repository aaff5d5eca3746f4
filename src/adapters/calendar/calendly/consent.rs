//! How an owner lets us into Calendly: OAuth 2.1 with PKCE (<https://developer.calendly.com/getting-started>). A refresh
//! token is good for one use.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;

use super::Calendly;
use crate::{
    adapters::calendar::oauth::{Granted, OAuth, Presents, Registration},
    domain::{connection::Account, secret::Secret},
    ports::{
        calendar::{Access, Trouble},
        consent::{Consent, ConsentError, Grant, Tokens, Way},
    },
};

/// Where the consent page and the tokens are.
pub const AUTH: &str = "https://auth.calendly.com";

/// The least that everything here works with; a `:write` holds its `:read`. Named one by one since 2026-03-03.
const SCOPES: [&str; 5] =
    ["event_types:read", "availability:read", "scheduled_events:write", "webhooks:write", "users:read"];

/// Of an access token.
const LIFE: SignedDuration = SignedDuration::from_hours(2);

pub struct CalendlyConsent {
    oauth: OAuth,
    calendly: Arc<Calendly>,
}

impl CalendlyConsent {
    /// `base` is [`AUTH`], or a double; `calendly` tells whose account was opened.
    ///
    /// # Errors
    /// When an address is none, or no HTTP client can be made.
    pub fn new(base: &str, client_id: &str, client_secret: Secret, calendly: Arc<Calendly>) -> anyhow::Result<Self> {
        let scopes = SCOPES.map(str::to_owned).to_vec();
        let oauth = OAuth::new(Registration {
            authorize: format!("{base}/oauth/authorize"),
            token: format!("{base}/oauth/token"),
            revoke: Some(format!("{base}/oauth/revoke")),
            client_id: client_id.to_owned(),
            client_secret,
            presents: Presents::Basic,
            needed: scopes.clone(),
            scopes,
            covers,
            extra: Vec::new(),
            issuer: None,
            life: LIFE,
        })?;
        Ok(Self { oauth, calendly })
    }
}

/// A `:write` holds its `:read`. An app from before there were scopes is granted `default`, which is everything.
fn covers(granted: &str, needed: &str) -> bool {
    let written = || needed.strip_suffix(":read").zip(granted.strip_suffix(":write"));
    granted == "default" || granted == needed || written().is_some_and(|(needed, granted)| needed == granted)
}

#[async_trait]
impl Consent for CalendlyConsent {
    fn issuer(&self) -> Option<&str> {
        self.oauth.issuer()
    }

    fn address(&self, way: &Way, state: &str) -> String {
        self.oauth.address(way, state)
    }

    async fn redeem(&self, code: &str, way: &Way) -> Result<Grant, ConsentError> {
        let Granted { tokens, rest } = self.oauth.redeem(code, way).await?;
        let unknown = Account { subject: String::new(), label: String::new(), home: None };
        let me = self.calendly.me(&Access { secret: tokens.access.clone(), account: unknown }).await;
        let me = me.map_err(|trouble| match trouble {
            Trouble::Unavailable(error) => ConsentError::Unavailable(error),
            _ => ConsentError::Unusable("Calendly does not say whose account it is"),
        })?;
        if rest.get("owner").and_then(serde_json::Value::as_str).is_some_and(|owner| owner != me.uri) {
            return Err(ConsentError::Unusable("Calendly names two accounts"));
        }
        if self.calendly.path("users", &me.uri).is_err() {
            return Err(ConsentError::Unusable("Calendly names an account that is not there"));
        }
        Ok(Grant { tokens, account: Account { subject: me.uri, label: me.email, home: None } })
    }

    async fn refresh(&self, refresh: &Secret) -> Result<Tokens, ConsentError> {
        let granted = self.oauth.refresh(refresh).await?;
        // The old one is dead, so without a new one there is nothing to go on with.
        if granted.tokens.refresh.is_none() {
            return Err(ConsentError::Unknown(anyhow::anyhow!("no new refresh token came with it")));
        }
        Ok(granted.tokens)
    }

    async fn revoke(&self, refresh: &Secret) -> Result<(), ConsentError> {
        self.oauth.revoke(refresh).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_counts_when_it_is_granted_written_or_older_than_scopes() {
        assert!(covers("users:read", "users:read") && covers("webhooks:write", "webhooks:read"));
        assert!(covers("default", "scheduled_events:write"));
        assert!(!covers("scheduled_events:read", "scheduled_events:write") && !covers("users", "users:read"));
    }
}
