//! Getting in, and out again.

mod account;
mod forgotten;
mod program;
mod setup;
mod sign_in;
mod visitor;

use deskbell::{
    app::accounts::Accounts,
    domain::{
        account::{Role, User},
        ids::{BusinessId, UserId},
    },
    ports::clock::Clock as _,
};

use crate::support::server::TestServer;
use visitor::Visitor;

const EMAIL: &str = "maria@example.com";
const PASSWORD: &str = "violet train car";

impl TestServer {
    fn accounts(&self) -> Accounts<'_> {
        Accounts { store: &self.state.store, clock: &self.clock, origin: &self.state.config.origin }
    }

    /// The path of a fresh setup address.
    async fn setup_path(&self) -> String {
        path_of(&self.accounts().setup_address().await.unwrap().expect("nobody has an account"))
    }

    /// Maria, with an account and its password, and these places.
    async fn maria(&self, places: &[(BusinessId, Role)]) -> UserId {
        let user =
            User { id: UserId(self.clock.new_id()), email: EMAIL.parse().unwrap(), name: "Maria Lopez".to_owned() };
        assert!(self.state.store.add_user(&user, None, self.clock.now()).await.unwrap());
        for (business, role) in places {
            self.state.store.set_membership(user.id, *business, *role, self.clock.now()).await.unwrap();
        }
        let reset = path_of(&self.accounts().reset_address(&user.email).await.unwrap());
        let answer = Visitor::of(self).post(&reset, &[("password", PASSWORD)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        user.id
    }
}

/// What follows the origin.
fn path_of(address: &str) -> String {
    let path = address.split_once("://").and_then(|(_, rest)| rest.split_once('/')).expect("an address").1;
    format!("/{path}")
}
