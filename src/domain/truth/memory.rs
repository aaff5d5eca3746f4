//! What the texts of a call come to, read once and not for every clause.

use std::{cell::OnceCell, collections::HashSet};

use jiff::civil::Date;

use super::{
    Ground,
    times::{self, Mention},
    words,
};

/// The latest texts, which what is said now may be about.
const TEXTS: usize = 24;

/// Read from a ground when it is first needed.
#[derive(Debug, Default)]
pub(super) struct Memory {
    of: (Option<Date>, usize, usize),
    told: OnceCell<Vec<Vec<Mention>>>,
    heard: OnceCell<Vec<Vec<Mention>>>,
    vocabulary: OnceCell<HashSet<String>>,
    names: OnceCell<Vec<Name>>,
}

/// The words of a name, and what stands for it.
pub(super) type Name = (Vec<String>, &'static str);

impl Memory {
    /// Forgets everything if the ground has other texts than the one before.
    pub(super) fn suit(&mut self, ground: &Ground<'_>) {
        let count = |texts: &[&str]| texts.iter().map(|text| text.len() + 1).sum();
        let of = (Some(ground.now.date()), count(&ground.told), count(&ground.heard));
        if self.of != of {
            *self = Self { of, ..Self::default() };
        }
    }

    /// The days and times in each text of the server, the latest first.
    pub(super) fn told(&self, ground: &Ground<'_>) -> &[Vec<Mention>] {
        self.told.get_or_init(|| read(&ground.told, ground))
    }

    /// The days and times in each utterance of the caller, the latest first.
    pub(super) fn heard(&self, ground: &Ground<'_>) -> &[Vec<Mention>] {
        self.heard.get_or_init(|| read(&ground.heard, ground))
    }

    /// Whether the caller or the server has said the word in this call, or the business's own texts have it.
    pub(super) fn knows(&self, word: &str, ground: &Ground<'_>) -> bool {
        let business = ground.business;
        let all = || {
            let facts = business.facts.iter().map(|fact| fact.answer.as_str());
            let own = [business.name.as_str()].into_iter().chain(business.address.as_deref()).chain(facts);
            let said = ground.heard.iter().chain(&ground.told).copied();
            let split = |text: &str| {
                let parts: Vec<String> =
                    words::fold(text).split(|c: char| !c.is_alphanumeric() && c != '\'').map(str::to_owned).collect();
                parts
            };
            own.chain(said).flat_map(split).collect()
        };
        self.vocabulary.get_or_init(all).contains(word)
    }

    /// The names of the staff and of the services.
    pub(super) fn names(&self, ground: &Ground<'_>) -> &[Name] {
        let business = ground.business;
        self.names.get_or_init(|| {
            let staff = business.staff.iter().flat_map(|member| std::iter::once(&member.name).chain(&member.also));
            let services =
                business.services.iter().flat_map(|service| std::iter::once(&service.name).chain(&service.also));
            let names = staff.map(|name| (name, "staffname")).chain(services.map(|name| (name, "servicename")));
            let parts =
                |name: &str| words::split(&words::fold(name)).into_iter().map(|word| word.text.into_owned()).collect();
            names.map(|(name, what)| (parts(name), what)).collect()
        })
    }
}

fn read(texts: &[&str], ground: &Ground<'_>) -> Vec<Vec<Mention>> {
    let read = |text: &&str| times::mentions(&words::fold(text), ground.now.date(), &ground.business.country);
    texts.iter().rev().take(TEXTS).map(read).collect()
}
