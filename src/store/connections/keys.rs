//! Keys as whoever runs the server sees them: which there are, and taking new ones while the server serves.
//!
//! In small steps, each of which may be the last: what was not done is done by the next run.

use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;
use tokio::time::sleep;
use uuid::Uuid;

use super::vault::{KeyRow, Vault, VaultError, add_key};
use crate::{
    domain::ids::{BusinessId, ConnectionId},
    secrets::{DataKey, KeyId, SecretsError, Wrapped},
    store::{StoreError, engine::on, values::parsed},
};

/// What is sealed with which key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealings {
    /// Of each master key: how many data keys it seals.
    pub masters: Vec<(KeyId, u64)>,
    /// Connections whose business's newest data key seals them.
    pub newest: u64,
    /// Connections that an older one seals.
    pub older: u64,
}

/// What came of trying to open every connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opens {
    pub open: u64,
    /// Those that do not open with the keys of this process.
    pub closed: u64,
}

/// How far taking new keys has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Data keys that the current master key seals now.
    pub wrapped: u64,
    /// Businesses that have a new data key.
    pub businesses: u64,
    /// Connections that were sealed with it.
    pub connections: u64,
    /// Data keys and connections that do not open, though their key is here. They are left as they are.
    pub unreadable: u64,
}

/// Why a process must not go on with the keys it was given.
#[derive(Debug, Error)]
pub enum CheckError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("what opens {keys} businesses' calendars is sealed with the master key {master}, which is not here")]
    Missing { master: KeyId, keys: u64 },
    #[error("what the master key {master} has sealed does not open with it: the database was changed by hand")]
    Damaged { master: KeyId },
}

/// So many data keys or connections are looked up at once.
const PAGE: i64 = 100;
/// A connection whose token is renewed just now is tried again, so often at most.
const TRIES: u32 = 50;
/// A database that is busy with calls is left alone for so long.
const PAUSE: Duration = Duration::from_millis(200);

fn counted(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

impl Vault {
    /// Which keys there are in the database.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sealings(&self) -> Result<Sealings, StoreError> {
        let sql = "select master_key, count(*) from data_keys group by master_key order by master_key";
        let rows = on!(&self.store.read, db => sqlx::query_as::<_, (String, i64)>(sql).fetch_all(db).await)?;
        let master = |(id, count): (String, i64)| Ok((parsed(&id, "data_keys.master_key")?, counted(count)));
        let masters = rows.into_iter().map(master).collect::<Result<_, StoreError>>()?;
        let sql = "select count(*) from connections join data_keys on data_keys.id = data_key_id where in_use = $1";
        let count = async |newest: bool| -> Result<u64, StoreError> {
            let rows = on!(&self.store.read, db =>
                sqlx::query_scalar::<_, i64>(sql).bind(newest).fetch_one(db).await)?;
            Ok(counted(rows))
        };
        Ok(Sealings { masters, newest: count(true).await?, older: count(false).await? })
    }

    /// Makes sure that this process's ring opens what is there: every data key's master key is in it, and some of those that
    /// each of them seals do open.
    ///
    /// # Errors
    /// The id of a master key that is missing, or that is not the one that sealed.
    pub async fn check(&self) -> Result<(), CheckError> {
        let there = self.sealings().await?.masters;
        for (master, keys) in there {
            let keyring = self.keyring().map_err(|_| CheckError::Missing { master, keys })?;
            if !keyring.knows(master) {
                return Err(CheckError::Missing { master, keys });
            }
            let sql =
                "select id, business_id, master_key, wrapped from data_keys where master_key = $1 order by id limit $2";
            let rows = on!(&self.store.read, db => sqlx::query_as::<_, KeyRow>(sql)
                .bind(master.to_string()).bind(PAGE).fetch_all(db).await)
            .map_err(StoreError::from)?;
            let wrapped: Vec<_> = rows.into_iter().map(Wrapped::try_from).collect::<Result<_, _>>()?;
            // One that was spoilt is its business's trouble, and no reason to answer nobody.
            if !wrapped.is_empty() && wrapped.iter().all(|wrapped| wrapped.open(keyring).is_err()) {
                return Err(CheckError::Damaged { master });
            }
        }
        Ok(())
    }

    /// Opens every connection once, and says how many do open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn opened(&self) -> Result<Opens, StoreError> {
        let (mut opens, mut after) = (Opens::default(), Uuid::nil());
        loop {
            let page = self.find_after(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(opens) };
            after = last.id.0;
            for found in &page {
                *(if self.open(found).is_ok() { &mut opens.open } else { &mut opens.closed }) += 1;
            }
        }
    }

    /// Seals data keys with the current master key that another one seals, and the connections with new data keys. When it
    /// ends well, nothing that opens is sealed with what was there when it began.
    ///
    /// # Errors
    /// When it broke off; what was done stays done, and it may be begun again.
    pub async fn rotate(&self, now: Timestamp) -> Result<Resealed, VaultError> {
        let mut done = Resealed::default();
        let mut after = Uuid::nil();
        while let Some((last, wrapped, unreadable)) = patiently(async || self.rewrap(after).await).await? {
            after = last;
            done.wrapped += wrapped;
            done.unreadable += unreadable;
        }
        let mut after = Uuid::nil();
        loop {
            let sql = "select distinct business_id from data_keys where business_id > $1 order by business_id limit $2";
            let businesses = on!(&self.store.read, db => sqlx::query_scalar::<_, Uuid>(sql)
                .bind(after).bind(PAGE).fetch_all(db).await)?;
            let Some(last) = businesses.last() else { return Ok(done) };
            after = *last;
            for business in businesses {
                let business = BusinessId(business);
                patiently(async || self.renew_key(business, now).await).await?;
                done.businesses += 1;
                let (sealed, unreadable) = patiently(async || self.reseal(business, now).await).await?;
                done.connections += sealed;
                done.unreadable += unreadable;
            }
        }
    }

    /// The next data keys that another master key seals: the last of them, how many it was done with, and how many do not open.
    /// Nothing: there are no more.
    async fn rewrap(&self, after: Uuid) -> Result<Option<(Uuid, u64, u64)>, VaultError> {
        let keyring = self.keyring()?;
        let sql = "select id, business_id, master_key, wrapped from data_keys
            where master_key <> $1 and id > $2 order by id limit $3";
        let rows = on!(&self.store.read, db => sqlx::query_as::<_, KeyRow>(sql)
            .bind(keyring.current().to_string()).bind(after).bind(PAGE).fetch_all(db).await)?;
        let rows: Vec<_> = rows.into_iter().map(Wrapped::try_from).collect::<Result<_, _>>()?;
        let Some(last) = rows.last().map(|wrapped| wrapped.id) else { return Ok(None) };
        let (mut wrapped, mut unreadable) = (0, 0);
        for old in rows {
            let key = match old.open(keyring) {
                Ok(key) => key,
                Err(SecretsError::Refused) => {
                    unreadable += 1;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let new = key.wrap(old.business, keyring)?;
            let sql = "update data_keys set wrapped = $3, master_key = $4 where id = $1 and master_key = $2";
            let changed = on!(&self.store.write, db => sqlx::query(sql)
                .bind(old.id)
                .bind(old.master.to_string())
                .bind(new.sealed.as_bytes())
                .bind(new.master.to_string())
                .execute(db).await.map(|done| done.rows_affected()))?;
            wrapped += changed;
        }
        Ok(Some((last, wrapped, unreadable)))
    }

    /// From now on a fresh key seals what the business has.
    async fn renew_key(&self, business: BusinessId, now: Timestamp) -> Result<(), VaultError> {
        let fresh = DataKey::fresh()?.wrap(business, self.keyring()?)?;
        let mut tx = self.store.write.begin().await?;
        let sql = "update data_keys set in_use = false where business_id = $1 and in_use";
        on!(&mut tx, tx => sqlx::query(sql).bind(business.0).execute(&mut **tx).await.map(drop))?;
        add_key(&mut tx, &fresh, now).await?;
        Ok(tx.commit().await?)
    }

    /// Seals what an older key of the business seals with its newest, one row at a time, and takes the older keys away. How
    /// many it was done with, and how many do not open: their key stays, since somebody may still put them right.
    async fn reseal(&self, business: BusinessId, now: Timestamp) -> Result<(u64, u64), VaultError> {
        let mut done = 0;
        for _ in 0..TRIES {
            let (mut unreadable, mut after) = (0, Uuid::nil());
            loop {
                let sql = "select connections.id from connections join data_keys on data_keys.id = data_key_id
                    where connections.business_id = $1 and not in_use and connections.id > $2
                    order by connections.id limit $3";
                let rows = on!(&self.store.read, db => sqlx::query_scalar::<_, Uuid>(sql)
                    .bind(business.0).bind(after).bind(PAGE).fetch_all(db).await)?;
                let Some(last) = rows.last() else { break };
                after = *last;
                for id in &rows {
                    match self.reseal_one(business, ConnectionId(*id), now).await {
                        Ok(sealed) => done += sealed,
                        Err(VaultError::Secrets(SecretsError::Refused)) => unreadable += 1,
                        Err(error) => return Err(error),
                    }
                }
            }
            // One that a connection was sealed with at this very moment is kept: by the condition, or by the database.
            let sql = "delete from data_keys where business_id = $1 and not in_use
                and not exists (select 1 from connections where data_key_id = data_keys.id)";
            let deleted = on!(&self.store.write, db => sqlx::query(sql).bind(business.0).execute(db).await.map(drop));
            let sql = "select count(*) from connections join data_keys on data_keys.id = data_key_id
                where connections.business_id = $1 and not in_use";
            let left = on!(&self.store.write, db =>
                sqlx::query_scalar::<_, i64>(sql).bind(business.0).fetch_one(db).await)?;
            if deleted.is_ok() && counted(left) == unreadable {
                return Ok((done, unreadable));
            }
            sleep(PAUSE).await;
        }
        Err(StoreError::Unavailable(sqlx::Error::PoolTimedOut).into())
    }

    async fn reseal_one(&self, business: BusinessId, id: ConnectionId, now: Timestamp) -> Result<u64, VaultError> {
        let mut tx = self.store.write.begin().await?;
        let Some(found) = Vault::find_in(&mut tx, business, id).await? else { return Ok(0) };
        let opened = self.open(&found)?;
        let (key, key_id) = self.key_in_use(&mut tx, business, now).await?;
        let sealed = key.seal(&Vault::place(business, id), &opened)?;
        // Not when something new was sealed since.
        let sql = "update connections set credential = $4, data_key_id = $5
            where business_id = $1 and id = $2 and credential = $3 and data_key_id = $6";
        let changed = on!(&mut tx, tx => sqlx::query(sql)
            .bind(business.0)
            .bind(id.0)
            .bind(found.credential.as_bytes())
            .bind(sealed.as_bytes())
            .bind(key_id)
            .bind(found.key.id)
            .execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        tx.commit().await?;
        Ok(changed)
    }
}

/// Again, while the database has no time for it.
async fn patiently<T>(mut step: impl AsyncFnMut() -> Result<T, VaultError>) -> Result<T, VaultError> {
    let mut tries = 1;
    loop {
        match step().await {
            Err(VaultError::Store(StoreError::Unavailable(_))) if tries < TRIES => sleep(PAUSE).await,
            done => return done,
        }
        tries += 1;
    }
}
