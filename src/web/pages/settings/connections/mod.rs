//! One connected account: how it goes, what is used of it, what its calendar says, and how one is rid of it.

mod asking;
mod choice;
mod leaving;
mod picks;
mod trying;
pub(in crate::web::pages) mod words;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Method},
    response::Response,
};
use tracing::info;

use self::{
    picks::{Pick, Team},
    words::Cure,
};
use super::{frame, integrations};
use crate::{
    config::settings::BOOKING_EMAIL_DOMAIN,
    domain::{
        business::Business,
        connection::{Connection, ConnectionState, Why},
        ids::{BusinessId, ConnectionId},
    },
    ports::{
        calendar::{Listed, Trouble},
        registry::NATIVE,
        vendors::{Kind, Vendor},
    },
    store::connections::Chosen,
    web::{
        pages::{
            access::{Access, Owner},
            connect::{departure, place},
            doors::{Doors, Need},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{Frame, root, shown_as},
            notice::{Notice, then},
            say::Say,
        },
        patience::in_time,
        state::AppState,
    },
};

/// Besides the selects.
const FIELDS: [&str; 7] = ["staff", "blocks", "receives", "kinds", "meeting", "shared", "busy"];

const ONE: &str = "/b/{business}/settings/connections/{connection}";
const LEAVE: &str = "/b/{business}/settings/connections/{connection}/disconnect";

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, ONE, Need::Owner, show)
        .at(Method::POST, ONE, Need::Owner, choose)
        .at(Method::GET, "/b/{business}/settings/connections/{connection}/try", Need::Owner, trying::show)
        .at(Method::GET, LEAVE, Need::Owner, leaving::ask)
        .at(Method::POST, LEAVE, Need::Owner, leaving::leave)
}

/// A connection of this business, by what stands in the path.
async fn found(state: &AppState, access: &Access, id: &str) -> Result<Connection, Fault> {
    let id = id.parse::<ConnectionId>().map_err(|_| Fault::NotFound)?;
    in_time("reading a connection", state.store.connection(access.business.id, id)).await?.ok_or(Fault::NotFound)
}

/// A connection and its vendor. One whose vendor is not in this program (any more) can only be looked at and taken away.
async fn usable<'a>(state: &'a AppState, access: &Access, id: &str) -> Result<(Connection, &'a Vendor), Fault> {
    let connection = found(state, access, id).await?;
    let vendor = state.vendors.named(&connection.provider).ok_or(Fault::NotFound)?;
    Ok((connection, vendor))
}

/// A calendar to choose.
#[expect(clippy::struct_excessive_bools, reason = "what is so of it, and what is ticked")]
struct Row {
    id: String,
    name: String,
    primary: bool,
    writable: bool,
    blocks: bool,
    receives: bool,
}

#[derive(Template)]
#[template(path = "pages/settings/connection.html")]
#[expect(clippy::struct_excessive_bools, reason = "what is so and what is not, for a page to say")]
struct Page {
    frame: Frame,
    tab: &'static str,
    path: String,
    account: String,
    tone: &'static str,
    badge: &'static str,
    told: String,
    answered: String,
    /// Appointments that it missed are still being written into it.
    behind: bool,
    /// Where it is let in once more.
    again: Option<String>,
    active: bool,
    choosing: bool,
    /// Our own calendar alone decides as it is.
    native: bool,
    /// Somebody else here has connected the same account.
    shared: bool,
    scheduler: bool,
    /// Callers are sent to its page, since it mostly wants e-mail addresses and the server can make none: the setting that
    /// helps.
    by_page: Option<&'static str>,
    form: Form,
    rows: Vec<Row>,
    services: Vec<Pick>,
    /// Its calendars may be several people's.
    team: Option<Team>,
    /// The fields that mistakes are told beside.
    known: String,
    /// What that it is somebody's means.
    whose: &'static str,
    staff: Vec<(String, String)>,
    /// What is chosen is not there any more.
    lost: bool,
    /// Why there is nothing to choose from at the moment.
    unlisted: Option<String>,
}

/// What the account has, or why that is not known; nothing: it does not let us in.
type Listing = Option<Result<Vec<Listed>, Trouble>>;

async fn listing(state: &AppState, connection: &Connection, vendor: &Vendor) -> Listing {
    match connection.state {
        ConnectionState::Reconnect { why, .. } if why != Why::CalendarGone => None,
        _ => Some(asking::listed(state, connection, vendor).await),
    }
}

async fn page(
    state: &AppState,
    access: &Access,
    headers: &HeaderMap,
    (connection, vendor): (&Connection, Option<&Vendor>),
    listing: Listing,
    form: Option<Form>,
) -> Result<Response, Fault> {
    let business = &access.business;
    let say = Say::of(business, state.clock.now());
    let label = words::label(&state.vendors, &connection.provider).to_owned();
    let standing = words::standing(connection, &label, &say);
    let looking = state.store.is_connected_elsewhere(&connection.provider, &connection.account.subject, business.id);
    let shared = connection.state == ConnectionState::Choosing && in_time("looking for an account", looking).await?;
    let listed = match &listing {
        Some(Ok(listed)) => listed.as_slice(),
        _ => &[],
    };
    let form = form.unwrap_or_else(|| match vendor {
        Some(vendor) => choice::form(connection, business, &vendor.kind, listed),
        None => Form::of(choice::fields(connection)),
    });
    let scheduler = vendor.is_some_and(|vendor| matches!(vendor.kind, Kind::Scheduler(_)));
    let services = if scheduler { picks::services(business, &form, listed) } else { Vec::new() };
    let team = if scheduler { None } else { Team::of(connection, business, &form, listed) };
    let fields = services.iter().chain(team.iter().flat_map(Team::picks)).map(|pick| pick.field.as_str());
    let known = FIELDS.iter().copied().chain(fields).collect::<Vec<_>>().join(" ");
    let integrations = &business.ai_config.integrations.provider;
    let page = Page {
        frame: frame(access, headers, label.as_str()),
        tab: "integrations",
        path: place(&root(business), connection.id),
        account: connection.account.label.clone(),
        tone: standing.tone,
        badge: standing.badge,
        told: standing.told,
        answered: words::last_answer(connection, &say),
        behind: in_time("looking what a calendar missed", state.store.is_catching_up(connection.id)).await?,
        again: (standing.cure == Some(Cure::Reconnect))
            .then(|| departure(&root(business), &connection.provider, Some(connection.id))),
        active: connection.is_active(),
        choosing: connection.state == ConnectionState::Choosing,
        native: integrations == NATIVE || integrations.is_empty(),
        shared,
        scheduler,
        by_page: vendor
            .filter(|_| scheduler && state.config.calendars.alias_domain.is_none())
            .map(|_| BOOKING_EMAIL_DOMAIN),
        rows: rows(&form, listed),
        known,
        whose: if team.is_some() {
            "Somebody’s own account says when they are busy, and gets their appointments alone. In one of the whole business, \
             each calendar can be somebody’s."
        } else {
            "Somebody’s own account says when they are busy, and gets their appointments alone."
        },
        staff: staff(access),
        services,
        team,
        lost: matches!(&listing, Some(Ok(listed)) if is_lost(connection, business, listed)),
        unlisted: match (&listing, vendor) {
            // Said above already, with what helps.
            (Some(Err(Trouble::Reconnect(_))), _) if standing.cure == Some(Cure::Reconnect) => None,
            (Some(Err(trouble)), _) => Some(asking::told(trouble, &label)),
            (_, None) => Some("This program does not know it. It is kept for one that does.".to_owned()),
            _ => None,
        },
        form,
    };
    shown_as(page.form.status(), &page)
}

fn rows(form: &Form, listed: &[Listed]) -> Vec<Row> {
    let row = |one: &Listed| Row {
        id: one.id.as_str().to_owned(),
        name: picks::called(one).to_owned(),
        primary: one.primary,
        writable: one.writable,
        blocks: form.fields.has("blocks", one.id.as_str()),
        receives: form.fields.has("receives", one.id.as_str()),
    };
    listed.iter().map(row).collect()
}

fn staff(access: &Access) -> Vec<(String, String)> {
    let all = std::iter::once((String::new(), "The whole business".to_owned()));
    all.chain(access.business.staff.iter().map(|member| (member.id.to_string(), member.name.clone()))).collect()
}

fn is_lost(connection: &Connection, business: &Business, listed: &[Listed]) -> bool {
    let connection = connection.clone().of(business);
    connection.used().iter().any(|id| listed.iter().all(|one| one.id != **id))
}

async fn show(
    State(state): State<AppState>,
    Owner(access): Owner,
    Path((_, id)): Path<(BusinessId, String)>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let connection = found(&state, &access, &id).await?;
    let Some(vendor) = state.vendors.named(&connection.provider) else {
        return page(&state, &access, &headers, (&connection, None), None, None).await;
    };
    let listing = listing(&state, &connection, vendor).await;
    // Asking may have shown that it does not let us in any more.
    let connection = found(&state, &access, &id).await?;
    page(&state, &access, &headers, (&connection, Some(vendor)), listing, None).await
}

/// So often is a choice made anew when somebody else was quicker; then it is theirs that is shown.
const ATTEMPTS: usize = 3;

/// What is used of it.
async fn choose(
    State(state): State<AppState>,
    Owner(access): Owner,
    Path((_, id)): Path<(BusinessId, String)>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let (mut connection, vendor) = usable(&state, &access, &id).await?;
    let listing = listing(&state, &connection, vendor).await;
    let Some(Ok(listed)) = &listing else {
        // Nothing can be compared with what was typed, so nothing is saved.
        let form = Form::refused(typed, vec![wrong("", "What there is to choose from cannot be read at the moment")]);
        connection = found(&state, &access, &id).await?;
        return page(&state, &access, &headers, (&connection, Some(vendor)), listing, Some(form)).await;
    };
    for _ in 0..ATTEMPTS {
        let read = choice::read(&typed, &connection, &access.business, &vendor.kind, listed);
        let saved = choice::fields(&connection);
        let same = matches!(&read, Ok((choice, staff)) if *choice == connection.choice && *staff == connection.staff);
        if same && connection.is_active() {
            return Ok(chosen(&access, vendor, &connection, false));
        }
        let refused = |wrong| Form::refused(typed.clone(), wrong);
        let form = match (read, unconfirmed(&state, &access, &connection, &typed).await?) {
            _ if saved.fingerprint() != typed.text("base") => Form::overtaken(typed.clone(), saved),
            (Err(wrong), _) => refused(wrong),
            (Ok(_), true) => {
                refused(vec![wrong("shared", "Tick this, if it is what you want; else disconnect the account.")])
            }
            (Ok((choice, staff)), false) => {
                let first = connection.state == ConnectionState::Choosing;
                let deed = access.deed(&state, "calendar.chosen", connection.id, vendor.name);
                let of = (connection.business, connection.id, connection.version);
                match in_time("saving a choice", state.store.choose(of, &choice, staff, &deed)).await? {
                    Chosen::Saved(saved) => {
                        info!(business.id = %access.business.id, "what is used of a calendar was chosen");
                        state.following.wake();
                        let on = first && typed.is_on("use");
                        if on {
                            integrations::switch_on(&state, &access, vendor.name).await?;
                        }
                        return Ok(chosen(&access, vendor, &saved, on));
                    }
                    Chosen::Conflict(now) => {
                        connection = now;
                        continue;
                    }
                    Chosen::Missing => return Err(Fault::NotFound),
                }
            }
        };
        return page(&state, &access, &headers, (&connection, Some(vendor)), listing, Some(form)).await;
    }
    Err(Fault::Down)
}

/// Another business has the same account, and nobody has said here that this is meant.
async fn unconfirmed(
    state: &AppState,
    access: &Access,
    connection: &Connection,
    typed: &Fields,
) -> Result<bool, Fault> {
    if connection.state != ConnectionState::Choosing || typed.is_on("shared") {
        return Ok(false);
    }
    let subject = &connection.account.subject;
    let looking = state.store.is_connected_elsewhere(&connection.provider, subject, access.business.id);
    Ok(in_time("looking for an account", looking).await?)
}

fn chosen(access: &Access, vendor: &Vendor, connection: &Connection, on: bool) -> Response {
    let told = if on {
        format!("Saved. From the next call on, {} is asked, and gets every appointment. Try it below.", vendor.label)
    } else {
        "Saved.".to_owned()
    };
    then(&place(&root(&access.business), connection.id), &Notice::good(told))
}
