//! What a vendor's answers to a code, a refresh token and a token given back mean for us. Nothing of an answer's words
//! gets into an error: they may hold tokens.

use std::fmt;

use anyhow::anyhow;
use jiff::SignedDuration;
use oauth2::{
    ExtraTokenFields, RequestTokenError, StandardTokenResponse, TokenResponse as _,
    basic::{BasicErrorResponse, BasicErrorResponseType, BasicTokenType},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Granted, Registration, door::Trouble};
use crate::{
    adapters::http::BodyError,
    domain::secret::Secret,
    ports::consent::{ConsentError, Tokens},
};

/// The longest that an access token is believed to be good. Vendors give an hour or two.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// Errors that only the owner's agreeing again can cure, beside `invalid_grant`. Microsoft's are of
/// <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>, Google's of
/// <https://developers.google.com/identity/protocols/oauth2/web-server>.
const FINAL: [&str; 5] =
    ["interaction_required", "consent_required", "login_required", "access_denied", "admin_policy_enforced"];

/// What else stands in an answer.
#[derive(Clone, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Rest(Map<String, Value>);

impl ExtraTokenFields for Rest {}

/// An ID token may be in it.
impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rest(…)")
    }
}

pub(super) type Answer = StandardTokenResponse<Rest, BasicTokenType>;
type Failure = RequestTokenError<Trouble, BasicErrorResponse>;

/// What tokens were asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    Code,
    Refresh,
}

impl Asking {
    /// There is an answer and it is none. A code is thrown away then, and the owner begins anew. With a refresh token it
    /// is not known whether a new one was in it.
    fn spoiled(self, why: &'static str) -> ConsentError {
        match self {
            Self::Code => ConsentError::Unusable(why),
            Self::Refresh => ConsentError::Unknown(anyhow!(why)),
        }
    }
}

/// An answer that is one, with a token of the kind that we can use.
pub(super) fn checked(answer: Result<Answer, Failure>, asking: Asking) -> Result<Answer, ConsentError> {
    let answer = answer.map_err(|failure| match failure {
        RequestTokenError::ServerResponse(refusal) => refused(refusal.error()),
        RequestTokenError::Request(trouble) => unanswered(trouble, asking),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => asking.spoiled("it holds no tokens"),
    })?;
    if *answer.token_type() != BasicTokenType::Bearer {
        return Err(asking.spoiled("its token is of another type"));
    }
    let empty = |text: &str| text.is_empty() || text.len() > 16 * 1024 || text.chars().any(char::is_control);
    if empty(answer.access_token().secret()) || answer.refresh_token().is_some_and(|token| empty(token.secret())) {
        return Err(asking.spoiled("its token is none"));
    }
    Ok(answer)
}

fn refused(error: &BasicErrorResponseType) -> ConsentError {
    match error {
        BasicErrorResponseType::InvalidGrant => ConsentError::Refused,
        BasicErrorResponseType::Extension(name) if FINAL.contains(&name.as_str()) => ConsentError::Refused,
        BasicErrorResponseType::Extension(name) if name == "temporarily_unavailable" || name == "server_error" => {
            ConsentError::Unavailable(anyhow!("it says that it is busy"))
        }
        BasicErrorResponseType::InvalidClient | BasicErrorResponseType::UnauthorizedClient => {
            ConsentError::Unusable("the vendor does not know this server: its client id or client secret is wrong")
        }
        _ => ConsentError::Unusable("the vendor does not take the request"),
    }
}

fn unanswered(trouble: Trouble, asking: Asking) -> ConsentError {
    match trouble {
        Trouble::Unreached(_) | Trouble::Busy(_) => ConsentError::Unavailable(trouble.into()),
        Trouble::Redirect => ConsentError::Unusable("it points to another address"),
        Trouble::Odd => ConsentError::Unusable("it is not HTTP"),
        Trouble::Unread(BodyError::TooLong(_)) => asking.spoiled("it is longer than 1 MiB"),
        Trouble::Unanswered(_) | Trouble::Unread(_) => ConsentError::Unknown(trouble.into()),
    }
}

/// Whether everything that is needed was granted, and stays open. What is not said to be granted counts as asked
/// (RFC 6749 §5.1).
pub(super) fn complete(answer: &Answer, registration: &Registration) -> Result<(), ConsentError> {
    let granted: Vec<&str> = match answer.scopes() {
        // Calendly's are said to be divided by commas now and then.
        Some(scopes) => scopes.iter().flat_map(|scope| scope.split(',')).collect(),
        None => registration.scopes.iter().map(String::as_str).collect(),
    };
    let missing = |needed: &&String| !granted.iter().any(|granted| (registration.covers)(granted, needed));
    if registration.needed.iter().any(|needed| missing(&needed)) {
        return Err(ConsentError::Incomplete(
            "not everything that Deskbell asks for was allowed; connect again and leave every box ticked",
        ));
    }
    if answer.refresh_token().is_none() {
        return Err(ConsentError::Incomplete("the vendor gave access for a short time only; connect again"));
    }
    Ok(())
}

pub(super) fn granted(answer: &Answer, registration: &Registration) -> Granted {
    let said = answer.expires_in().map(|life| SignedDuration::try_from(life).unwrap_or(LONGEST));
    let tokens = Tokens {
        access: Secret::new(answer.access_token().secret().as_str()),
        good_for: said.unwrap_or(registration.life).min(LONGEST),
        refresh: answer.refresh_token().map(|token| Secret::new(token.secret().as_str())),
    };
    Granted { tokens, rest: answer.extra_fields().0.clone() }
}

/// A token that is not known there is given back already (RFC 7009 §2.2; Google answers 400 `invalid_token`).
pub(super) fn revoked(answer: Result<(u16, Vec<u8>), Trouble>) -> Result<(), ConsentError> {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    match answer {
        Ok((200..=299, _)) => Ok(()),
        Ok((400, body)) => match serde_json::from_slice::<Refusal>(&body) {
            Ok(refusal) if matches!(refusal.error.as_str(), "invalid_token" | "invalid_grant") => Ok(()),
            _ => Err(ConsentError::Unusable("the vendor does not take the request")),
        },
        Ok(_) => Err(ConsentError::Unusable("the vendor does not take the request")),
        Err(trouble) => Err(unanswered(trouble, Asking::Refresh)),
    }
}
