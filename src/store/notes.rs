//! Messages that callers left for the business.

use jiff::Timestamp;

use super::{Store, StoreError};
use crate::domain::{
    ids::{BusinessId, CallId, MessageId},
    phone::PhoneNumber,
};

#[derive(Clone)]
pub struct StoredNote {
    pub id: MessageId,
    pub business: BusinessId,
    pub call: Option<CallId>,
    pub from: Option<PhoneNumber>,
    pub name: Option<String>,
    pub text: String,
    pub created: Timestamp,
}

impl Store {
    /// Writing the same id again changes nothing.
    pub async fn add_note(&self, note: &StoredNote) -> Result<(), StoreError> {
        let _ = note;
        todo!()
    }

    /// Newest first, before the cursor.
    pub async fn notes(
        &self,
        business: BusinessId,
        before: Option<MessageId>,
        limit: u32,
    ) -> Result<Vec<StoredNote>, StoreError> {
        let _ = (business, before, limit);
        todo!()
    }

    pub async fn notes_of_call(&self, call: CallId) -> Result<Vec<StoredNote>, StoreError> {
        let _ = call;
        todo!()
    }
}
