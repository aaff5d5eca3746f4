//! E-mail: the few letters that the server writes by itself, an address to set a password or to join a team.

use async_trait::async_trait;
use thiserror::Error;

use crate::domain::email::EmailAddress;

/// Why a letter did not leave.
#[derive(Debug, Error)]
pub enum EmailError {
    /// Nobody has said how e-mail leaves this server: say so, and name another way.
    #[error("this server has no way to send e-mail")]
    NotSetUp,
    /// The mail server will not take it for this address, today or tomorrow: look at the address.
    #[error("the mail server refuses the letter ({0})")]
    Refused(u16),
    /// The mail server did not let us in: the operator has to look at the settings.
    #[error("the mail server does not accept our user name or password")]
    NotAllowed,
    /// Not taken, as far as is known: try again later.
    #[error("the mail server did not take the letter")]
    NotTaken(#[source] anyhow::Error),
}

#[async_trait]
pub trait Email: Send + Sync {
    /// Whether letters get anywhere. When not, a page says so and names another way, before anybody waits for one.
    fn works(&self) -> bool {
        true
    }

    /// Sends a letter in plain text. Control characters and marks that turn the direction of the text around are left out, so
    /// that nothing in `subject` can become a header; `text` is ours, and what others have written stands in it only after
    /// [`harmless`].
    async fn send(&self, to: &EmailAddress, subject: &str, text: &str) -> Result<(), EmailError>;
}

/// The longest name that is put into a letter, in characters.
const LONGEST: usize = 60;

/// What somebody else has written (a name), as it may stand in a letter of ours: on one line, without controls, marks that
/// turn the direction around, and anything that a mail program would make a link of.
pub fn harmless(name: &str) -> String {
    let words = name.split(|c: char| c.is_whitespace() || c.is_control());
    let words = words.filter(|word| !word.is_empty() && !is_link(word)).map(|word| word.replace(turns, ""));
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST).collect()
}

/// One line without controls, for a subject.
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !turns(*c)).collect()
}

/// Marks and overrides of direction, and characters of no width (Unicode 16, 9.9 and UAX 9).
fn turns(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
}

/// "<https://evil.example>", "www.evil.example", "evil.example/x", "a@evil.example".
fn is_link(word: &str) -> bool {
    let word = word.to_lowercase();
    let dotted = word.trim_end_matches('.').rsplit_once('.').is_some_and(|(before, after)| {
        !before.is_empty() && after.chars().take_while(char::is_ascii_alphabetic).count() >= 2
    });
    word.contains("://") || word.contains('@') || dotted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t38_a_name_brings_no_header_no_link_and_no_turned_text_into_a_letter() {
        assert_eq!(harmless("Maria\r\nBcc: all@evil.example\r\n"), "Maria Bcc:");
        assert_eq!(harmless("Free money http://evil.example/x www.evil.example evil.example/x"), "Free money");
        assert_eq!(harmless("Maria \u{202e}zepoL\u{0}\u{200b}"), "Maria zepoL");
        assert_eq!(harmless("Dr. Maria López-Ruiz Jr. & Sons, No. 5"), "Dr. Maria López-Ruiz Jr. & Sons, No. 5");
        assert_eq!(harmless(&"a".repeat(500)).len(), LONGEST);
        assert_eq!(one_line("A\r\nBcc: b\u{202e}"), "A  Bcc: b");
    }
}
