//! Keys that programs bring to one business's API. A key is shown once; what is kept is its hash.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::SecretHash;
use crate::{
    domain::{
        ids::{ApiKeyId, BusinessId, UserId},
        scope::Scopes,
    },
    store::{
        Store, StoreError,
        audit::{self, Deed},
        engine::on,
        values::{Moment, at, moment, parsed, text},
    },
};

/// A use is written down this often at most, so that a busy program does not become writing.
const USED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// A key to be written.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    pub id: ApiKeyId,
    pub business: BusinessId,
    /// What the owner calls it.
    pub name: String,
    pub hash: SecretHash,
    /// Its last four characters.
    pub hint: String,
    pub scopes: Scopes,
    pub by: UserId,
    pub now: Timestamp,
}

/// A key as listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub name: String,
    pub hint: String,
    pub scopes: Scopes,
    pub created: Timestamp,
    /// To the minute or so.
    pub used: Option<Timestamp>,
    pub revoked: Option<Timestamp>,
}

/// A key that a request brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInUse {
    pub id: ApiKeyId,
    pub business: BusinessId,
    pub name: String,
    pub scopes: Scopes,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    hint: String,
    scopes: String,
    created_at: Moment,
    used_at: Option<Moment>,
    revoked_at: Option<Moment>,
}

impl TryFrom<Row> for ApiKey {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: ApiKeyId(row.id),
            name: row.name,
            hint: row.hint,
            scopes: parsed(&row.scopes, "api_keys.scopes")?,
            created: moment(row.created_at),
            used: row.used_at.map(moment),
            revoked: row.revoked_at.map(moment),
        })
    }
}

#[derive(sqlx::FromRow)]
struct UseRow {
    id: Uuid,
    business_id: Uuid,
    name: String,
    scopes: String,
    used_at: Option<Moment>,
}

impl Store {
    pub async fn add_api_key(&self, key: &NewApiKey, deed: &Deed) -> Result<(), StoreError> {
        let sql = "insert into api_keys (id, business_id, name, hash, hint, scopes, created_by, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let mut tx = self.write.begin().await?;
        on!(&mut tx, tx => sqlx::query(sql)
            .bind(key.id.0)
            .bind(key.business.0)
            .bind(text(&key.name))
            .bind(&key.hash[..])
            .bind(&key.hint)
            .bind(key.scopes.to_string())
            .bind(key.by.0)
            .bind(at(key.now))
            .execute(&mut **tx).await.map(drop))?;
        audit::write(&mut tx, deed).await?;
        tx.commit().await
    }

    /// A business's keys: those in use first, newest first.
    pub async fn api_keys(&self, business: BusinessId) -> Result<Vec<ApiKey>, StoreError> {
        let sql = "select id, name, hint, scopes, created_at, used_at, revoked_at from api_keys where business_id = $1
            order by case when revoked_at is null then 0 else 1 end, created_at desc, id desc";
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(business.0).fetch_all(db).await)?;
        rows.into_iter().map(ApiKey::try_from).collect()
    }

    /// From now on it opens nothing. False: no such key of this business, or it was revoked before.
    pub async fn revoke_api_key(&self, business: BusinessId, id: ApiKeyId, deed: &Deed) -> Result<bool, StoreError> {
        let sql = "update api_keys set revoked_at = $3 where business_id = $1 and id = $2 and revoked_at is null";
        let mut tx = self.write.begin().await?;
        let revoked = on!(&mut tx, tx => sqlx::query(sql)
            .bind(business.0).bind(id.0).bind(at(deed.at)).execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if revoked == 0 {
            return Ok(false);
        }
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The key of this hash, unless it was revoked; that it was used is written down.
    pub async fn use_api_key(&self, hash: &SecretHash, now: Timestamp) -> Result<Option<KeyInUse>, StoreError> {
        let sql = "select id, business_id, name, scopes, used_at from api_keys where hash = $1 and revoked_at is null";
        let row = on!(&self.read, db => sqlx::query_as::<_, UseRow>(sql).bind(&hash[..]).fetch_optional(db).await)?;
        let Some(row) = row else { return Ok(None) };
        if row.used_at.is_none_or(|used| now.duration_since(moment(used)) >= USED_EVERY) {
            let sql = "update api_keys set used_at = $2 where id = $1";
            // A program that only reads is served also while nothing can be written.
            let _ = on!(&self.write, db => sqlx::query(sql).bind(row.id).bind(at(now)).execute(db).await.map(drop));
        }
        Ok(Some(KeyInUse {
            id: ApiKeyId(row.id),
            business: BusinessId(row.business_id),
            name: row.name,
            scopes: parsed(&row.scopes, "api_keys.scopes")?,
        }))
    }
}
