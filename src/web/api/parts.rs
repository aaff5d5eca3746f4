//! The parts of a business, one at a time: services, staff, hours, exceptions. Each edit changes the document as a whole.

use axum::{Json as Answer, extract::State, http::StatusCode, response::Response};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::{
    edit::{edit, load, tagged},
    extract::{Ids, IfMatch, Json, Text},
    guard::Client,
    problem::{Kind, Problem},
    shapes,
};
use crate::{
    domain::{
        booking::Booking,
        business::{Business, Exception, Service, Staff, WeeklyHours},
        ids::{BusinessId, ServiceId, StaffId},
    },
    store::bookings::Filter,
    web::state::AppState,
};

/// How many appointments to come are looked through before something is removed.
const LOOKED_THROUGH: u32 = 5_000;

fn missing() -> Problem {
    Problem::new(Kind::NotFound)
}

/// Whoever has an appointment keeps it: what it is with or for is not removed from under it.
async fn unless_booked(
    state: &AppState,
    business: BusinessId,
    concerned: impl Fn(&Booking) -> bool,
) -> Result<(), Problem> {
    let filter = Filter { from: Some(state.clock.now()), status: Some("confirmed".to_owned()), ..Filter::default() };
    let upcoming = state.store.bookings(business, &filter, None, LOOKED_THROUGH).await?;
    match upcoming.iter().filter(|booking| concerned(booking)).count() {
        0 => Ok(()),
        count => Err(Problem::new(Kind::InUse)
            .because("Move or cancel the appointments first.")
            .with("appointments", count.into())),
    }
}

/// List the services
#[utoipa::path(get, path = "/businesses/{business}/services", tag = "Services", params(("business" = Uuid, Path)),
    responses((status = 200, body = Vec<shapes::Service>)))]
pub(super) async fn services(State(state): State<AppState>, Ids(id): Ids<BusinessId>) -> Result<Response, Problem> {
    let found = load(&state, id).await?;
    Ok(tagged(found.version, Answer(found.business.services)))
}

/// Add a service
#[utoipa::path(post, path = "/businesses/{business}/services", tag = "Services",
    params(("business" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, nullable = false)),
    request_body = shapes::Service,
    responses((status = 201, body = shapes::Service)))]
pub(super) async fn add_service(
    State(state): State<AppState>,
    client: Client,
    Ids(id): Ids<BusinessId>,
    IfMatch(only): IfMatch,
    body: Text,
) -> Result<Response, Problem> {
    let service: Service = body.read_with_id(state.clock.new_id())?;
    let add = |business: &mut Business| {
        business.services.push(service.clone());
        Ok(())
    };
    let ((), version) = edit(&state, id, only, &client.does("settings.service_added", service.id), add).await?;
    Ok(tagged(version, (StatusCode::CREATED, Answer(service))))
}

/// Replace a service
#[utoipa::path(put, path = "/businesses/{business}/services/{service}", tag = "Services",
    params(("business" = Uuid, Path), ("service" = Uuid, Path), ("If-Match" = Option<String>, Header, nullable = false)),
    request_body = shapes::Service,
    responses((status = 200, body = shapes::Service)))]
pub(super) async fn replace_service(
    State(state): State<AppState>,
    client: Client,
    Ids((id, service)): Ids<(BusinessId, ServiceId)>,
    IfMatch(only): IfMatch,
    body: Text,
) -> Result<Response, Problem> {
    load(&state, id).await?.business.service(service).ok_or_else(missing)?;
    let new: Service = body.read_with_id(service.0)?;
    if new.id != service {
        return Err(Problem::at("id", "is not the id in the path"));
    }
    let replace = |business: &mut Business| {
        let old = business.services.iter_mut().find(|old| old.id == service).ok_or_else(missing)?;
        old.clone_from(&new);
        Ok(())
    };
    let ((), version) = edit(&state, id, only, &client.does("settings.service_changed", service), replace).await?;
    Ok(tagged(version, Answer(new)))
}

/// Remove a service
///
/// Refused while there are appointments for it.
#[utoipa::path(delete, path = "/businesses/{business}/services/{service}", tag = "Services",
    params(("business" = Uuid, Path), ("service" = Uuid, Path), ("If-Match" = Option<String>, Header, nullable = false)),
    responses((status = 204), (status = 409, description = "It is taken, in use, or no longer what it was.")))]
pub(super) async fn remove_service(
    State(state): State<AppState>,
    client: Client,
    Ids((id, service)): Ids<(BusinessId, ServiceId)>,
    IfMatch(only): IfMatch,
) -> Result<Response, Problem> {
    unless_booked(&state, id, |booking| booking.slot.service == service).await?;
    let remove = |business: &mut Business| {
        business.service(service).ok_or_else(missing)?;
        business.services.retain(|old| old.id != service);
        Ok(())
    };
    let ((), version) = edit(&state, id, only, &client.does("settings.service_removed", service), remove).await?;
    Ok(tagged(version, StatusCode::NO_CONTENT))
}

/// List the staff
#[utoipa::path(get, path = "/businesses/{business}/staff", tag = "Staff", params(("business" = Uuid, Path)),
    responses((status = 200, body = Vec<shapes::Staff>)))]
pub(super) async fn staff(State(state): State<AppState>, Ids(id): Ids<BusinessId>) -> Result<Response, Problem> {
    let found = load(&state, id).await?;
    Ok(tagged(found.version, Answer(found.business.staff)))
}

/// Add a member of staff
///
/// They offer nothing until a service names them.
#[utoipa::path(post, path = "/businesses/{business}/staff", tag = "Staff",
    params(("business" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, nullable = false)),
    request_body = shapes::Staff,
    responses((status = 201, body = shapes::Staff)))]
pub(super) async fn add_member(
    State(state): State<AppState>,
    client: Client,
    Ids(id): Ids<BusinessId>,
    IfMatch(only): IfMatch,
    body: Text,
) -> Result<Response, Problem> {
    let member: Staff = body.read_with_id(state.clock.new_id())?;
    let add = |business: &mut Business| {
        business.staff.push(member.clone());
        Ok(())
    };
    let ((), version) = edit(&state, id, only, &client.does("settings.staff_added", member.id), add).await?;
    Ok(tagged(version, (StatusCode::CREATED, Answer(member))))
}

/// Replace a member of staff
#[utoipa::path(put, path = "/businesses/{business}/staff/{member}", tag = "Staff",
    params(("business" = Uuid, Path), ("member" = Uuid, Path), ("If-Match" = Option<String>, Header, nullable = false)),
    request_body = shapes::Staff,
    responses((status = 200, body = shapes::Staff)))]
pub(super) async fn replace_member(
    State(state): State<AppState>,
    client: Client,
    Ids((id, member)): Ids<(BusinessId, StaffId)>,
    IfMatch(only): IfMatch,
    body: Text,
) -> Result<Response, Problem> {
    load(&state, id).await?.business.member(member).ok_or_else(missing)?;
    let new: Staff = body.read_with_id(member.0)?;
    if new.id != member {
        return Err(Problem::at("id", "is not the id in the path"));
    }
    let replace = |business: &mut Business| {
        let old = business.staff.iter_mut().find(|old| old.id == member).ok_or_else(missing)?;
        old.clone_from(&new);
        Ok(())
    };
    let ((), version) = edit(&state, id, only, &client.does("settings.staff_changed", member), replace).await?;
    Ok(tagged(version, Answer(new)))
}

/// Remove a member of staff
///
/// Refused while there are appointments with them. They are taken out of every service and exception.
#[utoipa::path(delete, path = "/businesses/{business}/staff/{member}", tag = "Staff",
    params(("business" = Uuid, Path), ("member" = Uuid, Path), ("If-Match" = Option<String>, Header, nullable = false)),
    responses((status = 204), (status = 409, description = "It is taken, in use, or no longer what it was.")))]
pub(super) async fn remove_member(
    State(state): State<AppState>,
    client: Client,
    Ids((id, member)): Ids<(BusinessId, StaffId)>,
    IfMatch(only): IfMatch,
) -> Result<Response, Problem> {
    unless_booked(&state, id, |booking| booking.slot.staff == member).await?;
    let remove = |business: &mut Business| {
        business.member(member).ok_or_else(missing)?;
        business.staff.retain(|old| old.id != member);
        business.exceptions.retain(|exception| exception.staff != Some(member));
        for service in &mut business.services {
            service.staff.retain(|offering| *offering != member);
        }
        Ok(())
    };
    let ((), version) = edit(&state, id, only, &client.does("settings.staff_removed", member), remove).await?;
    Ok(tagged(version, StatusCode::NO_CONTENT))
}

/// Get the weekly hours
#[utoipa::path(get, path = "/businesses/{business}/hours", tag = "Hours", params(("business" = Uuid, Path)),
    responses((status = 200, body = shapes::WeeklyHours)))]
pub(super) async fn hours(State(state): State<AppState>, Ids(id): Ids<BusinessId>) -> Result<Response, Problem> {
    let found = load(&state, id).await?;
    Ok(tagged(found.version, Answer(found.business.hours)))
}

/// Replace the weekly hours
///
/// Appointments that are outside the new hours stay.
#[utoipa::path(put, path = "/businesses/{business}/hours", tag = "Hours",
    params(("business" = Uuid, Path), ("If-Match" = Option<String>, Header, nullable = false)),
    request_body = shapes::WeeklyHours,
    responses((status = 200, body = shapes::WeeklyHours)))]
pub(super) async fn replace_hours(
    State(state): State<AppState>,
    client: Client,
    Ids(id): Ids<BusinessId>,
    IfMatch(only): IfMatch,
    Json(hours): Json<WeeklyHours>,
) -> Result<Response, Problem> {
    let replace = |business: &mut Business| {
        business.hours.clone_from(&hours);
        Ok(())
    };
    let ((), version) = edit(&state, id, only, &client.does("settings.hours", id), replace).await?;
    Ok(tagged(version, Answer(hours)))
}

/// An exception and its name, which follows from what it says: one that is edited gets another.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct NamedException {
    #[schema(example = "Xwwd-LjpLXGM")]
    id: String,
    #[schema(value_type = shapes::Exception)]
    exception: Exception,
}

impl NamedException {
    fn of(exception: Exception) -> Self {
        let json = serde_json::to_vec(&exception).unwrap_or_default();
        let id = URL_SAFE_NO_PAD.encode(&Sha256::digest(&json)[..9]);
        Self { id, exception }
    }
}

fn place_of(business: &Business, id: &str) -> Result<usize, Problem> {
    let named = |exception: &Exception| NamedException::of(exception.clone()).id == id;
    business.exceptions.iter().position(named).ok_or_else(missing)
}

/// List the exceptions
#[utoipa::path(get, path = "/businesses/{business}/exceptions", tag = "Hours", params(("business" = Uuid, Path)),
    responses((status = 200, body = Vec<NamedException>)))]
pub(super) async fn exceptions(State(state): State<AppState>, Ids(id): Ids<BusinessId>) -> Result<Response, Problem> {
    let found = load(&state, id).await?;
    let named: Vec<_> = found.business.exceptions.into_iter().map(NamedException::of).collect();
    Ok(tagged(found.version, Answer(named)))
}

/// Add an exception
///
/// A holiday, a vacation, a long Thursday. Of several on one day the one added last holds.
#[utoipa::path(post, path = "/businesses/{business}/exceptions", tag = "Hours",
    params(("business" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, nullable = false)),
    request_body = shapes::Exception,
    responses((status = 201, body = NamedException)))]
pub(super) async fn add_exception(
    State(state): State<AppState>,
    client: Client,
    Ids(id): Ids<BusinessId>,
    IfMatch(only): IfMatch,
    Json(exception): Json<Exception>,
) -> Result<Response, Problem> {
    let add = |business: &mut Business| {
        business.exceptions.push(exception.clone());
        Ok(())
    };
    let ((), version) = edit(&state, id, only, &client.does("settings.exception_added", id), add).await?;
    Ok(tagged(version, (StatusCode::CREATED, Answer(NamedException::of(exception)))))
}

/// Replace an exception
#[utoipa::path(put, path = "/businesses/{business}/exceptions/{exception}", tag = "Hours",
    params(("business" = Uuid, Path), ("exception" = String, Path), ("If-Match" = Option<String>, Header, nullable = false)),
    request_body = shapes::Exception,
    responses((status = 200, body = NamedException)))]
pub(super) async fn replace_exception(
    State(state): State<AppState>,
    client: Client,
    Ids((id, old)): Ids<(BusinessId, String)>,
    IfMatch(only): IfMatch,
    Json(exception): Json<Exception>,
) -> Result<Response, Problem> {
    let replace = |business: &mut Business| {
        let place = place_of(business, &old)?;
        business.exceptions[place].clone_from(&exception);
        Ok(())
    };
    let ((), version) = edit(&state, id, only, &client.does("settings.exception_changed", id), replace).await?;
    Ok(tagged(version, Answer(NamedException::of(exception))))
}

/// Remove an exception
#[utoipa::path(delete, path = "/businesses/{business}/exceptions/{exception}", tag = "Hours",
    params(("business" = Uuid, Path), ("exception" = String, Path), ("If-Match" = Option<String>, Header, nullable = false)),
    responses((status = 204)))]
pub(super) async fn remove_exception(
    State(state): State<AppState>,
    client: Client,
    Ids((id, old)): Ids<(BusinessId, String)>,
    IfMatch(only): IfMatch,
) -> Result<Response, Problem> {
    let remove = |business: &mut Business| {
        let place = place_of(business, &old)?;
        business.exceptions.remove(place);
        Ok(())
    };
    let ((), version) = edit(&state, id, only, &client.does("settings.exception_removed", id), remove).await?;
    Ok(tagged(version, StatusCode::NO_CONTENT))
}
