//! Forgetting what was said in calls, for one customer or for everybody after a while. That they took place stays: when,
//! how long, what came of it, what it cost.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    domain::{ids::BusinessId, report::Report},
    store::{
        Store, StoreError,
        engine::{Tx, on},
        values::at,
    },
};

/// The words of a text message are gone, and one that is still waiting is not sent.
pub(super) const BLANK: &str = "body = '', recipient = '', vendor_id = null,
    problem = case when state in ('pending', 'sending') then 'it was erased' else problem end,
    state = case when state in ('pending', 'sending') then 'failed' else state end";

/// What was said in a call, in what order, by which number, and what was made of it.
pub(super) async fn forget(tx: &mut Tx, call: Uuid, now: Timestamp) -> Result<(), StoreError> {
    for sql in [
        "delete from call_lines where call_id = $1",
        "delete from call_turns where call_id = $1",
        "delete from notes where call_id = $1",
    ] {
        on!(&mut *tx, tx => sqlx::query(sql).bind(call).execute(&mut **tx).await.map(drop))?;
    }
    let sql = "update calls set caller = null, state = null, sentences = null, forgotten_at = $2 where id = $1";
    on!(&mut *tx, tx => sqlx::query(sql).bind(call).bind(at(now)).execute(&mut **tx).await.map(drop))?;
    forget_summaries(tx, call).await
}

/// The figures of a report stay; its sentences go.
async fn forget_summaries(tx: &mut Tx, call: Uuid) -> Result<(), StoreError> {
    let sql = "select epoch, document from call_reports where call_id = $1";
    let reports = on!(&mut *tx, tx => sqlx::query_as::<_, (i32, String)>(sql).bind(call).fetch_all(&mut **tx).await)?;
    for (epoch, document) in reports {
        // One that cannot be read may say anything, so it goes as a whole.
        let mut report: Report = serde_json::from_str(&document).unwrap_or_default();
        report.summary = None;
        let document = serde_json::to_string(&report).unwrap_or_else(|_| "{}".to_owned());
        let sql = "update call_reports set document = $3 where call_id = $1 and epoch = $2";
        on!(&mut *tx, tx => sqlx::query(sql)
            .bind(call).bind(epoch).bind(document).execute(&mut **tx).await.map(drop))?;
    }
    Ok(())
}

impl Store {
    /// Forgets what was said in a business before a moment: `limit` calls, messages and notes at most of each, so that
    /// callers of now do not wait. How many that were; nothing: it is all done.
    pub async fn forget_before(
        &self,
        business: BusinessId,
        before: Timestamp,
        now: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let limit = i64::from(limit);
        let sql = "select id from calls
            where business_id = $1 and started_at < $2 and forgotten_at is null and connected = false
            order by started_at limit $3";
        let calls = on!(&self.read, db => sqlx::query_scalar::<_, Uuid>(sql)
            .bind(business.0).bind(at(before)).bind(limit).fetch_all(db).await)?;
        let mut tx = self.write.begin().await?;
        let mut done = calls.len() as u64;
        for call in calls {
            forget(&mut tx, call, now).await?;
        }
        for sql in [
            "delete from notes where id in (
                select id from notes where business_id = $1 and created_at < $2 limit $3)"
                .to_owned(),
            format!(
                "update outbox set {BLANK} where id in (
                    select id from outbox where business_id = $1 and created_at < $2 and body <> '' limit $3)"
            ),
        ] {
            let sql = sqlx::AssertSqlSafe(sql);
            done += on!(&mut tx, tx => sqlx::query(sql)
                .bind(business.0).bind(at(before)).bind(limit).execute(&mut **tx).await
                .map(|done| done.rows_affected()))?;
        }
        tx.commit().await?;
        Ok(done)
    }

    /// Forgets the answers that the API keeps for requests that come again, once they are too old for that.
    pub async fn forget_answers(&self, before: Timestamp) -> Result<u64, StoreError> {
        let sql = "delete from idempotency_keys where started_at <= $1";
        Ok(
            on!(&self.write, db => sqlx::query(sql).bind(at(before)).execute(db).await.map(|done| done.rows_affected()))?,
        )
    }

    /// Empties SQLite's log into its file, so that what was overwritten there is not still in the log. A reader that is
    /// at it keeps it from happening, and the next one does it. Postgres has nothing of the kind to be asked for.
    pub async fn settle(&self) -> Result<(), StoreError> {
        if let crate::store::engine::Engine::Sqlite(pool) = &self.write {
            sqlx::query("pragma wal_checkpoint(truncate)").execute(pool).await?;
        }
        Ok(())
    }
}
