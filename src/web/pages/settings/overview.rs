//! All the settings on one page, each with what it is set to.

use askama::Template;
use axum::{
    http::{HeaderMap, Method},
    response::Response,
};

use crate::web::pages::{
    access::Owner,
    doors::{Doors, Need},
    fault::Fault,
    frame::{Frame, Here, shown},
};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, "/b/{business}/settings", Need::Owner, show)
}

#[derive(Template)]
#[template(path = "pages/settings/overview.html")]
struct Overview {
    frame: Frame,
    tab: &'static str,
}

async fn show(Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    shown(&Overview { frame: Frame::of(&access, &headers, Here::Settings, "Settings"), tab: "" })
}
