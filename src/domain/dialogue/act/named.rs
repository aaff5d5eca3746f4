//! What a model names, found among what there is: services and staff by the words callers use for them, times by the
//! grammar of time. A model computes no dates.

use super::{super::Dialogue, refused};
use crate::domain::{
    business::{Service, Staff},
    dialogue::tool::{PartSaid, Said, ToolAnswer, WeekdaySaid},
    ids::StaffId,
    time::{Clock, ClockTime, Day, Half, Part, When, Which},
    understand::{Expecting, Match, StaffWish, understand},
};

use jiff::civil::Weekday;

/// Whom the caller wants.
pub(super) enum Whom {
    Anyone,
    One(StaffId),
}

impl Dialogue {
    pub(super) fn named_service(&self, name: &str) -> Result<Service, ToolAnswer> {
        let services = &self.business.services;
        let same = |service: &&Service| service.name.to_lowercase() == name.trim().to_lowercase();
        if let Some(service) = services.iter().find(same) {
            return Ok(service.clone());
        }
        match understand(name, &self.business, Expecting::Service).service {
            Some(Match::One(id)) if self.business.service(id).is_some() => {
                let found = self.business.service(id).cloned();
                found.ok_or_else(|| self.no_such_service())
            }
            Some(Match::Several(ids)) => {
                let names = ids.iter().filter_map(|id| self.business.service(*id)).map(|service| &service.name);
                Err(refused(format!("Several are called that: {}. Ask which.", list(names))))
            }
            _ => Err(self.no_such_service()),
        }
    }

    pub(super) fn no_such_service(&self) -> ToolAnswer {
        let names = self.business.services.iter().map(|service| &service.name);
        refused(format!("The service has to be one of: {}.", list(names)))
    }

    pub(super) fn named_staff(&self, name: &str) -> Result<Whom, ToolAnswer> {
        let staff = &self.business.staff;
        let same = |member: &&Staff| member.name.to_lowercase() == name.trim().to_lowercase();
        if let Some(member) = staff.iter().find(same) {
            return Ok(Whom::One(member.id));
        }
        match understand(name, &self.business, Expecting::Staff).staff {
            Some(StaffWish::Named(Match::One(id))) => Ok(Whom::One(id)),
            Some(StaffWish::Named(Match::Several(ids))) => {
                let names = ids.iter().filter_map(|id| self.business.member(*id)).map(|member| &member.name);
                Err(refused(format!("Several are called that: {}. Ask which.", list(names))))
            }
            Some(StaffWish::NoPreference) => Ok(Whom::Anyone),
            _ => {
                let names = staff.iter().map(|member| &member.name);
                Err(refused(format!("The staff has to be one of: {}, or \"anyone\".", list(names))))
            }
        }
    }

    /// What was said about time, as a meaning; nothing was said: an empty one.
    pub(super) fn said_time(&self, said: &Said) -> Result<When, ToolAnswer> {
        let words = said.words.as_deref().map_or("", str::trim);
        let understood = understand(words, &self.business, Expecting::When).when.unwrap_or_default();
        let when = in_fields(said)?.then(understood);
        if when.is_empty() && !words.is_empty() {
            return Err(refused(
                "These words are no day and no time. Give the caller's words in English, such as \"tomorrow afternoon\" \
                 or \"the 14th at half past two\", or the fields.",
            ));
        }
        Ok(when)
    }
}

/// "Haircut, Color, Beard trim"
fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn in_fields(said: &Said) -> Result<When, ToolAnswer> {
    Ok(When { day: day(said)?, clock: clock(said)? })
}

fn day(said: &Said) -> Result<Option<Day>, ToolAnswer> {
    let month = said.month.map(|month| within(month, 1, 12, "month")).transpose()?;
    if let Some(day) = said.day_of_month {
        let day = within(day, 1, 31, "day_of_month")?;
        return Ok(Some(Day::Date { weekday: said.weekday.map(weekday), day, month, year: None }));
    }
    let weeks = said.weeks_ahead.map(|weeks| within(weeks, 0, 52, "weeks_ahead")).transpose()?;
    if let Some(said) = said.weekday {
        let which = match weeks.unwrap_or(0) {
            ..=0 => Which::Coming,
            1 => Which::Next,
            weeks => Which::OfWeek(weeks.unsigned_abs()),
        };
        return Ok(Some(Day::Weekday { weekday: weekday(said), which }));
    }
    if let Some(days) = said.days_ahead {
        if days > 365 {
            return Err(refused("days_ahead has to be 0 to 365."));
        }
        return Ok(Some(Day::InDays(i32::from(days))));
    }
    if let Some(weeks) = weeks {
        return Ok(Some(Day::InDays(7 * i32::from(weeks))));
    }
    Ok(month.map(|month| Day::Month { month: Some(month), after: 0 }))
}

fn within(value: u8, least: i8, most: i8, field: &str) -> Result<i8, ToolAnswer> {
    let good = i8::try_from(value).ok().filter(|value| (least..=most).contains(value));
    good.ok_or_else(|| refused(format!("{field} has to be {least} to {most}.")))
}

fn clock(said: &Said) -> Result<Option<Clock>, ToolAnswer> {
    let Some(text) = &said.clock else {
        return Ok(said.part_of_day.map(|part| {
            Clock::Part(match part {
                PartSaid::Morning => Part::Morning,
                PartSaid::Noon => Part::Midday,
                PartSaid::Afternoon => Part::Afternoon,
                PartSaid::Evening => Part::Evening,
            })
        }));
    };
    let parts = text.trim().split_once(':').and_then(|(hour, minute)| {
        let whole = minute.len() == 2 && (1..=2).contains(&hour.len());
        let digits = hour.bytes().chain(minute.bytes()).all(|byte| byte.is_ascii_digit());
        (whole && digits).then_some((hour.parse::<i8>().ok()?, minute.parse::<i8>().ok()?))
    });
    let Some((hour @ 0..=23, minute @ 0..=59)) = parts else {
        return Err(refused("clock has to be a time on the 24-hour clock, such as \"15:30\"."));
    };
    let half = if hour < 12 { Half::Am } else { Half::Pm };
    let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
    Ok(Some(Clock::At(ClockTime { hour, minute, half: Some(half) })))
}

fn weekday(said: WeekdaySaid) -> Weekday {
    match said {
        WeekdaySaid::Monday => Weekday::Monday,
        WeekdaySaid::Tuesday => Weekday::Tuesday,
        WeekdaySaid::Wednesday => Weekday::Wednesday,
        WeekdaySaid::Thursday => Weekday::Thursday,
        WeekdaySaid::Friday => Weekday::Friday,
        WeekdaySaid::Saturday => Weekday::Saturday,
        WeekdaySaid::Sunday => Weekday::Sunday,
    }
}
