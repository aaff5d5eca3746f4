//! How long somebody waits who guesses: a little longer each time, never for ever, so that whoever knocks at an owner's
//! door all day cannot lock the owner out.

use jiff::SignedDuration;

/// Guesses that cost nothing: everybody mistypes.
const FREE: i32 = 5;
const FIRST: SignedDuration = SignedDuration::from_secs(15);
const LONGEST: SignedDuration = SignedDuration::from_mins(5);
/// After so long without a guess all is forgotten.
pub const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

/// How long after this many guesses in a row the next one is looked at.
pub fn wait_after(guesses: i32) -> SignedDuration {
    let doubled = u32::try_from(guesses - FREE).unwrap_or(0);
    match doubled {
        0 => SignedDuration::ZERO,
        1..=8 => (FIRST * (1 << (doubled - 1))).min(LONGEST),
        _ => LONGEST,
    }
}

/// The same for letters that somebody asks for: three at once, then one in five minutes.
pub fn wait_after_letters(letters: i32) -> SignedDuration {
    if letters < 3 { SignedDuration::ZERO } else { LONGEST }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_grows_and_stays_bearable() {
        let waits: Vec<i64> = (1..=12).map(|guesses| wait_after(guesses).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 15, 30, 60, 120, 240, 300, 300]);
        assert_eq!(wait_after(i32::MAX), LONGEST);
        assert_eq!(wait_after(i32::MIN + 9), SignedDuration::ZERO);
    }
}
