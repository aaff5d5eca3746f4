//! Where the master keys come from, and that they are the right ones: before anything is answered, and before anything is
//! written with them.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, anyhow, bail, ensure};
use tokio::{io::AsyncReadExt as _, process::Command, time::timeout};
use tracing::{info, warn};

use crate::{
    config::{
        Config,
        settings::{MASTER_KEY, MASTER_KEY_COMMAND, MASTER_KEYS_OLD},
    },
    domain::secret::{KeyBytes, Secret},
    secrets::Keyring,
    store::{
        Store,
        connections::{CheckError, Vault},
    },
};

/// How long the program that prints the key may take.
const COMMAND: Duration = Duration::from_secs(10);
/// Of its output, so much is read.
const LONGEST: u64 = 1_024;

/// Where the key that seals is.
enum Source {
    /// It is there, from this setting.
    Known(KeyBytes, &'static str),
    /// In this file, which is made when nothing was sealed yet.
    File(PathBuf),
    Nowhere,
}

async fn source(config: &Config) -> anyhow::Result<Source> {
    let master = &config.calendars.master;
    Ok(match (&master.key, &master.command, config.master_key_file()) {
        (Some(key), ..) => Source::Known(key.clone(), MASTER_KEY),
        (None, Some(command), _) => {
            Source::Known(printed(command).await.context(MASTER_KEY_COMMAND)?, MASTER_KEY_COMMAND)
        }
        (None, None, Some(file)) => Source::File(file),
        (None, None, None) => Source::Nowhere,
    })
}

/// The store with the keys of the settings. Without any, nothing can be connected; then nothing may be sealed either.
///
/// # Errors
/// When the key cannot be had, or is not the one that sealed what is there: names the setting, and has changed nothing.
pub async fn vault(config: &Config, store: &Store) -> anyhow::Result<Vault> {
    let old = &config.calendars.master.old;
    let current = match source(config).await? {
        Source::Known(key, _) => Some(key),
        Source::File(file) => Some(match kept(&file, old, store).await? {
            Some(key) => key,
            None => {
                made(&file).with_context(|| format!("{} cannot be made", file.display()))?;
                read(&file).with_context(|| format!("{} cannot be read", file.display()))??
            }
        }),
        Source::Nowhere => None,
    };
    with_keys(current.as_ref(), old, store).await
}

/// The same, as long as nothing is sealed that these keys do not open.
async fn with_keys(current: Option<&KeyBytes>, old: &[KeyBytes], store: &Store) -> anyhow::Result<Vault> {
    let vault = Vault::new(store.clone(), current.map(|current| Arc::new(Keyring::new(current, old))));
    match vault.check().await {
        Ok(()) => Ok(vault),
        Err(CheckError::Store(error)) => Err(error).context("the connected calendars cannot be read (DATABASE_URL)"),
        Err(error @ CheckError::Missing { .. }) => Err(anyhow!(
            "{MASTER_KEY}: {error}: give it back as {MASTER_KEY} or in {MASTER_KEYS_OLD}. Nothing was changed"
        )),
        Err(error @ CheckError::Damaged { .. }) => Err(anyhow!("{MASTER_KEY}: {error}. Nothing was changed")),
    }
}

/// How things stand with the master keys, in words, for whoever runs the server. Makes no key and changes nothing.
/// `store`: nothing, when there is no database yet to look into.
///
/// # Errors
/// When a server would not start with these keys, or they do not open what is connected: names the setting, and says what to do.
pub async fn look(config: &Config, store: Option<&Store>) -> anyhow::Result<String> {
    let old = &config.calendars.master.old;
    let (current, from) = match (source(config).await?, store) {
        (Source::Known(key, setting), _) => (Some(key), setting.to_owned()),
        (Source::File(file), _) if file.exists() => {
            let key = read(&file).with_context(|| format!("{} cannot be read", file.display()))??;
            let open = if is_open(&file) { " (others than its owner can read it: chmod 600)" } else { "" };
            (Some(key), format!("{}{open}", file.display()))
        }
        (Source::File(file), store) => {
            if let Some(store) = store {
                kept(&file, old, store).await?;
            }
            return Ok(format!("will be made in {} when the server starts", file.display()));
        }
        (Source::Nowhere, _) => (None, String::new()),
    };
    let Some(store) = store else {
        return Ok(current.map_or_else(none, |_| format!("from {from}")));
    };
    let vault = with_keys(current.as_ref(), old, store).await?;
    let Some(id) = vault.master_key() else { return Ok(none()) };
    let (there, opened) = (vault.sealings().await?, vault.opened().await?);
    ensure!(
        opened.closed == 0,
        "{MASTER_KEY}: {} of {} connected accounts do not open, though their key is here: the database was changed by hand, or is \
         put together from two backups. Their owners have to connect them again",
        opened.closed,
        opened.closed + opened.open
    );
    let late: u64 = there.masters.iter().filter(|(master, _)| *master != id).map(|(_, keys)| keys).sum();
    let late = if late > 0 || there.older > 0 { "; some by an old key: `deskbell keys rotate`" } else { "" };
    Ok(format!("{id}, from {from}; it opens {} connected accounts{late}", opened.open))
}

fn none() -> String {
    format!("none: nothing can be connected ({MASTER_KEY}; `deskbell keys make` prints one)")
}

/// What the program prints, without the space around it. Its complaints go where ours go.
async fn printed(command: &str) -> anyhow::Result<KeyBytes> {
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(command).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut running = shell.spawn().context("it cannot be run")?;
    let out = running.stdout.take().context("it cannot be read")?;
    let reading = async {
        let mut bytes = Vec::with_capacity(256);
        out.take(LONGEST).read_to_end(&mut bytes).await?;
        let text = Secret::new(String::from_utf8(bytes).unwrap_or_default());
        io::Result::Ok((text, running.wait().await?))
    };
    let ended = timeout(COMMAND, reading).await;
    let (text, status) =
        ended.map_err(|_| anyhow!("it has printed nothing within 10 seconds"))?.context("it cannot be read")?;
    ensure!(status.success(), "it failed ({status})");
    text.expose()
        .parse()
        .map_err(|_| anyhow!("what it prints must be 32 random bytes as base64 or as 64 hexadecimal digits"))
}

/// The key of an embedded database. Nothing: there is none, and nothing was sealed with it.
async fn kept(file: &Path, old: &[KeyBytes], store: &Store) -> anyhow::Result<Option<KeyBytes>> {
    match read(file) {
        Ok(key) => return key.map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", file.display())),
    }
    let known: Vec<_> = old.iter().map(|key| Keyring::new(key, &[]).current()).collect();
    let sealed = Vault::new(store.clone(), None).sealings().await?;
    if let Some((master, keys)) = sealed.masters.into_iter().find(|(master, _)| !known.contains(master)) {
        bail!(
            "{} is missing, and what opens {keys} businesses' calendars is sealed with it (key {master}): put it back, or \
             give it as {MASTER_KEY}. Nothing was changed",
            file.display()
        );
    }
    Ok(None)
}

fn read(file: &Path) -> io::Result<anyhow::Result<KeyBytes>> {
    let text = Secret::new(fs::read_to_string(file)?);
    if is_open(file) {
        warn!("{} can be read by others than its owner: chmod 600", file.display());
    }
    Ok(text.expose().parse().map_err(|error| anyhow!("{}: {error}", file.display())))
}

/// Whether others than its owner can read it.
#[cfg(unix)]
fn is_open(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(file).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}

/// Writes a fresh key, whole or not at all; one that another process has made meanwhile stays.
fn made(file: &Path) -> anyhow::Result<()> {
    let key = fresh()?;
    let mut name = [0; 8];
    getrandom::fill(&mut name)?;
    let temporary = file.with_extension(format!("new-{:016x}", u64::from_be_bytes(name)));
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut new = options.write(true).create_new(true).open(&temporary)?;
    new.write_all(key.to_text().expose().as_bytes())?;
    new.write_all(b"\n")?;
    new.sync_all()?;
    let linked = fs::hard_link(&temporary, file);
    fs::remove_file(&temporary)?;
    match linked {
        Ok(()) => info!("made the master key {}: keep a copy of it apart from the database", file.display()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.into()),
    }
    if let Some(folder) = file.parent() {
        // That the name is on the disk, too.
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// 32 random bytes.
///
/// # Errors
/// When the operating system has none.
pub fn fresh() -> anyhow::Result<KeyBytes> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("the operating system gives no random numbers")?;
    Ok(KeyBytes::new(bytes))
}
