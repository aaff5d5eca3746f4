//! The caller's own appointments, for a model. Who the caller is, is for the machine to find: the number on the line, the
//! name they say, and to change something the day.

use super::{
    super::{Dialogue, Task},
    propose::cleaned_name,
    refused,
};
use crate::domain::{
    booking::Booking,
    dialogue::tool::{FindBookings, FindTo, ToolAnswer},
    time::When,
    understand::Meaning,
};

/// How often a model may look for them in one call.
const MOST_SEARCHES: u8 = 8;

impl Dialogue {
    pub(super) fn act_find_bookings(&mut self, wanted: &FindBookings) -> Result<(), ToolAnswer> {
        if self.state.done.searches >= MOST_SEARCHES {
            return Err(refused("No more appointments can be looked for in this call. Offer to take a message."));
        }
        let day = wanted.day.as_ref().map(|said| self.said_time(said)).transpose()?.unwrap_or_default();
        if let Some(name) = wanted.name.as_deref().and_then(cleaned_name) {
            if !self.was_said(&name) {
                return Err(refused("The caller has not said that name. Ask what name the appointment is under."));
            }
            self.state.name = Some(name);
        }
        self.state.done.searches += 1;
        let task = match wanted.to {
            FindTo::Tell => Task::Tell,
            FindTo::Move => Task::Move,
            FindTo::Cancel => Task::Cancel,
        };
        if task != Task::Tell && self.state.task != task {
            self.state.chosen = None;
        }
        // "Move it to Wednesday" says where it should go, not where it is.
        let remembered = self.state.said_day.filter(|said| task != Task::Move || *said != self.state.when);
        let said_day = (!day.is_empty()).then_some(day).or(remembered);
        self.start_mine(task, &Meaning { when: said_day, ..Meaning::default() });
        if self.state.task == task {
            self.state.said_day = said_day;
            // Where it should move to is asked and looked up when it is known which.
            self.state.when = When::default();
        }
        Ok(())
    }

    pub(super) fn act_cancel(&mut self, handle: &str) -> Result<(), ToolAnswer> {
        let booking = self.own_booking(handle)?;
        if !self.may_change(&booking) {
            return Err(refused("To cancel it, ask the caller which day it is on, and find it again with that day."));
        }
        self.release_hold();
        self.state.task = Task::Cancel;
        self.state.chosen = Some(booking.id);
        self.ask_to_cancel();
        Ok(())
    }

    /// One of the caller's own appointments that was shown in this call.
    pub(super) fn own_booking(&self, handle: &str) -> Result<Booking, ToolAnswer> {
        let id = self.state.shown.booking(handle);
        let booking = id.and_then(|id| self.state.mine.iter().find(|booking| booking.id == id));
        booking.cloned().ok_or_else(|| {
            refused(if id.is_some() {
                "That appointment has to be found again with find_bookings first."
            } else {
                "That is none of the caller's appointments found in this call. Use find_bookings first."
            })
        })
    }

    /// The caller has said enough to change it: its day, or it is the only one that was told them.
    pub(super) fn may_change(&self, booking: &Booking) -> bool {
        let day = self.state.said_day.is_some_and(|day| self.is_on(booking.slot.starts, day));
        day || self.state.chosen == Some(booking.id)
    }

    /// Those that were found for the caller, and may be told them.
    pub(super) fn found_bookings(&self) -> Vec<Booking> {
        match (self.state.task, self.state.chosen()) {
            (Task::Move | Task::Cancel, Some(chosen)) => vec![chosen.clone()],
            // They have been told.
            (Task::None, _) => self.state.mine.clone(),
            _ => Vec::new(),
        }
    }

    /// Whether the caller said this name in this call, whole or letter by letter; who knows it only from a model does not
    /// know it.
    fn was_said(&self, name: &str) -> bool {
        let plain = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let known = self.state.name.as_deref().map(plain).unwrap_or_default();
        let said = plain(&self.state.said);
        name.split_whitespace()
            .map(plain)
            .filter(|word| !word.is_empty())
            .all(|word| said.contains(&word) || known.contains(&word))
    }
}
