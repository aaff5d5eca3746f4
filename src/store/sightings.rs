//! Whether calls arrive: when the telephone company last asked us something about a business.

use jiff::Timestamp;

use super::{
    Store, StoreError,
    engine::on,
    values::{Moment, at, moment, text},
};
use crate::domain::ids::BusinessId;

/// What was last seen of one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// E.164; empty: a call for none of the business's numbers, or a request that was refused before it was read.
    pub number: String,
    /// A request that was proved genuine.
    pub genuine: Option<Timestamp>,
    /// One that was not, and why.
    pub refused: Option<(Timestamp, String)>,
}

#[derive(sqlx::FromRow)]
struct Row {
    number: String,
    genuine_at: Option<Moment>,
    refused_at: Option<Moment>,
    refused_why: Option<String>,
}

impl Store {
    pub async fn sightings(&self, business: BusinessId) -> Result<Vec<Sighting>, StoreError> {
        let sql = "select number, genuine_at, refused_at, refused_why from webhook_sightings
            where business_id = $1 order by number";
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(business.0).fetch_all(db).await)?;
        let sighting = |row: Row| Sighting {
            number: row.number,
            genuine: row.genuine_at.map(moment),
            refused: row.refused_at.map(moment).zip(row.refused_why),
        };
        Ok(rows.into_iter().map(sighting).collect())
    }

    /// A genuine request for one of its numbers.
    pub async fn sighted(&self, business: BusinessId, number: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "insert into webhook_sightings (business_id, number, genuine_at) values ($1, $2, $3)
            on conflict (business_id, number) do update set genuine_at = excluded.genuine_at";
        on!(&self.write, db => sqlx::query(sql)
            .bind(business.0).bind(text(number)).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// A request that we did not believe.
    pub async fn sighting_refused(&self, business: BusinessId, why: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "insert into webhook_sightings (business_id, number, refused_at, refused_why) values ($1, '', $2, $3)
            on conflict (business_id, number) do update
            set refused_at = excluded.refused_at, refused_why = excluded.refused_why";
        on!(&self.write, db => sqlx::query(sql)
            .bind(business.0).bind(at(now)).bind(why).execute(db).await.map(drop))?;
        Ok(())
    }
}
