//! What is known, for those who need it: a model with each of the caller's turns, and the one that checks its words.

use jiff::{Timestamp, Zoned};

use super::super::{
    Asked, AskedFor, DeskReply, Dialogue, Request, Task,
    find::{LOOK_AHEAD, OFFERS, Search},
    tool::{NextFree, ShownBooking, ShownSlot, Situation, WaitsFor},
};
use crate::domain::{
    booking::{Booking, Slot},
    ids::{ServiceId, StaffId},
    time::speak,
    truth::Ground,
};

/// Services whose next free times are looked up before anybody asks.
const MOST_PREFETCHED: usize = 6;

impl Dialogue {
    /// What the server knows, to stand beside the caller's words.
    pub fn situation(&self, now: Timestamp) -> Situation {
        let state = &self.state;
        let now = self.at(now);
        let held = state.held.filter(|_| matches!(state.task, Task::Book | Task::Move));
        let staff = held.map(|held| held.slot.staff).or(state.staff);
        let service = held.map(|held| held.slot.service).or(state.service);
        let number = match (&state.phone, &state.line) {
            (Some(_), _) => Some("given"),
            (None, Some(_)) => Some("on the line"),
            (None, None) => state.without_number.then_some("not wanted"),
        };
        Situation {
            now: format!("{}, {}", speak::in_full(&now, &now).trim_start_matches("today, "), now.year()),
            service: service.map(|id| self.service_name(id)).filter(|name| !name.is_empty()),
            staff: staff.map(|id| self.staff_name(id)).filter(|name| !name.is_empty()),
            name: state.name.clone(),
            number: number.map(str::to_owned),
            kept: held.map(|held| speak::in_full(&self.at(held.slot.starts), &now)),
            waits_for: waits_for(state.asked),
            agreed: state.agreed,
            booked: state.done.booked.iter().map(|slot| self.appointment(*slot, &now)).collect(),
            next_free: self.next_free(&now),
            heard_of_ours: self.turn.cut.clone(),
        }
    }

    /// What may be said as a fact. What tools and callers said is added by whoever keeps it.
    pub fn ground(&self, now: Timestamp) -> Ground<'_> {
        let state = &self.state;
        let shown = state.shown.slots().into_iter().map(|(_, slot)| slot);
        let mut offered: Vec<Zoned> =
            shown.chain(state.offers.iter().copied()).map(|slot| self.at(slot.starts)).collect();
        offered.sort_by_key(Zoned::timestamp);
        offered.dedup();
        let told = |booking: &&Booking| state.shown.bookings().contains(&booking.id);
        Ground {
            business: &self.business,
            now: self.at(now),
            language: self.language(),
            booked: state.done.booked.iter().map(|slot| self.at(slot.starts)).collect(),
            own: state.mine.iter().filter(told).map(|booking| self.at(booking.slot.starts)).collect(),
            moved: state.done.moved,
            cancelled: state.done.cancelled,
            message: state.done.messages > 0,
            held: state.held.map(|held| self.at(held.slot.starts)),
            offered,
            told: Vec::new(),
            heard: Vec::new(),
        }
    }

    /// What to look up as soon as the caller is there, so that the first answer needs no waiting. They are asked of the
    /// desk beside the conversation; what comes of each goes to [`Dialogue::prefetched`].
    pub fn prefetch(&self, now: Timestamp) -> Vec<Request> {
        let Search { from, to, near, within } = Search::between(now, now + LOOK_AHEAD);
        let find = |service: ServiceId| Request::Find {
            service,
            staff: None,
            from,
            to,
            near,
            within: within.clone(),
            count: OFFERS,
            replacing: None,
            asked_for: AskedFor::Next,
        };
        self.business.services.iter().take(MOST_PREFETCHED).map(|service| find(service.id)).collect()
    }

    /// The next free times of a service, for the next of the caller's turns.
    pub fn prefetched(&mut self, request: &Request, reply: DeskReply) {
        let (Request::Find { service, .. }, DeskReply::Found(slots)) = (request, reply) else { return };
        for slot in slots.into_iter().take(OFFERS) {
            self.state.shown.of_slot(slot);
        }
        let turn = self.state.turns.wrapping_add(1);
        self.state.prefetched.retain(|(known, _)| known != service);
        self.state.prefetched.push((*service, turn));
        self.state.prefetched.truncate(MOST_PREFETCHED);
    }

    fn next_free(&self, now: &Zoned) -> Vec<NextFree> {
        let fresh = self.state.prefetched.iter().filter(|(_, turn)| *turn == self.state.turns);
        let shown = self.state.shown.slots();
        fresh
            .map(|(service, _)| NextFree {
                service: self.service_name(*service),
                slots: shown
                    .iter()
                    .filter(|(_, slot)| slot.service == *service)
                    .take(OFFERS)
                    .map(|(handle, slot)| self.shown(handle.clone(), *slot, now))
                    .collect(),
            })
            .collect()
    }

    pub(super) fn show_slot(&mut self, slot: Slot) -> ShownSlot {
        let handle = self.state.shown.of_slot(slot);
        self.shown(handle, slot, &self.now_there())
    }

    fn shown(&self, handle: String, slot: Slot, now: &Zoned) -> ShownSlot {
        let at = speak::in_full(&self.at(slot.starts), now);
        ShownSlot { slot: handle, at, staff: self.staff_name(slot.staff) }
    }

    pub(super) fn show_booking(&mut self, booking: &Booking) -> ShownBooking {
        let now = self.now_there();
        ShownBooking {
            booking: self.state.shown.of_booking(booking.id),
            at: speak::in_full(&self.at(booking.slot.starts), &now),
            service: self.service_name(booking.slot.service),
            staff: self.staff_name(booking.slot.staff),
        }
    }

    fn appointment(&self, slot: Slot, now: &Zoned) -> String {
        let (what, who) = (self.service_name(slot.service), self.staff_name(slot.staff));
        format!("{what} with {who}, {}", speak::in_full(&self.at(slot.starts), now))
    }

    fn service_name(&self, id: ServiceId) -> String {
        self.business.service(id).map(|service| service.name.clone()).unwrap_or_default()
    }

    fn staff_name(&self, id: StaffId) -> String {
        self.business.member(id).map(|member| member.name.clone()).unwrap_or_default()
    }
}

fn waits_for(asked: Asked) -> WaitsFor {
    match asked {
        Asked::Help | Asked::AfterAll => WaitsFor::Wish,
        Asked::Service => WaitsFor::Service,
        Asked::Staff => WaitsFor::Staff,
        Asked::When | Asked::OfferSoonest => WaitsFor::Time,
        Asked::Which | Asked::WhichTime => WaitsFor::Choice,
        Asked::Name => WaitsFor::Name,
        Asked::Spelling => WaitsFor::Spelling,
        Asked::Phone => WaitsFor::Number,
        Asked::ReadBack => WaitsFor::YesToReadBack,
        Asked::Change => WaitsFor::Change,
        Asked::WhoseName | Asked::WhichDay => WaitsFor::WhichAppointment,
        Asked::CancelIt => WaitsFor::YesToCancel,
        Asked::Message => WaitsFor::Message,
        Asked::OfferMessage => WaitsFor::YesToMessage,
        Asked::AnythingElse => WaitsFor::AnythingElse,
    }
}
