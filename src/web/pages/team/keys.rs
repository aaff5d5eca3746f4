//! Keys for programs: what each may do, when it was last used, and an end to it.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};

use super::Ids;
use crate::{
    domain::{
        ids::{ApiKeyId, BusinessId},
        scope::{Scope, Scopes},
    },
    store::accounts::{ApiKey, NewApiKey},
    web::{
        api,
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

/// The longest name of a key, in characters.
const LONGEST_NAME: usize = 60;
/// So many keys are in use at once at most; whoever needs more has lost sight of some.
const MOST: usize = 50;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/b/{business}/keys", Need::Owner, show)
        .at(Method::POST, "/b/{business}/keys", Need::Owner, make)
        .at(Method::POST, "/b/{business}/keys/{key}/revoke", Need::Owner, revoke)
}

#[derive(Template)]
#[template(path = "pages/team/keys.html")]
struct KeysPage {
    frame: Frame,
    tab: &'static str,
    say: Say,
    keys: Vec<ApiKey>,
    form: Form,
    scopes: [Scope; 6],
    /// A key that was just made: shown this once, with a first request.
    made: Option<String>,
    first: String,
}

impl KeysPage {
    async fn of(state: &AppState, access: &Access, headers: &HeaderMap, form: Form) -> Result<Self, Fault> {
        let keys = in_time("reading the keys", state.store.api_keys(access.business.id)).await?;
        let business = format!("{}{}/businesses/{}", state.config.origin.http(), api::ROOT, access.business.id);
        Ok(Self {
            frame: Frame::of(access, headers, Here::Settings, "API keys"),
            tab: "keys",
            say: Say::of(&access.business, state.clock.now()),
            keys,
            form,
            scopes: Scope::ALL,
            made: None,
            first: business,
        })
    }
}

async fn show(State(state): State<AppState>, Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    let page = KeysPage::of(&state, &access, &headers, Form::default()).await?;
    shown_as(StatusCode::OK, &page)
}

async fn make(
    State(state): State<AppState>,
    Owner(access): Owner,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let name = typed.text("name").to_owned();
    let scopes: Scopes = Scope::ALL.into_iter().filter(|scope| typed.has("scope", scope.as_str())).collect();
    let mut mistakes = Vec::new();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        mistakes.push(wrong("name", "1 to 60 characters: which program it is for"));
    }
    if scopes.is_empty() {
        mistakes.push(wrong("scope", "choose at least one thing that it may do"));
    }
    let in_use = in_time("reading the keys", state.store.api_keys(access.business.id)).await?;
    if in_use.iter().filter(|key| key.revoked.is_none()).count() >= MOST {
        mistakes.push(wrong("name", "there are 50 keys in use: revoke one first"));
    }
    if !mistakes.is_empty() {
        let page = KeysPage::of(&state, &access, &headers, Form::refused(typed, mistakes)).await?;
        return shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let secret = format!("{}{}", api::PREFIX, fresh_secret()?);
    let key = NewApiKey {
        id: ApiKeyId(state.clock.new_id()),
        business: access.business.id,
        name,
        hash: hash_of(&secret),
        hint: secret[secret.len() - 4..].to_owned(),
        scopes,
        by: access.user.id,
        now: state.clock.now(),
    };
    let deed = access.deed(&state, "key.made", key.id, &key.scopes.to_string());
    in_time("writing a key", state.store.add_api_key(&key, &deed)).await?;
    let mut page = KeysPage::of(&state, &access, &headers, Form::default()).await?;
    page.made = Some(secret);
    shown_as(StatusCode::OK, &page)
}

async fn revoke(
    State(state): State<AppState>,
    Owner(access): Owner,
    Ids((_, key)): Ids<(BusinessId, ApiKeyId)>,
) -> Result<Response, Fault> {
    let deed = access.deed(&state, "key.revoked", key, "");
    if !in_time("revoking a key", state.store.revoke_api_key(access.business.id, key, &deed)).await? {
        return Err(Fault::NotFound);
    }
    let keys = format!("{}/keys", root(&access.business));
    Ok(then(&keys, &Notice::good("The key is revoked. Whatever uses it is refused from this moment.")))
}
