//! Calendly: a vendor with rules and bookings of its own, that can only cancel and book anew.

use std::{collections::BTreeMap, sync::Arc};

use deskbell::{
    adapters::calendar::calendly::{Calendly, CalendlyConsent},
    calendars::opener::With,
    domain::{
        business::Business,
        connection::{Account, CalendarId, Choice},
        secret::Secret,
    },
    ports::{
        calendar::Interval,
        clock::Clock,
        vendors::{Door, Kind, Vendor},
    },
    testing::{
        calendar::{
            Kit, Misdeed,
            calendly::{self, CLIENT_ID, CLIENT_SECRET, FakeCalendly},
        },
        clock::FixedClock,
    },
};

use super::{PATIENCE, Request, of, tokens};

pub(super) struct World {
    fake: FakeCalendly,
    adapter: Arc<Calendly>,
    consent: Arc<CalendlyConsent>,
    kind: String,
}

impl World {
    pub(super) async fn start(clock: &FixedClock) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let fake = FakeCalendly::serve(Arc::clone(&clock)).await;
        let adapter = Arc::new(Calendly::with_timeout(fake.address(), clock, PATIENCE).unwrap());
        let secret = Secret::new(CLIENT_SECRET);
        let consent = CalendlyConsent::new(fake.address(), CLIENT_ID, secret, Arc::clone(&adapter)).unwrap();
        let kind = fake.add_kind(calendly::Kind::new("Haircut", 45));
        super::opens_as_the_salon(|change| fake.change_hours(change));
        Self { fake, adapter, consent: Arc::new(consent), kind }
    }

    fn own(&self) -> String {
        self.fake.guests().into_iter().find(|guest| guest.stands && guest.mark.is_some()).unwrap().id
    }
}

#[async_trait::async_trait]
impl super::World for World {
    fn vendor(&self) -> Vendor {
        Vendor {
            name: "calendly",
            label: "Calendly",
            kind: Kind::Scheduler(Arc::<Calendly>::clone(&self.adapter)),
            door: Door::Consent(Arc::<CalendlyConsent>::clone(&self.consent)),
        }
    }

    fn kit(&self) -> &Kit {
        self.fake.kit()
    }

    fn opens(&self) -> (With, Account) {
        let subject = self.fake.subject();
        (tokens(self.fake.consent().let_in(&subject)), Account { subject, label: "ann@example.com".into(), home: None })
    }

    fn choice(&self, business: &Business) -> Choice {
        let kind = CalendarId::new(self.kind.clone()).unwrap();
        Choice { kinds: BTreeMap::from([(business.services[0].id, kind)]), ..Choice::default() }
    }

    fn reads(&self) -> Request {
        ("GET", "/event_type_available_times")
    }

    fn makes(&self) -> Request {
        ("POST", "/invitees")
    }

    /// It cannot move: the old one is cancelled.
    fn changes(&self) -> Request {
        ("POST", "/cancellation")
    }

    fn removes(&self) -> Request {
        ("POST", "/cancellation")
    }

    fn finds(&self) -> Request {
        ("GET", "/scheduled_events")
    }

    fn finds_nothing(&self) -> Misdeed {
        let pages =
            r#"{"count":0,"next_page":null,"previous_page":null,"next_page_token":null,"previous_page_token":null}"#;
        Misdeed::status(200, format!(r#"{{"collection":[],"pagination":{pages}}}"#))
    }

    fn busy(&self, when: Interval) {
        self.fake.add_busy(when);
    }

    fn works_nights(&self) {
        self.fake.change_hours(super::work_at_night);
    }

    fn ours(&self) -> Vec<Interval> {
        let guests = self.fake.guests();
        of(guests.iter().filter(|guest| guest.stands).map(|guest| (guest.starts, guest.ends)).collect())
    }

    fn revoke(&self) {
        self.fake.revoke();
    }

    fn forbids(&self) -> Misdeed {
        Misdeed::status(403, r#"{"title":"Permission Denied","message":"You do not have permission"}"#)
    }

    fn forbid(&self) {
        self.fake.without_scope("availability:read");
    }

    fn refreshes(&self) -> usize {
        self.fake.consent().counters().refreshes
    }

    fn owner_moves(&self, to: Interval) {
        assert!(self.fake.move_elsewhere(&self.own(), to.from).is_some());
    }

    fn owner_deletes(&self) {
        self.fake.cancel_as_owner(&self.own());
    }

    /// Its kind of appointment.
    fn calendar_goes(&self) {
        self.fake.remove_kind(&self.kind);
    }

    fn is_scheduler(&self) -> bool {
        true
    }
}
