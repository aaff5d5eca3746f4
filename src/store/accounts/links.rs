//! Addresses that open something once: the first owner's setup, an invitation, a new password. Only their hashes are here.

use jiff::Timestamp;
use uuid::Uuid;

use super::SecretHash;
use crate::{
    domain::{
        account::Role,
        email::EmailAddress,
        ids::{BusinessId, UserId},
    },
    store::{
        Store, StoreError,
        audit::{self, Deed},
        engine::{Tx, on},
        values::{Moment, at, moment, parsed_if},
    },
};

/// What such an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    Setup,
    Invitation,
    Reset,
}

impl LinkKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }
}

/// A fresh one.
#[derive(Clone, Debug)]
pub struct NewLink {
    pub id: Uuid,
    pub hash: SecretHash,
    pub kind: LinkKind,
    /// Whose password it sets.
    pub user: Option<UserId>,
    /// Which business it leads into, and as what, and whom it was sent to.
    pub business: Option<BusinessId>,
    pub role: Option<Role>,
    pub email: Option<EmailAddress>,
    pub expires: Timestamp,
    pub now: Timestamp,
}

/// One that is still good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub id: Uuid,
    pub user: Option<UserId>,
    pub business: Option<BusinessId>,
    pub role: Option<Role>,
    pub email: Option<EmailAddress>,
    pub expires: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    user_id: Option<Uuid>,
    business_id: Option<Uuid>,
    role: Option<String>,
    email: Option<String>,
    expires_at: Moment,
}

impl TryFrom<Row> for Link {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            user: row.user_id.map(UserId),
            business: row.business_id.map(BusinessId),
            role: parsed_if(row.role.as_deref(), "one_time_links.role")?,
            email: parsed_if(row.email.as_deref(), "one_time_links.email")?,
            expires: moment(row.expires_at),
        })
    }
}

macro_rules! columns {
    () => {
        "id, user_id, business_id, role, email, expires_at"
    };
}

/// Uses one up, in the transaction of what it opens. Nothing: it is not good (any more); of two who come at once, one gets it.
pub(in crate::store) async fn claim(
    tx: &mut Tx,
    kind: LinkKind,
    hash: &SecretHash,
    now: Timestamp,
) -> Result<Option<Link>, StoreError> {
    let sql = concat!(
        "update one_time_links set used_at = $3 where hash = $1 and kind = $2 and used_at is null and expires_at > $3
        returning ",
        columns!()
    );
    on!(tx, tx => sqlx::query_as::<_, Row>(sql)
        .bind(&hash[..]).bind(kind.as_str()).bind(at(now)).fetch_optional(&mut **tx).await)?
    .map(Link::try_from)
    .transpose()
}

impl Store {
    /// Writes a new one. A new setup address ends every older one, and a new password's every older one of the same user.
    pub async fn add_link(&self, link: &NewLink) -> Result<(), StoreError> {
        let mut tx = self.write.begin().await?;
        match (link.kind, link.user) {
            (LinkKind::Setup, _) => {
                let sql = "delete from one_time_links where kind = 'setup' and used_at is null";
                on!(&mut tx, tx => sqlx::query(sql).execute(&mut **tx).await.map(drop))?;
            }
            (LinkKind::Reset, Some(user)) => {
                let sql = "delete from one_time_links where kind = 'reset' and user_id = $1 and used_at is null";
                on!(&mut tx, tx => sqlx::query(sql).bind(user.0).execute(&mut **tx).await.map(drop))?;
            }
            _ => {}
        }
        let sql = "insert into one_time_links
            (hash, id, kind, user_id, business_id, email, role, created_at, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        on!(&mut tx, tx => sqlx::query(sql)
            .bind(&link.hash[..])
            .bind(link.id)
            .bind(link.kind.as_str())
            .bind(link.user.map(|id| id.0))
            .bind(link.business.map(|id| id.0))
            .bind(link.email.as_ref().map(EmailAddress::as_str))
            .bind(link.role.map(Role::as_str))
            .bind(at(link.now))
            .bind(at(link.expires))
            .execute(&mut **tx).await.map(drop))?;
        tx.commit().await
    }

    /// Looks at one without using it up.
    pub async fn link(&self, kind: LinkKind, hash: &SecretHash, now: Timestamp) -> Result<Option<Link>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from one_time_links where hash = $1 and kind = $2 and used_at is null and expires_at > $3"
        );
        on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(&hash[..]).bind(kind.as_str()).bind(at(now)).fetch_optional(db).await)?
        .map(Link::try_from)
        .transpose()
    }

    /// Sets the password that a link was made for, and ends every session of its user. Nothing: the link is not good.
    pub async fn reset_password(
        &self,
        hash: &SecretHash,
        password: &str,
        deed: &Deed,
    ) -> Result<Option<UserId>, StoreError> {
        let mut tx = self.write.begin().await?;
        let Some(user) = claim(&mut tx, LinkKind::Reset, hash, deed.at).await?.and_then(|link| link.user) else {
            return Ok(None);
        };
        super::users::write_password(&mut tx, user, password, None).await?;
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(Some(user))
    }
}
