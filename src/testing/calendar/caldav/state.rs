//! What the server keeps.

use std::collections::BTreeMap;

use super::{Dialect, MAIN, OTHER, PASSWORD, READ_ONLY, ical};

/// Which of its servers is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The one that an owner knows, where it has no calendars.
    Door,
    Shelves,
}

#[derive(Clone)]
pub(super) struct Resource {
    pub(super) ics: String,
    pub(super) version: u64,
}

pub(super) struct Shelf {
    pub(super) title: String,
    pub(super) writable: bool,
    pub(super) zone: Option<String>,
    pub(super) resources: BTreeMap<String, Resource>,
    /// Names that were deleted, when, and the UIDs they had.
    pub(super) deleted: BTreeMap<String, (u64, String)>,
    /// The last change in it.
    pub(super) version: u64,
}

#[expect(clippy::struct_excessive_bools, reason = "switches, each for itself")]
pub(super) struct State {
    pub(super) dialect: Dialect,
    /// The address of the server with the calendars.
    pub(super) base: String,
    pub(super) password: Option<String>,
    pub(super) shelves: BTreeMap<String, Shelf>,
    pub(super) expands: bool,
    pub(super) accounts: bool,
    pub(super) tells_versions: bool,
    pub(super) keeps_deleted: bool,
    pub(super) page: usize,
    /// Changes before are forgotten.
    pub(super) remembers_from: u64,
    version: u64,
}

impl State {
    pub(super) fn new(dialect: Dialect) -> Self {
        let shelf = |title: &str, writable| Shelf {
            title: title.to_owned(),
            writable,
            zone: (dialect == Dialect::ICloud).then(|| "America/Vancouver".to_owned()),
            resources: BTreeMap::new(),
            deleted: BTreeMap::new(),
            version: 0,
        };
        let shelves =
            [(MAIN, shelf("Home", true)), (OTHER, shelf("Work & play", true)), (READ_ONLY, shelf("Holidays", false))];
        Self {
            dialect,
            base: String::new(),
            password: Some(PASSWORD.to_owned()),
            shelves: shelves.into_iter().map(|(name, shelf)| (name.to_owned(), shelf)).collect(),
            expands: true,
            accounts: true,
            tells_versions: true,
            keeps_deleted: false,
            page: 100,
            remembers_from: 0,
            version: 0,
        }
    }

    /// Grows with everything that happens.
    pub(super) fn next(&mut self) -> u64 {
        self.version += 1;
        self.version
    }

    pub(super) fn resource(&self, calendar: &str, name: &str) -> Option<&Resource> {
        self.shelves.get(calendar)?.resources.get(name)
    }

    /// Puts a resource there, whatever it replaces.
    pub(super) fn keep(&mut self, calendar: &str, name: &str, ics: String) -> u64 {
        let version = self.next();
        if let Some(shelf) = self.shelves.get_mut(calendar) {
            shelf.version = version;
            shelf.deleted.remove(name);
            shelf.resources.insert(name.to_owned(), Resource { ics, version });
        }
        version
    }

    /// Whether it was there.
    pub(super) fn forget(&mut self, calendar: &str, name: &str) -> bool {
        let version = self.next();
        let Some(shelf) = self.shelves.get_mut(calendar) else { return false };
        let Some(gone) = shelf.resources.remove(name) else { return false };
        shelf.version = version;
        shelf.deleted.insert(name.to_owned(), (version, ical::uid(&gone.ics).unwrap_or_default()));
        true
    }
}
