//! Businesses, each one document with a version.

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Store, StoreError,
    audit::{self, Deed},
    engine::{Tx, on},
    placements::catch_up_all,
    values::at,
};
use crate::domain::{business::Business, ids::BusinessId, phone::PhoneNumber};

/// A business and the version of its document, for the next edit.
#[derive(Clone, Debug)]
pub struct Versioned {
    pub business: Business,
    pub version: i32,
}

#[derive(sqlx::FromRow)]
struct Row {
    version: i32,
    /// JSON as text: it is never looked into by SQL, and `jsonb` would refuse U+0000.
    document: String,
}

impl Versioned {
    pub(super) fn read(version: i32, document: &str) -> Result<Self, StoreError> {
        let business =
            serde_json::from_str(document).map_err(|_| StoreError::Inconsistent { what: "businesses.document" })?;
        Ok(Self { business, version })
    }
}

impl TryFrom<Row> for Versioned {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Self::read(row.version, &row.document)
    }
}

/// A business that cannot be written as JSON is our mistake.
pub(super) fn document(business: &Business) -> Result<String, StoreError> {
    serde_json::to_string(business).map_err(|error| StoreError::Refused(sqlx::Error::Encode(error.into())))
}

/// What came of saving an edit.
#[derive(Debug)]
pub enum Saved {
    Saved {
        version: i32,
    },
    /// Somebody else saved first; this is theirs.
    Conflict(Box<Versioned>),
    Missing,
    /// Another business has one of its numbers.
    NumberTaken(PhoneNumber),
}

impl Store {
    pub async fn business(&self, id: BusinessId) -> Result<Option<Versioned>, StoreError> {
        let sql = "select version, document from businesses where id = $1 and erased_at is null";
        let row = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(id.0).fetch_optional(db).await)?;
        row.map(Versioned::try_from).transpose()
    }

    pub async fn business_by_number(&self, number: &PhoneNumber) -> Result<Option<BusinessId>, StoreError> {
        let sql = "select business_id from business_numbers where number = $1";
        let id = on!(&self.read, db =>
            sqlx::query_scalar::<_, Uuid>(sql).bind(number.as_str()).fetch_optional(db).await)?;
        Ok(id.map(BusinessId))
    }

    /// In order of id, after `after`.
    pub async fn businesses(&self, after: Option<BusinessId>, limit: u32) -> Result<Vec<Versioned>, StoreError> {
        let sql = "select version, document from businesses where id > $1 and erased_at is null order by id limit $2";
        // The nil UUID is before every other, and nobody's.
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows = on!(&self.read, db =>
            sqlx::query_as::<_, Row>(sql).bind(after).bind(i64::from(limit)).fetch_all(db).await)?;
        rows.into_iter().map(Versioned::try_from).collect()
    }

    /// A new one gets version 1. One that is there already, by id, is left alone and is a conflict.
    pub async fn create_business(&self, business: &Business, now: Timestamp) -> Result<Saved, StoreError> {
        self.create(business, now, None).await
    }

    /// The same, and who did it stands in the audit log in the same transaction.
    pub async fn create_business_as(&self, business: &Business, deed: &Deed) -> Result<Saved, StoreError> {
        self.create(business, deed.at, Some(deed)).await
    }

    async fn create(&self, business: &Business, now: Timestamp, deed: Option<&Deed>) -> Result<Saved, StoreError> {
        let mut tx = self.write.begin().await?;
        let Some(version) = insert_business(&mut tx, business, now).await? else {
            drop(tx);
            return self.conflict(business.id).await;
        };
        if let Some(deed) = deed {
            audit::write(&mut tx, deed).await?;
        }
        finish(tx, business, version).await
    }

    /// Replaces the document if it still has the version `expected`.
    pub async fn save_business(&self, business: &Business, expected: i32, now: Timestamp) -> Result<Saved, StoreError> {
        self.save(business, expected, now, None).await
    }

    /// The same, and who did it stands in the audit log in the same transaction.
    pub async fn save_business_as(&self, business: &Business, expected: i32, deed: &Deed) -> Result<Saved, StoreError> {
        self.save(business, expected, deed.at, Some(deed)).await
    }

    async fn save(
        &self,
        business: &Business,
        expected: i32,
        now: Timestamp,
        deed: Option<&Deed>,
    ) -> Result<Saved, StoreError> {
        let sql = "update businesses set document = $3, version = version + 1, updated_at = $4
            where id = $1 and version = $2 and erased_at is null returning version";
        let mut tx = self.write.begin().await?;
        let before = read(&mut tx, business.id).await?;
        let version = on!(&mut tx, tx => sqlx::query_scalar::<_, i32>(sql)
            .bind(business.id.0).bind(expected).bind(document(business)?).bind(at(now)).fetch_optional(&mut **tx).await)?;
        let Some(version) = version else {
            drop(tx);
            return self.conflict(business.id).await;
        };
        if let Some(deed) = deed {
            audit::write(&mut tx, deed).await?;
        }
        if let Some(before) = before {
            catch_up_all(&mut tx, &before.business, business, version, now).await?;
        }
        finish(tx, business, version).await
    }

    pub(super) async fn conflict(&self, id: BusinessId) -> Result<Saved, StoreError> {
        Ok(self.business(id).await?.map_or(Saved::Missing, |theirs| Saved::Conflict(Box::new(theirs))))
    }
}

/// As it is in a transaction.
pub(super) async fn read(tx: &mut Tx, id: BusinessId) -> Result<Option<Versioned>, StoreError> {
    let sql = "select version, document from businesses where id = $1 and erased_at is null";
    let row = on!(tx, tx => sqlx::query_as::<_, Row>(sql).bind(id.0).fetch_optional(&mut **tx).await)?;
    row.map(Versioned::try_from).transpose()
}

/// A new document, with version 1. Nothing: one of its id is there already.
pub(super) async fn insert_business(
    tx: &mut Tx,
    business: &Business,
    now: Timestamp,
) -> Result<Option<i32>, StoreError> {
    let sql = "insert into businesses (id, version, document, created_at, updated_at)
        values ($1, 1, $2, $3, $3) on conflict (id) do nothing returning version";
    Ok(on!(tx, tx => sqlx::query_scalar::<_, i32>(sql)
        .bind(business.id.0).bind(document(business)?).bind(at(now)).fetch_optional(&mut **tx).await)?)
}

/// Writes the numbers of a document just written, and commits both or neither.
pub(super) async fn finish(mut tx: Tx, business: &Business, version: i32) -> Result<Saved, StoreError> {
    let sql = "delete from business_numbers where business_id = $1";
    on!(&mut tx, tx => sqlx::query(sql).bind(business.id.0).execute(&mut **tx).await.map(drop))?;
    let sql = "insert into business_numbers (number, business_id) values ($1, $2) on conflict (number) do nothing";
    // Sorted, so that two owners who save at once wait for each other rather than deadlock.
    for number in business.numbers.iter().collect::<BTreeSet<_>>() {
        let written = on!(&mut tx, tx => sqlx::query(sql)
            .bind(number.as_str()).bind(business.id.0).execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if written == 0 {
            return Ok(Saved::NumberTaken(number.clone()));
        }
    }
    tx.commit().await?;
    Ok(Saved::Saved { version })
}
