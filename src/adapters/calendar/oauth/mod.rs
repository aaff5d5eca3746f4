//! The code grant with PKCE (RFC 6749, RFC 7636), as the vendors' adapters share it: by the crate `oauth2`, over our own
//! HTTP client. It knows no vendor; what they do differently is a field of [`Registration`].

mod answers;
mod door;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, time::Duration};

use jiff::SignedDuration;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, Scope, StandardRevocableToken, TokenUrl,
    basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse},
};
use serde_json::{Map, Value};

use self::{
    answers::{Answer, Asking},
    door::Door,
};
use crate::{
    domain::secret::Secret,
    ports::consent::{ConsentError, Tokens, Way},
};

/// For one request, its answer included. Somebody looks at an empty page meanwhile, or a caller waits.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How a client says who it is (RFC 6749 §2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presents {
    /// By HTTP Basic.
    Basic,
    /// By `client_id` and `client_secret` in the form.
    Form,
}

/// What is registered at a vendor, and what is asked of it.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Addresses of the consent page, of tokens, and of where they are given back; nothing: there is no such place.
    pub authorize: String,
    pub token: String,
    pub revoke: Option<String>,
    pub client_id: String,
    pub client_secret: Secret,
    pub presents: Presents,
    /// Asked for, in this order.
    pub scopes: Vec<String>,
    /// Without which nothing works. Compared with what was granted by [`covers`](Self::covers).
    pub needed: Vec<String>,
    /// Whether a granted scope (first) gives a needed one: [`exactly`] for most.
    pub covers: fn(granted: &str, needed: &str) -> bool,
    /// What the consent page is asked beside what the RFCs name.
    pub extra: Vec<(&'static str, &'static str)>,
    /// Who `iss` names when it comes back (RFC 9207); nothing: this vendor does not send it.
    pub issuer: Option<String>,
    /// How long an access token is good when the answer does not say.
    pub life: SignedDuration,
}

/// A granted scope gives itself and nothing else.
pub fn exactly(granted: &str, needed: &str) -> bool {
    granted == needed
}

/// Tokens, and what else the vendor has told with them.
pub struct Granted {
    pub tokens: Tokens,
    /// Fields that RFC 6749 does not know: `id_token`, `owner`. They may be secrets.
    pub rest: Map<String, Value>,
}

type Asks = Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

pub struct OAuth {
    registration: Registration,
    asks: Asks,
    door: Door,
}

impl OAuth {
    /// # Errors
    /// When an address is none, or no HTTP client can be made.
    pub fn new(registration: Registration) -> anyhow::Result<Self> {
        Self::within(registration, TIMEOUT)
    }

    fn within(registration: Registration, total: Duration) -> anyhow::Result<Self> {
        let presents = match registration.presents {
            Presents::Basic => AuthType::BasicAuth,
            Presents::Form => AuthType::RequestBody,
        };
        let asks = Client::new(ClientId::new(registration.client_id.clone()))
            .set_client_secret(ClientSecret::new(registration.client_secret.expose().to_owned()))
            .set_auth_type(presents)
            .set_auth_uri(AuthUrl::new(registration.authorize.clone())?)
            .set_token_uri(TokenUrl::new(registration.token.clone())?);
        Ok(Self { registration, asks, door: Door::new(total)? })
    }

    pub fn issuer(&self) -> Option<&str> {
        self.registration.issuer.as_deref()
    }

    /// Where the browser goes to agree. A way back that is no address is left out, so that the vendor refuses it.
    pub fn address(&self, way: &Way, state: &str) -> String {
        let state = state.to_owned();
        let verifier = PkceCodeVerifier::new(way.verifier.expose().to_owned());
        let scopes = self.registration.scopes.iter().map(|scope| Scope::new(scope.clone()));
        let mut request = self
            .asks
            .authorize_url(move || CsrfToken::new(state.clone()))
            .add_scopes(scopes)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if let Ok(back) = RedirectUrl::new(way.back.clone()) {
            request = request.set_redirect_uri(Cow::Owned(back));
        }
        for (name, value) in &self.registration.extra {
            request = request.add_extra_param(*name, *value);
        }
        request.url().0.into()
    }

    /// Tokens for a code. Everything that is needed was granted, and there is a refresh token.
    pub async fn redeem(&self, code: &str, way: &Way) -> Result<Granted, ConsentError> {
        let back = RedirectUrl::new(way.back.clone()).map_err(|_| ConsentError::Unusable("our own address is none"))?;
        let answer = self
            .asks
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_redirect_uri(Cow::Owned(back))
            .set_pkce_verifier(PkceCodeVerifier::new(way.verifier.expose().to_owned()))
            .request_async(&self.door)
            .await;
        let answer = answers::checked(answer, Asking::Code)?;
        answers::complete(&answer, &self.registration)?;
        Ok(answers::granted(&answer, &self.registration))
    }

    /// New tokens for a refresh token. What was sent and not answered is [`ConsentError::Unknown`]: a token that is good
    /// once may be used up, and its successor lost.
    pub async fn refresh(&self, refresh: &Secret) -> Result<Granted, ConsentError> {
        let token = RefreshToken::new(refresh.expose().to_owned());
        let answer = self.asks.exchange_refresh_token(&token).request_async(&self.door).await;
        Ok(answers::granted(&answers::checked(answer, Asking::Refresh)?, &self.registration))
    }

    /// Gives the access back (RFC 7009). Where there is no place for it, forgetting the token is all that can be done.
    pub async fn revoke(&self, refresh: &Secret) -> Result<(), ConsentError> {
        // Not by the crate: it refuses an address that is not https, and the fakes have none.
        let Some(address) = &self.registration.revoke else { return Ok(()) };
        answers::revoked(self.door.give_back(address, &self.registration, refresh).await)
    }
}
