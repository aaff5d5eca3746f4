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

fn index_of(symbol: u8) -> usize {
    usize::from(symbol.saturating_sub(FIRST)).min(SYMBOLS - 1)
}

impl Costs {
    pub(super) fn new(apart: impl Fn(u8, u8) -> f32, alone: impl Fn(u8) -> f32, repeated: f32) -> Self {
        let mut table = Box::new([[0.0; SYMBOLS]; SYMBOLS]);
        let mut single = [0.0; SYMBOLS];
        let symbols = FIRST..=b'~';
        for one in symbols.clone() {
            single[index_of(one)] = alone(one);
            for other in symbols.clone() {
                table[index_of(one)][index_of(other)] = apart(one, other);
            }
        }
        Self { apart: table, alone: single, repeated }
    }

    fn alone(&self, symbols: &[u8], at: usize) -> f32 {
        let repeats = at.checked_sub(1).is_some_and(|before| symbols[before] == symbols[at]);
        if repeats { self.repeated } else { self.alone[index_of(symbols[at])] }
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
        let distances = &costs.apart[index_of(name[n])];
        let mut diagonal = row[0];
        let mut left = diagonal + lost;
        let mut least = left;
        row[0] = left;
        for ((cell, &symbol), invented) in row[1..].iter_mut().zip(heard).zip(&invented) {
            let best = (diagonal + distances[index_of(symbol)]).min(*cell + lost).min(left + invented);
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

/// Many names in the order of their symbols, so that what begins the same is laid beside a text only once.
pub(super) struct Order {
    /// The symbols, which name it is, and how many symbols it shares with the one before.
    names: Vec<(Vec<u8>, usize, usize)>,
}

impl Order {
    pub(super) fn of(names: impl Iterator<Item = Vec<u8>>) -> Self {
        let mut names: Vec<(Vec<u8>, usize, usize)> =
            names.enumerate().map(|(index, symbols)| (symbols, index, 0)).collect();
        names.sort();
        for at in 1..names.len() {
            let (before, here) = (&names[at - 1].0, &names[at].0);
            names[at].2 = before.iter().zip(here).take_while(|(one, other)| one == other).count();
        }
        Self { names }
    }

    /// Does what [`prefixes`] does for every name, and tells of those that are near: which name, and its costs.
    pub(super) fn prefixes(&self, heard: &[u8], costs: &Costs, limit: f32, mut near: impl FnMut(usize, &[f32])) {
        let invented: Vec<f32> = (0..heard.len()).map(|at| costs.alone(heard, at)).collect();
        let width = heard.len() + 1;
        let longest = self.names.iter().map(|(symbols, ..)| symbols.len()).max().unwrap_or(0);
        let mut rows = vec![0.0; (longest + 1) * width];
        for (at, cost) in invented.iter().enumerate() {
            rows[at + 1] = rows[at] + cost;
        }
        // After so many symbols the last name was given up.
        let mut given_up = usize::MAX;
        for (symbols, index, shared) in &self.names {
            if given_up <= *shared {
                continue;
            }
            given_up = usize::MAX;
            for n in *shared..symbols.len() {
                let (before, after) = rows.split_at_mut((n + 1) * width);
                let lost = costs.alone(symbols, n);
                let distances = &costs.apart[index_of(symbols[n])];
                if next(&before[n * width..], &mut after[..width], heard, lost, distances, &invented) > limit {
                    given_up = n + 1;
                    break;
                }
            }
            if given_up == usize::MAX {
                near(*index, &rows[symbols.len() * width..(symbols.len() + 1) * width]);
            }
        }
    }
}

/// One more symbol of a name: the costs after it from those before it, and the least of them.
fn next(
    before: &[f32],
    after: &mut [f32],
    heard: &[u8],
    lost: f32,
    distances: &[f32; SYMBOLS],
    invented: &[f32],
) -> f32 {
    let mut left = before[0] + lost;
    let mut least = left;
    after[0] = left;
    for (((pair, cell), &symbol), invented) in before.windows(2).zip(&mut after[1..]).zip(heard).zip(invented) {
        let best = (pair[0] + distances[index_of(symbol)]).min(pair[1] + lost).min(left + invented);
        *cell = best;
        left = best;
        least = least.min(best);
    }
    least
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

    #[test]
    fn names_in_order_cost_what_they_cost_alone() {
        let plain = Costs::new(|one, other| if one == other { 0.0 } else { 1.0 }, |_| 1.0, 0.5);
        let names: [&[u8]; 7] = [b"ann", b"anna", b"annabel", b"bo", b"bob", b"zoe", b"ann"];
        let order = Order::of(names.iter().map(|name| name.to_vec()));
        for heard in [&b"annlee"[..], b"bob", b"", b"xyz"] {
            let mut together = vec![None; names.len()];
            order.prefixes(heard, &plain, 2.2, |index, row| together[index] = Some(row.to_vec()));
            for (name, row) in names.iter().zip(together) {
                let mut alone = Vec::new();
                let near = prefixes(name, heard, &plain, 2.2, &mut alone);
                assert_eq!(near.then_some(alone), row, "{name:?} {heard:?}");
            }
        }
    }
}
