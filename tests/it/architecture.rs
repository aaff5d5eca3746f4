//! Holds the direction of the rooms: reads the sources and complains when one names a room it may not know.
//!
//! The rules are the table in docs/ARCHITECTURE.md. A test inside a room may use more than the room itself, so
//! `#[cfg(test)]` modules and files are not looked at.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// A room and the rooms it may name, besides itself.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ports", &["domain"]),
    ("adapters", &["domain", "ports", "config"]),
    ("session", &["domain", "ports"]),
    ("store", &["domain", "ports", "secrets"]),
    ("secrets", &["domain"]),
    ("calendars", &["domain", "ports", "secrets", "store"]),
    ("desk", &["domain", "ports", "store"]),
    ("jobs", &["calendars", "domain", "ports", "store"]),
    ("config", &["domain"]),
    ("lifecycle", &[]),
    ("telemetry", &["config"]),
    ("web", &["calendars", "domain", "ports", "config", "lifecycle", "session", "store"]),
    // A scripted caller plays a whole call against the session.
    ("testing", &["domain", "ports", "session"]),
    // `simulate` lets models play that stand in `testing`; `keys` seals again.
    ("cli", &["app", "adapters", "config", "domain", "lifecycle", "ports", "secrets", "store", "telemetry", "testing"]),
    (
        "app",
        &[
            "adapters",
            "calendars",
            "config",
            "desk",
            "domain",
            "jobs",
            "lifecycle",
            "ports",
            "secrets",
            "session",
            "store",
            "telemetry",
            "web",
        ],
    ),
    ("lib", &[]),
    ("main", &["cli"]),
];

/// What the rules of the business must not touch: the outside world, and values without a type.
const IMPURE: &[&str] = &[
    "tokio",
    "sqlx",
    "reqwest",
    "axum",
    "hyper",
    "tracing",
    "async_trait",
    "serde_json::Value",
    "serde_json::json",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "SystemTime",
    "Instant",
    "::now(",
];

/// Vendors, and the rooms that have to know them. Whoever else names one has taken over what an adapter should say.
const VENDORS: &[&str] = &[
    "twilio",
    "telnyx",
    "plivo",
    "vonage",
    "calendly",
    "openai",
    "anthropic",
    "deepgram",
    "elevenlabs",
    "calcom",
    "microsoft",
];
const KNOW_VENDORS: &[&str] = &["adapters", "app", "config", "cli"];
/// Doubles stand in for the vendors: one misses a header of theirs by its name, others are them.
const STANDS_IN: &[&str] = &["testing/llm/server.rs", "testing/calendar"];

struct Source {
    path: PathBuf,
    room: String,
    /// Without `#[cfg(test)]` modules.
    text: String,
    lines: usize,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(&root).unwrap().to_owned();
                let text = fs::read_to_string(&path).unwrap();
                found.push(Source {
                    room: inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned(),
                    lines: text.lines().count(),
                    text: without_tests(&text),
                    path: inside,
                });
            }
        }
    }
    // "tests.rs", and everything in a folder "tests".
    let tests_alone = |source: &Source| source.path.with_extension("").iter().any(|part| part == "tests");
    found.retain(|source| !tests_alone(source));
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Takes out every item under `#[cfg(test)]`: as rustfmt writes them, up to the bracket that stands where it began.
fn without_tests(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            kept.push_str(line);
            kept.push('\n');
            continue;
        }
        let end = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
        let item = lines.by_ref().find(|line| !line.trim_start().starts_with("#[")).unwrap_or_default();
        if !item.ends_with(';') && !item.ends_with('}') {
            lines.by_ref().find(|line| *line == end);
        }
    }
    kept
}

/// The code of a line, without its comment.
fn code(line: &str) -> &str {
    if line.trim_start().starts_with("//") { "" } else { line.split(" // ").next().unwrap_or(line) }
}

/// The rooms that a source names: after `crate::`, `deskbell::`, and in a `use crate::{…}` list.
fn named(source: &Source) -> Vec<String> {
    let text = source.text.lines().map(code).collect::<Vec<_>>().join("\n");
    let mut rooms = Vec::new();
    for start in ["crate::", "deskbell::"] {
        for (at, _) in text.match_indices(start) {
            let rest = &text[at + start.len()..];
            match rest.strip_prefix('{') {
                Some(list) => rooms.extend(top_level(list)),
                None => rooms.push(word(rest)),
            }
        }
    }
    rooms
}

/// The first segments of a `use` list: `config::Config, ports::{a, b}}` names config and ports.
fn top_level(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut rooms = Vec::new();
    let mut fresh = true;
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            c if fresh && c.is_alphabetic() => {
                rooms.push(word(&list[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    rooms
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn each_room_names_only_the_rooms_it_may_know() {
    let rooms: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(may) = rooms.get(source.room.as_str()) else {
            wrong.push(format!("src/{}: `{}` is not a room of the table", source.path.display(), source.room));
            continue;
        };
        for room in named(&source) {
            let is_room = rooms.contains_key(room.as_str());
            if is_room && room != source.room && !may.contains(&room.as_str()) {
                wrong.push(format!("src/{}: {} may not name {room}", source.path.display(), source.room));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_domain_touches_nothing_outside_itself() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.room == "domain") {
        for (n, line) in source.text.lines().enumerate() {
            for impure in IMPURE.iter().filter(|impure| mentions(code(line), impure)) {
                wrong.push(format!("src/{} near line {}: {impure}", source.path.display(), n + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Whether a path or a word stands in a line, and not merely as a part of a longer word.
fn mentions(line: &str, what: &str) -> bool {
    line.match_indices(what).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + what.len()..].chars().next();
        let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        what.starts_with(':') || (!word(before) && !word(after))
    })
}

#[test]
fn vendors_are_named_by_their_adapters_and_by_whoever_chooses_them() {
    let mut wrong = Vec::new();
    let knows = |source: &Source| {
        KNOW_VENDORS.contains(&source.room.as_str()) || STANDS_IN.iter().any(|path| source.path.starts_with(path))
    };
    for source in sources().iter().filter(|source| !knows(source)) {
        for (n, line) in source.text.lines().enumerate() {
            let code = code(line).to_lowercase();
            for vendor in VENDORS.iter().filter(|vendor| code.contains(*vendor)) {
                wrong.push(format!("src/{} near line {}: {vendor}", source.path.display(), n + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_vendors_own_words_stay_in_its_folder() {
    for source in sources() {
        let is_wire = source.path.file_stem().is_some_and(|stem| stem == "wire");
        assert!(!source.text.contains("pub mod wire;"), "src/{}: wire is private", source.path.display());
        assert!(!is_wire || source.room == "adapters", "src/{}: only adapters have one", source.path.display());
    }
}

#[test]
fn every_file_says_why_it_exists() {
    let silent: Vec<_> = sources()
        .into_iter()
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| source.path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "no //! at the top: {silent:?}");
}

/// Not a rule: long files are listed for whoever reads the output with `--nocapture`.
#[test]
fn long_files_are_reported() {
    for source in sources().iter().filter(|source| source.lines > 400) {
        println!("{:5} lines: src/{}", source.lines, source.path.display());
    }
}

#[test]
fn the_reader_of_sources_understands_what_it_reads() {
    let text = "use crate::{\n    config::{Config, desk},\n    ports::clock,\n};\nlet x = crate::store::Store;\n// crate::web\n\
                #[cfg(test)]\nmod tests {\n    use crate::testing;\n    fn f() {\n    }\n}\nfn after() {}\n\
                #[cfg(test)]\nmod fakes;\n";
    let source = Source { path: PathBuf::new(), room: String::new(), text: without_tests(text), lines: 0 };
    assert_eq!(named(&source), ["config", "ports", "store"]);
    assert!(source.text.contains("fn after()"));
    assert!(!source.text.contains("testing") && !source.text.contains("fakes"));
    assert!(mentions("use tokio::time", "tokio") && !mentions("let tokios = 1", "tokio"));
    assert!(mentions("Timestamp::now()", "::now("));
}
