//! Why a page cannot be shown, as a page: what happened, and what to do now.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use tracing::{error, info};

use crate::{
    ports::desk::DeskError,
    store::StoreError,
    web::{assets, error::Refusal, patience::Late},
};

/// Why not.
#[derive(Debug)]
pub(in crate::web) enum Fault {
    /// Nobody is signed in, or not any more. `next`: the page they wanted.
    SignIn { next: Option<String> },
    /// There is no such thing, or it is not theirs to know about.
    NotFound,
    /// A member of staff at an owner's door.
    NotAllowed,
    /// A change that was not sent by a page of ours.
    Foreign,
    /// A request that no page of ours sends.
    Bad(&'static str),
    /// Too often.
    TooMany,
    /// More people than the machine can look at are signing in.
    Busy,
    /// The ledger does not answer.
    Down,
    /// Our own mistake.
    Broken,
}

#[derive(Template)]
#[template(path = "pages/fault.html")]
struct FaultPage {
    assets: &'static str,
    title: &'static str,
    what: &'static str,
    sign_in: bool,
}

impl Fault {
    /// Whether signing in would help.
    pub(in crate::web) fn is_sign_in(&self) -> bool {
        matches!(self, Self::SignIn { .. })
    }

    fn told(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::SignIn { .. } => (
                StatusCode::UNAUTHORIZED,
                "Please sign in",
                "You were signed out, so nothing was changed. Sign in, go back, and send it again.",
            ),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "There is nothing here",
                "It may have been removed, or the address is not quite right.",
            ),
            Self::NotAllowed => (
                StatusCode::FORBIDDEN,
                "This is for owners",
                "Ask an owner of this business to do it, or to make you one under Team.",
            ),
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                "That did not come from here",
                "Nothing was changed. Open Deskbell in this browser and do it from its own pages.",
            ),
            Self::Bad(_) => {
                (StatusCode::BAD_REQUEST, "That could not be read", "Nothing was changed. Go back, and try it again.")
            }
            Self::TooMany => {
                (StatusCode::TOO_MANY_REQUESTS, "That was a lot at once", "Please wait a minute, and try it again.")
            }
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "One moment, please",
                "Many people are signing in at once. Nothing was changed. Try it again in a moment.",
            ),
            Self::Down => (
                StatusCode::SERVICE_UNAVAILABLE,
                "One moment, please",
                "The database does not answer. Calls are still being answered. Try it again in a moment.",
            ),
            Self::Broken => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "That went wrong",
                "It is our mistake, and it has been written down. Nothing was lost.",
            ),
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        if let Self::SignIn { next: Some(next) } = &self {
            let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            return Redirect::to(&format!("/sign-in?{query}")).into_response();
        }
        let (status, title, what) = self.told();
        let reason = if let Self::Bad(reason) = self { reason } else { title };
        info!(status = status.as_u16(), reason, "a page was refused: {reason}");
        let page = FaultPage { assets: assets::path(), title, what, sign_in: matches!(self, Self::SignIn { .. }) };
        let html = page.render().unwrap_or_else(|_| title.to_owned());
        let mut response = (status, Html(html)).into_response();
        // The small moves leave the page as it is and say it in a corner.
        response.headers_mut().insert("hx-reswap", HeaderValue::from_static("none"));
        if matches!(self, Self::TooMany) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}

impl From<Late> for Fault {
    fn from(_: Late) -> Self {
        Self::Down
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        error!(%error, "a page could not be made: {error}");
        if matches!(error, StoreError::Unavailable(_)) { Self::Down } else { Self::Broken }
    }
}

/// For what cannot happen to a page's own requests; pages tell the rest beside the field.
impl From<DeskError> for Fault {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Unavailable(_) => Self::Down,
            DeskError::Gone => Self::NotFound,
            _ => Self::Bad("the desk refuses it"),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Down => Self::Down,
            Refusal::NotFound => Self::NotFound,
            _ => Self::Bad("it cannot be read"),
        }
    }
}
