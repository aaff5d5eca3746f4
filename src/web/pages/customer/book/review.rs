//! A last look at what is about to be booked, while the time is kept; and the click that books it.

use askama::Template;
use axum::{
    Extension,
    extract::{FromRequestParts, RawPathParams, State},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use subtle::ConstantTimeEq as _;

use super::{
    super::{
        frame::{Frame, shown, to},
        limits::{Address, Shared},
        link::BY,
        sorry::Sorry,
        ticket::Ticket,
        words::about,
    },
    Shop, times,
};
use crate::{
    domain::{
        booking::{Booking, BookingState},
        ids::BookingId,
    },
    ports::{
        desk::{Confirm, DeskError},
        links,
    },
    web::{pages::form::Fields, patience::in_time, state::AppState},
};

/// A hold of somebody who can prove that it is theirs: by the address that the booking will have.
pub(super) struct Kept {
    shop: Shop,
    hold: Booking,
    proof: String,
}

impl FromRequestParts<AppState> for Kept {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let shop = Shop::from_request_parts(parts, state).await?;
        find(parts, state, shop).await.map_err(IntoResponse::into_response)
    }
}

async fn find(parts: &mut Parts, state: &AppState, shop: Shop) -> Result<Kept, Sorry> {
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Sorry::Gone)?;
    let param = |wanted: &str| params.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned());
    let id: BookingId = param("hold").and_then(|id| id.parse().ok()).ok_or(Sorry::Gone)?;
    let proof = param("proof").unwrap_or_default();
    let expected = state.links.token(id).ok_or(Sorry::Down)?;
    if !bool::from(proof.as_bytes().ct_eq(expected.as_bytes())) {
        return Err(Sorry::Gone);
    }
    let hold = in_time("reading a hold", state.store.booking(shop.visit.business.id, id)).await?;
    Ok(Kept { shop, hold: hold.ok_or(Sorry::Gone)?, proof })
}

impl Kept {
    /// Where the appointment is once it is booked.
    fn booked(&self) -> Response {
        to(&self.shop.visit.address(&links::path(&self.proof), &[("news", "booked")]))
    }

    fn is_booked(&self) -> bool {
        !matches!(self.hold.state, BookingState::Held { .. } | BookingState::Expired)
    }

    fn address(&self, below: &str) -> String {
        let with = self.shop.visit.query.text("with");
        self.shop.address(&format!("/review/{}/{}{below}", self.hold.id, self.proof), &[("with", with)])
    }

    /// The step before, for another time.
    fn times(&self) -> String {
        let slot = &self.hold.slot;
        let day = self.shop.visit.speech.local(slot.starts).date().to_string();
        let with = self.shop.visit.query.text("with");
        self.shop.address("/times", &[("service", &slot.service.to_string()), ("with", with), ("day", &day)])
    }
}

#[derive(Template)]
#[template(path = "pages/customer/review.html")]
struct Review {
    frame: Frame,
    step: String,
    ticket: Ticket,
    phone: String,
    action: String,
    change: String,
    /// Until when it is kept; nothing: it is not any more.
    kept: Option<Until>,
}

struct Until {
    told: String,
    /// RFC 3339.
    at: String,
}

pub(super) async fn look(kept: Kept) -> Result<Response, Sorry> {
    if kept.is_booked() {
        return Ok(kept.booked());
    }
    let visit = &kept.shop.visit;
    let words = visit.words();
    let until = match kept.hold.state {
        BookingState::Held { expires } if visit.now < expires => {
            Some(Until { told: about(words.kept_until, &visit.speech.clock(expires)), at: expires.to_string() })
        }
        _ => None,
    };
    let customer = &kept.hold.customer;
    shown(&Review {
        frame: visit.frame(words.is_this_right),
        step: kept.shop.step(4),
        ticket: Ticket::of(visit, &kept.hold.slot, Some(customer)),
        phone: customer.phone.as_ref().map(|phone| visit.speech.number(phone)).unwrap_or_default(),
        action: kept.address(""),
        change: kept.address("/change"),
        kept: until,
    })
}

/// Books it. Twice is the same as once.
pub(super) async fn confirm(
    State(state): State<AppState>,
    Extension(limits): Shared,
    Address(address): Address,
    kept: Kept,
    _fields: Fields,
) -> Result<Response, Sorry> {
    if kept.is_booked() {
        return Ok(kept.booked());
    }
    if !limits.changes.admits(address) {
        return Err(Sorry::TooMany);
    }
    let visit = &kept.shop.visit;
    let confirm = Confirm {
        business: kept.shop.business(),
        hold: kept.hold.id,
        customer: kept.hold.customer.clone(),
        by: BY,
        tell: true,
        language: visit.language(),
    };
    let words = visit.words();
    let sorry = match state.desk.confirm(confirm).await {
        Ok(_) => return Ok(kept.booked()),
        Err(DeskError::Taken | DeskError::Gone | DeskError::NotOffered) => format!("{} {}", words.taken, words.others),
        Err(DeskError::TooMany) => words.too_many.to_owned(),
        Err(error) => return Err(error.into()),
    };
    times::show(&state, &kept.shop.choosing(&kept.hold), Some(sorry)).await
}

/// Gives the time up, for another one.
pub(super) async fn change(State(state): State<AppState>, kept: Kept, _fields: Fields) -> Result<Response, Sorry> {
    if kept.is_booked() {
        return Ok(kept.booked());
    }
    state.desk.release(&kept.shop.visit.business, kept.hold.id).await?;
    Ok(to(&kept.times()))
}

impl Shop {
    /// The same visitor at the step where a time is chosen, for what was held.
    fn choosing(&self, hold: &Booking) -> Self {
        let mut visit = self.visit.clone();
        let day = visit.speech.local(hold.slot.starts).date();
        let kept = self.visit.query.iter().filter(|(name, _)| matches!(*name, "with" | "key" | "lang"));
        let mut query = kept.fold(Fields::default(), |query, (name, value)| query.and(name, value));
        query.add("service", hold.slot.service.to_string());
        query.add("day", day.to_string());
        visit.query = query;
        Self { visit, key: self.key.clone() }
    }
}
