//! Given and family names that are common where English is spoken, as a hint and never as a fence: a caller may be called
//! anything, but "thank Brooks" is more likely a Frank.
//!
//! The names are facts: the 520 and 460 commonest given names of women and men and the 1,100 commonest family names of the
//! US census of 1990 (public domain), and names that are common in Britain and Ireland and among those who moved there,
//! written down by us.

use std::{collections::HashSet, sync::LazyLock};

use super::candidate::Candidate;

static GIVEN_TEXT: &str = include_str!("given.txt");
static FAMILY_TEXT: &str = include_str!("family.txt");

pub(super) struct List {
    pub names: Vec<Candidate>,
    known: HashSet<&'static str>,
}

impl List {
    fn read(text: &'static str) -> Self {
        let names = text.split_whitespace().map(|name| Candidate::new(name, 0.0)).collect();
        Self { names, known: text.split_whitespace().collect() }
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.known.contains(name)
    }
}

pub(super) static GIVEN: LazyLock<List> = LazyLock::new(|| List::read(GIVEN_TEXT));
pub(super) static FAMILY: LazyLock<List> = LazyLock::new(|| List::read(FAMILY_TEXT));
