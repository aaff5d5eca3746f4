//! The business steps in: the caller is put through to a person, or told goodbye. What is in flight at the desk is
//! finished first, and nothing is booked that the caller has not said yes to.

use super::{DeskReply, Dialogue, Effect, Order, Request, Task};
use crate::domain::call::Outcome;

impl Dialogue {
    /// The first order counts. One that comes while something is being changed at the desk waits for its answer.
    pub(super) fn on_order(&mut self, order: Order) {
        if self.state.waiting.as_ref().is_some_and(|request| !request.is_read()) {
            self.state.order = Some(order);
        } else {
            self.state.waiting = None;
            self.carry_out_order(order);
        }
    }

    /// The desk has answered what was in flight. What was changed is told; a time that was only kept is given back.
    pub(super) fn on_reply_before_order(&mut self, order: Order, request: Request, reply: DeskReply) {
        match (&request, &reply) {
            (Request::Hold { .. }, DeskReply::Held(booking)) => self.effects.push(Effect::Release(booking.id)),
            (Request::Hold { .. }, _) => {}
            _ => self.on_reply(request, reply),
        }
        if self.state.waiting.is_some() {
            self.state.order = Some(order); // A message goes with the booking.
        } else {
            self.carry_out_order(order);
        }
    }

    fn carry_out_order(&mut self, order: Order) {
        if self.state.over {
            return;
        }
        match order {
            Order::PutThrough => self.put_through(),
            Order::End => {
                let open = matches!(self.state.task, Task::Book | Task::Move);
                let words = if open {
                    self.texts().unfinished_goodbye(self.state.task)
                } else {
                    self.texts().goodbye(self.state.outcome)
                };
                self.end(words);
            }
        }
    }

    /// Says so, and does it when it has been heard.
    pub(super) fn put_through(&mut self) {
        self.state.outcome = self.state.outcome.max(Outcome::Transferred);
        self.release_hold();
        self.say(self.texts().putting_through());
        self.state.over = true;
        self.state.aside = true;
        self.effects.push(Effect::PutThrough);
    }
}
