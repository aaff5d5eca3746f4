//! The page of the calendar.

use std::fmt::Write as _;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use jiff::{Timestamp, civil::Date};

use super::{
    ask::{Asked, View},
    axis::Day,
    grid::{Grid, Head, Share},
    items::{Item, Seen},
    rota::{RotaDay, Scale, short_name},
    words::Words,
};
use crate::{
    domain::{
        business::Business,
        ids::StaffId,
        slots::{self},
    },
    web::{
        pages::{
            access::{Access, Staff},
            fault::Fault,
            frame::{Frame, Here, shown},
        },
        patience::in_time,
        state::AppState,
    },
};

#[derive(Template)]
#[template(path = "pages/calendar/calendar.html")]
struct CalendarPage {
    frame: Frame,
    heading: String,
    view: &'static str,
    back: String,
    next: String,
    today: String,
    day: String,
    week: String,
    new: String,
    block: String,
    /// Whose calendar: (address, name, chosen).
    whose: Vec<(String, String, bool)>,
    /// The days of the week, for a phone: (address, "T", "26", chosen, today).
    days: Vec<DayLink>,
    /// Minutes between the starts that callers are offered.
    step: u16,
    empty: bool,
    /// Of the week of everybody, its heading included.
    rota_rows: usize,
    /// "shut-7": days that nobody works on are narrow.
    shut: String,
    shown: Shown,
}

struct DayLink {
    href: String,
    letter: String,
    number: i8,
    chosen: bool,
    today: bool,
}

enum Shown {
    Grid(Grid),
    Rota(Vec<RotaDay>),
}

/// Somebody's time in these days.
struct Row {
    staff: Option<StaffId>,
    name: String,
    open: Vec<(Timestamp, Timestamp)>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    Staff(access): Staff,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let business = &access.business;
    let (words, now) = (Words::of(business), state.clock.now());
    let asked = Asked::read(query.as_deref(), business, words.date_of(now));
    let dates = asked.dates();
    let days: Vec<Day> = dates.iter().filter_map(|date| Day::of(*date, words.zone())).collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Err(Fault::NotFound) };
    let range = (first.begins, last.ends);
    let kept = in_time("reading the calendar", state.store.agenda(business.id, range, now)).await?;
    let blocks = in_time("reading the calendar", state.store.blocks(business.id, range)).await?;
    let items = Seen { business, words: &words, now }.items(&kept, &blocks);
    let rows = rows(business, &asked, &items, range);
    let page = Page { access: &access, asked, words: &words, now, days: &days, items: &items };
    shown(&page.made(&headers, &rows))
}

/// Whoever is shown: all of the staff, or one of them; and who has left but is still expected.
fn rows(business: &Business, asked: &Asked, items: &[Item], (from, to): (Timestamp, Timestamp)) -> Vec<Row> {
    let working = slots::working(business, from, to);
    let of = |(staff, open): (StaffId, _)| {
        let name = business.member(staff).map_or("", |member| &member.name).to_owned();
        Row { staff: Some(staff), name, open }
    };
    let mut rows: Vec<Row> = working.into_iter().map(of).collect();
    rows.retain(|row| asked.staff.is_none() || asked.staff == row.staff);
    let stranger = |item: &&Item| item.staff.is_some_and(|staff| business.member(staff).is_none());
    if asked.staff.is_none() && items.iter().any(|item| stranger(&item)) {
        rows.push(Row { staff: None, name: "No longer here".to_owned(), open: Vec::new() });
    }
    rows
}

struct Page<'a> {
    access: &'a Access,
    asked: Asked,
    words: &'a Words,
    now: Timestamp,
    days: &'a [Day],
    items: &'a [Item],
}

impl Page<'_> {
    fn made(&self, headers: &HeaderMap, rows: &[Row]) -> CalendarPage {
        let (business, asked, words) = (&self.access.business, self.asked, self.words);
        let today = words.date_of(self.now);
        let heading = match asked.view {
            View::Day => format!("{}, {}", words.long(asked.on), asked.on.year()),
            View::Week => words.range(self.days[0].date, self.days[self.days.len() - 1].date),
        };
        let mut frame = Frame::of(self.access, headers, Here::Calendar, "Calendar");
        frame.title = format!("Calendar, {heading}");
        let aside = |name: &str| format!("{}/calendar/{name}?on={}", frame.root, asked.on.max(today));
        let mut whose = vec![(asked.with(None).path(business), "Everybody".to_owned(), asked.staff.is_none())];
        whose.extend(business.staff.iter().map(|member| {
            (asked.with(Some(member.id)).path(business), member.name.clone(), asked.staff == Some(member.id))
        }));
        let days = self.days.iter().map(|day| DayLink {
            href: asked.at(day.date).path(business),
            letter: day.date.strftime("%a").to_string(),
            number: day.date.day(),
            chosen: day.date == asked.on,
            today: day.date == today,
        });
        CalendarPage {
            heading,
            view: asked.view.as_str(),
            back: asked.turned(-1).path(business),
            next: asked.turned(1).path(business),
            today: asked.at(today).path(business),
            day: asked.as_view(View::Day).path(business),
            week: asked.as_view(View::Week).path(business),
            new: aside("new"),
            block: aside("block"),
            whose: if business.staff.len() > 1 { whose } else { Vec::new() },
            days: if asked.view == View::Week { days.collect() } else { Vec::new() },
            step: business.rules.grid_minutes,
            empty: self.items.is_empty(),
            rota_rows: rows.len() + 1,
            shut: self.shut(rows),
            shown: self.shown(rows, today),
            frame,
        }
    }

    fn shut(&self, rows: &[Row]) -> String {
        let mut shut = String::new();
        for (n, day) in self.days.iter().enumerate() {
            let touches = |(from, to): (Timestamp, Timestamp)| from < day.ends && to > day.begins;
            let open = rows.iter().flat_map(|row| &row.open).any(|time| touches(*time));
            if !open && !self.items.iter().any(|item| touches(item.time_of)) {
                let _ = write!(shut, " shut-{}", n + 1);
            }
        }
        shut
    }

    fn shown(&self, rows: &[Row], today: Date) -> Shown {
        let (business, asked) = (&self.access.business, self.asked);
        let head = |day: &Day| Head {
            name: short_name(day.date),
            href: asked.as_view(View::Day).at(day.date).path(business),
            today: day.date == today,
            chosen: day.date == asked.on,
        };
        if asked.view == View::Week && rows.len() > 1 {
            let open: Vec<&[_]> = rows.iter().map(|row| row.open.as_slice()).collect();
            let scale = Scale::over(self.days, &open, self.now);
            let cells = |day| rows.iter().map(|row| (self.share(day, row), row.name.clone())).collect();
            return Shown::Rota(self.days.iter().map(|day| RotaDay::new(day, head(day), cells(day), &scale)).collect());
        }
        let mut columns = Vec::new();
        for day in self.days {
            for row in rows {
                let mut head = head(day);
                if asked.view == View::Day {
                    head.name.clone_from(&row.name);
                    head.href = asked.with(row.staff).as_view(View::Week).path(business);
                }
                columns.push((self.share(day, row), head));
            }
        }
        Shown::Grid(Grid::new(self.days, columns, self.words, self.now))
    }

    fn share<'a>(&'a self, day: &'a Day, row: &'a Row) -> Share<'a> {
        let business = &self.access.business;
        let theirs = |item: &&Item| match (item.staff, row.staff) {
            (Some(one), Some(other)) => one == other,
            (Some(one), None) => business.member(one).is_none(),
            (None, _) => true,
        };
        let today = |item: &&Item| item.time_of.0 < day.ends && item.time_of.1 > day.begins;
        Share {
            day,
            staff: row.staff,
            open: &row.open,
            items: self.items.iter().filter(today).filter(theirs).collect(),
        }
    }
}
