//! Phone numbers: which are the business's, what is entered at the carrier, and whether calls arrive.

mod arrivals;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};

use crate::{
    domain::{
        business::{Business, Mistake},
        phone::{PhoneKind, PhoneNumber},
    },
    ports::telephony::{Addresses, SetupStep},
    web::{
        pages::{
            access::{Access, Owner},
            doors::{Doors, Need},
            edit::{self, NotSaved, Part},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{Frame, Here, shown, shown_as},
            notice::{Notice, then},
        },
        state::AppState,
    },
};
use arrivals::{Arrivals, Since};

const PATH: &str = "/b/{business}/settings/numbers";
/// More than a business has.
const MOST: usize = 50;

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, PATH, Need::Owner, show).at(Method::POST, PATH, Need::Owner, save).at(
        Method::GET,
        "/b/{business}/settings/numbers/arrivals",
        Need::Owner,
        arrivals::show,
    )
}

struct Numbers;

impl Part for Numbers {
    const DEED: &'static str = "settings.numbers";

    fn fields(&self, business: &Business) -> Fields {
        business.numbers.iter().fold(Fields::default(), |fields, number| fields.and("number", number.as_str()))
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let mut found = Vec::new();
        let mut numbers: Vec<PhoneNumber> = Vec::new();
        for (n, text) in typed.all("number").filter(|text| !text.is_empty()).enumerate() {
            let at = format!("number_{n}");
            match PhoneNumber::parse(text, &business.country) {
                Err(_) => found
                    .push(wrong(at, "is no telephone number; write it with its area code, or with + and its country")),
                Ok(number) if number.kind() == PhoneKind::Never => {
                    found.push(wrong(
                        at,
                        "cannot be the number of a business: it costs whoever dials it, or reaches nobody",
                    ));
                }
                Ok(number) if numbers.contains(&number) => found.push(wrong(at, "stands here twice")),
                Ok(number) if business.transfer_to.as_ref() == Some(&number) => found.push(wrong(
                    at,
                    "is where callers are put through to (under Receptionist): they would come back here",
                )),
                Ok(number) => numbers.push(number),
            }
        }
        if numbers.len() > MOST {
            found.push(wrong("numbers", "50 at most"));
        }
        business.numbers = numbers;
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

/// One row as it is shown.
struct Row {
    n: usize,
    number: String,
    wrong: Option<String>,
    /// A call came for it, ever.
    arrived: bool,
    saved: bool,
}

/// What has to be so before a carrier can reach this server.
struct Check {
    /// "good", "warn" or "bad".
    kind: &'static str,
    icon: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "pages/settings/numbers.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    form: Form,
    rows: Vec<Row>,
    /// "Twilio"; nothing: this server has no line.
    carrier: Option<&'static str>,
    steps: Vec<SetupStep>,
    missing: Vec<(&'static str, &'static str)>,
    checks: Vec<Check>,
    arrivals: Arrivals,
}

impl Page {
    async fn of(
        state: &AppState,
        access: &Access,
        headers: &HeaderMap,
        form: Form,
        more: usize,
    ) -> Result<Self, Fault> {
        let business = &access.business;
        let seen = state.sightings.of(state, business.id).await?;
        let typed: Vec<String> = form.fields.all("number").filter(|text| !text.is_empty()).map(str::to_owned).collect();
        let blank = if typed.is_empty() { more.max(1) } else { more };
        let row = |(n, number): (usize, String)| Row {
            n,
            wrong: form.wrong(&format!("number_{n}")).map(str::to_owned),
            arrived: seen.iter().any(|sighting| sighting.number == number && sighting.genuine.is_some()),
            saved: business.numbers.iter().any(|saved| saved.as_str() == number),
            number,
        };
        let rows = typed.into_iter().chain(std::iter::repeat_n(String::new(), blank)).enumerate().map(row).collect();
        let telephony = state.telephony.as_ref();
        Ok(Self {
            frame: Frame::of(access, headers, Here::Settings, "Phone numbers"),
            tab: "numbers",
            rows,
            carrier: telephony.map(|telephony| telephony.label()),
            steps: telephony.map(|telephony| telephony.setup(&addresses(state, business))).unwrap_or_default(),
            missing: state.config.missing_for_calls(),
            checks: checks(state, business),
            arrivals: Arrivals::of(state, business, Since::now(state)).await?,
            form,
        })
    }
}

fn addresses(state: &AppState, business: &Business) -> Addresses {
    let origin = state.config.origin.http();
    Addresses {
        calls: format!("{origin}/voice/incoming/{}", business.id),
        calls_by_number: format!("{origin}/voice/incoming"),
        call_status: format!("{origin}/voice/status/{}", business.id),
    }
}

/// What can be told from this side, before anybody calls.
fn checks(state: &AppState, business: &Business) -> Vec<Check> {
    let good = |text: String| Check { kind: "good", icon: "check", text };
    let warn = |text: String| Check { kind: "warn", icon: "warning", text };
    let bad = |text: String| Check { kind: "bad", icon: "cross", text };
    let origin = &state.config.origin;
    let mut checks = Vec::new();
    if state.telephony.is_some() {
        checks.push(good("This server is connected to a telephone company.".to_owned()));
    } else {
        checks.push(bad("This server is connected to no telephone company, so only the browser can call.".to_owned()));
    }
    if origin.is_loopback() {
        checks.push(bad(format!(
            "Its address is {}, which only this machine can reach. A carrier needs one that begins with https:// and is found from \
             the internet.",
            origin.http()
        )));
    } else if is_private(origin.authority()) {
        checks.push(warn(format!(
            "Its address is {}, which looks like one of a private network: a carrier on the internet cannot reach it.",
            origin.http()
        )));
    } else {
        checks.push(good(format!(
            "Its public address is {}. Whether the internet reaches it shows when you call.",
            origin.http()
        )));
    }
    if business.numbers.is_empty() {
        checks.push(warn("No number stands in the list yet. Customers are told it in text messages.".to_owned()));
    }
    if business.suspended {
        checks.push(warn("The phone is switched off under Business: callers hear that you are closed.".to_owned()));
    }
    checks
}

/// Names and addresses that no carrier finds (RFC 1918, RFC 6761, RFC 6762).
fn is_private(authority: &str) -> bool {
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host).trim_matches(['[', ']']);
    let name = [".local", ".internal", ".lan", ".home", ".test", ".localhost", ".invalid"];
    match host.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(ip)) => ip.is_private() || ip.is_link_local() || ip.is_loopback(),
        Ok(std::net::IpAddr::V6(ip)) => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_loopback(),
        Err(_) => !host.contains('.') || name.iter().any(|end| host.ends_with(end)),
    }
}

async fn show(Owner(access): Owner, State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Fault> {
    let form = Form::of(Numbers.fields(&access.business));
    shown(&Page::of(&state, &access, &headers, form, 0).await?)
}

async fn save(
    Owner(access): Owner,
    State(state): State<AppState>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    if typed.is_on("add") || !typed.text("remove").is_empty() {
        let more = usize::from(typed.is_on("add"));
        let form = Form { base: typed.text("base").to_owned(), fields: without(&typed), ..Form::default() };
        return shown(&Page::of(&state, &access, &headers, form, more).await?);
    }
    match edit::save(&state, &access, &Numbers, typed).await {
        Ok(business) => {
            Ok(then(&format!("/b/{}/settings/numbers", business.id), &Notice::good("Saved. Now call one of them.")))
        }
        Err(NotSaved::Form(form)) => {
            let status = if form.is_overtaken() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            shown_as(status, &Page::of(&state, &access, &headers, form, 0).await?)
        }
        Err(NotSaved::Fault(fault)) => Err(fault),
    }
}

/// The fields without the row that `remove` names.
fn without(typed: &Fields) -> Fields {
    let gone = typed.text("remove").parse::<usize>().ok();
    let rows = typed.all("number").enumerate().filter(|(n, _)| Some(*n) != gone);
    rows.fold(Fields::default(), |fields, (_, number)| fields.and("number", number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::salon;

    #[test]
    fn addresses_that_no_carrier_finds_are_told() {
        for private in ["192.168.1.5:8080", "10.0.0.1", "deskbell.local", "server", "[fd00::1]:443", "x.test"] {
            assert!(is_private(private), "{private}");
        }
        for public in ["voice.example.com", "voice.example.com:8443", "203.0.113.7"] {
            assert!(!is_private(public), "{public}");
        }
    }

    #[test]
    fn numbers_are_read_as_they_are_written_in_the_country() {
        let mut salon = salon();
        let typed =
            Fields::default().and("number", "(212) 555-0142").and("number", "").and("number", "+44 20 7946 0958");
        Numbers.apply(&typed, &mut salon).unwrap();
        let numbers: Vec<&str> = salon.numbers.iter().map(PhoneNumber::as_str).collect();
        assert_eq!(numbers, ["+12125550142", "+442079460958"]);
        let typed = Fields::default().and("number", "+12125550142").and("number", "212 555 0142").and("number", "911");
        let wrong: Vec<String> =
            Numbers.apply(&typed, &mut salon).unwrap_err().into_iter().map(|mistake| mistake.at).collect();
        assert_eq!(wrong, ["number_1", "number_2"]);
    }
}
