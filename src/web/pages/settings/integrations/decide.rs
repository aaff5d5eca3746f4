//! Which calendar decides, as it stands in the business's settings: `ai_config.integrations`, in the shape that the API has
//! too.

use std::collections::BTreeSet;

use axum::{extract::State, http::HeaderMap, response::Response};

use super::page;
use crate::{
    domain::business::{Business, Mistake},
    ports::{registry::NATIVE, vendors::Vendors},
    web::{
        pages::{
            access::{Access, Owner},
            edit::{self, NotSaved, Part},
            fault::Fault,
            form::{Fields, Form, wrong},
            notice::{Notice, then},
            settings::answered,
        },
        state::AppState,
    },
};

/// The form: the provider that decides, and for each of those that are connected what it is asked and told.
pub(super) struct Provider<'a> {
    pub(super) vendors: &'a Vendors,
}

/// The field of a service that another calendar decides about.
pub(super) fn service_field(service: impl std::fmt::Display) -> String {
    format!("service_{service}")
}

impl Provider<'_> {
    /// Those that the settings name and those that can be chosen.
    fn names(&self, business: &Business) -> BTreeSet<String> {
        let kept = business.ai_config.integrations.providers.keys().cloned();
        kept.chain(self.vendors.iter().map(|vendor| vendor.name.to_owned())).collect()
    }
}

impl Part for Provider<'_> {
    const DEED: &'static str = "settings.integrations";

    fn fields(&self, business: &Business) -> Fields {
        let integrations = &business.ai_config.integrations;
        let decides = if integrations.provider.is_empty() { NATIVE } else { &integrations.provider };
        let mut fields = Fields::default().and("provider", decides);
        let tick = |on: bool| if on { "on" } else { "" };
        for (name, settings) in &integrations.providers {
            fields.add(format!("enabled_{name}"), tick(settings.enabled));
            fields.add(format!("check_{name}"), tick(settings.check_availability));
            fields.add(format!("create_{name}"), tick(settings.create_events));
        }
        for name in &integrations.also {
            fields.add(format!("also_{name}"), "on");
        }
        for (service, name) in &integrations.services {
            fields.add(service_field(service), name);
        }
        fields
    }

    /// Whatever decides is switched on with it. Ticks count only where the form has shown them (`shown_…`).
    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let decides = typed.text("provider");
        let names = self.names(business);
        if decides != NATIVE && !names.contains(decides) {
            return Err(vec![wrong("provider", "Choose one of these.")]);
        }
        let integrations = &mut business.ai_config.integrations;
        for name in names.iter().filter(|name| typed.is_on(&format!("shown_{name}"))) {
            let settings = integrations.providers.entry(name.clone()).or_default();
            settings.check_availability = typed.is_on(&format!("check_{name}"));
            settings.create_events = typed.is_on(&format!("create_{name}"));
            integrations.also.retain(|also| also != name);
            if typed.is_on(&format!("also_{name}")) && name != decides {
                integrations.also.push(name.clone());
            }
        }
        decides.clone_into(&mut integrations.provider);
        integrations.also.retain(|also| also != decides);
        for service in &business.services {
            match typed.iter().find(|(field, _)| *field == service_field(service.id)) {
                Some((_, "")) => drop(integrations.services.remove(&service.id)),
                Some((field, name)) if name != NATIVE && !names.contains(name) => {
                    return Err(vec![wrong(field, "Choose one of these.")]);
                }
                Some((_, name)) => drop(integrations.services.insert(service.id, name.to_owned())),
                None => {}
            }
        }
        let used = [&integrations.provider].into_iter().chain(&integrations.also).chain(integrations.services.values());
        let used: BTreeSet<String> = used.filter(|name| *name != NATIVE).cloned().collect();
        for name in used {
            integrations.providers.entry(name).or_default().enabled = true;
        }
        Ok(())
    }

    fn word(&self, field: &str) -> String {
        match field.split_once('_') {
            None => "which calendar decides".to_owned(),
            Some(("also", name)) => format!("whether {name} has to agree"),
            Some(("service", _)) => "which calendar decides about a service".to_owned(),
            Some(("enabled", name)) => format!("{name} on or off"),
            Some(("check", name)) => format!("whether {name} is asked"),
            Some((_, name)) => format!("whether {name} gets appointments"),
        }
    }
}

/// From the next call on, another calendar decides.
pub(super) async fn decide(
    Owner(access): Owner,
    State(state): State<AppState>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let path = format!("/b/{}/settings/integrations", access.business.id);
    let outcome = edit::save(&state, &access, &Provider { vendors: &state.vendors }, typed).await;
    let outcome = match outcome {
        Err(NotSaved::Form(form)) => {
            // What others saved is shown beside what was typed.
            let access = newest(&state, access).await?;
            return page(&state, &access, &headers, Some(form)).await;
        }
        outcome => outcome,
    };
    let saved = |business: Business| {
        let integrations = &business.ai_config.integrations;
        let told = match state.vendors.named(&integrations.provider) {
            Some(vendor) => {
                format!("Saved. From the next call on, {} decides with Deskbell’s own calendar.", vendor.label)
            }
            None => "Saved. From the next call on, only Deskbell’s own calendar decides.".to_owned(),
        };
        then(&path, &Notice::good(told))
    };
    answered(outcome, saved, |_| Err(Fault::Broken))
}

async fn newest(state: &AppState, access: Access) -> Result<Access, Fault> {
    let found = crate::web::patience::in_time("reading a business", state.store.business(access.business.id)).await?;
    let business = found.ok_or(Fault::NotFound)?.business;
    Ok(Access { business, ..access })
}

/// The kill switch's form knows of nothing but the provider, so that nobody's other edit is in its way.
pub(super) struct OwnAlone;

impl Part for OwnAlone {
    const DEED: &'static str = "settings.integrations";

    fn fields(&self, business: &Business) -> Fields {
        Fields::default().and("provider", &business.ai_config.integrations.provider)
    }

    fn apply(&self, _: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        NATIVE.clone_into(&mut business.ai_config.integrations.provider);
        Ok(())
    }
}

/// Every calendar off, at once: our own ledger decides. The settings of each stay for the day it is switched on again.
pub(super) async fn switch_off(
    Owner(access): Owner,
    State(state): State<AppState>,
    typed: Fields,
) -> Result<Response, Fault> {
    let path = format!("/b/{}/settings/integrations", access.business.id);
    match edit::save(&state, &access, &OwnAlone, typed).await {
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

/// Switches a provider on when it is connected for the first time: it decides, or has to agree when another one does
/// already.
pub(in crate::web::pages::settings) async fn switch_on(
    state: &AppState,
    access: &Access,
    provider: &str,
) -> Result<Business, Fault> {
    edit::change(state, access, (Provider::DEED, provider), |business| {
        let integrations = &mut business.ai_config.integrations;
        integrations.providers.entry(provider.to_owned()).or_default().enabled = true;
        if integrations.provider.is_empty() || integrations.provider == NATIVE {
            provider.clone_into(&mut integrations.provider);
            integrations.also.retain(|also| also != provider);
        } else if integrations.provider != provider && !integrations.also.iter().any(|also| also == provider) {
            integrations.also.push(provider.to_owned());
        }
        Ok(())
    })
    .await
}

/// Nothing of a provider is connected any more, so the settings do not go on naming it. Whoever had to agree with it
/// decides.
pub(in crate::web::pages::settings) async fn switch_away(
    state: &AppState,
    access: &Access,
    provider: &str,
) -> Result<Business, Fault> {
    edit::change(state, access, (Provider::DEED, NATIVE), |business| {
        let integrations = &mut business.ai_config.integrations;
        integrations.also.retain(|also| also != provider);
        integrations.services.retain(|_, name| name != provider);
        if integrations.provider == provider {
            let next = if integrations.also.is_empty() { NATIVE.to_owned() } else { integrations.also.remove(0) };
            integrations.provider = next;
        }
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::business::ProviderSettings, testing::salon};

    #[test]
    fn turning_a_calendar_on_writes_the_designs_shape() {
        let part = Provider { vendors: &Vendors::default() };
        let mut business = salon();
        business.ai_config.integrations.providers.insert("google_calendar".to_owned(), ProviderSettings::default());
        let typed = Fields::parse(b"provider=google_calendar&shown_google_calendar=on&check_google_calendar=on");
        part.apply(&typed, &mut business).unwrap();
        let shape = serde_json::to_value(&business.ai_config.integrations).unwrap();
        assert_eq!(
            shape,
            serde_json::json!({"provider": "google_calendar", "providers": {"google_calendar": {
                "enabled": true, "check_availability": true, "create_events": false, "default_duration_minutes": 60}}})
        );
        let fields = part.fields(&business);
        assert!(fields.is_on("check_google_calendar") && !fields.is_on("create_google_calendar"));
        // The kill switch keeps what was set up.
        part.apply(&Fields::parse(b"provider=native"), &mut business).unwrap();
        assert_eq!(business.ai_config.integrations.provider, "native");
        assert!(business.ai_config.integrations.providers["google_calendar"].enabled);
        assert!(part.apply(&Fields::parse(b"provider=elsewhere"), &mut business).is_err());
    }

    #[test]
    fn others_have_to_agree_and_a_service_may_have_another_calendar() {
        let part = Provider { vendors: &Vendors::default() };
        let mut business = salon();
        let known = &mut business.ai_config.integrations.providers;
        known.insert("one".to_owned(), ProviderSettings::default());
        known.insert("two".to_owned(), ProviderSettings::default());
        let field = service_field(business.services[0].id);
        let typed = format!("provider=one&shown_one=on&also_one=on&shown_two=on&also_two=on&{field}=native");
        part.apply(&Fields::parse(typed.as_bytes()), &mut business).unwrap();
        let integrations = &business.ai_config.integrations;
        assert_eq!((integrations.also.as_slice(), integrations.services.len()), (["two".to_owned()].as_slice(), 1));
        assert!(integrations.providers["two"].enabled);
        let wrong = part.apply(&Fields::parse(format!("provider=one&{field}=three").as_bytes()), &mut business);
        assert_eq!(wrong.unwrap_err()[0].at, field);
        part.apply(&Fields::parse(format!("provider=two&{field}=").as_bytes()), &mut business).unwrap();
        assert!(business.ai_config.integrations.also.is_empty() && business.ai_config.integrations.services.is_empty());
    }
}
