//! The salon with a desk, at a time that stands still.

use std::sync::Arc;

use deskbell::{
    adapters::calendar::native::Native,
    desk::{FrontDesk, Links, Registry},
    domain::{
        booking::{Booking, Customer, CustomerName, Slot},
        business::Business,
        ids::{BookingId, CallId},
        slots::offer::Wish,
    },
    ports::{
        booking::BookingProvider,
        clock::Clock,
        desk::{Actor, Cancel, Confirm, Desk, DeskError, Find, Hold},
    },
    store::{Store, calls::NewCall},
    testing::{clock::FixedClock, salon},
};
use jiff::Timestamp;

/// A Monday morning in New York, before the salon opens.
pub(crate) const MONDAY_MORNING: &str = "2026-11-23T07:00-05";

pub(crate) struct Rig {
    pub(crate) store: Store,
    pub(crate) clock: FixedClock,
    pub(crate) desk: Arc<FrontDesk>,
    pub(crate) registry: Registry,
    pub(crate) business: Arc<Business>,
}

pub(crate) fn ts(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A time on Tuesday in New York: "15:30".
pub(crate) fn tuesday(time: &str) -> Timestamp {
    ts(&format!("2026-11-24T{time}-05"))
}

pub(crate) fn customer(name: &str, phone: &str) -> Customer {
    Customer { name: CustomerName::new(name), phone: Some(phone.parse().unwrap()) }
}

pub(crate) fn anna() -> Customer {
    customer("Anna Kovács", "+12125550123")
}

impl Rig {
    pub(crate) async fn open(store: Store) -> Self {
        Self::with(store, salon(), Vec::new()).await
    }

    pub(crate) async fn with(store: Store, business: Business, calendars: Vec<Arc<dyn BookingProvider>>) -> Self {
        let rig = Self::new(store, business, calendars);
        rig.store.create_business(&rig.business, rig.clock.now()).await.unwrap();
        rig
    }

    /// By a clock that others go by, too.
    pub(crate) async fn by(
        clock: FixedClock,
        store: Store,
        business: Business,
        calendars: Vec<Arc<dyn BookingProvider>>,
    ) -> Self {
        let rig = Self::made(clock, store, business, calendars);
        rig.store.create_business(&rig.business, rig.clock.now()).await.unwrap();
        rig
    }

    /// Without writing anything to the store.
    pub(crate) fn unopened(store: Store) -> Self {
        Self::new(store, salon(), Vec::new())
    }

    fn new(store: Store, business: Business, calendars: Vec<Arc<dyn BookingProvider>>) -> Self {
        Self::made(FixedClock::at(MONDAY_MORNING), store, business, calendars)
    }

    fn made(clock: FixedClock, store: Store, business: Business, mut calendars: Vec<Arc<dyn BookingProvider>>) -> Self {
        calendars.push(Arc::new(Native));
        let registry = Registry::new(calendars);
        let links = Links::new("https://voice.example.com");
        let desk = FrontDesk::new(store.clone(), registry.clone(), Arc::new(clock.clone()), links);
        Self { store, clock, desk: Arc::new(desk), registry, business: Arc::new(business) }
    }

    /// A haircut with Maria.
    pub(crate) fn slot(&self, starts: Timestamp) -> Slot {
        Slot::at(&self.business.services[0], self.business.staff[0].id, starts)
    }

    pub(crate) async fn call(&self) -> CallId {
        let id = CallId(self.clock.new_id());
        let call = NewCall {
            id,
            business: self.business.id,
            vendor: "web",
            vendor_call: id.to_string(),
            from: None,
            now: self.clock.now(),
        };
        self.store.ring(&call).await.unwrap();
        id
    }

    pub(crate) fn asking(&self, slot: Slot, call: Option<CallId>) -> Hold {
        let caller = call.map_or_else(|| self.clock.new_id().to_string(), |call| call.to_string());
        Hold {
            business: Arc::clone(&self.business),
            slot,
            customer: anna(),
            call,
            by: if call.is_some() { Actor::Customer } else { Actor::Business },
            anyway: false,
            key: format!("{caller}/{}/{}/{}", slot.service, slot.staff, slot.starts),
            replacing: None,
        }
    }

    pub(crate) async fn hold(&self, slot: Slot, call: Option<CallId>) -> Result<Booking, DeskError> {
        self.desk.hold(self.asking(slot, call)).await
    }

    pub(crate) async fn confirm(&self, hold: BookingId) -> Result<Booking, DeskError> {
        self.confirm_for(hold, anna()).await
    }

    /// By whoever asked for the hold.
    pub(crate) async fn confirm_for(&self, hold: BookingId, customer: Customer) -> Result<Booking, DeskError> {
        let held = self.store.booking(self.business.id, hold).await.ok().flatten();
        let called = held.is_some_and(|held| held.call.is_some());
        let by = if called { Actor::Customer } else { Actor::Business };
        let business = Arc::clone(&self.business);
        self.desk.confirm(Confirm { business, hold, customer, by, tell: true, language: None }).await
    }

    /// Held and confirmed by the business.
    pub(crate) async fn book(&self, starts: Timestamp) -> Booking {
        let held = self.hold(self.slot(starts), None).await.unwrap();
        self.confirm(held.id).await.unwrap()
    }

    pub(crate) async fn move_to(&self, old: BookingId, slot: Slot, call: Option<CallId>) -> Result<Booking, DeskError> {
        self.desk.hold(Hold { replacing: Some(old), ..self.asking(slot, call) }).await
    }

    pub(crate) async fn cancel(&self, booking: BookingId, by: Actor) -> Result<Booking, DeskError> {
        let business = Arc::clone(&self.business);
        self.desk.cancel(Cancel { business, booking, by, reason: None, tell: true, language: None }).await
    }

    /// Everything free on Tuesday for a haircut.
    pub(crate) fn on_tuesday(&self) -> Find {
        Find {
            business: Arc::clone(&self.business),
            service: self.business.services[0].id,
            staff: Some(self.business.staff[0].id),
            from: tuesday("00:00"),
            to: tuesday("23:59"),
            within: Vec::new(),
            wish: Wish::Soonest,
            count: 500,
            replacing: None,
        }
    }

    /// The templates in the outbox about a booking, in order.
    pub(crate) async fn letters(&self, booking: BookingId) -> Vec<String> {
        let rows = self.store.outbox_of_booking(booking).await.unwrap();
        rows.into_iter().map(|row| row.template).collect()
    }
}
