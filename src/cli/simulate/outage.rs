//! A line to a model's server that breaks at a moment of its own choosing: what is under way is cut off, and nobody is reached
//! any more until it comes back, if it does.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use crate::testing::dice::Dice;

/// As much as is passed on at once; a stream is cut within it.
const PIECE: usize = 512;

/// When the line breaks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// During the answer to this request, from 1.
    request: usize,
    /// After so many bytes of that answer; 0: before its first.
    after: usize,
    /// How long it stays so; nothing: for good.
    back: Option<Duration>,
}

impl Plan {
    /// A random moment of a call, and a random end of it in every second one.
    pub(super) fn thrown(dice: &mut Dice) -> Self {
        let request = 1 + dice.below(5);
        let after = if dice.percent(35) { 0 } else { 1 + dice.below(1_500) };
        let millis = u64::try_from(200 + dice.below(2_500)).unwrap_or(200);
        Self { request, after, back: dice.percent(50).then(|| Duration::from_millis(millis)) }
    }
}

/// The line. Nobody is reached over it when it is dropped.
pub(super) struct Outage {
    address: SocketAddr,
    _task: JoinSet<()>,
}

impl Outage {
    /// A line to `model` that breaks as planned.
    pub(super) async fn before(model: SocketAddr, plan: Plan) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let mut task = JoinSet::new();
        task.spawn(async move {
            let broken = CancellationToken::new();
            let line = Line { model, plan: Some(plan), requests: Arc::default(), broken: broken.clone() };
            tokio::select! {
                () = broken.cancelled() => {}
                () = serve(listener, line.clone()) => {}
            }
            let Some(back) = plan.back else { return };
            sleep(back).await;
            if let Ok(listener) = TcpListener::bind(address).await {
                serve(listener, Line { plan: None, broken: CancellationToken::new(), ..line }).await;
            }
        });
        Ok(Self { address, _task: task })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

#[derive(Clone)]
struct Line {
    model: SocketAddr,
    plan: Option<Plan>,
    requests: Arc<AtomicUsize>,
    broken: CancellationToken,
}

/// Until it is dropped, and every connection with it.
async fn serve(listener: TcpListener, line: Line) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        connections.spawn(connection(client, line.clone()));
        while connections.try_join_next().is_some() {}
    }
}

/// Passes bytes on, both ways, until either side is done or the line breaks.
async fn connection(mut client: TcpStream, line: Line) {
    let Ok(mut model) = TcpStream::connect(line.model).await else { return };
    let (mut asked, mut answered) = (vec![0; 16 * 1024], vec![0; PIECE]);
    // How many bytes of this answer may still pass, when it is the one that is cut.
    let mut left: Option<usize> = None;
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Some(piece) = read.ok().filter(|read| *read > 0).and_then(|read| asked.get(..read)) else { return };
                if piece.starts_with(b"POST ")
                    && let Some(plan) = line.plan
                    && line.requests.fetch_add(1, Ordering::SeqCst) + 1 == plan.request
                {
                    left = Some(plan.after);
                }
                if left == Some(0) {
                    return line.broken.cancel();
                }
                if model.write_all(piece).await.is_err() {
                    return;
                }
            }
            read = model.read(&mut answered) => {
                let Some(piece) = read.ok().filter(|read| *read > 0).and_then(|read| answered.get(..read)) else { return };
                let passes = left.map_or(piece.len(), |left| left.min(piece.len()));
                if client.write_all(&piece[..passes]).await.is_err() {
                    return;
                }
                if let Some(rest) = left.as_mut() {
                    *rest -= passes;
                    if *rest == 0 {
                        return line.broken.cancel();
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_breaks_in_the_middle_of_an_answer_and_comes_back() {
        let model = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let there = model.local_addr().unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            while let Ok((mut socket, _)) = model.accept().await {
                let mut request = [0; 64];
                while socket.read(&mut request).await.is_ok_and(|read| read > 0) {
                    socket.write_all(b"an answer").await.unwrap();
                }
            }
        });
        let plan = Plan { request: 2, after: 4, back: Some(Duration::from_millis(100)) };
        let line = Outage::before(there, plan).await.unwrap();
        let mut heard = [0; 64];
        let mut socket = TcpStream::connect(line.address()).await.unwrap();
        socket.write_all(b"POST / first").await.unwrap();
        assert_eq!(socket.read(&mut heard).await.unwrap(), 9, "the first request is answered");
        socket.write_all(b"POST / second").await.unwrap();
        assert_eq!(socket.read(&mut heard).await.unwrap(), 4, "the second is cut");
        assert!(socket.read(&mut heard).await.map_or(true, |read| read == 0));
        assert!(TcpStream::connect(line.address()).await.is_err(), "nobody is reached");
        sleep(Duration::from_millis(400)).await;
        let mut socket = TcpStream::connect(line.address()).await.unwrap();
        socket.write_all(b"POST / third").await.unwrap();
        assert_eq!(socket.read(&mut heard).await.unwrap(), 9);
    }
}
