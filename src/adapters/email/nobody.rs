//! No way to send e-mail: what a server has whose operator set up none. Nothing is printed, since what a letter would
//! hold opens an account and a server's output is kept.

use async_trait::async_trait;

use crate::{
    domain::email::EmailAddress,
    ports::email::{Email, EmailError},
};

pub struct NoEmail;

#[async_trait]
impl Email for NoEmail {
    fn works(&self) -> bool {
        false
    }

    async fn send(&self, _: &EmailAddress, _: &str, _: &str) -> Result<(), EmailError> {
        Err(EmailError::NotSetUp)
    }
}
