//! Keeping a time free for somebody who is being read the details.

use jiff::Timestamp;

use super::{
    Held, NewHold,
    row::{Row, columns},
    seat::{Seat, Wanted, session_key},
};
use crate::{
    domain::{booking::Booking, ids::BusinessId, phone::PhoneNumber},
    store::{
        Store, StoreError,
        engine::{Tx, on},
        error::is_conflict,
        values::at,
    },
};

/// How often a transaction that had to step back is tried. Each try waits at most 300 ms for a lock.
pub(in crate::store) const TRIES: u32 = 3;

impl Store {
    /// Writes a hold unless the time is taken. Holds that ran out give way first, in the same transaction.
    pub async fn hold(&self, hold: &NewHold) -> Result<Held, StoreError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.try_hold(hold).await {
                Err(error) if error.contended() && tries < TRIES => {}
                done => return done,
            }
        }
    }

    async fn try_hold(&self, hold: &NewHold) -> Result<Held, StoreError> {
        if let Some(booking) = self.held_by_key(hold.business, &hold.key).await? {
            return Ok(Held::Replayed(booking));
        }
        let wanted = Wanted::from(hold);
        // Most of those who are too late learn it here, without standing in a queue.
        if wanted.glance(&self.read).await?.is_some()
            && let Some(booking) = self.write_hold(hold, &wanted).await?
        {
            return Ok(Held::Held(booking));
        }
        // Whoever has the time may have used our key a moment ago.
        let earlier = self.held_by_key(hold.business, &hold.key).await?;
        Ok(earlier.map_or(Held::Taken, Held::Replayed))
    }

    /// Nothing when the time, or the key, is taken.
    async fn write_hold(&self, hold: &NewHold, wanted: &Wanted) -> Result<Option<Booking>, StoreError> {
        let mut tx = self.write.begin().await?;
        wanted.queue(&mut tx).await?;
        wanted.expire(&mut tx).await?;
        if hold.replacing.is_some() {
            give_up_earlier(&mut tx, hold).await?;
        }
        let Some(seat) = wanted.look(&mut tx).await? else { return Ok(None) };
        let Some(row) = insert(&mut tx, hold, wanted, &seat).await? else { return Ok(None) };
        tx.commit().await?;
        row.try_into().map(Some)
    }

    /// Holds of a business that have not run out and whose key begins with this, soonest to run out first. `%` and `_`
    /// must not stand in it.
    pub async fn live_holds(
        &self,
        business: BusinessId,
        key: &str,
        now: Timestamp,
    ) -> Result<Vec<Booking>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from bookings
            where business_id = $1 and status = 'held' and busy_to > $2 and expires_at > $2 and key like $3 || '%'
            order by expires_at, id limit 20"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(at(now)).bind(key).fetch_all(db).await)?;
        rows.into_iter().map(Booking::try_from).collect()
    }

    async fn held_by_key(&self, business: BusinessId, key: &str) -> Result<Option<Booking>, StoreError> {
        let sql = concat!("select ", columns!(), " from bookings where business_id = $1 and key = $2");
        on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(business.0).bind(key).fetch_optional(db).await)?
            .map(Booking::try_from)
            .transpose()
    }
}

impl From<&NewHold> for Wanted {
    fn from(hold: &NewHold) -> Self {
        Self {
            business: hold.business,
            staff: hold.slot.staff,
            busy: hold.busy,
            session_key: session_key(hold.slot.service, hold.slot.starts),
            capacity: i32::from(hold.capacity),
            replacing: hold.replacing.map(|id| id.0),
            itself: None,
            now: hold.now,
        }
    }
}

/// A caller who changes their mind about where to move a booking keeps one hold, the last.
async fn give_up_earlier(tx: &mut Tx, hold: &NewHold) -> Result<(), StoreError> {
    let sql = "update bookings set status = 'expired', released_at = $3, version = version + 1
        where business_id = $1 and replacing = $2 and status = 'held'";
    on!(tx, tx => sqlx::query(sql)
        .bind(hold.business.0)
        .bind(hold.replacing.map(|id| id.0))
        .bind(at(hold.now))
        .execute(&mut **tx).await.map(drop))?;
    Ok(())
}

/// No row when the database sees a conflict that we did not.
async fn insert(tx: &mut Tx, hold: &NewHold, wanted: &Wanted, seat: &Seat) -> Result<Option<Row>, StoreError> {
    let sql = concat!(
        "insert into bookings (id, business_id, staff_id, service_id, starts_at, ends_at, busy_from, busy_to,
            session_key, seat, capacity, wall, zone, name, phone, status, expires_at, replacing, call_id, key,
            unverified, version, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'held', $16, $17, $18, $19,
            false, 1, $20)
        on conflict do nothing returning ",
        columns!()
    );
    let written = on!(tx, tx => sqlx::query_as::<_, Row>(sql)
        .bind(hold.id.0)
        .bind(hold.business.0)
        .bind(hold.slot.staff.0)
        .bind(hold.slot.service.0)
        .bind(at(hold.slot.starts))
        .bind(at(hold.slot.ends))
        .bind(at(hold.busy.0))
        .bind(at(hold.busy.1))
        .bind(&seat.session_key)
        .bind(seat.seat)
        .bind(wanted.capacity)
        .bind(hold.wall.to_string())
        .bind(&hold.zone)
        .bind(hold.customer.name.as_str())
        .bind(hold.customer.phone.as_ref().map(PhoneNumber::as_str))
        .bind(at(hold.expires))
        .bind(wanted.replacing)
        .bind(hold.call.map(|call| call.0))
        .bind(&hold.key)
        .bind(at(hold.now))
        .fetch_optional(&mut **tx).await);
    match written {
        Err(error) if is_conflict(&error) => Ok(None),
        done => Ok(done?),
    }
}
