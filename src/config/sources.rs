//! Where settings come from: the environment and a file of the same names, the environment first.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::{
    Mistake,
    settings::{self, CONFIG, MODEL, MODEL_SETTINGS, SETTINGS},
};
use crate::domain::business::is_model_name;

/// The file that is read when `DESKBELL_CONFIG` names none, if it is there.
const DEFAULT_FILE: &str = "deskbell.toml";
/// The table of the file that holds a table for each model.
const MODEL_TABLES: &str = "models";

/// Every setting that was given, as text, and what was wrong with how it was given.
#[derive(Debug, Default)]
pub(super) struct Given {
    values: BTreeMap<String, String>,
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
        let models: BTreeSet<String> = environment
            .keys()
            .chain(file.keys())
            .filter_map(|name| settings::of_model(name))
            .map(|(model, _)| model.to_owned())
            .collect();
        let of_models = models.iter().flat_map(|model| {
            MODEL_SETTINGS.iter().map(move |setting| (format!("{MODEL}{model}_{}", setting.name), setting))
        });
        let all = SETTINGS.iter().map(|setting| (setting.name.to_owned(), setting));
        for (name, setting) in all.chain(of_models) {
            let value = match given.one(&name, setting.secret, &environment) {
                None => given.one(&name, setting.secret, &file),
                found => found,
            };
            if let Some(value) = value {
                given.values.insert(name, value);
            }
        }
        given
    }

    /// The models that anything is set for, in small letters.
    pub(super) fn models(&self) -> BTreeSet<String> {
        let names = self.values.keys().filter_map(|name| settings::of_model(name));
        names.map(|(model, _)| model.to_ascii_lowercase()).collect()
    }

    /// The text of a setting; nothing when it was not given.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A setting understood by `parse`, whose error says what to do. What cannot be understood is noted.
    pub(super) fn parsed<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
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
    fn one(&mut self, name: &str, secret: bool, place: &BTreeMap<String, String>) -> Option<String> {
        let direct = place.get(name).cloned();
        let in_file = format!("{name}_FILE");
        let Some(path) = secret.then(|| place.get(&in_file)).flatten() else {
            return direct;
        };
        if direct.is_some() {
            self.wrong(name, format!("is given twice: remove it, or remove {in_file}"));
            return direct;
        }
        match std::fs::read_to_string(path) {
            Ok(text) if text.trim().is_empty() => {
                self.wrong(&in_file, "names an empty file");
                None
            }
            Ok(text) => Some(text.trim().to_owned()),
            Err(error) => {
                self.wrong(&in_file, format!("cannot be read: {}", error.kind()));
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
            match value {
                toml::Value::Table(models) if name == MODEL_TABLES => self.parse_models(models, &mut values),
                value => self.put(&name.clone(), name, &value, &mut values),
            }
        }
        values
    }

    /// `[models.fast]` with `key = "…"` says what `DESKBELL_MODEL_FAST_KEY` says.
    fn parse_models(&mut self, models: toml::Table, values: &mut BTreeMap<String, String>) {
        for (model, settings) in models {
            let at = format!("{MODEL_TABLES}.{model}");
            let toml::Value::Table(settings) = settings else {
                self.wrong(&at, format!("must be a table of its own in the settings file: [{at}]"));
                continue;
            };
            if !is_model_name(&model) {
                self.wrong(&at, "is not a name for a model: small letters and digits, a letter first, 20 at most");
                continue;
            }
            for (key, value) in settings {
                let at = format!("{at}.{key}");
                let name = format!("{MODEL}{}_{}", model.to_ascii_uppercase(), key.to_ascii_uppercase());
                if key == settings::EXTRA.to_ascii_lowercase()
                    && let Some(fields) = value.as_table()
                {
                    // A request's fields have types, which text would lose.
                    let fields = serde_json::to_string(fields).unwrap_or_default();
                    self.put(&at, name, &toml::Value::String(fields), values);
                } else if settings::of_model(&name).is_some() && key == key.to_ascii_lowercase() {
                    self.put(&at, name, &value, values);
                } else {
                    let known = MODEL_SETTINGS.iter().map(|setting| setting.name.to_ascii_lowercase());
                    let known: Vec<String> = known.collect();
                    let near = settings::nearest_of(&key.to_ascii_lowercase(), known.iter().map(String::as_str));
                    let hint = near.map_or("; remove it".to_owned(), |near| format!("; did you mean {near}?"));
                    self.wrong(&at, format!("is not a setting of a model (the settings file){hint}"));
                }
            }
        }
    }

    /// Puts one value of the file down as text. `at`: how the file calls it.
    fn put(&mut self, at: &str, name: String, value: &toml::Value, values: &mut BTreeMap<String, String>) {
        let Some(text) = text_of(value) else {
            self.wrong(at, "must be a text, a number, true or false in the settings file");
            return;
        };
        if !text.is_empty() && values.insert(name, text).is_some() {
            self.wrong(at, "is given twice in the settings file: keep one");
        }
    }

    fn unknown(&mut self, name: &str, place: &str) {
        let plain = name.strip_suffix("_FILE").unwrap_or(name);
        let hint = match (settings::find(plain), nearest(name)) {
            (Some(setting), _) => format!("; {} is not a secret, give it directly", setting.name),
            (None, Some(near)) => format!("; did you mean {near}?"),
            (None, None) => "; remove it".to_owned(),
        };
        self.wrong(name, format!("is not a setting ({place}){hint}"));
    }
}

/// A value as it would stand in a variable; lists and tables of texts are joined.
fn text_of(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.trim().to_owned()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Array(list) => Some(list.iter().map(toml::Value::as_str).collect::<Option<Vec<_>>>()?.join(",")),
        toml::Value::Table(table) => {
            let pairs = table.iter().map(|(name, value)| Some(format!("{name}: {}", value.as_str()?)));
            Some(pairs.collect::<Option<Vec<_>>>()?.join("; "))
        }
        toml::Value::Datetime(_) => None,
    }
}

/// What a misspelt name was perhaps meant to be; of a model, its own setting.
fn nearest(name: &str) -> Option<String> {
    let of_model = || {
        let (model, field) = name.strip_prefix(MODEL)?.split_once('_')?;
        let known = MODEL_SETTINGS.iter().map(|setting| setting.name);
        settings::nearest_of(field, known).map(|field| format!("{MODEL}{model}_{field}"))
    };
    of_model().or_else(|| settings::nearest(name).map(str::to_owned))
}

fn is_known(name: &str) -> bool {
    settings::find(name).is_some()
        || name.strip_suffix("_FILE").and_then(settings::find).is_some_and(|setting| setting.secret)
        || settings::of_model(name).is_some_and(|(model, _)| model == model.to_ascii_uppercase())
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
