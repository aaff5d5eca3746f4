//! Where an appointment stands besides here: in which of the business's connected calendars, with their own address of it.

use crate::{
    domain::{booking::Booking, business::Business},
    ports::vendors::Kind,
    store::placements::{Placement, PlacementState},
    web::{
        pages::{fault::Fault, settings::connections::words},
        patience::in_time,
        state::AppState,
    },
};

/// One calendar.
pub(super) struct Elsewhere {
    /// "Google Calendar"; with the name of whose it is, unless it is the whole business's.
    pub(super) place: String,
    /// Where its owner sees it there, and the video call.
    pub(super) link: Option<String>,
    pub(super) meeting: Option<String>,
}

pub(super) async fn read(state: &AppState, business: &Business, booking: &Booking) -> Result<Vec<Elsewhere>, Fault> {
    let rows = in_time("reading what stands elsewhere", state.store.placements_of(booking.id)).await?;
    let stands = |row: &&Placement| row.state == PlacementState::Placed;
    if !rows.iter().any(|row| stands(&row)) {
        return Ok(Vec::new());
    }
    let connections = in_time("reading connections", state.store.connections(booking.business)).await?;
    let view = |row: &Placement| {
        let connection = connections.iter().find(|one| one.id == row.connection)?;
        let diary = state.vendors.named(&connection.provider).is_some_and(|one| matches!(one.kind, Kind::Diary(_)));
        // The vendor wrote them, and only an address of the web is one to follow.
        let safe = |link: Option<&String>| link.filter(|link| diary && link.starts_with("https://")).cloned();
        let placed = row.placed.as_ref()?;
        let label = words::label(&state.vendors, &connection.provider);
        let whose = connection.receives_alone(&row.calendar).and_then(|id| business.member(id));
        let place = match (connection.staff, whose) {
            (Some(_), _) => format!("{label}, {}", words::whose(connection, business)),
            (None, Some(member)) => format!("{label}, {}", member.name),
            (None, None) => label.to_owned(),
        };
        Some(Elsewhere { place, link: safe(placed.link.as_ref()), meeting: safe(placed.meeting.as_ref()) })
    };
    Ok(rows.iter().filter(stands).filter_map(view).collect())
}
