//! How an owner lets us in (<https://developers.google.com/identity/protocols/oauth2/web-server>).

use async_trait::async_trait;
use jiff::SignedDuration;
use reqwest::Method;
use serde::Deserialize;

use super::{Google, Places};
use crate::{
    adapters::calendar::{
        exchange::{self, Doing},
        oauth::{Presents, Registration, exactly},
    },
    domain::{connection::Account, secret::Secret},
    ports::{
        calendar::{Access, Trouble},
        consent::{Consent, ConsentError, Grant, Tokens, Way},
    },
};

/// No more than is needed: events of calendars that the account owns, when it is busy, and what calendars it has.
/// `calendar.events` would not do for `freeBusy`.
const NEEDED: [&str; 3] = [
    "https://www.googleapis.com/auth/calendar.events.owned",
    "https://www.googleapis.com/auth/calendar.freebusy",
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
];

pub(super) fn registration(places: Places, client_id: String, client_secret: Secret) -> Registration {
    Registration {
        authorize: places.authorize,
        token: places.token,
        revoke: Some(places.revoke),
        client_id,
        client_secret,
        presents: Presents::Form,
        scopes: ["openid", "email"].into_iter().chain(NEEDED).map(str::to_owned).collect(),
        needed: NEEDED.map(str::to_owned).to_vec(),
        covers: exactly,
        extra: vec![
            // A refresh token, and a new one each time: Google gives none with a second consent otherwise.
            ("access_type", "offline"),
            ("prompt", "consent"),
            ("include_granted_scopes", "true"),
        ],
        issuer: Some(places.issuer),
        life: SignedDuration::from_mins(55),
    }
}

/// <https://www.googleapis.com/oauth2/v2/userinfo>
#[derive(Deserialize)]
struct UserInfo {
    id: String,
    email: Option<String>,
}

#[async_trait]
impl Consent for Google {
    fn issuer(&self) -> Option<&str> {
        self.oauth.issuer()
    }

    fn address(&self, way: &Way, state: &str) -> String {
        self.oauth.address(way, state)
    }

    async fn redeem(&self, code: &str, way: &Way) -> Result<Grant, ConsentError> {
        let tokens = self.oauth.redeem(code, way).await?.tokens;
        let account = self.account(&tokens.access).await?;
        Ok(Grant { tokens, account })
    }

    async fn refresh(&self, refresh: &Secret) -> Result<Tokens, ConsentError> {
        Ok(self.oauth.refresh(refresh).await?.tokens)
    }

    /// Ends everything that the account has allowed to this project.
    async fn revoke(&self, refresh: &Secret) -> Result<(), ConsentError> {
        self.oauth.revoke(refresh).await
    }
}

impl Google {
    /// Whose account it is.
    async fn account(&self, access: &Secret) -> Result<Account, ConsentError> {
        let unknown = Account { subject: String::new(), label: String::new(), home: None };
        let access = Access { secret: access.clone(), account: unknown };
        let request = self.api.request(Method::GET, "/oauth2/v2/userinfo", &access);
        let answer = exchange::ask(request, Doing::Reading).await.map_err(|trouble| match trouble {
            Trouble::Unavailable(why) | Trouble::Unknown(why) => ConsentError::Unavailable(why),
            Trouble::Limited { .. } => ConsentError::Unavailable(anyhow::anyhow!("over a limit")),
            _ => ConsentError::Unusable("it does not say whose account it is"),
        })?;
        let user = if answer.is_success() { answer.read::<UserInfo>().ok() } else { None };
        let named = user.filter(|user| (1..=255).contains(&user.id.len()) && !user.id.chars().any(char::is_control));
        let user = named.ok_or(ConsentError::Unusable("it does not say whose account it is"))?;
        let email = user.email.filter(|email| email.len() <= 320 && !email.chars().any(char::is_control));
        let label = email.unwrap_or_else(|| "Google".to_owned());
        Ok(Account { subject: user.id, label, home: None })
    }
}
