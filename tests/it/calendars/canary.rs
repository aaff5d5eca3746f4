//! Whatever opens an account, looked for wherever it must not be, with a real server that writes down all it can about
//! itself: while an account is connected, asked, renewed, in trouble, sealed anew, connected again, and disconnected.

use std::collections::{BTreeSet, VecDeque};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use deskbell::{
    domain::{
        account::Role,
        connection::{Connection, ConnectionState},
        ids::SessionId,
    },
    ports::clock::Clock as _,
    store::accounts::NewSession,
    testing::{
        calendar::{Misdeed, calendly::FakeCalendly, google::FakeGoogle},
        salon,
    },
};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};
use tokio::process::Command;

use super::{
    accounts::deed,
    crash::{
        HAIRCUT, SALON,
        process::{Process, master_key},
        vendor::Played,
    },
};
use crate::{
    store::samples::member,
    support::{
        database::{Database, fresh},
        server::{ORIGIN, eventually},
    },
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t7_what_opens_an_account_is_found_in_no_dump_log_page_or_metric_of_a_real_server() {
    look_for_it_everywhere::<FakeGoogle>(Database::sqlite()).await;
    if let Some(database) = Database::postgres().await {
        look_for_it_everywhere::<FakeCalendly>(database).await;
    }
}

/// What has been seen so far of all that somebody else may see.
struct Watcher<V> {
    server: Process<V>,
    session: String,
    /// Whatever was shown, each with where.
    shown: Vec<(String, String)>,
    /// Codes that a browser came back with, and what it set out with.
    carried: Vec<String>,
}

async fn look_for_it_everywhere<V: Played>(database: Database) {
    let server: Process<V> = Process::start_logging(database, "trace").await;
    let mut watcher = Watcher { server, session: String::new(), shown: Vec::new(), carried: Vec::new() };
    let connection = watcher.connects().await;
    watcher.is_renewed(1).await;
    watcher.is_renewed(2).await;
    watcher.rotates().await;
    watcher.is_renewed(3).await;
    watcher.looks_at_everything().await;

    let kit = watcher.server.vendor.kit().clone();
    kit.once("POST", "token", Misdeed::status(500, "{}"));
    watcher.time_goes_by().await;
    kit.once("POST", "token", Misdeed::HalfABody);
    watcher.time_goes_by().await;
    let (account, _) = watcher.server.vendor.account();
    watcher.server.vendor.consent().revoke_account(&account.subject);
    let reconnect = async || matches!(watcher.state(&connection).await, ConnectionState::Reconnect { .. });
    eventually("it is over", async || {
        watcher.time_goes_by().await;
        reconnect().await
    })
    .await;
    watcher.looks_at_everything().await;

    let again = watcher.connects().await;
    assert_eq!((again.id, again.state), (connection.id, ConnectionState::Active));
    watcher.looks_at_everything().await;
    let leave = format!("/b/{}/settings/connections/{}/disconnect", salon().id, connection.id);
    let (status, ..) = watcher.server.browses(&leave, &watcher.session, Some(&[]), "same-origin").await;
    assert_eq!(status, 303);
    assert_eq!(watcher.server.vendor.consent().counters().revocations, 1);
    watcher.looks_at_everything().await;
    watcher.finds_nothing();
    watcher.server.end().await;
}

async fn signed_in<V: Played>(server: &Process<V>) -> String {
    let store = server.ledger().await;
    let user = member(&store, salon().id, Role::Owner).await;
    let (secret, now) = (fresh(), server.clock.now());
    let session = NewSession {
        id: SessionId(server.clock.new_id()),
        hash: Sha256::digest(&secret).into(),
        user: user.id,
        device: "Firefox on Linux".to_owned(),
        expires: now + SignedDuration::from_hours(24 * 30),
        now,
    };
    store.open_session(&session).await.unwrap();
    store.close().await;
    secret
}

impl<V: Played> Watcher<V> {
    /// By the vendor's own page, and back.
    async fn connects(&mut self) -> Connection {
        let (business, provider) = (salon().id, V::PROVIDER);
        self.session = signed_in(&self.server).await;
        let consent = self.server.vendor.consent().clone();
        consent.register(&format!("{ORIGIN}/connect/{provider}/back"));
        let away = format!("/b/{business}/connect/{provider}");
        let (status, there, _) = self.server.browses(&away, &self.session, None, "same-origin").await;
        assert_eq!(status, 303);
        let (account, choice) = self.server.vendor.account();
        let back = consent.agrees(&there, &account.subject);
        let query = back.split_once('?').unwrap().1.to_owned();
        let carried = form_urlencoded::parse(query.as_bytes()).into_owned();
        self.carried.extend(carried.filter(|(name, _)| name == "code").map(|(_, value)| value));
        let back = back.strip_prefix(ORIGIN).unwrap();
        let (status, page, _) = self.server.browses(back, &self.session, None, "cross-site").await;
        assert_eq!(status, 303, "{page}");
        self.see("where it leads", page.as_bytes());
        let store = self.server.ledger().await;
        let found = store.connections(business).await.unwrap().remove(0);
        let at = (business, found.id, found.version);
        store.choose(at, &choice, None, &deed(business, "calendar.chosen")).await.unwrap();
        let found = store.connections(business).await.unwrap().remove(0);
        store.close().await;
        found
    }

    async fn state(&self, connection: &Connection) -> ConnectionState {
        let store = self.server.ledger().await;
        let found = store.connection(connection.business, connection.id).await.unwrap().unwrap();
        store.close().await;
        found.state
    }

    /// Its token runs out, and somebody asks.
    async fn time_goes_by(&self) {
        self.server.clock.later(SignedDuration::from_hours(3));
        let from = self.server.clock.date_in(2);
        let path = format!("{SALON}/slots?service={HAIRCUT}&from={from}T09:00:00-05:00&limit=1");
        self.server.get(&path).await;
    }

    async fn is_renewed(&self, times: usize) {
        self.time_goes_by().await;
        eventually("it is renewed", async || self.server.vendor.consent().counters().refreshes >= times).await;
    }

    async fn rotates(&mut self) {
        let output = Command::new(env!("CARGO_BIN_EXE_deskbell"))
            .args(["keys", "rotate"])
            .current_dir(std::env::temp_dir())
            .env_clear()
            .env("DATABASE_URL", &self.server.database().url)
            .env("DESKBELL_MASTER_KEY", master_key().to_text().expose())
            .env("DESKBELL_LOG", "trace")
            .output()
            .await
            .unwrap();
        assert!(output.status.success());
        self.see("rotating", &[output.stdout, output.stderr].concat());
    }

    fn see(&mut self, place: &str, shown: &[u8]) {
        self.shown.push((place.to_owned(), String::from_utf8_lossy(shown).into_owned()));
    }

    /// Every page that a link leads to, the numbers, and the database.
    async fn looks_at_everything(&mut self) {
        // One that is not used for two hours is over.
        self.session = signed_in(&self.server).await;
        let business = salon().id;
        let mut ahead: VecDeque<String> = [
            format!("/b/{business}"),
            format!("/b/{business}/settings/integrations"),
            format!("/b/{business}/data"),
            "/metrics".to_owned(),
            "/api/v1/businesses".to_owned(),
        ]
        .into();
        let mut known: BTreeSet<String> = ahead.iter().cloned().collect();
        let mut pages = 0;
        while let Some(path) = ahead.pop_front() {
            let (_, to, page) = self.server.browses(&path, &self.session, None, "same-origin").await;
            let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
            for link in links.chain([to.as_str()]).map(|link| link.replace("&amp;", "&").replace("&#38;", "&")) {
                // Nobody sets out for a vendor or signs out by looking.
                let apart = ["/connect/", "/sign", "/assets", "/calendar?"].iter().any(|part| link.contains(part));
                if link.starts_with('/') && !apart && known.len() < 150 && known.insert(link.clone()) {
                    ahead.push_back(link);
                }
            }
            self.see(&path, page.as_bytes());
            pages += 1;
        }
        assert!(pages > 15, "{known:?}");
        let dumped = dump(self.server.database()).await;
        assert!(dumped.len() > 10_000);
        self.see("the database", &dumped);
    }

    fn finds_nothing(&mut self) {
        let log = self.server.whole_log();
        assert!(log.contains("TRACE") && log.contains("has to be connected again"), "it wrote down what it could");
        self.see("the log", log.as_bytes());
        let letters = self.server.letters();
        assert!(!letters.is_empty());
        self.see("letters", letters.as_bytes());
        let mut secrets = self.server.vendor.consent().every_token();
        assert!(secrets.len() >= 6, "{} tokens", secrets.len());
        secrets.append(&mut self.carried);
        secrets.push(master_key().to_text().expose().to_owned());
        let forms: Vec<String> = secrets.iter().flat_map(|secret| forms(secret)).collect();
        for (place, shown) in &self.shown {
            let found = forms.iter().any(|form| shown.contains(form.as_str()));
            assert!(!found, "a secret stands in {place}, on {}", self.server.database().engine);
        }
        let bytes: usize = self.shown.iter().map(|(_, shown)| shown.len()).sum();
        println!(
            "on {}: {} secrets looked for in {} forms, in {} places, {bytes} bytes of which {} are the log's: nothing",
            self.server.database().engine,
            secrets.len(),
            forms.len(),
            self.shown.len(),
            log.len(),
        );
    }
}

/// As it is, in hexadecimal digits of either kind, and within base64 wherever it begins.
fn forms(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![secret.to_owned(), hex.to_uppercase(), hex];
    for before in 0..3 {
        let padded = [vec![b'x'; before], secret.as_bytes().to_vec()].concat();
        let encoded = STANDARD.encode(padded);
        forms.push(encoded[4..encoded.len() - 4].to_owned());
    }
    forms
}

/// The files of an embedded database as they are, a server's as its own program writes them.
async fn dump(database: &Database) -> Vec<u8> {
    let Some(file) = database.url.strip_prefix("sqlite://") else {
        let output = Command::new("pg_dump").arg(&database.url).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        return output.stdout;
    };
    let files = ["", "-wal", "-shm"].map(|end| std::fs::read(format!("{file}{end}")).unwrap_or_default());
    files.concat()
}
