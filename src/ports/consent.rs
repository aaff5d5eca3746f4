//! How an owner lets us into an account at a vendor: by agreeing on the vendor's own page (OAuth 2, code grant with PKCE),
//! or by handing over an app password or an API key that was made for us.

use async_trait::async_trait;
use jiff::SignedDuration;
use thiserror::Error;

use super::calendar::Trouble;
use crate::domain::{connection::Account, secret::Secret};

/// One way to a vendor's consent page and back.
#[derive(Clone, Debug)]
pub struct Way {
    /// Where the vendor sends the browser back to: to the letter what is registered there, one for each provider.
    pub back: String,
    /// PKCE (RFC 7636), 43 to 128 characters; only its SHA-256 goes out.
    pub verifier: Secret,
}

/// What the vendor has given.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: Secret,
    /// From now on.
    pub good_for: SignedDuration,
    /// A new one takes the place of the old one; nothing: the old one goes on.
    pub refresh: Option<Secret>,
}

/// An account that was opened to us.
#[derive(Clone, Debug)]
pub struct Grant {
    pub tokens: Tokens,
    pub account: Account,
}

#[derive(Debug, Error)]
pub enum ConsentError {
    /// The code or the refresh token is not (or no longer) good: final.
    #[error("the vendor refuses it")]
    Refused,
    /// Not everything that is needed was allowed, or what would keep it open is missing. Our words.
    #[error("access is incomplete: {0}")]
    Incomplete(&'static str),
    /// The answer cannot be relied on. Our words.
    #[error("the answer cannot be used: {0}")]
    Unusable(&'static str),
    /// Nothing came of it; it may be asked again.
    #[error("the vendor cannot be reached")]
    Unavailable(#[source] anyhow::Error),
    /// It was sent and its answer was lost: a token that is good once may be used up.
    #[error("it is not known what came of it")]
    Unknown(#[source] anyhow::Error),
}

/// A vendor's consent page and its tokens.
#[async_trait]
pub trait Consent: Send + Sync {
    /// Whom `iss` names, if it comes back at all (RFC 9207). Nothing: what it names is not looked at.
    fn issuer(&self) -> Option<&str>;

    /// Where the browser goes.
    fn address(&self, way: &Way, state: &str) -> String;

    /// Makes tokens of a code. The scopes that were granted have been compared with those that are needed, and there is a
    /// refresh token.
    async fn redeem(&self, code: &str, way: &Way) -> Result<Grant, ConsentError>;

    /// New tokens for a refresh token. Never asked twice at once for one account.
    async fn refresh(&self, refresh: &Secret) -> Result<Tokens, ConsentError>;

    /// Whether there is a place to give access back; else only the owner can end it, over there.
    fn revokes(&self) -> bool {
        true
    }

    /// Gives the access back. What is unknown to the vendor is given back already.
    async fn revoke(&self, refresh: &Secret) -> Result<(), ConsentError>;
}

/// What a form asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyForm {
    /// It has many servers: "the address of your calendar".
    pub server: bool,
    /// A name goes with the key.
    pub user: bool,
    /// What the key is called there: "app password", "API key".
    pub key: &'static str,
    /// Where the owner makes one, in a sentence.
    pub help: &'static str,
}

/// What the owner typed.
#[derive(Clone, Debug)]
pub struct Typed {
    pub server: String,
    pub user: String,
    pub key: Secret,
}

#[derive(Debug, Error)]
pub enum KeyError {
    /// A field is wrong: "server", "user" or "key", and what to do, in our words.
    #[error("{field}: {why}")]
    Wrong { field: &'static str, why: &'static str },
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// A vendor that is entered with a key which the owner made there.
#[async_trait]
pub trait KeyDoor: Send + Sync {
    fn form(&self) -> KeyForm;

    /// Tries it, and says whose account it is.
    async fn enter(&self, typed: &Typed) -> Result<Account, KeyError>;
}
