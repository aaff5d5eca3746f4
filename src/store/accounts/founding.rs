//! The first owner of a server, and a business that somebody adds.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    LinkKind, SecretHash,
    links::claim,
    users::{insert_user, put_member},
};
use crate::{
    domain::{
        account::{Role, User},
        business::Business,
        ids::{BusinessId, UserId},
    },
    store::{
        Store, StoreError,
        audit::{self, Deed},
        businesses::{Saved, finish, insert_business},
        engine::on,
        values::at,
    },
};

/// Whoever opened the setup address, and what they said.
pub struct Founder<'a> {
    pub user: &'a User,
    /// A PHC string.
    pub password: &'a str,
    /// What is founded when there is no business yet.
    pub business: Option<&'a Business>,
}

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub enum Founding {
    /// The businesses they now own, which were there or were founded.
    Done { businesses: Vec<BusinessId>, new: bool },
    /// The address has been used, or is too old, or somebody has an account already.
    Gone,
    /// There is no business yet, and none was described.
    NoBusiness,
}

impl Store {
    /// Makes the first owner, of every business that is nobody's. Of two browsers with the same address one wins.
    pub async fn found(
        &self,
        link: &SecretHash,
        founder: Founder<'_>,
        deed: Deed,
        now: Timestamp,
    ) -> Result<Founding, StoreError> {
        let mut tx = self.write.begin().await?;
        if claim(&mut tx, LinkKind::Setup, link, now).await?.is_none() {
            return Ok(Founding::Gone);
        }
        // Other addresses, of a node that started at the same moment, wait for each other here.
        let sql = "update one_time_links set used_at = $1 where kind = 'setup' and used_at is null";
        on!(&mut tx, tx => sqlx::query(sql).bind(at(now)).execute(&mut **tx).await.map(drop))?;
        let sql = "select exists (select 1 from users)";
        let taken = on!(&mut tx, tx => sqlx::query_scalar::<_, bool>(sql).fetch_one(&mut **tx).await)?;
        if taken || !insert_user(&mut tx, founder.user, Some(founder.password), now).await? {
            return Ok(Founding::Gone);
        }
        let sql = "select id from businesses order by id";
        let found = on!(&mut tx, tx => sqlx::query_scalar::<_, Uuid>(sql).fetch_all(&mut **tx).await)?;
        let mut businesses: Vec<BusinessId> = found.into_iter().map(BusinessId).collect();
        let new = businesses.is_empty();
        if new {
            let Some(business) = founder.business else { return Ok(Founding::NoBusiness) };
            insert_business(&mut tx, business, now).await?;
            businesses.push(business.id);
        }
        for business in &businesses {
            put_member(&mut tx, founder.user.id, *business, Role::Owner, now).await?;
        }
        let deed = Deed { business: businesses.first().copied().filter(|_| businesses.len() == 1), ..deed };
        audit::write(&mut tx, &deed).await?;
        tx.commit().await?;
        Ok(Founding::Done { businesses, new })
    }

    /// Adds a business with somebody as its owner.
    pub async fn add_business(&self, business: &Business, owner: UserId, deed: &Deed) -> Result<Saved, StoreError> {
        let mut tx = self.write.begin().await?;
        let Some(version) = insert_business(&mut tx, business, deed.at).await? else {
            drop(tx);
            return self.conflict(business.id).await;
        };
        put_member(&mut tx, owner, business.id, Role::Owner, deed.at).await?;
        audit::write(&mut tx, deed).await?;
        finish(tx, business, version).await
    }
}
