//! Doors on paper: a consent page that agrees when it is told to, and one with a key.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};

use super::{CANARY, Counted, locked};
use crate::{
    domain::{connection::Account, secret::Secret},
    ports::{
        calendar::Trouble,
        consent::{Consent, ConsentError, Grant, KeyDoor, KeyError, KeyForm, Tokens, Typed, Way},
    },
};

/// What a code stands for.
#[derive(Clone)]
struct Granted {
    account: Account,
    challenge: String,
    back: String,
}

/// A consent page that agrees when it is told to.
#[derive(Default)]
pub struct PaperConsent {
    host: String,
    issuer: Option<String>,
    agreed: Counted,
    codes: Mutex<HashMap<String, Granted>>,
    next_error: Mutex<Option<ConsentError>>,
    /// Requests for tokens by a code.
    pub redeemed: Counted,
    pub refreshed: Counted,
    /// The refresh tokens that were given back.
    revoked: Mutex<Vec<String>>,
}

impl PaperConsent {
    /// `host`: "one.example". With `names_itself`, it says who it is whenever it answers (RFC 9207).
    pub fn at(host: &str, names_itself: bool) -> Arc<Self> {
        let issuer = names_itself.then(|| format!("https://{host}"));
        Arc::new(Self { host: host.to_owned(), issuer, ..Self::default() })
    }

    /// What stands in an address that we sent a browser to.
    fn asked(address: &str) -> HashMap<String, String> {
        let query = address.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// Somebody agrees there: the address that their browser is sent back to.
    pub fn agrees(&self, address: &str, account: &Account) -> String {
        let asked = Self::asked(address);
        let of = |name: &str| asked.get(name).cloned().unwrap_or_default();
        let granted = Granted { account: account.clone(), challenge: of("code_challenge"), back: of("redirect_uri") };
        let code = format!("{}-code-{}", self.host, self.agreed.one());
        locked(&self.codes).insert(code.clone(), granted);
        self.back(&of("redirect_uri"), &[("code", &code), ("state", &of("state"))])
    }

    /// Somebody does not agree, or something goes wrong there.
    pub fn answers(&self, address: &str, error: &str) -> String {
        let asked = Self::asked(address);
        let of = |name: &str| asked.get(name).map_or("", String::as_str);
        self.back(of("redirect_uri"), &[("error", error), ("state", of("state"))])
    }

    fn back(&self, to: &str, pairs: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs);
        if let Some(issuer) = &self.issuer {
            query.append_pair("iss", issuer);
        }
        format!("{to}?{}", query.finish())
    }

    /// What comes of the next request for tokens.
    pub fn then(&self, error: ConsentError) {
        *locked(&self.next_error) = Some(error);
    }

    pub fn revoked(&self) -> Vec<String> {
        locked(&self.revoked).clone()
    }
}

fn tokens(n: usize) -> Tokens {
    Tokens {
        access: Secret::new(format!("{CANARY}-access-{n}")),
        good_for: SignedDuration::from_hours(1),
        refresh: Some(Secret::new(format!("{CANARY}-refresh-{n}"))),
    }
}

#[async_trait]
impl Consent for PaperConsent {
    fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    fn address(&self, way: &Way, state: &str) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(way.verifier.expose()));
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", &way.back)
            .append_pair("state", state)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .finish();
        format!("https://{}/authorize?{query}", self.host)
    }

    async fn redeem(&self, code: &str, way: &Way) -> Result<Grant, ConsentError> {
        let n = self.redeemed.one();
        if let Some(error) = locked(&self.next_error).take() {
            return Err(error);
        }
        // A code is good once, also for whoever brings the wrong verifier.
        let granted = locked(&self.codes).remove(code).ok_or(ConsentError::Refused)?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(way.verifier.expose()));
        if granted.challenge != challenge || granted.back != way.back {
            return Err(ConsentError::Refused);
        }
        Ok(Grant { tokens: tokens(n), account: granted.account })
    }

    async fn refresh(&self, _: &Secret) -> Result<Tokens, ConsentError> {
        Ok(tokens(1_000 + self.refreshed.one()))
    }

    async fn revoke(&self, refresh: &Secret) -> Result<(), ConsentError> {
        locked(&self.revoked).push(refresh.expose().to_owned());
        Ok(())
    }
}

/// A door with one good key.
pub struct PaperKeys {
    pub form: KeyForm,
    account: Account,
    key: String,
    pub tried: Counted,
}

impl PaperKeys {
    pub fn new(account: Account, key: &str) -> Arc<Self> {
        let form = KeyForm {
            server: true,
            user: true,
            key: "app password",
            help: "Make an app password under Settings, Security, and paste it here.",
        };
        Arc::new(Self { form, account, key: key.to_owned(), tried: Counted::default() })
    }
}

#[async_trait]
impl KeyDoor for PaperKeys {
    fn form(&self) -> KeyForm {
        self.form
    }

    async fn enter(&self, typed: &Typed) -> Result<Account, KeyError> {
        self.tried.one();
        if !typed.server.starts_with("https://") {
            return Err(KeyError::Wrong { field: "server", why: "it has to begin with https://" });
        }
        if typed.key.expose() != self.key {
            return Err(KeyError::Trouble(Trouble::Unauthorized));
        }
        Ok(Account { home: Some(typed.server.clone()), ..self.account.clone() })
    }
}
