//! The real program: what it prints opens the door, once, and stands in no log.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    net::TcpStream,
    process::{Child, ChildStdout, Command},
};

use super::{EMAIL, PASSWORD};
use crate::support::{database::fresh, server::BUDGET};

/// A folder with the program's data in it.
struct Place {
    folder: PathBuf,
    port: u16,
}

impl Place {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("deskbell-entry-{}", fresh()));
        std::fs::create_dir_all(&folder).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { folder, port }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deskbell"));
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .env("DESKBELL_BIND", format!("127.0.0.1:{}", self.port))
            .env("DESKBELL_LOG", "trace")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// What a command that ends by itself prints, and whether all was well.
    async fn runs(&self, arguments: &[&str]) -> (bool, String) {
        let output = self.command(arguments).output().await.unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    fn serve(&self) -> (Child, Lines<BufReader<ChildStdout>>) {
        let log = std::fs::File::create(self.folder.join("log")).unwrap();
        let mut child = self.command(&["serve"]).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let printed = BufReader::new(child.stdout.take().unwrap()).lines();
        (child, printed)
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap()
    }

    /// The status line and the headers of an answer.
    async fn asks(&self, request: &str) -> String {
        let mut stream = loop {
            match TcpStream::connect(("127.0.0.1", self.port)).await {
                Ok(stream) => break stream,
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
            }
        };
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    async fn posts(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.asks(&format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://127.0.0.1:{}\r\nConnection: close\r\nContent-Type: \
             application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        ))
        .await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The path of the first address that ends so.
fn address(text: &str, kind: &str) -> Option<String> {
    let at = text.find(&format!("/{kind}/"))?;
    text[at..].split_whitespace().next().map(str::to_owned)
}

async fn printed(lines: &mut Lines<BufReader<ChildStdout>>, kind: &str) -> String {
    let reading = async {
        loop {
            let line = lines.next_line().await.unwrap().expect("it goes on");
            if let Some(address) = address(&line, kind) {
                return address;
            }
        }
    };
    tokio::time::timeout(BUDGET * 2, reading).await.expect("an address is printed")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_address_that_serve_prints_makes_the_first_owner_and_stands_in_no_log() {
    let place = Place::new();
    let (mut child, mut lines) = place.serve();
    let setup = printed(&mut lines, "setup").await;
    let page = place.asks(&format!("GET {setup} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    let fields =
        [("name", "Maria"), ("email", EMAIL), ("password", PASSWORD), ("business", "Willow"), ("zone", "Europe/Paris")];
    let done = place.posts(&setup, &fields).await;
    assert!(done.starts_with("HTTP/1.1 303") && done.contains("/settings/start"), "{done}");
    let inside = place.posts("/sign-in", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert!(inside.starts_with("HTTP/1.1 303") && inside.contains("__Host-deskbell="), "{inside}");
    child.kill().await.unwrap();
    let log = place.log();
    let secret = setup.trim_start_matches("/setup/");
    assert!(
        log.contains("listening") && !log.contains(secret) && !log.contains(PASSWORD) && !log.contains(EMAIL),
        "{log}"
    );

    // Nothing is printed when somebody has an account, and the command line lets in who has lost their password.
    let (ok, said) = place.runs(&["owner", "setup"]).await;
    assert!(!ok && said.contains("somebody has an account already"), "{said}");
    let (ok, said) = place.runs(&["owner", "list"]).await;
    assert!(ok && said.contains("Willow") && said.contains(EMAIL), "{said}");
    let (ok, said) = place.runs(&["owner", "reset", "nobody@example.com"]).await;
    assert!(!ok && said.contains("nobody here has the address"), "{said}");
    let (ok, said) = place.runs(&["owner", "reset", EMAIL]).await;
    let reset = address(&said, "reset").expect("an address");
    assert!(ok, "{said}");
    let (mut child, mut lines) = place.serve();
    let done = place.posts(&reset, &[("password", "a quite different password")]).await;
    assert!(done.starts_with("HTTP/1.1 303"), "{done}");
    child.kill().await.unwrap();
    while let Some(line) = lines.next_line().await.unwrap() {
        assert_eq!(address(&line, "setup"), None, "somebody has an account: {line}");
    }
}

#[tokio::test]
async fn an_owner_is_added_on_the_command_line() {
    let place = Place::new();
    let (ok, said) = place.runs(&["owner", "list"]).await;
    assert!(ok && said.contains("Nobody has an account yet"), "{said}");
    let first = place.runs(&["owner", "setup"]).await.1;
    let second = place.runs(&["owner", "setup"]).await.1;
    assert_ne!(address(&first, "setup").unwrap(), address(&second, "setup").unwrap());
    let business = "00000000-0000-7000-8000-00000000d35c";
    let (ok, said) = place.runs(&["owner", "add", EMAIL, "--business", business]).await;
    assert!(!ok && said.contains("there is no business"), "{said}");
    put_salon(&place.folder).await;
    let (ok, said) = place.runs(&["owner", "add", EMAIL, "--business", business]).await;
    assert!(ok && address(&said, "reset").is_some(), "{said}");
    let (ok, said) = place.runs(&["owner", "add", EMAIL, "--business", business]).await;
    assert!(ok && said.contains("has an account already"), "{said}");
    let (ok, said) = place.runs(&["owner", "add", "not-an-address", "--business", business]).await;
    assert!(!ok && said.contains("not an e-mail address"), "{said}");
}

async fn put_salon(folder: &Path) {
    let url = format!("sqlite://{}", folder.join("data/deskbell.sqlite").display());
    let store = deskbell::store::Store::open(&url).await.unwrap();
    let now = "2026-11-24T15:00:00Z".parse().unwrap();
    store.create_business(&deskbell::testing::salon(), now).await.unwrap();
    store.close().await;
}
