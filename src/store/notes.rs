//! Messages that callers left for the business.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Store, StoreError,
    customers::{self, Met},
    engine::on,
    values::{Moment, at, moment, parsed_if, text},
};
use crate::domain::{
    booking::CustomerName,
    ids::{BusinessId, CallId, MessageId},
    phone::PhoneNumber,
};

#[derive(Clone)]
pub struct StoredNote {
    pub id: MessageId,
    pub business: BusinessId,
    pub call: Option<CallId>,
    pub from: Option<PhoneNumber>,
    pub name: Option<String>,
    pub text: String,
    pub created: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    business_id: Uuid,
    call_id: Option<Uuid>,
    caller: Option<String>,
    name: Option<String>,
    text: String,
    created_at: Moment,
}

impl TryFrom<Row> for StoredNote {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: MessageId(row.id),
            business: BusinessId(row.business_id),
            call: row.call_id.map(CallId),
            from: parsed_if(row.caller.as_deref(), "notes.caller")?,
            name: row.name,
            text: row.text,
            created: moment(row.created_at),
        })
    }
}

impl Store {
    /// Writing the same id again changes nothing. Who tells their name becomes a customer.
    pub async fn add_note(&self, note: &StoredNote) -> Result<(), StoreError> {
        let sql = "insert into notes (id, business_id, call_id, caller, name, text, created_at)
            values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing";
        let mut tx = self.write.begin().await?;
        on!(&mut tx, tx => sqlx::query(sql)
            .bind(note.id.0)
            .bind(note.business.0)
            .bind(note.call.map(|call| call.0))
            .bind(note.from.as_ref().map(PhoneNumber::as_str))
            .bind(note.name.as_deref().map(text))
            .bind(text(&note.text))
            .bind(at(note.created))
            .execute(&mut **tx).await.map(drop))?;
        if let (Some(name), Some(phone)) = (&note.name, &note.from) {
            let name = &CustomerName::new(name);
            let met = Met { id: note.id.0, business: note.business, phone, name, now: note.created };
            customers::meet(&mut tx, &met).await?;
        }
        tx.commit().await
    }

    /// Newest first, before the cursor.
    pub async fn notes(
        &self,
        business: BusinessId,
        before: Option<MessageId>,
        limit: u32,
    ) -> Result<Vec<StoredNote>, StoreError> {
        let sql = "select id, business_id, call_id, caller, name, text, created_at from notes
            where business_id = $1 and id < $2 order by id desc limit $3";
        // The largest UUID is after every other, and nobody's.
        let before = before.map_or(Uuid::max(), |id| id.0);
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(before).bind(i64::from(limit)).fetch_all(db).await)?;
        rows.into_iter().map(StoredNote::try_from).collect()
    }

    pub async fn notes_of_call(&self, call: CallId) -> Result<Vec<StoredNote>, StoreError> {
        let sql = "select id, business_id, call_id, caller, name, text, created_at from notes
            where call_id = $1 order by id";
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(call.0).fetch_all(db).await)?;
        rows.into_iter().map(StoredNote::try_from).collect()
    }
}
