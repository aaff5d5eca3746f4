//! Blocks: time that a business keeps for itself. Holds look for them where they look for other bookings
//! (`bookings/seat.rs`); here they are written, so that a hold and a block that are made at the same moment are decided by
//! the database: SQLite has one writer, and on Postgres a block waits until the holds under way are done, and they for it.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Store, StoreError,
    bookings::{TRIES, alone},
    engine::{Tx, on},
    values::{Moment, at, moment, text},
};
use crate::domain::{
    block::Block,
    ids::{BlockId, BusinessId, StaffId},
};

/// What became of a change to a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    Done(Block),
    /// There is none, or it is no longer of the version that was looked at.
    Overtaken,
}

macro_rules! columns {
    () => {
        "id, business_id, staff_id, starts_at, ends_at, reason, version"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    business_id: Uuid,
    staff_id: Option<Uuid>,
    starts_at: Moment,
    ends_at: Moment,
    reason: String,
    version: i32,
}

impl From<Row> for Block {
    fn from(row: Row) -> Self {
        Self {
            id: BlockId(row.id),
            business: BusinessId(row.business_id),
            staff: row.staff_id.map(StaffId),
            from: moment(row.starts_at),
            to: moment(row.ends_at),
            reason: row.reason,
            version: row.version,
        }
    }
}

impl Store {
    /// Those of a business that touch from ≤ t < to, in order of time.
    pub async fn blocks(
        &self,
        business: BusinessId,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Vec<Block>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from blocks where business_id = $1 and removed_at is null and ends_at > $2 and starts_at < $3
            order by starts_at, id"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(at(from)).bind(at(to)).fetch_all(db).await)?;
        Ok(rows.into_iter().map(Block::from).collect())
    }

    /// One that counts.
    pub async fn one_block(&self, business: BusinessId, id: BlockId) -> Result<Option<Block>, StoreError> {
        let sql =
            concat!("select ", columns!(), " from blocks where business_id = $1 and id = $2 and removed_at is null");
        let row = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(id.0).fetch_optional(db).await)?;
        Ok(row.map(Block::from))
    }

    /// Writes a new one (its version is 0 until then), or what one is to be from now on (its version is the one that was
    /// looked at). Holds in it that ran out count no more; those that are being read to somebody stay, as bookings do.
    pub async fn block(&self, block: &Block, now: Timestamp) -> Result<Blocked, StoreError> {
        self.change(block.business, Change::Write(block), now).await
    }

    /// It counts no more.
    pub async fn unblock(&self, business: BusinessId, id: BlockId, now: Timestamp) -> Result<Blocked, StoreError> {
        let sql = concat!(
            "update blocks set removed_at = $3, version = version + 1
            where business_id = $1 and id = $2 and removed_at is null returning ",
            columns!()
        );
        let row = on!(&self.write, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(id.0).bind(at(now)).fetch_optional(db).await)?;
        Ok(row.map_or(Blocked::Overtaken, |row| Blocked::Done(row.into())))
    }

    /// One that was removed counts again.
    pub async fn block_again(&self, business: BusinessId, id: BlockId, now: Timestamp) -> Result<Blocked, StoreError> {
        self.change(business, Change::Again(id), now).await
    }

    async fn change(&self, business: BusinessId, change: Change<'_>, now: Timestamp) -> Result<Blocked, StoreError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.try_change(business, change, now).await {
                Err(error) if error.contended() && tries < TRIES => {}
                done => return done,
            }
        }
    }

    /// In a transaction that no hold of this business is in the middle of.
    async fn try_change(
        &self,
        business: BusinessId,
        change: Change<'_>,
        now: Timestamp,
    ) -> Result<Blocked, StoreError> {
        let mut tx = self.write.begin().await?;
        alone(&mut tx, business).await?;
        let block = match change {
            Change::Write(block) => write(&mut tx, block, now).await?,
            Change::Again(id) => again(&mut tx, business, id).await?,
        };
        let Some(block) = block else { return Ok(Blocked::Overtaken) };
        expire(&mut tx, &block, now).await?;
        tx.commit().await?;
        Ok(Blocked::Done(block))
    }
}

#[derive(Clone, Copy)]
enum Change<'a> {
    Write(&'a Block),
    Again(BlockId),
}

async fn write(tx: &mut Tx, block: &Block, now: Timestamp) -> Result<Option<Block>, StoreError> {
    let new = "insert into blocks (id, business_id, staff_id, starts_at, ends_at, reason, version, created_at)
        values ($1, $2, $3, $4, $5, $6, $7 + 1, $8)";
    let changed = "update blocks set staff_id = $3, starts_at = $4, ends_at = $5, reason = $6, version = version + 1
        where id = $1 and business_id = $2 and version = $7 and removed_at is null and created_at <= $8";
    let sql = if block.version == 0 { new } else { changed };
    let written = on!(tx, tx => sqlx::query(sql)
        .bind(block.id.0)
        .bind(block.business.0)
        .bind(block.staff.map(|id| id.0))
        .bind(at(block.from))
        .bind(at(block.to))
        .bind(text(&block.reason))
        .bind(block.version)
        .bind(at(now))
        .execute(&mut **tx).await.map(|done| done.rows_affected()))?;
    Ok((written > 0).then(|| Block { version: block.version + 1, ..block.clone() }))
}

async fn again(tx: &mut Tx, business: BusinessId, id: BlockId) -> Result<Option<Block>, StoreError> {
    let sql = concat!(
        "update blocks set removed_at = null, version = version + 1
        where business_id = $1 and id = $2 and removed_at is not null returning ",
        columns!()
    );
    let row = on!(tx, tx => sqlx::query_as::<_, Row>(sql)
        .bind(business.0).bind(id.0).fetch_optional(&mut **tx).await)?;
    Ok(row.map(Block::from))
}

/// A hold that ran out is confirmed only while nobody has taken its time since, and a block takes it.
async fn expire(tx: &mut Tx, block: &Block, now: Timestamp) -> Result<(), StoreError> {
    let sql = "update bookings set status = 'expired', version = version + 1
        where business_id = $1 and ($2 is null or staff_id = $2) and status in ('held', 'confirmed')
            and busy_to > $3 and busy_from < $4 and status = 'held' and expires_at <= $5";
    on!(tx, tx => sqlx::query(sql)
        .bind(block.business.0)
        .bind(block.staff.map(|id| id.0))
        .bind(at(block.from))
        .bind(at(block.to))
        .bind(at(now))
        .execute(&mut **tx).await.map(drop))?;
    Ok(())
}
