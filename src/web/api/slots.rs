//! Free starts.

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    cursor,
    edit::load,
    extract::{Asked, Ids},
    problem::Problem,
    views::SlotView,
};
use crate::{
    domain::{
        booking::Slot,
        business::Business,
        ids::{BookingId, BusinessId, ServiceId, StaffId},
        slots::offer::Wish,
    },
    ports::desk::{DeskError, Find},
    web::state::AppState,
};

const USUAL_RANGE: SignedDuration = SignedDuration::from_hours(7 * 24);
const LONGEST_RANGE: SignedDuration = SignedDuration::from_hours(31 * 24);
/// What is asked of the desk at once. A day has at most 288 starts, so a day's answer is always all of them.
const ONE_DAY: SignedDuration = SignedDuration::from_hours(24);
const PER_DAY: usize = 300;

/// Which starts to look for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    #[param(value_type = uuid::Uuid)]
    service: ServiceId,
    /// Only with this member of staff.
    #[param(value_type = Option<uuid::Uuid>, nullable = false)]
    staff: Option<StaffId>,
    /// RFC 3339; now, unless given.
    #[param(value_type = Option<String>, nullable = false, format = "date-time", example = "2026-11-24T09:00:00-05:00")]
    from: Option<Timestamp>,
    /// RFC 3339, exclusive; a week after `from` unless given, 31 days at most.
    #[param(value_type = Option<String>, nullable = false, format = "date-time")]
    to: Option<Timestamp>,
    /// 1 to 200, usually 50.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Free starts, in order of time.
#[derive(Serialize, ToSchema)]
pub(super) struct Slots {
    items: Vec<SlotView>,
}

/// Find free times
///
/// Respects hours, breaks, exceptions, notice, horizon, buffers and the calendar. Of staff who are free at the same time
/// the one who is due is named.
#[utoipa::path(get, path = "/businesses/{business}/slots", tag = "Bookings", params(("business" = Uuid, Path), Wanted),
    responses((status = 200, body = Slots)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Ids(id): Ids<BusinessId>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Answer<Slots>, Problem> {
    let business = Arc::new(load(&state, id).await?.business);
    known(&business, wanted.service, wanted.staff, "service", "staff")?;
    let from = wanted.from.unwrap_or_else(|| state.clock.now());
    let too_far = |_| Problem::at("from", "is too far away");
    let to = wanted.to.map_or_else(|| from.checked_add(USUAL_RANGE).map_err(too_far), Ok)?;
    if to <= from || to.duration_since(from) > LONGEST_RANGE {
        return Err(Problem::at("to", "must be after `from`, by 31 days at most"));
    }
    let limit = usize::try_from(cursor::limit(wanted.limit)).unwrap_or_default();
    let mut items = Vec::new();
    let mut day = from;
    while day < to && items.len() < limit {
        let until = day.checked_add(ONE_DAY).map_err(too_far)?.min(to);
        let find = Find {
            business: Arc::clone(&business),
            service: wanted.service,
            staff: wanted.staff,
            from: day,
            to: until,
            within: Vec::new(),
            wish: Wish::Soonest,
            count: PER_DAY,
            replacing: None,
        };
        let found = state.desk.find(find).await?;
        items.extend(found.into_iter().map(|slot| SlotView::of(slot, &business)));
        day = until;
    }
    items.truncate(limit);
    Ok(Answer(Slots { items }))
}

/// Refuses a service or a member of staff that the business does not have.
pub(super) fn known(
    business: &Business,
    service: ServiceId,
    staff: Option<StaffId>,
    service_at: &str,
    staff_at: &str,
) -> Result<(), Problem> {
    let Some(service) = business.service(service) else {
        return Err(Problem::at(service_at, "is not one of the services"));
    };
    match staff {
        Some(staff) if !service.staff.contains(&staff) => {
            Err(Problem::at(staff_at, "is not one of the staff who offer it"))
        }
        _ => Ok(()),
    }
}

/// The free slot at a start, with whoever is due unless somebody is asked for.
pub(super) async fn at(
    state: &AppState,
    business: &Arc<Business>,
    service: ServiceId,
    staff: Option<StaffId>,
    starts: Timestamp,
    replacing: Option<BookingId>,
) -> Result<Option<Slot>, DeskError> {
    let find = Find {
        business: Arc::clone(business),
        service,
        staff,
        from: starts,
        to: starts.checked_add(SignedDuration::from_secs(1)).unwrap_or(starts),
        within: Vec::new(),
        wish: Wish::Soonest,
        count: 1,
        replacing,
    };
    Ok(state.desk.find(find).await?.into_iter().next())
}
