//! Somebody else who says who a person is: OpenID Connect, in our words.

use async_trait::async_trait;
use thiserror::Error;

/// What is kept of a browser on its way to a provider, until it comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trip {
    /// The address of ours that it comes back to, to the letter.
    pub back: String,
    /// 43 to 128 characters: proves that whoever brings the code is whoever asked for it (RFC 7636, method S256).
    pub verifier: String,
    /// Stands in the token: it answers this request and no other.
    pub nonce: String,
}

/// Who somebody is, as the provider says it in a token that it has signed.
#[derive(Clone, PartialEq, Eq)]
pub struct Verified {
    /// Never changes, and is never given to somebody else; an e-mail address may be.
    pub subject: String,
    pub email: Option<String>,
    /// The provider has seen that the address is theirs.
    pub email_verified: bool,
    pub name: Option<String>,
}

/// Sorted by what the person can be told.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// The code was used, ran out, or is not for us: they start again.
    #[error("the provider does not take the code")]
    Refused,
    /// What came back is not what the protocol says, so nobody is let in for it.
    #[error("the provider's answer cannot be used: {0}")]
    Unusable(&'static str),
    /// Not reached, or not in time: they try again later.
    #[error("the provider cannot be reached")]
    Unavailable(#[source] anyhow::Error),
}

#[async_trait]
pub trait Identity: Send + Sync {
    /// As people know it.
    fn name(&self) -> &'static str;

    /// As it stands in our addresses: small letters.
    fn path(&self) -> &'static str;

    /// Who its tokens are from: what an `iss` beside a code must be (RFC 9207).
    fn issuer(&self) -> &str;

    /// Where the browser is sent. `state` comes back with it.
    async fn address(&self, trip: &Trip, state: &str) -> Result<String, IdentityError>;

    /// Who the code stands for. The token is checked: by whom it is signed, for whom and until when it is, and that it
    /// answers this trip.
    async fn redeem(&self, code: &str, trip: Trip) -> Result<Verified, IdentityError>;
}
