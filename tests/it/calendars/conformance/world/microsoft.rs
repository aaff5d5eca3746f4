//! Microsoft 365.

use std::sync::Arc;

use deskbell::{
    adapters::calendar::microsoft::{Application, Microsoft, MicrosoftConsent},
    calendars::opener::With,
    domain::{
        business::Business,
        connection::{Account, Choice},
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
            microsoft::{ANN, CLIENT_ID, CLIENT_SECRET, Entry, FakeMicrosoft, NewEvent, Repeats},
        },
        clock::FixedClock,
    },
};
use jiff::civil::Date;

use super::{NEW_YORK, Odd, PATIENCE, Request, moment, of, tokens};
use crate::calendars::rig::both;

pub(super) struct World {
    fake: FakeMicrosoft,
    adapter: Arc<Microsoft>,
    consent: Arc<MicrosoftConsent>,
}

impl World {
    pub(super) async fn start(clock: &FixedClock) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let fake = FakeMicrosoft::start(Arc::clone(&clock)).await;
        let adapter = Microsoft::with_timeout(&fake.address(), clock, PATIENCE).unwrap();
        let application = Application { client_id: CLIENT_ID.into(), client_secret: Secret::new(CLIENT_SECRET) };
        let consent = MicrosoftConsent::new(&fake.login(), &fake.address(), application).unwrap();
        Self { fake, adapter: Arc::new(adapter), consent: Arc::new(consent) }
    }

    fn calendar(&self) -> String {
        self.fake.calendars(ANN)[0].id.clone()
    }

    fn own(&self) -> Vec<Entry> {
        let ours = |entry: &Entry| !entry.properties.is_empty() && !entry.cancelled;
        self.fake.events(&self.calendar()).into_iter().filter(ours).collect()
    }
}

#[async_trait::async_trait]
impl super::World for World {
    fn vendor(&self) -> Vendor {
        Vendor {
            name: "microsoft365",
            label: "Microsoft 365",
            kind: Kind::Diary(Arc::<Microsoft>::clone(&self.adapter)),
            door: Door::Consent(Arc::<MicrosoftConsent>::clone(&self.consent)),
        }
    }

    fn kit(&self) -> &Kit {
        self.fake.kit()
    }

    fn opens(&self) -> (With, Account) {
        (tokens(self.fake.consent().let_in(ANN)), self.fake.access(ANN).account)
    }

    fn choice(&self, _: &Business) -> Choice {
        both(&self.calendar())
    }

    fn reads(&self) -> Request {
        ("GET", "/calendarView")
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
        ("GET", "/events")
    }

    fn finds_nothing(&self) -> Misdeed {
        Misdeed::status(200, r#"{"value":[]}"#)
    }

    fn busy(&self, when: Interval) {
        self.fake.add_event(&self.calendar(), NewEvent::new("Private", when.from, when.to));
    }

    fn odd(&self, odd: Odd) {
        let new = match odd {
            Odd::AllDay(date) => {
                let midnight = |date: Date| date.in_tz(NEW_YORK).unwrap().timestamp();
                let (from, to) = (midnight(date), midnight(date.tomorrow().unwrap()));
                NewEvent { all_day: true, ..NewEvent::new("Away", from, to) }
            }
            Odd::Free(when) => NewEvent::new("Maybe", when.from, when.to).shown_as("free"),
            // Graph is asked for UTC, whatever the event was made in.
            Odd::Wall { zone, from, to } => NewEvent::new("Far away", moment(zone, from), moment(zone, to)),
            Odd::Daily { from, to, days, but, moved: (number, to_here) } => {
                let repeats = Some(Repeats { days: 1, times: days.into() });
                let new = NewEvent::new("Daily", moment(NEW_YORK, from), moment(NEW_YORK, to));
                let series = self.fake.add_event(&self.calendar(), NewEvent { repeats, ..new });
                assert!(self.fake.delete_event(&format!("{series}.{but}")));
                assert!(self.fake.move_event(&format!("{series}.{number}"), to_here.from, to_here.to));
                return;
            }
        };
        self.fake.add_event(&self.calendar(), new);
    }

    fn ours(&self) -> Vec<Interval> {
        of(self.own().iter().map(|entry| (entry.from, entry.to)).collect())
    }

    fn revoke(&self) {
        self.fake.revoke(ANN);
    }

    fn forbids(&self) -> Misdeed {
        Misdeed::status(
            403,
            r#"{"error":{"code":"ErrorAccessDenied","message":"Access is denied. Check credentials and try again."}}"#,
        )
    }

    fn forbid(&self) {
        self.fake.forbid(ANN);
    }

    fn refreshes(&self) -> usize {
        self.fake.consent().counters().refreshes
    }

    fn owner_edits(&self) {
        // At the same time, which is a change to it as any other.
        let own = &self.own()[0];
        assert!(self.fake.move_event(&own.id, own.from, own.to));
    }

    fn owner_moves(&self, to: Interval) {
        assert!(self.fake.move_event(&self.own()[0].id, to.from, to.to));
    }

    fn owner_deletes(&self) {
        assert!(self.fake.delete_event(&self.own()[0].id));
    }

    fn calendar_goes(&self) {
        self.fake.delete_calendar(&self.calendar());
    }

    fn forgets_cursors(&self) {
        self.fake.expire_delta();
    }
}
