//! Bookings: held, confirmed, moved, cancelled. The database refuses two at once.
//!
//! How it refuses: a row that is held or confirmed keeps its member of staff busy in `[busy_from, busy_to)`. Rule A: two
//! such rows overlap only if they are of one session (the same service at the same start). Rule B: each seat of a session
//! is taken once. Both are in the schema, so no code path can get around them; the code finds out quickly that a time is
//! taken, and says so in words.

mod agenda;
pub mod ahead;
mod change;
mod confirm;
mod history;
mod hold;
mod lock;
mod row;
mod seat;
mod second_look;

use jiff::{Timestamp, civil::DateTime};
use uuid::Uuid;

pub use self::agenda::{Ending, Kept};
pub(super) use self::{hold::TRIES, lock::alone};

use self::row::{Row, columns};
use super::{
    Store, StoreError,
    engine::on,
    links::NewLink,
    outbox::NewOutbox,
    values::{Moment, at, moment},
};
use crate::domain::{
    booking::{Booking, Customer, Slot},
    ids::{BookingId, BusinessId, CallId, ServiceId, StaffId},
    phone::PhoneNumber,
    slots::{Busy, Class},
};

/// A hold to be written. Times are whole seconds.
#[derive(Clone, Debug)]
pub struct NewHold {
    pub id: BookingId,
    pub business: BusinessId,
    pub slot: Slot,
    /// The time the member of staff is kept, buffers included.
    pub busy: (Timestamp, Timestamp),
    /// How many customers one start takes.
    pub capacity: u16,
    pub wall: DateTime,
    pub zone: String,
    pub customer: Customer,
    pub call: Option<CallId>,
    /// Unique within the business: the same key gives the same hold.
    pub key: String,
    pub expires: Timestamp,
    /// The confirmed booking that gives way when this one is confirmed. The hold may overlap it, and an earlier hold that
    /// would have replaced it is given up.
    pub replacing: Option<BookingId>,
    pub now: Timestamp,
}

#[derive(Debug)]
pub enum Held {
    Held(Booking),
    /// The key was used before: this is what it made (held, confirmed, or since ended).
    Replayed(Booking),
    Taken,
}

/// A hold to be confirmed; the booking it replaces, if any, is marked moved in the same transaction, and what is to be
/// sent is written to the outbox in it too.
#[derive(Clone, Debug)]
pub struct NewConfirmation {
    pub business: BusinessId,
    pub hold: BookingId,
    pub customer: Customer,
    pub unverified: bool,
    pub outbox: Vec<NewOutbox>,
    /// The address that the customer is sent.
    pub link: Option<NewLink>,
    pub now: Timestamp,
}

#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once per booking, and taken apart at once")]
pub enum Confirmed {
    /// `replaced` is the booking it took the place of.
    Confirmed { booking: Booking, replaced: Option<Booking> },
    /// It was confirmed before; nothing was written.
    Already(Booking),
    /// The hold ran out and somebody else has the time by now, or its own time conflicts after all.
    Taken,
    /// No such hold of this business, or it was given up, or the booking it replaces is no longer there.
    Gone,
}

#[derive(Debug)]
pub enum Cancelled {
    Cancelled(Booking),
    Already(Booking),
    Gone,
}

/// Which bookings to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Starting with from ≤ start < to.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// "held", "confirmed", "cancelled", "moved", "expired".
    pub status: Option<String>,
    pub phone: Option<PhoneNumber>,
}

#[derive(sqlx::FromRow)]
struct BusyRow {
    staff_id: Uuid,
    service_id: Uuid,
    starts_at: Moment,
    busy_from: Moment,
    busy_to: Moment,
}

impl From<BusyRow> for Busy {
    fn from(row: BusyRow) -> Self {
        Self {
            staff: StaffId(row.staff_id),
            from: moment(row.busy_from),
            to: moment(row.busy_to),
            class: Some(Class { service: ServiceId(row.service_id), starts: moment(row.starts_at) }),
        }
    }
}

impl Store {
    /// Live bookings and holds of a business that touch from ≤ t < to, except one (and except holds that would replace
    /// it, which a new hold makes room for).
    pub async fn busy(
        &self,
        business: BusinessId,
        (from, to): (Timestamp, Timestamp),
        now: Timestamp,
        except: Option<BookingId>,
    ) -> Result<Vec<Busy>, StoreError> {
        let sql = "select staff_id, service_id, starts_at, busy_from, busy_to from bookings
            where business_id = $1 and status in ('held', 'confirmed') and busy_to > $2 and busy_from < $3
                and (status = 'confirmed' or expires_at > $4)
                and id <> $5 and (replacing is null or replacing <> $5)
            order by busy_from, id";
        // The nil UUID is nobody's.
        let except = except.map_or(Uuid::nil(), |id| id.0);
        let rows = on!(&self.read, db => sqlx::query_as::<_, BusyRow>(sql)
            .bind(business.0).bind(at(from)).bind(at(to)).bind(at(now)).bind(except).fetch_all(db).await)?;
        Ok(rows.into_iter().map(Busy::from).collect())
    }

    pub async fn booking(&self, business: BusinessId, id: BookingId) -> Result<Option<Booking>, StoreError> {
        let sql = concat!("select ", columns!(), " from bookings where business_id = $1 and id = $2");
        on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(business.0).bind(id.0).fetch_optional(db).await)?
            .map(Booking::try_from)
            .transpose()
    }

    /// In order of (start, id), after the cursor.
    pub async fn bookings(
        &self,
        business: BusinessId,
        filter: &Filter,
        after: Option<(Timestamp, BookingId)>,
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from bookings
            where business_id = $1 and starts_at >= $2 and starts_at < $3 and (starts_at, id) > ($4, $5)
                and ($6 is null or status = $6)
                and ($7 is null or phone = $7)
            order by starts_at, id limit $8"
        );
        // Bounds that are always there, so that the index finds the first row. Nothing was booked before 1970.
        let (start, id) = after.unwrap_or((Timestamp::UNIX_EPOCH, BookingId(Uuid::nil())));
        let from = filter.from.unwrap_or(Timestamp::UNIX_EPOCH).max(start);
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0)
            .bind(at(from))
            .bind(at(filter.to.unwrap_or(Timestamp::MAX)))
            .bind(at(start))
            .bind(id.0)
            .bind(filter.status.as_deref())
            .bind(filter.phone.as_ref().map(PhoneNumber::as_str))
            .bind(i64::from(limit))
            .fetch_all(db).await)?;
        rows.into_iter().map(Booking::try_from).collect()
    }

    /// Confirmed bookings of a number from now on, soonest first.
    pub async fn upcoming(
        &self,
        business: BusinessId,
        phone: &PhoneNumber,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from bookings
            where business_id = $1 and phone = $2 and starts_at >= $3 and status = 'confirmed'
            order by starts_at, id limit $4"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(phone.as_str()).bind(at(now)).bind(i64::from(limit)).fetch_all(db).await)?;
        rows.into_iter().map(Booking::try_from).collect()
    }

    /// What came of a call: the bookings it made, and those it moved or cancelled (which it wrote about to the outbox),
    /// soonest first.
    pub async fn bookings_of_call(&self, business: BusinessId, call: CallId) -> Result<Vec<Booking>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from bookings where id in (
                select id from bookings where call_id = $1 and confirmed_at is not null
                union select booking_id from outbox where call_id = $1 and booking_id is not null)"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(call.0).fetch_all(db).await)?;
        let mut bookings = rows.into_iter().map(Booking::try_from).collect::<Result<Vec<_>, _>>()?;
        // Here, since SQLite would walk through all the business's bookings to have them in order.
        bookings.retain(|booking| booking.business == business);
        bookings.sort_by_key(|booking| (booking.slot.starts, booking.id));
        Ok(bookings)
    }

    /// How many bookings a call has confirmed, whatever became of them since, for the limit per call. A move is not one
    /// more.
    pub async fn confirmed_by_call(&self, call: CallId) -> Result<u32, StoreError> {
        let sql = "select count(*) from bookings where call_id = $1 and confirmed_at is not null and replacing is null";
        let count = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql).bind(call.0).fetch_one(db).await)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// How many bookings a number has confirmed since, whatever became of them, for the limit per number and day.
    pub async fn confirmed_by_phone(
        &self,
        business: BusinessId,
        phone: &PhoneNumber,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let sql = "select count(*) from bookings where business_id = $1 and phone = $2 and confirmed_at >= $3
            and replacing is null";
        let count = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql)
            .bind(business.0).bind(phone.as_str()).bind(at(since)).fetch_one(db).await)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }
}
