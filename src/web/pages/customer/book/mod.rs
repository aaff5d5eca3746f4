//! Booking by clicking: a service, a time, a name and a number, a look at all of it, booked.
//!
//! Every step is an address that says what was chosen so far, so the back button works and a page can be sent to somebody.
//! Only the name and the number are in no address: they go to the ledger with the hold, which keeps the time while its
//! details are read, as on the phone.

mod details;
mod review;
mod times;

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{Method, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

use super::{
    super::doors::{Doors, Need},
    frame::{Frame, Visit, is_open, shown, shown_as},
    sorry::Sorry,
    words::about,
};
use crate::{
    domain::{
        business::Service,
        ids::{BusinessId, StaffId},
    },
    web::state::AppState,
};

/// Service, time, details, a last look.
const STEPS: usize = 4;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/book/{business}", Need::Nothing, services)
        .at(Method::GET, "/book/{business}/times", Need::Nothing, times::choose)
        .at(Method::GET, "/book/{business}/details", Need::Nothing, details::ask)
        .at(Method::POST, "/book/{business}/details", Need::Nothing, details::hold)
        .at(Method::GET, "/book/{business}/review/{hold}/{proof}", Need::Nothing, review::look)
        .at(Method::POST, "/book/{business}/review/{hold}/{proof}", Need::Nothing, review::confirm)
        .at(Method::POST, "/book/{business}/review/{hold}/{proof}/change", Need::Nothing, review::change)
}

/// Somebody who books at a business that can be booked here.
pub(super) struct Shop {
    pub visit: Visit,
    /// One visitor's way through the steps, 32 hexadecimal digits: what they keep for themselves is theirs to give up.
    pub key: String,
}

impl FromRequestParts<AppState> for Shop {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let visit = visit(parts, state).await.map_err(IntoResponse::into_response)?;
        if !is_open(&visit.business) {
            return Err(closed(&visit).unwrap_or_else(IntoResponse::into_response));
        }
        let key = visit.query.text("key");
        let key = if is_key(key) { key.to_owned() } else { state.clock.new_id().simple().to_string() };
        Ok(Self { visit, key })
    }
}

async fn visit(parts: &mut Parts, state: &AppState) -> Result<Visit, Sorry> {
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Sorry::Gone)?;
    let id = params.iter().find(|(name, _)| *name == "business").and_then(|(_, id)| id.parse::<BusinessId>().ok());
    let business = state.businesses.get(id.ok_or(Sorry::Gone)?).await?.ok_or(Sorry::Gone)?;
    Ok(Visit::new(business, None, &parts.uri, state.clock.now()))
}

fn is_key(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[derive(Template)]
#[template(path = "pages/customer/closed.html")]
struct Closed {
    frame: Frame,
    what: String,
}

/// The page is switched off, or the business is: how to reach it all the same.
fn closed(visit: &Visit) -> Result<Response, Sorry> {
    let words = visit.words();
    let frame = visit.frame(words.closed);
    let status = if visit.business.suspended { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NOT_FOUND };
    shown_as(status, &Closed { frame, what: about(words.closed_why, &visit.business.name) })
}

impl Shop {
    /// An address below this business's page.
    pub(super) fn address(&self, below: &str, asked: &[(&str, &str)]) -> String {
        let mut asked = asked.to_vec();
        asked.push(("key", &self.key));
        self.visit.address(&format!("/book/{}{below}", self.visit.business.id), &asked)
    }

    /// "Step 2 of 4".
    pub(super) fn step(&self, n: usize) -> String {
        about(&about(self.visit.words().step, &n.to_string()), &STEPS.to_string())
    }

    pub(super) fn business(&self) -> Arc<crate::domain::business::Business> {
        Arc::clone(&self.visit.business)
    }

    /// What was chosen so far. Nothing: no service, or one that is not offered any more.
    pub(super) fn wish(&self) -> Option<Wish<'_>> {
        let query = &self.visit.query;
        let service = self.visit.business.service(query.text("service").parse().ok()?)?;
        let offers = |id: &StaffId| service.staff.contains(id);
        let member = |name: &str| query.text(name).parse().ok().filter(offers);
        let starts = query.text("starts").parse().ok().filter(|starts: &Timestamp| {
            // Keeps the arithmetic of whoever typed the address away from the ends of time.
            *starts >= self.visit.now && starts.duration_since(self.visit.now).as_hours() < 24 * 800
        });
        Some(Wish { service, with: member("with"), starts })
    }
}

/// What somebody has chosen so far.
pub(super) struct Wish<'a> {
    pub service: &'a Service,
    /// Nobody in particular, unless somebody is named.
    pub with: Option<StaffId>,
    pub starts: Option<Timestamp>,
}

impl Wish<'_> {
    /// As it stands in an address; nobody in particular is not mentioned.
    pub(super) fn ids(&self) -> (String, String) {
        (self.service.id.to_string(), self.with.map(|id| id.to_string()).unwrap_or_default())
    }
}

#[derive(Template)]
#[template(path = "pages/customer/services.html")]
struct Services {
    frame: Frame,
    step: String,
    offers: Vec<Offer>,
}

struct Offer {
    name: String,
    about: String,
    length: String,
    price: Option<String>,
    address: String,
}

async fn services(shop: Shop) -> Result<Response, Sorry> {
    let (business, speech) = (&shop.visit.business, &shop.visit.speech);
    let bookable = business.services.iter().filter(|service| business.offering(service).next().is_some());
    let offer = |service: &Service| Offer {
        name: service.name.clone(),
        about: service.description.clone().unwrap_or_default(),
        length: speech.length(service.minutes),
        price: service.price.map(|price| speech.price(price)),
        address: shop.address("/times", &[("service", &service.id.to_string())]),
    };
    shown(&Services {
        frame: shop.visit.frame(shop.visit.words().choose_service),
        step: shop.step(1),
        offers: bookable.map(offer).collect(),
    })
}
