//! Back from a vendor's consent page: who comes back, and with what, is checked before the vendor is asked for anything.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use tracing::{info, warn};

use super::{arrived, comes_back_to, departure, keep};
use crate::{
    calendars::opener::{Opened, With},
    domain::ids::{BusinessId, ConnectionId},
    ports::{
        consent::{Consent, ConsentError, Grant, Way},
        vendors::{Door, Vendor},
    },
    store::connections::{Came, Kept, Way as SetOut},
    web::{
        pages::{
            access::{self, Access, IDLE},
            entry::Alone,
            fault::Fault,
            frame::shown_as,
            round_trip::{Brought, is_own_click, told},
        },
        patience::in_time,
        state::AppState,
    },
};

#[derive(Template)]
#[template(path = "pages/connect/sorry.html")]
struct Sorry {
    alone: Alone,
    what: String,
    /// What the vendor called it; anybody may have written it.
    told: String,
    name: &'static str,
    /// Where it begins; nothing while it is not known for which business it was.
    again: Option<String>,
    /// The business's integrations, or the list of one's businesses.
    home: String,
}

/// Says why nothing was connected.
struct Sorrily<'a> {
    headers: &'a HeaderMap,
    vendor: &'a Vendor,
    /// Known once it is sure that the way was begun for it, by this very session.
    business: Option<BusinessId>,
    /// What was to work again.
    renews: Option<ConnectionId>,
}

impl Sorrily<'_> {
    fn say(&self, status: StatusCode, title: &str, what: impl Into<String>, told: &str) -> Result<Response, Fault> {
        let root = self.business.map(|business| format!("/b/{business}"));
        let page = Sorry {
            alone: Alone::of(self.headers, title),
            what: what.into(),
            told: told.to_owned(),
            name: self.vendor.label,
            again: root.as_ref().map(|root| departure(root, self.vendor.name, self.renews)),
            home: root.map_or_else(|| "/businesses".to_owned(), |root| format!("{root}/settings/integrations")),
        };
        shown_as(status, &page)
    }

    fn start_again(&self, status: StatusCode) -> Result<Response, Fault> {
        let what = "This way back is used, older than ten minutes, or was not begun here. Nothing was connected. Please start \
                    again from Integrations.";
        self.say(status, "Please start again", what, "")
    }

    /// Signed in over there as somebody else than the last time. `account`: as whom that was.
    fn another_account(&self, account: &str) -> Result<Response, Fault> {
        let what = format!(
            "{account} has to be connected again, and that was another account, so nothing was changed. Try it again as {account}; \
             to use the other one, too, connect it from Integrations."
        );
        self.say(StatusCode::CONFLICT, "That was another account", what, "")
    }

    fn declined(&self, error: &str) -> Result<Response, Fault> {
        if error == "access_denied" {
            let what = "Nothing was shared, and nothing was changed. Appointments go on being kept here.";
            return self.say(StatusCode::OK, "You did not connect it", what, "");
        }
        let what = format!("{} could not connect it.", self.vendor.label);
        self.say(StatusCode::BAD_GATEWAY, "That did not work", what, &told(error))
    }

    /// The vendor did not do its part, or not all of it.
    fn failed(&self, error: &ConsentError) -> Result<Response, Fault> {
        let label = self.vendor.label;
        warn!(%error, "a calendar could not be connected: {error}");
        match error {
            ConsentError::Refused => {
                let what = "It was used already, or took too long. Nothing was connected. Please start again.";
                self.say(StatusCode::BAD_REQUEST, "Please start again", what, "")
            }
            ConsentError::Incomplete(why) => {
                let what = format!(
                    "Calendar access is incomplete: {why}. Nothing was connected. Try it again, and leave everything ticked \
                     that {label} asks about."
                );
                self.say(StatusCode::BAD_GATEWAY, "Something is missing", what, "")
            }
            ConsentError::Unusable(_) => {
                let what = format!("{label} gave an answer that cannot be relied on, so nothing was connected.");
                self.say(StatusCode::BAD_GATEWAY, "That did not work", what, "")
            }
            ConsentError::Unavailable(_) | ConsentError::Unknown(_) => {
                let what = format!("{label} cannot be reached at the moment. Nothing was connected.");
                self.say(StatusCode::BAD_GATEWAY, "That did not work", what, "")
            }
        }
    }
}

pub(super) async fn arrive(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    method: Method,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let vendor = state.vendors.named(&provider).ok_or(Fault::NotFound)?;
    let Door::Consent(consent) = &vendor.door else { return Err(Fault::NotFound) };
    let mut sorrily = Sorrily { headers: &headers, vendor, business: None, renews: None };
    // A preview or a prefetch of the address uses nothing up.
    if method != Method::GET || !is_own_click(&headers) {
        return sorrily.start_again(StatusCode::BAD_REQUEST);
    }
    let Some(brought) = Brought::read(query.as_deref().unwrap_or_default()) else {
        return sorrily.start_again(StatusCode::BAD_REQUEST);
    };
    let Some(token) = &brought.state else { return sorrily.start_again(StatusCode::BAD_REQUEST) };
    if !issuer_fits(consent.as_ref(), &brought) {
        return sorrily.start_again(StatusCode::BAD_REQUEST);
    }
    let now = state.clock.now();
    let session = match access::cookie(&headers) {
        Some(hash) => in_time("reading a session", state.store.session(&hash, now, now - IDLE)).await?,
        None => None,
    };
    let hash = access::hash_of(token);
    let coming = state.store.come_back(&hash, vendor.name, session.map(|session| session.id), now);
    let way = match in_time("looking for a departure", coming).await? {
        Came::Back(way) => way,
        Came::SomebodyElse => return not_theirs(&sorrily),
        Came::Unknown => return sorrily.start_again(StatusCode::BAD_REQUEST),
    };
    // Whoever was an owner when they set out may not be one any more.
    let Some(access) = access::owner_of(&state, &headers, way.business).await? else { return not_theirs(&sorrily) };
    (sorrily.business, sorrily.renews) = (Some(way.business), way.renews);
    match brought.code {
        Some(code) => enter(&state, access, &sorrily, Arc::clone(consent), way, code).await,
        None => sorrily.declined(&brought.error.unwrap_or_default()),
    }
}

/// RFC 9207: a vendor that names itself does so as itself. One that does not is believed all the same: Google does so without
/// having promised it anywhere, and ways back of several vendors cannot be mixed up, since each has its own.
fn issuer_fits(consent: &dyn Consent, brought: &Brought) -> bool {
    brought.issuer.as_deref().is_none_or(|issuer| consent.issuer().is_none_or(|expected| issuer == expected))
}

/// Somebody else's browser, session or business.
fn not_theirs(sorrily: &Sorrily<'_>) -> Result<Response, Fault> {
    let what = "Whoever begins to connect a calendar has to finish it: in the same browser, still signed in, and as an owner of \
                the business. Nothing was connected.";
    sorrily.say(StatusCode::FORBIDDEN, "That was begun by somebody else", what, "")
}

/// Makes tokens of the code, and keeps them. Both are finished once they are begun, even if the browser goes away meanwhile:
/// the code is good once.
async fn enter(
    state: &AppState,
    access: Access,
    sorrily: &Sorrily<'_>,
    consent: Arc<dyn Consent>,
    way: SetOut,
    code: String,
) -> Result<Response, Fault> {
    let (vendor, provider) = (sorrily.vendor, sorrily.vendor.name);
    let trip = Way { back: comes_back_to(state, provider), verifier: way.verifier };
    let working = state.lifecycle.tasks.spawn({
        let (state, access) = (state.clone(), access.clone());
        async move {
            let Grant { tokens, account } = consent.redeem(&code, &trip).await?;
            let (subject, refresh) = (account.subject.clone(), tokens.refresh.clone());
            let opened = Opened {
                business: access.business.id,
                provider: provider.to_owned(),
                // They may have left meanwhile.
                staff: way.staff.filter(|staff| access.business.member(*staff).is_some()),
                account,
                with: With::Tokens(tokens),
                renews: way.renews,
            };
            let kept = match keep(&state, &access, opened).await {
                Ok(None) => return Err(ConsentError::Incomplete("it would have ended within the hour")),
                Ok(Some(kept)) => Ok(kept),
                Err(fault) => Err(fault),
            };
            if let (Ok(Kept::OtherAccount), Some(refresh)) = (&kept, refresh) {
                // What was not kept is given back.
                state.opener.give_back(provider, &subject, &refresh).await;
            }
            Ok(kept)
        }
    });
    match working.await {
        Ok(Ok(kept)) => match arrived(&access, vendor, kept?) {
            Some(response) => {
                info!(business.id = %access.business.id, "a calendar was connected");
                Ok(response)
            }
            None => sorrily.another_account(&renewed(state, sorrily).await?),
        },
        Ok(Err(error)) => sorrily.failed(&error),
        Err(_) => Err(Fault::Broken),
    }
}

/// The account that was to be connected again, as owners know it.
async fn renewed(state: &AppState, sorrily: &Sorrily<'_>) -> Result<String, Fault> {
    let (Some(business), Some(id)) = (sorrily.business, sorrily.renews) else { return Ok("The account".to_owned()) };
    let found = in_time("reading a connection", state.store.connection(business, id)).await?;
    Ok(found.map_or_else(|| "The account".to_owned(), |found| found.account.label))
}
