//! Taking over what a kind of business usually has, after a look at it.

use axum::response::Response;

use super::onwards;
use crate::{
    domain::{
        setup::Step,
        trades::{Piece, Trade},
    },
    web::{
        pages::{
            access::Access,
            edit,
            fault::Fault,
            form::Fields,
            frame::root,
            notice::{Notice, then},
        },
        state::AppState,
    },
};

/// Takes the ticked pieces over. Services that are there by name are left alone, and so is whoever is there already.
pub(super) async fn take(state: &AppState, access: &Access, typed: &Fields) -> Result<Response, Fault> {
    let Some(trade) = Trade::of(typed.text("trade")) else {
        let path = format!("{}/settings/start/trade", root(&access.business));
        return Ok(then(&path, &Notice::bad("Choose what comes closest first.")));
    };
    let pieces: Vec<Piece> = Piece::ALL.into_iter().filter(|piece| typed.has("piece", piece.name())).collect();
    let taken: Vec<&str> = pieces.iter().map(|piece| piece.name()).collect();
    let detail = format!("template {}: {}", trade.key, taken.join(", "));
    let business = edit::change(state, access, ("settings.template", &detail), |business| {
        trade.fill(business, &pieces, || state.clock.new_id());
        business.setup.pass(Step::Trade);
        Ok(())
    })
    .await?;
    Ok(onwards(&business, Step::Trade))
}
