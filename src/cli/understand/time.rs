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
