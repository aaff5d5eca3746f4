//! Signing in with somebody else's word for it, and everything that may come back instead.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use deskbell::{
    config::{Google, Secret},
    domain::account::{Role, User},
    domain::ids::{InvitationId, UserId},
    ports::clock::Clock as _,
    store::accounts::{NewInvitation, hash_of},
    testing::{
        identity::{CLIENT, FakeProvider, Misdeed, Person, SECRET},
        salon,
    },
};
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use tower::ServiceExt as _;

use crate::support::{
    owner::Answer,
    server::{ORIGIN, TestServer},
};

async fn started() -> (TestServer, FakeProvider) {
    let provider = FakeProvider::start().await;
    let google = Google { client_id: CLIENT.to_owned(), client_secret: Secret::new(SECRET), issuer: provider.issuer() };
    let server = TestServer::start_set(|config| config.google = Some(google)).await;
    (server, provider)
}

fn maria() -> Person {
    Person {
        subject: "1234567890".to_owned(),
        email: "Maria@example.com".to_owned(),
        email_verified: true,
        name: "Maria Lopez".to_owned(),
    }
}

/// An account with Maria's address and a password that somebody set.
async fn has_an_account(server: &TestServer) -> UserId {
    let id = UserId(server.clock.new_id());
    let user = User { id, email: "maria@example.com".parse().unwrap(), name: "Maria".to_owned() };
    let store = &server.state.store;
    store.add_user(&user, Some("$argon2id$v=19$of-whoever-was-first"), server.clock.now()).await.unwrap();
    store.set_membership(id, salon().id, Role::Owner, server.clock.now()).await.unwrap();
    id
}

/// A browser that keeps its cookies.
#[derive(Clone, Default)]
struct Jar(std::collections::BTreeMap<String, String>);

impl Jar {
    async fn send(&mut self, server: &TestServer, method: Method, path: &str, more: &[(&str, &str)]) -> Answer {
        let cookies: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path).header(header::COOKIE, cookies.join("; "));
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = server.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            self.0.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
        }
        let text = String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    async fn get(&mut self, server: &TestServer, path: &str) -> Answer {
        self.send(server, Method::GET, path, &[]).await
    }

    /// Sets out, and agrees over there: the path that leads back.
    async fn agrees(&mut self, server: &TestServer, provider: &FakeProvider, person: &Person) -> String {
        let away = self.get(server, "/sign-in/google").await;
        assert_eq!(away.status, 303, "{}", away.text);
        let back = provider.agrees(away.location(), person);
        back.strip_prefix(ORIGIN).expect("to us").to_owned()
    }
}

#[tokio::test]
async fn whoever_is_known_gets_in_and_then_by_the_subject_alone() {
    let (server, provider) = started().await;
    let id = has_an_account(&server).await;
    assert!(server.stranger().get("/sign-in").await.text.contains("Sign in with Google"));
    let mut jar = Jar::default();
    let away = jar.get(&server, &format!("/sign-in/google?next=%2Fb%2F{}%2Fteam", salon().id)).await;
    let cookie = away.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-deskbell-way=") && cookie.contains("HttpOnly") && cookie.contains("Secure"));
    let back = provider.agrees(away.location(), &maria());
    let home = jar.get(&server, back.strip_prefix(ORIGIN).unwrap()).await;
    assert_eq!((home.status.as_u16(), home.location()), (303, format!("/b/{}/team", salon().id).as_str()));
    assert_eq!(jar.get(&server, home.location()).await.status, 200);
    let password = server.state.store.password_of(id).await.unwrap();
    assert_eq!(password, None, "whoever set a password before may have been somebody else");

    // The address changes hands; the subject does not.
    let moved = Person { email: "maria@elsewhere.example".to_owned(), ..maria() };
    let mut other = Jar::default();
    let back = other.agrees(&server, &provider, &moved).await;
    assert_eq!(other.get(&server, &back).await.status, 303);
    let thief = Person { subject: "another".to_owned(), ..maria() };
    let mut third = Jar::default();
    let back = third.agrees(&server, &provider, &thief).await;
    let refused = third.get(&server, &back).await;
    assert!(refused.status == 403 && refused.text.contains("You have no account here"), "{}", refused.text);
    server.stop().await;
}

#[tokio::test]
async fn whoever_is_not_known_stays_out_and_an_invitation_lets_them_in() {
    let (server, provider) = started().await;
    let invite = async |id: u8| {
        let new = NewInvitation {
            id: InvitationId(server.clock.new_id()),
            hash: hash_of(&id.to_string()),
            business: salon().id,
            email: "maria@example.com".parse().unwrap(),
            role: Role::Staff,
            expires: server.clock.now() + SignedDuration::from_hours(1),
            now: server.clock.now(),
        };
        let deed = deskbell::store::audit::Deed {
            id: deskbell::domain::ids::DeedId(server.clock.new_id()),
            business: Some(salon().id),
            user: None,
            actor: "An owner".to_owned(),
            deed: "team.invited".to_owned(),
            subject: String::new(),
            detail: String::new(),
            at: server.clock.now(),
        };
        server.state.store.invite(&new, &deed).await.unwrap();
    };
    let mut jar = Jar::default();
    let back = jar.agrees(&server, &provider, &maria()).await;
    assert_eq!(jar.get(&server, &back).await.status, 403, "nobody invited them");
    invite(1).await;
    let unverified = Person { email_verified: false, ..maria() };
    let back = jar.agrees(&server, &provider, &unverified).await;
    assert_eq!(jar.get(&server, &back).await.status, 403, "anybody can claim an address");
    let back = jar.agrees(&server, &provider, &maria()).await;
    let home = jar.get(&server, &back).await;
    assert_eq!((home.status.as_u16(), home.location()), (303, format!("/b/{}", salon().id).as_str()));
    assert_eq!(jar.get(&server, home.location()).await.status, 200);
    let team = server.state.store.team(salon().id).await.unwrap();
    assert_eq!((team.len(), team[0].role, team[0].user.name.as_str()), (1, Role::Staff, "Maria Lopez"));
    server.stop().await;
}

#[tokio::test]
async fn j1_a_state_that_is_missing_unknown_altered_or_too_old_starts_again() {
    let (server, provider) = started().await;
    has_an_account(&server).await;
    let mut jar = Jar::default();
    let back = jar.agrees(&server, &provider, &maria()).await;
    let state = back.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let other = if state.starts_with('A') { 'B' } else { 'A' };
    let altered = back.replace(&state, &format!("{other}{}", &state[1..]));
    for path in [
        back.replace(&format!("state={state}&"), ""),
        back.replace(&state, "unknown"),
        altered,
        "/sign-in/google/back".to_owned(),
    ] {
        let refused = jar.get(&server, &path).await;
        assert!(refused.status == 400 && refused.text.contains("Please start again"), "{path}: {}", refused.status);
    }
    server.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(jar.get(&server, &back).await.status, 400, "ten minutes are over");
    assert_eq!(provider.asked(), 0, "no token was asked for");
    server.stop().await;
}

#[tokio::test]
async fn j2_a_way_back_is_used_once() {
    let (server, provider) = started().await;
    has_an_account(&server).await;
    let mut jar = Jar::default();
    let back = jar.agrees(&server, &provider, &maria()).await;
    let (mut one, mut two) = (jar.clone(), jar.clone());
    let (a, b) = tokio::join!(one.get(&server, &back), two.get(&server, &back));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!((statuses, provider.asked()), ([303, 400], 1));
    assert_eq!(jar.get(&server, &back).await.status, 400);
    server.stop().await;
}

#[tokio::test]
async fn j3_another_browser_does_not_come_back_for_it() {
    let (server, provider) = started().await;
    has_an_account(&server).await;
    let mut attacker = Jar::default();
    let back = attacker.agrees(&server, &provider, &maria()).await;
    assert_eq!(Jar::default().get(&server, &back).await.status, 403, "no cookie");
    let mut victim = Jar::default();
    victim.agrees(&server, &provider, &maria()).await;
    assert_eq!(victim.get(&server, &back).await.status, 403, "the cookie of another way");
    assert_eq!(provider.asked(), 0);
    assert_eq!(attacker.get(&server, &back).await.status, 303, "and it is not used up by them");
    server.stop().await;
}

#[tokio::test]
async fn j5_a_code_of_another_provider_is_not_taken() {
    let (server, provider) = started().await;
    let mut jar = Jar::default();
    let back = jar.agrees(&server, &provider, &maria()).await;
    assert_eq!(jar.get(&server, &back.replace("/google/", "/other/")).await.status, 404);
    assert_eq!(jar.get(&server, "/sign-in/other").await.status, 404);
    assert_eq!(provider.asked(), 0);
    server.stop().await;
}

#[tokio::test]
async fn j6_an_issuer_that_is_wrong_or_stands_twice_is_refused() {
    let (server, provider) = started().await;
    let mut jar = Jar::default();
    let back = jar.agrees(&server, &provider, &maria()).await;
    let (before, after) = back.split_once("iss=").unwrap();
    let after = after.split_once('&').unwrap().1;
    for path in [format!("{before}iss=https%3A%2F%2Fevil.example&{after}"), format!("{back}&iss=x")] {
        assert_eq!(jar.get(&server, &path).await.status, 400, "{path}");
    }
    assert_eq!(provider.asked(), 0);
    server.stop().await;
}

#[tokio::test]
async fn j7_whoever_says_no_over_there_is_told_kindly() {
    let (server, provider) = started().await;
    let mut jar = Jar::default();
    let back = jar.agrees(&server, &provider, &maria()).await;
    let state = back.split("state=").nth(1).unwrap().split('&').next().unwrap();
    let no = format!("/sign-in/google/back?state={state}&error=access_denied");
    let told = jar.get(&server, &no).await;
    assert!(told.status == 200 && told.text.contains("nothing was changed") && told.text.contains("Try again"));
    assert!(!jar.0.contains_key("__Host-deskbell"), "nobody is signed in");
    assert_eq!((jar.get(&server, &no).await.status.as_u16(), provider.asked()), (400, 0));
    server.stop().await;
}

#[tokio::test]
async fn j8_what_others_call_an_error_is_escaped_and_cut() {
    let (server, provider) = started().await;
    for error in ["<script>alert(1)</script>".to_owned(), "x".repeat(10_000)] {
        let mut jar = Jar::default();
        let back = jar.agrees(&server, &provider, &maria()).await;
        let state = back.split("state=").nth(1).unwrap().split('&').next().unwrap();
        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("error", &error)
            .append_pair("error_description", &error)
            .finish();
        let told = jar.get(&server, &format!("/sign-in/google/back?state={state}&{query}")).await;
        assert!(!told.text.contains("<script>alert") && !told.text.contains(&"x".repeat(101)), "{}", told.text);
        assert!(told.text.contains("That did not work"));
    }
    server.stop().await;
}

#[tokio::test]
async fn j9_what_stands_twice_or_contradicts_itself_is_refused() {
    let (server, provider) = started().await;
    let mut jar = Jar::default();
    let back = jar.agrees(&server, &provider, &maria()).await;
    let twice = ["&code=another", "&state=another", "&error=access_denied"];
    for more in twice {
        assert_eq!(jar.get(&server, &format!("{back}{more}")).await.status, 400, "{more}");
    }
    assert_eq!(provider.asked(), 0);
    server.stop().await;
}

#[tokio::test]
async fn j10_a_code_that_is_not_taken_leads_to_another_try() {
    let (server, provider) = started().await;
    let mut jar = Jar::default();
    let back = jar.agrees(&server, &provider, &maria()).await;
    let told = jar.get(&server, &back.replace("code=code-0", "code=used")).await;
    assert!(told.status == 400 && told.text.contains("start again"), "{}", told.text);
    assert_eq!(provider.asked(), 1);
    server.stop().await;
}

#[tokio::test]
async fn j11_an_answer_that_cannot_be_relied_on_lets_nobody_in() {
    let (server, provider) = started().await;
    has_an_account(&server).await;
    for misdeed in Misdeed::ALL {
        let mut jar = Jar::default();
        let back = jar.agrees(&server, &provider, &maria()).await;
        provider.then(misdeed);
        let told = jar.get(&server, &back).await;
        assert!(matches!(told.status.as_u16(), 400 | 502), "{misdeed:?}: {}", told.status);
        assert!(told.text.contains("Try again with Google"), "{misdeed:?}: {}", told.text);
        assert!(!jar.0.contains_key("__Host-deskbell"), "{misdeed:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn j12_a_code_without_its_verifier_is_of_no_use() {
    let (server, provider) = started().await;
    has_an_account(&server).await;
    // An attacker puts a code that was meant for somebody else into a way of their own.
    let (mut theirs, mut own) = (Jar::default(), Jar::default());
    let stolen = theirs.agrees(&server, &provider, &maria()).await;
    let back = own.agrees(&server, &provider, &maria()).await;
    let told = own.get(&server, &back.replace("code=code-1", "code=code-0")).await;
    assert_eq!((told.status.as_u16(), provider.asked()), (400, 1), "{}", told.text);
    assert!(stolen.contains("code=code-0"));
    server.stop().await;
}

#[tokio::test]
async fn j13_what_only_looks_uses_nothing_up() {
    let (server, provider) = started().await;
    has_an_account(&server).await;
    let mut jar = Jar::default();
    let back = jar.agrees(&server, &provider, &maria()).await;
    let looks: [(Method, &[(&str, &str)]); 6] = [
        (Method::HEAD, &[]),
        (Method::POST, &[("origin", ORIGIN), ("sec-fetch-site", "same-origin")]),
        (Method::GET, &[("sec-purpose", "prefetch;prerender")]),
        (Method::GET, &[("purpose", "prefetch")]),
        (Method::GET, &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")]),
        (Method::GET, &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")]),
    ];
    for (method, headers) in looks {
        let told = jar.send(&server, method.clone(), &back, headers).await;
        assert!(matches!(told.status.as_u16(), 400 | 405), "{method} {headers:?}: {}", told.status);
    }
    assert_eq!(provider.asked(), 0);
    let click = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"), ("sec-fetch-site", "cross-site")];
    assert_eq!(jar.send(&server, Method::GET, &back, &click).await.status, 303);
    server.stop().await;
}

#[tokio::test]
async fn without_settings_there_is_no_such_way() {
    let server = TestServer::start().await;
    assert_eq!(server.stranger().get("/sign-in/google").await.status, 404);
    assert!(!server.stranger().get("/sign-in").await.text.contains("Google"));
    server.stop().await;
}
