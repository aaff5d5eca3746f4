//! The calendar: by day and by week, staff side by side; moving, adding, cancelling, blocking.
//!
//! Every change is made at the desk, as for callers, and the page only says what was asked. What opens beside the calendar
//! with script (`pane`) is a page of its own without.

mod adding;
mod arrange;
mod ask;
mod axis;
mod blocking;
mod booking;
mod cancelling;
mod doubts;
mod elsewhere;
mod grid;
mod items;
mod lanes;
mod moving;
mod pane;
mod past;
mod rota;
mod show;
mod times;
mod words;

use axum::http::Method;

use super::doors::{Doors, Need};

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/b/{business}/calendar", Need::Staff, show::show)
        .at(Method::GET, "/b/{business}/calendar/new", Need::Staff, adding::form)
        .at(Method::POST, "/b/{business}/calendar/new", Need::Staff, adding::add)
        .at(Method::POST, "/b/{business}/calendar/people", Need::Staff, adding::people)
        .at(Method::GET, "/b/{business}/calendar/block", Need::Staff, blocking::form)
        .at(Method::POST, "/b/{business}/calendar/block", Need::Staff, blocking::block)
        .at(Method::GET, "/b/{business}/calendar/blocks/{block}", Need::Staff, blocking::show)
        .at(Method::POST, "/b/{business}/calendar/blocks/{block}", Need::Staff, blocking::change)
        .at(Method::POST, "/b/{business}/calendar/blocks/{block}/remove", Need::Staff, blocking::remove)
        .at(Method::POST, "/b/{business}/calendar/blocks/{block}/restore", Need::Staff, blocking::restore)
        .at(Method::GET, "/b/{business}/bookings/{booking}", Need::Staff, booking::show)
        .at(Method::GET, "/b/{business}/bookings/{booking}/move", Need::Staff, moving::form)
        .at(Method::POST, "/b/{business}/bookings/{booking}/move", Need::Staff, moving::shift)
        .at(Method::POST, "/b/{business}/bookings/{booking}/back", Need::Staff, moving::back)
        .at(Method::GET, "/b/{business}/bookings/{booking}/cancel", Need::Staff, cancelling::form)
        .at(Method::POST, "/b/{business}/bookings/{booking}/cancel", Need::Staff, cancelling::cancel)
        .at(Method::POST, "/b/{business}/bookings/{booking}/vouch", Need::Staff, doubts::vouch)
        .at(Method::POST, "/b/{business}/bookings/{booking}/place", Need::Staff, doubts::place)
        .at(Method::POST, "/b/{business}/bookings/{booking}/again", Need::Staff, cancelling::again)
}
