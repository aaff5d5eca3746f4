//! A business and what happens in it, to be varied by each test.

use std::sync::atomic::{AtomicU64, Ordering};

use deskbell::{
    domain::{
        account::{Role, User},
        booking::{Booking, Customer, CustomerName, Slot},
        business::Business,
        ids::{BookingId, BusinessId, DeedId, OutboxId, ServiceId, StaffId, UserId},
    },
    store::{
        Store,
        audit::Deed,
        bookings::{Confirmed, Held, NewConfirmation, NewHold},
        outbox::{Kind, NewOutbox},
    },
    testing::salon,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// A Thursday morning; everything happens after it.
pub(crate) fn now() -> Timestamp {
    "2026-12-03T13:00:00Z".parse().unwrap()
}

pub(crate) fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

/// A moment on the day the bookings are for, in minutes after nine in New York.
pub(crate) fn nine_plus(n: i64) -> Timestamp {
    "2026-12-04T14:00:00Z".parse::<Timestamp>().unwrap() + minutes(n)
}

/// Ids that sort by when they were made, as the program's do.
pub(crate) fn fresh() -> Uuid {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let mut random = [0; 10];
    getrandom::fill(&mut random).unwrap();
    let made = MADE.fetch_add(1, Ordering::Relaxed);
    uuid::Builder::from_unix_timestamp_millis(1_796_000_000_000 + made, &random).into_uuid()
}

/// The salon, opened in this store.
pub(crate) async fn opened(store: &Store) -> Business {
    let salon = salon();
    store.create_business(&salon, now()).await.unwrap();
    salon
}

/// Half an hour with the first member of staff, for one customer.
pub(crate) fn hold(business: &Business, starts: Timestamp) -> NewHold {
    let ends = starts + minutes(30);
    let slot = Slot { starts, ends, service: service(business), staff: staff(business) };
    let id = fresh();
    NewHold {
        id: BookingId(id),
        business: business.id,
        slot,
        busy: (starts, ends),
        capacity: 1,
        wall: starts.to_zoned(business.zone.tz().clone()).datetime(),
        zone: business.zone.name().to_owned(),
        customer: customer("Ada Lovelace"),
        call: None,
        key: format!("test/{id}"),
        expires: now() + minutes(3),
        replacing: None,
        now: now(),
    }
}

pub(crate) fn service(business: &Business) -> ServiceId {
    business.services[0].id
}

pub(crate) fn staff(business: &Business) -> StaffId {
    business.staff[0].id
}

pub(crate) fn customer(name: &str) -> Customer {
    Customer { name: CustomerName::new(name), phone: Some("+14155552671".parse().unwrap()) }
}

pub(crate) async fn held(store: &Store, hold: &NewHold) -> Booking {
    match store.hold(hold).await.unwrap() {
        Held::Held(booking) => booking,
        other => panic!("expected a hold, got {other:?}"),
    }
}

pub(crate) fn confirmation(hold: &Booking) -> NewConfirmation {
    NewConfirmation {
        business: hold.business,
        hold: hold.id,
        customer: hold.customer.clone(),
        unverified: false,
        outbox: Vec::new(),
        link: None,
        now: now() + minutes(1),
    }
}

pub(crate) async fn confirmed(store: &Store, hold: &NewHold) -> Booking {
    let hold = held(store, hold).await;
    match store.confirm(&confirmation(&hold)).await.unwrap() {
        Confirmed::Confirmed { booking, .. } => booking,
        other => panic!("expected a booking, got {other:?}"),
    }
}

pub(crate) fn text_message(business: BusinessId, booking: BookingId, template: &str) -> NewOutbox {
    NewOutbox {
        id: OutboxId(fresh()),
        business,
        kind: Kind::Sms,
        template: template.to_owned(),
        booking: Some(booking),
        call: None,
        recipient: "+14155552671".to_owned(),
        body: "You're booked.".to_owned(),
        dedupe_key: format!("{booking}/{template}/2"),
        expires: now() + minutes(30),
        now: now(),
    }
}

/// A line of the audit log.
pub(crate) fn deed(business: BusinessId) -> Deed {
    Deed {
        id: DeedId(fresh()),
        business: Some(business),
        user: None,
        actor: "Maria Lopez".to_owned(),
        deed: "test.done".to_owned(),
        subject: String::new(),
        detail: String::new(),
        at: now(),
    }
}

/// Somebody new, with a place in a business.
pub(crate) async fn member(store: &Store, business: BusinessId, role: Role) -> User {
    let id = UserId(fresh());
    let user = User { id, email: format!("{id}@example.com").parse().unwrap(), name: "Maria Lopez".to_owned() };
    assert!(store.add_user(&user, None, now()).await.unwrap());
    store.set_membership(id, business, role, now()).await.unwrap();
    user
}
