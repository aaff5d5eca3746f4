//! Handles: the names that times and appointments have for a model, good for one call. What it was not shown in this call
//! it cannot name.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::{
    booking::Slot,
    ids::{BookingId, ServiceId, StaffId},
};

/// As many times as are kept; of more the oldest are forgotten.
const MOST_SLOTS: usize = 40;
/// The same for appointments.
const MOST_BOOKINGS: usize = 20;

/// What was shown in this call. Times stand together by what they are for, so that they are small when written down.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Handles {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    times: Vec<Times>,
    /// The number of the last one.
    last: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bookings: Vec<BookingId>,
}

/// Times of one service with one member of staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Times {
    service: ServiceId,
    staff: StaffId,
    /// In seconds.
    lasts: i64,
    /// Their numbers, and their starts in seconds since 1970.
    at: Vec<(u32, i64)>,
}

impl Times {
    fn slot(&self, seconds: i64) -> Option<Slot> {
        let starts = Timestamp::from_second(seconds).ok()?;
        let ends = starts.checked_add(SignedDuration::from_secs(self.lasts)).ok()?;
        Some(Slot { starts, ends, service: self.service, staff: self.staff })
    }
}

impl Handles {
    /// The handle of a time: the one it has already, or a new one.
    pub(super) fn of_slot(&mut self, slot: Slot) -> String {
        let seconds = slot.starts.as_second();
        let lasts = slot.ends.duration_since(slot.starts).as_secs();
        let same = |times: &&mut Times| (times.service, times.staff, times.lasts) == (slot.service, slot.staff, lasts);
        if let Some(times) = self.times.iter_mut().find(same) {
            if let Some((number, _)) = times.at.iter().find(|(_, at)| *at == seconds) {
                return format!("s{number}");
            }
            self.last += 1;
            times.at.push((self.last, seconds));
        } else {
            self.last += 1;
            let at = vec![(self.last, seconds)];
            self.times.push(Times { service: slot.service, staff: slot.staff, lasts, at });
        }
        self.forget_oldest();
        format!("s{}", self.last)
    }

    fn forget_oldest(&mut self) {
        while self.times.iter().map(|times| times.at.len()).sum::<usize>() > MOST_SLOTS {
            // Numbers grow, so the oldest of each stands first.
            let Some(times) = self.times.iter_mut().min_by_key(|times| times.at.first().map(|(number, _)| *number))
            else {
                return;
            };
            times.at.remove(0);
            self.times.retain(|times| !times.at.is_empty());
        }
    }

    /// The time that a handle stands for.
    pub(super) fn slot(&self, handle: &str) -> Option<Slot> {
        let number: u32 = handle.trim().strip_prefix(['s', 'S'])?.parse().ok()?;
        let found = |times: &Times| {
            let (_, seconds) = times.at.iter().find(|(other, _)| *other == number)?;
            times.slot(*seconds)
        };
        self.times.iter().find_map(found)
    }

    /// Everything that was shown, in the order in which it was.
    pub(super) fn slots(&self) -> Vec<(String, Slot)> {
        let mut all: Vec<(u32, Slot)> = self
            .times
            .iter()
            .flat_map(|times| times.at.iter().filter_map(|(number, at)| Some((*number, times.slot(*at)?))))
            .collect();
        all.sort_unstable_by_key(|(number, _)| *number);
        all.into_iter().map(|(number, slot)| (format!("s{number}"), slot)).collect()
    }

    pub(super) fn of_booking(&mut self, booking: BookingId) -> String {
        let place = self.bookings.iter().position(|known| *known == booking).unwrap_or_else(|| {
            if self.bookings.len() < MOST_BOOKINGS {
                self.bookings.push(booking);
            }
            self.bookings.len() - 1
        });
        format!("b{}", place + 1)
    }

    pub(super) fn booking(&self, handle: &str) -> Option<BookingId> {
        let number: usize = handle.trim().strip_prefix(['b', 'B'])?.parse().ok()?;
        self.bookings.get(number.checked_sub(1)?).copied()
    }

    pub(super) fn bookings(&self) -> &[BookingId] {
        &self.bookings
    }
}
