//! Text messages as they are listed for the business, and sent once more.

use jiff::Timestamp;
use uuid::Uuid;

use super::{NewOutbox, Outbox, Row, columns, write};
use crate::{
    domain::ids::{BusinessId, OutboxId},
    store::{
        Store, StoreError,
        audit::{self, Deed},
        engine::on,
        search::Pattern,
        values::at,
    },
};

/// What became of a message, as it is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// It waits, or is being sent.
    Waiting,
    /// The vendor has it, and no more is known.
    Sent,
    Delivered,
    /// It was given up, or did not arrive.
    Failed,
}

/// Which messages to list.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    pub state: Option<MessageState>,
    /// In the number and in the words.
    pub search: Option<Pattern>,
    /// Digits of the number.
    pub digits: Option<Pattern>,
}

impl MessageState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

impl Store {
    /// Text messages, newest first, before the cursor.
    pub async fn messages(
        &self,
        business: BusinessId,
        filter: &MessageFilter,
        before: Option<(Timestamp, OutboxId)>,
        limit: u32,
    ) -> Result<Vec<Outbox>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from outbox
            where business_id = $1 and kind = 'sms' and (created_at, id) < ($2, $3)
                and ($4 is null
                    or $4 = case
                        when state in ('pending', 'sending') then 'waiting'
                        when state = 'failed' or delivery in ('undelivered', 'failed') then 'failed'
                        when delivery = 'delivered' then 'delivered'
                        else 'sent'
                    end)
                and ($5 is null or lower(body) like $5 escape '\\' or body like $6 escape '\\'
                    or recipient like $7 escape '\\')
            order by created_at desc, id desc limit $8"
        );
        let (created, id) = before.unwrap_or((Timestamp::MAX, OutboxId(Uuid::max())));
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0)
            .bind(at(created))
            .bind(id.0)
            .bind(filter.state.map(MessageState::as_str))
            .bind(filter.search.as_ref().map(Pattern::lower))
            .bind(filter.search.as_ref().map(Pattern::typed))
            .bind(filter.digits.as_ref().map(Pattern::typed))
            .bind(i64::from(limit))
            .fetch_all(db).await)?;
        rows.into_iter().map(Outbox::try_from).collect()
    }

    /// One text message.
    pub async fn message(&self, business: BusinessId, id: OutboxId) -> Result<Option<Outbox>, StoreError> {
        let sql = concat!("select ", columns!(), " from outbox where business_id = $1 and id = $2 and kind = 'sms'");
        on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(business.0).bind(id.0).fetch_optional(db).await)?
            .map(Outbox::try_from)
            .transpose()
    }

    /// How many of these dedupe keys are used.
    pub async fn messages_with_keys(&self, keys: &[String]) -> Result<usize, StoreError> {
        let mut used = 0;
        for key in keys {
            let sql = "select count(*) from outbox where dedupe_key = $1";
            let count = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql).bind(key).fetch_one(db).await)?;
            used += usize::from(count > 0);
        }
        Ok(used)
    }

    /// Writes a message to be sent, with its line in the audit log. False: there is one with its key.
    pub async fn add_message(&self, row: &NewOutbox, deed: &Deed) -> Result<bool, StoreError> {
        let mut tx = self.write.begin().await?;
        write(&mut tx, std::slice::from_ref(row)).await?;
        let sql = "select count(*) from outbox where id = $1";
        let written = on!(&mut tx, tx => sqlx::query_scalar::<_, i64>(sql)
            .bind(row.id.0).fetch_one(&mut **tx).await)?;
        if written == 0 {
            return Ok(false);
        }
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(true)
    }
}
