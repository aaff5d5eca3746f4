//! Somebody in the team, somebody who is invited, and a key.

use deskbell::{
    domain::{
        account::{Role, User},
        ids::{ApiKeyId, BusinessId, DeedId, InvitationId, UserId},
        scope::{Scope, Scopes},
    },
    ports::clock::Clock as _,
    store::{
        accounts::{NewApiKey, NewInvitation, hash_of},
        audit::Deed,
    },
};
use jiff::SignedDuration;

use crate::support::server::TestServer;

fn deed(server: &TestServer, business: BusinessId) -> Deed {
    Deed {
        id: DeedId(server.clock.new_id()),
        business: Some(business),
        user: None,
        actor: "An owner".to_owned(),
        deed: "matrix.furnished".to_owned(),
        subject: String::new(),
        detail: String::new(),
        at: server.clock.now(),
    }
}

async fn somebody(server: &TestServer) -> UserId {
    let id = UserId(server.clock.new_id());
    let user = User { id, email: format!("{id}@example.com").parse().unwrap(), name: "Ivy".to_owned() };
    assert!(server.state.store.add_user(&user, None, server.clock.now()).await.unwrap());
    id
}

pub(super) async fn teammate(server: &TestServer, business: BusinessId) -> String {
    let user = somebody(server).await;
    server.state.store.set_membership(user, business, Role::Staff, server.clock.now()).await.unwrap();
    user.to_string()
}

pub(super) async fn invitation(server: &TestServer, business: BusinessId) -> String {
    let id = InvitationId(server.clock.new_id());
    let new = NewInvitation {
        id,
        hash: hash_of(&id.to_string()),
        business,
        email: format!("{id}@example.com").parse().unwrap(),
        role: Role::Staff,
        expires: server.clock.now() + SignedDuration::from_hours(24 * 7),
        now: server.clock.now(),
    };
    server.state.store.invite(&new, &deed(server, business)).await.unwrap();
    id.to_string()
}

pub(super) async fn key(server: &TestServer, business: BusinessId) -> String {
    let id = ApiKeyId(server.clock.new_id());
    let key = NewApiKey {
        id,
        business,
        name: "Website".to_owned(),
        hash: hash_of(&id.to_string()),
        hint: "abcd".to_owned(),
        scopes: Scopes::from_iter([Scope::SlotsRead]),
        by: somebody(server).await,
        now: server.clock.now(),
    };
    server.state.store.add_api_key(&key, &deed(server, business)).await.unwrap();
    id.to_string()
}
