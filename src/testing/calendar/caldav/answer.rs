//! Answers, in the dialect of the server.

use std::fmt::Write as _;

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use quick_xml::escape::escape;

use super::Dialect;

const SPACES: [(&str, &str); 4] = [
    ("d", "DAV:"),
    ("c", "urn:ietf:params:xml:ns:caldav"),
    ("s", "http://calendarserver.org/ns/"),
    ("o", "http://owncloud.org/ns"),
];

pub(super) fn plain(status: u16, text: &str) -> Response<Body> {
    with_type(status, "text/plain; charset=utf-8", text)
}

fn with_type(status: u16, kind: &'static str, text: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(text.to_owned()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

pub(super) fn calendar(ics: &str, version: u64) -> Response<Body> {
    with_version(with_type(200, "text/calendar; charset=utf-8", ics), version)
}

pub(super) fn with_version(mut response: Response<Body>, version: u64) -> Response<Body> {
    if let Ok(etag) = HeaderValue::from_str(&etag(version)) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

pub(super) fn etag(version: u64) -> String {
    format!("\"v{version}\"")
}

pub(super) fn redirect(to: &str) -> Response<Body> {
    let mut response = plain(301, "");
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

/// A refusal that names its rule, "c:no-uid-conflict", or only says why.
pub(super) fn refusal(dialect: Dialect, status: u16, rule: &str, why: &str) -> Response<Body> {
    let xml = Xml::new(dialect);
    let rule = if rule.is_empty() { String::new() } else { xml.element(rule, "") };
    let why = match dialect {
        Dialect::ICloud => String::new(),
        Dialect::Nextcloud => format!(r#"<x:message xmlns:x="http://sabredav.org/ns">{}</x:message>"#, escape(why)),
    };
    xml.document(status, "d:error", &format!("{rule}{why}"))
}

/// Writes names as the dialect does.
#[derive(Clone, Copy)]
pub(super) struct Xml(Dialect);

impl Xml {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self(dialect)
    }

    /// `inner` is XML.
    pub(super) fn element(self, name: &str, inner: &str) -> String {
        self.element_with(name, "", inner)
    }

    pub(super) fn element_with(self, name: &str, attributes: &str, inner: &str) -> String {
        let (space, local) = name.split_once(':').unwrap_or(("d", name));
        match self.0 {
            Dialect::ICloud => {
                let uri = SPACES.iter().find(|(short, _)| *short == space).map_or("x:", |(_, uri)| *uri);
                format!(r#"<{local} xmlns="{uri}"{attributes}>{inner}</{local}>"#)
            }
            Dialect::Nextcloud => {
                let prefix = if space == "c" { "cal" } else { space };
                format!("<{prefix}:{local}{attributes}>{inner}</{prefix}:{local}>")
            }
        }
    }

    pub(super) fn text(self, name: &str, text: &str) -> String {
        self.element(name, &escape(text))
    }

    /// `status` is of HTTP.
    pub(super) fn document(self, status: u16, root: &str, inner: &str) -> Response<Body> {
        let body = match self.0 {
            Dialect::ICloud => self.element(root, inner),
            Dialect::Nextcloud => {
                let names = SPACES.iter().fold(String::new(), |mut names, (short, uri)| {
                    let prefix = if *short == "c" { "cal" } else { short };
                    let _ = write!(names, r#" xmlns:{prefix}="{uri}""#);
                    names
                });
                self.element_with(root, &names, inner)
            }
        };
        with_type(
            status,
            "application/xml; charset=utf-8",
            &format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}"),
        )
    }

    /// What is known of one thing, and what of the question is not.
    pub(super) fn found(self, href: &str, found: &[(String, String)], wanted: &[String]) -> String {
        let mut out = self.text("d:href", href);
        let known: String =
            found.iter().filter(|(name, _)| wanted.contains(name)).map(|(_, xml)| xml.as_str()).collect();
        let missing = wanted.iter().filter(|name| !found.iter().any(|(other, _)| other == *name));
        let missing: String = missing.map(|name| self.element(name, "")).collect();
        for (props, status) in [(known, "HTTP/1.1 200 OK"), (missing, "HTTP/1.1 404 Not Found")] {
            if !props.is_empty() {
                let inner = format!("{}{}", self.element("d:prop", &props), self.element("d:status", status));
                out.push_str(&self.element("d:propstat", &inner));
            }
        }
        self.element("d:response", &out)
    }

    /// Something of which there is only a status.
    pub(super) fn status(self, href: &str, status: &str) -> String {
        let inner = format!("{}{}", self.text("d:href", href), self.text("d:status", status));
        self.element("d:response", &inner)
    }
}
