//! A call by script: a caller's line per line, said one after the other, each after the agent has finished.

use std::{io::Write, str::FromStr, time::Duration};

use thiserror::Error;
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    CallSummary, LiveCall, Phone, PhoneError, PhoneEvent,
    terminal::{Screen, Typed},
};

/// An agent that has been quiet for so long after the end of an utterance has finished.
const QUIET: Duration = Duration::from_millis(400);

/// What a caller does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Say(String),
    Interrupt,
    Key(char),
    /// Says nothing for so long.
    Wait(Duration),
    HangUp,
}

/// Steps in their order. Blank lines and lines that start with `#` are not part of it; `/interrupt`, `/key 1`,
/// `/wait 2.5` (seconds, one when it does not say) and `/hangup` are not said but done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script(Vec<Step>);

#[derive(Debug, Error, PartialEq, Eq)]
#[error("line {line} of the script is no command: {text}")]
pub struct BadScript {
    line: usize,
    text: String,
}

impl FromStr for Script {
    type Err = BadScript;

    fn from_str(text: &str) -> Result<Self, BadScript> {
        let mut steps = Vec::new();
        for (n, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with('#') {
                continue;
            }
            let bad = || BadScript { line: n + 1, text: line.to_owned() };
            if let Some(seconds) = line.strip_prefix("/wait") {
                steps.push(Step::Wait(wait(seconds.trim()).ok_or_else(bad)?));
                continue;
            }
            match Typed::read(Some(line)) {
                Typed::Nothing => {}
                Typed::Words(words) => steps.push(Step::Say(words.to_owned())),
                Typed::Interrupt => steps.push(Step::Interrupt),
                Typed::Key(key) => steps.push(Step::Key(key)),
                Typed::HangUp => steps.push(Step::HangUp),
                Typed::Help => return Err(bad()),
            }
        }
        Ok(Self(steps))
    }
}

fn wait(seconds: &str) -> Option<Duration> {
    let seconds = if seconds.is_empty() { 1.0 } else { seconds.parse().ok()? };
    Duration::try_from_secs_f64(seconds).ok().filter(|wait| *wait <= Duration::from_hours(1))
}

/// How a scripted call went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    pub summary: CallSummary,
    /// How often the agent did not finish an answer within the budget.
    pub unanswered: u32,
}

/// Plays a script and writes the transcript. `budget` is how long the agent may take for one answer; ten seconds is what
/// a caller bears.
///
/// # Errors
/// When the server cannot be reached or refuses, at first or later.
pub async fn play(
    phone: &Phone,
    script: &Script,
    budget: Duration,
    out: &mut (impl Write + Send),
) -> Result<Played, PhoneError> {
    let mut caller = Caller {
        call: phone.dial().await?,
        screen: Screen { out, in_speech: false },
        budget,
        unanswered: 0,
        trouble: None,
        over: false,
    };
    caller.listen().await;
    for step in &script.0 {
        if caller.over || caller.take(step).await.is_err() {
            break;
        }
    }
    caller.finish().await
}

struct Caller<'a, W> {
    call: LiveCall,
    screen: Screen<'a, W>,
    budget: Duration,
    unanswered: u32,
    trouble: Option<PhoneError>,
    over: bool,
}

impl<W: Write> Caller<'_, W> {
    async fn take(&mut self, step: &Step) -> Result<(), PhoneError> {
        match step {
            Step::Say(words) => {
                self.screen.line(&format!("Caller: {words}"));
                self.call.say(words).await?;
            }
            Step::Interrupt => {
                self.screen.line("Caller: (talks over)");
                return self.call.interrupt().await;
            }
            Step::Key(key) => {
                self.screen.line(&format!("Caller: (presses {key})"));
                self.call.key(*key).await?;
            }
            Step::Wait(time) => {
                self.screen.line(&format!("Caller: (waits {} s)", time.as_secs_f32()));
                self.wait(*time).await;
                return Ok(());
            }
            Step::HangUp => {
                self.screen.line("Caller: (hangs up)");
                return self.call.hang_up().await;
            }
        }
        self.listen().await;
        Ok(())
    }

    /// Hears the agent out: the end of an utterance and [`QUIET`] after it, or the end of the budget.
    async fn listen(&mut self) {
        let deadline = Instant::now() + self.budget;
        let mut until = deadline;
        loop {
            match timeout_at(until, self.call.next()).await {
                Ok(Some(event)) => {
                    let finished = matches!(
                        event,
                        PhoneEvent::Token { last: true, .. } | PhoneEvent::Greeting(_) | PhoneEvent::Said(_)
                    );
                    self.hear(event);
                    until = if finished { deadline.min(Instant::now() + QUIET) } else { deadline };
                }
                Ok(None) => return self.over = true,
                Err(_) => {
                    self.unanswered += u32::from(until == deadline);
                    return;
                }
            }
        }
    }

    async fn wait(&mut self, time: Duration) {
        let pause = sleep(time);
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut pause => return,
                event = self.call.next() => match event {
                    Some(event) => self.hear(event),
                    None => return self.over = true,
                },
            }
        }
    }

    fn hear(&mut self, event: PhoneEvent) {
        match event {
            PhoneEvent::Trouble(error) => self.trouble = Some(error),
            event => self.screen.show(&event),
        }
    }

    /// Hangs up if the agent has not, and waits for the line to close.
    async fn finish(mut self) -> Result<Played, PhoneError> {
        if !self.over {
            // It may have ended in this very moment.
            let _ = self.call.hang_up().await;
        }
        let give_up = Instant::now() + self.budget;
        while let Ok(Some(event)) = timeout_at(give_up, self.call.next()).await {
            self.hear(event);
        }
        self.screen.line("* The call is over.");
        match self.trouble {
            Some(error) => Err(error),
            None => Ok(Played { summary: self.call.summary().clone(), unanswered: self.unanswered }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_what_a_caller_does_line_by_line() {
        let script: Script =
            "# books\n\nA haircut on Tuesday\n/key 1\n/interrupt\n/wait\n/wait 2.5\n  yes \n/hangup\n".parse().unwrap();
        assert_eq!(
            script.0,
            [
                Step::Say("A haircut on Tuesday".into()),
                Step::Key('1'),
                Step::Interrupt,
                Step::Wait(Duration::from_secs(1)),
                Step::Wait(Duration::from_millis(2_500)),
                Step::Say("yes".into()),
                Step::HangUp,
            ]
        );
    }

    #[test]
    fn a_command_that_is_none_is_pointed_at() {
        for text in ["hi\n/dance", "hi\n/wait soon", "hi\n/wait -1", "hi\n/key 12"] {
            assert_eq!(text.parse::<Script>().unwrap_err().line, 2, "{text}");
        }
    }
}
