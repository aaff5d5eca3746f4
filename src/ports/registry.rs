//! Which booking provider a business uses: its settings name one, and `native` is underneath them all.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use tracing::warn;

use super::booking::BookingProvider;
use crate::domain::{business::Business, business::ProviderSettings, ids::BusinessId};

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
        if wanted == NATIVE || wanted.is_empty() {
            return Arc::clone(&self.0.native);
        }
        let known = self.0.providers.iter().find(|provider| provider.name() == wanted);
        match known {
            Some(provider) if settings(business).is_some_and(|settings| settings.enabled) => Arc::clone(provider),
            known => {
                self.warn_once(business.id, known.is_some());
                Arc::clone(&self.0.native)
            }
        }
    }

    fn warn_once(&self, business: BusinessId, known: bool) {
        let mut warned = self.0.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.len() < REMEMBERED && warned.insert(business) {
            let why = if known { "is switched off in its settings" } else { "is not known to this program" };
            warn!(business.id = %business, "the calendar of business {business} {why}; booking on the ledger alone");
        }
    }
}

/// The settings of the provider that a business uses.
pub fn settings(business: &Business) -> Option<&ProviderSettings> {
    let integrations = &business.ai_config.integrations;
    integrations.providers.get(&integrations.provider)
}
