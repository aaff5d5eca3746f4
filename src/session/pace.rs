//! How long speech takes to be heard. A text protocol does not say, so it is estimated, and corrected when the line
//! reports that everything was played.

use std::time::Duration;

use tokio::time::Instant;

/// Speech at an ordinary pace, in characters per second.
const CHARACTERS_PER_SECOND: f64 = 15.0;
/// What a synthesiser and the network take before the first sound.
const LEAD: Duration = Duration::from_millis(400);

/// When what we say will have been heard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    until: Instant,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { until: Instant::now() }
    }

    /// More was handed to the line; it is heard after what is still being said.
    pub(super) fn says(&mut self, characters: usize) {
        let now = Instant::now();
        let start = if self.until > now { self.until } else { now + LEAD };
        #[expect(clippy::cast_precision_loss, reason = "an utterance has no 2^52 characters")]
        let takes = Duration::from_secs_f64(characters as f64 / CHARACTERS_PER_SECOND);
        self.until = start + takes;
    }

    /// It was played to its end, or cut off.
    pub(super) fn stops(&mut self) {
        self.until = Instant::now();
    }

    pub(super) fn until(&self) -> Instant {
        self.until
    }
}
