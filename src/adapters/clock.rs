//! The machine's clock, read here and nowhere else.

use jiff::Timestamp;

use uuid::Uuid;

use crate::ports::clock::{Clock, Ids};

/// For the whole process, however many clocks it has.
static IDS: Ids = Ids::new();

/// The time of day as the operating system has it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock that everybody else is told to ask")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn new_id(&self) -> Uuid {
        IDS.fresh(self.now())
    }
}
