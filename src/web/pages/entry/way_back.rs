//! Where signing in leads: back to the page that somebody wanted, if it is one of ours.

/// The longest address that is followed, in bytes.
const LONGEST: usize = 2_000;

/// A path of ours, or nothing. "//evil.example" and "/\evil.example" lead elsewhere, and a browser leaves out tabs and line
/// breaks before it looks (WHATWG URL, 4.4), so only what can be seen may stand in it.
pub(in crate::web) fn local(next: &str) -> Option<&str> {
    let path = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic());
    // Signing in leads nowhere near signing in.
    let entry = ["/sign-in", "/sign-out", "/setup/", "/reset/", "/forgotten"].iter().any(|door| next.starts_with(door));
    (path && plain && !entry && next.len() <= LONGEST).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn only_a_path_of_ours_is_followed() {
        for next in ["/", "/b/x/calls?q=%2F%2Fevil.example", "/b/x#top"] {
            assert_eq!(local(next), Some(next));
        }
        for next in [
            "",
            "b",
            "//evil.example",
            "/\\evil.example",
            "/b\\..\\evil",
            "https://evil.example",
            "javascript:alert(1)",
            "\t//evil.example",
            "/\t/evil.example",
            "/b\r\nset-cookie: a=b",
            " /b",
            "/ä",
            "/sign-in?next=/b",
            "/sign-out",
        ] {
            assert_eq!(local(next), None, "{next:?}");
        }
        assert_eq!(local(&format!("/{}", "a".repeat(LONGEST_PATH))), None);
    }

    const LONGEST_PATH: usize = 2_000;
}
