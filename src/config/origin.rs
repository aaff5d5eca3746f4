//! Where the outside world finds us. Signatures are made over it, so it comes from the settings and never from a header.

/// Scheme, host and port that the outside world knows us by, without a trailing slash, such as
/// `https://voice.example.com`. "http" only for the loopback address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// # Errors
    /// Says what is wrong with it, as a sentence for whoever set it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err("must be an origin such as https://voice.example.com".into());
        };
        if rest.contains('@') {
            return Err("must have no user name or password in it: https://voice.example.com".into());
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if !is_authority(authority) {
            return Err("must have a host name after the scheme: https://voice.example.com".into());
        }
        if path == "/" {
            return Err(format!("must have no trailing slash: write {scheme}://{authority}"));
        }
        if !path.is_empty() {
            return Err(format!("must have no path: write {scheme}://{authority}"));
        }
        match scheme {
            "https" => Ok(Self(text.to_owned())),
            "http" if is_loopback(authority) => Ok(Self(text.to_owned())),
            "http" => Err(format!("must be https, since providers insist on https:// and wss://: https://{authority}")),
            _ => Err(format!("must start with https://: https://{authority}")),
        }
    }

    /// The origin of a server on the loopback address, for callers on the same machine.
    pub fn loopback(port: u16) -> Self {
        Self(format!("http://127.0.0.1:{port}"))
    }

    /// `https://voice.example.com`
    pub fn http(&self) -> &str {
        &self.0
    }

    /// `wss://voice.example.com`: the same place for WebSocket connections.
    pub fn ws(&self) -> String {
        // http → ws, https → wss.
        format!("ws{}", self.0.strip_prefix("http").unwrap_or_default())
    }

    /// "voice.example.com"
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, authority)| authority)
    }

    /// Only this machine can reach it.
    pub fn is_loopback(&self) -> bool {
        is_loopback(self.authority())
    }
}

pub(super) fn is_authority(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    !host.is_empty()
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b))
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

pub(super) fn is_loopback(authority: &str) -> bool {
    let host = authority.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map_or(authority, |(host, _)| host);
    matches!(host, "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_as_it_stands() {
        let origin = Origin::parse("https://voice.example.com:8443").unwrap();
        assert_eq!(origin.ws(), "wss://voice.example.com:8443");
        assert_eq!(origin.authority(), "voice.example.com:8443");
        assert!(!origin.is_loopback());
        for local in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080", "http://[::1]"] {
            assert!(Origin::parse(local).unwrap().is_loopback(), "{local}");
        }
    }

    #[test]
    fn m10_an_origin_that_no_provider_could_use_comes_back_with_a_hint() {
        for (text, hint) in [
            ("http://voice.example.com", "must be https"),
            ("https://voice.example.com/", "no trailing slash: write https://voice.example.com"),
            ("https://voice.example.com/bell", "no path: write https://voice.example.com"),
            ("https://voice.example.com?x=1", "no path: write https://voice.example.com"),
            ("wss://voice.example.com", "must start with https://"),
            ("voice.example.com", "must be an origin"),
            ("https://", "must have a host name"),
            ("https://voice.example.com:0", "must have a host name"),
            ("https://voice example.com", "must have a host name"),
        ] {
            let why = Origin::parse(text).unwrap_err();
            assert!(why.contains(hint), "{text}: {why}");
        }
        let why = Origin::parse("https://owner:hunter2@voice.example.com").unwrap_err();
        assert!(!why.contains("hunter2"));
    }
}
