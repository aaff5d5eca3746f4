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

use super::{NEW_YORK, Odd, PATIENCE, Request, later, moment, of, tokens};
use crate::calendars::rig::both;

pub(super) struct World {
    fake: FakeGoogle,
    adapter: Arc<Google>,
}

impl World {
    pub(super) async fn start(clock: &FixedClock) -> Self {
        let fake = FakeGoogle::start(Arc::new(clock.clone())).await;
        let places = Places::at(fake.address());
        let adapter = Google::with_timeout(places, CLIENT.into(), Secret::new(SECRET), PATIENCE).unwrap();
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

    fn finds(&self) -> Request {
        ("GET", "/events/")
    }

    fn finds_nothing(&self) -> Misdeed {
        Misdeed::status(404, r#"{"error":{"code":404,"message":"Not Found","errors":[{"reason":"notFound"}]}}"#)
    }

    fn busy(&self, when: Interval) {
        self.fake.add_event(ANNS, Planned::timed("Private", when.from, when.to));
    }

    fn odd(&self, odd: Odd) {
        let planned = match odd {
            Odd::AllDay(date) => Planned::all_day("Away", &date.to_string(), &date.tomorrow().unwrap().to_string()),
            Odd::Free(when) => Planned::timed("Maybe", when.from, when.to).free(),
            Odd::Wall { zone, from, to } => Planned::local("Far away", zone, from, to),
            Odd::Daily { from, to, days, but, moved: (number, to_here) } => {
                let but = later(from, but).replace(['-', ':'], "");
                let rules = [&*format!("RRULE:FREQ=DAILY;COUNT={days}"), &*format!("EXDATE;TZID={NEW_YORK}:{but}")];
                let series = self.fake.add_event(ANNS, Planned::local("Daily", NEW_YORK, from, to).again(&rules));
                let first = moment(NEW_YORK, &later(from, number)).strftime("%Y%m%dT%H%M%SZ");
                return self.fake.move_event(ANNS, &format!("{series}_{first}"), to_here.from, to_here.to);
            }
        };
        self.fake.add_event(ANNS, planned);
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

    fn refreshes(&self) -> usize {
        self.fake.consent().counters().refreshes
    }

    fn owner_edits(&self) {
        self.fake.retitle(ANNS, &self.own().unwrap(), "Ask for the other colour");
    }

    fn owner_moves(&self, to: Interval) {
        self.fake.move_event(ANNS, &self.own().unwrap(), to.from, to.to);
    }

    fn owner_deletes(&self) {
        self.fake.delete_event(ANNS, &self.own().unwrap());
    }

    fn calendar_goes(&self) {
        self.fake.delete_calendar(ANNS);
    }

    fn forgets_cursors(&self) {
        self.fake.expire_sync_tokens();
    }
}
