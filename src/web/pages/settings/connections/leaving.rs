//! Disconnecting an account: asked about once, then what opens it is erased here and given back there. Appointments stay.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use tracing::info;

use super::{found, words};
use crate::{
    domain::ids::BusinessId,
    ports::vendors::Door,
    web::{
        pages::{
            access::Owner,
            connect::place,
            fault::Fault,
            frame::{Frame, root, shown},
            notice::{Notice, then},
            settings::{frame, integrations},
        },
        patience::in_time,
        state::AppState,
    },
};

#[derive(Template)]
#[template(path = "pages/settings/disconnect.html")]
struct Ask {
    frame: Frame,
    tab: &'static str,
    path: String,
    label: String,
    account: String,
    gives_back: bool,
    /// Our own calendar will decide alone.
    last: bool,
}

pub(super) async fn ask(
    State(state): State<AppState>,
    Owner(access): Owner,
    Path((_, id)): Path<(BusinessId, String)>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let connection = found(&state, &access, &id).await?;
    let all = in_time("reading connections", state.store.connections(access.business.id)).await?;
    let label = words::label(&state.vendors, &connection.provider).to_owned();
    let door = state.vendors.named(&connection.provider).map(|vendor| &vendor.door);
    let integrations = &access.business.ai_config.integrations;
    let decides = integrations.provider == connection.provider && integrations.also.is_empty();
    shown(&Ask {
        frame: frame(&access, &headers, format!("Disconnect {label}?")),
        tab: "integrations",
        path: place(&root(&access.business), connection.id),
        account: connection.account.label,
        gives_back: matches!(door, Some(Door::Consent(consent)) if consent.revokes()),
        last: decides && all.iter().filter(|one| one.provider == connection.provider).count() == 1,
        label,
    })
}

pub(super) async fn leave(
    State(state): State<AppState>,
    Owner(access): Owner,
    Path((_, id)): Path<(BusinessId, String)>,
) -> Result<Response, Fault> {
    let connection = found(&state, &access, &id).await?;
    let label = words::label(&state.vendors, &connection.provider).to_owned();
    let deed = access.deed(&state, "calendar.disconnected", connection.id, &connection.provider);
    state.opener.disconnect(&connection, &deed).await.map_err(|error| {
        tracing::error!(%error, "a connection could not be taken away: {error}");
        Fault::Down
    })?;
    info!(business.id = %access.business.id, "a calendar was disconnected");
    // A calendar of which nothing is connected decides nothing, so the settings do not go on naming it.
    let left = in_time("reading connections", state.store.connections(access.business.id)).await?;
    if !left.iter().any(|one| one.provider == connection.provider) {
        integrations::switch_away(&state, &access, &connection.provider).await?;
    }
    let told = format!("{label} is disconnected. Every appointment stays as it is, here and there.");
    Ok(then(&format!("{}/settings/integrations", root(&access.business)), &Notice::good(told)))
}
