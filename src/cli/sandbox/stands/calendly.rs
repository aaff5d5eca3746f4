//! Calendly in the sandbox.

use jiff::Timestamp;

use super::{
    super::stand::{Account, Done, Line, New, Shelf, Stand},
    NOT_FREE,
};
use crate::testing::calendar::{
    Kit,
    calendly::{FakeCalendly, Guest},
};

impl Stand for FakeCalendly {
    fn name(&self) -> &'static str {
        "calendly"
    }

    fn label(&self) -> &'static str {
        "Calendly"
    }

    fn how(&self) -> Vec<(&'static str, String)> {
        vec![("Connect", "agree on the consent page, then say which of its events stands for which service".into())]
    }

    fn kit(&self) -> &Kit {
        FakeCalendly::kit(self)
    }

    fn accounts(&self) -> Vec<Account> {
        let guests = self.guests();
        let shelf = |(id, kind): (String, crate::testing::calendar::calendly::Kind)| Shelf {
            lines: guests.iter().filter(|guest| guest.kind == kind.name).map(line).collect(),
            id,
            note: format!("{} minutes", kind.shape.minutes),
            name: kind.name,
        };
        let label = self.consent().people().into_iter().map(|person| person.email).next().unwrap_or_default();
        vec![Account { subject: self.subject(), label, shelves: self.kinds().into_iter().map(shelf).collect() }]
    }

    fn noun(&self) -> &'static str {
        "booking"
    }

    fn add(&self, shelf: &str, new: New) -> Done {
        self.book_as_outsider(shelf, new.from, &new.title, "guest@example.com").map(drop).ok_or(NOT_FREE)
    }

    fn relocate(&self, _: &str, id: &str, from: Timestamp, _: Timestamp) -> Done {
        self.move_elsewhere(id, from).map(drop).ok_or(NOT_FREE)
    }

    fn delete(&self, _: &str, id: &str) -> Done {
        self.cancel_as_owner(id);
        Ok(())
    }

    fn revoke(&self, _: &str) {
        FakeCalendly::revoke(self);
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
