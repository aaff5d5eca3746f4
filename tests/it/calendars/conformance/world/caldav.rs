//! CalDAV, as Nextcloud speaks it.

use std::sync::Arc;

use deskbell::{
    adapters::calendar::caldav::{CalDav, Reach},
    calendars::opener::With,
    domain::{
        business::Business,
        connection::{Account, Choice},
    },
    ports::{
        calendar::Interval,
        clock::Clock,
        vendors::{Door, Kind, Vendor},
    },
    testing::{
        calendar::{
            Kit, Misdeed,
            caldav::{Dialect, FakeCalDav, Kept, MAIN},
        },
        clock::FixedClock,
    },
};

use super::{NEW_YORK, Odd, PATIENCE, Request, later, of};
use crate::calendars::rig::both;

pub(super) struct World {
    fake: FakeCalDav,
    adapter: Arc<CalDav>,
}

impl World {
    pub(super) async fn start(clock: &FixedClock) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let fake = FakeCalDav::start(Dialect::Nextcloud).await;
        fake.zone(MAIN, Some("America/New_York"));
        let adapter = Arc::new(CalDav::with_timeout(Reach::ThisMachine, clock, PATIENCE).unwrap());
        Self { fake, adapter }
    }

    fn own(&self) -> Vec<Kept> {
        self.fake.events(MAIN).into_iter().filter(|event| event.ics.to_lowercase().contains("x-deskbell")).collect()
    }

    fn add(&self, events: &[String]) {
        let uid = uuid::Uuid::now_v7();
        let event = |lines: &String| {
            format!("BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\nSUMMARY:Private\r\n{lines}END:VEVENT\r\n")
        };
        let events: String = events.iter().map(event).collect();
        let head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Owner//EN\r\n";
        self.fake.add_ics(MAIN, &format!("{head}{events}END:VCALENDAR\r\n"));
    }
}

fn utc(at: jiff::Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[async_trait::async_trait]
impl super::World for World {
    fn vendor(&self) -> Vendor {
        Vendor {
            name: "caldav",
            label: "CalDAV",
            kind: Kind::Diary(Arc::<CalDav>::clone(&self.adapter)),
            door: Door::Key(Arc::<CalDav>::clone(&self.adapter)),
        }
    }

    fn kit(&self) -> &Kit {
        self.fake.kit()
    }

    fn opens(&self) -> (With, Account) {
        let access = self.fake.access();
        (With::Key(access.secret), access.account)
    }

    fn choice(&self, _: &Business) -> Choice {
        both(self.fake.calendar(MAIN).as_str())
    }

    fn reads(&self) -> Request {
        ("REPORT", "")
    }

    fn makes(&self) -> Request {
        ("PUT", "")
    }

    fn changes(&self) -> Request {
        ("PUT", "")
    }

    fn removes(&self) -> Request {
        ("DELETE", "")
    }

    fn finds(&self) -> Request {
        ("GET", ".ics")
    }

    fn finds_nothing(&self) -> Misdeed {
        Misdeed::status(404, "Not Found")
    }

    fn busy(&self, when: Interval) {
        self.fake.add_event(MAIN, "Private", when);
    }

    fn odd(&self, odd: Odd) {
        let wall = |text: &str| text.replace(['-', ':'], "");
        let events = match odd {
            Odd::AllDay(date) => {
                let day = |date: jiff::civil::Date| date.strftime("%Y%m%d").to_string();
                let (first, end) = (day(date), day(date.tomorrow().unwrap()));
                vec![format!("DTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{end}\r\n")]
            }
            Odd::Free(when) => {
                vec![format!("DTSTART:{}\r\nDTEND:{}\r\nTRANSP:TRANSPARENT\r\n", utc(when.from), utc(when.to))]
            }
            Odd::Wall { zone, from, to } => {
                vec![format!("DTSTART;TZID={zone}:{}\r\nDTEND;TZID={zone}:{}\r\n", wall(from), wall(to))]
            }
            Odd::Daily { from, to, days, but, moved: (number, to_here) } => {
                let at = |name: &str, text: &str| format!("{name};TZID={NEW_YORK}:{}\r\n", wall(text));
                let series = at("DTSTART", from) + &at("DTEND", to) + &at("EXDATE", &later(from, but));
                let moved = at("RECURRENCE-ID", &later(from, number));
                vec![
                    format!("{series}RRULE:FREQ=DAILY;COUNT={days}\r\n"),
                    format!("{moved}DTSTART:{}\r\nDTEND:{}\r\n", utc(to_here.from), utc(to_here.to)),
                ]
            }
        };
        self.add(&events);
    }

    fn ours(&self) -> Vec<Interval> {
        of(self.own().iter().filter_map(|event| event.when).map(|when| (when.from, when.to)).collect())
    }

    fn revoke(&self) {
        self.fake.revoke();
    }

    fn forbids(&self) -> Misdeed {
        Misdeed::status(403, "<d:error xmlns:d=\"DAV:\"><d:need-privileges/></d:error>")
    }

    fn burns_names(&self) {
        self.fake.keeps_deleted(true);
    }

    /// Nextcloud, whose bin still has one of its UID.
    fn used_up(&self) -> u16 {
        400
    }

    fn opens_again(&self) -> (With, Account) {
        self.fake.let_in();
        self.opens()
    }

    fn owner_edits(&self) {
        let edit = |ics: &str| ics.replace("SUMMARY:", "SUMMARY:Not before ");
        self.fake.edit(MAIN, &self.own()[0].name, edit);
    }

    fn owner_moves(&self, to: Interval) {
        self.fake.move_event(MAIN, &self.own()[0].name, to);
    }

    fn owner_deletes(&self) {
        self.fake.delete_event(MAIN, &self.own()[0].name);
    }

    fn calendar_goes(&self) {
        self.fake.delete_calendar(MAIN);
    }

    fn forgets_cursors(&self) {
        self.fake.expire_sync();
    }
}
