//! Every vendor of calendars and of bookings that this program knows, by the name of its provider.

use std::sync::Arc;

use super::{
    calendar::{Access, Diary, Scheduler, Trouble, Watch},
    consent::{Consent, KeyDoor},
};

/// What a vendor is for us.
#[derive(Clone)]
pub enum Kind {
    Diary(Arc<dyn Diary>),
    Scheduler(Arc<dyn Scheduler>),
}

/// How an account there is opened to us.
#[derive(Clone)]
pub enum Door {
    Consent(Arc<dyn Consent>),
    Key(Arc<dyn KeyDoor>),
    /// Whoever runs the server has not set it up: the settings that are missing, and what each is.
    Closed(Vec<(&'static str, &'static str)>),
}

#[derive(Clone)]
pub struct Vendor {
    /// As in `ai_config`: `google_calendar`. Also a part of paths: `[a-z0-9_]`.
    pub name: &'static str,
    /// "Google Calendar".
    pub label: &'static str,
    pub kind: Kind,
    pub door: Door,
}

impl Vendor {
    /// Ends a watch, whatever kind of vendor it is.
    ///
    /// # Errors
    /// When it may still stand.
    pub async fn unwatch(&self, access: &Access, watch: &Watch) -> Result<(), Trouble> {
        match &self.kind {
            Kind::Diary(diary) => diary.unwatch(access, watch).await,
            Kind::Scheduler(scheduler) => scheduler.unwatch(access, watch).await,
        }
    }
}

/// Cloning it shares it.
#[derive(Clone, Default)]
pub struct Vendors(Arc<[Vendor]>);

impl Vendors {
    pub fn new(vendors: Vec<Vendor>) -> Self {
        Self(vendors.into())
    }

    pub fn named(&self, name: &str) -> Option<&Vendor> {
        self.0.iter().find(|vendor| vendor.name == name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Vendor> {
        self.0.iter()
    }
}
