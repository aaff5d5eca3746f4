//! `deskbell keys`, and a server that is started with the wrong ones: the real binary.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::{Command, Output},
};

use deskbell::{
    domain::secret::KeyBytes,
    secrets::{KeyId, Keyring},
    store::Store,
    testing::calendar::consent::Refresh,
};

use sqlx::{Connection as _, SqliteConnection};

use super::accounts::{Played, connected, ring, vault};
use crate::{store::samples::fresh, support::database::Database};

/// The real binary in a folder of its own.
struct Operator(PathBuf);

impl Operator {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("deskbell-keys-{}", fresh()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn database(&self) -> String {
        format!("sqlite://{}", self.0.join("data/deskbell.sqlite").display())
    }

    fn runs(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_deskbell"))
            .args(arguments)
            .current_dir(&self.0)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .envs(environment.iter().copied())
            .output()
            .unwrap()
    }

    /// What it says, when it ends as it should.
    fn says(&self, well: bool, arguments: &[&str], environment: &[(&str, &str)]) -> String {
        let output = self.runs(arguments, environment);
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.success(), well, "{arguments:?}: {said}");
        said
    }
}

impl Drop for Operator {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn id_of(key: &str) -> KeyId {
    Keyring::new(&key.parse::<KeyBytes>().unwrap(), &[]).current()
}

#[tokio::test]
async fn a_server_with_another_master_key_refuses_to_start_and_changes_nothing() {
    let operator = Operator::new();
    let [old, new] = [0, 1].map(|_| operator.says(true, &["keys", "make"], &[]).trim().to_owned());
    assert_ne!(old, new);
    operator.says(true, &["migrate"], &[]);
    let store = Store::open(&operator.database()).await.unwrap();
    let played = Played::start(Refresh::Kept).await;
    let node = played.node_with(&store, Keyring::new(&old.parse().unwrap(), &[]));
    let made = connected(&store, &played, &node, 3).await;
    let before = vault(&store, ring(1, &[])).sealings().await.unwrap();

    let (key, others) = ("DESKBELL_MASTER_KEY", "DESKBELL_MASTER_KEYS_OLD");
    for command in [["serve"].as_slice(), &["keys", "rotate"], &["keys", "status"], &["check"]] {
        let said = operator.says(false, command, &[(key, &new)]);
        assert!(said.contains(key) && said.contains(&id_of(&old).to_string()), "{said}");
        assert!(!said.contains(&new) && !said.contains(&old), "{said}");
        // With none at all, the file would be made: but it was another key that sealed.
        let said = operator.says(false, command, &[]);
        assert!(said.contains("master.key is missing") && said.contains(key), "{said}");
    }
    assert!(!operator.0.join("data/master.key").exists(), "nothing was made");
    assert_eq!(vault(&store, ring(1, &[])).sealings().await.unwrap(), before);

    let said = operator.says(true, &["keys", "status"], &[(key, &old)]);
    assert!(said.contains("3 data keys") && said.contains("3 sealed with the newest"), "{said}");
    let said = operator.says(true, &["check"], &[(key, &old)]);
    assert!(said.contains(&format!("{}, from {key}; it opens 3 connected accounts\n", id_of(&old))), "{said}");
    let said = operator.says(true, &["check"], &[(key, &new), (others, &old)]);
    assert!(said.contains("some by an old key: `deskbell keys rotate`"), "{said}");
    let said = operator.says(false, &["check"], &[(key, "hunter2")]);
    assert!(said.contains(key) && said.contains("32 random bytes") && !said.contains("hunter2"), "{said}");
    assert_eq!(vault(&store, ring(1, &[])).sealings().await.unwrap(), before, "looking changes nothing");

    let said = operator.says(true, &["keys", "rotate"], &[(key, &new), (others, &old)]);
    assert!(
        said.contains("3 data keys were sealed") && said.contains("Nothing that opens is sealed with an old key"),
        "{said}"
    );
    operator.says(true, &["keys", "status"], &[(key, &new)]);
    operator.says(false, &["keys", "status"], &[(key, &old)]);
    let node = played.node_with(&store, Keyring::new(&new.parse().unwrap(), &[]));
    for connection in &made {
        node.ask(connection, |access| played.ask(access)).await.unwrap();
    }

    // The door to a key management service.
    let command = "DESKBELL_MASTER_KEY_COMMAND";
    operator.says(true, &["keys", "status"], &[(command, &format!("printf '%s\\n' {new}"))]);
    for (wrong, why) in [("exit 3", "it failed"), ("echo hunter2", "32 random bytes")] {
        let said = operator.says(false, &["keys", "status"], &[(command, wrong)]);
        assert!(said.contains(command) && said.contains(why) && !said.contains("hunter2"), "{said}");
    }

    // The key is right, and somebody has put one account's seal into another's row.
    let mut database = SqliteConnection::connect(&operator.database()).await.unwrap();
    let sql = "update connections set credential = (select credential from connections order by id desc limit 1)
        where id = (select id from connections order by id limit 1)";
    sqlx::raw_sql(sql).execute(&mut database).await.unwrap();
    let said = operator.says(false, &["check"], &[(key, &new)]);
    assert!(said.contains("1 of 3 connected accounts do not open"), "{said}");
    store.close().await;
}

#[tokio::test]
async fn a_server_database_whose_key_is_given_nowhere_is_reported_and_left_alone() {
    let Some(database) = Database::postgres().await else { return };
    let operator = Operator::new();
    let store = database.store().await;
    let url = [("DATABASE_URL", database.url.as_str())];
    let said = operator.says(true, &["check"], &url);
    assert!(said.contains("none: nothing can be connected (DESKBELL_MASTER_KEY"), "{said}");
    let played = Played::start(Refresh::Kept).await;
    connected(&store, &played, &played.node(&store), 2).await;
    let before = vault(&store, ring(1, &[])).sealings().await.unwrap();
    for command in ["check", "serve"] {
        let said = operator.says(false, &[command], &url);
        assert!(said.contains("DESKBELL_MASTER_KEY: what opens 2 businesses' calendars is sealed with"), "{said}");
        assert!(said.contains(&ring(1, &[]).current().to_string()) && said.contains("Nothing was changed"), "{said}");
    }
    assert_eq!(vault(&store, ring(1, &[])).sealings().await.unwrap(), before);
    store.close().await;
    database.close().await;
}

#[tokio::test]
async fn an_embedded_database_s_key_is_made_once_for_its_owner_alone() {
    let operator = Operator::new();
    for _ in 0..2 {
        let said = operator.says(true, &["check"], &[]);
        assert!(said.contains("will be made in") && said.contains("master.key"), "{said}");
        assert!(!operator.0.join("data/master.key").exists(), "looking makes nothing");
        operator.says(true, &["migrate"], &[]);
    }
    operator.says(true, &["keys", "status"], &[]);
    let file = operator.0.join("data/master.key");
    let made = std::fs::read_to_string(&file).unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let said = operator.says(true, &["keys", "status"], &[]);
    assert!(said.contains(&id_of(&made).to_string()) && !said.contains(made.trim()), "{said}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), made, "it stays");
    assert_eq!(
        std::fs::read_dir(operator.0.join("data"))
            .unwrap()
            .filter(|entry| { entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("master.") })
            .count(),
        1,
        "no other file is left"
    );
    // One that was spoilt is not overwritten.
    std::fs::write(&file, "").unwrap();
    for command in ["serve", "check"] {
        let said = operator.says(false, &[command], &[]);
        assert!(said.contains("master.key: must be 32 random bytes"), "{said}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "");
    // Moved aside and named as an old one, a new one is made.
    let old = operator.0.join("old.key");
    std::fs::write(&old, &made).unwrap();
    std::fs::remove_file(&file).unwrap();
    operator.says(true, &["keys", "rotate"], &[("DESKBELL_MASTER_KEYS_OLD_FILE", old.to_str().unwrap())]);
    assert_ne!(std::fs::read_to_string(&file).unwrap(), made);
}
