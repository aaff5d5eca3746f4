//! Which servers an owner's address may lead to. It is typed by somebody, so it could name our own network: everything
//! but the public internet is refused, at the very addresses that are connected to, so that a name which changes its mind
//! between a look and a connection changes nothing. What stands in our own network on purpose, its operator has named.

use std::{
    error::Error as _,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;
use url::{Host, Origin, Url};

/// Ports below are other services', and no calendar's.
const FREE_PORTS: u16 = 1024;
const HTTPS: u16 = 443;

/// Where requests may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// https to the public internet, and the operator's own servers.
    Internet(Own),
    /// http to this machine, for tests and the sandbox; nothing else.
    ThisMachine,
}

/// Servers that whoever runs this one has named: by http or https, at any port and wherever they are, and each as it was
/// written alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own(Arc<[Origin]>);

impl FromIterator<Url> for Own {
    fn from_iter<T: IntoIterator<Item = Url>>(servers: T) -> Self {
        Self(servers.into_iter().map(|server| server.origin()).collect())
    }
}

impl Own {
    fn has(&self, url: &Url) -> bool {
        self.0.contains(&url.origin())
    }

    /// At whatever port.
    fn has_name(&self, name: &str) -> bool {
        self.0.iter().any(|own| matches!(own, Origin::Tuple(_, Host::Domain(host), _) if host == name))
    }
}

/// Why an address is not one.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(super) enum Refusal {
    #[error("this is not an address")]
    Malformed,
    #[error("the address has to begin with https://")]
    Scheme,
    #[error("no user name and password belong into the address")]
    Credentials,
    #[error("the port is not one of a calendar's server")]
    Port,
    #[error("the address is a number; type the server's name")]
    Number,
    #[error("the address is not on the public internet")]
    Private,
    #[error("the server sends to another one")]
    Elsewhere,
}

/// An address that may be asked, as far as can be seen without looking its name up.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Address(Url);

impl Address {
    pub(super) fn url(&self) -> &Url {
        &self.0
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(super) fn path(&self) -> &str {
        self.0.path()
    }

    /// What a server's `href` means, if we may go there with what opens this one.
    pub(super) fn join(&self, reach: &Reach, href: &str) -> Result<Self, Refusal> {
        let url = self.0.join(href).map_err(|_| Refusal::Malformed)?;
        let there = reach.checked(url)?;
        if self.is_related(&there) { Ok(there) } else { Err(Refusal::Elsewhere) }
    }

    /// As a collection: with a slash at its end.
    pub(super) fn collection(mut self) -> Self {
        if !self.0.path().ends_with('/') {
            let path = format!("{}/", self.0.path());
            self.0.set_path(&path);
        }
        self
    }

    /// Somebody who runs the one runs the other: the same name, a name below it, or a sibling below a domain of one's own
    /// ("p34-caldav.icloud.com" of "caldav.icloud.com").
    pub(super) fn is_related(&self, other: &Self) -> bool {
        let (Some(own), Some(other)) = (self.0.host_str(), other.0.host_str()) else { return false };
        let below = |name: &str, domain: &str| name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
        let sibling = || parent(own).is_some_and(|domain| other == domain || below(other, domain));
        own == other || below(other, own) || sibling()
    }
}

/// The domain that a name stands in, unless it may be everybody's: it has two parts at least, and "co.uk" is none.
fn parent(name: &str) -> Option<&str> {
    let (_, domain) = name.split_once('.')?;
    let (first, top) = domain.split_once('.')?;
    let everybodys = !top.contains('.') && top.len() == 2 && first.len() <= 3;
    let is_number = name.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (!everybodys && !is_number).then_some(domain)
}

impl Reach {
    pub(super) fn address(&self, text: &str) -> Result<Address, Refusal> {
        self.checked(Url::parse(text).map_err(|_| Refusal::Malformed)?)
    }

    pub(super) fn is_https_only(&self) -> bool {
        match self {
            Self::Internet(Own(servers)) => {
                servers.iter().all(|own| matches!(own, Origin::Tuple(scheme, ..) if scheme == "https"))
            }
            Self::ThisMachine => false,
        }
    }

    fn checked(&self, mut url: Url) -> Result<Address, Refusal> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if !matches!(self, Self::Internet(own) if own.has(&url)) {
            self.is_allowed(&url)?;
        }
        url.set_fragment(None);
        Ok(Address(url))
    }

    /// Whether one that nobody has named may be asked.
    fn is_allowed(&self, url: &Url) -> Result<(), Refusal> {
        match (self, url.scheme()) {
            (_, "https") | (Self::ThisMachine, "http") => {}
            _ => return Err(Refusal::Scheme),
        }
        let port = url.port_or_known_default().ok_or(Refusal::Port)?;
        if port != HTTPS && port < FREE_PORTS {
            return Err(Refusal::Port);
        }
        match (self, url.host()) {
            (_, None) => Err(Refusal::Malformed),
            // It may lead inside, but to the one port that was named.
            (Self::Internet(own), Some(Host::Domain(name))) if own.has_name(name) => Err(Refusal::Private),
            (Self::Internet(_), Some(host)) => is_public_server(&host),
            (Self::ThisMachine, Some(Host::Domain(_))) => Ok(()),
            (Self::ThisMachine, Some(Host::Ipv4(ip))) if ip.is_loopback() => Ok(()),
            (Self::ThisMachine, Some(Host::Ipv6(ip))) if ip.is_loopback() => Ok(()),
            (Self::ThisMachine, Some(_)) => Err(Refusal::Private),
        }
    }

    /// Whether this name may be at this number.
    fn allows(&self, name: &str, ip: IpAddr) -> bool {
        match self {
            Self::Internet(own) => is_public(ip) || own.has_name(name),
            Self::ThisMachine => ip.is_loopback(),
        }
    }
}

/// A public server has a name, since its certificate has one.
fn is_public_server(host: &Host<&str>) -> Result<(), Refusal> {
    let number = |ip| Err(if is_public(ip) { Refusal::Number } else { Refusal::Private });
    match host {
        // The URL standard has read "0x7f.1" and "127.1" as what they are by now.
        Host::Ipv4(ip) => number((*ip).into()),
        Host::Ipv6(ip) => number((*ip).into()),
        Host::Domain(name) => {
            // "localhost", "printer", "db.internal": nobody's public server.
            let name = name.trim_end_matches('.');
            let last = name.rsplit('.').next().unwrap_or_default();
            let inside = ["localhost", "local", "internal", "arpa", "home", "lan"].contains(&last);
            if inside || !name.contains('.') { Err(Refusal::Private) } else { Ok(()) }
        }
    }
}

/// Whether an address is somebody's on the public internet, and nothing that a router or a translator leads back inside.
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// IANA's special-purpose registry (RFC 6890 and its successors).
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    // This network, private, loopback, multicast, reserved, broadcast; link-local with the clouds' metadata.
    let inside = matches!((a, b), (0 | 10 | 127 | 224..=255, _) | (169, 254) | (172, 16..=31) | (192, 168));
    // Carrier-grade NAT; benchmarks.
    let shared = matches!((a, b), (100, 64..=127) | (198, 18 | 19));
    // IETF's own; documentation; 6to4's relays; AS112's.
    let special = matches!(
        (a, b, c),
        (192, 0, 0 | 2)
            | (198, 51, 100)
            | (203, 0, 113)
            | (192, 88, 99)
            | (192, 31, 196)
            | (192, 52, 193)
            | (192, 175, 48)
    );
    // One of the clouds has its metadata at an address that looks public (168.63.129.16).
    !inside && !shared && !special && ip != Ipv4Addr::new(168, 63, 129, 16)
}

/// Global unicast, without the parts of it that stand for something else.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    let global = a & 0xe000 == 0x2000;
    // IETF's own with Teredo, ORCHID and benchmarks, documentation; 6to4; documentation again; AS112's.
    let special = matches!(
        (a, b),
        (0x2001, 0x0000..=0x01ff | 0x0db8) | (0x2002, _) | (0x3fff, 0x0000..=0x0fff) | (0x2620, 0x004f)
    );
    // v4-mapped, v4-compatible, NAT64, ULA, link-local, site-local, multicast and loopback are no global unicast.
    global && !special
}

/// Looks names up.
#[async_trait]
pub(super) trait Names: Send + Sync + 'static {
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// As the operating system does it.
pub(super) struct SystemNames;

#[async_trait]
impl Names for SystemNames {
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.map(|at| at.ip()).collect())
    }
}

/// Looks a name up once for each connection and hands over only the addresses that may be connected to. What connects
/// asks nobody else.
#[derive(Clone)]
pub(super) struct Guarded {
    pub(super) reach: Reach,
    pub(super) names: Arc<dyn Names>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let Self { reach, names } = self.clone();
        Box::pin(async move {
            let mut found = names.look_up(name.as_str()).await?;
            let any = !found.is_empty();
            found.retain(|ip| reach.allows(name.as_str(), *ip));
            if any && found.is_empty() {
                return Err(Refusal::Private.into());
            }
            let found: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(found)
        })
    }
}

/// Whether a request failed because of where its server's name led.
pub(super) fn led_astray(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.downcast_ref::<Refusal>().is_some() {
            return true;
        }
        cause = error.source();
    }
    false
}
