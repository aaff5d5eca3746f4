//! Browsers on their way to a vendor's consent page, and who comes back.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    domain::{
        ids::{BusinessId, ConnectionId, SessionId, StaffId, UserId},
        secret::Secret,
    },
    store::{Store, StoreError, accounts::SecretHash, engine::on, values::at},
};

/// So many are on their way at once at most: whoever only begins fills no disk.
const MOST: i64 = 10_000;

/// A browser that sets out.
#[derive(Clone, Debug)]
pub struct NewWay {
    /// Of the `state` that comes back with it.
    pub hash: SecretHash,
    pub business: BusinessId,
    pub user: UserId,
    /// The session that sets out, and must be the one that comes back.
    pub session: SessionId,
    pub provider: String,
    /// Whose account it will be; nothing: the whole business's.
    pub staff: Option<StaffId>,
    /// The connection that is to be connected again.
    pub renews: Option<ConnectionId>,
    pub verifier: Secret,
    pub expires: Timestamp,
    pub now: Timestamp,
}

/// What a browser set out for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub business: BusinessId,
    pub user: UserId,
    pub staff: Option<StaffId>,
    pub renews: Option<ConnectionId>,
    pub verifier: Secret,
}

/// What is known of a browser that has come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// It may go on; the state is used up.
    Back(Way),
    /// Another session set out with this state. It is not used up.
    SomebodyElse,
    /// Nobody set out with it, it was used, is too old, or is for another provider.
    Unknown,
}

#[derive(sqlx::FromRow)]
struct Row {
    business_id: Uuid,
    user_id: Uuid,
    staff_id: Option<Uuid>,
    renews: Option<Uuid>,
    verifier: String,
}

impl Store {
    /// Writes down that a browser sets out. False: too many are on their way.
    pub async fn set_out(&self, new: &NewWay) -> Result<bool, StoreError> {
        let sql = "delete from connect_ways where expires_at <= $1";
        on!(&self.write, db => sqlx::query(sql).bind(at(new.now)).execute(db).await.map(drop))?;
        let sql = "insert into connect_ways
                (hash, business_id, user_id, session_id, provider, staff_id, renews, verifier, expires_at)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9 where (select count(*) from connect_ways) < $10";
        let written = on!(&self.write, db => sqlx::query(sql)
            .bind(&new.hash[..])
            .bind(new.business.0)
            .bind(new.user.0)
            .bind(new.session.0)
            .bind(&new.provider)
            .bind(new.staff.map(|staff| staff.0))
            .bind(new.renews.map(|renews| renews.0))
            .bind(new.verifier.expose())
            .bind(at(new.expires))
            .bind(MOST)
            .execute(db).await.map(|done| done.rows_affected()))?;
        Ok(written == 1)
    }

    /// A browser has come back with this state, in this session. Once.
    pub async fn come_back(
        &self,
        hash: &SecretHash,
        provider: &str,
        session: Option<SessionId>,
        now: Timestamp,
    ) -> Result<Came, StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = "select session_id from connect_ways where hash = $1 and provider = $2 and expires_at > $3";
        let theirs = on!(&mut tx, tx => sqlx::query_scalar::<_, Uuid>(sql)
            .bind(&hash[..]).bind(provider).bind(at(now)).fetch_optional(&mut **tx).await)?;
        let Some(theirs) = theirs else { return Ok(Came::Unknown) };
        if session.is_none_or(|session| session.0 != theirs) {
            return Ok(Came::SomebodyElse);
        }
        let sql = "delete from connect_ways where hash = $1 returning business_id, user_id, staff_id, renews, verifier";
        let taken = on!(&mut tx, tx => sqlx::query_as::<_, Row>(sql)
            .bind(&hash[..]).fetch_optional(&mut **tx).await)?;
        let Some(row) = taken else { return Ok(Came::Unknown) };
        tx.commit().await?;
        Ok(Came::Back(Way {
            business: BusinessId(row.business_id),
            user: UserId(row.user_id),
            staff: row.staff_id.map(StaffId),
            renews: row.renews.map(ConnectionId),
            verifier: Secret::new(row.verifier),
        }))
    }
}
