//! How well connected accounts do, and what their owners have been told about it.

use jiff::Timestamp;

use super::Row;
use crate::{
    domain::{
        connection::{Connection, Why},
        ids::{BusinessId, ConnectionId},
    },
    store::{Store, StoreError, engine::on, values::at},
};

impl Store {
    /// It has to be connected again. True for whoever found out first; `connection`: as it was when
    /// it was asked; one that was changed since is left alone.
    pub async fn mark_reconnect(&self, connection: &Connection, why: Why, now: Timestamp) -> Result<bool, StoreError> {
        let sql =
            "update connections set state = 'reconnect', reconnect_why = $4, reconnect_since = $5, told_at = null,
                access_expires_at = null, leased_until = null, begun_at = null, fence = fence + 1
            where business_id = $1 and id = $2 and version = $3 and state <> 'reconnect'";
        let marked = on!(&self.write, db => sqlx::query(sql)
            .bind(connection.business.0).bind(connection.id.0).bind(connection.version).bind(why.as_str())
            .bind(at(now)).execute(db).await.map(|done| done.rows_affected()))?;
        Ok(marked == 1)
    }

    /// The same, unless something opened it anew since `fence`.
    pub async fn mark_reconnect_at(
        &self,
        (business, id, fence): (BusinessId, ConnectionId, i64),
        why: Why,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql =
            "update connections set state = 'reconnect', reconnect_why = $4, reconnect_since = $5, told_at = null,
                access_expires_at = null, leased_until = null, begun_at = null, fence = fence + 1
            where business_id = $1 and id = $2 and fence = $3 and (state <> 'reconnect' or reconnect_why = 'calendar_gone')";
        let marked = on!(&self.write, db => sqlx::query(sql)
            .bind(business.0).bind(id.0).bind(fence).bind(why.as_str()).bind(at(now)).execute(db).await
            .map(|done| done.rows_affected()))?;
        Ok(marked == 1)
    }

    /// It has answered as it should.
    pub async fn mark_well(&self, business: BusinessId, id: ConnectionId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "update connections set well_at = $3, problem = null, problem_since = null
            where business_id = $1 and id = $2";
        on!(&self.write, db => sqlx::query(sql)
            .bind(business.0).bind(id.0).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// Something is wrong with it. The moment of the first time stays, as long as it is the same.
    pub async fn mark_problem(
        &self,
        business: BusinessId,
        id: ConnectionId,
        problem: &'static str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql =
            "update connections set problem_since = case when problem = $3 then problem_since else $4 end, problem = $3
            where business_id = $1 and id = $2";
        on!(&self.write, db => sqlx::query(sql)
            .bind(business.0).bind(id.0).bind(problem).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// How many have to be connected again.
    pub async fn connections_to_reconnect(&self) -> Result<i64, StoreError> {
        let sql = "select count(*) from connections where state = 'reconnect'";
        Ok(on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql).fetch_one(db).await)?)
    }

    /// Those that have to be connected again, and whose owners have not been told by a letter, the oldest first.
    pub async fn connections_to_tell(&self, limit: u32) -> Result<Vec<Connection>, StoreError> {
        let sql = select!("where told_at is null and state = 'reconnect' order by reconnect_since limit $1");
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(i64::from(limit)).fetch_all(db).await)?;
        rows.into_iter().map(Connection::try_from).collect()
    }

    /// Its owners are being told. True for one process alone: it tells them, and nobody does so again.
    pub async fn telling(&self, business: BusinessId, id: ConnectionId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "update connections set told_at = $3
            where business_id = $1 and id = $2 and told_at is null and state = 'reconnect'";
        let told = on!(&self.write, db => sqlx::query(sql)
            .bind(business.0).bind(id.0).bind(at(now)).execute(db).await.map(|done| done.rows_affected()))?;
        Ok(told == 1)
    }

    /// They were not told after all, by whoever began to at `begun`: somebody is to do so again.
    pub async fn not_told(&self, business: BusinessId, id: ConnectionId, begun: Timestamp) -> Result<(), StoreError> {
        let sql = "update connections set told_at = null where business_id = $1 and id = $2 and told_at = $3";
        on!(&self.write, db => sqlx::query(sql)
            .bind(business.0).bind(id.0).bind(at(begun)).execute(db).await.map(drop))?;
        Ok(())
    }
}
