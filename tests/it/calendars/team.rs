//! One account of the whole business with a calendar for each member of staff: who is busy in which, where whose appointments
//! stand, and that an appointment stands once, whoever it is with.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use deskbell::{
    adapters::calendar::{
        caldav::{CalDav, Reach},
        google::{Google, Places},
    },
    calendars::opener::With,
    domain::{
        booking::{Booking, Slot},
        business::Staff,
        connection::{Account, CalendarId, Choice, Connection, ConnectionState, Part, Why},
        ids::StaffId,
        secret::Secret,
    },
    jobs::following::Follower,
    ports::{
        calendar::Interval,
        clock::Clock,
        consent::Tokens,
        desk::Desk as _,
        vendors::{Door, Kind, Vendor},
    },
    store::following::{WishKind, WishState},
    testing::{
        calendar::{
            caldav::{Dialect, FakeCalDav, MAIN, OTHER, READ_ONLY},
            google::{ANN, ANNS, CLIENT, FakeGoogle, Planned, SECRET},
        },
        clock::FixedClock,
    },
};
use jiff::SignedDuration;

use super::{
    following::{follower, minutes, now_at, told, wishes},
    rig::{DIARY, Rig, both, calendar, tuesday, uses},
};
use crate::{
    desk::rig::{MONDAY_MORNING, tuesday as at},
    support::database::Database,
};

const PATIENCE: Duration = Duration::from_secs(5);

/// Whose calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Salon,
    Anna,
    Ben,
}

/// An event of ours: whose calendar it stands in, what it is called, and when it is.
type Ours = (Of, String, Interval);

/// The salon's account at a vendor's double.
enum Place {
    Google(FakeGoogle),
    CalDav(FakeCalDav),
}

const ANNAS: &str = "anna@group.example.com";
const BENS: &str = "ben@group.example.com";

impl Place {
    async fn google(clock: &FixedClock) -> (Self, Vendor, With, Account) {
        let fake = FakeGoogle::start(Arc::new(clock.clone())).await;
        for (id, name) in [(ANNAS, "Anna"), (BENS, "Ben")] {
            fake.add_calendar(id, name, "America/New_York", ANN);
        }
        let places = Places::at(fake.address());
        let adapter = Arc::new(Google::with_timeout(places, CLIENT.into(), Secret::new(SECRET), PATIENCE).unwrap());
        let door = Door::Consent(Arc::<Google>::clone(&adapter));
        let vendor = Vendor { name: "google_calendar", label: "Google Calendar", kind: Kind::Diary(adapter), door };
        let (access, refresh) = fake.consent().let_in(ANN);
        let (access, refresh) = (Secret::new(access), Some(Secret::new(refresh)));
        let with = With::Tokens(Tokens { access, good_for: SignedDuration::from_mins(55), refresh });
        let account = Account { subject: ANN.into(), label: ANNS.into(), home: None };
        (Self::Google(fake), vendor, with, account)
    }

    async fn caldav(clock: &FixedClock) -> (Self, Vendor, With, Account) {
        let fake = FakeCalDav::start(Dialect::Nextcloud).await;
        let clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let adapter = Arc::new(CalDav::with_timeout(Reach::ThisMachine, clock, PATIENCE).unwrap());
        let door = Door::Key(Arc::<CalDav>::clone(&adapter));
        let vendor = Vendor { name: "caldav", label: "CalDAV", kind: Kind::Diary(adapter), door };
        let access = fake.access();
        (Self::CalDav(fake), vendor, With::Key(access.secret), access.account)
    }

    /// What the vendor's double calls a calendar.
    fn name(&self, of: Of) -> &'static str {
        match (self, of) {
            (Self::Google(_), Of::Salon) => ANNS,
            (Self::Google(_), Of::Anna) => ANNAS,
            (Self::Google(_), Of::Ben) => BENS,
            // What everybody's is cannot be written into.
            (Self::CalDav(_), Of::Salon) => READ_ONLY,
            (Self::CalDav(_), Of::Anna) => MAIN,
            (Self::CalDav(_), Of::Ben) => OTHER,
        }
    }

    fn id(&self, of: Of) -> CalendarId {
        match self {
            Self::Google(_) => calendar(self.name(of)),
            Self::CalDav(fake) => fake.calendar(self.name(of)),
        }
    }

    fn is_busy(&self, of: Of, when: Interval) {
        match self {
            Self::Google(fake) => drop(fake.add_event(self.name(of), Planned::timed("Private", when.from, when.to))),
            Self::CalDav(fake) => drop(fake.add_event(self.name(of), "Private", when)),
        }
    }

    /// With their ids there.
    fn found(&self) -> Vec<(String, Ours)> {
        let mut found = Vec::new();
        for of in [Of::Salon, Of::Anna, Of::Ben] {
            match self {
                Self::Google(fake) => {
                    let ours = fake.events(self.name(of)).into_iter().filter(|event| event.booking.is_some());
                    let ours = ours.map(|it| (it.id, (of, it.title, Interval { from: it.from, to: it.to })));
                    found.extend(ours);
                }
                Self::CalDav(fake) => {
                    let ours = fake.events(self.name(of)).into_iter();
                    let ours = ours.filter(|event| event.ics.to_lowercase().contains("x-deskbell"));
                    found.extend(ours.map(|event| (event.name, (of, event.title, event.when.unwrap()))));
                }
            }
        }
        found.sort_by_key(|(_, (_, _, when))| *when);
        found
    }

    /// Where ours stand, and when.
    fn ours(&self) -> Vec<(Of, Interval)> {
        self.found().into_iter().map(|(_, (of, _, when))| (of, when)).collect()
    }

    /// Moves the one event of ours that stands in a calendar then.
    fn owner_moves(&self, of: Of, at: Interval, to: Interval) {
        let found = self.found().into_iter().find(|(_, (here, _, when))| *here == of && *when == at);
        let (id, _) = found.expect("it stands there");
        match self {
            Self::Google(fake) => fake.move_event(self.name(of), &id, to.from, to.to),
            Self::CalDav(fake) => fake.move_event(self.name(of), &id, to),
        }
    }

    fn calendar_goes(&self, of: Of) {
        match self {
            Self::Google(fake) => fake.delete_calendar(self.name(of)),
            Self::CalDav(fake) => fake.delete_calendar(self.name(of)),
        }
    }
}

/// A salon that has connected its one account.
struct Salon {
    rig: Rig,
    place: Place,
    connection: Connection,
    anna: StaffId,
    ben: StaffId,
    /// Has no calendar of her own.
    cleo: StaffId,
    _database: Database,
}

impl Salon {
    async fn each<F: Future<Output = ()>>(story: impl Fn(Self) -> F) {
        for caldav in [false, true] {
            let clock = FixedClock::at(MONDAY_MORNING);
            let opened = if caldav { Place::caldav(&clock).await } else { Place::google(&clock).await };
            story(Self::open(clock, opened).await).await;
        }
    }

    async fn open(clock: FixedClock, (place, vendor, with, account): (Place, Vendor, With, Account)) -> Self {
        let database = Database::sqlite();
        let name = vendor.name;
        let cleo = StaffId(uuid::Uuid::from_u128(3));
        let rig = Rig::beside(database.store().await, clock, Some(vendor), |business| {
            uses(business, &[name]);
            let third = Staff { id: cleo, name: "Cleo".to_owned(), ..business.staff[0].clone() };
            business.staff.push(third);
            business.services[0].staff.push(cleo);
        })
        .await;
        let staff = &rig.desk.business.staff;
        let (anna, ben) = (staff[0].id, staff[1].id);
        let own = |of| Part { blocks: vec![place.id(of)], receives: Some(place.id(of)) };
        let choice = Choice {
            blocks: vec![place.id(Of::Salon)],
            receives: Some(place.id(Of::Salon)).filter(|_| matches!(place, Place::Google(_))),
            members: BTreeMap::from([(anna, own(Of::Anna)), (ben, own(Of::Ben))]),
            ..Choice::default()
        };
        let connection = rig.connect_as(name, None, &choice, account, with).await;
        Self { rig, place, connection, anna, ben, cleo, _database: database }
    }

    fn slot(&self, staff: StaffId, time: &str) -> Slot {
        Slot::at(&self.rig.desk.business.services[0], staff, at(time))
    }

    /// A haircut.
    fn cut(&self, time: &str) -> Interval {
        let slot = self.slot(self.anna, time);
        Interval { from: slot.starts, to: slot.ends }
    }

    /// What stands there when it is written.
    async fn books(&self, staff: StaffId, time: &str) -> Booking {
        let held = self.rig.desk.hold(self.slot(staff, time), None).await.unwrap();
        let booked = self.rig.desk.confirm(held.id).await.unwrap();
        self.rig.work().await;
        assert!(!booked.unverified);
        booked
    }

    async fn moves(&self, booking: &Booking, staff: StaffId, time: &str) -> Booking {
        let held = self.rig.desk.move_to(booking.id, self.slot(staff, time), None).await.unwrap();
        let moved = self.rig.desk.confirm(held.id).await.unwrap();
        self.rig.work().await;
        moved
    }

    /// Whom a caller may have then, if they do not mind.
    async fn offered(&self, time: &str, staff: Option<StaffId>) -> Vec<StaffId> {
        let mut find = self.rig.desk.on_tuesday();
        (find.staff, find.from, find.to) = (staff, at(time), at(time) + SignedDuration::from_mins(1));
        let mut staff: Vec<_> = self.rig.desk.desk.find(find).await.unwrap().iter().map(|slot| slot.staff).collect();
        staff.dedup();
        staff
    }

    async fn now(&self) -> Connection {
        let store = &self.rig.desk.store;
        store.connection(self.connection.business, self.connection.id).await.unwrap().unwrap()
    }

    async fn follows(&self) -> Follower {
        let (follower, _) = follower(&self.rig);
        follower.enlist().await.unwrap();
        follower.work_off().await.unwrap();
        follower
    }
}

#[tokio::test]
async fn anna_is_busy_in_her_calendar_and_a_caller_gets_ben() {
    Salon::each(async |salon| {
        salon.place.is_busy(Of::Anna, tuesday("10:00", "11:00"));
        salon.place.is_busy(Of::Salon, tuesday("11:00", "12:00"));
        assert!(salon.offered("10:00", Some(salon.anna)).await.is_empty());
        assert_eq!(salon.offered("10:00", Some(salon.ben)).await, [salon.ben]);
        let anybody = salon.offered("10:00", None).await;
        assert!(!anybody.is_empty() && !anybody.contains(&salon.anna), "{anybody:?}");
        assert!(salon.offered("11:00", None).await.is_empty(), "what is busy for everybody is busy for each");
        // Not from memory alone.
        salon.place.is_busy(Of::Anna, tuesday("15:00", "16:00"));
        let held = salon.rig.desk.hold(salon.slot(salon.anna, "15:00"), None).await.unwrap();
        assert!(salon.rig.desk.confirm(held.id).await.is_err());
        salon.books(salon.ben, "15:00").await;
        salon.books(salon.ben, "10:00").await;
        assert_eq!(salon.place.ours(), [(Of::Ben, salon.cut("10:00")), (Of::Ben, salon.cut("15:00"))]);
    })
    .await;
}

#[tokio::test]
async fn an_appointment_stands_in_the_calendar_of_whoever_it_is_with_and_goes_along_with_it() {
    Salon::each(async |salon| {
        let annas = salon.books(salon.anna, "10:00").await;
        salon.books(salon.ben, "10:00").await;
        assert_eq!(salon.place.ours(), [(Of::Anna, salon.cut("10:00")), (Of::Ben, salon.cut("10:00"))]);
        let names: Vec<_> = salon.rig.desk.business.staff.iter().map(|member| member.name.as_str()).collect();
        let titles = |place: &Place| place.found().into_iter().map(|(_, (_, title, _))| title).collect::<Vec<_>>();
        assert!(titles(&salon.place).iter().all(|title| !names.iter().any(|name| title.contains(name))));
        // Whoever has none of their own has the one for everybody, if there is one.
        salon.books(salon.cleo, "10:00").await;
        let general: Vec<_> = salon.place.found().into_iter().filter(|(_, (of, ..))| *of == Of::Salon).collect();
        assert_eq!(general.len(), usize::from(matches!(salon.place, Place::Google(_))));
        assert!(general.iter().all(|(_, (_, title, _))| title.contains("Cleo")), "{general:?}");
        let others = || salon.place.ours().into_iter().filter(|(of, _)| *of != Of::Salon).collect::<Vec<_>>();

        // What is ours is in nobody's way, neither hers nor his.
        let moved = salon.moves(&annas, salon.anna, "10:15").await;
        assert_eq!(others(), [(Of::Ben, salon.cut("10:00")), (Of::Anna, salon.cut("10:15"))]);
        let bens = salon.moves(&moved, salon.ben, "14:00").await;
        assert_eq!(others(), [(Of::Ben, salon.cut("10:00")), (Of::Ben, salon.cut("14:00"))], "one event, in his");
        assert_eq!(salon.rig.placements(moved.id).await, []);
        assert_eq!(salon.rig.placements(bens.id).await.len(), 1);
        // And back.
        let back = salon.moves(&bens, salon.anna, "14:00").await;
        assert_eq!(others(), [(Of::Ben, salon.cut("10:00")), (Of::Anna, salon.cut("14:00"))]);
        salon.rig.an_hour_later().await;
        assert_eq!(others().len(), 2, "nothing of it comes back");
        assert_eq!(salon.rig.placements(back.id).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_moved_in_any_members_calendar_is_followed() {
    Salon::each(async |salon| {
        let (annas, bens) = (salon.books(salon.anna, "10:00").await, salon.books(salon.ben, "11:00").await);
        let follower = salon.follows().await;
        salon.place.owner_moves(Of::Ben, salon.cut("11:00"), salon.cut("16:00"));
        minutes(&salon.rig, &follower, 8).await;
        let followed = now_at(&salon.rig, &bens).await.unwrap();
        assert_eq!((followed.slot.staff, followed.slot.starts), (salon.ben, at("16:00")));
        assert_eq!(salon.place.ours(), [(Of::Anna, salon.cut("10:00")), (Of::Ben, salon.cut("16:00"))]);
        assert_eq!(told(&salon.rig, &followed, "moved").await, 1);
        // One that was moved here is followed where it stands now.
        let moved = salon.moves(&annas, salon.ben, "15:00").await;
        minutes(&salon.rig, &follower, 7).await;
        salon.place.owner_moves(Of::Ben, salon.cut("15:00"), salon.cut("14:00"));
        minutes(&salon.rig, &follower, 8).await;
        let followed = now_at(&salon.rig, &moved).await.unwrap();
        assert_eq!((followed.slot.staff, followed.slot.starts), (salon.ben, at("14:00")));
        assert_eq!(salon.place.ours(), [(Of::Ben, salon.cut("14:00")), (Of::Ben, salon.cut("16:00"))]);
        let kinds: Vec<_> = wishes(&salon.rig).await.into_iter().map(|wish| (wish.kind, wish.state)).collect();
        assert_eq!(kinds.len(), 2, "{kinds:?}");
        assert!(kinds.iter().all(|(kind, state)| matches!(kind, WishKind::Move(_)) && *state == WishState::Done));
    })
    .await;
}

/// Google keeps the id of an event that is dragged into another calendar, and both calendars are followed.
#[tokio::test]
async fn an_event_that_is_dragged_into_a_colleagues_calendar_is_kept_there_and_is_with_whom_it_was() {
    let clock = FixedClock::at(MONDAY_MORNING);
    let opened = Place::google(&clock).await;
    let salon = Salon::open(clock, opened).await;
    let booking = salon.books(salon.anna, "10:00").await;
    let follower = salon.follows().await;
    let Place::Google(fake) = &salon.place else { unreachable!() };
    fake.drag_event(ANNAS, &salon.place.found()[0].0, BENS);
    minutes(&salon.rig, &follower, 8).await;
    assert_eq!(wishes(&salon.rig).await, []);
    let now = now_at(&salon.rig, &booking).await.unwrap();
    assert_eq!((now.id, now.slot.staff), (booking.id, salon.anna));
    assert_eq!(salon.place.ours(), [(Of::Ben, salon.cut("10:00"))]);
    assert_eq!(salon.offered("10:00", Some(salon.ben)).await, [salon.ben], "he is not busy by it");
    // It is followed there, and goes where it belongs when it is moved here.
    salon.place.owner_moves(Of::Ben, salon.cut("10:00"), salon.cut("14:00"));
    minutes(&salon.rig, &follower, 8).await;
    let now = now_at(&salon.rig, &booking).await.unwrap();
    assert_eq!((now.slot.staff, now.slot.starts), (salon.anna, at("14:00")));
    salon.moves(&now, salon.anna, "15:00").await;
    salon.rig.an_hour_later().await;
    assert_eq!(salon.place.ours(), [(Of::Anna, salon.cut("15:00"))]);
}

#[tokio::test]
async fn a_members_calendar_that_is_gone_is_told_and_what_stood_there_comes_to_stand_elsewhere() {
    Salon::each(async |salon| {
        salon.books(salon.anna, "10:00").await;
        let bens = salon.books(salon.ben, "11:00").await;
        salon.place.calendar_goes(Of::Ben);
        salon.rig.desk.clock.advance(SignedDuration::from_mins(20));
        salon.offered("14:00", Some(salon.ben)).await;
        let why = salon.now().await.state;
        assert!(matches!(why, ConnectionState::Reconnect { why: Why::CalendarGone, .. }), "{why:?}");
        let annas = salon.place.id(Of::Anna);
        let mut choice = salon.connection.choice.clone();
        let shared = Part { blocks: Vec::new(), receives: Some(annas) };
        choice.members.insert(salon.ben, shared);
        salon.rig.choose(&salon.connection, &choice).await;
        salon.rig.an_hour_later().await;
        assert_eq!(salon.place.ours(), [(Of::Anna, salon.cut("10:00")), (Of::Anna, salon.cut("11:00"))]);
        assert_eq!(salon.rig.placements(bens.id).await.len(), 1);
        let shared = &salon.place.found()[1].1.1;
        assert!(shared.contains(&salon.rig.desk.business.staff[1].name), "two have it, so it says whose: {shared}");
    })
    .await;
}

#[tokio::test]
async fn who_has_left_is_neither_read_nor_missed_and_may_come_back() {
    Salon::each(async |salon| {
        let follower = salon.follows().await;
        let ben = salon.rig.desk.business.staff[1].clone();
        let business = salon.rig.set(|business| business.staff.retain(|member| member.id != ben.id)).await;
        salon.place.calendar_goes(Of::Ben);
        salon.rig.desk.clock.advance(SignedDuration::from_mins(20));
        salon.rig.desk.registry.for_business(&business).expect(&business);
        salon.rig.settle().await;
        minutes(&salon.rig, &follower, 3).await;
        assert!(salon.now().await.is_active(), "nobody asks for it");
        salon.rig.set(|business| business.staff.push(ben)).await;
        follower.enlist().await.unwrap();
        minutes(&salon.rig, &follower, 1).await;
        let why = salon.now().await.state;
        assert!(matches!(why, ConnectionState::Reconnect { why: Why::CalendarGone, .. }), "he misses it: {why:?}");
    })
    .await;
}

#[tokio::test]
async fn a_members_own_calendar_comes_before_everybodys_of_an_older_account() {
    let database = Database::sqlite();
    let rig = Rig::with(database.store().await, |business| uses(business, &[DIARY])).await;
    let (anna, ben) = (rig.desk.business.staff[0].id, rig.desk.business.staff[1].id);
    let old = rig.connect(DIARY, None, &both("old")).await;
    // As it was stored before members had calendars.
    assert!(!serde_json::to_string(&old.choice).unwrap().contains("members"));
    let part = Part { blocks: Vec::new(), receives: Some(calendar("annas")) };
    let choice = Choice { members: BTreeMap::from([(anna, part)]), ..Choice::default() };
    rig.connect(DIARY, None, &choice).await;
    for (staff, stands) in [(anna, "annas"), (ben, "old")] {
        let slot = Slot::at(&rig.desk.business.services[0], staff, at("10:00"));
        let held = rig.desk.hold(slot, None).await.unwrap();
        let booked = rig.desk.confirm(held.id).await.unwrap();
        rig.work().await;
        let rows = rig.placements(booked.id).await;
        assert_eq!(rows.iter().map(|row| row.calendar.as_str()).collect::<Vec<_>>(), [stands]);
    }
}
