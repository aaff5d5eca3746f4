//! `--time`: what a text says about time, as moments of a calendar around the time at which it was said.

use crate::domain::time::{self, Doubt, Grain, Moments, Part, Placed, Shade};
use jiff::{civil::DateTime, fmt::temporal::Pieces};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub(super) struct Question {
    id: String,
    text: String,
    /// When it was said: ISO 8601; the wall time counts, an offset after it is passed over.
    reference: String,
    /// "en-GB": whose holidays, and whether 3/4 is in March or in April. American when it is missing.
    #[serde(default)]
    locale: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Answer {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    none: Option<bool>,
    #[serde(flatten)]
    when: Option<When>,
    /// Set when the caller should be asked, with why.
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertain: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<Doubt>,
    /// Every reading, likeliest first, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    all: Vec<When>,
}

/// Wall times without an offset: "2026-11-24T15:30:00", or "T15:30:00" for a time that was said without a day.
#[derive(Debug, Serialize)]
struct When {
    start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part_of_day: Option<&'static str>,
    grain: &'static str,
}

pub(super) fn answer(question: Question) -> Answer {
    let country = question.locale.as_deref().and_then(country).unwrap_or("US");
    let placed = wall_time(&question.reference).and_then(|now| {
        let said = time::find_mentioned(&question.text, country)?;
        time::place(&said, now, country)
    });
    let Some(Placed { first, others, doubt }) = placed else {
        return Answer { id: question.id, none: Some(true), when: None, uncertain: None, doubt: None, all: Vec::new() };
    };
    let all = if others.is_empty() { Vec::new() } else { [first].iter().chain(&others).map(When::of).collect() };
    let uncertain = doubt.map(|_| true);
    Answer { id: question.id, none: None, when: Some(When::of(&first)), uncertain, doubt, all }
}

/// "GB" of "en-GB" or "en_GB.UTF-8".
fn country(locale: &str) -> Option<&str> {
    let region = locale.split(['-', '_']).nth(1)?;
    region.get(..2).filter(|region| region.bytes().all(|byte| byte.is_ascii_uppercase()))
}

fn wall_time(reference: &str) -> Option<DateTime> {
    let pieces = Pieces::parse(reference).ok()?;
    Some(pieces.date().to_datetime(pieces.time().unwrap_or_default()))
}

impl When {
    fn of(moments: &Moments) -> Self {
        let shown =
            |at: DateTime| at.strftime(if moments.dateless { "T%H:%M:%S" } else { "%Y-%m-%dT%H:%M:%S" }).to_string();
        Self {
            start: moments.start.map(shown),
            end: moments.end.map(shown),
            part_of_day: moments.part.map(|(part, shade)| part_name(part, shade)),
            grain: grain_name(moments.grain),
        }
    }
}

fn grain_name(grain: Grain) -> &'static str {
    match grain {
        Grain::Minute => "minute",
        Grain::PartOfDay => "part_of_day",
        Grain::Day => "day",
        Grain::Week => "week",
        Grain::Month => "month",
        Grain::Quarter => "quarter",
        Grain::Year => "year",
    }
}

fn part_name(part: Part, shade: Option<Shade>) -> &'static str {
    match (part, shade) {
        (Part::Morning, Some(Shade::Early)) => "early morning",
        (Part::Morning, Some(Shade::Mid)) => "mid morning",
        (Part::Morning, Some(Shade::Late)) => "late morning",
        (Part::Morning, None) => "morning",
        (Part::Afternoon, Some(Shade::Early)) => "early afternoon",
        (Part::Afternoon, Some(Shade::Mid)) => "mid afternoon",
        (Part::Afternoon, Some(Shade::Late)) => "late afternoon",
        (Part::Afternoon, None) => "afternoon",
        (Part::Evening, Some(Shade::Early)) => "early evening",
        (Part::Evening, Some(Shade::Late)) => "late evening",
        (Part::Evening, _) => "evening",
        (Part::Night, Some(Shade::Early)) => "early night",
        (Part::Night, Some(Shade::Late)) => "late night",
        (Part::Night, _) => "night",
        (Part::Midday, _) => "lunch",
        (Part::Daytime, _) => "daytime",
        (Part::BusinessHours, _) => "business_hours",
        (Part::Breakfast, _) => "breakfast",
        (Part::Dinner, _) => "dinner",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn answered(text: &str, locale: Option<&str>) -> Value {
        let question = json!({"id": "1", "text": text, "reference": "2026-11-18T10:00:00-05:00", "locale": locale});
        serde_json::to_value(answer(serde_json::from_value(question).unwrap())).unwrap()
    }

    #[test]
    fn a_moment_has_its_date_and_a_time_alone_has_none() {
        let tomorrow = answered("tomorrow at half past three p m", None);
        assert_eq!(tomorrow, json!({"id": "1", "start": "2026-11-19T15:30:00", "grain": "minute"}));
        assert_eq!(answered("at 15:30", None), json!({"id": "1", "start": "T15:30:00", "grain": "minute"}));
    }

    #[test]
    fn what_may_be_meant_otherwise_is_told_with_its_readings() {
        let four = answered("tomorrow at four", None);
        assert_eq!((&four["uncertain"], &four["doubt"]), (&json!(true), &json!("half_of_day")));
        let starts: Vec<_> = four["all"].as_array().unwrap().iter().map(|reading| &reading["start"]).collect();
        assert_eq!(starts, ["2026-11-19T16:00:00", "2026-11-19T04:00:00"]);
    }

    #[test]
    fn the_country_of_the_locale_says_which_number_is_the_month() {
        for (locale, start) in [(None, "2027-03-04T00:00:00"), (Some("en-GB"), "2027-04-03T00:00:00")] {
            assert_eq!(answered("on 3/4", locale)["start"], start, "{locale:?}");
        }
    }

    #[test]
    fn parts_of_the_day_and_open_ends_are_named_and_the_rest_is_none() {
        assert_eq!(answered("Friday in the late afternoon", None)["part_of_day"], "late afternoon");
        let before = answered("before noon on Friday", None);
        assert_eq!((&before["start"], &before["end"]), (&Value::Null, &json!("2026-11-20T12:00:00")));
        assert_eq!(answered("a table for two", None), json!({"id": "1", "none": true}));
        let question = json!({"id": "1", "text": "tomorrow", "reference": "no clock"});
        let unread = serde_json::to_value(answer(serde_json::from_value(question).unwrap())).unwrap();
        assert_eq!(unread, json!({"id": "1", "none": true}));
    }
}
