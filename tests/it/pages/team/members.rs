//! Who belongs to a business, and how somebody comes in.

use deskbell::{domain::account::Role, ports::email::EmailError, testing::salon};
use jiff::SignedDuration;

use crate::support::{
    owner::{Answer, Browser},
    server::{ORIGIN, TestServer},
};

fn team() -> String {
    format!("/b/{}/team", salon().id)
}

/// The address in an answer that shows one once.
fn link(answer: &Answer) -> String {
    let from = answer.text.find(&format!("{ORIGIN}/invitation/")).expect("an address") + ORIGIN.len();
    answer.text[from..].split('<').next().unwrap().to_owned()
}

async fn invite(owner: &Browser<'_>, email: &str, role: &str) -> Answer {
    owner.post(&format!("{}/invitations", team()), &[("email", email), ("role", role)]).await
}

#[tokio::test]
async fn somebody_who_is_invited_by_email_joins_with_their_own_account_and_nobody_else_does() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let other = server.signed_in(&[]).await;
    let invited = server.signed_in(&[]).await;
    let address = format!("{}@example.com", invited.user);
    let answer = invite(&owner, &address, "staff").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let link = link(&answer);
    let letters = server.email.sent();
    assert_eq!((letters.len(), letters[0].to.as_str()), (1, address.as_str()));
    assert_eq!(letters[0].link(), format!("{ORIGIN}{link}"));
    assert!(owner.get(&team()).await.text.contains(&address), "it is listed as pending");
    assert!(!owner.get(&team()).await.text.contains(&link), "the address is shown once");

    let theirs = other.get(&link).await;
    assert!(theirs.text.contains("This invitation is for"), "{}", theirs.text);
    other.post(&link, &[]).await;
    assert_eq!(other.get(&format!("/b/{}", salon().id)).await.status, 404, "it is not theirs to accept");

    assert!(server.stranger().get(&link).await.text.contains("Sign in to join"));
    let joined = invited.post(&link, &[]).await;
    assert_eq!((joined.status.as_u16(), joined.location()), (303, format!("/b/{}", salon().id).as_str()));
    assert_eq!(invited.get(&format!("/b/{}", salon().id)).await.status, 200);
    assert_eq!(invited.get(&team()).await.status, 403, "staff do not manage the team");
    assert!(invited.get(&link).await.text.contains("no longer good"));
    let deeds = server.state.store.deeds(salon().id, None, 10).await.unwrap();
    let words: Vec<_> = deeds.iter().map(|deed| deed.deed.as_str()).collect();
    assert_eq!(words, ["team.joined", "team.invited"]);
    assert!(deeds.iter().all(|deed| !deed.detail.contains('@') && !deed.subject.contains('@')));
    server.stop().await;
}

#[tokio::test]
async fn an_invitation_runs_out_is_withdrawn_and_is_replaced() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let invited = server.signed_in(&[]).await;
    let address = format!("{}@example.com", invited.user);
    let first = link(&invite(&owner, &address, "staff").await);
    let second = link(&invite(&owner, &address, "owner").await);
    assert!(invited.get(&first).await.text.contains("no longer good"), "a newer one replaces it");
    let pending = server.state.store.invitations(salon().id).await.unwrap();
    assert_eq!(pending.len(), 1);
    let place = format!("{}/invitations/{}", team(), pending[0].id);
    let third = link(&owner.post(&format!("{place}/again"), &[]).await);
    assert!(invited.get(&second).await.text.contains("no longer good"));
    assert!(invited.get(&third).await.text.contains("as an owner"));
    server.clock.advance(SignedDuration::from_hours(7 * 24));
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    assert!(server.stranger().get(&third).await.text.contains("no longer good"));
    assert!(owner.get(&team()).await.text.contains("Ran out"));
    assert_eq!(owner.post(&format!("{place}/withdraw"), &[]).await.status, 303);
    assert_eq!(owner.post(&format!("{place}/withdraw"), &[]).await.status, 404);
    assert!(server.state.store.invitations(salon().id).await.unwrap().is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_server_that_cannot_send_email_says_so_and_shows_the_link() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    server.email.then(EmailError::Refused(550));
    let refused = invite(&owner, "maria@example.com", "staff").await;
    assert!(refused.text.contains("refuses letters to that address"), "{}", refused.text);
    server.email.unset(true);
    let told = invite(&owner, "maria@example.com", "staff").await;
    assert!(told.text.contains("cannot send e-mail yet") && told.text.contains("/invitation/"), "{}", told.text);
    server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_an_invitation_is_said_beside_the_field() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let answer = invite(&owner, "not an address", "emperor").await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("not an address") && answer.text.contains("id=\"email-wrong\""), "{}", answer.text);
    let member = format!("{}@EXAMPLE.com", owner.user);
    let answer = invite(&owner, &member, "staff").await;
    assert!(answer.status == 422 && answer.text.contains("belongs to the team already"), "{}", answer.text);
    server.stop().await;
}

#[tokio::test]
async fn whoever_is_removed_is_out_at_once_and_the_last_owner_stays() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let staff = server.signed_in(&[(salon().id, Role::Staff)]).await;
    let page = format!("/b/{}", salon().id);
    assert_eq!(staff.get(&page).await.status, 200);
    let alone = owner.post(&format!("{}/{}/remove", team(), owner.user), &[]).await;
    assert_eq!((alone.status.as_u16(), alone.location()), (303, team().as_str()));
    let demoted = owner.post(&format!("{}/{}/role", team(), owner.user), &[("role", "staff")]).await;
    assert_eq!(demoted.location(), team());
    assert_eq!(owner.get(&team()).await.status, 200, "a business is never without an owner");

    owner.post(&format!("{}/{}/role", team(), staff.user), &[("role", "owner")]).await;
    assert_eq!(staff.get(&team()).await.status, 200, "at once, on the session they have");
    staff.post(&format!("{}/{}/remove", team(), owner.user), &[]).await;
    assert_eq!(owner.get(&page).await.status, 404);
    let stranger = server.signed_in(&[]).await.user;
    assert_eq!(staff.post(&format!("{}/{stranger}/remove", team()), &[]).await.status, 404);
    assert_eq!(staff.post(&format!("{}/x/remove", team()), &[]).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn somebody_new_names_themselves_chooses_a_password_and_is_in() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let link = link(&invite(&owner, "ivy@example.com", "staff").await);
    let stranger = server.stranger();
    assert!(stranger.get(&link).await.text.contains("Make the account and join"));
    let new = format!("{link}/new");
    let refused = stranger.post(&new, &[("name", ""), ("password", "short")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("id=\"name-wrong\"") && refused.text.contains("id=\"password-wrong\""));
    assert!(!refused.text.contains("short\""), "a password is never sent back");
    let joined = stranger.post(&new, &[("name", "Ivy Park"), ("password", "violet train car")]).await;
    assert_eq!((joined.status.as_u16(), joined.location()), (303, format!("/b/{}", salon().id).as_str()));
    let secret = joined.headers.get_all("set-cookie").iter().find_map(|cookie| {
        let rest = cookie.to_str().unwrap().strip_prefix("__Host-deskbell=")?;
        Some(rest.split(';').next().unwrap().to_owned())
    });
    let mut ivy = server.stranger();
    ivy.secret = secret.unwrap();
    assert_eq!(ivy.get(joined.location()).await.status, 200);
    let again = stranger.post(&new, &[("name", "Ivy"), ("password", "violet train car")]).await;
    assert_eq!((again.status.as_u16(), again.location()), (303, link.as_str()));
    assert_eq!(server.state.store.team(salon().id).await.unwrap().len(), 2);
    server.stop().await;
}
