//! Messages that callers left for the business.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Store, StoreError,
    audit::{self, Deed},
    customers::{self, Met},
    engine::on,
    search::Pattern,
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
    /// When somebody saw to it.
    pub done: Option<Timestamp>,
}

/// Which messages to list.
#[derive(Clone, Debug, Default)]
pub struct NoteFilter {
    /// Only those that somebody has seen to, or has not.
    pub done: Option<bool>,
    /// In the words, the name and the number.
    pub search: Option<Pattern>,
    /// Digits of the number.
    pub digits: Option<Pattern>,
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
    done_at: Option<Moment>,
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
            done: row.done_at.map(moment),
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
        let sql = "select id, business_id, call_id, caller, name, text, created_at, done_at from notes
            where business_id = $1 and id < $2 order by id desc limit $3";
        // The largest UUID is after every other, and nobody's.
        let before = before.map_or(Uuid::max(), |id| id.0);
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(before).bind(i64::from(limit)).fetch_all(db).await)?;
        rows.into_iter().map(StoredNote::try_from).collect()
    }

    pub async fn notes_of_call(&self, call: CallId) -> Result<Vec<StoredNote>, StoreError> {
        let sql = "select id, business_id, call_id, caller, name, text, created_at, done_at from notes
            where call_id = $1 order by id";
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(call.0).fetch_all(db).await)?;
        rows.into_iter().map(StoredNote::try_from).collect()
    }

    /// Messages as they are listed for the business, newest first, before the cursor.
    pub async fn listed_notes(
        &self,
        business: BusinessId,
        filter: &NoteFilter,
        before: Option<MessageId>,
        limit: u32,
    ) -> Result<Vec<StoredNote>, StoreError> {
        let sql = "select id, business_id, call_id, caller, name, text, created_at, done_at from notes
            where business_id = $1 and id < $2 and ($3 is null or $3 = (done_at is not null))
                and ($4 is null or lower(text) like $4 escape '\\' or text like $5 escape '\\'
                    or lower(name) like $4 escape '\\' or name like $5 escape '\\' or caller like $6 escape '\\')
            order by id desc limit $7";
        let before = before.map_or(Uuid::max(), |id| id.0);
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0)
            .bind(before)
            .bind(filter.done)
            .bind(filter.search.as_ref().map(Pattern::lower))
            .bind(filter.search.as_ref().map(Pattern::typed))
            .bind(filter.digits.as_ref().map(Pattern::typed))
            .bind(i64::from(limit))
            .fetch_all(db).await)?;
        rows.into_iter().map(StoredNote::try_from).collect()
    }

    /// Whether a message is this business's.
    pub async fn has_note(&self, business: BusinessId, id: MessageId) -> Result<bool, StoreError> {
        let sql = "select count(*) from notes where business_id = $1 and id = $2";
        let found = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql)
            .bind(business.0).bind(id.0).fetch_one(db).await)?;
        Ok(found > 0)
    }

    /// How many messages nobody has seen to.
    pub async fn open_notes(&self, business: BusinessId) -> Result<i64, StoreError> {
        let sql = "select count(*) from notes where business_id = $1 and done_at is null";
        Ok(on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql).bind(business.0).fetch_one(db).await)?)
    }

    /// Somebody has seen to a message (`done` says when), or has not after all, with its line in the audit log. False:
    /// there is no such message, or it is so already.
    pub async fn note_done(
        &self,
        business: BusinessId,
        id: MessageId,
        done: Option<Timestamp>,
        deed: &Deed,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = "update notes set done_at = $3
            where business_id = $1 and id = $2 and (done_at is null) = ($3 is not null)";
        let changed = on!(&mut tx, tx => sqlx::query(sql)
            .bind(business.0).bind(id.0).bind(done.map(at))
            .execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if changed == 0 {
            return Ok(false);
        }
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(true)
    }
}
