//! Sign-in with Google.

use super::{Secret, calendars, settings as s, sources::Given};

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
    let client = calendars::client(given, (s::GOOGLE_CLIENT_ID, s::GOOGLE_CLIENT_SECRET))?;
    Some(Google { client_id: client.id, client_secret: client.secret, issuer: ISSUER.to_owned() })
}
