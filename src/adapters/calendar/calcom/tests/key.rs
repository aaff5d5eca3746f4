//! A key that the owner made.

use super::*;
use crate::{
    ports::consent::{KeyDoor as _, KeyError, Typed},
    testing::calendar::Misdeed,
};

fn typed(key: &str) -> Typed {
    Typed { server: String::new(), user: String::new(), key: Secret::new(key) }
}

#[tokio::test]
async fn a_key_opens_the_account_that_it_belongs_to() {
    let World { fake, calcom, access, .. } = world().await;
    assert!(!calcom.form().server && !calcom.form().user);
    let account = calcom.enter(&typed(&format!(" {}\n", access.secret.expose()))).await.unwrap();
    assert_eq!((account.subject, account.label.as_str()), (fake.subject(), "ann@example.com"));
    fake.revoke();
    let refused = calcom.enter(&typed(access.secret.expose())).await;
    assert!(matches!(refused, Err(KeyError::Wrong { field: "key", .. })));
    assert!(matches!(calcom.kinds(&access).await, Err(Trouble::Unauthorized)));
}

#[tokio::test]
async fn what_cannot_be_a_key_is_not_sent() {
    let World { fake, calcom, .. } = world().await;
    for odd in ["", " ", "hunter2", "cal_live_\u{fc}", "cal_live_a b", &format!("cal_{}", "a".repeat(300))] {
        assert!(matches!(calcom.enter(&typed(odd)).await, Err(KeyError::Wrong { field: "key", .. })), "{odd}");
    }
    assert_eq!(fake.kit().count("", ""), 0);
    fake.kit().once("GET", "/v2/me", Misdeed::status(503, ""));
    assert!(matches!(calcom.enter(&typed("cal_x")).await, Err(KeyError::Trouble(Trouble::Unavailable(_)))));
}
