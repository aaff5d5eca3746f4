//! Stopping in two steps: first nothing new is taken on and live calls go on; then whoever is left says goodbye.

use std::{io, time::Duration};

use futures_util::{Stream, StreamExt, stream};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{info, warn};

/// How often a draining server looks whether its last call is over.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Shared by everything that has to stop. Cloning it shares it.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    /// Cancelled by the first signal: not ready, no new calls; live ones go on until the drain limit.
    pub draining: CancellationToken,
    /// Cancelled at the drain limit or by the second signal: calls say goodbye and end within seconds.
    pub stopping: CancellationToken,
    /// Everything that must have ended before the program does.
    pub tasks: TaskTracker,
}

impl Lifecycle {
    pub fn is_draining(&self) -> bool {
        self.draining.is_cancelled() || self.stopping.is_cancelled()
    }
}

/// Somebody lost patience: the third signal. The program ends with the status of one ended by Ctrl-C.
#[derive(Debug, PartialEq, Eq)]
pub struct AtOnce;

/// SIGTERM and SIGINT, from now on.
pub fn signals() -> io::Result<impl Stream<Item = ()> + Send + Unpin> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(stream::poll_fn(move |context| {
        if terminate.poll_recv(context).is_ready() || interrupt.poll_recv(context).is_ready() {
            return std::task::Poll::Ready(Some(()));
        }
        std::task::Poll::Pending
    }))
}

/// Takes the two steps as the signals come. The second step is also taken when the drain limit is over, or when `live`
/// (the number of live calls) has come down to none. Returns at the third signal only.
pub async fn listen_for_signals(
    lifecycle: Lifecycle,
    mut signals: impl Stream<Item = ()> + Unpin,
    drain: Duration,
    live: impl Fn() -> usize,
) -> AtOnce {
    tokio::select! {
        Some(()) = signals.next() => {}
        () = lifecycle.draining.cancelled() => {}
        () = lifecycle.stopping.cancelled() => {}
    }
    lifecycle.draining.cancel();
    info!(calls.live = live(), drain.seconds = drain.as_secs(), "draining: no new calls, live ones may finish");
    tokio::select! {
        Some(()) = signals.next() => warn!(calls.live = live(), "second signal: saying goodbye to live calls"),
        () = tokio::time::sleep(drain) => warn!(calls.live = live(), "drain limit reached: saying goodbye to live calls"),
        () = all_over(&live) => info!("no call is live any more"),
        () = lifecycle.stopping.cancelled() => {}
    }
    lifecycle.stopping.cancel();
    if signals.next().await.is_none() {
        std::future::pending::<()>().await;
    }
    AtOnce
}

async fn all_over(live: impl Fn() -> usize) {
    while live() > 0 {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use tokio::{sync::mpsc, task::JoinHandle, time::Instant};

    use super::*;

    struct Server {
        lifecycle: Lifecycle,
        signal: mpsc::Sender<()>,
        calls: Arc<AtomicUsize>,
        listening: JoinHandle<AtOnce>,
    }

    fn server_with_a_call() -> Server {
        let lifecycle = Lifecycle::default();
        let (signal, mut sent) = mpsc::channel(4);
        let calls = Arc::new(AtomicUsize::new(1));
        let live = Arc::clone(&calls);
        let listening = lifecycle.tasks.spawn(listen_for_signals(
            lifecycle.clone(),
            stream::poll_fn(move |context| sent.poll_recv(context)),
            Duration::from_mins(15),
            move || live.load(Ordering::Relaxed),
        ));
        Server { lifecycle, signal, calls, listening }
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_signal_lets_calls_finish_and_the_last_of_them_stops_the_server() {
        let server = server_with_a_call();
        server.signal.send(()).await.unwrap();
        server.lifecycle.draining.cancelled().await;
        tokio::time::sleep(Duration::from_mins(5)).await;
        assert!(!server.lifecycle.stopping.is_cancelled());
        server.calls.store(0, Ordering::Relaxed);
        let hung_up = Instant::now();
        server.lifecycle.stopping.cancelled().await;
        assert!(hung_up.elapsed() <= LOOK_EVERY);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_will_not_end_is_ended_at_the_drain_limit() {
        let server = server_with_a_call();
        server.signal.send(()).await.unwrap();
        let begun = Instant::now();
        server.lifecycle.stopping.cancelled().await;
        assert_eq!(begun.elapsed().as_secs(), 15 * 60);
    }

    #[tokio::test(start_paused = true)]
    async fn m4_the_second_signal_says_goodbye_and_the_third_ends_at_once() {
        let server = server_with_a_call();
        let begun = Instant::now();
        server.signal.send(()).await.unwrap();
        server.lifecycle.draining.cancelled().await;
        server.signal.send(()).await.unwrap();
        server.lifecycle.stopping.cancelled().await;
        assert!(!server.listening.is_finished());
        server.signal.send(()).await.unwrap();
        assert_eq!(server.listening.await.unwrap(), AtOnce);
        assert!(begun.elapsed() < Duration::from_secs(1));
    }
}
