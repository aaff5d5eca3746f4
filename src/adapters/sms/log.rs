//! Text messages printed instead of sent: what runs when there are no keys of a vendor.

use std::{
    collections::VecDeque,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    domain::phone::PhoneNumber,
    ports::{
        clock::Clock,
        sms::{SentId, Sms, SmsError},
    },
};

/// How many messages are remembered, for `find`.
const REMEMBERED: usize = 1000;

/// Prints each message where a person looks (standard output, unless told otherwise) and not into the log, which must
/// not hold numbers or names.
pub struct LogSms {
    clock: Arc<dyn Clock>,
    inner: Mutex<Inner>,
}

struct Inner {
    out: Box<dyn Write + Send>,
    printed: VecDeque<Printed>,
}

struct Printed {
    id: SentId,
    to: PhoneNumber,
    body: String,
    at: Timestamp,
}

impl LogSms {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self::printing_to(clock, Box::new(std::io::stdout()))
    }

    pub fn printing_to(clock: Arc<dyn Clock>, out: Box<dyn Write + Send>) -> Self {
        Self { clock, inner: Mutex::new(Inner { out, printed: VecDeque::new() }) }
    }
}

#[async_trait]
impl Sms for LogSms {
    fn name(&self) -> &'static str {
        "log"
    }

    async fn send(&self, to: &PhoneNumber, body: &str, _: &str) -> Result<SentId, SmsError> {
        let id = SentId(format!("log-{}", self.clock.new_id().simple()));
        let at = self.clock.now();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let text = format!("\n  SMS to {to}\n  │ {}\n\n", body.replace('\n', "\n  │ "));
        let written = inner.out.write_all(text.as_bytes()).and_then(|()| inner.out.flush());
        written.map_err(|error| SmsError::NotTaken(error.into()))?;
        if inner.printed.len() == REMEMBERED {
            inner.printed.pop_front();
        }
        inner.printed.push_back(Printed { id: id.clone(), to: to.clone(), body: body.to_owned(), at });
        Ok(id)
    }

    async fn find(&self, to: &PhoneNumber, body: &str, since: Timestamp) -> Result<Option<SentId>, SmsError> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |printed: &&Printed| printed.to == *to && printed.body == body && printed.at >= since;
        Ok(inner.printed.iter().find(same).map(|printed| printed.id.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::clock::FixedClock;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(text)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_message_is_printed_whole_and_found_again() {
        let (paper, clock) = (Paper::default(), FixedClock::at("2026-11-24T15:00:00Z"));
        let sms = LogSms::printing_to(Arc::new(clock.clone()), Box::new(paper.clone()));
        let to: PhoneNumber = "+12125550123".parse().unwrap();
        let id = sms.send(&to, "one\ntwo", "key").await.unwrap();
        let printed = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        assert_eq!(printed, "\n  SMS to +12125550123\n  │ one\n  │ two\n\n");
        assert_eq!(sms.find(&to, "one\ntwo", clock.now()).await.unwrap(), Some(id));
        assert_eq!(sms.find(&to, "one", clock.now()).await.unwrap(), None);
        let later = clock.now() + jiff::SignedDuration::from_secs(1);
        assert_eq!(sms.find(&to, "one\ntwo", later).await.unwrap(), None, "printed before then");
    }
}
