//! The middle and the slow end of many measurements.

/// Nearest-rank percentiles: each is a value that was really measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    pub median: u32,
    /// Nine of ten are not above it.
    pub p90: u32,
    pub count: u32,
}

impl Spread {
    /// Nothing when nothing was measured.
    pub fn of(mut values: Vec<u32>) -> Option<Self> {
        values.sort_unstable();
        let at = |percent: usize| values.get((values.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        Some(Self { median: at(50)?, p90: at(90)?, count: u32::try_from(values.len()).unwrap_or(u32::MAX) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        assert_eq!(Spread::of(vec![]), None);
        assert_eq!(Spread::of(vec![7]), Some(Spread { median: 7, p90: 7, count: 1 }));
        assert_eq!(Spread::of(vec![9, 1]), Some(Spread { median: 1, p90: 9, count: 2 }));
        assert_eq!(Spread::of((1..=10).rev().collect()), Some(Spread { median: 5, p90: 9, count: 10 }));
    }
}
