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
            microsoft::{ANN, CLIENT_ID, CLIENT_SECRET, Entry, FakeMicrosoft, NewEvent},
        },
        clock::FixedClock,
    },
};

use super::{Odd, Request, of, tokens};
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
        let adapter = Microsoft::new(&fake.address(), clock).unwrap();
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

    fn busy(&self, when: Interval) {
        self.fake.add_event(&self.calendar(), NewEvent::new("Private", when.from, when.to));
    }

    fn odd(&self, odd: Odd) -> bool {
        let new = match odd {
            Odd::AllDay(date) => {
                let from = date.in_tz("America/New_York").unwrap().timestamp();
                let to = date.tomorrow().unwrap().in_tz("America/New_York").unwrap().timestamp();
                NewEvent { all_day: true, ..NewEvent::new("Away", from, to) }
            }
            Odd::Free(when) => NewEvent::new("Maybe", when.from, when.to).shown_as("free"),
            Odd::InBerlin { from, to } => {
                let at = |text: &str| format!("{text}[Europe/Berlin]").parse::<jiff::Zoned>().unwrap().timestamp();
                NewEvent::new("Far away", at(from), at(to))
            }
            // Its series are in its own tests.
            Odd::Daily { .. } => return false,
        };
        self.fake.add_event(&self.calendar(), new);
        true
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

    fn owner_moves(&self, to: Interval) -> bool {
        self.own().first().is_some_and(|entry| self.fake.move_event(&entry.id, to.from, to.to))
    }

    fn owner_deletes(&self) -> bool {
        self.own().first().is_some_and(|entry| self.fake.delete_event(&entry.id))
    }

    fn calendar_goes(&self) -> bool {
        self.fake.delete_calendar(&self.calendar());
        true
    }
}
