//! Making a hold a booking, in one transaction with everything that follows from it.

use uuid::Uuid;

use super::{
    Confirmed, NewConfirmation,
    hold::TRIES,
    row::{Row, columns},
    seat::{Seat, Wanted, session_key},
};
use crate::{
    domain::{
        booking::Booking,
        ids::{BookingId, BusinessId, ServiceId, StaffId},
        phone::PhoneNumber,
    },
    store::{
        Store, StoreError,
        customers::{self, Met},
        engine::{Tx, on},
        error::is_conflict,
        links, outbox, placements,
        values::{at, moment},
    },
};

impl Store {
    /// Confirms a hold. One that ran out is still confirmed if nobody has taken the time since.
    pub async fn confirm(&self, confirmation: &NewConfirmation) -> Result<Confirmed, StoreError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.try_confirm(confirmation).await {
                Err(error) if error.contended() && tries < TRIES => {}
                done => return done,
            }
        }
    }

    async fn try_confirm(&self, confirmation: &NewConfirmation) -> Result<Confirmed, StoreError> {
        let (business, id) = (confirmation.business, confirmation.hold);
        let Some(seen) = self.row(business, id).await? else { return Ok(Confirmed::Gone) };
        if !seen.confirmable() {
            return standing(seen);
        }
        let mut tx = self.write.begin().await?;
        // Before any row is locked, as holds do it, so that the two cannot wait for each other in a circle.
        if !seen.sits_well() {
            Wanted::again(&seen, confirmation).queue(&mut tx).await?;
        }
        let Some(hold) = claim(&mut tx, business, id).await? else {
            drop(tx);
            return match self.row(business, id).await? {
                Some(row) => standing(row),
                None => Ok(Confirmed::Gone),
            };
        };
        let replaced = match hold.replacing {
            None => None,
            Some(replaced) => match give_way(&mut tx, business, BookingId(replaced), id).await? {
                Some(booking) => Some(booking),
                None => return Ok(Confirmed::Gone),
            },
        };
        let Some(seat) = seat(&mut tx, &hold, confirmation).await? else { return Ok(Confirmed::Taken) };
        let Some(row) = write(&mut tx, confirmation, &seat).await? else { return Ok(Confirmed::Taken) };
        if let (Some(call), None) = (hold.call_id, hold.replacing) {
            count(&mut tx, confirmation, call).await?;
        }
        outbox::write(&mut tx, &confirmation.outbox).await?;
        if let Some(replaced) = &replaced {
            placements::withdraw_sooner(&mut tx, replaced.id, confirmation.now).await?;
        }
        let customer = &confirmation.customer;
        if let Some(phone) = &customer.phone {
            let met = Met { id: row.id, business, phone, name: &customer.name, now: confirmation.now };
            customers::meet(&mut tx, &met).await?;
        }
        if let Some(link) = &confirmation.link {
            links::write(&mut tx, business, id, hold.replacing.map(BookingId), link).await?;
        }
        tx.commit().await?;
        Ok(Confirmed::Confirmed { booking: row.try_into()?, replaced })
    }

    async fn row(&self, business: BusinessId, id: BookingId) -> Result<Option<Row>, StoreError> {
        let sql = concat!("select ", columns!(), " from bookings where business_id = $1 and id = $2");
        Ok(on!(&self.read, db =>
            sqlx::query_as::<_, Row>(sql).bind(business.0).bind(id.0).fetch_optional(db).await)?)
    }
}

/// What to say of a hold that cannot be confirmed (again).
fn standing(row: Row) -> Result<Confirmed, StoreError> {
    if row.status == "confirmed" { Ok(Confirmed::Already(row.try_into()?)) } else { Ok(Confirmed::Gone) }
}

impl Row {
    fn session_key(&self) -> String {
        session_key(ServiceId(self.service_id), moment(self.starts_at))
    }

    /// It has its own seat and has kept it: confirming it conflicts with nobody.
    fn sits_well(&self) -> bool {
        self.status == "held" && self.session_key == self.session_key()
    }
}

impl Wanted {
    /// The seat of a hold, to be looked for again.
    fn again(hold: &Row, confirmation: &NewConfirmation) -> Self {
        Self {
            business: confirmation.business,
            staff: StaffId(hold.staff_id),
            busy: (moment(hold.busy_from), moment(hold.busy_to)),
            session_key: hold.session_key(),
            capacity: hold.capacity,
            replacing: None,
            itself: Some(hold.id),
            now: confirmation.now,
        }
    }
}

/// Locks the hold: of two confirmations, the second waits here and then finds it confirmed.
async fn claim(tx: &mut Tx, business: BusinessId, id: BookingId) -> Result<Option<Row>, StoreError> {
    let sql = concat!(
        "update bookings set version = version + 1
        where business_id = $1 and id = $2 and status in ('held', 'expired') and released_at is null returning ",
        columns!()
    );
    Ok(on!(tx, tx =>
        sqlx::query_as::<_, Row>(sql).bind(business.0).bind(id.0).fetch_optional(&mut **tx).await)?)
}

/// The booking that is moved makes room for the one that replaces it. Nothing when it is no longer confirmed.
async fn give_way(
    tx: &mut Tx,
    business: BusinessId,
    replaced: BookingId,
    by: BookingId,
) -> Result<Option<Booking>, StoreError> {
    let sql = concat!(
        "update bookings set status = 'moved', moved_to = $3, version = version + 1
        where business_id = $1 and id = $2 and status = 'confirmed' returning ",
        columns!()
    );
    on!(tx, tx => sqlx::query_as::<_, Row>(sql)
        .bind(business.0).bind(replaced.0).bind(by.0).fetch_optional(&mut **tx).await)?
    .map(Booking::try_from)
    .transpose()
}

/// The seat the booking gets: the hold's own if it still has it, else a free one.
async fn seat(tx: &mut Tx, hold: &Row, confirmation: &NewConfirmation) -> Result<Option<Seat>, StoreError> {
    if hold.sits_well() {
        return Ok(Some(Seat { session_key: hold.session_key.clone(), seat: hold.seat }));
    }
    let wanted = Wanted::again(hold, confirmation);
    wanted.expire(tx).await?;
    wanted.look(tx).await
}

/// No row when the database sees a conflict that we did not.
async fn write(tx: &mut Tx, confirmation: &NewConfirmation, seat: &Seat) -> Result<Option<Row>, StoreError> {
    let sql = concat!(
        "update bookings set status = 'confirmed', confirmed_at = $3, session_key = $4, seat = $5, name = $6,
            phone = $7, unverified = $8
        where business_id = $1 and id = $2 returning ",
        columns!()
    );
    let customer = &confirmation.customer;
    let written = on!(tx, tx => sqlx::query_as::<_, Row>(sql)
        .bind(confirmation.business.0)
        .bind(confirmation.hold.0)
        .bind(at(confirmation.now))
        .bind(&seat.session_key)
        .bind(seat.seat)
        .bind(customer.name.as_str())
        .bind(customer.phone.as_ref().map(PhoneNumber::as_str))
        .bind(confirmation.unverified)
        .fetch_optional(&mut **tx).await);
    match written {
        Err(error) if is_conflict(&error) => Ok(None),
        done => Ok(done?),
    }
}

/// Notes with the call that it booked, for the pages that count many. A move is not one more.
///
/// Before the customer's row is locked, as an erasure does it.
async fn count(tx: &mut Tx, confirmation: &NewConfirmation, call: Uuid) -> Result<(), StoreError> {
    let sql = "update calls set booked_at = case when booked_at < $3 then booked_at else $3 end
        where business_id = $1 and id = $2";
    on!(tx, tx => sqlx::query(sql)
        .bind(confirmation.business.0)
        .bind(call)
        .bind(at(confirmation.now))
        .execute(&mut **tx).await.map(drop))?;
    Ok(())
}
