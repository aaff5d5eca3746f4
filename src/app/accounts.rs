//! Accounts as whoever runs the server sees them: the addresses that make the first owner or set a password, shown in the
//! terminal and nowhere else.

use anyhow::{Context, bail};
use jiff::SignedDuration;

use crate::{
    config::Origin,
    domain::{
        account::{Role, User},
        email::EmailAddress,
        ids::{BusinessId, DeedId, UserId},
    },
    ports::clock::Clock,
    store::{
        Store,
        accounts::{LinkKind, NewLink, fresh_secret, hash_of},
        audit::Deed,
    },
};

/// How long an address is good that was printed rather than sent: its reader may come to it tomorrow.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Somebody who owns a business, as listed.
pub struct Owned {
    pub owner: User,
    pub business: String,
    pub id: BusinessId,
}

/// The accounts of one database.
pub struct Accounts<'a> {
    pub store: &'a Store,
    pub clock: &'a dyn Clock,
    pub origin: &'a Origin,
}

impl Accounts<'_> {
    /// A fresh address that makes the first owner; nothing when somebody has an account. The ones before it end.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn setup_address(&self) -> anyhow::Result<Option<String>> {
        if self.store.has_users().await? {
            return Ok(None);
        }
        self.address("setup", LinkKind::Setup, None).await.map(Some)
    }

    /// An address that sets a new password for whoever has this e-mail address.
    ///
    /// # Errors
    /// When nobody has it, or the database does not answer.
    pub async fn reset_address(&self, email: &EmailAddress) -> anyhow::Result<String> {
        let Some(user) = self.store.user_by_email(email).await? else {
            bail!("nobody here has the address {email}; `deskbell owner list` shows who there is");
        };
        self.address("reset", LinkKind::Reset, Some(user.id)).await
    }

    /// Makes somebody an owner of a business. An address that sets their first password; nothing for somebody who had an
    /// account before.
    ///
    /// # Errors
    /// When there is no such business, or the database does not answer.
    pub async fn add_owner(&self, email: &EmailAddress, business: BusinessId) -> anyhow::Result<Option<String>> {
        if self.store.business(business).await?.is_none() {
            bail!("there is no business {business}; `deskbell owner list` shows which there are");
        }
        let now = self.clock.now();
        let found = self.store.user_by_email(email).await?;
        let is_new = found.is_none();
        let user = match found {
            Some(user) => user,
            None => {
                let name = email.as_str().split('@').next().unwrap_or_default().to_owned();
                let user = User { id: UserId(self.clock.new_id()), email: email.clone(), name };
                if !self.store.add_user(&user, None, now).await? {
                    bail!("somebody made an account with this address at the same moment; try it again");
                }
                user
            }
        };
        self.store.set_membership(user.id, business, Role::Owner, now).await?;
        let deed = Deed {
            id: DeedId(self.clock.new_id()),
            business: Some(business),
            user: Some(user.id),
            actor: "deskbell owner add".to_owned(),
            deed: "team.joined".to_owned(),
            subject: user.id.to_string(),
            detail: "as an owner, from the server's command line".to_owned(),
            at: now,
        };
        self.store.note_deed(&deed).await?;
        if is_new { self.address("reset", LinkKind::Reset, Some(user.id)).await.map(Some) } else { Ok(None) }
    }

    /// Who owns what; and the businesses that are nobody's.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list(&self) -> anyhow::Result<(Vec<Owned>, Vec<(BusinessId, String)>)> {
        let mut businesses = Vec::new();
        let mut after = None;
        loop {
            let page = self.store.businesses(after, 100).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.business.id);
            businesses.extend(page.into_iter().map(|found| (found.business.id, found.business.name)));
        }
        let owners = self.store.owners().await?;
        let nobodys = businesses.iter().filter(|(id, _)| owners.iter().all(|(_, owned)| owned != id));
        let nobodys = nobodys.cloned().collect();
        let name = |id: BusinessId| {
            businesses.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone()).unwrap_or_default()
        };
        Ok((owners.into_iter().map(|(owner, id)| Owned { owner, business: name(id), id }).collect(), nobodys))
    }

    async fn address(&self, path: &str, kind: LinkKind, user: Option<UserId>) -> anyhow::Result<String> {
        let secret = fresh_secret().context("the operating system gives no random numbers")?;
        let now = self.clock.now();
        let link =
            NewLink { id: self.clock.new_id(), hash: hash_of(&secret), kind, user, expires: now + GOOD_FOR, now };
        self.store.add_one_time_link(&link).await?;
        Ok(format!("{}/{path}/{secret}", self.origin.http()))
    }
}
