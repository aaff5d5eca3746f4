//! The table of everything that can be set. The loader reads by it, and a test holds `docs/OPERATIONS.md` and
//! `.env.example` to it, so that no setting is a secret of the source.

use crate::domain::business;

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
pub const SMTP_URL: &str = "DESKBELL_SMTP_URL";
pub const EMAIL_FROM: &str = "DESKBELL_EMAIL_FROM";
pub const GOOGLE_CLIENT_ID: &str = "DESKBELL_GOOGLE_CLIENT_ID";
pub const GOOGLE_CLIENT_SECRET: &str = "DESKBELL_GOOGLE_CLIENT_SECRET";
pub const MASTER_KEY: &str = "DESKBELL_MASTER_KEY";
pub const MASTER_KEYS_OLD: &str = "DESKBELL_MASTER_KEYS_OLD";
pub const MASTER_KEY_COMMAND: &str = "DESKBELL_MASTER_KEY_COMMAND";
pub const MICROSOFT_CLIENT_ID: &str = "DESKBELL_MICROSOFT_CLIENT_ID";
pub const MICROSOFT_CLIENT_SECRET: &str = "DESKBELL_MICROSOFT_CLIENT_SECRET";
pub const CALENDLY_CLIENT_ID: &str = "DESKBELL_CALENDLY_CLIENT_ID";
pub const CALENDLY_CLIENT_SECRET: &str = "DESKBELL_CALENDLY_CLIENT_SECRET";
pub const CALENDLY_SIGNING_KEY: &str = "DESKBELL_CALENDLY_SIGNING_KEY";
pub const BOOKING_EMAIL_DOMAIN: &str = "DESKBELL_BOOKING_EMAIL_DOMAIN";
pub const CALDAV_SERVERS: &str = "DESKBELL_CALDAV_SERVERS";
pub const MAX_CALLS: &str = "DESKBELL_MAX_CALLS";
pub const DRAIN_SECONDS: &str = "DESKBELL_DRAIN_SECONDS";
pub const WEB_CALLS: &str = "DESKBELL_WEB_CALLS";
pub const MODELS: &str = "DESKBELL_MODELS";
pub const EARLY_START: &str = "DESKBELL_EARLY_START";
pub const SENTIMENT: &str = "DESKBELL_SENTIMENT";
pub const CAP_CALL: &str = "DESKBELL_CAP_CALL";
pub const CAP_BUSINESS: &str = "DESKBELL_CAP_BUSINESS";
pub const CAP_NUMBER: &str = "DESKBELL_CAP_NUMBER";
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
    secret(SMTP_URL, "none: no e-mail is sent"),
    plain(EMAIL_FROM, "none"),
    plain(GOOGLE_CLIENT_ID, "none: nobody signs in with Google, or connects its calendar"),
    secret(GOOGLE_CLIENT_SECRET, "none"),
    secret(MASTER_KEY, "with an embedded database: made in the file master.key beside it; else none"),
    secret(MASTER_KEYS_OLD, "none"),
    plain(MASTER_KEY_COMMAND, "none"),
    plain(MICROSOFT_CLIENT_ID, "none: nobody connects Microsoft 365"),
    secret(MICROSOFT_CLIENT_SECRET, "none"),
    plain(CALENDLY_CLIENT_ID, "none: nobody connects Calendly"),
    secret(CALENDLY_CLIENT_SECRET, "none"),
    secret(CALENDLY_SIGNING_KEY, "none: reports are believed by the key that each was asked for with"),
    plain(BOOKING_EMAIL_DOMAIN, "none: callers without an address are sent the page where they book by themselves"),
    plain(CALDAV_SERVERS, "none: servers of the public internet alone, by https"),
    plain(MAX_CALLS, "1000"),
    plain(DRAIN_SECONDS, "900"),
    plain(WEB_CALLS, "true on a loopback address, else false"),
    plain(MODELS, "none: the scripted receptionist answers alone"),
    plain(EARLY_START, "false"),
    plain(SENTIMENT, "false"),
    plain(CAP_CALL, "1"),
    plain(CAP_BUSINESS, "50"),
    plain(CAP_NUMBER, "3"),
    plain(LOG, "info"),
    plain(LOG_FORMAT, "text"),
];

/// How the settings of one model begin; its name in capitals and one of [`MODEL_SETTINGS`] follow.
pub const MODEL: &str = "DESKBELL_MODEL_";

pub const KIND: &str = "KIND";
pub const URL: &str = "URL";
pub const MODEL_NAME: &str = "MODEL";
pub const KEY: &str = "KEY";
pub const HEADERS: &str = "HEADERS";
pub const DIALECT: &str = "DIALECT";
pub const EXTRA: &str = "EXTRA";
pub const PRICE_INPUT: &str = "PRICE_INPUT";
pub const PRICE_CACHED: &str = "PRICE_CACHED";
pub const PRICE_OUTPUT: &str = "PRICE_OUTPUT";

/// What can be set for each model of `DESKBELL_MODELS`: `DESKBELL_MODEL_FAST_KEY` for the one called fast, or `key` in the
/// settings file's table `[models.fast]`.
pub const MODEL_SETTINGS: &[Setting] = &[
    plain(KIND, "openai"),
    plain(URL, "the vendor's own, by its kind"),
    plain(MODEL_NAME, "none: it has to be said"),
    secret(KEY, "none: a model on this machine needs none"),
    secret(HEADERS, "none"),
    plain(DIALECT, "by the address"),
    plain(EXTRA, "none"),
    plain(PRICE_INPUT, "0 on this machine, else 5"),
    plain(PRICE_CACHED, "as PRICE_INPUT"),
    plain(PRICE_OUTPUT, "0 on this machine, else 25"),
];

/// The setting of this name.
pub fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// The model and the setting of a name such as `DESKBELL_MODEL_FAST_KEY`; a secret's file counts as the secret.
pub fn of_model(name: &str) -> Option<(&str, &'static Setting)> {
    let (model, field) = name.strip_prefix(MODEL)?.split_once('_')?;
    let named = |field: &str| MODEL_SETTINGS.iter().find(|setting| setting.name == field);
    let file = || field.strip_suffix("_FILE").and_then(named).filter(|setting| setting.secret);
    let setting = named(field).or_else(file)?;
    business::is_model_name(&model.to_ascii_lowercase()).then_some((model, setting))
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
    nearest_of(name, SETTINGS.iter().map(|setting| setting.name))
}

/// The one of `known` that is nearest to a misspelt name, when it is near enough to be meant.
pub fn nearest_of<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|known| (edits(name, known), known))
        .min()
        .filter(|(edits, known)| *edits * 3 <= known.len().max(6))
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
