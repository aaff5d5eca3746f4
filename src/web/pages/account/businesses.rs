//! One's businesses, and one more.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;

use crate::{
    domain::{
        account::Role,
        business::{Business, Mistake, Zone},
        ids::{BusinessId, DeedId},
        zones,
    },
    store::{audit::Deed, businesses::Saved},
    web::{
        pages::{
            access::SignedIn,
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{Frame, shown, shown_as},
        },
        patience::in_time,
        state::AppState,
    },
};

/// More than anybody runs.
const MOST: usize = 100;

struct Place {
    path: String,
    name: String,
    /// "You own it", "You work there".
    role: &'static str,
    zone: String,
    suspended: bool,
}

#[derive(Template)]
#[template(path = "pages/account/businesses.html")]
struct BusinessesPage {
    frame: Frame,
    places: Vec<Place>,
}

#[derive(Template)]
#[template(path = "pages/account/new_business.html")]
struct NewBusinessPage {
    frame: Frame,
    form: Form,
    zones: Vec<&'static str>,
}

pub(super) async fn show(State(state): State<AppState>, who: SignedIn, headers: HeaderMap) -> Result<Response, Fault> {
    let found = in_time("reading businesses", state.store.businesses_of(who.user.id)).await?;
    let place = |(business, role): (Business, Role)| Place {
        path: format!("/b/{}", business.id),
        role: match role {
            Role::Owner => "Owner",
            Role::Staff => "Staff",
        },
        zone: business.zone.name().to_owned(),
        suspended: business.suspended,
        name: business.name,
    };
    let places = found.into_iter().map(place).collect();
    shown(&BusinessesPage { frame: Frame::outside(&who, &headers, "Your businesses"), places })
}

pub(super) async fn show_new(who: SignedIn, headers: HeaderMap) -> Result<Response, Fault> {
    let frame = Frame::outside(&who, &headers, "Add a business");
    shown(&NewBusinessPage { frame, form: Form::default(), zones: zones::all().collect() })
}

pub(super) async fn add(
    State(state): State<AppState>,
    who: SignedIn,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let refused = |typed, wrongs| {
        let frame = Frame::outside(&who, &headers, "Add a business");
        let page = NewBusinessPage { frame, form: Form::refused(typed, wrongs), zones: zones::all().collect() };
        shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
    };
    let business = match described(&typed, BusinessId(state.clock.new_id())) {
        Ok(business) => business,
        Err(wrongs) => return refused(typed, wrongs),
    };
    if in_time("reading memberships", state.store.memberships(who.user.id)).await?.len() >= MOST {
        return refused(typed, vec![wrong("business", "You have a hundred businesses already.")]);
    }
    let deed = Deed {
        id: DeedId(state.clock.new_id()),
        business: Some(business.id),
        user: Some(who.user.id),
        actor: who.user.name.clone(),
        deed: "business.added".to_owned(),
        subject: business.id.to_string(),
        detail: String::new(),
        at: state.clock.now(),
    };
    match in_time("adding a business", state.store.add_business(&business, who.user.id, &deed)).await? {
        Saved::Saved { .. } => Ok(Redirect::to(&format!("/b/{}/settings/start", business.id)).into_response()),
        Saved::Conflict(_) | Saved::Missing | Saved::NumberTaken(_) => Err(Fault::Broken),
    }
}

/// A business of which nothing is known but its name (field `business`) and where its clock is (field `zone`).
pub(in crate::web) fn described(typed: &Fields, id: BusinessId) -> Result<Business, Vec<Mistake>> {
    let mut wrongs = Vec::new();
    let name = typed.text("business");
    if name.is_empty() {
        wrongs.push(wrong("business", "Say what your business is called."));
    } else if name.chars().count() > 120 || name.chars().any(char::is_control) {
        wrongs.push(wrong("business", "Use at most 120 characters on one line."));
    }
    let zone = typed.text("zone");
    if Zone::named(zone).is_err() || zone.is_empty() {
        wrongs.push(wrong("zone", "Choose a time zone from the list, such as Europe/Paris."));
    }
    if !wrongs.is_empty() {
        return Err(wrongs);
    }
    let known = |country: &&str| country.parse::<phonenumber::country::Id>().is_ok();
    let country = zones::country(zone).filter(known).unwrap_or("US");
    // Everything else is as a document has it that does not say.
    let document = json!({
        "id": id, "name": name, "zone": zone, "country": country, "hours": {}, "services": [], "staff": [],
    });
    let business: Business = serde_json::from_value(document).map_err(|_| vec![wrong("business", "cannot be used")])?;
    let wrongs = business.mistakes();
    if wrongs.is_empty() { Ok(business) } else { Err(wrongs) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_to_choose_from_makes_a_business() {
        for zone in zones::all() {
            let typed = Fields::default().and("business", "Willow").and("zone", zone);
            let business = described(&typed, BusinessId(uuid::Uuid::nil())).unwrap();
            assert_eq!(business.zone.name(), zone);
        }
        for zone in ["", "Mars/Olympus", "../../etc/passwd"] {
            let typed = Fields::default().and("business", "Willow").and("zone", zone);
            assert_eq!(described(&typed, BusinessId(uuid::Uuid::nil())).unwrap_err()[0].at, "zone");
        }
    }
}
