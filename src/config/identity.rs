//! Sign-in with Google.

use super::{Secret, settings as s, sources::Given};

/// What Google knows this server by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Google {
    pub client_id: String,
    pub client_secret: Secret,
    /// Google's; another one only in tests.
    pub issuer: String,
}

/// Who Google's tokens are from, as its discovery document has it.
const ISSUER: &str = "https://accounts.google.com";

/// Both settings or neither.
pub(super) fn google(given: &mut Given) -> Option<Google> {
    let has = |given: &Given, name| given.text(name).is_some();
    match (has(given, s::GOOGLE_CLIENT_ID), has(given, s::GOOGLE_CLIENT_SECRET)) {
        (false, false) => return None,
        (true, false) => given.wrong(
            s::GOOGLE_CLIENT_SECRET,
            format!("is missing, while {} is there: set it, or remove the other", s::GOOGLE_CLIENT_ID),
        ),
        (false, true) => given.wrong(
            s::GOOGLE_CLIENT_ID,
            format!("is missing, while {} is there: set it, or remove the other", s::GOOGLE_CLIENT_SECRET),
        ),
        (true, true) => {}
    }
    let client_id = given.parsed(s::GOOGLE_CLIENT_ID, plain);
    let client_secret = given.parsed(s::GOOGLE_CLIENT_SECRET, plain);
    Some(Google { client_id: client_id?, client_secret: Secret::new(client_secret?), issuer: ISSUER.to_owned() })
}

fn plain(text: &str) -> Result<String, String> {
    let good = (8..=256).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if good { Ok(text.to_owned()) } else { Err("must be as Google's console shows it, without spaces".to_owned()) }
}
