//! What owners get wrong, and what they are told.

use std::collections::BTreeMap;

use super::*;

const SID: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "f00dfacecafe0123456789";

fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn load(pairs: &[(&str, &str)]) -> Result<Config, Vec<Mistake>> {
    Config::load(&environment(pairs), None)
}

fn names(mistakes: &[Mistake]) -> Vec<&str> {
    mistakes.iter().map(|mistake| mistake.setting.as_str()).collect()
}

#[test]
fn nothing_set_is_a_server_for_this_machine_alone() {
    let config = load(&[]).unwrap();
    assert_eq!(config.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.origin.http(), "http://127.0.0.1:8080");
    assert_eq!(config.database.file().unwrap(), Path::new("./data/deskbell.sqlite"));
    assert!(config.twilio.is_none() && config.api_token.is_none() && config.web_calls);
    assert_eq!((config.max_calls, config.drain.as_secs()), (1_000, 900));
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    assert!(load(&[("DATABASE_URL", ""), ("TWILIO_AUTH_TOKEN", " "), ("DESKBELL_BIND", "")]).is_ok());
}

#[test]
fn every_mistake_is_reported_at_once_in_the_order_of_the_manual() {
    let mistakes = load(&[
        ("DESKBELL_LOG_FORMAT", "xml"),
        ("DESKBELL_BIND", "everywhere"),
        ("DESKBELL_PUBLIC_ORIGIN", "http://voice.example.com"),
        ("DATABASE_URL", "mysql://root:hunter2@db"),
        ("DESKBELL_API_TOKEN", "hunter2"),
        ("TWILIO_ACCOUNT_SID", "SK00000000000000000000000000000001"),
        ("TWILIO_AUTH_TOKEN", "hunter2hunter2 hunter2"),
        ("TWILIO_FROM", "0800 555"),
        ("TWILIO_MESSAGING_SERVICE_SID", "MG1"),
        ("DESKBELL_SMTP_URL", "smtp://bell:hunter2@mail.example.com"),
        ("DESKBELL_EMAIL_FROM", "the bell"),
        ("DESKBELL_GOOGLE_CLIENT_ID", "my client"),
        ("DESKBELL_GOOGLE_CLIENT_SECRET", "hunter2"),
        ("DESKBELL_MASTER_KEY", "hunter2"),
        ("DESKBELL_MASTER_KEYS_OLD", "hunter2, hunter2"),
        ("DESKBELL_MASTER_KEY_COMMAND", "pass show deskbell"),
        ("DESKBELL_MICROSOFT_CLIENT_ID", "my client"),
        ("DESKBELL_MICROSOFT_CLIENT_SECRET", "hunter2"),
        ("DESKBELL_CALENDLY_CLIENT_ID", "my client"),
        ("DESKBELL_CALENDLY_CLIENT_SECRET", "hunter2"),
        ("DESKBELL_CALENDLY_SIGNING_KEY", "hunter2"),
        ("DESKBELL_BOOKING_EMAIL_DOMAIN", "our own"),
        ("DESKBELL_CALDAV_SERVERS", "https://cloud.internal, radicale"),
        ("DESKBELL_MAX_CALLS", "0"),
        ("DESKBELL_DRAIN_SECONDS", "soon"),
        ("DESKBELL_WEB_CALLS", "maybe"),
        ("DESKBELL_MODELS", "fast,Fast"),
        ("DESKBELL_EARLY_START", "often"),
        ("DESKBELL_SENTIMENT", "happy"),
        ("DESKBELL_CAP_CALL", "-1"),
        ("DESKBELL_CAP_BUSINESS", "1e9"),
        ("DESKBELL_CAP_NUMBER", "a dollar"),
        ("DESKBELL_LOG", "deskbell=loud"),
        ("DESKBELL_MAXCALLS", "5"),
    ])
    .unwrap_err();
    let told = names(&mistakes);
    for setting in s::SETTINGS.iter().skip(2) {
        assert!(told.contains(&setting.name), "{} is not reported", setting.name);
    }
    assert_eq!(told.last(), Some(&"DESKBELL_MAXCALLS"));
    assert!(mistakes.last().unwrap().why.contains("did you mean DESKBELL_MAX_CALLS?"));
    assert!(!format!("{mistakes:?}").contains("hunter2"), "a secret was repeated");
}

#[test]
fn t32_a_short_or_default_secret_is_refused_by_name() {
    for weak in ["pwd123", "changeme-changeme-changeme", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "your-token-goes-here!"] {
        let mistakes = load(&[("DESKBELL_API_TOKEN", weak)]).unwrap_err();
        assert_eq!(names(&mistakes), ["DESKBELL_API_TOKEN"]);
        assert!(!mistakes[0].to_string().contains(weak));
    }
}

#[test]
fn t32_a_secret_may_come_from_a_file_but_not_from_two_places() {
    let folder = std::env::temp_dir().join(format!("deskbell-settings-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("token");
    std::fs::write(&path, format!("{TOKEN}\n")).unwrap();
    let path = path.to_str().unwrap();
    let config = load(&[("DESKBELL_API_TOKEN_FILE", path)]).unwrap();
    assert_eq!(config.api_token.unwrap().expose(), TOKEN);
    let twice = load(&[("DESKBELL_API_TOKEN_FILE", path), ("DESKBELL_API_TOKEN", TOKEN)]).unwrap_err();
    assert_eq!(names(&twice), ["DESKBELL_API_TOKEN"]);
    let missing = load(&[("TWILIO_AUTH_TOKEN_FILE", "/nowhere/at/all"), ("TWILIO_ACCOUNT_SID", SID)]).unwrap_err();
    assert!(names(&missing).contains(&"TWILIO_AUTH_TOKEN_FILE"));
    let open = load(&[("DESKBELL_BIND_FILE", path)]).unwrap_err();
    assert!(open[0].why.contains("DESKBELL_BIND is not a secret"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = "DESKBELL_MAX_CALLS = 7\nDESKBELL_WEB_CALLS = false\nDESKBELL_BIND = \"127.0.0.1:9000\"\n";
    let config = Config::load(&environment(&[("DESKBELL_BIND", "127.0.0.1:9001")]), Some(file)).unwrap();
    assert_eq!((config.max_calls, config.web_calls, config.bind.port()), (7, false, 9001));
}

#[test]
fn a_slip_in_the_file_is_reported_without_showing_the_line() {
    let unknown = Config::load(&BTreeMap::new(), Some("DESKBELL_PORT = 80\n[table]\nx = 1\n")).unwrap_err();
    assert_eq!(names(&unknown), ["table", "DESKBELL_PORT"]);
    let broken = "DESKBELL_MAX_CALLS = 1\nTWILIO_AUTH_TOKEN = \"hunter2\n";
    let mistakes = Config::load(&BTreeMap::new(), Some(broken)).unwrap_err();
    assert!(mistakes[0].why.contains("line 2"), "{mistakes:?}");
    assert!(!format!("{mistakes:?}").contains("hunter2"));
}

#[test]
fn half_an_account_is_a_mistake() {
    assert_eq!(names(&load(&[("TWILIO_ACCOUNT_SID", SID)]).unwrap_err()), ["TWILIO_AUTH_TOKEN"]);
    assert_eq!(
        names(&load(&[("TWILIO_FROM", "+12125550142")]).unwrap_err()),
        ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"]
    );
    let both = load(&[
        ("TWILIO_ACCOUNT_SID", SID),
        ("TWILIO_AUTH_TOKEN", TOKEN),
        ("TWILIO_FROM", "+12125550142"),
        ("TWILIO_MESSAGING_SERVICE_SID", "MG00000000000000000000000000000001"),
    ]);
    assert_eq!(names(&both.unwrap_err()), ["TWILIO_FROM"]);
}

#[test]
fn half_a_way_to_send_e_mail_is_a_mistake() {
    assert_eq!(names(&load(&[("DESKBELL_EMAIL_FROM", "bell@example.com")]).unwrap_err()), ["DESKBELL_SMTP_URL"]);
    assert_eq!(
        names(&load(&[("DESKBELL_SMTP_URL", "smtps://mail.example.com")]).unwrap_err()),
        ["DESKBELL_EMAIL_FROM"]
    );
    let both =
        [("DESKBELL_EMAIL_FROM", "bell@example.com"), ("DESKBELL_SMTP_URL", "smtps://a:hunter2@mail.example.com")];
    let config = load(&both).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn t32_a_master_key_is_32_random_bytes() {
    let key = "k3VtJ9p1QmX0aLr5Ws8yBzE2uHcGfTn7oIdRvN4eYxA=";
    let config = load(&[("DESKBELL_MASTER_KEY", key), ("DESKBELL_MASTER_KEYS_OLD", &format!("{key},{key}"))]).unwrap();
    assert_eq!(config.calendars.master.old.len(), 2);
    assert!(!format!("{config:?}").contains("k3Vt"));
    assert!(config.master_key_file().is_none() && config.missing_for_sealing().is_empty());
    for weak in [&key[4..], &"0".repeat(64), &format!("{key}{key}")] {
        let mistakes = load(&[("DESKBELL_MASTER_KEY", weak)]).unwrap_err();
        assert_eq!(names(&mistakes), ["DESKBELL_MASTER_KEY"]);
        assert!(!mistakes[0].to_string().contains(weak));
    }
}

#[test]
fn without_a_master_key_an_embedded_database_has_a_file_beside_it_and_a_server_has_none() {
    let embedded = load(&[("DESKBELL_DATA", "/srv/bell")]).unwrap();
    assert_eq!(embedded.master_key_file().unwrap(), Path::new("/srv/bell/master.key"));
    let named = load(&[("DESKBELL_MASTER_KEY_COMMAND", "pass show deskbell")]).unwrap();
    assert!(named.master_key_file().is_none() && named.missing_for_sealing().is_empty());
    let server = load(&[("DATABASE_URL", "postgres://bell@db/bell")]).unwrap();
    assert!(server.master_key_file().is_none());
    assert_eq!(server.missing_for_sealing()[0].0, "DESKBELL_MASTER_KEY");
}

#[test]
fn half_of_what_a_vendor_knows_us_by_is_a_mistake() {
    for (has, misses) in [
        ("DESKBELL_GOOGLE_CLIENT_ID", "DESKBELL_GOOGLE_CLIENT_SECRET"),
        ("DESKBELL_MICROSOFT_CLIENT_SECRET", "DESKBELL_MICROSOFT_CLIENT_ID"),
        ("DESKBELL_CALENDLY_CLIENT_ID", "DESKBELL_CALENDLY_CLIENT_SECRET"),
    ] {
        assert_eq!(names(&load(&[(has, "0123456789abcdef")]).unwrap_err()), [misses]);
    }
}

#[test]
fn a_public_address_needs_its_origin_told() {
    assert_eq!(names(&load(&[("DESKBELL_BIND", "0.0.0.0:8080")]).unwrap_err()), ["DESKBELL_PUBLIC_ORIGIN"]);
    let config =
        load(&[("DESKBELL_BIND", "0.0.0.0:8080"), ("DESKBELL_PUBLIC_ORIGIN", "https://voice.example.com")]).unwrap();
    assert!(!config.web_calls, "a stranger's browser must not call by default");
}

#[test]
fn what_is_printed_for_debugging_shows_no_secret() {
    let config = load(&[
        ("DATABASE_URL", "postgres://bell:hunter2@db/bell"),
        ("DESKBELL_API_TOKEN", TOKEN),
        ("TWILIO_ACCOUNT_SID", SID),
        ("TWILIO_AUTH_TOKEN", TOKEN),
    ])
    .unwrap();
    let shown = format!("{config:?}");
    assert!(!shown.contains("hunter2") && !shown.contains(TOKEN), "{shown}");
}
