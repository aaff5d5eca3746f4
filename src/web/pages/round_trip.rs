//! The way to somebody else's consent page and back: what signing in elsewhere and connecting a calendar have in common.

use axum::http::HeaderMap;

/// Somebody's own click leads here, as far as the browser tells (Fetch Metadata; `Sec-Purpose` of prefetches).
pub(super) fn is_own_click(headers: &HeaderMap) -> bool {
    let is = |name: &str, wanted: &[u8]| headers.get(name).is_none_or(|value| value.as_bytes() == wanted);
    let ahead = ["purpose", "sec-purpose", "x-moz"].iter().any(|name| {
        headers.get(*name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("prefetch"))
    });
    is("sec-fetch-mode", b"navigate") && is("sec-fetch-dest", b"document") && !ahead
}

/// What stands in the address that somebody is sent back to (RFC 6749 §4.1.2, RFC 9207); each at most once.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Brought {
    pub(super) state: Option<String>,
    pub(super) code: Option<String>,
    pub(super) error: Option<String>,
    pub(super) issuer: Option<String>,
}

impl Brought {
    /// Nothing: something stands there twice, or both an answer and an error, or neither.
    pub(super) fn read(query: &str) -> Option<Self> {
        let mut brought = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match name.as_ref() {
                "state" => &mut brought.state,
                "code" => &mut brought.code,
                "error" => &mut brought.error,
                "iss" => &mut brought.issuer,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        (brought.code.is_some() != brought.error.is_some()).then_some(brought)
    }
}

/// As much of what others call an error is shown.
const LONGEST_TOLD: usize = 100;

/// What others call an error, fit to be shown: anybody may have written it.
pub(super) fn told(error: &str) -> String {
    error.chars().filter(|c| !c.is_control()).take(LONGEST_TOLD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_twice_or_contradicts_itself_is_not_read() {
        let good = Brought::read("state=s&code=c&scope=a+b&iss=https%3A%2F%2Fid.example").unwrap();
        assert_eq!((good.state.as_deref(), good.code.as_deref()), (Some("s"), Some("c")));
        assert_eq!(good.issuer.as_deref(), Some("https://id.example"));
        for bad in
            ["", "state=s", "state=s&code=c&code=d", "state=s&state=s&code=c", "code=c&error=e", "code=c&iss=a&iss=a"]
        {
            assert_eq!(Brought::read(bad), None, "{bad}");
        }
        assert_eq!(told(&"x\n".repeat(500)).len(), LONGEST_TOLD);
    }
}
