//! What stands on the page of today because a person has to look at it.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Store, StoreError,
    engine::on,
    values::{Moment, at, moment, parsed_if},
};
use crate::domain::{
    booking::CustomerName,
    ids::{BookingId, BusinessId, CallId, OutboxId},
    phone::PhoneNumber,
};

/// A text message that did not arrive.
#[derive(Clone, Debug)]
pub struct LostText {
    pub id: OutboxId,
    /// "booked", "moved", …
    pub template: String,
    pub booking: Option<BookingId>,
    /// Whose booking that is.
    pub name: Option<CustomerName>,
    /// A fixed phrase of ours; nothing when the carrier said so.
    pub problem: Option<String>,
    pub created: Timestamp,
}

/// A number for a badge, with the moment of the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub count: u32,
    pub last: Option<Timestamp>,
}

/// A change to a booking that did not get into the business's calendar.
#[derive(Clone, Debug)]
pub struct LostEvent {
    pub booking: BookingId,
    /// Whose booking that is.
    pub name: CustomerName,
    pub starts: Timestamp,
    /// A fixed phrase of ours.
    pub problem: Option<String>,
    pub created: Timestamp,
}

impl Store {
    /// Changes to appointments that are not over, which were given up on their way into the business's calendar and have not
    /// got there by any other way, soonest first; of each booking only the last.
    pub async fn lost_events(
        &self,
        business: BusinessId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<LostEvent>, StoreError> {
        self.lost(business, None, now, limit).await
    }

    /// The same of one booking.
    pub async fn lost_event_of(
        &self,
        business: BusinessId,
        booking: BookingId,
        now: Timestamp,
    ) -> Result<Option<LostEvent>, StoreError> {
        Ok(self.lost(business, Some(booking), now, 1).await?.pop())
    }

    async fn lost(
        &self,
        business: BusinessId,
        booking: Option<BookingId>,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<LostEvent>, StoreError> {
        type Row = (Uuid, String, Moment, Option<String>, Moment);
        // What stood there before its connection was taken away is nobody's any more. What a vendor that keeps its own bookings
        // was not asked to book is neither there because an event stands in a calendar beside it, nor because one was written.
        let sql = "select bookings.id, bookings.name, bookings.starts_at, outbox.problem, outbox.created_at
            from outbox join bookings on bookings.id = outbox.booking_id
            where outbox.business_id = $1 and outbox.kind = 'calendar' and outbox.state = 'failed'
                and bookings.ends_at > $2 and (outbox.booking_id = $4 or $4 is null)
                and not exists (select 1 from outbox later where later.booking_id = outbox.booking_id
                    and later.kind = 'calendar' and later.id > outbox.id
                    and (outbox.template <> 'by_hand' or later.template <> 'catch_up'))
                and (
                    exists (select 1 from placements join connections on connections.id = placements.connection_id
                        where placements.booking_id = bookings.id
                        and placements.state <> 'gone' and placements.due_at is not null)
                    or (bookings.status = 'confirmed' and not exists (select 1 from placements
                        join connections on connections.id = placements.connection_id
                        where placements.booking_id = bookings.id and placements.state <> 'gone'
                        and (outbox.template <> 'by_hand' or connections.provider = outbox.vendor_id))))
            order by bookings.starts_at, bookings.id limit $3";
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(at(now)).bind(i64::from(limit)).bind(booking.map(|booking| booking.0))
            .fetch_all(db).await)?;
        let lost = |(id, name, starts, problem, created): Row| LostEvent {
            booking: BookingId(id),
            name: CustomerName::new(&name),
            starts: moment(starts),
            problem,
            created: moment(created),
        };
        let mut lost: Vec<LostEvent> = rows.into_iter().map(lost).collect();
        lost.dedup_by_key(|event| event.booking);
        Ok(lost)
    }

    /// Calls of from ≤ t < to of people who wanted a person and got none, and left no message either; newest first.
    pub async fn calls_for_a_person(
        &self,
        business: BusinessId,
        (from, to): (Timestamp, Timestamp),
        limit: u32,
    ) -> Result<Vec<(CallId, Option<PhoneNumber>, Timestamp)>, StoreError> {
        // The number is looked up for those few alone; the index holds the rest.
        let sql = "select id, (select caller from calls c where c.id = calls.id), started_at from calls
            where business_id = $1 and started_at >= $2 and started_at < $3 and why_not = 'wanted_person'
                and outcome in ('none', 'answered')
            order by started_at desc limit $4";
        let rows = on!(&self.read, db => sqlx::query_as::<_, (Uuid, Option<String>, Moment)>(sql)
            .bind(business.0).bind(at(from)).bind(at(to)).bind(i64::from(limit)).fetch_all(db).await)?;
        let call = |(id, caller, started): (Uuid, Option<String>, Moment)| {
            Ok((CallId(id), parsed_if(caller.as_deref(), "calls.caller")?, moment(started)))
        };
        rows.into_iter().map(call).collect()
    }

    /// Calls of from ≤ t < to that nobody answered: there was no place, or no connection came.
    pub async fn calls_refused(
        &self,
        business: BusinessId,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Count, StoreError> {
        let sql = "select count(*), max(started_at) from calls
            where business_id = $1 and started_at >= $2 and started_at < $3 and epoch = 0";
        let (count, last) = on!(&self.read, db => sqlx::query_as::<_, (i64, Option<Moment>)>(sql)
            .bind(business.0).bind(at(from)).bind(at(to)).fetch_one(db).await)?;
        Ok(Count { count: u32::try_from(count).unwrap_or(u32::MAX), last: last.map(moment) })
    }

    /// Text messages written since then that were given up, or that the carrier could not deliver; newest first.
    pub async fn lost_texts(
        &self,
        business: BusinessId,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<LostText>, StoreError> {
        #[derive(sqlx::FromRow)]
        struct Row {
            id: Uuid,
            template: String,
            booking_id: Option<Uuid>,
            name: Option<String>,
            problem: Option<String>,
            created_at: Moment,
        }
        // In the words of the index: with the two in another order SQLite does not see that it is the same.
        let sql = "select id, template, booking_id, (select name from bookings where bookings.id = outbox.booking_id) as name,
                problem, created_at
            from outbox
            where business_id = $1 and created_at >= $2 and kind = 'sms'
                and (state = 'failed' or delivery in ('undelivered', 'failed'))
            order by created_at desc limit $3";
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(at(since)).bind(i64::from(limit)).fetch_all(db).await)?;
        let lost = |row: Row| LostText {
            id: OutboxId(row.id),
            template: row.template,
            booking: row.booking_id.map(BookingId),
            name: row.name.map(|name| CustomerName::new(&name)),
            problem: row.problem,
            created: moment(row.created_at),
        };
        Ok(rows.into_iter().map(lost).collect())
    }
}
