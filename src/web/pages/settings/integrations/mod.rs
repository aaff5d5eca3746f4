//! Calendars and other programs: which of them decides now, what is connected and how it goes, what could be connected, and
//! what this server can reach. What is not there is not shown as a button.

mod decide;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method},
    response::Response,
};

use super::connections::words::{self, Cure};
use crate::{
    domain::connection::Connection,
    ports::{
        registry::{self, NATIVE},
        vendors::{Door, Kind, Vendor},
    },
    web::{
        pages::{
            access::{Access, Owner},
            connect::{comes_back_to, departure, place},
            doors::{Doors, Need},
            edit::Part as _,
            fault::Fault,
            form::Form,
            frame::{Frame, Here, root, shown_as},
            say::Say,
        },
        patience::in_time,
        state::AppState,
    },
};
use decide::{OwnAlone, Provider, service_field};

pub(in crate::web::pages::settings) use decide::{switch_away, switch_on};

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/b/{business}/settings/integrations", Need::Owner, show)
        .at(Method::POST, "/b/{business}/settings/integrations", Need::Owner, decide::decide)
        .at(Method::POST, "/b/{business}/settings/integrations/native", Need::Owner, decide::switch_off)
}

/// One of those that may decide.
struct Choice {
    name: String,
    label: String,
    /// What it means.
    about: &'static str,
    on: bool,
    /// Ticks of its own: our own calendar has none.
    ticks: Option<Ticks>,
}

#[expect(clippy::struct_excessive_bools, reason = "ticks")]
struct Ticks {
    check: bool,
    create: bool,
    /// It has to agree when another one decides.
    also: bool,
    /// It takes bookings by itself, so there is nothing to tick.
    owns_rules: bool,
}

/// A service, and which calendar decides about it.
struct OfService {
    field: String,
    name: String,
    chosen: String,
    wrong: Option<String>,
}

/// A connected account.
struct Connected {
    path: String,
    label: String,
    account: String,
    whose: String,
    tone: &'static str,
    badge: &'static str,
    told: String,
    uses: Vec<String>,
    answered: String,
    /// Where it is put right, and what that is called.
    cure: Option<(String, &'static str)>,
}

/// What can be connected.
pub(super) struct Offer {
    pub(super) label: &'static str,
    pub(super) about: &'static str,
    /// Nothing: whoever runs the server has to set it up.
    pub(super) path: Option<String>,
    pub(super) missing: Vec<(&'static str, &'static str)>,
    /// What whoever runs the server registers with the vendor.
    pub(super) back: String,
    /// So many accounts there are connected already.
    pub(super) count: usize,
}

impl Offer {
    pub(super) fn all(state: &AppState, root: &str, connections: &[Connection]) -> Vec<Self> {
        let offer = |vendor: &Vendor| {
            let missing = if let Door::Closed(missing) = &vendor.door { missing.clone() } else { Vec::new() };
            Self {
                label: vendor.label,
                about: match vendor.kind {
                    Kind::Diary(_) => "What is busy there is busy here, and appointments are written there.",
                    Kind::Scheduler(_) => "Its own rules decide what is free, and it takes the bookings.",
                },
                path: (!matches!(vendor.door, Door::Closed(_))).then(|| departure(root, vendor.name, None)),
                missing,
                back: comes_back_to(state, vendor.name),
                count: connections.iter().filter(|connection| connection.provider == vendor.name).count(),
            }
        };
        state.vendors.iter().map(offer).collect()
    }
}

#[derive(Template)]
#[template(path = "pages/settings/integrations.html")]
#[expect(clippy::struct_excessive_bools, reason = "what is so and what is not, for a page to say")]
struct Page {
    frame: Frame,
    tab: &'static str,
    form: Form,
    /// Of the kill switch's own form.
    base: String,
    /// What the settings name, as owners know it.
    named: String,
    /// What is named decides; else our own ledger does.
    decides: bool,
    /// Those that have to agree with it.
    agree: Option<String>,
    native: bool,
    /// What is named is in this program; it may be switched off in its settings.
    known: bool,
    enabled: bool,
    /// Of what is named, something is connected and works.
    works: bool,
    choices: Vec<Choice>,
    services: Vec<OfService>,
    /// Some service has a calendar of its own.
    apart: bool,
    connected: Vec<Connected>,
    offers: Vec<Offer>,
    carrier: Option<&'static str>,
    sender: Option<String>,
    missing_calls: Vec<(&'static str, &'static str)>,
    missing_texts: Vec<(&'static str, &'static str)>,
    email: bool,
    missing_email: Vec<(&'static str, &'static str)>,
    models: Vec<String>,
    origin: String,
}

impl Page {
    fn of(
        state: &AppState,
        access: &Access,
        headers: &HeaderMap,
        connections: &[Connection],
        form: Option<Form>,
    ) -> Self {
        let business = &access.business;
        let named = business.ai_config.integrations.provider.clone();
        let decides = state.providers.for_business(business).name();
        let form = form.unwrap_or_else(|| Form::of(Provider { vendors: &state.vendors }.fields(business)));
        Self {
            frame: Frame::of(access, headers, Here::Settings, "Integrations"),
            tab: "integrations",
            base: OwnAlone.fields(business).fingerprint(),
            native: named == NATIVE || named.is_empty(),
            known: state.providers.names().any(|name| name == named),
            enabled: registry::settings(business).is_some_and(|settings| settings.enabled),
            works: connections.iter().any(|one| one.provider == named && one.is_active()),
            choices: choices(state, access, connections, &form),
            services: services(access, &form),
            apart: !business.ai_config.integrations.services.is_empty(),
            connected: connected(state, access, connections),
            offers: Offer::all(state, &root(business), connections),
            carrier: state.telephony.as_ref().map(|telephony| telephony.label()),
            sender: state.config.text_sender(),
            missing_calls: state.config.missing_for_calls(),
            missing_texts: state.config.missing_for_texts(),
            email: state.email.works(),
            missing_email: state.config.missing_for_email(),
            models: state.receptionists.endpoints().iter().map(|endpoint| endpoint.name.to_string()).collect(),
            origin: state.config.origin.http().to_owned(),
            decides: decides == named,
            agree: agreeing(state, access),
            named: words::label(&state.vendors, &named).to_owned(),
            form,
        }
    }
}

fn agreeing(state: &AppState, access: &Access) -> Option<String> {
    let integrations = &access.business.ai_config.integrations;
    let enabled = |name: &&String| {
        **name != integrations.provider
            && registry::settings_of(&access.business, name).is_some_and(|settings| settings.enabled)
    };
    let names: Vec<_> = integrations.also.iter().filter(enabled).map(String::as_str).collect();
    words::together(&state.vendors, &names)
}

/// Our own calendar, and every other one that something is connected of, or that is named already.
fn choices(state: &AppState, access: &Access, connections: &[Connection], form: &Form) -> Vec<Choice> {
    let decides = form.value("provider");
    let mut choices = vec![Choice {
        name: NATIVE.to_owned(),
        label: "Deskbell’s own calendar, alone".to_owned(),
        about: "It knows your hours, breaks and staff, and never gives a time away twice. No other calendar is asked.",
        on: decides == NATIVE,
        ticks: None,
    }];
    let saved = &access.business.ai_config.integrations;
    for vendor in state.vendors.iter() {
        let name = vendor.name;
        let named = saved.provider == name || saved.also.iter().chain(saved.services.values()).any(|used| used == name);
        if decides != name && !named && !connections.iter().any(|one| one.provider == name) {
            continue;
        }
        let owns_rules = matches!(vendor.kind, Kind::Scheduler(_));
        // One that was never switched on would be asked and told, as it is without settings.
        let typed = form.fields.is_on(&format!("shown_{name}")) || saved.providers.contains_key(name);
        let ticked = |field: &str| !typed || form.fields.is_on(&format!("{field}_{name}"));
        choices.push(Choice {
            name: name.to_owned(),
            label: vendor.label.to_owned(),
            about: if owns_rules {
                "A time is promised when it is free there and in Deskbell’s own calendar, and is booked in both."
            } else {
                "A time is promised when it is free there and in Deskbell’s own calendar."
            },
            on: decides == name,
            ticks: Some(Ticks {
                check: ticked("check"),
                create: ticked("create"),
                also: form.fields.is_on(&format!("also_{name}")),
                owns_rules,
            }),
        });
    }
    choices
}

fn services(access: &Access, form: &Form) -> Vec<OfService> {
    let view = |service: &crate::domain::business::Service| {
        let field = service_field(service.id);
        let (chosen, wrong) = (form.value(&field).to_owned(), form.wrong(&field).map(str::to_owned));
        OfService { name: service.name.clone(), chosen, wrong, field }
    };
    access.business.services.iter().map(view).collect()
}

fn connected(state: &AppState, access: &Access, connections: &[Connection]) -> Vec<Connected> {
    let say = Say::of(&access.business, state.clock.now());
    let root = root(&access.business);
    let view = |connection: &Connection| {
        let label = words::label(&state.vendors, &connection.provider);
        let kind = state.vendors.named(&connection.provider).map(|vendor| &vendor.kind);
        let standing = words::standing(connection, label, &say);
        let path = place(&root, connection.id);
        Connected {
            cure: standing.cure.map(|cure| match cure {
                Cure::Choose => (path.clone(), "Choose"),
                Cure::Reconnect => (departure(&root, &connection.provider, Some(connection.id)), "Connect again"),
            }),
            path,
            label: label.to_owned(),
            account: connection.account.label.clone(),
            whose: words::whose(connection, &access.business),
            tone: standing.tone,
            badge: standing.badge,
            told: standing.told,
            uses: words::uses(connection, &access.business, kind),
            answered: words::last_answer(connection, &say),
        }
    };
    connections.iter().map(view).collect()
}

async fn show(Owner(access): Owner, State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Fault> {
    page(&state, &access, &headers, None).await
}

/// The page; with what was typed, when it could not be saved.
async fn page(state: &AppState, access: &Access, headers: &HeaderMap, form: Option<Form>) -> Result<Response, Fault> {
    let connections = in_time("reading connections", state.store.connections(access.business.id)).await?;
    let page = Page::of(state, access, headers, &connections, form);
    shown_as(page.form.status(), &page)
}
