//! Vendors are asked to report, again before they stop, and to stop when nobody listens any more: at any time one address of
//! ours hears of a calendar, and no more rows are kept than there are calendars.

use std::sync::atomic::{AtomicBool, Ordering};

use deskbell::{
    calendars::opener::{Opened, With},
    domain::{
        booking::Booking,
        connection::{Connection, Why},
        secret::Secret,
    },
    jobs::following::{Follower, VendorHooks},
    ports::{
        clock::Clock as _,
        hooks::{Hooks as _, News},
    },
    store::{Store, connections::Kept},
};
use jiff::{SignedDuration, Timestamp};

use super::{
    double::{Asked, Trap},
    following::{follower, minutes, now_at, told, wishes},
    rig::{DIARY, Rig, both, tuesday},
};
use crate::{
    desk::rig::{self, anna},
    support::database::each_engine,
};

const HERE: &str = "https://voice.example.com";
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

struct Stage {
    rig: Rig,
    connection: Connection,
    follower: Follower,
    /// Whether its vendor had somebody to report to whenever an hour had gone by.
    heard_of: AtomicBool,
}

/// The salon with a calendar whose vendor can reach it.
async fn reachable(store: Store) -> Stage {
    let (rig, connection) = Rig::open(store).await;
    let (follower, _) = follower(&rig);
    let follower = Follower { origin: Some(HERE.to_owned()), ..follower };
    Stage { rig, connection, follower, heard_of: AtomicBool::new(true) }
}

/// The same, with an appointment that stands there and a vendor that has promised to report.
async fn watched(store: Store) -> (Stage, Booking) {
    let stage = reachable(store).await;
    let booking = stage.rig.desk.book(rig::tuesday("10:00")).await;
    stage.rig.work().await;
    stage.begin().await;
    (stage, booking)
}

impl Stage {
    fn now(&self) -> Timestamp {
        self.rig.desk.clock.now()
    }

    fn listeners(&self) -> Vec<String> {
        self.rig.diary.listeners(self.now())
    }

    /// An hour goes by; a vendor that is asked gives a week.
    async fn an_hour(&self) {
        self.rig.desk.clock.advance(SignedDuration::from_hours(1));
        self.rig.diary.reports_until(self.now() + WEEK);
        self.heard_of.fetch_and(!self.listeners().is_empty(), Ordering::SeqCst);
        self.follower.work_off().await.unwrap();
    }

    async fn begin(&self) {
        self.rig.diary.reports_until(self.now() + WEEK);
        self.enlist(&self.follower).await;
        assert_eq!(self.listeners().len(), 1);
    }

    async fn enlist(&self, follower: &Follower) {
        follower.enlist().await.unwrap();
        follower.work_off().await.unwrap();
    }

    /// Something arrives at the address of its vendor's watch.
    async fn hears(&self, news: News) {
        let hooks = VendorHooks::new(self.follower.clone());
        let id = self.listeners()[0].rsplit('/').next().unwrap().to_owned();
        let hooked = hooks.hooked(self.connection.id, &id).await.unwrap().unwrap();
        hooks.heard(&hooked, news).await.unwrap();
    }

    /// How often the calendar is read in the ten minutes to come.
    async fn reads(&self) -> usize {
        let before = self.rig.diary.count(Asked::Changes);
        minutes(&self.rig, &self.follower, 10).await;
        self.rig.diary.count(Asked::Changes) - before
    }

    async fn rows(&self) -> usize {
        self.rig.desk.store.hooks_of(self.connection.id).await.unwrap().len()
    }
}

#[tokio::test]
async fn a_watch_is_made_anew_before_it_ends_and_nothing_is_missed_in_between() {
    each_engine(|store| async move {
        let stage = reachable(store).await;
        stage.begin().await;
        let mut heard = std::collections::BTreeSet::new();
        for hour in 0..21 * 24 {
            stage.an_hour().await;
            let listeners = stage.listeners();
            assert_eq!(listeners.len(), 1, "in hour {hour}: {listeners:?}");
            assert_eq!(stage.rows().await, 1);
            heard.extend(listeners);
        }
        assert!(stage.heard_of.load(Ordering::SeqCst), "one ended before the next had begun");
        assert!((3..=6).contains(&heard.len()), "each for some days: {heard:?}");
        assert!(
            heard.iter().all(|address| address.starts_with(&format!("{HERE}/hooks/calendar/{}/", stage.connection.id)))
        );
        assert!(stage.rig.diary.count(Asked::Watches) <= 22, "it is asked about once a day");
    })
    .await;
}

#[tokio::test]
async fn a_vendor_that_does_not_report_is_asked_once_a_day_and_leaves_one_row() {
    each_engine(|store| async move {
        let stage = reachable(store).await;
        stage.follower.enlist().await.unwrap();
        for _ in 0..10 * 24 {
            stage.rig.desk.clock.advance(SignedDuration::from_hours(1));
            stage.follower.enlist().await.unwrap();
            stage.follower.work_off().await.unwrap();
        }
        assert_eq!(stage.rows().await, 1);
        assert!(stage.rig.diary.count(Asked::Watch) <= 11, "{}", stage.rig.diary.count(Asked::Watch));
    })
    .await;
}

#[tokio::test]
async fn a_watch_that_its_vendor_has_dropped_is_made_anew_within_a_day() {
    each_engine(|store| async move {
        let stage = reachable(store).await;
        stage.begin().await;
        stage.rig.diary.forgets_listeners();
        for _ in 0..25 {
            stage.an_hour().await;
        }
        assert_eq!((stage.listeners().len(), stage.rows().await), (1, 1));
        // One that says so is replaced at once.
        let id = stage.listeners()[0].rsplit('/').next().unwrap().to_owned();
        stage.hears(News::Lost).await;
        stage.rig.diary.forgets_listeners();
        stage.follower.work_off().await.unwrap();
        assert_eq!((stage.listeners().len(), stage.rows().await), (1, 1));
        assert_ne!(stage.listeners()[0].rsplit('/').next().unwrap(), id);
    })
    .await;
}

#[tokio::test]
async fn a_calendar_is_read_less_often_while_what_changes_there_is_seen_to_be_reported() {
    each_engine(|store| async move {
        let (stage, booking) = watched(store).await;
        let rig = &stage.rig;
        minutes(rig, &stage.follower, 2).await;
        assert_eq!(stage.reads().await, 10, "it has promised to, and nothing has ever arrived");
        stage.hears(News::Nothing).await;
        minutes(rig, &stage.follower, 1).await;
        assert_eq!(stage.reads().await, 1);
        // What is reported is read at once, and what has been read is no reason to doubt.
        rig.diary.owner_adds("main", tuesday("12:00", "13:00"));
        stage.hears(News::Changed).await;
        let before = rig.diary.count(Asked::Changes);
        stage.follower.work_off().await.unwrap();
        assert_eq!(rig.diary.count(Asked::Changes) - before, 1);
        assert_eq!(stage.reads().await, 1);
        // What is not is found all the same, and from then on nothing is taken for granted.
        rig.diary.owner_edits(booking.id, |page| page.when = tuesday("15:00", "15:30"));
        minutes(rig, &stage.follower, 16).await;
        assert_eq!(now_at(rig, &booking).await.unwrap().slot.starts, rig::tuesday("15:00"));
        assert_eq!(stage.reads().await, 10);
        stage.hears(News::Changed).await;
        minutes(rig, &stage.follower, 1).await;
        assert_eq!(stage.reads().await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_vendor_that_is_away_when_a_watch_runs_out_is_asked_until_it_is_back() {
    each_engine(|store| async move {
        let stage = reachable(store).await;
        stage.begin().await;
        stage.rig.diary.trap(Asked::Watch, Trap::Down, 36);
        let mut most = 0;
        for _ in 0..9 * 24 {
            stage.an_hour().await;
            most = most.max(stage.rows().await);
        }
        assert_eq!((stage.listeners().len(), stage.rows().await, most), (1, 1, 1));
        assert!(stage.rig.diary.count(Asked::Watch) >= 37);
    })
    .await;
}

#[tokio::test]
async fn where_this_server_is_reached_by_now_is_told_to_vendors() {
    each_engine(|store| async move {
        let stage = reachable(store).await;
        stage.begin().await;
        let moved = Follower { origin: Some("https://desk.example.org".to_owned()), ..stage.follower.clone() };
        stage.enlist(&moved).await;
        assert_eq!((stage.listeners().len(), stage.rows().await), (1, 1));
        assert!(stage.listeners()[0].starts_with("https://desk.example.org/hooks/"));
        // Where nobody reaches it, nobody is to try.
        let hidden = Follower { origin: None, ..stage.follower.clone() };
        stage.enlist(&hidden).await;
        assert_eq!((stage.listeners().len(), stage.rows().await), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn two_processes_that_ask_at_once_leave_one_watch() {
    each_engine(|store| async move {
        let stage = reachable(store).await;
        stage.rig.diary.reports_until(stage.now() + WEEK);
        let (one, two) = tokio::join!(stage.follower.enlist(), stage.follower.enlist());
        let (three, four) = tokio::join!(stage.follower.work_off(), stage.follower.work_off());
        three.unwrap();
        four.unwrap();
        one.unwrap();
        two.unwrap();
        for _ in 0..25 {
            stage.an_hour().await;
        }
        assert_eq!((stage.listeners().len(), stage.rows().await), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn another_calendar_that_is_to_receive_is_watched_and_the_first_one_is_not() {
    each_engine(|store| async move {
        let (stage, booking) = watched(store).await;
        let rig = &stage.rig;
        let first = stage.listeners();
        let connection =
            rig.desk.store.connection(stage.connection.business, stage.connection.id).await.unwrap().unwrap();
        let at = (connection.business, connection.id, connection.version);
        rig.desk.store.choose(at, &both("second"), None, &rig.deed()).await.unwrap();
        stage.enlist(&stage.follower).await;
        assert_eq!((stage.listeners().len(), stage.rows().await), (1, 1));
        assert_ne!(stage.listeners(), first);
        // What stands in the first one is followed all the same, as long as it does.
        minutes(rig, &stage.follower, 2).await;
        rig.diary.owner_edits(booking.id, |page| page.when = tuesday("15:00", "15:30"));
        minutes(rig, &stage.follower, 7).await;
        assert_eq!(now_at(rig, &booking).await.unwrap().slot.starts, rig::tuesday("15:00"));
        rig.desk.clock.advance(SignedDuration::from_hours(48));
        minutes(rig, &stage.follower, 2).await;
        let read = rig.diary.count(Asked::Changes);
        minutes(rig, &stage.follower, 5).await;
        assert_eq!(rig.diary.count(Asked::Changes) - read, 5, "once a minute, the new one alone");
    })
    .await;
}

#[tokio::test]
async fn what_is_connected_again_is_watched_anew() {
    each_engine(|store| async move {
        let stage = reachable(store).await;
        let (rig, store) = (&stage.rig, &stage.rig.desk.store);
        stage.begin().await;
        let first = stage.listeners();
        store.mark_reconnect(&stage.connection, Why::Revoked, stage.now()).await.unwrap();
        // With the access, what it was told of went, and nobody can be asked.
        rig.diary.forgets_listeners();
        for _ in 0..30 {
            stage.an_hour().await;
        }
        assert!(stage.listeners().is_empty() && wishes(rig).await.is_empty());
        let Connection { business, provider, account, .. } = stage.connection.clone();
        let renews = Some(stage.connection.id);
        let opened = Opened { business, provider, staff: None, account, with: With::Key(Secret::new("new")), renews };
        let kept = rig.opener.keep(opened, &rig.deed()).await.unwrap().unwrap();
        assert!(matches!(kept, Kept::Renewed(_)));
        rig.diary.reports_until(stage.now() + WEEK);
        stage.follower.work_off().await.unwrap();
        assert_eq!((stage.listeners().len(), stage.rows().await), (1, 1));
        assert_ne!(stage.listeners(), first);
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_is_switched_off_is_not_followed_and_what_happened_there_is_found_when_it_is_on_again() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let booking = rig.desk.book(rig::tuesday("10:00")).await;
        rig.work().await;
        let (follower, _) = follower(&rig);
        follower.enlist().await.unwrap();
        follower.work_off().await.unwrap();
        let switch = async |name: &str| {
            let found = rig.desk.store.business(rig.desk.business.id).await.unwrap().unwrap();
            let mut business = found.business;
            business.ai_config.integrations.provider = name.to_owned();
            rig.desk.store.save_business(&business, found.version, rig.desk.clock.now()).await.unwrap();
        };
        rig.diary.owner_edits(booking.id, |page| page.deleted = true);
        minutes(&rig, &follower, 1).await;
        assert_eq!(wishes(&rig).await.len(), 1);
        // Seen, and not done before the switch was thrown: it is not done any more.
        switch("native").await;
        let read = rig.diary.count(Asked::Changes);
        minutes(&rig, &follower, 10).await;
        assert_eq!(rig.diary.count(Asked::Changes), read, "its vendor is not asked anything");
        assert_eq!(now_at(&rig, &booking).await.unwrap().customer, anna());
        assert_eq!(told(&rig, &booking, "cancelled").await, 0);
        switch(DIARY).await;
        minutes(&rig, &follower, 8).await;
        assert!(now_at(&rig, &booking).await.is_none());
        assert_eq!(told(&rig, &booking, "cancelled").await, 1);
    })
    .await;
}
