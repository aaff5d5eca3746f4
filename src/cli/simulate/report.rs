//! The table of what came of it, and the sums under it.

use std::{collections::BTreeSet, fmt::Write as _};

use super::{grade::Played, story::Fault};
use crate::domain::report::Report;

/// How one scenario went, seed by seed.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) played: Vec<Played>,
}

impl Row {
    fn passed(&self) -> bool {
        self.played.iter().all(Played::passed)
    }
}

/// The sums.
#[derive(Debug, Default)]
pub(super) struct Totals {
    scenarios: usize,
    calls: usize,
    pub(super) calls_passed: usize,
    pub(super) all_passed: usize,
    pub(super) false_claims: usize,
    pub(super) wrong_bookings: usize,
    not_read_back: usize,
    repeats: usize,
    double_questions: usize,
    breaks: usize,
    turns: Vec<usize>,
    models: Models,
}

/// What came of the models in all calls, where there were any.
#[derive(Debug, Default)]
struct Models {
    calls: usize,
    turns: usize,
    tools: usize,
    fallbacks: u32,
    fillers: u32,
    withheld: u32,
    /// Of every turn, in milliseconds.
    first_words: Vec<u32>,
}

impl Models {
    fn add(&mut self, report: &Report) {
        self.calls += 1;
        self.turns += report.turns.len();
        self.tools += report.turns.iter().map(|turn| turn.tools.len()).sum::<usize>();
        self.fallbacks += report.fallbacks;
        self.fillers += report.fillers;
        self.withheld += report.withheld;
        self.first_words.extend(report.turns.iter().filter_map(|turn| turn.first_word_ms));
    }

    fn in_words(&self) -> Vec<(String, String)> {
        if self.turns == 0 {
            return Vec::new();
        }
        vec![
            ("turns that models were asked".to_owned(), self.turns.to_string()),
            ("tools they called".to_owned(), self.tools.to_string()),
            ("turns left to the rules".to_owned(), self.fallbacks.to_string()),
            ("fillers".to_owned(), self.fillers.to_string()),
            ("sentences kept back".to_owned(), self.withheld.to_string()),
            ("first word, median, ms".to_owned(), at(&self.first_words, 50)),
            ("first word, 99th percentile, ms".to_owned(), at(&self.first_words, 99)),
        ]
    }
}

impl Totals {
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut totals = Self { scenarios: rows.len(), ..Self::default() };
        totals.all_passed = rows.iter().filter(|row| row.passed()).count();
        for played in rows.iter().flat_map(|row| &row.played) {
            totals.calls += 1;
            totals.calls_passed += usize::from(played.passed());
            totals.repeats += played.story.repeats;
            totals.turns.extend(played.story.turns_to_book);
            if let Some(report) = &played.story.report {
                totals.models.add(report);
            }
            for fault in &played.story.faults {
                match fault {
                    Fault::FalseClaim(_) => totals.false_claims += 1,
                    Fault::WrongBooking(_) => totals.wrong_bookings += 1,
                    Fault::NotReadBack(_) => totals.not_read_back += 1,
                    Fault::DoubleQuestion(_) => totals.double_questions += 1,
                    Fault::Break(_) => totals.breaks += 1,
                    Fault::Other(_) => {}
                }
            }
        }
        totals.turns.sort_unstable();
        totals.models.first_words.sort_unstable();
        totals
    }

    /// The share of scenarios in which every seed passed.
    pub(super) fn all_pass(&self) -> f64 {
        share(self.all_passed, self.scenarios)
    }

    fn in_words(&self, seeds: usize) -> String {
        let mut text = String::new();
        let percent = |part: usize, of: usize| format!("{part} of {of} ({:.1} %)", 100.0 * share(part, of));
        for (name, value) in [
            ("calls (pass^1)".to_owned(), percent(self.calls_passed, self.calls)),
            (format!("all of {seeds} seeds (pass^{seeds})"), percent(self.all_passed, self.scenarios)),
            ("false bookings".to_owned(), self.false_claims.to_string()),
            ("wrong bookings".to_owned(), self.wrong_bookings.to_string()),
            ("booked without reading back".to_owned(), self.not_read_back.to_string()),
            ("asked for what was told".to_owned(), self.repeats.to_string()),
            ("two questions at once".to_owned(), self.double_questions.to_string()),
            ("turns to book, median".to_owned(), at(&self.turns, 50)),
            ("turns to book, 90th percentile".to_owned(), at(&self.turns, 90)),
            ("breaks that a caller would hear".to_owned(), self.breaks.to_string()),
        ]
        .into_iter()
        .chain(self.models.in_words())
        {
            let _ = writeln!(text, "{name:<32} {value}");
        }
        text
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are no 2^52 calls")]
fn share(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

/// The value that so many per cent of a sorted list do not exceed.
fn at<T: std::fmt::Display>(sorted: &[T], percent: usize) -> String {
    let index = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(index).map_or_else(|| "-".to_owned(), ToString::to_string)
}

/// The whole table.
pub(super) fn table(rows: &[Row], totals: &Totals) -> String {
    let width = rows.iter().map(|row| row.id.len()).max().unwrap_or_default().max(8);
    let seeds = rows.first().map_or(0, |row| row.played.len());
    let mut text = format!("{:<width$}  {:<seeds$}  turns  what went wrong\n", "scenario", "", seeds = seeds.max(5));
    for row in rows {
        let marks: String = row.played.iter().map(|played| if played.passed() { '+' } else { '-' }).collect();
        let turns: Vec<String> = row.played.iter().map(|played| played.story.turns.to_string()).collect();
        let wrong: BTreeSet<String> = row
            .played
            .iter()
            .flat_map(|played| played.story.faults.iter().map(|fault| format!("[{}] {fault}", played.seed)))
            .collect();
        let models: Vec<String> =
            row.played.iter().filter_map(|played| by_models(played.story.report.as_ref()?)).collect();
        let mut wrong = wrong.into_iter().chain((!models.is_empty()).then(|| models.join(" / ")));
        let first = wrong.next().unwrap_or_default();
        let _ = writeln!(text, "{:<width$}  {marks:<5}  {:<5}  {first}", row.id, turns.join("/"));
        for more in wrong {
            let _ = writeln!(text, "{:<width$}  {:<5}  {:<5}  {more}", "", "", "");
        }
    }
    text.push('\n');
    text.push_str(&totals.in_words(seeds));
    text
}

/// How a call's models did, in short.
fn by_models(report: &Report) -> Option<String> {
    let tools: usize = report.turns.iter().map(|turn| turn.tools.len()).sum();
    let first = report.first_word_p50().map_or_else(|| "-".to_owned(), |ms| format!("{ms} ms"));
    let Report { turns, fallbacks, fillers, withheld, .. } = report;
    (!turns.is_empty()).then(|| {
        format!(
            "{} turns, {tools} tools, {fallbacks} to the rules, {fillers} fillers, {withheld} kept back, {first}",
            turns.len()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{super::story::Story, *};

    fn played(turns: usize, faults: Vec<Fault>) -> Played {
        Played { seed: 1, story: Story { turns, turns_to_book: Some(turns), faults, ..Story::default() } }
    }

    #[test]
    fn a_scenario_passes_when_all_its_seeds_do() {
        let rows = [
            Row { id: "well".into(), played: vec![played(4, vec![]), played(6, vec![])] },
            Row {
                id: "ill".into(),
                played: vec![played(2, vec![]), played(9, vec![Fault::FalseClaim("booked".into())])],
            },
        ];
        let totals = Totals::of(&rows);
        assert_eq!((totals.calls_passed, totals.all_passed, totals.false_claims), (3, 1, 1));
        let text = table(&rows, &totals);
        for part in ["well", "+-", "2/9", "said and not so: booked", "pass^2", "1 of 2 (50.0 %)"] {
            assert!(text.contains(part), "{part} is missing:\n{text}");
        }
        assert_eq!(
            (at(&[1, 2, 3], 50), at(&[1, 2, 3], 90), at::<usize>(&[], 50)),
            ("2".into(), "3".into(), "-".into())
        );
    }
}
