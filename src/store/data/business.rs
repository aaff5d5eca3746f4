//! Erasing a whole business: at once nobody gets in and nothing answers, then its rows go piece by piece, so that calls to
//! other businesses do not wait.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;
use uuid::Uuid;

use crate::{
    domain::ids::{BusinessId, ErasureId, UserId},
    store::{
        Store, StoreError,
        audit::{self, Deed},
        connections,
        engine::on,
        values::{Moment, at, moment},
    },
};

/// How far an erasure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    pub id: ErasureId,
    pub business: BusinessId,
    pub begun: Timestamp,
    pub finished: Option<Timestamp>,
}

/// So many rows go at once, and so long others have the database in between.
const ROWS: u32 = 200;
const PAUSE: Duration = Duration::from_millis(10);

type Row = (Uuid, Uuid, Moment, Option<Moment>);

fn erasure((id, business, begun, finished): Row) -> Erasure {
    Erasure { id: ErasureId(id), business: BusinessId(business), begun: moment(begun), finished: finished.map(moment) }
}

/// Everything that belongs to a business, in an order in which nothing points at what is gone. What hangs on a call or a
/// booking goes with it. A test holds this to the schema.
pub const TABLES: &[&str] = &[
    "calls",
    "outbox",
    "placements",
    "placement_turns",
    "bookings",
    "notes",
    "customers",
    "blocks",
    "spending",
    "audit",
    "call_commands",
    "drafts",
    "webhook_sightings",
    "booking_links",
    "memberships",
    "api_keys",
    "one_time_links",
    "business_numbers",
    "connect_ways",
    "wishes",
    "catching_up",
    "followings",
    "hooks",
    "connections",
    "data_keys",
];

impl Store {
    /// Begins to erase a business. False: there is none, or it has been begun before. The line of the log belongs to
    /// whoever did it, since those of the business go with it.
    pub async fn begin_erasure(
        &self,
        business: BusinessId,
        (id, by): (ErasureId, UserId),
        deed: &Deed,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = "update businesses set erased_at = $2, document = '{}', version = version + 1
            where id = $1 and erased_at is null";
        let begun = on!(&mut tx, tx => sqlx::query(sql)
            .bind(business.0).bind(at(deed.at)).execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if begun == 0 {
            return Ok(false);
        }
        let sql = "insert into erasures (id, business_id, kind, user_id, begun_at) values ($1, $2, 'business', $3, $4)";
        on!(&mut tx, tx => sqlx::query(sql)
            .bind(id.0).bind(business.0).bind(by.0).bind(at(deed.at)).execute(&mut **tx).await.map(drop))?;
        // What opens its calendars is only there to be given back.
        connections::part(&mut tx, business, None, deed.at).await?;
        for sql in [
            "delete from business_numbers where business_id = $1",
            "delete from memberships where business_id = $1",
            "delete from one_time_links where business_id = $1",
            "delete from connect_ways where business_id = $1",
            // Without its key, what it sealed opens nowhere, in a backup neither.
            "delete from connections where business_id = $1",
            "delete from data_keys where business_id = $1",
        ] {
            on!(&mut tx, tx => sqlx::query(sql).bind(business.0).execute(&mut **tx).await.map(drop))?;
        }
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes the next rows away, `limit` at most of a table. True: it is all gone.
    pub async fn erase_more(&self, erasure: &Erasure, now: Timestamp, limit: u32) -> Result<bool, StoreError> {
        // Answers that the API keeps for its keys' requests; those of the server's token are kept for a day.
        let sql = "select id from api_keys where business_id = $1";
        let keys = on!(&self.read, db => sqlx::query_scalar::<_, Uuid>(sql)
            .bind(erasure.business.0).fetch_all(db).await)?;
        for key in keys {
            let sql = "delete from idempotency_keys where key like $1";
            on!(&self.write, db => sqlx::query(sql).bind(format!("§{key}/%")).execute(db).await.map(drop))?;
        }
        for table in TABLES {
            // Rows are picked by what every table of both engines has: the place where they are stored.
            let place = match &self.write {
                crate::store::engine::Engine::Sqlite(_) => "rowid",
                crate::store::engine::Engine::Postgres(_) => "ctid",
            };
            let sql = sqlx::AssertSqlSafe(format!(
                "delete from {table} where {place} in (select {place} from {table} where business_id = $1 limit $2)"
            ));
            let gone = on!(&self.write, db => sqlx::query(sql)
                .bind(erasure.business.0).bind(i64::from(limit)).execute(db).await.map(|done| done.rows_affected()))?;
            if gone > 0 {
                return Ok(false);
            }
        }
        let mut tx = self.write.begin().await?;
        let sql = "delete from businesses where id = $1";
        on!(&mut tx, tx => sqlx::query(sql).bind(erasure.business.0).execute(&mut **tx).await.map(drop))?;
        let sql = "update erasures set finished_at = $2 where id = $1";
        on!(&mut tx, tx => sqlx::query(sql).bind(erasure.id.0).bind(at(now)).execute(&mut **tx).await.map(drop))?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes all of it away. Safe to do again, and from several processes at once.
    pub async fn finish_erasure(&self, erasure: &Erasure, now: Timestamp) -> Result<(), StoreError> {
        while !self.erase_more(erasure, now, ROWS).await? {
            sleep(PAUSE).await;
        }
        self.settle().await
    }

    /// Erasures that are not finished, oldest first: another process may have died at it.
    pub async fn open_erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        let sql = "select id, business_id, begun_at, finished_at from erasures where finished_at is null order by id
            limit 100";
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).fetch_all(db).await)?;
        Ok(rows.into_iter().map(erasure).collect())
    }

    /// How far an erasure is that somebody asked for.
    pub async fn erasure(&self, by: UserId, id: ErasureId) -> Result<Option<Erasure>, StoreError> {
        let sql = "select id, business_id, begun_at, finished_at from erasures where id = $1 and user_id = $2";
        let row = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(id.0).bind(by.0).fetch_optional(db).await)?;
        Ok(row.map(erasure))
    }

    /// How many erasures have been begun in a business: an export that sees the number change breaks off.
    pub(super) async fn erasures_of(&self, business: BusinessId) -> Result<i64, StoreError> {
        let sql = "select count(*) from erasures where business_id = $1";
        Ok(on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql).bind(business.0).fetch_one(db).await)?)
    }
}
