//! How a number compares with the one before.

/// More, less, or the same, with by how much where that says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Same,
    /// In percent, rounded; nothing when there was nothing before, or it is more than ten times as much.
    More(Option<u32>),
    Less(Option<u32>),
}

impl Change {
    pub fn between(before: u64, now: u64) -> Self {
        let percent = |of: u64| {
            let percent = (u128::from(of) * 100 + u128::from(before) / 2).checked_div(u128::from(before))?;
            u32::try_from(percent).ok().filter(|percent| *percent <= 900)
        };
        match now.cmp(&before) {
            std::cmp::Ordering::Equal => Self::Same,
            std::cmp::Ordering::Greater => Self::More(percent(now - before)),
            std::cmp::Ordering::Less => Self::Less(percent(before - now)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_percent_where_that_says_something() {
        assert_eq!(Change::between(0, 0), Change::Same);
        assert_eq!(Change::between(0, 5), Change::More(None), "of nothing there is no percentage");
        assert_eq!(Change::between(8, 9), Change::More(Some(13)));
        assert_eq!(Change::between(9, 8), Change::Less(Some(11)));
        assert_eq!(Change::between(5, 0), Change::Less(Some(100)));
        assert_eq!(Change::between(1, 50), Change::More(None), "nobody reads 4,900 percent");
        assert_eq!(Change::between(u64::MAX, 0), Change::Less(Some(100)));
    }
}
