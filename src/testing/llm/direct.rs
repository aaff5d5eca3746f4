//! A mind as a model without any wire, so that whole calls run in paused time; how each request goes can be scripted.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, sleep};

use super::{Brain, Reply};
use crate::ports::language_model::{Answer, LanguageModel, ModelError, Piece, Prompt, Usage, Why};

/// How one request goes.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// Until the first piece, or the failure.
    pub first: Duration,
    /// Between the pieces.
    pub between: Duration,
    pub fate: Fate,
    /// Said instead of what the mind would say.
    pub reply: Option<Reply>,
}

/// What becomes of one request.
#[derive(Clone, Debug, Default)]
pub enum Fate {
    #[default]
    Answers,
    /// Nothing is answered.
    Fails(fn() -> ModelError),
    /// The answer breaks off after so many pieces.
    Breaks { after: usize, error: fn() -> ModelError },
    /// The answer stops after so many pieces, and nothing comes any more.
    Stops { after: usize },
    /// Its vendor, or the model itself, would rather not.
    Refuses,
    /// The length it may have is reached after so many pieces.
    Length { after: usize },
}

impl Manner {
    pub fn slow(first: Duration) -> Self {
        Self { first, ..Self::default() }
    }

    pub fn silent() -> Self {
        Self { fate: Fate::Stops { after: 0 }, ..Self::default() }
    }

    pub fn fails(error: fn() -> ModelError) -> Self {
        Self { fate: Fate::Fails(error), ..Self::default() }
    }

    pub fn says(words: &str) -> Self {
        Self { reply: Some(Reply { words: words.to_owned(), ..Reply::default() }), ..Self::default() }
    }
}

/// A request, as a test looks at it.
#[derive(Clone, Debug)]
pub struct Request {
    pub at: Instant,
    pub prompt: Prompt,
}

pub struct DirectModel {
    brain: Box<dyn Brain>,
    /// For the next requests, one for each; then `always`.
    script: Mutex<VecDeque<Manner>>,
    always: Mutex<Manner>,
    requests: Mutex<Vec<Request>>,
    given_up: Arc<AtomicUsize>,
}

impl DirectModel {
    pub fn new(brain: impl Brain + 'static) -> Self {
        Self {
            brain: Box::new(brain),
            script: Mutex::default(),
            always: Mutex::default(),
            requests: Mutex::default(),
            given_up: Arc::default(),
        }
    }

    /// How the requests to come go, one after the other; those after them go as [`Self::always`] says.
    pub fn next(&self, manners: impl IntoIterator<Item = Manner>) {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).extend(manners);
    }

    pub fn always(&self, manner: Manner) {
        *self.always.lock().unwrap_or_else(PoisonError::into_inner) = manner;
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets the requests so far.
    pub fn forget(&self) {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// How many requests were given up before their answer was over.
    pub fn given_up(&self) -> usize {
        self.given_up.load(Ordering::Relaxed)
    }

    fn manner(&self) -> Manner {
        let next = self.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        next.unwrap_or_else(|| self.always.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

#[async_trait]
impl LanguageModel for DirectModel {
    async fn answer(&self, prompt: &Prompt) -> Result<Answer, ModelError> {
        let request = Request { at: Instant::now(), prompt: prompt.clone() };
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        let mut guard = Unfinished(Some(Arc::clone(&self.given_up)));
        let manner = self.manner();
        let reply = manner.reply.clone().unwrap_or_else(|| self.brain.reply(prompt));
        if let Fate::Fails(error) = manner.fate {
            sleep(manner.first).await;
            guard.finished();
            return Err(error());
        }
        let steps = steps(&manner.fate, reply);
        let state = (steps.into_iter(), guard, manner.first);
        let between = manner.between;
        let answer = stream::unfold(state, move |(mut steps, mut guard, wait)| async move {
            if !wait.is_zero() {
                sleep(wait).await;
            }
            match steps.next()? {
                Step::Comes(piece) => {
                    if matches!(piece, Piece::End { .. }) {
                        guard.finished();
                    }
                    Some((Ok(piece), (steps, guard, between)))
                }
                Step::Breaks(error) => {
                    guard.finished();
                    Some((Err(error()), (Vec::new().into_iter(), guard, Duration::ZERO)))
                }
                Step::Stops => std::future::pending().await,
            }
        });
        Ok(answer.boxed())
    }
}

enum Step {
    Comes(Piece),
    Breaks(fn() -> ModelError),
    Stops,
}

/// What comes, in order.
fn steps(fate: &Fate, reply: Reply) -> Vec<Step> {
    let usage = Usage { input: 1_000, cached: 800, output: 40 };
    let why = if reply.calls.is_empty() { Why::Said } else { Why::Calls };
    let words = reply.words.split_inclusive(' ').map(|word| Piece::Words(word.to_owned()));
    let mut pieces: Vec<Step> = words.chain(reply.calls.into_iter().map(Piece::Call)).map(Step::Comes).collect();
    let end = |why| Step::Comes(Piece::End { why, usage });
    match fate {
        Fate::Answers | Fate::Fails(_) => pieces.push(end(why)),
        Fate::Breaks { after, error } => {
            pieces.truncate(*after);
            pieces.push(Step::Breaks(*error));
        }
        Fate::Stops { after } => {
            pieces.truncate(*after);
            pieces.push(Step::Stops);
        }
        Fate::Refuses => pieces = vec![end(Why::Refused)],
        Fate::Length { after } => {
            pieces.truncate(*after);
            pieces.push(end(Why::Length));
        }
    }
    pieces
}

/// Counts an answer that is dropped before its end.
struct Unfinished(Option<Arc<AtomicUsize>>);

impl Unfinished {
    fn finished(&mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(count) = &self.0 {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}
