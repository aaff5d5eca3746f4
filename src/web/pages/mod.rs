//! The pages for people who sign in, and for their customers: set the business up, see what happens, step in.
//!
//! Every page of a business stands under `/b/{business}`, so that two tabs can show two businesses. Who may see it is an
//! extractor in its handler (`access.rs`); which doors there are, and for whom, is a list that a test walks.

pub(in crate::web) mod access;
mod account;
mod calendar;
mod calls;
mod connect;
mod customer;
mod customers;
mod doors;
mod edit;
mod entry;
mod fault;
mod form;
mod frame;
mod identity;
mod insights;
mod messages;
mod notice;
mod round_trip;
mod say;
mod settings;
mod team;
mod today;
pub(in crate::web) mod trial;

use axum::Router;

pub use access::IDLE;
pub use calls::Watchers;
pub use doors::{Door, Need};
pub use entry::{Doorkeeper, Passwords};

use super::state::AppState;
use doors::Doors;

/// Every door of these pages.
pub fn doors() -> Vec<Door> {
    all().listed
}

fn all() -> Doors {
    Doors::default()
        .with(entry::doors)
        .with(identity::doors)
        .with(account::doors)
        .with(today::doors)
        .with(calendar::doors)
        .with(calls::doors)
        .with(customers::doors)
        .with(messages::doors)
        .with(insights::doors)
        .with(settings::doors)
        .with(connect::doors)
        .with(trial::doors)
        .with(team::doors)
        .with(customer::doors)
}

pub(super) fn router(state: &AppState) -> Router<AppState> {
    doors::layered(all(), state)
}
