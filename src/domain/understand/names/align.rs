//! How well a name fits what was heard, when the name may be only the first or the last part of it.

/// Symbols are bytes from `@` to `~`: letters of a spelling, or sounds.
const FIRST: u8 = b'@';
const SYMBOLS: usize = 63;

/// What it costs to take one symbol for another, and to lose or invent one; 1 is as bad as it gets.
pub(super) struct Costs {
    apart: Box<[[f32; SYMBOLS]; SYMBOLS]>,
    alone: [f32; SYMBOLS],
    /// Losing or inventing a symbol that stands beside the same one ("double l" heard as one).
    repeated: f32,
}

fn index(symbol: u8) -> usize {
    usize::from(symbol.saturating_sub(FIRST)).min(SYMBOLS - 1)
}

impl Costs {
    pub(super) fn new(apart: impl Fn(u8, u8) -> f32, alone: impl Fn(u8) -> f32, repeated: f32) -> Self {
        let mut table = Box::new([[0.0; SYMBOLS]; SYMBOLS]);
        let mut single = [0.0; SYMBOLS];
        let symbols = FIRST..=b'~';
        for one in symbols.clone() {
            single[index(one)] = alone(one);
            for other in symbols.clone() {
                table[index(one)][index(other)] = apart(one, other);
            }
        }
        Self { apart: table, alone: single, repeated }
    }

    fn alone(&self, symbols: &[u8], at: usize) -> f32 {
        let repeats = at.checked_sub(1).is_some_and(|before| symbols[before] == symbols[at]);
        if repeats { self.repeated } else { self.alone[index(symbols[at])] }
    }
}

/// What has no alignment.
pub(super) const FAR: f32 = 99.0;

/// Longer is no name.
pub(super) const LONGEST: usize = 40;

/// Costs of a name against every prefix of what was heard: `row[i]` is the cost against the first `i` symbols. Stops as
/// soon as no place is better than `limit`, and says so.
pub(super) fn prefixes(name: &[u8], heard: &[u8], costs: &Costs, limit: f32, row: &mut Vec<f32>) -> bool {
    row.clear();
    row.push(0.0);
    let invented: Vec<f32> = (0..heard.len()).map(|at| costs.alone(heard, at)).collect();
    for (at, cost) in invented.iter().enumerate() {
        row.push(row[at] + cost);
    }
    for n in 0..name.len() {
        let lost = costs.alone(name, n);
        let distances = &costs.apart[index(name[n])];
        let mut diagonal = row[0];
        let mut left = diagonal + lost;
        let mut least = left;
        row[0] = left;
        for ((cell, &symbol), invented) in row[1..].iter_mut().zip(heard).zip(&invented) {
            let best = (diagonal + distances[index(symbol)]).min(*cell + lost).min(left + invented);
            diagonal = *cell;
            *cell = best;
            left = best;
            least = least.min(best);
        }
        if least > limit {
            return false;
        }
    }
    true
}

pub(super) fn turned(symbols: &[u8]) -> Vec<u8> {
    symbols.iter().rev().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(name: &[u8], heard: &[u8]) -> Vec<f32> {
        let plain = Costs::new(|one, other| if one == other { 0.0 } else { 1.0 }, |_| 1.0, 0.5);
        let mut row = Vec::new();
        prefixes(name, heard, &plain, FAR, &mut row);
        row
    }

    #[test]
    fn a_name_is_found_at_both_ends() {
        let near = |one: f32, other: f32| (one - other).abs() < 1e-6;
        assert!(near(costs(b"ann", b"annlee")[3], 0.0));
        assert!(near(costs(&turned(b"lee"), &turned(b"annlee"))[3], 0.0));
        assert!(near(costs(&turned(b"lee"), &turned(b"annle"))[2], 0.5));
        assert_eq!(costs(b"", b"").len(), 1);
    }
}
