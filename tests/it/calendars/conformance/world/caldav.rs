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

use super::{Odd, Request, of};
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
        let adapter = Arc::new(CalDav::new(Reach::ThisMachine, clock).unwrap());
        Self { fake, adapter }
    }

    fn own(&self) -> Vec<Kept> {
        self.fake.events(MAIN).into_iter().filter(|event| event.ics.to_lowercase().contains("x-deskbell")).collect()
    }

    fn event(lines: &str) -> String {
        let uid = uuid::Uuid::now_v7();
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Owner//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
             DTSTAMP:20261101T000000Z\r\nSUMMARY:Private\r\n{lines}END:VEVENT\r\nEND:VCALENDAR\r\n"
        )
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

    fn busy(&self, when: Interval) {
        self.fake.add_event(MAIN, "Private", when);
    }

    fn odd(&self, odd: Odd) -> bool {
        let lines = match odd {
            Odd::AllDay(date) => {
                let day = |date: jiff::civil::Date| date.strftime("%Y%m%d").to_string();
                format!("DTSTART;VALUE=DATE:{}\r\nDTEND;VALUE=DATE:{}\r\n", day(date), day(date.tomorrow().unwrap()))
            }
            Odd::Free(when) => {
                format!("DTSTART:{}\r\nDTEND:{}\r\nTRANSP:TRANSPARENT\r\n", utc(when.from), utc(when.to))
            }
            Odd::Daily { first, days, but } => {
                let but = first.from + jiff::SignedDuration::from_hours(24 * i64::from(but));
                format!(
                    "DTSTART:{}\r\nDTEND:{}\r\nRRULE:FREQ=DAILY;COUNT={days}\r\nEXDATE:{}\r\n",
                    utc(first.from),
                    utc(first.to),
                    utc(but)
                )
            }
            Odd::InBerlin { from, to } => {
                let wall = |text: &str| text.replace(['-', ':'], "");
                format!("DTSTART;TZID=Europe/Berlin:{}\r\nDTEND;TZID=Europe/Berlin:{}\r\n", wall(from), wall(to))
            }
        };
        self.fake.add_ics(MAIN, &Self::event(&lines));
        true
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

    fn owner_moves(&self, to: Interval) -> bool {
        if let Some(event) = self.own().first() {
            self.fake.move_event(MAIN, &event.name, to);
        }
        true
    }

    fn owner_deletes(&self) -> bool {
        if let Some(event) = self.own().first() {
            self.fake.delete_event(MAIN, &event.name);
        }
        true
    }

    fn calendar_goes(&self) -> bool {
        self.fake.delete_calendar(MAIN);
        true
    }
}
