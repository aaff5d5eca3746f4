//! Who is asking, and what they are here. A handler says in its arguments who may use it: [`SignedIn`], [`Staff`] or
//! [`Owner`].
//!
//! The cookie holds 32 random bytes of which only the hash is stored. A business of somebody else's is not found, exactly
//! as one that does not exist.

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderMap, Method, header, request::Parts},
};
use cookie::Cookie;
use jiff::{SignedDuration, Timestamp};

use super::fault::Fault;
use crate::{
    domain::{
        account::{Role, User},
        business::Business,
        ids::{BusinessId, DeedId, SessionId},
    },
    store::{
        accounts::{self, OpenSession, SecretHash},
        audit::Deed,
    },
    web::{patience::in_time, state::AppState},
};

pub(in crate::web) use crate::store::accounts::hash_of;

/// The session's cookie. `__Host-`: only over TLS (or on this machine), only this host, only from here (RFC 6265bis §4.1.3.2).
pub(in crate::web) const COOKIE: &str = "__Host-deskbell";
/// A session that was not used for so long is over.
pub const IDLE: SignedDuration = SignedDuration::from_hours(2);
/// And one this old, however busy.
pub(in crate::web) const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// "Seen" is written down this often at most.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// A fresh secret of 256 bits, in 43 characters.
///
/// # Errors
/// When the operating system has no randomness.
pub(in crate::web) fn fresh_secret() -> Result<String, Fault> {
    accounts::fresh_secret().map_err(|_| Fault::Down)
}

/// Whoever is signed in.
#[derive(Clone, Debug)]
pub(in crate::web) struct SignedIn {
    pub(in crate::web) user: User,
    pub(in crate::web) session: SessionId,
}

/// Somebody in a business they belong to, and the business as it is at this moment.
#[derive(Clone, Debug)]
pub(in crate::web) struct Access {
    pub(in crate::web) user: User,
    pub(in crate::web) session: SessionId,
    pub(in crate::web) role: Role,
    pub(in crate::web) business: Business,
}

/// A member of the business in the path, whatever their role.
#[derive(Clone, Debug)]
pub(in crate::web) struct Staff(pub(in crate::web) Access);

/// An owner of the business in the path.
#[derive(Clone, Debug)]
pub(in crate::web) struct Owner(pub(in crate::web) Access);

impl Access {
    /// A line for the audit log. `deed` is one of the program's own words; no name or number of a customer may stand in
    /// `detail`.
    pub(in crate::web) fn deed(
        &self,
        state: &AppState,
        deed: &str,
        subject: impl std::fmt::Display,
        detail: &str,
    ) -> Deed {
        Deed {
            id: DeedId(state.clock.new_id()),
            business: Some(self.business.id),
            user: Some(self.user.id),
            actor: self.user.name.clone(),
            deed: deed.to_owned(),
            subject: subject.to_string(),
            detail: detail.to_owned(),
            at: state.clock.now(),
        }
    }

    /// Writes such a line by itself, after a change that was made elsewhere (at the desk).
    pub(in crate::web) async fn note(
        &self,
        state: &AppState,
        deed: &str,
        subject: impl std::fmt::Display,
        detail: &str,
    ) -> Result<(), Fault> {
        let deed = self.deed(state, deed, subject, detail);
        Ok(in_time("writing the audit log", state.store.note_deed(&deed)).await?)
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Fault> {
        let Some(hash) = cookie(&parts.headers) else { return Err(sign_in(parts)) };
        let now = state.clock.now();
        let session = in_time("reading a session", state.store.session(&hash, now, now - IDLE)).await?;
        let session = session.ok_or_else(|| sign_in(parts))?;
        seen(state, &session, now).await;
        Ok(Self { user: session.user, session: session.id })
    }
}

impl FromRequestParts<AppState> for Staff {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Fault> {
        let Some(hash) = cookie(&parts.headers) else { return Err(sign_in(parts)) };
        let now = state.clock.now();
        let entered = match business(parts, state).await {
            Some(id) => in_time("entering a business", state.store.enter(&hash, id, now, now - IDLE)).await?,
            None => None,
        };
        let Some((session, role, found)) = entered else {
            // Signed in, and not a member; or not signed in at all.
            SignedIn::from_request_parts(parts, state).await?;
            return Err(Fault::NotFound);
        };
        seen(state, &session, now).await;
        let access = Access { user: session.user, session: session.id, role, business: found.business };
        Ok(Self(access))
    }
}

impl FromRequestParts<AppState> for Owner {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Fault> {
        let Staff(access) = Staff::from_request_parts(parts, state).await?;
        if access.role < Role::Owner { Err(Fault::NotAllowed) } else { Ok(Self(access)) }
    }
}

/// Whoever is signed in, as an owner of a business that no path names. Nothing: they are none.
pub(in crate::web) async fn owner_of(
    state: &AppState,
    headers: &HeaderMap,
    business: BusinessId,
) -> Result<Option<Access>, Fault> {
    let Some(hash) = cookie(headers) else { return Ok(None) };
    let now = state.clock.now();
    let entered = in_time("entering a business", state.store.enter(&hash, business, now, now - IDLE)).await?;
    let Some((session, role, found)) = entered.filter(|(_, role, _)| *role >= Role::Owner) else { return Ok(None) };
    Ok(Some(Access { user: session.user, session: session.id, role, business: found.business }))
}

/// The hash of the session's secret, when a request brings one.
pub(in crate::web) fn cookie(headers: &HeaderMap) -> Option<SecretHash> {
    value_of(headers, COOKIE).map(|secret| hash_of(&secret))
}

/// The value of one cookie.
pub(in crate::web) fn value_of(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| Cookie::split_parse(line).flatten());
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

/// The business that the path names. What cannot be one is not found.
async fn business(parts: &mut Parts, state: &AppState) -> Option<BusinessId> {
    let params = RawPathParams::from_request_parts(parts, state).await.ok()?;
    params.iter().find(|(name, _)| *name == "business").and_then(|(_, id)| id.parse().ok())
}

/// Signing in leads back to where somebody wanted to go, if that was a page.
fn sign_in(parts: &Parts) -> Fault {
    let page = parts.method == Method::GET;
    Fault::SignIn { next: page.then(|| parts.uri.path_and_query().map(ToString::to_string)).flatten() }
}

/// Once a minute at most, so that looking at pages does not become writing. Failing to is no reason to refuse anybody.
async fn seen(state: &AppState, session: &OpenSession, now: Timestamp) {
    if now.duration_since(session.seen) >= SEEN_EVERY {
        let _ = in_time("noting a session", state.store.session_seen(session.id, now)).await;
    }
}
