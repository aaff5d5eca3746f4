//! The data: all of it in a file, how long what was said is kept, and the way to erase a customer or the business.

mod erase;
mod export;
mod retention;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};

use crate::{
    store::data::Found,
    web::{
        pages::{
            access::{Access, Owner},
            doors::{Doors, Need},
            edit::Part as _,
            fault::Fault,
            form::Form,
            frame::{Frame, Here, shown_as},
        },
        state::AppState,
    },
};

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/b/{business}/data", Need::Owner, show)
        .at(Method::POST, "/b/{business}/data/export", Need::Owner, export::download)
        .at(Method::POST, "/b/{business}/data/retention", Need::Owner, retention::save)
        .at(Method::POST, "/b/{business}/data/customer", Need::Owner, erase::customer)
        .at(Method::POST, "/b/{business}/data/business", Need::Owner, erase::business)
        .at(Method::GET, "/erasures/{erasure}", Need::Session, erase::progress)
}

#[derive(Template)]
#[template(path = "pages/team/data.html")]
struct DataPage {
    frame: Frame,
    tab: &'static str,
    retention: Form,
    customer: Form,
    business: Form,
    /// What is known of a number that was asked for, which is to be confirmed.
    found: Option<(String, String, Found)>,
}

impl DataPage {
    fn of(access: &Access, headers: &HeaderMap) -> Self {
        Self {
            frame: Frame::of(access, headers, Here::Settings, "Data"),
            tab: "data",
            retention: Form::of(retention::Keeping.fields(&access.business)),
            customer: Form::default(),
            business: Form::default(),
            found: None,
        }
    }
}

async fn show(State(_): State<AppState>, Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    shown_as(StatusCode::OK, &DataPage::of(&access, &headers))
}
