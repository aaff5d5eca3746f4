//! A router that remembers what is in it and for whom, and what all of its answers have in common.

use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};

use super::{fault::Fault, notice::Notice};
use crate::web::{headers::is_html, same_origin, state::AppState};

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Anybody: the way in, a customer's link.
    Nothing,
    /// Whoever is signed in.
    Session,
    /// A member of the business in the path.
    Staff,
    /// An owner of it.
    Owner,
}

/// One method of one path, as the router knows it.
#[derive(Clone, Debug)]
pub struct Door {
    pub method: Method,
    pub path: &'static str,
    pub need: Need,
}

#[derive(Default)]
pub(super) struct Doors {
    pub(super) router: Router<AppState>,
    pub(super) listed: Vec<Door>,
}

impl Doors {
    /// `need` says what the handler's extractors demand; a test holds the two together.
    pub(super) fn at<T: 'static>(
        mut self,
        method: Method,
        path: &'static str,
        need: Need,
        handler: impl Handler<T, AppState>,
    ) -> Self {
        // Every method that is used is one that a filter exists for.
        if let Ok(filter) = MethodFilter::try_from(method.clone()) {
            self.router = self.router.route(path, on(filter, handler));
            self.listed.push(Door { method, path, need });
        }
        self
    }

    /// The doors of another room of the pages.
    pub(super) fn with(self, more: fn(Self) -> Self) -> Self {
        more(self)
    }
}

/// A layer for all of them: what changes something must come from our own page, and nothing is kept by a browser or a
/// proxy. The pages' own requests must say where they come from, so the referrer policy is not the usual one.
pub(super) async fn private(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let ours = same_origin::from_here(&state.config.origin, request.headers());
    let told = Notice::read(request.headers()).is_some() && !request.headers().contains_key("hx-request");
    let mut response = if reads || ours { next.run(request).await } else { Fault::Foreign.into_response() };
    if told && reads && response.headers().get(header::CONTENT_TYPE).is_some_and(is_html) {
        // It stands on this page.
        response.headers_mut().extend(Notice::clear().map(|value| (header::SET_COOKIE, value)));
    }
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&content_policy(&state)) {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    headers.entry(HeaderName::from_static("x-robots-tag")).or_insert(HeaderValue::from_static("noindex"));
    response
}

/// Nothing from elsewhere, nothing inline. Markup that a script makes of a string passes one policy, which owner.js makes
/// for htmx and which lets no string become script. Older browsers do not count a WebSocket to the own origin as 'self',
/// so it is named. `form-action` also holds for where an answer to a form leads: other origins are reached by links.
fn content_policy(state: &AppState) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' \
         {}; media-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for \
         'script'; trusted-types default",
        state.config.origin.ws()
    )
}

/// With the state at hand.
pub(super) fn layered(doors: Doors, state: &AppState) -> Router<AppState> {
    doors.router.layer(middleware::from_fn_with_state(state.clone(), private))
}
