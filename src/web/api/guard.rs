//! Who may do what here: the server's own token may do everything, a business's key what its scopes say in that business.

use std::{collections::HashMap, sync::LazyLock};

use axum::{
    extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State},
    http::{HeaderMap, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tracing::error;

use super::problem::{Kind, Problem};
use crate::{
    config::Secret,
    domain::{
        ids::{BusinessId, DeedId},
        scope::Scope,
    },
    store::{accounts::KeyInUse, audit::Deed},
    web::{patience::in_time, state::AppState},
};

/// How every key of a business begins, so that leaked ones are found by those who scan for them.
pub(in crate::web) const PREFIX: &str = "dk_";

/// What a door asks of whoever comes with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    /// A key with this scope, in its own business.
    With(Scope),
    /// The server's own token alone.
    ServerAlone,
}

/// Whose program is asking.
#[derive(Clone, Debug)]
pub(super) enum Client {
    /// It brought the server's token.
    Server,
    /// It brought a key.
    Key(KeyInUse),
}

/// A change that a program is about to make, for the audit log.
#[derive(Clone, Debug)]
pub(super) struct Doing {
    actor: String,
    word: &'static str,
    subject: String,
}

impl Client {
    pub(super) fn does(&self, word: &'static str, subject: impl std::fmt::Display) -> Doing {
        let actor = match self {
            Self::Server => "the server's token".to_owned(),
            Self::Key(key) => format!("API key {}", key.name),
        };
        Doing { actor, word, subject: subject.to_string() }
    }

    /// The one business it may know of; nothing: all of them.
    pub(super) fn only(&self) -> Option<BusinessId> {
        match self {
            Self::Server => None,
            Self::Key(key) => Some(key.business),
        }
    }

    /// Idempotency keys of two programs are never the same one. A header holds nothing beyond ASCII, so none can pretend to
    /// be another program's.
    pub(super) fn own(&self, key: &str) -> String {
        match self {
            Self::Server => key.to_owned(),
            Self::Key(ours) => format!("§{}/{key}", ours.id),
        }
    }
}

impl Doing {
    /// The line, once it is known what about it there is to say.
    pub(super) fn deed(&self, state: &AppState, business: BusinessId, detail: String) -> Deed {
        Deed {
            id: DeedId(state.clock.new_id()),
            business: Some(business),
            user: None,
            actor: self.actor.clone(),
            deed: self.word.to_owned(),
            subject: self.subject.clone(),
            detail,
            at: state.clock.now(),
        }
    }

    /// Writes it by itself, after a change at the desk. What happened there is told in any case.
    pub(super) async fn note(&self, state: &AppState, business: BusinessId) {
        let deed = self.deed(state, business, String::new());
        if in_time("writing the audit log", state.store.note_deed(&deed)).await.is_err() {
            error!(deed = self.word, "a change through the API is not in the audit log");
        }
    }
}

/// Handlers ask for it after the guard has let a request through.
impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::new(Kind::NoToken))
    }
}

/// Lets a request through that may do what it wants to, before anything else about it is looked at.
pub(super) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admitted(&state, &mut parts).await {
        Ok(client) => {
            parts.extensions.insert(client);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn admitted(state: &AppState, parts: &mut Parts) -> Result<Client, Problem> {
    let brought = bearer_of(&parts.headers);
    if let (Some(brought), Some(ours)) = (brought, &state.config.api_token)
        && same(brought, ours.expose().as_bytes())
    {
        return Ok(Client::Server);
    }
    let key = brought.filter(|brought| brought.starts_with(PREFIX.as_bytes()));
    let Some(key) = key else {
        let off = state.config.api_token.is_none();
        return Err(Problem::new(if off { Kind::Off } else { Kind::NoToken }));
    };
    let hash = Sha256::digest(key).into();
    let found = in_time("looking up a key", state.store.use_api_key(&hash, state.clock.now())).await?;
    let key = found.ok_or_else(|| Problem::new(Kind::NoToken))?;
    allow(&key, parts).await?;
    Ok(Client::Key(key))
}

/// Another business's path is not found, as if there were none; a door of its own that needs another scope is forbidden.
async fn allow(key: &KeyInUse, parts: &mut Parts) -> Result<(), Problem> {
    let path = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| Problem::new(Kind::NotFound))?;
    let business = path.iter().find(|(name, _)| *name == "business").map(|(_, id)| id.parse::<BusinessId>().ok());
    if business.is_some_and(|business| business != Some(key.business)) {
        return Err(Problem::new(Kind::NotFound));
    }
    match door(parts) {
        // No such method: the router says so.
        None => Ok(()),
        Some(Opens::With(scope)) if key.scopes.has(scope) => Ok(()),
        Some(Opens::With(scope)) => Err(Problem::new(Kind::NoScope)
            .because(format!("This key does not have the scope {scope}."))
            .with("scope", scope.as_str().into())),
        Some(Opens::ServerAlone) => {
            Err(Problem::new(Kind::NoScope).because("Only the server's own token may do this."))
        }
    }
}

/// What the door of a request asks for.
fn door(parts: &Parts) -> Option<Opens> {
    static DOORS: LazyLock<HashMap<(Method, &'static str), Opens>> =
        LazyLock::new(|| super::routes_with_scopes().into_iter().map(|(m, path, opens)| ((m, path), opens)).collect());
    let path = parts.extensions.get::<MatchedPath>()?.as_str();
    let path = path.strip_prefix(super::ROOT).unwrap_or(path);
    let method = if parts.method == Method::HEAD { Method::GET } else { parts.method.clone() };
    DOORS.iter().find(|((m, p), _)| *m == method && *p == path).map(|(_, opens)| *opens)
}

/// Whether a request brings the server's token.
pub(in crate::web) fn brings(headers: &HeaderMap, ours: &Secret) -> bool {
    bearer_of(headers).is_some_and(|theirs| same(theirs, ours.expose().as_bytes()))
}

fn bearer_of(headers: &HeaderMap) -> Option<&[u8]> {
    headers.get(header::AUTHORIZATION).and_then(|value| bearer(value.as_bytes()))
}

/// RFC 6750 §2.1; the scheme's name is in any case (RFC 9110 §11.1).
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(7)?;
    scheme.eq_ignore_ascii_case(b"bearer ").then_some(token.trim_ascii())
}

/// Of their hashes, in constant time, so that not even the length is told by how long it takes.
fn same(theirs: &[u8], ours: &[u8]) -> bool {
    Sha256::digest(theirs).ct_eq(&Sha256::digest(ours)).into()
}
