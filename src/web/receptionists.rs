//! Who answers for which business: its own choice among the server's models, or nobody but the scripted receptionist.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use tracing::warn;

use crate::{
    domain::{
        business::{AnsweredBy, Business},
        ids::BusinessId,
    },
    ports::{observer::Observer, purse::Purse, reports::Reports},
    session::receptionist::{Endpoint, Instructions, Receptionist, Settings},
};

/// How many businesses are remembered that have been warned about.
const WARNED: usize = 1_024;
/// How many calls are summed up at once.
const SUMMARIES: usize = 8;

/// What all receptionists of the server share.
pub struct Shared {
    /// Every model, in the server's order.
    pub endpoints: Vec<Endpoint>,
    pub purse: Arc<dyn Purse>,
    pub reports: Arc<dyn Reports>,
    pub observer: Arc<dyn Observer>,
    pub settings: Settings,
    /// The lifecycle's.
    pub tasks: TaskTracker,
}

/// One receptionist for each order of models that any business has chosen.
pub struct Receptionists {
    shared: Shared,
    made: Mutex<HashMap<Vec<Arc<str>>, Arc<Receptionist>>>,
    warned: Mutex<HashSet<BusinessId>>,
    summaries: Arc<Semaphore>,
}

impl Receptionists {
    pub fn new(shared: Shared) -> Self {
        Self {
            shared,
            made: Mutex::default(),
            warned: Mutex::default(),
            summaries: Arc::new(Semaphore::new(SUMMARIES)),
        }
    }

    /// Every model of the server.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.shared.endpoints
    }

    /// The receptionist of a business as its document says now. Without endpoints it is the scripted one.
    pub fn of(&self, business: &Business) -> Arc<Receptionist> {
        let endpoints = self.chosen(business);
        let names = endpoints.iter().map(|endpoint| Arc::clone(&endpoint.name)).collect();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let receptionist = made.entry(names).or_insert_with(|| Arc::new(self.make(endpoints)));
        Arc::clone(receptionist)
    }

    fn make(&self, endpoints: Vec<Endpoint>) -> Receptionist {
        let Shared { purse, reports, observer, settings, tasks, .. } = &self.shared;
        Receptionist {
            endpoints,
            purse: Arc::clone(purse),
            reports: Arc::clone(reports),
            observer: Arc::clone(observer),
            settings: settings.clone(),
            tasks: tasks.clone(),
            summaries: Arc::clone(&self.summaries),
            instructions: Instructions::default(),
        }
    }

    fn chosen(&self, business: &Business) -> Vec<Endpoint> {
        let choice = &business.ai_config.receptionist;
        let all = &self.shared.endpoints;
        if choice.kind == AnsweredBy::Scripted {
            return Vec::new();
        }
        if choice.models.is_empty() {
            return all.clone();
        }
        let mut chosen = Vec::with_capacity(choice.models.len());
        for name in &choice.models {
            let Some(endpoint) = all.iter().find(|endpoint| *endpoint.name == **name) else {
                self.warn(business.id);
                return all.clone();
            };
            chosen.push(endpoint.clone());
        }
        chosen
    }

    /// Once for each business.
    fn warn(&self, business: BusinessId) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.len() < WARNED && warned.insert(business) {
            warn!(business.id = %business, "a business names a model that the server does not have; the server's order holds");
        }
    }
}
