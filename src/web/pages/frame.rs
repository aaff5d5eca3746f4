//! What stands around every page: where one is, who one is, and what is to be said once.

use askama::Template;
use axum::{
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Response},
};

use super::{
    access::{Access, SignedIn},
    fault::Fault,
    notice::Notice,
};
use crate::{
    domain::{account::Role, business::Business},
    web::assets,
};

/// Where somebody is, for the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Here {
    Today,
    Calendar,
    Calls,
    Customers,
    Messages,
    Insights,
    Settings,
    /// One's own account, one's list of businesses.
    Account,
}

/// The frame of a page of one business, or of one's own account.
#[derive(Clone, Debug)]
pub(in crate::web) struct Frame {
    pub(in crate::web) assets: &'static str,
    /// Also the page's `h1`, unless it says otherwise.
    pub(in crate::web) title: String,
    pub(in crate::web) here: Here,
    /// "/b/…"; empty outside of a business.
    pub(in crate::web) root: String,
    pub(in crate::web) business: String,
    /// The business's zone, for times and for whoever sits in another.
    pub(in crate::web) zone: String,
    pub(in crate::web) user: String,
    pub(in crate::web) owner: bool,
    pub(in crate::web) notice: Option<Notice>,
}

impl Frame {
    pub(in crate::web) fn of(access: &Access, headers: &HeaderMap, here: Here, title: impl Into<String>) -> Self {
        Self {
            assets: assets::path(),
            title: title.into(),
            here,
            root: root(&access.business),
            business: access.business.name.clone(),
            zone: access.business.zone.name().to_owned(),
            user: access.user.name.clone(),
            owner: access.role == Role::Owner,
            notice: Notice::read(headers),
        }
    }

    /// Of a page that belongs to no business.
    pub(in crate::web) fn outside(who: &SignedIn, headers: &HeaderMap, title: impl Into<String>) -> Self {
        Self {
            assets: assets::path(),
            title: title.into(),
            here: Here::Account,
            root: String::new(),
            business: String::new(),
            zone: String::new(),
            user: who.user.name.clone(),
            owner: false,
            notice: Notice::read(headers),
        }
    }

    /// For templates: marks the place in the navigation where one is.
    pub(in crate::web) fn is(&self, name: &str) -> bool {
        format!("{:?}", self.here).eq_ignore_ascii_case(name)
    }
}

/// Where a business's pages begin.
pub(in crate::web) fn root(business: &Business) -> String {
    format!("/b/{}", business.id)
}

/// A page, or a piece of one.
pub(in crate::web) fn shown(page: &impl Template) -> Result<Response, Fault> {
    shown_as(StatusCode::OK, page)
}

/// The same with another status: 422 for a form with mistakes, 409 for one that was overtaken.
pub(in crate::web) fn shown_as(status: StatusCode, page: &impl Template) -> Result<Response, Fault> {
    let html = page.render().map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        Fault::Broken
    })?;
    Ok((status, Html(html)).into_response())
}
