//! Moving a booking: choosing another time, seeing what that means and what the customer is told, and taking it back.

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
    ask::booking_path,
    booking::{overtaken, read, unchanged},
    items::Seen,
    pane::{Id, answer, calendar_on},
    times::{self, Times, Wanted},
    words::Words,
};
use crate::{
    domain::{
        booking::{Booking, BookingState, Slot},
        ids::{BookingId, StaffId},
    },
    ports::desk::{DeskError, News},
    web::{
        pages::{
            access::{Access, Staff},
            fault::Fault,
            form::Fields,
            notice::{Notice, then},
        },
        patience::in_time,
        state::AppState,
    },
};

/// Choosing a time.
#[derive(Template)]
#[template(path = "pages/calendar/move.html")]
struct MoveBody {
    assets: &'static str,
    path: String,
    /// "Haircut with Maria, Thursday, November 26, 10:00 am".
    now: String,
    /// Who offers the service: (id, name, chosen).
    staff: Vec<(StaffId, String, bool)>,
    who: StaffId,
    times: Times,
    /// What is wrong with the time that was typed.
    wrong: Option<&'static str>,
    typed: String,
}

/// Looking at it once more.
#[derive(Template)]
#[template(path = "pages/calendar/move_confirm.html")]
struct ConfirmBody {
    path: String,
    /// Back to the free times of that day.
    others: String,
    name: String,
    from: (String, String, String),
    to: (String, String, String),
    starts: i64,
    staff: StaffId,
    version: i32,
    outside: Option<String>,
    taken: Option<String>,
    letter: Option<String>,
    tell: bool,
    missed: bool,
}

pub(super) async fn form(
    State(state): State<AppState>,
    Staff(access): Staff,
    Id(id): Id<BookingId>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let booking = read(&state, &access, id).await?;
    if !matches!(booking.state, BookingState::Confirmed { .. }) {
        return overtaken(&state, &access, &headers, id).await;
    }
    let asked = Fields::parse(query.unwrap_or_default().as_bytes());
    let words = Words::of(&access.business);
    let sane = |on: &Date| (1970..=2200).contains(&on.year());
    let on = asked.text("on").parse().ok().filter(sane);
    let on = on.unwrap_or_else(|| words.date_of(booking.slot.starts.max(state.clock.now())));
    let staff = offering(&access, &booking, asked.text("staff"));
    let time = asked.text("time");
    let typed = match asked.text("at").parse::<i64>().map(Timestamp::from_second) {
        Ok(Ok(at)) => Some(Ok(at)),
        _ if time.is_empty() => None,
        _ => Some(times::at(on, time, asked.is_on("again"), &words)),
    };
    let wrong = match typed {
        Some(Ok(at)) => {
            let step = Step { state: &state, access: &access, headers: &headers, words: &words, booking: &booking };
            return step.confirm((at, staff), true, None).await;
        }
        Some(Err(wrong)) => Some(wrong),
        None => None,
    };
    let business = Arc::new(access.business.clone());
    let wanted = Wanted { service: booking.slot.service, staff: Some(staff), on, replacing: Some(id) };
    let seen = Seen { business: &business, words: &words, now: state.clock.now() };
    let service = business.service(booking.slot.service);
    let names =
        business.staff.iter().filter(|member| service.is_some_and(|service| service.staff.contains(&member.id)));
    let body = MoveBody {
        assets: crate::web::assets::path(),
        path: booking_path(&business, id),
        now: described(&seen, &booking.slot),
        staff: names.map(|member| (member.id, member.name.clone(), member.id == staff)).collect(),
        who: staff,
        times: Times::of(&state, &business, &wanted, &words).await?,
        wrong,
        typed: time.to_owned(),
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    answer(&access, &headers, &format!("Move {}", booking.customer.name.as_str()), status, &body)
}

pub(super) async fn shift(
    State(state): State<AppState>,
    Staff(access): Staff,
    Id(id): Id<BookingId>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let booking = read(&state, &access, id).await?;
    if !unchanged(&booking, typed.text("version")) {
        return overtaken(&state, &access, &headers, id).await;
    }
    let at = typed.text("at").parse::<i64>().ok().and_then(|at| Timestamp::from_second(at).ok());
    let at = at.ok_or(Fault::Bad("a move without a time"))?;
    let staff = offering(&access, &booking, typed.text("staff"));
    let business = Arc::new(access.business.clone());
    let words = Words::of(&business);
    let step = Step { state: &state, access: &access, headers: &headers, words: &words, booking: &booking };
    let Some(slot) = step.slot(at, staff) else { return overtaken(&state, &access, &headers, id).await };
    let tell = typed.is_on("tell");
    let order = Order {
        slot,
        customer: booking.customer.clone(),
        replacing: Some(id),
        anyway: typed.is_on("anyway"),
        tell,
        key: format!("move/{id}/{}/{staff}/{}", booking.version, at.as_second()),
    };
    match book(&state, &business, order).await {
        Ok(new) => {
            access.note(&state, "booking.moved", new.id, &format!("from {id}")).await?;
            let told = said(tell && booking.customer.phone.is_some());
            let text = format!("Moved to {}. {told}", words.moment(new.slot.starts));
            let undo = format!("{}/back?tell={}", booking_path(&business, new.id), u8::from(tell));
            let path = calendar_on(&access, &headers, words.date_of(new.slot.starts));
            Ok(then(&path, &Notice::good(text).undone_at(undo)))
        }
        Err(DeskError::Taken | DeskError::NotOffered) => {
            step.confirm((at, staff), tell, Some(typed.is_on("anyway"))).await
        }
        Err(DeskError::Gone) => overtaken(&state, &access, &headers, id).await,
        Err(error) => Err(error.into()),
    }
}

/// Takes a move back, if the old time is still free.
pub(super) async fn back(
    State(state): State<AppState>,
    Staff(access): Staff,
    Id(id): Id<BookingId>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let business = Arc::new(access.business.clone());
    let words = Words::of(&business);
    let booking = read(&state, &access, id).await?;
    let old = in_time("reading a booking", state.store.replaced_by(business.id, id)).await?;
    let Some(old) = old else { return Err(Fault::NotFound) };
    let old = read(&state, &access, old).await?;
    let place = |booking: &Booking| calendar_on(&access, &headers, words.date_of(booking.slot.starts));
    if !matches!(booking.state, BookingState::Confirmed { .. }) {
        return overtaken(&state, &access, &headers, id).await;
    }
    let tell = Fields::parse(query.unwrap_or_default().as_bytes()).text("tell") == "1";
    let order = Order {
        slot: old.slot,
        customer: booking.customer.clone(),
        replacing: Some(id),
        anyway: true,
        tell,
        key: format!("back/{id}/{}", booking.version),
    };
    match book(&state, &business, order).await {
        Ok(new) => {
            access.note(&state, "booking.moved", new.id, &format!("back from {id}")).await?;
            let told = said(tell && booking.customer.phone.is_some());
            Ok(then(&place(&new), &Notice::good(format!("Back to {}. {told}", words.moment(new.slot.starts)))))
        }
        Err(DeskError::Taken | DeskError::NotOffered | DeskError::TooMany) => {
            let why = "It cannot go back: that time has been taken meanwhile. It stays where it is.";
            Ok(then(&place(&booking), &Notice::bad(why)))
        }
        Err(DeskError::Gone) => overtaken(&state, &access, &headers, id).await,
        Err(error) => Err(error.into()),
    }
}

/// Everything that a step of a move needs to know.
struct Step<'a> {
    state: &'a AppState,
    access: &'a Access,
    headers: &'a HeaderMap,
    words: &'a Words,
    booking: &'a Booking,
}

impl Step<'_> {
    fn slot(&self, at: Timestamp, staff: StaffId) -> Option<Slot> {
        let service = self.access.business.service(self.booking.slot.service)?;
        // A slot's end must be a moment too.
        at.checked_add(jiff::SignedDuration::from_hours(49)).ok()?;
        at.checked_sub(jiff::SignedDuration::from_hours(49)).ok()?;
        Some(Slot::at(service, staff, at))
    }

    /// "From here to there, and this is what is texted." `refused`: the desk said no; whether to book it anyway was ticked.
    async fn confirm(
        &self,
        (at, staff): (Timestamp, StaffId),
        tell: bool,
        refused: Option<bool>,
    ) -> Result<Response, Fault> {
        let Self { state, access, headers, words, booking } = *self;
        let business = Arc::new(access.business.clone());
        let Some(slot) = self.slot(at, staff) else { return overtaken(state, access, headers, booking.id).await };
        let stands = standing(state, &business, &slot, Some(booking.id), words).await?;
        let (outside, taken) = match stands {
            Standing::Free if refused == Some(true) => (None, Some("Somebody took that time a moment ago.".to_owned())),
            Standing::Free => (None, None),
            Standing::Outside(why) => (Some(why), None),
            Standing::Taken(who) => (None, Some(who)),
        };
        let status = match (refused, &taken) {
            (None, _) => StatusCode::OK,
            (Some(_), Some(_)) => StatusCode::CONFLICT,
            (Some(_), None) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let seen = Seen { business: &business, words, now: state.clock.now() };
        let part = |slot: &Slot| {
            (words.day(slot.starts), words.span(slot.starts, slot.ends), seen.member(slot.staff).to_owned())
        };
        let path = booking_path(&business, booking.id);
        let body = ConfirmBody {
            others: format!("{path}/move?on={}&staff={staff}", words.date_of(at)),
            path,
            name: format!("{}, {}", seen.service(slot.service), booking.customer.name.as_str()),
            from: part(&booking.slot),
            to: part(&slot),
            starts: at.as_second(),
            staff,
            version: booking.version,
            missed: refused == Some(false) && outside.is_some(),
            outside,
            taken,
            letter: state.desk.letter_to(&business, &slot, &booking.customer, News::Moved),
            tell,
        };
        answer(access, headers, &format!("Move {}", booking.customer.name.as_str()), status, &body)
    }
}

/// The member of staff who is named, if they offer the service, else the one who has it.
fn offering(access: &Access, booking: &Booking, named: &str) -> StaffId {
    let service = access.business.service(booking.slot.service);
    let named = named.parse().ok().filter(|staff| service.is_some_and(|service| service.staff.contains(staff)));
    named.unwrap_or(booking.slot.staff)
}

/// "Haircut with Maria, Thursday, November 26, 10:00 am".
pub(super) fn described(seen: &Seen<'_>, slot: &Slot) -> String {
    format!("{} with {}, {}", seen.service(slot.service), seen.member(slot.staff), seen.words.moment(slot.starts))
}

/// What the notice says about the text message.
pub(super) fn said(told: bool) -> &'static str {
    if told { "The customer is being told by text message." } else { "The customer was not told." }
}
