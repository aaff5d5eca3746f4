//! How an owner lets us into a Microsoft account: the code grant of Microsoft's identity platform, v2.0
//! (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>), for work, school and personal accounts.
//!
//! Each use of a refresh token brings a new one, good for 90 days; the old one is not revoked. There is no place to give
//! access back: revoking is forgetting, and the owner can take it away at myapps.microsoft.com or account.microsoft.com.

use async_trait::async_trait;
use jiff::SignedDuration;

use super::{
    graph::{About, Graph, PLAIN},
    wire,
};
use crate::{
    adapters::calendar::oauth::{OAuth, Presents, Registration},
    domain::{connection::Account, secret::Secret},
    ports::{
        calendar::{Access, Trouble},
        consent::{Consent, ConsentError, Grant, Tokens, Way},
    },
};

/// Where the consent page and the tokens are, for accounts of every kind.
pub const LOGIN: &str = "https://login.microsoftonline.com/common/oauth2/v2.0";

/// What is needed, beside a refresh token.
const NEEDED: [&str; 2] = ["User.Read", "Calendars.ReadWrite"];

/// The application as it is registered at Microsoft.
#[derive(Clone, Debug)]
pub struct Application {
    pub client_id: String,
    pub client_secret: Secret,
}

/// The consent page and its tokens.
pub struct MicrosoftConsent {
    oauth: OAuth,
    graph: Graph,
}

/// The answer names a scope as it was asked for, or with Graph's address before it.
fn covers(granted: &str, needed: &str) -> bool {
    granted.rsplit_once('/').map_or(granted, |(_, name)| name).eq_ignore_ascii_case(needed)
}

impl MicrosoftConsent {
    /// `login`: [`LOGIN`], `graph`: [`GRAPH`](super::GRAPH), or what stands in for them; without a slash at the end.
    ///
    /// # Errors
    /// When an address is none, or no HTTP client can be made.
    pub fn new(login: &str, graph: &str, application: Application) -> anyhow::Result<Self> {
        let oauth = OAuth::new(Registration {
            authorize: format!("{login}/authorize"),
            token: format!("{login}/token"),
            revoke: None,
            client_id: application.client_id,
            client_secret: application.client_secret,
            presents: Presents::Form,
            scopes: ["offline_access"].into_iter().chain(NEEDED).map(str::to_owned).collect(),
            needed: NEEDED.map(str::to_owned).to_vec(),
            covers,
            // Who is signed in to Microsoft already need not be who keeps the calendar.
            extra: vec![("response_mode", "query"), ("prompt", "select_account")],
            // It does not send `iss`.
            issuer: None,
            life: SignedDuration::from_hours(1),
        })?;
        Ok(Self { oauth, graph: Graph::new(graph)? })
    }

    /// Whose account it is.
    async fn account(&self, access: &Secret) -> Result<Account, Trouble> {
        let nobody = Account { subject: String::new(), label: String::new(), home: None };
        let mut url = self.graph.url(&["me"])?;
        url.query_pairs_mut().append_pair("$select", "id,mail,userPrincipalName");
        let access = Access { secret: access.clone(), account: nobody };
        let me: wire::Me = self.graph.read(&access, url, About::Account, PLAIN).await?;
        let label = me.mail.filter(|mail| !mail.is_empty()).or(me.user_principal_name).unwrap_or_default();
        Ok(Account { subject: me.id, label, home: None })
    }
}

#[async_trait]
impl Consent for MicrosoftConsent {
    fn issuer(&self) -> Option<&str> {
        self.oauth.issuer()
    }

    fn address(&self, way: &Way, state: &str) -> String {
        self.oauth.address(way, state)
    }

    async fn redeem(&self, code: &str, way: &Way) -> Result<Grant, ConsentError> {
        let tokens = self.oauth.redeem(code, way).await?.tokens;
        let account = self.account(&tokens.access).await.map_err(|trouble| match trouble {
            Trouble::Unauthorized | Trouble::Reconnect(_) => ConsentError::Incomplete("its profile may not be read"),
            Trouble::Unavailable(error) | Trouble::Unknown(error) => ConsentError::Unavailable(error),
            other => ConsentError::Unavailable(other.into()),
        })?;
        if account.subject.is_empty() {
            return Err(ConsentError::Unusable("it does not say whose account it is"));
        }
        Ok(Grant { tokens, account })
    }

    async fn refresh(&self, refresh: &Secret) -> Result<Tokens, ConsentError> {
        Ok(self.oauth.refresh(refresh).await?.tokens)
    }

    fn revokes(&self) -> bool {
        false
    }

    async fn revoke(&self, refresh: &Secret) -> Result<(), ConsentError> {
        self.oauth.revoke(refresh).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_counts_with_and_without_the_address_of_graph() {
        assert!(covers("Calendars.ReadWrite", "Calendars.ReadWrite"));
        assert!(covers("https://graph.microsoft.com/calendars.readwrite", "Calendars.ReadWrite"));
        assert!(!covers("Calendars.ReadWrite.Shared", "Calendars.ReadWrite"));
        assert!(!covers("Calendars.Read", "Calendars.ReadWrite"));
    }
}
