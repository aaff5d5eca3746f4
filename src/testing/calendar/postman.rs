//! Carries a vendor's reports to the hooks that were registered there, by real requests, one after the other.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, mpsc},
    task::JoinSet,
};

/// How many reports may wait.
const WAITING: usize = 1_000;
/// A vendor waits some seconds; here nobody wants to.
const TIMEOUT: Duration = Duration::from_secs(5);

/// One report, on its way.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

type Told = Box<dyn FnOnce(bool) + Send>;

#[derive(Default)]
struct Waiting {
    count: AtomicUsize,
    settled: Notify,
}

/// It carries until the last clone is dropped.
#[derive(Clone)]
pub struct Postman {
    letters: mpsc::Sender<(Letter, Told)>,
    waiting: Arc<Waiting>,
    _carrier: Arc<JoinSet<()>>,
}

impl Postman {
    /// # Panics
    /// Outside a runtime, or when no HTTP client can be made.
    #[expect(clippy::new_without_default, reason = "it needs a runtime and starts a task")]
    pub fn new() -> Self {
        // Fails when another part of the program was first, with the same provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none());
        let client = client.build().expect("an HTTP client");
        let (letters, mut arriving) = mpsc::channel::<(Letter, Told)>(WAITING);
        let waiting = Arc::new(Waiting::default());
        let mut carrier = JoinSet::new();
        carrier.spawn({
            let waiting = Arc::clone(&waiting);
            async move {
                while let Some((letter, told)) = arriving.recv().await {
                    told(carry(&client, letter).await);
                    if waiting.count.fetch_sub(1, Ordering::SeqCst) == 1 {
                        waiting.settled.notify_waiters();
                    }
                }
            }
        });
        Self { letters, waiting, _carrier: Arc::new(carrier) }
    }

    /// Sends it off; `told` hears whether it was taken (2xx).
    pub fn send(&self, letter: Letter, told: impl FnOnce(bool) + Send + 'static) {
        self.waiting.count.fetch_add(1, Ordering::SeqCst);
        if let Err(error) = self.letters.try_send((letter, Box::new(told))) {
            self.waiting.count.fetch_sub(1, Ordering::SeqCst);
            let (mpsc::error::TrySendError::Full((_, told)) | mpsc::error::TrySendError::Closed((_, told))) = error;
            told(false);
        }
    }

    /// Until everything that was sent off has been taken or refused.
    pub async fn settle(&self) {
        loop {
            let settled = self.waiting.settled.notified();
            tokio::pin!(settled);
            settled.as_mut().enable();
            if self.waiting.count.load(Ordering::SeqCst) == 0 {
                return;
            }
            settled.await;
        }
    }
}

async fn carry(client: &reqwest::Client, letter: Letter) -> bool {
    let mut request = client.post(letter.to).header("content-type", "application/json");
    for (name, value) in letter.headers {
        request = request.header(name, value);
    }
    request.body(letter.body).send().await.is_ok_and(|answer| answer.status().is_success())
}
