//! Given and family names that are common where English is spoken, as a hint and never as a fence: a caller may be called
//! anything, but "thank Brooks" is more likely a Frank.
//!
//! The names are facts: the 520 and 460 commonest given names of women and men and the 1,100 commonest family names of the
//! US census of 1990 (public domain), and names that are common in Britain and Ireland and among those who moved there,
//! written down by us. Those before the "|" are common on both sides of the Atlantic.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    Part,
    align::{Order, turned},
    candidate::Candidate,
};

static GIVEN_TEXT: &str = include_str!("given.txt");
static FAMILY_TEXT: &str = include_str!("family.txt");

pub(super) struct List {
    pub names: Vec<Candidate>,
    /// The names as sounds and as letters; family names from their end, where they are looked for.
    pub sounds: Order,
    pub letters: Order,
    known: HashMap<&'static str, f32>,
}

impl List {
    fn read(text: &'static str, part: Part) -> Self {
        let (everywhere, somewhere) = text.split_once('|').unwrap_or((text, ""));
        let with = |names: &'static str, prior| names.split_whitespace().map(move |name| (name, prior));
        let known: HashMap<_, _> = with(everywhere, 0.0).chain(with(somewhere, SOMEWHERE)).collect();
        let mut names: Vec<Candidate> = known.iter().map(|(name, prior)| Candidate::new(name, *prior)).collect();
        names.sort_by(|a, b| a.folded.cmp(&b.folded));
        let way = |symbols: &Vec<u8>| if part == Part::Last { turned(symbols) } else { symbols.clone() };
        let sounds = Order::of(names.iter().map(|name| way(&name.sounds)));
        let letters = Order::of(names.iter().map(|name| way(&name.letters)));
        Self { names, sounds, letters, known }
    }

    /// How common a name is, in nats below the commonest; nothing if it is in no list.
    pub(super) fn prior(&self, name: &str) -> Option<f32> {
        self.known.get(name).copied()
    }
}

/// Names that are common on one side of the Atlantic only.
const SOMEWHERE: f32 = -0.6;

pub(super) static GIVEN: LazyLock<List> = LazyLock::new(|| List::read(GIVEN_TEXT, Part::First));
pub(super) static FAMILY: LazyLock<List> = LazyLock::new(|| List::read(FAMILY_TEXT, Part::Last));
