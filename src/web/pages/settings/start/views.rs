//! What the pages of the guided path show.

use askama::Template;
use axum::{http::HeaderMap, response::Response};

use super::{path_of, rows, services, staff};
use crate::{
    domain::{
        business::Business,
        countries::Country,
        setup::{self, State, Step},
        trades::{Piece, Trade},
    },
    web::pages::{
        access::Access,
        fault::Fault,
        form::Form,
        frame::{Frame, shown, shown_as},
        settings::{
            business::{countries, zones},
            frame,
            integrations::Offer,
            week::{self, DayView},
        },
    },
};

/// Where on the path one is.
struct Guide {
    steps: Vec<StepView>,
    /// From 1.
    n: usize,
    of: usize,
    done: usize,
    action: String,
    back: Option<String>,
}

struct StepView {
    label: &'static str,
    path: String,
    done: bool,
    put_off: bool,
    here: bool,
}

fn label(step: Step) -> &'static str {
    match step {
        Step::Business => "Your business",
        Step::Zone => "Time zone",
        Step::Trade => "A head start",
        Step::Hours => "Opening hours",
        Step::Services => "Services",
        Step::Staff => "Staff",
        Step::Number => "Phone number",
        Step::Calendar => "Calendar",
        Step::Call => "First test call",
    }
}

fn guide(business: &Business, called: bool, here: Option<Step>) -> Guide {
    let view = |step: Step| {
        let state = setup::state(business, called, step);
        StepView {
            label: label(step),
            path: path_of(business, Some(step)),
            done: state == State::Done,
            put_off: state == State::PutOff,
            here: here == Some(step),
        }
    };
    let place = Step::ALL.into_iter().position(|step| Some(step) == here).unwrap_or_default();
    let before = place.checked_sub(1).map(|n| Step::ALL[n]);
    Guide {
        steps: Step::ALL.into_iter().map(view).collect(),
        n: place + 1,
        of: Step::ALL.len(),
        done: setup::progress(business, called).done,
        action: path_of(business, here),
        back: before.map(|step| path_of(business, Some(step))),
    }
}

#[derive(Template)]
#[template(path = "pages/settings/start.html")]
struct Landing {
    frame: Frame,
    guide: Guide,
    /// Where to go on; nothing: all is done.
    next: Option<String>,
    begun: bool,
}

pub(super) fn landing(access: &Access, headers: &HeaderMap, called: bool) -> Result<Response, Fault> {
    let business = &access.business;
    let next = setup::progress(business, called).next;
    let title = if next.is_some() { "Let’s set up your phone" } else { "You are set up" };
    shown(&Landing {
        frame: frame(access, headers, title),
        guide: guide(business, called, None),
        next: next.map(|step| path_of(business, Some(step))),
        begun: !business.setup.passed.is_empty(),
    })
}

#[derive(Template)]
#[template(path = "pages/settings/start_business.html")]
struct OfBusiness {
    frame: Frame,
    guide: Guide,
    form: Form,
    countries: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "pages/settings/start_zone.html")]
struct OfZone {
    frame: Frame,
    guide: Guide,
    form: Form,
    zones: Vec<String>,
    usual: Option<&'static str>,
    country: &'static str,
    moving: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/settings/start_trade.html")]
struct OfTrade {
    frame: Frame,
    guide: Guide,
    trades: Vec<(&'static str, &'static str, bool)>,
    chosen: Option<Chosen>,
}

/// A kind of business as it would be taken over.
struct Chosen {
    key: &'static str,
    name: &'static str,
    services: Vec<(String, String)>,
    hours: Vec<(&'static str, String)>,
    staff: String,
    facts: Vec<(String, String)>,
    pieces: Vec<PieceView>,
}

struct PieceView {
    name: &'static str,
    label: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "pages/settings/start_hours.html")]
struct OfHours {
    frame: Frame,
    guide: Guide,
    form: Form,
    days: Vec<DayView>,
}

/// A row of a list that is typed.
struct Row {
    n: usize,
    cells: Vec<String>,
    wrong: Option<String>,
    fresh: bool,
}

#[derive(Template)]
#[template(path = "pages/settings/start_services.html")]
struct OfServices {
    frame: Frame,
    guide: Guide,
    form: Form,
    rows: Vec<Row>,
    currency: String,
    theirs: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/settings/start_staff.html")]
struct OfStaff {
    frame: Frame,
    guide: Guide,
    form: Form,
    rows: Vec<Row>,
    theirs: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/settings/start_number.html")]
struct OfNumber {
    frame: Frame,
    guide: Guide,
    form: Form,
}

#[derive(Template)]
#[template(path = "pages/settings/start_calendar.html")]
struct OfCalendar {
    frame: Frame,
    guide: Guide,
    native: bool,
    /// What can be connected here.
    offers: Vec<Offer>,
}

#[derive(Template)]
#[template(path = "pages/settings/start_call.html")]
struct OfCall {
    frame: Frame,
    guide: Guide,
    called: bool,
    /// Nothing can be booked yet.
    missing: bool,
}

/// What steps show beside their form.
pub(super) struct Beside {
    pub(super) called: bool,
    /// What a new time zone would move.
    pub(super) moving: Option<String>,
    /// The calendars that can be connected.
    pub(super) offers: Vec<Offer>,
}

pub(super) fn step(
    access: &Access,
    headers: &HeaderMap,
    step: Step,
    form: Form,
    Beside { called, moving, offers }: Beside,
) -> Result<Response, Fault> {
    let business = &access.business;
    let (frame, guide) = (frame(access, headers, label(step)), guide(business, called, Some(step)));
    let status = form.status();
    match step {
        Step::Business => shown_as(status, &OfBusiness { frame, guide, countries: countries(), form }),
        Step::Zone => {
            let country = Country::of(&business.country);
            shown_as(
                status,
                &OfZone {
                    frame,
                    guide,
                    zones: zones(),
                    usual: country.map(|country| country.zone).filter(|zone| *zone != form.value("zone")),
                    country: country.map_or("your country", |country| country.name),
                    moving,
                    form,
                },
            )
        }
        Step::Trade => shown_as(status, &trade(access, frame, guide, form.value("trade"))),
        Step::Hours => shown_as(status, &OfHours { frame, guide, days: week::view_week(&form), form }),
        Step::Services => {
            let currency = Country::of(&business.country).and_then(Country::currency);
            let page = OfServices {
                frame,
                guide,
                rows: rows_of(&form, &services::COLUMNS),
                currency: currency.map(|currency| currency.code().to_owned()).unwrap_or_default(),
                theirs: theirs(&form, &services::COLUMNS),
                form,
            };
            shown_as(status, &page)
        }
        Step::Staff => {
            let (rows, theirs) = (rows_of(&form, &staff::COLUMNS), theirs(&form, &staff::COLUMNS));
            shown_as(status, &OfStaff { frame, guide, form, rows, theirs })
        }
        Step::Number => shown_as(status, &OfNumber { frame, guide, form }),
        Step::Calendar => {
            let native = business.ai_config.integrations.provider == "native";
            let offers = offers.into_iter().filter(|offer| offer.path.is_some()).collect();
            shown_as(status, &OfCalendar { frame, guide, native, offers })
        }
        Step::Call => {
            let offered = business.services.iter().any(|service| business.offering(service).next().is_some());
            let missing = !offered || !business.hours.is_open();
            shown_as(status, &OfCall { frame, guide, called, missing })
        }
    }
}

fn rows_of(form: &Form, columns: &[&str]) -> Vec<Row> {
    let all = rows::read(&form.fields, columns);
    let last = all.len().saturating_sub(1);
    let added = form.fields.is_on("added");
    let row = |(n, cells): (usize, Vec<String>)| Row {
        n,
        cells,
        wrong: form.wrong(&format!("row{n}")).map(str::to_owned),
        fresh: added && n == last,
    };
    all.into_iter().enumerate().map(row).collect()
}

/// The rows as somebody else saved them, in a line each.
fn theirs(form: &Form, columns: &[&str]) -> Vec<String> {
    let Some(theirs) = &form.theirs else { return Vec::new() };
    let told =
        |row: Vec<String>| row.into_iter().skip(1).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(", ");
    rows::read(theirs, columns).into_iter().map(told).collect()
}

fn trade(access: &Access, frame: Frame, guide: Guide, key: &str) -> OfTrade {
    let business = &access.business;
    let trades = Trade::all().iter().map(|trade| (trade.key, trade.name.as_str(), trade.key == key)).collect();
    OfTrade { frame, guide, trades, chosen: Trade::of(key).map(|trade| chosen(trade, business)) }
}

fn chosen(trade: &'static Trade, business: &Business) -> Chosen {
    let comma = Country::of(&business.country).is_some_and(|country| country.decimal_comma);
    let service = |offer: &crate::domain::trades::Offer| {
        let price = Trade::price(offer, &business.country);
        let price = price.map(|price| format!(", {} {}", price.typed(comma), price.currency.code()));
        (offer.name.clone(), format!("{} min{}", offer.minutes, price.unwrap_or_default()))
    };
    let piece = |piece: Piece| {
        let empty = piece.is_empty_in(business);
        let label = match (piece, empty) {
            (Piece::Hours, true) => "Opening hours",
            (Piece::Hours, false) => "Opening hours: replaces yours",
            (Piece::Services, true) => "Services and staff",
            (Piece::Services, false) => "Services: adds those you do not have",
            (Piece::Facts, true) => "Answers to usual questions",
            (Piece::Facts, false) => "Answers to usual questions: adds them to yours",
            (Piece::Manner, true) => "How it sounds, and booking rules",
            (Piece::Manner, false) => "How it sounds, and booking rules: replaces yours",
        };
        PieceView { name: piece.name(), label: label.to_owned(), on: empty }
    };
    let fact = |fact: &crate::domain::business::Fact| (fact.about.join(", "), fact.answer.clone());
    Chosen {
        key: trade.key,
        name: &trade.name,
        services: trade.services.iter().map(service).collect(),
        hours: week::DAYS.iter().map(|(day, _, label)| (*label, week::told_all(trade.hours.on(*day)))).collect(),
        staff: trade.staff.join(", "),
        facts: trade.facts.iter().map(fact).collect(),
        pieces: Piece::ALL.into_iter().map(piece).collect(),
    }
}
