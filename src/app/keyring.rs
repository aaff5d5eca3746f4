//! Where the master keys come from, and that they are the right ones: before anything is answered, and before anything is
//! written with them.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
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

/// The store with the keys of the settings. Without any, nothing can be connected; then nothing may be sealed either.
///
/// # Errors
/// When the key cannot be had, or is not the one that sealed what is there: names the setting, and has changed nothing.
pub async fn vault(config: &Config, store: &Store) -> anyhow::Result<Vault> {
    let master = &config.calendars.master;
    let current = match (&master.key, &master.command, config.master_key_file()) {
        (Some(key), ..) => Some(key.clone()),
        (None, Some(command), _) => Some(printed(command).await.context(MASTER_KEY_COMMAND)?),
        (None, None, Some(file)) => Some(kept(&file, &master.old, store).await?),
        (None, None, None) => None,
    };
    let keyring = current.map(|current| Arc::new(Keyring::new(&current, &master.old)));
    let vault = Vault::new(store.clone(), keyring);
    match vault.check().await {
        Ok(()) => Ok(vault),
        Err(CheckError::Store(error)) => Err(error).context("the connected calendars cannot be read (DATABASE_URL)"),
        Err(error @ CheckError::Missing { .. }) => Err(anyhow!(
            "{MASTER_KEY}: {error}: give it back as {MASTER_KEY} or in {MASTER_KEYS_OLD}. Nothing was changed"
        )),
        Err(error @ CheckError::Damaged { .. }) => Err(anyhow!("{MASTER_KEY}: {error}. Nothing was changed")),
    }
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

/// The key of an embedded database. It is made when there is none and nothing was sealed with it.
async fn kept(file: &Path, old: &[KeyBytes], store: &Store) -> anyhow::Result<KeyBytes> {
    match read(file) {
        Ok(key) => return key,
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
    made(file).with_context(|| format!("{} cannot be made", file.display()))?;
    read(file).with_context(|| format!("{} cannot be read", file.display()))?
}

fn read(file: &Path) -> io::Result<anyhow::Result<KeyBytes>> {
    let text = Secret::new(fs::read_to_string(file)?);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if fs::metadata(file)?.permissions().mode() & 0o077 != 0 {
            warn!("{} can be read by others than its owner: chmod 600", file.display());
        }
    }
    Ok(text.expose().parse().map_err(|error| anyhow!("{}: {error}", file.display())))
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
