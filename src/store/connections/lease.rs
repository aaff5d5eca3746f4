//! Who may ask for a new token: one process at a time, by a row that it holds for a while. No transaction is open while it
//! asks.
//!
//! Everything that changes what opens the account raises the row's `fence`, so whoever is late, because it slept or its
//! lease ran out, writes nothing.

use jiff::Timestamp;

use super::vault::{Vault, VaultError};
use crate::{
    domain::{
        connection::Why,
        ids::{BusinessId, ConnectionId},
        secret::Secret,
    },
    store::{engine::on, values::at},
};

/// Whether a lease was given.
#[derive(Debug)]
pub enum Lease {
    Taken(Leased),
    /// Another process has it.
    Held,
    /// Nobody is to ask any more. A calendar that is gone is no reason: its owner chooses another.
    Reconnect(Why),
    /// It was disconnected.
    Missing,
}

/// A lease, and what it is for.
#[derive(Debug)]
pub struct Leased {
    pub fence: i64,
    pub credential: Secret,
    /// Somebody asked before, and what came of it was never written down.
    pub begun: Option<Timestamp>,
}

/// What asking came to.
#[derive(Debug)]
pub struct Fresh<'a> {
    /// A new credential in the place of the old one.
    pub credential: Option<&'a Secret>,
    pub expires: Timestamp,
}

/// Two that look at once need one more look each.
const LOOKS: u32 = 4;

impl Vault {
    /// Asks to be the one who asks, until a moment. From then on it counts as asked.
    ///
    /// # Errors
    /// When the database does not answer, or the credential cannot be opened here; then no lease was taken.
    pub async fn lease(
        &self,
        (business, id): (BusinessId, ConnectionId),
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Lease, VaultError> {
        for _ in 0..LOOKS {
            let Some(found) = self.find(business, id).await? else { return Ok(Lease::Missing) };
            if let Some(why) = found.reconnect.filter(|why| *why != Why::CalendarGone) {
                return Ok(Lease::Reconnect(why));
            }
            if found.leased_until.is_some_and(|until| until > now) {
                return Ok(Lease::Held);
            }
            let credential = self.open(&found)?;
            let sql = "update connections set fence = fence + 1, leased_until = $5, begun_at = $4
                where business_id = $1 and id = $2 and fence = $3
                    and (state <> 'reconnect' or reconnect_why = 'calendar_gone')";
            let taken = on!(&self.store.write, db => sqlx::query(sql)
                .bind(business.0).bind(id.0).bind(found.fence).bind(at(now)).bind(at(until)).execute(db).await
                .map(|done| done.rows_affected()))?;
            if taken == 1 {
                let fence = found.fence + 1;
                return Ok(Lease::Taken(Leased { fence, credential, begun: found.begun_at }));
            }
        }
        Ok(Lease::Held)
    }

    /// Writes down what asking came to, and gives the lease back: in one transaction, before any of it is used. False: it
    /// is not ours any more, and what was got is worth nothing.
    ///
    /// # Errors
    /// When it is not known to be written; it may be tried again.
    pub async fn settle(
        &self,
        (business, id, fence): (BusinessId, ConnectionId, i64),
        fresh: &Fresh<'_>,
        now: Timestamp,
    ) -> Result<bool, VaultError> {
        let mut tx = self.store.write.begin().await?;
        let written = match fresh.credential {
            None => {
                let sql = "update connections set access_expires_at = $4, leased_until = null, begun_at = null,
                        fence = fence + 1
                    where business_id = $1 and id = $2 and fence = $3";
                on!(&mut tx, tx => sqlx::query(sql)
                    .bind(business.0).bind(id.0).bind(fence).bind(at(fresh.expires)).execute(&mut **tx).await
                    .map(|done| done.rows_affected()))?
            }
            Some(credential) => {
                let (key, key_id) = self.key_in_use(&mut tx, business, now).await?;
                let sealed = key.seal(&Vault::place(business, id), credential)?;
                let sql = "update connections set access_expires_at = $4, leased_until = null, begun_at = null,
                        fence = fence + 1, credential = $5, data_key_id = $6
                    where business_id = $1 and id = $2 and fence = $3";
                on!(&mut tx, tx => sqlx::query(sql)
                    .bind(business.0).bind(id.0).bind(fence).bind(at(fresh.expires)).bind(sealed.as_bytes()).bind(key_id)
                    .execute(&mut **tx).await.map(|done| done.rows_affected()))?
            }
        };
        tx.commit().await?;
        Ok(written == 1)
    }

    /// Gives a lease back that came to nothing. `begun`: since when it is not known whether a token was used up. `until`:
    /// nobody is to ask before.
    ///
    /// # Errors
    /// When the database does not answer; the lease runs out by itself.
    pub async fn release(
        &self,
        (business, id, fence): (BusinessId, ConnectionId, i64),
        begun: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<(), VaultError> {
        let sql = "update connections set leased_until = $5, begun_at = $4, fence = fence + 1
            where business_id = $1 and id = $2 and fence = $3";
        on!(&self.store.write, db => sqlx::query(sql)
            .bind(business.0).bind(id.0).bind(fence).bind(begun.map(at)).bind(until.map(at)).execute(db).await
            .map(drop))?;
        Ok(())
    }
}
