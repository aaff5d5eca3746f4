//! Choosing a time, with anybody or with one member of staff.

use axum::{Extension, extract::State, http::StatusCode, response::Response};
use jiff::civil::Date;

use super::{
    super::{
        frame::{shown_as, to},
        limits::{Address, Shared},
        month::{Links, Search},
        relocate::{Person, Times},
        sorry::Sorry,
    },
    Shop, Wish,
};
use crate::{
    domain::{booking::Slot, ids::BookingId},
    web::{patience::in_time, state::AppState},
};

/// The addresses of this page.
struct Way<'a> {
    shop: &'a Shop,
    wish: &'a Wish<'a>,
}

impl Links for Way<'_> {
    fn look(&self, month: Date, day: Option<Date>) -> String {
        let (service, with) = self.wish.ids();
        let (month, day) = (month.to_string(), day.map(|day| day.to_string()).unwrap_or_default());
        let anchor = if day.is_empty() { "" } else { "#times" };
        let asked = [("service", &*service), ("with", &with), ("month", &month), ("day", &day)];
        format!("{}{anchor}", self.shop.address("/times", &asked))
    }

    fn choose(&self, slot: &Slot) -> String {
        let (service, with) = self.wish.ids();
        let starts = slot.starts.to_string();
        self.shop.address("/details", &[("service", &service), ("with", &with), ("starts", &starts)])
    }
}

pub(super) async fn choose(
    State(state): State<AppState>,
    Extension(limits): Shared,
    Address(address): Address,
    shop: Shop,
) -> Result<Response, Sorry> {
    if !limits.looks.admits(address) {
        return Err(Sorry::TooMany);
    }
    show(&state, &shop, None).await
}

/// `sorry`: why another time has to be chosen.
pub(super) async fn show(state: &AppState, shop: &Shop, sorry: Option<String>) -> Result<Response, Sorry> {
    let visit = &shop.visit;
    let Some(wish) = shop.wish() else { return Ok(to(&shop.address("", &[]))) };
    let service = wish.service;
    let search = Search {
        visit,
        desk: state.desk.as_ref(),
        service: service.id,
        staff: wish.with,
        replacing: kept(state, shop).await?,
    };
    let month = search.month(&Way { shop, wish: &wish }).await?;
    let length = visit.speech.length(service.minutes);
    let page = Times {
        frame: visit.frame(visit.words().choose_time),
        back: shop.address("", &[]),
        step: Some(shop.step(2)),
        lead: None,
        service: service.name.clone(),
        facts: match service.price {
            Some(price) => format!("{length} · {}", visit.speech.price(price)),
            None => length,
        },
        people: people(shop, &wish),
        month,
        sorry,
    };
    shown_as(if page.sorry.is_some() { StatusCode::CONFLICT } else { StatusCode::OK }, &page)
}

/// What this visitor keeps already is free to them.
async fn kept(state: &AppState, shop: &Shop) -> Result<Option<BookingId>, Sorry> {
    if shop.visit.query.text("key") != shop.key {
        return Ok(None);
    }
    let key = super::details::prefix(shop);
    let live = state.store.live_holds(shop.visit.business.id, &key, shop.visit.now);
    Ok(in_time("looking for a hold", live).await?.first().map(|hold| hold.id))
}

/// Nothing to choose where there is only one.
fn people(shop: &Shop, wish: &Wish<'_>) -> Vec<Person> {
    let query = &shop.visit.query;
    let service = wish.service.id.to_string();
    let person = |name: &str, id: &str, chosen: bool| Person {
        name: name.to_owned(),
        address: shop.address(
            "/times",
            &[("service", &service), ("with", id), ("month", query.text("month")), ("day", query.text("day"))],
        ),
        chosen,
    };
    let offering = shop.visit.business.offering(wish.service);
    let mut people: Vec<Person> =
        offering.map(|member| person(&member.name, &member.id.to_string(), wish.with == Some(member.id))).collect();
    if people.len() < 2 {
        return Vec::new();
    }
    people.insert(0, person(shop.visit.words().anyone, "", wish.with.is_none()));
    people
}
