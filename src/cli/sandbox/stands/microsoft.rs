//! Microsoft 365 in the sandbox.

use jiff::Timestamp;

use super::{
    super::stand::{Account, Done, Line, New, Shelf, Stand},
    found,
};
use crate::testing::calendar::{
    Kit,
    microsoft::{Entry, FakeMicrosoft, NewEvent},
};

impl Stand for FakeMicrosoft {
    fn name(&self) -> &'static str {
        "microsoft"
    }

    fn label(&self) -> &'static str {
        "Microsoft 365"
    }

    fn how(&self) -> Vec<(&'static str, String)> {
        vec![(
            "Connect",
            "choose an account on the consent page and agree; Ann's is a work account, Ben's a personal one".into(),
        )]
    }

    fn kit(&self) -> &Kit {
        FakeMicrosoft::kit(self)
    }

    fn accounts(&self) -> Vec<Account> {
        let people = self.consent().people();
        let shelf = |shelf: crate::testing::calendar::microsoft::Shelf| Shelf {
            lines: self.events(&shelf.id).into_iter().map(line).collect(),
            id: shelf.id,
            name: shelf.name,
            note: if shelf.editable { String::new() } else { "read only".to_owned() },
        };
        let account = |person: crate::testing::calendar::consent::Person| Account {
            shelves: self.calendars(&person.subject).into_iter().map(shelf).collect(),
            subject: person.subject,
            label: person.email,
        };
        people.into_iter().map(account).collect()
    }

    fn add(&self, shelf: &str, new: New) -> Done {
        let event = NewEvent::new(&new.title, new.from, new.to).shown_as(if new.free { "free" } else { "busy" });
        self.add_event(shelf, event);
        Ok(())
    }

    fn relocate(&self, _: &str, id: &str, from: Timestamp, to: Timestamp) -> Done {
        found(self.move_event(id, from, to))
    }

    fn delete(&self, _: &str, id: &str) -> Done {
        found(self.delete_event(id))
    }

    fn revoke(&self, subject: &str) {
        FakeMicrosoft::revoke(self, subject);
    }
}

fn line(entry: Entry) -> Line {
    Line {
        ours: !entry.properties.is_empty(),
        shown: if entry.cancelled { "cancelled".to_owned() } else { entry.show_as },
        note: entry.meeting.map_or(entry.location, |meeting| format!("video meeting: {meeting}")),
        id: entry.id,
        title: entry.title,
        from: entry.from,
        to: entry.to,
        all_day: entry.all_day,
        stands: !entry.cancelled,
    }
}
