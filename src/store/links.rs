//! The addresses that customers open without signing in, and the bookings behind them.

use uuid::Uuid;

use super::{
    Store, StoreError,
    engine::{Tx, on},
};
use crate::domain::{
    booking::{Booking, BookingState},
    ids::{BookingId, BusinessId},
};

/// An address to be written down with the booking it opens.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// SHA-256 of what the address ends in.
    pub hash: [u8; 32],
    /// BCP 47; none: the business's.
    pub language: Option<String>,
}

/// What an address opens: the booking as it is now, followed through every move.
#[derive(Clone, Debug)]
pub struct Linked {
    pub booking: Booking,
    /// The same through all moves.
    pub appointment: BookingId,
    /// How often it was moved.
    pub moves: u32,
    pub language: Option<String>,
}

/// Nobody moves an appointment so often; a circle cannot come about, and would be left here.
const MOST_MOVES: u32 = 500;

#[derive(sqlx::FromRow)]
struct Row {
    business_id: Uuid,
    booking_id: Uuid,
    appointment_id: Uuid,
    moves: i32,
    language: Option<String>,
}

impl Store {
    /// The language (BCP 47) that a booking's customer spoke, when it was written down.
    pub async fn language_of(&self, booking: BookingId) -> Result<Option<String>, StoreError> {
        let sql = "select language from booking_links where booking_id = $1 and language is not null limit 1";
        let language = on!(&self.read, db => sqlx::query_scalar::<_, Option<String>>(sql)
            .bind(booking.0).fetch_optional(db).await)?;
        Ok(language.flatten())
    }

    /// The booking of an address. Nothing when there is no such address.
    pub async fn linked(&self, hash: &[u8; 32]) -> Result<Option<Linked>, StoreError> {
        let sql = "select business_id, booking_id, appointment_id, moves, language from booking_links where hash = $1";
        let found = on!(&self.read, db =>
            sqlx::query_as::<_, Row>(sql).bind(&hash[..]).fetch_optional(db).await)?;
        let Some(row) = found else { return Ok(None) };
        let business = BusinessId(row.business_id);
        let mut moves = u32::try_from(row.moves).unwrap_or(0);
        let Some(mut booking) = self.booking(business, BookingId(row.booking_id)).await? else { return Ok(None) };
        while let BookingState::Moved { to } = booking.state {
            moves += 1;
            let next = self.booking(business, to).await?.filter(|_| moves < MOST_MOVES);
            let Some(next) = next else { return Ok(None) };
            booking = next;
        }
        Ok(Some(Linked { booking, appointment: BookingId(row.appointment_id), moves, language: row.language }))
    }

    /// Writes an address for a booking that was made before there were any. One that is there stays as it is.
    pub async fn add_link(&self, business: BusinessId, booking: BookingId, link: &NewLink) -> Result<(), StoreError> {
        let mut tx = self.write.begin().await?;
        write(&mut tx, business, booking, None, link).await?;
        tx.commit().await
    }
}

/// Writes an address in the transaction that confirms its booking. `replaced`: the booking that gave way to it, whose
/// appointment it goes on being.
pub(super) async fn write(
    tx: &mut Tx,
    business: BusinessId,
    booking: BookingId,
    replaced: Option<BookingId>,
    link: &NewLink,
) -> Result<(), StoreError> {
    // What was moved before there were addresses begins with the booking that is known.
    let sql = "insert into booking_links (hash, business_id, booking_id, appointment_id, moves, language)
        values ($1, $2, $3,
            coalesce((select appointment_id from booking_links where business_id = $2 and booking_id = $4), $4),
            coalesce((select moves from booking_links where business_id = $2 and booking_id = $4), 0) + $5,
            $6)
        on conflict do nothing";
    let before = replaced.unwrap_or(booking);
    let moved = i32::from(replaced.is_some());
    on!(tx, tx => sqlx::query(sql)
        .bind(&link.hash[..])
        .bind(business.0)
        .bind(booking.0)
        .bind(before.0)
        .bind(moved)
        .bind(link.language.as_deref())
        .execute(&mut **tx).await.map(drop))?;
    Ok(())
}
