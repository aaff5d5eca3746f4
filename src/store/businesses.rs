//! Businesses, each one document with a version.

use jiff::Timestamp;

use super::{Store, StoreError};
use crate::domain::{business::Business, ids::BusinessId, phone::PhoneNumber};

/// A business and the version of its document, for the next edit.
#[derive(Clone, Debug)]
pub struct Versioned {
    pub business: Business,
    pub version: i32,
}

/// What came of saving an edit.
#[derive(Debug)]
pub enum Saved {
    Saved {
        version: i32,
    },
    /// Somebody else saved first; this is theirs.
    Conflict(Box<Versioned>),
    Missing,
    /// Another business has one of its numbers.
    NumberTaken(PhoneNumber),
}

impl Store {
    pub async fn business(&self, id: BusinessId) -> Result<Option<Versioned>, StoreError> {
        let _ = id;
        todo!()
    }

    pub async fn business_by_number(&self, number: &PhoneNumber) -> Result<Option<BusinessId>, StoreError> {
        let _ = number;
        todo!()
    }

    /// In order of id, after `after`.
    pub async fn businesses(&self, after: Option<BusinessId>, limit: u32) -> Result<Vec<Versioned>, StoreError> {
        let _ = (after, limit);
        todo!()
    }

    /// A new one gets version 1. One that is there already, by id, is left alone and is a conflict.
    pub async fn create_business(&self, business: &Business, now: Timestamp) -> Result<Saved, StoreError> {
        let _ = (business, now);
        todo!()
    }

    /// Replaces the document if it still has the version `expected`.
    pub async fn save_business(&self, business: &Business, expected: i32, now: Timestamp) -> Result<Saved, StoreError> {
        let _ = (business, expected, now);
        todo!()
    }
}
