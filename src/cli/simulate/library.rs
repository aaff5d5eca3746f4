//! The scenarios and businesses that come with the program, or those of a folder.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};

use super::{
    scenario::{self, Scenario},
    stage,
};
use crate::domain::business::Business;

macro_rules! embedded {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../fixtures/", $folder, $name)))),*]
    };
}

const FAMILIES: &[(&str, &str)] = embedded!("callers/":
    "booking.toml", "mind.toml", "time.toml", "taken.toml", "mine.toml", "people.toml", "line.toml", "strange.toml", "asks.toml",
    "several.toml",
);

const BUSINESSES: &[(&str, &str)] = embedded!("callers/businesses/": "dentist.json", "garage.json", "vet.json");
const SALON: (&str, &str) = ("salon.json", include_str!("../../../fixtures/demo_business.json"));

/// Everything that can be played.
pub(super) struct Library {
    pub(super) scenarios: Vec<Arc<Scenario>>,
    businesses: BTreeMap<String, Arc<Business>>,
}

impl Library {
    /// What comes with the program.
    pub(super) fn embedded() -> anyhow::Result<Self> {
        let files = |files: &[(&str, &str)]| {
            files.iter().map(|(name, text)| (PathBuf::from(name), (*text).to_owned())).collect::<Vec<_>>()
        };
        let businesses = [files(BUSINESSES), files(&[SALON])].concat();
        Self::of(&files(FAMILIES), &businesses)
    }

    /// The files of a folder: `*.toml`, and `businesses/*.json` beside those that come with the program.
    pub(super) fn in_folder(folder: &Path) -> anyhow::Result<Self> {
        let mut businesses: Vec<(PathBuf, String)> = Vec::new();
        businesses.extend(BUSINESSES.iter().chain([&SALON]).map(|(name, text)| (name.into(), (*text).to_owned())));
        if folder.join("businesses").is_dir() {
            businesses.extend(files(&folder.join("businesses"), "json")?);
        }
        Self::of(&files(folder, "toml")?, &businesses)
    }

    fn of(families: &[(PathBuf, String)], files: &[(PathBuf, String)]) -> anyhow::Result<Self> {
        let mut businesses = BTreeMap::new();
        for (path, text) in files {
            businesses.insert(stem(path), Arc::new(stage::business(text, path)?));
        }
        let mut scenarios: Vec<Arc<Scenario>> = Vec::new();
        for (path, text) in families {
            let read = scenario::read(text).map_err(|why| anyhow::anyhow!("{}: {why}", path.display()))?;
            for scenario in read {
                let Some(business) = businesses.get(&scenario.business) else {
                    bail!("{}: there is no business {}", scenario.id, scenario.business);
                };
                if let Some(mistake) = scenario.mistakes(business).first() {
                    bail!("{}: {mistake}", path.display());
                }
                if scenarios.iter().any(|other| other.id == scenario.id) {
                    bail!("{}: there are two scenarios {}", path.display(), scenario.id);
                }
                scenarios.push(Arc::new(scenario));
            }
        }
        Ok(Self { scenarios, businesses })
    }

    pub(super) fn businesses(&self) -> Vec<Arc<Business>> {
        self.businesses.values().cloned().collect()
    }

    pub(super) fn business(&self, scenario: &Scenario) -> anyhow::Result<Arc<Business>> {
        self.businesses.get(&scenario.business).cloned().context("a scenario without its business")
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn files(folder: &Path, extension: &str) -> anyhow::Result<Vec<(PathBuf, String)>> {
    let cannot = || format!("{} cannot be read", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(cannot)? {
        let path = entry.with_context(cannot)?.path();
        if path.extension().is_some_and(|found| found == extension) {
            let text = std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            found.push((path, text));
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a name fits a pattern in which `*` stands for anything.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            (0..=name.len()).filter(|at| name.is_char_boundary(*at)).any(|at| fits(rest, &name[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_with_the_program_can_be_played() {
        let library = Library::embedded().unwrap();
        assert!(!library.scenarios.is_empty());
    }

    #[test]
    fn a_star_stands_for_anything() {
        assert!(fits("time-*", "time-gap") && fits("*gap", "time-gap") && fits("t*e*p", "time-gap") && fits("*", ""));
        assert!(!fits("time", "time-gap") && !fits("*x*", "time-gap"));
    }
}
