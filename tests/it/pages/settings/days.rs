//! Closed days, other hours, public holidays.

use deskbell::{domain::account::Role, testing::salon};
use jiff::civil::date;

use super::{at, deeds, form, pairs, saved, with};
use crate::support::server::TestServer;

#[tokio::test]
async fn a_day_off_of_one_person_is_added_changed_and_found_gone() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = at("/hours/exceptions/new");
    let maria = salon().staff[0].id.to_string();
    let mut days = form(&owner.get(&page).await.text, &page);
    for (name, value) in [("from", "2026-12-01"), ("who", &maria), ("reason", "Vacation")] {
        days = with(days, name, value);
    }
    assert_eq!(owner.post(&page, &pairs(&with(days.clone(), "to", "2026-11-30"))).await.status, 422);
    assert_eq!(owner.post(&page, &pairs(&with(days.clone(), "who", "somebody"))).await.status, 422);
    assert_eq!(owner.post(&page, &pairs(&days)).await.status, 303);
    let (business, _) = saved(&server).await;
    let added = business.exceptions.last().unwrap();
    assert_eq!((added.from, added.to, added.staff), (date(2026, 12, 1), date(2026, 12, 1), Some(salon().staff[0].id)));
    assert_eq!(deeds(&server).await[0].detail, "added: first day, last day, who, closed or open, reason");

    let list = owner.get(&at("/hours/exceptions")).await;
    let key = list.text.split("edit?day=").skip(1).find_map(|rest| {
        let (key, rest) = rest.split_once('"')?;
        rest.split("</a>").next()?.contains("1 Dec 2026").then(|| key.to_owned())
    });
    let edit = at("/hours/exceptions/edit");
    let opened = form(&owner.get(&format!("{edit}?day={}", key.unwrap())).await.text, &edit);
    let mut longer = with(with(opened.clone(), "to", "2026-12-04"), "kind", "open");
    longer.extend([("hours.from".into(), "10:00".into()), ("hours.to".into(), "12:00".into())]);
    assert_eq!(owner.post(&edit, &pairs(&longer)).await.status, 303);
    assert_eq!(saved(&server).await.0.exceptions.last().unwrap().hours.len(), 1);
    assert_eq!(deeds(&server).await[0].detail, "last day, closed or open, hours");
    let late = owner.post(&edit, &pairs(&with(opened, "reason", "Fair"))).await;
    assert_eq!(late.status, 409, "it is not the one that was opened any more");
    assert_eq!(saved(&server).await.0.exceptions.len(), salon().exceptions.len() + 1);
    server.stop().await;
}

#[tokio::test]
async fn public_holidays_are_ticked_and_become_closed_days_with_their_names() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = at("/hours/holidays");
    let shown = owner.get(&format!("{page}?country=DE&region=BY")).await;
    assert!(shown.text.contains("Epiphany") && shown.text.contains("closed already"), "{}", shown.text);
    let mut ticked = Vec::new();
    let begin = shown.text.find(&format!("method=\"post\" action=\"{page}\"")).unwrap();
    for (name, value) in form(&shown.text[begin..], &page) {
        if name != "day" || value.starts_with("2027-0") {
            ticked.push((name, value));
        }
    }
    ticked.push(("day".into(), "2027-13-45".into()));
    for _ in 0..2 {
        assert_eq!(owner.post(&page, &pairs(&ticked)).await.status, 303);
    }
    let (business, _) = saved(&server).await;
    let added = &business.exceptions[salon().exceptions.len()..];
    assert!(added.iter().any(|day| day.from == date(2027, 1, 6) && day.reason.as_deref() == Some("Epiphany")));
    assert!(added.iter().all(|day| day.from.year() == 2027 && day.hours.is_empty() && !day.yearly));
    let distinct: std::collections::BTreeSet<_> = added.iter().map(|day| day.from).collect();
    assert_eq!(distinct.len(), added.len(), "sent twice, added once");
    assert_eq!(owner.get(&format!("{page}?country=XX&region=%00")).await.status, 200);
    server.stop().await;
}
