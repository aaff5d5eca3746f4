//! Google Calendar in the sandbox.

use jiff::Timestamp;

use super::super::stand::{Account, Done, Line, New, Shelf, Stand};
use crate::testing::calendar::{
    Kit,
    consent::Person,
    google::{FakeGoogle, Planned, Shown},
};

impl Stand for FakeGoogle {
    fn name(&self) -> &'static str {
        "google"
    }

    fn label(&self) -> &'static str {
        "Google Calendar"
    }

    fn how(&self) -> Vec<(&'static str, String)> {
        vec![("Connect", "choose an account on the consent page, leave the boxes ticked, and agree".into())]
    }

    fn kit(&self) -> &Kit {
        FakeGoogle::kit(self)
    }

    fn accounts(&self) -> Vec<Account> {
        let shelves = |subject: &str, email: &str| {
            let shelf = |(id, name): (String, String)| Shelf {
                lines: self.events(&id).into_iter().map(line).collect(),
                id,
                name,
                note: String::new(),
            };
            let mut shelves: Vec<Shelf> = self.calendars(subject).into_iter().map(shelf).collect();
            // An account's main calendar has the name of its address, and comes first.
            shelves.sort_by_key(|shelf| shelf.id != email);
            shelves
        };
        let account = |person: Person| Account {
            shelves: shelves(&person.subject, &person.email),
            subject: person.subject,
            label: person.email,
        };
        self.consent().people().into_iter().map(account).collect()
    }

    fn add(&self, shelf: &str, new: New) -> Done {
        let event = Planned::timed(&new.title, new.from, new.to);
        self.add_event(shelf, if new.free { event.free() } else { event });
        Ok(())
    }

    fn relocate(&self, shelf: &str, id: &str, from: Timestamp, to: Timestamp) -> Done {
        self.move_event(shelf, id, from, to);
        Ok(())
    }

    fn delete(&self, shelf: &str, id: &str) -> Done {
        self.delete_event(shelf, id);
        Ok(())
    }

    fn revoke(&self, subject: &str) {
        FakeGoogle::revoke(self, subject);
    }
}

fn line(shown: Shown) -> Line {
    let word = if shown.cancelled {
        "cancelled"
    } else if shown.busy {
        "busy"
    } else {
        "free"
    };
    Line {
        id: shown.id,
        title: shown.title,
        from: shown.from,
        to: shown.to,
        all_day: shown.all_day,
        shown: word.to_owned(),
        ours: shown.booking.is_some(),
        note: shown.meeting.map_or(shown.location, |meeting| format!("video meeting: {meeting}")),
        stands: !shown.cancelled,
    }
}
