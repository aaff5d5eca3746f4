//! Settings that are tried by a call before they are saved.

use jiff::{SignedDuration, Timestamp};

use super::{Store, StoreError, businesses::document, engine::on, values::at};
use crate::domain::{
    business::Business,
    ids::{BusinessId, DraftId, UserId},
};

/// How long a draft can be called.
pub const KEPT: SignedDuration = SignedDuration::from_hours(2);

/// A business as somebody has typed it.
#[derive(Clone, Debug)]
pub struct Draft {
    pub id: DraftId,
    pub user: UserId,
    /// The form it came from: "settings.receptionist".
    pub part: String,
    pub business: Business,
}

#[derive(sqlx::FromRow)]
struct Row {
    user_id: uuid::Uuid,
    part: String,
    document: String,
}

impl Store {
    /// Keeps a draft, and forgets those that are too old.
    pub async fn keep_draft(&self, draft: &Draft, now: Timestamp) -> Result<(), StoreError> {
        let old = "delete from drafts where created_at < $1";
        on!(&self.write, db => sqlx::query(old).bind(at(now - KEPT)).execute(db).await.map(drop))?;
        let sql = "insert into drafts (id, business_id, user_id, part, document, created_at)
            values ($1, $2, $3, $4, $5, $6)";
        on!(&self.write, db => sqlx::query(sql)
            .bind(draft.id.0).bind(draft.business.id.0).bind(draft.user.0).bind(&draft.part)
            .bind(document(&draft.business)?).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// A draft of this business that is not too old.
    pub async fn draft(&self, business: BusinessId, id: DraftId, now: Timestamp) -> Result<Option<Draft>, StoreError> {
        let sql = "select user_id, part, document from drafts
            where business_id = $1 and id = $2 and created_at >= $3";
        let row = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(id.0).bind(at(now - KEPT)).fetch_optional(db).await)?;
        let draft = |row: Row| {
            let what = "drafts.document";
            let business = serde_json::from_str(&row.document).map_err(|_| StoreError::Inconsistent { what })?;
            Ok(Draft { id, user: UserId(row.user_id), part: row.part, business })
        };
        row.map(draft).transpose()
    }
}
