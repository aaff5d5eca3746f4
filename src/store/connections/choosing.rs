//! What an owner says about a connected account: what is used of it, and that it is over.

use super::{Row, written};
use crate::{
    domain::{
        connection::{Choice, Connection},
        ids::{BusinessId, ConnectionId, StaffId},
    },
    store::{
        Store, StoreError,
        audit::{self, Deed},
        engine::on,
        placements,
        values::at,
    },
};

/// What came of choosing.
#[derive(Clone, Debug, PartialEq)]
pub enum Chosen {
    Saved(Connection),
    /// Somebody else changed it meanwhile; this is how it is now.
    Conflict(Connection),
    Missing,
}

impl Store {
    /// Says what is used of an account, and whose it is. From then on it is asked, unless it has to be connected again; that
    /// a calendar is gone is cured by it.
    /// `version`: of the connection that was looked at.
    pub async fn choose(
        &self,
        (business, id, version): (BusinessId, ConnectionId, i32),
        choice: &Choice,
        staff: Option<StaffId>,
        deed: &Deed,
    ) -> Result<Chosen, StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = "select count(*) from connections where id = $1 and reconnect_why = 'calendar_gone'";
        let gone = on!(&mut tx, tx =>
            sqlx::query_scalar::<_, i64>(sql).bind(id.0).fetch_one(&mut **tx).await)?
            > 0;
        let sql = "update connections set choice = $4, staff_id = $5, chosen_at = coalesce(chosen_at, $6),
                state = case when state = 'choosing' or reconnect_why = 'calendar_gone' then 'active' else state end,
                reconnect_why = case when reconnect_why = 'calendar_gone' then null else reconnect_why end,
                reconnect_since = case when reconnect_why = 'calendar_gone' then null else reconnect_since end,
                version = version + 1
            where business_id = $1 and id = $2 and version = $3
            returning id, business_id, provider, staff_id, subject, label, home, choice, state, reconnect_why,
                reconnect_since, well_at, problem, problem_since, version, created_at";
        let saved = on!(&mut tx, tx => sqlx::query_as::<_, Row>(sql)
            .bind(business.0)
            .bind(id.0)
            .bind(version)
            .bind(written(choice)?)
            .bind(staff.map(|staff| staff.0))
            .bind(at(deed.at))
            .fetch_optional(&mut **tx).await)?;
        let Some(saved) = saved else {
            drop(tx);
            return Ok(self.connection(business, id).await?.map_or(Chosen::Missing, Chosen::Conflict));
        };
        audit::write(&mut tx, deed).await?;
        let saved = Connection::try_from(saved)?;
        placements::catch_up(&mut tx, &saved, gone, deed.at).await?;
        tx.commit().await?;
        Ok(Chosen::Saved(saved))
    }

    /// Takes a connection away; what opens it is only there to be given back. Bookings stay. False: it was gone already.
    pub async fn disconnect(&self, business: BusinessId, id: ConnectionId, deed: &Deed) -> Result<bool, StoreError> {
        let mut tx = self.write.begin().await?;
        super::part(&mut tx, business, Some(id), deed.at).await?;
        let sql = "delete from connections where business_id = $1 and id = $2";
        let gone = on!(&mut tx, tx => sqlx::query(sql)
            .bind(business.0).bind(id.0).execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if gone == 0 {
            return Ok(false);
        }
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(true)
    }
}
