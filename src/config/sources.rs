//! Where settings come from: the environment and a file of the same names, the environment first.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::{
    Mistake,
    settings::{self, CONFIG, SETTINGS, Setting},
};

/// The file that is read when `DESKBELL_CONFIG` names none, if it is there.
const DEFAULT_FILE: &str = "deskbell.toml";

/// Every setting that was given, as text, and what was wrong with how it was given.
#[derive(Debug, Default)]
pub(super) struct Given {
    values: BTreeMap<&'static str, String>,
    pub(super) mistakes: Vec<Mistake>,
}

impl Given {
    /// `file`: the text of the settings file.
    pub(super) fn read(environment: &BTreeMap<String, String>, file: Option<&str>) -> Self {
        let mut given = Self::default();
        let ours = environment.iter().filter(|(name, value)| settings::is_ours(name) && !value.trim().is_empty());
        let environment: BTreeMap<String, String> =
            ours.map(|(name, value)| (name.clone(), value.trim().to_owned())).collect();
        let file = file.map_or_else(BTreeMap::new, |text| given.parse_file(text));
        for (names, place) in [(&environment, "the environment"), (&file, "the settings file")] {
            names.keys().filter(|name| !is_known(name)).for_each(|name| given.unknown(name, place));
        }
        for setting in SETTINGS {
            let value = match given.one(setting, &environment) {
                None => given.one(setting, &file),
                found => found,
            };
            if let Some(value) = value {
                given.values.insert(setting.name, value);
            }
        }
        given
    }

    /// The text of a setting; nothing when it was not given.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A setting understood by `parse`, whose error says what to do. What cannot be understood is noted.
    pub(super) fn parsed<T>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        match parse(self.values.get(name)?) {
            Ok(value) => Some(value),
            Err(why) => {
                self.wrong(name, why);
                None
            }
        }
    }

    pub(super) fn wrong(&mut self, setting: &str, why: impl Into<String>) {
        self.mistakes.push(Mistake { setting: setting.to_owned(), why: why.into() });
    }

    /// One setting from one place: as itself, or for a secret as a file that holds it.
    fn one(&mut self, setting: &Setting, place: &BTreeMap<String, String>) -> Option<String> {
        let direct = place.get(setting.name).cloned();
        let Some(path) = setting.secret.then(|| place.get(&format!("{}_FILE", setting.name))).flatten() else {
            return direct;
        };
        if direct.is_some() {
            self.wrong(setting.name, format!("is given twice: remove it, or remove {}_FILE", setting.name));
            return direct;
        }
        match std::fs::read_to_string(path) {
            Ok(text) if text.trim().is_empty() => {
                self.wrong(&format!("{}_FILE", setting.name), "names an empty file");
                None
            }
            Ok(text) => Some(text.trim().to_owned()),
            Err(error) => {
                self.wrong(&format!("{}_FILE", setting.name), format!("cannot be read: {}", error.kind()));
                None
            }
        }
    }

    /// The file's keys and their values as text. A mistake shows its line's number and never the line, which may hold
    /// a secret.
    fn parse_file(&mut self, text: &str) -> BTreeMap<String, String> {
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                let line = 1 + text[..error.span().map_or(0, |span| span.start)].matches('\n').count();
                self.wrong(CONFIG, format!("the settings file is not TOML: see its line {line}"));
                return BTreeMap::new();
            }
        };
        let mut values = BTreeMap::new();
        for (name, value) in table {
            let value = match value {
                toml::Value::String(text) => text.trim().to_owned(),
                toml::Value::Integer(number) => number.to_string(),
                toml::Value::Boolean(flag) => flag.to_string(),
                _ => {
                    self.wrong(&name, "must be a text, a number, true or false in the settings file");
                    continue;
                }
            };
            if !value.is_empty() {
                values.insert(name, value);
            }
        }
        values
    }

    fn unknown(&mut self, name: &str, place: &str) {
        let plain = name.strip_suffix("_FILE").unwrap_or(name);
        let hint = match (settings::find(plain), settings::nearest(name)) {
            (Some(setting), _) => format!("; {} is not a secret, give it directly", setting.name),
            (None, Some(near)) => format!("; did you mean {near}?"),
            (None, None) => "; remove it".to_owned(),
        };
        self.wrong(name, format!("is not a setting ({place}){hint}"));
    }
}

fn is_known(name: &str) -> bool {
    settings::find(name).is_some()
        || name.strip_suffix("_FILE").and_then(settings::find).is_some_and(|setting| setting.secret)
}

/// The variables that are meant for us. One of ours that is not text is a mistake.
pub(super) fn environment(all: impl Iterator<Item = (OsString, OsString)>) -> (BTreeMap<String, String>, Vec<Mistake>) {
    let mut ours = BTreeMap::new();
    let mut mistakes = Vec::new();
    for (name, value) in all {
        let Some(name) = name.to_str().filter(|name| settings::is_ours(name)) else { continue };
        match value.into_string() {
            Ok(value) => drop(ours.insert(name.to_owned(), value)),
            Err(_) => mistakes.push(Mistake { setting: name.to_owned(), why: "is not UTF-8 text".to_owned() }),
        }
    }
    (ours, mistakes)
}

/// The text of the settings file: the one that `DESKBELL_CONFIG` names, or `deskbell.toml` if it is there.
pub(super) fn file(environment: &BTreeMap<String, String>) -> Result<Option<String>, Mistake> {
    let named = environment.get(CONFIG).filter(|path| !path.is_empty()).map(PathBuf::from);
    let path = named.as_deref().unwrap_or(Path::new(DEFAULT_FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => Ok(None),
        Err(error) => Err(Mistake {
            setting: CONFIG.to_owned(),
            why: format!("{} cannot be read: {}", path.display(), error.kind()),
        }),
    }
}
