//! The table of everything that can be set. The loader reads by it, and a test holds `docs/OPERATIONS.md` and
//! `.env.example` to it, so that no setting is a secret of the source.

/// One setting, by the name it has in the environment and in the file.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub name: &'static str,
    /// Never printed, and may be given as a file that holds it: `NAME_FILE=/run/secrets/name`.
    pub secret: bool,
    /// What holds when it is not set, in words for a person.
    pub default: &'static str,
}

const fn plain(name: &'static str, default: &'static str) -> Setting {
    Setting { name, secret: false, default }
}

const fn secret(name: &'static str, default: &'static str) -> Setting {
    Setting { name, secret: true, default }
}

pub const CONFIG: &str = "DESKBELL_CONFIG";
pub const DATA: &str = "DESKBELL_DATA";
pub const DATABASE_URL: &str = "DATABASE_URL";
pub const BIND: &str = "DESKBELL_BIND";
pub const PUBLIC_ORIGIN: &str = "DESKBELL_PUBLIC_ORIGIN";
pub const API_TOKEN: &str = "DESKBELL_API_TOKEN";
pub const ACCOUNT_SID: &str = "TWILIO_ACCOUNT_SID";
pub const AUTH_TOKEN: &str = "TWILIO_AUTH_TOKEN";
pub const FROM: &str = "TWILIO_FROM";
pub const MESSAGING_SERVICE: &str = "TWILIO_MESSAGING_SERVICE_SID";
pub const MAX_CALLS: &str = "DESKBELL_MAX_CALLS";
pub const DRAIN_SECONDS: &str = "DESKBELL_DRAIN_SECONDS";
pub const WEB_CALLS: &str = "DESKBELL_WEB_CALLS";
pub const LOG: &str = "DESKBELL_LOG";
pub const LOG_FORMAT: &str = "DESKBELL_LOG_FORMAT";

/// In the order in which mistakes are reported and the manual explains them.
pub const SETTINGS: &[Setting] = &[
    plain(CONFIG, "deskbell.toml, if there is one"),
    plain(DATA, "./data"),
    secret(DATABASE_URL, "an embedded SQLite file, deskbell.sqlite in DESKBELL_DATA"),
    plain(BIND, "127.0.0.1:8080"),
    plain(PUBLIC_ORIGIN, "http://127.0.0.1:<port> when DESKBELL_BIND is a loopback address"),
    secret(API_TOKEN, "none: the API is closed"),
    plain(ACCOUNT_SID, "none: only the browser can call"),
    secret(AUTH_TOKEN, "none"),
    plain(FROM, "none: text messages are printed"),
    plain(MESSAGING_SERVICE, "none"),
    plain(MAX_CALLS, "1000"),
    plain(DRAIN_SECONDS, "900"),
    plain(WEB_CALLS, "true on a loopback address, else false"),
    plain(LOG, "info"),
    plain(LOG_FORMAT, "text"),
];

/// The setting of this name.
pub fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// Whether a variable of this name is meant for us, so that an unknown one is a slip of the pen. `DESKBELL_TEST_…`
/// belongs to the tests.
pub fn is_ours(name: &str) -> bool {
    (name.starts_with("DESKBELL_") && !name.starts_with("DESKBELL_TEST_"))
        || name.starts_with("TWILIO_")
        || name == DATABASE_URL
        || name.strip_suffix("_FILE") == Some(DATABASE_URL)
}

/// The known name nearest to a misspelt one, when it is near enough to be meant.
pub fn nearest(name: &str) -> Option<&'static str> {
    SETTINGS
        .iter()
        .map(|setting| (edits(name, setting.name), setting.name))
        .min()
        .filter(|(edits, known)| *edits * 3 <= known.len())
        .map(|(_, known)| known)
}

/// Levenshtein's distance.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_is_recognised_and_a_foreign_one_is_not() {
        assert_eq!(nearest("DESKBELL_PUBLIC_ORIGN"), Some(PUBLIC_ORIGIN));
        assert_eq!(nearest("DESKBELL_BINDD"), Some(BIND));
        assert_eq!(nearest("TWILIO_ACCOUNT"), Some(ACCOUNT_SID));
        assert_eq!(nearest("DESKBELL_COLOUR_OF_THE_DOOR"), None);
    }
}
