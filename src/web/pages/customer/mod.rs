//! What customers see without signing in: their own appointment, behind the address in the text message, and the page
//! where they book by clicking.
//!
//! Nobody signs in and no cookie is read or set. What is known about a visitor stands in the address: a token that only
//! they were sent ([`crate::ports::links`]), or the way they have clicked so far. Names and numbers never stand in one.
//! Everything is shown by GET, which changes nothing, however often a messenger looks at the link before its reader does.

mod book;
mod brand;
mod calendar_file;
mod change;
mod frame;
mod limits;
mod link;
mod month;
mod relocate;
mod sorry;
mod speech;
mod ticket;
mod words;

use axum::{http::Method, middleware};

use super::doors::{Doors, Need};

pub(super) fn doors(mut doors: Doors) -> Doors {
    let mut ours = Doors::default()
        .at(Method::GET, "/c/{token}", Need::Nothing, link::see)
        .at(Method::GET, "/c/{token}/calendar.ics", Need::Nothing, calendar_file::download)
        .at(Method::GET, "/c/{token}/cancel", Need::Nothing, change::ask_to_cancel)
        .at(Method::POST, "/c/{token}/cancel", Need::Nothing, change::cancel)
        .at(Method::POST, "/c/{token}/again", Need::Nothing, change::again)
        .at(Method::GET, "/c/{token}/move", Need::Nothing, relocate::choose)
        .at(Method::POST, "/c/{token}/move", Need::Nothing, relocate::relocate)
        .at(Method::GET, "/book/{business}/brand.css", Need::Nothing, brand::style)
        .with(book::doors);
    ours.router = ours.router.layer(middleware::from_fn(sorry::worded)).layer(limits::shared());
    doors.router = doors.router.merge(ours.router);
    doors.listed.append(&mut ours.listed);
    doors
}
