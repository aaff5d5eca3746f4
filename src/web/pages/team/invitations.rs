//! The address of an invitation: who invites to what, and how to accept.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method},
    response::Response,
};

use super::Ids;
use crate::{
    domain::{account::Role, ids::DeedId},
    store::{
        accounts::{Accepted, Invitation, SecretHash},
        audit::Deed,
    },
    web::{
        assets,
        pages::{
            access::{SignedIn, hash_of},
            doors::{Doors, Need},
            fault::Fault,
            frame::shown,
            notice::{Notice, then},
        },
        patience::in_time,
        state::AppState,
    },
};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, "/invitation/{token}", Need::Nothing, show).at(
        Method::POST,
        "/invitation/{token}",
        Need::Session,
        accept,
    )
}

#[derive(Template)]
#[template(path = "pages/team/invitation.html")]
struct InvitationPage {
    assets: &'static str,
    notice: Option<Notice>,
    invitation: Option<Invitation>,
    token: String,
    /// Whoever is signed in, and whether it is for them.
    who: Option<(String, bool)>,
    has_account: bool,
}

async fn show(
    State(state): State<AppState>,
    Ids(token): Ids<String>,
    headers: HeaderMap,
    who: Result<SignedIn, Fault>,
) -> Result<Response, Fault> {
    let invitation = found(&state, &hash_of(&token)).await?;
    let mut has_account = false;
    if let Some(invitation) = &invitation {
        let account = state.store.user_by_email(&invitation.email);
        has_account = in_time("looking for an account", account).await?.is_some();
    }
    let theirs = |who: &SignedIn| invitation.as_ref().is_some_and(|found| same(found, who));
    shown(&InvitationPage {
        assets: assets::path(),
        notice: Notice::read(&headers),
        who: who.ok().map(|who| (who.user.email.to_string(), theirs(&who))),
        invitation,
        token,
        has_account,
    })
}

async fn found(state: &AppState, hash: &SecretHash) -> Result<Option<Invitation>, Fault> {
    Ok(in_time("reading an invitation", state.store.invitation(hash, state.clock.now())).await?)
}

/// As addresses are compared.
fn same(invitation: &Invitation, who: &SignedIn) -> bool {
    invitation.email.as_str().eq_ignore_ascii_case(who.user.email.as_str())
}

async fn accept(State(state): State<AppState>, who: SignedIn, Ids(token): Ids<String>) -> Result<Response, Fault> {
    let hash = hash_of(&token);
    let here = format!("/invitation/{token}");
    let Some(invitation) = found(&state, &hash).await? else {
        return Ok(then(&here, &Notice::bad("Nothing was changed.")));
    };
    let deed = Deed {
        id: DeedId(state.clock.new_id()),
        business: Some(invitation.business),
        user: Some(who.user.id),
        actor: who.user.name.clone(),
        deed: "team.joined".to_owned(),
        subject: who.user.id.to_string(),
        detail: invitation.role.as_str().to_owned(),
        at: state.clock.now(),
    };
    let accept = state.store.accept_invitation(&hash, &who.user, &deed);
    match in_time("accepting an invitation", accept).await? {
        Accepted::Accepted => {
            let welcome = Notice::good(format!("Welcome to {}.", invitation.name));
            Ok(then(&format!("/b/{}", invitation.business), &welcome))
        }
        Accepted::Gone | Accepted::NotTheirs | Accepted::HasAccount => {
            Ok(then(&here, &Notice::bad("Nothing was changed.")))
        }
    }
}
