//! Every door of the pages, with the ids of one's own business, of somebody else's, of nobody's, and with garbage: nothing
//! of another business is shown, changed, or so much as admitted to exist.

mod world;

use axum::http::{Method, StatusCode};
use deskbell::{
    domain::account::Role,
    web::pages::{self, Door, Need},
};

use crate::support::{
    owner::{Answer, Browser},
    server::TestServer,
    vendors::Paper,
};
use world::{Ids, World};

/// With vendors on paper, so that there are calendars to connect.
async fn started() -> TestServer {
    TestServer::start_with_vendors(Paper::new().vendors()).await
}

/// What each id of a path is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Ours,
    Theirs,
    Nobodys,
    Garbage,
}

/// The path with its ids filled in. `business` and everything else are chosen apart.
fn filled(world: &World, door: &Door, business: Whose, rest: Whose) -> String {
    let mut path = String::new();
    for piece in door.path.split('/').skip(1) {
        path.push('/');
        let Some(name) = piece.strip_prefix('{').and_then(|piece| piece.strip_suffix('}')) else {
            path.push_str(piece);
            continue;
        };
        let whose = if name == "business" { business } else { rest };
        path.push_str(&match whose {
            Whose::Ours => id(&world.ours, door, name),
            Whose::Theirs => id(&world.theirs, door, name),
            Whose::Nobodys => world::nobodys(name),
            Whose::Garbage => "x%00%27".to_owned(),
        });
    }
    path
}

fn id(ids: &Ids, door: &Door, name: &str) -> String {
    ids.of(door.path, name)
        .unwrap_or_else(|| panic!("{}: which id is {{{name}}}? add it to matrix/world.rs", door.path))
}

/// Whether a path names anything but its business.
fn has_more(door: &Door) -> bool {
    door.path.matches('{').count() > usize::from(door.path.contains("{business}"))
}

/// What belongs to whoever made it, so that even an owner does not find somebody else's.
fn of_one_alone(door: &Door) -> bool {
    door.path.contains("{erasure}")
}

async fn ask(browser: &Browser<'_>, door: &Door, path: &str) -> Answer {
    browser.send(door.method.clone(), path, "").await
}

/// Everything that is wrong, told at once.
struct Wrong(Vec<String>);

impl Wrong {
    fn unless(&mut self, so: bool, door: &Door, what: &str, answer: &Answer) {
        if !so {
            self.0.push(format!("{} {} {what}: {}", door.method, door.path, answer.status));
        }
    }
}

#[tokio::test]
async fn k1_no_door_leads_into_another_business() {
    let server = started().await;
    let world = World::make(&server).await;
    let owner = server.signed_in(&[(world.ours.business, Role::Owner)]).await;
    let before = server.dump().await;
    let mut wrong = Wrong(Vec::new());
    let mut asked = 0;
    for door in pages::doors().iter().filter(|door| matches!(door.need, Need::Staff | Need::Owner)) {
        for (business, rest) in [
            (Whose::Theirs, Whose::Theirs),
            (Whose::Theirs, Whose::Ours),
            (Whose::Nobodys, Whose::Ours),
            (Whose::Garbage, Whose::Ours),
            (Whose::Ours, Whose::Theirs),
            (Whose::Ours, Whose::Nobodys),
            (Whose::Ours, Whose::Garbage),
        ] {
            if business == Whose::Ours && !has_more(door) {
                continue;
            }
            let answer = ask(&owner, door, &filled(&world, door, business, rest)).await;
            asked += 1;
            let what = format!("with business {business:?} and ids {rest:?}");
            wrong.unless(answer.status == StatusCode::NOT_FOUND, door, &what, &answer);
            wrong.unless(!world.leaks(&answer.text), door, &format!("{what} tells of somebody else"), &answer);
        }
    }
    assert!(wrong.0.is_empty(), "{asked} asked\n{}", wrong.0.join("\n"));
    assert_eq!(before, server.dump().await, "something was changed");
    server.stop().await;
}

#[tokio::test]
async fn each_door_opens_for_whom_it_says() {
    let server = started().await;
    let world = World::make(&server).await;
    let ours = world.ours.business;
    let owner = server.signed_in(&[(ours, Role::Owner)]).await;
    let staff = server.signed_in(&[(ours, Role::Staff)]).await;
    let mut wrong = Wrong(Vec::new());
    for door in pages::doors().iter().filter(|door| door.need != Need::Nothing) {
        let path = filled(&world, door, Whose::Ours, Whose::Ours);
        let stranger = ask(&server.stranger(), door, &path).await;
        let sent_away = match door.method {
            Method::GET => stranger.status == 303 && stranger.location().starts_with("/sign-in?next="),
            _ => stranger.status == 401,
        };
        wrong.unless(sent_away, door, "by nobody", &stranger);
        let by_staff = ask(&staff, door, &path).await;
        let refused = by_staff.status == StatusCode::FORBIDDEN;
        wrong.unless(refused == (door.need == Need::Owner), door, "by staff", &by_staff);
        if door.method == Method::GET {
            let by_owner = ask(&owner, door, &path).await;
            let shown = by_owner.status.is_success() || by_owner.status == 303 || of_one_alone(door);
            wrong.unless(shown, door, "by the owner", &by_owner);
            wrong.unless(!world.leaks(&by_owner.text), door, "tells of somebody else", &by_owner);
        }
    }
    assert!(wrong.0.is_empty(), "\n{}", wrong.0.join("\n"));
    server.stop().await;
}

#[tokio::test]
async fn k9_what_changes_something_must_come_from_our_own_page() {
    let server = started().await;
    let world = World::make(&server).await;
    let owner = server.signed_in(&[(world.ours.business, Role::Owner)]).await;
    let before = server.dump().await;
    let mut wrong = Wrong(Vec::new());
    for door in pages::doors().iter().filter(|door| door.method != Method::GET) {
        let path = filled(&world, door, Whose::Ours, Whose::Ours);
        for (origin, site) in [
            (None, None),
            (None, Some("same-origin")),
            (Some("null"), None),
            (Some("https://evil.example"), None),
            (Some("https://evil.example"), Some("same-origin")),
            (Some("https://voice.example.com"), Some("cross-site")),
            (Some("https://voice.example.com"), Some("same-site")),
            (Some("https://voice.example.com.evil.example"), Some("same-site")),
        ] {
            let answer = owner.send_from(door.method.clone(), &path, "", origin, site).await;
            wrong.unless(answer.status == 403, door, &format!("from {origin:?} {site:?}"), &answer);
        }
    }
    assert!(wrong.0.is_empty(), "\n{}", wrong.0.join("\n"));
    assert_eq!(before, server.dump().await, "nothing was changed");
    server.stop().await;
}

#[tokio::test]
async fn looking_changes_nothing() {
    let server = started().await;
    let world = World::make(&server).await;
    let owner = server.signed_in(&[(world.ours.business, Role::Owner)]).await;
    let before = server.dump().await;
    for door in pages::doors().iter().filter(|door| door.method == Method::GET) {
        let path = filled(&world, door, Whose::Ours, Whose::Ours);
        for method in [Method::GET, Method::HEAD] {
            let answer = owner.send(method, &path, "").await;
            assert!(!answer.status.is_server_error(), "{}: {}", door.path, answer.status);
        }
        assert_eq!(before, server.dump().await, "GET {} changed something", door.path);
    }
    server.stop().await;
}

#[tokio::test]
async fn t33_every_page_tells_the_browser_to_be_careful() {
    let server = started().await;
    let world = World::make(&server).await;
    let owner = server.signed_in(&[(world.ours.business, Role::Owner)]).await;
    let mut wrong = Wrong(Vec::new());
    for door in pages::doors().iter().filter(|door| door.method == Method::GET) {
        let answer = ask(&owner, door, &filled(&world, door, Whose::Ours, Whose::Ours)).await;
        let header = |name: &str| answer.headers.get(name).map_or("", |value| value.to_str().unwrap());
        wrong.unless(header("x-content-type-options") == "nosniff", door, "without nosniff", &answer);
        wrong.unless(
            header("strict-transport-security").starts_with("max-age=63072000"),
            door,
            "without HSTS",
            &answer,
        );
        let kept = door.need == Need::Nothing || header("cache-control") == "no-store";
        wrong.unless(kept, door, "may be kept", &answer);
        if !header("content-type").starts_with("text/html") {
            continue;
        }
        let policy = header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ] {
            wrong.unless(policy.contains(rule), door, &format!("without {rule}"), &answer);
        }
        wrong.unless(!policy.contains("unsafe"), door, "with something unsafe", &answer);
        wrong.unless(header("cross-origin-opener-policy") == "same-origin", door, "without COOP", &answer);
        wrong.unless(header("cross-origin-resource-policy") == "same-origin", door, "without CORP", &answer);
        wrong.unless(!header("permissions-policy").is_empty(), door, "without a permissions policy", &answer);
        for inline in [" style=\"", " onclick=", "<style", "javascript:", "<script>"] {
            wrong.unless(!answer.text.contains(inline), door, &format!("has {inline}"), &answer);
        }
    }
    assert!(wrong.0.is_empty(), "\n{}", wrong.0.join("\n"));
    server.stop().await;
}

#[tokio::test]
async fn a_hostile_form_or_query_breaks_no_page() {
    let server = started().await;
    let world = World::make(&server).await;
    let owner = server.signed_in(&[(world.ours.business, Role::Owner)]).await;
    let queries = [
        "?from=9999-12-31&to=0000-00-00&on=2026-02-30&view=x&page=-1&cursor=AAAA&limit=1000000000&q=%00%ff%27%22%3Cscript%3E",
        "?on=-9999-01-01&before=zzz&after=%F0%9F%92%A9&staff=x&service=x&outcome=x&lang=xx&customer=x&month=2026-13",
        "?on=9999-12-31&from=9999-12-31&to=9999-12-31&month=9999-12",
    ];
    let forms = [
        "a=%00&name=%00&base=%ff&version=99999999999999999999&from=25%3A61&to=x&minutes=-1&price=NaN&capacity=1e308"
            .to_owned(),
        format!("name={0}&text={0}&reason={0}&note={0}&email={0}&password={0}", "%3Cb%3E".repeat(3_000)),
        "price=1e308&minutes=99999&staff=x&service=x&starts=x&phone=x&version=-1&colour=red&zone=Mars&country=zz"
            .to_owned(),
    ];
    let mut wrong = Wrong(Vec::new());
    for door in pages::doors() {
        let path = filled(&world, &door, Whose::Ours, Whose::Ours);
        let tries: Vec<(String, &str)> = match door.method {
            Method::GET => queries.iter().map(|query| (format!("{path}{query}"), "")).collect(),
            _ => forms.iter().map(|form| (path.clone(), form.as_str())).collect(),
        };
        for (path, body) in tries {
            let answer = owner.send(door.method.clone(), &path, body).await;
            wrong.unless(!answer.status.is_server_error(), &door, "broke", &answer);
        }
    }
    assert!(wrong.0.is_empty(), "\n{}", wrong.0.join("\n"));
    server.stop().await;
}
