//! Free times for a model: the machine's own search, but nothing is kept for the caller yet.

use super::{
    super::{Dialogue, Task},
    named::Whom,
    refused,
};
use crate::domain::{
    business::Service,
    dialogue::tool::{LookUpTimes, OtherTimes, ToolAnswer},
    time::{Clock, When},
};

impl Dialogue {
    pub(super) fn act_look_up(&mut self, wanted: &LookUpTimes) -> Result<(), ToolAnswer> {
        let when = wanted.when.as_ref().map(|said| self.said_time(said)).transpose()?.unwrap_or_default();
        let named = wanted.service.as_deref().map(|name| self.named_service(name)).transpose()?;
        let whom = wanted.staff.as_deref().map(|name| self.named_staff(name)).transpose()?;
        if let Some(handle) = &wanted.moving {
            self.start_moving(handle)?;
        } else if named.as_ref().is_some_and(|named| self.is_another_than_moved(named)) {
            self.state.task = Task::Book;
            self.state.chosen = None;
        }
        let service = match (self.state.task, named) {
            (Task::Move, _) => self.service_asked_about(),
            (_, Some(named)) => Some(named),
            (_, None) => self.service(),
        };
        let Some(service) = service else { return Err(self.no_such_service()) };
        match whom {
            Some(Whom::One(id)) if !service.staff.contains(&id) => return Err(self.does_not_offer(&service)),
            Some(Whom::One(id)) => (self.state.staff, self.state.any_staff) = (Some(id), false),
            Some(Whom::Anyone) => (self.state.staff, self.state.any_staff) = (None, true),
            None if self.state.staff.is_some_and(|staff| !service.staff.contains(&staff)) => self.state.staff = None,
            None => {}
        }
        if !matches!(self.state.task, Task::Book | Task::Move) {
            self.state.task = Task::Book;
        }
        self.state.service = Some(service.id);
        self.take_wish(when);
        // A time that is kept is in its own way. Only the time is asked for: the same person, if they are free.
        self.state.rather = self.state.held.map(|held| held.slot.staff).or(self.state.rather);
        self.release_hold();
        let replacing = self.state.chosen.filter(|_| self.state.task == Task::Move);
        match wanted.other {
            Some(OtherTimes::Later) if !self.state.offers.is_empty() => self.look_beyond(true),
            Some(OtherTimes::Earlier) if !self.state.offers.is_empty() => self.look_beyond(false),
            Some(OtherTimes::Different) if !self.state.offers.is_empty() && when.is_empty() => self.on_refused(),
            _ => {
                self.any_time();
                self.look_up(&service, replacing);
            }
        }
        Ok(())
    }

    /// A day and a time said in different turns belong together, as they do for the machine.
    fn take_wish(&mut self, said: When) {
        let held = self.state.held.map(|held| When::exactly(&self.at(held.slot.starts)));
        if said.is_empty() && held == Some(self.state.when) {
            // What is kept is no wish; whatever else there is, is asked for.
            self.state.when = When::default();
        }
        let mut when = self.state.when.then(said);
        let compared = matches!(when.clock, Some(Clock::Later | Clock::Earlier));
        if said.day.is_some() && said.clock.is_none() && (compared || held == Some(self.state.when)) {
            when.clock = None;
        }
        self.state.when = when;
        self.state.times_meant.clear();
    }

    fn is_another_than_moved(&self, service: &Service) -> bool {
        self.state.task == Task::Move && self.service_asked_about().is_some_and(|moved| moved.id != service.id)
    }

    fn does_not_offer(&self, service: &Service) -> ToolAnswer {
        let who: Vec<&str> = self.business.offering(service).map(|member| member.name.as_str()).collect();
        refused(format!("{} is offered by {} alone.", service.name, who.join(" and ")))
    }

    /// From here on it is about moving that appointment.
    fn start_moving(&mut self, handle: &str) -> Result<(), ToolAnswer> {
        let booking = self.own_booking(handle)?;
        if !self.may_change(&booking) {
            return Err(refused("To move it, ask the caller which day it is on, and find it again with that day."));
        }
        if !booking.changeable(&self.business, self.now) {
            return Err(refused("It is too close to the appointment to move it. Offer to take a message."));
        }
        if self.state.task != Task::Move || self.state.chosen != Some(booking.id) {
            self.state.task = Task::Move;
            self.state.chosen = Some(booking.id);
            self.state.when = When::default();
            self.state.staff = (!self.state.any_staff).then_some(booking.slot.staff);
            self.state.offers.clear();
        }
        Ok(())
    }
}
