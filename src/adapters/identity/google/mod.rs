//! Google's OpenID Connect (<https://developers.google.com/identity/openid-connect/openid-connect>), by the crate
//! `openidconnect`, which checks the token. Where things are, and which keys sign, is read from its discovery document.
//!
//! Nothing is asked of Google before somebody wants to sign in, so that a server starts without it.

mod door;

use std::time::Duration;

use anyhow::anyhow;
use async_trait::async_trait;
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, DiscoveryError, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse as _,
    core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata},
};
use tokio::{sync::Mutex, time::Instant};

use self::door::{Door, Trouble};
use crate::{
    config::Google as Settings,
    ports::identity::{Identity, IdentityError, Trip, Verified},
};

/// Keys change every few days and are announced before they are used.
const KNOWN_FOR: Duration = Duration::from_mins(30);

pub struct Google {
    door: Door,
    issuer: IssuerUrl,
    id: ClientId,
    secret: ClientSecret,
    /// The discovery document and the keys, and when they were read.
    known: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

impl Google {
    /// # Errors
    /// When no HTTP client can be made, or the issuer is no address.
    pub fn new(settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
            door: Door::new()?,
            issuer: IssuerUrl::new(settings.issuer.clone())?,
            id: ClientId::new(settings.client_id.clone()),
            secret: ClientSecret::new(settings.client_secret.expose().to_owned()),
            known: Mutex::new(None),
        })
    }

    async fn metadata(&self) -> Result<CoreProviderMetadata, IdentityError> {
        let mut known = self.known.lock().await;
        if let Some((_, metadata)) = known.as_ref().filter(|(read, _)| read.elapsed() < KNOWN_FOR) {
            return Ok(metadata.clone());
        }
        let asked = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.door).await;
        let metadata = asked.map_err(undiscovered)?;
        *known = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }
}

#[async_trait]
impl Identity for Google {
    fn name(&self) -> &'static str {
        "Google"
    }

    fn path(&self) -> &'static str {
        "google"
    }

    fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    async fn address(&self, trip: &Trip, state: &str) -> Result<String, IdentityError> {
        let back = redirect(trip)?;
        let client = CoreClient::from_provider_metadata(self.metadata().await?, self.id.clone(), None);
        let verifier = PkceCodeVerifier::new(trip.verifier.clone());
        let (state, nonce) = (state.to_owned(), trip.nonce.clone());
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (url, ..) = client
            .set_redirect_uri(back)
            .authorize_url(flow, move || CsrfToken::new(state.clone()), move || Nonce::new(nonce.clone()))
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url.to_string())
    }

    async fn redeem(&self, code: &str, trip: Trip) -> Result<Verified, IdentityError> {
        let back = redirect(&trip)?;
        let metadata = self.metadata().await?;
        let client = CoreClient::from_provider_metadata(metadata, self.id.clone(), Some(self.secret.clone()))
            .set_redirect_uri(back);
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| IdentityError::Unusable("its discovery document names no token endpoint"))?
            .set_pkce_verifier(PkceCodeVerifier::new(trip.verifier));
        let answer = request.request_async(&self.door).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(_) => IdentityError::Refused,
            RequestTokenError::Request(trouble) => trouble.into(),
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                IdentityError::Unusable("the token endpoint's answer is none")
            }
        })?;
        let token = answer.id_token().ok_or(IdentityError::Unusable("there is no ID token in it"))?;
        let nonce = Nonce::new(trip.nonce);
        let claims = token
            .claims(&client.id_token_verifier(), &nonce)
            .map_err(|_| IdentityError::Unusable("its ID token does not stand the checks"))?;
        Ok(Verified {
            subject: claims.subject().as_str().to_owned(),
            email: claims.email().map(|email| email.as_str().to_owned()),
            email_verified: claims.email_verified() == Some(true),
            name: claims.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned()),
        })
    }
}

fn redirect(trip: &Trip) -> Result<RedirectUrl, IdentityError> {
    RedirectUrl::new(trip.back.clone()).map_err(|_| IdentityError::Unusable("our own address is none"))
}

fn undiscovered(error: DiscoveryError<Trouble>) -> IdentityError {
    match error {
        DiscoveryError::Request(trouble) => trouble.into(),
        DiscoveryError::Response(status, ..) if status.is_server_error() => {
            IdentityError::Unavailable(anyhow!("HTTP {}", status.as_u16()))
        }
        _ => IdentityError::Unusable("its discovery document is none"),
    }
}
