//! Methods on paths.

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, Method, Response, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    AtDesk, Desk, Dialect, USER,
    answer::{Xml, calendar, etag, plain, redirect, refusal, with_version},
    ask::{Question, question},
    ical, lock, reports,
    state::{Place, Shelf, State},
};

/// Bytes of a resource.
const LARGEST: usize = 256 * 1024;

/// What a path names.
enum Named {
    Root,
    Principal,
    Home,
    Calendar(String),
    Resource(String, String),
    Nothing,
}

fn named(dialect: Dialect, place: Place, path: &str) -> Named {
    let shelves = place == Place::Shelves;
    let door = dialect == Dialect::Nextcloud || place == Place::Door;
    if door && path == dialect.root() {
        return Named::Root;
    }
    if door && path == dialect.principal() {
        return Named::Principal;
    }
    // Whether "@" is written with a percent sign is the client's choice.
    let path = path.replace('@', "%40");
    let Some(rest) = path.strip_prefix(dialect.home()).filter(|_| shelves) else { return Named::Nothing };
    match rest.split('/').collect::<Vec<_>>()[..] {
        [""] => Named::Home,
        [calendar, ""] => Named::Calendar(calendar.to_owned()),
        [calendar, name] => Named::Resource(calendar.to_owned(), name.to_owned()),
        _ => Named::Nothing,
    }
}

fn is_let_in(state: &State, headers: &HeaderMap) -> bool {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let sent = sent.and_then(|value| value.strip_prefix("Basic ")).and_then(|value| STANDARD.decode(value).ok());
    let password = state.password.as_ref();
    password.is_some_and(|password| sent == Some(format!("{USER}:{password}").into_bytes()))
}

pub(super) async fn serve(desk: AtDesk, request: Request) -> Response<Body> {
    let Desk { state, place } = desk.0;
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST * 4).await else { return plain(413, "") };
    let mut state = lock(&state);
    let (dialect, path) = (state.dialect, parts.uri.path());
    if path == "/.well-known/caldav" {
        return redirect(dialect.root());
    }
    if !is_let_in(&state, &parts.headers) {
        let mut response = plain(401, "Unauthorized");
        let realm = header::HeaderValue::from_static("Basic realm=\"calendars\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, realm);
        return response;
    }
    let named = named(dialect, place, path);
    match (parts.method.as_str(), named) {
        ("PROPFIND", Named::Nothing) => plain(404, "Not Found"),
        ("PROPFIND", named) => propfind(&state, &named, &parts.headers, &body),
        ("REPORT", Named::Calendar(name)) => match (state.shelves.get(&name), question(&body)) {
            (None, _) => plain(404, "Not Found"),
            (_, None) => plain(400, "no XML that is understood"),
            (Some(shelf), Some(asked)) => {
                let depth = parts.headers.get("depth").and_then(|depth| depth.to_str().ok());
                reports::report(&state, &name, shelf, &asked, depth)
            }
        },
        ("GET", Named::Resource(shelf, name)) => match state.resource(&shelf, &name) {
            Some(resource) => calendar(&resource.ics, resource.version),
            None => plain(404, "Not Found"),
        },
        ("PUT", Named::Resource(shelf, name)) => put(&mut state, &shelf, &name, &parts.headers, &body),
        ("DELETE", Named::Resource(shelf, name)) => delete(&mut state, &shelf, &name, &parts.headers),
        (_, Named::Nothing) => plain(404, "Not Found"),
        _ if parts.method == Method::OPTIONS => plain(200, ""),
        _ => plain(405, "Method Not Allowed"),
    }
}

fn propfind(state: &State, named: &Named, headers: &HeaderMap, body: &Bytes) -> Response<Body> {
    let xml = Xml::new(state.dialect);
    let depth = headers.get("depth").and_then(|depth| depth.to_str().ok());
    let deep = match depth {
        Some("0") => false,
        Some("1") => true,
        _ => return refusal(state.dialect, 403, "d:propfind-finite-depth", "not all of it at once"),
    };
    let Some(asked) = question(body).filter(|asked| asked.name == "d:propfind") else {
        return plain(400, "no propfind");
    };
    let home = state.dialect.home();
    let all: String = match named {
        Named::Root => xml.found(state.dialect.root(), &of_root(state), &asked.props),
        Named::Principal => xml.found(state.dialect.principal(), &of_principal(state), &asked.props),
        Named::Home => {
            let mut all = xml.found(home, &[kind(xml, &["d:collection"])], &asked.props);
            if deep {
                all.push_str(&around(state, &asked));
                for (name, shelf) in &state.shelves {
                    all.push_str(&xml.found(&format!("{home}{name}/"), &of_shelf(state, name, shelf), &asked.props));
                }
            }
            all
        }
        Named::Calendar(name) => match state.shelves.get(name) {
            Some(shelf) => xml.found(&format!("{home}{name}/"), &of_shelf(state, name, shelf), &asked.props),
            None => return plain(404, "Not Found"),
        },
        Named::Resource(shelf, name) => match state.resource(shelf, name) {
            Some(resource) => {
                let known = [("d:getetag".to_owned(), xml.text("d:getetag", &etag(resource.version)))];
                xml.found(&format!("{home}{shelf}/{name}"), &known, &asked.props)
            }
            None => return plain(404, "Not Found"),
        },
        Named::Nothing => return plain(404, "Not Found"),
    };
    xml.document(207, "d:multistatus", &all)
}

type Props = Vec<(String, String)>;

fn kind(xml: Xml, kinds: &[&str]) -> (String, String) {
    let kinds: String = kinds.iter().map(|kind| xml.element(kind, "")).collect();
    ("d:resourcetype".to_owned(), xml.element("d:resourcetype", &kinds))
}

fn of_root(state: &State) -> Props {
    let xml = Xml::new(state.dialect);
    let principal = xml.element("d:current-user-principal", &xml.text("d:href", state.dialect.principal()));
    vec![kind(xml, &["d:collection"]), ("d:current-user-principal".to_owned(), principal)]
}

fn of_principal(state: &State) -> Props {
    let xml = Xml::new(state.dialect);
    let home = match state.dialect {
        // "https://p34-caldav.icloud.com:443/1234567/calendars/"
        Dialect::ICloud => format!("{}{}", state.base, state.dialect.home()),
        Dialect::Nextcloud => state.dialect.home().to_owned(),
    };
    let addresses =
        xml.text("d:href", &format!("MAILTO:{}", USER.to_uppercase())) + &xml.text("d:href", state.dialect.principal());
    vec![
        kind(xml, &["d:principal"]),
        ("c:calendar-home-set".to_owned(), xml.element("c:calendar-home-set", &xml.text("d:href", &home))),
        ("c:calendar-user-address-set".to_owned(), xml.element("c:calendar-user-address-set", &addresses)),
    ]
}

/// What else stands beside calendars.
fn around(state: &State, asked: &Question) -> String {
    let (xml, home) = (Xml::new(state.dialect), state.dialect.home());
    let main = xml.text("d:href", &format!("{home}{}/", super::MAIN));
    let inbox = [
        kind(xml, &["d:collection", "c:schedule-inbox"]),
        ("c:schedule-default-calendar-URL".to_owned(), xml.element("c:schedule-default-calendar-URL", &main)),
    ];
    let tasks = [
        kind(xml, &["d:collection", "c:calendar"]),
        ("d:displayname".to_owned(), xml.text("d:displayname", "Reminders")),
        holds(xml, "VTODO"),
    ];
    let bin = [kind(xml, &["d:collection", "o:trash-bin"])];
    xml.found(&format!("{home}inbox/"), &inbox, &asked.props)
        + &xml.found(&format!("{home}tasks/"), &tasks, &asked.props)
        + &xml.found(&format!("{home}trashbin/"), &bin, &asked.props)
}

fn holds(xml: Xml, component: &str) -> (String, String) {
    let comp = xml.element_with("c:comp", &format!(r#" name="{component}""#), "");
    ("c:supported-calendar-component-set".to_owned(), xml.element("c:supported-calendar-component-set", &comp))
}

fn of_shelf(state: &State, name: &str, shelf: &Shelf) -> Props {
    let xml = Xml::new(state.dialect);
    let rights: &[&str] =
        if shelf.writable { &["d:read", "d:write", "d:bind"] } else { &["d:read", "d:write-properties"] };
    let right = |right: &&str| xml.element("d:privilege", &xml.element(right, ""));
    let rights: String = rights.iter().map(right).collect();
    let mut props = vec![
        kind(xml, &["d:collection", "c:calendar"]),
        ("d:displayname".to_owned(), xml.text("d:displayname", &shelf.title)),
        ("d:current-user-privilege-set".to_owned(), xml.element("d:current-user-privilege-set", &rights)),
        holds(xml, "VEVENT"),
        ("s:getctag".to_owned(), xml.text("s:getctag", &format!("c{}", shelf.version))),
        ("d:getetag".to_owned(), xml.text("d:getetag", &etag(shelf.version))),
    ];
    if let Some(zone) = &shelf.zone {
        let ics = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTIMEZONE\r\nTZID:{zone}\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n"
        );
        props.push(("c:calendar-timezone".to_owned(), xml.text("c:calendar-timezone", &ics)));
    }
    if state.accounts {
        let token = state.dialect.token(name, shelf.version.max(state.remembers_from));
        props.push(("d:sync-token".to_owned(), xml.text("d:sync-token", &token)));
        let report = xml.element("d:report", &xml.element("d:sync-collection", ""));
        let report = xml.element("d:supported-report-set", &xml.element("d:supported-report", &report));
        props.push(("d:supported-report-set".to_owned(), report));
    }
    props
}

/// Whether what stands there is what the request demands; else the refusal.
fn demanded(standing: Option<u64>, headers: &HeaderMap) -> bool {
    let header = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    let absent = header(header::IF_NONE_MATCH).is_none_or(|_| standing.is_none());
    let version = header(header::IF_MATCH).is_none_or(|wanted| {
        standing.is_some_and(|version| wanted == "*" || wanted.split(',').any(|one| one.trim() == etag(version)))
    });
    absent && version
}

fn put(state: &mut State, calendar: &str, name: &str, headers: &HeaderMap, body: &Bytes) -> Response<Body> {
    let dialect = state.dialect;
    let Some(shelf) = state.shelves.get(calendar) else { return plain(dialect.no_collection(), "no such calendar") };
    if !shelf.writable {
        return refusal(dialect, 403, "d:need-privileges", "read only");
    }
    let standing = shelf.resources.get(name).map(|resource| resource.version);
    if !demanded(standing, headers) {
        return refusal(dialect, 412, "", "An If-Match or If-None-Match header was specified, and it is not so");
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("text/calendar") {
        return refusal(dialect, 415, "c:supported-calendar-data", "text/calendar only");
    }
    if body.len() > LARGEST {
        return refusal(dialect, 403, "c:max-resource-size", "too large");
    }
    let Ok(ics) = std::str::from_utf8(body) else { return refusal(dialect, 403, "c:valid-calendar-data", "not UTF-8") };
    if let Some(fault) = ical::fault(ics) {
        return refusal(dialect, 403, "c:valid-calendar-data", fault);
    }
    let uid = ical::uid(ics);
    let elsewhere = shelf.resources.iter().any(|(other, resource)| other != name && ical::uid(&resource.ics) == uid);
    let in_the_bin = state.keeps_deleted && shelf.deleted.values().any(|(_, gone)| Some(gone) == uid.as_ref());
    if elsewhere || in_the_bin {
        return match dialect {
            Dialect::ICloud => refusal(dialect, 403, "c:no-uid-conflict", ""),
            Dialect::Nextcloud => {
                refusal(dialect, 400, "", "Calendar object with uid already exists in this calendar collection.")
            }
        };
    }
    let version = state.keep(calendar, name, ics.to_owned());
    let done = plain(if standing.is_some() { 204 } else { 201 }, "");
    if state.tells_versions { with_version(done, version) } else { done }
}

fn delete(state: &mut State, calendar: &str, name: &str, headers: &HeaderMap) -> Response<Body> {
    let standing = state.resource(calendar, name).map(|resource| resource.version);
    if standing.is_none() {
        return plain(404, "Not Found");
    }
    if state.shelves.get(calendar).is_some_and(|shelf| !shelf.writable) {
        return refusal(state.dialect, 403, "d:need-privileges", "read only");
    }
    if !demanded(standing, headers) {
        return refusal(state.dialect, 412, "", "it was changed");
    }
    state.forget(calendar, name);
    plain(204, "")
}
