//! Who comes: a name and a number; then the time is kept while they look it over.

use askama::Template;
use axum::{Extension, extract::State, http::StatusCode, response::Response};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};

use super::{
    super::{
        frame::{Frame, shown_as, to},
        limits::{Address, Shared},
        link::BY,
        sorry::Sorry,
        ticket::Ticket,
        words::about,
    },
    Shop, Wish, times,
};
use crate::{
    domain::{
        booking::{Booking, Customer, CustomerName, Slot},
        phone::{PhoneKind, PhoneNumber},
        slots::offer,
    },
    ports::desk::{DeskError, Find, Hold},
    web::{
        pages::form::{Fields, Form, wrong},
        patience::in_time,
        state::AppState,
    },
};

/// Nobody fills in a form faster; a program does.
const QUICKEST: i64 = 2;
/// Whoever leaves it open longer looks at it once more.
const LONGEST: i64 = 12 * 60 * 60;
/// A field that people do not see and programs cannot leave empty.
const TRAP: &str = "website";

#[derive(Template)]
#[template(path = "pages/customer/details.html")]
struct Details {
    frame: Frame,
    step: String,
    back: String,
    action: String,
    ticket: Ticket,
    form: Form,
    /// When the form was first shown, in seconds since 1970.
    opened: String,
    consent: String,
}

/// The holds of one visitor.
pub(super) fn prefix(shop: &Shop) -> String {
    format!("page/{}/", shop.key)
}

pub(super) async fn ask(shop: Shop) -> Result<Response, Sorry> {
    show(&shop, Form::default())
}

fn show(shop: &Shop, form: Form) -> Result<Response, Sorry> {
    let Some((wish, slot)) = chosen(shop) else { return Ok(to(&shop.address("", &[]))) };
    let words = shop.visit.words();
    let (service, with) = wish.ids();
    let starts = slot.starts.to_string();
    let opened = match form.value("opened") {
        "" => shop.visit.now.as_second().to_string(),
        first => first.to_owned(),
    };
    let mut ticket = Ticket::of(&shop.visit, &slot, None);
    ticket.member = ticket.member.filter(|_| wish.with.is_some());
    let day = shop.visit.speech.local(slot.starts).date().to_string();
    let status = if form.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Details {
        frame: shop.visit.frame(words.your_details),
        step: shop.step(3),
        back: shop.address("/times", &[("service", &service), ("with", &with), ("day", &day)]),
        action: shop.address("/details", &[("service", &service), ("with", &with), ("starts", &starts)]),
        ticket,
        form,
        opened,
        consent: about(words.consent, &shop.visit.business.name),
    };
    shown_as(status, &page)
}

/// A service and a time; with whom, if that was chosen, else with whoever offers it first.
fn chosen(shop: &Shop) -> Option<(Wish<'_>, Slot)> {
    let wish = shop.wish()?;
    let member = wish.with.or_else(|| shop.visit.business.offering(wish.service).next().map(|member| member.id))?;
    let slot = Slot::at(wish.service, member, wish.starts?);
    Some((wish, slot))
}

/// Keeps the time for them. The same form sent twice keeps it once.
pub(super) async fn hold(
    State(state): State<AppState>,
    Extension(limits): Shared,
    Address(address): Address,
    shop: Shop,
    fields: Fields,
) -> Result<Response, Sorry> {
    if !limits.changes.admits(address) {
        return Err(Sorry::TooMany);
    }
    let Some((wish, slot)) = chosen(&shop) else { return Ok(to(&shop.address("", &[]))) };
    let customer = match customer(&shop, &fields) {
        Ok(customer) => customer,
        Err(mistakes) => return show(&shop, Form::refused(fields, mistakes)),
    };
    let words = shop.visit.words();
    let is_this = |hold: &Booking| {
        hold.slot.starts == slot.starts
            && hold.slot.service == slot.service
            && wish.with.is_none_or(|member| member == hold.slot.staff)
            && hold.customer == customer
    };
    let ours = prefix(&shop);
    let live = state.store.live_holds(shop.visit.business.id, &ours, shop.visit.now);
    let kept = in_time("looking for a hold", live).await?;
    if let Some(hold) = kept.iter().find(|hold| is_this(hold)) {
        return review(&state, &shop, hold);
    }
    if let Some(phone) = &customer.phone
        && !limits.holds.admits((shop.visit.business.id, phone.clone()))
    {
        return times::show(&state, &shop, Some(words.too_many.to_owned())).await;
    }
    for other in kept {
        state.desk.release(&shop.visit.business, other.id).await?;
    }
    match keep(&state, &shop, &wish, slot, customer).await {
        Ok(hold) => review(&state, &shop, &hold),
        Err(DeskError::Taken | DeskError::NotOffered) => {
            times::show(&state, &shop, Some(format!("{} {}", words.taken, words.others))).await
        }
        Err(DeskError::TooMany) => times::show(&state, &shop, Some(words.too_many.to_owned())).await,
        Err(error) => Err(error.into()),
    }
}

/// What was typed, or what is wrong with it.
fn customer(shop: &Shop, fields: &Fields) -> Result<Customer, Vec<crate::domain::business::Mistake>> {
    let words = shop.visit.words();
    let mut mistakes = Vec::new();
    let name = fields.text("name");
    if !name.chars().any(char::is_alphanumeric) {
        mistakes.push(wrong("name", words.wrong_name));
    }
    let phone = PhoneNumber::parse(fields.text("phone"), &shop.visit.business.country).ok();
    match phone.as_ref().map(PhoneNumber::kind) {
        None => mistakes.push(wrong("phone", about(words.wrong_number, &shop.visit.speech.calling_code()))),
        Some(PhoneKind::Never) => mistakes.push(wrong("phone", words.never_number)),
        Some(_) => {}
    }
    let took = fields.text("opened").parse().map_or(0, |opened: i64| shop.visit.now.as_second().saturating_sub(opened));
    if mistakes.is_empty() && (!(QUICKEST..=LONGEST).contains(&took) || !fields.text(TRAP).is_empty()) {
        mistakes.push(wrong("form", words.again_please));
    }
    if mistakes.is_empty() { Ok(Customer { name: CustomerName::new(name), phone }) } else { Err(mistakes) }
}

async fn keep(
    state: &AppState,
    shop: &Shop,
    wish: &Wish<'_>,
    slot: Slot,
    customer: Customer,
) -> Result<Booking, DeskError> {
    let mut hash = Sha256::new();
    let (service, with) = wish.ids();
    let phone = customer.phone.as_ref().map(PhoneNumber::as_str).unwrap_or_default();
    for part in [&service, &with, &slot.starts.to_string(), customer.name.as_str(), phone] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let hold = Hold {
        business: shop.business(),
        slot,
        customer,
        call: None,
        by: BY,
        anyway: false,
        key: format!("{}{}", prefix(shop), crate::web::assets::short(hash)),
        replacing: None,
    };
    if wish.with.is_some() {
        return state.desk.hold(hold).await;
    }
    // Whoever is due; if somebody else was quicker, whoever is left.
    for _ in 0..2 {
        let slot = due(state, shop, &hold.slot).await?.ok_or(DeskError::Taken)?;
        match state.desk.hold(Hold { slot, ..hold.clone() }).await {
            Err(DeskError::Taken) => {}
            done => return done,
        }
    }
    Err(DeskError::Taken)
}

/// Who does it at that time, when it does not matter who.
async fn due(state: &AppState, shop: &Shop, slot: &Slot) -> Result<Option<Slot>, DeskError> {
    let find = Find {
        business: shop.business(),
        service: slot.service,
        staff: None,
        from: slot.starts,
        to: slot.starts + SignedDuration::from_secs(1),
        within: Vec::new(),
        wish: offer::Wish::Soonest,
        count: 1,
        replacing: None,
    };
    Ok(state.desk.find(find).await?.into_iter().next())
}

fn review(state: &AppState, shop: &Shop, hold: &Booking) -> Result<Response, Sorry> {
    let proof = state.links.token(hold.id).ok_or(Sorry::Down)?;
    let with = shop.visit.query.text("with");
    Ok(to(&shop.address(&format!("/review/{}/{proof}", hold.id), &[("with", with)])))
}
