//! What is spent on models: by each business and each caller's number, day by day. Several nodes add to the same rows.

use jiff::civil::Date;
use sqlx::{QueryBuilder, query_builder::Separated};
use uuid::Uuid;

use super::{Store, StoreError, engine::on, values::parsed};
use crate::domain::{ids::BusinessId, report::Micros};

/// How many rows go into one statement. Four values each: far from SQLite's 32,766 and Postgres's 65,535.
const ROWS_PER_STATEMENT: usize = 500;

/// One account of one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    pub business: BusinessId,
    /// In the business's own zone.
    pub day: Date,
    /// A keyed hash of the caller's number; empty: the business as a whole.
    pub number: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    business_id: Uuid,
    day: String,
    number: String,
    micros: i64,
}

impl TryFrom<Row> for (Account, Micros) {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let day = parsed(&row.day, "spending.day")?;
        let account = Account { business: BusinessId(row.business_id), day, number: row.number };
        Ok((account, micros(row.micros)))
    }
}

impl Store {
    /// Adds to accounts, each of which stands in the list once, and returns what they come to with everybody's additions.
    /// Adding nothing reads them. Not safe to repeat: what was written and could not be told is added twice.
    pub async fn add_spending(&self, spent: &[(Account, Micros)]) -> Result<Vec<(Account, Micros)>, StoreError> {
        // In order, so that two nodes that add to the same rows wait for each other rather than deadlock.
        let mut spent: Vec<_> = spent.iter().collect();
        spent.sort();
        let mut totals = Vec::with_capacity(spent.len());
        for some in spent.chunks(ROWS_PER_STATEMENT) {
            let rows = on!(&self.write, db => {
                let mut sql = QueryBuilder::new("insert into spending (business_id, day, number, micros) ");
                sql.push_values(some, |mut row: Separated<'_, _, _>, (account, micros)| {
                    row.push_bind(account.business.0)
                        .push_bind(account.day.to_string())
                        .push_bind(&account.number)
                        .push_bind(column(*micros));
                });
                sql.push(
                    " on conflict (business_id, day, number) do update set micros = spending.micros + excluded.micros
                    returning business_id, day, number, micros",
                );
                sql.build_query_as::<Row>().persistent(false).fetch_all(db).await
            })?;
            for row in rows {
                totals.push(row.try_into()?);
            }
        }
        Ok(totals)
    }

    /// What an account comes to.
    pub async fn spending(&self, account: &Account) -> Result<Micros, StoreError> {
        let sql = "select micros from spending where business_id = $1 and day = $2 and number = $3";
        let found = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql)
            .bind(account.business.0)
            .bind(account.day.to_string())
            .bind(&account.number)
            .fetch_optional(db).await)?;
        Ok(micros(found.unwrap_or(0)))
    }

    /// Forgets what callers' numbers spent before a day. How many rows that were.
    pub async fn forget_spending_of_numbers(&self, before: Date) -> Result<u64, StoreError> {
        let sql = "delete from spending where day < $1 and number <> ''";
        Ok(on!(&self.write, db => sqlx::query(sql)
            .bind(before.to_string()).execute(db).await.map(|done| done.rows_affected()))?)
    }
}

pub(super) fn column(micros: Micros) -> i64 {
    i64::try_from(micros.0).unwrap_or(i64::MAX)
}

pub(super) fn micros(column: i64) -> Micros {
    Micros(u64::try_from(column).unwrap_or_default())
}
