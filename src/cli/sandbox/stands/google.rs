//! Google Calendar in the sandbox.

use jiff::Timestamp;

use super::super::stand::{Account, Done, Line, New, Shelf, Stand};
use crate::testing::calendar::{
    Kit,
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
        let calendars = self.calendars();
        let people = self.consent().people().into_iter();
        // An account's main calendar has the name of its address.
        let shelves = |email: &str| {
            let own = calendars.iter().filter(|(id, _)| id == email);
            let shelf = |(id, name): &(String, String)| Shelf {
                lines: self.events(id).into_iter().map(line).collect(),
                id: id.clone(),
                name: name.clone(),
                note: String::new(),
            };
            own.map(shelf).collect()
        };
        people
            .map(|person| Account { shelves: shelves(&person.email), subject: person.subject, label: person.email })
            .collect()
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
