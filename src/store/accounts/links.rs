//! Addresses that open something once: the first owner's setup, a new password. Only their hashes are here. (Invitations
//! are such addresses too, in the same table: [`invitations`](super::invitations).)

use jiff::Timestamp;
use uuid::Uuid;

use super::SecretHash;
use crate::{
    domain::ids::UserId,
    store::{
        Store, StoreError,
        audit::{self, Deed},
        engine::{Tx, on},
        values::at,
    },
};

/// What such an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    Setup,
    Reset,
}

impl LinkKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
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
    pub expires: Timestamp,
    pub now: Timestamp,
}

/// One that is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub id: Uuid,
    pub user: Option<UserId>,
}

type Row = (Uuid, Option<Uuid>);

impl From<Row> for Link {
    fn from((id, user): Row) -> Self {
        Self { id, user: user.map(UserId) }
    }
}

/// Uses one up, in the transaction of what it opens. Nothing: it is not good (any more); of two who come at once, one gets it.
pub(super) async fn claim(
    tx: &mut Tx,
    kind: LinkKind,
    hash: &SecretHash,
    now: Timestamp,
) -> Result<Option<Link>, StoreError> {
    let sql = "update one_time_links set used_at = $3
        where hash = $1 and kind = $2 and used_at is null and expires_at > $3 returning id, user_id";
    let row = on!(tx, tx => sqlx::query_as::<_, Row>(sql)
        .bind(&hash[..]).bind(kind.as_str()).bind(at(now)).fetch_optional(&mut **tx).await)?;
    Ok(row.map(Link::from))
}

impl Store {
    /// Writes a new one. A new setup address ends every older one, and a new password's every older one of the same user.
    pub async fn add_one_time_link(&self, link: &NewLink) -> Result<(), StoreError> {
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
        let sql = "insert into one_time_links (hash, id, kind, user_id, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)";
        on!(&mut tx, tx => sqlx::query(sql)
            .bind(&link.hash[..])
            .bind(link.id)
            .bind(link.kind.as_str())
            .bind(link.user.map(|id| id.0))
            .bind(at(link.now))
            .bind(at(link.expires))
            .execute(&mut **tx).await.map(drop))?;
        tx.commit().await
    }

    /// Looks at one without using it up.
    pub async fn one_time_link(
        &self,
        kind: LinkKind,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<Link>, StoreError> {
        let sql = "select id, user_id from one_time_links
            where hash = $1 and kind = $2 and used_at is null and expires_at > $3";
        let row = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(&hash[..]).bind(kind.as_str()).bind(at(now)).fetch_optional(db).await)?;
        Ok(row.map(Link::from))
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
