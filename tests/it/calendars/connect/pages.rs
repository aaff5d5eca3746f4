//! What an owner sees of connected calendars: choosing, which one decides, how it goes, trying it, and leaving.

use deskbell::{
    domain::{
        account::Role,
        connection::{ConnectionState, Why},
        ids::{PlacementId, WishId},
    },
    ports::{calendar::Interval, clock::Clock as _},
    store::following::{NewWish, WishKind},
    testing::{
        calendar::paper::{Ails, account},
        salon,
    },
};
use jiff::{SignedDuration, Timestamp};

use super::rig::{Rig, ann, at, path};
use crate::support::form::{form, pairs, with};

#[tokio::test]
async fn from_nothing_to_a_calendar_that_decides() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let integrations = at("/settings/integrations");
    let empty = owner.get(&integrations).await.text;
    assert!(
        empty.contains("Connect a calendar") && empty.contains("Connect<span") && !empty.contains(">Connected<"),
        "{empty}"
    );
    let start = owner.get(&at("/settings/start/calendar")).await.text;
    assert!(start.contains(&at("/connect/paper_one")) && !start.contains(&at("/connect/paper_closed")), "{start}");

    let page = owner.connects(&rig, &ann()).await;
    let asked = owner.get(&page).await.text;
    assert!(
        asked.contains("ann@example.com") && asked.contains("Holidays") && asked.contains("Save and begin"),
        "{asked}"
    );
    let typed = form(&asked, &page);
    let of = |name: &str| {
        typed.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(
        (of("blocks"), of("receives"), of("written"), of("use")),
        (vec!["ann@example.com"], vec!["ann@example.com"], vec!["ann@example.com"], vec!["on"])
    );
    assert!(
        !asked.contains("value=\"holidays\" type=\"radio\"") && !asked.contains("name=\"receives\" value=\"holidays\"")
    );
    let today = owner.get(&at("")).await.text;
    assert!(today.contains("Say what is used of Paper One"), "{today}");

    let home = owner.post(&page, &pairs(&typed)).await;
    assert_eq!((home.status.as_u16(), home.location()), (303, page.as_str()));
    let business = rig.business().await;
    assert_eq!(
        serde_json::to_value(&business.ai_config.integrations).unwrap(),
        serde_json::json!({"provider": "paper_one", "providers": {"paper_one": {
            "enabled": true, "check_availability": true, "create_events": true, "default_duration_minutes": 60}}})
    );
    let shown = owner.get(&page).await.text;
    assert!(shown.contains(">Works<") && shown.contains("Ask for next Tuesday"), "{shown}");
    // Nobody has looked yet for appointments that it has missed.
    let behind = "Appointments that it missed are being written into it";
    assert!(shown.contains(behind), "{shown}");
    assert!(rig.server.state.store.catch_up_more(rig.server.clock.now()).await.unwrap());
    assert!(!owner.get(&page).await.text.contains(behind));
    let listed = owner.get(&integrations).await.text;
    assert!(
        listed.contains("Busy in 1 calendar there is busy here.") && listed.contains("Appointments are written there."),
        "{listed}"
    );

    // Nothing else was typed, so nothing else is saved.
    let version = rig.connections(salon().id).await[0].version;
    assert_eq!(owner.post(&page, &pairs(&form(&shown, &page))).await.status, 303);
    assert_eq!(rig.connections(salon().id).await[0].version, version);
    rig.server.stop().await;
}

/// The name of the select with this label.
fn select(page: &str, label: &str) -> String {
    let (before, _) = page.split_once(&format!("\">{label}")).unwrap_or_else(|| panic!("no {label}: {page}"));
    before.rsplit_once("for=\"").unwrap().1.to_owned()
}

/// From the form to what is said of it: "Family" is James's, who has a calendar of his own.
#[tokio::test]
async fn the_calendars_of_one_account_are_given_to_members() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let page = owner.connects(&rig, &ann()).await;
    let asked = owner.get(&page).await.text;
    assert!(asked.contains("who is busy here?") && !asked.contains("<details class=\"more\" open"), "{asked}");
    let (family, james) = (select(&asked, "Family"), salon().staff[1].clone());
    let to_james = format!("written_{}", james.id);
    let own = with(with(form(&asked, &page), &family, &james.id.to_string()), &to_james, "spare");
    // What is wrong is said beside its field, and nothing is saved.
    for (field, value, told) in [
        (&*to_james, "holidays", "may not write into this one"),
        (&*to_james, "elsewhere", "This calendar is not there any more"),
        (&*family, "nobody", "They are not there any more"),
    ] {
        let refused = owner.post(&page, &pairs(&with(own.clone(), field, value))).await;
        assert_eq!(refused.status, 422);
        let (_, beside) = refused.text.split_once(&format!("id=\"{field}-wrong\">")).expect(field);
        assert!(beside.starts_with(told) || beside[..80].contains(told), "{beside}");
        assert!(refused.text.contains("<details class=\"more\" open"), "what was typed is in sight");
    }
    assert!(rig.connections(salon().id).await[0].choice.members.is_empty());
    assert_eq!(owner.post(&page, &pairs(&own)).await.status, 303);
    let saved = rig.connections(salon().id).await.remove(0);
    assert_eq!((saved.staff, saved.choice.members.len()), (None, 1));
    assert_eq!(saved.receives(james.id).unwrap().as_str(), "spare");
    assert_eq!(saved.receives(salon().staff[0].id).unwrap().as_str(), "ann@example.com");
    let listed = owner.get(&at("/settings/integrations")).await.text;
    assert!(listed.contains(&format!("others that keep only {} busy", james.name)), "{listed}");
    assert!(listed.contains(&format!("those with {} into calendars of their own", james.name)), "{listed}");

    let shown = owner.get(&page).await.text;
    assert!(shown.contains("<details class=\"more\" open"), "{shown}");
    let version = saved.version;
    assert_eq!(owner.post(&page, &pairs(&form(&shown, &page))).await.status, 303);
    assert_eq!(rig.connections(salon().id).await[0].version, version, "nothing else was typed");
    let at_noon: Timestamp = "2026-12-01T17:00:00Z".parse().unwrap();
    rig.paper.diary.is_busy(at_noon, "2026-12-01T18:30:00Z".parse().unwrap());
    let tried = owner.get(&format!("{page}/try")).await.text;
    assert!(tried.contains(&format!("for <b>{}</b>:", james.name)), "{tried}");

    // A calendar of his that is gone over there is lost; somebody's own account has no parts.
    rig.paper.diary.loses("spare");
    let lost = owner.get(&page).await.text;
    assert!(lost.contains("Something that was chosen is not there any more"), "{lost}");
    let refused = owner
        .post(
            &page,
            &pairs(
                &own.iter()
                    .map(|(name, value)| match name.as_str() {
                        "base" => (
                            name.clone(),
                            form(&lost, &page).iter().find(|(name, _)| name == "base").unwrap().1.clone(),
                        ),
                        _ => (name.clone(), value.clone()),
                    })
                    .collect::<Vec<_>>(),
            ),
        )
        .await;
    assert!(refused.status == 422 && refused.text.contains("One of these calendars is not there any more"));
    let his = with(with(form(&lost, &page), "staff", &james.id.to_string()), "receives", "ann@example.com");
    assert_eq!(owner.post(&page, &pairs(&his)).await.status, 303);
    let saved = rig.connections(salon().id).await.remove(0);
    assert_eq!((saved.staff, saved.choice.members.len()), (Some(james.id), 0));
    rig.server.stop().await;
}

#[tokio::test]
async fn two_owners_who_choose_at_once_see_each_other() {
    let rig = Rig::start().await;
    let (maria, james) = (rig.owner().await, rig.owner().await);
    let page = maria.connects(&rig, &ann()).await;
    let typed = form(&maria.get(&page).await.text, &page);
    assert_eq!(maria.post(&page, &pairs(&typed)).await.status, 303);
    let seen = form(&james.get(&page).await.text, &page);
    let mut more = form(&maria.get(&page).await.text, &page);
    more.push((select(&maria.get(&page).await.text, "Holidays"), "all".to_owned()));
    assert_eq!(maria.post(&page, &pairs(&more)).await.status, 303);
    let told = james.post(&page, &pairs(&with(seen, "written", "spare"))).await;
    assert_eq!(told.status, 409, "{}", told.text);
    assert!(told.text.contains("Somebody else saved this"), "{}", told.text);
    assert!(told.text.contains("Saved now: <b>Everybody</b>") && told.text.contains("Saved now: <b>Ann</b>"));
    // On top of that it is saved.
    let again = form(&told.text, &page);
    assert_eq!(james.post(&page, &pairs(&again)).await.status, 303);
    assert_eq!(rig.connections(salon().id).await[0].choice.receives.as_ref().unwrap().as_str(), "spare");

    // The same for which calendar decides.
    let integrations = at("/settings/integrations");
    let (one, two) = (maria.get(&integrations).await.text, james.get(&integrations).await.text);
    let (one, two) = (form(&one, &integrations), form(&two, &integrations));
    let untold = one.iter().filter(|(name, _)| name != "create_paper_one").cloned().collect::<Vec<_>>();
    assert_eq!(maria.post(&integrations, &pairs(&untold)).await.status, 303);
    let told = james.post(&integrations, &pairs(&with(two, "provider", "native"))).await;
    assert!(told.status == 409 && told.text.contains("Somebody else saved this"), "{}", told.text);
    let business = rig.business().await;
    assert!(!business.ai_config.integrations.providers["paper_one"].create_events);
    assert_eq!(business.ai_config.integrations.provider, "paper_one");
    // The kill switch is in nobody's way.
    let page = maria.get(&integrations).await.text;
    let kill = form(&page, &format!("{integrations}/native"));
    assert_eq!(maria.post(&format!("{integrations}/native"), &pairs(&kill)).await.status, 303);
    assert_eq!(rig.business().await.ai_config.integrations.provider, "native");
    rig.server.stop().await;
}

#[tokio::test]
async fn several_accounts_of_one_vendor_and_one_of_somebody_of_the_staff() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let first = owner.connects(&rig, &ann()).await;
    let member = salon().staff[0].clone();
    rig.server.clock.advance(SignedDuration::from_secs(1));
    let away = owner.get(&at(&format!("/connect/paper_one?staff={}", member.id))).await.location().to_owned();
    let home = owner.comes_back(&path(&rig.paper.one.agrees(&away, &account("subject-2", "ben@example.com")))).await;
    assert_eq!(home.status, 303);
    assert_ne!(home.location(), first);
    let all = rig.connections(salon().id).await;
    assert_eq!(all.iter().map(|one| one.staff).collect::<Vec<_>>(), [None, Some(member.id)]);
    let page = owner.get(&at("/settings/integrations")).await.text;
    assert!(page.contains("ben@example.com") && page.contains(&member.name) && page.contains("2 connected"), "{page}");
    // The same account again is the same connection.
    owner.connects(&rig, &ann()).await;
    assert_eq!(rig.connections(salon().id).await.len(), 2);
    for wrong in ["staff=nobody", "renews=nothing", &format!("staff={}", all[0].id), &format!("renews={}", member.id)] {
        assert_eq!(owner.get(&at(&format!("/connect/paper_one?{wrong}"))).await.status, 404, "{wrong}");
    }
    rig.server.stop().await;
}

#[tokio::test]
async fn a_scheduler_is_asked_what_stands_for_which_service() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let away = owner.sets_out("paper_two").await;
    let home = owner.comes_back(&path(&rig.paper.two.agrees(&away, &ann()))).await;
    let page = home.location().to_owned();
    let asked = owner.get(&page).await.text;
    assert!(
        asked.contains("What stands for each of your services") && asked.contains("Everything, 240 min"),
        "{asked}"
    );
    let haircut = salon().services.iter().find(|service| service.name == "Haircut").unwrap().id;
    let typed = form(&asked, &page);
    let field = format!("kind_{haircut}");
    assert!(typed.contains(&(field.clone(), "short".to_owned())), "by its name: {typed:?}");
    let nothing = typed
        .iter()
        .map(|(name, value)| (name.clone(), if name.starts_with("kind_") { String::new() } else { value.clone() }));
    let refused = owner.post(&page, &pairs(&nothing.collect::<Vec<_>>())).await;
    assert!(refused.status == 422 && refused.text.contains("at least one of your services"), "{}", refused.text);
    assert_eq!(owner.post(&page, &pairs(&typed)).await.status, 303);
    assert_eq!(rig.connections(salon().id).await[0].choice.kinds[&haircut].as_str(), "short");
    let listed = owner.get(&at("/settings/integrations")).await.text;
    assert!(listed.contains("It decides about Haircut"), "{listed}");
    rig.server.stop().await;
}

#[tokio::test]
async fn trying_it_shows_what_it_says_and_what_would_be_offered() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let page = owner.connects(&rig, &ann()).await;
    let waiting = owner.get(&format!("{page}/try")).await.text;
    assert!(waiting.contains("It is not asked at the moment"), "{waiting}");
    owner.post(&page, &pairs(&form(&owner.get(&page).await.text, &page))).await;
    let at_noon: Timestamp = "2026-12-01T17:00:00Z".parse().unwrap();
    rig.paper.diary.is_busy(at_noon, "2026-12-01T18:30:00Z".parse().unwrap());
    let tried = owner.get(&format!("{page}/try")).await.text;
    assert!(tried.contains("Tue, Dec 1") && tried.contains("12:00 pm to 1:30 pm"), "{tried}");
    assert!(tried.contains("It took ") && tried.contains("9:00 am"), "{tried}");
    let other = owner.get(&format!("{page}/try?on=2026-12-02")).await.text;
    assert!(other.contains("Nothing is busy on"), "{other}");
    for odd in ["on=9999-12-31", "on=x", "on=2020-01-01", "service=x", "on=%00"] {
        assert_eq!(owner.get(&format!("{page}/try?{odd}")).await.status, 200, "{odd}");
    }
    rig.paper.diary.ails(Some(Ails::Down));
    let down = owner.get(&format!("{page}/try")).await;
    assert!(down.status == 200 && down.text.contains("does not answer at the moment"), "{}", down.text);
    assert!(down.text.contains("because Paper One did not answer"), "{}", down.text);
    let unlisted = owner.get(&page).await;
    assert!(unlisted.status == 200 && unlisted.text.contains("What was chosen stays as it is."), "{}", unlisted.text);
    let refused = owner.post(&page, &[("base", "x"), ("blocks", "spare")]).await;
    assert!(refused.text.contains("Not saved."), "{}", refused.text);
    rig.server.stop().await;
}

/// J15 and G2: the owner takes access back over there.
#[tokio::test]
async fn j15_access_that_was_taken_back_is_told_once_and_put_right() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let page = owner.connects(&rig, &ann()).await;
    owner.post(&page, &pairs(&form(&owner.get(&page).await.text, &page))).await;
    rig.paper.diary.ails(Some(Ails::Revoked));
    owner.get(&format!("{page}/try")).await;
    let all = rig.connections(salon().id).await;
    assert!(matches!(all[0].state, ConnectionState::Reconnect { why: Why::Revoked, .. }), "{:?}", all[0].state);
    let asked = rig.paper.diary.asked.times();
    let shown = owner.get(&page).await.text;
    assert!(shown.contains("does not let Deskbell in any more") && shown.contains("Connect again"), "{shown}");
    assert_eq!(rig.paper.diary.asked.times(), asked, "it is not asked again");
    let today = owner.get(&at("")).await.text;
    assert_eq!(today.matches("Connect Paper One again").count(), 1, "{today}");
    let staff = rig.server.signed_in(&[(salon().id, Role::Staff)]).await;
    assert!(!staff.get(&at("")).await.text.contains("Connect Paper One again"), "they can do nothing about it");

    // As somebody else than before, nothing is changed.
    rig.paper.diary.ails(None);
    let again = at(&format!("/connect/paper_one?renews={}", all[0].id));
    assert!(shown.contains(&format!("href=\"{again}\"")), "{shown}");
    let away = owner.get(&again).await.location().to_owned();
    let told = owner.comes_back(&path(&rig.paper.one.agrees(&away, &account("subject-9", "eve@example.com")))).await;
    assert!(told.status == 409 && told.text.contains("another account") && told.text.contains(&again), "{}", told.text);
    assert_eq!((rig.connections(salon().id).await.len(), rig.paper.one.revoked().len()), (1, 1));
    let away = owner.get(&again).await.location().to_owned();
    let home = owner.comes_back(&path(&rig.paper.one.agrees(&away, &ann()))).await;
    assert_eq!((home.status.as_u16(), home.location()), (303, page.as_str()));
    let renewed = &rig.connections(salon().id).await[0];
    assert!(renewed.is_active() && renewed.choice == all[0].choice, "as it was chosen");
    assert!(!owner.get(&at("")).await.text.contains("Connect Paper One again"));
    rig.server.stop().await;
}

#[tokio::test]
async fn a_calendar_that_is_gone_is_chosen_anew() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let page = owner.connects(&rig, &ann()).await;
    owner.post(&page, &pairs(&form(&owner.get(&page).await.text, &page))).await;
    rig.paper.diary.loses("ann@example.com");
    let connection = rig.connections(salon().id).await.remove(0);
    let now = rig.server.clock.now();
    rig.server.state.store.mark_reconnect(&connection, Why::CalendarGone, now).await.unwrap();
    let shown = owner.get(&page).await.text;
    assert!(shown.contains("Choose again") && shown.contains("is not there any more"), "{shown}");
    let typed = form(&shown, &page);
    assert!(!typed.iter().any(|(_, value)| value == "ann@example.com"), "{typed:?}");
    let typed = with(with(typed, "written", "spare"), &select(&shown, "Family"), "all");
    assert_eq!(owner.post(&page, &pairs(&typed)).await.status, 303);
    assert!(rig.connections(salon().id).await[0].is_active());
    rig.server.stop().await;
}

#[tokio::test]
async fn leaving_is_asked_about_and_gives_the_access_back() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let page = owner.connects(&rig, &ann()).await;
    owner.post(&page, &pairs(&form(&owner.get(&page).await.text, &page))).await;
    let booking = rig.server.booked(&salon(), "Anna Kovacs", "+14155552671", None).await;
    let asked = owner.get(&format!("{page}/disconnect")).await.text;
    assert!(asked.contains("Every appointment stays") && asked.contains("own calendar decides alone"), "{asked}");
    let home = owner.post(&format!("{page}/disconnect"), &[]).await;
    assert_eq!((home.status.as_u16(), home.location()), (303, at("/settings/integrations").as_str()));
    assert!(rig.connections(salon().id).await.is_empty());
    let revoked = rig.paper.one.revoked();
    assert!(revoked.len() == 1 && revoked[0].contains("-refresh-"), "{revoked:?}");
    assert_eq!(rig.business().await.ai_config.integrations.provider, "native");
    assert!(rig.server.state.store.booking(salon().id, booking.id).await.unwrap().is_some());
    assert_eq!(owner.get(&page).await.status, 404);
    assert_eq!(owner.post(&format!("{page}/disconnect"), &[]).await.status, 404);
    rig.server.stop().await;
}

#[tokio::test]
async fn what_was_done_in_the_own_calendar_can_be_taken_back_on_the_first_page() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let page = owner.connects(&rig, &ann()).await;
    owner.post(&page, &pairs(&form(&owner.get(&page).await.text, &page))).await;
    let booking = rig.server.booked(&salon(), "Anna Kovacs", "+14155552671", None).await;
    let now = rig.server.clock.now();
    let to = Interval {
        from: booking.slot.starts + SignedDuration::from_hours(1),
        to: booking.slot.ends + SignedDuration::from_hours(1),
    };
    let wish = NewWish {
        id: WishId(rig.server.clock.new_id()),
        business: salon().id,
        connection: rig.connections(salon().id).await[0].id,
        placement: PlacementId(rig.server.clock.new_id()),
        booking: booking.id,
        kind: WishKind::Move(to),
        was: Interval { from: booking.slot.starts, to: booking.slot.ends },
        due: now + SignedDuration::from_mins(5),
        now,
    };
    rig.server.state.store.wish(&wish).await.unwrap();
    let today = owner.get(&at("")).await.text;
    assert!(today.contains("Anna Kovacs will be moved to") && today.contains("it was moved in Paper One"), "{today}");
    let undo = at(&format!("/wishes/{}/undo", wish.id));
    assert!(today.contains(&format!("action=\"{undo}\"")), "{today}");
    assert_eq!(owner.post(&undo, &[]).await.status, 303);
    assert!(!owner.get(&at("")).await.text.contains("Anna Kovacs will be moved to"));
    assert!(rig.deeds().await.iter().any(|deed| deed.deed == "booking.kept"));
    assert_eq!(owner.post(&undo, &[]).await.status, 303, "once more is only too late");
    assert_eq!(rig.deeds().await.iter().filter(|deed| deed.deed == "booking.kept").count(), 1);
    assert_eq!(owner.post(&at(&format!("/wishes/{}/undo", salon().id)), &[]).await.status, 404);
    rig.server.stop().await;
}

#[tokio::test]
async fn an_appointment_that_may_not_fit_is_settled_on_its_page() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let booking = rig.server.booked(&salon(), "Anna Kovacs", "+14155552671", None).await;
    let page = at(&format!("/bookings/{}", booking.id));
    let vouch = format!("action=\"{page}/vouch\"");
    assert!(!owner.get(&page).await.text.contains(&vouch));
    assert!(rig.server.state.store.collides(salon().id, booking.id, rig.server.clock.now()).await.unwrap());
    assert!(owner.get(&at("")).await.text.contains("Two at once: Anna Kovacs"));
    let shown = owner.get(&page).await.text;
    assert!(shown.contains("has something else at this time") && shown.contains(&vouch), "{shown}");
    for _ in 0..2 {
        let kept = owner.post(&format!("{page}/vouch"), &[]).await;
        assert_eq!((kept.status.as_u16(), kept.location()), (303, page.as_str()));
    }
    assert!(!rig.server.state.store.booking(salon().id, booking.id).await.unwrap().unwrap().unverified);
    assert!(!owner.get(&at("")).await.text.contains("Two at once"));
    assert!(!owner.get(&page).await.text.contains(&vouch));
    assert_eq!(rig.deeds().await.iter().filter(|deed| deed.deed == "booking.vouched").count(), 1);
    assert_eq!(owner.post(&format!("{page}/place"), &[]).await.status, 303, "nothing was lost, and it says so");
    rig.server.stop().await;
}
