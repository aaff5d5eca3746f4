//! Fakes that behave, for tests: the program's own code runs for real, and only the outside is played.

pub mod abuse;
#[cfg(any(test, feature = "testing"))]
pub mod calendar;
pub mod call;
pub mod clock;
pub mod clock_changes;
pub mod desk;
pub mod dice;
pub mod email;
pub mod identity;
pub mod journal;
pub mod llm;
pub mod receptionist;
pub mod sms;

use crate::domain::business::Business;

/// The salon that the demo answers for: three services, two members of staff who do not offer the same, a lunch break, a
/// closed Sunday, in New York.
pub fn salon() -> Business {
    serde_json::from_str(include_str!("../../fixtures/demo_business.json")).expect("the fixture is a business")
}
