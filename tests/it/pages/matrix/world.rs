//! Two businesses with one of everything each.

mod connection;
mod team;

use std::sync::Arc;

use deskbell::{
    domain::{
        account::User,
        business::Business,
        ids::{BusinessId, CallId, DraftId, ServiceId, StaffId, UserId},
    },
    ports::{
        clock::Clock as _,
        desk::{KeepFree, Note},
    },
    store::{calls::NewCall, drafts::Draft},
    testing::salon,
};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::support::server::TestServer;

/// Words that stand in nothing but the other business.
const THEIRS: &str = "Zzyzx";

/// One of everything.
pub(super) struct Ids {
    pub(super) business: BusinessId,
    named: Vec<(&'static str, String)>,
}

pub(super) struct World {
    pub(super) ours: Ids,
    pub(super) theirs: Ids,
}

impl Ids {
    /// The id that a path's parameter stands for.
    pub(super) fn of(&self, path: &str, name: &str) -> Option<String> {
        let name = match name {
            "business" => return Some(self.business.to_string()),
            // A customer's link has another token than an invitation.
            "token" if path.starts_with("/c/") => "link",
            // Vendors are the server's. Whose door leads away is no page; one that asks for a key is.
            "provider" if path.starts_with("/b/") => "vendor",
            // What nobody has an id for beforehand: secrets of addresses, what belongs to one person alone.
            "token" | "session" | "erasure" | "provider" => return Some(nobodys(name)),
            // Somebody who signs in, rather than somebody who can be booked.
            "member" if path.contains("/team/") => "teammate",
            name => name,
        };
        self.named.iter().find(|(known, _)| *known == name).map(|(_, id)| id.clone())
    }
}

/// An id that nothing has.
pub(super) fn nobodys(name: &str) -> String {
    let digest = Sha256::digest(name);
    Uuid::from_slice(&digest[..16]).unwrap().to_string()
}

impl World {
    pub(super) async fn make(server: &TestServer) -> Self {
        let ours = furnish(server, salon(), "Anna Kovacs").await;
        let id = server.another_business().await;
        let found = server.state.store.business(id).await.unwrap().unwrap();
        let mut business = Business { name: format!("{THEIRS} Salon"), ..found.business };
        with_own_ids(&mut business, || server.clock.new_id());
        server.state.store.save_business(&business, found.version, server.clock.now()).await.unwrap();
        let theirs = furnish(server, business, &format!("{THEIRS} Kovacs")).await;
        Self { ours, theirs }
    }

    /// Whether a page tells of the other business.
    pub(super) fn leaks(&self, text: &str) -> bool {
        text.contains(THEIRS) || self.theirs.named.iter().any(|(_, id)| text.contains(id.as_str()))
    }
}

/// A salon's services and staff have the salon's ids; somebody else's have others.
fn with_own_ids(business: &mut Business, new_id: impl Fn() -> Uuid) {
    for member in &mut business.staff {
        let (old, new) = (member.id, StaffId(new_id()));
        member.id = new;
        for staff in business.services.iter_mut().flat_map(|service| &mut service.staff).filter(|id| **id == old) {
            *staff = new;
        }
    }
    for service in &mut business.services {
        service.id = ServiceId(new_id());
    }
}

async fn furnish(server: &TestServer, business: Business, name: &str) -> Ids {
    let (store, clock, desk) = (&server.state.store, &server.clock, &server.state.desk);
    let now = clock.now();
    let id = business.id;
    let business = Arc::new(business);
    let call = CallId(clock.new_id());
    let phone = "+14155552671".parse().ok();
    let new = NewCall {
        id: call,
        business: id,
        vendor: "web",
        vendor_call: format!("WB{}", call.0.simple()),
        from: phone.clone(),
        now,
    };
    store.ring(&new).await.unwrap();
    let booking = server.booked(&business, name, "+14155552671", Some(call)).await;
    let note = Note {
        business: Arc::clone(&business),
        call: Some(call),
        from: phone.clone(),
        name: Some(name.to_owned()),
        text: format!("{name} asks to be called back"),
    };
    let note = desk.take_note(note).await.unwrap();
    let keep = KeepFree {
        business: Arc::clone(&business),
        staff: None,
        from: now + SignedDuration::from_hours(24 * 30),
        to: now + SignedDuration::from_hours(24 * 31),
        reason: name.to_owned(),
        instead_of: None,
    };
    let block = desk.block(keep).await.unwrap();
    let email = format!("{id}@example.com").parse().unwrap();
    let user = User { id: UserId(clock.new_id()), email, name: name.to_owned() };
    assert!(store.add_user(&user, None, now).await.unwrap());
    let draft = Draft {
        id: DraftId(clock.new_id()),
        user: user.id,
        part: "settings.receptionist".to_owned(),
        business: (*business).clone(),
    };
    store.keep_draft(&draft, now).await.unwrap();
    let messages = store.outbox_of_booking(booking.id).await.unwrap();
    let customer = store.customer_by_phone(id, &phone.unwrap()).await.unwrap().unwrap();
    let connection = connection::connected(server, &business, name).await;
    let named = vec![
        ("connection", connection.to_string()),
        ("wish", connection::wished(server, connection, &booking).await),
        ("vendor", if id == salon().id { "paper_keys".to_owned() } else { nobodys("vendor") }),
        ("customer", customer.id.to_string()),
        ("teammate", team::teammate(server, id).await),
        ("invitation", team::invitation(server, id).await),
        ("key", team::key(server, id).await),
        ("booking", booking.id.to_string()),
        ("block", block.id.to_string()),
        ("call", call.to_string()),
        ("note", note.to_string()),
        ("message", messages[0].id.to_string()),
        ("link", server.state.links.token(booking.id).unwrap()),
        ("hold", booking.id.to_string()),
        ("proof", server.state.links.token(booking.id).unwrap()),
        ("service", business.services[0].id.to_string()),
        ("member", business.staff[0].id.to_string()),
        ("staff", business.staff[0].id.to_string()),
        ("draft", draft.id.0.to_string()),
    ];
    Ids { business: id, named }
}
