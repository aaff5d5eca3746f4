//! Calendars and other programs: which of them decides now, and what this server can reach. What is not there is not shown
//! as a button.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method},
    response::Response,
};

use crate::{
    domain::business::{Business, Mistake},
    ports::registry::{self, NATIVE},
    web::{
        pages::{
            access::{Access, Owner},
            doors::{Doors, Need},
            edit::{self, NotSaved, Part},
            fault::Fault,
            form::{Fields, Form},
            frame::{Frame, Here, shown},
            notice::{Notice, then},
        },
        state::AppState,
    },
};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, "/b/{business}/settings/integrations", Need::Owner, show).at(
        Method::POST,
        "/b/{business}/settings/integrations/native",
        Need::Owner,
        switch_off,
    )
}

/// Which calendar the settings name.
struct Provider;

impl Part for Provider {
    const DEED: &'static str = "settings.integrations";

    fn fields(&self, business: &Business) -> Fields {
        Fields::default().and("provider", &business.ai_config.integrations.provider)
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        typed.text("provider").clone_into(&mut business.ai_config.integrations.provider);
        Ok(())
    }
}

/// One calendar that this program can talk to.
struct Known {
    name: &'static str,
    /// It decides now.
    decides: bool,
}

#[derive(Template)]
#[template(path = "pages/settings/integrations.html")]
#[expect(clippy::struct_excessive_bools, reason = "what is so and what is not, for a page to say")]
struct Page {
    frame: Frame,
    tab: &'static str,
    base: String,
    /// What the settings name.
    named: String,
    /// What decides, which is our own ledger when the one that is named is not known or is switched off.
    decides: &'static str,
    native: bool,
    /// What is named is in this program; it may be switched off in its settings.
    known: bool,
    enabled: bool,
    providers: Vec<Known>,
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
    fn of(state: &AppState, access: &Access, headers: &HeaderMap) -> Self {
        let business = &access.business;
        let named = business.ai_config.integrations.provider.clone();
        let decides = state.providers.for_business(business).name();
        let known = |name: &'static str| Known { name, decides: name == decides };
        Self {
            frame: Frame::of(access, headers, Here::Settings, "Integrations"),
            tab: "integrations",
            base: Provider.fields(business).fingerprint(),
            native: named == NATIVE || named.is_empty(),
            known: state.providers.names().any(|name| name == named),
            enabled: registry::settings(business).is_some_and(|settings| settings.enabled),
            providers: state.providers.names().map(known).collect(),
            carrier: state.telephony.as_ref().map(|telephony| telephony.label()),
            sender: state.config.text_sender(),
            missing_calls: state.config.missing_for_calls(),
            missing_texts: state.config.missing_for_texts(),
            email: state.email.works(),
            missing_email: state.config.missing_for_email(),
            models: state.receptionists.endpoints().iter().map(|endpoint| endpoint.name.to_string()).collect(),
            origin: state.config.origin.http().to_owned(),
            named,
            decides,
        }
    }
}

async fn show(Owner(access): Owner, State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Fault> {
    shown(&Page::of(&state, &access, &headers))
}

/// Every calendar off, at once: our own ledger decides.
async fn switch_off(Owner(access): Owner, State(state): State<AppState>, typed: Fields) -> Result<Response, Fault> {
    let path = format!("/b/{}/settings/integrations", access.business.id);
    let wanted = Fields::default().and("provider", NATIVE).and("base", typed.text("base"));
    match edit::save(&state, &access, &Provider, wanted).await {
        Ok(_) => Ok(then(&path, &Notice::good("Done. From the next call on, only Deskbell’s own calendar decides."))),
        Err(NotSaved::Form(form)) => Ok(then(&path, &not_done(&form))),
        Err(NotSaved::Fault(fault)) => Err(fault),
    }
}

fn not_done(form: &Form) -> Notice {
    if form.is_overtaken() {
        Notice::bad("Somebody else has changed this meanwhile. Here is how it stands now.")
    } else {
        Notice::bad("Nothing was changed: other settings of the business have to be put right first.")
    }
}
