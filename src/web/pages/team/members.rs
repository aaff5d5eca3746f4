//! Who belongs to the business, who is invited, and what they may do.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use jiff::{SignedDuration, Timestamp};

use super::{
    Ids,
    letters::{Told, told},
};
use crate::{
    domain::{
        account::Role,
        email::EmailAddress,
        ids::{BusinessId, InvitationId, UserId},
    },
    store::accounts::{Invited, Member, NewInvitation, Pending, TeamChange},
    web::{
        pages::{
            access::{Access, Owner, fresh_secret, hash_of},
            doors::{Doors, Need},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{Frame, Here, root, shown_as},
            notice::{Notice, then},
            say::Say,
        },
        patience::in_time,
        state::AppState,
    },
};

/// How long an invitation is good.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/b/{business}/team", Need::Owner, show)
        .at(Method::POST, "/b/{business}/team/invitations", Need::Owner, invite)
        .at(Method::POST, "/b/{business}/team/invitations/{invitation}/again", Need::Owner, again)
        .at(Method::POST, "/b/{business}/team/invitations/{invitation}/withdraw", Need::Owner, withdraw)
        .at(Method::POST, "/b/{business}/team/{member}/role", Need::Owner, change_role)
        .at(Method::POST, "/b/{business}/team/{member}/remove", Need::Owner, remove)
}

#[derive(Template)]
#[template(path = "pages/team/members.html")]
struct TeamPage {
    frame: Frame,
    tab: &'static str,
    me: UserId,
    say: Say,
    now: Timestamp,
    team: Vec<Member>,
    owners: usize,
    pending: Vec<Pending>,
    form: Form,
    /// An invitation that was just made: its address is shown this once.
    made: Option<Made>,
    sends_email: bool,
}

/// A fresh invitation.
struct Made {
    email: EmailAddress,
    link: String,
    told: Told,
}

impl TeamPage {
    async fn of(state: &AppState, access: &Access, headers: &HeaderMap, form: Form) -> Result<Self, Fault> {
        let team = in_time("reading the team", state.store.team(access.business.id)).await?;
        let pending = in_time("reading the invitations", state.store.invitations(access.business.id)).await?;
        let now = state.clock.now();
        Ok(Self {
            frame: Frame::of(access, headers, Here::Settings, "Team"),
            tab: "team",
            me: access.user.id,
            say: Say::of(&access.business, now),
            now,
            owners: team.iter().filter(|member| member.role == Role::Owner).count(),
            team,
            pending,
            form,
            made: None,
            sends_email: state.email.works(),
        })
    }

    /// For the template: nobody else could let anybody in.
    fn is_last_owner(&self, member: &Member) -> bool {
        member.role == Role::Owner && self.owners == 1
    }

    fn has_run_out(&self, pending: &Pending) -> bool {
        pending.expires <= self.now
    }
}

fn empty() -> Form {
    Form::of(Fields::default().and("role", "staff"))
}

async fn show(State(state): State<AppState>, Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    shown_as(StatusCode::OK, &TeamPage::of(&state, &access, &headers, empty()).await?)
}

async fn invite(
    State(state): State<AppState>,
    Owner(access): Owner,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let mut mistakes = Vec::new();
    let email = typed.text("email").parse::<EmailAddress>();
    if email.is_err() {
        mistakes.push(wrong("email", "an address such as maria@example.com"));
    }
    let role = typed.text("role").parse::<Role>();
    if role.is_err() {
        mistakes.push(wrong("role", "owner or staff"));
    }
    let (Ok(email), Ok(role)) = (email, role) else {
        return refused(&state, &access, &headers, Form::refused(typed, mistakes)).await;
    };
    let secret = fresh_secret()?;
    let now = state.clock.now();
    let new = NewInvitation {
        id: InvitationId(state.clock.new_id()),
        hash: hash_of(&secret),
        business: access.business.id,
        email: email.clone(),
        role,
        expires: now + GOOD_FOR,
        now,
    };
    let deed = access.deed(&state, "team.invited", new.id, role.as_str());
    match in_time("inviting somebody", state.store.invite(&new, &deed)).await? {
        Invited::Invited => sent(&state, &access, &headers, email, &secret).await,
        Invited::Member => {
            let mistakes = vec![wrong("email", "belongs to the team already")];
            refused(&state, &access, &headers, Form::refused(typed, mistakes)).await
        }
    }
}

async fn refused(state: &AppState, access: &Access, headers: &HeaderMap, form: Form) -> Result<Response, Fault> {
    shown_as(StatusCode::UNPROCESSABLE_ENTITY, &TeamPage::of(state, access, headers, form).await?)
}

/// The page with the address of a fresh invitation, which nobody will see again.
async fn sent(
    state: &AppState,
    access: &Access,
    headers: &HeaderMap,
    email: EmailAddress,
    secret: &str,
) -> Result<Response, Fault> {
    let link = format!("{}/invitation/{secret}", state.config.origin.http());
    let told = told(state, access, &email, &link).await;
    let mut page = TeamPage::of(state, access, headers, empty()).await?;
    page.made = Some(Made { email, link, told });
    shown_as(StatusCode::OK, &page)
}

async fn again(
    State(state): State<AppState>,
    Owner(access): Owner,
    Ids((_, id)): Ids<(BusinessId, InvitationId)>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let secret = fresh_secret()?;
    let (hash, expires) = (hash_of(&secret), state.clock.now() + GOOD_FOR);
    let deed = access.deed(&state, "team.invited_again", id, "");
    let renew = state.store.renew_invitation((access.business.id, id), &hash, expires, &deed);
    let renewed = in_time("renewing an invitation", renew).await?.ok_or(Fault::NotFound)?;
    sent(&state, &access, &headers, renewed.email, &secret).await
}

async fn withdraw(
    State(state): State<AppState>,
    Owner(access): Owner,
    Ids((_, id)): Ids<(BusinessId, InvitationId)>,
) -> Result<Response, Fault> {
    let deed = access.deed(&state, "team.withdrawn", id, "");
    let withdraw = state.store.withdraw_invitation(access.business.id, id, &deed);
    if !in_time("withdrawing an invitation", withdraw).await? {
        return Err(Fault::NotFound);
    }
    Ok(then(&team(&access), &Notice::good("The invitation is withdrawn. Its link opens nothing any more.")))
}

async fn change_role(
    State(state): State<AppState>,
    Owner(access): Owner,
    Ids((_, member)): Ids<(BusinessId, UserId)>,
    typed: Fields,
) -> Result<Response, Fault> {
    let Ok(role) = typed.text("role").parse::<Role>() else {
        let team = in_time("reading the team", state.store.team(access.business.id)).await?;
        let known = team.iter().any(|found| found.user.id == member);
        return Err(if known { Fault::Bad("no such role") } else { Fault::NotFound });
    };
    let deed = access.deed(&state, "team.role", member, role.as_str());
    let change = state.store.change_role(access.business.id, member, role, &deed);
    let notice = match in_time("changing a role", change).await? {
        TeamChange::Done | TeamChange::Already if role == Role::Owner => Notice::good("They are an owner now."),
        TeamChange::Done | TeamChange::Already if member == access.user.id => {
            return Ok(then(&root(&access.business), &Notice::good("You are one of the staff now.")));
        }
        TeamChange::Done | TeamChange::Already => Notice::good("They are one of the staff now."),
        TeamChange::LastOwner => last_owner(),
        TeamChange::Missing => return Err(Fault::NotFound),
    };
    Ok(then(&team(&access), &notice))
}

async fn remove(
    State(state): State<AppState>,
    Owner(access): Owner,
    Ids((_, member)): Ids<(BusinessId, UserId)>,
) -> Result<Response, Fault> {
    let deed = access.deed(&state, "team.removed", member, "");
    let notice =
        match in_time("removing a member", state.store.remove_member(access.business.id, member, &deed)).await? {
            TeamChange::Done | TeamChange::Already if member == access.user.id => {
                let left = format!("You no longer belong to {}.", access.business.name);
                return Ok(then("/businesses", &Notice::good(left)));
            }
            TeamChange::Done | TeamChange::Already => Notice::good(
                "They are out, on every device, from this moment. API keys they made go on working: see API keys.",
            ),
            TeamChange::LastOwner => last_owner(),
            TeamChange::Missing => return Err(Fault::NotFound),
        };
    Ok(then(&team(&access), &notice))
}

fn last_owner() -> Notice {
    Notice::bad("Nothing was changed: a business needs an owner. Make somebody else an owner first.")
}

fn team(access: &Access) -> String {
    format!("{}/team", root(&access.business))
}
