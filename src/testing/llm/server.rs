//! A model's server: real HTTP on this machine, both wires on one port, with a [`Brain`] behind it. It refuses what the
//! vendors refuse, streams as they do, and fails as it is told to.

use std::{
    collections::{HashSet, VecDeque},
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::stream::{self, BoxStream};
use http_body_util::{BodyExt, Limited, StreamBody};
use hyper::{
    Method, Request, Response,
    body::{Bytes, Frame, Incoming},
    header,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;

use super::{
    Brain, Reply,
    completions::{self, Answered, Ending},
    faults::Fault,
    messages,
    told::{Refusal, Told, Tools},
};
use crate::ports::language_model::Prompt;

/// How many of the newest requests are kept to be looked at.
const KEPT: usize = 2000;

/// Larger requests are refused, as the vendors do.
const LARGEST: usize = 8 * 1024 * 1024;

type Body = StreamBody<BoxStream<'static, Result<Frame<Bytes>, io::Error>>>;

/// Which wire a request came over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    Completions,
    Messages,
}

/// A request, as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub wire: Wire,
    pub body: Bytes,
    /// What the brain was asked; none if the request was refused.
    pub prompt: Option<Prompt>,
}

/// A server that runs until it is dropped.
pub struct ModelServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    _tasks: JoinSet<()>,
}

struct Shared {
    brain: Arc<dyn Brain>,
    tools: Tools,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    requests: u64,
    connections: u64,
    open: u64,
    next: VecDeque<Option<Fault>>,
    always: Option<Fault>,
    first: Duration,
    between: Duration,
    asked: VecDeque<Asked>,
    /// The prefixes that were seen before, and are kept.
    seen: HashSet<Arc<str>>,
    /// Cancelled when the server is killed.
    alive: CancellationToken,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ModelServer {
    /// # Panics
    /// When the machine gives no port.
    pub async fn start(brain: Arc<dyn Brain>) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.expect("a free port"), brain)
    }

    /// # Panics
    /// When the listener has no address.
    pub fn on(listener: TcpListener, brain: Arc<dyn Brain>) -> Self {
        let address = listener.local_addr().expect("a bound socket has an address");
        let shared = Arc::new(Shared { brain, tools: Tools::default(), state: Mutex::default() });
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, Arc::clone(&shared)));
        Self { address, shared, _tasks: tasks }
    }

    /// The address of the chat completions, as an adapter wants it.
    pub fn completions_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The address of Messages, as an adapter wants it.
    pub fn messages_url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What happens to the next requests, one after the other; after them it is as before.
    pub fn next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.shared.state().next.extend(faults.into_iter().map(Some));
    }

    /// What happens to all further requests for which nothing else was said. None: they are answered.
    pub fn from_now_on(&self, fault: Option<Fault>) {
        self.shared.state().always = fault;
    }

    /// Dies: every connection is cut, whatever it is doing, and no request is answered until it is revived.
    pub fn kill(&self) {
        let mut state = self.shared.state();
        state.always = Some(Fault::Closes);
        std::mem::take(&mut state.alive).cancel();
    }

    pub fn revive(&self) {
        self.from_now_on(None);
    }

    /// How long it takes to the first token, and from one to the next.
    pub fn pace(&self, first: Duration, between: Duration) {
        let mut state = self.shared.state();
        (state.first, state.between) = (first, between);
    }

    /// How many requests have come.
    pub fn requests(&self) -> u64 {
        self.shared.state().requests
    }

    /// How many connections were ever made.
    pub fn connections(&self) -> u64 {
        self.shared.state().connections
    }

    /// How many connections there are.
    pub fn open_connections(&self) -> u64 {
        self.shared.state().open
    }

    /// The newest requests, the oldest of them first.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.state().asked.iter().cloned().collect()
    }
}

/// A connection, as long as there is one.
struct Open(Arc<Shared>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.state().open -= 1;
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((socket, _)) = listener.accept().await else {
            // Out of files: some will be closed.
            sleep(Duration::from_millis(10)).await;
            continue;
        };
        let _ = socket.set_nodelay(true);
        let shared = Arc::clone(&shared);
        let alive = {
            let mut state = shared.state();
            state.connections += 1;
            state.open += 1;
            state.alive.clone()
        };
        connections.spawn(async move {
            let open = Open(shared);
            let service = service_fn(|request| serve(Arc::clone(&open.0), request));
            let connection = http1::Builder::new().serve_connection(TokioIo::new(socket), service);
            tokio::select! {
                () = alive.cancelled() => {}
                _ = connection => {}
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

/// An error here closes the connection without an answer.
async fn serve(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Body>, io::Error> {
    let wire = match (request.method(), request.uri().path()) {
        (&Method::POST, "/v1/chat/completions") => Wire::Completions,
        (&Method::POST, "/v1/messages") => Wire::Messages,
        _ => return Ok(answer(404, "text/plain", vec![Step::text("not here")])),
    };
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let mut checked = match wire {
        Wire::Completions => completions::check_key(header("authorization")),
        Wire::Messages => messages::check_key(header("x-api-key"), header("anthropic-version")),
    };
    if !header("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
        checked = checked.and(Err(Refusal::bad("the content type must be application/json")));
    }
    let body = Limited::new(request.into_body(), LARGEST).collect().await.map_err(io::Error::other)?.to_bytes();
    let told = checked.and_then(|()| match wire {
        Wire::Completions => completions::read(&body, &shared.tools),
        Wire::Messages => messages::read(&body, &shared.tools),
    });
    let (number, fault, first, between) = {
        let mut state = shared.state();
        state.requests += 1;
        if state.asked.len() == KEPT {
            state.asked.pop_front();
        }
        let prompt = told.as_ref().ok().map(|told| told.prompt.clone());
        state.asked.push_back(Asked { wire, body: body.clone(), prompt });
        let fault = state.next.pop_front().unwrap_or_else(|| state.always.clone());
        (state.requests, fault, state.first, state.between)
    };
    match fault {
        Some(Fault::Closes) => return Err(io::Error::other("closed without an answer")),
        Some(Fault::Silent) => return std::future::pending().await,
        _ => {}
    }
    match told {
        Ok(told) => Ok(Answering { shared: &shared, wire, told, number, first, between }.answer(fault, body.len())),
        Err(refusal) => Ok(refused(wire, &refusal)),
    }
}

/// What happens to a body, one after the other.
enum Step {
    Bytes(Bytes),
    Wait(Duration),
    /// The same bytes again and again, with this long between them.
    Forever(Bytes, Duration),
    /// The connection is cut.
    Cut,
}

impl Step {
    fn text(text: impl Into<String>) -> Self {
        Self::Bytes(text.into().into())
    }
}

fn answer(status: u16, kind: &'static str, steps: Vec<Step>) -> Response<Body> {
    let frames = stream::unfold(steps.into_iter().peekable(), |mut steps| async move {
        loop {
            match steps.peek()? {
                Step::Wait(wait) => sleep(*wait).await,
                Step::Cut => {
                    // What was written before is on its way by now.
                    sleep(Duration::from_millis(2)).await;
                    steps.next();
                    return Some((Err(io::Error::other("cut")), steps));
                }
                Step::Forever(bytes, wait) => {
                    sleep(*wait).await;
                    let frame = Frame::data(bytes.clone());
                    return Some((Ok(frame), steps));
                }
                Step::Bytes(bytes) => {
                    let frame = Frame::data(bytes.clone());
                    steps.next();
                    return Some((Ok(frame), steps));
                }
            }
            steps.next();
        }
    });
    let body: Body = StreamBody::new(Box::pin(frames));
    let mut response = Response::new(body);
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    response
}

fn refused(wire: Wire, refusal: &Refusal) -> Response<Body> {
    answer(refusal.status, "application/json", vec![Step::text(error(wire, refusal))])
}

fn error(wire: Wire, refusal: &Refusal) -> String {
    match wire {
        Wire::Completions => completions::error(refusal),
        Wire::Messages => messages::error(refusal),
    }
}

/// One request that was understood.
struct Answering<'a> {
    shared: &'a Shared,
    wire: Wire,
    told: Told,
    number: u64,
    first: Duration,
    between: Duration,
}

impl Answering<'_> {
    fn answer(mut self, fault: Option<Fault>, asked: usize) -> Response<Body> {
        let events = |steps| answer(200, "text/event-stream; charset=utf-8", steps);
        match fault {
            Some(Fault::Status(status)) => refused(self.wire, &self.refusal(status)),
            Some(Fault::Limited(retry_after)) => {
                let mut response = refused(self.wire, &self.refusal(429));
                if let Some(value) = retry_after.and_then(|text| text.parse().ok()) {
                    response.headers_mut().insert(header::RETRY_AFTER, value);
                }
                response
            }
            Some(Fault::TooLong) => refused(self.wire, &self.too_long()),
            Some(Fault::Html) => answer(200, "text/html", vec![Step::text("<html><body>Please log in.</body></html>")]),
            Some(Fault::NotAStream) => answer(200, "application/json", vec![Step::text("{\"choices\":[]}")]),
            Some(Fault::Empty) => events(Vec::new()),
            Some(Fault::SilentAfterHead) => events(vec![Step::Wait(Duration::MAX)]),
            Some(Fault::Garbage) => events(vec![Step::text("\u{0}\u{1}\u{ff}{]\n\ndata: <oops>\n\ndata: {]\n\n")]),
            Some(Fault::Comments) => {
                events(vec![Step::Forever(Bytes::from_static(b": still here\n\n"), Duration::from_millis(5))])
            }
            Some(Fault::EndlessLine) => {
                let more = Bytes::from(vec![b'x'; 16 * 1024]);
                events(vec![Step::text("data: "), Step::Forever(more, Duration::from_millis(1))])
            }
            Some(Fault::OverloadedInside) => events(vec![Step::text(self.error_event(529))]),
            Some(Fault::SlowFirst(wait)) => {
                self.first = wait;
                events(self.steps(self.events(asked, Ending::Whole, None).0))
            }
            Some(Fault::SlowBetween(wait)) => {
                self.between = wait;
                events(self.steps(self.events(asked, Ending::Whole, None).0))
            }
            Some(Fault::ErrorAfter(count)) => {
                let (mut whole, _) = self.events(asked, Ending::Whole, None);
                whole.truncate(count);
                whole.push(self.error_event(500));
                events(self.steps(whole))
            }
            Some(Fault::CutAfter(count)) => {
                let mut text = self.events(asked, Ending::Whole, None).0.concat().into_bytes();
                text.truncate(count);
                events(vec![Step::Bytes(text.into()), Step::Cut])
            }
            Some(Fault::NoEnd) => {
                let (mut whole, last) = self.events(asked, Ending::Whole, None);
                whole.truncate(whole.len() - last);
                events(self.steps(whole))
            }
            Some(Fault::StaysOpen) => {
                let (mut whole, _) = self.events(asked, Ending::Whole, None);
                whole.pop();
                events(vec![Step::text(whole.concat()), Step::Wait(Duration::MAX)])
            }
            Some(Fault::HalfArguments) => events(self.steps(self.events(asked, Ending::Half, None).0)),
            Some(Fault::Refuses) => events(self.steps(self.events(asked, Ending::Refused, None).0)),
            Some(Fault::ManyTokens(count)) => {
                let reply = Reply { words: "and on ".repeat(count / 2), calls: Vec::new() };
                events(self.steps(self.events(asked, Ending::Whole, Some(reply)).0))
            }
            Some(Fault::OddLines(end)) => {
                let text =
                    self.events(asked, Ending::Whole, None).0.concat().replace('\n', end).replace("data: ", "data:");
                events(vec![Step::text(format!("\u{feff}{text}"))])
            }
            Some(Fault::Closes | Fault::Silent) | None => events(self.steps(self.events(asked, Ending::Whole, None).0)),
        }
    }

    /// The events of what the brain says, or of `instead`.
    fn events(&self, asked: usize, ending: Ending, instead: Option<Reply>) -> (Vec<String>, usize) {
        let mut reply = instead.unwrap_or_else(|| self.shared.brain.reply(&self.told.prompt));
        for (at, call) in reply.calls.iter_mut().enumerate().filter(|(_, call)| call.id.is_empty()) {
            call.id = format!("made-{}-{at}", self.number);
        }
        let system = &self.told.prompt.system;
        let kept = !self.shared.state().seen.insert(Arc::clone(system));
        let answered = Answered {
            number: self.number,
            told: &self.told,
            reply: &reply,
            // A token is about four letters.
            input: asked / 4,
            cached: if kept { self.told.prefix / 4 } else { 0 },
            ending,
        };
        match self.wire {
            Wire::Completions => completions::events(&answered),
            Wire::Messages => messages::events(&answered),
        }
    }

    /// What is due at once goes out in one piece, as a real server's would.
    fn steps(&self, events: Vec<String>) -> Vec<Step> {
        let mut steps = Vec::new();
        if !self.first.is_zero() {
            steps.push(Step::Wait(self.first));
        }
        if self.between.is_zero() {
            steps.push(Step::text(events.concat()));
            return steps;
        }
        for event in events {
            steps.push(Step::text(event));
            steps.push(Step::Wait(self.between));
        }
        steps
    }

    fn refusal(&self, status: u16) -> Refusal {
        let (completion, message) = match status {
            401 => ("invalid_request_error", "authentication_error"),
            403 => ("invalid_request_error", "permission_error"),
            429 => ("requests", "rate_limit_error"),
            529 => ("server_error", "overloaded_error"),
            _ => ("server_error", "api_error"),
        };
        let kind = if self.wire == Wire::Completions { completion } else { message };
        let message = match status {
            503 | 529 => "Overloaded".to_owned(),
            _ => "It failed as it was told to.".to_owned(),
        };
        Refusal { status, kind, code: None, message }
    }

    fn error_event(&self, status: u16) -> String {
        match self.wire {
            Wire::Completions => completions::error_event(&self.refusal(status)),
            Wire::Messages => messages::error_event(&self.refusal(status)),
        }
    }

    fn too_long(&self) -> Refusal {
        match self.wire {
            Wire::Completions => Refusal {
                code: Some("context_length_exceeded"),
                ..Refusal::bad(
                    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
                )
            },
            Wire::Messages => Refusal::bad("prompt is too long: 208656 tokens > 200000 maximum"),
        }
    }
}

#[cfg(test)]
mod tests;
