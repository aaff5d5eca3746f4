//! Cal.com in the sandbox.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::{
    super::stand::{Account, Done, Line, New, Shelf, Stand},
    NOT_FREE,
};
use crate::testing::calendar::{
    Kit,
    calcom::{EMAIL, FakeCalcom, Guest, Kind},
};

/// Cal.com, and the key that its owner has made for Deskbell.
pub(in super::super) struct CalcomStand {
    fake: FakeCalcom,
    key: Mutex<String>,
}

impl CalcomStand {
    pub(in super::super) fn new(fake: FakeCalcom) -> Self {
        let key = Mutex::new(fake.key());
        Self { fake, key }
    }
}

impl Stand for CalcomStand {
    fn name(&self) -> &'static str {
        "calcom"
    }

    fn label(&self) -> &'static str {
        "Cal.com"
    }

    fn how(&self) -> Vec<(&'static str, String)> {
        let key = self.key.lock().unwrap_or_else(PoisonError::into_inner).clone();
        vec![("API key", key), ("Back in", "after its access was taken back there is a new key here".into())]
    }

    fn kit(&self) -> &Kit {
        self.fake.kit()
    }

    fn accounts(&self) -> Vec<Account> {
        let guests = self.fake.guests();
        let shelf = |(id, kind): (String, Kind)| Shelf {
            lines: guests.iter().filter(|guest| guest.kind == kind.title).map(line).collect(),
            id,
            note: format!("{} minutes", kind.shape.minutes),
            name: kind.title,
        };
        let shelves = self.fake.kinds().into_iter().map(shelf).collect();
        vec![Account { subject: self.fake.subject(), label: EMAIL.to_owned(), shelves }]
    }

    fn noun(&self) -> &'static str {
        "booking"
    }

    fn add(&self, shelf: &str, new: New) -> Done {
        self.fake.book_as_outsider(shelf, new.from, &new.title, "guest@example.com").map(drop).ok_or(NOT_FREE)
    }

    fn relocate(&self, _: &str, id: &str, from: Timestamp, _: Timestamp) -> Done {
        self.fake.move_elsewhere(id, from).map(drop).ok_or(NOT_FREE)
    }

    fn delete(&self, _: &str, id: &str) -> Done {
        self.fake.cancel_as_owner(id);
        Ok(())
    }

    fn revoke(&self, _: &str) {
        self.fake.revoke();
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = self.fake.key();
    }
}

fn line(guest: &Guest) -> Line {
    Line {
        id: guest.id.clone(),
        title: guest.name.clone(),
        from: guest.starts,
        to: guest.ends,
        all_day: false,
        shown: if guest.stands { "busy" } else { "cancelled" }.to_owned(),
        ours: guest.mark.is_some(),
        note: guest.email.clone(),
        stands: guest.stands,
    }
}
