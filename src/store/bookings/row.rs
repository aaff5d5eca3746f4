//! A row of `bookings`, and the booking it stands for.

use uuid::Uuid;

use crate::{
    domain::{
        booking::{Booking, BookingState, Customer, CustomerName, Slot},
        ids::{BookingId, BusinessId, CallId, ServiceId, StaffId},
    },
    store::{
        StoreError,
        values::{Moment, moment, parsed, parsed_if},
    },
};

/// Named one by one, never `*`: a prepared statement must survive a column that is added.
macro_rules! columns {
    () => {
        "id, business_id, staff_id, service_id, starts_at, ends_at, busy_from, busy_to, session_key, seat, capacity, \
         wall, zone, name, phone, status, expires_at, confirmed_at, cancelled_at, moved_to, released_at, replacing, \
         call_id, unverified, version, created_at"
    };
}
pub(super) use columns;

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub id: Uuid,
    pub business_id: Uuid,
    pub staff_id: Uuid,
    pub service_id: Uuid,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub busy_from: Moment,
    pub busy_to: Moment,
    pub session_key: String,
    pub seat: i32,
    pub capacity: i32,
    pub wall: String,
    pub zone: String,
    pub name: String,
    pub phone: Option<String>,
    pub status: String,
    pub expires_at: Moment,
    pub confirmed_at: Option<Moment>,
    pub cancelled_at: Option<Moment>,
    pub moved_to: Option<Uuid>,
    pub released_at: Option<Moment>,
    pub replacing: Option<Uuid>,
    pub call_id: Option<Uuid>,
    pub unverified: bool,
    pub version: i32,
    pub created_at: Moment,
}

impl Row {
    /// Held, or run out without having been given up: what a confirmation can still be made of.
    pub(super) fn confirmable(&self) -> bool {
        self.released_at.is_none() && matches!(self.status.as_str(), "held" | "expired")
    }

    fn state(&self) -> Result<BookingState, StoreError> {
        let broken = StoreError::Inconsistent { what: "bookings.status" };
        match self.status.as_str() {
            "held" => Ok(BookingState::Held { expires: moment(self.expires_at) }),
            "confirmed" => self.confirmed_at.map(|at| BookingState::Confirmed { at: moment(at) }).ok_or(broken),
            "cancelled" => self.cancelled_at.map(|at| BookingState::Cancelled { at: moment(at) }).ok_or(broken),
            "moved" => self.moved_to.map(|to| BookingState::Moved { to: BookingId(to) }).ok_or(broken),
            "expired" => Ok(BookingState::Expired),
            _ => Err(broken),
        }
    }
}

impl TryFrom<Row> for Booking {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            state: row.state()?,
            id: BookingId(row.id),
            business: BusinessId(row.business_id),
            slot: Slot {
                starts: moment(row.starts_at),
                ends: moment(row.ends_at),
                service: ServiceId(row.service_id),
                staff: StaffId(row.staff_id),
            },
            wall: parsed(&row.wall, "bookings.wall")?,
            zone: row.zone,
            customer: Customer {
                name: CustomerName::new(&row.name),
                phone: parsed_if(row.phone.as_deref(), "bookings.phone")?,
            },
            call: row.call_id.map(CallId),
            unverified: row.unverified,
            version: row.version,
            created: moment(row.created_at),
        })
    }
}
