//! Which booking providers a business uses: its settings name one, and others beside it, and `native` is underneath them
//! all.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use tracing::warn;

use super::booking::BookingProvider;
use crate::domain::{
    business::{Business, ProviderSettings},
    ids::{BusinessId, ServiceId},
};

/// The provider that is only our own ledger, and the kill switch for every calendar.
pub const NATIVE: &str = "native";

/// How many misconfigured businesses are remembered, so that each is warned about once.
const REMEMBERED: usize = 10_000;

/// The providers this program knows. Cloning it shares it.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

struct Inner {
    native: Arc<dyn BookingProvider>,
    providers: Vec<Arc<dyn BookingProvider>>,
    warned: Mutex<HashSet<BusinessId>>,
}

impl Registry {
    /// # Panics
    /// When `native` is not among them: a mistake in the composition root, found at the first start.
    pub fn new(providers: Vec<Arc<dyn BookingProvider>>) -> Self {
        let native = providers.iter().find(|provider| provider.name() == NATIVE).cloned();
        let native = native.expect("`native` is one of the providers");
        Self(Arc::new(Inner { native, providers, warned: Mutex::default() }))
    }

    /// Every provider, by name.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.providers.iter().map(|provider| provider.name())
    }

    /// The one that the business's settings name, if it is known and switched on; else `native`.
    pub fn for_business(&self, business: &Business) -> Arc<dyn BookingProvider> {
        let wanted = business.ai_config.integrations.provider.as_str();
        let found = (!is_native(wanted)).then(|| self.switched_on(business, wanted)).flatten();
        found.unwrap_or_else(|| Arc::clone(&self.0.native))
    }

    /// All that have to agree to a booking of a service, the deciding one first: those of the business's settings that are
    /// known and switched on. Empty: our ledger alone.
    pub fn for_service(&self, business: &Business, service: ServiceId) -> Vec<Arc<dyn BookingProvider>> {
        let names = names_for(business, service);
        names.into_iter().filter_map(|name| self.switched_on(business, name)).collect()
    }

    /// All that may have to do with bookings of a business, whichever its service: one that was moved to another service
    /// may leave something behind at another provider. Empty: our ledger alone.
    pub fn for_all(&self, business: &Business) -> Vec<Arc<dyn BookingProvider>> {
        let known = self.0.providers.iter().filter(|provider| !is_native(provider.name()));
        known.filter(|provider| is_on(business, provider.name())).cloned().collect()
    }

    fn switched_on(&self, business: &Business, name: &str) -> Option<Arc<dyn BookingProvider>> {
        let known = self.0.providers.iter().find(|provider| provider.name() == name);
        let enabled = business.ai_config.integrations.providers.get(name).is_some_and(|settings| settings.enabled);
        if known.is_none() || !enabled {
            self.warn_once(business.id, known.is_some());
            return None;
        }
        known.cloned()
    }

    fn warn_once(&self, business: BusinessId, known: bool) {
        let mut warned = self.0.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.len() < REMEMBERED && warned.insert(business) {
            let why = if known { "is switched off in its settings" } else { "is not known to this program" };
            warn!(business.id = %business, "the calendar of business {business} {why}; booking on the ledger alone");
        }
    }
}

fn is_native(name: &str) -> bool {
    name.is_empty() || name == NATIVE
}

/// The names of those that have to agree to a booking of a service, the deciding one first. Empty: our ledger alone, for
/// this service or, when the business's provider is `native`, for everything.
fn names_for(business: &Business, service: ServiceId) -> Vec<&str> {
    let integrations = &business.ai_config.integrations;
    let decides = integrations.services.get(&service).unwrap_or(&integrations.provider);
    if is_native(&integrations.provider) || is_native(decides) {
        return Vec::new();
    }
    let mut names = vec![decides.as_str()];
    for name in &integrations.also {
        if !is_native(name) && !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
}

/// How a business uses one provider.
pub fn settings_of<'a>(business: &'a Business, name: &str) -> Option<&'a ProviderSettings> {
    business.ai_config.integrations.providers.get(name)
}

/// Whether bookings of a service are to stand at a provider, as the owner has set it.
pub fn writes_events(business: &Business, service: ServiceId, name: &str) -> bool {
    used_for(business, service, name).is_some_and(|settings| settings.create_events)
}

/// Whether a provider is asked if a time is free for a service, as the owner has set it.
pub fn checks_availability(business: &Business, service: ServiceId, name: &str) -> bool {
    used_for(business, service, name).is_some_and(|settings| settings.check_availability)
}

fn used_for<'a>(business: &'a Business, service: ServiceId, name: &str) -> Option<&'a ProviderSettings> {
    let settings = settings_of(business, name).filter(|settings| settings.enabled);
    settings.filter(|_| names_for(business, service).contains(&name))
}

/// Whether a business has a provider switched on. With one that is not, nothing there touches a booking: `native` switches
/// them all off.
pub fn is_on(business: &Business, name: &str) -> bool {
    !is_native(&business.ai_config.integrations.provider)
        && settings_of(business, name).is_some_and(|settings| settings.enabled)
}

/// The settings of the provider that a business uses.
pub fn settings(business: &Business) -> Option<&ProviderSettings> {
    let integrations = &business.ai_config.integrations;
    integrations.providers.get(&integrations.provider)
}
