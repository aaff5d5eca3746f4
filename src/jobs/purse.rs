//! The purse: what may be spent on models, answered from memory for all calls at once, and written down a moment later.
//!
//! Several nodes spend on the same accounts. Each adds what it has spent to the store every second and learns from the
//! answer what all of them have spent together; so they agree to within what is spent in a second.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use hmac::{Hmac, KeyInit, Mac};
use jiff::ToSpan;
use sha2::Sha256;
use tokio::{
    sync::Notify,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    domain::{ids::CallId, phone::PhoneNumber, report::Micros},
    ports::{
        clock::Clock,
        purse::{Leave, Payer, Purse, Spent},
    },
    store::{Store, spending::Account},
};

/// How long after something was spent it is written down, at the latest.
const PACE: Duration = Duration::from_secs(1);
/// How long a call that begins waits to hear what was spent before it.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long an account is remembered that nobody spends on: longer than any call.
const REMEMBERED: Duration = Duration::from_hours(2);
/// How often what nobody needs any more is thrown away.
const TIDY: Duration = Duration::from_hours(1);
/// How often the last entries are tried when the server stops.
const LAST_TRIES: u32 = 4;
const TRY_AGAIN: Duration = Duration::from_millis(500);

/// What may be spent: by one call, by one business in a day, by one number at one business in a day.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub call: Micros,
    pub business: Micros,
    pub number: Micros,
}

/// Cloning it shares it.
#[derive(Clone)]
pub struct SharedPurse(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    limits: Limits,
    /// Makes of a number what is stored in its place.
    key: [u8; 32],
    books: Mutex<Books>,
    spent: Notify,
}

struct Books {
    calls: HashMap<CallId, Call>,
    accounts: HashMap<Account, Balance>,
    /// What a request costs these days.
    usual: u64,
}

/// All amounts are in millionths.
#[derive(Default)]
struct Call {
    /// Connections of it that are open.
    open: u32,
    spent: u64,
    aside: u64,
    /// What its last request cost: the next one is longer.
    last: u64,
}

struct Balance {
    /// By everybody, as far as the store has told.
    known: u64,
    /// By this node since.
    fresh: u64,
    /// The part of it that is being written down.
    writing: u64,
    aside: u64,
    /// Begun without asking the store.
    unread: bool,
    used: Instant,
}

impl Balance {
    fn new(unread: bool) -> Self {
        Self { known: 0, fresh: 0, writing: 0, aside: 0, unread, used: Instant::now() }
    }

    fn gone(&self) -> u64 {
        self.known.saturating_add(self.fresh).saturating_add(self.writing).saturating_add(self.aside)
    }

    fn is_idle(&self) -> bool {
        self.fresh == 0 && self.writing == 0 && self.aside == 0 && self.used.elapsed() > REMEMBERED
    }
}

impl SharedPurse {
    /// `usual`: what a request costs, as long as none has been paid for. `key` is the same on every node.
    pub fn new(store: Store, clock: Arc<dyn Clock>, limits: Limits, usual: Micros, key: [u8; 32]) -> Self {
        let books = Books { calls: HashMap::new(), accounts: HashMap::new(), usual: usual.0 };
        Self(Arc::new(Inner { store, clock, limits, key, books: Mutex::new(books), spent: Notify::new() }))
    }

    /// Writes down what is spent until `stop`, and then what is left.
    pub async fn run(self, stop: CancellationToken) {
        let mut tidied = Instant::now();
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.0.spent.notified() => {}
                () = sleep(TIDY) => {}
            }
            // What is spent meanwhile is written with it.
            tokio::select! {
                () = stop.cancelled() => break,
                () = sleep(PACE) => {}
            }
            if !self.write_down().await {
                self.0.spent.notify_one();
            }
            if tidied.elapsed() >= TIDY {
                tidied = Instant::now();
                self.tidy().await;
            }
        }
        for _ in 0..LAST_TRIES {
            if self.write_down().await {
                return;
            }
            sleep(TRY_AGAIN).await;
        }
        warn!("what was spent on models last could not be written down");
    }

    /// Adds what is not written yet to the store, and learns what others have added. False: the store did not take it.
    pub async fn write_down(&self) -> bool {
        let batch: Vec<(Account, Micros)> = {
            let mut books = self.0.books();
            let unwritten = books.accounts.iter_mut().filter(|(_, balance)| balance.fresh > 0 || balance.unread);
            unwritten
                .map(|(account, balance)| {
                    balance.writing = std::mem::take(&mut balance.fresh);
                    (account.clone(), Micros(balance.writing))
                })
                .collect()
        };
        if batch.is_empty() {
            return true;
        }
        let written = self.0.store.add_spending(&batch).await;
        let mut books = self.0.books();
        match written {
            Ok(totals) => {
                for (account, total) in totals {
                    if let Some(balance) = books.accounts.get_mut(&account) {
                        balance.known = balance.known.max(total.0);
                        balance.writing = 0;
                        balance.unread = false;
                    }
                }
                true
            }
            Err(error) => {
                for (account, _) in batch {
                    if let Some(balance) = books.accounts.get_mut(&account) {
                        balance.fresh = balance.fresh.saturating_add(std::mem::take(&mut balance.writing));
                    }
                }
                warn!(%error, accounts = books.accounts.len(), "what is spent on models could not be written down yet");
                false
            }
        }
    }

    /// Forgets what nobody asks about, and what numbers spent before yesterday.
    async fn tidy(&self) {
        self.0.books().accounts.retain(|_, balance| !balance.is_idle());
        let today = self.0.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        // Wherever a business is, its day before yesterday is over.
        let Ok(before) = today.checked_sub(2.days()) else { return };
        match self.0.store.forget_spending_of_numbers(before).await {
            Ok(0) => {}
            Ok(rows) => info!(rows, "forgot what {rows} numbers spent on earlier days"),
            Err(error) => warn!(%error, "what numbers spent on earlier days is still there"),
        }
    }
}

impl Inner {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The business's account of today, and the number's if the line shows one.
    fn accounts(&self, payer: &Payer) -> (Account, Option<Account>) {
        let day = self.clock.now().to_zoned(payer.zone.tz().clone()).date();
        let business = Account { business: payer.business, day, number: String::new() };
        let number =
            payer.number.as_ref().map(|number| Account { number: self.hash(payer, number), ..business.clone() });
        (business, number)
    }

    /// The same number at two businesses is not recognised as the same.
    fn hash(&self, payer: &Payer, number: &PhoneNumber) -> String {
        // HMAC takes a key of any length (RFC 2104 §2).
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else { return String::from("-") };
        mac.update(payer.business.0.as_bytes());
        mac.update(number.as_str().as_bytes());
        mac.finalize().into_bytes().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Books {
    fn account(&mut self, account: &Account) -> &mut Balance {
        let balance = self.accounts.entry(account.clone()).or_insert_with(|| Balance::new(true));
        balance.used = Instant::now();
        balance
    }

    fn set_aside(&mut self, call: CallId, accounts: &[&Account], amount: u64) {
        let of_call = self.calls.entry(call).or_default();
        of_call.aside = of_call.aside.saturating_add(amount);
        for account in accounts {
            let balance = self.account(account);
            balance.aside = balance.aside.saturating_add(amount);
        }
    }

    fn give_back(&mut self, call: CallId, accounts: &[&Account], amount: u64) {
        if let Some(call) = self.calls.get_mut(&call) {
            call.aside = call.aside.saturating_sub(amount);
        }
        for account in accounts {
            if let Some(balance) = self.accounts.get_mut(account) {
                balance.aside = balance.aside.saturating_sub(amount);
            }
        }
    }
}

#[async_trait]
impl Purse for SharedPurse {
    async fn open(&self, payer: &Payer) {
        let (business, number) = self.0.accounts(payer);
        self.0.books().calls.entry(payer.call).or_default().open += 1;
        let read = async {
            let store = &self.0.store;
            let (of_business, of_number, of_call) = tokio::join!(
                store.spending(&business),
                async {
                    match &number {
                        Some(number) => store.spending(number).await,
                        None => Ok(Micros::default()),
                    }
                },
                store.cost_of_call(payer.call),
            );
            Ok::<_, crate::store::StoreError>((of_business?, of_number?, of_call?))
        };
        let read = timeout(PATIENCE, read).await;
        let mut books = self.0.books();
        match read {
            Ok(Ok((of_business, of_number, of_call))) => {
                for (account, read) in [(Some(&business), of_business), (number.as_ref(), of_number)] {
                    let Some(account) = account else { continue };
                    let balance = books.account(account);
                    balance.known = balance.known.max(read.0);
                    balance.unread = false;
                }
                let call = books.calls.entry(payer.call).or_default();
                call.spent = call.spent.max(of_call.0);
            }
            Ok(Err(error)) => {
                warn!(%error, call.id = %payer.call, "what was spent before call {} is not known", payer.call);
            }
            Err(_) => warn!(call.id = %payer.call, "what was spent before call {} is not known in time", payer.call),
        }
    }

    fn may_spend(&self, payer: &Payer) -> Result<Leave, Spent> {
        let (business, number) = self.0.accounts(payer);
        let limits = self.0.limits;
        let mut books = self.0.books();
        let call = books.calls.entry(payer.call).or_default();
        if call.spent.saturating_add(call.aside) >= limits.call.0 {
            return Err(Spent::Call);
        }
        let last = call.last;
        if books.account(&business).gone() >= limits.business.0 {
            return Err(Spent::Business);
        }
        if number.as_ref().is_some_and(|number| books.account(number).gone() >= limits.number.0) {
            return Err(Spent::Number);
        }
        let amount = books.usual.max(last);
        let accounts: Vec<&Account> = std::iter::once(&business).chain(&number).collect();
        books.set_aside(payer.call, &accounts, amount);
        drop(books);
        let (inner, call) = (Arc::clone(&self.0), payer.call);
        Ok(Leave::setting_aside(move || {
            let accounts: Vec<&Account> = std::iter::once(&business).chain(&number).collect();
            inner.books().give_back(call, &accounts, amount);
        }))
    }

    fn spend(&self, payer: &Payer, cost: Micros) {
        if cost.0 == 0 {
            return;
        }
        let (business, number) = self.0.accounts(payer);
        let mut books = self.0.books();
        let call = books.calls.entry(payer.call).or_default();
        call.spent = call.spent.saturating_add(cost.0);
        call.last = cost.0;
        for account in std::iter::once(&business).chain(&number) {
            let balance = books.account(account);
            balance.fresh = balance.fresh.saturating_add(cost.0);
        }
        books.usual = (books.usual * 7).saturating_add(cost.0) / 8;
        drop(books);
        self.0.spent.notify_one();
    }

    fn close(&self, payer: &Payer) {
        let mut books = self.0.books();
        let Some(call) = books.calls.get_mut(&payer.call) else { return };
        call.open = call.open.saturating_sub(1);
        if call.open == 0 {
            books.calls.remove(&payer.call);
        }
    }
}
