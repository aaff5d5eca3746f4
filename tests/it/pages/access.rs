//! Who may come in.

use deskbell::{
    domain::{account::Role, ids::BusinessId},
    testing::salon,
};
use uuid::Uuid;

use crate::support::server::TestServer;

#[tokio::test]
async fn a_member_sees_their_business_and_nobody_elses() {
    let server = TestServer::start().await;
    let ours = salon().id;
    let theirs = server.another_business().await;
    let nobodys = BusinessId(Uuid::from_u128(0xbeef));
    let page = format!("/b/{ours}");
    let owner = server.signed_in(&[(ours, Role::Owner)]).await;
    let seen = owner.get(&page).await;
    assert_eq!(seen.status, 200);
    assert!(seen.text.contains("Willow and Sage Salon"), "{}", seen.text);
    assert_eq!(seen.headers["cache-control"], "no-store");

    let stranger = server.stranger().get(&page).await;
    assert_eq!((stranger.status.as_u16(), stranger.location()), (303, format!("/sign-in?next=%2Fb%2F{ours}").as_str()));
    let outsider = server.signed_in(&[(theirs, Role::Owner)]).await.get(&page).await;
    assert_eq!(outsider.status, 404);
    let missing = owner.get(&format!("/b/{theirs}")).await;
    assert_eq!(
        (missing.status.as_u16(), missing.text),
        (404, outsider.text),
        "a foreign one looks like one that is not"
    );
    server.stop().await;
}
