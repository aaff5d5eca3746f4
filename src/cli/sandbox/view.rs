//! What the sandbox's page shows.

use askama::Template;
use jiff::{Timestamp, tz::TimeZone};

use super::stand::{self, Stand, Weather};
use crate::testing::calendar::Asked;

/// Requests that are shown, the newest ones.
const REQUESTS: usize = 25;

#[derive(Template)]
#[template(path = "sandbox.html")]
pub(super) struct Sheet {
    /// Deskbell's own page.
    pub(super) desk: String,
    pub(super) zone: String,
    pub(super) tabs: Vec<Tab>,
    /// The vendor that is looked at; nothing: all of them, in short.
    pub(super) vendor: Option<Vendor>,
    /// Why something was not done.
    pub(super) sorry: Option<&'static str>,
}

pub(super) struct Tab {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) here: bool,
    pub(super) weather: &'static str,
    pub(super) well: bool,
    pub(super) requests: usize,
    pub(super) ours: usize,
}

pub(super) struct Vendor {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) noun: &'static str,
    pub(super) how: Vec<(&'static str, String)>,
    pub(super) weather: &'static str,
    pub(super) well: bool,
    pub(super) orders: Vec<Order>,
    pub(super) accounts: Vec<Account>,
    pub(super) requests: Vec<Request>,
    /// When a new event is proposed to begin, as the field wants it.
    pub(super) proposal: String,
}

pub(super) struct Order {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) on: bool,
}

pub(super) struct Account {
    pub(super) subject: String,
    pub(super) label: String,
    pub(super) shelves: Vec<Shelf>,
}

pub(super) struct Shelf {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) note: String,
    pub(super) lines: Vec<Line>,
}

pub(super) struct Line {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) when: String,
    /// As the field wants it.
    pub(super) start: String,
    pub(super) minutes: i64,
    pub(super) shown: String,
    pub(super) ours: bool,
    pub(super) note: String,
    pub(super) stands: bool,
    pub(super) moves: bool,
}

pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) status: String,
    pub(super) good: bool,
}

pub(super) fn tab(stand: &dyn Stand, weather: Weather, here: bool) -> Tab {
    let shelves = stand.accounts().into_iter().flat_map(|account| account.shelves);
    Tab {
        name: stand.name(),
        label: stand.label(),
        here,
        weather: weather.told(),
        well: weather == Weather::Well,
        requests: stand.kit().asked().len(),
        ours: shelves.flat_map(|shelf| shelf.lines).filter(|line| line.ours && line.stands).count(),
    }
}

pub(super) fn vendor(stand: &dyn Stand, weather: Weather, zone: &TimeZone, now: Timestamp) -> Vendor {
    let order = |one: Weather| Order { name: one.name(), label: one.order(), on: one == weather };
    let tomorrow = now.to_zoned(zone.clone()).date().tomorrow().map(|day| day.at(10, 0, 0, 0));
    Vendor {
        name: stand.name(),
        label: stand.label(),
        noun: stand.noun(),
        how: stand.how(),
        weather: weather.told(),
        well: weather == Weather::Well,
        orders: Weather::ALL.into_iter().map(order).collect(),
        accounts: stand.accounts().into_iter().map(|one| account(one, zone)).collect(),
        requests: stand.kit().asked().iter().rev().take(REQUESTS).map(request).collect(),
        proposal: tomorrow.map(|at| at.strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default(),
    }
}

fn account(account: stand::Account, zone: &TimeZone) -> Account {
    let shelf = |shelf: stand::Shelf| Shelf {
        id: shelf.id,
        name: shelf.name,
        note: shelf.note,
        lines: shelf.lines.into_iter().map(|one| line(one, zone)).collect(),
    };
    Account {
        subject: account.subject,
        label: account.label,
        shelves: account.shelves.into_iter().map(shelf).collect(),
    }
}

fn line(line: stand::Line, zone: &TimeZone) -> Line {
    let (from, to) = (line.from.to_zoned(zone.clone()), line.to.to_zoned(zone.clone()));
    let when = if line.all_day {
        format!("{}, all day", from.strftime("%a %-d %b"))
    } else if from.date() == to.date() {
        format!("{}–{}", from.strftime("%a %-d %b %H:%M"), to.strftime("%H:%M"))
    } else {
        format!("{} – {}", from.strftime("%a %-d %b %H:%M"), to.strftime("%a %-d %b %H:%M"))
    };
    Line {
        id: line.id,
        title: line.title,
        when,
        start: from.strftime("%Y-%m-%dT%H:%M").to_string(),
        minutes: line.from.duration_until(line.to).as_mins(),
        shown: line.shown,
        ours: line.ours,
        note: line.note,
        moves: line.stands && !line.all_day,
        stands: line.stands,
    }
}

fn request(asked: &Asked) -> Request {
    Request {
        method: asked.method.clone(),
        path: asked.path.clone(),
        status: asked.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string()),
        good: asked.status.is_some_and(|status| status < 400),
    }
}
