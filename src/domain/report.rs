//! What is known of a call when it is over: how it went, what it cost, and in words what it was about.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Millionths of the currency that the price table is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(pub u64);

/// Stored with the call. Holds personal data in its words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// The caller's turns that a model was asked about, in order.
    pub turns: Vec<TurnReport>,
    /// How often the scripted receptionist answered for a model that did not.
    pub fallbacks: u32,
    /// How often "one moment" was said while a model thought.
    pub fillers: u32,
    /// Sentences of a model that were kept back because they were not true.
    pub withheld: u32,
    /// Answers begun on a partial transcript, and how many of them were used.
    pub early: u32,
    pub early_used: u32,
    pub tokens_in: u64,
    pub tokens_cached: u64,
    pub tokens_out: u64,
    pub cost: Micros,
    pub summary: Option<Summary>,
}

/// One turn of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TurnReport {
    /// The setting's name of the model that answered; empty when none did.
    pub model: String,
    /// From the end of the caller's words to the first of ours, fillers not counted, in milliseconds.
    pub first_word_ms: Option<u32>,
    /// Requests to models, the lost ones included.
    pub requests: u32,
    /// The tools that were called, by name.
    pub tools: Vec<String>,
    pub filler: bool,
    pub fallback: bool,
}

/// In words, for the owner: from a model, or from the facts alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Why they called, in a few words.
    pub reason: String,
    /// What happened, in two sentences at most.
    pub summary: String,
    /// What the business still has to do.
    pub action_items: Vec<String>,
    pub sentiment: Option<Sentiment>,
    /// A model wrote it; otherwise it is put together from the facts.
    pub by_model: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sentiment {
    Positive,
    Neutral,
    Negative,
}

/// What a model costs, per million tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    pub input: Micros,
    /// Input that the vendor had kept from an earlier turn.
    pub cached: Micros,
    pub output: Micros,
}

impl Report {
    /// The median time to the first word over the turns that had one, in milliseconds; of two in the middle the longer.
    pub fn first_word_p50(&self) -> Option<u32> {
        let mut times: Vec<u32> = self.turns.iter().filter_map(|turn| turn.first_word_ms).collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied()
    }

    /// This report and that of a later connection of the same call as one. The later one's summary tells of the whole call.
    #[must_use]
    pub fn and(mut self, later: Self) -> Self {
        self.turns.extend(later.turns);
        Self {
            turns: self.turns,
            fallbacks: self.fallbacks.saturating_add(later.fallbacks),
            fillers: self.fillers.saturating_add(later.fillers),
            withheld: self.withheld.saturating_add(later.withheld),
            early: self.early.saturating_add(later.early),
            early_used: self.early_used.saturating_add(later.early_used),
            tokens_in: self.tokens_in.saturating_add(later.tokens_in),
            tokens_cached: self.tokens_cached.saturating_add(later.tokens_cached),
            tokens_out: self.tokens_out.saturating_add(later.tokens_out),
            cost: self.cost.and(later.cost),
            summary: later.summary.or(self.summary),
        }
    }
}

impl Price {
    /// What a request cost. `cached` is a part of `input`. Rounded up, so that nothing is free for being small.
    pub fn of(&self, input: u32, cached: u32, output: u32) -> Micros {
        let fresh = input.saturating_sub(cached);
        let parts = [(fresh, self.input), (cached.min(input), self.cached), (output, self.output)];
        let sum: u128 = parts.iter().map(|(tokens, price)| u128::from(*tokens) * u128::from(price.0)).sum();
        Micros(u64::try_from(sum.div_ceil(1_000_000)).unwrap_or(u64::MAX))
    }
}

impl Micros {
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        Self(self.0.saturating_add(more.0))
    }

    /// From a decimal such as "0.15" or "3": no sign, no exponent, six places at most, below a million.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str, most: usize| {
            (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits(whole, 6) || !digits(part, 6) {
            return None;
        }
        let whole: u64 = whole.parse().ok()?;
        let part: u64 = format!("{part:0<6}").parse().ok()?;
        Some(Self(whole * 1_000_000 + part))
    }
}

/// As a decimal: "0.15", "3", "0.000012".
impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 1_000_000, self.0 % 1_000_000);
        if part == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{part:06}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_and_written_as_decimals_and_nothing_else() {
        for (text, micros) in [("0.15", 150_000), ("3", 3_000_000), ("0.000012", 12), ("0", 0), ("12.5", 12_500_000)] {
            assert_eq!(Micros::parse(text), Some(Micros(micros)));
            assert_eq!(Micros(micros).to_string(), text);
        }
        for text in ["", "-1", "1e3", ".5", "1.", "1,5", "0.0000001", "1000000", "NaN", "+1", " 1"] {
            assert_eq!(Micros::parse(text), None, "{text}");
        }
    }

    #[test]
    fn two_connections_make_one_report() {
        let turn = |first_word_ms| TurnReport { first_word_ms, ..TurnReport::default() };
        let summary = |reason: &str| Some(Summary { reason: reason.to_owned(), ..Summary::default() });
        let first = Report {
            turns: vec![turn(Some(900)), turn(None)],
            fillers: 1,
            cost: Micros(5),
            summary: summary("half of it"),
            ..Report::default()
        };
        let second =
            Report { turns: vec![turn(Some(400)), turn(Some(500))], fillers: 2, cost: Micros(7), ..Report::default() };
        let whole = first.clone().and(second.clone());
        assert_eq!((whole.turns.len(), whole.fillers, whole.cost), (4, 3, Micros(12)));
        assert_eq!(whole.first_word_p50(), Some(500));
        assert_eq!(whole.summary, summary("half of it"));
        let told = first.and(Report { summary: summary("all of it"), ..second });
        assert_eq!(told.summary, summary("all of it"));
        assert_eq!(Report::default().first_word_p50(), None);
    }

    #[test]
    fn what_was_kept_from_before_costs_what_the_table_says() {
        let price = Price { input: Micros(3_000_000), cached: Micros(300_000), output: Micros(15_000_000) };
        assert_eq!(price.of(1_000, 0, 100), Micros(4_500));
        assert_eq!(price.of(1_000, 900, 100), Micros(300 + 270 + 1_500));
        assert_eq!(price.of(1, 0, 0), Micros(3));
        assert_eq!(price.of(10, 20, 0), Micros(3), "no vendor keeps more than there was");
        assert_eq!(Price { input: Micros(1), ..Price::default() }.of(1, 0, 0), Micros(1), "rounded up");
        let dear = Price { input: Micros(u64::MAX), cached: Micros(u64::MAX), output: Micros(u64::MAX) };
        assert_eq!(dear.of(u32::MAX, 0, u32::MAX), Micros(u64::MAX));
    }
}
