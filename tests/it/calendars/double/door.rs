//! A door that everybody's key opens.

use async_trait::async_trait;
use deskbell::{
    domain::connection::Account,
    ports::consent::{KeyDoor, KeyError, KeyForm, Typed},
};

pub(crate) struct Latchkey;

#[async_trait]
impl KeyDoor for Latchkey {
    fn form(&self) -> KeyForm {
        KeyForm { server: false, user: true, key: "key", help: "Under the mat." }
    }

    async fn enter(&self, typed: &Typed) -> Result<Account, KeyError> {
        Ok(Account { subject: typed.user.clone(), label: typed.user.clone(), home: None })
    }
}
