//! How one is called, and reached.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{own_deed, page, password::is_own};
use crate::{
    domain::{account::User, email::EmailAddress},
    web::{
        pages::{
            access::SignedIn,
            entry::{letters, setup::unfit_name},
            fault::Fault,
            form::{Fields, Form, wrong},
            notice::{Notice, then},
        },
        patience::in_time,
        state::AppState,
    },
};

/// A new e-mail address is a new way in, so whoever changes it says the password once more.
pub(super) async fn change(
    State(state): State<AppState>,
    who: SignedIn,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let mut wrongs = Vec::new();
    let name = typed.text("name").to_owned();
    if let Some(why) = unfit_name(&name) {
        wrongs.push(wrong("name", why));
    }
    let email = EmailAddress::parse(typed.text("email")).ok();
    if email.is_none() {
        wrongs.push(wrong("email", "This is not an e-mail address, such as anna@example.com."));
    }
    let moves = email.as_ref().is_some_and(|email| !same(email, &who.user.email));
    if wrongs.is_empty()
        && moves
        && let Err(why) = is_own(&state, &headers, &who, typed.exact("confirm")).await?
    {
        wrongs.push(wrong("confirm", why));
    }
    let typed = typed.without(&["confirm"]);
    let (Some(email), true) = (email, wrongs.is_empty()) else {
        let form = Form::refused(typed, wrongs);
        return page(&state, &who, &headers, StatusCode::UNPROCESSABLE_ENTITY, form, Form::default()).await;
    };
    let user = User { id: who.user.id, email, name };
    let deed = own_deed(&state, &who, "account.changed", if moves { "name, email" } else { "name" });
    if !in_time("saving an account", state.store.rename_user(&user, &deed)).await? {
        let form = Form::refused(typed, vec![wrong("email", "This address belongs to another account here.")]);
        return page(&state, &who, &headers, StatusCode::UNPROCESSABLE_ENTITY, form, Form::default()).await;
    }
    if moves && state.email.works() {
        let text = format!(
            "The e-mail address of your Deskbell account at {} was changed, so this one no longer signs in.\n\nIf that was not \
             you, ask whoever runs the server to set it back.\n",
            state.config.origin.http()
        );
        letters::send(&state, who.user.email.clone(), "Your Deskbell account has another e-mail address", text);
    }
    Ok(then("/account", &Notice::good("Saved.")))
}

fn same(one: &EmailAddress, other: &EmailAddress) -> bool {
    one.as_str().eq_ignore_ascii_case(other.as_str())
}
