//! Numbers, as the page words them.

use super::{
    super::{
        access::Access,
        say::{Say, counted, length, number},
    },
    Read,
};
use crate::domain::{
    business::Business,
    ids::{ServiceId, StaffId},
    insights::{Bucket, Change, Fate, Insights, Period, Spread, Step, Texts},
    report::Micros,
    time::speak::WEEKDAYS,
};

/// Everything on the page.
pub(super) struct View {
    /// "Oct 28 to Nov 26, compared with Sep 28 to Oct 27".
    pub(super) days: String,
    pub(super) before: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) tiles: Vec<Tile>,
    /// What each bar of the charts stands for: "day", "week", "month".
    pub(super) step: &'static str,
    pub(super) rows: Vec<Row>,
    /// Whether there is anything to draw in the chart of the first words.
    pub(super) spoke: bool,
    pub(super) fates: Vec<Share>,
    pub(super) services: Vec<Share>,
    pub(super) staff: Vec<Share>,
    pub(super) hours: Vec<Hour>,
    /// "Tuesdays at 10 am, with 12 calls".
    pub(super) busiest: Option<String>,
    pub(super) to_book: Option<ToBook>,
    pub(super) texts: Texts,
    pub(super) bookings: String,
    /// Nothing happened in these days at all.
    pub(super) empty: bool,
}

/// One number that matters.
pub(super) struct Tile {
    pub(super) label: &'static str,
    pub(super) value: String,
    pub(super) change: String,
    /// "up", "down", "same": for an arrow, not for praise.
    pub(super) way: &'static str,
    pub(super) hint: String,
}

/// One bar of a chart, and one row of its table.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) short: String,
    pub(super) calls: u32,
    pub(super) booked: u32,
    pub(super) not_booked: u32,
    pub(super) unanswered: u32,
    pub(super) saved: String,
    pub(super) cost: String,
    pub(super) word: Option<(String, String)>,
}

/// A part of a whole.
pub(super) struct Share {
    pub(super) label: String,
    pub(super) count: u32,
    /// Of all, rounded: 0 to 100.
    pub(super) percent: u32,
    /// Of the longest, in tenths of a percent, for a bar.
    pub(super) width: String,
}

/// One hour of the day, over the week.
pub(super) struct Hour {
    pub(super) label: String,
    pub(super) days: Vec<Cell>,
}

pub(super) struct Cell {
    pub(super) count: u32,
    /// 0: none, to 5: the busiest.
    pub(super) heat: u32,
}

pub(super) struct ToBook {
    pub(super) median: String,
    pub(super) p90: String,
    pub(super) sentences: Option<(u32, u32)>,
}

impl View {
    pub(super) fn of(access: &Access, say: &Say, read: &Read) -> Self {
        let Read { now, before } = read;
        let business = &access.business;
        Self {
            days: days(say, now.period),
            before: days(say, before.period),
            from: now.period.first().to_string(),
            to: now.period.last().to_string(),
            tiles: tiles(now, before),
            step: match now.period.step() {
                Step::Day => "day",
                Step::Week => "week",
                Step::Month => "month",
            },
            rows: rows(say, now),
            spoke: now.first_word.is_some(),
            fates: fates(now),
            services: shares(now.bookings.by_service.iter().map(|(id, n)| (service(business, *id).to_owned(), *n))),
            staff: shares(now.bookings.by_staff.iter().map(|(id, n)| (member(business, *id).to_owned(), *n))),
            hours: hours(say, now),
            busiest: busiest(say, now),
            to_book: now.time_to_book.map(|time| ToBook {
                median: length(u64::from(time.median)),
                p90: length(u64::from(time.p90)),
                sentences: now.sentences.map(|said| (said.median, said.p90)),
            }),
            texts: now.texts,
            bookings: bookings(now),
            empty: now.sum.calls == 0 && now.bookings.made == 0,
        }
    }
}

/// A service by its name, also one that is no longer offered.
pub(in crate::web::pages) fn service(business: &Business, id: ServiceId) -> &str {
    business.service(id).map_or("A service that was removed", |service| &service.name)
}

pub(in crate::web::pages) fn member(business: &Business, id: StaffId) -> &str {
    business.member(id).map_or("Somebody who has left", |member| &member.name)
}

/// "Nov 1 to Nov 30", or one day.
fn days(say: &Say, period: Period) -> String {
    let (first, last) = (say.short_date(period.first()), say.short_date(period.last()));
    if period.count() == 1 { first } else { format!("{first} to {last}") }
}

fn tiles(now: &Insights, before: &Insights) -> Vec<Tile> {
    let (sum, earlier) = (&now.sum, &before.sum);
    let percent = |part: u32, whole: u32| (whole > 0).then(|| (part * 100 + whole / 2) / whole);
    let share = |part: u32, whole: u32| percent(part, whole).map_or("–".to_owned(), |percent| format!("{percent}%"));
    let word = |spread: Option<Spread>| spread.map_or("–".to_owned(), |spread| seconds(spread.median));
    let minutes = |seconds: u64| number((seconds + 30) / 60);
    let count = |label, value: u32, before: u32, hint: String| Tile {
        label,
        value: number(value),
        change: told(Change::between(u64::from(before), u64::from(value)), &number(before)),
        way: way(u64::from(before), u64::from(value)),
        hint,
    };
    vec![
        count("Calls", sum.calls, earlier.calls, String::new()),
        Tile {
            label: "Answered",
            value: share(sum.answered, sum.calls),
            change: format!("{} before", share(earlier.answered, earlier.calls)),
            way: "same",
            hint: format!("{} not answered", counted(sum.unanswered(), "call was", "calls were")),
        },
        count(
            "Calls that booked",
            sum.booked,
            earlier.booked,
            format!("{} of those that were answered", share(sum.booked, sum.answered)),
        ),
        Tile {
            label: "Minutes saved",
            value: minutes(sum.saved),
            change: told(Change::between(earlier.saved, sum.saved), &minutes(earlier.saved)),
            way: way(earlier.saved, sum.saved),
            hint: "From the answer to the end of each call that no person had to take.".to_owned(),
        },
        Tile {
            label: "Time to the first word",
            value: word(now.first_word),
            change: format!("{} before", word(before.first_word)),
            way: "same",
            hint: match now.first_word {
                Some(spread) => {
                    format!("Nine of ten calls: {} or less. Half of a call's turns are faster.", seconds(spread.p90))
                }
                None => "Measured on calls that a model talks on.".to_owned(),
            },
        },
        Tile {
            label: "Cost of models",
            value: money(sum.cost),
            change: told(Change::between(earlier.cost.0, sum.cost.0), &money(earlier.cost)),
            way: way(earlier.cost.0, sum.cost.0),
            hint: match (sum.cost_per_call(), sum.cost_per_booking()) {
                (Some(call), Some(booking)) if sum.cost.0 > 0 => {
                    format!(
                        "{} a call, {} a booking, in the currency of the server's price table.",
                        money(call),
                        money(booking)
                    )
                }
                _ => "The receptionist that talks by rules costs nothing.".to_owned(),
            },
        },
    ]
}

fn way(before: u64, now: u64) -> &'static str {
    match now.cmp(&before) {
        std::cmp::Ordering::Less => "down",
        std::cmp::Ordering::Equal => "same",
        std::cmp::Ordering::Greater => "up",
    }
}

/// "12% more than 188".
fn told(change: Change, before: &str) -> String {
    match change {
        Change::Same => "As many as before".to_owned(),
        Change::More(None | Some(0)) | Change::Less(None | Some(0)) => format!("{before} before"),
        Change::More(Some(percent)) => format!("{percent}% more than {before}"),
        Change::Less(Some(percent)) => format!("{percent}% less than {before}"),
    }
}

fn rows(say: &Say, insights: &Insights) -> Vec<Row> {
    let row = |bucket: &Bucket| {
        let sum = &bucket.sum;
        let first = bucket.days.first();
        let (label, short) = match insights.period.step() {
            Step::Day => (say.date(first), say.short_date(first)),
            Step::Week => (days(say, bucket.days), say.short_date(first)),
            Step::Month => (days(say, bucket.days), first.strftime("%b %Y").to_string()),
        };
        Row {
            label,
            short,
            calls: sum.calls,
            booked: sum.booked,
            not_booked: sum.not_booked(),
            unanswered: sum.unanswered(),
            saved: number((sum.saved + 30) / 60),
            cost: money(sum.cost),
            word: bucket.first_word.map(|spread| (in_seconds(spread.median), in_seconds(spread.p90))),
        }
    };
    insights.buckets.iter().map(row).collect()
}

/// Why calls did not book, most often first.
fn fates(insights: &Insights) -> Vec<Share> {
    let mut fates: Vec<(Fate, u32)> =
        insights.fates.iter().filter(|(fate, _)| **fate != Fate::Booked).map(|(fate, count)| (*fate, *count)).collect();
    fates.sort_by_key(|(fate, count)| (std::cmp::Reverse(*count), *fate));
    shares(fates.into_iter().map(|(fate, count)| (fate.words(), count)))
}

fn shares(parts: impl Iterator<Item = (String, u32)>) -> Vec<Share> {
    let parts: Vec<(String, u32)> = parts.collect();
    let whole: u32 = parts.iter().map(|(_, count)| count).sum();
    let most = parts.iter().map(|(_, count)| *count).max().unwrap_or_default();
    let part = |count: u32, of: u32, scale: u32| (count * scale + of / 2).checked_div(of).unwrap_or_default();
    let share = |(label, count)| {
        let tenths = part(count, most, 1_000);
        Share { label, count, percent: part(count, whole, 100), width: format!("{}.{}", tenths / 10, tenths % 10) }
    };
    parts.into_iter().map(share).collect()
}

/// From the first hour that anybody called in to the last.
fn hours(say: &Say, insights: &Insights) -> Vec<Hour> {
    let any = |hour: &usize| insights.hours.iter().any(|day| day[*hour] > 0);
    let (Some(first), Some(last)) = ((0..24).find(any), (0..24).rfind(any)) else { return Vec::new() };
    let busiest = insights.busiest();
    let cell = |count: u32| Cell { count, heat: (count * 5).div_ceil(busiest.max(1)) };
    (first..=last)
        .map(|hour| Hour {
            label: o_clock(say, hour),
            days: insights.hours.iter().map(|day| cell(day[hour])).collect(),
        })
        .collect()
}

fn busiest(say: &Say, insights: &Insights) -> Option<String> {
    let most = insights.busiest();
    let all = insights.hours.iter().enumerate().flat_map(|(day, hours)| hours.iter().map(move |count| (day, count)));
    let (at, (day, _)) = all.enumerate().find(|(_, (_, count))| **count == most && most > 1)?;
    Some(format!("{}s at {}, with {}", WEEKDAYS[day], o_clock(say, at % 24), counted(most, "call", "calls")))
}

fn o_clock(say: &Say, hour: usize) -> String {
    let hour = i8::try_from(hour).unwrap_or_default();
    say.clock(jiff::civil::time(hour, 0, 0, 0)).replace(":00 ", " ")
}

fn bookings(insights: &Insights) -> String {
    let made = &insights.bookings;
    if made.made == 0 {
        return "No appointment was made in these days.".to_owned();
    }
    let mut text = format!(
        "{} made, {} of them on the phone.",
        counted(made.made, "appointment was", "appointments were"),
        number(made.by_call)
    );
    if made.cancelled > 0 {
        text.push(' ');
        text.push_str(&counted(made.cancelled, "was", "were"));
        text.push_str(" cancelled since.");
    }
    text
}

/// "0.64 s".
fn seconds(ms: u32) -> String {
    format!("{} s", in_seconds(ms))
}

fn in_seconds(ms: u32) -> String {
    format!("{}.{:02}", ms / 1_000, ms % 1_000 / 10)
}

/// Two places for what is more than a few hundredths, four for what is less.
fn money(cost: Micros) -> String {
    match cost.0 {
        0 => "0".to_owned(),
        small if small < 100_000 => format!("0.{:04}", small.div_ceil(100)),
        more => format!("{}.{:02}", number((more + 5_000) / 1_000_000), (more + 5_000) / 10_000 % 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_as_exact_as_it_is_small() {
        let shown = |micros: u64| money(Micros(micros));
        assert_eq!([shown(0), shown(1), shown(12_345), shown(99_999)], ["0", "0.0001", "0.0124", "0.1000"]);
        assert_eq!([shown(100_000), shown(1_999_999), shown(1_234_567_890)], ["0.10", "2.00", "1,234.57"]);
    }

    #[test]
    fn shares_come_to_the_whole_and_bars_to_the_longest() {
        let shown = shares([("a".to_owned(), 3), ("b".to_owned(), 1)].into_iter());
        assert_eq!((shown[0].percent, shown[0].width.as_str()), (75, "100.0"));
        assert_eq!((shown[1].percent, shown[1].width.as_str()), (25, "33.3"));
        assert!(shares(std::iter::empty()).is_empty());
    }
}
