//! A mail server of a few lines, on a real socket, that behaves and misbehaves.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use super::*;
use crate::config::Secret;

/// What the server answers to a command that begins like this, in place of what it should.
#[derive(Clone, Copy, Debug)]
enum Manners {
    Good,
    Answers(&'static str, &'static str),
    /// Takes the connection and says nothing.
    Silent,
    /// Hangs up in the middle of the letter.
    HangsUp,
}

struct Server {
    port: u16,
    /// Ends with the server.
    _talking: JoinSet<()>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn with(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, heard) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(Vec::new())));
        let (mut talking, told) = (JoinSet::new(), heard.clone());
        talking.spawn(async move {
            let mut guests = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                guests.spawn(talk(stream, manners, told.clone()));
            }
        });
        Self { port, heard, _talking: talking }
    }

    fn settings(&self) -> Smtp {
        Smtp {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            tls: SmtpTls::None,
            login: Some(("bell".to_owned(), Secret::new("hunter2"))),
            from: "bell@example.com".parse().unwrap(),
            from_name: "Deskbell".to_owned(),
        }
    }

    async fn sends(&self, subject: &str, text: &str) -> Result<(), EmailError> {
        let email = SmtpEmail::within(&self.settings(), Duration::from_millis(400)).unwrap();
        email.send(&"maria@example.com".parse().unwrap(), subject, text).await
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

async fn talk(stream: TcpStream, manners: Manners, heard: Arc<Mutex<Vec<String>>>) {
    if matches!(manners, Manners::Silent) {
        tokio::time::sleep(Duration::from_mins(1)).await;
    }
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut in_letter = false;
    let _ = write.write_all(b"220 mail.example.com\r\n").await;
    while let Ok(Some(line)) = lines.next_line().await {
        heard.lock().unwrap().push(line.clone());
        let answer = match &line {
            _ if in_letter && line == "." => "250 taken",
            _ if in_letter => continue,
            line if line.starts_with("EHLO") => "250-mail.example.com\r\n250 AUTH PLAIN LOGIN",
            line if line.starts_with("AUTH") => "235 welcome",
            line if line == "DATA" => "354 go on",
            line if line == "QUIT" => "221 bye",
            _ => "250 ok",
        };
        in_letter = line == "DATA";
        if in_letter && matches!(manners, Manners::HangsUp) {
            return;
        }
        let answer = match manners {
            Manners::Answers(command, answer) if line.starts_with(command) => answer,
            _ => answer,
        };
        if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn a_letter_arrives_with_its_sender_its_subject_and_its_words() {
    let server = Server::with(Manners::Good).await;
    server.sends("Your new password", "Open this:\n\n.https://example.com/reset/x\n").await.unwrap();
    let heard = server.heard();
    for line in [
        "MAIL FROM:<bell@example.com>",
        "RCPT TO:<maria@example.com>",
        "From: \"Deskbell\" <bell@example.com>",
        "To: maria@example.com",
        "Subject: Your new password",
        "..https://example.com/reset/x",
    ] {
        assert!(
            heard.iter().any(|told| told == line || told.replace('"', "") == line.replace('"', "")),
            "{line}: {heard:#?}"
        );
    }
}

#[tokio::test]
async fn t38_nothing_in_a_subject_becomes_a_header_and_nothing_in_a_letter_a_command() {
    let server = Server::with(Manners::Good).await;
    server
        .sends("Hello\r\nBcc: all@evil.example\r\n\r\nbody", "words\r\n.\r\nRCPT TO:<all@evil.example>\r\n")
        .await
        .unwrap();
    let heard = server.heard();
    assert!(!heard.iter().any(|line| line.starts_with("Bcc")), "{heard:#?}");
    assert_eq!(heard.iter().filter(|line| line.starts_with("MAIL FROM")).count(), 1);
    assert!(heard.iter().any(|line| line == ".."), "a line with a dot alone is stuffed: {heard:#?}");
}

#[tokio::test]
async fn a_refusal_says_what_can_be_done() {
    let refused = Server::with(Manners::Answers("RCPT", "550 no such mailbox maria@example.com")).await;
    let error = refused.sends("a", "b").await.unwrap_err();
    assert!(matches!(error, EmailError::Refused(550)), "{error:?}");
    assert!(!format!("{error:?}").contains("maria"), "what the server says is not repeated");
    let password = Server::with(Manners::Answers("AUTH", "535 who are you?")).await;
    assert!(matches!(password.sends("a", "b").await.unwrap_err(), EmailError::NotAllowed));
    let later = Server::with(Manners::Answers("MAIL", "451 come back later")).await;
    assert!(matches!(later.sends("a", "b").await.unwrap_err(), EmailError::NotTaken(_)));
}

#[tokio::test]
async fn a_server_that_is_silent_hangs_up_or_is_not_there_costs_a_bounded_wait() {
    for manners in [Manners::Silent, Manners::HangsUp] {
        let error = Server::with(manners).await.sends("a", "b").await.unwrap_err();
        assert!(matches!(error, EmailError::NotTaken(_)), "{manners:?}: {error:?}");
    }
    let mut gone = Server::with(Manners::Good).await;
    gone.port = 1;
    assert!(matches!(gone.sends("a", "b").await.unwrap_err(), EmailError::NotTaken(_)));
}
