//! How long what was said is kept.

use serde::{Deserialize, Serialize};

/// The fewest and the most days that can be set: time to look at a week's calls, and ten years.
pub const FEWEST_DAYS: u16 = 7;
pub const MOST_DAYS: u16 = 3_650;

/// When what callers said and were told is deleted by itself. Appointments are not concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// So many days after a call its transcript, summary and number, callers' messages, and the words of text messages
    /// go. Nothing: they are kept until somebody erases them.
    pub calls_days: Option<u16>,
}

/// A year: long enough to compare with the same season, and to answer a complaint. Keeping personal data for ever is
/// something that an owner should have to choose (GDPR, article 5(1)(e)).
impl Default for Retention {
    fn default() -> Self {
        Self { calls_days: Some(365) }
    }
}

impl Retention {
    /// As usual, so that it need not stand in the document.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with it.
    pub fn mistake(&self) -> Option<&'static str> {
        let days = self.calls_days?;
        (!(FEWEST_DAYS..=MOST_DAYS).contains(&days)).then_some("must be 7 to 3,650 days")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_unless_said_otherwise_and_for_ever_only_when_said() {
        let usual: Retention = serde_json::from_str("{}").unwrap();
        assert!(usual.is_usual() && usual.calls_days == Some(365));
        let ever: Retention = serde_json::from_str(r#"{"calls_days": null}"#).unwrap();
        assert_eq!((ever.calls_days, ever.mistake()), (None, None));
        for days in [0, 6, 3_651] {
            assert!(Retention { calls_days: Some(days) }.mistake().is_some());
        }
    }
}
