//! Google Calendar.

use std::sync::Arc;

use deskbell::{
    adapters::calendar::google::{Google, Places},
    calendars::opener::With,
    domain::{
        business::Business,
        connection::{Account, Choice},
        secret::Secret,
    },
    ports::{
        calendar::Interval,
        vendors::{Door, Kind, Vendor},
    },
    testing::{
        calendar::{
            Kit, Misdeed,
            google::{ANN, ANNS, CLIENT, FakeGoogle, Planned, SECRET},
        },
        clock::FixedClock,
    },
};

use super::{Odd, Request, of, tokens};
use crate::calendars::rig::both;

pub(super) struct World {
    fake: FakeGoogle,
    adapter: Arc<Google>,
}

impl World {
    pub(super) async fn start(clock: &FixedClock) -> Self {
        let fake = FakeGoogle::start(Arc::new(clock.clone())).await;
        let adapter = Google::new(Places::at(fake.address()), CLIENT.into(), Secret::new(SECRET)).unwrap();
        Self { fake, adapter: Arc::new(adapter) }
    }

    fn own(&self) -> Option<String> {
        self.fake.events(ANNS).into_iter().find(|event| event.booking.is_some()).map(|event| event.id)
    }
}

#[async_trait::async_trait]
impl super::World for World {
    fn vendor(&self) -> Vendor {
        Vendor {
            name: "google_calendar",
            label: "Google Calendar",
            kind: Kind::Diary(Arc::<Google>::clone(&self.adapter)),
            door: Door::Consent(Arc::<Google>::clone(&self.adapter)),
        }
    }

    fn kit(&self) -> &Kit {
        self.fake.kit()
    }

    fn opens(&self) -> (With, Account) {
        (tokens(self.fake.consent().let_in(ANN)), Account { subject: ANN.into(), label: ANNS.into(), home: None })
    }

    fn choice(&self, _: &Business) -> Choice {
        both(ANNS)
    }

    fn reads(&self) -> Request {
        ("POST", "/freeBusy")
    }

    fn makes(&self) -> Request {
        ("POST", "/events")
    }

    fn changes(&self) -> Request {
        ("PATCH", "/events")
    }

    fn removes(&self) -> Request {
        ("DELETE", "/events")
    }

    fn busy(&self, when: Interval) {
        self.fake.add_event(ANNS, Planned::timed("Private", when.from, when.to));
    }

    fn odd(&self, odd: Odd) -> bool {
        let planned = match odd {
            Odd::AllDay(date) => Planned::all_day("Away", &date.to_string(), &date.tomorrow().unwrap().to_string()),
            Odd::Free(when) => Planned::timed("Maybe", when.from, when.to).free(),
            Odd::Daily { first, days, but } => {
                let zone = "America/Vancouver";
                let wall = |at: jiff::Timestamp| at.in_tz(zone).unwrap().datetime().to_string();
                let but = first.from.in_tz(zone).unwrap().datetime() + jiff::Span::new().days(i64::from(but));
                let but = format!("EXDATE;TZID={zone}:{}", but.strftime("%Y%m%dT%H%M%S"));
                Planned::local("Daily", zone, &wall(first.from), &wall(first.to))
                    .again(&[&format!("RRULE:FREQ=DAILY;COUNT={days}"), &but])
            }
            Odd::InBerlin { from, to } => Planned::local("Far away", "Europe/Berlin", from, to),
        };
        self.fake.add_event(ANNS, planned);
        true
    }

    fn ours(&self) -> Vec<Interval> {
        let events = self.fake.events(ANNS);
        of(events.iter().filter(|event| event.booking.is_some()).map(|event| (event.from, event.to)).collect())
    }

    fn revoke(&self) {
        self.fake.revoke(ANN);
    }

    fn forbids(&self) -> Misdeed {
        Misdeed::status(
            403,
            r#"{"error":{"code":403,"message":"Request had insufficient authentication scopes.","status":"PERMISSION_DENIED","errors":[{"domain":"global","reason":"insufficientPermissions"}]}}"#,
        )
    }

    fn owner_moves(&self, to: Interval) -> bool {
        if let Some(id) = self.own() {
            self.fake.move_event(ANNS, &id, to.from, to.to);
        }
        true
    }

    fn owner_deletes(&self) -> bool {
        if let Some(id) = self.own() {
            self.fake.delete_event(ANNS, &id);
        }
        true
    }

    fn calendar_goes(&self) -> bool {
        self.fake.delete_calendar(ANNS);
        true
    }
}
