//! Adding an appointment by hand: somebody stands in the door, or called another number.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::{Timestamp, civil::Date};

use super::{
    arrange::{Order, Standing, book, standing},
    pane::{answer, calendar_on},
    times::{self, Times, Wanted},
    words::Words,
};
use crate::{
    domain::{
        account::Role,
        booking::{Customer, CustomerName, Slot},
        business::{Business, Service},
        ids::StaffId,
        phone::PhoneNumber,
    },
    ports::desk::DeskError,
    store::customers::CustomerOrder,
    web::{
        pages::{
            access::{Access, Staff},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{root, shown, shown_as},
            notice::{Notice, then},
        },
        patience::in_time,
        state::AppState,
    },
};

/// As many earlier customers as fit below a field.
const PEOPLE: u32 = 8;

#[derive(Template)]
#[template(path = "pages/calendar/new.html")]
struct NewBody {
    form: Form,
    action: String,
    people: String,
    services: Vec<(String, String)>,
    staff: Vec<(String, String)>,
    times: Times,
    /// A time outside of the rules was chosen: why no caller would get it.
    outside: Option<String>,
    taken: Option<String>,
    /// None of the chips: a time was typed.
    other: bool,
}

/// The free times alone, when the service, the member of staff or the day was changed.
#[derive(Template)]
#[template(path = "pages/calendar/new_times.html")]
struct NewTimes {
    form: Form,
    times: Times,
    outside: Option<String>,
    taken: Option<String>,
    other: bool,
}

/// For a business that offers nothing yet.
#[derive(Template)]
#[template(path = "pages/calendar/no_services.html")]
struct NoServices {
    root: String,
    owner: bool,
}

#[derive(Template)]
#[template(path = "pages/calendar/people.html")]
struct People {
    found: Vec<(String, String)>,
}

pub(super) async fn form(
    State(state): State<AppState>,
    Staff(access): Staff,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let asked = Fields::parse(query.unwrap_or_default().as_bytes());
    let mut fields = Fields::default().and("tell", "on").and("key", state.clock.new_id().to_string());
    for name in ["service", "staff", "on", "time"] {
        fields.add(name, asked.text(name));
    }
    if let Ok(customer) = asked.text("customer").parse() {
        let known = in_time("reading a customer", state.store.customer(access.business.id, customer)).await?;
        let known = known.ok_or(Fault::NotFound)?;
        let phone = Words::of(&access.business).phone(&known.phone);
        fields = fields.and("name", known.name.as_str()).and("phone", phone);
    }
    let page = Page::of(&state, &access, &headers);
    let time = asked.text("time");
    if !time.is_empty() {
        // A place in the calendar that was pointed at: one of the free times if it is one.
        let at = times::at(page.on(&asked), time, asked.is_on("again"), &page.words).ok();
        let value = at.map(|at| format!("{}.{}", at.as_second(), asked.text("staff")));
        fields.add("at", value.as_deref().unwrap_or("other"));
    }
    page.show(StatusCode::OK, Form::of(fields), None).await
}

pub(super) async fn add(
    State(state): State<AppState>,
    Staff(access): Staff,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let page = Page::of(&state, &access, &headers);
    if typed.has("show", "times") {
        return page.times(typed).await;
    }
    let (order, words) = match page.order(&typed) {
        Ok(order) => (order, &page.words),
        Err(mistakes) => {
            return page.show(StatusCode::UNPROCESSABLE_ENTITY, Form::refused(typed, mistakes), None).await;
        }
    };
    let (slot, tell, reachable) = (order.slot, order.tell, order.customer.phone.is_some());
    match book(&state, &page.business, order).await {
        Ok(booking) => {
            access.note(&state, "booking.added", booking.id, if tell { "the customer was told" } else { "" }).await?;
            let told = super::moving::said(tell && reachable);
            let text = format!("Booked for {}. {told}", words.moment(booking.slot.starts));
            let path = calendar_on(&access, &headers, words.date_of(booking.slot.starts));
            Ok(then(&path, &Notice::good(text)))
        }
        Err(error @ (DeskError::Taken | DeskError::NotOffered | DeskError::TooMany | DeskError::Gone)) => {
            let standing = standing(&state, &page.business, &slot, None, words).await?;
            let standing = match (error, standing) {
                (DeskError::NotOffered, outside @ Standing::Outside(_)) => outside,
                (_, taken @ Standing::Taken(_)) => taken,
                _ => Standing::Taken("Somebody took that time a moment ago.".to_owned()),
            };
            let status = match standing {
                Standing::Outside(_) => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::CONFLICT,
            };
            page.show(status, Form::refused(typed, Vec::new()), Some(standing)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Earlier customers whose name has these letters. Posted, so that no name stands in an address.
pub(super) async fn people(
    State(state): State<AppState>,
    Staff(access): Staff,
    typed: Fields,
) -> Result<Response, Fault> {
    let letters = typed.text("name");
    let found = if letters.chars().count() < 2 {
        Vec::new()
    } else {
        let found = state.store.customers(access.business.id, letters, CustomerOrder::Last, None, PEOPLE);
        in_time("looking for customers", found).await?
    };
    let words = Words::of(&access.business);
    let found = found.iter().map(|known| (known.name.as_str().to_owned(), words.phone(&known.phone))).collect();
    shown(&People { found })
}

struct Page<'a> {
    state: &'a AppState,
    access: &'a Access,
    headers: &'a HeaderMap,
    business: Arc<Business>,
    words: Words,
}

impl<'a> Page<'a> {
    fn of(state: &'a AppState, access: &'a Access, headers: &'a HeaderMap) -> Self {
        let words = Words::of(&access.business);
        Self { state, access, headers, business: Arc::new(access.business.clone()), words }
    }

    /// The service that was chosen, or the first.
    fn service(&self, fields: &Fields) -> Option<&Service> {
        let id = fields.text("service").parse().ok();
        id.and_then(|id| self.business.service(id)).or_else(|| self.business.services.first())
    }

    fn staff(service: &Service, fields: &Fields) -> Option<StaffId> {
        fields.text("staff").parse().ok().filter(|staff| service.staff.contains(staff))
    }

    fn on(&self, fields: &Fields) -> Date {
        let sane = |on: &Date| (1970..=2200).contains(&on.year());
        let on = fields.text("on").parse().ok().filter(sane);
        on.unwrap_or_else(|| self.words.date_of(self.state.clock.now()))
    }

    async fn free(&self, fields: &Fields) -> Result<Times, Fault> {
        let service = self.service(fields).ok_or(Fault::NotFound)?;
        let staff = Self::staff(service, fields);
        let wanted = Wanted { service: service.id, staff, on: self.on(fields), replacing: None };
        Times::of(self.state, &self.business, &wanted, &self.words).await
    }

    /// What was typed, as an order to the desk.
    fn order(&self, typed: &Fields) -> Result<Order, Vec<crate::domain::business::Mistake>> {
        let mut mistakes = Vec::new();
        let Some(service) = self.service(typed) else { return Err(vec![wrong("service", "set up a service first")]) };
        let named = Self::staff(service, typed);
        let time = match times::chosen(typed.text("at")) {
            Some((at, staff)) => Ok((at, staff)),
            None if typed.text("time").is_empty() => Err(wrong("at", "choose a time")),
            None => times::at(self.on(typed), typed.text("time"), false, &self.words)
                .map_err(|why| wrong("time", why))
                .and_then(|at| match named.or_else(|| only(service)) {
                    Some(staff) => Ok((at, staff)),
                    None => Err(wrong("staff", "say with whom, for a time that you type yourself")),
                }),
        };
        let name = typed.text("name");
        if name.is_empty() {
            mistakes.push(wrong("name", "say who comes"));
        }
        let phone = match typed.text("phone") {
            "" => Ok(None),
            text => PhoneNumber::parse(text, &self.business.country).map(Some),
        };
        if phone.is_err() {
            mistakes.push(wrong("phone", "this is no telephone number"));
        }
        match (time, phone) {
            (Ok((at, staff)), Ok(phone)) if mistakes.is_empty() && sane(at) && service.staff.contains(&staff) => {
                Ok(Order {
                    slot: Slot::at(service, staff, at),
                    customer: Customer { name: CustomerName::new(name), phone },
                    replacing: None,
                    anyway: typed.is_on("anyway"),
                    tell: typed.is_on("tell"),
                    key: format!("new/{}/{staff}/{}", typed.text("key"), at.as_second()),
                })
            }
            (time, _) => {
                mistakes.extend(time.err());
                if mistakes.is_empty() {
                    mistakes.push(wrong("at", "choose a time"));
                }
                Err(mistakes)
            }
        }
    }

    async fn show(&self, status: StatusCode, form: Form, standing: Option<Standing>) -> Result<Response, Fault> {
        let business = &self.business;
        let Some(service) = self.service(&form.fields) else {
            let teach = NoServices { root: root(business), owner: self.access.role == Role::Owner };
            return answer(self.access, self.headers, "New appointment", StatusCode::OK, &teach);
        };
        let mut staff = vec![(String::new(), "Whoever is free".to_owned())];
        staff.extend(business.offering(service).map(|member| (member.id.to_string(), member.name.clone())));
        let times = self.free(&form.fields).await?;
        let (outside, taken) = split(standing);
        let body = NewBody {
            action: format!("{}/calendar/new", root(business)),
            people: format!("{}/calendar/people", root(business)),
            services: business.services.iter().map(|one| (one.id.to_string(), one.name.clone())).collect(),
            staff,
            other: is_other(&form, &times),
            times,
            outside,
            taken,
            form,
        };
        answer(self.access, self.headers, "New appointment", status, &body)
    }

    /// The times of another day, service or member of staff; what was typed besides stays.
    async fn times(&self, typed: Fields) -> Result<Response, Fault> {
        if !self.headers.contains_key("hx-request") {
            return self.show(StatusCode::OK, Form::of(typed), None).await;
        }
        let times = self.free(&typed).await?;
        let form = Form::of(typed);
        shown_as(StatusCode::OK, &NewTimes { other: is_other(&form, &times), form, times, outside: None, taken: None })
    }
}

fn split(standing: Option<Standing>) -> (Option<String>, Option<String>) {
    match standing {
        Some(Standing::Outside(why)) => (Some(why), None),
        Some(Standing::Taken(who)) => (None, Some(who)),
        _ => (None, None),
    }
}

fn is_other(form: &Form, times: &Times) -> bool {
    let at = form.value("at");
    !form.value("time").is_empty() && !times.choices.iter().any(|choice| choice.value == at)
}

/// The one who offers a service alone.
fn only(service: &Service) -> Option<StaffId> {
    match service.staff.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// Far enough from the ends of time for what is reckoned around it.
fn sane(at: Timestamp) -> bool {
    (0..=7_258_118_400).contains(&at.as_second())
}
