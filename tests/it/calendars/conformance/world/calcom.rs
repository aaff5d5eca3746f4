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

use super::{PATIENCE, Request, of};

pub(super) struct World {
    fake: FakeCalcom,
    adapter: Arc<Calcom>,
    kind: String,
}

impl World {
    pub(super) async fn start(clock: &FixedClock) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let fake = FakeCalcom::serve(clock).await;
        let adapter = Arc::new(Calcom::with_timeout(fake.address(), PATIENCE).unwrap());
        let kind = fake.add_kind(calcom::Kind::new("Haircut", 45));
        super::opens_as_the_salon(|change| fake.change_hours(change));
        Self { fake, adapter, kind }
    }

    fn own(&self) -> String {
        self.fake.guests().into_iter().find(|guest| guest.stands && guest.mark.is_some()).unwrap().id
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

    fn finds(&self) -> Request {
        ("GET", "/v2/bookings")
    }

    fn finds_nothing(&self) -> Misdeed {
        let pages = r#"{"totalItems":0,"remainingItems":0,"returnedItems":0,"itemsPerPage":100,"currentPage":1,"totalPages":0,"hasNextPage":false,"hasPreviousPage":false}"#;
        Misdeed::status(200, format!(r#"{{"status":"success","data":[],"pagination":{pages}}}"#))
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
        Misdeed::status(403, r#"{"status":"error","error":{"code":"FORBIDDEN","message":"Forbidden"}}"#)
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
