//! Several editors at once.

use std::{collections::BTreeSet, time::Duration};

use deskbell::{domain::account::Role, testing::salon};
use futures_util::future::join_all;
use tokio::time::sleep;

use super::{at, deeds, form, pairs, saved, with};
use crate::support::server::TestServer;

/// Fifty people rename the business at the same time, from the same page. Whoever is overtaken is shown what is saved, and
/// saves again on top of that.
#[tokio::test]
async fn fifty_edits_at_once_on_one_form_and_none_is_lost_silently() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = at("/business");
    let first = form(&owner.get(&page).await.text, &page);
    let (_, before) = saved(&server).await;
    let edit = async |n: usize| {
        let name = format!("Salon {n}");
        let mut typed = with(first.clone(), "name", &name);
        let mut told = 0;
        loop {
            let base = typed.iter().find(|(field, _)| field == "base").unwrap().1.clone();
            let answer = owner.post(&page, &pairs(&typed)).await;
            match answer.status.as_u16() {
                303 => return (base, told),
                409 => {
                    assert!(
                        answer.text.contains("Somebody else saved this")
                            && answer.text.contains("Saved now: <b>Salon ")
                    );
                    let again = form(&answer.text, &page);
                    assert_eq!(
                        again.iter().find(|(field, _)| field == "name").unwrap().1,
                        name,
                        "what was typed is kept"
                    );
                    typed = again;
                    told += 1;
                }
                // Busy: nothing was saved, and the page says so. Who reads that leaves others the time to be served.
                503 => sleep(Duration::from_millis(5)).await,
                other => panic!("{other}: {}", answer.text),
            }
        }
    };
    let edits = join_all((0..50).map(edit)).await;
    let bases: BTreeSet<&str> = edits.iter().map(|(base, _)| base.as_str()).collect();
    assert_eq!(bases.len(), 50, "no two edits were made on top of the same state");
    assert!(edits.iter().map(|(_, told)| told).sum::<usize>() >= 49, "all but one were overtaken at least once");
    let (business, after) = saved(&server).await;
    assert_eq!(after - before, 50, "as many steps as answers of success");
    let last = form(&owner.get(&page).await.text, &page);
    let base = &last.iter().find(|(field, _)| field == "base").unwrap().1;
    assert!(!bases.contains(base.as_str()), "what is saved is what was saved last");
    assert!(business.name.starts_with("Salon "), "{}", business.name);
    let written = deeds(&server).await;
    assert_eq!(written.iter().filter(|deed| deed.deed == "settings.business").count(), 50);
    assert!(written.iter().all(|deed| deed.detail == "name"), "the log says which field, not what stood in it");
    server.stop().await;
}

#[tokio::test]
async fn k4_two_editors_of_one_form_and_the_second_sees_what_the_first_saved() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = at("/rules");
    let opened = form(&owner.get(&page).await.text, &page);
    let first = owner.post(&page, &pairs(&with(opened.clone(), "horizon_days", "30"))).await;
    assert_eq!(first.status, 303);
    let second = owner.post(&page, &pairs(&with(opened, "horizon_days", "90"))).await;
    assert_eq!(second.status, 409);
    assert!(second.text.contains("Saved now: <b>30</b>"), "{}", second.text);
    assert!(!second.text.contains("Saved now: <b>15</b>"), "what does not differ is not shown");
    assert_eq!(saved(&server).await.0.rules.horizon_days, 30);
    let again = form(&second.text, &page);
    assert_eq!(owner.post(&page, &pairs(&again)).await.status, 303, "and saving again is a decision");
    assert_eq!(saved(&server).await.0.rules.horizon_days, 90);
    server.stop().await;
}

#[tokio::test]
async fn k4_editors_of_different_forms_do_not_notice_each_other() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let (rules, business) = (at("/rules"), at("/business"));
    let one = form(&owner.get(&rules).await.text, &rules);
    let other = form(&owner.get(&business).await.text, &business);
    let (one, other) = (with(one, "horizon_days", "30"), with(other, "name", "Willow"));
    let (one, other) = (pairs(&one), pairs(&other));
    let (one, other) = tokio::join!(owner.post(&rules, &one), owner.post(&business, &other));
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (303, 303));
    let (saved, _) = saved(&server).await;
    assert_eq!((saved.rules.horizon_days, saved.name.as_str()), (30, "Willow"));
    server.stop().await;
}

#[tokio::test]
async fn k3_a_form_that_is_sent_twice_is_saved_once() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = at("/services/new");
    let filled = with(form(&owner.get(&page).await.text, &page), "name", "Perm");
    let (_, before) = saved(&server).await;
    let typed = pairs(&filled);
    let (one, two) = tokio::join!(owner.post(&page, &typed), owner.post(&page, &typed));
    let third = owner.post(&page, &typed).await;
    assert_eq!([one.status, two.status, third.status].map(|status| status.as_u16()), [303, 303, 303]);
    let (business, after) = saved(&server).await;
    assert_eq!(after - before, 1);
    assert_eq!(business.services.iter().filter(|service| service.name == "Perm").count(), 1);
    assert_eq!(deeds(&server).await.len(), 1);

    let page = at("/hours");
    let week = with(form(&owner.get(&page).await.text, &page), "sunday.all_day", "on");
    for _ in 0..2 {
        assert_eq!(owner.post(&page, &pairs(&week)).await.status, 303);
    }
    assert_eq!(saved(&server).await.1, after + 1);
    server.stop().await;
}
