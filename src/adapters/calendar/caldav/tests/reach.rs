//! T16: where an owner's address must not lead.

use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    http::{StatusCode, header},
    routing::any,
};
use tokio::net::TcpListener;

use super::{
    super::{
        CalDav,
        reach::{Names, Own, Reach, Refusal, is_public},
        web::Web,
    },
    Stopped, caldav,
};
use crate::{
    domain::secret::Secret,
    ports::consent::{KeyDoor as _, KeyError, Typed},
    testing::calendar::{
        Kit, Misdeed,
        caldav::{Dialect, FakeCalDav},
    },
};

fn internet() -> Reach {
    Reach::Internet(Own::default())
}

/// What an operator has named.
fn and(servers: &[&str]) -> Reach {
    Reach::Internet(servers.iter().map(|server| server.parse().unwrap()).collect())
}

#[test]
fn only_the_public_internet_is_public() {
    for text in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "169.254.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.31.196.1",
        "192.52.193.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.175.48.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "3fff::1",
        "2620:4f:8000::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "4000::1",
    ] {
        assert!(!is_public(text.parse().unwrap()), "{text}");
    }
    for text in [
        "1.1.1.1",
        "8.8.8.8",
        "17.248.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "169.253.1.1",
        "192.0.1.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "2001:4860::8888",
        "2620:149::1",
        "2001:200::1",
    ] {
        assert!(is_public(text.parse().unwrap()), "{text}");
    }
}

#[test]
fn addresses_that_an_owner_may_type() {
    for (text, refusal) in [
        ("http://caldav.example.com/", Refusal::Scheme),
        ("file:///etc/passwd", Refusal::Scheme),
        ("gopher://caldav.example.com/", Refusal::Scheme),
        ("ftp://caldav.example.com/", Refusal::Scheme),
        ("https://ann:secret@caldav.example.com/", Refusal::Credentials),
        ("https://ann@caldav.example.com/", Refusal::Credentials),
        ("https://caldav.example.com:22/", Refusal::Port),
        ("https://caldav.example.com:25/", Refusal::Port),
        ("https://caldav.example.com:80/", Refusal::Port),
        ("https://127.0.0.1/", Refusal::Private),
        ("https://127.1/", Refusal::Private),
        ("https://0x7f.1/", Refusal::Private),
        ("https://2130706433/", Refusal::Private),
        ("https://0177.0.0.1/", Refusal::Private),
        ("https://[::1]/", Refusal::Private),
        ("https://[::ffff:169.254.169.254]/", Refusal::Private),
        ("https://169.254.169.254/latest/meta-data/", Refusal::Private),
        ("https://17.248.0.1/", Refusal::Number),
        ("https://[2606:4700::1111]/", Refusal::Number),
        ("https://localhost/", Refusal::Private),
        ("https://LOCALHOST./", Refusal::Private),
        ("https://cal.localhost/", Refusal::Private),
        ("https://printer/", Refusal::Private),
        ("https://metadata.google.internal/", Refusal::Private),
        ("https://nas.local/", Refusal::Private),
        ("https://", Refusal::Malformed),
        ("https://exa mple.com/", Refusal::Malformed),
        ("caldav.example.com", Refusal::Malformed),
    ] {
        assert_eq!(internet().address(text).err(), Some(refusal), "{text}");
    }
    for text in [
        "https://caldav.icloud.com",
        "https://caldav.icloud.com:443/",
        "https://cloud.example.com:8443/remote.php/dav",
        "https://bücher.example/",
        "https://１２７.example.com/",
    ] {
        assert!(internet().address(text).is_ok(), "{text}");
    }
    assert!(Reach::ThisMachine.address("http://127.0.0.1:4711/").is_ok());
    assert_eq!(Reach::ThisMachine.address("http://10.0.0.1:4711/").err(), Some(Refusal::Private));
    assert_eq!(Reach::ThisMachine.address("http://127.0.0.1:25/").err(), Some(Refusal::Port));
}

#[test]
fn an_operators_own_servers_are_reached_as_they_were_named() {
    let reach = and(&["https://cloud.internal", "http://radicale:5232", "http://10.0.0.5:81/"]);
    for text in [
        "https://cloud.internal/remote.php/dav/",
        "https://CLOUD.internal:443/",
        "http://radicale:5232/ann/",
        "http://10.0.0.5:81/",
        "https://caldav.icloud.com/",
    ] {
        assert!(reach.address(text).is_ok(), "{text}");
    }
    for (text, refusal) in [
        ("http://cloud.internal/", Refusal::Scheme),
        ("https://cloud.internal:8443/", Refusal::Private),
        ("https://files.cloud.internal/", Refusal::Private),
        ("https://radicale:5232/", Refusal::Private),
        ("http://radicale:5232@evil.example/", Refusal::Credentials),
        ("https://10.0.0.5/", Refusal::Private),
        ("http://10.0.0.5:82/", Refusal::Scheme),
        ("http://169.254.169.254/", Refusal::Scheme),
        ("http://caldav.icloud.com/", Refusal::Scheme),
    ] {
        assert_eq!(reach.address(text).err(), Some(refusal), "{text}");
    }
    // A name that may lead inside leads to the one port that was named.
    let named = and(&["https://cloud.example.com:8443"]);
    assert!(named.address("https://cloud.example.com:8443/dav").is_ok());
    assert_eq!(named.address("https://cloud.example.com:9200/").err(), Some(Refusal::Private));
    // Nobody else's server sends us there.
    let evil = reach.address("https://dav.evil.example/").unwrap();
    assert_eq!(evil.join(&reach, "http://radicale:5232/").err(), Some(Refusal::Elsewhere));
    assert!(!reach.is_https_only() && internet().is_https_only() && named.is_https_only());
}

#[test]
fn a_password_goes_to_whom_it_is_for() {
    let at = |text: &str| internet().address(text).unwrap();
    let goes = |from: &str, href: &str| at(from).join(&internet(), href).map(|there| there.as_str().to_owned());
    let icloud = "https://caldav.icloud.com/";
    for (from, href, there) in [
        (icloud, "/1/principal/", "https://caldav.icloud.com/1/principal/"),
        (icloud, "https://p34-caldav.icloud.com:443/1/calendars/", "https://p34-caldav.icloud.com/1/calendars/"),
        ("https://p34-caldav.icloud.com/", icloud, icloud),
        ("https://example.com/", "https://dav.example.com/x", "https://dav.example.com/x"),
        ("https://dav.example.com/", "https://example.com/x", "https://example.com/x"),
        ("https://cloud.example.com/", "https://cloud.example.com:8443/", "https://cloud.example.com:8443/"),
        ("https://dav.shop.co.uk/", "//www.shop.co.uk/", "https://www.shop.co.uk/"),
    ] {
        assert_eq!(goes(from, href).as_deref(), Ok(there), "{from} {href}");
    }
    for (from, href, refusal) in [
        (icloud, "https://evil.example/", Refusal::Elsewhere),
        (icloud, "https://caldav.icloud.com.evil.example/", Refusal::Elsewhere),
        (icloud, "https://evil-icloud.com/", Refusal::Elsewhere),
        (icloud, "//evil.example/", Refusal::Elsewhere),
        ("https://shop.co.uk/", "https://evil.co.uk/", Refusal::Elsewhere),
        ("https://example.com/", "https://evil.com/", Refusal::Elsewhere),
        (icloud, "http://caldav.icloud.com/", Refusal::Scheme),
        (icloud, "https://169.254.169.254/", Refusal::Private),
        (icloud, "https://caldav.icloud.com:22/", Refusal::Port),
        (icloud, "https://x:y@caldav.icloud.com/", Refusal::Credentials),
        (icloud, "javascript:alert(1)", Refusal::Scheme),
    ] {
        assert_eq!(goes(from, href), Err(refusal), "{from} {href}");
    }
}

/// A name server that changes its mind.
struct Fickle(Mutex<VecDeque<Vec<IpAddr>>>);

#[async_trait]
impl Names for Fickle {
    async fn look_up(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        Ok(self.0.lock().unwrap().pop_front().unwrap_or_default())
    }
}

fn with_names(reach: Reach, answers: &[&[&str]]) -> CalDav {
    let answers = answers.iter().map(|some| some.iter().map(|ip| ip.parse().unwrap()).collect());
    let names = Arc::new(Fickle(Mutex::new(answers.collect())));
    CalDav::over(Web::new(reach, names, Duration::from_secs(2)).unwrap(), Arc::new(Stopped))
}

fn typed(server: String) -> Typed {
    Typed { server, user: "ann".to_owned(), key: Secret::new("secret") }
}

fn field(result: &Result<impl Sized, KeyError>) -> Option<&'static str> {
    match result {
        Err(KeyError::Wrong { field, .. }) => Some(field),
        _ => None,
    }
}

/// A listener that nobody should connect to.
struct Inside(TcpListener);

impl Inside {
    async fn at(ip: &str) -> Self {
        Self(TcpListener::bind((ip, 0)).await.unwrap())
    }

    fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }

    async fn assert_untouched(&self) {
        let connected = tokio::time::timeout(Duration::from_millis(50), self.0.accept()).await;
        assert!(connected.is_err(), "somebody connected");
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_followed() {
    let inside = Inside::at("127.0.0.1").await;
    let server = format!("https://calendar.example.com:{}/", inside.address().port());
    let caldav = with_names(internet(), &[&["127.0.0.1"], &["::ffff:127.0.0.1"], &["10.0.0.1", "169.254.169.254"]]);
    for _ in 0..3 {
        assert_eq!(field(&caldav.enter(&typed(server.clone())).await), Some("server"));
    }
    inside.assert_untouched().await;
}

#[tokio::test]
async fn an_operators_own_server_is_connected_wherever_its_name_leads() {
    let fake = FakeCalDav::start(Dialect::Nextcloud).await;
    let typed = Typed { server: fake.typed().server.replace("127.0.0.1", "radicale"), ..fake.typed() };
    let named = typed.server.parse::<url::Url>().unwrap().join("/").unwrap();
    let inside: Vec<&[&str]> = vec![&["127.0.0.1"]; 8];
    let asked = with_names(and(&[named.as_str()]), &inside).enter(&typed).await;
    assert!(asked.is_ok(), "{asked:?}");
    let asked = with_names(internet(), &inside).enter(&typed).await;
    assert_eq!(field(&asked), Some("server"), "nobody has named it");
}

/// The double reached by a name. It is looked up for each new connection, and each answer is looked at anew: there is no
/// moment at which a good answer lets a bad address in.
#[tokio::test]
async fn a_name_that_changes_its_mind_is_not_followed_inside() {
    let once = || async { ([(header::CONNECTION, "close")], StatusCode::NOT_FOUND) };
    let server = Kit::serve(|_| Router::new().fallback(any(once))).await;
    let port = server.address().rsplit_once(':').unwrap().1.to_owned();
    // For this machine's reach, what is not loopback stands for what is inside.
    let answers: [&[&str]; 3] = [&["127.0.0.1"], &["10.1.2.3"], &["192.168.0.1", "10.0.0.1"]];
    let caldav = with_names(Reach::ThisMachine, &answers);
    for _ in 0..2 {
        let asked = caldav.enter(&typed(format!("http://calendar.example.com:{port}/"))).await;
        let Err(KeyError::Wrong { why, .. }) = asked else { panic!("{asked:?}") };
        assert!(why.contains("private network"), "{why}");
        assert_eq!(server.count("", ""), 1, "by the first answer, which was good");
    }
}

#[tokio::test]
async fn g20_a_redirect_inside_or_to_somebody_else_is_not_followed() {
    let inside = Inside::at("127.0.0.2").await;
    for to in [
        format!("http://{}/", inside.address()),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[::ffff:169.254.169.254]/".to_owned(),
        "https://10.0.0.1/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "http://ann:x@127.0.0.1/".to_owned(),
    ] {
        let fake = FakeCalDav::start(Dialect::Nextcloud).await;
        fake.kit().once("PROPFIND", "/.well-known", Misdeed::Redirect { to: to.clone() });
        assert_eq!(field(&caldav().enter(&fake.typed()).await), Some("server"), "{to}");
    }
    inside.assert_untouched().await;
}

#[tokio::test]
async fn redirects_end() {
    let fake = FakeCalDav::start(Dialect::Nextcloud).await;
    let to = "/.well-known/caldav".to_owned();
    let misdeed = Misdeed::Redirect { to };
    fake.kit().trap(crate::testing::calendar::Trap { method: "PROPFIND", path: String::new(), times: 100, misdeed });
    assert_eq!(field(&caldav().enter(&fake.typed()).await), Some("server"));
    assert_eq!(fake.kit().count("PROPFIND", ""), 4);
}
