//! Which number the groups make: the numbering plan decides between the ways to write them down.

use super::groups::{Group, digits};
use crate::domain::phone::PhoneNumber;

/// A way to write groups down.
#[derive(Clone, Debug, Default)]
pub(super) struct Way {
    pub digits: String,
    /// How often the less likely reading of a group was taken.
    unlikely: usize,
}

/// A number, and whether other words could have been meant.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub number: PhoneNumber,
    pub uncertain: bool,
}

/// So many ways are tried; more ambiguous numbers than this are not said.
pub(super) const LIKELIEST: usize = 24;

/// E.164 allows 15 digits; before them "+", "00" or "011" may stand.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=18;

/// The ways to write groups down, the likeliest first.
pub(super) fn ways(groups: &[Group], most: usize) -> Vec<Way> {
    let mut ways = vec![Way::default()];
    for group in groups {
        let mut next: Vec<Way> = Vec::with_capacity(ways.len() * group.readings.len());
        for way in &ways {
            for (n, reading) in group.readings.iter().enumerate() {
                let digits = format!("{}{reading}", way.digits);
                next.push(Way { digits, unlikely: way.unlikely + n + usize::from(group.doubtful && n == 0) });
            }
        }
        next.sort_by_key(|way| way.unlikely);
        next.truncate(most);
        ways = next;
    }
    ways
}

/// The number that groups make, in the likeliest way that the numbering plan knows.
pub(super) fn whole(groups: &[Group], country: &str) -> Option<Read> {
    let mut found: Option<(Read, usize)> = None;
    for way in ways(groups, LIKELIEST) {
        let Some(read) = number(&way.digits, country) else { continue };
        match &mut found {
            None => {
                let doubted = groups.iter().any(|group| group.doubtful);
                found = Some((Read { uncertain: read.uncertain || doubted, ..read }, way.unlikely));
            }
            Some((first, _)) if first.number != read.number => {
                first.uncertain = true;
                break;
            }
            Some(_) => {}
        }
    }
    found.map(|(read, _)| read)
}

/// One number from digits.
pub(super) fn number(digits: &str, country: &str) -> Option<Read> {
    if !DIGITS.contains(&digits.trim_start_matches('+').len()) {
        return None;
    }
    let sure = |number| Read { number, uncertain: false };
    // Callers say "00" for abroad also where something else is dialled.
    let abroad = || {
        let number = PhoneNumber::parse(&format!("+{}", digits.strip_prefix("00")?), country).ok()?;
        Some(Read { number, uncertain: true })
    };
    PhoneNumber::parse(digits, country).ok().map(sure).or_else(abroad)
}

/// The longest part of a run that is a number, between pauses: "415 555 2671, 3 people".
pub(super) fn part(groups: &[Group], country: &str) -> Option<(Read, std::ops::Range<usize>)> {
    let cuts: Vec<usize> =
        (0..=groups.len()).filter(|&at| at == 0 || at == groups.len() || groups[at].apart).take(12).collect();
    let mut parts: Vec<std::ops::Range<usize>> = Vec::new();
    for (n, &start) in cuts.iter().enumerate() {
        parts.extend(cuts[n + 1..].iter().map(|&end| start..end));
    }
    parts.sort_by_key(|part| std::cmp::Reverse(digits(&groups[part.clone()]).len()));
    parts.into_iter().find_map(|part| {
        let read = whole(&groups[part.clone()], country)?;
        Some((Read { uncertain: true, ..read }, part))
    })
}

/// Puts right what was said before: `piece` replaces its end, or the end that it repeats with a difference ("…five five
/// six, sorry, five five seven, two six seven one"). `front` if the beginning was named ("the first three are …").
pub(super) fn amended(before: &str, piece: &str, front: bool, country: &str) -> Option<String> {
    let keep = before.len().checked_sub(piece.len());
    if front {
        return keep.map(|_| format!("{piece}{}", &before[piece.len()..]));
    }
    let replaced = |dropped: usize| {
        let kept = before.len().checked_sub(dropped)?;
        let differ = before[kept..].bytes().zip(piece.bytes()).filter(|(old, new)| old != new).count();
        Some((format!("{}{piece}", before.get(..kept)?), differ, dropped))
    };
    let mut ways: Vec<_> = (1..=piece.len()).filter_map(replaced).collect();
    // The more of it is said again, the surer.
    ways.sort_by_key(|(_, differ, dropped)| (differ * 100 / dropped, std::cmp::Reverse(*dropped)));
    let valid = ways.iter().find(|(digits, ..)| number(digits, country).is_some());
    let likely = || ways.iter().find(|(_, differ, dropped)| *dropped >= 2 && differ * 2 <= *dropped);
    valid.or_else(likely).map(|(digits, ..)| digits.clone()).or_else(|| Some(format!("{}{piece}", &before[..keep?])))
}
