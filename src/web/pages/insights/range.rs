//! Which days somebody asks for: one of the presets, or two days of their own.

use jiff::civil::Date;

use super::super::form::{Fields, wrong};
use crate::domain::{
    business::Mistake,
    insights::{Period, PeriodMistake},
};

/// Days, and what they are called in the row of presets; empty for somebody's own.
pub(super) struct Range {
    pub(super) period: Period,
    pub(super) chosen: &'static str,
}

/// The presets in their order: the name in the address, and the label.
pub(super) const PRESETS: [(&str, &str); 5] =
    [("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("month", "This month"), ("last-month", "Last month")];

/// Thirty days, when nothing is asked for.
pub(super) fn asked(fields: &Fields, today: Date) -> Result<Range, Mistake> {
    let (from, to) = (fields.text("from"), fields.text("to"));
    if !from.is_empty() || !to.is_empty() {
        return Ok(Range { period: Period::read(from, to).map_err(mistake)?, chosen: "" });
    }
    let named = PRESETS.iter().find(|(name, _)| *name == fields.text("range"));
    let chosen = named.map_or("30", |(name, _)| name);
    let period = match chosen {
        "7" => Period::days(7, today),
        "90" => Period::days(90, today),
        "month" => Period::this_month(today),
        "last-month" => Period::last_month(today),
        _ => Period::days(30, today),
    };
    Ok(Range { period, chosen })
}

fn mistake(mistake: PeriodMistake) -> Mistake {
    let field = if matches!(mistake, PeriodMistake::First) { "from" } else { "to" };
    wrong(field, mistake.to_string())
}

/// As the form for one's own days has them.
pub(super) fn fields(period: Period) -> Fields {
    Fields::default().and("from", period.first().to_string()).and("to", period.last().to_string())
}
