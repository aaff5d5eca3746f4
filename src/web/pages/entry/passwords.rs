//! Passwords, hashed: Argon2id, a few at a time, and as much work for somebody who does not exist.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};
use tracing::error;

use crate::{domain::account::password::Password, web::pages::fault::Fault};

/// OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Each takes a core for some 20 ms and 19 MiB, beside calls that must not stutter.
const AT_ONCE: usize = 2;
/// How long somebody waits for their turn, and how many may wait.
const PATIENCE: Duration = Duration::from_secs(5);
const WAITING: usize = 256;

/// Hashes passwords and compares them, for all handlers together.
pub struct Passwords {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    gauge: Arc<Gauge>,
}

/// How many hashes are being made, and were at most.
#[derive(Default)]
struct Gauge {
    now: AtomicUsize,
    peak: AtomicUsize,
}

struct Counted(Arc<Gauge>);

impl Counted {
    fn one(gauge: &Arc<Gauge>) -> Self {
        let now = gauge.now.fetch_add(1, Ordering::SeqCst) + 1;
        gauge.peak.fetch_max(now, Ordering::SeqCst);
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), waiting: AtomicUsize::new(0), gauge: Arc::default() }
    }
}

impl Passwords {
    /// The most hashes there have been at one time.
    pub fn peak(&self) -> usize {
        self.gauge.peak.load(Ordering::SeqCst)
    }

    /// The PHC string of a new password.
    pub(in crate::web) async fn hash(&self, password: Password) -> Result<String, Fault> {
        self.in_turn(move || hashed(&password)).await?.ok_or(Fault::Broken)
    }

    /// Whether it is the password of this PHC string. Nobody's (`known` or `typed` is nothing) takes as long, and is wrong.
    pub(in crate::web) async fn are_same(&self, typed: Option<Password>, known: Option<String>) -> Result<bool, Fault> {
        self.in_turn(move || {
            let somebody = known.is_some() && typed.is_some();
            let known = known.as_deref().unwrap_or(&NOBODYS);
            let typed = typed.as_ref().map_or(&b"nobody types this"[..], Password::as_bytes);
            let same = PasswordHash::new(known).is_ok_and(|known| hasher().verify_password(typed, &known).is_ok());
            same && somebody
        })
        .await
    }

    /// Whether a PHC string was made with other parameters than today's, and should be made anew.
    pub(in crate::web) fn is_outdated(known: &str) -> bool {
        let Ok(known) = PasswordHash::new(known) else { return true };
        let same = Params::try_from(&known)
            .is_ok_and(|params| (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY, PASSES, LANES));
        !same || known.algorithm.as_str() != "argon2id"
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= WAITING {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            return Err(Fault::Busy);
        }
        let turn = timeout(PATIENCE, self.turns.clone().acquire_owned()).await;
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        let Ok(Ok(turn)) = turn else { return Err(Fault::Busy) };
        let gauge = self.gauge.clone();
        // The turn goes along: whoever gives up waiting does not stop the work.
        let done = spawn_blocking(move || {
            let counted = Counted::one(&gauge);
            let done = work();
            // In this order: the next one's turn must not begin while this one still counts.
            drop(counted);
            drop(turn);
            done
        });
        done.await.map_err(|_| Fault::Broken)
    }
}

/// What the password of somebody who does not exist is compared with.
static NOBODYS: LazyLock<String> =
    LazyLock::new(|| Password::typed("nobody has this").as_ref().and_then(hashed).unwrap_or_default());

fn hasher() -> Argon2<'static> {
    // The numbers are allowed ones; the crate's own are the same.
    let params = Params::new(MEMORY, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hashed(password: &Password) -> Option<String> {
    let hash = hasher().hash_password(password.as_bytes());
    hash.inspect_err(|error| error!(%error, "a password could not be hashed")).ok().map(|hash| hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Option<Password> {
        Password::typed(text)
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_nobody_has_none() {
        let passwords = Passwords::default();
        let known = passwords.hash(typed("violet train car").unwrap()).await.unwrap();
        assert!(known.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{known}");
        assert!(passwords.are_same(typed("violet train car"), Some(known.clone())).await.unwrap());
        assert!(!passwords.are_same(typed("violet train cat"), Some(known.clone())).await.unwrap());
        assert!(!passwords.are_same(typed("nobody has this"), None).await.unwrap(), "the stand-in opens nothing");
        assert!(!passwords.are_same(None, Some(NOBODYS.clone())).await.unwrap());
        assert!(!passwords.are_same(typed("x"), Some("not a hash".to_owned())).await.unwrap());
        let again = passwords.hash(typed("violet train car").unwrap()).await.unwrap();
        assert_ne!(known, again, "salted");
    }

    #[test]
    fn a_hash_of_other_times_is_made_anew() {
        assert!(!Passwords::is_outdated(&NOBODYS));
        let weak = NOBODYS.replace("m=19456", "m=4096");
        assert!(Passwords::is_outdated(&weak) && Passwords::is_outdated("plain"));
        assert!(Passwords::is_outdated(&NOBODYS.replace("argon2id", "argon2i")));
    }

    #[tokio::test]
    async fn t13_many_at_once_take_turns() {
        let passwords = Arc::new(Passwords::default());
        let mut under_way = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let passwords = passwords.clone();
            under_way.spawn(async move { passwords.are_same(typed("violet train car"), None).await });
        }
        while let Some(done) = under_way.join_next().await {
            assert!(matches!(done.unwrap(), Ok(false) | Err(Fault::Busy)));
        }
        assert!((1..=AT_ONCE).contains(&passwords.peak()), "{}", passwords.peak());
    }
}
