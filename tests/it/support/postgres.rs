//! A Postgres server for the tests: the one that is named, or a throw-away cluster made from installed binaries.
//!
//! The cluster is started once per test binary, without fsync, on a Unix socket in a temporary folder. A small watchdog
//! process stops and deletes it when this process ends, however it ends.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

/// A server's URL, without a database of its own.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) url: String,
    /// Nothing when the server was given to us.
    _watchdog: Option<Child>,
}

/// The server, or nothing when there is none (which is said loudly, once). With `DESKBELL_TEST_REQUIRE_POSTGRES=1`
/// having none is an error.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    match SERVER.get_or_init(|| find().inspect_err(|why| skipped(why))) {
        Ok(server) => Some(server),
        Err(why) if setting("DESKBELL_TEST_REQUIRE_POSTGRES").is_some_and(|value| value == "1") => {
            panic!("DESKBELL_TEST_REQUIRE_POSTGRES=1, and there is no Postgres: {why}")
        }
        Err(_) => None,
    }
}

/// Straight to the file descriptor: the test harness shows what goes through `eprintln!` only when a test fails.
fn skipped(why: &str) {
    use std::io::Write;
    let line = format!("\n*** THE POSTGRES TESTS ARE SKIPPED: {why} ***\n\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
}

#[expect(clippy::disallowed_methods, reason = "settings of the tests, not of the program")]
pub(crate) fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn find() -> Result<Server, String> {
    if let Some(url) = setting("DESKBELL_TEST_POSTGRES_URL") {
        return Ok(Server { url, _watchdog: None });
    }
    let bin = binaries().ok_or("no initdb and pg_ctl in PATH, /usr/lib/postgresql/*/bin or /usr/local/bin")?;
    start(&bin)
}

/// The folder that has both programs. The newest of several versions.
fn binaries() -> Option<PathBuf> {
    let path = setting("PATH").unwrap_or_default();
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    versions.sort();
    let named = std::env::split_paths(&path).chain([PathBuf::from("/usr/local/bin")]);
    named
        .chain(versions.into_iter().rev())
        .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

fn start(bin: &Path) -> Result<Server, String> {
    let folder = std::env::temp_dir().join(format!("deskbell-postgres-{}", super::database::fresh()));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let user = Unprivileged::find(&folder)?;
    let data = folder.join("data");
    user.run(
        bin.join("initdb"),
        &["-D", shown(&data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
    )?;
    let options = format!(
        "-c listen_addresses='' -c unix_socket_directories='{}' -c fsync=off -c full_page_writes=off \
         -c max_connections=400 -c shared_buffers=32MB -c log_lock_waits=on",
        folder.display()
    );
    let log = folder.join("log");
    user.run(bin.join("pg_ctl"), &["-D", shown(&data), "-l", shown(&log), "-o", &options, "-w", "start"])?;
    // Waits until its stdin closes, which the system does when this process is gone.
    let script = r#"trap '' INT TERM HUP; cat; "$0" -D "$1/data" -m immediate stop; rm -rf "$1""#;
    let watchdog = user
        .command("sh")
        .args(["-c", script, shown(&bin.join("pg_ctl")), shown(&folder)])
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(|error| format!("the watchdog: {error}"))?;
    let url = format!("postgres://postgres@localhost/postgres?host={}", folder.display());
    Ok(Server { url, _watchdog: Some(watchdog) })
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("temporary folders have readable names")
}

/// Whom to run Postgres as: it refuses to run as root.
struct Unprivileged {
    prefix: Vec<String>,
}

impl Unprivileged {
    /// Ourselves, or as root the first of two users that can be become, who is then given the folder.
    fn find(folder: &Path) -> Result<Self, String> {
        let root = fs::metadata("/proc/self").is_ok_and(|us| us.uid() == 0);
        if !root {
            return Ok(Self { prefix: Vec::new() });
        }
        for user in ["postgres", "nobody"] {
            let ways: [&[&str]; 2] = [
                &["setpriv", "--reuid", user, "--regid", user, "--clear-groups", "--"],
                &["runuser", "-u", user, "--"],
            ];
            let group = Command::new("id").args(["-gn", user]).output();
            let group = group.ok().and_then(|out| String::from_utf8(out.stdout).ok()).unwrap_or_default();
            for way in ways {
                let mut prefix: Vec<String> = way.iter().map(|word| (*word).to_owned()).collect();
                if let Some(place) = prefix.iter().position(|word| word == "--regid") {
                    group.trim().clone_into(&mut prefix[place + 1]);
                }
                let candidate = Self { prefix };
                let owned = Command::new("chown").arg(user).arg(folder).stderr(Stdio::null()).status();
                if owned.is_ok_and(|done| done.success()) && candidate.run("true", &[]).is_ok() {
                    return Ok(candidate);
                }
            }
        }
        Err("running as root, and neither setpriv nor runuser can become postgres or nobody".to_owned())
    }

    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        match self.prefix.split_first() {
            None => Command::new(program),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        }
    }

    /// Runs to its end; the server that `pg_ctl` leaves behind must not keep our pipes.
    fn run(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Result<(), String> {
        let program = program.as_ref();
        let status = self
            .command(program)
            .args(arguments)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(|error| format!("{}: {error}", program.to_string_lossy()))?;
        if status.success() { Ok(()) } else { Err(format!("{} failed: {status}", program.to_string_lossy())) }
    }
}
