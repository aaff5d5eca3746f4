//! Where people are signed in.

use jiff::Timestamp;
use uuid::Uuid;

use super::SecretHash;
use crate::{
    domain::{
        account::{Role, User},
        ids::{BusinessId, SessionId, UserId},
    },
    store::{
        Store, StoreError,
        audit::{self, Deed},
        businesses::Versioned,
        engine::on,
        values::{Moment, at, moment, parsed, text},
    },
};

/// A browser that has just signed in.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub id: SessionId,
    pub hash: SecretHash,
    pub user: UserId,
    /// "Firefox on Linux".
    pub device: String,
    /// However busy it is, it ends then.
    pub expires: Timestamp,
    pub now: Timestamp,
}

/// A browser that somebody is signed in with, as listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub device: String,
    pub created: Timestamp,
    pub seen: Timestamp,
}

/// A session that a cookie opened.
#[derive(Clone, Debug)]
pub struct OpenSession {
    pub id: SessionId,
    pub user: User,
    /// When it was last used, to the minute or so.
    pub seen: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    session: Uuid,
    seen_at: Moment,
    user_id: Uuid,
    email: String,
    name: String,
}

#[derive(sqlx::FromRow)]
struct EnteredRow {
    #[sqlx(flatten)]
    session: Row,
    role: String,
    version: i32,
    document: String,
}

impl TryFrom<Row> for OpenSession {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let user = User { id: UserId(row.user_id), email: parsed(&row.email, "users.email")?, name: row.name };
        Ok(Self { id: SessionId(row.session), user, seen: moment(row.seen_at) })
    }
}

/// A session is good until its absolute end, and while it was seen after `seen_after`.
macro_rules! good {
    () => {
        "sessions.hash = $1 and sessions.expires_at > $2 and sessions.seen_at > $3"
    };
}

impl Store {
    pub async fn open_session(&self, session: &NewSession) -> Result<(), StoreError> {
        let sql = "insert into sessions (hash, id, user_id, device, created_at, seen_at, expires_at)
            values ($1, $2, $3, $4, $5, $5, $6)";
        on!(&self.write, db => sqlx::query(sql)
            .bind(&session.hash[..])
            .bind(session.id.0)
            .bind(session.user.0)
            .bind(text(&session.device))
            .bind(at(session.now))
            .bind(at(session.expires))
            .execute(db).await.map(drop))?;
        Ok(())
    }

    /// The session of a cookie, if it is still good.
    pub async fn session(
        &self,
        hash: &SecretHash,
        now: Timestamp,
        seen_after: Timestamp,
    ) -> Result<Option<OpenSession>, StoreError> {
        let sql = concat!(
            "select sessions.id as session, sessions.seen_at, users.id as user_id, users.email, users.name
            from sessions join users on users.id = sessions.user_id where ",
            good!()
        );
        on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(&hash[..]).bind(at(now)).bind(at(seen_after)).fetch_optional(db).await)?
        .map(OpenSession::try_from)
        .transpose()
    }

    /// The session of a cookie, what its user is in a business, and the business. Nothing when any of them is not so:
    /// a business of somebody else's looks like one that does not exist.
    pub async fn enter(
        &self,
        hash: &SecretHash,
        business: BusinessId,
        now: Timestamp,
        seen_after: Timestamp,
    ) -> Result<Option<(OpenSession, Role, Versioned)>, StoreError> {
        let sql = concat!(
            "select sessions.id as session, sessions.seen_at, users.id as user_id, users.email, users.name,
                memberships.role, businesses.version, businesses.document
            from sessions join users on users.id = sessions.user_id
            join memberships on memberships.user_id = users.id and memberships.business_id = $4
            join businesses on businesses.id = memberships.business_id and businesses.erased_at is null where ",
            good!()
        );
        let row = on!(&self.read, db => sqlx::query_as::<_, EnteredRow>(sql)
            .bind(&hash[..]).bind(at(now)).bind(at(seen_after)).bind(business.0).fetch_optional(db).await)?;
        let Some(row) = row else { return Ok(None) };
        let found = Versioned::read(row.version, &row.document)?;
        Ok(Some((row.session.try_into()?, parsed(&row.role, "memberships.role")?, found)))
    }

    /// It was used now. Idle sessions end by not being seen.
    pub async fn session_seen(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "update sessions set seen_at = $2 where id = $1";
        on!(&self.write, db => sqlx::query(sql).bind(id.0).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// Where somebody is signed in, last seen first.
    pub async fn sessions(
        &self,
        user: UserId,
        now: Timestamp,
        seen_after: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        let sql = "select id, device, created_at, seen_at from sessions
            where user_id = $1 and expires_at > $2 and seen_at > $3 order by seen_at desc, id";
        let rows = on!(&self.read, db => sqlx::query_as::<_, (Uuid, String, Moment, Moment)>(sql)
            .bind(user.0).bind(at(now)).bind(at(seen_after)).fetch_all(db).await)?;
        let session = |(id, device, created, seen): (Uuid, String, Moment, Moment)| Session {
            id: SessionId(id),
            device,
            created: moment(created),
            seen: moment(seen),
        };
        Ok(rows.into_iter().map(session).collect())
    }

    /// The browser of this cookie signs itself out.
    pub async fn sign_out(&self, hash: &SecretHash) -> Result<(), StoreError> {
        let sql = "delete from sessions where hash = $1";
        on!(&self.write, db => sqlx::query(sql).bind(&hash[..]).execute(db).await.map(drop))?;
        Ok(())
    }

    /// Signs another browser out. False: the user has no such session.
    pub async fn end_session(&self, user: UserId, id: SessionId, deed: &Deed) -> Result<bool, StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = "delete from sessions where user_id = $1 and id = $2";
        let ended = on!(&mut tx, tx => sqlx::query(sql)
            .bind(user.0).bind(id.0).execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if ended == 0 {
            return Ok(false);
        }
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Signs out every browser of somebody's but one. How many.
    pub async fn end_other_sessions(&self, user: UserId, keep: SessionId, deed: &Deed) -> Result<u64, StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = "delete from sessions where user_id = $1 and id <> $2";
        let ended = on!(&mut tx, tx => sqlx::query(sql)
            .bind(user.0).bind(keep.0).execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if ended > 0 {
            audit::write(&mut tx, deed).await?;
        }
        tx.commit().await?;
        Ok(ended)
    }
}
