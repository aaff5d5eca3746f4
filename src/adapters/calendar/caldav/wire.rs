//! What is asked of a server, and what a multistatus says (RFC 4918, 13; RFC 4791; RFC 6578).

use quick_xml::escape::escape;

use super::xml::{self, Node, Space, Unreadable};
use crate::ports::calendar::Interval;

const NAMES: &str = r#"xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/""#;
const HEAD: &str = r#"<?xml version="1.0" encoding="utf-8"?>"#;

/// One property of one thing, or what asks for it.
pub(super) type Name = (Space, &'static str);

pub(super) const PRINCIPAL: Name = (Space::Dav, "current-user-principal");
pub(super) const HOME: Name = (Space::CalDav, "calendar-home-set");
pub(super) const ADDRESSES: Name = (Space::CalDav, "calendar-user-address-set");
pub(super) const KIND: Name = (Space::Dav, "resourcetype");
pub(super) const TITLE: Name = (Space::Dav, "displayname");
pub(super) const RIGHTS: Name = (Space::Dav, "current-user-privilege-set");
pub(super) const HOLDS: Name = (Space::CalDav, "supported-calendar-component-set");
pub(super) const DEFAULT: Name = (Space::CalDav, "schedule-default-calendar-URL");
pub(super) const ZONE: Name = (Space::CalDav, "calendar-timezone");
/// RFC 7809: a name instead of a definition.
pub(super) const ZONE_ID: Name = (Space::CalDav, "calendar-timezone-id");
pub(super) const ETAG: Name = (Space::Dav, "getetag");
pub(super) const DATA: Name = (Space::CalDav, "calendar-data");
pub(super) const TOKEN: Name = (Space::Dav, "sync-token");
pub(super) const REPORTS: Name = (Space::Dav, "supported-report-set");
pub(super) const TAG: Name = (Space::Server, "getctag");

fn props(names: &[Name]) -> String {
    let tag = |(space, name): &Name| {
        let prefix = match space {
            Space::CalDav => "c",
            Space::Server => "s",
            Space::Dav | Space::Other => "d",
        };
        format!("<{prefix}:{name}/>")
    };
    format!("<d:prop>{}</d:prop>", names.iter().map(tag).collect::<String>())
}

pub(super) fn propfind(names: &[Name]) -> String {
    format!("{HEAD}<d:propfind {NAMES}>{}</d:propfind>", props(names))
}

/// Events that touch a range. `unfolded`: the server is to unfold their recurrences.
pub(super) fn events_in(range: Interval, unfolded: bool) -> String {
    let (from, to) = (stamp(range.from), stamp(range.to));
    let data = if unfolded {
        format!(r#"<c:calendar-data><c:expand start="{from}" end="{to}"/></c:calendar-data>"#)
    } else {
        "<c:calendar-data/>".to_owned()
    };
    query(&format!("<d:prop>{data}</d:prop>"), &format!(r#"start="{from}" end="{to}""#))
}

/// The versions of all events that are not over by then.
pub(super) fn versions_from(from: jiff::Timestamp) -> String {
    query(&props(&[ETAG]), &format!(r#"start="{}""#, stamp(from)))
}

fn query(props: &str, range: &str) -> String {
    format!(
        r#"{HEAD}<c:calendar-query {NAMES}>{props}<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range {range}/></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"#
    )
}

/// Some events, by their paths.
pub(super) fn multiget<'p>(paths: impl Iterator<Item = &'p str>) -> String {
    let hrefs: String = paths.map(|path| format!("<d:href>{}</d:href>", escape(path))).collect();
    format!("{HEAD}<c:calendar-multiget {NAMES}>{}{hrefs}</c:calendar-multiget>", props(&[ETAG, DATA]))
}

/// What has changed since a token (RFC 6578).
pub(super) fn changes_since(token: &str) -> String {
    let token = escape(token);
    format!(
        "{HEAD}<d:sync-collection {NAMES}><d:sync-token>{token}</d:sync-token><d:sync-level>1</d:sync-level>{}</d:sync-collection>",
        props(&[ETAG])
    )
}

/// `20261203T170000Z`.
pub(super) fn stamp(at: jiff::Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A multistatus, with the properties that were found.
#[derive(Debug)]
pub(super) struct Multistatus {
    pub(super) responses: Vec<Response>,
    pub(super) token: Option<String>,
}

#[derive(Debug)]
pub(super) struct Response {
    pub(super) href: String,
    /// Of the whole thing, when there is no word about its properties: 404, 507.
    pub(super) status: Option<u16>,
    /// Those with the status 200.
    found: Vec<Node>,
    /// It says something about properties, though perhaps only that they are not there.
    told: bool,
}

impl Multistatus {
    pub(super) fn read(body: &[u8]) -> Result<Self, Unreadable> {
        let text = std::str::from_utf8(body).map_err(|_| Unreadable("not UTF-8"))?;
        let mut root = xml::read(text.strip_prefix('\u{feff}').unwrap_or(text))?;
        if !root.is(Space::Dav, "multistatus") {
            return Err(Unreadable("no multistatus"));
        }
        let token = root.child(Space::Dav, "sync-token").map(|node| node.text.trim().to_owned());
        let responses = root.children.drain(..).filter(|child| child.is(Space::Dav, "response"));
        Ok(Self { responses: responses.map(response).collect::<Result<_, _>>()?, token })
    }
}

fn response(node: Node) -> Result<Response, Unreadable> {
    let href = node.child(Space::Dav, "href").map(|href| href.text.trim().to_owned());
    let href = href.filter(|href| !href.is_empty()).ok_or(Unreadable("an answer about nothing"))?;
    let status = node.child(Space::Dav, "status").map(|status| code(&status.text)).transpose()?;
    let mut found = Vec::new();
    let mut told = false;
    for stat in node.children.into_iter().filter(|child| child.is(Space::Dav, "propstat")) {
        told = true;
        let status = stat.child(Space::Dav, "status").ok_or(Unreadable("no status"))?;
        if code(&status.text)? == 200 {
            let props = stat.children.into_iter().filter(|child| child.is(Space::Dav, "prop"));
            found.extend(props.flat_map(|prop| prop.children));
        }
    }
    if !told && status.is_none() {
        return Err(Unreadable("an answer without a status"));
    }
    Ok(Response { href, status, found, told })
}

/// 200 of "HTTP/1.1 200 OK".
fn code(line: &str) -> Result<u16, Unreadable> {
    let code = line.split_whitespace().nth(1).and_then(|code| code.parse().ok());
    code.ok_or(Unreadable("a status that is none"))
}

impl Response {
    pub(super) fn prop(&self, name: Name) -> Option<&Node> {
        self.found.iter().find(|prop| prop.is(name.0, name.1))
    }

    /// Its text, if there is any.
    pub(super) fn text(&self, name: Name) -> Option<&str> {
        self.prop(name).map(|prop| prop.text.as_str()).filter(|text| !text.trim().is_empty())
    }

    pub(super) fn hrefs(&self, name: Name) -> impl Iterator<Item = &str> {
        let hrefs = self.prop(name).into_iter().flat_map(|prop| prop.all(Space::Dav, "href"));
        hrefs.map(|href| href.text.trim()).filter(|href| !href.is_empty())
    }

    /// It is not there any more.
    pub(super) fn is_gone(&self) -> bool {
        !self.told && matches!(self.status, Some(404 | 410))
    }
}

/// Which rule a refusal names (RFC 4918, 16): `valid-sync-token`, `no-uid-conflict`.
pub(super) fn refusal_names(body: &[u8], space: Space, rule: &str) -> bool {
    let root = std::str::from_utf8(body).ok().and_then(|text| xml::read(text).ok());
    root.is_some_and(|root| root.is(Space::Dav, "error") && root.holds(space, rule))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANSWER: &str = r#"<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
        <d:response><d:href>/a/1.ics</d:href><d:propstat><d:prop><d:getetag>&quot;1&quot;</d:getetag>
        <c:calendar-data><![CDATA[BEGIN:VCALENDAR]]>&#13;</c:calendar-data></d:prop><d:status>HTTP/1.1 200 OK</d:status>
        </d:propstat></d:response><d:response><d:href>/a/2.ics</d:href><d:status>HTTP/1.1 404 Not Found</d:status>
        </d:response><d:sync-token>t&amp;1</d:sync-token></d:multistatus>"#;

    proptest! {
        #[test]
        fn nothing_makes_reading_it_panic(changes in proptest::collection::vec((0..1_000usize, any::<u8>()), 0..6)) {
            let mut bytes = ANSWER.as_bytes().to_vec();
            for (at, byte) in changes {
                let at = at % bytes.len();
                match byte {
                    0..50 if bytes.len() > 1 => { bytes.remove(at); }
                    50..70 => bytes.truncate(at.max(1)),
                    _ => bytes[at] = byte,
                }
            }
            if let Ok(read) = Multistatus::read(&bytes) {
                let gone = read.responses.iter().filter(|one| one.is_gone()).count();
                prop_assert!(gone + read.responses.iter().filter(|one| one.text(DATA).is_some()).count() <= 2);
            }
            let _ = refusal_names(&bytes, Space::Dav, "valid-sync-token");
        }
    }

    #[test]
    fn each_property_counts_by_its_own_status() {
        let body = br#"<d:multistatus xmlns:d="DAV:" xmlns:cal="urn:ietf:params:xml:ns:caldav"><d:response>
            <d:href>/a/</d:href>
            <d:propstat><d:prop><d:displayname>Work</d:displayname></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>
            <d:propstat><d:prop><cal:calendar-timezone>x</cal:calendar-timezone></d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat>
            </d:response><d:response><d:href>/b</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>
            <d:sync-token>t1</d:sync-token></d:multistatus>"#;
        let read = Multistatus::read(body).unwrap();
        assert_eq!((read.responses[0].text(TITLE), read.responses[0].text(ZONE)), (Some("Work"), None));
        assert!(!read.responses[0].is_gone() && read.responses[1].is_gone());
        assert_eq!(read.token.as_deref(), Some("t1"));
        let body = b"<d:multistatus xmlns:d='DAV:'><d:response><d:href>/a</d:href></d:response></d:multistatus>";
        assert!(Multistatus::read(body).is_err());
        assert!(Multistatus::read(b"<x:multistatus xmlns:x='DAVE:'/>").is_err());
    }

    #[test]
    fn what_is_put_into_a_question_is_escaped() {
        assert!(changes_since("a<b>&").contains("a&lt;b&gt;&amp;"));
        assert!(multiget(["/a&b"].into_iter()).contains("<d:href>/a&amp;b</d:href>"));
        assert!(refusal_names(
            b"<e:error xmlns:e='DAV:'><e:valid-sync-token/></e:error>",
            Space::Dav,
            "valid-sync-token"
        ));
    }
}
