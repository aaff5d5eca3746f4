//! Connecting by a key that the owner made at the vendor: an app password, an API key. It is typed once, tried, sealed, and
//! never shown again.

use std::time::Duration;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use tokio::time::timeout;
use tracing::{info, warn};

use super::{For, Wanted, arrived, keep};
use crate::{
    calendars::opener::{Opened, With},
    domain::{business::Mistake, secret::Secret},
    ports::{
        calendar::Trouble,
        consent::{KeyError, KeyForm, Typed},
        vendors::{Door, Vendor},
    },
    web::{
        pages::{
            access::{Access, Owner},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{Frame, Here, shown_as},
            say::sentence,
        },
        state::AppState,
    },
};

/// How long finding the account may take: looking around at a server takes several requests.
const PATIENCE: Duration = Duration::from_secs(20);
/// Characters of an address, of a name and of a key.
const LONGEST: usize = 2_000;

#[derive(Template)]
#[template(path = "pages/connect/key.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    action: String,
    form: Form,
    asks: KeyForm,
    label: &'static str,
    /// "App password".
    key_label: String,
    again: bool,
}

fn page(
    access: &Access,
    headers: &HeaderMap,
    vendor: &Vendor,
    asks: KeyForm,
    again: bool,
    form: Form,
) -> Result<Response, Fault> {
    let title = if again { format!("Connect {} again", vendor.label) } else { format!("Connect {}", vendor.label) };
    let mut key_label = asks.key.to_owned();
    key_label.get_mut(..1).map(str::make_ascii_uppercase);
    let frame = Frame::of(access, headers, Here::Settings, title);
    let status = if form.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page {
        action: format!("{}/connect/{}", frame.root, vendor.name),
        frame,
        tab: "integrations",
        form,
        asks,
        label: vendor.label,
        key_label,
        again,
    };
    shown_as(status, &page)
}

pub(super) fn show(
    access: &Access,
    headers: &HeaderMap,
    vendor: &Vendor,
    asks: KeyForm,
    purpose: &For,
) -> Result<Response, Fault> {
    let mut fields = Fields::default();
    if let Some(staff) = purpose.staff {
        fields.add("staff", staff.to_string());
    }
    if let Some(old) = &purpose.renews {
        fields.add("renews", old.id.to_string());
        fields.add("server", old.account.home.clone().unwrap_or_default());
        fields.add("user", &old.account.label);
    }
    page(access, headers, vendor, asks, purpose.renews.is_some(), Form::of(fields))
}

pub(super) async fn enter(
    State(state): State<AppState>,
    Owner(access): Owner,
    Path((_, provider)): Path<(String, String)>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let vendor = state.vendors.named(&provider).ok_or(Fault::NotFound)?;
    let Door::Key(door) = &vendor.door else { return Err(Fault::Bad("it is not entered with a key")) };
    let wanted = Wanted { staff: typed.text("staff").to_owned(), renews: typed.text("renews").to_owned() };
    let purpose = For::read(&state, &access, vendor, &wanted).await?;
    let asks = door.form();
    let key = Secret::new(typed.text("key"));
    // From here on the key is not in the form any more, so no page can show it.
    let typed = typed.without(&["key"]);
    let refused = |typed: &Fields, mistake: Mistake| {
        let form = Form::refused(typed.clone(), vec![mistake]);
        page(&access, &headers, vendor, asks, purpose.renews.is_some(), form)
    };
    if let Some(mistake) = missing(asks, &typed, &key) {
        return refused(&typed, mistake);
    }
    if !state.paces.tries(access.business.id) {
        return Err(Fault::TooMany);
    }
    let filled = Typed {
        server: if asks.server { typed.text("server").to_owned() } else { String::new() },
        user: if asks.user { typed.text("user").to_owned() } else { String::new() },
        key: key.clone(),
    };
    let account = match timeout(PATIENCE, door.enter(&filled)).await {
        Ok(Ok(account)) => account,
        Ok(Err(error)) => return refused(&typed, why_not(vendor, asks, error)),
        Err(_) => {
            return refused(
                &typed,
                wrong(place(asks), format!("{} did not answer in time. Try it again.", vendor.label)),
            );
        }
    };
    let opened = Opened {
        business: access.business.id,
        provider: vendor.name.to_owned(),
        staff: purpose.staff,
        account,
        with: With::Key(key),
        renews: purpose.renews.as_ref().map(|old| old.id),
    };
    let kept = keep(&state, &access, opened).await?;
    let Some(response) = kept.and_then(|kept| arrived(&access, vendor, kept)) else {
        let why = "This is another account than the one that has to be connected again. To use it, too, connect it from \
                   Integrations.";
        return refused(&typed, wrong(if asks.user { "user" } else { "key" }, why));
    };
    info!(business.id = %access.business.id, "a calendar was connected with a key");
    Ok(response)
}

/// The field that stands for the place as a whole.
fn place(asks: KeyForm) -> &'static str {
    if asks.server { "server" } else { "key" }
}

fn missing(asks: KeyForm, typed: &Fields, key: &Secret) -> Option<Mistake> {
    let given = |name: &str| {
        let text = typed.text(name);
        !text.is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control)
    };
    if asks.server && !given("server") {
        return Some(wrong("server", "Type the address of your calendar, such as https://cloud.example.com."));
    }
    if asks.user && !given("user") {
        return Some(wrong("user", "Type the name that you sign in with there."));
    }
    let key = key.expose();
    let good = (1..=LONGEST).contains(&key.len()) && !key.chars().any(char::is_control);
    (!good).then(|| wrong("key", format!("Paste the {} here.", asks.key)))
}

fn why_not(vendor: &Vendor, asks: KeyForm, error: KeyError) -> Mistake {
    let label = vendor.label;
    let trouble = match error {
        KeyError::Wrong { field, why } => return wrong(field, sentence(why)),
        KeyError::Trouble(trouble) => trouble,
    };
    warn!(error = %trouble, "a key could not be tried: {trouble}");
    match trouble {
        Trouble::Unauthorized | Trouble::Reconnect(_) if asks.user => {
            wrong("key", format!("{label} does not accept this name with this {}. Look at both once more.", asks.key))
        }
        Trouble::Unauthorized | Trouble::Reconnect(_) => {
            wrong("key", format!("{label} does not accept this {}. Copy it once more, whole.", asks.key))
        }
        Trouble::Limited { .. } => {
            wrong(place(asks), format!("{label} has been asked too often; wait a minute and try it again."))
        }
        Trouble::Refused(why) => wrong(place(asks), format!("{label} refuses it: {}", sentence(why))),
        _ => wrong(place(asks), format!("{label} cannot be reached at this address at the moment.")),
    }
}
