//! Passwords as they are typed, before anything is made of them.
//!
//! The rules are NIST's (SP 800-63B-4, 3.1.1.2): long rather than odd, nothing that is tried first, no rule about which
//! characters must be in it. What is compared is the NFKC form, so that the same keys give the same password on a Mac
//! and on a PC.

use std::fmt;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization as _;

use crate::domain::email::EmailAddress;

/// In characters of the NFKC form.
const SHORTEST: usize = 12;
const LONGEST: usize = 128;
/// Bytes as typed; more than [`LONGEST`] characters can have, so that nobody makes us normalise a novel.
const LONGEST_TYPED: usize = 4 * LONGEST * 2;

/// In NFKC, of a length that can be one. Printed as `Password(…)`.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Why something cannot be a new password, as a sentence for whoever typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unfit {
    #[error("Choose a password.")]
    Missing,
    #[error("Use at least {SHORTEST} characters. This has {0}.")]
    Short(usize),
    #[error("Use at most {LONGEST} characters.")]
    Long,
    #[error("It has a character in it that no key types, such as a tab or a line break. Leave that out.")]
    Control,
    #[error("This is one of the first that anybody would try. A few words that do not belong together are better.")]
    Common,
    #[error("It is too near to your e-mail address.")]
    LikeEmail,
}

impl Password {
    /// What somebody types to be let in. Nothing: it cannot be anybody's password.
    pub fn typed(text: &str) -> Option<Self> {
        let password = Self::normal(text).ok()?;
        (!password.0.is_empty()).then_some(password)
    }

    /// A new password for whoever has this address.
    ///
    /// # Errors
    /// Why it is not fit to be one.
    pub fn new(text: &str, email: Option<&EmailAddress>) -> Result<Self, Unfit> {
        let password = Self::normal(text)?;
        match password.0.chars().count() {
            0 => return Err(Unfit::Missing),
            few @ 1..SHORTEST => return Err(Unfit::Short(few)),
            _ => {}
        }
        if email.is_some_and(|email| is_like(&password.0, email)) {
            return Err(Unfit::LikeEmail);
        }
        if is_common(&password.0) { Err(Unfit::Common) } else { Ok(password) }
    }

    fn normal(text: &str) -> Result<Self, Unfit> {
        if text.len() > LONGEST_TYPED {
            return Err(Unfit::Long);
        }
        let normal: String = text.nfkc().collect();
        if normal.chars().any(char::is_control) {
            return Err(Unfit::Control);
        }
        if normal.chars().count() > LONGEST { Err(Unfit::Long) } else { Ok(Self(normal)) }
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Words that people pad with digits until a rule is met.
const WORDS: &[&str] = &[
    "password",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "passwort",
    "motdepasse",
    "contrasena",
    "senha",
    "wachtwoord",
    "qwerty",
    "qwertz",
    "azerty",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "asdfgh",
    "zxcvbnm",
    "qazwsx",
    "qazwsxedc",
    "qwe",
    "asd",
    "abc",
    "abcd",
    "abcdef",
    "letmein",
    "welcome",
    "willkommen",
    "bienvenue",
    "admin",
    "administrator",
    "iloveyou",
    "sunshine",
    "princess",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "superman",
    "batman",
    "master",
    "login",
    "secret",
    "whatever",
    "trustno",
    "starwars",
    "michael",
    "jordan",
    "liverpool",
    "summer",
    "winter",
    "spring",
    "autumn",
    "january",
    "december",
    "changeme",
    "default",
    "guest",
    "test",
    "testing",
    "deskbell",
    "desk bell",
    "receptionist",
];

/// One of the words with digits and signs around it, a word said twice, one character or a short piece over and over, a
/// row of the keyboard or of the alphabet.
fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let chars: Vec<char> = lower.chars().collect();
    let stem = lower.trim_matches(|c: char| !c.is_alphabetic());
    let word = |text: &str| WORDS.contains(&text);
    let half = |text: &str| {
        let middle = text.len() / 2;
        text.is_char_boundary(middle) && text[..middle] == text[middle..] && word(&text[..middle])
    };
    let unspelled = stem.replace('0', "o").replace('1', "i").replace('3', "e").replace('@', "a").replace('$', "s");
    word(stem) || half(stem) || word(&unspelled) || half(&unspelled) || is_repeated(&chars) || is_row(&chars)
}

/// "aaaaaaaaaaaa", "abcabcabcabc", "1212121212121".
fn is_repeated(chars: &[char]) -> bool {
    (1..=4).any(|length| chars.iter().zip(&chars[length.min(chars.len())..]).all(|(a, b)| a == b))
}

/// Steps of one most of the way: "abcdefghijkl", "123456789012", "qwertyuiop[]", up or down.
fn is_row(chars: &[char]) -> bool {
    const ROWS: [&str; 6] =
        ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop[]", "qwertzuiopü", "asdfghjkl;'", "zxcvbnm,./"];
    let steps = |a: char, b: char| {
        ROWS.iter().any(|row| row.chars().zip(row.chars().skip(1)).any(|pair| pair == (a, b) || pair == (b, a)))
    };
    let taken = chars.windows(2).filter(|pair| steps(pair[0], pair[1])).count();
    taken * 10 >= chars.len().saturating_sub(1) * 8
}

/// Letters and digits alone are compared, with digits around them left out.
fn is_like(password: &str, email: &EmailAddress) -> bool {
    let plain = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let whole = plain(password);
    let (local, _) = email.as_str().split_once('@').unwrap_or((email.as_str(), ""));
    let (local, address) = (plain(local), plain(email.as_str()));
    let bare = whole.trim_matches(|c: char| c.is_ascii_digit());
    whole == address || bare == local || (local.len() >= 4 && bare == local.trim_matches(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(text: &str) -> Result<Password, Unfit> {
        Password::new(text, Some(&"maria.lopez@example.com".parse().unwrap()))
    }

    #[test]
    fn k7_a_password_has_twelve_to_a_hundred_and_twenty_eight_characters() {
        assert_eq!(new(""), Err(Unfit::Missing));
        assert_eq!(new("1234567"), Err(Unfit::Short(7)));
        assert_eq!(new("elevenchars"), Err(Unfit::Short(11)));
        assert!(new("violet train").is_ok());
        let long: String = "violet train, ".chars().cycle().take(LONGEST).collect();
        assert!(new(&long).is_ok());
        assert_eq!(new(&format!("{long}x")), Err(Unfit::Long));
        assert_eq!(new(&"violet train".repeat(100_000)), Err(Unfit::Long), "1,200,000 characters");
        // Characters are counted, not bytes.
        assert!(new("ключ от дома").is_ok());
        assert_eq!(new("ключ от дом"), Err(Unfit::Short(11)));
        assert!(new(&"🚂🌷🎻".repeat(40)).is_err_and(|unfit| unfit == Unfit::Common), "over and over");
    }

    #[test]
    fn k7_nul_and_other_controls_are_refused() {
        for text in ["violet\0train car", "violet\ttrain car", "violet train car\n", "violet\u{85}train car"] {
            assert_eq!(new(text), Err(Unfit::Control));
            assert!(Password::typed(text).is_none());
        }
    }

    #[test]
    fn k7_the_same_keys_give_the_same_password_everywhere() {
        // "é" as one character and as two, a ligature, letters of full width.
        for (one, other) in [
            ("caf\u{e9} violet train", "cafe\u{301} violet train"),
            ("\u{fb01}ne violet train", "fine violet train"),
            ("\u{ff56}iolet train car", "violet train car"),
        ] {
            assert_eq!(Password::typed(one), Password::new(other, None).ok());
        }
        assert_ne!(Password::typed("Violet train car"), Password::typed("violet train car"));
        assert_ne!(Password::typed(" violet train car"), Password::typed("violet train car"), "spaces count");
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for text in [
            "password1234",
            "Password2026!",
            "P@ssw0rd2026!",
            "passwordpassword",
            "qwertyuiop12",
            "123456789012",
            "210987654321",
            "abcdefghijkl",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "121212121212",
            "Deskbell2026",
            "deskbelldeskbell",
            "welcome12345",
            "000000000000",
        ] {
            assert_eq!(new(text), Err(Unfit::Common), "{text}");
        }
        for text in ["maria.lopez@example.com", "MariaLopez2026", "maria-lopez!", "marialopez12"] {
            assert_eq!(new(text), Err(Unfit::LikeEmail), "{text}");
        }
        for text in ["violet train car", "correct horse battery staple", "zq8!mRt2#vLp", "my password is odd"] {
            assert!(new(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_password_is_not_printed() {
        assert_eq!(format!("{:?}", new("violet train car").unwrap()), "Password(…)");
    }
}
