//! Bookings: listed from the ledger, changed at the desk, exactly as for callers.

use std::sync::Arc;

use axum::{
    Extension, Json as Answer,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::{
    cursor::{self, List, Page},
    edit::load,
    extract::{Asked, Ids, Json},
    guard::Client,
    idempotency::Key,
    problem::{Kind, Problem},
    slots,
    views::{BookingView, SlotView},
};
use crate::{
    domain::{
        booking::{Booking, BookingState, Customer, CustomerName, Slot},
        business::Business,
        ids::{BookingId, BusinessId, ServiceId, StaffId},
        phone::PhoneNumber,
        slots::offer::Wish,
    },
    ports::desk::{Actor, Cancel, Confirm, DeskError, Find, Hold},
    store::bookings::Filter,
    web::state::AppState,
};

/// Which bookings to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Starting at this moment or later, RFC 3339.
    #[param(value_type = Option<String>, nullable = false, format = "date-time")]
    from: Option<Timestamp>,
    /// Starting before this moment.
    #[param(value_type = Option<String>, nullable = false, format = "date-time")]
    to: Option<Timestamp>,
    #[param(inline, nullable = false)]
    status: Option<Wished>,
    /// Of this number, in E.164.
    #[param(value_type = Option<String>, nullable = false, example = "+14155552671")]
    phone: Option<PhoneNumber>,
    /// Where the page before ended.
    #[param(nullable = false)]
    cursor: Option<String>,
    /// 1 to 200, usually 50.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Wished {
    Held,
    Confirmed,
    Cancelled,
    Moved,
    Expired,
}

impl Wished {
    fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
            Self::Moved => "moved",
            Self::Expired => "expired",
        }
    }
}

/// List bookings
///
/// In order of their start.
#[utoipa::path(get, path = "/businesses/{business}/bookings", tag = "Bookings", params(("business" = Uuid, Path), Wanted),
    responses((status = 200, body = Page<BookingView>)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Ids(id): Ids<BusinessId>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Answer<Page<BookingView>>, Problem> {
    let business = load(&state, id).await?.business;
    let limit = cursor::limit(wanted.limit);
    let after = cursor::time_and_id(List::Bookings, wanted.cursor.as_deref())?;
    let filter = Filter {
        from: wanted.from,
        to: wanted.to,
        status: wanted.status.map(|status| status.name().to_owned()),
        phone: wanted.phone,
    };
    let after = after.map(|(at, id)| (at, BookingId(id)));
    let rows = state.store.bookings(id, &filter, after, limit + 1).await?;
    let cursor = |row: &Booking| cursor::after(List::Bookings, Some(row.slot.starts), row.id.0);
    Ok(Answer(Page::of(rows, limit, cursor, |row| BookingView::of(&row, &business))))
}

/// Get a booking
#[utoipa::path(get, path = "/businesses/{business}/bookings/{booking}", tag = "Bookings",
    params(("business" = Uuid, Path), ("booking" = Uuid, Path)),
    responses((status = 200, body = BookingView)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Ids((id, booking)): Ids<(BusinessId, BookingId)>,
) -> Result<Answer<BookingView>, Problem> {
    let business = load(&state, id).await?.business;
    let booking = state.store.booking(id, booking).await?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok(Answer(BookingView::of(&booking, &business)))
}

/// A booking to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewBooking {
    #[schema(value_type = uuid::Uuid)]
    service: ServiceId,
    /// Whoever is due, unless given.
    #[schema(value_type = Option<uuid::Uuid>, nullable = false)]
    staff: Option<StaffId>,
    /// RFC 3339, one of the free starts.
    #[schema(value_type = String, format = "date-time", example = "2026-11-24T15:00:00-05:00")]
    starts: Timestamp,
    /// At most 60 characters are kept.
    #[schema(value_type = String, example = "Anna Kovacs")]
    name: CustomerName,
    /// E.164. The confirmation is sent there.
    #[schema(value_type = Option<String>, nullable = false, example = "+14155552671")]
    phone: Option<PhoneNumber>,
}

/// Book an appointment
///
/// It exists once this answers 201, and not before. When the time is taken the answer names others.
#[utoipa::path(post, path = "/businesses/{business}/bookings", tag = "Bookings",
    params(("business" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, nullable = false, description = "Makes it safe to send twice.", example = "order-1234")),
    request_body = NewBooking,
    responses((status = 201, body = BookingView),
        (status = 409, description = "That time is taken; `alternatives` are near it."),
        (status = 422, description = "That time is not on offer.")))]
pub(super) async fn create(
    State(state): State<AppState>,
    client: Client,
    Ids(id): Ids<BusinessId>,
    key: Option<Extension<Key>>,
    Json(new): Json<NewBooking>,
) -> Result<Response, Problem> {
    let business = Arc::new(load(&state, id).await?.business);
    slots::known(&business, new.service, new.staff, "service", "staff")?;
    let customer = Customer { name: new.name, phone: new.phone };
    let wish = Wanting { service: new.service, staff: new.staff, starts: new.starts, replacing: None };
    let booking = book(&state, &business, &wish, customer, key.as_deref()).await?;
    client.does("booking.made", booking.id).note(&state, id).await;
    let place = format!("{}/businesses/{id}/bookings/{}", super::ROOT, booking.id);
    let mut response = (StatusCode::CREATED, Answer(BookingView::of(&booking, &business))).into_response();
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// Where a booking is to be moved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Move {
    /// RFC 3339, one of the free starts.
    #[schema(value_type = String, format = "date-time", example = "2026-11-25T10:00:00-05:00")]
    starts: Timestamp,
    /// The same as before, unless given.
    #[schema(value_type = Option<uuid::Uuid>, nullable = false)]
    staff: Option<StaffId>,
}

/// Move a booking
///
/// Answers with the booking that takes its place; the old one is kept as "moved". It is never without a time in between.
#[utoipa::path(post, path = "/businesses/{business}/bookings/{booking}/move", tag = "Bookings",
    params(("business" = Uuid, Path), ("booking" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, nullable = false)),
    request_body = Move,
    responses((status = 200, body = BookingView),
        (status = 409, description = "It is taken, in use, or no longer what it was.")))]
pub(super) async fn reschedule(
    State(state): State<AppState>,
    client: Client,
    Ids((id, booking)): Ids<(BusinessId, BookingId)>,
    key: Option<Extension<Key>>,
    Json(to): Json<Move>,
) -> Result<Answer<BookingView>, Problem> {
    let business = Arc::new(load(&state, id).await?.business);
    let old = state.store.booking(id, booking).await?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    // A repeated request after a crash finds it moved; the desk's key tells whether that was this request.
    if !matches!(old.state, BookingState::Confirmed { .. } | BookingState::Moved { .. }) {
        return Err(Problem::new(Kind::Gone).because("Only a confirmed booking can be moved."));
    }
    let staff = to.staff.unwrap_or(old.slot.staff);
    slots::known(&business, old.slot.service, Some(staff), "service", "staff")?;
    let wish = Wanting { service: old.slot.service, staff: Some(staff), starts: to.starts, replacing: Some(booking) };
    let moved = book(&state, &business, &wish, old.customer, key.as_deref()).await?;
    client.does("booking.moved", moved.id).note(&state, id).await;
    Ok(Answer(BookingView::of(&moved, &business)))
}

/// Cancel a booking
///
/// The customer is told by text message. Cancelling twice is the same as once.
#[utoipa::path(post, path = "/businesses/{business}/bookings/{booking}/cancel", tag = "Bookings",
    params(("business" = Uuid, Path), ("booking" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, nullable = false)),
    responses((status = 200, body = BookingView),
        (status = 409, description = "It is taken, in use, or no longer what it was.")))]
pub(super) async fn cancel(
    State(state): State<AppState>,
    client: Client,
    Ids((id, booking)): Ids<(BusinessId, BookingId)>,
) -> Result<Answer<BookingView>, Problem> {
    let business = Arc::new(load(&state, id).await?.business);
    let before = state.store.booking(id, booking).await?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let cancel = Cancel {
        business: Arc::clone(&business),
        booking,
        by: Actor::Business,
        reason: None,
        tell: true,
        language: None,
    };
    let booking = state.desk.cancel(cancel).await?;
    // Cancelling again changes nothing, and is no deed.
    if !matches!(before.state, BookingState::Cancelled { .. }) {
        client.does("booking.cancelled", booking.id).note(&state, id).await;
    }
    Ok(Answer(BookingView::of(&booking, &business)))
}

/// A time that is wanted.
struct Wanting {
    service: ServiceId,
    staff: Option<StaffId>,
    starts: Timestamp,
    replacing: Option<BookingId>,
}

/// Holds and confirms.
async fn book(
    state: &AppState,
    business: &Arc<Business>,
    wanting: &Wanting,
    customer: Customer,
    key: Option<&Key>,
) -> Result<Booking, Problem> {
    let key = key.map_or_else(|| state.clock.new_id().to_string(), |key| key.0.clone());
    let slot = if let Some(staff) = wanting.staff {
        // Held without looking: when the same request was cut off half-way before, the time is taken by itself.
        let service = business.service(wanting.service).ok_or_else(|| Problem::new(Kind::NotFound))?;
        Slot::at(service, staff, wanting.starts)
    } else {
        let free = slots::at(state, business, wanting.service, None, wanting.starts, wanting.replacing).await?;
        match free {
            Some(slot) => slot,
            None => return Err(refused(state, business, wanting, DeskError::Taken).await),
        }
    };
    let hold = Hold {
        business: Arc::clone(business),
        slot,
        customer: customer.clone(),
        call: None,
        by: Actor::Business,
        anyway: false,
        key: format!("api/{key}"),
        replacing: wanting.replacing,
    };
    let kept = match state.desk.hold(hold).await {
        Ok(kept) => kept,
        Err(failure) => return Err(refused(state, business, wanting, failure).await),
    };
    let by = Actor::Business;
    let confirm = Confirm { business: Arc::clone(business), hold: kept.id, customer, by, tell: true, language: None };
    Ok(state.desk.confirm(confirm).await?)
}

/// The desk's no, with times near the one that was wanted.
async fn refused(state: &AppState, business: &Arc<Business>, wanting: &Wanting, failure: DeskError) -> Problem {
    let day = SignedDuration::from_hours(24);
    let near = Find {
        business: Arc::clone(business),
        service: wanting.service,
        staff: wanting.staff,
        from: wanting.starts.saturating_sub(day).unwrap_or(wanting.starts),
        to: wanting.starts.saturating_add(day * 3).unwrap_or(wanting.starts),
        within: Vec::new(),
        wish: Wish::Near(wanting.starts),
        count: 3,
        replacing: wanting.replacing,
    };
    let wants_others = matches!(failure, DeskError::Taken | DeskError::NotOffered);
    let problem = Problem::from(failure);
    if !wants_others {
        return problem;
    }
    let found = state.desk.find(near).await.unwrap_or_default();
    let found: Vec<_> = found.into_iter().map(|slot| SlotView::of(slot, business)).collect();
    problem.with("alternatives", json!(found))
}
