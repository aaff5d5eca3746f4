//! Connecting a calendar: to the vendor's consent page and back, or by a key that the owner made there.
//!
//! There is one way back for each provider, and no business in it: which business, whose session and which connection it
//! was for is what we wrote down when the browser set out, and nothing that comes back in an address says otherwise.
//! Nothing is asked of a vendor before all of that fits.

mod back;
mod key;

use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, Method, header},
    response::{IntoResponse as _, Redirect, Response},
};
use jiff::SignedDuration;
use serde::Deserialize;
use tracing::error;

use super::{
    access::{Access, Owner, fresh_secret, hash_of},
    doors::{Doors, Need},
    fault::Fault,
    frame::root,
    notice::{Notice, then},
    round_trip::is_own_click,
};
use crate::{
    calendars::opener::Opened,
    domain::{
        connection::Connection,
        ids::{ConnectionId, StaffId},
        secret::Secret,
    },
    ports::{
        consent::{Consent, Way},
        vendors::{Door, Vendor},
    },
    store::connections::{Kept, NewWay},
    web::{patience::in_time, same_origin::from_elsewhere, state::AppState},
};

const BEGIN: &str = "/b/{business}/connect/{provider}";
/// How long an owner may take over there.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(10);

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, BEGIN, Need::Owner, begin).at(Method::POST, BEGIN, Need::Owner, key::enter).at(
        Method::GET,
        "/connect/{provider}/back",
        Need::Nothing,
        back::arrive,
    )
}

/// Where connecting begins. A link, since a form may only lead to our own origin.
pub(super) fn departure(business: &str, provider: &str, renews: Option<ConnectionId>) -> String {
    let begin = format!("{business}/connect/{provider}");
    renews.map_or(begin.clone(), |id| format!("{begin}?renews={id}"))
}

/// Where a connection stands in the settings.
pub(super) fn place(business: &str, connection: ConnectionId) -> String {
    format!("{business}/settings/connections/{connection}")
}

/// What the new connection is for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    /// A member of staff, whose own account it is.
    staff: String,
    /// A connection that is to work again.
    renews: String,
}

/// The same, as it is known to be this business's.
#[derive(Default)]
struct For {
    staff: Option<StaffId>,
    renews: Option<Connection>,
}

impl For {
    async fn read(state: &AppState, access: &Access, vendor: &Vendor, wanted: &Wanted) -> Result<Self, Fault> {
        let staff = match wanted.staff.as_str() {
            "" => None,
            id => {
                let id = id.parse::<StaffId>().map_err(|_| Fault::NotFound)?;
                Some(access.business.member(id).ok_or(Fault::NotFound)?.id)
            }
        };
        let renews = match wanted.renews.as_str() {
            "" => None,
            id => {
                let id = id.parse::<ConnectionId>().map_err(|_| Fault::NotFound)?;
                let found = in_time("reading a connection", state.store.connection(access.business.id, id)).await?;
                Some(found.filter(|found| found.provider == vendor.name).ok_or(Fault::NotFound)?)
            }
        };
        Ok(Self { staff, renews })
    }
}

async fn begin(
    State(state): State<AppState>,
    Owner(access): Owner,
    Path((_, provider)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
    query: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Fault> {
    let vendor = state.vendors.named(&provider).ok_or(Fault::NotFound)?;
    let wanted = query.map(|Query(wanted)| wanted).unwrap_or_default();
    let purpose = For::read(&state, &access, vendor, &wanted).await?;
    match &vendor.door {
        Door::Consent(consent) => {
            // Whatever looks ahead (a prefetch, a preview) wants to connect nothing, nor does a page of somebody else's.
            if method != Method::GET || !is_own_click(&headers) || from_elsewhere(&headers) {
                return Err(Fault::Bad("not somebody's own click"));
            }
            if from_signing_in(&state, &headers) {
                let told = format!("You are signed in again. Now connect {}.", vendor.label);
                return Ok(then(&format!("{}/settings/integrations", root(&access.business)), &Notice::good(told)));
            }
            depart(&state, &access, vendor, consent.as_ref(), &purpose).await
        }
        Door::Key(door) => key::show(&access, &headers, vendor, door.form(), &purpose),
        Door::Closed(_) => {
            let told = format!("{} is not set up on this server. What is missing stands below.", vendor.label);
            Ok(then(&format!("{}/settings/integrations", root(&access.business)), &Notice::bad(told)))
        }
    }
}

/// Whoever had to sign in first comes here by a form's answer, and a form may not lead to another origin: not by any number of
/// redirects. So they are shown the link once more.
fn from_signing_in(state: &AppState, headers: &HeaderMap) -> bool {
    let from = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    from.strip_prefix(state.config.origin.http()).is_some_and(|path| path.starts_with("/sign-in"))
}

/// Writes down who sets out for what, and sends the browser off.
async fn depart(
    state: &AppState,
    access: &Access,
    vendor: &Vendor,
    consent: &dyn Consent,
    purpose: &For,
) -> Result<Response, Fault> {
    let (token, verifier) = (fresh_secret()?, Secret::new(fresh_secret()?));
    let way = Way { back: comes_back_to(state, vendor.name), verifier };
    let now = state.clock.now();
    let new = NewWay {
        hash: hash_of(&token),
        business: access.business.id,
        user: access.user.id,
        session: access.session,
        provider: vendor.name.to_owned(),
        staff: purpose.staff,
        renews: purpose.renews.as_ref().map(|connection| connection.id),
        verifier: way.verifier.clone(),
        expires: now + GOOD_FOR,
        now,
    };
    if !in_time("writing down a departure", state.store.set_out(&new)).await? {
        return Err(Fault::TooMany);
    }
    Ok(Redirect::to(&consent.address(&way, &token)).into_response())
}

/// To the letter what is registered with the vendor.
pub(super) fn comes_back_to(state: &AppState, provider: &str) -> String {
    format!("{}/connect/{provider}/back", state.config.origin.http())
}

/// Seals what was opened to us, from whichever door, and keeps it, with a line in the audit log.
async fn keep(state: &AppState, access: &Access, opened: Opened) -> Result<Option<Kept>, Fault> {
    let deed = access.deed(state, "calendar.connected", access.business.id, &opened.provider);
    state.opener.keep(opened, &deed).await.map_err(|error| {
        error!(%error, "a connection could not be kept: {error}");
        Fault::Down
    })
}

/// To the page that says what is used of it.
fn arrived(access: &Access, vendor: &Vendor, kept: Kept) -> Option<Response> {
    let (connection, told) = match kept {
        Kept::New(connection) => {
            (connection, format!("{} is connected. One more step: what is used of it?", vendor.label))
        }
        Kept::Renewed(connection) if connection.is_active() => {
            (connection, format!("{} is connected again, and works as before.", vendor.label))
        }
        Kept::Renewed(connection) => (connection, format!("{} is connected again.", vendor.label)),
        Kept::OtherAccount => return None,
    };
    Some(then(&place(&root(&access.business), connection.id), &Notice::good(told)))
}
