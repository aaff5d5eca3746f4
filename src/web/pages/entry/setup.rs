//! The first run: whoever holds the address that the server printed becomes the first owner.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{Alone, sessions};
use crate::{
    domain::{
        account::{User, password::Password},
        business::{Business, Mistake},
        email::EmailAddress,
        ids::{BusinessId, DeedId, UserId},
        zones,
    },
    store::{
        accounts::{Founder, Founding, LinkKind, hash_of},
        audit::Deed,
    },
    web::{
        pages::{
            account::businesses::described,
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{shown, shown_as},
            notice::{Notice, then},
        },
        patience::in_time,
        state::AppState,
    },
};

/// More businesses than this are counted rather than named.
const NAMED: u32 = 5;
/// Characters of somebody's name.
pub(in crate::web) const LONGEST_NAME: usize = 80;

#[derive(Template)]
#[template(path = "pages/entry/setup.html")]
struct SetupPage {
    alone: Alone,
    form: Form,
    /// The address is still good.
    good: bool,
    /// Businesses that are there already, and become the owner's.
    existing: Vec<String>,
    more: bool,
    zones: Vec<&'static str>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if !is_good(&state, &token).await? {
        return gone(&state, &headers).await;
    }
    shown(&page(&state, &headers, Form::default()).await?)
}

pub(super) async fn set_up(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    if !is_good(&state, &token).await? {
        return gone(&state, &headers).await;
    }
    let described = read(&state, &typed).await;
    let (user, password, business) = match described? {
        Ok(described) => described,
        Err(wrongs) => return refused(&state, &headers, typed, wrongs).await,
    };
    let password = state.doorkeeper.passwords.hash(password).await?;
    let now = state.clock.now();
    let deed = Deed {
        id: DeedId(state.clock.new_id()),
        business: None,
        user: Some(user.id),
        actor: user.name.clone(),
        deed: "account.set_up".to_owned(),
        subject: user.id.to_string(),
        detail: "the first owner".to_owned(),
        at: now,
    };
    let founder = Founder { user: &user, password: &password, business: business.as_ref() };
    let hash = hash_of(&token);
    let found = state.store.found(&hash, founder, deed, now);
    match in_time("founding", found).await? {
        Founding::Done { businesses, new } => {
            let next = match (businesses.as_slice(), new) {
                ([only], true) => format!("/b/{only}/settings/start"),
                ([only], false) => format!("/b/{only}"),
                _ => "/businesses".to_owned(),
            };
            sessions::begin(&state, &headers, &user, &next, None).await
        }
        Founding::Gone => gone(&state, &headers).await,
        Founding::NoBusiness => {
            let wrongs = vec![wrong("business", "Say what your business is called.")];
            refused(&state, &headers, typed, wrongs).await
        }
    }
}

type Described = Result<(User, Password, Option<Business>), Vec<Mistake>>;

/// What was typed, or everything that is wrong with it.
async fn read(state: &AppState, typed: &Fields) -> Result<Described, Fault> {
    let mut wrongs = Vec::new();
    let name = typed.text("name");
    if let Some(why) = unfit_name(name) {
        wrongs.push(wrong("name", why));
    }
    let email = EmailAddress::parse(typed.text("email")).ok();
    if email.is_none() {
        wrongs.push(wrong("email", "This is not an e-mail address, such as anna@example.com."));
    }
    let password = Password::new(typed.exact("password"), email.as_ref());
    if let Err(unfit) = &password {
        wrongs.push(wrong("password", unfit.to_string()));
    }
    let mut business = None;
    if existing(state).await?.is_empty() {
        match described(typed, BusinessId(state.clock.new_id())) {
            Ok(described) => business = Some(described),
            Err(more) => wrongs.extend(more),
        }
    }
    Ok(match (email, password) {
        (Some(email), Ok(password)) if wrongs.is_empty() => {
            let user = User { id: UserId(state.clock.new_id()), email, name: name.to_owned() };
            Ok((user, password, business))
        }
        _ => Err(wrongs),
    })
}

/// What is wrong with what somebody wants to be called.
pub(in crate::web) fn unfit_name(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("Say what you are called; it stands beside what you change.");
    }
    if name.chars().count() > LONGEST_NAME {
        return Some("Use at most 80 characters.");
    }
    name.chars().any(char::is_control).then_some("Use letters, digits and signs on one line.")
}

async fn is_good(state: &AppState, token: &str) -> Result<bool, Fault> {
    let hash = hash_of(token);
    let link = state.store.one_time_link(LinkKind::Setup, &hash, state.clock.now());
    Ok(in_time("reading a setup address", link).await?.is_some()
        && !in_time("looking for accounts", state.store.has_users()).await?)
}

async fn existing(state: &AppState) -> Result<Vec<String>, Fault> {
    let found = in_time("reading businesses", state.store.businesses(None, NAMED + 1)).await?;
    Ok(found.into_iter().map(|found| found.business.name).collect())
}

async fn page(state: &AppState, headers: &HeaderMap, form: Form) -> Result<SetupPage, Fault> {
    let mut existing = existing(state).await?;
    let more = existing.len() > NAMED as usize;
    existing.truncate(NAMED as usize);
    let zones = if existing.is_empty() { zones::all().collect() } else { Vec::new() };
    Ok(SetupPage { alone: Alone::of(headers, "Welcome to Deskbell"), form, good: true, existing, more, zones })
}

async fn refused(
    state: &AppState,
    headers: &HeaderMap,
    typed: Fields,
    wrongs: Vec<Mistake>,
) -> Result<Response, Fault> {
    let form = Form::refused(typed.without(&["password"]), wrongs);
    shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page(state, headers, form).await?)
}

/// Somebody was first, perhaps the same person in another tab: they sign in. Else the server prints a new address.
async fn gone(state: &AppState, headers: &HeaderMap) -> Result<Response, Fault> {
    if in_time("looking for accounts", state.store.has_users()).await? {
        let notice = Notice::bad("Deskbell has been set up already. Sign in with the account that was made then.");
        return Ok(then("/sign-in", &notice));
    }
    let alone = Alone::of(headers, "This address is no longer good");
    let page =
        SetupPage { alone, form: Form::default(), good: false, existing: Vec::new(), more: false, zones: Vec::new() };
    shown_as(StatusCode::NOT_FOUND, &page)
}
