//! The crate `duckling` in the place of `deskbell understand --time`: the same lines in, the same lines out.
//!
//! Of what it finds the longest counts. With `--latent` what it calls latent (a bare number that might be an hour) is taken
//! when there is nothing else, and told as uncertain. A text in which it finds no time is answered with none.

use std::{
    env,
    io::{self, BufRead, Write, stdin, stdout},
};

use chrono::{DateTime, FixedOffset, NaiveDateTime};
use duckling::{
    Context, DimensionKind, DimensionValue, Entity, Grain, Lang, Locale, Options, Region, TimePoint, TimeValue, parse,
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Question {
    id: String,
    text: String,
    reference: DateTime<FixedOffset>,
    #[serde(default)]
    locale: Option<String>,
}

#[derive(Default, Serialize)]
struct Answer {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grain: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    none: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    uncertain: bool,
}

fn main() -> io::Result<()> {
    let latent = env::args().any(|argument| argument == "--latent");
    let mut out = io::BufWriter::new(stdout().lock());
    for line in stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        serde_json::to_writer(&mut out, &answer(serde_json::from_str(&line)?, latent))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn answer(question: Question, latent: bool) -> Answer {
    let region = match question.locale.as_deref().and_then(|locale| locale.rsplit(['-', '_']).next()) {
        Some("GB") => Some(Region::GB),
        Some("AU") => Some(Region::AU),
        Some("CA") => Some(Region::CA),
        Some("US") => Some(Region::US),
        _ => None,
    };
    let locale = Locale::new(Lang::EN, region);
    let context = Context::new(question.reference, locale);
    let found = |with_latent| {
        let options = Options { with_latent };
        longest(parse(&question.text, &locale, &[DimensionKind::Time], &context, &options))
    };
    let plain = found(false);
    let uncertain = latent && plain.is_none();
    let time = if uncertain { found(true) } else { plain };
    let mut answer = Answer { id: question.id, ..Answer::default() };
    match time {
        Some(TimeValue::Single { value, .. }) => {
            answer.grain = Some(named(value.grain()));
            answer.start = Some(written(&value));
        }
        Some(TimeValue::Interval { from, to, .. }) => {
            answer.start = from.as_ref().map(written);
            answer.end = to.as_ref().map(written);
        }
        None => answer.none = true,
    }
    answer.uncertain = uncertain && !answer.none;
    answer
}

/// Of equally long ones the first.
fn longest(entities: Vec<Entity>) -> Option<TimeValue> {
    let entity = entities.into_iter().rev().max_by_key(|entity| entity.end - entity.start)?;
    match entity.value {
        DimensionValue::Time(time) => Some(time),
        _ => None,
    }
}

fn written(at: &TimePoint) -> String {
    let local: NaiveDateTime = match at {
        TimePoint::Instant { value, .. } => value.naive_local(),
        TimePoint::Naive { value, .. } => *value,
    };
    local.format("%Y-%m-%dT%H:%M:%S").to_string()
}

fn named(grain: Grain) -> &'static str {
    match grain {
        Grain::NoGrain | Grain::Second => "second",
        Grain::Minute => "minute",
        Grain::Hour => "hour",
        Grain::Day => "day",
        Grain::Week => "week",
        Grain::Month => "month",
        Grain::Quarter => "quarter",
        Grain::Year => "year",
    }
}
