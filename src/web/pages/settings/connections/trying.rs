//! "Try it": what the calendar says about one day, and what Deskbell would offer a caller.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use futures_util::future::try_join_all;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Weekday},
};
use tokio::time::Instant;

use super::{asking, usable, words};
use crate::{
    domain::{
        business::{Business, Service},
        connection::{CalendarId, Connection, Whom},
        ids::BusinessId,
        slots::offer::Wish,
    },
    ports::{
        calendar::{Diary, Interval, Trouble},
        desk::Find,
        vendors::{Kind, Vendor},
    },
    web::{
        pages::{
            access::{Access, Owner},
            connect::place,
            fault::Fault,
            form::Fields,
            frame::{Frame, root, shown},
            say::Say,
            settings::frame,
        },
        state::AppState,
    },
};

/// Starts that are shown; the calendar's page has the rest.
const SHOWN: usize = 40;
/// A day has at most 288 starts.
const PER_DAY: usize = 300;

#[derive(Template)]
#[template(path = "pages/settings/try.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    path: String,
    label: String,
    account: String,
    /// What is asked for: the day and the service.
    on: String,
    day: String,
    services: Vec<(String, String, bool)>,
    /// Nothing: it has to be chosen or connected again first.
    says: Option<Says>,
    /// It would decide, and has not answered just now.
    silent: bool,
    offers: Offers,
    /// It decides now, so what it says counts; whatever else has to agree is here, too: "Google Calendar and Calendly".
    decides: Option<String>,
}

/// What the calendar says.
struct Says {
    scheduler: bool,
    times: Vec<Times>,
    /// Why there is no answer.
    trouble: Option<String>,
    took: String,
}

/// For everybody, or for some.
struct Times {
    /// "Anna and Ben"; nothing: whoever it concerns.
    whose: Option<String>,
    /// "9:00 am to 10:30 am", or starts.
    times: Vec<String>,
}

/// What a caller would be offered.
struct Offers {
    times: Vec<String>,
    more: usize,
    /// The desk did not answer.
    failed: bool,
    took: String,
}

pub(super) async fn show(
    State(state): State<AppState>,
    Owner(access): Owner,
    Path((_, id)): Path<(BusinessId, String)>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let (connection, vendor) = usable(&state, &access, &id).await?;
    let asked = Fields::parse(query.unwrap_or_default().as_bytes());
    let business = &access.business;
    let now = state.clock.now();
    let say = Say::of(business, now);
    let on = asked.text("on").parse::<Date>().ok();
    let on = on.filter(|on| within_a_year(say.today(), *on)).unwrap_or_else(|| next_tuesday(say.today()));
    let service = business
        .services
        .iter()
        .find(|service| service.id.to_string() == asked.text("service"))
        .or_else(|| business.services.first());
    let Some(range) = day_of(business, on) else { return Err(Fault::Bad("there is no such day")) };
    if connection.is_active() && !state.paces.tries(business.id) {
        return Err(Fault::TooMany);
    }
    let says = if connection.is_active() {
        Some(says(&state, (&connection, business), vendor, service, &say, range).await)
    } else {
        None
    };
    let offers = offers(&state, &access, service, &say, range).await;
    let decides = service.and_then(|service| deciding(&state, business, service, vendor));
    shown(&Page {
        frame: frame(&access, &headers, format!("Try {}", vendor.label)),
        tab: "integrations",
        path: place(&root(business), connection.id),
        label: vendor.label.to_owned(),
        account: connection.account.label.clone(),
        on: on.to_string(),
        day: say.day_of(on),
        services: business
            .services
            .iter()
            .map(|one| (one.id.to_string(), one.name.clone(), service.is_some_and(|service| service.id == one.id)))
            .collect(),
        silent: decides.is_some() && says.as_ref().is_some_and(|says| says.trouble.is_some()),
        says,
        offers,
        decides,
    })
}

/// The calendars that decide about a service, if this one is among them.
fn deciding(state: &AppState, business: &Business, service: &Service, vendor: &Vendor) -> Option<String> {
    let chain = state.providers.for_service(business, service.id);
    let names: Vec<_> = chain.iter().map(|provider| provider.name()).collect();
    words::together(&state.vendors, &names).filter(|_| names.contains(&vendor.name))
}

fn next_tuesday(today: Date) -> Date {
    today.nth_weekday(1, Weekday::Tuesday).unwrap_or(today)
}

/// Vendors are asked about no other days.
fn within_a_year(today: Date, on: Date) -> bool {
    let until = today.checked_add(1.year()).unwrap_or(today);
    (today..=until).contains(&on)
}

/// From the beginning of a day to its end, where the business is.
fn day_of(business: &Business, on: Date) -> Option<Interval> {
    let start = |date: Date| date.to_zoned(business.zone.tz().clone()).ok().map(|at| at.timestamp());
    Some(Interval { from: start(on)?, to: start(on.tomorrow().ok()?)? })
}

async fn says(
    state: &AppState,
    (connection, business): (&Connection, &Business),
    vendor: &Vendor,
    service: Option<&Service>,
    say: &Say,
    range: Interval,
) -> Says {
    let begun = Instant::now();
    let for_all = |times| vec![Times { whose: None, times }];
    let (scheduler, answer): (bool, Result<Vec<Times>, String>) = match &vendor.kind {
        Kind::Diary(diary) => {
            (false, told(busy(state, connection, business, diary.as_ref(), say, range).await, vendor))
        }
        Kind::Scheduler(scheduler) => match service.and_then(|service| connection.choice.kinds.get(&service.id)) {
            Some(kind) => {
                let free = asking::free(state, connection, scheduler.as_ref(), kind, not_past(state, range)).await;
                let times = |free: Vec<Timestamp>| for_all(free.into_iter().map(|start| say.time(start)).collect());
                (true, told(free, vendor).map(times))
            }
            None => (
                true,
                Err("Nothing stands for this service there. Choose something for it, or another service.".to_owned()),
            ),
        },
    };
    let took = millis(begun);
    match answer {
        Ok(times) => Says { scheduler, times, trouble: None, took },
        Err(trouble) => Says { scheduler, times: Vec::new(), trouble: Some(trouble), took },
    }
}

/// When everybody is busy, and when some are.
async fn busy(
    state: &AppState,
    connection: &Connection,
    business: &Business,
    diary: &dyn Diary,
    say: &Say,
    range: Interval,
) -> Result<Vec<Times>, Trouble> {
    let connection = connection.clone().of(business);
    let mut groups: Vec<(Whom, Vec<CalendarId>)> = vec![(Whom::All, Vec::new())];
    for (calendar, whom) in connection.blocking() {
        match groups.iter_mut().find(|(known, _)| *known == whom) {
            Some((_, calendars)) => calendars.push(calendar.clone()),
            None => groups.push((whom, vec![calendar.clone()])),
        }
    }
    // When nothing is everybody's, that is not said, unless there is nothing else to say.
    if groups.len() > 1 && groups[0].1.is_empty() {
        groups.remove(0);
    }
    let asking = groups.iter().map(|(_, calendars)| asking::busy(state, &connection, diary, calendars, range));
    let answers = try_join_all(asking).await?;
    let of = |((whom, _), busy): (&(Whom, Vec<CalendarId>), Vec<Interval>)| Times {
        whose: match whom {
            Whom::All => None,
            Whom::Members(members) => {
                let theirs = business.staff.iter().filter(|member| members.contains(&member.id));
                words::listed(&theirs.map(|member| member.name.as_str()).collect::<Vec<_>>())
            }
        },
        times: busy.iter().map(|busy| period(say, range, *busy)).collect(),
    };
    Ok(groups.iter().zip(answers).map(of).collect())
}

fn told<T>(answer: Result<T, Trouble>, vendor: &Vendor) -> Result<T, String> {
    answer.map_err(|trouble| asking::told(&trouble, vendor.label))
}

/// Schedulers refuse to be asked about what is past.
fn not_past(state: &AppState, range: Interval) -> Interval {
    Interval { from: range.from.max(state.clock.now()).min(range.to), to: range.to }
}

/// "9:00 am to 10:30 am"; what reaches beyond the day is the day's.
fn period(say: &Say, day: Interval, busy: Interval) -> String {
    match (busy.from <= day.from, busy.to >= day.to) {
        (true, true) => "All day".to_owned(),
        (true, false) => format!("Until {}", say.time(busy.to)),
        (false, true) => format!("From {} on", say.time(busy.from)),
        (false, false) => format!("{} to {}", say.time(busy.from), say.time(busy.to)),
    }
}

async fn offers(state: &AppState, access: &Access, service: Option<&Service>, say: &Say, range: Interval) -> Offers {
    let begun = Instant::now();
    let Some(service) = service else {
        return Offers { times: Vec::new(), more: 0, failed: false, took: millis(begun) };
    };
    let find = Find {
        business: Arc::new(access.business.clone()),
        service: service.id,
        staff: None,
        from: range.from.max(state.clock.now()).min(range.to),
        to: range.to,
        within: Vec::new(),
        wish: Wish::Soonest,
        count: PER_DAY,
        replacing: None,
    };
    let found = state.desk.find(find).await;
    let took = millis(begun);
    let starts: Vec<Timestamp> =
        found.as_ref().map(|slots| slots.iter().map(|slot| slot.starts).collect()).unwrap_or_default();
    let mut times: Vec<String> = starts.into_iter().map(|start| say.time(start)).collect();
    times.dedup();
    let more = times.len().saturating_sub(SHOWN);
    times.truncate(SHOWN);
    Offers { times, more, failed: found.is_err(), took }
}

/// "84 ms", "1.2 s".
fn millis(since: Instant) -> String {
    match since.elapsed().as_millis() {
        millis @ 0..1_000 => format!("{millis} ms"),
        millis => format!("{}.{} s", millis / 1_000, millis % 1_000 / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_tuesday_is_never_today() {
        let on = |text: &str| next_tuesday(text.parse().unwrap()).to_string();
        assert_eq!([on("2026-11-24"), on("2026-11-30"), on("2026-12-30")], ["2026-12-01", "2026-12-01", "2027-01-05"]);
        assert!(within_a_year("2026-11-24".parse().unwrap(), "2027-11-24".parse().unwrap()));
        assert!(!within_a_year("2026-11-24".parse().unwrap(), "2026-11-23".parse().unwrap()));
    }

    #[test]
    fn what_reaches_beyond_the_day_is_the_days() {
        let salon = crate::testing::salon();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let say = Say::of(&salon, at("2026-11-24T15:00:00Z"));
        let day = day_of(&salon, "2026-12-01".parse().unwrap()).unwrap();
        let told = |from: &str, to: &str| period(&say, day, Interval { from: at(from), to: at(to) });
        assert_eq!(told("2026-12-01T14:00:00Z", "2026-12-01T15:30:00Z"), "9:00 am to 10:30 am");
        assert_eq!(told("2026-11-30T14:00:00Z", "2026-12-01T15:30:00Z"), "Until 10:30 am");
        assert_eq!(told("2026-11-30T14:00:00Z", "2026-12-03T15:30:00Z"), "All day");
    }
}
