//! The business's customers, by their number. A booking writes them in its own transaction.

mod history;

pub use history::{LeftNote, SentText};

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    Store, StoreError, audit,
    audit::Deed,
    engine::{Tx, on},
    values::{Moment, at, moment, parsed, text},
};
use crate::domain::{
    booking::CustomerName,
    customer::{KnownCustomer, search_text, search_words},
    ids::{BusinessId, CustomerId},
    phone::PhoneNumber,
};

/// How a list of customers is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CustomerOrder {
    /// Whoever was there last, first.
    #[default]
    Last,
    /// The newest first.
    New,
    Name,
}

/// What a customer's bookings come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visits {
    /// Appointments that are over and were not cancelled.
    pub past: u32,
    pub last: Option<Timestamp>,
    /// Appointments to come.
    pub coming: u32,
    pub next: Option<Timestamp>,
}

/// What came of editing a customer.
#[derive(Debug)]
pub enum Edited {
    Edited,
    /// Somebody else has edited them since; they are now as told.
    Overtaken(Box<KnownCustomer>),
    Missing,
}

/// Somebody who is met: their name is taken unless the business has written one.
pub(super) struct Met<'a> {
    /// Theirs, if nobody with this number is known yet.
    pub id: Uuid,
    pub business: BusinessId,
    pub phone: &'a PhoneNumber,
    pub name: &'a CustomerName,
    pub now: Timestamp,
}

macro_rules! columns {
    () => {
        "id, business_id, phone, name, note, named, first_seen, last_seen"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    business_id: Uuid,
    phone: String,
    name: String,
    note: String,
    named: bool,
    first_seen: Moment,
    last_seen: Moment,
}

impl TryFrom<Row> for KnownCustomer {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: CustomerId(row.id),
            business: BusinessId(row.business_id),
            phone: parsed(&row.phone, "customers.phone")?,
            name: CustomerName::new(&row.name),
            note: row.note,
            named: row.named,
            first_seen: moment(row.first_seen),
            last_seen: moment(row.last_seen),
        })
    }
}

/// For a transaction that writes about somebody with a number.
pub(super) async fn meet(tx: &mut Tx, met: &Met<'_>) -> Result<(), StoreError> {
    // "Guest" is what a booking without a name says; it replaces nobody's.
    let sql = "insert into customers (id, business_id, phone, name, search, note, named, first_seen, last_seen)
        values ($1, $2, $3, $4, $5, '', false, $6, $6)
        on conflict (business_id, phone) do update set
            last_seen = case when customers.last_seen > excluded.last_seen then customers.last_seen
                else excluded.last_seen end,
            name = case when customers.named or excluded.name = 'Guest' then customers.name else excluded.name end,
            search = case when customers.named or excluded.name = 'Guest' then customers.search else excluded.search end";
    on!(tx, tx => sqlx::query(sql)
        .bind(met.id)
        .bind(met.business.0)
        .bind(met.phone.as_str())
        .bind(met.name.as_str())
        .bind(search_text(met.name.as_str(), met.phone))
        .bind(at(met.now))
        .execute(&mut **tx).await.map(drop))?;
    Ok(())
}

impl Store {
    pub async fn customer(&self, business: BusinessId, id: CustomerId) -> Result<Option<KnownCustomer>, StoreError> {
        let sql = concat!("select ", columns!(), " from customers where business_id = $1 and id = $2");
        on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(business.0).bind(id.0).fetch_optional(db).await)?
            .map(KnownCustomer::try_from)
            .transpose()
    }

    pub async fn customer_by_phone(
        &self,
        business: BusinessId,
        phone: &PhoneNumber,
    ) -> Result<Option<KnownCustomer>, StoreError> {
        let sql = concat!("select ", columns!(), " from customers where business_id = $1 and phone = $2");
        on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(phone.as_str()).fetch_optional(db).await)?
        .map(KnownCustomer::try_from)
        .transpose()
    }

    pub async fn count_customers(&self, business: BusinessId) -> Result<u32, StoreError> {
        let sql = "select count(*) from customers where business_id = $1";
        let count = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql).bind(business.0).fetch_one(db).await)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Those that a search finds (an empty one finds everybody), after the cursor.
    pub async fn customers(
        &self,
        business: BusinessId,
        search: &str,
        order: CustomerOrder,
        after: Option<CustomerId>,
        limit: u32,
    ) -> Result<Vec<KnownCustomer>, StoreError> {
        let (column, direction, beyond) = match order {
            CustomerOrder::Last => ("last_seen", " desc", " < "),
            CustomerOrder::New => ("first_seen", " desc", " < "),
            CustomerOrder::Name => ("search", "", " > "),
        };
        let words = search_words(search);
        let rows = on!(&self.read, db => {
            let mut sql = QueryBuilder::new(concat!("select ", columns!(), " from customers where business_id = "));
            sql.push_bind(business.0);
            for word in &words {
                sql.push(" and search like ").push_bind(containing(word)).push(" escape '!'");
            }
            if let Some(after) = after {
                // The cursor is an id alone, so that no name stands in an address; where it stands is looked up.
                sql.push(" and (").push(column).push(", id)").push(beyond).push("(select ").push(column);
                sql.push(", id from customers where business_id = ").push_bind(business.0);
                sql.push(" and id = ").push_bind(after.0).push(")");
            }
            sql.push(" order by ").push(column).push(direction).push(", id").push(direction).push(" limit ");
            sql.push_bind(i64::from(limit));
            sql.build_query_as::<Row>().fetch_all(db).await
        })?;
        rows.into_iter().map(KnownCustomer::try_from).collect()
    }

    /// What the bookings of these numbers come to. Numbers without any are left out.
    pub async fn visits(
        &self,
        business: BusinessId,
        phones: &[&PhoneNumber],
        now: Timestamp,
    ) -> Result<HashMap<PhoneNumber, Visits>, StoreError> {
        #[derive(sqlx::FromRow)]
        struct Counted {
            phone: String,
            past: i64,
            last: Option<Moment>,
            coming: i64,
            next: Option<Moment>,
        }
        if phones.is_empty() {
            return Ok(HashMap::new());
        }
        let now = at(now);
        let rows = on!(&self.read, db => {
            let mut sql = QueryBuilder::new("select phone, count(*) filter (where starts_at < ");
            sql.push_bind(now).push(") as past, max(starts_at) filter (where starts_at < ").push_bind(now);
            sql.push(") as last, count(*) filter (where starts_at >= ").push_bind(now);
            sql.push(") as coming, min(starts_at) filter (where starts_at >= ").push_bind(now);
            sql.push(") as next from bookings where status = 'confirmed' and business_id = ").push_bind(business.0);
            sql.push(" and phone in (");
            let mut list = sql.separated(", ");
            for phone in phones {
                list.push_bind(phone.as_str());
            }
            sql.push(") group by phone");
            sql.build_query_as::<Counted>().persistent(false).fetch_all(db).await
        })?;
        let count = |count: i64| u32::try_from(count).unwrap_or_default();
        let visits = |row: Counted| {
            let visits = Visits {
                past: count(row.past),
                last: row.last.map(moment),
                coming: count(row.coming),
                next: row.next.map(moment),
            };
            Ok((parsed(&row.phone, "bookings.phone")?, visits))
        };
        rows.into_iter().map(visits).collect()
    }

    /// Writes a name and a note, if they are still what the editor saw.
    pub async fn edit_customer(
        &self,
        seen: &KnownCustomer,
        name: &CustomerName,
        note: &str,
        deed: &Deed,
    ) -> Result<Edited, StoreError> {
        let sql = "update customers set name = $5, search = $6, note = $7, named = (named or name <> $5)
            where business_id = $1 and id = $2 and name = $3 and note = $4";
        let mut tx = self.write.begin().await?;
        let edited = on!(&mut tx, tx => sqlx::query(sql)
            .bind(seen.business.0)
            .bind(seen.id.0)
            .bind(seen.name.as_str())
            .bind(&seen.note)
            .bind(name.as_str())
            .bind(search_text(name.as_str(), &seen.phone))
            .bind(text(note))
            .execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if edited == 1 {
            audit::write(&mut tx, deed).await?;
            tx.commit().await?;
            return Ok(Edited::Edited);
        }
        drop(tx);
        let there = self.customer(seen.business, seen.id).await?;
        Ok(there.map_or(Edited::Missing, |there| Edited::Overtaken(Box::new(there))))
    }
}

/// A pattern of `like` that is only what it says: "50%" finds fifty percent.
fn containing(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
