//! Many callers at once: places ConversationRelay calls through the real webhook, talks on every one of them, and says
//! how long the answers took and what they cost the server.
//!
//! It is to run on the machine of the server it measures, so it is made to be light: one thread, small buffers.
//!
//! ```text
//! ulimit -n 20000
//! cargo run --release --example load -- --calls 5000 --auth-token … --pid $(pgrep -x deskbell) --json load.json
//! ```

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, anyhow, bail, ensure};
use clap::Parser;
use deskbell::{
    adapters::telephony::twilio::sign,
    cli::phone::{Instruction, read_twiml, sid},
};
use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::{
    net::TcpStream,
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, sleep_until, timeout, timeout_at},
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, protocol::WebSocketConfig},
};

/// An answer that takes longer is none.
const TOO_LATE: Duration = Duration::from_secs(5);

/// How long the server is left alone before its memory is read.
const SETTLE: Duration = Duration::from_secs(2);

/// Clock ticks a second in /proc/PID/stat; `USER_HZ` is 100 on every Linux that matters (proc(5)).
const TICKS_PER_SECOND: f64 = 100.0;

/// What callers say, in the order they say it; each call starts with another one. Nobody says yes to a booking, so that
/// the calendar does not fill up while the clock runs.
const TALKS: [&[&str]; 5] = [
    &["What are your opening hours?", "And on Saturday?", "Where are you?", "Is there parking?"],
    &["How much is a haircut?", "And how long does it take?", "Do you do beard trims?"],
    &["I'd like a haircut", "Thursday at ten", "No, later in the afternoon", "Never mind"],
    &["Can I get a color with Maria next Friday at two?", "No, Wednesday", "Anything earlier?", "Forget it"],
    &["A beard trim tomorrow morning with James, please", "My name is Sam Taylor", "Actually, never mind"],
];

#[derive(Parser)]
struct Options {
    /// Where the server listens.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    /// The server's `DESKBELL_PUBLIC_ORIGIN`, which signatures are made over; by default the same.
    #[arg(long)]
    origin: Option<String>,
    #[arg(long, default_value = "00000000-0000-7000-8000-00000000d35c")]
    business: String,
    #[arg(long, default_value = "AC00000000000000000000000000000001")]
    account_sid: String,
    /// The server's `TWILIO_AUTH_TOKEN`.
    #[arg(long)]
    auth_token: String,
    #[arg(long, default_value_t = 5_000)]
    calls: u32,
    /// Seconds in which the calls are placed.
    #[arg(long, default_value_t = 10.0)]
    ramp: f64,
    /// Seconds of talking, once every call is connected.
    #[arg(long, default_value_t = 30.0)]
    duration: f64,
    /// Milliseconds between two sentences of a caller.
    #[arg(long, default_value_t = 3_000)]
    interval_ms: u64,
    /// The server's process, to read its processor time and memory.
    #[arg(long)]
    pid: Option<u32>,
    /// Where the figures are written as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    enough_files(options.calls)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = runtime.block_on(run(&options))?;
    println!("{report}");
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_string_pretty(&report)?).context("the figures cannot be written")?;
    }
    Ok(())
}

/// Each call needs a socket of ours; finding out in the middle would spoil the figures.
fn enough_files(calls: u32) -> anyhow::Result<()> {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let allowed = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files")?.split_whitespace().next()?.parse::<u32>().ok())
        .unwrap_or(u32::MAX);
    ensure!(allowed > calls + 100, "only {allowed} files may be open: say `ulimit -n {}` first", calls * 2 + 1_000);
    Ok(())
}

/// What everybody is to do now.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Phase {
    Connect,
    Talk,
    HangUp,
}

async fn run(options: &Options) -> anyhow::Result<Report> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let callers = Arc::new(Callers::new(options)?);
    let figures = Arc::new(Mutex::new(Figures::default()));
    let (phase, now) = watch::channel(Phase::Connect);
    let server = options.pid.map(Process);
    let empty = server.map(Process::memory_kib).transpose()?;

    let mut calls = JoinSet::new();
    let start = Instant::now();
    for n in 0..options.calls {
        let at = start + Duration::from_secs_f64(options.ramp * f64::from(n) / f64::from(options.calls));
        calls.spawn(one_call(Arc::clone(&callers), n, at, now.clone(), Arc::clone(&figures)));
    }
    let connected = wait_for_connections(options, &figures).await;
    sleep(SETTLE).await;
    let idle = server.map(Process::memory_kib).transpose()?;

    let processor = server.map(Process::processor_seconds).transpose()?;
    let own_processor = Process(std::process::id()).processor_seconds()?;
    phase.send_replace(Phase::Talk);
    sleep(Duration::from_secs_f64(options.duration)).await;
    let processor_after = server.map(Process::processor_seconds).transpose()?;
    let own_processor = Process(std::process::id()).processor_seconds()? - own_processor;
    let busy = server.map(Process::memory_kib).transpose()?;
    phase.send_replace(Phase::HangUp);
    while calls.join_next().await.is_some() {}

    let mut figures = figures.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Report {
        calls: options.calls,
        connected,
        turns: u32::try_from(figures.first.len())?,
        timeouts: figures.timeouts,
        extra: figures.extra,
        failures: std::mem::take(&mut figures.failures),
        webhook_ms: Percentiles::of(&mut figures.webhook),
        first_token_ms: Percentiles::of(&mut figures.first),
        last_token_ms: Percentiles::of(&mut figures.last),
        generator_lag_ms: Percentiles::of(&mut figures.lag),
        processor_seconds: processor_after.zip(processor).map(|(after, before)| after - before),
        generator_processor_seconds: own_processor,
        memory_kib: empty.zip(idle).zip(busy).map(|((empty, idle), busy)| Memory { empty, idle, busy }),
    })
}

/// Until every call is connected or has failed, or it takes far too long.
async fn wait_for_connections(options: &Options, figures: &Mutex<Figures>) -> u32 {
    let give_up = Instant::now() + Duration::from_secs_f64(options.ramp) + Duration::from_secs(30);
    loop {
        {
            let figures = figures.lock().unwrap_or_else(PoisonError::into_inner);
            let settled = figures.connected + figures.failures.values().sum::<u32>();
            if settled >= options.calls || Instant::now() > give_up {
                return figures.connected;
            }
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// What all callers share.
struct Callers {
    http: reqwest::Client,
    url: String,
    origin: String,
    /// "127.0.0.1:8080".
    address: String,
    business: String,
    account_sid: String,
    auth_token: String,
    interval: Duration,
}

impl Callers {
    fn new(options: &Options) -> anyhow::Result<Self> {
        let url = options.url.trim_end_matches('/').to_owned();
        let address = url.strip_prefix("http://").context("--url must start with http://")?.to_owned();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(15)).pool_max_idle_per_host(64).build()?;
        Ok(Self {
            http,
            origin: options.origin.clone().unwrap_or_else(|| url.clone()),
            url,
            address,
            business: options.business.clone(),
            account_sid: options.account_sid.clone(),
            auth_token: options.auth_token.clone(),
            interval: Duration::from_millis(options.interval_ms),
        })
    }

    /// Rings, and returns where to connect and how long the webhook took.
    async fn ring(&self, call: &str, from: &str) -> anyhow::Result<(Instruction, Duration)> {
        let target = format!("/voice/incoming/{}", self.business);
        let params = [
            ("AccountSid", self.account_sid.as_str()),
            ("CallSid", call),
            ("CallStatus", "ringing"),
            ("Direction", "inbound"),
            ("From", from),
            ("To", "+15005550006"),
        ];
        let signature = sign(&self.auth_token, &format!("{}{target}", self.origin), params);
        let started = Instant::now();
        let request = self.http.post(format!("{}{target}", self.url)).form(&params);
        let response = request.header("X-Twilio-Signature", signature).send().await.context("webhook unreachable")?;
        let status = response.status();
        ensure!(status.is_success(), "webhook answered {}", status.as_u16());
        let twiml = response.text().await.context("webhook broke off")?;
        let took = started.elapsed();
        match read_twiml(&twiml)?.into_iter().next() {
            Some(connect @ Instruction::Connect { .. }) => Ok((connect, took)),
            Some(_) => bail!("the call was turned away"),
            None => bail!("the call was hung up on"),
        }
    }

    async fn connect(&self, url: &str) -> anyhow::Result<WebSocketStream<TcpStream>> {
        let (_, rest) = url.split_once("://").context("the socket's URL has no scheme")?;
        let target = rest.find('/').map_or("/", |at| &rest[at..]);
        let mut request = format!("ws://{}{target}", self.address).into_client_request()?;
        request.headers_mut().insert("X-Twilio-Signature", sign(&self.auth_token, url, []).parse()?);
        let stream = TcpStream::connect(&self.address).await.context("socket unreachable")?;
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default().read_buffer_size(2 * 1024).write_buffer_size(0);
        match timeout(TOO_LATE, client_async_with_config(request, stream, Some(config))).await {
            Ok(Ok((socket, _))) => Ok(socket),
            Ok(Err(error)) => Err(anyhow!("socket refused: {error}")),
            Err(_) => bail!("socket not answered"),
        }
    }
}

#[derive(Default)]
struct Figures {
    connected: u32,
    webhook: Vec<Duration>,
    first: Vec<Duration>,
    last: Vec<Duration>,
    /// How late the sentences were said: by this program's fault, not the server's.
    lag: Vec<Duration>,
    timeouts: usize,
    /// Utterances that nobody had asked for, and frames that could not be read.
    extra: usize,
    failures: BTreeMap<String, u32>,
}

async fn one_call(
    callers: Arc<Callers>,
    n: u32,
    at: Instant,
    phase: watch::Receiver<Phase>,
    figures: Arc<Mutex<Figures>>,
) {
    sleep_until(at).await;
    let note =
        |change: &mut dyn FnMut(&mut Figures)| change(&mut figures.lock().unwrap_or_else(PoisonError::into_inner));
    let opened = async {
        let call = sid("CA");
        let from = format!("+1415{:07}", 2_000_000 + n);
        let (connect, took) = callers.ring(&call, &from).await?;
        let Instruction::Connect { socket: url, speaker_events, .. } = connect else { bail!("not connected") };
        let mut socket = callers.connect(&url).await?;
        let setup = serde_json::json!({
            "type": "setup", "sessionId": sid("VX"), "accountSid": callers.account_sid, "callSid": call,
            "from": from, "to": "+15005550006", "direction": "inbound", "customParameters": {},
        });
        socket.send(Message::text(setup.to_string())).await.context("setup not taken")?;
        anyhow::Ok((socket, speaker_events, took))
    };
    let ended = match opened.await {
        Ok((socket, speaker_events, took)) => {
            note(&mut |figures| {
                figures.connected += 1;
                figures.webhook.push(took);
            });
            Talk { socket, phase, figures: &figures, interval: callers.interval, n, speaker_events, speaking: false }
                .run()
                .await
        }
        Err(error) => Err(error),
    };
    if let Err(error) = ended {
        note(&mut |figures| *figures.failures.entry(error.to_string()).or_default() += 1);
    }
}

/// One connected call.
struct Talk<'a> {
    socket: WebSocketStream<TcpStream>,
    phase: watch::Receiver<Phase>,
    figures: &'a Mutex<Figures>,
    interval: Duration,
    n: u32,
    /// The server wants to hear when its speech is played.
    speaker_events: bool,
    speaking: bool,
}

#[derive(Deserialize)]
struct Frame {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    token: String,
    #[serde(default)]
    last: bool,
}

impl Talk<'_> {
    async fn run(mut self) -> anyhow::Result<()> {
        self.wait().await?;
        // Spread over the interval by the golden ratio, so that the callers do not speak in chorus.
        let offset = self.interval.mul_f64((f64::from(self.n) * 0.618_033_988_75).fract());
        let mut at = Instant::now() + offset;
        let sentences = TALKS[self.n as usize % TALKS.len()].iter().cycle();
        for sentence in sentences {
            if !self.pause_until(at).await? {
                break;
            }
            self.turn(sentence, at).await?;
            at = (at + self.interval).max(Instant::now());
        }
        let _ = self.socket.close(None).await;
        Ok(())
    }

    /// Holds the line until everybody is connected, and answers when asked whether anybody is there.
    async fn wait(&mut self) -> anyhow::Result<()> {
        loop {
            tokio::select! {
                told = reached(&mut self.phase, Phase::Talk) => return told,
                frame = read(&mut self.socket) => if self.play(&frame?).await? {
                    self.say("One moment please").await?;
                }
            }
        }
    }

    /// Whether the call goes on: false when it is time to hang up.
    async fn pause_until(&mut self, at: Instant) -> anyhow::Result<bool> {
        loop {
            tokio::select! {
                told = reached(&mut self.phase, Phase::HangUp) => return told.map(|()| false),
                () = sleep_until(at) => return Ok(true),
                frame = read(&mut self.socket) => if self.play(&frame?).await? {
                    self.figures().extra += 1;
                }
            }
        }
    }

    async fn turn(&mut self, sentence: &str, at: Instant) -> anyhow::Result<()> {
        let said = Instant::now();
        self.say(sentence).await?;
        let mut first = None;
        loop {
            let Ok(frame) = timeout_at(said + TOO_LATE, read(&mut self.socket)).await else {
                self.figures().timeouts += 1;
                return Ok(());
            };
            let frame = frame?;
            if !frame.token.is_empty() {
                first.get_or_insert_with(|| said.elapsed());
            }
            let last = said.elapsed();
            if self.play(&frame).await? {
                let mut figures = self.figures();
                figures.first.push(first.unwrap_or(last));
                figures.last.push(last);
                figures.lag.push(said.saturating_duration_since(at));
                return Ok(());
            }
        }
    }

    /// Tells the server when its speech begins and ends, if it asked for that. Whether this piece was the last.
    async fn play(&mut self, frame: &Frame) -> anyhow::Result<bool> {
        if !std::mem::replace(&mut self.speaking, !frame.last) {
            self.report("on").await?;
        }
        if frame.last {
            self.report("off").await?;
        }
        Ok(frame.last)
    }

    async fn report(&mut self, speaking: &str) -> anyhow::Result<()> {
        if !self.speaker_events {
            return Ok(());
        }
        let frame = format!(r#"{{"type":"info","name":"agentSpeaking","value":"{speaking}"}}"#);
        self.socket.send(Message::text(frame)).await.context("socket dropped")
    }

    async fn say(&mut self, text: &str) -> anyhow::Result<()> {
        let frame = format!(r#"{{"type":"prompt","voicePrompt":"{text}","lang":"en-US","last":true}}"#);
        self.socket.send(Message::text(frame)).await.context("socket dropped")
    }

    fn figures(&self) -> std::sync::MutexGuard<'_, Figures> {
        self.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn reached(now: &mut watch::Receiver<Phase>, phase: Phase) -> anyhow::Result<()> {
    now.wait_for(|now| *now >= phase).await?;
    Ok(())
}

/// The next piece of speech. May be dropped half-way.
async fn read(socket: &mut WebSocketStream<TcpStream>) -> anyhow::Result<Frame> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                let frame: Frame = serde_json::from_str(&text).context("a frame that cannot be read")?;
                match frame.kind.as_str() {
                    "text" => return Ok(frame),
                    "end" => bail!("the server ended the call"),
                    _ => {}
                }
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => bail!("socket dropped"),
            Some(Ok(_)) => {}
        }
    }
}

/// A process of this machine, as Linux shows it.
#[derive(Clone, Copy)]
struct Process(u32);

impl Process {
    /// User and system time so far.
    fn processor_seconds(self) -> anyhow::Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0)).context("no such process")?;
        // The name, in parentheses, may hold anything; field 3 follows it, and 14 and 15 are wanted (proc(5)).
        let (_, after) = stat.rsplit_once(')').context("an odd /proc/PID/stat")?;
        let ticks: f64 = after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
        Ok(ticks / TICKS_PER_SECOND)
    }

    fn memory_kib(self) -> anyhow::Result<u32> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0)).context("no such process")?;
        let resident =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok());
        resident.context("an odd /proc/PID/status")
    }
}

#[derive(Serialize)]
struct Report {
    calls: u32,
    connected: u32,
    turns: u32,
    timeouts: usize,
    extra: usize,
    failures: BTreeMap<String, u32>,
    webhook_ms: Percentiles,
    first_token_ms: Percentiles,
    last_token_ms: Percentiles,
    generator_lag_ms: Percentiles,
    processor_seconds: Option<f64>,
    generator_processor_seconds: f64,
    memory_kib: Option<Memory>,
}

/// The server's resident memory before the first call, with all calls connected and silent, and after the talking.
#[derive(Serialize)]
struct Memory {
    empty: u32,
    idle: u32,
    busy: u32,
}

#[derive(Serialize)]
struct Percentiles {
    p50: f64,
    p95: f64,
    p99: f64,
    max: f64,
}

impl Percentiles {
    fn of(times: &mut [Duration]) -> Self {
        times.sort_unstable();
        let at = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100).saturating_sub(1);
            times.get(rank).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
        };
        Self { p50: at(50), p95: at(95), p99: at(99), max: at(100) }
    }
}

impl std::fmt::Display for Percentiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "p50 {:.2}  p95 {:.2}  p99 {:.2}  max {:.2}", self.p50, self.p95, self.p99, self.max)
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "calls            {} of {} connected", self.connected, self.calls)?;
        writeln!(f, "turns            {}, {} without an answer, {} unasked", self.turns, self.timeouts, self.extra)?;
        for (why, count) in &self.failures {
            writeln!(f, "failed           {count} × {why}")?;
        }
        writeln!(f, "webhook, ms      {}", self.webhook_ms)?;
        writeln!(f, "first token, ms  {}", self.first_token_ms)?;
        writeln!(f, "last token, ms   {}", self.last_token_ms)?;
        writeln!(f, "own lag, ms      {}", self.generator_lag_ms)?;
        if let Some(seconds) = self.processor_seconds {
            let per_thousand = seconds * 1_000.0 / f64::from(self.turns.max(1));
            writeln!(f, "processor, s     {seconds:.2}, {per_thousand:.3} per 1,000 turns")?;
        }
        writeln!(f, "own processor, s {:.2}", self.generator_processor_seconds)?;
        if let Some(memory) = &self.memory_kib {
            let calls = f64::from(self.connected.max(1));
            let per_call = |kib: u32| f64::from(kib.saturating_sub(memory.empty)) / calls;
            let (idle, busy) = (per_call(memory.idle), per_call(memory.busy));
            writeln!(f, "memory, KiB      {} empty; per call {idle:.1} idle, {busy:.1} after talking", memory.empty)?;
        }
        Ok(())
    }
}
