//! The page on which somebody agrees, and what their browser is told then.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{RawForm, RawQuery, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};

use super::{ConsentServer, Inner, Lie, Person, grants::Given};

/// Plain, and readable with a keyboard alone.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ vendor }}: allow access?</title>
<link rel="icon" href="data:,">
<style>
body { font: 1.05rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem; color: #222 }
fieldset { border: 1px solid #bbb; border-radius: .5rem; margin: 0 0 1rem } label { display: block; padding: .25rem 0 }
button { font: inherit; padding: .5rem 1.25rem; margin-right: .5rem } .note { color: #666; font-size: .9rem }
</style>
<main>
<p class="note">This is a sandbox of {{ vendor }} on this machine. No real account is touched.</p>
<h1>Deskbell wants access to your {{ vendor }} account</h1>
<form method="post" action="{{ action }}">
<fieldset><legend>Your account</legend>
{%- for person in people %}
<label><input type="radio" name="account" value="{{ person.subject }}"{% if loop.first %} checked{% endif %}> {{ person.name }} ({{ person.email }})</label>
{%- endfor %}
</fieldset>
<fieldset><legend>It asks to</legend>
{%- for (name, words) in boxes %}
{%- if granular %}
<label><input type="checkbox" name="scope" value="{{ name }}" checked> {{ words }}</label>
{%- else %}
<p>{{ words }}</p>
{%- endif %}
{%- endfor %}
</fieldset>
<p><button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></p>
</form>
</main>
</html>"#
)]
struct Page<'a> {
    vendor: &'a str,
    action: String,
    people: &'a [Person],
    boxes: Vec<(&'static str, &'static str)>,
    granular: bool,
}

/// A request for consent that stands the checks.
struct Wish {
    back: String,
    state: String,
    challenge: String,
    /// As they were asked for.
    scopes: Vec<String>,
    refresh: bool,
    again: bool,
}

/// Why there is no page.
enum Refusal {
    /// Shown here: nobody is sent to an address that is not known to be the client's (RFC 6749 §4.1.2.1).
    Here(&'static str),
    /// Where the browser is sent, with the error.
    There(String),
}

impl Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Here(why) => (StatusCode::BAD_REQUEST, format!("Error 400: {why}\n")).into_response(),
            Self::There(address) => sent_to(&address),
        }
    }
}

fn sent_to(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, address.to_owned())]).into_response()
}

fn back_with(inner: &mut Inner, back: &str, state: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("state", state);
    if inner.lies(Lie::OtherIssuer) {
        query.append_pair("iss", "https://accounts.evil.example");
    } else if let Some(issuer) = inner.rules.issuer {
        query.append_pair("iss", &issuer.replace("{}", &inner.base));
    }
    for (name, value) in pairs {
        query.append_pair(name, value);
    }
    if inner.lies(Lie::TwoCodes) {
        query.append_pair("code", "another-code");
    }
    let joint = if back.contains('?') { '&' } else { '?' };
    format!("{back}{joint}{}", query.finish())
}

fn read(inner: &mut Inner, query: &str) -> Result<Wish, Refusal> {
    let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let field = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    if field("client_id") != inner.rules.client_id {
        return Err(Refusal::Here("invalid_client: the OAuth client was not found"));
    }
    let (back, state) = (field("redirect_uri").to_owned(), field("state").to_owned());
    let local = ["http://127.0.0.1", "http://localhost", "https://127.0.0.1", "https://localhost"];
    let known = if inner.backs.is_empty() {
        local.iter().any(|start| back.starts_with(start))
    } else {
        inner.backs.contains(&back)
    };
    if !known {
        return Err(Refusal::Here("redirect_uri_mismatch: the redirect address is not registered"));
    }
    let scopes: Vec<String> = field("scope").split_whitespace().map(str::to_owned).collect();
    let unknown = |name: &String| !inner.rules.scopes.iter().any(|scope| scope.name == name);
    let challenge = field("code_challenge");
    let error = if field("response_type") != "code" {
        Some("unsupported_response_type")
    } else if scopes.is_empty() || scopes.iter().any(unknown) {
        Some("invalid_scope")
    } else if challenge.len() != 43 || field("code_challenge_method") != "S256" {
        Some("invalid_request")
    } else {
        None
    };
    if let Some(error) = error {
        return Err(Refusal::There(back_with(inner, &back, &state, &[("error", error)])));
    }
    let refresh = match inner.rules.offline {
        None => true,
        Some(("scope", scope)) => scopes.iter().any(|asked| asked == scope),
        Some((name, value)) => field(name) == value,
    };
    let again = field("prompt").split(' ').any(|prompt| prompt == "consent");
    Ok(Wish { back, state, challenge: challenge.to_owned(), scopes, refresh, again })
}

/// The scopes among those asked for that have a box, or have none.
fn boxes(inner: &Inner, wish: &Wish, boxed: bool) -> Vec<(&'static str, &'static str)> {
    let asked = |name: &str| wish.scopes.iter().any(|scope| scope == name);
    let scopes = inner.rules.scopes.iter().filter(|scope| asked(scope.name) && scope.words.is_empty() != boxed);
    scopes.map(|scope| (scope.name, scope.words)).collect()
}

/// Where the browser goes when `person` has allowed the scopes of these names.
fn allow(inner: &mut Inner, wish: Wish, person: Person, ticked: &[&str], now: jiff::Timestamp) -> String {
    let unboxed = boxes(inner, &wish, false);
    let granted = |name: &str| ticked.contains(&name) || unboxed.iter().any(|(free, _)| *free == name);
    let scopes = inner.rules.scopes.iter().filter(|scope| granted(scope.name)).map(|scope| scope.granted_as.to_owned());
    let scopes = scopes.collect();
    let refresh =
        wish.refresh && (!inner.rules.first_only || wish.again || !inner.grants.has_consented(&person.subject));
    let given = Given { person, scopes, challenge: wish.challenge, back: wish.back.clone(), refresh, at: now };
    let code = inner.grants.code(given);
    back_with(inner, &wish.back, &wish.state, &[("code", &code)])
}

fn deny(inner: &mut Inner, wish: &Wish) -> String {
    back_with(inner, &wish.back, &wish.state, &[("error", "access_denied")])
}

pub(super) async fn ask(State(server): State<ConsentServer>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let mut inner = server.lock();
    let wish = match read(&mut inner, &query) {
        Ok(wish) => wish,
        Err(refusal) => return refusal.into_response(),
    };
    let page = Page {
        vendor: inner.rules.vendor,
        action: format!("{}?{query}", inner.rules.authorize),
        people: &inner.people,
        boxes: boxes(&inner, &wish, true),
        granular: inner.rules.granular,
    };
    match page.render() {
        Ok(page) => Html(page).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

pub(super) async fn decide(
    State(server): State<ConsentServer>,
    RawQuery(query): RawQuery,
    RawForm(form): RawForm,
) -> Response {
    let fields: Vec<(String, String)> = form_urlencoded::parse(&form).into_owned().collect();
    let all = |name: &str| -> Vec<&str> {
        fields.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str()).collect()
    };
    let now = server.clock.now();
    let mut inner = server.lock();
    let wish = match read(&mut inner, &query.unwrap_or_default()) {
        Ok(wish) => wish,
        Err(refusal) => return refusal.into_response(),
    };
    if all("decision") != ["allow"] {
        return sent_to(&deny(&mut inner, &wish));
    }
    let account = all("account");
    let person = inner.people.iter().find(|person| account == [person.subject.as_str()]).cloned();
    let Some(person) = person else { return (StatusCode::BAD_REQUEST, "Choose an account.\n").into_response() };
    let boxed: Vec<&str> = boxes(&inner, &wish, true).iter().map(|(name, _)| *name).collect();
    let ticked = if inner.rules.granular { all("scope") } else { boxed.clone() };
    let ticked: Vec<&str> = ticked.into_iter().filter(|name| boxed.contains(name)).collect();
    let address = allow(&mut inner, wish, person, &ticked, now);
    sent_to(&address)
}

/// What a browser would do, without one.
impl ConsentServer {
    /// The account (by its subject) agrees to everything on the page that this address leads to: where its browser is sent.
    ///
    /// # Panics
    /// When the page would not be shown, or there is no such account.
    pub fn agrees(&self, address: &str, subject: &str) -> String {
        self.agrees_but(address, subject, &[])
    }

    /// The same, with the boxes of these scopes unticked.
    ///
    /// # Panics
    /// As [`agrees`](Self::agrees).
    pub fn agrees_but(&self, address: &str, subject: &str, without: &[&str]) -> String {
        let now = self.clock.now();
        let mut inner = self.lock();
        let wish = arrived(&mut inner, address);
        let person = inner.people.iter().find(|person| person.subject == subject).cloned();
        let ticked: Vec<&str> =
            boxes(&inner, &wish, true).iter().map(|(name, _)| *name).filter(|name| !without.contains(name)).collect();
        allow(&mut inner, wish, person.expect("an account of the page's"), &ticked, now)
    }

    /// Somebody says no.
    ///
    /// # Panics
    /// When the page would not be shown.
    pub fn denies(&self, address: &str) -> String {
        let mut inner = self.lock();
        let wish = arrived(&mut inner, address);
        deny(&mut inner, &wish)
    }
}

fn arrived(inner: &mut Inner, address: &str) -> Wish {
    let (place, query) = address.split_once('?').expect("a query");
    assert_eq!(place, format!("{}{}", inner.base, inner.rules.authorize), "the page's own address");
    match read(inner, query) {
        Ok(wish) => wish,
        Err(Refusal::Here(why)) => panic!("{why}"),
        Err(Refusal::There(back)) => panic!("refused: {back}"),
    }
}
