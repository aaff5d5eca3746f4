//! The audit log: who changed what, when. Rows are only ever added.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Store, StoreError,
    engine::{Tx, on},
    values::{Moment, at, moment, text},
};
use crate::domain::ids::{BusinessId, DeedId, UserId};

/// One line of the log. No name, number or word of a customer stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    pub id: DeedId,
    /// Nothing: it concerns an account rather than a business.
    pub business: Option<BusinessId>,
    pub user: Option<UserId>,
    /// Who did it, as they were called then.
    pub actor: String,
    /// One of the program's own words: "settings.hours", "booking.moved".
    pub deed: String,
    /// The id of what was changed; empty when there is none.
    pub subject: String,
    /// What about it: a sentence, or paths of fields.
    pub detail: String,
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    business_id: Option<Uuid>,
    user_id: Option<Uuid>,
    actor: String,
    deed: String,
    subject: String,
    detail: String,
    at: Moment,
}

impl From<Row> for Deed {
    fn from(row: Row) -> Self {
        Self {
            id: DeedId(row.id),
            business: row.business_id.map(BusinessId),
            user: row.user_id.map(UserId),
            actor: row.actor,
            deed: row.deed,
            subject: row.subject,
            detail: row.detail,
            at: moment(row.at),
        }
    }
}

macro_rules! insert {
    ($deed:expr) => {
        sqlx::query(
            "insert into audit (id, business_id, user_id, actor, deed, subject, detail, at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind($deed.id.0)
        .bind($deed.business.map(|id| id.0))
        .bind($deed.user.map(|id| id.0))
        .bind(text(&$deed.actor))
        .bind(&$deed.deed)
        .bind(&$deed.subject)
        .bind(text(&$deed.detail))
        .bind(at($deed.at))
    };
}

/// Writes a line in the transaction of the change it tells of.
pub(super) async fn write(tx: &mut Tx, deed: &Deed) -> Result<(), StoreError> {
    on!(tx, tx => insert!(deed).execute(&mut **tx).await.map(drop))?;
    Ok(())
}

impl Store {
    /// Writes a line by itself, for a change that has been made elsewhere.
    pub async fn note_deed(&self, deed: &Deed) -> Result<(), StoreError> {
        on!(&self.write, db => insert!(deed).execute(db).await.map(drop))?;
        Ok(())
    }

    /// What was done to one thing of a business, oldest first.
    pub async fn deeds_about(&self, business: BusinessId, subject: &str) -> Result<Vec<Deed>, StoreError> {
        let sql = "select id, business_id, user_id, actor, deed, subject, detail, at from audit
            where business_id = $1 and subject = $2 order by id limit 100";
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(subject).fetch_all(db).await)?;
        Ok(rows.into_iter().map(Deed::from).collect())
    }

    /// What was done in a business, newest first, before the cursor.
    pub async fn deeds(
        &self,
        business: BusinessId,
        before: Option<DeedId>,
        limit: u32,
    ) -> Result<Vec<Deed>, StoreError> {
        self.deeds_of(business, &Wanted::default(), before, limit).await
    }

    /// The same, of one person or of one kind.
    pub async fn deeds_of(
        &self,
        business: BusinessId,
        wanted: &Wanted,
        before: Option<DeedId>,
        limit: u32,
    ) -> Result<Vec<Deed>, StoreError> {
        // Kinds come from our own list; no wildcard can stand in one.
        let sql = "select id, business_id, user_id, actor, deed, subject, detail, at from audit
            where business_id = $1 and id < $2 and ($4 is null or actor = $4) and ($5 is null or deed like $5)
            order by id desc limit $3";
        // The largest UUID is after every other, and nobody's.
        let before = before.map_or(Uuid::max(), |id| id.0);
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0)
            .bind(before)
            .bind(i64::from(limit))
            .bind(wanted.actor.as_deref().map(text))
            .bind(wanted.kind.as_ref().map(|kind| format!("{kind}.%")))
            .fetch_all(db).await)?;
        Ok(rows.into_iter().map(Deed::from).collect())
    }

    /// Whoever did something in a business, by the names they had then.
    pub async fn actors(&self, business: BusinessId) -> Result<Vec<String>, StoreError> {
        let sql = "select distinct actor from audit where business_id = $1 order by actor limit 200";
        Ok(on!(&self.read, db => sqlx::query_scalar::<_, String>(sql).bind(business.0).fetch_all(db).await)?)
    }
}

/// Which lines of the log to read; by default all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// By whom, as they were called then.
    pub actor: Option<String>,
    /// The first word of the deeds: "settings", "booking".
    pub kind: Option<String>,
}
