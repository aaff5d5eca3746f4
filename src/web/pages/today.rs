//! Today: who is on the line, who comes next, what needs a person.

use askama::Template;
use axum::{
    http::{HeaderMap, Method},
    response::Response,
};

use super::{
    access::Staff,
    doors::{Doors, Need},
    fault::Fault,
    frame::{Frame, Here, shown},
};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, "/b/{business}", Need::Staff, show)
}

#[derive(Template)]
#[template(path = "pages/today.html")]
struct Today {
    frame: Frame,
}

async fn show(Staff(access): Staff, headers: HeaderMap) -> Result<Response, Fault> {
    shown(&Today { frame: Frame::of(&access, &headers, Here::Today, "Today") })
}
