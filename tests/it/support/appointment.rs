//! An appointment that is there already when a story begins.

use std::sync::Arc;

use deskbell::{
    domain::{
        booking::{Booking, Customer, CustomerName},
        business::Business,
        ids::CallId,
        slots::offer::Wish,
    },
    ports::{
        clock::Clock as _,
        desk::{Actor, Confirm, Find, Hold},
    },
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::server::TestServer;

impl TestServer {
    /// Books the first service's first free start from tomorrow on, at the desk, as a customer would; in a call if one is
    /// named. They are texted.
    pub(crate) async fn booked(&self, business: &Business, name: &str, phone: &str, call: Option<CallId>) -> Booking {
        let (desk, now, business) = (&self.state.desk, self.clock.now(), Arc::new(business.clone()));
        let find = Find {
            business: Arc::clone(&business),
            service: business.services[0].id,
            staff: None,
            from: now + SignedDuration::from_hours(24),
            to: now + SignedDuration::from_hours(24 * 7),
            within: Vec::new(),
            wish: Wish::Soonest,
            count: 1,
            replacing: None,
        };
        let slot = desk.find(find).await.unwrap()[0];
        let customer = Customer { name: CustomerName::new(name), phone: Some(phone.parse().unwrap()) };
        let by = Actor::Customer;
        let hold = Hold {
            business: Arc::clone(&business),
            slot,
            customer: customer.clone(),
            call,
            by,
            anyway: false,
            key: Uuid::now_v7().to_string(),
            replacing: None,
        };
        let hold = desk.hold(hold).await.unwrap().id;
        desk.confirm(Confirm { business, hold, customer, by, tell: true, language: None }).await.unwrap()
    }
}
