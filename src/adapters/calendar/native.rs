//! Our own ledger and nothing else: the provider of a business without a calendar, and the one under all others.

use async_trait::async_trait;

use crate::{
    domain::ids::BookingId,
    ports::{
        booking::{
            Availability, BookingContext, BookingIntent, BookingProvider, Capabilities, ProviderError, RangeContext,
            Says,
        },
        registry::NATIVE,
    },
};

/// Never objects: the desk has asked the ledger before it asks a provider.
#[derive(Clone, Copy, Debug, Default)]
pub struct Native;

#[async_trait]
impl BookingProvider for Native {
    fn name(&self) -> &'static str {
        NATIVE
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { holds: true, reschedule: true, idempotent_create: true, ..Capabilities::default() }
    }

    async fn check_availability(&self, _: &BookingContext) -> Result<Availability, ProviderError> {
        Ok(Availability::Free)
    }

    async fn create_booking(&self, _: &BookingContext) -> Result<BookingIntent, ProviderError> {
        Ok(BookingIntent::OnLedger)
    }

    async fn after_booking(&self, _: &BookingContext, _: BookingId) -> Result<(), ProviderError> {
        Ok(())
    }

    async fn says(&self, _: &RangeContext) -> Result<Says, ProviderError> {
        Ok(Says::default())
    }
}
