//! A business as the page shows it: in words, ready to be put on the screen.

use axum::{
    Json,
    extract::{Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use jiff::{ToSpan as _, Zoned, civil::Date, civil::Time};
use serde::Serialize;

use super::{Asked, NOT_FOUND, Sorry};
use crate::{
    domain::{
        business::{Business, OpenPeriod},
        ids::BusinessId,
        money::Money,
        time::speak,
    },
    web::{patience::in_time, state::AppState},
};

/// A number of the range that is kept free for films (North America), for callers who do not give theirs.
const DEMO_CALLER: &str = "+1 212 555 0187";
/// How far ahead the next opening is looked for, in days.
const LOOK_AHEAD: i64 = 14;

/// What the page starts with.
#[derive(Serialize)]
struct Profile {
    /// Why nobody can be called, when that is so.
    closed: Option<Closed>,
    business: Option<Shown>,
    /// The number in the field to begin with.
    caller: &'static str,
}

#[derive(Serialize)]
struct Closed {
    title: &'static str,
    text: &'static str,
}

const OFF: Closed = Closed {
    title: "Calls from the browser are off",
    text: "Whoever runs this server has not switched them on (DESKBELL_WEB_CALLS). The telephone is answered all the same.",
};
const NOBODY: Closed = Closed {
    title: "There is no business here yet",
    text: "Create one over the API, and its phone is answered from then on. `deskbell demo` starts with one to try.",
};
const SUSPENDED: Closed = Closed {
    title: "Not taking calls at the moment",
    text: "This business has switched its phone off. Please try again later.",
};

#[derive(Serialize)]
struct Shown {
    id: BusinessId,
    name: String,
    address: Option<String>,
    open: Open,
    services: Vec<Offer>,
    hours: Vec<Weekday>,
    /// Things to say that would work here.
    examples: Vec<String>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Open {
    now: bool,
    text: String,
}

#[derive(Serialize)]
struct Offer {
    name: String,
    length: String,
    price: Option<String>,
    staff: Vec<String>,
}

#[derive(Serialize)]
struct Weekday {
    day: String,
    hours: Vec<String>,
    today: bool,
}

/// The public profile of a business: the first one, or the one that is asked for.
pub(super) async fn show(State(state): State<AppState>, asked: Asked) -> Result<Response, Sorry> {
    let Query(which) = asked.map_err(|_| NOT_FOUND)?;
    let business = match which.business {
        Some(id) => state.businesses.get(id).await?.map(|found| found.as_ref().clone()),
        None => {
            in_time("reading the first business", state.store.businesses(None, 1)).await?.pop().map(|row| row.business)
        }
    };
    let closed = match &business {
        _ if !state.config.web_calls => Some(OFF),
        None => Some(NOBODY),
        Some(business) if business.suspended => Some(SUSPENDED),
        Some(_) => None,
    };
    // Whoever switched calls off did not ask to be shown either.
    let business = business.filter(|_| state.config.web_calls);
    let shown = business.map(|business| {
        let now = state.clock.now().to_zoned(business.zone.tz().clone());
        shown(&business, &now)
    });
    let profile = Profile { closed, business: shown, caller: DEMO_CALLER };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(profile)).into_response())
}

fn shown(business: &Business, now: &Zoned) -> Shown {
    let services = business.services.iter().map(|service| Offer {
        name: service.name.clone(),
        length: speak::minutes(service.minutes),
        price: service.price.map(price),
        staff: business.offering(service).map(|member| member.name.clone()).collect(),
    });
    Shown {
        id: business.id,
        name: business.name.clone(),
        address: business.address.clone(),
        open: open(business, now),
        services: services.collect(),
        hours: week(business, now.date()),
        examples: examples(business, now),
    }
}

/// As on a price list: "$45", "12.50 CHF".
pub(super) fn price(money: Money) -> String {
    let written = money.to_string();
    let (amount, currency) = written.split_once(' ').unwrap_or((&written, ""));
    let amount = amount.strip_suffix(".00").unwrap_or(amount);
    match currency {
        "USD" => format!("${amount}"),
        "EUR" => format!("€{amount}"),
        "GBP" => format!("£{amount}"),
        _ => format!("{amount} {currency}"),
    }
}

/// The time of day as it is written in a country: "3 PM", "3:30 PM", "15:30".
pub(super) fn clock(time: Time, country: &str) -> String {
    // Where the twelve-hour clock is usual in writing (Unicode CLDR, timeData).
    let twelve = matches!(country, "US" | "CA" | "AU" | "NZ" | "IN" | "PH" | "PK" | "EG" | "SA" | "CO" | "MX");
    let format = match (twelve, time.minute()) {
        (true, 0) => "%-I %p",
        (true, _) => "%-I:%M %p",
        (false, _) => "%H:%M",
    };
    time.strftime(format).to_string()
}

/// This week, from Monday, as it really is: with its holidays.
fn week(business: &Business, today: Date) -> Vec<Weekday> {
    let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
    let days = (0..7_i64).map(|n| monday.saturating_add(n.days()));
    days.map(|date| {
        let open = business.open_on(date).iter();
        let mut hours: Vec<_> = open.map(|period| written(*period, &business.country)).collect();
        if hours.is_empty() {
            hours.push("Closed".to_owned());
        }
        Weekday { day: date.strftime("%A").to_string(), hours, today: date == today }
    })
    .collect()
}

fn written(period: OpenPeriod, country: &str) -> String {
    if period.from == period.to && period.from == Time::midnight() {
        return "All day".to_owned();
    }
    format!("{} – {}", clock(period.from, country), clock(period.to, country))
}

/// Whether it is open, until when, or when it opens next.
fn open(business: &Business, now: &Zoned) -> Open {
    let (date, time) = (now.date(), now.time());
    let yesterday = date.saturating_sub(1.days());
    let left_over = business.open_on(yesterday).iter().find(|period| period.overnight() && time < period.to);
    let today = business.open_on(date).iter().find(|p| p.from <= time && (p.overnight() || time < p.to));
    if let Some(period) = left_over.or(today) {
        return Open { now: true, text: format!("Open now, until {}", clock(period.to, &business.country)) };
    }
    let next = (0..LOOK_AHEAD).find_map(|n| {
        let day = date.saturating_add(n.days());
        let opens = business.open_on(day).iter().find(|period| n > 0 || period.from > time)?;
        let at = clock(opens.from, &business.country);
        Some(match n {
            0 => format!("Closed now, opens at {at}"),
            1 => format!("Closed now, opens tomorrow at {at}"),
            2..=6 => format!("Closed now, opens {} at {at}", day.strftime("%A")),
            _ => format!("Closed now, opens {} at {at}", day.strftime("%B %-d")),
        })
    });
    Open { now: false, text: next.unwrap_or_else(|| "Closed".to_owned()) }
}

/// Things that a caller of this very business could say.
pub(in crate::web) fn examples(business: &Business, now: &Zoned) -> Vec<String> {
    let Some(service) = business.services.first() else { return Vec::new() };
    let with = business.offering(service).next().map_or_else(String::new, |member| format!(" with {}", member.name));
    let days = (3..10_i64).map(|n| now.date().saturating_add(n.days()));
    let open = days.into_iter().find(|date| {
        let three = jiff::civil::time(15, 0, 0, 0);
        business.open_on(*date).iter().any(|period| period.from <= three && three < period.to)
    });
    let day = open.map_or_else(|| "tomorrow".to_owned(), |date| format!("on {}", date.strftime("%A")));
    let mut examples = vec![
        format!("{}{with} {day} at three, I’m Anna Kovacs", service.name),
        "When is my appointment?".to_owned(),
        "Anything later?".to_owned(),
    ];
    if let Some(priced) = business.services.iter().rev().find(|service| service.price.is_some()) {
        examples.push(format!("How much is a {}?", priced.name.to_lowercase()));
    }
    examples
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::testing::salon;

    fn at(day: Date, hour: i8, minute: i8) -> Open {
        let salon = salon();
        let now = day.at(hour, minute, 0, 0).to_zoned(salon.zone.tz().clone()).unwrap();
        open(&salon, &now)
    }

    #[test]
    fn the_door_sign_says_when_it_opens_next() {
        let friday = date(2026, 11, 20);
        assert_eq!(at(friday, 11, 0), Open { now: true, text: "Open now, until 12:30 PM".into() });
        assert_eq!(at(friday, 12, 45), Open { now: false, text: "Closed now, opens at 1:30 PM".into() });
        assert_eq!(at(friday, 21, 0).text, "Closed now, opens tomorrow at 9 AM");
        assert_eq!(at(date(2026, 11, 21), 16, 0).text, "Closed now, opens Monday at 1 PM");
        assert_eq!(at(date(2026, 12, 24), 10, 0).text, "Closed now, opens Monday at 1 PM", "Christmas and a Sunday");
    }

    #[test]
    fn a_bar_is_still_open_after_midnight() {
        let mut bar = salon();
        let night = OpenPeriod { from: jiff::civil::time(22, 0, 0, 0), to: jiff::civil::time(2, 0, 0, 0) };
        bar.hours.friday = vec![night];
        let now = date(2026, 11, 21).at(1, 30, 0, 0).to_zoned(bar.zone.tz().clone()).unwrap();
        assert_eq!(open(&bar, &now), Open { now: true, text: "Open now, until 2 AM".into() });
    }

    #[test]
    fn prices_and_times_are_written_as_on_a_sign() {
        let salon = salon();
        assert_eq!(price(salon.services[0].price.unwrap()), "$45");
        assert_eq!(price(Money::new(1250, "CHF".parse().unwrap())), "12.50 CHF");
        assert_eq!(clock(jiff::civil::time(15, 30, 0, 0), "US"), "3:30 PM");
        assert_eq!(clock(jiff::civil::time(15, 0, 0, 0), "DE"), "15:00");
    }

    #[test]
    fn the_examples_are_about_this_business() {
        let salon = salon();
        let now = date(2026, 11, 20).at(10, 0, 0, 0).to_zoned(salon.zone.tz().clone()).unwrap();
        let examples = examples(&salon, &now);
        assert_eq!(examples[0], "Haircut with Maria on Monday at three, I’m Anna Kovacs");
        assert_eq!(examples.last().unwrap(), "How much is a beard trim?");
    }
}
