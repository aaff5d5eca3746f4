//! The way in: the first owner's setup, signing in and out, a forgotten password.

pub(in crate::web) mod doorkeeper;
mod forgotten;
pub(in crate::web) mod letters;
mod passwords;
pub(in crate::web) mod sessions;
pub(in crate::web) mod setup;
mod sign_in;
pub(in crate::web) mod way_back;

use axum::http::Method;

pub use doorkeeper::Doorkeeper;
pub use passwords::Passwords;

use super::{
    doors::{Doors, Need},
    notice::Notice,
};
use crate::web::assets;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/setup/{token}", Need::Nothing, setup::show)
        .at(Method::POST, "/setup/{token}", Need::Nothing, setup::set_up)
        .at(Method::GET, "/sign-in", Need::Nothing, sign_in::show)
        .at(Method::POST, "/sign-in", Need::Nothing, sign_in::sign_in)
        .at(Method::POST, "/sign-out", Need::Nothing, sign_in::sign_out)
        .at(Method::GET, "/forgotten", Need::Nothing, forgotten::show)
        .at(Method::POST, "/forgotten", Need::Nothing, forgotten::ask)
        .at(Method::GET, "/reset/{token}", Need::Nothing, forgotten::show_reset)
        .at(Method::POST, "/reset/{token}", Need::Nothing, forgotten::reset)
}

/// What stands around a page that nobody has to be signed in for: `{% extends "pages/entry/alone.html" %}`.
#[derive(Clone, Debug)]
pub(in crate::web) struct Alone {
    pub(in crate::web) assets: &'static str,
    pub(in crate::web) title: String,
    pub(in crate::web) notice: Option<Notice>,
}

impl Alone {
    pub(in crate::web) fn of(headers: &axum::http::HeaderMap, title: impl Into<String>) -> Self {
        Self { assets: assets::path(), title: title.into(), notice: Notice::read(headers) }
    }
}
