//! The address of an invitation: who invites to what, and how to accept.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};

use super::Ids;
use crate::{
    domain::{
        account::{Role, User, password::Password},
        ids::{DeedId, UserId},
    },
    store::{
        accounts::{Accepted, Invitation, SecretHash},
        audit::Deed,
    },
    web::{
        pages::{
            access::{SignedIn, hash_of},
            doors::{Doors, Need},
            entry::{Alone, sessions, setup::unfit_name},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{shown, shown_as},
            identity,
            notice::{Notice, then},
        },
        patience::in_time,
        state::AppState,
    },
};

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/invitation/{token}", Need::Nothing, show)
        .at(Method::POST, "/invitation/{token}", Need::Session, accept)
        .at(Method::POST, "/invitation/{token}/new", Need::Nothing, accept_as_new)
}

#[derive(Template)]
#[template(path = "pages/team/invitation.html")]
struct InvitationPage {
    alone: Alone,
    invitation: Option<Invitation>,
    token: String,
    /// Whoever is signed in, and whether it is for them.
    who: Option<(String, bool)>,
    has_account: bool,
    form: Form,
    /// Another way in, for whoever has not signed in: where it begins, and its name.
    others: Vec<(String, String)>,
}

impl InvitationPage {
    async fn of(
        state: &AppState,
        token: String,
        headers: &HeaderMap,
        who: Option<&SignedIn>,
        form: Form,
    ) -> Result<Self, Fault> {
        let invitation = found(state, &hash_of(&token)).await?;
        let mut has_account = false;
        let title = match &invitation {
            Some(invitation) => {
                let account = state.store.user_by_email(&invitation.email);
                has_account = in_time("looking for an account", account).await?.is_some();
                format!("Join {}", invitation.name)
            }
            None => "This invitation is no longer good".to_owned(),
        };
        let theirs = |who: &SignedIn| invitation.as_ref().is_some_and(|found| same(found, who));
        let here = format!("/invitation/{token}");
        let others = state.identity.iter();
        let others =
            others.map(|provider| (identity::departure(provider.path(), &here), provider.name().to_owned())).collect();
        Ok(Self {
            alone: Alone::of(headers, title),
            who: who.map(|who| (who.user.email.to_string(), theirs(who))),
            invitation,
            token,
            has_account,
            form,
            others,
        })
    }
}

async fn show(
    State(state): State<AppState>,
    Ids(token): Ids<String>,
    headers: HeaderMap,
    who: Result<SignedIn, Fault>,
) -> Result<Response, Fault> {
    shown(&InvitationPage::of(&state, token, &headers, who.ok().as_ref(), Form::default()).await?)
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
    let deed = joined(&state, &invitation, &who.user);
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

/// Somebody new: the account is made, and the place in the business, together.
async fn accept_as_new(
    State(state): State<AppState>,
    Ids(token): Ids<String>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let hash = hash_of(&token);
    let here = format!("/invitation/{token}");
    let Some(invitation) = found(&state, &hash).await? else {
        return Ok(then(&here, &Notice::bad("Nothing was changed.")));
    };
    let name = typed.text("name").to_owned();
    let mut wrongs = Vec::new();
    if let Some(why) = unfit_name(&name) {
        wrongs.push(wrong("name", why));
    }
    let password = match Password::new(typed.exact("password"), Some(&invitation.email)) {
        Ok(password) if wrongs.is_empty() => password,
        fit => {
            wrongs.extend(fit.err().map(|unfit| wrong("password", unfit.to_string())));
            let form = Form::refused(typed.without(&["password"]), wrongs);
            let page = InvitationPage::of(&state, token, &headers, None, form).await?;
            return shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let password = state.doorkeeper.passwords.hash(password).await?;
    let user = User { id: UserId(state.clock.new_id()), email: invitation.email.clone(), name };
    let deed = joined(&state, &invitation, &user);
    let accept = state.store.accept_invitation_as_new(&hash, &user, &password, &deed);
    match in_time("accepting an invitation", accept).await? {
        Accepted::Accepted => {
            let welcome = Notice::good(format!("Welcome to {}.", invitation.name));
            let next = format!("/b/{}", invitation.business);
            sessions::begin(&state, &headers, &user, &next, Some(&welcome)).await
        }
        Accepted::HasAccount => {
            Ok(then(&here, &Notice::bad("There is an account with this address already: sign in to join.")))
        }
        Accepted::Gone | Accepted::NotTheirs => Ok(then(&here, &Notice::bad("Nothing was changed."))),
    }
}

fn joined(state: &AppState, invitation: &Invitation, user: &User) -> Deed {
    Deed {
        id: DeedId(state.clock.new_id()),
        business: Some(invitation.business),
        user: Some(user.id),
        actor: user.name.clone(),
        deed: "team.joined".to_owned(),
        subject: user.id.to_string(),
        detail: invitation.role.as_str().to_owned(),
        at: state.clock.now(),
    }
}
