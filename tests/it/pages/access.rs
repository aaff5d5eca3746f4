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
    for not_theirs in [theirs, nobodys] {
        let refused = owner.get(&format!("/b/{not_theirs}")).await;
        assert_eq!((refused.status.as_u16(), &refused.text), (404, &outsider.text), "foreign looks like missing");
    }
    server.stop().await;
}
