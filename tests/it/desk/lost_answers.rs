//! A commit whose answer never arrives. Between the desk and a real Postgres stands a wire that can be cut there.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use deskbell::{
    domain::booking::BookingState,
    ports::desk::{Actor, DeskError},
    store::Store,
};
use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
    task::JoinSet,
};

use super::rig::{Rig, tuesday};
use crate::support::database::Database;

const WHOLE: u8 = 0;
/// The next commit does not reach the database.
const CUT_BEFORE_COMMIT: u8 = 1;
/// The next commit is done, and its answer is lost.
const CUT_AFTER_COMMIT: u8 = 2;

struct Wire {
    url: String,
    state: Arc<AtomicU8>,
    _connections: JoinSet<()>,
}

impl Wire {
    async fn to(database: &str) -> Self {
        let server: PgConnectOptions = database.parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(AtomicU8::new(WHOLE));
        let shared = Arc::clone(&state);
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut open = JoinSet::new();
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let (server, state) = (server.clone(), Arc::clone(&shared));
                open.spawn(async move {
                    if let Some(folder) = server.get_socket() {
                        let socket = folder.join(format!(".s.PGSQL.{}", server.get_port()));
                        carry(client, UnixStream::connect(socket).await.unwrap(), &state).await;
                    } else {
                        let address = (server.get_host(), server.get_port());
                        carry(client, TcpStream::connect(address).await.unwrap(), &state).await;
                    }
                });
            }
        });
        Self { url: through(database, port), state, _connections: connections }
    }
}

/// The same database by way of a port of ours.
fn through(database: &str, port: u16) -> String {
    let base = database.split('?').next().unwrap();
    let (user, rest) = base.split_once("://").unwrap().1.split_once('@').unwrap();
    let name = rest.split_once('/').unwrap().1;
    format!("postgres://{user}@127.0.0.1:{port}/{name}?sslmode=disable")
}

async fn carry(mut client: TcpStream, mut server: impl AsyncRead + AsyncWrite + Unpin, state: &AtomicU8) {
    let (mut up, mut down) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let sent = &up[..read.unwrap_or_default()];
                let commit = sent.windows(6).any(|word| word.eq_ignore_ascii_case(b"commit"));
                let cut = if commit { state.swap(WHOLE, Ordering::SeqCst) } else { WHOLE };
                if sent.is_empty() || cut == CUT_BEFORE_COMMIT || server.write_all(sent).await.is_err() {
                    return;
                }
                if cut == CUT_AFTER_COMMIT {
                    // The answer is here: it is committed.
                    assert!(server.read(&mut down).await.unwrap() > 0);
                    return;
                }
            }
            read = server.read(&mut down) => {
                let answer = &down[..read.unwrap_or_default()];
                if answer.is_empty() || client.write_all(answer).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// The salon behind a wire. Nothing: there is no Postgres here.
async fn behind_a_wire() -> Option<(Database, Wire, Rig)> {
    let database = Database::postgres().await?;
    database.store().await.close().await;
    let wire = Wire::to(&database.url).await;
    let rig = Rig::open(Store::open(&wire.url).await.unwrap()).await;
    Some((database, wire, rig))
}

#[tokio::test]
async fn a_booking_whose_commit_was_not_answered_is_looked_up_before_anything_is_said() {
    let Some((database, wire, rig)) = behind_a_wire().await else { return };
    let held = rig.hold(rig.slot(tuesday("10:00")), Some(rig.call().await)).await.unwrap();
    wire.state.store(CUT_AFTER_COMMIT, Ordering::SeqCst);
    let booked = rig.confirm(held.id).await.unwrap();
    assert_eq!(wire.state.load(Ordering::SeqCst), WHOLE, "the wire was cut");
    assert!(matches!(booked.state, BookingState::Confirmed { .. }));
    assert_eq!(rig.letters(booked.id).await, ["booked"]);
    wire.state.store(CUT_AFTER_COMMIT, Ordering::SeqCst);
    let cancelled = rig.cancel(booked.id, Actor::Customer).await.unwrap();
    assert!(matches!(cancelled.state, BookingState::Cancelled { .. }));
    rig.store.close().await;
    database.close().await;
}

#[tokio::test]
async fn a_booking_whose_commit_never_arrived_is_not_claimed_and_can_be_asked_for_again() {
    let Some((database, wire, rig)) = behind_a_wire().await else { return };
    let held = rig.hold(rig.slot(tuesday("10:00")), Some(rig.call().await)).await.unwrap();
    wire.state.store(CUT_BEFORE_COMMIT, Ordering::SeqCst);
    assert!(matches!(rig.confirm(held.id).await, Err(DeskError::Unavailable(_))));
    assert!(rig.letters(held.id).await.is_empty());
    assert_eq!(rig.confirm(held.id).await.unwrap().id, held.id);
    assert_eq!(rig.letters(held.id).await, ["booked"]);
    rig.store.close().await;
    database.close().await;
}
