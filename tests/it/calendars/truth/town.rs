//! Where it happens: a salon with its calendars, and time that goes by, in which everybody works and sometimes dies.

use std::{future::Future, pin::pin, sync::Arc};

use deskbell::{
    calendars::opener::With,
    desk::FrontDesk,
    domain::{
        booking::Customer,
        business::Business,
        connection::{Account, Choice, Connection},
        ids::BookingId,
        secret::Secret,
    },
    jobs::following::{Follower, Lanes},
    ports::nudge::Nudge,
    store::Store,
    testing::{clock::FixedClock, dice::Dice},
};
use jiff::{SignedDuration, Timestamp};

use super::super::rig::{DIARY, HALL, Rig, calendar, haircuts, uses};
use crate::desk::rig::MONDAY_MORNING;

/// Which vendors the salon has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Diary,
    Hall { moves: bool },
    Both,
}

impl Way {
    fn providers(self) -> &'static [&'static str] {
        match self {
            Self::Diary => &[DIARY],
            Self::Hall { .. } => &[HALL],
            Self::Both => &[HALL, DIARY],
        }
    }

    pub(super) fn has(self, provider: &str) -> bool {
        self.providers().contains(&provider)
    }
}

/// An account at a vendor, connected or not.
pub(super) struct Held {
    pub(super) provider: &'static str,
    account: Account,
    pub(super) connection: Option<Connection>,
}

/// An appointment through all its moves, and what may become of it because somebody wanted it so.
pub(super) struct Appointment {
    pub(super) root: BookingId,
    pub(super) customer: Customer,
    /// How many bookings it has been, and whether it is off, as far as was judged.
    pub(super) judged: (usize, bool),
    /// Where it was asked to be moved to, here.
    pub(super) asked: Vec<Timestamp>,
    /// Somebody here has cancelled it.
    pub(super) cancelled: bool,
    /// Where its owner has put what stands for it, and has not taken it back.
    pub(super) dragged: Vec<Timestamp>,
    /// Its owner has deleted what stands for it, and has not taken it back.
    pub(super) deleted: bool,
    /// Its owner has looked at a disagreement, and leaves it.
    pub(super) settled: bool,
}

pub(super) struct Town {
    pub(super) rig: Arc<Rig>,
    pub(super) follower: Follower,
    pub(super) dice: Dice,
    pub(super) way: Way,
    pub(super) business: Arc<Business>,
    pub(super) accounts: Vec<Held>,
    pub(super) appointments: Vec<Appointment>,
    /// How often something happened in the middle of something else.
    pub(super) between: usize,
    seed: u64,
    began: Timestamp,
    story: Vec<String>,
}

impl Drop for Town {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let story = self.story.join("\n  ");
            eprintln!("{:?}, DESKBELL_TRUTH_SEEDS={}:\n  {story}", self.way, self.seed);
        }
    }
}

impl Town {
    pub(super) async fn built(store: Store, way: Way, seed: u64) -> Self {
        let clock = FixedClock::seeded(MONDAY_MORNING, seed);
        let rig = Rig::beside(store, clock, None, |business| uses(business, way.providers())).await;
        rig.hall.is_generous();
        rig.hall.can_move(way == Way::Hall { moves: true } || (way == Way::Both && seed.is_multiple_of(2)));
        let providers = rig.providers.clone();
        let follower = Follower {
            store: rig.desk.store.clone(),
            opener: rig.opener.clone(),
            desk: Arc::<FrontDesk>::clone(&rig.desk.desk),
            clock: Arc::new(rig.desk.clock.clone()),
            forget: Arc::new(move |connection| providers.forget(connection)),
            nudge: Nudge::default(),
            lanes: Lanes::default(),
            origin: None,
            key: [7; 32],
        };
        let account = |provider: &'static str| Held {
            provider,
            account: Account { subject: provider.into(), label: "maria@example.com".into(), home: None },
            connection: None,
        };
        let business = Arc::clone(&rig.desk.business);
        let mut town = Self {
            began: now_of(&rig),
            rig: Arc::new(rig),
            follower,
            dice: Dice::named("truth", seed),
            way,
            business,
            accounts: way.providers().iter().map(|name| account(name)).collect(),
            appointments: Vec::new(),
            between: 0,
            seed,
            story: Vec::new(),
        };
        for n in 0..town.accounts.len() {
            town.connects(n).await;
        }
        town.minutes(1).await;
        town
    }

    /// So that a failure can be read.
    pub(super) fn tell(&mut self, what: impl AsRef<str>) {
        let since = self.now().duration_since(self.began).as_mins();
        self.story.push(format!("{since:>5} {}", what.as_ref()));
    }

    pub(super) fn now(&self) -> Timestamp {
        now_of(&self.rig)
    }

    /// What is used of an account.
    fn choice(&self, provider: &str, receives: &str) -> Choice {
        if provider == HALL {
            haircuts(&self.business)
        } else {
            Choice { blocks: vec![calendar("main")], receives: Some(calendar(receives)), ..Choice::default() }
        }
    }

    pub(super) async fn connects(&mut self, n: usize) {
        let Held { provider, account, .. } = &self.accounts[n];
        let (choice, with) = (self.choice(provider, "main"), With::Key(Secret::new("key")));
        let connection = self.rig.connect_as(provider, None, &choice, account.clone(), with).await;
        self.accounts[n].connection = Some(connection);
    }

    pub(super) async fn receives_in(&mut self, n: usize, calendar: &str) {
        let choice = self.choice(self.accounts[n].provider, calendar);
        let Some(connection) = self.connection(n).await else { return };
        self.accounts[n].connection = Some(self.rig.choose(&connection, &choice).await);
    }

    /// As it is now.
    pub(super) async fn connection(&self, n: usize) -> Option<Connection> {
        let known = self.accounts[n].connection.as_ref()?;
        self.rig.desk.store.connection(known.business, known.id).await.unwrap()
    }

    /// Switched on, and connected.
    pub(super) async fn is_on(&self, provider: &str) -> bool {
        let Some(n) = self.accounts.iter().position(|one| one.provider == provider) else { return false };
        let on = self.business.ai_config.integrations.provider != "native";
        on && self.connection(n).await.is_some_and(|connection| connection.is_active())
    }

    /// Of whom it misses it is not known yet.
    pub(super) async fn is_behind(&self, provider: &str) -> bool {
        let Some(n) = self.accounts.iter().position(|one| one.provider == provider) else { return false };
        let Some(connection) = self.connection(n).await else { return false };
        self.rig.desk.store.is_catching_up(connection.id).await.unwrap()
    }

    pub(super) async fn switches(&mut self, on: bool) {
        let provider = if on { self.way.providers()[0] } else { "native" };
        self.business = self.rig.set(|business| business.ai_config.integrations.provider = provider.into()).await;
    }

    /// What is under way arrives after ten seconds.
    pub(super) fn seconds(&self, n: i64) {
        let soon = n.min(10);
        self.rig.desk.clock.advance(SignedDuration::from_secs(soon));
        self.rig.diary.arrives();
        self.rig.hall.arrives();
        self.rig.desk.clock.advance(SignedDuration::from_secs(n - soon));
    }

    /// Somebody does something, who may die in the middle of it: nothing, when they did. What else happens when a vendor holds a
    /// question happens in between.
    pub(super) async fn through<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let done = self.unless_killed(work).await;
        if done.is_none() {
            self.tell("  … and the process dies");
            let under_way = self.dice.percent(50);
            self.rig.diary.nobody_waits(under_way);
            self.rig.hall.nobody_waits(under_way);
            // Another one has everything when the leases are over.
            self.seconds(31);
        }
        done
    }

    async fn unless_killed<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        loop {
            let rig = Arc::clone(&self.rig);
            let in_diary = tokio::select! {
                biased;
                done = &mut work => return Some(done),
                () = rig.diary.holds() => true,
                () = rig.hall.holds() => false,
            };
            if self.dice.percent(40) {
                return None;
            }
            self.tell("  … meanwhile:");
            rig.diary.untrap();
            rig.hall.untrap();
            self.between += 1;
            // Whatever else they do goes on.
            let mut between = pin!(self.meanwhile());
            let done = tokio::select! {
                () = &mut between => None,
                done = &mut work => Some(done),
            };
            if done.is_some() {
                between.await;
                return done;
            }
            if in_diary {
                rig.diary.goes_on();
            } else {
                rig.hall.goes_on();
            }
        }
    }

    /// Time goes by, and everybody works, in any order.
    async fn works(&mut self) {
        let first = self.dice.below(4);
        for n in 0..4 {
            let (rig, follower) = (Arc::clone(&self.rig), self.follower.clone());
            let work = async move {
                match (first + n) % 4 {
                    0 => rig.work().await,
                    1 => {
                        follower.enlist().await.unwrap();
                        follower.work_off().await.unwrap();
                    }
                    2 => while rig.keeper.look().await > 0 {},
                    _ => drop(rig.second_look.look().await),
                }
            };
            self.through(work).await;
        }
        // The desk wakes it.
        let rig = Arc::clone(&self.rig);
        self.through(async move { rig.work().await }).await;
    }

    pub(super) async fn minutes(&mut self, n: usize) {
        for _ in 0..n {
            self.seconds(60);
            self.works().await;
        }
    }

    pub(super) async fn half_hours(&mut self, n: usize) {
        for _ in 0..n {
            self.seconds(30 * 60);
            self.works().await;
        }
    }

    /// Everybody is well again, and some hours go by.
    pub(super) async fn all_is_well(&mut self) {
        self.tell("all is well");
        self.rig.diary.untrap();
        self.rig.hall.untrap();
        self.switches(true).await;
        for n in 0..self.accounts.len() {
            match self.connection(n).await {
                Some(connection) if connection.is_active() => {}
                Some(connection) => self.accounts[n].connection = Some(self.rig.renew(&connection).await),
                None => self.connects(n).await,
            }
        }
        // What has just happened is worked at before.
        self.minutes(2).await;
        self.half_hours(16).await;
    }
}

fn now_of(rig: &Rig) -> Timestamp {
    deskbell::ports::clock::Clock::now(&rig.desk.clock)
}
