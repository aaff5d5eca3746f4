//! Setting the business up.

mod days;
mod editors;
mod forms;
mod path;
mod removal;

use deskbell::{
    domain::{booking::Booking, business::Business},
    store::audit::Deed,
    testing::salon,
};

use crate::support::{
    form::{form, pairs, with},
    server::TestServer,
};

/// Where the salon's settings are.
fn at(path: &str) -> String {
    format!("/b/{}/settings{path}", salon().id)
}

async fn saved(server: &TestServer) -> (Business, i32) {
    let found = server.state.store.business(salon().id).await.unwrap().unwrap();
    (found.business, found.version)
}

async fn deeds(server: &TestServer) -> Vec<Deed> {
    server.state.store.deeds(salon().id, None, 200).await.unwrap()
}

/// An appointment that is to come.
async fn booked(server: &TestServer) -> Booking {
    server.booked(&salon(), "Anna Kovacs", "+14155552671", None).await
}
