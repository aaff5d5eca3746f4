//! Cal.com: a vendor with rules and bookings of its own, that can move them.

use std::{collections::BTreeMap, sync::Arc};

use deskbell::{
    adapters::calendar::calcom::Calcom,
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
            calcom::{self, EMAIL, FakeCalcom},
        },
        clock::FixedClock,
    },
};

use super::{Odd, Request, of};

pub(super) struct World {
    fake: FakeCalcom,
    adapter: Arc<Calcom>,
    kind: String,
}

impl World {
    pub(super) async fn start(clock: &FixedClock) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let fake = FakeCalcom::serve(clock).await;
        let adapter = Arc::new(Calcom::new(fake.address()).unwrap());
        let kind = fake.add_kind(calcom::Kind::new("Haircut", 45));
        super::opens_as_the_salon(|change| fake.change_hours(change));
        Self { fake, adapter, kind }
    }
}

#[async_trait::async_trait]
impl super::World for World {
    fn vendor(&self) -> Vendor {
        Vendor {
            name: "calcom",
            label: "Cal.com",
            kind: Kind::Scheduler(Arc::<Calcom>::clone(&self.adapter)),
            door: Door::Key(Arc::<Calcom>::clone(&self.adapter)),
        }
    }

    fn kit(&self) -> &Kit {
        self.fake.kit()
    }

    fn opens(&self) -> (With, Account) {
        let key = With::Key(Secret::new(self.fake.key()));
        (key, Account { subject: self.fake.subject(), label: EMAIL.into(), home: None })
    }

    fn choice(&self, business: &Business) -> Choice {
        let kind = CalendarId::new(self.kind.clone()).unwrap();
        Choice { kinds: BTreeMap::from([(business.services[0].id, kind)]), ..Choice::default() }
    }

    fn reads(&self) -> Request {
        ("GET", "/slots")
    }

    fn makes(&self) -> Request {
        ("POST", "/bookings")
    }

    fn changes(&self) -> Request {
        ("POST", "/reschedule")
    }

    fn removes(&self) -> Request {
        ("POST", "/cancel")
    }

    fn busy(&self, when: Interval) {
        self.fake.add_busy(when);
    }

    fn odd(&self, _: Odd) -> bool {
        false
    }

    fn ours(&self) -> Vec<Interval> {
        let guests = self.fake.guests();
        of(guests.iter().filter(|guest| guest.stands).map(|guest| (guest.starts, guest.ends)).collect())
    }

    fn revoke(&self) {
        self.fake.revoke();
    }

    fn forbids(&self) -> Misdeed {
        Misdeed::status(403, r#"{"status":"error","error":{"code":"FORBIDDEN","message":"Forbidden"}}"#)
    }

    fn owner_moves(&self, _: Interval) -> bool {
        false
    }

    fn owner_deletes(&self) -> bool {
        false
    }

    fn calendar_goes(&self) -> bool {
        false
    }

    fn is_scheduler(&self) -> bool {
        true
    }
}
