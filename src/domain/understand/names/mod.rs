//! A caller's full name from everything a recogniser offers: the alternatives of what was said and of what was spelled.
//!
//! Nobody's first guess is good enough: a name said on a telephone is right in the first alternative six times in ten,
//! a spelled one almost never, because it is letters that other letters sound like. But the right name leaves traces in
//! all of them. So names are candidates — those that were written, those the letters make, those that are common and sound
//! near — and every candidate is laid beside every alternative: by sound beside what was said, by the sound of the
//! letters' names beside what was spelled. The first and the last name that together explain most are the answer.

mod align;
mod candidate;
mod heard;
mod letters;
mod lists;
mod sound;

use std::collections::HashMap;

use self::{
    align::{FAR, prefixes, turned},
    candidate::Candidate,
    heard::{Alternative, Turn},
    lists::{FAMILY, GIVEN, List},
};
use super::{everyday::is_common, name::capital};

/// A name as it should be written. One part may be missing, when only the other was said.
#[derive(Clone, Debug, PartialEq)]
pub struct FullName {
    pub first: Option<String>,
    pub last: Option<String>,
    /// 0 to 1: how much likelier this name is than any other that fits.
    pub confidence: f32,
}

/// The name that explains best what was heard. `said` and `spelled` are the recogniser's alternatives, the best first;
/// where it was said or spelled more than once, use [`full_name_of`]. Nothing, if no name is in it.
pub fn full_name(said: &[&str], spelled: &[&str]) -> Option<FullName> {
    full_name_of(&[said], &[spelled])
}

/// The same from several attempts, each with its own alternatives.
pub fn full_name_of(said: &[&[&str]], spelled: &[&[&str]]) -> Option<FullName> {
    let turns: Vec<Turn> = said
        .iter()
        .flat_map(|texts| Turn::read(texts, false))
        .chain(spelled.iter().flat_map(|texts| Turn::read(texts, true)))
        .collect();
    if turns.is_empty() {
        return None;
    }
    let mut firsts = shortlist(&turns, &GIVEN, Part::First);
    let mut lasts = shortlist(&turns, &FAMILY, Part::Last);
    complete(&turns, &mut firsts, &mut lasts);
    best(&turns, &firsts, &lasts)
}

/// Whether a word, lower case without accents, is a common given name.
pub(super) fn is_given(word: &str) -> bool {
    GIVEN.prior(word).is_some()
}

/// The same for a family name.
pub(super) fn is_family(word: &str) -> bool {
    FAMILY.prior(word).is_some()
}

/// Letters that spell two names in one go: "siobhandoyle" is Siobhan Doyle, "johnstone" Johnstone.
pub(super) fn two_names(letters: &str) -> Option<(String, String)> {
    let letters = letters.to_lowercase();
    if is_family(&letters) || is_given(&letters) || letters.chars().count() < 8 {
        return None;
    }
    let cuts = || letters.char_indices().map(|(at, _)| letters.split_at(at)).rev();
    let both = cuts().find(|(first, last)| is_given(first) && is_family(last));
    // An unknown family name: the given one has to be long, or it is only the start of a name.
    let one = || cuts().find(|(first, last)| first.len() >= 4 && last.len() >= 5 && is_given(first));
    both.or_else(one).map(|(first, last)| (first.to_owned(), last.to_owned()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    First,
    Last,
}

/// Nats per unit of alignment cost: said, spelled.
const STEEP: [f32; 2] = [3.0, 3.0];

/// Even with a perfect name a turn may be something else altogether.
const NOISE: [f32; 2] = [1e-4, 1e-5];

/// A name that sounds like what was written but is not written so.
const REWRITTEN: f32 = 0.8;

/// How much rarer names outside the lists are, in nats, and words that are no names.
const UNLISTED: f32 = 2.5;
const COMMON_WORD: f32 = 5.0;
const SMALL: f32 = 1.0;

/// How often both names are in a turn, only the first, only the last: said, spelled.
const SHAPES: [[f32; 3]; 2] = [[0.93, 0.05, 0.02], [0.45, 0.45, 0.1]];

/// How well the other name fits where a turn holds only that, as long as it is not known.
const ELSEWHERE: f32 = 0.3;

/// A part that was never said.
const UNSAID: f32 = -7.0;

const SHORTLIST: usize = 40;

/// Alignments worse than this are given up: the turn says nothing about the name then.
const LIMIT: f32 = 2.2;

/// A candidate and how it fits every alternative of every turn, at every place.
struct Fitted {
    candidate: Candidate,
    /// Per turn, per alternative, per place: in nats.
    rows: Vec<Vec<Vec<f32>>>,
}

fn kind(turn: &Turn) -> usize {
    usize::from(turn.spelled)
}

/// Lays names beside turns.
struct Fitting<'t> {
    turns: &'t [Turn],
    part: Part,
    row: Vec<f32>,
}

impl<'t> Fitting<'t> {
    fn new(turns: &'t [Turn], part: Part) -> Self {
        Self { turns, part, row: Vec::new() }
    }

    /// The costs of a name in an alternative are now in `row`, from the end of the text for a last name.
    fn lay(&mut self, candidate: &Candidate, backwards: &Turned, turn: &Turn, alternative: &Alternative) -> bool {
        let (name, heard) = match (self.part, turn.spelled) {
            (Part::First, false) => (&candidate.sounds, &alternative.symbols),
            (Part::First, true) => (&candidate.letters, &alternative.symbols),
            (Part::Last, false) => (&backwards.sounds, &alternative.turned),
            (Part::Last, true) => (&backwards.letters, &alternative.turned),
        };
        let near = prefixes(name, heard, turn.costs(), LIMIT, &mut self.row);
        let exact = turn.spelled || alternative.folded.contains(&candidate.folded);
        let extra = if exact { 0.0 } else { REWRITTEN };
        for cost in &mut self.row {
            *cost = if near { *cost * STEEP[kind(turn)] + extra } else { FAR };
        }
        near
    }

    /// The best it could do if the other name were whatever fits, in nats.
    fn hope(&mut self, candidate: &Candidate) -> f32 {
        let backwards = Turned::of(candidate, self.part);
        let mut hope = candidate.prior;
        for turn in self.turns {
            let mut sum = 0.0;
            for alternative in &turn.alternatives {
                if self.lay(candidate, &backwards, turn, alternative) {
                    let costs = self.row.iter().zip(alternative.cuts(self.part)).map(|(cost, cut)| cost + cut);
                    sum += alternative.weight * (-costs.fold(FAR, f32::min)).exp();
                }
            }
            hope += self.told(turn, sum);
        }
        hope
    }

    /// What a turn says for a name, in nats, that fits it so well.
    fn told(&self, turn: &Turn, sum: f32) -> f32 {
        // The turn may hold the other name only.
        let other = SHAPES[kind(turn)][if self.part == Part::First { 2 } else { 1 }];
        (NOISE[kind(turn)] + other * ELSEWHERE + sum).ln()
    }

    /// The same for all names of a list at once.
    fn hopes(&self, list: &List) -> Vec<f32> {
        let mut hopes: Vec<f32> = list.names.iter().map(|name| name.prior).collect();
        let mut sums = vec![0.0_f32; hopes.len()];
        for turn in self.turns {
            sums.fill(0.0);
            let order = if turn.spelled { &list.letters } else { &list.sounds };
            for alternative in &turn.alternatives {
                let heard = if self.part == Part::First { &alternative.symbols } else { &alternative.turned };
                order.prefixes(heard, turn.costs(), LIMIT, |index, row| {
                    let exact = turn.spelled || alternative.folded.contains(&list.names[index].folded);
                    let extra = if exact { 0.0 } else { REWRITTEN };
                    let costs = row.iter().zip(alternative.cuts(self.part));
                    let least = costs.map(|(cost, cut)| cost * STEEP[kind(turn)] + extra + cut).fold(FAR, f32::min);
                    sums[index] += alternative.weight * (-least).exp();
                });
            }
            for (hope, sum) in hopes.iter_mut().zip(&sums) {
                *hope += self.told(turn, *sum);
            }
        }
        hopes
    }

    fn fit(&mut self, candidate: Candidate) -> Fitted {
        let backwards = Turned::of(&candidate, self.part);
        let mut rows = Vec::with_capacity(self.turns.len());
        for turn in self.turns {
            let mut of_turn = Vec::with_capacity(turn.alternatives.len());
            for alternative in &turn.alternatives {
                self.lay(&candidate, &backwards, turn, alternative);
                if self.part == Part::Last {
                    self.row.reverse();
                }
                of_turn.push(self.row.clone());
            }
            rows.push(of_turn);
        }
        Fitted { candidate, rows }
    }
}

/// A last name from its end to its start.
#[derive(Default)]
struct Turned {
    letters: Vec<u8>,
    sounds: Vec<u8>,
}

impl Turned {
    fn of(candidate: &Candidate, part: Part) -> Self {
        match part {
            Part::First => Self::default(),
            Part::Last => Self { letters: turned(&candidate.letters), sounds: turned(&candidate.sounds) },
        }
    }
}

/// The names that could be meant, the most hopeful first.
fn shortlist(turns: &[Turn], list: &List, part: Part) -> Vec<Fitted> {
    let mut unlisted: HashMap<String, Candidate> = HashMap::new();
    for candidate in turns.iter().flat_map(|turn| written(turn, part)) {
        unlisted.entry(candidate.folded.clone()).or_insert(candidate);
    }
    let mut fitting = Fitting::new(turns, part);
    let mut hopes: Vec<(f32, &Candidate)> =
        unlisted.values().map(|candidate| (fitting.hope(candidate), candidate)).collect();
    let listed = fitting.hopes(list).into_iter().zip(&list.names);
    hopes.extend(listed.filter(|(_, name)| !unlisted.contains_key(&name.folded)));
    hopes.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.folded.cmp(&b.1.folded)));
    hopes.truncate(SHORTLIST);
    hopes.into_iter().map(|(_, candidate)| fitting.fit(candidate.clone())).collect()
}

/// Names as they stand in what was said, and as the letters make them.
fn written(turn: &Turn, part: Part) -> Vec<Candidate> {
    let list = if part == Part::First { &GIVEN } else { &FAMILY };
    let mut found = Vec::new();
    for alternative in &turn.alternatives {
        if turn.spelled {
            let cuts = alternative.breaks.iter().copied().chain([alternative.symbols.len(), 0]);
            for at in cuts {
                let letters = match part {
                    Part::First => alternative.symbols.get(..at),
                    Part::Last => alternative.symbols.get(at..),
                };
                found.extend(letters.and_then(|letters| spelled_name(letters, list)));
            }
            continue;
        }
        let words = &alternative.words;
        let word = match part {
            Part::First => words.first(),
            Part::Last => words.last(),
        };
        if let Some(word) = word {
            found.push(Candidate::new(word, prior(word, list)));
        }
        if part == Part::Last && words.len() > 2 {
            let rest = words[1..].join(" ");
            let prior = UNLISTED + SMALL;
            found.push(Candidate::new(&rest, -prior));
        }
    }
    found
}

fn spelled_name(letters: &[u8], list: &List) -> Option<Candidate> {
    let name = String::from_utf8(letters.to_vec()).ok().filter(|name| name.len() >= 2)?;
    let length = f32::from(u8::try_from(name.len()).unwrap_or(u8::MAX));
    let unknown = -(PER_LETTER * length - 3.0).max(UNLISTED);
    let prior = list.prior(&name).unwrap_or(unknown);
    Some(Candidate::new(&name, prior))
}

/// The longer an unknown name is, the rarer.
const PER_LETTER: f32 = 1.3;

/// How likely a name is before anything was heard.
fn prior(word: &str, list: &List) -> f32 {
    let folded = super::tokens::fold(word);
    if let Some(prior) = list.prior(&folded) {
        return prior;
    }
    let small = word.chars().next().is_some_and(char::is_lowercase);
    -(if is_common(&folded) { COMMON_WORD } else { UNLISTED } + if small { SMALL } else { 0.0 })
}

/// What the letters leave over when the best names are taken out of them is a name as well.
fn complete(turns: &[Turn], firsts: &mut Vec<Fitted>, lasts: &mut Vec<Fitted>) {
    let new_lasts = leftovers(turns, firsts, Part::Last);
    let new_firsts = leftovers(turns, lasts, Part::First);
    for (fitted, new, part) in [(lasts, new_lasts, Part::Last), (firsts, new_firsts, Part::First)] {
        let mut fitting = Fitting::new(turns, part);
        for candidate in new {
            if !fitted.iter().any(|known| known.candidate.letters == candidate.letters) {
                fitted.push(fitting.fit(candidate));
            }
        }
    }
}

fn leftovers(turns: &[Turn], fitted: &[Fitted], part: Part) -> Vec<Candidate> {
    let list = if part == Part::First { &GIVEN } else { &FAMILY };
    let mut found: Vec<Candidate> = Vec::new();
    for (n, turn) in turns.iter().enumerate().filter(|(_, turn)| turn.spelled) {
        for known in fitted.iter().take(6) {
            for (alternative, row) in turn.alternatives.iter().zip(&known.rows[n]).take(2) {
                let Some(at) = (0..row.len()).min_by(|&a, &b| row[a].total_cmp(&row[b])) else { continue };
                let rest = if part == Part::Last { &alternative.symbols[at..] } else { &alternative.symbols[..at] };
                found.extend(spelled_name(rest, list).filter(|_| row[at] < 3.0));
            }
        }
    }
    found
}

fn best(turns: &[Turn], firsts: &[Fitted], lasts: &[Fitted]) -> Option<FullName> {
    let mut scored: Vec<(f32, Option<&Fitted>, Option<&Fitted>)> = Vec::new();
    let mut top = f32::MIN;
    for first in firsts.iter().map(Some).chain([None]) {
        for last in lasts.iter().map(Some).chain([None]) {
            if first.is_none() && last.is_none() {
                continue;
            }
            let score = score(turns, first, last);
            top = top.max(score);
            scored.push((score, first, last));
        }
    }
    let (score, first, last) = scored.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0))?;
    let all: f32 = scored.iter().map(|(other, ..)| (other - score).exp()).sum();
    let write = |fitted: Option<&Fitted>| fitted.map(|fitted| capital(&fitted.candidate.written));
    Some(FullName { first: write(first), last: write(last), confidence: 1.0 / all })
}

fn score(turns: &[Turn], first: Option<&Fitted>, last: Option<&Fitted>) -> f32 {
    let prior = |fitted: Option<&Fitted>| fitted.map_or(UNSAID, |fitted| fitted.candidate.prior - 7.3);
    let heard: f32 = turns.iter().enumerate().map(|(n, turn)| turn_score(n, turn, first, last)).sum();
    heard + prior(first) + prior(last)
}

fn turn_score(n: usize, turn: &Turn, first: Option<&Fitted>, last: Option<&Fitted>) -> f32 {
    let [both, only_first, only_last] = SHAPES[kind(turn)];
    let mut sum = 0.0;
    for (m, alternative) in turn.alternatives.iter().enumerate() {
        let first = first.map(|first| first.rows[n][m].as_slice());
        let last = last.map(|last| last.rows[n][m].as_slice());
        let mut likely = 0.0;
        if let (Some(first), Some(last)) = (first, last) {
            let cost = first
                .iter()
                .zip(last)
                .enumerate()
                .map(|(at, (first, last))| first + last + alternative.cut[at])
                .fold(FAR, f32::min);
            likely += both * (-cost).exp();
        }
        if let Some(whole) = first.and_then(<[f32]>::last) {
            likely += only_first * (-whole).exp();
        }
        if let Some(whole) = last.and_then(<[f32]>::first) {
            likely += only_last * (-whole).exp();
        }
        sum += alternative.weight * likely;
    }
    (NOISE[kind(turn)] + sum).ln()
}
