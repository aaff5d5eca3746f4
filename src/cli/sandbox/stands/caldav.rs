//! A CalDAV server in the sandbox.

use jiff::Timestamp;

use super::{
    super::stand::{Account, Done, Line, New, Shelf, Stand},
    found,
};
use crate::{
    ports::calendar::Interval,
    testing::calendar::{
        Kit,
        caldav::{FakeCalDav, Kept, MAIN, OTHER, PASSWORD, READ_ONLY, USER},
    },
};

/// What Deskbell leaves in an event of its own.
const MARK: &str = "X-DESKBELL-KEY";

impl Stand for FakeCalDav {
    fn name(&self) -> &'static str {
        "caldav"
    }

    fn label(&self) -> &'static str {
        "CalDAV"
    }

    fn how(&self) -> Vec<(&'static str, String)> {
        vec![
            ("Address", self.door().address().to_owned()),
            ("Name", USER.to_owned()),
            ("App password", PASSWORD.to_owned()),
            ("Back in", "after its access was taken back, “Be well again” makes the app password good again".into()),
        ]
    }

    fn kit(&self) -> &Kit {
        FakeCalDav::kit(self)
    }

    fn accounts(&self) -> Vec<Account> {
        let shelf = |(id, name, note): (&str, &str, &str)| Shelf {
            id: id.to_owned(),
            name: name.to_owned(),
            note: note.to_owned(),
            lines: self.events(id).into_iter().filter_map(line).collect(),
        };
        let shelves = [(MAIN, "Home", ""), (OTHER, "Work & play", ""), (READ_ONLY, "Holidays", "read only")];
        vec![Account {
            subject: USER.to_owned(),
            label: USER.to_owned(),
            shelves: shelves.into_iter().map(shelf).collect(),
        }]
    }

    fn add(&self, shelf: &str, new: New) -> Done {
        let name = self.add_event(shelf, &new.title, Interval { from: new.from, to: new.to });
        if new.free {
            self.edit(shelf, &name, |ics| ics.replacen("END:VEVENT", "TRANSP:TRANSPARENT\r\nEND:VEVENT", 1));
        }
        Ok(())
    }

    fn relocate(&self, shelf: &str, id: &str, from: Timestamp, to: Timestamp) -> Done {
        found(self.events(shelf).iter().any(|kept| kept.name == id))?;
        self.move_event(shelf, id, Interval { from, to });
        Ok(())
    }

    fn delete(&self, shelf: &str, id: &str) -> Done {
        self.delete_event(shelf, id);
        Ok(())
    }

    fn revoke(&self, _: &str) {
        FakeCalDav::revoke(self);
    }

    fn recover(&self) {
        self.let_in();
    }
}

fn line(kept: Kept) -> Option<Line> {
    let when = kept.when?;
    Some(Line {
        id: kept.name,
        title: kept.title,
        from: when.from,
        to: when.to,
        all_day: false,
        shown: if kept.ics.contains("TRANSP:TRANSPARENT") { "free" } else { "busy" }.to_owned(),
        ours: kept.ics.contains(MARK),
        note: String::new(),
        stands: true,
    })
}
