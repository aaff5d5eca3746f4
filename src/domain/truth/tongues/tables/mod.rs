//! The words by which a claim, a day and a time are told in the languages beside English: small, folded (no accents).

mod dutch;
mod french;
mod german;
mod italian;
mod portuguese;
mod spanish;

use crate::domain::truth::english::Said;

/// One language, as far as claims and times in it are checked.
pub(in crate::domain::truth) struct Table {
    /// The first part of its BCP 47 tag.
    pub code: &'static str,
    /// Words that only this language has, and has everywhere.
    pub common: &'static str,
    /// What claims something, as phrases of words; `…` stands for up to four words, and a word may end in `*`.
    pub claims: &'static [(Said, &'static [&'static str])],
    /// That a time is free.
    pub free: &'static [&'static str],
    /// That a time is not free, or nothing is.
    pub taken: &'static [&'static str],
    /// Opening hours.
    pub open: &'static [&'static str],
    pub closed: &'static [&'static str],
    /// Money or advice that is not a receptionist's to give.
    pub promises: &'static [&'static str],
    pub negations: &'static str,
    /// "If", "once", and words of wishes and offers: what follows is not so yet.
    pub unreal: &'static str,
    /// Words that a question begins with.
    pub asks: &'static str,
    /// Monday first.
    pub weekdays: [&'static str; 7],
    pub months: [&'static str; 12],
    pub tomorrow: &'static str,
    /// Words before "morning" that are not before "tomorrow".
    pub not_tomorrow: &'static str,
    /// What stands before a time of day, and after it.
    pub clock_before: &'static str,
    pub clock_after: &'static str,
    /// One to twenty-four.
    pub numbers: &'static str,
    /// Half past the hour before it ("y media"), half to the hour after it ("halb").
    pub half_past: &'static str,
    pub half_to: &'static str,
    pub quarter: &'static str,
    /// "Minus" a quarter, "before".
    pub to_hour: &'static str,
}

pub(super) const TABLES: &[&Table] =
    &[&spanish::TABLE, &german::TABLE, &french::TABLE, &italian::TABLE, &portuguese::TABLE, &dutch::TABLE];
