//! How an owner lets us into Cal.com: by a key that they made there.

use async_trait::async_trait;
use reqwest::Method;

use super::{Calcom, wire::Me};
use crate::{
    domain::{connection::Account, secret::Secret},
    ports::{
        calendar::{Access, Trouble},
        consent::{KeyDoor, KeyError, KeyForm, Typed},
    },
};

/// Letters of a key; they have some 40.
const LONGEST: usize = 200;

#[async_trait]
impl KeyDoor for Calcom {
    fn form(&self) -> KeyForm {
        KeyForm {
            server: false,
            user: false,
            key: "API key",
            help: "In Cal.com, open Settings, then API keys under Developer, add a key that does not expire, and copy it \
                   here.",
        }
    }

    async fn enter(&self, typed: &Typed) -> Result<Account, KeyError> {
        let wrong = |why| KeyError::Wrong { field: "key", why };
        let key = typed.key.expose().trim();
        if !key.starts_with("cal_") || key.len() > LONGEST || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(wrong("a key of Cal.com begins with cal_; copy it whole"));
        }
        let unknown = Account { subject: String::new(), label: String::new(), home: None };
        let access = Access { secret: Secret::new(key), account: unknown };
        match self.found::<Me>(self.api.request(Method::GET, "/v2/me", &access)).await {
            Ok(me) => Ok(Account { subject: me.data.id.to_string(), label: me.data.email, home: None }),
            Err(Trouble::Unauthorized | Trouble::Reconnect(_)) => Err(wrong("Cal.com does not accept this key")),
            Err(trouble) => Err(KeyError::Trouble(trouble)),
        }
    }
}
