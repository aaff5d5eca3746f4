//! The settings as an owner meets them: the real binary, its exit status, and what it says.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use deskbell::config::settings::{MODEL, MODEL_SETTINGS, SETTINGS};

/// The binary in an empty folder of its own, with nothing of our environment.
struct Owner {
    folder: PathBuf,
}

impl Owner {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("deskbell-owner-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    fn runs(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_deskbell"))
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .envs(environment.iter().copied())
            .output()
            .unwrap()
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), output.stderr.as_slice()].concat()).into_owned()
}

#[test]
fn every_mistake_is_told_at_once_by_name_and_no_secret_is_repeated() {
    let owner = Owner::new("mistakes");
    for command in ["check", "serve", "migrate"] {
        let output = owner.runs(
            &[command],
            &[
                ("DESKBELL_BIND", "here"),
                ("DESKBELL_API_TOKEN", "hunter2"),
                ("TWILIO_AUTH_TOKEN", "hunter2 hunter2 hunter2"),
                ("DESKBELL_MAX_CALLS", "many"),
                ("DESKBELL_DRAIN_SECOND", "5"),
                ("DATABASE_URL", "mysql://root:hunter2@db/bell"),
            ],
        );
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{command}: {said}");
        for name in [
            "DATABASE_URL:",
            "DESKBELL_BIND:",
            "DESKBELL_API_TOKEN:",
            "TWILIO_ACCOUNT_SID:",
            "TWILIO_AUTH_TOKEN:",
            "DESKBELL_MAX_CALLS:",
            "did you mean DESKBELL_DRAIN_SECONDS?",
        ] {
            assert!(said.contains(name), "{command} does not name {name}: {said}");
        }
        assert!(!said.contains("hunter2"), "{command} repeats a secret: {said}");
    }
}

#[test]
fn m10_a_public_origin_that_no_provider_could_use_is_refused_with_a_hint() {
    let owner = Owner::new("origin");
    for (origin, hint) in [
        ("http://voice.example.com", "must be https"),
        ("https://voice.example.com/", "no trailing slash: write https://voice.example.com"),
        ("https://voice.example.com/bell", "no path: write https://voice.example.com"),
    ] {
        let output = owner.runs(&["serve"], &[("DESKBELL_PUBLIC_ORIGIN", origin)]);
        assert_eq!(output.status.code(), Some(1));
        let said = said(&output);
        assert!(said.contains("DESKBELL_PUBLIC_ORIGIN: ") && said.contains(hint), "{said}");
    }
}

#[test]
fn t32_a_short_secret_stops_the_start_by_its_name() {
    let owner = Owner::new("short");
    let output = owner.runs(&["serve"], &[("DESKBELL_API_TOKEN", "fifteen-chars-x")]);
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    assert!(said.contains("DESKBELL_API_TOKEN: is too short") && !said.contains("fifteen-chars-x"), "{said}");
}

#[test]
fn the_settings_file_is_read_and_the_environment_wins() {
    let owner = Owner::new("file");
    std::fs::write(owner.folder.join("deskbell.toml"), "DESKBELL_MAX_CALLS = 7\nDESKBELL_DRAIN_SECONDS = 60\n")
        .unwrap();
    let output = owner.runs(&["check"], &[("DESKBELL_MAX_CALLS", "8")]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("calls at once  8") && said.contains("60 seconds"), "{said}");
    let output = owner.runs(&["check"], &[("DESKBELL_CONFIG", "elsewhere.toml")]);
    assert_eq!(output.status.code(), Some(1), "a file that was named has to be there");
}

#[test]
fn a_check_sums_up_without_a_secret_and_makes_nothing() {
    let owner = Owner::new("summary");
    let token = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    let output = owner.runs(
        &["check"],
        &[
            ("DESKBELL_API_TOKEN", token),
            ("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000001234"),
            ("TWILIO_AUTH_TOKEN", token),
            ("TWILIO_FROM", "+12125550142"),
        ],
    );
    let said = said(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("…1234") && said.contains("ending in 42"), "{said}");
    assert!(!said.contains(token) && !said.contains("+12125550142"), "{said}");
    assert!(!owner.folder.join("data").exists(), "a check must not make a database");
}

#[test]
fn a_database_that_does_not_answer_fails_the_check_without_its_password() {
    let owner = Owner::new("database");
    let output = owner.runs(&["check"], &[("DATABASE_URL", "postgres://bell:hunter2@127.0.0.1:1/bell")]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("database") && !said.contains("hunter2"), "{said}");
}

#[test]
fn a_migrated_database_passes_the_check() {
    let owner = Owner::new("migrated");
    assert!(owner.runs(&["migrate"], &[]).status.success());
    assert!(owner.folder.join("data/deskbell.sqlite").exists());
    let said = said(&owner.runs(&["check"], &[]));
    assert!(said.contains("its schema is up to date"), "{said}");
}

#[test]
fn every_setting_is_explained_in_the_manual_and_in_the_example() {
    // Those of models are explained for any name, and shown for one.
    let of_models =
        |name: &str| MODEL_SETTINGS.iter().map(move |s| (format!("{MODEL}{name}_{}", s.name), s.secret)).collect();
    let plain: Vec<(String, bool)> = SETTINGS.iter().map(|setting| (setting.name.to_owned(), setting.secret)).collect();
    for (document, has_rows, model) in [("docs/OPERATIONS.md", true, "<NAME>"), (".env.example", false, "FAST")] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(document)).unwrap();
        let of_models: Vec<(String, bool)> = of_models(model);
        for (name, secret) in plain.iter().chain(&of_models) {
            assert!(text.contains(name), "{document} does not explain {name}");
            let row = text.lines().find(|line| line.starts_with(&format!("| `{name}`")));
            assert!(
                !has_rows || row.is_some_and(|row| row.contains('◆') == *secret),
                "{document}: the row of {name} must be there and say whether it is a secret"
            );
        }
    }
}
