//! What the conversation asks of the desk, in the desk's words, and the desk's answers in the conversation's.

use std::{sync::Arc, time::Duration};

use crate::{
    domain::{
        booking::{Customer, CustomerName},
        business::Business,
        dialogue::{DeskReply, Failure, Request, State},
        ids::CallId,
        phone::PhoneNumber,
        slots::offer::Wish,
    },
    ports::desk::{Actor, Cancel, Confirm, Desk, DeskError, Find, Hold, Note},
};

/// How long a caller waits for free times; then they hear that the book cannot be reached.
const READ_BUDGET: Duration = Duration::from_millis(1_500);

/// Everything an errand needs, so that it can go on when the call is over.
pub(super) struct Errand {
    desk: Arc<dyn Desk>,
    business: Arc<Business>,
    call: CallId,
    customer: Customer,
    /// The number the line shows, which alone may be used to look appointments up: any other can be made up.
    line: Option<PhoneNumber>,
    name: Option<String>,
    /// The language that was changed to.
    language: Option<String>,
    request: Request,
}

impl Errand {
    pub(super) fn new(
        desk: &Arc<dyn Desk>,
        business: &Arc<Business>,
        call: CallId,
        state: &State,
        request: Request,
    ) -> Self {
        let customer = Customer {
            name: CustomerName::new(state.name.as_deref().unwrap_or_default()),
            phone: state.number().cloned(),
        };
        Self {
            desk: Arc::clone(desk),
            business: Arc::clone(business),
            call,
            customer,
            line: state.line.clone(),
            name: state.name.clone(),
            language: state.language.clone(),
            request,
        }
    }

    /// Asks the desk. A read gives up after its budget; a write takes as long as it takes, since its end must be known.
    pub(super) async fn run(self) -> DeskReply {
        if self.request.is_read() {
            return match tokio::time::timeout(READ_BUDGET, self.ask()).await {
                Ok(reply) => reply,
                Err(_) => DeskReply::Failed(Failure::Unavailable),
            };
        }
        self.ask().await
    }

    async fn ask(self) -> DeskReply {
        match self.try_ask().await {
            Ok(reply) => reply,
            Err(error) => DeskReply::Failed(told(&error)),
        }
    }

    async fn try_ask(self) -> Result<DeskReply, DeskError> {
        let Self { desk, business, call, customer, line, name, language, request } = self;
        Ok(match request {
            Request::Find { service, staff, from, to, near, within, count, replacing, .. } => {
                let wish = near.map_or(Wish::Soonest, Wish::Near);
                let find = Find { business, service, staff, from, to, within, wish, count, replacing };
                DeskReply::Found(desk.find(find).await?)
            }
            Request::Hold { slot, attempt, replacing } => {
                let key = format!("{call}/{attempt}/{}/{}/{}", slot.service, slot.staff, slot.starts.as_second());
                let call = Some(call);
                let by = Actor::Customer;
                let hold = Hold { business, slot, customer, call, by, anyway: false, key, replacing };
                DeskReply::Held(desk.hold(hold).await?)
            }
            Request::Confirm { hold } => {
                let by = Actor::Customer;
                let confirm = Confirm { business, hold, customer, by, tell: true, language };
                DeskReply::Confirmed(desk.confirm(confirm).await?)
            }
            Request::Cancel { booking } => {
                let by = Actor::Customer;
                let cancel = Cancel { business, booking, by, reason: None, tell: true, language };
                DeskReply::Cancelled(desk.cancel(cancel).await?)
            }
            Request::Upcoming => match &line {
                Some(phone) => DeskReply::Upcoming(desk.upcoming(&business, phone).await?),
                None => DeskReply::Upcoming(Vec::new()),
            },
            Request::Note { text, .. } => {
                desk.take_note(Note { business, call: Some(call), from: customer.phone, name, text }).await?;
                DeskReply::NoteTaken
            }
        })
    }
}

fn told(error: &DeskError) -> Failure {
    match error {
        DeskError::Taken => Failure::Taken,
        DeskError::Gone => Failure::Gone,
        DeskError::TooLate => Failure::TooLate,
        DeskError::NotOffered => Failure::NotOffered,
        DeskError::TooMany => Failure::TooMany,
        DeskError::ByPage { texted: true } => Failure::ByPage,
        DeskError::ByPage { texted: false } => Failure::Unavailable,
        DeskError::Unavailable(cause) => {
            tracing::warn!(error = %cause, "the desk could not answer a call");
            Failure::Unavailable
        }
    }
}
