//! Messages: what callers left for the business, and what was texted to customers.

mod received;
mod sent;
mod view;

use axum::http::Method;

use super::doors::{Doors, Need};

pub(super) use view::{NoteView, TextView};

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/b/{business}/messages", Need::Staff, received::show)
        .at(Method::GET, "/b/{business}/messages/sent", Need::Staff, sent::show)
        .at(Method::POST, "/b/{business}/messages/notes/{note}/done", Need::Staff, received::done)
        .at(Method::POST, "/b/{business}/messages/notes/{note}/open", Need::Staff, received::open)
        .at(Method::POST, "/b/{business}/messages/{message}/again", Need::Staff, sent::again)
}
