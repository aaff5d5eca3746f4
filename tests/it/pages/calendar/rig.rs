//! The salon with a calendar to look at: a Tuesday, ten in the morning in New York.

use std::sync::Arc;

use deskbell::{
    domain::{
        account::Role,
        booking::{Booking, BookingState, Customer, CustomerName, Slot},
        business::Business,
        ids::{BookingId, BusinessId},
    },
    ports::{
        clock::Clock as _,
        desk::{Actor, Confirm, DeskError, Hold},
    },
    testing::salon,
};
use jiff::Timestamp;

use crate::support::{
    owner::{Answer, Browser},
    server::TestServer,
};

pub(crate) struct Rig {
    pub(crate) server: TestServer,
    pub(crate) business: Arc<Business>,
}

pub(crate) fn ts(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A time on Wednesday, the day after, in New York.
pub(crate) fn wednesday(time: &str) -> Timestamp {
    ts(&format!("2026-11-25T{time}-05"))
}

impl Rig {
    pub(crate) async fn start() -> Self {
        Self::start_for(salon()).await
    }

    pub(crate) async fn start_for(business: Business) -> Self {
        let server = TestServer::start_for(business.clone(), 100).await;
        Self { server, business: Arc::new(business) }
    }

    pub(crate) async fn staff(&self) -> Browser<'_> {
        self.server.signed_in(&[(self.business.id, Role::Staff)]).await
    }

    pub(crate) fn id(&self) -> BusinessId {
        self.business.id
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/b/{}{rest}", self.business.id)
    }

    pub(crate) fn page_of(&self, booking: BookingId) -> String {
        self.path(&format!("/bookings/{booking}"))
    }

    /// A haircut with Maria.
    pub(crate) fn slot(&self, starts: Timestamp) -> Slot {
        Slot::at(&self.business.services[0], self.business.staff[0].id, starts)
    }

    /// Booked by the business, whatever the rules, and nobody told.
    pub(crate) async fn book(&self, slot: Slot, name: &str) -> Booking {
        self.try_book(slot, name, Actor::Business).await.unwrap()
    }

    pub(crate) async fn try_book(&self, slot: Slot, name: &str, by: Actor) -> Result<Booking, DeskError> {
        let desk = &self.server.state.desk;
        let customer = Customer { name: CustomerName::new(name), phone: "+12125550123".parse().ok() };
        let business = Arc::clone(&self.business);
        let key = self.server.clock.new_id().to_string();
        let anyway = by == Actor::Business;
        let hold = Hold { business, slot, customer: customer.clone(), call: None, by, anyway, key, replacing: None };
        let held = desk.hold(hold).await?;
        let business = Arc::clone(&self.business);
        desk.confirm(Confirm { business, hold: held.id, customer, by, tell: false, language: None }).await
    }

    pub(crate) async fn booking(&self, id: BookingId) -> Booking {
        self.server.state.store.booking(self.id(), id).await.unwrap().unwrap()
    }

    pub(crate) async fn confirmed(&self) -> Vec<Booking> {
        let filter = deskbell::store::bookings::Filter { status: Some("confirmed".to_owned()), ..Default::default() };
        self.server.state.store.bookings(self.id(), &filter, None, 500).await.unwrap()
    }

    /// What a booking became: the one it was moved to.
    pub(crate) async fn moved_to(&self, id: BookingId) -> Booking {
        match self.booking(id).await.state {
            BookingState::Moved { to } => self.booking(to).await,
            other => panic!("it was not moved: {other:?}"),
        }
    }

    pub(crate) async fn letters(&self, booking: BookingId) -> Vec<String> {
        let rows = self.server.state.store.outbox_of_booking(booking).await.unwrap();
        rows.into_iter().map(|row| row.template).collect()
    }

    /// The audit log's words, oldest first.
    pub(crate) async fn deeds(&self) -> Vec<String> {
        let deeds = self.server.state.store.deeds(self.id(), None, 100).await.unwrap();
        deeds.into_iter().rev().map(|deed| deed.deed).collect()
    }
}

/// What the next page says, and where its Undo goes.
pub(crate) fn notice(answer: &Answer) -> (String, Option<String>) {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let value = cookies.find_map(|cookie| cookie.strip_prefix("__Host-notice=")).expect("a notice");
    let bytes = URL_SAFE_NO_PAD.decode(value.split(';').next().unwrap()).unwrap();
    let notice: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    (notice["text"].as_str().unwrap().to_owned(), notice["undo"].as_str().map(str::to_owned))
}

/// The value of a hidden field.
pub(crate) fn hidden(answer: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let at = answer.text.find(&start).unwrap_or_else(|| panic!("no field {name} in {}", answer.text)) + start.len();
    answer.text[at..].split('"').next().unwrap().to_owned()
}
