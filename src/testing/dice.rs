//! Chance that comes out the same every time.

/// `SplitMix64` (Steele, Lea and Flood, 2014): small, and good enough for tests and for towns of people.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The same for the same seed.
    pub const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// The same for the same name and seed, and unlike those of the name next to it.
    pub fn named(name: &str, seed: u64) -> Self {
        // FNV-1a; the standard library's hash may change from one release to the next.
        let name = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        Self(name ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Any number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 ≤ n < `sides`; 0 for no sides at all.
    pub fn below(&mut self, sides: usize) -> usize {
        let sides = u64::try_from(sides).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % sides).unwrap_or_default()
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// Changes one thing in some bytes, or nothing: a bit, one byte less, one more out of `letters`, two that change places.
    pub fn spoil(&mut self, bytes: &mut Vec<u8>, letters: &[u8]) {
        let (at, with) = (self.below(bytes.len()), self.below(bytes.len()));
        match self.below(4) {
            _ if bytes.is_empty() => {}
            0 => bytes[at] ^= 1 << self.below(7),
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, self.pick(letters).copied().unwrap_or_default()),
            _ => bytes.swap(at, with),
        }
    }

    /// Nothing of nothing.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_says_the_same_again_and_another_seed_something_else() {
        let throws = |scenario, seed| -> Vec<usize> {
            let mut dice = Dice::named(scenario, seed);
            (0..20).map(|_| dice.below(6)).collect()
        };
        assert_eq!(throws("a", 1), throws("a", 1));
        assert_ne!(throws("a", 1), throws("a", 2));
        assert_ne!(throws("a", 1), throws("b", 1));
        assert!(throws("a", 3).iter().all(|eyes| *eyes < 6));
        assert_eq!(Dice::named("a", 1).below(0), 0);
    }
}
