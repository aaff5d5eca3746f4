//! Which seat of a session a hold gets, if any.

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    domain::ids::{BusinessId, ServiceId, StaffId},
    store::{
        StoreError,
        engine::{Db, Tx, on},
        values::at,
    },
};

/// Seats from here on are borrowed: a hold that overlaps the booking it replaces sits in that booking's session, so that
/// rule A lets the two stand side by side, and nothing else.
const BORROWED: i32 = 1000;

/// What bookings of one class have in common, for a given member of staff.
pub(super) fn session_key(service: ServiceId, starts: Timestamp) -> String {
    format!("{service}/{}", starts.as_second())
}

/// The time a seat is wanted for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub business: BusinessId,
    pub staff: StaffId,
    pub busy: (Timestamp, Timestamp),
    pub session_key: String,
    pub capacity: i32,
    pub replacing: Option<Uuid>,
    /// The row itself, when there is one already: it is not in its own way.
    pub itself: Option<Uuid>,
    pub now: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seat {
    pub session_key: String,
    pub seat: i32,
}

/// A live row that overlaps what is wanted.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Neighbour {
    id: Uuid,
    session_key: String,
    seat: i32,
    capacity: i32,
    replacing: Option<Uuid>,
}

/// What is in the way, for either engine and in or out of a transaction. A block is in everybody's: no session is called
/// as it is.
macro_rules! neighbours {
    ($wanted:expr, $executor:expr) => {
        sqlx::query_as::<_, Neighbour>(
            "select id, session_key, seat, capacity, replacing from bookings
            where business_id = $1 and staff_id = $2 and status in ('held', 'confirmed')
                and busy_to > $3 and busy_from < $4
                and (status = 'confirmed' or expires_at > $5) and id <> $6
            union all select id, 'blocked', 0, 1, null from blocks
            where business_id = $1 and (staff_id is null or staff_id = $2) and removed_at is null
                and ends_at > $3 and starts_at < $4",
        )
        .bind($wanted.business.0)
        .bind($wanted.staff.0)
        .bind(at($wanted.busy.0))
        .bind(at($wanted.busy.1))
        .bind(at($wanted.now))
        .bind($wanted.itself.unwrap_or_default())
        .fetch_all($executor)
        .await
    };
}

impl Wanted {
    /// A seat among these neighbours; nothing when the time is taken.
    pub(super) fn seat(&self, neighbours: &[Neighbour]) -> Option<Seat> {
        let is_replaced = |row: &&Neighbour| self.replacing == Some(row.id);
        let mut others = neighbours.iter().filter(|row| {
            // An earlier hold for the same move is given up for this one.
            !is_replaced(row) && (self.replacing.is_none() || row.replacing != self.replacing)
        });
        if others.any(|row| row.session_key != self.session_key || row.seat >= BORROWED) {
            return None;
        }
        match neighbours.iter().find(is_replaced) {
            Some(replaced) if replaced.capacity == 1 => {
                return Some(Seat { session_key: replaced.session_key.clone(), seat: replaced.seat + BORROWED });
            }
            Some(replaced) if replaced.session_key != self.session_key => return None,
            _ => {}
        }
        let taken: BTreeSet<i32> = neighbours.iter().map(|row| row.seat).collect();
        let seat = (0..self.capacity).find(|seat| !taken.contains(seat))?;
        Some(Seat { session_key: self.session_key.clone(), seat })
    }

    /// A look without a lock: says quickly what is taken. "Free" is only a guess.
    pub(super) async fn glance(&self, db: &Db) -> Result<Option<Seat>, StoreError> {
        let neighbours = on!(db, db => neighbours!(self, db))?;
        Ok(self.seat(&neighbours))
    }

    /// The same from inside the transaction that will take it.
    pub(super) async fn look(&self, tx: &mut Tx) -> Result<Option<Seat>, StoreError> {
        let neighbours = on!(tx, tx => neighbours!(self, &mut **tx))?;
        Ok(self.seat(&neighbours))
    }

    /// Holds in the way that ran out make room.
    pub(super) async fn expire(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let sql = "update bookings set status = 'expired', version = version + 1
            where business_id = $1 and staff_id = $2 and status in ('held', 'confirmed')
                and busy_to > $3 and busy_from < $4
                and status = 'held' and expires_at <= $5 and id <> $6";
        // "in" as well as "=": SQLite uses a partial index only for a query that repeats its condition.
        on!(tx, tx => sqlx::query(sql)
            .bind(self.business.0)
            .bind(self.staff.0)
            .bind(at(self.busy.0))
            .bind(at(self.busy.1))
            .bind(at(self.now))
            .bind(self.itself.unwrap_or_default())
            .execute(&mut **tx).await.map(drop))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(capacity: i32, replacing: Option<u128>) -> Wanted {
        Wanted {
            business: BusinessId(Uuid::nil()),
            staff: StaffId(Uuid::nil()),
            busy: (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH),
            session_key: "class/9".to_owned(),
            capacity,
            replacing: replacing.map(Uuid::from_u128),
            itself: None,
            now: Timestamp::UNIX_EPOCH,
        }
    }

    fn row(id: u128, session_key: &str, seat: i32, capacity: i32) -> Neighbour {
        let session_key = session_key.to_owned();
        Neighbour { id: Uuid::from_u128(id), session_key, seat, capacity, replacing: None }
    }

    fn seat(session_key: &str, seat: i32) -> Seat {
        Seat { session_key: session_key.to_owned(), seat }
    }

    #[test]
    fn the_lowest_free_seat_of_a_class_is_taken_until_it_is_full() {
        let full = [row(1, "class/9", 0, 3), row(2, "class/9", 2, 3), row(3, "class/9", 1, 3)];
        assert_eq!(wanted(3, None).seat(&[]), Some(seat("class/9", 0)));
        assert_eq!(wanted(3, None).seat(&full[..2]), Some(seat("class/9", 1)));
        assert_eq!(wanted(3, None).seat(&full), None);
    }

    #[test]
    fn another_session_at_the_same_time_is_in_the_way() {
        assert_eq!(wanted(3, None).seat(&[row(1, "cut/9", 0, 1)]), None);
    }

    #[test]
    fn a_hold_sits_beside_the_booking_it_replaces_and_nobody_else() {
        let own = row(1, "cut/8", 0, 1);
        assert_eq!(wanted(1, Some(1)).seat(std::slice::from_ref(&own)), Some(seat("cut/8", BORROWED)));
        assert_eq!(wanted(1, Some(1)).seat(&[own, row(2, "cut/10", 0, 1)]), None);
    }

    #[test]
    fn an_earlier_hold_for_the_same_move_makes_room() {
        let earlier = Neighbour { replacing: Some(Uuid::from_u128(1)), ..row(2, "cut/8", BORROWED, 1) };
        assert_eq!(wanted(1, Some(1)).seat(&[row(1, "cut/8", 0, 1), earlier.clone()]), Some(seat("cut/8", BORROWED)));
        assert_eq!(wanted(1, None).seat(&[earlier]), None);
    }

    #[test]
    fn a_borrowed_seat_is_in_the_way_of_its_own_class_too() {
        assert_eq!(wanted(3, None).seat(&[row(1, "class/9", BORROWED, 1)]), None);
    }
}
